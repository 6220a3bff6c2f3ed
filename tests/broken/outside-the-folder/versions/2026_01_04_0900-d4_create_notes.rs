use crate::prelude::*;

/// Create notes.
#[migration(revision = "d4", down_revision = ["b2", "c3"], transaction = false, created = "2026-01-04 09:00")]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
