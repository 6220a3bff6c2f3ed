//! What a batch can be told, on each database; batches in a script; and what a batch that fails leaves behind.

use rectify::prelude::*;
use rectify::schema::batch::Recreate;
use rectify::schema::{Check, Table};
use rectify::{AnyConnection, Batch, Database as _, Event, Family, Migration, Offline, Op, Options, Runner, Source};
use rectify_tests::{Database, TestDatabase, fresh, on_each_database, step, wanted, whole};

use crate::{dump, offline};

/// The tables, and the batch that the argument `body` names, in a transaction or not.
struct Chain<const TRANSACTION: bool>;

impl<const TRANSACTION: bool> Chain<TRANSACTION> {
    const MIGRATIONS: [Migration<AnyConnection>; 2] = [
        migration("m1", &[], TRANSACTION, tables),
        migration("m2", &["m1"], TRANSACTION, |op| {
            let name = op.x_argument("body").unwrap().to_owned();
            let (_, body) = BODIES.iter().find(|(body, _)| *body == name).unwrap();
            op.batch_alter_table("paper", *body)?;
            if name == "orphans" { op.sql("DELETE FROM paper") } else { Ok(()) }
        }),
    ];
}

impl<const TRANSACTION: bool> rectify::Chain for Chain<TRANSACTION> {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        &Self::MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        &[]
    }
}

const fn migration(
    revision: &'static str,
    down_revisions: &'static [&'static str],
    transaction: bool,
    upgrade: fn(&mut Op<'_, AnyConnection>) -> Result<()>,
) -> Migration<AnyConnection> {
    Migration { message: "A batch", transaction, ..step(revision, down_revisions, upgrade) }
}

type Body = fn(&mut Batch);

const BODIES: &[(&str, Body)] = &[
    ("auto, in place", add),
    ("auto, copied", not_null),
    ("always", |batch| {
        batch.recreate(Recreate::Always);
        add(batch);
    }),
    ("always, nothing", |batch| batch.recreate(Recreate::Always)),
    ("never, in place", |batch| {
        batch.recreate(Recreate::Never);
        add(batch);
    }),
    ("never, copied", |batch| {
        batch.recreate(Recreate::Never);
        not_null(batch);
    }),
    ("copy from", |batch| {
        // Without the check that has no name, which nothing else takes away.
        batch.copy_from(Table { checks: Vec::new(), ..paper() });
        batch.drop_column("pages");
    }),
    ("reorder", |batch| batch.reorder(["title", "id", "pages"])),
    ("beside", |batch| batch.insert_before("title", column("new", text()))),
    ("commented", |batch| {
        not_null(batch);
        batch.insert_after("id", column("new", text()).comment("new"));
        batch.alter_column(alter("title").comment("shown"));
    }),
    ("rename and go on", |batch| {
        batch.alter_column(alter("note").rename_to("remark"));
        batch.alter_column(alter("remark").set_default("-"));
        batch.create_check(check("ck_remark", "remark <> 'x'"));
    }),
    ("rename what a view reads and go on", |batch| {
        batch.alter_column(alter("title").rename_to("name"));
        batch.alter_column(alter("name").set_default("-"));
    }),
    ("orphans", not_null),
    ("fails", |batch| batch.alter_column(alter("note").set_not_null())),
];

fn add(batch: &mut Batch) {
    batch.add_column(column("new", text()));
}

fn not_null(batch: &mut Batch) {
    batch.alter_column(alter("pages").set_not_null().set_default(1));
}

fn paper() -> Table {
    table("paper")
        .column(column("id", integer()).not_null().primary_key().identity())
        .column(column("title", varchar(80)).not_null())
        .column(column("pages", integer()))
        .column(column("note", varchar(80)).server_default("it's; \\ 100%"))
        .check(Check { name: None, ..check("", "pages > 0 AND length(title) > 0") })
        .index(index("ix_title").on("paper", [index_column("title").desc()]))
        .index(index("ix_note").on("paper", ["note", "id"]).unique())
        .comment("what people write")
}

fn tables(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    op.create_table(paper())?;
    let of_paper = foreign_key("fk_paper").on(["paper_id"]).references("paper", ["id"]).on_delete(Cascade);
    let review = table("review").column(column("id", integer()).not_null().primary_key());
    op.create_table(review.column(column("paper_id", integer()).not_null()).foreign_key(of_paper))?;
    op.create_table(table("log").column(column("what", varchar(80))))?;
    op.create_object(view("titles", "SELECT id, title FROM paper"))?;
    if op.family() == Family::Sqlite {
        let written = "AFTER INSERT ON paper BEGIN INSERT INTO log VALUES ('new; ' || new.id); END";
        op.create_object(trigger("written", "paper", written))?;
        let reviewed =
            "AFTER DELETE ON review BEGIN UPDATE paper SET title = title || '!' WHERE id = old.paper_id; END";
        op.create_object(trigger("reviewed", "review", reviewed))?;
    }
    op.bulk_insert("paper", [1, 2, 9].map(|id| row().set("title", "One").set("pages", id)))?;
    op.bulk_insert("paper", [row().set("title", "Two").set("pages", 4).set("note", sql("NULL"))])?;
    op.bulk_insert("review", [1, 2].map(|id| row().set("id", id).set("paper_id", 2)))?;
    op.sql("DELETE FROM log")
}

