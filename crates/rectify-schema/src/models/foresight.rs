//! Tables that migrations still to come are written for, beside what a database will hold when they run.

use std::collections::BTreeMap;

use crate::dialect::Dialect;
use crate::name::TableName;
use crate::ops::Operation;
use crate::schema::{ColumnType, Schema};
use crate::text::{mentions, tokens};

/// A `table!` of a file, by the names that the database knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedColumns {
    /// The table.
    pub table: TableName,
    /// Its columns.
    pub columns: Vec<NamedColumn>,
    /// The line of the macro.
    pub line: u32,
}

/// A column of a `table!`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedColumn {
    /// Its name.
    pub name: String,
    /// What its type is on a database; nothing where that is not known.
    pub column_type: Option<ColumnType>,
}

/// What a database lacks of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// All of it.
    Table,
    /// A column.
    Column(String),
    /// A column of this type; there is one of another.
    Type {
        /// The column.
        column: String,
        /// The type that the table of the file has.
        wanted: ColumnType,
        /// The type that there will be.
        found: ColumnType,
    },
}

/// A database on its way through migrations that have not run yet.
///
/// Never says that something is missing which might be there: what SQL text may have made counts as there. Of types only those are
/// held against each other that a database does not read as one another: on SQLite none.
///
/// # Examples
///
/// ```
/// use rectify_schema::{Schema, build::*, dialect::POSTGRES, models::{self, Foresight, Lack}, ops::DropColumn};
///
/// let users = table("users").column(column("id", bigint()).primary_key()).column(column("legacy", text()));
/// let mut ahead = Foresight::new(Schema { tables: vec![users], ..Schema::default() }, POSTGRES);
/// let source = models::read("b2.rs", "diesel::table! { users { id -> BigInt, legacy -> Text } }").unwrap();
/// let frozen = &source.tables(POSTGRES)[0];
/// ahead.run(&[DropColumn::new("users", "legacy").into()]);
/// assert_eq!(ahead.lacks(frozen), [], "the migration that drops it still knows it");
/// ahead.run(&[]);
/// assert_eq!(ahead.lacks(frozen), [Lack::Column("legacy".to_owned())]);
/// ```
#[derive(Debug, Clone)]
pub struct Foresight {
    schema: Schema,
    dialect: &'static dyn Dialect,
    /// The columns of each table that is there at any moment of the last migration, all in lower case, with their types.
    seen: BTreeMap<String, BTreeMap<String, Vec<ColumnType>>>,
    /// What may have made anything that it names, in lower case.
    unclear: Vec<String>,
}

/// What a table has beside its columns.
const ALWAYS_THERE: [&str; 9] = ["rowid", "oid", "_rowid_", "ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];

impl Foresight {
    /// Begins with what the database holds now.
    #[must_use]
    pub fn new(schema: Schema, dialect: &'static dyn Dialect) -> Self {
        Self { schema, dialect, seen: BTreeMap::new(), unclear: Vec::new() }
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
        let lack = |column: &NamedColumn| {
            let name = column.name.to_lowercase();
            if ALWAYS_THERE.contains(&name.as_str()) || may_be_there(&name) {
                return None;
            }
            let Some(found) = columns.get(&name) else { return Some(Lack::Column(column.name.clone())) };
            let (wanted, found) = (column.column_type.as_ref()?, found.iter().collect::<Vec<_>>());
            let is_other = |found: &&ColumnType| are_of_two_kinds(wanted, found, self.dialect);
            found.iter().all(is_other).then(|| found.last().copied()).flatten().map(|found| Lack::Type {
                column: column.name.clone(),
                wanted: wanted.clone(),
                found: found.clone(),
            })
        };
        frozen.columns.iter().filter_map(lack).collect()
    }

    /// Notes what is there. A table may be found in whatever schema: a migration may set the search path.
    fn see(&mut self) {
        for table in &self.schema.tables {
            let columns = self.seen.entry(table.name.name.to_lowercase()).or_default();
            for column in &table.columns {
                let types = columns.entry(column.name.to_lowercase()).or_default();
                if types.last() != Some(&column.column_type) {
                    types.push(column.column_type.clone());
                }
            }
        }
        for object in &self.schema.objects {
            self.seen.entry(object.name.name.to_lowercase()).or_default();
        }
    }
}

/// Whether a value of one type is surely not read as one of the other.
fn are_of_two_kinds(one: &ColumnType, other: &ColumnType, dialect: &dyn Dialect) -> bool {
    let kind = match dialect.name() {
        "postgres" => kind_on_postgres,
        // Any column holds any value.
        "sqlite" => return false,
        _ => kind_on_mysql,
    };
    matches!((kind(one), kind(other)), (Some(one), Some(other)) if one != other)
}

/// Values are sent in the binary form of their type.
const fn kind_on_postgres(column_type: &ColumnType) -> Option<&'static str> {
    Some(match column_type {
        ColumnType::SmallInt => "smallint",
        ColumnType::Integer => "integer",
        ColumnType::BigInt => "bigint",
        ColumnType::Real => "real",
        ColumnType::Double => "double",
        ColumnType::Numeric { .. } => "numeric",
        ColumnType::Boolean => "boolean",
        ColumnType::Char(_) | ColumnType::Varchar(_) | ColumnType::Text => "text",
        ColumnType::Binary => "binary",
        ColumnType::Date => "date",
        ColumnType::Time => "time",
        // `AnyConnection` has one for both.
        ColumnType::Timestamp | ColumnType::TimestampTz => "timestamp",
        ColumnType::Uuid => "uuid",
        ColumnType::Json => "json",
        ColumnType::Jsonb => "jsonb",
        ColumnType::TimeTz | ColumnType::Array(_) | ColumnType::Enum(_) | ColumnType::Custom(_) => return None,
    })
}

