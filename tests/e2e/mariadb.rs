//! What MariaDB would lose without a word: it restates a whole column for any change.

use rectify::schema::build::{alter, varchar};
use rectify::{AnyConnection, Chain, Database as _, Migration, Source};
use rectify_tests::{Database, fresh, wanted};

struct Widen;

impl Chain for Widen {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static WIDEN: [Migration<AnyConnection>; 1] = [Migration {
            revision: "widen",
            down_revisions: &[],
            depends_on: &[],
            branch_labels: &[],
            message: "Widen the code",
            description: "",
            created: "",
            file: "widen.rs",
            transaction: true,
            upgrade: |op| op.alter_column("items", alter("code").set_type(varchar(20))),
            downgrade: None,
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
