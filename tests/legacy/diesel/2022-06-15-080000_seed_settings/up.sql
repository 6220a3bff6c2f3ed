INSERT INTO settings VALUES ('theme', 'dark');
ALTER TABLE users ADD COLUMN theme VARCHAR(40); -- of settings
UPDATE users SET theme = 'dark';
