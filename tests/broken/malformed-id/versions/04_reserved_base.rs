use crate::prelude::*;

/// Try reserved-base.
#[migration(revision = "base", down_revision = "heads")]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
