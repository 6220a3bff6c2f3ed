//! SQLite's table rebuild on a table that has all that a rebuild could lose.

use rectify::prelude::*;
use rectify::{AnyConnection, Batch, Database as _, Migration, Op, Options, Runner, Source};
use rectify_tests::{Database, TestDatabase, fresh, source, step};

/// One migration, which does what its arguments say.
struct Chain;

impl rectify::Chain for Chain {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 1] =
            [Migration { message: "Change the table", ..step("r1", &[], upgrade) }];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 1] = [source("r1")];
        &SOURCES
    }
}

type Body = fn(&mut Batch);

fn upgrade(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    let body: usize = op.x_argument("body").unwrap().parse().unwrap();
    op.batch_alter_table("paper", BODIES[body])
}

const BODIES: &[Body] = &[
    |batch| {
        batch.alter_column(alter("note").set_type(varchar(50)).set_not_null().set_default("it's; 100%"));
        batch.alter_column(alter("pages").rename_to("number of \"pages\"").set_not_null());
        batch.create_check(check("ck_later", "grade <> 'x'"));
    },
    |batch| batch.drop_column("title"),
    |batch| batch.drop_column("pages"),
    |batch| batch.alter_column(alter("pages").set_not_null()),
    |batch| {
        batch.insert_after("id", column("first", text()).not_null().server_default("n"));
        batch.alter_column(alter("pages").rename_to("leaves"));
        batch.replace_foreign_key("fk_parent", foreign_key("fk_up").on(["parent_id"]).references("paper", ["id"]));
    },
];

const FIXTURE: &[&str] = &[
    "CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT)",
    "CREATE TABLE paper (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL COLLATE NOCASE,
        pages INTEGER DEFAULT (1 + 1),
        note TEXT DEFAULT 'it''s',
        grade TEXT,
        author_id INTEGER REFERENCES author (id) ON DELETE CASCADE,
        parent_id INTEGER,
        twice INTEGER GENERATED ALWAYS AS (id * 2) VIRTUAL,
        long_title TEXT AS (title || '!') STORED,
        CONSTRAINT fk_parent FOREIGN KEY (parent_id) REFERENCES paper (id) ON DELETE SET NULL,
        CONSTRAINT uq_title UNIQUE (title, id),
        CONSTRAINT ck_pages CHECK (pages > 0),
        CHECK (length(title) > 0)
    )",
    "CREATE INDEX ix_lower ON paper (lower(title) DESC) WHERE id > 0",
    "CREATE UNIQUE INDEX \"ix \"\"odd\"\" %\" ON paper (note, id)",
    "CREATE TABLE review (id INTEGER PRIMARY KEY, paper_id INTEGER NOT NULL REFERENCES paper (id) ON DELETE CASCADE)",
    "CREATE TABLE log (what TEXT)",
    "CREATE VIEW v_reviewed AS SELECT paper.id, title FROM paper JOIN review ON paper_id = paper.id",
    "CREATE VIEW v_count AS SELECT count(*) AS n FROM v_reviewed -- of papers",
    "CREATE TRIGGER tr_log AFTER INSERT ON paper BEGIN INSERT INTO log VALUES ('new ' || new.title); END",
    "CREATE TRIGGER tr_again AFTER INSERT ON paper WHEN new.id > 0 BEGIN INSERT INTO log VALUES ('again'); END",
    "CREATE TRIGGER tr_title AFTER UPDATE OF title ON paper BEGIN INSERT INTO log VALUES (old.title); END",
    "CREATE TRIGGER tr_review AFTER DELETE ON review BEGIN UPDATE paper SET title = title WHERE id = old.paper_id; END",
    "CREATE TRIGGER tr_view INSTEAD OF INSERT ON v_reviewed BEGIN INSERT INTO paper (title) VALUES (new.title); END",
    "INSERT INTO author VALUES (1, 'Ada')",
    "INSERT INTO paper (id, title, pages, note, grade, author_id, parent_id) VALUES
        (1, 'One', 10, 'a', 'good', 1, NULL), (2, 'Zwei', 20, 'b', 'bad', 1, 1), (9, 'gone', 1, 'c', NULL, 1, NULL)",
    "DELETE FROM paper WHERE id = 9",
    "DELETE FROM log",
    "INSERT INTO review VALUES (1, 1), (2, 2), (3, 2)",
];

fn prepared() -> (TestDatabase, AnyConnection) {
    let database = fresh(Database::Sqlite);
    let mut connection = database.connect();
    connection.run("PRAGMA foreign_keys = ON").unwrap();
    FIXTURE.iter().for_each(|sql| connection.run(sql).unwrap());
    (database, connection)
}

fn run(connection: &mut AnyConnection, body: usize) -> Result<(), String> {
    let options = Options { arguments: vec![("body".to_owned(), body.to_string())], ..Options::default() };
    let result = Runner::<Chain>::new(connection).options(options).upgrade("head").map(drop);
    result.map_err(|error| format!("{error:?} {:?}", rectify::hints(&error)))
}

fn texts(connection: &mut AnyConnection, sql: &str) -> Vec<String> {
    let rows = connection.rows(sql).unwrap();
    rows.iter()
        .map(|row| row.0.iter().map(|value| value.as_deref().unwrap_or("NULL")).collect::<Vec<_>>().join("|"))
        .collect()
}

