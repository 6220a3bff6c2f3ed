use crate::prelude::*;

/// Try asynchronous.
#[migration(revision = "r3", down_revision = "r2")]
pub async fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
