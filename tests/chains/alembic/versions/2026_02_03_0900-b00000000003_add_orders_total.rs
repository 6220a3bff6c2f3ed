use crate::prelude::*;

/// Add the total of an order.
#[migration(revision = "b00000000003", down_revision = "b00000000002")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.add_column("orders", column("total", integer()))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_column("orders", "total")
}
