use crate::prelude::*;

/// Add object storage columns.
///
/// Files move from the server's disk to a bucket. The columns stay empty until the background job has moved a file.
#[migration(revision = "bc073f2dcb5b", down_revision = "3eb626c17043")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.add_column("documents", column("storage_bucket", varchar(63)))?;
    op.add_column("documents", column("storage_key", varchar(512)))?;
    op.add_column("documents", column("content_type", varchar(127)))?;
    op.add_column("documents", column("size_bytes", bigint()))?;
    op.add_column("documents", column("sha256", char(64)).comment("of the file, in lower-case hex"))?;
    op.create_index(index("ux_documents_storage").on("documents", ["storage_bucket", "storage_key"]).unique())
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_index("documents", "ux_documents_storage")?;
    op.drop_column("documents", "sha256")?;
    op.drop_column("documents", "size_bytes")?;
    op.drop_column("documents", "content_type")?;
    op.drop_column("documents", "storage_key")?;
    op.drop_column("documents", "storage_bucket")
}
