use crate::prelude::*;

/// Create users.
///
/// Imported from `2020-01-31-235900_create_users`.
#[migration(
    revision = "20200131235900",
    down_revision = "00000000000000",
    created = "2020-01-31 23:59:00"
)]
pub fn upgrade(op: &mut Op) -> Result<()> {
    // People who may log in;
    // the name need not be unique.
    op.sql(
        r"CREATE TABLE users (
    id INTEGER NOT NULL PRIMARY KEY,
    name VARCHAR(80) NOT NULL,
    motto VARCHAR(200) NOT NULL DEFAULT 'none; yet' /* really; none */
)",
    )?;
    op.sql(r#"INSERT INTO users (id, name) VALUES (1, 'Ada'), (2, 'it''s; "quoted"')"#)?;
    Ok(())
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    // This undoes up.sql.
    op.sql("DROP TABLE users")?;
    Ok(())
}
