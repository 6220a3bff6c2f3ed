//! Everything that a database can hold, read and made again in an empty one: what is read then is the same.

use diesel::QueryResult;
use rectify::inspect::InspectOptions;
use rectify::{AnyConnection, Database as Connection, Family, Parametrized, TextRow, inspect};
use rectify_schema::build::{
    Cascade, NoAction, Restrict, SetDefault, SetNull, array, bigint, binary, boolean, char, check, column, custom,
    date, double, enumeration, exclude, extension, foreign_key, function, identity, index, index_column, integer, json,
    jsonb, materialized_view, named_enum, numeric, policy, primary_key, procedure, real, sequence, smallint, sql,
    table, text, time, timestamp, timestamptz, timetz, trigger, unique, uuid, varchar, view,
};
use rectify_schema::{
    ColumnType, Deferrable, EnumType, IndexColumn, ObjectKind, Schema, SqlObject, Table, TableName, TableOptions,
};
use rectify_tests::{Database, TestDatabase, fresh, on_each_database, wanted};

use crate::inspect::{assert_read_again, create, read, read_with, run};
use crate::spelling::assert_nothing_differs;

/// A table with a column of each type.
fn with_types(types: Vec<ColumnType>) -> Table {
    let columns = types.into_iter().enumerate().map(|(at, of)| column(format!("c{at}"), of));
    columns.fold(table("types"), Table::column)
}

/// Creates what is given, reads just that, and can make it again from what was read.
#[track_caller]
fn assert_kept(kind: Database, schema: Schema) {
    let database = fresh(kind);
    create(&database, &schema);
    assert_nothing_differs(&database, &schema);
    let found = read(&database);
    assert_eq!(found, schema.sorted());
    assert_read_again(kind, &found);
}

fn of_tables(tables: Vec<Table>) -> Schema {
    Schema { tables, ..Schema::default() }
}

#[test]
fn every_type_of_postgres() {
    if !wanted(Database::Postgres) {
        return;
    }
    let mood = EnumType::new("mood", ["sad", "it's", ""]);
    let mut types = vec![
        smallint(),
        integer(),
        bigint(),
        numeric(9, 3),
        ColumnType::Numeric { precision: None, scale: None },
        real(),
        double(),
        boolean(),
        char(1),
        varchar(7),
        ColumnType::Varchar(None),
        text(),
        binary(),
        date(),
        time(),
        timetz(),
        timestamp(),
        timestamptz(),
        uuid(),
        json(),
        jsonb(),
        ColumnType::Enum(mood.clone()),
    ];
    types.extend(types.clone().into_iter().map(array));
    let names = [
        "numeric(3,-2)",
        "timestamp(3) without time zone",
        "timestamp(0) with time zone",
        "time(6) without time zone",
        "interval",
        "interval day to second(3)",
        "bit(3)",
        "bit varying(5)",
        "bit varying",
        "\"char\"",
        "bpchar",
        "name",
        "oid",
        "money",
        "inet",
        "cidr",
        "macaddr8",
        "point",
        "xml",
        "tsvector",
        "int4range",
        "tstzmultirange",
        "regclass",
        "pg_lsn",
    ];
    types.extend(names.map(custom));
    types.push(array(custom("bit(3)")));
    assert_kept(Database::Postgres, Schema { enums: vec![mood], ..of_tables(vec![with_types(types)]) });
}

#[test]
fn types_that_a_user_made_are_known_by_name() {
    if !wanted(Database::Postgres) {
        return;
    }
    let database = fresh(Database::Postgres);
    let made = [
        "CREATE SCHEMA \"Far\"",
        "CREATE DOMAIN \"Far\".\"E mail\" AS text CHECK (VALUE LIKE '%@%')",
        "CREATE DOMAIN positive AS integer DEFAULT 1 NOT NULL",
        "CREATE TYPE pair AS (a integer, b text)",
        "CREATE TYPE \"Far\".kind AS ENUM ('a')",
    ];
    run(&database, &made);
    let types = vec![
        custom("\"Far\".\"E mail\""),
        custom("positive"),
        custom("pair"),
        array(custom("positive")),
        enumeration(("Far", "kind"), ["a"]),
    ];
    let expected = of_tables(vec![with_types(types)]);
    create(&database, &expected);
    assert_eq!(read(&database), expected);
}

