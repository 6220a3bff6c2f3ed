use crate::prelude::*;

/// Try another name.
#[migration(revision = "r4", down_revision = "r3")]
pub fn up(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
