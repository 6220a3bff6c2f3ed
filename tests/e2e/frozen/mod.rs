//! `revision --data` on real databases: what is written compiles, is typed against its own revision, and stays so.

mod enums;
mod given;
mod lasting;
mod lost;
mod own;
mod postgres;
mod types;

use std::fs;

use rectify::Database as _;
use rectify_tests::{Database, TestDatabase, fresh, on_each_database};

use crate::project::Project;

const CREATE: &str = r#"use crate::prelude::*;

/// Create users and documents.
#[migration(revision = "a1")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_table(
        table("users")
            .column(column("id", integer()).primary_key().identity())
            .column(column("email", varchar(255)).not_null())
            .column(column("active", boolean()).not_null().server_default(true))
            .column(column("score", double()))
            .column(column("born", date()))
            .column(column("seen_at", timestamp()))
            .column(column("photo", binary()))
            .column(column("legacy", text())),
    )?;
    op.create_table(
        table("documents")
            .column(column("id", bigint()).primary_key())
            .column(column("user_id", integer()).not_null())
            .column(column("type", varchar(20)).not_null())
            .foreign_key(foreign_key("fk_documents_user").on(["user_id"]).references("users", ["id"])),
    )?;
    op.create_table(table("lines").column(column("line", text())))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("lines")?;
    op.drop_table("documents")?;
    op.drop_table("users")
}
"#;

const SEED: [&str; 2] = [
    "INSERT INTO users (id, email, legacy) VALUES (1, 'ADA@hills.example', 'x'), (2, 'bea@hills.example', NULL)",
    "INSERT INTO documents (id, user_id, type) VALUES (1, 1, 'plan')",
];

const DATA: [&str; 6] =
    ["--data", "documents,users", "--adding", "users.email_verified:Bool", "-m", "Verify old users"];

/// A project whose chain is `CREATE` alone, and its runner.
fn project(name: &str) -> Project {
    let project = Project::new(name);
    project.write("models.rs", "");
    project.write("versions/a1_create.rs", CREATE);
    project.write("versions/HEAD", "a1\n");
    project.build();
    project
}

fn begin_again(project: &Project) {
    project.clear();
    project.write("versions/a1_create.rs", CREATE);
    project.write("versions/HEAD", "a1\n");
    project.build();
}

fn run(database: &TestDatabase, statements: &[&str]) {
    statements.iter().for_each(|statement| database.connect().run(statement).unwrap());
}

#[test]
fn rows_are_changed_by_what_is_written_and_changed_back() {
    let project = project("frozen");
    on_each_database(|database| {
        begin_again(&project);
        project.ok(database, &["up"]);
        run(database, &SEED);
        let (path, text, said) = project.written(database, &[&DATA[..], &["--rev-id", "b2"]].concat());
        assert_eq!(
            said.lines().next().unwrap(),
            "the tables are read from the connected database, which is at revision `a1`"
        );
        assert!(text.contains("            #[max_length = 255]\n            email -> Varchar,\n"), "{text}");
        assert!(
            text.contains("            // Added by this migration.\n            email_verified -> Bool,\n"),
            "{text}"
        );
        assert!(text.contains("    diesel::joinable!(documents -> users (user_id));\n"), "{text}");
        assert!(text.contains("        pub r#type: String,\n"), "{text}");
        if database.kind == Database::Sqlite {
            let (_, written) = text.split_once("pub fn upgrade").unwrap();
            assert_eq!(format!("pub fn upgrade{written}"), WRITTEN);
        }
        project.build();

        let place = "    let _ = users::table;\n";
        assert!(text.contains(place), "{text}");
        let filled = text.replace(place, FILL);
        fs::write(&path, filled).unwrap();
        project.build();
        project.ok(database, &["up"]);
        assert_eq!(
            database.texts("SELECT email FROM users ORDER BY id"),
            ["ada@hills.example", "bea@hills.example", "new@hills.example"]
        );
        assert_eq!(database.texts("SELECT legacy FROM users WHERE email_verified = TRUE"), ["x"]);
        assert_eq!(database.texts("SELECT type FROM documents ORDER BY id"), ["PLAN"]);
        project.ok(database, &["down", "-1"]);
        assert_eq!(database.texts("SELECT email FROM users ORDER BY id").len(), 3);
    });
}

