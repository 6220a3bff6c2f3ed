-- case: named
-- postgres
ALTER TABLE users ADD CONSTRAINT pk_users PRIMARY KEY (id);
-- mysql
ALTER TABLE users ADD CONSTRAINT pk_users PRIMARY KEY (id);
-- mariadb
ALTER TABLE users ADD CONSTRAINT pk_users PRIMARY KEY (id);
-- sqlite
-- error: cannot create primary key on `users`: sqlite does not support adding a primary key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: without columns
-- postgres
-- error: cannot create primary key on `users`: postgres does not support a key or constraint without columns
-- hint: name its columns with `.on([..])`
-- mysql
-- error: cannot create primary key on `users`: mysql does not support a key or constraint without columns
-- hint: name its columns with `.on([..])`
-- mariadb
-- error: cannot create primary key on `users`: mariadb does not support a key or constraint without columns
-- hint: name its columns with `.on([..])`
-- sqlite
-- error: cannot create primary key on `users`: sqlite does not support adding a primary key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: deferrable
-- postgres
ALTER TABLE users ADD CONSTRAINT pk PRIMARY KEY (id) DEFERRABLE INITIALLY DEFERRED;
-- mysql
-- error: cannot create primary key on `users`: mysql does not support deferrable constraints
-- hint: leave out `.deferrable(..)`
-- mariadb
-- error: cannot create primary key on `users`: mariadb does not support deferrable constraints
-- hint: leave out `.deferrable(..)`
-- sqlite
-- error: cannot create primary key on `users`: sqlite does not support adding a primary key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: include
-- postgres
ALTER TABLE users ADD CONSTRAINT pk PRIMARY KEY (id) INCLUDE (email);
-- mysql
-- error: cannot create primary key on `users`: mysql does not support columns carried along in a key
-- hint: add an index that has the columns as well
-- mariadb
-- error: cannot create primary key on `users`: mariadb does not support columns carried along in a key
-- hint: add an index that has the columns as well
-- sqlite
-- error: cannot create primary key on `users`: sqlite does not support adding a primary key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