#[test]
fn every_attribute_of_a_table_of_postgres() {
    if !wanted(Database::Postgres) {
        return;
    }
    let parent = table("parent")
        .column(column("a", integer()).not_null())
        .column(column("b", integer()).not_null())
        .column(column("note", text()))
        .primary_key(primary_key("Parent key").on(["a", "b"]).include(["note"]))
        .unique(unique("uq_now").on(["b"]).deferrable(Deferrable::InitiallyImmediate))
        .unique(unique("uq_later").on(["b", "a"]).deferrable(Deferrable::InitiallyDeferred))
        .unique(unique("uq_nulls").on(["note"]).nulls_not_distinct().include(["a", "b"]))
        .unique(unique("uq_plain").on(["a"]))
        .check(check("ck_own", "a > 0").no_inherit())
        .check(check("ck_heirs", "b > 0"));
    let options = identity().always().start(7).increment(3).min_value(-5).max_value(1000).cache(4).cycle();
    let to_parent = |name: &str| foreign_key(name).on(["x", "y"]).references("parent", ["a", "b"]);
    let child = table("child")
        .comment("It's a\n'child' \\ of \"parent\"")
        .column(column("id", bigint()).identity_with(options).comment("né"))
        .column(column("x", integer()).server_default(-1))
        .column(column("y", integer()).server_default(5))
        .column(column("up", bigint()))
        .column(column("title", varchar(40)).not_null().server_default("it's \\ x").collate("C"))
        .column(column("sum", integer()).generated("x + y"))
        .column(column("tags", array(text())).server_default("{}"))
        .column(column("born", timestamptz()).not_null().server_default(sql("now()")))
        .column(column("share", numeric(5, 2)).server_default(sql("0.10")))
        .primary_key(primary_key("pk").on(["id"]).deferrable(Deferrable::InitiallyDeferred))
        .unique(unique("uq_up").on(["up"]))
        .foreign_key(to_parent("fk_1").on_delete(SetNull).on_delete_columns(["y"]).on_update(Cascade).match_full())
        .foreign_key(to_parent("fk_2").on_delete(SetDefault).on_update(Restrict).deferrable())
        .foreign_key(to_parent("fk_3").initially_deferred().not_valid())
        .foreign_key(foreign_key("fk_self").on(["up"]).references("child", ["up"]).on_delete(Cascade))
        .check(check("ck_valid", "x > 0"))
        .exclude(
            exclude("ex")
                .using("gist")
                .with(sql("int4range(x, y)"), "&&")
                .filter("x > 0")
                .deferrable(Deferrable::InitiallyDeferred),
        )
        .check(check("ck_later", "y > 0").not_valid())
        .index(
            index("Ix all")
                .on(
                    "child",
                    [index_column("title").collate("POSIX").operator_class("text_pattern_ops").desc().nulls_last()],
                )
                .and(IndexColumn::from(sql("x + y")).nulls_first())
                .and(index_column("x").desc())
                .include(["up"])
                .unique()
                .nulls_not_distinct()
                .storage("fillfactor", 70)
                .filter("x IS NOT NULL"),
        )
        .index(index("ix_gin").on("child", ["tags"]).using("gin").storage("fastupdate", "false"))
        .index(index("ix_hash").on("child", ["x"]).using("hash"));
    let heir = table("heir")
        .column(column("a", integer()).not_null())
        .column(column("b", integer()).not_null())
        .column(column("note", text()))
        .column(column("more", integer()))
        .options(TableOptions { inherits: vec!["parent".into()], unlogged: true, ..TableOptions::default() });
    let storage = [("fillfactor", "70"), ("autovacuum_enabled", "false"), ("toast.autovacuum_enabled", "false")];
    let stored = table("stored").column(column("a", text())).options(TableOptions {
        storage: storage.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        ..TableOptions::default()
    });
    let parted = table("parted")
        .column(column("a", integer()).not_null())
        .column(column("day", date()).not_null())
        .primary_key(primary_key("pk_parted").on(["a", "day"]))
        .options(TableOptions { partition_by: Some("RANGE (day, a)".into()), ..TableOptions::default() });
    assert_kept(Database::Postgres, of_tables(vec![parent, child, heir, stored, parted, table("empty")]));
}

