-- case: what each can do in place
-- postgres
ALTER TABLE users ADD COLUMN age INTEGER;
CREATE INDEX ix_users_age ON users (age);
-- mysql
ALTER TABLE users ADD COLUMN age INTEGER;
CREATE INDEX ix_users_age ON users (age);
-- mariadb
ALTER TABLE users ADD COLUMN age INTEGER;
CREATE INDEX ix_users_age ON users (age);
-- sqlite
ALTER TABLE users ADD COLUMN age INTEGER;
CREATE INDEX ix_users_age ON users (age);

-- case: what SQLite rebuilds the table for
-- postgres
ALTER TABLE users DROP CONSTRAINT ck_users_age;
-- mysql
ALTER TABLE users DROP CHECK ck_users_age;
-- mariadb
ALTER TABLE users DROP CONSTRAINT ck_users_age;
-- sqlite
-- error: cannot alter table `users` (drop check `ck_users_age` on `users`): sqlite does not support dropping a check
-- hint: let a runner do it, which knows the table and rebuilds it

