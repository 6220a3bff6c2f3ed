use crate::prelude::*;

/// Require a currency.
///
/// The table is rebuilt on SQLite, while `entries` refers to it.
#[migration(revision = "aaaaaaaaaaa4", down_revision = "aaaaaaaaaaa3")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.add_column("accounts", column("currency", varchar(3)))?;
    op.execute(diesel::update(accounts::table).set(accounts::currency.eq("EUR")))?;
    op.batch_alter_table("accounts", |batch| {
        batch.alter_column(alter("currency").set_not_null());
        batch.alter_column(alter("name").set_type(varchar(120)));
    })
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.batch_alter_table("accounts", |batch| {
        batch.alter_column(alter("name").set_type(varchar(80)));
        batch.drop_column("currency");
    })
}

mod frozen {
    diesel::table! { accounts (id) { id -> BigInt, currency -> Nullable<Text>, } }
}
use frozen::accounts;