/// Numbers are read as one another.
const fn kind_on_mysql(column_type: &ColumnType) -> Option<&'static str> {
    Some(match column_type {
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::Real
        | ColumnType::Double
        | ColumnType::Numeric { .. }
        | ColumnType::Boolean => "number",
        ColumnType::Char(_) | ColumnType::Varchar(_) | ColumnType::Text => "text",
        ColumnType::Date | ColumnType::Timestamp | ColumnType::TimestampTz => "date",
        _ => return None,
    })
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
    use crate::dialect::{MARIADB, POSTGRES, SQLITE};
    use crate::ops::{AddColumn, CreateTable, DropTable, Sql};

    fn users() -> Foresight {
        let users = table("users").column(column("id", bigint()).primary_key()).column(column("Email", text()));
        Foresight::new(Schema { tables: vec![users], ..Schema::default() }, POSTGRES)
    }

    fn frozen(table: &str, columns: &[&str]) -> NamedColumns {
        let columns = columns.iter().map(|name| NamedColumn { name: (*name).to_owned(), column_type: None });
        NamedColumns { table: table.into(), columns: columns.collect(), line: 1 }
    }

    #[track_caller]
    fn check(ahead: &Foresight, frozen: &NamedColumns, lacks: &[&str]) {
        let found: Vec<String> = ahead
            .lacks(frozen)
            .into_iter()
            .map(|lack| match lack {
                Lack::Table => "table".to_owned(),
                Lack::Column(name) => name,
                Lack::Type { column, wanted, found } => format!("{column}: {found}, not {wanted}"),
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
        let mut ahead =
            Foresight::new(Schema { objects: vec![view("adults", "SELECT 1")], ..Schema::default() }, POSTGRES);
        ahead.run(&[]);
        check(&ahead, &frozen("adults", &["any"]), &[]);
    }

    #[test]
    fn a_column_of_another_type_is_told_where_it_would_not_be_read() {
        let text = "diesel::table! { t { id -> Integer, at -> Timestamp, name -> Text, n -> Nullable<BigInt>, state -> State } }";
        let source = crate::models::read("b2.rs", text).unwrap();
        let table = |n: ColumnType, name: ColumnType| {
            let state = column("state", enumeration("state", ["a"]));
            let columns = [column("id", integer()).primary_key(), column("at", timestamptz()), state];
            let table = columns.into_iter().fold(table("t"), |table, column| table.column(column));
            table.column(column("n", n)).column(column("name", name))
        };
        let check = |dialect: &'static dyn Dialect, n, name, lacks: &[&str]| {
            let mut ahead = Foresight::new(Schema { tables: vec![table(n, name)], ..Schema::default() }, dialect);
            ahead.run(&[]);
            super::tests::check(&ahead, &source.tables(dialect)[0], lacks);
        };
        check(POSTGRES, bigint(), varchar(9), &[]);
        check(POSTGRES, integer(), integer(), &["name: integer, not text", "n: integer, not bigint"]);
        check(MARIADB, integer(), boolean(), &["name: boolean, not text"]);
        check(SQLITE, text_type(), integer(), &[]);
        let mut ahead =
            Foresight::new(Schema { tables: vec![table(integer(), text_type())], ..Schema::default() }, POSTGRES);
        ahead.run(&[crate::ops::AlterColumn::new("t", alter("n").set_type(bigint())).into()]);
        super::tests::check(&ahead, &source.tables(POSTGRES)[0], &[]);
    }

    fn text_type() -> ColumnType {
        crate::build::text()
    }
}