#[test]
fn tablespaces_and_access_methods_of_postgres() {
    if !wanted(Database::Postgres) {
        return;
    }
    let (database, copy) = (fresh(Database::Postgres), fresh(Database::Postgres));
    // Tablespaces are the server's, and only PostgreSQL 15 and later make one without a folder.
    let space = format!("space_{}", std::process::id());
    run(&database, &["SET allow_in_place_tablespaces = on", &format!("CREATE TABLESPACE {space} LOCATION ''")]);
    let method = "CREATE ACCESS METHOD pile TYPE TABLE HANDLER heap_tableam_handler";
    run(&database, &[method]);
    run(&copy, &[method]);
    let options =
        TableOptions { tablespace: Some(space.clone()), access_method: Some("pile".into()), ..TableOptions::default() };
    let t =
        table("t").column(column("a", integer())).options(options).index(index("ix").on("t", ["a"]).tablespace(&space));
    let total = materialized_view("total", format!("TABLESPACE {space} AS  SELECT 1 AS one"));
    create(&database, &Schema { objects: vec![total], ..of_tables(vec![t.clone()]) });
    let found = read(&database);
    assert_eq!(found.tables, [t]);
    create(&copy, &found);
    assert_eq!(read(&copy), found);
    drop((database, copy));
    run(&fresh(Database::Postgres), &[&format!("DROP TABLESPACE {space}")]);
}

/// Views and their like need no certain text, which differs between versions of the server.
fn shapes(schema: &Schema) -> Vec<(&'static str, String)> {
    schema.objects.iter().map(|object| (object.kind.word(), object.name.to_string())).collect()
}

pub(crate) fn postgres_objects() -> Schema {
    let notes = table("notes")
        .column(column("id", bigint()).identity())
        .column(column("owner", custom("citext")).not_null())
        .column(column("n", bigint()).server_default(sql("nextval('numbers'::regclass)")))
        .column(column("m", bigint()))
        .column(column("state", named_enum(("app", "state"))))
        .primary_key(primary_key("notes_pkey").on(["id"]));
    let far = table(("app", "notes")).column(column("id", integer())).index(index("ix").on("", ["id"]));
    let touch = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$";
    Schema {
        tables: vec![notes, far],
        schemas: vec!["app".into()],
        enums: vec![EnumType::new(("app", "state"), ["open", "done"])],
        extensions: vec![extension("citext"), extension("hstore").schema("app"), extension("ltree").version("1.1")],
        sequences: vec![
            sequence("numbers").start(10).increment(5).min_value(5).max_value(1000).cache(3).cycle(true),
            sequence("owned").owned_by("notes", "m"),
            sequence(("app", "Down")).increment(-1),
        ],
        objects: vec![
            view("all_notes", "SELECT * FROM notes"),
            view("pairs", "SELECT n.id FROM all_notes n JOIN app.notes a ON a.id = n.id"),
            view("guarded", "WITH (security_barrier=true) AS SELECT id FROM notes WHERE n > 0 WITH LOCAL CHECK OPTION"),
            view(("app", "Odd \"view"), "WITH RECURSIVE r AS (SELECT 1 AS a) SELECT a FROM r"),
            materialized_view(
                "totals",
                "WITH (fillfactor=70) AS SELECT owner, count(*) AS c FROM notes GROUP BY owner",
            ),
            function("touch", "", touch),
            function(
                "twice",
                "n integer, \"Odd name\" text DEFAULT 'a, b) '::text",
                "RETURNS integer LANGUAGE sql AS $$ SELECT n * 2 $$",
            ),
            function("twice", "n bigint", "RETURNS SETOF bigint LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT n * 2 $$"),
            function(
                ("app", "Odd \"function"),
                "VARIADIC items text[]",
                "RETURNS TABLE(a integer) LANGUAGE sql AS $$ SELECT 1 $$",
            ),
            procedure("prune", "INOUT n integer", "LANGUAGE plpgsql AS $$ BEGIN n := 1; END $$"),
            trigger(
                "touch",
                "notes",
                "BEFORE UPDATE OF owner ON notes FOR EACH ROW WHEN (old.n IS DISTINCT FROM new.n) EXECUTE FUNCTION touch()",
            ),
            trigger(
                "Late",
                "notes",
                "CONSTRAINT AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch()",
            ),
            trigger("into", "pairs", "INSTEAD OF INSERT ON pairs FOR EACH ROW EXECUTE FUNCTION touch()"),
            policy("own", "notes", "FOR SELECT USING (owner = CURRENT_USER)"),
            policy("Strict", "notes", "AS RESTRICTIVE FOR INSERT TO pg_monitor, pg_read_all_data WITH CHECK (n > 0)"),
        ],
    }
}

