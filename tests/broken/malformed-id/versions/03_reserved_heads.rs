use crate::prelude::*;

/// Try reserved-heads.
#[migration(revision = "heads", down_revision = "head")]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
