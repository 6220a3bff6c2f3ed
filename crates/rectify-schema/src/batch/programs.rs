//! Triggers and views around a rebuild: dropped before the table is, created again with the same text, and compiled once,
//! so that one which no longer fits the table fails here and not when somebody next uses it.

use super::{TEMPORARY_PREFIX, quote_table};
use crate::dialect::{SQLITE, Statement};
use crate::name::TableName;
use crate::schema::Table;

/// What SQLite compiles from a text that speaks of tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its name.
    pub name: String,
    /// The statement that made it, as the catalog keeps it.
    pub sql: String,
    /// What fires it, if it is a trigger; else it is a view.
    pub trigger: Option<Trigger>,
}

/// What fires a trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// The table or view that it is on.
    pub table: String,
    /// `INSERT`, `UPDATE` or `DELETE`.
    pub event: String,
    /// The columns of `UPDATE OF`; none is all of them.
    pub columns: Vec<String>,
}

impl Program {
    /// `trigger` or `view`.
    pub(super) const fn kind(&self) -> &'static str {
        if self.trigger.is_some() { "trigger" } else { "view" }
    }
}

/// Drops them: a rename looks at every text of the catalog, and refuses one that names a table that is not there.
pub(super) fn drop_all(table: &TableName, programs: &[Program]) -> Vec<Statement> {
    // A view takes its triggers along, so they go first.
    let drop = |program: &Program| {
        let kind = program.kind().to_ascii_uppercase();
        Statement::new(format!("DROP {kind} {}", quote_table(&table.sibling(&program.name))))
    };
    triggers_then_views(programs).map(drop).collect()
}

/// Creates them again, in the order in which they were made: triggers fire by it.
pub(super) fn create_all(table: &Table, programs: &[Program]) -> Vec<Statement> {
    if programs.is_empty() {
        return Vec::new();
    }
    let views_then_triggers = programs.iter().filter(|program| program.trigger.is_none());
    let views_then_triggers = views_then_triggers.chain(programs.iter().filter(|program| program.trigger.is_some()));
    let create = |program: &Program| Statement::new(qualified(&program.sql, &table.name));
    let mut statements: Vec<_> = views_then_triggers.map(create).collect();
    statements.extend(compile_all(&table.name));
    statements.extend(programs.iter().filter_map(|program| fire(table, program.trigger.as_ref()?)));
    statements
}

/// The statement of the catalog, which leaves the database out, for the database that the table is in.
pub(super) fn qualified(sql: &str, table: &TableName) -> String {
    let Some(schema) = table.schema.as_ref().map(|schema| SQLITE.quote(schema)) else { return sql.to_owned() };
    let kinds = ["CREATE UNIQUE INDEX ", "CREATE INDEX ", "CREATE VIEW ", "CREATE TRIGGER "];
    let found = kinds.iter().find_map(|kind| Some((kind, sql.strip_prefix(kind)?)));
    // A trigger keeps the database that it was made with.
    let found = found.filter(|(_, rest)| !rest.starts_with(&format!("{schema}.")));
    found.map_or_else(|| sql.to_owned(), |(kind, rest)| format!("{kind}{schema}.{rest}"))
}

fn triggers_then_views(programs: &[Program]) -> impl Iterator<Item = &Program> {
    let triggers = programs.iter().filter(|program| program.trigger.is_some());
    triggers.chain(programs.iter().filter(|program| program.trigger.is_none()))
}

/// A rename makes SQLite read every view, and of every trigger what it says of its own row.
fn compile_all(table: &TableName) -> [Statement; 3] {
    let [from, to] = ["view", "views"].map(|name| table.sibling(format!("{TEMPORARY_PREFIX}check_{name}")));
    [
        Statement::new(format!("CREATE TABLE {} (a)", quote_table(&from))),
        Statement::new(format!("ALTER TABLE {} RENAME TO {}", quote_table(&from), SQLITE.quote(&to.name))),
        Statement::new(format!("DROP TABLE {}", quote_table(&to))),
    ]
}

