//! SQLite's foreign keys around a rebuild: off while a table is rebuilt, so checked by hand before the commit.

use diesel::QueryResult;

use super::Step;
use crate::database::Database;
use crate::error::Result;

/// How many rows of `child` refer to no row of `parent`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violations {
    child: String,
    parent: String,
    rows: u64,
}

/// Rows refer to rows that are not there.
#[derive(Debug, thiserror::Error)]
#[error("the migration leaves {rows} rows of `{child}` that refer to no row of `{parent}`")]
struct Violated {
    rows: u64,
    child: String,
    parent: String,
}

/// Keeps what is violated before the first rebuild of a migration: only what is new is the migration's fault.
pub(super) fn remember(db: &mut dyn Database, step: &mut Step) -> QueryResult<()> {
    if step.violations_before.is_none() {
        step.violations_before = Some(violations(db)?);
    }
    Ok(())
}

/// Checks after a migration that rebuilt tables that no row lost the row it refers to.
pub(crate) fn check(db: &mut dyn Database, step: &mut Step) -> Result<()> {
    let Some(before) = step.violations_before.take() else { return Ok(()) };
    let doing = "check the foreign keys";
    let now = violations(db).map_err(|error| step.refused(&doing, CHECK, error))?;
    let is_new = |found: &Violations| {
        let known = before.iter().find(|known| known.child == found.child && known.parent == found.parent);
        found.rows > known.map_or(0, |known| known.rows)
    };
    match now.into_iter().find(is_new) {
        None => Ok(()),
        Some(Violations { child, parent, rows }) => Err(step.failure_with_hint(
            &doing,
            CHECK,
            Violated { rows, child, parent },
            "foreign keys are not enforced while a table is rebuilt: delete or change those rows in the migration",
        )),
    }
}

const CHECK: &str =
    "SELECT \"table\", parent, CAST(COUNT(*) AS TEXT) FROM pragma_foreign_key_check GROUP BY \"table\", parent";

fn violations(db: &mut dyn Database) -> QueryResult<Vec<Violations>> {
    let rows = db.rows(CHECK)?;
    Ok(rows
        .iter()
        .map(|row| Violations {
            child: row.text(0).unwrap_or_default().to_owned(),
            parent: row.text(1).unwrap_or_default().to_owned(),
            rows: row.text(2).and_then(|rows| rows.parse().ok()).unwrap_or_default(),
        })
        .collect())
}
