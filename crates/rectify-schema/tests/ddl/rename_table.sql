-- case: plain
-- postgres
ALTER TABLE people RENAME TO users;
-- mysql
ALTER TABLE people RENAME TO users;
-- mariadb
ALTER TABLE people RENAME TO users;
-- sqlite
ALTER TABLE people RENAME TO users;

-- case: in a schema
-- postgres
ALTER TABLE workspace.people RENAME TO users;
-- mysql
ALTER TABLE workspace.people RENAME TO workspace.users;
-- mariadb
ALTER TABLE workspace.people RENAME TO workspace.users;
-- sqlite
ALTER TABLE workspace.people RENAME TO users;

