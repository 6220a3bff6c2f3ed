use crate::prelude::*;

/// Try too-long.
#[migration(revision = "0123456789abcdef0123456789abcdef0", down_revision = "")]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
