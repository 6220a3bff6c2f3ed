//! Tables that migrations still to come are written for, beside what a database will hold when they run.

use std::collections::{BTreeMap, BTreeSet};

use crate::name::TableName;
use crate::ops::Operation;
use crate::schema::Schema;
use crate::text::{mentions, tokens};

/// A `table!` of a file, by the names that the database knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedColumns {
    /// The table.
    pub table: TableName,
    /// Its columns.
    pub columns: Vec<String>,
    /// The line of the macro.
    pub line: u32,
}

/// What a database lacks of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// All of it.
    Table,
    /// A column.
    Column(String),
}

/// A database on its way through migrations that have not run yet.
///
/// Never says that something is missing which might be there: what SQL text may have made counts as there.
///
/// # Examples
///
/// ```
/// use rectify_schema::{Schema, build::*, models::{self, Foresight, Lack}, ops::DropColumn};
///
/// let users = table("users").column(column("id", bigint()).primary_key()).column(column("legacy", text()));
/// let mut ahead = Foresight::new(Schema { tables: vec![users], ..Schema::default() });
/// let source = models::read("b2.rs", "diesel::table! { users { id -> BigInt, legacy -> Text } }").unwrap();
/// let frozen = &source.tables()[0];
/// ahead.run(&[DropColumn::new("users", "legacy").into()]);
/// assert_eq!(ahead.lacks(frozen), [], "the migration that drops it still knows it");
/// ahead.run(&[]);
/// assert_eq!(ahead.lacks(frozen), [Lack::Column("legacy".to_owned())]);
/// ```
#[derive(Debug, Clone)]
pub struct Foresight {
    schema: Schema,
    /// The columns of each table that is there at any moment of the last migration, all in lower case.
    seen: BTreeMap<String, BTreeSet<String>>,
    /// What may have made anything that it names, in lower case.
    unclear: Vec<String>,
}

/// What a table has beside its columns.
const ALWAYS_THERE: [&str; 9] = ["rowid", "oid", "_rowid_", "ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];

impl Foresight {
    /// Begins with what the database holds now.
    #[must_use]
    pub fn new(schema: Schema) -> Self {
        Self { schema, seen: BTreeMap::new(), unclear: Vec::new() }
    }

    /// Goes on by one migration, which does this.
    pub fn run(&mut self, operations: &[Operation]) {
        self.seen.clear();
        self.see();
        for operation in operations {
            match operation {
                Operation::Sql(sql) => {
                    if may_change_a_schema(&sql.sql) {
                        self.unclear.push(sql.sql.to_lowercase());
                    }
                }
                other => {
                    if other.apply(&mut self.schema).is_err() {
                        self.unclear.push(format!("{other:?}").to_lowercase());
                    }
                    self.see();
                }
            }
        }
    }

    /// What of a table is there at no moment of the last migration.
    #[must_use]
    pub fn lacks(&self, frozen: &NamedColumns) -> Vec<Lack> {
        let table = frozen.table.name.to_lowercase();
        let may_be_there = |name: &str| self.unclear.iter().any(|text| mentions(text, name));
        if may_be_there(&table) {
            return Vec::new();
        }
        let Some(columns) = self.seen.get(&table) else { return vec![Lack::Table] };
        // A view, whose columns nobody has told.
        if columns.is_empty() {
            return Vec::new();
        }
        let is_lacking = |column: &&String| {
            let lower = column.to_lowercase();
            !columns.contains(&lower) && !ALWAYS_THERE.contains(&lower.as_str()) && !may_be_there(&lower)
        };
        frozen.columns.iter().filter(is_lacking).cloned().map(Lack::Column).collect()
    }

    /// Notes what is there. A table may be found in whatever schema: a migration may set the search path.
    fn see(&mut self) {
        for table in &self.schema.tables {
            let columns = self.seen.entry(table.name.name.to_lowercase()).or_default();
            columns.extend(table.columns.iter().map(|column| column.name.to_lowercase()));
        }
        for object in &self.schema.objects {
            self.seen.entry(object.name.name.to_lowercase()).or_default();
        }
    }
}

/// Everything but the plain handling of rows may.
fn may_change_a_schema(sql: &str) -> bool {
    let words = ["create", "alter", "drop", "rename", "call", "do", "exec", "execute", "attach", "into"];
    let first = tokens(sql).next().unwrap_or_default().to_lowercase();
    if ["insert", "update", "delete"].contains(&first.as_str()) {
        return false;
    }
    tokens(sql).any(|token| words.contains(&token.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::*;
    use crate::ops::{AddColumn, CreateTable, DropTable, Sql};

    fn users() -> Foresight {
        let users = table("users").column(column("id", bigint()).primary_key()).column(column("Email", text()));
        Foresight::new(Schema { tables: vec![users], ..Schema::default() })
    }

    fn frozen(table: &str, columns: &[&str]) -> NamedColumns {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        NamedColumns { table: table.into(), columns, line: 1 }
    }

    #[track_caller]
    fn check(ahead: &Foresight, frozen: &NamedColumns, lacks: &[&str]) {
        let found: Vec<String> = ahead
            .lacks(frozen)
            .into_iter()
            .map(|lack| match lack {
                Lack::Table => "table".to_owned(),
                Lack::Column(name) => name,
            })
            .collect();
        assert_eq!(found, lacks);
    }

    #[test]
    fn what_is_there_before_or_behind_the_migration_is_there() {
        let mut ahead = users();
        ahead.run(&[AddColumn::new("users", column("age", integer())).into(), DropTable::new("users").into()]);
        check(&ahead, &frozen("users", &["id", "email", "age", "rowid"]), &[]);
        check(&ahead, &frozen("users", &["id", "name"]), &["name"]);
        ahead.run(&[]);
        check(&ahead, &frozen("users", &["id"]), &["table"]);
        ahead.run(&[CreateTable::new(table("notes").column(column("id", integer()).primary_key())).into()]);
        check(&ahead, &frozen("notes", &["id", "text"]), &["text"]);
    }

    #[test]
    fn what_sql_text_may_have_made_is_there_from_then_on() {
        let mut ahead = users();
        ahead.run(&[Sql::new("UPDATE users SET legacy = 'create'").into()]);
        check(&ahead, &frozen("users", &["legacy"]), &["legacy"]);
        ahead.run(&[Sql::new("ALTER TABLE people ADD legacy TEXT").into()]);
        check(&ahead, &frozen("users", &["legacy"]), &[]);
        ahead.run(&[]);
        check(&ahead, &frozen("users", &["legacy", "other"]), &["other"]);
        check(&ahead, &frozen("people", &["legacy", "other"]), &[]);
    }

    #[test]
    fn a_view_has_columns_that_nobody_knows() {
        let mut ahead = Foresight::new(Schema { objects: vec![view("adults", "SELECT 1")], ..Schema::default() });
        ahead.run(&[]);
        check(&ahead, &frozen("adults", &["any"]), &[]);
    }
}
