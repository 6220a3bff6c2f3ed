-- case: plain
-- postgres
ALTER TABLE users ADD CONSTRAINT fk_users_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id);
-- mysql
ALTER TABLE users ADD CONSTRAINT fk_users_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id);
-- mariadb
ALTER TABLE users ADD CONSTRAINT fk_users_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id);
-- sqlite
-- error: cannot create foreign key `fk_users_tenant` on `users`: sqlite does not support adding a foreign key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: actions
-- postgres
ALTER TABLE users ADD CONSTRAINT fk_users_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE SET NULL ON UPDATE CASCADE;
-- mysql
ALTER TABLE users ADD CONSTRAINT fk_users_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE SET NULL ON UPDATE CASCADE;
-- mariadb
ALTER TABLE users ADD CONSTRAINT fk_users_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE SET NULL ON UPDATE CASCADE;
-- sqlite
-- error: cannot create foreign key `fk_users_tenant` on `users`: sqlite does not support adding a foreign key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: set default
-- postgres
ALTER TABLE users ADD CONSTRAINT fk_users_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE SET DEFAULT;
-- mysql
-- error: cannot create foreign key `fk_users_tenant` on `users`: mysql does not support the action SET DEFAULT
-- hint: use another action, such as `SetNull`
-- mariadb
-- error: cannot create foreign key `fk_users_tenant` on `users`: mariadb does not support the action SET DEFAULT
-- hint: use another action, such as `SetNull`
-- sqlite
-- error: cannot create foreign key `fk_users_tenant` on `users`: sqlite does not support adding a foreign key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: set one of two columns
-- postgres
ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (tenant_id, age) REFERENCES tenants (id, age) ON DELETE SET NULL (age);
-- mysql
-- error: cannot create foreign key `fk` on `users`: mysql does not support an ON DELETE that sets only some of the columns
-- hint: leave out `.on_delete_columns(..)`, so that all are set, or write a trigger
-- mariadb
-- error: cannot create foreign key `fk` on `users`: mariadb does not support an ON DELETE that sets only some of the columns
-- hint: leave out `.on_delete_columns(..)`, so that all are set, or write a trigger
-- sqlite
-- error: cannot create foreign key `fk` on `users`: sqlite does not support adding a foreign key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: deferred
-- postgres
ALTER TABLE users ADD CONSTRAINT fk_users_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) DEFERRABLE INITIALLY DEFERRED;
-- mysql
-- error: cannot create foreign key `fk_users_tenant` on `users`: mysql does not support deferrable constraints
-- hint: leave out `.deferrable()` and `.initially_deferred()`
-- mariadb
-- error: cannot create foreign key `fk_users_tenant` on `users`: mariadb does not support deferrable constraints
-- hint: leave out `.deferrable()` and `.initially_deferred()`
-- sqlite
-- error: cannot create foreign key `fk_users_tenant` on `users`: sqlite does not support adding a foreign key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: match full
-- postgres
ALTER TABLE users ADD CONSTRAINT fk_users_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) MATCH FULL ON DELETE CASCADE;
-- mysql
-- error: cannot create foreign key `fk_users_tenant` on `users`: mysql does not support MATCH FULL
-- hint: leave out `.match_full()`, or add a check that all columns are NULL or none
-- mariadb
-- error: cannot create foreign key `fk_users_tenant` on `users`: mariadb does not support MATCH FULL
-- hint: leave out `.match_full()`, or add a check that all columns are NULL or none
-- sqlite
-- error: cannot create foreign key `fk_users_tenant` on `users`: sqlite does not support adding a foreign key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: not valid
-- postgres
ALTER TABLE users ADD CONSTRAINT fk_users_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) NOT VALID;
-- mysql
-- error: cannot create foreign key `fk_users_tenant` on `users`: mysql does not support a constraint that existing rows may break
-- hint: leave out `.not_valid()`
-- mariadb
-- error: cannot create foreign key `fk_users_tenant` on `users`: mariadb does not support a constraint that existing rows may break
-- hint: leave out `.not_valid()`
-- sqlite
-- error: cannot create foreign key `fk_users_tenant` on `users`: sqlite does not support adding a foreign key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: into a schema
-- postgres
ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES workspace.tenants (id);
-- mysql
ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES workspace.tenants (id);
-- mariadb
ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES workspace.tenants (id);
-- sqlite
-- error: cannot create foreign key `fk` on `users`: sqlite does not support adding a foreign key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: counts differ
-- postgres
-- error: cannot create foreign key `fk` on `users`: postgres does not support a foreign key of 2 columns that refer to 1
-- hint: name as many columns in `.on(..)` as in `.references(..)`
-- mysql
-- error: cannot create foreign key `fk` on `users`: mysql does not support a foreign key of 2 columns that refer to 1
-- hint: name as many columns in `.on(..)` as in `.references(..)`
-- mariadb
-- error: cannot create foreign key `fk` on `users`: mariadb does not support a foreign key of 2 columns that refer to 1
-- hint: name as many columns in `.on(..)` as in `.references(..)`
-- sqlite
-- error: cannot create foreign key `fk` on `users`: sqlite does not support adding a foreign key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: to nothing
-- postgres
-- error: cannot create foreign key `fk` on `users`: postgres does not support a foreign key that refers to nothing
-- hint: name the table with `.references(..)`
-- mysql
-- error: cannot create foreign key `fk` on `users`: mysql does not support a foreign key without the columns referred to
-- hint: name them in `.references(..)`
-- mariadb
-- error: cannot create foreign key `fk` on `users`: mariadb does not support a foreign key without the columns referred to
-- hint: name them in `.references(..)`
-- sqlite
-- error: cannot create foreign key `fk` on `users`: sqlite does not support adding a foreign key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: without columns
-- postgres
-- error: cannot create foreign key `fk` on `users`: postgres does not support a key or constraint without columns
-- hint: name its columns with `.on([..])`
-- mysql
-- error: cannot create foreign key `fk` on `users`: mysql does not support a key or constraint without columns
-- hint: name its columns with `.on([..])`
-- mariadb
-- error: cannot create foreign key `fk` on `users`: mariadb does not support a key or constraint without columns
-- hint: name its columns with `.on([..])`
-- sqlite
-- error: cannot create foreign key `fk` on `users`: sqlite does not support adding a foreign key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: set some columns
-- postgres
ALTER TABLE users ADD CONSTRAINT fk_users_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE SET NULL (tenant_id);
-- mysql
-- error: cannot create foreign key `fk_users_tenant` on `users`: mysql does not support an ON DELETE that sets only some of the columns
-- hint: leave out `.on_delete_columns(..)`, so that all are set, or write a trigger
-- mariadb
-- error: cannot create foreign key `fk_users_tenant` on `users`: mariadb does not support an ON DELETE that sets only some of the columns
-- hint: leave out `.on_delete_columns(..)`, so that all are set, or write a trigger
-- sqlite
-- error: cannot create foreign key `fk_users_tenant` on `users`: sqlite does not support adding a foreign key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: set a column that is not in the key
-- postgres
-- error: cannot create foreign key `fk_users_tenant` on `users`: postgres does not support `age` to be set when a row is deleted, which is not a column of the key
-- hint: name columns of `.on(..)`
-- mysql
-- error: cannot create foreign key `fk_users_tenant` on `users`: mysql does not support the action SET DEFAULT
-- hint: use another action, such as `SetNull`
-- mariadb
-- error: cannot create foreign key `fk_users_tenant` on `users`: mariadb does not support the action SET DEFAULT
-- hint: use another action, such as `SetNull`
-- sqlite
-- error: cannot create foreign key `fk_users_tenant` on `users`: sqlite does not support adding a foreign key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: set columns, but nothing sets
-- postgres
-- error: cannot create foreign key `fk_users_tenant` on `users`: postgres does not support columns to set when a row is deleted without an action that sets any
-- hint: add `.on_delete(SetNull)` or `.on_delete(SetDefault)`
-- mysql
-- error: cannot create foreign key `fk_users_tenant` on `users`: mysql does not support an ON DELETE that sets only some of the columns
-- hint: leave out `.on_delete_columns(..)`, so that all are set, or write a trigger
-- mariadb
-- error: cannot create foreign key `fk_users_tenant` on `users`: mariadb does not support an ON DELETE that sets only some of the columns
-- hint: leave out `.on_delete_columns(..)`, so that all are set, or write a trigger
-- sqlite
-- error: cannot create foreign key `fk_users_tenant` on `users`: sqlite does not support adding a foreign key to a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

