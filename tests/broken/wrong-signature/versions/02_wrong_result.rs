use crate::prelude::*;

/// Try wrong result.
#[migration(revision = "r2", down_revision = "r1")]
pub fn upgrade(_op: &mut Op) -> bool {
    true
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
