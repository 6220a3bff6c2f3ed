-- case: plain
-- postgres
ALTER TABLE users DROP CONSTRAINT ck_users_age;
-- mysql
ALTER TABLE users DROP CHECK ck_users_age;
-- mariadb
ALTER TABLE users DROP CONSTRAINT ck_users_age;
-- sqlite
-- error: cannot drop check `ck_users_age` on `users`: sqlite does not support dropping a check
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: if it exists
-- postgres
ALTER TABLE users DROP CONSTRAINT IF EXISTS ck_users_age;
-- mysql
-- error: cannot drop check `ck_users_age` on `users`: mysql does not support `if_exists` on a constraint
-- hint: leave it out
-- mariadb
ALTER TABLE users DROP CONSTRAINT IF EXISTS ck_users_age;
-- sqlite
-- error: cannot drop check `ck_users_age` on `users`: sqlite does not support dropping a check
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

