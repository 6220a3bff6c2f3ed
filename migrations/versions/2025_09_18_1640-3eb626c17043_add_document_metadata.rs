use crate::prelude::*;

/// Add document metadata.
///
/// What the text extraction finds in a file. It runs after the upload, so a document may not have any yet.
#[migration(revision = "3eb626c17043", down_revision = "5c88cbec9591")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_table(
        table("document_metadata")
            .column(column("document_id", bigint()).primary_key())
            .column(column("language", varchar(16)))
            .column(column("page_count", integer()))
            .column(column("summary", text()))
            .column(column("keywords", jsonb()))
            .column(column("extracted_at", timestamptz()).not_null().server_default(sql("CURRENT_TIMESTAMP")))
            .check(check("ck_document_metadata_page_count", "page_count > 0"))
            .foreign_key(
                foreign_key("fk_document_metadata_document")
                    .on(["document_id"])
                    .references("documents", ["id"])
                    .on_delete(Cascade),
            ),
    )
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("document_metadata")
}
