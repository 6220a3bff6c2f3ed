-- case: view
-- postgres
CREATE OR REPLACE VIEW adults AS SELECT * FROM users WHERE age > 17;
-- mysql
CREATE OR REPLACE VIEW adults AS SELECT * FROM users WHERE age > 17;
-- mariadb
CREATE OR REPLACE VIEW adults AS SELECT * FROM users WHERE age > 17;
-- sqlite
DROP VIEW adults;
CREATE VIEW adults AS SELECT * FROM users WHERE age > 17;

-- case: view in a schema, a text for each
-- postgres
CREATE OR REPLACE VIEW app."V" AS SELECT 1;
-- mysql
CREATE OR REPLACE VIEW app.`V` AS SELECT 2;
-- mariadb
CREATE OR REPLACE VIEW app.`V` AS SELECT 2;
-- sqlite
DROP VIEW app."V";
CREATE VIEW app."V" AS SELECT 3;

-- case: materialized view
-- postgres
DROP MATERIALIZED VIEW totals;
CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM users;
-- mysql
-- error: cannot replace materialized view `totals`: mysql does not support materialized views
-- hint: use a plain `view(..)`, or a table that is filled anew from the query
-- mariadb
-- error: cannot replace materialized view `totals`: mariadb does not support materialized views
-- hint: use a plain `view(..)`, or a table that is filled anew from the query
-- sqlite
-- error: cannot replace materialized view `totals`: sqlite does not support materialized views
-- hint: use a plain `view(..)`, or a table that is filled anew from the query

-- case: function
-- postgres
CREATE OR REPLACE FUNCTION twice(n integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT n * 2';
-- mysql
DROP FUNCTION twice;
CREATE FUNCTION twice(n integer DEFAULT 1) RETURNS integer DETERMINISTIC RETURN n * 2;
-- mariadb
CREATE OR REPLACE FUNCTION twice(n integer DEFAULT 1) RETURNS integer DETERMINISTIC RETURN n * 2;
-- sqlite
-- error: cannot replace function `twice`: sqlite does not support functions written in SQL
-- hint: leave it out where `op.family() == Family::Sqlite`, and register the function on each connection

-- case: procedure
-- postgres
CREATE OR REPLACE PROCEDURE prune() LANGUAGE sql AS 'DELETE FROM logs';
-- mysql
DROP PROCEDURE prune;
CREATE PROCEDURE prune() DELETE FROM logs;
-- mariadb
CREATE OR REPLACE PROCEDURE prune() DELETE FROM logs;
-- sqlite
-- error: cannot replace procedure `prune`: sqlite does not support procedures
-- hint: leave it out where `op.family() == Family::Sqlite`, and send its statements from the application

-- case: trigger
-- postgres
DROP TRIGGER touch ON notes;
CREATE TRIGGER touch BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch();
-- mysql
DROP TRIGGER touch;
CREATE TRIGGER touch BEFORE UPDATE ON notes FOR EACH ROW SET NEW.version = OLD.version + 1;
-- mariadb
CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON notes FOR EACH ROW SET NEW.version = OLD.version + 1;
-- sqlite
DROP TRIGGER touch;
CREATE TRIGGER touch AFTER UPDATE ON notes BEGIN UPDATE log SET at = 1; END;

-- case: trigger in a schema
-- postgres
DROP TRIGGER touch ON app.notes;
CREATE TRIGGER touch AFTER INSERT ON app.notes ...;
-- mysql
DROP TRIGGER app.touch;
CREATE TRIGGER app.touch AFTER INSERT ON app.notes ...;
-- mariadb
CREATE OR REPLACE TRIGGER app.touch AFTER INSERT ON app.notes ...;
-- sqlite
DROP TRIGGER touch;
CREATE TRIGGER touch AFTER INSERT ON app.notes ...;

-- case: policy
-- postgres
DROP POLICY own ON app.notes;
CREATE POLICY own ON app.notes FOR SELECT USING (owner = current_user);
-- mysql
-- error: cannot replace policy `own` on table `app.notes`: mysql does not support policies
-- hint: give a `view(..)` of the rows that each may see, and a `grant(..)` on it
-- mariadb
-- error: cannot replace policy `own` on table `app.notes`: mariadb does not support policies
-- hint: give a `view(..)` of the rows that each may see, and a `grant(..)` on it
-- sqlite
-- error: cannot replace policy `own` on table `app.notes`: sqlite does not support policies
-- hint: leave it out where `op.family() == Family::Sqlite`, and filter the rows in the application

-- case: grant
-- postgres
GRANT SELECT, INSERT ON notes TO reader;
-- mysql
GRANT SELECT, INSERT ON notes TO reader;
-- mariadb
GRANT SELECT, INSERT ON notes TO reader;
-- sqlite
-- error: cannot replace grant of `SELECT, INSERT` on `notes` to `reader`: sqlite does not support grants
-- hint: leave it out where `op.family() == Family::Sqlite`: whoever may open the file may do all

-- case: without a text for this database
-- postgres
CREATE OR REPLACE VIEW v AS SELECT 1;
-- mysql
-- error: cannot replace view `v`: mysql does not support a view without its definition
-- hint: give the text that makes it, for all databases or with `.on("mysql", ..)`
-- mariadb
-- error: cannot replace view `v`: mariadb does not support a view without its definition
-- hint: give the text that makes it, for all databases or with `.on("mariadb", ..)`
-- sqlite
-- error: cannot replace view `v`: sqlite does not support a view without its definition
-- hint: give the text that makes it, for all databases or with `.on("sqlite", ..)`

-- case: a function of other arguments
-- postgres
DROP FUNCTION twice(n text);
CREATE FUNCTION twice(n integer) RETURNS integer;
-- mysql
DROP FUNCTION twice;
CREATE FUNCTION twice(n integer) RETURNS integer;
-- mariadb
DROP FUNCTION twice;
CREATE FUNCTION twice(n integer) RETURNS integer;
-- sqlite
-- error: cannot replace function `twice`: sqlite does not support functions written in SQL
-- hint: leave it out where `op.family() == Family::Sqlite`, and register the function on each connection

-- case: fewer privileges
-- postgres
REVOKE ALL ON notes FROM reader;
GRANT SELECT ON notes TO reader;
-- mysql
REVOKE ALL ON notes FROM reader;
GRANT SELECT ON notes TO reader;
-- mariadb
REVOKE ALL ON notes FROM reader;
GRANT SELECT ON notes TO reader;
-- sqlite
-- error: cannot replace grant of `SELECT` on `notes` to `reader`: sqlite does not support grants
-- hint: leave it out where `op.family() == Family::Sqlite`: whoever may open the file may do all

