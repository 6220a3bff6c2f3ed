//! A schema printed as models, and the models read again: the same schema, whatever it holds.
#![cfg(feature = "source")]

use rectify_schema::build::*;
use rectify_schema::dialect::{Dialect, MARIADB, MYSQL, POSTGRES, SQLITE};
use rectify_schema::models::{self, Item, Place, What, print};
use rectify_schema::{ColumnType, Deferrable, NamingConvention, Schema, Table, TableName, TableOptions};

/// What a printed text declares, as far as it can be read without the compiler: by the text, and by what macros make of it.
fn read(text: &str, dialect: &dyn Dialect) -> Schema {
    let source = models::read("models.rs", text).unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"));
    let found = source.schema(dialect, &NamingConvention::new());
    let found = found.unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"));
    let encoded = source.encoded();
    let place = Place { module: "crate", file: "models.rs", line: 1 };
    let items: Vec<Item<'_>> = encoded.iter().map(|text| Item { what: What::Tables(text), place }).collect();
    // Enums, and Diesel's own macro, are registered in another way.
    if !text.contains("SqlEnum") && !text.contains("diesel::table!") {
        assert_eq!(models::schema(&items, dialect, &NamingConvention::new()), Ok(found.clone()), "{text}");
    }
    found
}

#[track_caller]
fn same(tables: impl IntoIterator<Item = Table>, dialect: &dyn Dialect) -> String {
    let schema = Schema { tables: tables.into_iter().collect(), ..Schema::default() }.sorted();
    let printed = print(&schema, dialect, false);
    assert_eq!(printed.left_out, [""; 0]);
    let mut found = read(&printed.text, dialect).sorted();
    found.schemas.clear();
    assert_eq!(found, schema, "{}", printed.text);
    printed.text
}

fn of_type(column_type: ColumnType) -> Table {
    table("things").column(column("id", bigint()).primary_key()).column(column("a", column_type))
}

