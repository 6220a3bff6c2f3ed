-- case: plain
-- postgres
CREATE EXTENSION citext;
-- mysql
-- error: cannot create extension `citext`: mysql does not support extensions
-- hint: do it on PostgreSQL only: `if op.family() == Family::Postgres { .. }`
-- mariadb
-- error: cannot create extension `citext`: mariadb does not support extensions
-- hint: do it on PostgreSQL only: `if op.family() == Family::Postgres { .. }`
-- sqlite
-- error: cannot create extension `citext`: sqlite does not support extensions
-- hint: do it on PostgreSQL only: `if op.family() == Family::Postgres { .. }`

-- case: in a schema, if it does not exist
-- postgres
CREATE EXTENSION IF NOT EXISTS "uuid-ossp" SCHEMA app VERSION '1.1';
-- mysql
-- error: cannot create extension `uuid-ossp`: mysql does not support extensions
-- hint: do it on PostgreSQL only: `if op.family() == Family::Postgres { .. }`
-- mariadb
-- error: cannot create extension `uuid-ossp`: mariadb does not support extensions
-- hint: do it on PostgreSQL only: `if op.family() == Family::Postgres { .. }`
-- sqlite
-- error: cannot create extension `uuid-ossp`: sqlite does not support extensions
-- hint: do it on PostgreSQL only: `if op.family() == Family::Postgres { .. }`

