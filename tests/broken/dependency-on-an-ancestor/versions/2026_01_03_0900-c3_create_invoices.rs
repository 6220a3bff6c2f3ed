use crate::prelude::*;

/// Create invoices.
#[migration(revision = "c3", down_revision = "b2", depends_on = ["a1"])]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
