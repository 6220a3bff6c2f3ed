//! What bad input gets in a run: a refusal that names the operation and the way that works, with nothing of it sent.

use rectify::prelude::*;
use rectify::{AnyConnection, Chain, Database as _, Migration, Op, Options, RunError, Runner, Source, TransactionMode};
use rectify_tests::{Database, TestDatabase, fresh, on_each_database, step, wanted};

/// One migration that does what its argument names.
struct Bad;

impl Chain for Bad {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static BAD: [Migration<AnyConnection>; 1] = [Migration { message: "Do it badly", ..step("bad", &[], upgrade) }];
        &BAD
    }

    fn sources() -> &'static [Source] {
        &[]
    }
}

fn upgrade(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    let users = |name: &str| table(name).column(column("id", integer())).column(column("tag", varchar(9)));
    match op.x_argument("case").unwrap() {
        "long name" => op.create_table(users(&"n".repeat(65))),
        "no name" => op.create_table(users("")),
        "NUL" => op.create_table(users("a\0b")),
        "index without columns" => op.create_table(users("users").index(index("ix").on("users", [""; 0]))),
        "counts" => {
            let key = foreign_key("fk").on(["id", "tag"]).references("users", ["id"]);
            op.create_table(users("users").foreign_key(key))
        }
        "column twice" => op.create_table(users("users").column(column("id", text()))),
        "no name for a check" => op.batch_alter_table("users", |batch| batch.drop_unique(["id"])),
        "partial index" => op.create_table(users("users").index(index("ix").on("users", ["id"]).filter("id > 0"))),
        "concurrently" => {
            op.create_table(users("users"))?;
            op.create_index(index("ix").on("users", ["id"]).concurrently())
        }
        "type" => {
            op.create_table(users("users"))?;
            op.alter_column("users", alter("tag").set_type(text()))
        }
        other => Err(Error::message(format!("no case {other}"))),
    }
}

fn run(database: &TestDatabase, case: &str) -> std::result::Result<(), RunError> {
    let options = Options { arguments: vec![("case".to_owned(), case.to_owned())], ..Options::default() };
    Runner::<Bad>::new(&mut database.connect()).options(options).upgrade("head").map(drop)
}

/// Each part must be in what is said, and no table may be left.
#[track_caller]
fn refused(database: &TestDatabase, case: &str, parts: &[&str]) {
    let error = run(database, case).unwrap_err();
    let mut said = format!("{error}\n{}", rectify::hints(&error).join("\n"));
    let mut next: Option<&dyn std::error::Error> = std::error::Error::source(&error);
    while let Some(cause) = next {
        said = format!("{said}\n{cause}");
        next = cause.source();
    }
    for part in parts {
        assert!(said.contains(part), "{case} on {}: no `{part}` in: {said}", database.kind);
    }
    for table in ["users", "n", "a"] {
        let there = database.connect().rows(&format!("SELECT 1 FROM {table}"));
        assert!(there.is_err(), "{case} on {}: `{table}` is there", database.kind);
    }
}

#[test]
fn what_no_database_takes_is_refused_by_each() {
    on_each_database(|database| {
        refused(database, "no name", &["cannot create table ``", "does not support an empty name", "give a name"]);
        refused(database, "NUL", &["which contains a NUL character", "remove the NUL character"]);
        refused(database, "index without columns", &["an index without columns", "name its columns with `.on("]);
        refused(database, "counts", &["a foreign key of 2 columns that refer to 1", "name as many columns"]);
        refused(database, "column twice", &["two columns named `id`", "rename one of them"]);
        if database.kind != Database::Sqlite {
            refused(database, "long name", &["the limit is 6", "choose a shorter name"]);
            let way = ["dropping a constraint without its name", "give the chain a naming convention"];
            refused(database, "no name for a check", &way);
        }
    });
}

#[test]
fn what_one_database_cannot_do_is_refused_with_the_way_that_works_there() {
    if wanted(Database::Mariadb) {
        let database = fresh(Database::Mariadb);
        refused(&database, "partial index", &["mariadb does not support partial indexes", "index a generated column"]);
    }
    if wanted(Database::Postgres) {
        let database = fresh(Database::Postgres);
        let way = "wrap it in `op.autocommit(|op| …)`, or declare `transaction = false`";
        refused(&database, "concurrently", &["operation 2, create index `ix` on `users`", way]);
    }
    let database = fresh(Database::Sqlite);
    let way =
        ["sqlite does not support changing the type of a column", "use `op.batch_alter_table(\"users\", |batch| ..)`"];
    refused(&database, "type", &way);
}

#[test]
fn a_run_is_one_transaction_only_where_schema_changes_can_be_rolled_back() {
    if !wanted(Database::Mariadb) {
        return;
    }
    let database = fresh(Database::Mariadb);
    let options = Options { transaction: TransactionMode::Run, ..Options::default() };
    let error = Runner::<Bad>::new(&mut database.connect()).options(options).upgrade("head").unwrap_err();
    assert_eq!(error.to_string(), "the run cannot be one transaction: mariadb commits each schema change by itself");
    let hints = rectify::hints(&error).join("\n");
    assert!(hints.contains("run with `--transaction migration`"), "{hints}");
}
