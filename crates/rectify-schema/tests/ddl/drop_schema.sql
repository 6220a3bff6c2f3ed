-- case: plain
-- postgres
DROP SCHEMA reporting;
-- mysql
DROP SCHEMA reporting;
-- mariadb
DROP SCHEMA reporting;
-- sqlite
-- error: cannot drop schema `reporting`: sqlite does not support schemas
-- hint: leave it out where `op.family() == Family::Sqlite`, and name the tables without a schema there

-- case: with all it holds, if it exists
-- postgres
DROP SCHEMA IF EXISTS reporting CASCADE;
-- mysql
DROP SCHEMA IF EXISTS reporting;
-- mariadb
DROP SCHEMA IF EXISTS reporting;
-- sqlite
-- error: cannot drop schema `reporting`: sqlite does not support schemas
-- hint: leave it out where `op.family() == Family::Sqlite`, and name the tables without a schema there

