// plain
op.sql("UPDATE users SET age = 1")?;

