//! Differences that need more than one step, on the databases that ask for it: they are written in an order that runs, nothing
//! differs afterwards, and the way back restores the catalog and keeps the rows.

use rectify::Database as _;
use rectify::inspect::InspectOptions;
use rectify_schema::build::*;
use rectify_schema::diff::DiffOptions;
use rectify_schema::{ColumnType, Schema, Table, TableOptions};
use rectify_tests::{Database, TestDatabase, fresh, goods, wanted};

use crate::law::{apply, chain, nothing_differs, there_and_back};
use crate::spelling::compare;
use crate::victim;

fn of(tables: impl IntoIterator<Item = Table>) -> Schema {
    Schema { tables: tables.into_iter().collect(), ..Schema::default() }
}

/// Goes from the one schema to the other and back, and the other way round.
#[track_caller]
fn obey(kind: Database, a: &Schema, b: &Schema) {
    if !wanted(kind) {
        return;
    }
    for (from, to) in [(a, b), (b, a)] {
        there_and_back(&mut fresh(kind).connect(), from, to).unwrap_or_else(|error| panic!("on {kind}: {error}"));
    }
}

/// Makes the first schema, puts rows in, goes on to the second, and back again; gives what a query finds after each.
fn with_rows<const N: usize>(
    kind: Database,
    [from, to]: [&Schema; 2],
    rows: [&str; N],
    query: &str,
) -> [Vec<String>; 2] {
    let database = fresh(kind);
    let mut connection = database.connect();
    let made = compare(&mut connection, from).diff;
    apply(&mut connection, "make", &made.operations, chain::upgrade).unwrap();
    connection.run("DROP TABLE alembic_version").unwrap();
    connection.run("DROP TABLE rectify_journal").unwrap();
    rows.iter().for_each(|row| connection.run(row).unwrap());
    let found = compare(&mut connection, to).diff;
    apply(&mut connection, "up", &found.operations, chain::upgrade).unwrap();
    nothing_differs(&mut connection, "still found", to, &found.operations).unwrap();
    let above = database.texts(query);
    apply(&mut connection, "down", &found.reverse(), chain::downgrade).unwrap();
    nothing_differs(&mut connection, "not as it was", from, &found.operations).unwrap();
    [above, database.texts(query)]
}

fn notes(numbered: bool, key: &[&str]) -> Table {
    let mut notes =
        table("notes").column(column("id", bigint()).not_null()).column(column("part", integer()).not_null());
    notes.columns[0].identity = numbered.then(identity);
    if key.is_empty() { notes } else { notes.primary_key(primary_key(None).on(key.iter().copied())) }
}

#[test]
fn numbering_comes_and_goes_beside_its_key_on_mariadb() {
    let words = || table("words").column(column("note", bigint()));
    let key = || foreign_key("fk").on(["note"]).references("notes", ["id"]);
    let plain = || notes(false, &[]);
    let numbered = || notes(true, &["id"]);
    for (a, b) in [
        (of([plain()]), of([numbered()])),
        (of([notes(false, &["id"])]), of([numbered()])),
        (of([numbered()]), of([notes(true, &["id", "part"])])),
        (of([numbered()]), of([plain().index(index("ix").on("notes", ["part"]))])),
        (of([plain().check(check("ck", "id > 0"))]), of([numbered()])),
        (of([plain().column(column("next", bigint()).generated("id + 1"))]), of([numbered()])),
        // What refers to the column holds it fast.
        (of([notes(false, &["id"]), words().foreign_key(key())]), of([numbered(), words().foreign_key(key())])),
        (of([notes(false, &["id"]), words()]), of([numbered(), words().foreign_key(key())])),
        (of([numbered(), words().foreign_key(key())]), of([notes(true, &["id", "part"]), words().foreign_key(key())])),
    ] {
        obey(Database::Mariadb, &a, &b);
    }
}