#[test]
fn objects_of_postgres() {
    if !wanted(Database::Postgres) {
        return;
    }
    let everything = InspectOptions::default().schemas(["*"]);
    let database = fresh(Database::Postgres);
    let given = postgres_objects().sorted();
    create(&database, &given);
    assert_nothing_differs(&database, &given);
    let found = read_with(&database, &everything);
    assert_eq!(shapes(&found), shapes(&given));
    assert_eq!((&found.sequences, &found.extensions), (&given.sequences, &given.extensions));
    assert_eq!((&found.schemas, &found.enums), (&given.schemas, &given.enums));
    assert_eq!(found.tables.len(), 2);
    let of = |kind: &str, name: &str| {
        let is = |object: &&SqlObject| object.kind.word() == kind && object.name.name == name;
        found.objects.iter().find(is).unwrap()
    };
    assert!(of("view", "guarded").definition.starts_with("WITH (security_barrier=true) AS SELECT"));
    assert!(of("view", "guarded").definition.ends_with("WITH LOCAL CHECK OPTION"));
    assert_eq!(
        of("trigger", "touch").definition,
        "BEFORE UPDATE OF owner ON notes FOR EACH ROW WHEN (old.n IS DISTINCT FROM new.n) EXECUTE FUNCTION touch()"
    );
    assert!(of("trigger", "Late").definition.starts_with("CONSTRAINT AFTER INSERT ON notes DEFERRABLE INITIALLY"));
    let arguments = |object: &SqlObject| match &object.kind {
        ObjectKind::Function { arguments } | ObjectKind::Procedure { arguments } => arguments.clone(),
        _ => unreachable!("it is a routine"),
    };
    assert_eq!(arguments(of("function", "Odd \"function")), "VARIADIC items text[]");
    assert_eq!(arguments(of("procedure", "prune")), "INOUT n integer");

    let copy = fresh(Database::Postgres);
    create(&copy, &found);
    assert_eq!(read_with(&copy, &everything), found);

    // What extensions made is theirs, whatever schema is asked for.
    let app = read_with(&database, &InspectOptions::default().schemas(["app"]));
    assert!(app.objects.iter().all(|object| object.name.schema.as_deref() == Some("app")));
    assert_eq!(app.objects.len(), 2);
}

#[test]
fn every_type_of_mariadb() {
    if !wanted(Database::Mariadb) {
        return;
    }
    let mut types = vec![
        smallint(),
        integer(),
        bigint(),
        numeric(9, 3),
        numeric(10, 0),
        real(),
        double(),
        boolean(),
        char(3),
        varchar(7),
        text(),
        binary(),
        date(),
        time(),
        timestamp(),
        timestamptz(),
        uuid(),
        json(),
        enumeration("types_c18", ["a", "it's", "b,c", "back\\slash", ""]),
    ];
    let names = [
        "tinyint(4)",
        "tinyint(3) unsigned",
        "smallint(5) unsigned",
        "mediumint(9)",
        "int(10) unsigned",
        "int(10) unsigned zerofill",
        "bigint(20) unsigned",
        "decimal(5,2) unsigned",
        "float(7,3)",
        "float unsigned",
        "double unsigned",
        "bit(3)",
        "year(4)",
        "datetime(6)",
        "timestamp(3)",
        "time(6)",
        "binary(16)",
        "varbinary(300)",
        "tinytext",
        "mediumtext",
        "longtext",
        "tinyblob",
        "mediumblob",
        "longblob",
        "set('a','it''s')",
        "inet6",
        "point",
    ];
    types.extend(names.map(custom));
    let mut given = with_types(types);
    // A timestamp that may be NULL says so; its first column is not updated in silence.
    given.columns.iter_mut().for_each(|column| column.nullable = true);
    assert_kept(Database::Mariadb, of_tables(vec![given]));
}

