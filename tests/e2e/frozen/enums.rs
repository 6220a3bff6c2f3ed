//! A data migration has the enums of its revision, whose values are read and written on each database.

use std::fs;

use rectify_tests::{Database, databases, fresh, on_each_database};

use super::run;
use crate::project::Project;

const CREATE: &str = r#"use crate::prelude::*;

/// Create tickets.
#[migration(revision = "a1")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    let state = || enumeration("ticket_state", ["new", "it's done"]);
    op.create_table(
        table("tickets")
            .column(column("id", integer()).primary_key())
            .column(column("state", state()).not_null().server_default("new"))
            .column(column("earlier", state()))
            .with_enums(),
    )
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("tickets")
}
"#;

/// The models' enum has another name in Rust than the frozen one, and stands beside it in one program.
const MODELS: &str = r#"
#[derive(Debug, Clone, Copy, PartialEq, Eq, rectify::SqlEnum)]
#[sql_enum(name = "ticket_state")]
pub enum State {
    New,
    #[sql_name = "it's done"]
    Done,
}

rectify::table! {
    use diesel::sql_types::*;
    use super::State;

    tickets (id) {
        id -> Integer,
        #[default = "new"]
        state -> State,
        earlier -> Nullable<State>,
    }
}
"#;

const FILL: &str = r#"    let new = tickets::table.filter(tickets::state.eq(ENUM::New)).order(tickets::id);
    op.rows(new.select(TicketsRow::as_select())).chunks(1).for_each(|op, rows: Vec<TicketsRow>| {
        for row in rows {
            let row = TicketsRow { state: ENUM::ItSDone, earlier: Some(row.state), ..row };
            op.execute(diesel::update(tickets::table.find(row.id)).set(&row))?;
        }
        Ok(())
    })?;
    let row = |id, earlier| NewTicketsRow { id, state: Some(ENUM::New), earlier };
    op.bulk_insert(tickets::table, vec![row(8, None), row(9, Some(ENUM::ItSDone))])?;
"#;

#[test]
fn the_values_of_an_enum_are_read_and_written_on_each_database() {
    let project = Project::new("frozen_enums");
    for kind in databases().into_iter().filter(|kind| *kind != Database::Sqlite) {
        project.clear();
        project.write("versions/a1_create.rs", CREATE);
        project.write("versions/HEAD", "a1\n");
        project.models(MODELS);
        let first = fresh(kind);
        project.ok(&first, &["up"]);
        let (path, text, said) = project.written(&first, &["--data", "tickets", "-m", "Close", "--rev-id", "b2"]);
        assert!(!said.contains("warning"), "{said}");
        // MariaDB's has no name of its own, and is called after the column.
        let name = if kind == Database::Postgres { "TicketState" } else { "TicketsState" };
        assert!(
            text.contains(&format!("            state -> {name},\n            earlier -> Nullable<{name}>,\n")),
            "{text}"
        );
        fs::write(&path, text.replace("    let _ = tickets::table;\n", &FILL.replace("ENUM", name))).unwrap();
        project.build();
        on_each_database(|database| {
            project.ok(database, &["up", "a1"]);
            run(
                database,
                &["INSERT INTO tickets (id) VALUES (1)", "INSERT INTO tickets (id, state) VALUES (2, 'it''s done')"],
            );
            project.ok(database, &["up"]);
            let text = if database.kind == Database::Mariadb { "CHAR" } else { "TEXT" };
            let read =
                |column: &str| database.texts(&format!("SELECT CAST({column} AS {text}) FROM tickets ORDER BY id"));
            assert_eq!(read("state"), ["it's done", "it's done", "new", "new"]);
            assert_eq!(read("COALESCE(earlier, state)"), ["new", "it's done", "new", "it's done"]);
            assert_eq!(project.ok(database, &["check"]).stdout, "", "the frozen enum is none of the models");
        });
    }
}