const FILL: &str = r#"    op.rows(users::table.select(UsersRow::as_select()).order(users::id)).chunks(1).for_each(
        |op, rows: Vec<UsersRow>| {
            for mut row in rows {
                row.email = row.email.to_lowercase();
                let verified = users::email_verified.eq(row.legacy.is_some());
                op.execute(diesel::update(users::table.find(row.id)).set((&row, verified)))?;
            }
            Ok(())
        },
    )?;
    let new = NewUsersRow {
        id: Some(3),
        email: "new@hills.example".to_owned(),
        active: Some(true),
        score: Some(0.5),
        born: rectify::chrono::NaiveDate::from_ymd_opt(1815, 12, 10),
        seen_at: None,
        photo: Some(vec![0, 255]),
        legacy: None,
        email_verified: false,
    };
    op.bulk_insert(users::table, vec![new])?;
    op.execute(
        diesel::update(documents::table.filter(documents::r#type.eq("plan")))
            .set(documents::r#type.eq("PLAN")),
    )?;
"#;

const WRITTEN: &str = r#"pub fn upgrade(op: &mut Op) -> Result<()> {
    op.add_column("users", column("email_verified", boolean()))?;
    // In one statement: op.execute(diesel::update(users::table.filter(...)).set(...))?;
    // Row by row: op.rows(users::table.select(UsersRow::as_select())).chunks(1000).for_each(|op, rows| { ... })?;
    let _ = users::table;
    // TODO: give each row without one its `email_verified`, which may not be NULL from here on:
    // op.sql("UPDATE users SET email_verified = ... WHERE email_verified IS NULL")?;
    op.batch_alter_table("users", |batch| {
        batch.alter_column(alter("email_verified").set_not_null());
    })?;
    Ok(())
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.batch_alter_table("users", |batch| {
        batch.drop_column("email_verified");
    })?;
    Ok(())
}

use frozen::*;

/// The tables as revision `a1` leaves them. They never change, whatever becomes of the application's own models.
#[allow(dead_code, reason = "a migration need not use all of it")]
mod frozen {
    use diesel::prelude::*;
    use rectify::chrono::{NaiveDate, NaiveDateTime};

    diesel::table! {
        documents (id) {
            id -> BigInt,
            user_id -> Integer,
            #[max_length = 20]
            r#type -> Varchar,
        }
    }

    diesel::table! {
        users (id) {
            id -> Integer,
            #[max_length = 255]
            email -> Varchar,
            active -> Bool,
            score -> Nullable<Double>,
            born -> Nullable<Date>,
            seen_at -> Nullable<Timestamp>,
            photo -> Nullable<Binary>,
            legacy -> Nullable<Text>,
            // Added by this migration.
            email_verified -> Bool,
        }
    }

    diesel::joinable!(documents -> users (user_id));

    diesel::allow_tables_to_appear_in_same_query!(documents, users);

    /// A row of `documents`; `.set(&row)` writes it back.
    #[derive(Debug, Clone, PartialEq, Queryable, Selectable, AsChangeset)]
    #[diesel(table_name = documents, treat_none_as_null = true)]
    pub struct DocumentsRow {
        pub id: i64,
        pub user_id: i32,
        pub r#type: String,
    }

    /// A new row of `documents`; `None` leaves a column to the database.
    #[derive(Debug, Clone, PartialEq, Insertable)]
    #[diesel(table_name = documents)]
    pub struct NewDocumentsRow {
        pub id: i64,
        pub user_id: i32,
        pub r#type: String,
    }

    /// A row of `users`; `.set(&row)` writes it back.
    #[derive(Debug, Clone, PartialEq, Queryable, Selectable, AsChangeset)]
    #[diesel(table_name = users, treat_none_as_null = true)]
    pub struct UsersRow {
        pub id: i32,
        pub email: String,
        pub active: bool,
        pub score: Option<f64>,
        pub born: Option<NaiveDate>,
        pub seen_at: Option<NaiveDateTime>,
        pub photo: Option<Vec<u8>>,
        pub legacy: Option<String>,
        // `email_verified` is added by this migration.
    }

    /// A new row of `users`; `None` leaves a column to the database.
    #[derive(Debug, Clone, PartialEq, Insertable)]
    #[diesel(table_name = users)]
    pub struct NewUsersRow {
        pub id: Option<i32>,
        pub email: String,
        pub active: Option<bool>,
        pub score: Option<f64>,
        pub born: Option<NaiveDate>,
        pub seen_at: Option<NaiveDateTime>,
        pub photo: Option<Vec<u8>>,
        pub legacy: Option<String>,
        pub email_verified: bool,
    }
}
"#;

#[test]
fn the_tables_come_from_a_replay_where_the_database_is_elsewhere() {
    let project = project("frozen_replayed");
    on_each_database(|database| {
        begin_again(&project);
        let (_, replayed, said) = project.written(database, &[&DATA[..], &["--rev-id", "b2"]].concat());
        let place = match database.kind {
            Database::Sqlite => "SQLite in memory",
            Database::Postgres | Database::Mariadb => "the temporary database `rectify_replay_",
        };
        assert!(
            said.starts_with(&format!("the tables are read from a replay of the chain up to revision `a1` in {place}")),
            "{said}"
        );
        let why = match database.kind {
            Database::Sqlite => ": the connected database is not there yet\n",
            Database::Postgres | Database::Mariadb => ": the connected database is at base\n",
        };
        assert!(said.contains(why), "{said}");
        begin_again(&project);
        project.ok(database, &["up"]);
        let (_, connected, _) = project.written(database, &[&DATA[..], &["--rev-id", "b2"]].concat());
        begin_again(&project);
        let asked = [&DATA[..], &["--rev-id", "b2", "--replay"]].concat();
        let (_, asked, said) = project.written(database, &asked);
        assert!(said.contains(": `--replay` asks for it\n"), "{said}");
        assert_eq!(without_date(&replayed), without_date(&connected));
        assert_eq!(without_date(&asked), without_date(&connected));
        assert_eq!(databases_of(database, &said), [""; 0], "it is dropped");
    });
}

#[test]
fn the_database_of_a_replay_that_fails_is_dropped_too() {
    let project = project("frozen_failing");
    on_each_database(|database| {
        project.clear();
        let failing = CREATE.replace(
            "    op.create_table(table(\"lines\")",
            "    op.sql(\"INSERT INTO nowhere VALUES (1)\")?;\n    op.create_table(table(\"lines\")",
        );
        project.write("versions/a1_create.rs", &failing);
        project.write("versions/HEAD", "a1\n");
        project.build();
        let said = project.run(database, &[&["revision"], &DATA[..], &["--replay"]].concat());
        assert_eq!(said.code, 1, "{said:?}");
        let told = "error: cannot replay the chain up to `a1` to read its tables\n\
                    caused by: failed to apply revision `a1` (Create users and documents)\n";
        assert!(said.stderr.starts_with(told), "{said:?}");
        let hint = "hint: or bring the connected database there, and it is read instead: `up a1`\n";
        assert!(said.stderr.contains("nowhere") && said.stderr.ends_with(hint), "{said:?}");
        assert!(said.stderr.contains("note: it ran in "), "{said:?}");
        assert_eq!(databases_of(database, &said.stderr), [""; 0], "it is dropped");
    });
}

/// The text without the time at which it was written.
fn without_date(text: &str) -> String {
    let (before, rest) = text.split_once("created = \"").unwrap();
    let (_, after) = rest.split_once('"').unwrap();
    format!("{before}{after}")
}

/// Those of the server's databases that `said` names.
fn databases_of(database: &TestDatabase, said: &str) -> Vec<String> {
    replays(database).into_iter().filter(|name| said.contains(name.as_str())).collect()
}

/// The databases of replays that are there.
fn replays(database: &TestDatabase) -> Vec<String> {
    match database.kind {
        Database::Sqlite => Vec::new(),
        Database::Postgres => {
            database.texts("SELECT datname::text FROM pg_database WHERE datname LIKE 'rectify\\_replay\\_%'")
        }
        Database::Mariadb => database.texts("SHOW DATABASES LIKE 'rectify\\_replay\\_%'"),
    }
}

#[test]
fn what_makes_no_sense_is_told_before_anything_is_written() {
    let project = project("frozen_refused");
    let database = fresh(Database::Sqlite);
    project.ok(&database, &["up"]);
    let check = |arguments: &[&str], code: i32, told: &str| {
        let said = "the tables are read from the connected database, which is at revision `a1`\n";
        project.refused(&database, &[&["revision", "-m", "x"], arguments].concat(), code, &format!("{said}{told}"));
    };
    check(&["--data", "user"], 2, "error: there is no table `user` at revision `a1`\nhint: did you mean `users`?\n");
    check(
        &["--data", "planets"],
        2,
        "error: there is no table `planets` at revision `a1`\nhint: the tables there are `documents`, `lines`, `users`\n",
    );
    check(
        &["--data", "users.email"],
        2,
        "error: there is no table `users.email` at revision `a1`\n\
         hint: name the table alone, `--data users`: its columns come with it\n",
    );
    check(
        &["--data", "lines"],
        1,
        "error: cannot write the tables as Diesel's\n\
         caused by: table `lines` has no primary key, which `diesel::table!` needs\n\
         hint: give `lines` a primary key in a migration before, or change its rows with `op.sql` and leave it out of `--data`\n",
    );
    let added = |adding: &str, told: &str| {
        let told = format!("error: `--adding {adding}` does not fit\ncaused by: {told}\n");
        check(&["--data", "users", "--adding", adding], 2, &told);
    };
    added("usrs.age:Integer", "`--data` does not name the table `usrs`\nhint: did you mean `users`?");
    added(
        "documents.age:Integer",
        "`--data` does not name the table `documents`\nhint: name it too: `--data users,documents`",
    );
    added(
        "users.email:Text",
        "table `users` has a column `email` at revision `a1` already\n\
         hint: `--adding` is for what the migration itself adds; leave it out",
    );
    added("users.age:Intger", "the type `Intger` is not known\nhint: did you mean `Integer`?");
    added(
        "users.age:Age",
        "the type `Age` is not known\n\
         hint: name a type of `diesel::sql_types`, such as `Bool`, `Text` or `Nullable<BigInt>`",
    );
    added(
        "users:Integer",
        "it does not say which column of which table has which type\nhint: write it as `users.email_verified:Bool`",
    );
    let refused = |arguments: &[&str], told: &str| {
        let said = project.run(&database, &[&["revision", "-m", "x"], arguments].concat());
        assert!(said.code == 2 && said.stderr.starts_with(told), "{said:?}");
    };
    refused(&["--data", ","], "error: `--data` names a table without a name\nhint: write `--data users,documents`\n");
    refused(
        &["--data", "users", "--head", "base", "--splice"],
        "error: there is no table `users` before the first revision\n",
    );
    refused(
        &["--data", "users", "--autogenerate"],
        "error: the argument '--data <TABLE,...>' cannot be used with '--autogenerate'",
    );
    refused(
        &["--data", "users", "--sql", "x.sql"],
        "error: the argument '--data <TABLE,...>' cannot be used with '--sql <FILE>'",
    );
    refused(
        &["--adding", "users.age:Integer"],
        "error: the following required arguments were not provided:\n  --data <TABLE,...>",
    );
    refused(&["--replay"], "error: the following required arguments were not provided:\n  --data <TABLE,...>");
}
