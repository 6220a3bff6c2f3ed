// two columns
op.create_exclude(
    "stays",
    exclude("ex_stays")
        .using("gist")
        .with("room", "=")
        .with("during", "&&"),
)?;

// all of it
op.create_exclude(
    "stays",
    exclude("ex_stays")
        .using("gist")
        .with(index_column("room").operator_class("gist_int4_ops"), "=")
        .with(sql("tsrange(begins, ends)"), " && ")
        .filter("NOT cancelled")
        .deferrable(Deferrable::InitiallyDeferred),
)?;

// without a name or a method
op.create_exclude("stays", exclude(None).with("room", "="))?;

// an operator of a schema
op.create_exclude(
    "stays",
    exclude("ex_stays")
        .using("gist")
        .with("room", "OPERATOR(app.=)"),
)?;

// nothing compared
op.create_exclude("stays", exclude("ex_stays").using("gist"))?;

// an operator that is none
op.create_exclude(
    "stays",
    exclude("ex_stays")
        .using("gist")
        .with("room", "= ), x WITH ="),
)?;

// without an operator
op.create_exclude("stays", exclude("ex_stays").using("gist").with("room", ""))?;

