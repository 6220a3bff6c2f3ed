-- case: rename
-- postgres
ALTER TABLE users RENAME COLUMN email TO mail;
-- mysql
ALTER TABLE users RENAME COLUMN email TO mail;
-- mariadb
ALTER TABLE users RENAME COLUMN email TO mail;
-- sqlite
ALTER TABLE users RENAME COLUMN email TO mail;

-- case: type
-- postgres
ALTER TABLE users ALTER COLUMN email TYPE VARCHAR(320);
-- mysql
ALTER TABLE users MODIFY COLUMN email VARCHAR(320) NOT NULL DEFAULT '-' COMMENT 'address';
-- mariadb
ALTER TABLE users MODIFY COLUMN email VARCHAR(320) NOT NULL DEFAULT '-' COMMENT 'address';
-- sqlite
-- error: cannot alter column `users`.`email`: sqlite does not support changing the type of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: type, not known what it is
-- postgres
ALTER TABLE users ALTER COLUMN email TYPE VARCHAR(320);
-- mysql
-- error: cannot alter column `users`.`email`: mysql does not support changing a part of a column: it restates the whole column, and what it is now is not known
-- hint: run against the database, or say what the column is with `.existing(column(..))`
-- mariadb
-- error: cannot alter column `users`.`email`: mariadb does not support changing a part of a column: it restates the whole column, and what it is now is not known
-- hint: run against the database, or say what the column is with `.existing(column(..))`
-- sqlite
-- error: cannot alter column `users`.`email`: sqlite does not support changing the type of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: collation
-- postgres
ALTER TABLE users ALTER COLUMN email TYPE VARCHAR(255) COLLATE "C";
-- mysql
ALTER TABLE users MODIFY COLUMN email VARCHAR(255) COLLATE `C` NOT NULL DEFAULT '-' COMMENT 'address';
-- mariadb
ALTER TABLE users MODIFY COLUMN email VARCHAR(255) COLLATE `C` NOT NULL DEFAULT '-' COMMENT 'address';
-- sqlite
-- error: cannot alter column `users`.`email`: sqlite does not support changing the collation of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: collation, not known what it is
-- postgres
-- error: cannot alter column `users`.`email`: postgres does not support changing a collation without the type
-- hint: add `.set_type(..)`, which may be the old one
-- mysql
-- error: cannot alter column `users`.`email`: mysql does not support changing a part of a column: it restates the whole column, and what it is now is not known
-- hint: run against the database, or say what the column is with `.existing(column(..))`
-- mariadb
-- error: cannot alter column `users`.`email`: mariadb does not support changing a part of a column: it restates the whole column, and what it is now is not known
-- hint: run against the database, or say what the column is with `.existing(column(..))`
-- sqlite
-- error: cannot alter column `users`.`email`: sqlite does not support changing the collation of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: no collation, and another type
-- postgres
ALTER TABLE users ALTER COLUMN email TYPE TEXT;
-- mysql
ALTER TABLE users MODIFY COLUMN email TEXT NOT NULL DEFAULT ('-') COMMENT 'address';
-- mariadb
ALTER TABLE users MODIFY COLUMN email TEXT NOT NULL DEFAULT '-' COMMENT 'address';
-- sqlite
-- error: cannot alter column `users`.`email`: sqlite does not support changing the type of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: type with using
-- postgres
ALTER TABLE users ALTER COLUMN email DROP DEFAULT;
ALTER TABLE users ALTER COLUMN email TYPE INTEGER USING length(email);
-- mysql
ALTER TABLE users MODIFY COLUMN email INTEGER NOT NULL COMMENT 'address';
-- mariadb
ALTER TABLE users MODIFY COLUMN email INTEGER NOT NULL COMMENT 'address';
-- sqlite
-- error: cannot alter column `users`.`email`: sqlite does not support changing the type of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: type to an enum keeps the default
-- postgres
ALTER TABLE users ALTER COLUMN email DROP DEFAULT;
ALTER TABLE users ALTER COLUMN email TYPE mood USING email::mood;
ALTER TABLE users ALTER COLUMN email SET DEFAULT '-';
-- mysql
ALTER TABLE users MODIFY COLUMN email ENUM('-') NOT NULL DEFAULT '-' COMMENT 'address';
-- mariadb
ALTER TABLE users MODIFY COLUMN email ENUM('-') NOT NULL DEFAULT '-' COMMENT 'address';
-- sqlite
-- error: cannot alter column `users`.`email`: sqlite does not support changing the type of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: type and default
-- postgres
ALTER TABLE users ALTER COLUMN email DROP DEFAULT;
ALTER TABLE users ALTER COLUMN email TYPE INTEGER;
ALTER TABLE users ALTER COLUMN email SET DEFAULT 5;
-- mysql
ALTER TABLE users MODIFY COLUMN email INTEGER NOT NULL DEFAULT 5 COMMENT 'address';
-- mariadb
ALTER TABLE users MODIFY COLUMN email INTEGER NOT NULL DEFAULT 5 COMMENT 'address';
-- sqlite
-- error: cannot alter column `users`.`email`: sqlite does not support changing the type of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: set not null
-- postgres
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
-- mysql
ALTER TABLE users MODIFY COLUMN email VARCHAR(255) NOT NULL DEFAULT '-' COMMENT 'address';
-- mariadb
ALTER TABLE users MODIFY COLUMN email VARCHAR(255) NOT NULL DEFAULT '-' COMMENT 'address';
-- sqlite
-- error: cannot alter column `users`.`email`: sqlite does not support changing the nullability of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: drop not null
-- postgres
ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
-- mysql
ALTER TABLE users MODIFY COLUMN email VARCHAR(255) NULL DEFAULT '-' COMMENT 'address';
-- mariadb
ALTER TABLE users MODIFY COLUMN email VARCHAR(255) NULL DEFAULT '-' COMMENT 'address';
-- sqlite
-- error: cannot alter column `users`.`email`: sqlite does not support changing the nullability of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: set default
-- postgres
ALTER TABLE users ALTER COLUMN email SET DEFAULT 'none';
-- mysql
ALTER TABLE users ALTER COLUMN email SET DEFAULT 'none';
-- mariadb
ALTER TABLE users ALTER COLUMN email SET DEFAULT 'none';
-- sqlite
-- error: cannot alter column `users`.`email`: sqlite does not support changing the default of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: drop default
-- postgres
ALTER TABLE users ALTER COLUMN email DROP DEFAULT;
-- mysql
ALTER TABLE users ALTER COLUMN email DROP DEFAULT;
-- mariadb
ALTER TABLE users ALTER COLUMN email DROP DEFAULT;
-- sqlite
-- error: cannot alter column `users`.`email`: sqlite does not support changing the default of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: default in parentheses
-- postgres
ALTER TABLE users ALTER COLUMN email SET DEFAULT (1 + 2);
-- mysql
ALTER TABLE users ALTER COLUMN email SET DEFAULT (1 + 2);
-- mariadb
ALTER TABLE users ALTER COLUMN email SET DEFAULT (1 + 2);
-- sqlite
-- error: cannot alter column `users`.`email`: sqlite does not support changing the default of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: default of now
-- postgres
ALTER TABLE users ALTER COLUMN email SET DEFAULT CURRENT_TIMESTAMP;
-- mysql
ALTER TABLE users ALTER COLUMN email SET DEFAULT (CURRENT_TIMESTAMP);
-- mariadb
ALTER TABLE users ALTER COLUMN email SET DEFAULT CURRENT_TIMESTAMP;
-- sqlite
-- error: cannot alter column `users`.`email`: sqlite does not support changing the default of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: default at each update
-- postgres
ALTER TABLE users ALTER COLUMN email SET DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP;
-- mysql
ALTER TABLE users MODIFY COLUMN email VARCHAR(255) NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP COMMENT 'address';
-- mariadb
ALTER TABLE users MODIFY COLUMN email VARCHAR(255) NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP COMMENT 'address';
-- sqlite
-- error: cannot alter column `users`.`email`: sqlite does not support changing the default of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: comment
-- postgres
COMMENT ON COLUMN users.email IS 'it''s';
-- mysql
ALTER TABLE users MODIFY COLUMN email VARCHAR(255) NOT NULL DEFAULT '-' COMMENT 'it''s';
-- mariadb
ALTER TABLE users MODIFY COLUMN email VARCHAR(255) NOT NULL DEFAULT '-' COMMENT 'it''s';
-- sqlite
-- nothing to do

