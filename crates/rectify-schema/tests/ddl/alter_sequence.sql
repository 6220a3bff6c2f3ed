-- case: increment
-- postgres
ALTER SEQUENCE numbers INCREMENT BY 5 NO CYCLE;
-- mysql
-- error: cannot alter sequence `numbers`: mysql does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row
-- mariadb
ALTER SEQUENCE numbers INCREMENT BY 5 NOCYCLE;
-- sqlite
-- error: cannot alter sequence `numbers`: sqlite does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row

-- case: restart
-- postgres
ALTER SEQUENCE numbers RESTART WITH 1;
-- mysql
-- error: cannot alter sequence `numbers`: mysql does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row
-- mariadb
ALTER SEQUENCE numbers RESTART WITH 1;
-- sqlite
-- error: cannot alter sequence `numbers`: sqlite does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row

-- case: owned_by_none
-- postgres
ALTER SEQUENCE numbers OWNED BY NONE;
-- mysql
-- error: cannot alter sequence `numbers`: mysql does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row
-- mariadb
-- nothing to do
-- sqlite
-- error: cannot alter sequence `numbers`: sqlite does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row

-- case: nothing
-- postgres
-- nothing to do
-- mysql
-- error: cannot alter sequence `numbers`: mysql does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row
-- mariadb
-- nothing to do
-- sqlite
-- error: cannot alter sequence `numbers`: sqlite does not support sequences
-- hint: number the rows of a table with `.identity()`, or keep the next number in a table of one row

