// plain
op.drop_enum("mood")?;

// if it exists
op.apply(DropEnum::new("mood").if_exists())?;

