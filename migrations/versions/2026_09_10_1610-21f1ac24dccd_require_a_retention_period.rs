use crate::prelude::*;

/// Require a retention period for documents.
///
/// The law says how long whose documents are kept. From here on the application gives the years with each upload; the
/// documents that are there get theirs from the kind of their institution.
#[migration(revision = "21f1ac24dccd", down_revision = "4487b91e2584")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.add_column("documents", column("retention_years", integer()))?;
    for (kind, years) in [("ministry", 30), ("hospital", 20), ("university", 10)] {
        let of_kind = institutions::table.filter(institutions::kind.eq(kind)).select(institutions::id);
        op.execute(
            diesel::update(documents::table.filter(documents::institution_id.eq_any(of_kind)))
                .set(documents::retention_years.eq(years)),
        )?;
    }
    op.execute(
        diesel::update(documents::table.filter(documents::retention_years.is_null()))
            .set(documents::retention_years.eq(5)),
    )?;
    op.batch_alter_table("documents", |batch| batch.alter_column(alter("retention_years").set_not_null()))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_column("documents", "retention_years")
}

diesel::table! {
    institutions (id) {
        id -> BigInt,
        kind -> Text,
    }
}

diesel::table! {
    documents (id) {
        id -> BigInt,
        institution_id -> BigInt,
        retention_years -> Nullable<Integer>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(documents, institutions);
