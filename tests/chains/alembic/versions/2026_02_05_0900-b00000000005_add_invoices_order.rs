use crate::prelude::*;

/// Add the order of an invoice.
#[migration(revision = "b00000000005", down_revision = "b00000000004", depends_on = "b00000000002")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.add_column("invoices", column("order_id", integer()))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_column("invoices", "order_id")
}
