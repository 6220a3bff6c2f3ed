// plain
op.drop_column("users", "age")?;

// if it exists
op.apply(DropColumn::new("users", "age").if_exists())?;

// with its foreign key
op.apply(
    DropColumn::new("users", "tenant_id").definition(
        column("tenant_id", bigint()).foreign_key(
            foreign_key("fk_users_tenant")
                .on(["tenant_id"])
                .references("tenants", ["id"]),
        ),
    ),
)?;

