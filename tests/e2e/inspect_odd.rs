//! Catalogs that few expect: odd names, several schemas, what was dropped, what others made, tables written by hand.

use rectify::inspect::InspectOptions;
use rectify::{Database as _, Options, inspect};
use rectify_schema::build::{
    bigint, check, column, custom, foreign_key, index, integer, primary_key, sql, table, text, unique, varchar, view,
};
use rectify_schema::{Check, PrimaryKey, Schema, Table, TableName};
use rectify_tests::{Database, fresh, on_each_database, wanted};

use crate::inspect::{assert_read_again, create, read, read_with, run};

fn names(schema: &Schema) -> Vec<String> {
    schema.tables.iter().map(|table| table.name.to_string()).collect()
}

#[test]
fn names_are_read_as_they_are() {
    on_each_database(|database| {
        let odd = [
            "Mixed Case",
            "with.dot",
            "a.b.c",
            "it's \"quoted\" `twice`",
            "größe ✓",
            "select",
            "__hidden",
            "back\\slash",
        ];
        let tables = odd.map(|name| {
            table(name)
                .column(column("id", bigint()).not_null())
                .column(column(name, varchar(40)).not_null().server_default(name))
                .column(column("UP", bigint()))
                .primary_key(primary_key(format!("pk {name}")).on(["id"]))
                .foreign_key(foreign_key(format!("fk {name}")).on(["UP"]).references("with.dot", ["id"]))
                .index(index(format!("ix {name}")).on("", [name, "UP"]).unique())
        });
        create(database, &Schema { tables: tables.into(), ..Schema::default() });
        let found = read(database);
        let mut expected = odd.map(str::to_owned);
        expected.sort();
        assert_eq!(names(&found), expected);
        for table in &found.tables {
            let name = &table.name.name;
            assert_eq!(table.columns[1].name, *name);
            assert_eq!(table.columns[1].default, Some(name.as_str().into()));
            assert_eq!(table.indexes.iter().map(|index| &index.name).collect::<Vec<_>>(), [&format!("ix {name}")]);
            assert_eq!(table.foreign_keys[0].name, Some(format!("fk {name}")));
            assert_eq!(table.foreign_keys[0].references, "with.dot".into());
        }
        assert_read_again(database.kind, &found);
    });
}

#[test]
fn a_long_default_is_whole() {
    on_each_database(|database| {
        let long = "it's a 'long' \\ default; ".repeat(400);
        let given = table("t").column(column("a", text()).server_default(long.as_str()));
        create(database, &Schema { tables: vec![given.clone()], ..Schema::default() });
        assert_eq!(read(database).tables, [given]);
    });
}

#[test]
fn nothing_is_nothing() {
    on_each_database(|database| {
        assert_eq!(read(database), Schema::default());
        let nowhere = InspectOptions::default().schemas(["no_such_schema_*"]);
        assert_eq!(read_with(database, &nowhere), Schema::default());
    });
}

#[test]
fn own_tables_and_what_patterns_say_are_left_out() {
    on_each_database(|database| {
        let made =
            ["alembic_version", "rectify_journal", "__diesel_schema_migrations", "my_version", "users", "users_old"];
        let tables = made.map(|name| table(name).column(column("a", integer())));
        create(
            database,
            &Schema { tables: tables.into(), objects: vec![view("seen", "SELECT 1")], ..Schema::default() },
        );
        let check = |options: InspectOptions, expected: &[&str], objects: usize| {
            let found = read_with(database, &options);
            assert_eq!(
                (names(&found), found.objects.len()),
                (expected.iter().map(|&n| n.to_owned()).collect(), objects)
            );
        };
        assert_eq!(Options::default().version_table, "alembic_version");
        check(InspectOptions::default(), &["my_version", "users", "users_old"], 1);
        check(InspectOptions::default().version_table("my_version"), &["alembic_version", "users", "users_old"], 1);
        check(InspectOptions::default().include(["user?", "s*"]), &["users"], 1);
        check(InspectOptions::default().exclude(["*_old", "*_version", "seen"]), &["users"], 0);
    });
}

