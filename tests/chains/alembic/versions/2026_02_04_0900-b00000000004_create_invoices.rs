use crate::prelude::*;

/// Create invoices.
#[migration(revision = "b00000000004", down_revision = "b00000000001", branch_labels = "billing")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_table(
        table("invoices")
            .column(column("id", integer()).primary_key())
            .column(column("amount", integer()).not_null()),
    )
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("invoices")
}
