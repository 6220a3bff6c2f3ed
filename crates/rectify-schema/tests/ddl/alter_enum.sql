-- case: that no column uses
-- postgres
ALTER TYPE mood RENAME TO mood__old;
CREATE TYPE mood AS ENUM ('sad', 'glad');
DROP TYPE mood__old;
-- mysql
-- nothing to do
-- mariadb
-- nothing to do
-- sqlite
-- nothing to do

-- case: columns with and without a default, and an array
-- postgres
ALTER TYPE workspace."Mood" RENAME TO "Mood__old";
CREATE TYPE workspace."Mood" AS ENUM ('sad', 'it''s');
ALTER TABLE people ALTER COLUMN mood DROP DEFAULT;
ALTER TABLE people ALTER COLUMN mood TYPE workspace."Mood" USING mood::text::workspace."Mood";
ALTER TABLE people ALTER COLUMN mood SET DEFAULT 'sad';
ALTER TABLE people ALTER COLUMN was DROP DEFAULT;
ALTER TABLE people ALTER COLUMN was TYPE workspace."Mood" USING was::text::workspace."Mood";
ALTER TABLE workspace.teams ALTER COLUMN moods DROP DEFAULT;
ALTER TABLE workspace.teams ALTER COLUMN moods TYPE workspace."Mood"[] USING moods::text[]::workspace."Mood"[];
ALTER TABLE workspace.teams ALTER COLUMN moods SET DEFAULT '{}';
DROP TYPE workspace."Mood__old";
-- mysql
-- nothing to do
-- mariadb
-- nothing to do
-- sqlite
-- nothing to do

