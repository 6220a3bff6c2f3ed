use crate::prelude::*;

/// Add notes.
///
/// Fails in its middle when a test asks for it.
#[migration(revision = "aaaaaaaaaaa5", down_revision = "aaaaaaaaaaa4")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_table(
        table("notes")
            .column(column("id", bigint()).primary_key().identity())
            .column(column("body", text()).not_null()),
    )?;
    op.add_column("entries", column("note_id", bigint()))?;
    if std::env::var_os("RECTIFY_TEST_FAIL").is_some() {
        op.sql("INSERT INTO no_such_table VALUES (1)")?;
    }
    op.create_index(index("ix_entries_note_id").on("entries", ["note_id"]))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_index("entries", "ix_entries_note_id")?;
    op.drop_column("entries", "note_id")?;
    op.drop_table("notes")
}