#[test]
fn rows_get_numbers_where_the_numbered_column_comes_on_mariadb() {
    if !wanted(Database::Mariadb) {
        return;
    }
    let bare = of([table("notes").column(column("part", integer()).not_null())]);
    let numbered = of([notes(true, &["id"])]);
    let found = with_rows(
        Database::Mariadb,
        [&bare, &numbered],
        ["INSERT INTO notes (part) VALUES (7), (7), (8)"],
        "SELECT CAST(COUNT(*) AS CHAR) FROM notes",
    );
    assert_eq!(found, [["3"], ["3"]]);
    let other_key = of([notes(true, &["id", "part"])]);
    let found = with_rows(
        Database::Mariadb,
        [&numbered, &other_key],
        ["INSERT INTO notes (id, part) VALUES (3, 7), (9, 7)"],
        "SELECT CAST(id AS CHAR) FROM notes ORDER BY id",
    );
    assert_eq!(found, [["3", "9"], ["3", "9"]]);
}

#[test]
fn a_column_owns_the_sequence_that_it_takes_its_numbers_from() {
    let shop = |default: Option<&str>| {
        let mut number = column("n", bigint()).not_null();
        number.default = default.map(|text| sql(text).into());
        table("goods").column(column("id", bigint()).not_null()).column(number)
    };
    let numbers = || sequence("numbers").increment(5);
    let with = |table: Table, sequence| Schema { sequences: vec![sequence], ..of([table]) };
    let taking = || shop(Some("nextval('numbers')"));
    let owned = || with(taking(), numbers().owned_by("goods", "n"));
    obey(Database::Postgres, &Schema::default(), &owned());
    obey(Database::Postgres, &with(taking(), numbers()), &with(shop(None), numbers().owned_by("goods", "n")));
    obey(Database::Postgres, &with(shop(None), numbers().owned_by("goods", "n")), &with(shop(None), numbers()));
    // One that may be `NULL` is no numbered column.
    let mut nullable = owned();
    nullable.tables[0].columns[1].nullable = true;
    obey(Database::Postgres, &Schema::default(), &nullable);
    obey(Database::Postgres, &of([shop(None)]), &nullable);
    // A default that does more is one, and the sequence stands by itself.
    let more = || with(shop(Some("nextval('numbers') + 1")), numbers().owned_by("goods", "n"));
    obey(Database::Postgres, &Schema::default(), &more());
    obey(Database::Postgres, &of([shop(None)]), &more());
}

#[test]
fn a_value_of_an_enum_column_that_is_renamed_keeps_its_rows_on_mariadb() {
    if !wanted(Database::Mariadb) {
        return;
    }
    let models = |first: &str| {
        let mood = |name: &str| column(name, enumeration("mood", [first, "fine"])).not_null();
        of([table("users").column(mood("mood").server_default(first)).column(mood("was"))])
    };
    let (old, new) = (models("it's sad"), models("un\\happy"));
    let database = fresh(Database::Mariadb);
    let mut connection = database.connect();
    let made = compare(&mut connection, &old).diff;
    apply(&mut connection, "make", &made.operations, chain::upgrade).unwrap();
    connection.run("DROP TABLE alembic_version").unwrap();
    connection.run("DROP TABLE rectify_journal").unwrap();
    connection.run("INSERT INTO users (was) VALUES ('it''s sad'), ('fine')").unwrap();
    let renames = compare(&mut connection, &new).diff.likely_renames;
    assert_eq!(renames.iter().map(ToString::to_string).collect::<Vec<_>>(), ["mood.it's sad:un\\happy"]);
    let options = DiffOptions { renames, ..DiffOptions::default() };
    let found = rectify::compare(&mut connection, new.clone(), &options, &InspectOptions::default()).unwrap().diff;
    assert_eq!(found.losses, []);
    apply(&mut connection, "up", &found.operations, chain::upgrade).unwrap();
    nothing_differs(&mut connection, "still found", &new, &found.operations).unwrap();
    let rows = "SELECT CONCAT(mood, ', ', was) FROM users ORDER BY was";
    assert_eq!(database.texts(rows), ["un\\happy, un\\happy", "un\\happy, fine"]);
    apply(&mut connection, "down", &found.reverse(), chain::downgrade).unwrap();
    nothing_differs(&mut connection, "not as it was", &old, &found.operations).unwrap();
    assert_eq!(database.texts(rows), ["it's sad, it's sad", "it's sad, fine"]);
}

