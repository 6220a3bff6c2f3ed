-- case: two columns
-- postgres
ALTER TABLE users ADD CONSTRAINT uq_users UNIQUE (email, age);
-- mysql
ALTER TABLE users ADD CONSTRAINT uq_users UNIQUE (email, age);
-- mariadb
ALTER TABLE users ADD CONSTRAINT uq_users UNIQUE (email, age);
-- sqlite
-- error: cannot create unique constraint `uq_users` on `users`: sqlite does not support adding a unique constraint to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: deferrable
-- postgres
ALTER TABLE users ADD CONSTRAINT uq UNIQUE (email) DEFERRABLE INITIALLY DEFERRED;
-- mysql
-- error: cannot create unique constraint `uq` on `users`: mysql does not support deferrable constraints
-- hint: leave out `.deferrable(..)`
-- mariadb
-- error: cannot create unique constraint `uq` on `users`: mariadb does not support deferrable constraints
-- hint: leave out `.deferrable(..)`
-- sqlite
-- error: cannot create unique constraint `uq` on `users`: sqlite does not support adding a unique constraint to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: nulls not distinct
-- postgres
ALTER TABLE users ADD CONSTRAINT uq UNIQUE NULLS NOT DISTINCT (email);
-- mysql
-- error: cannot create unique constraint `uq` on `users`: mysql does not support NULLS NOT DISTINCT
-- hint: make the columns NOT NULL
-- mariadb
-- error: cannot create unique constraint `uq` on `users`: mariadb does not support NULLS NOT DISTINCT
-- hint: make the columns NOT NULL
-- sqlite
-- error: cannot create unique constraint `uq` on `users`: sqlite does not support adding a unique constraint to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: include
-- postgres
ALTER TABLE users ADD CONSTRAINT uq UNIQUE (email) INCLUDE (age);
-- mysql
-- error: cannot create unique constraint `uq` on `users`: mysql does not support columns carried along in a key
-- hint: add an index that has the columns as well
-- mariadb
-- error: cannot create unique constraint `uq` on `users`: mariadb does not support columns carried along in a key
-- hint: add an index that has the columns as well
-- sqlite
-- error: cannot create unique constraint `uq` on `users`: sqlite does not support adding a unique constraint to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: a column twice
-- postgres
-- error: cannot create unique constraint `uq` on `users`: postgres does not support the column `email` twice in one key
-- hint: name each column once
-- mysql
-- error: cannot create unique constraint `uq` on `users`: mysql does not support the column `email` twice in one key
-- hint: name each column once
-- mariadb
-- error: cannot create unique constraint `uq` on `users`: mariadb does not support the column `email` twice in one key
-- hint: name each column once
-- sqlite
-- error: cannot create unique constraint `uq` on `users`: sqlite does not support adding a unique constraint to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: without columns
-- postgres
-- error: cannot create unique constraint `uq` on `users`: postgres does not support a key or constraint without columns
-- hint: name its columns with `.on([..])`
-- mysql
-- error: cannot create unique constraint `uq` on `users`: mysql does not support a key or constraint without columns
-- hint: name its columns with `.on([..])`
-- mariadb
-- error: cannot create unique constraint `uq` on `users`: mariadb does not support a key or constraint without columns
-- hint: name its columns with `.on([..])`
-- sqlite
-- error: cannot create unique constraint `uq` on `users`: sqlite does not support adding a unique constraint to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: without a name
-- postgres
ALTER TABLE users ADD UNIQUE (email);
-- mysql
ALTER TABLE users ADD UNIQUE (email);
-- mariadb
ALTER TABLE users ADD UNIQUE (email);
-- sqlite
-- error: cannot create unique constraint on `users`: sqlite does not support adding a unique constraint to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: on conflict
-- postgres
-- error: cannot create unique constraint `uq` on `users`: postgres does not support ON CONFLICT of a constraint
-- hint: leave it out here, and say in each `INSERT` what becomes of a row that is there already
-- mysql
-- error: cannot create unique constraint `uq` on `users`: mysql does not support ON CONFLICT of a constraint
-- hint: leave it out here, and say in each `INSERT` what becomes of a row that is there already
-- mariadb
-- error: cannot create unique constraint `uq` on `users`: mariadb does not support ON CONFLICT of a constraint
-- hint: leave it out here, and say in each `INSERT` what becomes of a row that is there already
-- sqlite
-- error: cannot create unique constraint `uq` on `users`: sqlite does not support adding a unique constraint to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

