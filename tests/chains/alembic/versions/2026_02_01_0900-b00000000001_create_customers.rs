use crate::prelude::*;

/// Create customers.
#[migration(revision = "b00000000001")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_table(
        table("customers")
            .column(column("id", integer()).primary_key())
            .column(column("name", varchar(80)).not_null()),
    )
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("customers")
}
