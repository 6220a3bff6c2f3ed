//! Rows that do not fit: a constraint that they break in the middle of a migration, bytes that are no text. The error names the
//! row, and what can be rolled back is.

use rectify::{
    AnyConnection, Chain, Create, Database as _, Migration, Op, Options, RunError, Runner, Source, prelude::*,
};
use rectify_tests::{Database, TestDatabase, admin_url, fresh, on_each_database, source, step, wanted, whole};

type AnyOp<'a> = Op<'a, AnyConnection>;

diesel::table! {
    users (id) {
        id -> Integer,
        email -> Text,
        age -> Nullable<Integer>,
        team_id -> Nullable<Integer>,
    }
}

type Body = fn(&mut AnyOp<'_>) -> Result<()>;

/// What the second migration does, chosen by the argument `case`.
static CASES: &[(&str, Body)] = &[
    ("unique, one by one", |op| {
        op.add_column("users", column("seen", integer()))?;
        op.rows(users::table.order(users::id).select((users::id, users::email))).chunks(2).for_each(
            |op, rows: Vec<(i32, String)>| {
                for (id, email) in rows {
                    let tidy = email.replace(' ', "");
                    op.execute(diesel::update(users::table.find(id)).set(users::email.eq(tidy)))?;
                }
                Ok(())
            },
        )
    }),
    ("check, one by one", |op| {
        op.execute(diesel::update(users::table.find(1)).set(users::email.eq("changed")))?;
        op.execute(diesel::update(users::table.find(2)).set(users::age.eq(-2))).map(drop)
    }),
    ("not null, in bulk", |op| {
        op.execute(diesel::update(users::table.find(1)).set(users::email.eq("changed")))?;
        let rows =
            (10..200).map(|id| row().set("id", id).set("email", (id != 150).then(|| format!("{id}@example.org"))));
        op.bulk_insert("users", rows)
    }),
    ("foreign key, in bulk", |op| {
        let rows = (10..200).map(|id| {
            let team = if id == 77 { Some(9) } else { None };
            (users::id.eq(id), users::email.eq(format!("{id}@example.org")), users::team_id.eq(team))
        });
        op.bulk_insert(users::table, rows.collect::<Vec<_>>())
    }),
    ("check, in bulk", |op| {
        let rows =
            (10..200).map(|id| row().set("id", id).set("email", format!("{id}@example.org")).set("age", 123 - id));
        op.bulk_insert("users", rows)
    }),
    ("no text", |op| {
        op.rows(users::table.order(users::id).select((users::id, users::email)))
            .chunks(2)
            .for_each(|_, _: Vec<(i32, String)>| Ok(()))
    }),
];

#[test]
fn the_row_that_breaks_a_constraint_is_named() {
    on_each_database(|database| {
        let said = |case: &str| whole(&run(&fresh(database.kind).url, case).unwrap_err());
        let on = |sqlite, postgres, mariadb| match database.kind {
            Database::Sqlite => sqlite,
            Database::Postgres => postgres,
            Database::Mariadb => mariadb,
        };
        let text = said("unique, one by one");
        let update = on(
            "UPDATE `users` SET `email` = 'ada@example.org' WHERE (`users`.`id` = 1)",
            "UPDATE \"users\" SET \"email\" = 'ada@example.org' WHERE (\"users\".\"id\" = 1)",
            "UPDATE `users` SET `email` = 'ada@example.org' WHERE (`users`.`id` = 1)",
        );
        assert!(text.contains(update), "{text}");
        let text = said("check, one by one");
        assert!(text.contains("= (-2) WHERE") && text.contains("= 2)"), "{text}");
        let text = said("not null, in bulk");
        assert!(
            text.contains(on("row 141: INSERT INTO users (id, email) VALUES (150, NULL)", "(150, null", "row 141: ")),
            "{text}"
        );
        let text = said("foreign key, in bulk");
        assert!(
            text.contains(on("row 68: INSERT INTO `users`", "Key (team_id)=(9)", "row 68: INSERT INTO `users`")),
            "{text}"
        );
        assert!(text.contains("77@example.org") || database.kind == Database::Postgres, "{text}");
        let text = said("check, in bulk");
        assert!(text.contains(on("row 115: ", "(124, 124@example.org, -1", "row 115: ")), "{text}");
    });
}

#[test]
fn what_stood_in_the_migration_before_it_is_rolled_back_where_that_can_be() {
    on_each_database(|database| {
        let before = ["ada @example.org", "bea@example.org", "ada@example.org"];
        for (case, _) in &CASES[..5] {
            let database = fresh(database.kind);
            let notes = run(&database.url, case).unwrap_err().notes.join("\n");
            let seen = crate::catalog::of(&database).table(&"users".into()).unwrap().find_column("seen").is_some();
            let (first, others) = (emails(&database)[0].clone(), emails(&database)[1..].to_vec());
            assert_eq!(others, before[1..], "{case}: no row of the operation that failed");
            if database.kind == Database::Mariadb {
                // Each operation is a transaction of its own there.
                let stands = match *case {
                    "unique, one by one" => "1 operation of revision `b2` stands: add column `users`.`seen`",
                    "check, one by one" | "not null, in bulk" => "1 operation of revision `b2` stands: run `UPDATE",
                    _ => "none of the operations of revision `b2` was carried out",
                };
                assert!(notes.contains(stands), "{case}: {notes}");
                assert_eq!((seen, first == "changed"), (stands.contains("add column"), stands.contains("UPDATE")));
            } else {
                assert!(notes.contains("revision `b2` was rolled back: it left nothing behind"), "{case}: {notes}");
                assert!(!seen && first == before[0], "{case}");
            }
        }
    });
}

#[test]
fn bytes_that_are_no_text_are_told_with_their_place() {
    for (kind, not_text) in [(Database::Sqlite, "CAST(X'c328' AS TEXT)"), (Database::Mariadb, "X'c328'")] {
        if !wanted(kind) {
            continue;
        }
        let database = fresh(kind);
        rectify::upgrade::<Rows>(&mut database.connect(), "b1").unwrap();
        if kind == Database::Mariadb {
            database.connect().run("ALTER TABLE users MODIFY email VARBINARY(80)").unwrap();
        }
        database.connect().run(&format!("UPDATE users SET email = {not_text} WHERE id = 3")).unwrap();
        let error = run(&database.url, "no text").unwrap_err();
        let text = whole(&error);
        assert!(
            text.contains("go through the rows of a query, and to read of them those from 3 to 4: SELECT"),
            "{text}"
        );
        assert!(text.contains("a value is not what its type in Rust takes: "), "{text}");
        assert!(text.contains("invalid utf-8 sequence of 1 bytes from index 0"), "{text}");
        let hints = rectify::hints(&error).join("\n");
        assert!(hints.contains("the column holds bytes that are no UTF-8: correct them first"), "{hints}");
        assert!(error.notes[0].contains("tests/e2e/bad_rows.rs:"), "{:?}", error.notes);
    }
}

/// PostgreSQL lets no such bytes in, unless the database has no encoding; then it refuses to send them.
#[test]
fn postgres_says_itself_which_bytes_are_no_text() {
    if !wanted(Database::Postgres) {
        return;
    }
    let admin = admin_url(Database::Postgres);
    let (server, _) = admin.rsplit_once('/').unwrap();
    let name = format!("bad_rows_{}", std::process::id());
    let mut conn = AnyConnection::connect(&admin, Create::Never).unwrap();
    let options = "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0";
    conn.run(&format!("CREATE DATABASE {name} {options}")).unwrap();
    let url = format!("{server}/{name}");
    let mut inside = AnyConnection::connect(&url, Create::Never).unwrap();
    rectify::upgrade::<Rows>(&mut inside, "b1").unwrap();
    inside.run("UPDATE users SET email = E'\\303(' WHERE id = 3").unwrap();
    let error = run(&url, "no text").unwrap_err();
    drop(inside);
    conn.run(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
    let text = whole(&error);
    assert!(text.contains("those from 3 to 4"), "{text}");
    assert!(text.contains("the database said: invalid byte sequence for encoding \"UTF8\": 0xc3 0x28"), "{text}");
}

fn run(url: &str, case: &str) -> std::result::Result<rectify::Report, RunError> {
    let options = Options { arguments: vec![("case".to_owned(), case.to_owned())], ..Options::default() };
    let mut conn = AnyConnection::connect(url, Create::IfMissing).unwrap();
    Runner::<Rows>::new(&mut conn).options(options).upgrade("head")
}

fn emails(database: &TestDatabase) -> Vec<String> {
    database.texts("SELECT email FROM users ORDER BY id")
}

struct Rows;

impl Chain for Rows {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 2] = [
            step("b1", &[], |op| {
                op.create_table(table("teams").column(column("id", integer()).primary_key()))?;
                op.create_table(
                    table("users")
                        .column(column("id", integer()).primary_key())
                        .column(column("email", varchar(80)).not_null())
                        .column(column("age", integer()))
                        .column(column("team_id", integer()))
                        .unique(unique("uq_users_email").on(["email"]))
                        .check(check("ck_users_age", "age >= 0"))
                        .foreign_key(foreign_key("fk_users_team").on(["team_id"]).references("teams", ["id"])),
                )?;
                op.sql("INSERT INTO users (id, email) VALUES (1, 'ada @example.org')")?;
                op.sql("INSERT INTO users (id, email) VALUES (2, 'bea@example.org')")?;
                op.sql("INSERT INTO users (id, email) VALUES (3, 'ada@example.org')")
            }),
            step("b2", &["b1"], |op| {
                let case = op.x_argument("case").unwrap_or_default().to_owned();
                let (_, body) = CASES.iter().find(|(name, _)| *name == case).ok_or_else(|| Error::message(case))?;
                body(op)
            }),
        ];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 2] = [source("b1"), source("b2")];
        &SOURCES
    }
}
