// plain
op.create_foreign_key(
    "users",
    foreign_key("fk_users_tenant")
        .on(["tenant_id"])
        .references("tenants", ["id"]),
)?;

// actions
op.create_foreign_key(
    "users",
    foreign_key("fk_users_tenant")
        .on(["tenant_id"])
        .references("tenants", ["id"])
        .on_delete(SetNull)
        .on_update(Cascade),
)?;

// set default
op.create_foreign_key(
    "users",
    foreign_key("fk_users_tenant")
        .on(["tenant_id"])
        .references("tenants", ["id"])
        .on_delete(SetDefault),
)?;

// set one of two columns
op.create_foreign_key(
    "users",
    foreign_key("fk")
        .on(["tenant_id", "age"])
        .references("tenants", ["id", "age"])
        .on_delete(SetNull)
        .on_delete_columns(["age"]),
)?;

// deferred
op.create_foreign_key(
    "users",
    foreign_key("fk_users_tenant")
        .on(["tenant_id"])
        .references("tenants", ["id"])
        .initially_deferred(),
)?;

// match full
op.create_foreign_key(
    "users",
    foreign_key("fk_users_tenant")
        .on(["tenant_id"])
        .references("tenants", ["id"])
        .on_delete(Cascade)
        .match_full(),
)?;

// not valid
op.create_foreign_key(
    "users",
    foreign_key("fk_users_tenant")
        .on(["tenant_id"])
        .references("tenants", ["id"])
        .not_valid(),
)?;

// into a schema
op.create_foreign_key(
    "users",
    foreign_key("fk")
        .on(["a"])
        .references(("workspace", "tenants"), ["id"]),
)?;

// counts differ
op.create_foreign_key(
    "users",
    foreign_key("fk")
        .on(["a", "b"])
        .references("tenants", ["id"]),
)?;

// to nothing
op.create_foreign_key("users", foreign_key("fk").on(["a"]).references("", [""; 0]))?;

// without columns
op.create_foreign_key("users", foreign_key("fk").references("tenants", ["id"]))?;

// set some columns
op.create_foreign_key(
    "users",
    foreign_key("fk_users_tenant")
        .on(["tenant_id"])
        .references("tenants", ["id"])
        .on_delete(SetNull)
        .on_delete_columns(["tenant_id"]),
)?;

// set a column that is not in the key
op.create_foreign_key(
    "users",
    foreign_key("fk_users_tenant")
        .on(["tenant_id"])
        .references("tenants", ["id"])
        .on_delete(SetDefault)
        .on_delete_columns(["age"]),
)?;

// set columns, but nothing sets
op.create_foreign_key(
    "users",
    foreign_key("fk_users_tenant")
        .on(["tenant_id"])
        .references("tenants", ["id"])
        .on_delete(Cascade)
        .on_delete_columns(["tenant_id"]),
)?;

