//! `INSERT` of rows of literals, on which all databases agree but for the lengths.

use super::{Dialect, Refusal, Statement, shared};
use crate::ops::{BulkInsert, Row};
use crate::schema::DefaultValue;

/// How a database takes rows.
pub(super) struct Limits {
    /// How many bytes a statement may have, well below what the server refuses.
    pub(super) bytes: usize,
    /// What stands for a row of nothing but defaults.
    pub(super) all_defaults: &'static str,
}

/// As few statements as hold the rows, in their order; each row names its columns, so that defaults stay defaults.
pub(super) fn insert(
    dialect: &dyn Dialect,
    op: &BulkInsert,
    limits: &Limits,
    spell: impl Fn(&DefaultValue) -> Result<String, Refusal>,
) -> Result<Vec<Statement>, Refusal> {
    let table = shared::table_name(dialect, &op.table)?;
    let mut statements: Vec<Statement> = Vec::new();
    let mut open: Option<(String, usize)> = None;
    for row in &op.rows {
        if row.values.is_empty() {
            statements.push(Statement::new(format!("INSERT INTO {table} {}", limits.all_defaults)));
            open = None;
            continue;
        }
        let columns = columns(dialect, row)?;
        let values: Result<Vec<_>, _> = row.values.iter().map(|(_, value)| spell(value)).collect();
        let line = format!("\n    ({})", values?.join(", "));
        match (statements.last_mut(), &mut open) {
            (Some(last), Some((same, length))) if *same == columns && *length + line.len() < limits.bytes => {
                push!(last.sql, ",{line}");
                *length += line.len() + 1;
            }
            _ => {
                let sql = format!("INSERT INTO {table} ({columns}) VALUES{line}");
                open = Some((columns, sql.len()));
                statements.push(Statement::new(sql));
            }
        }
    }
    Ok(statements)
}

fn columns(dialect: &dyn Dialect, row: &Row) -> Result<String, Refusal> {
    let names: Vec<&str> = row.values.iter().map(|(name, _)| name.as_str()).collect();
    if let Some(twice) = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
        return Err(Refusal::new(format!("the column `{}` twice in one row", twice.1), "set each column once"));
    }
    let quoted: Result<Vec<_>, _> = names.iter().map(|name| shared::ident(dialect, name)).collect();
    Ok(quoted?.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::build::*;
    use crate::dialect::{MARIADB, POSTGRES, SQLITE};
    use crate::ops::BulkInsert;

    #[test]
    fn a_statement_is_no_longer_than_the_database_takes() {
        let long = "x".repeat(100_000);
        let rows = (0..60).map(|id| row().set("id", id).set("note", long.as_str()));
        let op = BulkInsert::new("t", rows).into();
        for (dialect, count, limit) in [(SQLITE, 8, 1_000_000), (MARIADB, 2, 4 << 20), (POSTGRES, 1, 64 << 20)] {
            let statements = dialect.render(&op).unwrap();
            assert_eq!(statements.len(), count, "{}", dialect.name());
            assert!(statements.iter().all(|statement| statement.sql.len() < limit));
            let rows: usize = statements.iter().map(|statement| statement.sql.matches("\n    (").count()).sum();
            assert_eq!(rows, 60);
        }
    }

    #[test]
    fn a_row_longer_than_the_limit_is_a_statement_of_its_own() {
        let long = "x".repeat(1_200_000);
        let rows = [row().set("a", "1"), row().set("a", long.as_str()), row().set("a", "2")];
        assert_eq!(SQLITE.render(&BulkInsert::new("t", rows).into()).unwrap().len(), 3);
    }
}
