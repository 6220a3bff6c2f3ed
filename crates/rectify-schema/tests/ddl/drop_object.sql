-- case: view
-- postgres
DROP VIEW adults;
-- mysql
DROP VIEW adults;
-- mariadb
DROP VIEW adults;
-- sqlite
DROP VIEW adults;

-- case: view in a schema, a text for each
-- postgres
DROP VIEW app."V";
-- mysql
DROP VIEW app.`V`;
-- mariadb
DROP VIEW app.`V`;
-- sqlite
DROP VIEW app."V";

-- case: materialized view
-- postgres
DROP MATERIALIZED VIEW totals;
-- mysql
-- error: cannot drop materialized view `totals`: mysql does not support materialized views
-- hint: use a plain `view(..)`, or a table that is filled anew from the query
-- mariadb
-- error: cannot drop materialized view `totals`: mariadb does not support materialized views
-- hint: use a plain `view(..)`, or a table that is filled anew from the query
-- sqlite
-- error: cannot drop materialized view `totals`: sqlite does not support materialized views
-- hint: use a plain `view(..)`, or a table that is filled anew from the query

-- case: function
-- postgres
DROP FUNCTION twice(n integer);
-- mysql
DROP FUNCTION twice;
-- mariadb
DROP FUNCTION twice;
-- sqlite
-- error: cannot drop function `twice`: sqlite does not support functions written in SQL
-- hint: leave it out where `op.family() == Family::Sqlite`, and register the function on each connection

-- case: procedure
-- postgres
DROP PROCEDURE prune();
-- mysql
DROP PROCEDURE prune;
-- mariadb
DROP PROCEDURE prune;
-- sqlite
-- error: cannot drop procedure `prune`: sqlite does not support procedures
-- hint: leave it out where `op.family() == Family::Sqlite`, and send its statements from the application

-- case: trigger
-- postgres
DROP TRIGGER touch ON notes;
-- mysql
DROP TRIGGER touch;
-- mariadb
DROP TRIGGER touch;
-- sqlite
DROP TRIGGER touch;

-- case: trigger in a schema
-- postgres
DROP TRIGGER touch ON app.notes;
-- mysql
DROP TRIGGER app.touch;
-- mariadb
DROP TRIGGER app.touch;
-- sqlite
DROP TRIGGER touch;

-- case: policy
-- postgres
DROP POLICY own ON app.notes;
-- mysql
-- error: cannot drop policy `own` on table `app.notes`: mysql does not support policies
-- hint: give a `view(..)` of the rows that each may see, and a `grant(..)` on it
-- mariadb
-- error: cannot drop policy `own` on table `app.notes`: mariadb does not support policies
-- hint: give a `view(..)` of the rows that each may see, and a `grant(..)` on it
-- sqlite
-- error: cannot drop policy `own` on table `app.notes`: sqlite does not support policies
-- hint: leave it out where `op.family() == Family::Sqlite`, and filter the rows in the application

-- case: grant
-- postgres
REVOKE SELECT, INSERT ON notes FROM reader;
-- mysql
REVOKE SELECT, INSERT ON notes FROM reader;
-- mariadb
REVOKE SELECT, INSERT ON notes FROM reader;
-- sqlite
-- error: cannot drop grant of `SELECT, INSERT` on `notes` to `reader`: sqlite does not support grants
-- hint: leave it out where `op.family() == Family::Sqlite`: whoever may open the file may do all

-- case: without a text for this database
-- postgres
DROP VIEW v;
-- mysql
DROP VIEW v;
-- mariadb
DROP VIEW v;
-- sqlite
DROP VIEW v;

-- case: if it exists
-- postgres
DROP VIEW IF EXISTS adults;
-- mysql
DROP VIEW IF EXISTS adults;
-- mariadb
DROP VIEW IF EXISTS adults;
-- sqlite
DROP VIEW IF EXISTS adults;

