-- case: plain
-- postgres
DROP EXTENSION citext;
-- mysql
-- error: cannot drop extension `citext`: mysql does not support extensions
-- hint: do it on PostgreSQL only: `if op.family() == Family::Postgres { .. }`
-- mariadb
-- error: cannot drop extension `citext`: mariadb does not support extensions
-- hint: do it on PostgreSQL only: `if op.family() == Family::Postgres { .. }`
-- sqlite
-- error: cannot drop extension `citext`: sqlite does not support extensions
-- hint: do it on PostgreSQL only: `if op.family() == Family::Postgres { .. }`

-- case: with what uses it
-- postgres
DROP EXTENSION IF EXISTS "uuid-ossp" CASCADE;
-- mysql
-- error: cannot drop extension `uuid-ossp`: mysql does not support extensions
-- hint: do it on PostgreSQL only: `if op.family() == Family::Postgres { .. }`
-- mariadb
-- error: cannot drop extension `uuid-ossp`: mariadb does not support extensions
-- hint: do it on PostgreSQL only: `if op.family() == Family::Postgres { .. }`
-- sqlite
-- error: cannot drop extension `uuid-ossp`: sqlite does not support extensions
-- hint: do it on PostgreSQL only: `if op.family() == Family::Postgres { .. }`

