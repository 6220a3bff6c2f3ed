// plain
op.drop_extension("citext")?;

// with what uses it
op.drop_extension(DropExtension::new("uuid-ossp").if_exists().cascade())?;

