//! What a database cannot do is refused before the first statement of a migration that nothing would take back.

use rectify::schema::build::{alter, bigint, column, index, integer, table};
use rectify::{AnyConnection, Chain, Database as _, Family, Migration, Op, Result, Runner, Source};
use rectify_tests::{Database, on_each_database, step, whole};

/// Makes a table, and then wants what its database cannot do.
struct Impossible;

impl Chain for Impossible {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static IMPOSSIBLE: [Migration<AnyConnection>; 2] = [
            Migration { transaction: false, ..step("r1", &[], make_and_break) },
            Migration { transaction: false, ..step("r2", &["r1"], |_| Ok(())) },
        ];
        &IMPOSSIBLE
    }

    fn sources() -> &'static [Source] {
        &[]
    }
}

fn make_and_break(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    op.create_table(table("things").column(column("id", integer()).primary_key()))?;
    if op.x_argument("look").is_some() {
        // Only the database has the answer, so what follows is seen when it comes.
        op.connection()?.rows("SELECT id FROM things")?;
    }
    match op.family() {
        Family::Sqlite => op.alter_column("things", alter("id").set_type(bigint())),
        Family::Mysql => op.create_index(index("ix_things").on("things", ["id"]).filter("id > 0")),
        Family::Postgres => op.create_index(index("x".repeat(64)).on("things", ["id"])),
    }
}

fn attempt(connection: &mut AnyConnection, arguments: &[(&str, &str)]) -> String {
    let arguments = arguments.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let options = rectify::Options { arguments, ..rectify::Options::default() };
    let error = Runner::<Impossible>::new(connection).options(options).upgrade("head").unwrap_err();
    format!("{}\n{}", whole(&error), error.notes.join("\n"))
}

#[test]
fn nothing_stands_of_a_migration_that_the_database_cannot_carry_out() {
    on_each_database(|database| {
        let mut connection = database.connect();
        let said = attempt(&mut connection, &[]);
        let what = if database.kind == Database::Sqlite { "alter column `things`.`id`" } else { "create index" };
        assert!(said.contains(&format!("operation 2, {what}")), "{said}");
        assert!(said.contains("none of the operations of revision `r1` was carried out"), "{said}");
        assert!(said.contains("tests/e2e/rehearsal.rs:"), "{said}");
        connection.rows("SELECT id FROM things").unwrap_err();
        assert_eq!(database.texts("SELECT state FROM rectify_journal"), Vec::<String>::new());
    });
}

#[test]
fn behind_a_question_to_the_database_the_refusal_comes_when_it_is_its_turn() {
    on_each_database(|database| {
        let said = attempt(&mut database.connect(), &[("look", "")]);
        assert!(said.contains("operation 2,"), "{said}");
        assert!(said.contains("1 operation of revision `r1` stands: create table `things`"), "{said}");
        assert_eq!(database.texts("SELECT state FROM rectify_journal"), ["failed"]);
    });
}
