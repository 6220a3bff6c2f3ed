// set
op.set_table_options(
    "users",
    table_options()
        .strict()
        .without_rowid()
        .engine("MyISAM")
        .charset("latin1")
        .collate("latin1_bin")
        .row_format("FIXED")
        .auto_increment(10)
        .partitions("HASH(id) PARTITIONS 4")
        .unlogged()
        .access_method("heap2")
        .storage("fillfactor", 70)
        .tablespace("fast"),
)?;

// take away
op.apply(
    SetTableOptions::new("users", table_options()).existing(
        table_options()
            .strict()
            .without_rowid()
            .engine("MyISAM")
            .charset("latin1")
            .collate("latin1_bin")
            .row_format("FIXED")
            .auto_increment(10)
            .partitions("HASH(id) PARTITIONS 4")
            .unlogged()
            .access_method("heap2")
            .storage("fillfactor", 70)
            .tablespace("fast"),
    ),
)?;

// split
op.set_table_options("users", table_options().partition_by("RANGE (id)"))?;

