use crate::prelude::*;

/// Open the first accounts.
#[migration(revision = "aaaaaaaaaaa3", down_revision = "aaaaaaaaaaa2")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    for name in ["Ada", "Grace", "it's \\ \"quoted\""] {
        op.execute(diesel::insert_into(accounts::table).values(accounts::name.eq(name)))?;
    }
    op.execute(diesel::update(accounts::table.filter(accounts::name.eq("Ada"))).set(accounts::kind.eq("founder")))?;
    Ok(())
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.execute(diesel::delete(accounts::table))?;
    Ok(())
}

mod frozen {
    diesel::table! { accounts (id) { id -> BigInt, name -> Text, kind -> Text, } }
}
use frozen::accounts;