#[test]
fn what_has_no_name_comes_goes_and_changes() {
    let notes =
        || table("notes").column(column("id", bigint()).not_null().primary_key()).column(column("n", integer()));
    let words = || table("words").column(column("note", bigint()));
    let key = || foreign_key(None).on(["note"]).references("notes", ["id"]);
    for kind in [Database::Sqlite, Database::Postgres, Database::Mariadb] {
        for (a, b) in [
            (of([notes()]), of([notes().check(check(None, "n > 0"))])),
            (of([notes().check(check(None, "n > 0"))]), of([notes().check(check(None, "n > 1"))])),
            (
                of([notes().check(check(None, "n > 0")).check(check(None, "n < 9"))]),
                of([notes().check(check(None, "n < 9"))]),
            ),
            (of([notes()]), of([notes().unique(unique(None).on(["n"]))])),
            (of([notes(), words()]), of([notes(), words().foreign_key(key())])),
            (of([notes(), words().foreign_key(key())]), of([notes(), words().foreign_key(key().on_delete(Cascade))])),
            (of([notes(), words().foreign_key(key())]), of([notes()])),
            (
                of([notes(), words().foreign_key(key())]),
                of([notes().column(column("m", integer())), words().column(column("m", integer()).not_null())]),
            ),
        ] {
            obey(kind, &a, &b);
        }
    }
}

#[test]
fn foreign_keys_let_the_types_of_their_columns_change() {
    let parents = |id: ColumnType| table("parents").column(column("id", id).not_null().primary_key());
    let named = || foreign_key("fk_parent").on(["parent"]).references("parents", ["id"]);
    let children = |parent: ColumnType| table("children").column(column("parent", parent)).foreign_key(named());
    let own = |of: ColumnType| {
        let up = foreign_key("fk_up").on(["up"]).references("parents", ["id"]).on_delete(Cascade);
        parents(of.clone()).column(column("up", of)).foreign_key(up)
    };
    for kind in [Database::Sqlite, Database::Postgres, Database::Mariadb] {
        obey(kind, &of([parents(integer()), children(integer())]), &of([parents(bigint()), children(bigint())]));
        obey(kind, &of([parents(integer()), children(integer())]), &of([parents(varchar(40)), children(varchar(40))]));
        obey(kind, &of([own(integer()), children(integer())]), &of([own(bigint()), children(bigint())]));
        if wanted(kind) {
            let found = with_rows(
                kind,
                [&of([parents(integer()), children(integer())]), &of([parents(bigint()), children(bigint())])],
                ["INSERT INTO parents VALUES (7)", "INSERT INTO children VALUES (7)"],
                "SELECT CAST(parent AS CHAR(1)) FROM children",
            );
            assert_eq!(found, [["7"], ["7"]], "on {kind}");
        }
    }
}

#[test]
fn a_check_is_the_same_after_the_type_of_its_column_has_changed_on_postgres() {
    let goods = |length| {
        let state = column("state", varchar(length)).not_null();
        table("goods").column(state).check(check("ck", "state in ('a','it''s')"))
    };
    obey(Database::Postgres, &of([goods(20)]), &of([goods(30)]));
}