#[test]
fn every_attribute_of_a_table_of_mariadb() {
    if !wanted(Database::Mariadb) {
        return;
    }
    let parent = table("parent")
        .column(column("a", integer()).primary_key().identity())
        .column(column("b", integer()))
        .index(index("uq").on("", ["b", "a"]).unique());
    let to_parent = |name: &str| foreign_key(name).on(["x", "y"]).references("parent", ["b", "a"]);
    let child = table("Child `1`")
        .comment("It's a\n'child' \\ of \"parent\"")
        .column(column("id", bigint()).primary_key().identity().comment("né"))
        .column(column("x", integer()).server_default(-1))
        .column(column("y", integer()))
        .column(column("up", bigint()))
        .column(column("title", varchar(40)).not_null().server_default("it's \\ x").collate("utf8mb4_bin"))
        .column(column("z", integer()))
        .column(column("sum", integer()).generated("`z` + 1"))
        .column(column("prod", integer()).generated_virtual("`z` * `up`"))
        .column(column("data", json()).server_default("{}"))
        .column(column("share", numeric(5, 2)).server_default(sql("0.10")))
        .column(column("id2", uuid()).server_default(sql("uuid()")))
        .foreign_key(to_parent("fk_1").on_delete(SetNull).on_update(Cascade))
        .foreign_key(to_parent("fk_2").on_delete(NoAction))
        .foreign_key(foreign_key("fk_self").on(["up"]).references("Child `1`", ["id"]).on_delete(Cascade))
        .check(check("ck", "`z` > 0"))
        .check(check("ck_2", "`z` < 9"))
        .index(index("ix_part").on("", [index_column("title").length(10), index_column("x").desc()]))
        .index(index("ix_words").on("", ["title"]).using("fulltext"));
    let options = TableOptions {
        engine: Some("Aria".into()),
        charset: Some("latin1".into()),
        collation: Some("latin1_swedish_ci".into()),
        row_format: Some("FIXED".into()),
        ..TableOptions::default()
    };
    let odd = table("odd").column(column("a", integer())).options(options);
    let parted = |name: &str, by: &str| {
        let options = TableOptions { partitions: Some(by.into()), ..TableOptions::default() };
        table(name).column(column("a", integer())).column(column("order", varchar(9))).options(options)
    };
    let tables = vec![
        parent,
        child,
        odd,
        parted("hashed", "HASH(a) PARTITIONS 3"),
        parted("keyed", "LINEAR KEY(`order`) PARTITIONS 2"),
        parted("ranged", "RANGE(a) (PARTITION old VALUES LESS THAN (10), PARTITION `order` VALUES LESS THAN MAXVALUE)"),
        parted("columns", "RANGE COLUMNS(a,`order`) (PARTITION p0 VALUES LESS THAN (10,'m'))"),
        parted("listed", "LIST(a) (PARTITION p0 VALUES IN (1,2), PARTITION p1 VALUES IN (3))"),
        parted("both", "RANGE(a) SUBPARTITION BY HASH(a) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN (5))"),
    ];
    assert_kept(Database::Mariadb, of_tables(tables));
}

