//! A chain whose third migration may be passed over.

use rectify::{AnyConnection, Migration, MigrationOptions, Op, Source, prelude::*};

use crate::{source, step};

type AnyOp<'a> = Op<'a, AnyConnection>;

/// `e3` upgrades the rows of `users` and `notes`; `e4` stands behind it.
#[derive(Debug)]
pub struct Chain;

impl rectify::Chain for Chain {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 4] = [
            migration("e1", &[], |op| create(op, "users"), |op| op.drop_table("users")),
            migration("e2", &["e1"], |op| create(op, "notes"), |op| op.drop_table("notes")),
            Migration {
                options: MigrationOptions {
                    elidable: &[(None, "users"), (None, "notes")],
                    ..MigrationOptions::DEFAULT
                },
                ..migration("e3", &["e2"], |op| rewrite(op, "UPPER"), |op| rewrite(op, "LOWER"))
            },
            migration("e4", &["e3"], |op| create(op, "tags"), |op| op.drop_table("tags")),
        ];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 4] = [source("e1"), source("e2"), source("e3"), source("e4")];
        &SOURCES
    }
}

fn create(op: &mut AnyOp<'_>, name: &str) -> Result<()> {
    op.create_table(table(name).column(column("id", integer()).primary_key()).column(column("name", varchar(20))))
}

fn rewrite(op: &mut AnyOp<'_>, function: &str) -> Result<()> {
    op.sql(format!("UPDATE users SET name = {function}(name)"))?;
    op.sql(format!("UPDATE notes SET name = {function}(name)"))
}

const fn migration(
    revision: &'static str,
    down_revisions: &'static [&'static str],
    upgrade: fn(&mut AnyOp<'_>) -> Result<()>,
    downgrade: fn(&mut AnyOp<'_>) -> Result<()>,
) -> Migration<AnyConnection> {
    Migration { downgrade: Some(downgrade), ..step(revision, down_revisions, upgrade) }
}
