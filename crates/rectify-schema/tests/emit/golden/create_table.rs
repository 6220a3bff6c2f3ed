// everything
op.create_table(
    table("documents")
        .comment("Uploaded documents")
        .column(column("id", bigint()).primary_key().identity())
        .column(
            column("tenant_id", bigint())
                .not_null()
                .comment("who owns it"),
        )
        .column(
            column("title", varchar(255))
                .not_null()
                .server_default(r"it's \ new"),
        )
        .column(
            column(
                "status",
                enumeration("document_status", ["draft", "approved"]),
            )
            .not_null()
            .server_default("draft"),
        )
        .column(
            column("created_at", timestamptz())
                .not_null()
                .server_default(sql("now()")),
        )
        .column(column("updated_at", timestamptz()))
        .unique(unique("uq_documents_title").on(["tenant_id", "title"]))
        .foreign_key(
            foreign_key("fk_documents_tenant")
                .on(["tenant_id"])
                .references("tenants", ["id"])
                .on_delete(Cascade),
        )
        .check(check("ck_documents_title", "length(title) > 0"))
        .index(index("ix_documents_created").on("documents", [index_column("created_at").desc()])),
)?;

// types
op.create_table(
    table("kinds")
        .column(column("a_smallint", smallint()).server_default(5))
        .column(column("a_integer", integer()).server_default(-1))
        .column(column("a_bigint", bigint()).server_default(sql("1 + 1")))
        .column(column("a_numeric", numeric(12, 3)).server_default(1.5))
        .column(column("a_real", real()))
        .column(column("a_double", double()))
        .column(
            column("a_boolean", boolean())
                .not_null()
                .server_default(true),
        )
        .column(column("a_char", char(2)))
        .column(column("a_varchar", varchar(30)))
        .column(column("a_text", text()).not_null().server_default("x"))
        .column(column("a_binary", binary()))
        .column(column("a_date", date()))
        .column(column("a_time", time()))
        .column(column("a_timestamp", timestamp()).server_default(sql("CURRENT_TIMESTAMP")))
        .column(column("a_timestamptz", timestamptz()))
        .column(column("a_uuid", uuid()))
        .column(column("a_json", json()))
        .column(column("a_jsonb", jsonb()))
        .column(column("a_custom", custom("DECIMAL(5)")).server_default(None::<&str>)),
)?;

// hostile names
op.create_table(
    table("Mixed Case")
        .column(column("select", integer()).primary_key())
        .column(column(r#"a"b"#, text()))
        .column(column("back`tick", text()))
        .column(column("naïve", text()))
        .column(column("50%; --", text()))
        .column(column("key", integer()).unique())
        .column(column("user", integer()))
        .foreign_key(
            foreign_key("FK x")
                .on(["user"])
                .references("Mixed Case", ["select"]),
        ),
)?;

// composite key, in a schema, if it does not exist
op.create_table(
    table("members")
        .schema("workspace")
        .if_not_exists()
        .column(column("user_id", bigint()).primary_key())
        .column(column("group_id", bigint()).primary_key())
        .index(index("ix_members_group").on(("workspace", "members"), ["group_id"])),
)?;

// options of each database
op.create_table(
    table("notes")
        .column(column("id", integer()).not_null())
        .primary_key(primary_key("pk_notes").on(["id"]))
        .options(
            table_options()
                .strict()
                .without_rowid()
                .engine("InnoDB")
                .charset("utf8mb4")
                .row_format("DYNAMIC")
                .auto_increment(100)
                .partitions("HASH(id) PARTITIONS 4")
                .inherits("documents")
                .inherits(("workspace", "Papers"))
                .access_method("heap")
                .storage("fillfactor", 70)
                .storage("toast.autovacuum_enabled", false)
                .tablespace("pg_default"),
        ),
)?;

// unlogged and partitioned
op.create_table(
    table("t")
        .column(column("id", integer()))
        .options(table_options().unlogged().partition_by("RANGE (id)")),
)?;

// temporary
op.create_table(
    table("t")
        .column(column("id", integer()))
        .options(table_options().temporary().on_commit(OnCommit::DeleteRows)),
)?;

// temporary and unlogged
op.create_table(
    table("t")
        .column(column("id", integer()))
        .options(table_options().temporary().unlogged()),
)?;

// on commit, not temporary
op.create_table(
    table("t")
        .column(column("id", integer()))
        .options(table_options().on_commit(OnCommit::Drop)),
)?;

// identity with all options
op.create_table(
    table("t").column(
        column("id", bigint()).primary_key().identity_with(
            identity()
                .always()
                .start(1)
                .increment(2)
                .min_value(1)
                .max_value(999)
                .cache(10)
                .cycle(),
        ),
    ),
)?;

// generated column
op.create_table(
    table("boxes")
        .column(column("side", integer()).not_null())
        .column(column("area", integer()).generated("side * side")),
)?;

// identity that starts later
op.create_table(
    table("t").column(
        column("id", bigint())
            .primary_key()
            .identity_with(identity().start(1000)),
    ),
)?;

// identity that begins an index
op.create_table(
    table("t")
        .column(column("id", bigint()).identity())
        .index(index("ix").on("t", ["id"]).unique())
        .index(index("ix_2").on("t", ["id"])),
)?;

// identity without a key
op.create_table(table("t").column(column("id", bigint()).identity()))?;

// array
op.create_table(table("t").column(column("tags", array(text()))))?;

// enum by name alone
op.create_table(table("t").column(column("mood", named_enum("mood"))))?;

// unique text
op.create_table(table("t").column(column("note", text()).unique()))?;

// time with an offset
op.create_table(table("t").column(column("at", timetz())))?;

// a column twice
op.create_table(
    table("t")
        .column(column("a", text()))
        .column(column("a", text())),
)?;

// a key on no column
op.create_table(
    table("t")
        .column(column("a", text()))
        .unique(unique("uq").on(["b"])),
)?;

// exclusion constraint
op.create_table(
    table("stays").column(column("room", integer())).exclude(
        exclude("ex_stays")
            .using("gist")
            .with("room", "=")
            .filter("room > 0"),
    ),
)?;

// on conflict
op.create_table(
    table("t")
        .column(column("id", integer()).not_null_on_conflict(OnConflict::Fail))
        .column(column("a", integer()))
        .primary_key(
            primary_key("pk_t")
                .on(["id"])
                .on_conflict(OnConflict::Replace),
        )
        .unique(unique("uq_t").on(["a"]).on_conflict(OnConflict::Rollback)),
)?;

// autoincrement, on conflict
op.create_table(
    table("t")
        .column(column("id", integer()).identity())
        .primary_key(primary_key(None).on(["id"]).on_conflict(OnConflict::Ignore)),
)?;

// a NUL in a default
op.create_table(table("t").column(column("a", varchar(9)).server_default("a\0b")))?;

