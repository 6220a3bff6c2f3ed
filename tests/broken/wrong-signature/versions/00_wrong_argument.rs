use crate::prelude::*;

/// Try wrong argument.
#[migration(revision = "r0")]
pub fn upgrade(_op: &Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