pub(crate) fn mariadb_objects() -> Schema {
    let notes = table("notes").column(column("id", bigint()).primary_key()).column(column("n", integer()));
    Schema {
        sequences: vec![
            sequence("numbers").start(10).increment(5).min_value(5).max_value(1000).cache(3).cycle(true),
            sequence("Down").increment(-1),
        ],
        objects: vec![
            view("all_notes", "select id, n from notes"),
            view("checked", "SQL SECURITY INVOKER AS select id from notes where n > 0 WITH CASCADED CHECK OPTION"),
            function("twice", "n integer, `order` varchar(9)", "RETURNS integer DETERMINISTIC NO SQL RETURN n * 2"),
            function(
                "thrice",
                "",
                "RETURNS varchar(9) COMMENT 'it''s' SQL SECURITY INVOKER BEGIN RETURN 'a\\'; b'; END",
            ),
            procedure(
                "twice",
                "INOUT n integer, OUT m text",
                "MODIFIES SQL DATA BEGIN DELETE FROM notes; SET m = ';'; END",
            ),
            trigger("touch", "notes", "BEFORE UPDATE ON notes FOR EACH ROW SET NEW.n = OLD.n + 1"),
        ],
        ..of_tables(vec![notes])
    }
}

#[test]
fn objects_of_mariadb() {
    if !wanted(Database::Mariadb) {
        return;
    }
    let database = fresh(Database::Mariadb);
    let given = mariadb_objects().sorted();
    create(&database, &given);
    assert_nothing_differs(&database, &given);
    let found = read(&database);
    assert_eq!(shapes(&found), shapes(&given));
    assert_eq!((&found.sequences, &found.tables), (&given.sequences, &given.tables));
    assert_read_again(Database::Mariadb, &found);
}

#[test]
fn objects_of_sqlite() {
    if !wanted(Database::Sqlite) {
        return;
    }
    let database = fresh(Database::Sqlite);
    let notes = table("notes").column(column("id", integer()).primary_key()).column(column("n", integer()));
    let objects = vec![
        view("all_notes", "SELECT id, n FROM notes"),
        view("Odd \"view\"", "SELECT 'it''s; ' || n AS \"a b\" -- a comment\nFROM all_notes"),
        trigger(
            "touch",
            "notes",
            "AFTER UPDATE OF n ON notes FOR EACH ROW WHEN NEW.n > 1 BEGIN SELECT 1; SELECT ';'; END",
        ),
        trigger(
            "instead",
            "all_notes",
            "INSTEAD OF DELETE ON all_notes BEGIN DELETE FROM notes WHERE id = OLD.id; END",
        ),
    ];
    let given = Schema { objects, ..of_tables(vec![notes]) }.sorted();
    create(&database, &given);
    assert_nothing_differs(&database, &given);
    let found = read(&database);
    assert_eq!(shapes(&found), shapes(&given));
    assert_eq!(found.tables, given.tables);
    assert_read_again(Database::Sqlite, &found);
}

#[test]
fn every_type_and_attribute_of_sqlite() {
    let types = vec![
        smallint(),
        integer(),
        bigint(),
        numeric(9, 3),
        ColumnType::Numeric { precision: Some(4), scale: None },
        ColumnType::Numeric { precision: None, scale: None },
        real(),
        double(),
        boolean(),
        char(3),
        varchar(7),
        ColumnType::Varchar(None),
        text(),
        binary(),
        date(),
        time(),
        timestamp(),
        json(),
        jsonb(),
        enumeration("types_c19", ["a", "it's"]),
        custom(""),
        custom("INT"),
        custom("UNSIGNED BIG INT"),
        custom("DECIMAL(10,5)"),
        custom("Odd (3)"),
    ];
    let parent = table("parent")
        .column(column("a", integer()).not_null())
        .column(column("b", integer()).not_null())
        .primary_key(primary_key("Parent key").on(["a", "b"]))
        .options(TableOptions { without_rowid: true, strict: true, ..TableOptions::default() });
    let to_parent = |name: &str| foreign_key(name).on(["x", "y"]).references("parent", ["a", "b"]);
    let child = table("Child \"1\"")
        .column(column("id", integer()).identity())
        .column(column("x", integer()).server_default(-1))
        .column(column("y", integer()))
        .column(column("title", varchar(40)).not_null().server_default("it's \\ x").collate("NOCASE"))
        .column(column("sum", integer()).generated("x + y"))
        .column(column("prod", integer()).generated_virtual("x * y"))
        .column(column("born", timestamp()).not_null().server_default(sql("CURRENT_TIMESTAMP")))
        .column(column("day", text()).server_default(sql("date('now')")))
        .primary_key(primary_key("pk").on(["id"]))
        .unique(unique("uq").on(["x", "y"]))
        .foreign_key(to_parent("fk_1").on_delete(SetNull).on_update(Cascade).initially_deferred())
        .foreign_key(to_parent("fk_2").on_delete(SetDefault).on_update(Restrict).deferrable())
        .foreign_key(foreign_key("fk_self").on(["x"]).references("Child \"1\"", ["id"]).on_delete(Cascade))
        .check(check("ck", "x > 0"));
    let mut child = child.index(
        index("Ix all")
            .on("", [index_column("title").collate("BINARY").desc()])
            .and(sql("lower(title)"))
            .unique()
            .filter("x IS NOT NULL"),
    );
    child.indexes[0].sql = Some(
        "CREATE UNIQUE INDEX \"Ix all\" ON \"Child \"\"1\"\"\" (title COLLATE BINARY DESC, (lower(title))) WHERE x IS NOT NULL"
            .into(),
    );
    let objects = vec![
        view("v", "SELECT * FROM parent -- all of it"),
        view("named", "(a, \"b c\") AS SELECT 1, 2"),
        trigger("touch", "parent", "AFTER UPDATE OF a ON parent WHEN new.a > 0 BEGIN SELECT 1; SELECT 'END;'; END"),
        trigger("into", "v", "INSTEAD OF INSERT ON v BEGIN SELECT 1; END"),
    ];
    assert_kept(Database::Sqlite, Schema { objects, ..of_tables(vec![with_types(types), parent, child]) });
}

