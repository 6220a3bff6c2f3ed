// nullable
op.add_column("users", column("lang", varchar(8)))?;

// not null with a default
op.add_column(
    "users",
    column("lang", varchar(8)).not_null().server_default("en"),
)?;

// not null without a default
op.add_column("users", column("lang", varchar(8)).not_null())?;

// default expression
op.add_column(
    "users",
    column("seen_at", timestamp()).server_default(sql("now()")),
)?;

// unique
op.add_column("users", column("tag", varchar(9)).unique())?;

// foreign key
op.add_column(
    "users",
    column("boss", bigint()).foreign_key(foreign_key("fk_boss").references("users", ["id"])),
)?;

// check
op.add_column(
    "users",
    column("years", integer()).check(check("ck_years", "years > 0")),
)?;

// comment
op.add_column("users", column("lang", text()).comment("ISO 639"))?;

// enum
op.add_column(
    "users",
    column("mood", enumeration("mood", ["sad", "happy"])),
)?;

// primary key
op.add_column("users", column("id", bigint()).primary_key().identity())?;

// generated
op.add_column(
    "users",
    column("double_age", integer()).generated("age * 2"),
)?;

// virtual
op.add_column(
    "users",
    column("double_age", integer()).generated_virtual("age * 2"),
)?;

// if it does not exist
op.apply(AddColumn::new("users", column("lang", text())).if_not_exists())?;

// with an index, without a naming convention
op.add_column("users", column("team_id", bigint()).index())?;

