use crate::prelude::*;

/// Diesel initial setup.
///
/// Imported from `00000000000000_diesel_initial_setup`.
#[migration(revision = "00000000000000")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    // Settings of the application.
    op.sql("CREATE TABLE settings (name VARCHAR(40) NOT NULL PRIMARY KEY, value VARCHAR(200) NOT NULL)")?;
    Ok(())
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.sql("DROP TABLE settings")?;
    Ok(())
}
