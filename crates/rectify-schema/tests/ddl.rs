//! Golden files: what each operation is on each database, side by side, in `tests/ddl/<operation>.sql`.
//!
//! `RECTIFY_BLESS=1 cargo test -p rectify-schema` rewrites them.

#[path = "emit/mod.rs"]
mod emit;

use std::fs;
use std::path::PathBuf;

use rectify_schema::build::*;
use rectify_schema::ops::*;
use rectify_schema::{Deferrable, OnCommit, OnConflict, Operation, TableOptions, Value, dialect};

type Cases = Vec<(&'static str, Operation)>;

#[test]
fn every_operation_renders_as_its_golden_file() {
    let mut differences = Vec::new();
    for name in Operation::NAMES {
        let cases = cases(name);
        assert!(!cases.is_empty(), "no case for {name}");
        for (case, op) in &cases {
            assert_eq!(op.name(), *name, "{case}");
        }
        let (path, rendered) = (path(name), render(&cases));
        if std::env::var_os("RECTIFY_BLESS").is_some() {
            fs::write(&path, &rendered).unwrap();
        }
        if fs::read_to_string(&path).unwrap_or_default() != rendered {
            differences.push(path.display().to_string());
        }
    }
    assert!(differences.is_empty(), "RECTIFY_BLESS=1 rewrites, then read the diff: {differences:#?}");
}

#[test]
fn every_golden_file_is_of_an_operation() {
    let known: Vec<_> = Operation::NAMES.iter().map(|name| path(name)).collect();
    for file in fs::read_dir(folder()).unwrap() {
        let file = file.unwrap().path();
        assert!(known.contains(&file), "{} belongs to no operation", file.display());
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/ddl")
}

fn path(operation: &str) -> PathBuf {
    let mut name = String::new();
    for c in operation.chars() {
        if c.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(c.to_lowercase());
    }
    folder().join(format!("{name}.sql"))
}

fn render(cases: &[(&str, Operation)]) -> String {
    let mut out = String::new();
    for (case, op) in cases {
        out += &["-- case: ", case, "\n"].concat();
        for dialect in dialect::ALL {
            out += &["-- ", dialect.name(), "\n"].concat();
            match dialect.render(op) {
                Ok(statements) if statements.is_empty() => out += "-- nothing to do\n",
                Ok(statements) => {
                    for statement in statements {
                        let note = if statement.in_transaction { "" } else { " -- outside a transaction" };
                        out += &[&statement.sql, ";", note, "\n"].concat();
                    }
                }
                Err(error) => out += &["-- error: ", &error.to_string(), "\n-- hint: ", &error.hint, "\n"].concat(),
            }
        }
        out.push('\n');
    }
    out
}

fn cases(operation: &str) -> Cases {
    match operation {
        "CreateTable" => create_table(),
        "DropTable" => vec![
            ("plain", DropTable::new("users").into()),
            ("in a schema, if it exists", DropTable::new(("workspace", "users")).if_exists().into()),
            ("hostile name", DropTable::new("a\"b`c;d").into()),
            ("empty name", DropTable::new("").into()),
            ("a name of 64 bytes", DropTable::new("x".repeat(64)).into()),
            ("a name with a NUL", DropTable::new("a\0b").into()),
        ],
        "RenameTable" => vec![
            ("plain", RenameTable::new("people", "users").into()),
            ("in a schema", RenameTable::new(("workspace", "people"), "users").into()),
        ],
        "AddColumn" => add_column(),
        "DropColumn" => vec![
            ("plain", DropColumn::new("users", "age").into()),
            ("if it exists", DropColumn::new("users", "age").if_exists().into()),
            ("with its foreign key", {
                let key = foreign_key("fk_users_tenant").on(["tenant_id"]).references("tenants", ["id"]);
                DropColumn::new("users", "tenant_id").definition(column("tenant_id", bigint()).foreign_key(key)).into()
            }),
        ],
        "AlterColumn" => alter_column(),
        "BatchAlterTable" => batch_alter_table(),
        "CreateIndex" => create_index(),
        "DropIndex" => vec![
            ("with its table", DropIndex::new("ix_users_age").on("users").into()),
            ("without its table", DropIndex::new("ix_users_age").into()),
            ("concurrently, if it exists", DropIndex::new("ix").on("users").concurrently().if_exists().into()),
            ("in a schema", DropIndex::new("ix").on(("workspace", "users")).into()),
        ],
        "CreatePrimaryKey" => vec![
            ("named", CreatePrimaryKey::new("users", primary_key("pk_users").on(["id"])).into()),
            ("without columns", CreatePrimaryKey::new("users", primary_key("pk_users")).into()),
            (
                "deferrable",
                CreatePrimaryKey::new("users", primary_key("pk").on(["id"]).deferrable(Deferrable::InitiallyDeferred))
                    .into(),
            ),
            ("include", CreatePrimaryKey::new("users", primary_key("pk").on(["id"]).include(["email"])).into()),
        ],
        "DropPrimaryKey" => vec![
            ("without a name", DropPrimaryKey::new("users").into()),
            ("named", DropPrimaryKey::new("users").named("pk_users").into()),
            ("if it exists", DropPrimaryKey::new("users").if_exists().into()),
        ],
        "CreateUnique" => vec![
            ("two columns", CreateUnique::new("users", unique("uq_users").on(["email", "age"])).into()),
            (
                "deferrable",
                CreateUnique::new("users", unique("uq").on(["email"]).deferrable(Deferrable::InitiallyDeferred)).into(),
            ),
            ("nulls not distinct", CreateUnique::new("users", unique("uq").on(["email"]).nulls_not_distinct()).into()),
            ("include", CreateUnique::new("users", unique("uq").on(["email"]).include(["age"])).into()),
            ("a column twice", CreateUnique::new("users", unique("uq").on(["email", "email"])).into()),
            ("without columns", CreateUnique::new("users", unique("uq")).into()),
            ("without a name", CreateUnique::new("users", unique(None).on(["email"])).into()),
            (
                "on conflict",
                CreateUnique::new("users", unique("uq").on(["email"]).on_conflict(OnConflict::Ignore)).into(),
            ),
        ],
        "DropUnique" => vec![
            ("plain", DropUnique::new("users", "uq_users").into()),
            ("if it exists", DropUnique::new("users", "uq_users").if_exists().into()),
            ("by its columns, without a naming convention", DropUnique::new("users", ["email"]).into()),
        ],
        "CreateExclude" => create_exclude(),
        "DropExclude" => vec![
            ("plain", DropExclude::new(("app", "stays"), "ex_stays").into()),
            ("if it exists", DropExclude::new("stays", "ex_stays").if_exists().into()),
        ],
        "CreateForeignKey" => create_foreign_key(),
        "DropForeignKey" => vec![
            ("plain", DropForeignKey::new("users", "fk_users_tenant").into()),
            ("if it exists", DropForeignKey::new("users", "fk_users_tenant").if_exists().into()),
        ],
        "CreateCheck" => vec![
            ("plain", CreateCheck::new("users", check("ck_users_age", "age > 0")).into()),
            ("not valid", CreateCheck::new("users", check("ck_users_age", "age > 0").not_valid()).into()),
            ("no inherit", CreateCheck::new("users", check("ck_users_age", "age > 0").no_inherit()).into()),
            ("without a name", CreateCheck::new("users", check(None, "age > 0")).into()),
        ],
        "DropCheck" => vec![
            ("plain", DropCheck::new("users", "ck_users_age").into()),
            ("if it exists", DropCheck::new("users", "ck_users_age").if_exists().into()),
        ],
        "CreateEnum" => vec![
            ("plain", CreateEnum::new("mood", ["sad", "it's", "back\\slash"]).into()),
            ("in a schema", CreateEnum::new(("workspace", "Mood"), ["sad"]).into()),
        ],
        "DropEnum" => {
            vec![("plain", DropEnum::new("mood").into()), ("if it exists", DropEnum::new("mood").if_exists().into())]
        }
        "AddEnumValue" => vec![
            ("last", AddEnumValue::new("mood", "calm").into()),
            ("before another", AddEnumValue::new("mood", enum_value("calm").before("happy")).into()),
            ("after another", AddEnumValue::new(("app", "mood"), enum_value("it's").after("sad")).into()),
            ("if it does not exist", AddEnumValue::new("mood", enum_value("calm").if_not_exists()).into()),
        ],
        "SetTableComment" => vec![
            ("set", SetTableComment::new("users", Some("what's in \\ it")).into()),
            ("remove", SetTableComment::new("users", None::<String>).into()),
        ],
        "SetTableOptions" => {
            let all = TableOptions {
                strict: true,
                without_rowid: true,
                engine: Some("MyISAM".to_owned()),
                charset: Some("latin1".to_owned()),
                collation: Some("latin1_bin".to_owned()),
                unlogged: true,
                access_method: Some("heap2".to_owned()),
                storage: vec![("fillfactor".to_owned(), "70".to_owned())],
                tablespace: Some("fast".to_owned()),
                row_format: Some("FIXED".to_owned()),
                auto_increment: Some(10),
                partitions: Some("HASH(id) PARTITIONS 4".to_owned()),
                ..TableOptions::default()
            };
            let split = TableOptions { partition_by: Some("RANGE (id)".to_owned()), ..TableOptions::default() };
            vec![
                ("set", SetTableOptions::new("users", all.clone()).into()),
                ("take away", SetTableOptions::new("users", TableOptions::default()).existing(all).into()),
                ("split", SetTableOptions::new("users", split).into()),
            ]
        }
        "Sql" => vec![("plain", Sql::new("UPDATE users SET age = 1").into())],
        other => object_cases(other),
    }
}

fn object_cases(name: &str) -> Cases {
    match name {
        "RenameEnumValue" => vec![("plain", RenameEnumValue::new("mood", "sad", "it's").into())],
        "CreateSchema" => vec![
            ("plain", CreateSchema::new("reporting").into()),
            ("if it does not exist", CreateSchema::new("Select").if_not_exists().into()),
            ("without a name", CreateSchema::new("").into()),
        ],
        "DropSchema" => vec![
            ("plain", DropSchema::new("reporting").into()),
            ("with all it holds, if it exists", DropSchema::new("reporting").if_exists().cascade().into()),
        ],
        "CreateExtension" => vec![
            ("plain", CreateExtension::new("citext").into()),
            (
                "in a schema, if it does not exist",
                CreateExtension::new(extension("uuid-ossp").schema("app").version("1.1")).if_not_exists().into(),
            ),
        ],
        "DropExtension" => vec![
            ("plain", DropExtension::new("citext").into()),
            ("with what uses it", DropExtension::new("uuid-ossp").if_exists().cascade().into()),
        ],
        "CreateSequence" => vec![
            ("plain", CreateSequence::new("numbers").into()),
            (
                "options",
                CreateSequence::new(
                    sequence(("app", "numbers"))
                        .start(-5)
                        .increment(-1)
                        .min_value(-100)
                        .max_value(-1)
                        .cache(20)
                        .cycle(true),
                )
                .if_not_exists()
                .into(),
            ),
            ("of a column", CreateSequence::new(sequence("numbers").owned_by("bills", "number")).into()),
        ],
        "AlterEnum" => vec![
            ("that no column uses", AlterEnum::new("mood", ["sad", "glad"]).into()),
            ("columns with and without a default, and an array", alter_enum().into()),
        ],
        "AlterSequence" => vec![
            ("increment", AlterSequence::new("numbers").increment(5).cycle(false).into()),
            ("restart", AlterSequence::new("numbers").restart(1).into()),
            ("owned_by_none", AlterSequence::new("numbers").owned_by_none().into()),
            ("nothing", AlterSequence::new("numbers").into()),
        ],
        "DropSequence" => vec![
            ("plain", DropSequence::new("numbers").into()),
            ("if it exists", DropSequence::new(("app", "numbers")).if_exists().into()),
        ],
        "CreateObject" => {
            let heads = [
                ("a view with options", view("v", "WITH (security_invoker=true) AS SELECT 1")),
                ("a view of whoever asks", view("v", "SQL SECURITY INVOKER AS SELECT 1")),
                ("a view with names of columns", view("v", "(a, b) AS SELECT 1, 2")),
                ("a materialized view in a tablespace", materialized_view("v", "TABLESPACE fast AS SELECT 1")),
                (
                    "a constraint trigger",
                    trigger("t", "notes", "CONSTRAINT AFTER INSERT ON notes EXECUTE FUNCTION f()"),
                ),
            ];
            objects().into_iter().chain(heads).map(|(case, op)| (case, CreateObject::new(op).into())).collect()
        }
        "DropObject" => {
            let mut cases: Cases = objects().into_iter().map(|(case, op)| (case, DropObject::new(op).into())).collect();
            cases.push(("if it exists", DropObject::new(view("adults", "SELECT 1")).if_exists().into()));
            cases
        }
        "ReplaceObject" => {
            let mut cases: Cases =
                objects().into_iter().map(|(case, op)| (case, ReplaceObject::new(op).into())).collect();
            let old = function("twice", "n text", "RETURNS text");
            let new = function("twice", "n integer", "RETURNS integer");
            cases.push(("a function of other arguments", ReplaceObject::new(new).existing(old).into()));
            let (old, new) = (grant("ALL", "notes", "reader"), grant("SELECT", "notes", "reader"));
            cases.push(("fewer privileges", ReplaceObject::new(new).existing(old).into()));
            cases
        }
        "BulkInsert" => vec![
            (
                "values of each kind",
                BulkInsert::new(
                    "users",
                    [
                        row().set("id", 1).set("email", "it's \\").set("age", 1.5).set("ok", true),
                        row().set("id", 2).set("email", None::<&str>).set("age", sql("1 + 1")).set("ok", false),
                    ],
                )
                .into(),
            ),
            (
                "rows of other columns",
                BulkInsert::new(
                    ("app", "Users"),
                    [row().set("id", 1), row().set("select", 2), row(), row().set("id", 3)],
                )
                .into(),
            ),
            ("expression", BulkInsert::new("users", [row().set("seen_at", sql("now()"))]).into()),
            ("bytes", BulkInsert::new("users", [row().set("key", vec![0_u8, 255])]).into()),
            ("no rows", BulkInsert::new("users", []).into()),
            ("a column twice", BulkInsert::new("users", [row().set("id", 1).set("id", 2)]).into()),
            ("a NUL in a text", BulkInsert::new("users", [row().set("email", "a\0b")]).into()),
        ],
        other => panic!("add cases for {other}"),
    }
}

fn objects() -> Vec<(&'static str, rectify_schema::SqlObject)> {
    vec![
        ("view", view("adults", "SELECT * FROM users WHERE age > 17;")),
        (
            "view in a schema, a text for each",
            view(("app", "V"), "SELECT 1").on("mysql", "SELECT 2").on("sqlite", "SELECT 3"),
        ),
        ("materialized view", materialized_view("totals", "SELECT count(*) FROM users")),
        (
            "function",
            function("twice", "n integer DEFAULT 1", "RETURNS integer LANGUAGE sql AS 'SELECT n * 2'")
                .on("mysql", "RETURNS integer DETERMINISTIC RETURN n * 2"),
        ),
        ("procedure", procedure("prune", "", "LANGUAGE sql AS 'DELETE FROM logs'").on("mysql", "DELETE FROM logs")),
        (
            "trigger",
            trigger("touch", "notes", "BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch()")
                .on("mysql", "BEFORE UPDATE ON notes FOR EACH ROW SET NEW.version = OLD.version + 1")
                .on("sqlite", "AFTER UPDATE ON notes BEGIN UPDATE log SET at = 1; END"),
        ),
        ("trigger in a schema", trigger("touch", ("app", "notes"), "AFTER INSERT ON app.notes ...")),
        ("policy", policy("own", ("app", "notes"), "FOR SELECT USING (owner = current_user)")),
        ("grant", grant("SELECT, INSERT", "notes", "reader")),
        ("without a text for this database", view("v", "").on("postgres", "SELECT 1")),
    ]
}

fn create_table() -> Cases {
    let documents = table("documents")
        .comment("Uploaded documents")
        .column(column("id", bigint()).primary_key().identity())
        .column(column("tenant_id", bigint()).not_null().comment("who owns it"))
        .column(column("title", varchar(255)).not_null().server_default("it's \\ new"))
        .column(
            column("status", enumeration("document_status", ["draft", "approved"])).not_null().server_default("draft"),
        )
        .column(column("created_at", timestamptz()).not_null().server_default(sql("now()")))
        .column(column("updated_at", timestamptz()))
        .foreign_key(
            foreign_key("fk_documents_tenant").on(["tenant_id"]).references("tenants", ["id"]).on_delete(Cascade),
        )
        .unique(unique("uq_documents_title").on(["tenant_id", "title"]))
        .check(check("ck_documents_title", "length(title) > 0"))
        .index(index("ix_documents_created").on("documents", [index_column("created_at").desc()]));
    let types = table("kinds")
        .column(column("a_smallint", smallint()).server_default(5))
        .column(column("a_integer", integer()).server_default(-1))
        .column(column("a_bigint", bigint()).server_default(sql("1 + 1")))
        .column(column("a_numeric", numeric(12, 3)).server_default(1.5))
        .column(column("a_real", real()))
        .column(column("a_double", double()))
        .column(column("a_boolean", boolean()).not_null().server_default(true))
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
        .column(column("a_custom", custom("DECIMAL(5)")).server_default(Value::Null));
    let hostile = table("Mixed Case")
        .column(column("select", integer()).not_null().primary_key())
        .column(column("a\"b", text()))
        .column(column("back`tick", text()))
        .column(column("naïve", text()))
        .column(column("50%; --", text()))
        .column(column("key", integer()).unique())
        .column(column("user", integer()));
    let quoted = foreign_key("FK x").on(["user"]).references("Mixed Case", ["select"]);
    vec![
        ("everything", documents.into_op()),
        ("types", types.into_op()),
        ("hostile names", hostile.foreign_key(quoted).into_op()),
        (
            "composite key, in a schema, if it does not exist",
            table(("workspace", "members"))
                .if_not_exists()
                .column(column("user_id", bigint()).primary_key())
                .column(column("group_id", bigint()).primary_key())
                .index(index("ix_members_group").on("members", ["group_id"]))
                .into_op(),
        ),
        (
            "options of each database",
            table("notes")
                .column(column("id", integer()).not_null())
                .primary_key(primary_key("pk_notes").on(["id"]))
                .options(TableOptions {
                    strict: true,
                    without_rowid: true,
                    engine: Some("InnoDB".to_owned()),
                    charset: Some("utf8mb4".to_owned()),
                    row_format: Some("DYNAMIC".to_owned()),
                    auto_increment: Some(100),
                    partitions: Some("HASH(id) PARTITIONS 4".to_owned()),
                    inherits: vec!["documents".into(), ("workspace", "Papers").into()],
                    access_method: Some("heap".to_owned()),
                    storage: vec![
                        ("fillfactor".to_owned(), "70".to_owned()),
                        ("toast.autovacuum_enabled".to_owned(), "false".to_owned()),
                    ],
                    tablespace: Some("pg_default".to_owned()),
                    ..TableOptions::default()
                })
                .into_op(),
        ),
        (
            "unlogged and partitioned",
            with_options(TableOptions {
                unlogged: true,
                partition_by: Some("RANGE (id)".to_owned()),
                ..TableOptions::default()
            }),
        ),
        (
            "temporary",
            with_options(TableOptions {
                temporary: true,
                on_commit: Some(OnCommit::DeleteRows),
                ..TableOptions::default()
            }),
        ),
        (
            "temporary and unlogged",
            with_options(TableOptions { temporary: true, unlogged: true, ..TableOptions::default() }),
        ),
        (
            "on commit, not temporary",
            with_options(TableOptions { on_commit: Some(OnCommit::Drop), ..TableOptions::default() }),
        ),
        (
            "identity with all options",
            table("t")
                .column(column("id", bigint()).primary_key().identity_with(
                    identity().always().start(1).increment(2).min_value(1).max_value(999).cache(10).cycle(),
                ))
                .into_op(),
        ),
        (
            "generated column",
            table("boxes")
                .column(column("side", integer()).not_null())
                .column(column("area", integer()).generated("side * side"))
                .into_op(),
        ),
        (
            "identity that starts later",
            table("t").column(column("id", bigint()).primary_key().identity_with(identity().start(1000))).into_op(),
        ),
        (
            "identity that begins an index",
            table("t")
                .column(column("id", bigint()).identity())
                .index(index("ix").on("t", ["id"]).unique())
                .index(index("ix_2").on("t", ["id"]))
                .into_op(),
        ),
        ("identity without a key", table("t").column(column("id", bigint()).identity()).into_op()),
        ("array", table("t").column(column("tags", array(text()))).into_op()),
        ("enum by name alone", table("t").column(column("mood", named_enum("mood"))).into_op()),
        ("unique text", table("t").column(column("note", text()).unique()).into_op()),
        ("time with an offset", table("t").column(column("at", timetz())).into_op()),
        ("a column twice", table("t").column(column("a", text())).column(column("a", text())).into_op()),
        ("a key on no column", table("t").column(column("a", text())).unique(unique("uq").on(["b"])).into_op()),
        (
            "exclusion constraint",
            table("stays")
                .column(column("room", integer()))
                .exclude(exclude("ex_stays").using("gist").with("room", "=").filter("room > 0"))
                .into_op(),
        ),
        (
            "on conflict",
            table("t")
                .column(column("id", integer()).not_null_on_conflict(OnConflict::Fail))
                .column(column("a", integer()))
                .primary_key(primary_key("pk_t").on(["id"]).on_conflict(OnConflict::Replace))
                .unique(unique("uq_t").on(["a"]).on_conflict(OnConflict::Rollback))
                .into_op(),
        ),
        (
            "autoincrement, on conflict",
            table("t")
                .column(column("id", integer()).identity())
                .primary_key(primary_key(None).on(["id"]).on_conflict(OnConflict::Ignore))
                .into_op(),
        ),
        ("a NUL in a default", table("t").column(column("a", varchar(9)).server_default("a\0b")).into_op()),
    ]
}

fn with_options(options: TableOptions) -> Operation {
    table("t").column(column("id", integer())).options(options).into_op()
}

trait IntoOp {
    fn into_op(self) -> Operation;
}

impl IntoOp for rectify_schema::Table {
    fn into_op(self) -> Operation {
        CreateTable::new(self).into()
    }
}

fn add_column() -> Cases {
    let add = |column| Operation::from(AddColumn::new("users", column));
    vec![
        ("nullable", add(column("lang", varchar(8)))),
        ("not null with a default", add(column("lang", varchar(8)).not_null().server_default("en"))),
        ("not null without a default", add(column("lang", varchar(8)).not_null())),
        ("default expression", add(column("seen_at", timestamp()).server_default(sql("now()")))),
        ("unique", add(column("tag", varchar(9)).unique())),
        ("foreign key", add(column("boss", bigint()).foreign_key(foreign_key("fk_boss").references("users", ["id"])))),
        ("check", add(column("years", integer()).check(check("ck_years", "years > 0")))),
        ("comment", add(column("lang", text()).comment("ISO 639"))),
        ("enum", add(column("mood", enumeration("mood", ["sad", "happy"])))),
        ("primary key", add(column("id", bigint()).primary_key().identity())),
        ("generated", add(column("double_age", integer()).generated("age * 2"))),
        ("virtual", add(column("double_age", integer()).generated_virtual("age * 2"))),
        ("if it does not exist", AddColumn::new("users", column("lang", text())).if_not_exists().into()),
        ("with an index, without a naming convention", add(column("team_id", bigint()).index())),
    ]
}

fn create_exclude() -> Cases {
    let create = |exclude| Operation::from(CreateExclude::new("stays", exclude));
    let overlap = || exclude("ex_stays").using("gist");
    vec![
        ("two columns", create(overlap().with("room", "=").with("during", "&&"))),
        (
            "all of it",
            create(
                overlap()
                    .with(index_column("room").operator_class("gist_int4_ops"), "=")
                    .with(sql("tsrange(begins, ends)"), " && ")
                    .filter("NOT cancelled")
                    .deferrable(Deferrable::InitiallyDeferred),
            ),
        ),
        ("without a name or a method", create(exclude(None).with("room", "="))),
        ("an operator of a schema", create(overlap().with("room", "OPERATOR(app.=)"))),
        ("nothing compared", create(overlap())),
        ("an operator that is none", create(overlap().with("room", "= ), x WITH ="))),
        ("without an operator", create(overlap().with("room", ""))),
    ]
}

fn alter_column() -> Cases {
    let email = column("email", varchar(255)).not_null().server_default("-").comment("address");
    let known = |change| Operation::from(AlterColumn::new("users", change).existing(email.clone()));
    let unknown = |change| Operation::from(AlterColumn::new("users", change));
    vec![
        ("rename", unknown(alter("email").rename_to("mail"))),
        ("type", known(alter("email").set_type(varchar(320)))),
        ("type, not known what it is", unknown(alter("email").set_type(varchar(320)))),
        ("collation", known(alter("email").collate("C"))),
        ("collation, not known what it is", unknown(alter("email").collate("C"))),
        ("no collation, and another type", known(alter("email").set_type(text()).drop_collation())),
        ("type with using", known(alter("email").set_type(integer()).using("length(email)").drop_default())),
        (
            "type to an enum keeps the default",
            known(alter("email").set_type(enumeration("mood", ["-"])).using("email::mood")),
        ),
        ("type and default", known(alter("email").set_type(integer()).set_default(5))),
        ("set not null", known(alter("email").set_not_null())),
        ("drop not null", known(alter("email").drop_not_null())),
        ("set default", unknown(alter("email").set_default("none"))),
        ("drop default", unknown(alter("email").drop_default())),
        ("default in parentheses", unknown(alter("email").set_default(sql("(1 + 2)")))),
        ("default of now", unknown(alter("email").set_default(sql("CURRENT_TIMESTAMP")))),
        (
            "default at each update",
            known(alter("email").set_default(sql("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"))),
        ),
        ("comment", known(alter("email").comment("it's"))),
        (
            "everything",
            known(alter("email").set_type(text()).drop_not_null().drop_default().drop_comment().rename_to("mail")),
        ),
        (
            "identity",
            AlterColumn::new("users", alter("id").set_identity(identity()))
                .existing(column("id", bigint()).not_null())
                .into(),
        ),
        ("nothing", unknown(alter("email"))),
        ("using without a type", unknown(alter("email").using("x"))),
    ]
}

fn alter_enum() -> AlterEnum {
    let mood = || named_enum(("workspace", "Mood"));
    AlterEnum::new(("workspace", "Mood"), ["sad", "it's"])
        .used_by("people", column("mood", mood()).server_default("sad"))
        .used_by("people", column("was", mood()).server_default("glad"))
        .used_by(("workspace", "teams"), column("moods", array(mood())).server_default("{}"))
}

fn batch_alter_table() -> Cases {
    let index = index("ix_users_age").on("users", ["age"]);
    let in_place = [AddColumn::new("users", column("age", integer())).into(), CreateIndex::new(index).into()];
    let drop = DropCheck::new("users", "ck_users_age").into();
    vec![
        ("what each can do in place", BatchAlterTable::new("users", in_place).into()),
        ("what SQLite rebuilds the table for", BatchAlterTable::new("users", [drop]).into()),
    ]
}

fn create_index() -> Cases {
    let create = |index| Operation::from(CreateIndex::new(index));
    vec![
        ("plain", create(index("ix_users").on("users", ["email", "age"]))),
        ("unique", create(index("ix_users").on("users", ["email"]).unique())),
        ("order", create(index("ix_users").on("users", [index_column("age").desc(), "email".into()]))),
        ("expression", create(index("ix_users").on("users", [sql("lower(email)")]))),
        ("partial", create(index("ix_users").on("users", ["email"]).filter("age > 3"))),
        ("concurrently", create(index("ix_users").on("users", ["email"]).concurrently())),
        ("if it does not exist", create(index("ix_users").on("users", ["email"]).if_not_exists())),
        ("method", create(index("ix_users").on("users", ["email"]).using("hash"))),
        ("gin", create(index("ix_users").on("users", ["email"]).using("gin"))),
        ("include", create(index("ix_users").on("users", ["email"]).include(["age"]))),
        ("length", create(index("ix_users").on("users", [index_column("email").length(10)]))),
        ("nulls last", create(index("ix_users").on("users", [index_column("age").nulls_last()]))),
        ("in a schema", create(index("ix_users").on(("workspace", "users"), ["email"]))),
        ("without columns", create(index("ix_users").on("users", Vec::<&str>::new()))),
        (
            "storage, tablespace",
            create(
                index("ix_users").on("users", ["email"]).storage("fillfactor", 70).tablespace("fast").filter("age > 3"),
            ),
        ),
        ("parser", create(index("ix_users").on("users", ["email"]).using("fulltext").parser("ngram"))),
        ("parser of another index", create(index("ix_users").on("users", ["email"]).parser("ngram"))),
    ]
}

fn create_foreign_key() -> Cases {
    let create = |key| Operation::from(CreateForeignKey::new("users", key));
    let key = || foreign_key("fk_users_tenant").on(["tenant_id"]).references("tenants", ["id"]);
    vec![
        ("plain", create(key())),
        ("actions", create(key().on_delete(SetNull).on_update(Cascade))),
        ("set default", create(key().on_delete(SetDefault))),
        (
            "set one of two columns",
            create(
                foreign_key("fk")
                    .on(["tenant_id", "age"])
                    .references("tenants", ["id", "age"])
                    .on_delete(SetNull)
                    .on_delete_columns(["age"]),
            ),
        ),
        ("deferred", create(key().initially_deferred())),
        ("match full", create(key().match_full().on_delete(Cascade))),
        ("not valid", create(key().not_valid())),
        ("into a schema", create(foreign_key("fk").on(["a"]).references(("workspace", "tenants"), ["id"]))),
        ("counts differ", create(foreign_key("fk").on(["a", "b"]).references("tenants", ["id"]))),
        ("to nothing", create(foreign_key("fk").on(["a"]))),
        ("without columns", create(foreign_key("fk").references("tenants", ["id"]))),
        ("set some columns", create(key().on_delete(SetNull).on_delete_columns(["tenant_id"]))),
        ("set a column that is not in the key", create(key().on_delete(SetDefault).on_delete_columns(["age"]))),
        ("set columns, but nothing sets", create(key().on_delete(Cascade).on_delete_columns(["tenant_id"]))),
    ]
}
