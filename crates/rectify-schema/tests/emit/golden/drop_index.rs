// with its table
op.drop_index("users", "ix_users_age")?;

// without its table
op.apply(DropIndex::new("ix_users_age"))?;

// concurrently, if it exists
op.autocommit(|op| {
    op.apply(DropIndex::new("ix").on("users").if_exists().concurrently())?;
    Ok(())
})?;

// in a schema
op.drop_index(("workspace", "users"), "ix")?;