#[test]
fn how_a_table_is_split_and_what_it_inherits_is_told() {
    let events = || table("events").column(column("id", bigint()).not_null());
    let split = |by: &str| events().options(TableOptions { partition_by: Some(by.into()), ..TableOptions::default() });
    let parted = |by: &str| events().options(TableOptions { partitions: Some(by.into()), ..TableOptions::default() });
    obey(Database::Mariadb, &of([parted("hash (id) partitions 2")]), &of([parted("HASH(id+1) PARTITIONS 3")]));
    obey(Database::Postgres, &Schema::default(), &of([split("range(id)")]));
    let child = |parents: &[&str]| {
        let inherits = parents.iter().map(|name| (*name).into()).collect();
        events().options(TableOptions { inherits, ..TableOptions::default() })
    };
    let parent = |name: &str| table(name).column(column("id", bigint()).not_null());
    let both = |inherits: &[&str]| of([parent("a"), parent("b"), child(inherits)]);
    obey(Database::Postgres, &both(&["a"]), &both(&["b"]));
    obey(Database::Postgres, &Schema::default(), &both(&["a", "b"]));
    if wanted(Database::Postgres) {
        // No operation can do it, and it is told.
        let database = fresh(Database::Postgres);
        database.connect().run("CREATE TABLE events (id bigint NOT NULL)").unwrap();
        let found = compare(&mut database.connect(), &of([split("HASH (id)")]));
        assert!(found.diff.is_empty() && found.notes.len() == 1, "{:?}", found.notes);
        assert!(found.notes[0].starts_with("table `events` is not split, and its model says `HASH (id)`"));
        // One of a session alone is in no catalog.
        let temporary = events().options(TableOptions { temporary: true, ..TableOptions::default() });
        nothing_differs(&mut fresh(Database::Postgres).connect(), "a false alarm", &of([temporary]), &[]).unwrap();
    }
}

#[test]
fn what_calls_a_function_goes_before_it_on_postgres() {
    let twice = || function("twice", "n integer", "returns integer language sql immutable as $$ select n*2 $$");
    let goods = || table("goods").column(column("id", integer()).not_null()).column(column("n", integer()));
    let calling = goods()
        .column(column("d", integer()).server_default(sql("twice(4)")))
        .column(column("g", integer()).generated("twice(id)"))
        .check(check("ck", "twice(id)>n"))
        .index(index("ix").on("goods", [sql("twice(n)")]).filter("twice(id)>7"));
    let with = |table: Table| Schema { objects: vec![twice()], ..of([table]) };
    let plain = || goods().column(column("d", integer())).column(column("g", integer()));
    obey(Database::Postgres, &with(calling.clone()), &of([plain()]));
    obey(Database::Postgres, &with(calling.clone()), &Schema::default());
    let mut other = with(calling.clone());
    other.objects =
        vec![function("twice", "n integer", "returns bigint language sql immutable as $$ select n*2::bigint $$")];
    obey(Database::Postgres, &with(goods()), &Schema { tables: vec![goods()], ..other });
}

