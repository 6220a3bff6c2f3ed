use crate::prelude::*;

/// Try at.
#[migration(revision = "a@b", down_revision = "current")]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
