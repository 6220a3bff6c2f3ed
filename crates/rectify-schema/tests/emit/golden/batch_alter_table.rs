// what each can do in place
op.batch_alter_table("users", |batch| {
    batch.add_column(column("age", integer()));
    batch.create_index(index("ix_users_age").on("users", ["age"]));
})?;

// what SQLite rebuilds the table for
op.batch_alter_table("users", |batch| {
    batch.drop_check("ck_users_age");
})?;

