-- case: set
-- postgres
COMMENT ON TABLE users IS 'what''s in \ it';
-- mysql
ALTER TABLE users COMMENT = 'what''s in \\ it';
-- mariadb
ALTER TABLE users COMMENT = 'what''s in \\ it';
-- sqlite
-- nothing to do

-- case: remove
-- postgres
COMMENT ON TABLE users IS NULL;
-- mysql
ALTER TABLE users COMMENT = '';
-- mariadb
ALTER TABLE users COMMENT = '';
-- sqlite
-- nothing to do

