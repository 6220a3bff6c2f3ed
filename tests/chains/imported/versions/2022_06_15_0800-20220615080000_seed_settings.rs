use crate::prelude::*;

/// Seed settings.
///
/// Imported from `2022-06-15-080000_seed_settings`.
#[migration(
    revision = "20220615080000",
    down_revision = "20210301120000",
    created = "2022-06-15 08:00:00"
)]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.sql("INSERT INTO settings VALUES ('theme', 'dark')")?;
    // of settings
    op.sql("ALTER TABLE users ADD COLUMN theme VARCHAR(40)")?;
    op.sql("UPDATE users SET theme = 'dark'")?;
    Ok(())
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.sql("ALTER TABLE users DROP COLUMN theme")?;
    op.sql("DELETE FROM settings WHERE name = 'theme'")?;
    Ok(())
}
