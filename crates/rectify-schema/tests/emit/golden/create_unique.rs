// two columns
op.create_unique("users", unique("uq_users").on(["email", "age"]))?;

// deferrable
op.create_unique(
    "users",
    unique("uq")
        .on(["email"])
        .deferrable(Deferrable::InitiallyDeferred),
)?;

// nulls not distinct
op.create_unique("users", unique("uq").on(["email"]).nulls_not_distinct())?;

// include
op.create_unique("users", unique("uq").on(["email"]).include(["age"]))?;

// a column twice
op.create_unique("users", unique("uq").on(["email", "email"]))?;

// without columns
op.create_unique("users", unique("uq").on([""; 0]))?;

// without a name
op.create_unique("users", unique(None).on(["email"]))?;

// on conflict
op.create_unique(
    "users",
    unique("uq").on(["email"]).on_conflict(OnConflict::Ignore),
)?;

