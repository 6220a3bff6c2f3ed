// plain
op.create_extension("citext")?;

// in a schema, if it does not exist
op.create_extension(
    CreateExtension::new(extension("uuid-ossp").schema("app").version("1.1")).if_not_exists(),
)?;

