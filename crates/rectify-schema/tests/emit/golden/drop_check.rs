// plain
op.drop_check("users", "ck_users_age")?;

// if it exists
op.apply(DropCheck::new("users", "ck_users_age").if_exists())?;

