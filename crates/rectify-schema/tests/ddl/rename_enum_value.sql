-- case: plain
-- postgres
ALTER TYPE mood RENAME VALUE 'sad' TO 'it''s';
-- mysql
-- error: cannot rename value `sad` of enum `mood` to `it's`: mysql does not support changing the enum `mood` by itself
-- hint: set each column that uses it to an `enumeration(..)` with both values, update its rows, and set it to the one without the old value
-- mariadb
-- error: cannot rename value `sad` of enum `mood` to `it's`: mariadb does not support changing the enum `mood` by itself
-- hint: set each column that uses it to an `enumeration(..)` with both values, update its rows, and set it to the one without the old value
-- sqlite
-- error: cannot rename value `sad` of enum `mood` to `it's`: sqlite does not support changing the enum `mood` by itself
-- hint: set each column that uses it to an `enumeration(..)` with both values in `op.batch_alter_table`, update its rows, and set it to the one without the old value

