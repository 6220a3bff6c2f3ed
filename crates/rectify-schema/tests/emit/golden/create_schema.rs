// plain
op.create_schema("reporting")?;

// if it does not exist
op.create_schema(CreateSchema::new("Select").if_not_exists())?;

// without a name
op.create_schema("")?;