#[test]
fn what_a_transaction_did_so_far_is_read_in_it() {
    on_each_database(|database| {
        let mut connection = database.connect();
        connection.begin().unwrap();
        connection.run("CREATE TABLE fresh (a INTEGER)").unwrap();
        let found = inspect(&mut connection, &InspectOptions::default()).unwrap();
        assert_eq!(names(&found), ["fresh"]);
        assert!(connection.in_transaction());
        connection.rollback().unwrap();
    });
}

#[test]
fn one_name_in_two_schemas_of_postgres() {
    if !wanted(Database::Postgres) {
        return;
    }
    let database = fresh(Database::Postgres);
    run(
        &database,
        &[
            "CREATE SCHEMA a",
            "CREATE SCHEMA \"b.c\"",
            "CREATE SCHEMA empty",
            "CREATE TABLE a.t (x int PRIMARY KEY)",
            "CREATE TABLE \"b.c\".t (y int PRIMARY KEY REFERENCES a.t)",
            "CREATE TABLE t (z int REFERENCES \"b.c\".t)",
            "CREATE VIEW \"b.c\".v AS SELECT y FROM \"b.c\".t JOIN a.t ON x = y",
        ],
    );
    let reference = |schema: &Schema, name: TableName| schema.table(&name).unwrap().foreign_keys[0].references.clone();
    let all = InspectOptions::default().schemas(["*"]);
    let found = read_with(&database, &all);
    assert_eq!(names(&found), ["t", "a.t", "b.c.t"]);
    assert_eq!(found.schemas, ["a", "b.c", "empty"]);
    assert_eq!(reference(&found, "t".into()), ("b.c", "t").into());
    assert_eq!(reference(&found, ("b.c", "t").into()), ("a", "t").into());
    assert_eq!(found.objects[0].name, ("b.c", "v").into());
    assert_eq!(names(&read(&database)), ["t"]);
    let only = |patterns: &[&str]| InspectOptions::default().schemas(patterns.iter().copied());
    assert_eq!(read_with(&database, &only(&["empty"])), Schema { schemas: vec!["empty".into()], ..Schema::default() });
    assert_eq!(names(&read_with(&database, &only(&["*"]).exclude_schemas(["b*", "public"]))), ["a.t"]);
    assert_eq!(names(&read_with(&database, &only(&["*"]).exclude(["a.t", "public.t"]))), ["b.c.t"]);

    // The same database to somebody else: bare names are those of the first schema of the search path.
    run(&database, &[&format!("ALTER DATABASE {} SET search_path = \"b.c\", public", name_of(&database.url))]);
    let found = read_with(&database, &all);
    assert_eq!(names(&found), ["t", "a.t", "public.t"]);
    assert_eq!(found.schemas, ["a", "empty"]);
    assert_eq!(reference(&found, "t".into()), ("a", "t").into());
    assert_eq!(reference(&found, ("public", "t").into()), "t".into());
    assert_eq!(names(&read(&database)), ["t"]);

    let mut connection = database.connect();
    connection.run("SET search_path = ''").unwrap();
    let error = inspect(&mut connection, &InspectOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "the connection has no current schema to read");
    assert_eq!(rectify::hints(&error).len(), 1);
    let found = inspect(&mut connection, &all).unwrap().sorted();
    assert_eq!(names(&found), ["a.t", "b.c.t", "public.t"]);
}

fn name_of(url: &str) -> &str {
    url.rsplit('/').next().unwrap()
}

