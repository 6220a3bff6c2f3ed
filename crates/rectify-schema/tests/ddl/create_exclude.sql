-- case: two columns
-- postgres
ALTER TABLE stays ADD CONSTRAINT ex_stays EXCLUDE USING gist (room WITH =, during WITH &&);
-- mysql
-- error: cannot create exclusion constraint `ex_stays` on `stays`: mysql does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- mariadb
-- error: cannot create exclusion constraint `ex_stays` on `stays`: mariadb does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- sqlite
-- error: cannot create exclusion constraint `ex_stays` on `stays`: sqlite does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`

-- case: all of it
-- postgres
ALTER TABLE stays ADD CONSTRAINT ex_stays EXCLUDE USING gist (room gist_int4_ops WITH =, (tsrange(begins, ends)) WITH &&) WHERE (NOT cancelled) DEFERRABLE INITIALLY DEFERRED;
-- mysql
-- error: cannot create exclusion constraint `ex_stays` on `stays`: mysql does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- mariadb
-- error: cannot create exclusion constraint `ex_stays` on `stays`: mariadb does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- sqlite
-- error: cannot create exclusion constraint `ex_stays` on `stays`: sqlite does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`

-- case: without a name or a method
-- postgres
ALTER TABLE stays ADD EXCLUDE (room WITH =);
-- mysql
-- error: cannot create exclusion constraint on `stays`: mysql does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- mariadb
-- error: cannot create exclusion constraint on `stays`: mariadb does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- sqlite
-- error: cannot create exclusion constraint on `stays`: sqlite does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`

-- case: an operator of a schema
-- postgres
ALTER TABLE stays ADD CONSTRAINT ex_stays EXCLUDE USING gist (room WITH OPERATOR(app.=));
-- mysql
-- error: cannot create exclusion constraint `ex_stays` on `stays`: mysql does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- mariadb
-- error: cannot create exclusion constraint `ex_stays` on `stays`: mariadb does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- sqlite
-- error: cannot create exclusion constraint `ex_stays` on `stays`: sqlite does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`

-- case: nothing compared
-- postgres
-- error: cannot create exclusion constraint `ex_stays` on `stays`: postgres does not support an exclusion constraint that compares nothing
-- hint: add what to compare: `.with("during", "&&")`
-- mysql
-- error: cannot create exclusion constraint `ex_stays` on `stays`: mysql does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- mariadb
-- error: cannot create exclusion constraint `ex_stays` on `stays`: mariadb does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- sqlite
-- error: cannot create exclusion constraint `ex_stays` on `stays`: sqlite does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`

-- case: an operator that is none
-- postgres
-- error: cannot create exclusion constraint `ex_stays` on `stays`: postgres does not support `= ), x WITH =` as the operator of an exclusion constraint
-- hint: give an operator, such as `=` or `&&`; one of a schema is `OPERATOR(schema.=)`
-- mysql
-- error: cannot create exclusion constraint `ex_stays` on `stays`: mysql does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- mariadb
-- error: cannot create exclusion constraint `ex_stays` on `stays`: mariadb does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- sqlite
-- error: cannot create exclusion constraint `ex_stays` on `stays`: sqlite does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`

-- case: without an operator
-- postgres
-- error: cannot create exclusion constraint `ex_stays` on `stays`: postgres does not support `` as the operator of an exclusion constraint
-- hint: give an operator, such as `=` or `&&`; one of a schema is `OPERATOR(schema.=)`
-- mysql
-- error: cannot create exclusion constraint `ex_stays` on `stays`: mysql does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- mariadb
-- error: cannot create exclusion constraint `ex_stays` on `stays`: mariadb does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`
-- sqlite
-- error: cannot create exclusion constraint `ex_stays` on `stays`: sqlite does not support exclusion constraints
-- hint: use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under `if op.family() == Family::Postgres`

