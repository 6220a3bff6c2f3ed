//! Rows in chunks: all of them, in order, as they were when the query began, and never more of them at once than a chunk.

use std::cell::Cell;

use rectify::diesel::backend::Backend;
use rectify::diesel::deserialize::{self, FromSql, FromSqlRow};
use rectify::diesel::sql_types::Text;
use rectify::{AnyConnection, Chain, Migration, Offline, Op, Options, Report, RunError, Runner, Source, prelude::*};
use rectify_tests::{Database, TestDatabase, on_each_database, source, step, whole};

use crate::offline;

type AnyOp<'a> = Op<'a, AnyConnection>;

diesel::table! {
    users (id) {
        id -> Integer,
        name -> Text,
        team_id -> Nullable<Integer>,
    }
}

diesel::table! {
    teams (id) {
        id -> Integer,
        name -> Text,
    }
}

diesel::joinable!(users -> teams (team_id));
diesel::allow_tables_to_appear_in_same_query!(users, teams);

/// How many rows each test begins with.
const ROWS: i32 = 2_500;

thread_local! {
    static ALIVE: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
}

/// A text that knows how many of its kind are in memory.
#[derive(Debug, FromSqlRow)]
struct Counted(String);

impl<DB: Backend> FromSql<Text, DB> for Counted
where
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        ALIVE.set(ALIVE.get() + 1);
        MOST.set(MOST.get().max(ALIVE.get()));
        String::from_sql(bytes).map(Self)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct User {
    id: i32,
    name: String,
}

