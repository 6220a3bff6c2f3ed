// values of each kind
op.bulk_insert(
    "users",
    [
        row()
            .set("id", 1)
            .set("email", r"it's \")
            .set("age", 1.5)
            .set("ok", true),
        row()
            .set("id", 2)
            .set("email", None::<&str>)
            .set("age", sql("1 + 1"))
            .set("ok", false),
    ],
)?;

// rows of other columns
op.bulk_insert(
    ("app", "Users"),
    [
        row().set("id", 1),
        row().set("select", 2),
        row(),
        row().set("id", 3),
    ],
)?;

// expression
op.bulk_insert("users", [row().set("seen_at", sql("now()"))])?;

// bytes
op.bulk_insert("users", [row().set("key", b"\x00\xff".to_vec())])?;

// no rows
op.bulk_insert("users", [])?;

// a column twice
op.bulk_insert("users", [row().set("id", 1).set("id", 2)])?;

// a NUL in a text
op.bulk_insert("users", [row().set("email", "a\0b")])?;

