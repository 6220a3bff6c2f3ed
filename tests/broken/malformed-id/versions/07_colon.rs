use crate::prelude::*;

/// Try colon.
#[migration(revision = "a:b", down_revision = "a@b")]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
