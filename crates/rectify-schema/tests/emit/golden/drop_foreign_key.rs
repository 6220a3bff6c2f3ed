// plain
op.drop_foreign_key("users", "fk_users_tenant")?;

// if it exists
op.apply(DropForeignKey::new("users", "fk_users_tenant").if_exists())?;

