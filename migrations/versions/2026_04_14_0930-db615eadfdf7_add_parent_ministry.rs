use crate::prelude::*;

/// Add the parent ministry of an institution.
///
/// A ministry is an institution too, so the foreign key refers to its own table.
#[migration(revision = "db615eadfdf7", down_revision = "878c826fecc3")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.add_column(
        "institutions",
        column("parent_ministry_id", bigint()).foreign_key(
            foreign_key("fk_institutions_parent_ministry").references("institutions", ["id"]).on_delete(SetNull),
        ),
    )?;
    op.create_index(index("ix_institutions_parent_ministry_id").on("institutions", ["parent_ministry_id"]))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.batch_alter_table("institutions", |batch| {
        batch.drop_foreign_key("fk_institutions_parent_ministry");
        batch.drop_index("ix_institutions_parent_ministry_id");
        batch.drop_column("parent_ministry_id");
    })
}
