-- People who may log in;
-- the name need not be unique.
CREATE TABLE users (
    id INTEGER NOT NULL PRIMARY KEY,
    name VARCHAR(80) NOT NULL,
    motto VARCHAR(200) NOT NULL DEFAULT 'none; yet' /* really; none */
);

INSERT INTO users (id, name) VALUES (1, 'Ada'), (2, 'it''s; "quoted"');
