use crate::prelude::*;

/// Create users, institutions and documents.
///
/// The core: an institution has users, and its users upload documents.
#[migration(revision = "5c88cbec9591")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_table(
        table("institutions")
            .column(column("id", bigint()).primary_key().identity())
            .column(column("name", varchar(255)).not_null())
            .column(column("kind", varchar(50)).not_null().comment("university, government_dept, ministry, ..."))
            .column(column("created_at", timestamptz()).not_null().server_default(sql("CURRENT_TIMESTAMP")))
            .unique(unique("uq_institutions_name").on(["name"])),
    )?;
    op.create_index(index("ix_institutions_kind").on("institutions", ["kind"]))?;

    op.create_table(
        table("users")
            .column(column("id", bigint()).primary_key().identity())
            .column(column("institution_id", bigint()))
            .column(column("email", varchar(255)).not_null())
            .column(column("full_name", varchar(255)).not_null())
            .column(column("password_hash", varchar(255)).not_null())
            .column(column("role", varchar(50)).not_null().server_default("member"))
            .column(column("is_active", boolean()).not_null().server_default(true))
            .column(column("created_at", timestamptz()).not_null().server_default(sql("CURRENT_TIMESTAMP")))
            .unique(unique("uq_users_email").on(["email"]))
            .foreign_key(
                foreign_key("fk_users_institution")
                    .on(["institution_id"])
                    .references("institutions", ["id"])
                    .on_delete(SetNull),
            ),
    )?;
    op.create_index(index("ix_users_institution_id").on("users", ["institution_id"]))?;

    op.create_table(
        table("documents")
            .column(column("id", bigint()).primary_key().identity())
            .column(column("institution_id", bigint()).not_null())
            .column(column("uploader_id", bigint()))
            .column(column("title", varchar(255)).not_null())
            .column(column("file_name", varchar(255)).not_null())
            .column(column("created_at", timestamptz()).not_null().server_default(sql("CURRENT_TIMESTAMP")))
            .foreign_key(
                foreign_key("fk_documents_institution")
                    .on(["institution_id"])
                    .references("institutions", ["id"])
                    .on_delete(Cascade),
            )
            .foreign_key(
                foreign_key("fk_documents_uploader").on(["uploader_id"]).references("users", ["id"]).on_delete(SetNull),
            ),
    )?;
    op.create_index(index("ix_documents_institution_id").on("documents", ["institution_id"]))?;
    op.create_index(index("ix_documents_uploader_id").on("documents", ["uploader_id"]))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("documents")?;
    op.drop_table("users")?;
    op.drop_table("institutions")
}
