-- case: plain
-- postgres
ALTER TABLE users DROP CONSTRAINT fk_users_tenant;
-- mysql
ALTER TABLE users DROP FOREIGN KEY fk_users_tenant;
-- mariadb
ALTER TABLE users DROP FOREIGN KEY fk_users_tenant;
-- sqlite
-- error: cannot drop foreign key `fk_users_tenant` on `users`: sqlite does not support dropping a foreign key
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: if it exists
-- postgres
ALTER TABLE users DROP CONSTRAINT IF EXISTS fk_users_tenant;
-- mysql
-- error: cannot drop foreign key `fk_users_tenant` on `users`: mysql does not support `if_exists` on a constraint
-- hint: leave it out
-- mariadb
ALTER TABLE users DROP FOREIGN KEY IF EXISTS fk_users_tenant;
-- sqlite
-- error: cannot drop foreign key `fk_users_tenant` on `users`: sqlite does not support dropping a foreign key
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

