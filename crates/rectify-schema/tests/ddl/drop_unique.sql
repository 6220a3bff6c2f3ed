-- case: plain
-- postgres
ALTER TABLE users DROP CONSTRAINT uq_users;
-- mysql
ALTER TABLE users DROP INDEX uq_users;
-- mariadb
ALTER TABLE users DROP INDEX uq_users;
-- sqlite
-- error: cannot drop unique constraint `uq_users` on `users`: sqlite does not support dropping a unique constraint
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: if it exists
-- postgres
ALTER TABLE users DROP CONSTRAINT IF EXISTS uq_users;
-- mysql
-- error: cannot drop unique constraint `uq_users` on `users`: mysql does not support `if_exists` on a constraint
-- hint: leave it out
-- mariadb
ALTER TABLE users DROP INDEX IF EXISTS uq_users;
-- sqlite
-- error: cannot drop unique constraint `uq_users` on `users`: sqlite does not support dropping a unique constraint
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: by its columns, without a naming convention
-- postgres
-- error: cannot drop unique constraint on `users`: postgres does not support dropping a constraint without its name
-- hint: name it, or give the chain a naming convention: `versions!("versions", naming = ..)`
-- mysql
-- error: cannot drop unique constraint on `users`: mysql does not support dropping a constraint without its name
-- hint: name it, or give the chain a naming convention: `versions!("versions", naming = ..)`
-- mariadb
-- error: cannot drop unique constraint on `users`: mariadb does not support dropping a constraint without its name
-- hint: name it, or give the chain a naming convention: `versions!("versions", naming = ..)`
-- sqlite
-- error: cannot drop unique constraint on `users`: sqlite does not support dropping a unique constraint
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

