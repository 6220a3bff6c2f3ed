use crate::prelude::*;

/// Create invoices.
#[migration(revision = "c3", down_revision = "a1", branch_labels = ["invoices"], depends_on = "orders")]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
