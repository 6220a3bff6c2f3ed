//! What a database holds, to be compared: the catalog, and the rows of every table as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rectify_schema::dialect::Dialect;
use rectify_schema::diff::{DiffOptions, diff};
use rectify_schema::{Operation, Schema};

use crate::database::{Database, Family};
use crate::error::Error;
use crate::inspect::{InspectOptions, inspect};
use crate::runner::sql::{counted, family, table};

/// The catalog without the runner's own tables.
///
/// The order of columns is left out: a column that comes back stands behind the others on every database.
pub(super) fn catalog(db: &mut dyn Database, dialect: &'static dyn Dialect) -> Result<Schema, Error> {
    // A migration may make schemas, and tables in them. The databases of a MySQL server are no part of this one.
    let schemas = if family(dialect) == Family::Postgres { &["*"][..] } else { &[] };
    let mut schema = inspect(db, &InspectOptions::default().schemas(schemas.iter().copied()))?;
    for table in &mut schema.tables {
        table.columns.sort_by(|a, b| a.name.cmp(&b.name));
    }
    Ok(schema.sorted())
}

/// The rows of every table, each as one text, sorted.
pub(super) type Rows = BTreeMap<String, Vec<String>>;

pub(super) fn rows(db: &mut dyn Database, dialect: &'static dyn Dialect, schema: &Schema) -> Result<Rows, Error> {
    let mut found = Rows::new();
    for of in &schema.tables {
        let columns: Vec<_> = of.columns.iter().map(|column| as_text(dialect, &column.name)).collect();
        if columns.is_empty() {
            continue;
        }
        let rows = db.rows(&format!("SELECT {} FROM {}", columns.join(", "), table(dialect, &of.name)))?;
        let mut texts: Vec<String> = rows
            .into_iter()
            .map(|row| {
                let named = of.columns.iter().zip(&row.0);
                let values =
                    named.map(|(column, value)| format!("{} = {}", column.name, shown(dialect, value.as_deref())));
                values.collect::<Vec<_>>().join(", ")
            })
            .collect();
        texts.sort_unstable();
        found.insert(of.name.to_string(), texts);
    }
    Ok(found)
}

/// A value of any type as text that is valid, whatever its bytes are.
fn as_text(dialect: &dyn Dialect, column: &str) -> String {
    let column = dialect.quote(column);
    match family(dialect) {
        Family::Postgres => format!("CAST({column} AS TEXT)"),
        Family::Sqlite => {
            format!("CASE WHEN typeof({column}) = 'blob' THEN quote({column}) ELSE CAST({column} AS TEXT) END")
        }
        Family::Mysql => format!("HEX(CAST({column} AS BINARY))"),
    }
}

fn shown(dialect: &dyn Dialect, value: Option<&str>) -> String {
    match (value, family(dialect)) {
        (None, _) => "NULL".to_owned(),
        (Some(hex), Family::Mysql) => {
            let digits = |at: usize| hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
            let bytes: Vec<u8> = (0..hex.len()).step_by(2).filter_map(digits).collect();
            // Two texts that differ only in bytes that are no text must not look the same.
            String::from_utf8(bytes).map_or_else(|_| format!("X'{hex}'"), |text| format!("'{text}'"))
        }
        (Some(text), _) => format!("'{text}'"),
    }
}

/// How `is` differs from what `was`, a line each; nothing where it does not.
pub(super) fn difference(was: &Schema, is: &Schema, dialect: &dyn Dialect) -> Option<String> {
    if was == is {
        return None;
    }
    let operations = diff(was, is, dialect, &DiffOptions::default()).operations;
    let mut text = words(&operations);
    if operations.is_empty() {
        // What no operation changes, such as how a database spells an expression.
        let others = is.tables.iter().zip(&was.tables).find(|(is, was)| is != was);
        let _ = match others {
            Some((is, was)) => write!(text, "\n  it was {was:?}\n  it is {is:?}"),
            None => write!(text, "\n  it was {was:?}\n  it is {is:?}"),
        };
    }
    Some(text)
}

/// What operations do, a line for each change.
pub(super) fn words(operations: &[Operation]) -> String {
    let mut text = String::new();
    for operation in operations {
        let changes = match operation {
            Operation::BatchAlterTable(batch) => batch.changes.as_slice(),
            other => std::slice::from_ref(other),
        };
        for change in changes {
            let _ = write!(text, "\n  {change}");
        }
    }
    text
}

/// How the rows of the tables that `was` has differ, a line each; nothing where they do not.
pub(super) fn rows_difference(was: &Rows, is: &Rows) -> Option<String> {
    let mut text = String::new();
    for (table, was) in was {
        let is = is.get(table).map_or(&[][..], Vec::as_slice);
        let gone = was.iter().filter(|row| is.binary_search(row).is_err());
        let new = is.iter().filter(|row| was.binary_search(row).is_err());
        let lines: Vec<_> =
            gone.map(|row| format!("  - {row}")).chain(new.map(|row| format!("  + {row}"))).take(MOST_ROWS).collect();
        if lines.is_empty() && was.len() == is.len() {
            continue;
        }
        let _ = write!(
            text,
            "\n  `{table}` had {} and has {}:\n{}",
            counted(was.len(), "row"),
            counted(is.len(), "row"),
            lines.join("\n")
        );
    }
    (!text.is_empty()).then_some(text)
}

const MOST_ROWS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;
    use rectify_schema::build::{column, integer, table};
    use rectify_schema::dialect::{MARIADB, SQLITE};

    fn one(rows: &[&str]) -> Rows {
        Rows::from([("users".to_owned(), rows.iter().map(|row| (*row).to_owned()).collect())])
    }

    #[test]
    fn a_changed_row_shows_as_it_was_and_as_it_is() {
        assert_eq!(rows_difference(&one(&["a", "b"]), &one(&["a", "b"])), None);
        let text = rows_difference(&one(&["a", "b"]), &one(&["a", "c"])).unwrap();
        assert_eq!(text, "\n  `users` had 2 rows and has 2 rows:\n  - b\n  + c");
        let text = rows_difference(&one(&["a", "a"]), &one(&["a"])).unwrap();
        assert!(text.contains("had 2 rows and has 1 row"), "{text}");
        assert!(rows_difference(&one(&["a"]), &Rows::new()).is_some());
    }

    #[test]
    fn a_catalog_that_differs_shows_the_operations_in_between() {
        let schema = |columns: &[&str]| {
            let users = columns.iter().fold(table("users"), |table, name| table.column(column(*name, integer())));
            Schema { tables: vec![users], ..Schema::default() }
        };
        assert_eq!(difference(&schema(&["id"]), &schema(&["id"]), SQLITE), None);
        let text = difference(&schema(&["id"]), &schema(&["id", "age"]), SQLITE).unwrap();
        assert!(text.contains("add column"), "{text}");
    }

    #[test]
    fn bytes_that_are_no_text_show_as_bytes() {
        assert_eq!(shown(MARIADB, Some("6162")), "'ab'");
        assert_eq!(shown(MARIADB, Some("FF")), "X'FF'");
        assert_eq!(shown(MARIADB, None), "NULL");
    }
}
