use crate::prelude::*;

/// Index amounts concurrently.
#[migration(revision = "aaaaaaaaaaa6", down_revision = "aaaaaaaaaaa5")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.add_column("entries", column("booked", boolean()).not_null().server_default(false))?;
    op.autocommit(|op| op.create_index(index("ix_entries_amount").on("entries", ["amount"]).concurrently()))?;
    op.create_index(index("ix_entries_booked").on("entries", ["booked"]))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_index("entries", "ix_entries_booked")?;
    op.drop_index("entries", "ix_entries_amount")?;
    op.drop_column("entries", "booked")
}
