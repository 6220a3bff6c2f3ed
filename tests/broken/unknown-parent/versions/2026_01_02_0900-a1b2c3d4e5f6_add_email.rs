use crate::prelude::*;

/// Add email.
#[migration(revision = "a1b2c3d4e5f6", down_revision = "9efcc1f82b18")]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
