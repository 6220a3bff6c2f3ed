// plain
op.create_check("users", check("ck_users_age", "age > 0"))?;

// not valid
op.create_check("users", check("ck_users_age", "age > 0").not_valid())?;

// no inherit
op.create_check("users", check("ck_users_age", "age > 0").no_inherit())?;

// without a name
op.create_check("users", check(None, "age > 0"))?;

