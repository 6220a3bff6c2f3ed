use crate::prelude::*;

/// Try a number.
#[migration(revision = "r2", down_revision = "r1", elidable(users, 3))]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
