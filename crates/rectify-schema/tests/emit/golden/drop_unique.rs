// plain
op.drop_unique("users", "uq_users")?;

// if it exists
op.apply(DropUnique::new("users", "uq_users").if_exists())?;

// by its columns, without a naming convention
op.apply(DropUnique::new("users", "").definition(unique(None).on(["email"])))?;

