-- case: plain
-- postgres
DROP TYPE mood;
-- mysql
-- nothing to do
-- mariadb
-- nothing to do
-- sqlite
-- nothing to do

-- case: if it exists
-- postgres
DROP TYPE IF EXISTS mood;
-- mysql
-- nothing to do
-- mariadb
-- nothing to do
-- sqlite
-- nothing to do

