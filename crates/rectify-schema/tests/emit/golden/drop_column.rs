// plain
op.drop_column("users", "age")?;

// if it exists
op.apply(DropColumn::new("users", "age").if_exists())?;

