// plain
op.rename_table("people", "users")?;

// in a schema
op.rename_table(("workspace", "people"), "users")?;

