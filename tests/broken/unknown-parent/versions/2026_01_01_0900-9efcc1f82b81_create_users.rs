use crate::prelude::*;

/// Create users.
#[migration(revision = "9efcc1f82b81")]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
