use crate::prelude::*;

/// Try a text.
#[migration(revision = "r1", down_revision = "r0", elidable = "users")]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
