-- This undoes up.sql.
DROP TABLE users;
