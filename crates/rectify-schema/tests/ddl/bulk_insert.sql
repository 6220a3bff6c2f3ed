-- case: values of each kind
-- postgres
INSERT INTO users (id, email, age, ok) VALUES
    (1, 'it''s \', 1.5, true),
    (2, NULL, 1 + 1, false);
-- mysql
INSERT INTO users (id, email, age, ok) VALUES
    (1, 'it''s \\', 1.5, true),
    (2, NULL, 1 + 1, false);
-- mariadb
INSERT INTO users (id, email, age, ok) VALUES
    (1, 'it''s \\', 1.5, true),
    (2, NULL, 1 + 1, false);
-- sqlite
INSERT INTO users (id, email, age, ok) VALUES
    (1, 'it''s \', 1.5, 1),
    (2, NULL, 1 + 1, 0);

-- case: rows of other columns
-- postgres
INSERT INTO app."Users" (id) VALUES
    (1);
INSERT INTO app."Users" ("select") VALUES
    (2);
INSERT INTO app."Users" DEFAULT VALUES;
INSERT INTO app."Users" (id) VALUES
    (3);
-- mysql
INSERT INTO app.`Users` (id) VALUES
    (1);
INSERT INTO app.`Users` (`select`) VALUES
    (2);
INSERT INTO app.`Users` () VALUES ();
INSERT INTO app.`Users` (id) VALUES
    (3);
-- mariadb
INSERT INTO app.`Users` (id) VALUES
    (1);
INSERT INTO app.`Users` (`select`) VALUES
    (2);
INSERT INTO app.`Users` () VALUES ();
INSERT INTO app.`Users` (id) VALUES
    (3);
-- sqlite
INSERT INTO app."Users" (id) VALUES
    (1);
INSERT INTO app."Users" ("select") VALUES
    (2);
INSERT INTO app."Users" DEFAULT VALUES;
INSERT INTO app."Users" (id) VALUES
    (3);

-- case: expression
-- postgres
INSERT INTO users (seen_at) VALUES
    (now());
-- mysql
INSERT INTO users (seen_at) VALUES
    (now());
-- mariadb
INSERT INTO users (seen_at) VALUES
    (now());
-- sqlite
INSERT INTO users (seen_at) VALUES
    (CURRENT_TIMESTAMP);

-- case: bytes
-- postgres
INSERT INTO users (key) VALUES
    ('\x00ff');
-- mysql
INSERT INTO users (`key`) VALUES
    (X'00ff');
-- mariadb
INSERT INTO users (`key`) VALUES
    (X'00ff');
-- sqlite
INSERT INTO users ("key") VALUES
    (X'00ff');

-- case: no rows
-- postgres
-- nothing to do
-- mysql
-- nothing to do
-- mariadb
-- nothing to do
-- sqlite
-- nothing to do

-- case: a column twice
-- postgres
-- error: cannot insert 1 row into table `users`: postgres does not support the column `id` twice in one row
-- hint: set each column once
-- mysql
-- error: cannot insert 1 row into table `users`: mysql does not support the column `id` twice in one row
-- hint: set each column once
-- mariadb
-- error: cannot insert 1 row into table `users`: mariadb does not support the column `id` twice in one row
-- hint: set each column once
-- sqlite
-- error: cannot insert 1 row into table `users`: sqlite does not support the column `id` twice in one row
-- hint: set each column once

-- case: a NUL in a text
-- postgres
-- error: cannot insert 1 row into table `users`: postgres does not support a text with a NUL character
-- hint: remove the NUL character, or keep it in a binary column
-- mysql
-- error: cannot insert 1 row into table `users`: mysql does not support a text with a NUL character
-- hint: remove the NUL character, or keep it in a binary column
-- mariadb
-- error: cannot insert 1 row into table `users`: mariadb does not support a text with a NUL character
-- hint: remove the NUL character, or keep it in a binary column
-- sqlite
-- error: cannot insert 1 row into table `users`: sqlite does not support a text with a NUL character
-- hint: remove the NUL character, or keep it in a binary column

