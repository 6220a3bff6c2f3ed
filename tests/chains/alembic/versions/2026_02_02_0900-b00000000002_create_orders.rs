use crate::prelude::*;

/// Create orders.
#[migration(revision = "b00000000002", down_revision = "b00000000001", branch_labels = "sales")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_table(
        table("orders")
            .column(column("id", integer()).primary_key())
            .column(column("customer_id", integer()).not_null()),
    )
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("orders")
}
