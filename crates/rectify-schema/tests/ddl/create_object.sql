-- case: view
-- postgres
CREATE VIEW adults AS SELECT * FROM users WHERE age > 17;
-- mysql
CREATE VIEW adults AS SELECT * FROM users WHERE age > 17;
-- mariadb
CREATE VIEW adults AS SELECT * FROM users WHERE age > 17;
-- sqlite
CREATE VIEW adults AS SELECT * FROM users WHERE age > 17;

-- case: view in a schema, a text for each
-- postgres
CREATE VIEW app."V" AS SELECT 1;
-- mysql
CREATE VIEW app.`V` AS SELECT 2;
-- mariadb
CREATE VIEW app.`V` AS SELECT 2;
-- sqlite
CREATE VIEW app."V" AS SELECT 3;

-- case: materialized view
-- postgres
CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM users;
-- mysql
-- error: cannot create materialized view `totals`: mysql does not support materialized views
-- hint: use a plain `view(..)`, or a table that is filled anew from the query
-- mariadb
-- error: cannot create materialized view `totals`: mariadb does not support materialized views
-- hint: use a plain `view(..)`, or a table that is filled anew from the query
-- sqlite
-- error: cannot create materialized view `totals`: sqlite does not support materialized views
-- hint: use a plain `view(..)`, or a table that is filled anew from the query

-- case: function
-- postgres
CREATE FUNCTION twice(n integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT n * 2';
-- mysql
CREATE FUNCTION twice(n integer DEFAULT 1) RETURNS integer DETERMINISTIC RETURN n * 2;
-- mariadb
CREATE FUNCTION twice(n integer DEFAULT 1) RETURNS integer DETERMINISTIC RETURN n * 2;
-- sqlite
-- error: cannot create function `twice`: sqlite does not support functions written in SQL
-- hint: leave it out where `op.family() == Family::Sqlite`, and register the function on each connection

-- case: procedure
-- postgres
CREATE PROCEDURE prune() LANGUAGE sql AS 'DELETE FROM logs';
-- mysql
CREATE PROCEDURE prune() DELETE FROM logs;
-- mariadb
CREATE PROCEDURE prune() DELETE FROM logs;
-- sqlite
-- error: cannot create procedure `prune`: sqlite does not support procedures
-- hint: leave it out where `op.family() == Family::Sqlite`, and send its statements from the application

-- case: trigger
-- postgres
CREATE TRIGGER touch BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch();
-- mysql
CREATE TRIGGER touch BEFORE UPDATE ON notes FOR EACH ROW SET NEW.version = OLD.version + 1;
-- mariadb
CREATE TRIGGER touch BEFORE UPDATE ON notes FOR EACH ROW SET NEW.version = OLD.version + 1;
-- sqlite
CREATE TRIGGER touch AFTER UPDATE ON notes BEGIN UPDATE log SET at = 1; END;

-- case: trigger in a schema
-- postgres
CREATE TRIGGER touch AFTER INSERT ON app.notes ...;
-- mysql
CREATE TRIGGER app.touch AFTER INSERT ON app.notes ...;
-- mariadb
CREATE TRIGGER app.touch AFTER INSERT ON app.notes ...;
-- sqlite
CREATE TRIGGER touch AFTER INSERT ON app.notes ...;

-- case: policy
-- postgres
CREATE POLICY own ON app.notes FOR SELECT USING (owner = current_user);
-- mysql
-- error: cannot create policy `own` on table `app.notes`: mysql does not support policies
-- hint: give a `view(..)` of the rows that each may see, and a `grant(..)` on it
-- mariadb
-- error: cannot create policy `own` on table `app.notes`: mariadb does not support policies
-- hint: give a `view(..)` of the rows that each may see, and a `grant(..)` on it
-- sqlite
-- error: cannot create policy `own` on table `app.notes`: sqlite does not support policies
-- hint: leave it out where `op.family() == Family::Sqlite`, and filter the rows in the application

-- case: grant
-- postgres
GRANT SELECT, INSERT ON notes TO reader;
-- mysql
GRANT SELECT, INSERT ON notes TO reader;
-- mariadb
GRANT SELECT, INSERT ON notes TO reader;
-- sqlite
-- error: cannot create grant of `SELECT, INSERT` on `notes` to `reader`: sqlite does not support grants
-- hint: leave it out where `op.family() == Family::Sqlite`: whoever may open the file may do all

-- case: without a text for this database
-- postgres
CREATE VIEW v AS SELECT 1;
-- mysql
-- error: cannot create view `v`: mysql does not support a view without its definition
-- hint: give the text that makes it, for all databases or with `.on("mysql", ..)`
-- mariadb
-- error: cannot create view `v`: mariadb does not support a view without its definition
-- hint: give the text that makes it, for all databases or with `.on("mariadb", ..)`
-- sqlite
-- error: cannot create view `v`: sqlite does not support a view without its definition
-- hint: give the text that makes it, for all databases or with `.on("sqlite", ..)`

-- case: a view with options
-- postgres
CREATE VIEW v WITH (security_invoker=true) AS SELECT 1;
-- mysql
CREATE VIEW v AS WITH (security_invoker=true) AS SELECT 1;
-- mariadb
CREATE VIEW v AS WITH (security_invoker=true) AS SELECT 1;
-- sqlite
CREATE VIEW v AS WITH (security_invoker=true) AS SELECT 1;

-- case: a view of whoever asks
-- postgres
CREATE VIEW v AS SQL SECURITY INVOKER AS SELECT 1;
-- mysql
CREATE SQL SECURITY INVOKER VIEW v AS SELECT 1;
-- mariadb
CREATE SQL SECURITY INVOKER VIEW v AS SELECT 1;
-- sqlite
CREATE VIEW v AS SQL SECURITY INVOKER AS SELECT 1;

-- case: a view with names of columns
-- postgres
CREATE VIEW v AS (a, b) AS SELECT 1, 2;
-- mysql
CREATE VIEW v AS (a, b) AS SELECT 1, 2;
-- mariadb
CREATE VIEW v AS (a, b) AS SELECT 1, 2;
-- sqlite
CREATE VIEW v (a, b) AS SELECT 1, 2;

-- case: a materialized view in a tablespace
-- postgres
CREATE MATERIALIZED VIEW v TABLESPACE fast AS SELECT 1;
-- mysql
-- error: cannot create materialized view `v`: mysql does not support materialized views
-- hint: use a plain `view(..)`, or a table that is filled anew from the query
-- mariadb
-- error: cannot create materialized view `v`: mariadb does not support materialized views
-- hint: use a plain `view(..)`, or a table that is filled anew from the query
-- sqlite
-- error: cannot create materialized view `v`: sqlite does not support materialized views
-- hint: use a plain `view(..)`, or a table that is filled anew from the query

-- case: a constraint trigger
-- postgres
CREATE CONSTRAINT TRIGGER t AFTER INSERT ON notes EXECUTE FUNCTION f();
-- mysql
CREATE TRIGGER t CONSTRAINT AFTER INSERT ON notes EXECUTE FUNCTION f();
-- mariadb
CREATE TRIGGER t CONSTRAINT AFTER INSERT ON notes EXECUTE FUNCTION f();
-- sqlite
CREATE TRIGGER t CONSTRAINT AFTER INSERT ON notes EXECUTE FUNCTION f();

