-- case: plain
-- postgres
DROP SEQUENCE numbers;
-- mysql
-- error: cannot drop sequence `numbers`: mysql does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row
-- mariadb
DROP SEQUENCE numbers;
-- sqlite
-- error: cannot drop sequence `numbers`: sqlite does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row

-- case: if it exists
-- postgres
DROP SEQUENCE IF EXISTS app.numbers;
-- mysql
-- error: cannot drop sequence `app.numbers`: mysql does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row
-- mariadb
DROP SEQUENCE IF EXISTS app.numbers;
-- sqlite
-- error: cannot drop sequence `app.numbers`: sqlite does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row

