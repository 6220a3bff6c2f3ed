use crate::prelude::*;

/// Add user notes.
///
/// Private notes, on a document or on nothing in particular. They are nobody else's business: they go with the account.
#[migration(revision = "90554bb32e68", down_revision = "b017dae94e3f")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_table(
        table("user_notes")
            .column(column("id", bigint()).primary_key().identity())
            .column(column("user_id", bigint()).not_null())
            .column(column("document_id", bigint()))
            .column(column("body", text()).not_null())
            .column(column("is_pinned", boolean()).not_null().server_default(false))
            .column(column("created_at", timestamptz()).not_null().server_default(sql("CURRENT_TIMESTAMP")))
            .column(column("updated_at", timestamptz()).not_null().server_default(sql("CURRENT_TIMESTAMP")))
            .foreign_key(
                foreign_key("fk_user_notes_user").on(["user_id"]).references("users", ["id"]).on_delete(Cascade),
            )
            .foreign_key(
                foreign_key("fk_user_notes_document")
                    .on(["document_id"])
                    .references("documents", ["id"])
                    .on_delete(Cascade),
            ),
    )?;
    op.create_index(index("ix_user_notes_user_id").on("user_notes", ["user_id"]))?;
    op.create_index(index("ix_user_notes_document_id").on("user_notes", ["document_id"]))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("user_notes")
}
