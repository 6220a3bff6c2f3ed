use crate::prelude::*;

/// Create accounts.
#[migration(revision = "aaaaaaaaaaa1")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_table(
        table("accounts")
            .column(column("id", bigint()).primary_key().identity())
            .column(column("name", varchar(80)).not_null())
            .column(column("kind", varchar(20)).not_null().server_default("person")),
    )?;
    op.create_index(index("ix_accounts_name").on("accounts", ["name"]).unique())
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("accounts")
}
