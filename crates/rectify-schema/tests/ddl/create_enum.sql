-- case: plain
-- postgres
CREATE TYPE mood AS ENUM ('sad', 'it''s', 'back\slash');
-- mysql
-- nothing to do
-- mariadb
-- nothing to do
-- sqlite
-- nothing to do

-- case: in a schema
-- postgres
CREATE TYPE workspace."Mood" AS ENUM ('sad');
-- mysql
-- nothing to do
-- mariadb
-- nothing to do
-- sqlite
-- nothing to do

