use crate::prelude::*;

/// Try no argument.
#[migration(revision = "r1", down_revision = "r0")]
pub fn upgrade() -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
