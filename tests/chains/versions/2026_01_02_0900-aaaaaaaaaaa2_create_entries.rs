use crate::prelude::*;

/// Create entries.
#[migration(revision = "aaaaaaaaaaa2", down_revision = "aaaaaaaaaaa1")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_table(
        table("entries")
            .column(column("id", bigint()).primary_key().identity())
            .column(column("account_id", bigint()).not_null())
            .column(column("amount", bigint()).not_null().server_default(0))
            .foreign_key(
                foreign_key("fk_entries_account").on(["account_id"]).references("accounts", ["id"]).on_delete(Cascade),
            ),
    )?;
    op.create_index(index("ix_entries_account_id").on("entries", ["account_id"]))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("entries")
}
