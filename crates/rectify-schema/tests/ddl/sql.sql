-- case: plain
-- postgres
UPDATE users SET age = 1;
-- mysql
UPDATE users SET age = 1;
-- mariadb
UPDATE users SET age = 1;
-- sqlite
UPDATE users SET age = 1;

