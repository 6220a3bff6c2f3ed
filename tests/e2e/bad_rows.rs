//! Rows that do not fit: a constraint that they break in the middle of a migration, bytes that are no text. The error names the
//! row, and what can be rolled back is.

use diesel::sql_types::{Integer, Nullable, Text};
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

diesel::table! {
    teams (id) {
        id -> Integer,
    }
}

diesel::table! {
    seats (line, name) {
        line -> Integer,
        name -> Text,
        price -> Integer,
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
    ("its own key", |op| op.sql("UPDATE users SET id = 7")),
    ("ends the transaction", |op| op.sql("UPDATE plain SET a = 5 WHERE id > 1")),
    ("no transactions", |op| {
        op.sql("CREATE TABLE plain (id INTEGER PRIMARY KEY, a INTEGER CHECK (a < 3)) ENGINE = MyISAM")?;
        op.sql("INSERT INTO plain VALUES (1, 0), (2, 1), (3, 2)")?;
        op.sql("UPDATE plain SET a = a + 1 WHERE id = 3")
    }),
    ("no text", |op| {
        op.rows(users::table.order(users::id).select((users::id, users::email)))
            .chunks(2)
            .for_each(|_, _: Vec<(i32, String)>| Ok(()))
    }),
];

/// One statement that changes many rows, one of which cannot be: each with its key as the error tells it, and what PostgreSQL says
/// itself.
static AT_ONCE: &[(&str, &str, &str, Body)] = &[
    ("check", "the row with id = 151: UPDATE `users` SET", "(151, 151@example.org, -1", |op| {
        op.execute(diesel::update(users::table.filter(users::id.gt(5))).set(users::age.eq(users::age - 150))).map(drop)
    }),
    ("check, as text", "the row with id = 151: UPDATE users SET", "(151, 151@example.org, -1", |op| {
        op.sql("UPDATE users SET age = age - 150 WHERE id > 5 AND age BETWEEN 1 AND 1000;")
    }),
    ("not null", "the row with id = 77: UPDATE `users` SET", "(77, null", |op| {
        op.execute(diesel::update(users::table).set(users::email.eq(sql_text("NULLIF(email, '77@example.org')"))))
            .map(drop)
    }),
    ("unique", "the row with id = 101: UPDATE `users` SET", "Key (email)=(11@example.org)", |op| {
        let shorter = sql_text("CASE WHEN id = 101 THEN '11@example.org' ELSE email END");
        op.execute(diesel::update(users::table).set(users::email.eq(shorter))).map(drop)
    }),
    ("foreign key", "the row with id = 42: UPDATE `users` SET", "Key (team_id)=(999)", |op| {
        let team = diesel::dsl::sql::<Nullable<Integer>>("CASE WHEN id = 42 THEN 999 END");
        op.execute(diesel::update(users::table.filter(users::team_id.is_null())).set(users::team_id.eq(team))).map(drop)
    }),
    ("two columns", "the row with (line, name) = (2, 'it''s \\'): UPDATE", "(2, it's \\, -1", |op| {
        op.execute(diesel::update(seats::table.filter(seats::price.lt(50))).set(seats::price.eq(seats::price - 2)))
            .map(drop)
    }),
    ("a query", "the row with (id, email, age) = ('1051', 'new-51', '-1'): INSERT", "(1051, new-51, -1", |op| {
        let new = (teams::id + 1000, sql_text("CONCAT('new-', id)"), diesel::dsl::sql::<Nullable<Integer>>("50 - id"));
        let query = diesel::insert_into(users::table).values(teams::table.select(new));
        op.execute(query.into_columns((users::id, users::email, users::age))).map(drop)
    }),
];

fn sql_text(sql: &str) -> diesel::expression::SqlLiteral<Text> {
    diesel::dsl::sql(sql)
}

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
fn the_row_that_one_of_many_in_a_statement_is_named() {
    on_each_database(|database| {
        for (case, row, by_postgres, _) in AT_ONCE {
            let database = fresh(database.kind);
            let text = whole(&run(&database.url, case).unwrap_err());
            let row = match database.kind {
                Database::Sqlite => (*row).to_owned(),
                Database::Postgres => (*by_postgres).to_owned(),
                Database::Mariadb => row.replace('\\', "\\\\"),
            };
            assert!(text.contains(&row), "{case}: {row}\n{text}");
            // Looking for it has changed nothing; on MariaDB the operations before are there.
            let filled = "SELECT COUNT(*) || '' FROM users WHERE age = 300 - id AND email <> '11@example.org' AND team_id IS NULL";
            let filled = match database.kind {
                Database::Mariadb => filled.replace("COUNT(*) || ''", "CAST(COUNT(*) AS CHAR)"),
                _ => filled.to_owned(),
            };
            let left = if database.kind == Database::Mariadb { "189" } else { "0" };
            assert_eq!(database.texts(&filled), [left], "{case}");
            let all = if database.kind == Database::Mariadb { 193 } else { 3 };
            assert_eq!(emails(&database).len(), all, "{case}");
        }
    });
}

#[test]
fn no_row_is_named_where_looking_for_it_could_change_something_or_mislead() {
    on_each_database(|database| {
        let text = whole(&run(&database.url, "its own key").unwrap_err());
        assert!(!text.contains("the row with") && text.contains("SET"), "{text}");
        if database.kind == Database::Sqlite {
            let database = fresh(database.kind);
            rectify::upgrade::<Rows>(&mut database.connect(), "b1").unwrap();
            let unique = "UNIQUE ON CONFLICT ROLLBACK";
            database
                .connect()
                .run(&format!("CREATE TABLE plain (id INTEGER PRIMARY KEY, a INTEGER {unique})"))
                .unwrap();
            database.connect().run("INSERT INTO plain VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 9)").unwrap();
            let text = whole(&run(&database.url, "ends the transaction").unwrap_err());
            assert!(!text.contains("the row with") && text.contains("SET a = 5"), "{text}");
            assert_eq!(database.texts("SELECT a || '' FROM plain ORDER BY id"), ["1", "2", "3", "4", "9"]);
        }
        if database.kind == Database::Mariadb {
            let database = fresh(database.kind);
            let text = whole(&run(&database.url, "no transactions").unwrap_err());
            assert!(!text.contains("the row with") && text.contains("SET"), "{text}");
            assert_eq!(database.texts("SELECT CAST(a AS CHAR) FROM plain ORDER BY id"), ["0", "1", "2"]);
        }
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

/// Many rows to change.
fn fill(op: &mut AnyOp<'_>) -> Result<()> {
    op.bulk_insert("teams", (1..100).map(|id| row().set("id", id)))?;
    let rows = (10..200).map(|id| row().set("id", id).set("email", format!("{id}@example.org")).set("age", 300 - id));
    op.bulk_insert("users", rows)?;
    let row = |number: i32, name: &str, price: i32| row().set("line", number).set("name", name).set("price", price);
    op.bulk_insert("seats", [row(1, "a", 9), row(2, "it's", 9), row(2, "it's \\", 1), row(3, "b", 0), row(4, "c", 99)])
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
                op.create_table(
                    table("seats")
                        .column(column("line", integer()).not_null())
                        .column(column("name", varchar(80)).not_null())
                        .column(column("price", integer()).not_null())
                        .primary_key(primary_key(None).on(["line", "name"]))
                        .check(check("ck_seats_price", "price >= 0")),
                )?;
                op.sql("INSERT INTO users (id, email) VALUES (1, 'ada @example.org')")?;
                op.sql("INSERT INTO users (id, email) VALUES (2, 'bea@example.org')")?;
                op.sql("INSERT INTO users (id, email) VALUES (3, 'ada@example.org')")
            }),
            step("b2", &["b1"], |op| {
                let case = op.x_argument("case").unwrap_or_default().to_owned();
                if let Some((_, body)) = CASES.iter().find(|(name, _)| *name == case) {
                    return body(op);
                }
                fill(op)?;
                let (.., body) = AT_ONCE.iter().find(|(name, ..)| *name == case).ok_or_else(|| Error::message(case))?;
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
