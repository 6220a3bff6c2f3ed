use crate::prelude::*;

/// Forget.
#[migration(revision = "e5", down_revision = "d4", irreversible)]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
