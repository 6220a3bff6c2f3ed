use crate::prelude::*;

/// Add external data sources.
///
/// Institutions import documents from systems of their own. A removed source leaves the documents that came from it.
#[migration(revision = "9efcc1f82b81", down_revision = "bc073f2dcb5b")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_table(
        table("external_data_sources")
            .column(column("id", bigint()).primary_key().identity())
            .column(column("institution_id", bigint()).not_null())
            .column(column("name", varchar(255)).not_null())
            .column(column("base_url", varchar(2048)).not_null())
            .column(column("secret_name", varchar(255)).comment("the name of the password in the vault"))
            .column(column("settings", jsonb()))
            .column(column("sync_minutes", integer()).not_null().server_default(60))
            .column(column("is_active", boolean()).not_null().server_default(true))
            .column(column("last_synced_at", timestamptz()))
            .column(column("created_at", timestamptz()).not_null().server_default(sql("CURRENT_TIMESTAMP")))
            .unique(unique("uq_external_data_sources_name").on(["institution_id", "name"]))
            .check(check("ck_external_data_sources_sync_minutes", "sync_minutes > 0"))
            .foreign_key(
                foreign_key("fk_external_data_sources_institution")
                    .on(["institution_id"])
                    .references("institutions", ["id"])
                    .on_delete(Cascade),
            ),
    )?;
    op.add_column(
        "documents",
        column("data_source_id", bigint()).foreign_key(
            foreign_key("fk_documents_data_source").references("external_data_sources", ["id"]).on_delete(SetNull),
        ),
    )?;
    op.create_index(index("ix_documents_data_source_id").on("documents", ["data_source_id"]))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.batch_alter_table("documents", |batch| {
        batch.drop_foreign_key("fk_documents_data_source");
        batch.drop_index("ix_documents_data_source_id");
        batch.drop_column("data_source_id");
    })?;
    op.drop_table("external_data_sources")
}
