//! Schemas, sequences, enums, views, functions, triggers and their like: made, used and dropped on real databases, and
//! refused where there are none.

use std::error::Error as _;

use rectify::schema::SqlObject;
use rectify::schema::dialect::Dialect;
use rectify::schema::ops::{
    AlterSequence, CreateExtension, CustomOperation, DropExtension, DropObject, DropSchema, ReplaceObject,
};
use rectify::schema::{Refusal, Statement};
use rectify::{
    AnyConnection, Chain, Database as _, Family, Migration, Offline, Op, Options, RunError, Runner, Source, prelude::*,
};
use rectify_tests::{Database, TestDatabase, on_each_database, step};

use crate::offline;

type AnyOp<'a> = Op<'a, AnyConnection>;

/// What a migration does, chosen by the argument `case`, so that one chain serves for all.
struct Case {
    name: &'static str,
    up: fn(&mut AnyOp<'_>) -> Result<()>,
    down: fn(&mut AnyOp<'_>) -> Result<()>,
}

static CASES: &[Case] = &[
    Case { name: "schema", up: schema_up, down: schema_down },
    Case { name: "extension", up: extension_up, down: |op| op.drop_extension("plpgsql") },
    Case { name: "sequence", up: sequence_up, down: |op| op.drop_sequence(numbers()) },
    Case { name: "enum", up: enum_up, down: enum_down },
    Case { name: "portable enum", up: |op| op.create_table(bills()), down: |op| op.drop_table(bills()) },
    Case { name: "view", up: view_up, down: view_down },
    Case { name: "materialized view", up: |op| with_notes(op, totals()), down: |op| without_notes(op, totals()) },
    Case { name: "function", up: function_up, down: |op| op.drop_object(twice()) },
    Case { name: "procedure", up: |op| with_notes(op, add_note()), down: |op| without_notes(op, add_note()) },
    Case { name: "trigger", up: trigger_up, down: trigger_down },
    Case { name: "policy", up: |op| with_notes(op, own_notes()), down: |op| without_notes(op, own_notes()) },
    Case { name: "grant", up: grant_up, down: grant_down },
    Case { name: "rows", up: rows_up, down: |op| op.drop_table("notes") },
    Case { name: "comment", up: comment_up, down: |op| op.drop_table("notes") },
    Case { name: "custom", up: custom_up, down: custom_down },
];

struct Objects;

impl Chain for Objects {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static OBJECTS: [Migration<AnyConnection>; 1] = [Migration {
            message: "Make objects",
            downgrade: Some(|op| (case(op).down)(op)),
            ..step("objects", &[], |op| (case(op).up)(op))
        }];
        &OBJECTS
    }

    fn sources() -> &'static [Source] {
        &[]
    }
}

