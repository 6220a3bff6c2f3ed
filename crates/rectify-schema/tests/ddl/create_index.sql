-- case: plain
-- postgres
CREATE INDEX ix_users ON users (email, age);
-- mysql
CREATE INDEX ix_users ON users (email, age);
-- mariadb
CREATE INDEX ix_users ON users (email, age);
-- sqlite
CREATE INDEX ix_users ON users (email, age);

-- case: unique
-- postgres
CREATE UNIQUE INDEX ix_users ON users (email);
-- mysql
CREATE UNIQUE INDEX ix_users ON users (email);
-- mariadb
CREATE UNIQUE INDEX ix_users ON users (email);
-- sqlite
CREATE UNIQUE INDEX ix_users ON users (email);

-- case: order
-- postgres
CREATE INDEX ix_users ON users (age DESC, email);
-- mysql
CREATE INDEX ix_users ON users (age DESC, email);
-- mariadb
CREATE INDEX ix_users ON users (age DESC, email);
-- sqlite
CREATE INDEX ix_users ON users (age DESC, email);

-- case: expression
-- postgres
CREATE INDEX ix_users ON users ((lower(email)));
-- mysql
CREATE INDEX ix_users ON users ((lower(email)));
-- mariadb
-- error: cannot create index `ix_users` on `users`: mariadb does not support indexes on expressions
-- hint: add a generated column and index that
-- sqlite
CREATE INDEX ix_users ON users ((lower(email)));

-- case: partial
-- postgres
CREATE INDEX ix_users ON users (email) WHERE age > 3;
-- mysql
-- error: cannot create index `ix_users` on `users`: mysql does not support partial indexes
-- hint: leave out `.filter(..)`, or index a generated column
-- mariadb
-- error: cannot create index `ix_users` on `users`: mariadb does not support partial indexes
-- hint: leave out `.filter(..)`, or index a generated column
-- sqlite
CREATE INDEX ix_users ON users (email) WHERE age > 3;

-- case: concurrently
-- postgres
CREATE INDEX CONCURRENTLY ix_users ON users (email); -- outside a transaction
-- mysql
CREATE INDEX ix_users ON users (email);
-- mariadb
CREATE INDEX ix_users ON users (email);
-- sqlite
CREATE INDEX ix_users ON users (email);

-- case: if it does not exist
-- postgres
CREATE INDEX IF NOT EXISTS ix_users ON users (email);
-- mysql
-- error: cannot create index `ix_users` on `users`: mysql does not support `if_not_exists` on an index
-- hint: leave it out
-- mariadb
CREATE INDEX IF NOT EXISTS ix_users ON users (email);
-- sqlite
CREATE INDEX IF NOT EXISTS ix_users ON users (email);

-- case: method
-- postgres
CREATE INDEX ix_users ON users USING hash (email);
-- mysql
CREATE INDEX ix_users ON users (email) USING HASH;
-- mariadb
CREATE INDEX ix_users ON users (email) USING HASH;
-- sqlite
-- error: cannot create index `ix_users` on `users`: sqlite does not support `hash` indexes
-- hint: leave out `.using(..)` on this database

-- case: gin
-- postgres
CREATE INDEX ix_users ON users USING gin (email);
-- mysql
-- error: cannot create index `ix_users` on `users`: mysql does not support `gin` indexes
-- hint: leave out `.using(..)` on this database, or use btree, hash, fulltext or spatial
-- mariadb
-- error: cannot create index `ix_users` on `users`: mariadb does not support `gin` indexes
-- hint: leave out `.using(..)` on this database, or use btree, hash, fulltext or spatial
-- sqlite
-- error: cannot create index `ix_users` on `users`: sqlite does not support `gin` indexes
-- hint: leave out `.using(..)` on this database

-- case: include
-- postgres
CREATE INDEX ix_users ON users (email) INCLUDE (age);
-- mysql
-- error: cannot create index `ix_users` on `users`: mysql does not support columns carried along in an index
-- hint: add the columns to the index itself
-- mariadb
-- error: cannot create index `ix_users` on `users`: mariadb does not support columns carried along in an index
-- hint: add the columns to the index itself
-- sqlite
-- error: cannot create index `ix_users` on `users`: sqlite does not support columns carried along in an index
-- hint: add the columns to the index itself

-- case: length
-- postgres
CREATE INDEX ix_users ON users (email);
-- mysql
CREATE INDEX ix_users ON users (email(10));
-- mariadb
CREATE INDEX ix_users ON users (email(10));
-- sqlite
CREATE INDEX ix_users ON users (email);

-- case: nulls last
-- postgres
CREATE INDEX ix_users ON users (age NULLS LAST);
-- mysql
-- error: cannot create index `ix_users` on `users`: mysql does not support the place of NULLs in an index
-- hint: leave out `.nulls_first()` and `.nulls_last()`
-- mariadb
-- error: cannot create index `ix_users` on `users`: mariadb does not support the place of NULLs in an index
-- hint: leave out `.nulls_first()` and `.nulls_last()`
-- sqlite
-- error: cannot create index `ix_users` on `users`: sqlite does not support the place of NULLs in an index
-- hint: leave out `.nulls_first()` and `.nulls_last()`

-- case: in a schema
-- postgres
CREATE INDEX ix_users ON workspace.users (email);
-- mysql
CREATE INDEX ix_users ON workspace.users (email);
-- mariadb
CREATE INDEX ix_users ON workspace.users (email);
-- sqlite
CREATE INDEX workspace.ix_users ON users (email);

-- case: without columns
-- postgres
-- error: cannot create index `ix_users` on `users`: postgres does not support an index without columns
-- hint: name its columns with `.on("table", [..])`
-- mysql
-- error: cannot create index `ix_users` on `users`: mysql does not support an index without columns
-- hint: name its columns with `.on("table", [..])`
-- mariadb
-- error: cannot create index `ix_users` on `users`: mariadb does not support an index without columns
-- hint: name its columns with `.on("table", [..])`
-- sqlite
-- error: cannot create index `ix_users` on `users`: sqlite does not support an index without columns
-- hint: name its columns with `.on("table", [..])`

-- case: storage, tablespace
-- postgres
CREATE INDEX ix_users ON users (email) WITH (fillfactor = 70) TABLESPACE fast WHERE age > 3;
-- mysql
-- error: cannot create index `ix_users` on `users`: mysql does not support partial indexes
-- hint: leave out `.filter(..)`, or index a generated column
-- mariadb
-- error: cannot create index `ix_users` on `users`: mariadb does not support partial indexes
-- hint: leave out `.filter(..)`, or index a generated column
-- sqlite
CREATE INDEX ix_users ON users (email) WHERE age > 3;

-- case: parser
-- postgres
CREATE INDEX ix_users ON users USING fulltext (email);
-- mysql
CREATE FULLTEXT INDEX ix_users ON users (email) WITH PARSER ngram;
-- mariadb
CREATE FULLTEXT INDEX ix_users ON users (email) WITH PARSER ngram;
-- sqlite
-- error: cannot create index `ix_users` on `users`: sqlite does not support `fulltext` indexes
-- hint: leave out `.using(..)` on this database

-- case: parser of another index
-- postgres
CREATE INDEX ix_users ON users (email);
-- mysql
-- error: cannot create index `ix_users` on `users`: mysql does not support a parser of an index that is not fulltext
-- hint: add `.using("fulltext")`
-- mariadb
-- error: cannot create index `ix_users` on `users`: mariadb does not support a parser of an index that is not fulltext
-- hint: add `.using("fulltext")`
-- sqlite
CREATE INDEX ix_users ON users (email);

