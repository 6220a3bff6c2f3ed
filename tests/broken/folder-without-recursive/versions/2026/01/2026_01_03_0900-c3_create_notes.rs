use crate::prelude::*;

/// Create notes.
#[migration(revision = "c3", down_revision = "b2")]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