fn case(op: &AnyOp<'_>) -> &'static Case {
    let name = op.x_argument("case").unwrap();
    CASES.iter().find(|case| case.name == name).unwrap()
}

/// A name for what lives beside the databases of a server, where tests run at once.
fn own_name(op: &AnyOp<'_>) -> String {
    format!("rectify_{}", op.x_argument("database").unwrap())
}

fn options(database: &TestDatabase, case: &str) -> Options {
    let arguments = vec![("case".to_owned(), case.to_owned()), ("database".to_owned(), name_of(database))];
    Options { arguments, ..Options::default() }
}

fn name_of(database: &TestDatabase) -> String {
    let name = database.url.rsplit('/').next().unwrap();
    name.split('.').next().unwrap().to_owned()
}

fn up(database: &TestDatabase, case: &str) -> std::result::Result<(), RunError> {
    Runner::<Objects>::new(&mut database.connect()).options(options(database, case)).upgrade("head").map(drop)
}

fn down(database: &TestDatabase, case: &str) {
    Runner::<Objects>::new(&mut database.connect()).options(options(database, case)).downgrade("base").unwrap();
}

/// Makes the objects of a case, uses them with `used`, and drops them, after which `used` must fail: once by a run, and
/// once by a script for the database's own client.
#[track_caller]
fn works(database: &TestDatabase, case: &str, used: impl Fn(&TestDatabase) -> bool) {
    up(database, case).unwrap();
    assert!(used(database), "{case} is there");
    down(database, case);
    assert!(!used(database), "{case} is gone");
    let script = Offline::<Objects>::new(offline::dialect(database.kind)).options(options(database, case));
    offline::run(database, &script.upgrade("head").unwrap());
    assert!(used(database), "{case} is there, from a script");
    let script = Offline::<Objects>::new(offline::dialect(database.kind)).options(options(database, case));
    offline::run(database, &script.downgrade("head:base").unwrap());
    assert!(!used(database), "{case} is gone, by a script");
}

/// The database has no such thing: the error says so, and what to do instead.
#[track_caller]
fn refused(database: &TestDatabase, case: &str, what: &str, hint: &str) {
    let error = up(database, case).unwrap_err();
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}\n{cause}");
        source = cause.source();
    }
    assert!(text.contains(&format!("does not support {what}")), "{text}");
    let hints = rectify::hints(&error).join("\n");
    assert!(hints.contains(hint), "no `{hint}` in: {hints}");
}

/// Whether each of these runs.
fn runs(statements: &'static [&'static str]) -> impl Fn(&TestDatabase) -> bool {
    |database| {
        let mut connection = database.connect();
        statements.iter().all(|sql| connection.run(sql).is_ok())
    }
}

