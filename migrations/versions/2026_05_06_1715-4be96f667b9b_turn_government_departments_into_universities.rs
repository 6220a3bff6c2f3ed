use crate::prelude::*;

/// Turn government departments into universities.
///
/// Every `government_dept` that signed up was a state university that found no better choice. `former_kind` remembers
/// which ones they were: without it, the downgrade could not tell them from those that were universities all along.
#[migration(revision = "4be96f667b9b", down_revision = "db615eadfdf7")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.add_column("institutions", column("former_kind", varchar(50)))?;
    // In this order: MySQL and MariaDB assign from left to right.
    op.execute(
        diesel::update(institutions::table.filter(institutions::kind.eq("government_dept")))
            .set((institutions::former_kind.eq(institutions::kind.nullable()), institutions::kind.eq("university"))),
    )?;
    Ok(())
}

/// An institution that was given yet another kind since then keeps it.
pub fn downgrade(op: &mut Op) -> Result<()> {
    op.execute(
        diesel::update(institutions::table)
            .filter(institutions::former_kind.is_not_null().and(institutions::kind.eq("university")))
            .set(institutions::kind.eq(institutions::former_kind.assume_not_null())),
    )?;
    op.drop_column("institutions", "former_kind")
}

// The table as this revision sees it. It never changes, whatever becomes of the application's own `schema.rs`.
diesel::table! {
    institutions (id) {
        id -> BigInt,
        kind -> Text,
        former_kind -> Nullable<Text>,
    }
}
