use crate::prelude::*;

/// Try reserved-current.
#[migration(revision = "current", down_revision = "base")]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