#[test]
fn what_is_granted_already_does_not_differ() {
    for kind in [Database::Postgres, Database::Mariadb].into_iter().filter(|kind| wanted(*kind)) {
        let database = fresh(kind);
        let connection = &mut database.connect();
        let role = format!("rectify_granted_{}", std::process::id());
        let mut models = of([notes(false, &["id"])]);
        models.objects.extend(["SELECT, INSERT", "UPDATE"].map(|privileges| grant(privileges, "notes", &role)));
        let differing = |connection: &mut _| {
            let found = compare(connection, &models);
            assert!(found.notes.is_empty(), "{:?}", found.notes);
            found.diff.operations.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let missing = |privileges: &str| format!("create grant of `{privileges}` on `notes` to `{role}`");

        connection.run("CREATE TABLE notes (id BIGINT NOT NULL PRIMARY KEY, part INTEGER NOT NULL)").unwrap();
        assert_eq!(differing(connection), [missing("SELECT, INSERT"), missing("UPDATE")], "there is no such role");
        connection.run(&format!("CREATE ROLE {role}")).unwrap();
        connection.run(&format!("GRANT SELECT ON notes TO {role}")).unwrap();
        assert_eq!(differing(connection), [missing("SELECT, INSERT"), missing("UPDATE")], "half of it is granted");
        let found = compare(connection, &models).diff;
        found.operations.iter().for_each(|operation| {
            let statements = rectify::dialect_of(connection).unwrap().render(operation).unwrap();
            statements.iter().for_each(|statement| connection.run(&statement.sql).unwrap());
        });
        assert_eq!(differing(connection), [""; 0]);
        connection.run(&format!("REVOKE INSERT ON notes FROM {role}")).unwrap();
        assert_eq!(differing(connection), [missing("SELECT, INSERT")]);
        if kind == Database::Postgres {
            connection.run(&format!("DROP OWNED BY {role}")).unwrap();
        }
        connection.run(&format!("DROP ROLE {role}")).unwrap();
    }
}

#[test]
fn what_others_grant_meanwhile_is_no_difference_on_postgres() {
    if !wanted(Database::Postgres) {
        return;
    }
    let database = fresh(Database::Postgres);
    let connection = &mut database.connect();
    let [held, other] = ["held", "other"].map(|name| format!("rectify_{name}_{}", std::process::id()));
    connection.run("CREATE TABLE notes (id BIGINT NOT NULL PRIMARY KEY, part INTEGER NOT NULL)").unwrap();
    connection.run(&format!("CREATE ROLE {held}; CREATE ROLE {other}; GRANT SELECT ON notes TO {held}")).unwrap();
    let mut models = of([notes(false, &["id"])]);
    models.objects.push(grant("SELECT", "notes", &held));
    let differing = || {
        let compared = (0..10).flat_map(|_| compare(&mut database.connect(), &models).diff.operations);
        compared.map(|operation| operation.to_string()).collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let compared = scope.spawn(differing);
        let mut granted = 0;
        while !compared.is_finished() {
            connection.run(&format!("GRANT {held} TO {other}")).unwrap();
            connection.run(&format!("REVOKE {held} FROM {other}")).unwrap();
            granted += 1;
        }
        assert!(granted > 10, "too little was granted meanwhile to tell");
        assert_eq!(compared.join().unwrap(), [""; 0]);
    });
    connection.run(&format!("DROP OWNED BY {held}; DROP ROLE {held}; DROP ROLE {other}")).unwrap();
}

#[test]
fn what_a_killed_comparison_left_is_dropped_by_the_next_and_nothing_that_is_in_use_on_mariadb() {
    if !wanted(Database::Mariadb) {
        return;
    }
    let database = fresh(Database::Mariadb);
    let models = goods();
    database.connect().run("CREATE TABLE goods (id BIGINT, CONSTRAINT ck CHECK (NOT (id = 1)))").unwrap();
    let (mut child, scratch) = victim::comparing(&database);
    compares(&database, &models);
    assert_eq!(named(&database, &scratch), [scratch.as_str()], "it is in use");
    child.kill().unwrap();
    child.wait().unwrap();
    // The server gives the lock to the next one as soon as it sees that the other is gone.
    let waits = format!("SELECT CAST(GET_LOCK('{scratch}', 60) AS CHAR)");
    assert_eq!(database.texts(&waits), ["1"]);
    assert_eq!(named(&database, &scratch), [scratch.as_str()], "it is left");
    compares(&database, &models);
    assert_eq!(named(&database, &scratch), [""; 0]);
}

#[track_caller]
fn compares(database: &TestDatabase, models: &Schema) {
    let found = compare(&mut database.connect(), models);
    assert!(found.diff.is_empty() && found.notes.is_empty(), "{:?} {:?}", found.diff.operations, found.notes);
}

fn named(database: &TestDatabase, scratch: &str) -> Vec<String> {
    let sql =
        format!("SELECT CAST(schema_name AS CHAR) FROM information_schema.schemata WHERE schema_name = '{scratch}'");
    database.texts(&sql)
}
