// rename
op.alter_column("users", alter("email").rename_to("mail"))?;

// type
op.apply(
    AlterColumn::new("users", alter("email").set_type(varchar(320))).existing(
        column("email", varchar(255))
            .not_null()
            .server_default("-")
            .comment("address"),
    ),
)?;

// type, not known what it is
op.alter_column("users", alter("email").set_type(varchar(320)))?;

// collation
op.apply(
    AlterColumn::new("users", alter("email").collate("C")).existing(
        column("email", varchar(255))
            .not_null()
            .server_default("-")
            .comment("address"),
    ),
)?;

// collation, not known what it is
op.alter_column("users", alter("email").collate("C"))?;

// no collation, and another type
op.apply(
    AlterColumn::new("users", alter("email").set_type(text()).drop_collation()).existing(
        column("email", varchar(255))
            .not_null()
            .server_default("-")
            .comment("address"),
    ),
)?;

// type with using
op.apply(
    AlterColumn::new(
        "users",
        alter("email")
            .set_type(integer())
            .using("length(email)")
            .drop_default(),
    )
    .existing(
        column("email", varchar(255))
            .not_null()
            .server_default("-")
            .comment("address"),
    ),
)?;

// type to an enum keeps the default
op.apply(
    AlterColumn::new(
        "users",
        alter("email")
            .set_type(enumeration("mood", ["-"]))
            .using("email::mood"),
    )
    .existing(
        column("email", varchar(255))
            .not_null()
            .server_default("-")
            .comment("address"),
    ),
)?;

// type and default
op.apply(
    AlterColumn::new("users", alter("email").set_type(integer()).set_default(5)).existing(
        column("email", varchar(255))
            .not_null()
            .server_default("-")
            .comment("address"),
    ),
)?;

// set not null
op.apply(
    AlterColumn::new("users", alter("email").set_not_null()).existing(
        column("email", varchar(255))
            .not_null()
            .server_default("-")
            .comment("address"),
    ),
)?;

// drop not null
op.apply(
    AlterColumn::new("users", alter("email").drop_not_null()).existing(
        column("email", varchar(255))
            .not_null()
            .server_default("-")
            .comment("address"),
    ),
)?;

// set default
op.alter_column("users", alter("email").set_default("none"))?;

// drop default
op.alter_column("users", alter("email").drop_default())?;

// default in parentheses
op.alter_column("users", alter("email").set_default(sql("(1 + 2)")))?;

// default of now
op.alter_column(
    "users",
    alter("email").set_default(sql("CURRENT_TIMESTAMP")),
)?;

// default at each update
op.apply(
    AlterColumn::new(
        "users",
        alter("email").set_default(sql("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")),
    )
    .existing(
        column("email", varchar(255))
            .not_null()
            .server_default("-")
            .comment("address"),
    ),
)?;

// comment
op.apply(
    AlterColumn::new("users", alter("email").comment("it's")).existing(
        column("email", varchar(255))
            .not_null()
            .server_default("-")
            .comment("address"),
    ),
)?;

// everything
op.apply(
    AlterColumn::new(
        "users",
        alter("email")
            .set_type(text())
            .drop_not_null()
            .drop_default()
            .drop_comment()
            .rename_to("mail"),
    )
    .existing(
        column("email", varchar(255))
            .not_null()
            .server_default("-")
            .comment("address"),
    ),
)?;

// identity
op.apply(
    AlterColumn::new("users", alter("id").set_identity(identity()))
        .existing(column("id", bigint()).not_null()),
)?;

// nothing
op.alter_column("users", alter("email"))?;

// using without a type
op.alter_column("users", alter("email").using("x"))?;

