//! A chain on Diesel's own connection: its tables are frozen, replayed and used as on any.

use std::fs;

use rectify_tests::{Database, fresh};

use super::run;
use crate::project::Project;

const CREATE: &str = r#"use crate::prelude::*;

/// Create visits.
#[migration(revision = "a1")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.create_table(
        table("visits")
            .column(column("id", integer()).primary_key())
            .column(column("begun", timestamp()).not_null())
            .column(column("ended", timestamp())),
    )
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("visits")
}
"#;

const FILL: &str = r#"    op.rows(visits::table.select(VisitsRow::as_select())).chunks(10).for_each(|op, rows: Vec<VisitsRow>| {
        for row in rows {
            let row = VisitsRow { ended: Some(row.begun + rectify::chrono::TimeDelta::hours(1)), ..row };
            op.execute(diesel::update(visits::table.find(row.id)).set(&row))?;
        }
        Ok(())
    })?;
"#;

#[test]
fn a_chain_on_diesels_sqlite_connection_has_data_migrations() {
    let project = Project::new("frozen_own");
    project.write("lib.rs", "rectify::versions!(\"versions\", connection = diesel::SqliteConnection);\n");
    let main = "use diesel::Connection as _;\n\n\
                fn main() -> std::process::ExitCode {\n    \
                    rectify_cli::run::<frozen_own::Chain, _>(|url, _| {\n        \
                        diesel::SqliteConnection::establish(url.trim_start_matches(\"sqlite:\"))\n    \
                    })\n\
                }\n";
    project.write("main.rs", main);
    project.write("versions/a1_create.rs", CREATE);
    project.write("versions/HEAD", "a1\n");
    project.build();
    let database = fresh(Database::Sqlite);
    project.ok(&database, &["up"]);
    run(&database, &["INSERT INTO visits VALUES (1, '2026-01-02 03:04:05', NULL)"]);
    let arguments = ["--data", "visits", "-m", "Close visits", "--rev-id", "b2", "--replay"];
    let (path, text, said) = project.written(&database, &arguments);
    let told = "the tables are read from a replay of the chain up to revision `a1` in SQLite in memory: `--replay` asks for it\n";
    assert_eq!(said, told);
    assert!(text.contains("        pub begun: NaiveDateTime,\n"), "{text}");
    fs::write(&path, text.replace("    let _ = visits::table;\n", FILL)).unwrap();
    project.build();
    project.ok(&database, &["up"]);
    assert_eq!(database.texts("SELECT substr(ended, 1, 19) FROM visits"), ["2026-01-02 04:04:05"]);
}
