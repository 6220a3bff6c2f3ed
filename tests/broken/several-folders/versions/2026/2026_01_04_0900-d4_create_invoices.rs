use crate::prelude::*;

/// Create invoices.
#[migration(revision = "d4", down_revision = "c3")]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
