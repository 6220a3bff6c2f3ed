// without a name
op.apply(DropPrimaryKey::new("users"))?;

// named
op.drop_primary_key("users", "pk_users")?;

// if it exists
op.apply(DropPrimaryKey::new("users").if_exists())?;