/// A connection that counts what it is asked.
struct Counting(AnyConnection, usize);

impl Connection for Counting {
    fn family(&self) -> Family {
        self.0.family()
    }

    fn run(&mut self, sql: &str) -> QueryResult<()> {
        self.1 += 1;
        self.0.run(sql)
    }

    fn change(&mut self, statement: &Parametrized<'_>) -> QueryResult<usize> {
        self.1 += 1;
        self.0.change(statement)
    }

    fn rows(&mut self, sql: &str) -> QueryResult<Vec<TextRow>> {
        self.1 += 1;
        self.0.rows(sql)
    }

    fn begin(&mut self) -> QueryResult<()> {
        self.0.begin()
    }

    fn commit(&mut self) -> QueryResult<()> {
        self.0.commit()
    }

    fn rollback(&mut self) -> QueryResult<()> {
        self.0.rollback()
    }

    fn in_transaction(&mut self) -> bool {
        self.0.in_transaction()
    }

    fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
        self.0.as_any_mut()
    }
}

fn queries(database: &TestDatabase) -> usize {
    let mut counting = Counting(database.connect(), 0);
    inspect(&mut counting, &InspectOptions::default().schemas([name_of(database)])).unwrap();
    counting.1
}

/// A pattern for the schema that the tests use, and no other test's database.
fn name_of(database: &TestDatabase) -> String {
    match database.kind {
        Database::Mariadb => database.url.rsplit('/').next().unwrap().to_owned(),
        Database::Postgres | Database::Sqlite => "*".to_owned(),
    }
}

#[test]
fn the_number_of_queries_does_not_depend_on_the_number_of_tables() {
    on_each_database(|database| {
        create(
            database,
            &match database.kind {
                Database::Postgres => postgres_objects(),
                Database::Mariadb => {
                    let partitions = Some("HASH(a) PARTITIONS 3".into());
                    let options = TableOptions { partitions, ..TableOptions::default() };
                    let mut schema = mariadb_objects();
                    schema.tables.push(table("parted").column(column("a", integer())).options(options));
                    schema
                }
                Database::Sqlite => Schema { objects: vec![view("v", "SELECT 1")], ..Schema::default() },
            },
        );
        let few = queries(database);
        assert!(few <= 10, "{few} on {}", database.kind);
        let more = (0..40).map(|at| {
            let name = TableName::from(format!("t{at}"));
            table(name).column(column("a", integer())).index(index(format!("ix{at}")).on("", ["a"]))
        });
        create(database, &of_tables(more.collect()));
        assert_eq!(queries(database), few);
    });
}
