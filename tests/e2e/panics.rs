//! A migration that panics is one that fails: the connection comes back as it was, and others may run.

use rectify::schema::build::{alter, column, integer, table, text};
use rectify::{AnyConnection, Chain, Database as _, Migration, Op, Options, Result, Runner, Source};
use rectify_tests::{Database, on_each_database, step, whole};

struct Panics;

impl Chain for Panics {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static PANICS: [Migration<AnyConnection>; 2] = [
            step("p1", &[], |op| {
                op.create_table(
                    table("things").column(column("id", integer()).primary_key()).column(column("name", text())),
                )
            }),
            step("p2", &["p1"], rebuild_and_panic),
        ];
        &PANICS
    }

    fn sources() -> &'static [Source] {
        &[]
    }
}

fn rebuild_and_panic(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    let panics = op.x_argument("panic").map(str::to_owned);
    op.batch_alter_table("things", |batch| batch.alter_column(alter("name").set_default("nothing")))?;
    match panics.as_deref() {
        Some("text") => panic!("nobody expected this"),
        Some("number") => panic!("nobody expected {}", 7),
        Some(_) => std::panic::panic_any(7),
        None => Ok(()),
    }
}

fn up(connection: &mut AnyConnection, how: Option<&str>) -> std::result::Result<(), rectify::RunError> {
    let arguments = how.map(|how| ("panic".to_owned(), how.to_owned())).into_iter().collect();
    let options = Options { arguments, ..Options::default() };
    Runner::<Panics>::new(connection).options(options).upgrade("head").map(drop)
}

#[test]
fn a_panic_is_a_failure_that_gives_everything_back() {
    on_each_database(|database| {
        let mut connection = database.connect();
        if database.kind == Database::Sqlite {
            connection.run("PRAGMA foreign_keys = ON").unwrap();
        }
        for (how, said) in [
            ("text", "the migration panicked: nobody expected this"),
            ("number", "the migration panicked: nobody expected 7"),
            ("other", "the migration panicked: it did not say why"),
        ] {
            let error = up(&mut connection, Some(how)).unwrap_err();
            assert!(error.to_string().contains("failed to apply revision `p2`"), "{error}");
            assert!(whole(&error).contains(said), "{}", whole(&error));
            let stands = error.notes.iter().any(|note| note.contains("1 operation of revision `p2` stands"));
            assert_eq!(stands, database.kind == Database::Mariadb, "{:?}", error.notes);
            assert!(!connection.in_transaction());
        }
        if database.kind == Database::Sqlite {
            assert_eq!(connection.rows("PRAGMA foreign_keys").unwrap()[0].text(0), Some("1"));
        }
        // Whoever comes next need not wait for this connection to be closed.
        up(&mut database.connect(), None).unwrap();
        assert_eq!(database.texts("SELECT version_num FROM alembic_version"), ["p2"]);
    });
}