/// Whether `sql` yields these texts; not where it fails.
fn yields(sql: &'static str, texts: &'static [&'static str]) -> impl Fn(&TestDatabase) -> bool {
    move |database| {
        let Ok(rows) = database.connect().rows(sql) else { return false };
        rows.iter().map(|row| row.text(0).unwrap_or("NULL")).eq(texts.iter().copied())
    }
}

fn notes() -> rectify::schema::Table {
    table("notes")
        .column(column("id", integer()).not_null().primary_key())
        .column(column("title", varchar(80)).not_null().server_default("untitled"))
}

fn with_notes(op: &mut AnyOp<'_>, object: SqlObject) -> Result<()> {
    op.create_table(notes())?;
    op.create_object(object)
}

fn without_notes(op: &mut AnyOp<'_>, object: SqlObject) -> Result<()> {
    op.drop_object(object)?;
    op.drop_table("notes")
}

fn schema_up(op: &mut AnyOp<'_>) -> Result<()> {
    let name = own_name(op);
    op.create_schema(name.as_str())?;
    op.create_table(table((name.as_str(), "notes")).column(column("id", integer())))
}

fn schema_down(op: &mut AnyOp<'_>) -> Result<()> {
    let name = own_name(op);
    op.drop_schema(DropSchema::new(name).cascade())
}

#[test]
fn a_schema() {
    on_each_database(|database| match database.kind {
        Database::Sqlite => refused(database, "schema", "schemas", "name the tables without a schema"),
        Database::Postgres | Database::Mariadb => works(database, "schema", |database| {
            let sql = format!("SELECT * FROM rectify_{}.notes", name_of(database));
            database.connect().run(&sql).is_ok()
        }),
    });
}

/// The one extension that every server has, and every database already.
fn extension_up(op: &mut AnyOp<'_>) -> Result<()> {
    op.drop_extension(DropExtension::new("plpgsql").if_exists())?;
    op.create_extension(extension("plpgsql").schema("pg_catalog"))?;
    op.create_extension(CreateExtension::new("plpgsql").if_not_exists())
}

#[test]
fn an_extension() {
    on_each_database(|database| match database.kind {
        Database::Postgres => works(database, "extension", runs(&["DO $$ BEGIN NULL; END $$"])),
        Database::Sqlite | Database::Mariadb => refused(database, "extension", "extensions", "Family::Postgres"),
    });
}

fn numbers() -> rectify::schema::Sequence {
    sequence("numbers").start(1000).increment(10).max_value(9000).cache(1).cycle(true)
}

fn sequence_up(op: &mut AnyOp<'_>) -> Result<()> {
    op.create_sequence(numbers())?;
    op.alter_sequence(AlterSequence::new("numbers").increment(5).cycle(false).restart(2000))
}

#[test]
fn a_sequence() {
    on_each_database(|database| match database.kind {
        Database::Postgres => {
            works(
                database,
                "sequence",
                yields("SELECT (nextval('numbers'), nextval('numbers'))::text", &["(2000,2005)"]),
            );
        }
        Database::Mariadb => {
            let two = "SELECT CONCAT(CAST(NEXTVAL(numbers) AS CHAR), ' ', CAST(NEXTVAL(numbers) AS CHAR))";
            works(database, "sequence", yields(two, &["2000 2005"]));
        }
        Database::Sqlite => refused(database, "sequence", "sequences", "`.identity()`"),
    });
}

fn enum_up(op: &mut AnyOp<'_>) -> Result<()> {
    op.create_enum("mood", ["sad", "happy"])?;
    op.add_enum_value("mood", enum_value("calm").before("happy"))?;
    op.add_enum_value("mood", enum_value("glad").after("happy"))?;
    op.add_enum_value("mood", enum_value("glad").if_not_exists())?;
    op.rename_enum_value("mood", "sad", "blue")
}

fn enum_down(op: &mut AnyOp<'_>) -> Result<()> {
    op.drop_enum("mood")
}

#[test]
fn an_enum_type() {
    on_each_database(|database| match database.kind {
        Database::Postgres => {
            let values = yields("SELECT enum_range(NULL::mood)::text", &["{blue,calm,happy,glad}"]);
            works(database, "enum", values);
        }
        Database::Mariadb => refused(database, "enum", "changing the enum `mood` by itself", "`op.alter_column`"),
        Database::Sqlite => refused(database, "enum", "changing the enum `mood` by itself", "op.batch_alter_table"),
    });
}

fn bills() -> rectify::schema::Table {
    let state = || enumeration("bill_state", ["open", "paid"]);
    table("bills")
        .column(column("id", integer()).not_null().primary_key())
        .column(column("state", state()).not_null().server_default("open"))
        .column(column("before", state()))
        .with_enums()
}

#[test]
fn an_enum_that_comes_and_goes_with_its_table() {
    on_each_database(|database| {
        works(database, "portable enum", |database| {
            let mut connection = database.connect();
            connection.run("INSERT INTO bills (id) VALUES (1)").is_ok()
                && connection.run("INSERT INTO bills (id, state) VALUES (2, 'lost')").is_err()
        });
        if database.kind == Database::Postgres {
            assert_eq!(database.texts("SELECT typname::text FROM pg_type WHERE typname = 'bill_state'").len(), 0);
        }
    });
}

/// Puts the journal where a run was killed at the first statement of the case, before or after `sql` was carried out.
fn killed_at(database: &TestDatabase, case: &str, sql: Option<&str>) {
    up(database, case).unwrap();
    down(database, case);
    let mut connection = database.connect();
    let running = "UPDATE rectify_journal SET state = 'running', operations = 0, statements = 0, \
                   fingerprint = 'cbf29ce484222325' WHERE direction = 'up'";
    connection.run(running).unwrap();
    if let Some(sql) = sql {
        connection.run(sql).unwrap();
    }
}

#[test]
fn a_run_that_was_killed_asks_the_catalog_whether_the_object_was_made() {
    on_each_database(|database| {
        let schema = format!("CREATE SCHEMA rectify_{}", name_of(database));
        let first: &[(&str, &str)] = match database.kind {
            Database::Sqlite => &[],
            Database::Postgres => &[
                ("schema", &schema),
                ("sequence", "CREATE SEQUENCE numbers START 1000"),
                ("enum", "CREATE TYPE mood AS ENUM ('sad', 'happy')"),
            ],
            Database::Mariadb => &[
                ("schema", &schema),
                ("sequence", "CREATE SEQUENCE numbers START 1000"),
                ("function", "CREATE FUNCTION twice(n integer) RETURNS integer RETURN n"),
            ],
        };
        for (case, sql) in first {
            for made in [None, Some(*sql)] {
                killed_at(database, case, made);
                up(database, case).unwrap_or_else(|error| panic!("{case}, {made:?}: {error:?}"));
                down(database, case);
                database.connect().run("DELETE FROM rectify_journal").unwrap();
            }
        }
    });
}

fn titles() -> SqlObject {
    view("titles", "SELECT title FROM notes")
}

fn view_up(op: &mut AnyOp<'_>) -> Result<()> {
    with_notes(op, titles())?;
    let more = view("titles", "SELECT title, id AS number FROM notes");
    op.replace_object(ReplaceObject::new(more).existing(titles()))
}

fn view_down(op: &mut AnyOp<'_>) -> Result<()> {
    without_notes(op, titles())?;
    op.drop_object(DropObject::new(titles()).if_exists())
}

#[test]
fn a_view() {
    on_each_database(|database| works(database, "view", runs(&["SELECT title, number FROM titles"])));
}

fn totals() -> SqlObject {
    materialized_view("totals", "SELECT count(*) AS notes FROM notes")
}

#[test]
fn a_materialized_view() {
    on_each_database(|database| match database.kind {
        Database::Postgres => {
            works(
                database,
                "materialized view",
                runs(&["REFRESH MATERIALIZED VIEW totals", "SELECT notes FROM totals"]),
            );
        }
        Database::Sqlite | Database::Mariadb => {
            refused(database, "materialized view", "materialized views", "`view(..)`");
        }
    });
}

fn twice() -> SqlObject {
    function("twice", "n integer", "RETURNS integer LANGUAGE sql AS 'SELECT n * 2'")
        .on("mysql", "RETURNS integer DETERMINISTIC RETURN n * 2")
}

fn function_up(op: &mut AnyOp<'_>) -> Result<()> {
    op.create_object(
        function("twice", "n integer", "RETURNS integer LANGUAGE sql AS 'SELECT n'")
            .on("mysql", "RETURNS integer DETERMINISTIC BEGIN DECLARE m integer; SET m = n; RETURN m; END"),
    )?;
    op.replace_object(twice())
}

#[test]
fn a_function() {
    on_each_database(|database| match database.kind {
        Database::Postgres => works(database, "function", yields("SELECT twice(21)::text", &["42"])),
        Database::Mariadb => works(database, "function", yields("SELECT CAST(twice(21) AS CHAR)", &["42"])),
        Database::Sqlite => refused(database, "function", "functions written in SQL", "on each connection"),
    });
}

fn add_note() -> SqlObject {
    procedure("add_note", "number integer", "LANGUAGE sql AS 'INSERT INTO notes (id) VALUES (number)'")
        .on("mysql", "INSERT INTO notes (id) VALUES (number)")
}

#[test]
fn a_procedure() {
    on_each_database(|database| match database.kind {
        Database::Sqlite => refused(database, "procedure", "procedures", "from the application"),
        Database::Postgres | Database::Mariadb => works(database, "procedure", runs(&["CALL add_note(1)"])),
    });
}

fn shout() -> SqlObject {
    function(
        "shout",
        "",
        "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.title := upper(NEW.title); RETURN NEW; END; $$",
    )
}

fn shouting() -> SqlObject {
    trigger("shouting", "notes", "BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION shout()")
        .on("mysql", "BEFORE INSERT ON notes FOR EACH ROW BEGIN SET NEW.title = upper(NEW.title); END")
        .on("sqlite", "AFTER INSERT ON notes BEGIN UPDATE notes SET title = upper(title) WHERE id = NEW.id; END")
}

fn trigger_up(op: &mut AnyOp<'_>) -> Result<()> {
    if op.family() == Family::Postgres {
        op.create_object(shout())?;
    }
    with_notes(op, shouting())?;
    op.replace_object(shouting())
}

fn trigger_down(op: &mut AnyOp<'_>) -> Result<()> {
    without_notes(op, shouting())?;
    if op.family() == Family::Postgres {
        op.drop_object(shout())?;
    }
    Ok(())
}

#[test]
fn a_trigger() {
    on_each_database(|database| {
        works(database, "trigger", |database| {
            let mut connection = database.connect();
            connection.run("INSERT INTO notes (id, title) VALUES (1, 'hello')").is_ok()
                && yields("SELECT title FROM notes", &["HELLO"])(database)
        });
    });
}

fn own_notes() -> SqlObject {
    policy("own_notes", "notes", "FOR SELECT USING (title = current_user)")
}

#[test]
fn a_policy() {
    on_each_database(|database| match database.kind {
        Database::Postgres => {
            works(database, "policy", yields("SELECT polname::text FROM pg_policy", &["own_notes"]));
        }
        Database::Sqlite | Database::Mariadb => refused(database, "policy", "policies", ""),
    });
}

fn reading(op: &AnyOp<'_>) -> SqlObject {
    grant("SELECT", "notes", own_name(op))
}

fn grant_up(op: &mut AnyOp<'_>) -> Result<()> {
    if op.family() != Family::Sqlite {
        let role = own_name(op);
        op.sql(format!("CREATE ROLE {role}"))?;
    }
    let reading = reading(op);
    with_notes(op, reading)
}

fn grant_down(op: &mut AnyOp<'_>) -> Result<()> {
    let (reading, role) = (reading(op), own_name(op));
    without_notes(op, reading)?;
    op.sql(format!("DROP ROLE {role}"))
}

#[test]
fn a_grant() {
    on_each_database(|database| match database.kind {
        Database::Sqlite => refused(database, "grant", "grants", "may open the file"),
        Database::Postgres => works(database, "grant", |database| {
            let role = format!("rectify_{}", name_of(database));
            let sql = format!("SELECT has_table_privilege('{role}', 'notes', 'SELECT')::text");
            database.connect().rows(&sql).is_ok_and(|rows| rows[0].text(0) == Some("true"))
        }),
        Database::Mariadb => works(database, "grant", |database| {
            let sql = format!("SHOW GRANTS FOR rectify_{}", name_of(database));
            let grants = database.connect().rows(&sql).unwrap_or_default();
            grants.iter().any(|row| row.text(0).unwrap_or_default().starts_with("GRANT SELECT ON "))
        }),
    });
}

fn rows_up(op: &mut AnyOp<'_>) -> Result<()> {
    op.create_table(notes())?;
    op.bulk_insert(
        "notes",
        [row().set("id", 1).set("title", "it's \\ 50%"), row().set("id", 2).set("title", "ünï; --")],
    )?;
    op.bulk_insert("notes", [row().set("id", 3), row().set("id", 4).set("title", sql("upper('four')"))])?;
    op.bulk_insert("notes", [])?;
    op.bulk_insert("notes", (5..2005).map(|id| row().set("id", id).set("title", "many")))
}

#[test]
fn rows_of_named_values() {
    on_each_database(|database| {
        let first =
            yields("SELECT title FROM notes WHERE id < 5 ORDER BY id", &["it's \\ 50%", "ünï; --", "untitled", "FOUR"]);
        let count = match database.kind {
            Database::Mariadb => "SELECT CAST(count(*) AS CHAR) FROM notes",
            Database::Sqlite | Database::Postgres => "SELECT CAST(count(*) AS TEXT) FROM notes",
        };
        let all = yields(count, &["2004"]);
        works(database, "rows", |database| first(database) && all(database));
    });
}

fn comment_up(op: &mut AnyOp<'_>) -> Result<()> {
    op.create_table(notes())?;
    op.set_column_comment("notes", "id", Some("to be removed"))?;
    op.set_column_comment("notes", "id", None)?;
    op.set_column_comment("notes", "title", Some("it's shown"))
}

#[test]
fn a_comment_of_a_column_leaves_the_column_as_it_is() {
    on_each_database(|database| {
        let sql = match database.kind {
            Database::Sqlite => "SELECT name FROM pragma_table_info('notes') WHERE dflt_value = '''untitled'''",
            Database::Postgres => {
                "SELECT column_name || ' ' || is_nullable || ' ' || coalesce(column_default, '') || ' ' || coalesce(\
                 col_description('notes'::regclass, ordinal_position), 'none') FROM information_schema.columns \
                 WHERE table_name = 'notes' ORDER BY ordinal_position"
            }
            Database::Mariadb => {
                "SELECT CONCAT(column_name, ' ', is_nullable, ' ', coalesce(column_default, ''), ' ', column_comment) \
                 FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'notes' \
                 ORDER BY ordinal_position"
            }
        };
        let texts: &[&str] = match database.kind {
            Database::Sqlite => &["title"],
            Database::Postgres => &["id NO  none", "title NO 'untitled'::character varying it's shown"],
            Database::Mariadb => &["id NO  ", "title NO 'untitled' it's shown"],
        };
        works(database, "comment", yields(sql, texts));
    });
}

/// A table that keeps what another one held.
struct Archive(&'static str);
struct DropArchive(&'static str);

impl CustomOperation for Archive {
    fn describe(&self) -> String {
        format!("archive table `{}`", self.0)
    }

    fn sql(&self, dialect: &dyn Dialect) -> std::result::Result<Vec<Statement>, Refusal> {
        if self.0.is_empty() {
            return Err(Refusal::new("a table without a name", "name the table"));
        }
        let (table, archive) = (dialect.quote(self.0), dialect.quote(&format!("{}_archive", self.0)));
        Ok(vec![
            Statement::new(format!("CREATE TABLE {archive} AS SELECT * FROM {table}")),
            Statement::new(format!("INSERT INTO {archive} SELECT * FROM {table}")),
        ])
    }

    fn reverse(&self) -> Option<Box<dyn CustomOperation>> {
        Some(Box::new(DropArchive(self.0)))
    }
}

impl CustomOperation for DropArchive {
    fn describe(&self) -> String {
        format!("drop the archive of table `{}`", self.0)
    }

    fn sql(&self, dialect: &dyn Dialect) -> std::result::Result<Vec<Statement>, Refusal> {
        Ok(vec![Statement::new(format!("DROP TABLE {}", dialect.quote(&format!("{}_archive", self.0))))])
    }
}

fn custom_up(op: &mut AnyOp<'_>) -> Result<()> {
    op.create_table(notes())?;
    op.bulk_insert("notes", [row().set("id", 1)])?;
    let refused = op.invoke(Archive("")).unwrap_err();
    assert!(refused.to_string().contains("archive table ``"), "{refused}");
    let endless = op.invoke_reverse(DropArchive("notes")).unwrap_err();
    assert_eq!(endless.to_string(), "cannot reverse `drop the archive of table `notes``: it has no reverse");
    op.invoke(Archive("notes"))
}

fn custom_down(op: &mut AnyOp<'_>) -> Result<()> {
    op.invoke_reverse(Archive("notes"))?;
    op.drop_table("notes")
}

#[test]
fn an_operation_of_ones_own() {
    on_each_database(|database| {
        works(database, "custom", yields("SELECT title FROM notes_archive", &["untitled", "untitled"]));
    });
}
