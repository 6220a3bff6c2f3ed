-- case: plain
-- postgres
ALTER TABLE app.stays DROP CONSTRAINT ex_stays;
-- mysql
-- error: cannot drop exclusion constraint `ex_stays` on `app.stays`: mysql does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- mariadb
-- error: cannot drop exclusion constraint `ex_stays` on `app.stays`: mariadb does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- sqlite
-- error: cannot drop exclusion constraint `ex_stays` on `app.stays`: sqlite does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`

-- case: if it exists
-- postgres
ALTER TABLE stays DROP CONSTRAINT IF EXISTS ex_stays;
-- mysql
-- error: cannot drop exclusion constraint `ex_stays` on `stays`: mysql does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- mariadb
-- error: cannot drop exclusion constraint `ex_stays` on `stays`: mariadb does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- sqlite
-- error: cannot drop exclusion constraint `ex_stays` on `stays`: sqlite does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`

