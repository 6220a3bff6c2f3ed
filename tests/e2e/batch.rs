//! SQLite's table rebuild on a table that has all that a rebuild could lose.

use rectify::prelude::*;
use rectify::{AnyConnection, Batch, Database as _, Migration, Op, Options, Runner, Source};
use rectify_tests::{Database, TestDatabase, fresh};

/// One migration, which does what its arguments say.
struct Chain;

impl rectify::Chain for Chain {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 1] = [Migration {
            revision: "r1",
            down_revisions: &[],
            depends_on: &[],
            branch_labels: &[],
            message: "Change the table",
            description: "",
            created: "",
            file: "tests/e2e/batch.rs",
            transaction: true,
            options: rectify::MigrationOptions::DEFAULT,
            upgrade,
            downgrade: None,
        }];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 1] = [Source { revision: "r1", checksum: "r1", file: "tests/e2e/batch.rs" }];
        &SOURCES
    }
}

type Body = fn(&mut Batch);

fn upgrade(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    let number = |op: &Op<'_, AnyConnection>, name| op.x_argument(name).map(|text| text.parse::<u64>().unwrap());
    if let Some(seed) = number(op, "seed") {
        return op.batch_alter_table("paper", |batch| drop(random(seed, Some(batch))));
    }
    let body = BODIES[usize::try_from(number(op, "body").unwrap()).unwrap()];
    op.batch_alter_table("paper", body)
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

fn run(connection: &mut AnyConnection, name: &str, value: u64) -> Result<(), String> {
    let options = Options { arguments: vec![(name.to_owned(), value.to_string())], ..Options::default() };
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
    run(&mut connection, "body", 0).unwrap();
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
    run(&mut connection, "body", 4).unwrap();
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
        let said = run(&mut connection, "body", if body == 9 { 2 } else { body }).unwrap_err();
        assert!(said.contains(part), "{said}");
        assert_eq!((surroundings(&mut connection), texts(&mut connection, TABLE)), before);
    }
}

#[test]
fn a_clause_that_a_copy_would_lose_stops_the_copy() {
    let database = fresh(Database::Sqlite);
    let mut connection = database.connect();
    connection.run("CREATE TABLE paper (pages INTEGER, note TEXT, UNIQUE (note DESC))").unwrap();
    let said = run(&mut connection, "body", 3).unwrap_err();
    assert!(said.contains("`note DESC` in a key"), "{said}");
}

#[test]
fn what_becomes_of_conflicts_is_carried_over() {
    let database = fresh(Database::Sqlite);
    let mut connection = database.connect();
    connection
        .run("CREATE TABLE paper (pages INTEGER, grade TEXT NOT NULL ON CONFLICT FAIL, note TEXT UNIQUE ON CONFLICT REPLACE)")
        .unwrap();
    run(&mut connection, "body", 3).unwrap();
    let said = connection.rows("SELECT sql FROM sqlite_master WHERE name = 'paper'").unwrap();
    let said = said[0].text(0).unwrap().to_owned();
    assert!(said.contains("grade TEXT NOT NULL ON CONFLICT FAIL"), "{said}");
    assert!(said.contains("UNIQUE (note) ON CONFLICT REPLACE"), "{said}");
}

type Change = Box<dyn FnOnce(&mut Batch)>;

/// Adds some changes that `seed` chooses, and says what they come to.
fn random(seed: u64, mut batch: Option<&mut Batch>) -> Vec<String> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut free: Vec<String> = ["pages", "note", "grade"].map(str::to_owned).into();
    let mut said = Vec::new();
    for number in 0..=next(5) {
        let at = usize::try_from(next(3)).unwrap();
        let change: (String, Change) = match (next(7), free.get(at).cloned()) {
            (0, Some(column)) if column != "pages" => {
                free.remove(at);
                (format!("drop {column}"), Box::new(move |batch| batch.drop_column(column)))
            }
            (1, Some(column)) => {
                free[at] = format!("{column} ☃ {number}");
                let new = free[at].clone();
                (
                    format!("rename {column} {new}"),
                    Box::new(move |batch| batch.alter_column(alter(column).rename_to(new))),
                )
            }
            (2, Some(column)) => {
                (format!("default {column}"), Box::new(move |batch| batch.alter_column(alter(column).set_default("7"))))
            }
            (3, _) => (
                format!("check {number}"),
                Box::new(move |batch| batch.create_check(check(format!("ck {number}"), "id > 0"))),
            ),
            (4, _) => (
                format!("unique {number}"),
                Box::new(move |batch| batch.create_unique(unique(format!("uq_{number}")).on(["id", "title"]))),
            ),
            (5, _) => (
                format!("index {number}"),
                Box::new(move |batch| batch.create_index(index(format!("ix_{number}")).on("paper", ["title"]))),
            ),
            _ => (
                format!("add new{number}"),
                Box::new(move |batch| {
                    batch.add_column(column(format!("new{number}"), text()).not_null().server_default("n"));
                }),
            ),
        };
        said.push(change.0);
        if let Some(batch) = batch.as_deref_mut() {
            change.1(batch);
        }
    }
    said
}

/// The columns that can be lost or renamed, as they are called after the changes, with where they came from.
fn expected_columns(said: &[String]) -> Vec<(String, String)> {
    let mut columns: Vec<_> = ["pages", "note", "grade"].map(|name| (name.to_owned(), name.to_owned())).into();
    for change in said {
        if let Some(dropped) = change.strip_prefix("drop ") {
            columns.retain(|(name, _)| name != dropped);
        } else if let Some(renamed) = change.strip_prefix("rename ") {
            let column = columns.iter_mut().find(|(name, _)| renamed.starts_with(&format!("{name} {name} ☃")));
            let (name, _) = column.unwrap();
            *name = renamed[name.len() + 1..].to_owned();
        } else if let Some(added) = change.strip_prefix("add ") {
            columns.push((added.to_owned(), "'n'".to_owned()));
        }
    }
    columns
}

#[test]
fn random_batches_keep_rows_references_triggers_and_views() {
    for seed in 1..=60 {
        let said = random(seed, None);
        let columns = expected_columns(&said);
        let select = |names: Vec<String>| format!("SELECT id, {} FROM paper ORDER BY id", names.join(", "));
        let quoted = columns.iter().map(|(name, _)| format!("\"{name}\"")).chain(["1".to_owned()]).collect();
        let origins = columns.iter().map(|(_, origin)| origin.clone()).chain(["1".to_owned()]).collect();
        let (_database, mut connection) = prepared();
        let (before, rows) = (surroundings(&mut connection), texts(&mut connection, &select(origins)));
        run(&mut connection, "seed", seed).unwrap_or_else(|error| panic!("{seed} {said:?}: {error}"));
        assert_eq!(surroundings(&mut connection), before, "{seed} {said:?}");
        assert_eq!(texts(&mut connection, &select(quoted)), rows, "{seed} {said:?}");
        let sql = texts(&mut connection, TABLE).join("\n");
        for change in &said {
            let part = match change.split_once(' ').unwrap() {
                ("check", number) => format!("CONSTRAINT \"ck {number}\" CHECK"),
                ("unique", number) => format!("CONSTRAINT uq_{number} UNIQUE (id, title)"),
                ("index", number) => format!("CREATE INDEX ix_{number} ON paper (title)"),
                _ => continue,
            };
            assert!(sql.contains(&part), "{seed} {said:?}: no {part} in {sql}");
        }
    }
}
