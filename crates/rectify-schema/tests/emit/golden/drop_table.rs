// plain
op.drop_table("users")?;

// in a schema, if it exists
op.drop_table(DropTable::new(("workspace", "users")).if_exists())?;

// hostile name
op.drop_table(r#"a"b`c;d"#)?;

// empty name
op.drop_table("")?;

// a name of 64 bytes
op.drop_table("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")?;

// a name with a NUL
op.drop_table("a\0b")?;

