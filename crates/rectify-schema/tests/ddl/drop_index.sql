-- case: with its table
-- postgres
DROP INDEX ix_users_age;
-- mysql
DROP INDEX ix_users_age ON users;
-- mariadb
DROP INDEX ix_users_age ON users;
-- sqlite
DROP INDEX ix_users_age;

-- case: without its table
-- postgres
DROP INDEX ix_users_age;
-- mysql
-- error: cannot drop index `ix_users_age`: mysql does not support dropping an index without its table
-- hint: name the table: `DropIndex::new("ix").on("table")`
-- mariadb
-- error: cannot drop index `ix_users_age`: mariadb does not support dropping an index without its table
-- hint: name the table: `DropIndex::new("ix").on("table")`
-- sqlite
DROP INDEX ix_users_age;

-- case: concurrently, if it exists
-- postgres
DROP INDEX CONCURRENTLY IF EXISTS ix; -- outside a transaction
-- mysql
-- error: cannot drop index `ix` on `users`: mysql does not support `if_exists` on an index
-- hint: leave it out
-- mariadb
DROP INDEX IF EXISTS ix ON users;
-- sqlite
DROP INDEX IF EXISTS ix;

-- case: in a schema
-- postgres
DROP INDEX workspace.ix;
-- mysql
DROP INDEX ix ON workspace.users;
-- mariadb
DROP INDEX ix ON workspace.users;
-- sqlite
DROP INDEX workspace.ix;