#[test]
fn each_type_comes_back() {
    let common = || {
        [
            smallint(),
            integer(),
            bigint(),
            numeric(12, 2),
            real(),
            double(),
            boolean(),
            char(7),
            varchar(40),
            text(),
            binary(),
            date(),
            time(),
            timestamp(),
            timestamptz(),
            uuid(),
            json(),
        ]
    };
    let own = |texts: &[&str]| texts.iter().map(|text| custom(*text)).collect::<Vec<_>>();
    let cases: [(&'static dyn Dialect, Vec<ColumnType>); 4] = [
        (
            POSTGRES,
            [
                jsonb(),
                timetz(),
                array(text()),
                array(numeric(3, 1)),
                ColumnType::Varchar(None),
                ColumnType::Numeric { precision: None, scale: None },
            ]
            .into_iter()
            .chain(own(&[
                "tsvector",
                "int4range",
                "tstzmultirange",
                "bit(3)",
                "bit varying(8)",
                "interval",
                "interval(3)",
                "citext",
                "inet",
                "\"char\"",
                "money",
                "timestamp(3) without time zone",
                "timestamp(0) with time zone",
                "time(2) without time zone",
                "app.email",
                "\"Odd name\"",
                "hstore",
                "geometry(Point,4326)",
            ]))
            .collect(),
        ),
        (
            MARIADB,
            own(&[
                "tinyint(4)",
                "int(10) unsigned",
                "bigint(20) unsigned zerofill",
                "mediumint(9)",
                "year(4)",
                "longtext",
                "mediumblob",
                "varbinary(30)",
                "binary(16)",
                "bit(4)",
                "datetime(6)",
                "timestamp(3)",
                "time(2)",
                "set('a','b')",
                "decimal(5,2) unsigned",
                "float unsigned",
                "inet6",
                "point",
            ]),
        ),
        (MYSQL, own(&["tinyint", "int unsigned", "datetime(3)"])),
        (
            SQLITE,
            [jsonb()]
                .into_iter()
                .chain(own(&[
                    "",
                    "INT",
                    "NVARCHAR(100)",
                    "DECIMAL(10,5)",
                    "ANY",
                    "DATETIME",
                    "CLOB",
                    "REAL(3)",
                    "WHATEVER",
                ]))
                .collect(),
        ),
    ];
    for (dialect, types) in cases {
        for column_type in common().into_iter().chain(types) {
            same([of_type(column_type)], dialect);
        }
    }
}

#[test]
fn what_a_table_can_hold_comes_back() {
    let parents = table(("app", "parents"))
        .comment("the \"parents\"")
        .column(column("id", bigint()).primary_key().identity_with(identity().always().start(5).cycle()))
        .column(column("region", integer()).not_null().comment("of the world"))
        .column(column("name", text()).not_null().server_default("it's \\ \"new\"").collate("C").unique())
        .exclude(exclude("ex_p").using("gist").with("region", "=").with(sql("lower(name)"), "&&").filter("id > 5"))
        .unique(
            unique("uq_parents_region")
                .on_conflict(rectify_schema::schema::OnConflict::Replace)
                .on(["region", "id"])
                .nulls_not_distinct()
                .include(["name"]),
        );
    let mut children = table("children")
        .column(column("type", varchar(20)).not_null().server_default(sql("lower('A')")))
        .column(column("children", integer()).server_default(-5))
        .column(column("Text", boolean()).server_default(true))
        .column(column("total price", double()).server_default(1.5))
        .column(column("twice", integer()).generated("children * 2"))
        .column(column("raw", binary()).server_default(vec![0_u8, 34, 255]))
        .column(
            column("parent_id", bigint()).foreign_key(
                foreign_key("fk_p")
                    .references(("app", "parents"), ["id"])
                    .on_delete(SetNull)
                    .on_update(Cascade)
                    .initially_deferred(),
            ),
        )
        .column(column("region", integer()).not_null_on_conflict(rectify_schema::schema::OnConflict::Ignore))
        .column(column("other", integer()).foreign_key(foreign_key("fk_o").references(("app", "parents"), ["id"])))
        .column(column("far", integer()).foreign_key(foreign_key("fk_f").references("elsewhere", ["x"])))
        .primary_key(primary_key("pk_children").on(["type", "region"]).deferrable(Deferrable::InitiallyImmediate))
        .foreign_key(
            foreign_key("fk_two")
                .on(["region", "parent_id"])
                .references(("app", "parents"), ["region", "id"])
                .match_full(),
        )
        .foreign_key(
            foreign_key("fk_never").on(["region"]).references(("app", "parents"), ["region"]).on_delete(SetNull),
        )
        .foreign_key(foreign_key("fk_key").on(["other"]).references("elsewhere", [""; 0]))
        .foreign_key(foreign_key("fk_keys").on(["other", "far"]).references("elsewhere", [""; 0]))
        .check(check("ck_a", "children > 0 AND \"Text\"").no_inherit())
        .index(index("ix_one").on("", ["parent_id"]).unique().filter("children > 1").using("hash"))
        .index(index("ix_down").on("", [index_column("region").desc()]))
        .index(index("ix_text").on("", [index_column("type").length(5)]))
        .index(
            index("ix_all")
                .on("", [index_column("type").collate("C").operator_class("text_ops").asc().nulls_first()])
                .and(sql("lower(\"type\")"))
                .and(index_column("region").desc().nulls_last())
                .include(["total price"])
                .nulls_not_distinct()
                .storage("fillfactor", 70)
                .tablespace("fast")
                .parser("ngram"),
        );
    children.checks.push(rectify_schema::Check { expression: "region <> 0".to_owned(), ..Default::default() });
    children.options = TableOptions {
        strict: true,
        without_rowid: true,
        engine: Some("InnoDB".to_owned()),
        charset: Some("utf8mb4".to_owned()),
        collation: Some("utf8mb4_bin".to_owned()),
        unlogged: true,
        partition_by: Some("RANGE (region)".to_owned()),
        inherits: vec![TableName::from(("app", "parents"))],
        access_method: Some("heap".to_owned()),
        storage: vec![("fillfactor".to_owned(), "80".to_owned())],
        tablespace: Some("fast".to_owned()),
        row_format: Some("DYNAMIC".to_owned()),
        auto_increment: Some(7),
        partitions: Some("HASH(id) PARTITIONS 4".to_owned()),
        ..TableOptions::default()
    };
    let text = same([parents, children], POSTGRES);
    for line in [
        "    #[sql_name = \"children\"]\n        children_2 -> Nullable<Integer>",
        "r#type -> Varchar",
        "#[references(parents.id, name = \"fk_p\", on_delete = SetNull, on_update = Cascade, initially_deferred)]",
        "#[references(\"app.parents\", \"id\", name = \"fk_o\")]",
        "#[references(\"elsewhere\", \"x\", name = \"fk_f\")]",
        "#[references(\"app.parents\", \"region\", name = \"fk_never\", on_delete = SetNull)]",
        "app.parents (id) {",
        "#[default = b\"\\x00\\\"\\xff\"]",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn tables_that_diesel_cannot_have_are_declared_beside_it() {
    let schema = Schema {
        tables: vec![
            table("logs").column(column("line", text()).not_null()),
            table(("my-app", "users")).column(column("id", integer()).primary_key()),
        ],
        schemas: vec!["empty".to_owned(), "my-app".to_owned()],
        extensions: vec![extension("citext")],
        sequences: vec![sequence("numbers").start(5)],
        objects: vec![view("adults", "SELECT 1").reads(["users"])],
        ..Schema::default()
    };
    let wanted = r#"use rectify::schema::build::*;

rectify::declare!(rectify::schema::models::Declared::Schema(
    "empty".to_owned(),
));
rectify::declare!(extension("citext"));
rectify::declare!(sequence("numbers").start(5));
rectify::declare!(table("logs").column(column("line", text()).not_null()));
rectify::declare!(
    table("users")
        .schema("my-app")
        .column(column("id", integer()).primary_key()),
);
rectify::declare!(view("adults", "SELECT 1").reads(["users"]));
"#;
    assert_eq!(print(&schema, POSTGRES, false).text, wanted);
}

#[test]
fn tables_of_many_columns_say_which_feature_they_need() {
    let wide = |columns: usize| {
        let id = table("wide").column(column("id", bigint()).primary_key());
        (1..columns).fold(id, |table, at| table.column(column(format!("c{at}"), integer())))
    };
    for (columns, feature) in [(32, None), (33, Some("64-column-tables")), (65, Some("128-column-tables")), (129, None)]
    {
        let schema = Schema { tables: vec![wide(columns)], ..Schema::default() };
        for plain in [false, true] {
            let printed = models::print(&schema, SQLITE, plain);
            let first = printed.text.lines().next().unwrap_or_default();
            let told = feature
                .map(|feature| format!("// A table has {columns} columns: Diesel's feature `{feature}` is needed."));
            assert_eq!(told.is_some(), first.starts_with("// A table has "), "{first}");
            assert!(told.is_none_or(|told| told == first), "{first}");
            // Diesel has no tables that are wider still.
            let is_declared = printed.text.contains("rectify::declare!(") || !printed.left_out.is_empty();
            assert_eq!(is_declared, columns > 128, "{}", printed.text);
        }
    }
}

#[test]
fn enums_and_types_of_the_database_are_types_of_rust() {
    let status = || enumeration(("app", "document_status"), ["draft", "in review", "2nd"]);
    let mut schema = Schema {
        tables: vec![
            table("documents")
                .column(column("id", bigint()).primary_key())
                .column(column("status", status()).not_null().server_default("draft"))
                .column(column("former", array(status())))
                .column(column("search", custom("tsvector"))),
        ],
        ..Schema::default()
    };
    let ColumnType::Enum(found) = status() else { unreachable!() };
    schema.enums.push(found);
    let wanted = r#"#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, rectify::SqlEnum)]
#[sql_enum(schema = "app")]
pub enum DocumentStatus {
    Draft,
    #[sql_name = "in review"]
    InReview,
    #[sql_name = "2nd"]
    Value2nd,
}

pub mod sql_types {
    #[derive(Debug, diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "tsvector"))]
    pub struct Tsvector;
}

rectify::tables! {
    use diesel::sql_types::*;
    use super::DocumentStatus;
    use super::sql_types::Tsvector;
    documents (id) {
        id -> BigInt,
        #[default = "draft"]
        status -> DocumentStatus,
        former -> Nullable<Array<Nullable<DocumentStatus>>>,
        #[sql_type = "tsvector"]
        search -> Nullable<Tsvector>,
    }
}
"#;
    let printed = print(&schema, POSTGRES, false);
    assert_eq!(printed.text, wanted);
    schema.schemas = vec!["app".to_owned()];
    assert_eq!(read(&printed.text, POSTGRES), schema);
}

#[test]
fn plain_models_say_less_and_tell_of_it_once() {
    let users =
        table("users").column(column("id", integer()).primary_key()).column(column("name", varchar(20)).unique());
    let notes = table("notes")
        .column(column("id", integer()).primary_key())
        .column(column("user_id", integer()).foreign_key(foreign_key("fk").references("users", ["id"])))
        .column(column("mood", enumeration("mood", ["sad"])).not_null().server_default("sad"));
    let logs = table("logs").column(column("line", text()));
    let schema = Schema { tables: vec![users, notes, logs], ..Schema::default() };
    let wanted = r#"pub mod sql_types {
    #[derive(Debug, diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
    #[diesel(mysql_type(name = "Enum"))]
    pub struct NotesMood;
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::NotesMood;

    notes (id) {
        id -> Integer,
        user_id -> Nullable<Integer>,
        mood -> NotesMood,
    }
}

diesel::table! {
    users (id) {
        id -> Integer,
        #[max_length = 20]
        name -> Nullable<Varchar>,
    }
}

diesel::joinable!(notes -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(notes, users);
"#;
    let mut nameless = schema;
    if let ColumnType::Enum(found) = &mut nameless.tables[1].columns[2].column_type {
        found.name = "".into();
    }
    let printed = print(&nameless, MARIADB, true);
    assert_eq!(printed.text, wanted);
    let logs = "table `logs`, which has no primary key or too many columns for Diesel";
    assert_eq!(printed.left_out, [logs, "1 unique constraints", "1 defaults"]);
}

#[test]
fn a_file_is_read_with_its_modules() {
    let text = r#"
        pub mod sql_types {}
        mod inner {
            diesel::table! { a (id) { id -> Integer, at -> Timestamp, } }
            rectify::table! { b (id) { id -> Integer, at -> Timestamp, #[references(a.id)] a_id -> Integer } }
        }
        diesel::joinable!(b -> a (a_id));
        rectify::declare!(view("v", "SELECT 1"));
    "#;
    let source = models::read("schema.rs", text).unwrap();
    assert_eq!(source.not_read, ["schema.rs:8: `declare!`"]);
    let schema = source.schema(MYSQL, &NamingConvention::new()).unwrap();
    let types: Vec<_> = schema.tables.iter().map(|table| table.columns[1].column_type.clone()).collect();
    assert_eq!(types, [timestamptz(), timestamp()], "Diesel's `Timestamp` is MySQL's type of that name");
    assert_eq!(schema.tables[1].foreign_keys[0].references.name, "a");
}

#[test]
fn mistakes_in_a_file_are_told_with_their_places() {
    let said = |text: &str| -> Vec<String> {
        let read = models::read("schema.rs", text).and_then(|source| source.schema(SQLITE, &NamingConvention::new()));
        read.unwrap_err().into_iter().map(|problem| format!("{problem} ({})", problem.hint)).collect()
    };
    assert_eq!(said("fn {}"), ["schema.rs:1:4: expected identifier ()"]);
    assert_eq!(
        said("\nrectify::table! { a (id) { #[defalt = 1] id -> Integer } }"),
        ["schema.rs:2: a column has no attribute `defalt` (did you mean `default`?)"]
    );
    assert_eq!(
        said("rectify::table! { a (id) { id -> Odd, #[references(b.id)] b -> Integer } }"),
        [
            "schema.rs:1: column `id` of table `a`: the type `Odd` is not known (derive `rectify::SqlEnum` for it, or say what it \
             is: `#[sql_type = \"…\"]`)",
            "schema.rs:1: table `a` refers to `b`, for which there is no model (declare it with `rectify::table!`, name its crate \
             in the program (`use … as _;`), or write the names that the database knows: `#[references(\"b\", \"…\")]`)",
        ]
    );
    let twice = "rectify::table! { a (id) { id -> Integer } }\nrectify::table! { a (id) { id -> Integer } }";
    let hint = "a table has one model: declare the other with `diesel::table!`";
    assert_eq!(said(twice), [format!("schema.rs:2: the table `a` is declared at schema.rs:1 too ({hint})")]);
    assert_eq!(
        said("rectify::table! { a (id) { id -> Integer, d -> Interval } }"),
        ["schema.rs:1: column `d` of table `a`: `Interval` is no type of SQLite (say what it is there: \
          `#[sql_type(sqlite = \"…\", mysql = \"…\")]`)"]
    );
}

#[test]
fn a_plain_file_keeps_what_it_cannot_say() {
    let users = table("users")
        .column(column("id", integer()).primary_key().identity())
        .column(column("email", varchar(255)).not_null().unique().server_default("-").comment("kept"))
        .column(column("age", smallint()).server_default(5))
        .column(column("gone", text()))
        .index(index("ix_gone").on("", ["gone"]))
        .check(check("ck_gone", "length(gone) > 0"))
        .check(check("ck_age", "age > 0"))
        .index(index("ix_age").on("", ["age"]));
    let teams = table("teams").column(column("id", integer()).primary_key());
    let logs = table("logs").column(column("line", text()));
    let database = Schema { tables: vec![users, teams.clone(), logs.clone()], ..Schema::default() };
    let text = "
        diesel::table! { users (id) {
            id -> Int4, #[max_length = 255] email -> Nullable<Varchar>, age -> Integer, team_id -> Nullable<Integer>,
        } }
        diesel::table! { teams (id) { id -> Integer, } }
        diesel::joinable!(users -> teams (team_id));
    ";
    let source = models::read("schema.rs", text).unwrap();
    let (schema, _) = source.completed(&database, POSTGRES).unwrap();
    let wanted = table("users")
        .column(column("id", integer()).primary_key().identity())
        .column(column("email", varchar(255)).unique().server_default("-").comment("kept"))
        .column(column("age", integer()).not_null().server_default(5))
        .column(column("team_id", integer()).foreign_key(foreign_key(None).references("teams", ["id"])))
        .check(check("ck_age", "age > 0"))
        .index(index("ix_age").on("", ["age"]));
    assert_eq!(schema.sorted().tables, [logs, teams, wanted]);
    let odd = models::read("schema.rs", "diesel::table! { users (id) { id -> Integer, mood -> Mood, } }").unwrap();
    let said = odd.completed(&database, POSTGRES).unwrap_err();
    assert_eq!(said[0].to_string(), "schema.rs:1: column `mood` of table `users`: the type `Mood` is not known");
}
