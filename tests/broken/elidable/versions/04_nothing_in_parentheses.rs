use crate::prelude::*;

/// Try nothing in parentheses.
#[migration(revision = "r4", down_revision = "r3", elidable())]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
