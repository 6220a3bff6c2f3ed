// plain
op.create_index(index("ix_users").on("users", ["email", "age"]))?;

// unique
op.create_index(index("ix_users").on("users", ["email"]).unique())?;

// order
op.create_index(
    index("ix_users").on("users", [index_column("age").desc(), index_column("email")]),
)?;

// expression
op.create_index(index("ix_users").on("users", [sql("lower(email)")]))?;

// partial
op.create_index(index("ix_users").on("users", ["email"]).filter("age > 3"))?;

// concurrently
op.autocommit(|op| {
    op.create_index(index("ix_users").on("users", ["email"]).concurrently())?;
    Ok(())
})?;

// if it does not exist
op.create_index(index("ix_users").on("users", ["email"]).if_not_exists())?;

// method
op.create_index(index("ix_users").on("users", ["email"]).using("hash"))?;

// gin
op.create_index(index("ix_users").on("users", ["email"]).using("gin"))?;

// include
op.create_index(index("ix_users").on("users", ["email"]).include(["age"]))?;

// length
op.create_index(index("ix_users").on("users", [index_column("email").length(10)]))?;

// nulls last
op.create_index(index("ix_users").on("users", [index_column("age").nulls_last()]))?;

// in a schema
op.create_index(index("ix_users").on(("workspace", "users"), ["email"]))?;

// without columns
op.create_index(index("ix_users").on("users", [""; 0]))?;

// storage, tablespace
op.create_index(
    index("ix_users")
        .on("users", ["email"])
        .storage("fillfactor", 70)
        .tablespace("fast")
        .filter("age > 3"),
)?;

// parser
op.create_index(
    index("ix_users")
        .on("users", ["email"])
        .using("fulltext")
        .parser("ngram"),
)?;

// parser of another index
op.create_index(index("ix_users").on("users", ["email"]).parser("ngram"))?;

