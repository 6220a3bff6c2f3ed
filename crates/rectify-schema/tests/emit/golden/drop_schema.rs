// plain
op.drop_schema("reporting")?;

// with all it holds, if it exists
op.drop_schema(DropSchema::new("reporting").if_exists().cascade())?;

