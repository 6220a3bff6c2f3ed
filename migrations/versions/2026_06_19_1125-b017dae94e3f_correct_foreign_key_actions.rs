use crate::prelude::*;

/// Correct foreign key actions.
///
/// Deleting an institution took all its documents along: it is refused now. An approver's account could never be
/// deleted: the decision stays, without the name. A document with a chat could not be deleted: the chat goes with it.
#[migration(revision = "b017dae94e3f", down_revision = "df812a438c53")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.batch_alter_table("documents", |batch| {
        batch.drop_foreign_key("fk_documents_institution");
        batch.create_foreign_key(
            foreign_key("fk_documents_institution")
                .on(["institution_id"])
                .references("institutions", ["id"])
                .on_delete(Restrict),
        );
        batch.drop_foreign_key("fk_documents_approver");
        batch.create_foreign_key(
            foreign_key("fk_documents_approver").on(["approver_id"]).references("users", ["id"]).on_delete(SetNull),
        );
    })?;
    op.batch_alter_table("document_chat_messages", |batch| {
        batch.drop_foreign_key("fk_document_chat_messages_document");
        batch.create_foreign_key(
            foreign_key("fk_document_chat_messages_document")
                .on(["document_id"])
                .references("documents", ["id"])
                .on_delete(Cascade),
        );
    })
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.batch_alter_table("document_chat_messages", |batch| {
        batch.drop_foreign_key("fk_document_chat_messages_document");
        batch.create_foreign_key(
            foreign_key("fk_document_chat_messages_document").on(["document_id"]).references("documents", ["id"]),
        );
    })?;
    op.batch_alter_table("documents", |batch| {
        batch.drop_foreign_key("fk_documents_approver");
        batch.create_foreign_key(foreign_key("fk_documents_approver").on(["approver_id"]).references("users", ["id"]));
        batch.drop_foreign_key("fk_documents_institution");
        batch.create_foreign_key(
            foreign_key("fk_documents_institution")
                .on(["institution_id"])
                .references("institutions", ["id"])
                .on_delete(Cascade),
        );
    })
}