-- case: everything
-- postgres
ALTER TABLE users ALTER COLUMN email DROP DEFAULT;
ALTER TABLE users ALTER COLUMN email TYPE TEXT;
ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
COMMENT ON COLUMN users.email IS NULL;
ALTER TABLE users RENAME COLUMN email TO mail;
-- mysql
ALTER TABLE users CHANGE COLUMN email mail TEXT NULL;
-- mariadb
ALTER TABLE users CHANGE COLUMN email mail TEXT NULL;
-- sqlite
-- error: cannot alter column `users`.`email`: sqlite does not support changing the type of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: identity
-- postgres
ALTER TABLE users ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;
-- mysql
ALTER TABLE users MODIFY COLUMN id BIGINT NOT NULL AUTO_INCREMENT;
-- mariadb
ALTER TABLE users MODIFY COLUMN id BIGINT NOT NULL AUTO_INCREMENT;
-- sqlite
-- error: cannot alter column `users`.`id`: sqlite does not support changing the identity of a column
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: nothing
-- postgres
-- nothing to do
-- mysql
-- nothing to do
-- mariadb
-- nothing to do
-- sqlite
-- nothing to do

-- case: using without a type
-- postgres
-- error: cannot alter column `users`.`email`: postgres does not support `using` without a new type
-- hint: add `.set_type(..)`, or update the rows with SQL
-- mysql
-- error: cannot alter column `users`.`email`: mysql does not support `using` without a new type
-- hint: add `.set_type(..)`, or update the rows with SQL
-- mariadb
-- error: cannot alter column `users`.`email`: mariadb does not support `using` without a new type
-- hint: add `.set_type(..)`, or update the rows with SQL
-- sqlite
-- nothing to do

