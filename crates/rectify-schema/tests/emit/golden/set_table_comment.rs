// set
op.set_table_comment("users", Some(r"what's in \ it"))?;

// remove
op.set_table_comment("users", None)?;

