use crate::prelude::*;

/// Create orders.
#[migration(revision = "b2", branch_labels = "orders", depends_on = ["users"])]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
