//! What MariaDB would lose without a word: it restates a whole column for any change.

use rectify::schema::build::{alter, column, integer, table, varchar};
use rectify::{AnyConnection, Chain, Database as _, Migration, Source};
use rectify_tests::{Database, fresh, step, wanted};

struct Widen;

impl Chain for Widen {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static WIDEN: [Migration<AnyConnection>; 1] = [Migration {
            message: "Widen the code",
            ..step("widen", &[], |op| op.alter_column("items", alter("code").set_type(varchar(20))))
        }];
        &WIDEN
    }

    fn sources() -> &'static [Source] {
        &[]
    }
}

#[test]
fn a_column_that_is_altered_keeps_what_was_not_named() {
    if !wanted(Database::Mariadb) {
        return;
    }
    let database = fresh(Database::Mariadb);
    let mut connection = database.connect();
    connection
        .run("CREATE TABLE items (code VARCHAR(10) NOT NULL DEFAULT 'x' COMMENT 'as printed' CHECK (`code` <> ''))")
        .unwrap();
    rectify::upgrade::<Widen>(&mut connection, "head").unwrap();
    let table = connection
        .rows(
            "SELECT column_type, is_nullable, column_default, column_comment FROM \
        information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'items'",
        )
        .unwrap();
    let row: Vec<_> = (0..4).map(|column| table[0].text(column).unwrap_or_default()).collect();
    assert_eq!(row, ["varchar(20)", "NO", "'x'", "as printed"]);
    let refused = connection.run("INSERT INTO items VALUES ('')").unwrap_err();
    assert!(refused.to_string().contains("CONSTRAINT"), "{refused}");
}

struct FailsAtOnce;

impl Chain for FailsAtOnce {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static FAILS_AT_ONCE: [Migration<AnyConnection>; 2] = [
            Migration {
                message: "Create items",
                downgrade: Some(|op| op.drop_table("items")),
                ..step("makes", &[], |op| op.create_table(table("items").column(column("id", integer()).primary_key())))
            },
            Migration {
                message: "Drop what is not there",
                downgrade: Some(|_| Ok(())),
                ..step("fails", &["makes"], |op| op.drop_column("items", "nothing"))
            },
        ];
        &FAILS_AT_ONCE
    }

    fn sources() -> &'static [Source] {
        &[]
    }
}

#[test]
fn a_migration_that_left_nothing_behind_is_in_nobodys_way() {
    if !wanted(Database::Mariadb) {
        return;
    }
    let database = fresh(Database::Mariadb);
    let mut connection = database.connect();
    let failed = rectify::upgrade::<FailsAtOnce>(&mut connection, "head").unwrap_err();
    assert!(failed.notes.iter().any(|note| note.contains("none of the operations of revision `fails`")), "{failed:?}");
    assert_eq!(rectify::status::<FailsAtOnce>(&mut connection).unwrap().unfinished, []);
    let report = rectify::downgrade::<FailsAtOnce>(&mut connection, "base").unwrap();
    assert_eq!(report.current, [""; 0]);
}
