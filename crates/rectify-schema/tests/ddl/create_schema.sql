-- case: plain
-- postgres
CREATE SCHEMA reporting;
-- mysql
CREATE SCHEMA reporting;
-- mariadb
CREATE SCHEMA reporting;
-- sqlite
-- error: cannot create schema `reporting`: sqlite does not support schemas
-- hint: leave it out where `op.family() == Family::Sqlite`, and name the tables without a schema there

-- case: if it does not exist
-- postgres
CREATE SCHEMA IF NOT EXISTS "Select";
-- mysql
CREATE SCHEMA IF NOT EXISTS `Select`;
-- mariadb
CREATE SCHEMA IF NOT EXISTS `Select`;
-- sqlite
-- error: cannot create schema `Select`: sqlite does not support schemas
-- hint: leave it out where `op.family() == Family::Sqlite`, and name the tables without a schema there

-- case: without a name
-- postgres
-- error: cannot create schema ``: postgres does not support an empty name
-- hint: give a name
-- mysql
-- error: cannot create schema ``: mysql does not support an empty name
-- hint: give a name
-- mariadb
-- error: cannot create schema ``: mariadb does not support an empty name
-- hint: give a name
-- sqlite
-- error: cannot create schema ``: sqlite does not support schemas
-- hint: leave it out where `op.family() == Family::Sqlite`, and name the tables without a schema there

