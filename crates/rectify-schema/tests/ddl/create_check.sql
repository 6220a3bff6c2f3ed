-- case: plain
-- postgres
ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age > 0);
-- mysql
ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age > 0);
-- mariadb
ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age > 0);
-- sqlite
-- error: cannot create check `ck_users_age` on `users`: sqlite does not support adding a check to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: not valid
-- postgres
ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age > 0) NOT VALID;
-- mysql
-- error: cannot create check `ck_users_age` on `users`: mysql does not support a constraint that existing rows may break
-- hint: leave out `.not_valid()`
-- mariadb
-- error: cannot create check `ck_users_age` on `users`: mariadb does not support a constraint that existing rows may break
-- hint: leave out `.not_valid()`
-- sqlite
-- error: cannot create check `ck_users_age` on `users`: sqlite does not support adding a check to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: no inherit
-- postgres
ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age > 0) NO INHERIT;
-- mysql
ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age > 0);
-- mariadb
ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age > 0);
-- sqlite
-- error: cannot create check `ck_users_age` on `users`: sqlite does not support adding a check to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: without a name
-- postgres
ALTER TABLE users ADD CHECK (age > 0);
-- mysql
ALTER TABLE users ADD CHECK (age > 0);
-- mariadb
ALTER TABLE users ADD CHECK (age > 0);
-- sqlite
-- error: cannot create check on `users`: sqlite does not support adding a check to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

