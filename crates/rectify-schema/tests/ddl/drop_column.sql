-- case: plain
-- postgres
ALTER TABLE users DROP COLUMN age;
-- mysql
ALTER TABLE users DROP COLUMN age;
-- mariadb
ALTER TABLE users DROP COLUMN age;
-- sqlite
ALTER TABLE users DROP COLUMN age;

-- case: if it exists
-- postgres
ALTER TABLE users DROP COLUMN IF EXISTS age;
-- mysql
-- error: cannot drop column `users`.`age`: mysql does not support `if_exists` on a column
-- hint: leave it out
-- mariadb
ALTER TABLE users DROP COLUMN IF EXISTS age;
-- sqlite
-- error: cannot drop column `users`.`age`: sqlite does not support `if_exists` on a column
-- hint: leave it out

