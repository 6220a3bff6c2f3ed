-- case: without a name
-- postgres
ALTER TABLE users DROP CONSTRAINT users_pkey;
-- mysql
ALTER TABLE users DROP PRIMARY KEY;
-- mariadb
ALTER TABLE users DROP PRIMARY KEY;
-- sqlite
-- error: cannot drop primary key on `users`: sqlite does not support dropping a primary key
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: named
-- postgres
ALTER TABLE users DROP CONSTRAINT pk_users;
-- mysql
ALTER TABLE users DROP PRIMARY KEY;
-- mariadb
ALTER TABLE users DROP PRIMARY KEY;
-- sqlite
-- error: cannot drop primary key on `users`: sqlite does not support dropping a primary key
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: if it exists
-- postgres
ALTER TABLE users DROP CONSTRAINT IF EXISTS users_pkey;
-- mysql
-- error: cannot drop primary key on `users`: mysql does not support `if_exists` on a primary key
-- hint: leave it out
-- mariadb
-- error: cannot drop primary key on `users`: mariadb does not support `if_exists` on a primary key
-- hint: leave it out
-- sqlite
-- error: cannot drop primary key on `users`: sqlite does not support dropping a primary key
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

