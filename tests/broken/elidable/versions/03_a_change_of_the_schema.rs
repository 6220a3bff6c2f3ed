use crate::prelude::*;

/// Try a change of the schema.
#[migration(revision = "r3", down_revision = "r2", elidable(users))]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.sql("UPDATE users SET name = upper(name)")?;
    op.drop_column("users", "name")
}

pub fn downgrade(_op: &mut Op) -> Result<()> {
    Ok(())
}