#[test]
fn one_name_in_two_databases_of_mariadb() {
    if !wanted(Database::Mariadb) {
        return;
    }
    // Names of constraints are the database's there: two keys of one name may stand in two of them.
    let (here, there) = (fresh(Database::Mariadb), fresh(Database::Mariadb));
    let tables = [
        "CREATE TABLE p (a INT, b INT, UNIQUE (a, b))",
        "CREATE TABLE t (a INT, b INT, CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES p (a, b), CHECK (a > 0))",
    ];
    run(&here, &tables);
    run(&there, &tables);
    let far = name_of(&there.url);
    run(&there, &["CREATE VIEW v AS SELECT a FROM t"]);
    run(&here, &[&format!("CREATE VIEW v AS SELECT a FROM {far}.t"), &format!("CREATE TABLE far LIKE {far}.t")]);
    let found = read_with(&here, &InspectOptions::default().schemas([name_of(&here.url), far]));
    let mut expected = ["far".into(), "p".into(), "t".into(), format!("{far}.p"), format!("{far}.t")];
    expected.sort_by_key(|name| (name.contains('.'), name.clone()));
    assert_eq!(names(&found), expected);
    assert_eq!(found.schemas, [far]);
    for schema in [None, Some(far.to_owned())] {
        let name = |name: &str| TableName { schema: schema.clone(), name: name.to_owned() };
        let keys = &found.table(&name("t")).unwrap().foreign_keys;
        assert_eq!(keys.len(), 1);
        assert_eq!((&keys[0].references, keys[0].columns.len()), (&name("p"), 2));
    }
    let views: Vec<_> = found.objects.iter().map(|view| view.definition.replace(far, "far")).collect();
    assert_eq!(views, ["select `far`.`t`.`a` AS `a` from `far`.`t`", "select `far`.`t`.`a` AS `a` from `far`.`t`"]);
}

#[test]
fn what_was_dropped_on_postgres_leaves_no_trace() {
    if !wanted(Database::Postgres) {
        return;
    }
    let database = fresh(Database::Postgres);
    run(
        &database,
        &[
            "CREATE TABLE p (gone int, a int, b int, lost text, UNIQUE (b, a))",
            "ALTER TABLE p DROP gone, DROP lost, ADD c int",
            "CREATE TABLE t (gone int UNIQUE, x int, y int, z int GENERATED ALWAYS AS (1) STORED)",
            "ALTER TABLE t DROP gone, ADD FOREIGN KEY (y, x) REFERENCES p (a, b), ADD CHECK (y > 0)",
            "CREATE INDEX ix ON t (y) INCLUDE (x)",
            "ALTER TABLE t DROP z",
        ],
    );
    let p = table("p")
        .column(column("a", integer()))
        .column(column("b", integer()))
        .column(column("c", integer()))
        .unique(unique("p_b_a_key").on(["b", "a"]));
    let t = table("t")
        .column(column("x", integer()))
        .column(column("y", integer()))
        .foreign_key(foreign_key("t_y_x_fkey").on(["y", "x"]).references("p", ["a", "b"]))
        .check(check("t_y_check", "y > 0"))
        .index(index("ix").on("", ["y"]).include(["x"]));
    assert_eq!(read(&database).tables, [p, t]);
}

#[test]
fn what_extensions_and_columns_own_on_postgres_is_left_out() {
    if !wanted(Database::Postgres) {
        return;
    }
    let database = fresh(Database::Postgres);
    run(
        &database,
        &[
            "CREATE EXTENSION citext",
            "CREATE TABLE theirs (a int)",
            "ALTER EXTENSION citext ADD TABLE theirs",
            "CREATE SCHEMA their",
            "ALTER EXTENSION citext ADD SCHEMA their",
            "CREATE TABLE t (a serial, b smallserial, c bigint GENERATED ALWAYS AS IDENTITY, d int)",
            // Neither is a serial column: one numbers by another column's sequence, one does more than number.
            "ALTER TABLE t ALTER d SET DEFAULT nextval('t_a_seq')",
            "CREATE SEQUENCE s OWNED BY t.d",
        ],
    );
    let found = read_with(&database, &InspectOptions::default().schemas(["*"]));
    assert_eq!(names(&found), ["t"]);
    assert_eq!((found.schemas.len(), found.objects.len(), found.extensions.len()), (0, 0, 1));
    assert_eq!(found.sequences, [rectify_schema::build::sequence("s").owned_by("t", "d")]);
    let columns = &found.tables[0].columns;
    let identities: Vec<_> = columns.iter().map(|column| column.identity.is_some()).collect();
    assert_eq!(identities, [true, true, true, false]);
    assert_eq!(columns[3].default, Some(sql("nextval('t_a_seq'::regclass)").into()));
}

/// A table of SQLite as it was typed, and what is read of it.
#[track_caller]
fn by_hand(sql: &str, expected: Table) {
    let database = fresh(Database::Sqlite);
    run(&database, &[sql]);
    let found = read(&database);
    assert_eq!(found.tables, [expected], "{sql}");
    assert_read_again(Database::Sqlite, &found);
}

