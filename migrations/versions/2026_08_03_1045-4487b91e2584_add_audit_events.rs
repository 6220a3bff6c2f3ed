use crate::prelude::*;

/// Add audit events.
///
/// Who did what to which row, for the yearly audit. `entity_id` has no foreign key: an event outlives what it is about.
#[migration(revision = "4487b91e2584", down_revision = "90554bb32e68")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_table(
        table("audit_events")
            .column(column("id", bigint()).primary_key().identity())
            .column(column("actor_id", bigint()))
            .column(column("action", varchar(100)).not_null())
            .column(column("entity_type", varchar(100)).not_null())
            .column(column("entity_id", bigint()).not_null())
            .column(column("ip_address", varchar(45)))
            .column(column("details", jsonb()))
            .column(column("occurred_at", timestamptz()).not_null().server_default(sql("CURRENT_TIMESTAMP")))
            .foreign_key(
                foreign_key("fk_audit_events_actor").on(["actor_id"]).references("users", ["id"]).on_delete(SetNull),
            ),
    )?;
    op.create_index(index("ix_audit_events_entity").on("audit_events", ["entity_type", "entity_id"]))?;
    op.create_index(index("ix_audit_events_actor_id").on("audit_events", ["actor_id"]))?;
    op.create_index(index("ix_audit_events_occurred_at").on("audit_events", ["occurred_at"]))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("audit_events")
}
