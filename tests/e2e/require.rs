//! Preconditions: a migration that stops before it changes anything, live and in a script.

use rectify::diesel::dsl::{exists, not};
use rectify::schema::dialect::POSTGRES;
use rectify::{AnyConnection, Chain, Database as _, Migration, Offline, Op, RunError, Source, prelude::*};
use rectify_tests::{Database, TestDatabase, fresh, on_each_database, source, step, wanted, whole};

use crate::{catalog, offline};

type AnyOp<'a> = Op<'a, AnyConnection>;

diesel::table! {
    users (id) {
        id -> Integer,
        email -> Nullable<Text>,
    }
}

#[test]
fn a_precondition_that_does_not_hold_stops_before_anything_is_changed() {
    on_each_database(|database| {
        let error = up(database, "head").unwrap_err();
        let text = whole(&error);
        assert!(text.contains("operation 1, require that every user has an e-mail address: SELECT"), "{text}");
        assert!(text.contains("IS NULL"), "{text}");
        assert!(text.contains("the query gives 1, and 0 is required"), "{text}");
        assert_eq!(rectify::hints(&error)[0], "correct what is in the way, and run again");
        let before = catalog::of(database);
        assert_eq!(rectify::status::<Guarded>(&mut database.connect()).unwrap().current, ["g2"]);
        assert!(before.table(&"users".into()).unwrap().find_column("checked").is_none());

        database.connect().run("UPDATE users SET email = 'bea@example.org' WHERE id = 2").unwrap();
        assert_eq!(up(database, "head").unwrap().current, ["g3"]);
    });
}

#[test]
fn a_script_stops_at_a_precondition_with_the_reason() {
    on_each_database(|database| {
        let script = Offline::<Guarded>::new(offline::dialect(database.kind));
        let output = offline::pipe(database, &script.upgrade("head").unwrap());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{said}");
        assert!(said.contains("it is required that every user has an e-mail address"), "{said}");
        if database.kind == Database::Postgres {
            assert!(said.contains("the query gives 1: SELECT"), "{said}");
        }
        assert_eq!(database.texts("SELECT version_num FROM alembic_version"), ["g2"]);

        database.connect().run("UPDATE users SET email = 'bea@example.org' WHERE id = 2").unwrap();
        offline::run(database, &script.upgrade("g2:head").unwrap());
        assert_eq!(database.texts("SELECT version_num FROM alembic_version"), ["g3"]);
        let online = fresh(database.kind);
        up(&online, "g2").unwrap();
        online.connect().run("UPDATE users SET email = 'x'").unwrap();
        up(&online, "head").unwrap();
        assert_eq!(catalog::of(database), catalog::of(&online), "what a precondition leaves behind");
    });
}

#[test]
fn a_run_that_goes_on_does_not_ask_again_what_it_asked_before_its_first_change() {
    if !wanted(Database::Mariadb) {
        return;
    }
    let database = fresh(Database::Mariadb);
    database.connect().run("CREATE TABLE kinds (id INT PRIMARY KEY)").unwrap();
    let error = rectify::upgrade::<Interrupted>(&mut database.connect(), "head").unwrap_err();
    assert!(whole(&error).contains("`later`") || whole(&error).contains(".later'"), "{}", whole(&error));
    assert_eq!(database.texts("SELECT CAST(id AS CHAR) FROM kinds"), ["1"]);
    database.connect().run("CREATE TABLE later (id INT)").unwrap();
    rectify::upgrade::<Interrupted>(&mut database.connect(), "head").unwrap();
    assert_eq!(database.texts("SELECT CAST(id AS CHAR) FROM later"), ["1"]);
}

#[test]
fn what_a_query_gives_instead_is_shown() {
    on_each_database(|database| {
        for (sql, found) in [
            ("SELECT 1 = 2", "the query gives false, and true is required"),
            ("SELECT email FROM users WHERE 1 = 0;", "the query gives NULL, or no row, and true is required"),
            ("SELECT nothing FROM users", "nothing"),
        ] {
            let error = Asks::up(database, sql).unwrap_err();
            assert!(whole(&error).contains(found), "{}", whole(&error));
        }
        Asks::up(database, "SELECT 1 = 1").unwrap();
    });
}

#[test]
fn a_query_is_not_lost_offline_on_any_dialect() {
    let script = Offline::<Guarded>::new(rectify::schema::dialect::MYSQL).upgrade("head").unwrap();
    assert!(script.contains("DO IF(((SELECT"), "{script}");
    assert!(Offline::<Guarded>::new(POSTGRES).upgrade("head").unwrap().contains("DO $rectify$"));
}

fn up(database: &TestDatabase, target: &str) -> std::result::Result<rectify::Report, RunError> {
    rectify::upgrade::<Guarded>(&mut database.connect(), target)
}

struct Guarded;

impl Chain for Guarded {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 3] = [
            step("g1", &[], create_users),
            step("g2", &["g1"], |op| {
                op.require_count(users::table.count(), 1..=2, "there are one or two users")?;
                let quoted = users::table.filter(users::email.eq("it's \\ \"quoted\" $1 ?"));
                op.require(diesel::select(not(exists(quoted))), "nobody is it's \"quoted\"")?;
                op.require("SELECT COUNT(*) > 0 FROM users;", "there is a user")
            }),
            step("g3", &["g2"], |op| {
                let without = users::table.filter(users::email.is_null()).count();
                op.require_count(without, 0, "every user has an e-mail address")?;
                op.add_column("users", column("checked", integer()))
            }),
        ];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 3] = [source("g1"), source("g2"), source("g3")];
        &SOURCES
    }
}

fn create_users(op: &mut AnyOp<'_>) -> Result<()> {
    op.create_table(table("users").column(column("id", integer()).primary_key()).column(column("email", text())))?;
    op.sql("INSERT INTO users (id, email) VALUES (1, 'ada@example.org'), (2, NULL)")
}

/// Fails behind its first change, after which what it requires no longer holds.
struct Interrupted;

impl Chain for Interrupted {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 1] = [step("i1", &[], |op| {
            op.require("SELECT COUNT(*) = 0 FROM kinds", "there are no kinds")?;
            op.sql("INSERT INTO kinds (id) VALUES (1)")?;
            op.sql("INSERT INTO later (id) VALUES (1)")
        })];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 1] = [source("i1")];
        &SOURCES
    }
}

/// Asks what the argument `sql` says.
struct Asks;

impl Asks {
    fn up(database: &TestDatabase, sql: &str) -> std::result::Result<rectify::Report, RunError> {
        let arguments = vec![("sql".to_owned(), sql.to_owned())];
        let options = rectify::Options { arguments, ..rectify::Options::default() };
        rectify::Runner::<Self>::new(&mut database.connect()).options(options).upgrade("head")
    }
}

impl Chain for Asks {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 2] = [
            step("a1", &[], create_users),
            step("a2", &["a1"], |op| {
                let sql = op.x_argument("sql").unwrap_or_default().to_owned();
                op.require(sql, "the question is answered with yes")
            }),
        ];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 2] = [source("a1"), source("a2")];
        &SOURCES
    }
}