/// Compiles a statement that fires the trigger, and its body with it. It is not run.
fn fire(table: &Table, trigger: &Trigger) -> Option<Statement> {
    let name = quote_table(&table.name.sibling(&trigger.table));
    let sql = match trigger.event.as_str() {
        "INSERT" => format!("EXPLAIN INSERT INTO {name} DEFAULT VALUES"),
        "DELETE" => format!("EXPLAIN DELETE FROM {name}"),
        _ => {
            let own = trigger.table.eq_ignore_ascii_case(&table.name.name);
            let first = table.columns.iter().find(|column| own && column.generated.is_none());
            let column = trigger.columns.first().or_else(|| first.map(|column| &column.name))?;
            let column = SQLITE.quote(column);
            format!("EXPLAIN UPDATE {name} SET {column} = {column}")
        }
    };
    Some(Statement::new(sql))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::*;

    fn trigger(name: &str, table: &str, event: &str, columns: &[&str]) -> Program {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        let trigger = Trigger { table: table.to_owned(), event: event.to_owned(), columns };
        Program { name: name.to_owned(), sql: format!("CREATE TRIGGER {name} …"), trigger: Some(trigger) }
    }

    fn view(name: &str) -> Program {
        Program { name: name.to_owned(), sql: format!("CREATE VIEW {name} …"), trigger: None }
    }

    fn sql(statements: Vec<Statement>) -> Vec<String> {
        statements.into_iter().map(|statement| statement.sql).collect()
    }

    #[test]
    fn triggers_go_before_views_and_come_back_after_them() {
        let programs = [trigger("a", "users", "INSERT", &[]), view("v w"), trigger("b", "v w", "DELETE", &[])];
        let users = table("users").column(column("id", integer()));
        assert_eq!(sql(drop_all(&users.name, &programs)), ["DROP TRIGGER a", "DROP TRIGGER b", "DROP VIEW \"v w\""]);
        assert_eq!(
            sql(create_all(&users, &programs)),
            [
                "CREATE VIEW v w …",
                "CREATE TRIGGER a …",
                "CREATE TRIGGER b …",
                "CREATE TABLE _rectify_tmp_check_view (a)",
                "ALTER TABLE _rectify_tmp_check_view RENAME TO _rectify_tmp_check_views",
                "DROP TABLE _rectify_tmp_check_views",
                "EXPLAIN INSERT INTO users DEFAULT VALUES",
                "EXPLAIN DELETE FROM \"v w\"",
            ]
        );
        assert!(create_all(&users, &[]).is_empty());
    }

    #[test]
    fn an_update_names_a_column_that_can_be_written() {
        let users = table("users")
            .column(column("twice", integer()).generated_virtual("id * 2"))
            .column(column("id", integer()));
        let fired = |program: Program| fire(&users, &program.trigger.unwrap()).map(|statement| statement.sql);
        assert_eq!(fired(trigger("a", "USERS", "UPDATE", &[])).unwrap(), "EXPLAIN UPDATE \"USERS\" SET id = id");
        assert_eq!(fired(trigger("a", "logs", "UPDATE", &["x"])).unwrap(), "EXPLAIN UPDATE logs SET x = x");
        assert_eq!(fired(trigger("a", "logs", "UPDATE", &[])), None);
    }

    #[test]
    fn a_text_goes_back_to_its_own_database() {
        let extra = TableName::from(("extra", "users"));
        assert_eq!(
            qualified("CREATE UNIQUE INDEX ix ON users (a)", &extra),
            "CREATE UNIQUE INDEX extra.ix ON users (a)"
        );
        assert_eq!(qualified("CREATE VIEW v AS SELECT 1", &extra), "CREATE VIEW extra.v AS SELECT 1");
        assert_eq!(qualified("CREATE TRIGGER extra.t …", &extra), "CREATE TRIGGER extra.t …");
        assert_eq!(qualified("CREATE VIEW v AS SELECT 1", &"users".into()), "CREATE VIEW v AS SELECT 1");
    }
}
