// plain
op.drop_unique("users", "uq_users")?;

// if it exists
op.apply(DropUnique::new("users", "uq_users").if_exists())?;