fn options(body: &str) -> Options {
    Options { arguments: vec![("body".to_owned(), body.to_owned())], ..Options::default() }
}

fn run<const TRANSACTION: bool>(connection: &mut AnyConnection, body: &str, target: &str) -> Result<(), String> {
    let runner = Runner::<Chain<TRANSACTION>>::new(connection).options(options(body));
    runner.upgrade(target).map(drop).map_err(|error| described(&error))
}

/// An error with all that caused it, and its hints.
fn described(error: &rectify::RunError) -> String {
    format!("{}; {}", whole(error), rectify::hints(error).join("; "))
}

fn prepared(kind: Database) -> TestDatabase {
    let database = fresh(kind);
    run::<true>(&mut database.connect(), "", "m1").unwrap();
    database
}

fn rows(connection: &mut AnyConnection, sql: &str) -> Vec<String> {
    let rows = connection.rows(sql).unwrap();
    rows.iter().map(|row| row.text(0).unwrap_or("NULL").to_owned()).collect()
}

/// The rows that no batch of these tests may change, and what refers to them.
fn data(connection: &mut AnyConnection) -> Vec<String> {
    let paper = "SELECT CONCAT(id, ' ', pages, ' ', coalesce(note, 'NULL')) FROM paper ORDER BY id";
    let review = "SELECT CONCAT(id, ' ', paper_id) FROM review ORDER BY id";
    [paper, review, "SELECT what FROM log"].iter().flat_map(|sql| rows(connection, sql)).collect()
}

fn columns(connection: &mut AnyConnection, kind: Database) -> Vec<String> {
    let sql = match kind {
        Database::Sqlite => "SELECT name FROM pragma_table_info('paper') ORDER BY cid",
        Database::Postgres => {
            "SELECT column_name::text FROM information_schema.columns WHERE table_name = 'paper' ORDER BY ordinal_position"
        }
        Database::Mariadb => {
            "SELECT CAST(column_name AS CHAR) FROM information_schema.columns \
             WHERE table_schema = DATABASE() AND table_name = 'paper' ORDER BY ordinal_position"
        }
    };
    rows(connection, sql)
}

/// Where the table lies in the file: another place after a copy.
fn place(connection: &mut AnyConnection) -> Vec<String> {
    rows(connection, "SELECT CAST(rootpage AS TEXT) FROM sqlite_schema WHERE name = 'paper'")
}

#[test]
fn sqlite_copies_always_never_or_where_it_has_to_and_the_others_never() {
    on_each_database(|found| {
        for (body, copies) in [
            ("auto, in place", false),
            ("auto, copied", true),
            ("always", true),
            ("always, nothing", true),
            ("never, in place", false),
            ("never, copied", true),
        ] {
            let is_sqlite = found.kind == Database::Sqlite;
            if !is_sqlite && body.ends_with("in place") {
                continue;
            }
            let database = prepared(found.kind);
            let mut connection = database.connect();
            let before = (data(&mut connection), dump::of(&mut connection, found.kind, "none"));
            let at = if is_sqlite { place(&mut connection) } else { Vec::new() };
            let done = run::<true>(&mut connection, body, "m2");
            assert_eq!(data(&mut connection), before.0, "{body}");
            if is_sqlite && body == "never, copied" {
                let said = done.unwrap_err();
                assert!(said.contains("does not support changing the nullability of a column"), "{said}");
                assert!(said.ends_with("; let it be copied: leave `Recreate::Never` out"), "{said}");
                assert_eq!(dump::of(&mut connection, found.kind, "none"), before.1);
                continue;
            }
            done.unwrap();
            assert_eq!(is_sqlite && place(&mut connection) != at, is_sqlite && copies, "{body}");
            let changed = dump::difference(&before.1, &dump::of(&mut connection, found.kind, "none"));
            assert_eq!(changed.is_empty(), body == "always, nothing", "{body}: {changed}");
        }
    });
}

#[test]
fn a_table_given_by_hand_takes_the_place_of_what_the_catalog_says() {
    if !wanted(Database::Sqlite) {
        return;
    }
    let database = prepared(Database::Sqlite);
    let mut connection = database.connect();
    run::<true>(&mut connection, "copy from", "m2").unwrap();
    let made = rows(&mut connection, "SELECT sql FROM sqlite_schema WHERE tbl_name = 'paper' ORDER BY name").join("\n");
    assert!(!made.contains("CHECK") && !made.contains("pages"), "{made}");
    for kept in
        ["CREATE INDEX ix_title ON paper (title DESC)", "CREATE UNIQUE INDEX ix_note", "AUTOINCREMENT", "written"]
    {
        assert!(made.contains(kept), "no {kept} in {made}");
    }
    assert_eq!(
        rows(&mut connection, "SELECT CONCAT(id, title) FROM titles ORDER BY id"),
        ["1One", "2One", "3One", "4Two"]
    );
    assert_eq!(rows(&mut connection, "SELECT paper_id FROM review"), ["2", "2"]);
}

