use crate::prelude::*;

/// Index users by name.
///
/// Imported from `2021-03-01-120000_index_users_by_name`.
#[migration(
    revision = "20210301120000",
    down_revision = "20200131235900",
    created = "2021-03-01 12:00:00",
    transaction = false,
    irreversible
)]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.sql("CREATE INDEX ix_users_name ON users (name)")?;
    Ok(())
}
