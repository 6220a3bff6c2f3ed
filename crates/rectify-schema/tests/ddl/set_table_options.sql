-- case: set
-- postgres
ALTER TABLE users SET UNLOGGED;
ALTER TABLE users SET ACCESS METHOD heap2;
ALTER TABLE users SET TABLESPACE fast;
ALTER TABLE users SET (fillfactor = 70);
-- mysql
ALTER TABLE users ENGINE=`MyISAM` ROW_FORMAT=FIXED AUTO_INCREMENT=10;
ALTER TABLE users CONVERT TO CHARACTER SET latin1 COLLATE latin1_bin;
ALTER TABLE users PARTITION BY HASH(id) PARTITIONS 4;
-- mariadb
ALTER TABLE users ENGINE=`MyISAM` ROW_FORMAT=FIXED AUTO_INCREMENT=10;
ALTER TABLE users CONVERT TO CHARACTER SET latin1 COLLATE latin1_bin;
ALTER TABLE users PARTITION BY HASH(id) PARTITIONS 4;
-- sqlite
-- error: cannot set options of table `users`: engine MyISAM, charset latin1, collation latin1_bin, row format FIXED, partitions HASH(id) PARTITIONS 4, access method heap2, tablespace fast, auto increment 10, strict, without rowid, unlogged, fillfactor 70: sqlite does not support changing the options of a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: take away
-- postgres
ALTER TABLE users SET LOGGED;
ALTER TABLE users SET ACCESS METHOD heap;
ALTER TABLE users SET TABLESPACE pg_default;
ALTER TABLE users RESET (fillfactor);
-- mysql
ALTER TABLE users ENGINE=InnoDB ROW_FORMAT=DEFAULT;
ALTER TABLE users CONVERT TO CHARACTER SET DEFAULT;
ALTER TABLE users REMOVE PARTITIONING;
-- mariadb
ALTER TABLE users ENGINE=InnoDB ROW_FORMAT=DEFAULT;
ALTER TABLE users CONVERT TO CHARACTER SET DEFAULT;
ALTER TABLE users REMOVE PARTITIONING;
-- sqlite
-- error: cannot set options of table `users`: the default engine, the default charset, the default collation, the default row format, the default partitions, the default access method, the default tablespace, not strict, not without rowid, not unlogged, the default fillfactor: sqlite does not support changing the options of a table
-- hint: use `op.batch_alter_table("users", |batch| ..)`, which rebuilds the table

-- case: split
-- postgres
-- error: cannot set options of table `users`: partition by RANGE (id): postgres does not support splitting a table that is there
-- hint: create another table and move the rows, or attach this one to it with `op.sql`
-- mysql
-- nothing to do
-- mariadb
-- nothing to do
-- sqlite
-- nothing to do