#[test]
fn columns_have_their_places_on_sqlite_and_the_others_say_that_they_have_none() {
    on_each_database(|found| {
        for (body, expected) in [
            ("reorder", ["title", "id", "pages", "note"].as_slice()),
            ("beside", &["id", "new", "title", "pages", "note"]),
        ] {
            let database = prepared(found.kind);
            let mut connection = database.connect();
            let before = data(&mut connection);
            let done = run::<true>(&mut connection, body, "m2");
            if found.kind == Database::Sqlite {
                done.unwrap();
                assert_eq!(columns(&mut connection, found.kind), expected);
            } else {
                let said = done.unwrap_err();
                assert!(said.contains("cannot be put beside another column here: use `batch.add_column`"), "{said}");
                assert_eq!(columns(&mut connection, found.kind), ["id", "title", "pages", "note"]);
            }
            assert_eq!(data(&mut connection), before, "{body}");
        }
    });
}

#[test]
fn comments_that_sqlite_does_not_keep_are_told_of_once() {
    on_each_database(|database| {
        let mut told = Vec::new();
        let mut connection = database.connect();
        let on_event = |event: Event<'_>| {
            if let Event::LeftOut { what } = event {
                told.push(what.to_owned());
            }
        };
        let body = if database.kind == Database::Sqlite { "commented" } else { "auto, copied" };
        let runner = Runner::<Chain<true>>::new(&mut connection).options(options(body)).on_event(on_event);
        runner.upgrade("m2").unwrap();
        let script = Offline::<Chain<true>>::new(offline::dialect(database.kind)).options(options(body));
        let script = script.upgrade("m2").unwrap();
        let times = usize::from(database.kind == Database::Sqlite);
        assert_eq!((told.len(), script.matches("keeps no comments").count()), (times, times), "{told:?}");
    });
}

#[test]
fn a_script_changes_a_table_with_triggers_and_views_as_a_run_does() {
    if !wanted(Database::Sqlite) {
        return;
    }
    let refused = ["never, copied", "rename what a view reads and go on", "orphans", "fails"];
    for (body, _) in BODIES.iter().filter(|(body, _)| !refused.contains(body)) {
        let [live, scripted] = [(); 2].map(|()| prepared(Database::Sqlite));
        run::<true>(&mut live.connect(), body, "m2").unwrap();
        let script = Offline::<Chain<true>>::new(offline::dialect(Database::Sqlite)).options(options(body));
        offline::run(&scripted, &script.upgrade("m1:m2").unwrap());
        let found = |database: &TestDatabase| dump::of(&mut database.connect(), database.kind, "none");
        assert_eq!(dump::difference(&found(&live), &found(&scripted)), "", "{body}");
        let rows = |database: &TestDatabase| database.texts("SELECT CONCAT(id, note) FROM paper");
        if !body.starts_with("rename") {
            assert_eq!(rows(&live), rows(&scripted), "{body}");
        }
    }
    let body = "rename what a view reads and go on";
    run::<true>(&mut prepared(Database::Sqlite).connect(), body, "m2").unwrap();
    let script = Offline::<Chain<true>>::new(offline::dialect(Database::Sqlite)).options(options(body));
    let said = described(&script.upgrade("m1:m2").unwrap_err());
    assert!(said.contains("SQLite rewrote the view `titles` when revision `m2` renamed"), "{said}");
}

#[test]
fn a_batch_that_fails_leaves_nothing_and_foreign_keys_on() {
    if !wanted(Database::Sqlite) {
        return;
    }
    for (body, part) in
        [("orphans", "2 rows of `review` that refer to no row of `paper`"), ("fails", "NOT NULL constraint failed")]
    {
        for transaction in [true, false] {
            let database = prepared(Database::Sqlite);
            let mut connection = database.connect();
            let before = (data(&mut connection), dump::of(&mut connection, database.kind, "none"));
            let upgrade = if transaction { run::<true> } else { run::<false> };
            let done = upgrade(&mut connection, body, "m2");
            assert_eq!(rows(&mut connection, "PRAGMA foreign_keys"), ["1"], "{body}, {transaction}");
            // Outside of a transaction the batch is whole before the rows are deleted, and their reviews go with them.
            if body == "orphans" && !transaction {
                done.unwrap();
                continue;
            }
            let said = done.unwrap_err();
            assert!(said.contains(part), "{said}");
            let after = (data(&mut connection), dump::of(&mut connection, database.kind, "none"));
            assert_eq!(after, before, "{body}, {transaction}");
        }
    }
}