type Body = fn(&mut AnyOp<'_>) -> Result<()>;

/// What the second migration does, chosen by the argument `case`.
static CASES: &[(&str, Body)] = &[
    ("tidy", |op| {
        let (mut chunks, mut last) = (Vec::new(), 0);
        op.rows(users::table.order(users::id).select((users::id, users::name))).chunks(1000).for_each(
            |op, rows: Vec<(i32, Counted)>| {
                chunks.push(rows.len());
                for (id, name) in &rows {
                    assert_eq!(*id, last + 1, "each row once, in the order of the query");
                    last = *id;
                    // The key moves out of what is still to come, and a row comes in that the query would find.
                    let tidy = name.0.trim().to_owned();
                    op.execute(diesel::update(users::table.find(id)).set((users::id.eq(-id), users::name.eq(tidy))))?;
                }
                op.execute(
                    diesel::insert_into(users::table).values((users::id.eq(10_000 + last), users::name.eq("late"))),
                )?;
                Ok(())
            },
        )?;
        assert_eq!(chunks, [1000, 1000, 500]);
        Ok(())
    }),
    ("join", |op| {
        // Two columns of one name, values in the query, the last rows first, a chunk that ends with the result.
        let mut seen = Vec::new();
        op.rows(
            users::table
                .inner_join(teams::table)
                .filter(users::id.gt(ROWS - 4).and(teams::name.eq("it's \\ ?")))
                .order(users::id.desc())
                .select((users::id, teams::id, users::name, teams::name)),
        )
        .chunks(2)
        .for_each(|_, rows: Vec<(i32, i32, String, String)>| {
            assert_eq!(rows.len(), 2);
            seen.extend(rows.into_iter().map(|(id, team, _, name)| (id, team, name)));
            Ok(())
        })?;
        assert_eq!(seen.iter().map(|(id, ..)| *id).collect::<Vec<_>>(), [2500, 2499, 2498, 2497]);
        assert_eq!(seen[0].2, "it's \\ ?");
        Ok(())
    }),
    ("selectable", |op| {
        let mut inner = 0;
        op.rows(users::table.order(users::id).select(User::as_select()).limit(3)).chunks(2).for_each(|op, outer| {
            op.rows(users::table.filter(users::id.le(5)).select(User::as_select())).chunks(10).for_each(
                |_, users: Vec<User>| {
                    inner += users.len();
                    assert!(users.iter().all(|user| user.name.starts_with("  user")));
                    Ok(())
                },
            )?;
            outer.iter().for_each(|user: &User| assert!(user.id <= 3));
            Ok(())
        })?;
        assert_eq!(inner, 10);
        Ok(())
    }),
    ("fail", |op| {
        op.rows(users::table.order(users::id).select(users::id)).chunks(1000).for_each(|op, ids: Vec<i32>| {
            op.execute(diesel::update(users::table.filter(users::id.eq_any(&ids))).set(users::name.eq("changed")))?;
            if ids.contains(&ROWS) { Err(Error::message("the last row is not for us")) } else { Ok(()) }
        })
    }),
    ("alter", |op| {
        op.rows(users::table.select(users::id))
            .chunks(1000)
            .for_each(|op, _: Vec<i32>| op.add_column("users", column("age", integer())))
    }),
    ("nothing", |op| {
        op.rows(users::table.filter(users::id.lt(0)).select(users::id)).chunks(10).for_each(|_, rows: Vec<i32>| {
            assert!(!rows.is_empty(), "no chunk is empty");
            Ok(())
        })
    }),
    ("no size", |op| op.rows(users::table.select(users::id)).chunks(0).for_each(|_, _: Vec<i32>| Ok(()))),
];

#[test]
fn rows_are_changed_while_they_are_read_and_only_a_chunk_is_in_memory() {
    on_each_database(|database| {
        MOST.set(0);
        run(database, "tidy").unwrap();
        assert_eq!((MOST.get(), ALIVE.get()), (1000, 0), "rows in memory");
        assert_eq!(count(database, "id < 0 AND name LIKE 'user%'"), ROWS);
        assert_eq!(count(database, "name = 'late'"), 3);
        assert_eq!(leftovers(database), 0);
    });
}

#[test]
fn a_result_keeps_its_order_and_may_have_two_columns_of_one_name() {
    on_each_database(|database| {
        run(database, "join").unwrap();
        run(database, "nothing").unwrap();
    });
}

#[test]
fn rows_can_be_read_inside_other_rows() {
    on_each_database(|database| drop(run(database, "selectable").unwrap()));
}

#[test]
fn a_failure_in_the_middle_leaves_no_row_changed_on_any_database() {
    on_each_database(|database| {
        let error = run(database, "fail").unwrap_err();
        assert!(whole(&error).contains("the last row is not for us"), "{}", whole(&error));
        assert_eq!(count(database, "name = 'changed'"), 0);
        assert_eq!(leftovers(database), 0);
    });
}

#[test]
fn a_schema_change_among_rows_is_refused_where_it_would_commit() {
    on_each_database(|database| {
        let done = run(database, "alter");
        if database.kind == Database::Mariadb {
            let text = whole(&done.unwrap_err());
            assert!(text.contains("this would commit the transaction in which rows are being read"), "{text}");
        } else {
            assert!(whole(&done.unwrap_err()).contains("age"), "the second chunk adds the column again");
        }
    });
}

#[test]
fn a_chunk_of_nothing_is_refused_and_a_script_cannot_read() {
    on_each_database(|database| {
        let error = run(database, "no size").unwrap_err();
        assert!(whole(&error).contains("a chunk has one row at least"), "{}", whole(&error));
        let error = Offline::<Rows>::new(offline::dialect(database.kind))
            .options(options("nothing"))
            .upgrade("head")
            .unwrap_err();
        assert!(error.notes[0].contains("tests/e2e/rows.rs:"), "{:?}", error.notes);
        assert!(
            whole(&error).contains("the migration reads from the database, at tests/e2e/rows.rs:"),
            "{}",
            whole(&error)
        );
    });
}

fn run(database: &TestDatabase, case: &str) -> std::result::Result<Report, RunError> {
    let mut conn = database.connect();
    if rectify::status::<Rows>(&mut conn).unwrap().current == ["r2"] {
        rectify::downgrade::<Rows>(&mut conn, "r1").unwrap();
    }
    Runner::<Rows>::new(&mut conn).options(options(case)).upgrade("head")
}

fn options(case: &str) -> Options {
    Options { arguments: vec![("case".to_owned(), case.to_owned())], ..Options::default() }
}

fn count(database: &TestDatabase, condition: &str) -> i32 {
    let text = if database.kind == Database::Mariadb { "CHAR" } else { "TEXT" };
    database.texts(&format!("SELECT CAST(COUNT(*) AS {text}) FROM users WHERE {condition}"))[0].parse().unwrap()
}

/// Tables that a run through rows has left behind.
fn leftovers(database: &TestDatabase) -> usize {
    crate::catalog::of(database).tables.iter().filter(|table| table.name.name.starts_with("rectify_rows")).count()
}

struct Rows;

impl Chain for Rows {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 2] = [
            migration("r1", &[], create, None),
            migration(
                "r2",
                &["r1"],
                |op| {
                    let case = op.x_argument("case").unwrap_or_default().to_owned();
                    let (_, body) = CASES.iter().find(|(name, _)| *name == case).unwrap();
                    body(op)
                },
                Some(|_| Ok(())),
            ),
        ];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 2] = [source("r1"), source("r2")];
        &SOURCES
    }
}

fn create(op: &mut AnyOp<'_>) -> Result<()> {
    op.create_table(table("teams").column(column("id", integer()).primary_key()).column(column("name", text())))?;
    op.create_table(
        table("users")
            .column(column("id", integer()).primary_key())
            .column(column("name", varchar(80)).not_null())
            .column(column("team_id", integer())),
    )?;
    op.bulk_insert("teams", [row().set("id", 7).set("name", "it's \\ ?")])?;
    op.bulk_insert(
        "users",
        (1..=ROWS).map(|id| row().set("id", id).set("name", format!("  user {id}")).set("team_id", 7)),
    )
}

const fn migration(
    revision: &'static str,
    down_revisions: &'static [&'static str],
    upgrade: fn(&mut AnyOp<'_>) -> Result<()>,
    downgrade: Option<fn(&mut AnyOp<'_>) -> Result<()>>,
) -> Migration<AnyConnection> {
    Migration { downgrade, file: file!(), ..step(revision, down_revisions, upgrade) }
}
