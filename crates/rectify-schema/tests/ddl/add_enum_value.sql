-- case: last
-- postgres
ALTER TYPE mood ADD VALUE 'calm';
-- mysql
-- error: cannot add value `calm` to enum `mood`: mysql does not support changing the enum `mood` by itself
-- hint: set each column that uses it to the longer `enumeration(..)` with `op.alter_column`
-- mariadb
-- error: cannot add value `calm` to enum `mood`: mariadb does not support changing the enum `mood` by itself
-- hint: set each column that uses it to the longer `enumeration(..)` with `op.alter_column`
-- sqlite
-- error: cannot add value `calm` to enum `mood`: sqlite does not support changing the enum `mood` by itself
-- hint: set each column that uses it to the longer `enumeration(..)` in `op.batch_alter_table`

-- case: before another
-- postgres
ALTER TYPE mood ADD VALUE 'calm' BEFORE 'happy';
-- mysql
-- error: cannot add value `calm` to enum `mood`: mysql does not support changing the enum `mood` by itself
-- hint: set each column that uses it to the longer `enumeration(..)` with `op.alter_column`
-- mariadb
-- error: cannot add value `calm` to enum `mood`: mariadb does not support changing the enum `mood` by itself
-- hint: set each column that uses it to the longer `enumeration(..)` with `op.alter_column`
-- sqlite
-- error: cannot add value `calm` to enum `mood`: sqlite does not support changing the enum `mood` by itself
-- hint: set each column that uses it to the longer `enumeration(..)` in `op.batch_alter_table`

-- case: after another
-- postgres
ALTER TYPE app.mood ADD VALUE 'it''s' AFTER 'sad';
-- mysql
-- error: cannot add value `it's` to enum `app.mood`: mysql does not support changing the enum `app.mood` by itself
-- hint: set each column that uses it to the longer `enumeration(..)` with `op.alter_column`
-- mariadb
-- error: cannot add value `it's` to enum `app.mood`: mariadb does not support changing the enum `app.mood` by itself
-- hint: set each column that uses it to the longer `enumeration(..)` with `op.alter_column`
-- sqlite
-- error: cannot add value `it's` to enum `app.mood`: sqlite does not support changing the enum `app.mood` by itself
-- hint: set each column that uses it to the longer `enumeration(..)` in `op.batch_alter_table`

-- case: if it does not exist
-- postgres
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'calm';
-- mysql
-- error: cannot add value `calm` to enum `mood`: mysql does not support changing the enum `mood` by itself
-- hint: set each column that uses it to the longer `enumeration(..)` with `op.alter_column`
-- mariadb
-- error: cannot add value `calm` to enum `mood`: mariadb does not support changing the enum `mood` by itself
-- hint: set each column that uses it to the longer `enumeration(..)` with `op.alter_column`
-- sqlite
-- error: cannot add value `calm` to enum `mood`: sqlite does not support changing the enum `mood` by itself
-- hint: set each column that uses it to the longer `enumeration(..)` in `op.batch_alter_table`

