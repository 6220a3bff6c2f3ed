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

-- case: with its foreign key
-- postgres
ALTER TABLE users DROP COLUMN tenant_id;
-- mysql
ALTER TABLE users DROP FOREIGN KEY fk_users_tenant, DROP COLUMN tenant_id;
-- mariadb
ALTER TABLE users DROP FOREIGN KEY fk_users_tenant, DROP COLUMN tenant_id;
-- sqlite
ALTER TABLE users DROP COLUMN tenant_id;

