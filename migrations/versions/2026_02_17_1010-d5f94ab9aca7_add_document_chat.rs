use crate::prelude::*;

/// Add document chat.
///
/// Reviewers talk about a document beside it, and an assistant answers with citations: pages and quotes, as JSON.
#[migration(revision = "d5f94ab9aca7", down_revision = "a1b2c3d4e5f6")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_table(
        table("document_chat_messages")
            .column(column("id", bigint()).primary_key().identity())
            .column(column("document_id", bigint()).not_null())
            .column(column("author_id", bigint()).comment("empty: the assistant, or someone who has left"))
            .column(column("content", text()).not_null())
            .column(column("citations", jsonb()))
            .column(column("created_at", timestamptz()).not_null().server_default(sql("CURRENT_TIMESTAMP")))
            .foreign_key(
                foreign_key("fk_document_chat_messages_document").on(["document_id"]).references("documents", ["id"]),
            )
            .foreign_key(
                foreign_key("fk_document_chat_messages_author")
                    .on(["author_id"])
                    .references("users", ["id"])
                    .on_delete(SetNull),
            ),
    )?;
    op.create_index(index("ix_document_chat_messages_document_id").on("document_chat_messages", ["document_id"]))?;
    op.create_index(index("ix_document_chat_messages_author_id").on("document_chat_messages", ["author_id"]))?;

    op.create_table(
        table("document_chat_participants")
            .column(column("document_id", bigint()).primary_key())
            .column(column("user_id", bigint()).primary_key())
            .column(column("last_read_at", timestamptz()))
            .column(column("joined_at", timestamptz()).not_null().server_default(sql("CURRENT_TIMESTAMP")))
            .foreign_key(
                foreign_key("fk_document_chat_participants_document")
                    .on(["document_id"])
                    .references("documents", ["id"])
                    .on_delete(Cascade),
            )
            .foreign_key(
                foreign_key("fk_document_chat_participants_user")
                    .on(["user_id"])
                    .references("users", ["id"])
                    .on_delete(Cascade),
            ),
    )?;
    op.create_index(index("ix_document_chat_participants_user_id").on("document_chat_participants", ["user_id"]))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("document_chat_participants")?;
    op.drop_table("document_chat_messages")
}
