use crate::prelude::*;

/// Try no tables.
#[migration(revision = "r0", elidable)]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
