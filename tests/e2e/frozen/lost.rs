//! `check` tells what a pending migration is written for and will not find.

use rectify_tests::{Database, on_each_database};

use serde_json::json;

use super::project;

const DROP: &str = r#"use crate::prelude::*;

/// Drop what is old.
#[migration(revision = "b2", down_revision = "a1")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.drop_table("documents")?;
    op.batch_alter_table("users", |batch| batch.drop_column("legacy"))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.batch_alter_table("users", |batch| batch.add_column(column("legacy", text())))?;
    op.create_table(table("documents").column(column("id", bigint()).primary_key()))
}
"#;

const LATE: &str = r#"use crate::prelude::*;

/// Tidy what is old.
#[migration(revision = "c3", down_revision = "b2")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.add_column("users", column("tidy", boolean()))?;
    op.execute(diesel::update(users::table.filter(users::legacy.is_null())).set(users::tidy.eq(true)))?;
    op.execute(diesel::delete(documents::table))?;
    Ok(())
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_column("users", "tidy")
}

diesel::table! {
    users (id) {
        id -> Integer,
        legacy -> Nullable<Text>,
        tidy -> Nullable<Bool>,
        born -> Nullable<Text>,
    }
}

diesel::table! {
    documents (id) {
        id -> BigInt,
    }
}
"#;

#[test]
fn check_finds_what_a_pending_migration_will_not_find() {
    let project = project("frozen_lost");
    project.write("versions/b2_drop.rs", DROP);
    project.write("versions/c3_tidy.rs", LATE);
    project.write("versions/HEAD", "c3\n");
    project.build();
    on_each_database(|database| {
        project.ok(database, &["up", "a1"]);
        let said = project.run(database, &["check"]);
        // SQLite reads any column as a text.
        let reads_all = database.kind == Database::Sqlite;
        let other_type =
            "lost:       c3: column `born` of table `users` will be `date`, not `text` (versions/c3_tidy.rs:16)\n";
        let told = [
            "pending:    b2, Drop what is old\n",
            "pending:    c3 (head), Tidy what is old\n",
            "lost:       c3: there will be no column `legacy` in table `users` (versions/c3_tidy.rs:16)\n",
            if reads_all { "" } else { other_type },
            "lost:       c3: there will be no table `documents` (versions/c3_tidy.rs:25)\n",
        ];
        let told = told.concat();
        assert_eq!((said.stdout.as_str(), said.code), (told.as_str(), 3), "{said:?}");
        let found = "error: a pending migration is written for what the database will not have when it runs\n\
                     hint: let it run before the one that takes that away, or write it for the tables as they are by then \
                     (`revision --data` shows them)\n";
        assert_eq!(said.stderr, found);
        let said = project.run(database, &["check", "--format", "json"]);
        let value: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
        let place = |line: u32| format!("versions/c3_tidy.rs:{line}");
        let mut wanted = vec![
            json!({ "revision": "c3", "place": place(16), "table": "users", "column": "legacy", "type": null, "found": null }),
            json!({ "revision": "c3", "place": place(16), "table": "users", "column": "born", "type": "text", "found": "date" }),
            json!({ "revision": "c3", "place": place(25), "table": "documents", "column": null, "type": null, "found": null }),
        ];
        if reads_all {
            wanted.remove(1);
        }
        assert_eq!(value["lost"], json!(wanted));
        let count = wanted.len();
        project.ok(database, &["up", "b2"]);
        assert_eq!(project.run(database, &["check"]).stdout.matches("lost:").count(), count);
        // Elsewhere, as where the runner binary is alone, there is nothing to read.
        project.ok(database, &["down", "base"]);
        let said = project.run(database, &["check"]);
        assert_eq!(
            said.stdout.matches("lost:").count(),
            count,
            "the tables that are not there yet are made on the way"
        );
    });
}