/// What no batch of these tests may change.
fn surroundings(connection: &mut AnyConnection) -> Vec<Vec<String>> {
    [
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('view', 'trigger') ORDER BY type, rowid",
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name IN ('author', 'review', 'log') AND type = 'table'",
        "SELECT id, paper_id FROM review ORDER BY id",
        "SELECT id, title, author_id, parent_id, twice, long_title FROM paper ORDER BY id",
        "SELECT name, seq FROM sqlite_sequence WHERE name LIKE '%paper%'",
        "SELECT n FROM v_count",
        "SELECT what FROM log",
        "PRAGMA foreign_keys",
        "PRAGMA integrity_check",
        "SELECT * FROM pragma_foreign_key_check",
        "SELECT name FROM sqlite_master WHERE name LIKE '\\_rectify\\_tmp%' ESCAPE '\\'",
    ]
    .map(|sql| texts(connection, sql))
    .into()
}

const TABLE: &str = "SELECT sql FROM sqlite_master WHERE tbl_name = 'paper' ORDER BY name";

#[test]
fn all_that_hangs_on_a_table_survives_its_rebuild() {
    let (_database, mut connection) = prepared();
    let before = surroundings(&mut connection);
    run(&mut connection, 0).unwrap();
    assert_eq!(surroundings(&mut connection), before);
    let table = texts(&mut connection, TABLE).join("\n");
    for part in [
        "title TEXT COLLATE \"NOCASE\" NOT NULL",
        "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT",
        "VARCHAR(50) DEFAULT 'it''s; 100%' NOT NULL",
        "\"number of \"\"pages\"\"\" INTEGER DEFAULT (1 + 1) NOT NULL",
        "CONSTRAINT ck_pages CHECK (\"number of \"\"pages\"\"\" > 0)",
        "CHECK (length(title) > 0)",
        "CONSTRAINT ck_later CHECK (grade <> 'x')",
        "FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE",
        "GENERATED ALWAYS AS (id * 2) VIRTUAL",
        "GENERATED ALWAYS AS (title || '!') STORED",
        "CREATE INDEX ix_lower ON paper (lower(title) DESC) WHERE id > 0",
        "CREATE UNIQUE INDEX \"ix \"\"odd\"\" %\" ON paper (note, id)",
    ] {
        assert!(table.contains(part), "no {part} in {table}");
    }
    connection.run("INSERT INTO v_reviewed (title) VALUES ('Three')").unwrap();
    assert_eq!(texts(&mut connection, "SELECT max(id) FROM paper"), ["10"]);
    // Triggers fire in the order in which they did.
    let (_other, mut unchanged) = prepared();
    unchanged.run("INSERT INTO v_reviewed (title) VALUES ('Three')").unwrap();
    let log = "SELECT what FROM log ORDER BY rowid";
    assert_eq!(texts(&mut connection, log), texts(&mut unchanged, log));
}

#[test]
fn a_column_has_its_place_and_a_foreign_key_is_replaced() {
    let (_database, mut connection) = prepared();
    let before = surroundings(&mut connection);
    run(&mut connection, 4).unwrap();
    assert_eq!(surroundings(&mut connection), before);
    let names = texts(&mut connection, "SELECT name FROM pragma_table_info('paper') LIMIT 4");
    assert_eq!(names, ["id", "first", "title", "leaves"]);
    let table = texts(&mut connection, TABLE).join("\n");
    assert!(table.contains("CONSTRAINT fk_up FOREIGN KEY") && !table.contains("fk_parent"), "{table}");
}

#[test]
fn what_no_longer_fits_is_refused_and_nothing_changes() {
    for (body, part) in [
        (1, "drop that column before in the same batch"),
        // Compiled only when it fires: the rebuild fires it on trial.
        (9, "no such column"),
    ] {
        let (_database, mut connection) = prepared();
        if body == 9 {
            connection.run("CREATE TRIGGER tr_p AFTER DELETE ON log BEGIN UPDATE paper SET pages = 1; END").unwrap();
        }
        let before = (surroundings(&mut connection), texts(&mut connection, TABLE));
        let said = run(&mut connection, if body == 9 { 2 } else { body }).unwrap_err();
        assert!(said.contains(part), "{said}");
        assert_eq!((surroundings(&mut connection), texts(&mut connection, TABLE)), before);
    }
}

#[test]
fn a_clause_that_a_copy_would_lose_stops_the_copy() {
    let database = fresh(Database::Sqlite);
    let mut connection = database.connect();
    connection.run("CREATE TABLE paper (pages INTEGER, note TEXT, UNIQUE (note DESC))").unwrap();
    let said = run(&mut connection, 3).unwrap_err();
    assert!(said.contains("`note DESC` in a key"), "{said}");
}

#[test]
fn what_becomes_of_conflicts_is_carried_over() {
    let database = fresh(Database::Sqlite);
    let mut connection = database.connect();
    connection
        .run("CREATE TABLE paper (pages INTEGER, grade TEXT NOT NULL ON CONFLICT FAIL, note TEXT UNIQUE ON CONFLICT REPLACE)")
        .unwrap();
    run(&mut connection, 3).unwrap();
    let said = connection.rows("SELECT sql FROM sqlite_master WHERE name = 'paper'").unwrap();
    let said = said[0].text(0).unwrap().to_owned();
    assert!(said.contains("grade TEXT NOT NULL ON CONFLICT FAIL"), "{said}");
    assert!(said.contains("UNIQUE (note) ON CONFLICT REPLACE"), "{said}");
}
