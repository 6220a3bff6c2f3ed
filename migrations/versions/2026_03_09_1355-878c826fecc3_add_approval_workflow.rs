use crate::prelude::*;

const STATUSES: [&str; 4] = ["draft", "submitted", "approved", "rejected"];

/// Add the approval workflow.
///
/// A document is submitted, then approved or rejected. The status is an enum where the database has one: a type on
/// PostgreSQL, `ENUM` on MariaDB, a check on SQLite.
#[migration(revision = "878c826fecc3", down_revision = "d5f94ab9aca7")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_enum("document_status", STATUSES)?;
    op.add_column(
        "documents",
        column("status", enumeration("document_status", STATUSES)).not_null().server_default("draft"),
    )?;
    op.add_column("documents", column("submitted_at", timestamptz()))?;
    op.add_column("documents", column("decided_at", timestamptz()))?;
    op.add_column(
        "documents",
        column("approver_id", bigint()).foreign_key(foreign_key("fk_documents_approver").references("users", ["id"])),
    )?;
    op.add_column("documents", column("rejection_reason", text()))?;
    op.create_index(index("ix_documents_approver_id").on("documents", ["approver_id"]))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.batch_alter_table("documents", |batch| {
        batch.drop_foreign_key("fk_documents_approver");
        batch.drop_index("ix_documents_approver_id");
        batch.drop_column("rejection_reason");
        batch.drop_column("approver_id");
        batch.drop_column("decided_at");
        batch.drop_column("submitted_at");
        batch.drop_column("status");
    })?;
    op.drop_enum("document_status")
}