#[test]
fn tables_of_sqlite_as_people_type_them() {
    let id = || table("t").column(column("id", integer()).primary_key());
    let other = |of: &str| table("t").column(column("id", custom(of)).primary_key());
    by_hand("create table t(id INTEGER PRIMARY KEY)", id());
    by_hand("CREATE TABLE t (id integer primary key asc)", id());
    by_hand("CREATE TABLE t (id INTEGER, PRIMARY KEY(\"id\" ASC))", id());
    by_hand("CREATE TABLE t (id INTEGER NOT NULL CONSTRAINT nn UNIQUE PRIMARY KEY)", {
        id().unique(rectify_schema::Unique { name: Some("nn".into()), ..unique("").on(["id"]) })
    });
    by_hand("CREATE TABLE t (id INT PRIMARY KEY)", other("INT"));
    by_hand("CREATE TABLE t (id PRIMARY KEY)", other(""));
    by_hand("CREATE TABLE t (id UNSIGNED BIG INT PRIMARY KEY) WITHOUT ROWID", {
        let mut table = other("UNSIGNED BIG INT");
        table.options.without_rowid = true;
        table
    });
    let numbered = table("t").column(column("id", integer()).identity());
    let key = |name: Option<&str>| PrimaryKey { name: name.map(str::to_owned), ..primary_key("").on(["id"]) };
    by_hand("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", numbered.clone().primary_key(key(None)));
    by_hand(
        "CREATE TABLE t (id INTEGER CONSTRAINT pk PRIMARY KEY ON CONFLICT ABORT AUTOINCREMENT)",
        numbered.primary_key(key(Some("pk"))),
    );
    by_hand(
        "CREATE TABLE IF NOT EXISTS\n\t\"t\"\t-- why (\n(\n\n a , [b c]int/* x, */default +5,\"primary\"DEFAULT(1)NOT\nNULL , `d`\r\n VARCHAR ( 20 ) NULL )",
        table("t")
            .column(column("a", custom("")))
            .column(column("b c", custom("INT")).server_default(sql("+5")))
            .column(column("primary", custom("")).not_null().server_default(1))
            .column(column("d", varchar(20))),
    );
    by_hand(
        "CREATE TABLE main.t (a TEXT CHECK(a IN ('x','y')) DEFAULT 'x', b TEXT DEFAULT \"dq\", c DEFAULT current_timestamp, \
         d REAL DEFAULT -.5e3, e BLOB DEFAULT x'00FF', CHECK (a <> ';)' or b like '%--%'), CHECK(length(a)>1))",
        table("t")
            .column(column("a", rectify_schema::build::enumeration("t_a", ["x", "y"])).server_default("x"))
            .column(column("b", text()).server_default("dq"))
            .column(column("c", custom("")).server_default(sql("current_timestamp")))
            .column(column("d", rectify_schema::build::real()).server_default(sql("-.5e3")))
            .column(column("e", rectify_schema::build::binary()).server_default(vec![0_u8, 255]))
            .check(Check { name: None, ..check("", "a <> ';)' or b like '%--%'") })
            .check(Check { name: None, ..check("", "length(a)>1") }),
    );
    by_hand(
        "CREATE TABLE t AS SELECT 1 AS a, 'x' AS \"b c\", NULL AS n, 1.5 AS r",
        ["a", "b c", "n", "r"].into_iter().fold(table("t"), |table, name| table.column(column(name, custom("")))),
    );
}

#[test]
fn virtual_tables_of_sqlite_are_left_out_with_what_they_keep() {
    let database = fresh(Database::Sqlite);
    run(
        &database,
        &[
            "CREATE VIRTUAL TABLE notes USING fts5(body)",
            "CREATE VIRTUAL TABLE boxes USING rtree(id, low, high)",
            "CREATE TABLE notes_mine (a)",
            "CREATE TABLE other_data (a)",
            "CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT)",
            "CREATE INDEX ix ON counted (id)",
            "ANALYZE",
        ],
    );
    assert_eq!(names(&read(&database)), ["counted", "notes_mine", "other_data"]);
}
