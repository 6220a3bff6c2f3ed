use crate::prelude::*;

/// Create payments.
#[migration(revision = "b00000000007", down_revision = "b00000000006")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_table(
        table("payments")
            .column(column("id", integer()).primary_key())
            .column(column("invoice_id", integer()).not_null()),
    )
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("payments")
}
