//! A migration that stands beside the folder, where `versions!` does not see it.

use crate::prelude::*;

/// Create notes.
#[migration(revision = "f6", down_revision = "a1")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_table(table("notes").column(column("id", bigint()).primary_key()))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("notes")
}
