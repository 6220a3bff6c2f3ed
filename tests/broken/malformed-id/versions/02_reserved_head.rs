use crate::prelude::*;

/// Try reserved-head.
#[migration(revision = "head", down_revision = "0123456789abcdef0123456789abcdef0")]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
