// named
op.create_primary_key("users", primary_key("pk_users").on(["id"]))?;

// without columns
op.create_primary_key("users", primary_key("pk_users").on([""; 0]))?;

// deferrable
op.create_primary_key(
    "users",
    primary_key("pk")
        .on(["id"])
        .deferrable(Deferrable::InitiallyDeferred),
)?;

// include
op.create_primary_key("users", primary_key("pk").on(["id"]).include(["email"]))?;

