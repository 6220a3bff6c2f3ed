-- case: plain
-- postgres
CREATE SEQUENCE numbers;
-- mysql
-- error: cannot create sequence `numbers`: mysql does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row
-- mariadb
CREATE SEQUENCE numbers;
-- sqlite
-- error: cannot create sequence `numbers`: sqlite does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row

-- case: options
-- postgres
CREATE SEQUENCE IF NOT EXISTS app.numbers START WITH -5 INCREMENT BY -1 MINVALUE -100 MAXVALUE -1 CACHE 20 CYCLE;
-- mysql
-- error: cannot create sequence `app.numbers`: mysql does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row
-- mariadb
CREATE SEQUENCE IF NOT EXISTS app.numbers START WITH -5 INCREMENT BY -1 MINVALUE -100 MAXVALUE -1 CACHE 20 CYCLE;
-- sqlite
-- error: cannot create sequence `app.numbers`: sqlite does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row

-- case: of a column
-- postgres
CREATE SEQUENCE numbers OWNED BY bills.number;
-- mysql
-- error: cannot create sequence `numbers`: mysql does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row
-- mariadb
-- error: cannot create sequence `numbers`: mariadb does not support a sequence that belongs to a column
-- hint: leave out `.owned_by(..)` on this database
-- sqlite
-- error: cannot create sequence `numbers`: sqlite does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row

