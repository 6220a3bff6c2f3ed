use crate::prelude::*;

/// Create orders.
#[migration(revision = "b2", branch_labels = "main")]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
