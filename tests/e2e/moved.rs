//! The row of the version table is gone when a migration is done: somebody else has changed it.

use rectify::schema::build::{column, integer, table};
use rectify::{AnyConnection, Chain, Migration, Op, Result, Runner, Source};
use rectify_tests::{Database, on_each_database, step, whole};

struct Moved;

impl Chain for Moved {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MOVED: [Migration<AnyConnection>; 2] = [
            step("m1", &[], |op| op.create_table(table("first").column(column("id", integer()).primary_key()))),
            step("m2", &["m1"], take_the_row),
        ];
        &MOVED
    }

    fn sources() -> &'static [Source] {
        &[]
    }
}

fn take_the_row(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    op.create_table(table("second").column(column("id", integer()).primary_key()))?;
    op.sql("DELETE FROM alembic_version")
}

#[test]
fn a_row_that_is_gone_is_no_row_that_moved() {
    on_each_database(|database| {
        let mut connection = database.connect();
        Runner::<Moved>::new(&mut connection).upgrade("m1").unwrap();
        let error = Runner::<Moved>::new(&mut connection).upgrade("head").unwrap_err();
        assert!(error.to_string().contains("failed to apply revision `m2`"), "{error}");
        let said = whole(&error);
        let why = "WHERE version_num = 'm1'` met 0 rows, not one: somebody else has changed the version table";
        assert!(said.contains(why), "{said}");
        let left = database.texts("SELECT version_num FROM alembic_version");
        // MariaDB commits each operation by itself.
        let stays: &[&str] = if database.kind == Database::Mariadb { &[] } else { &["m1"] };
        assert_eq!(left, stays);
        assert_eq!(database.texts("SELECT revision FROM rectify_journal WHERE state = 'done'"), ["m1"]);
    });
}
