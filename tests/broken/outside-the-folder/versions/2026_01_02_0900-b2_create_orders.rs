use crate::prelude::*;

/// Create orders.
#[migration(revision = "b2", down_revision = "a1", branch_labels = "orders")]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
