use crate::prelude::*;

/// Merge sales and billing.
#[migration(revision = "b00000000006", down_revision = ["b00000000003", "b00000000005"])]
pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
