use crate::prelude::*;

pub fn upgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
