ALTER TABLE users DROP COLUMN theme;
DELETE FROM settings WHERE name = 'theme'
