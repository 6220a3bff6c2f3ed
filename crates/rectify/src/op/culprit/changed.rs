//! The row that makes a statement fail which changes many: found by running it again on fewer and fewer of them, in a
//! transaction that is rolled back.

use diesel::QueryResult;
use rectify_schema::dialect::Dialect;
use rectify_schema::{Table, TableName};

use super::statement::{Changing, parse};
use super::{abridged, attempt, is_of_a_row, refuses_a_row, undone};
use crate::database::{Database, Family};
use crate::error::Error;
use crate::inspect::{self, tokens};
use crate::runner::sql::{as_text, literal, one_text, table};

/// The key of the row for which the database refuses `sql`, or what was to be inserted, in words.
///
/// Nothing where the database has said it, where the statement is not understood, and where no row fails by itself.
pub(super) fn row(db: &mut dyn Database, dialect: &dyn Dialect, error: &Error, sql: &str) -> Option<String> {
    let family = db.family();
    if family == Family::Postgres || !is_of_a_row(error) {
        return None;
    }
    let changing = parse(sql, if family == Family::Sqlite { tokens::SQLITE } else { tokens::MYSQL })?;
    let (Changing::Update { table, .. } | Changing::Insert { table, .. }) = &changing;
    let table = inspect::table(db, dialect, table).ok()??;
    if !can_be_undone(db, dialect, &table.name) {
        return None;
    }
    match changing {
        Changing::Update { head, filter, set, .. } => {
            let keys = keys(&table, family).filter(|keys| keys.iter().all(|key| !set.contains(&key.name)))?;
            let update = Update { dialect, table: &table.name, head, filter, keys };
            undone(db, |db| update.refused(db).ok().flatten())
        }
        Changing::Insert { head, columns, query, .. } => {
            Insert { dialect, head, columns, query }.refused(db, error).ok().flatten()
        }
    }
}

/// Whether a rollback undoes all that a statement does to the table. MySQL and MariaDB have tables without transactions, which
/// a trigger may write to as well.
fn can_be_undone(db: &mut dyn Database, dialect: &dyn Dialect, name: &TableName) -> bool {
    if db.family() != Family::Mysql {
        return true;
    }
    let schema = name.schema.as_ref().map_or_else(|| "DATABASE()".to_owned(), |schema| literal(dialect, schema));
    let sql = format!(
        "SELECT CAST(engine AS CHAR) FROM information_schema.tables WHERE table_schema = {schema} AND table_name = {} AND \
         NOT EXISTS (SELECT 1 FROM information_schema.triggers WHERE event_object_schema = table_schema AND \
         event_object_table = table_name)",
        literal(dialect, &name.name)
    );
    one_text(db, &sql).is_ok_and(|engine| engine.as_deref() == Some("InnoDB"))
}

/// A column of the key by which rows are told apart.
struct Key {
    name: String,
    is_number: bool,
}

/// The primary key; without one, the number that SQLite gives each row.
fn keys(table: &Table, family: Family) -> Option<Vec<Key>> {
    let Some(key) = &table.primary_key else {
        let has_none = family == Family::Sqlite && table.find_column("rowid").is_none();
        return has_none.then(|| vec![Key { name: "rowid".to_owned(), is_number: true }]);
    };
    let of = |name: &String| {
        let column = table.find_column(name)?;
        Some(Key { name: name.clone(), is_number: column.column_type.is_integer() })
    };
    key.columns.iter().map(of).collect()
}

/// An `UPDATE` of one table, and the key of its rows.
struct Update<'u> {
    dialect: &'u dyn Dialect,
    table: &'u TableName,
    head: &'u str,
    filter: Option<&'u str>,
    keys: Vec<Key>,
}

/// The rows with a key above the first and up to the second, each as a list of literals.
#[derive(Clone, Default)]
struct Among {
    above: Option<String>,
    up_to: Option<String>,
}

impl Update<'_> {
    /// The first row, by its key, for which the statement fails.
    ///
    /// Each half is asked for behind the last row that has gone through, so that it does not matter whether the filter still
    /// finds the rows that have been changed.
    fn refused(&self, db: &mut dyn Database) -> QueryResult<Option<String>> {
        let mut among = Among::default();
        let mut count = self.count(db, &among)?;
        while count > 1 {
            let half = count / 2;
            let Some(middle) = self.key(db, &among, half - 1)? else { return Ok(None) };
            let first = Among { up_to: Some(middle.clone()), ..among.clone() };
            match attempt(db, |db| db.run(&self.sql(&first)))? {
                Ok(()) => (among.above, count) = (Some(middle), count - half),
                Err(_) => (among, count) = (first, half),
            }
        }
        let Some(key) = self.key(db, &among, 0)? else { return Ok(None) };
        let alone = self.count(db, &among)? == 1;
        let refused = attempt(db, |db| db.run(&self.sql(&among)))?.is_err_and(refuses_a_row);
        Ok((alone && refused).then(|| self.told(&key)))
    }

    /// The statement for some of its rows.
    fn sql(&self, among: &Among) -> String {
        format!("{}{}", self.head, self.filter(among))
    }

    fn filter(&self, among: &Among) -> String {
        let names = self.names();
        let own = self.filter.map(|filter| format!("({filter}\n)"));
        let above = among.above.as_ref().map(|key| format!("({names}) > ({key})"));
        let up_to = among.up_to.as_ref().map(|key| format!("({names}) <= ({key})"));
        let all: Vec<String> = [own, above, up_to].into_iter().flatten().collect();
        if all.is_empty() { String::new() } else { format!(" WHERE {}", all.join(" AND ")) }
    }

    fn names(&self) -> String {
        let names: Vec<_> = self.keys.iter().map(|key| self.dialect.quote(&key.name)).collect();
        names.join(", ")
    }

    fn count(&self, db: &mut dyn Database, among: &Among) -> QueryResult<usize> {
        let (count, from) = (as_text(self.dialect, "COUNT(*)"), table(self.dialect, self.table));
        let found = one_text(db, &format!("SELECT {count} FROM {from}{}", self.filter(among)))?;
        Ok(found.and_then(|count| count.parse().ok()).unwrap_or(0))
    }

    /// The key of the row at a place, as literals.
    fn key(&self, db: &mut dyn Database, among: &Among, place: usize) -> QueryResult<Option<String>> {
        let texts: Vec<_> = self.keys.iter().map(|key| as_text(self.dialect, &self.dialect.quote(&key.name))).collect();
        let (texts, from, filter) = (texts.join(", "), table(self.dialect, self.table), self.filter(among));
        let sql = format!("SELECT {texts} FROM {from}{filter} ORDER BY {} LIMIT 1 OFFSET {place}", self.names());
        let rows = db.rows(&sql)?;
        let Some(row) = rows.first() else { return Ok(None) };
        let literals = self.keys.iter().enumerate().map(|(at, key)| match row.text(at) {
            Some(text) if key.is_number && text.parse::<i128>().is_ok() => Some(text.to_owned()),
            text => text.map(|text| literal(self.dialect, text)),
        });
        Ok(literals.collect::<Option<Vec<_>>>().map(|literals| literals.join(", ")))
    }

    fn told(&self, key: &str) -> String {
        match self.keys.as_slice() {
            [_] => format!("{} = {key}", self.names()),
            _ => format!("({}) = ({key})", self.names()),
        }
    }
}

/// An `INSERT` of what a query of other tables gives.
struct Insert<'i> {
    dialect: &'i dyn Dialect,
    head: &'i str,
    columns: Vec<String>,
    query: &'i str,
}

impl Insert<'_> {
    /// The first row that is refused, the rows in the order of their values: then each has its place.
    fn refused(&self, db: &mut dyn Database, error: &Error) -> QueryResult<Option<String>> {
        let names: Vec<String> = (1..=self.columns.len()).map(|number| format!("c{number}")).collect();
        let names = names.join(", ");
        let rows = format!("WITH rectify_rows ({names}) AS ({}\n)", self.query);
        let count = one_text(db, &format!("{rows} SELECT {} FROM rectify_rows", as_text(self.dialect, "COUNT(*)")))?;
        let count = count.and_then(|count| count.parse().ok()).unwrap_or(0);
        let some =
            |from: usize, count: usize| format!("FROM rectify_rows ORDER BY {names} LIMIT {count} OFFSET {from}");
        let found = super::row(db, error, 0..count, |db, of| {
            db.run(&format!("{} {rows} SELECT {names} {}", self.head, some(of.start, of.len())))
        });
        let Some(at) = found else { return Ok(None) };
        let texts: Vec<_> =
            (1..=self.columns.len()).map(|number| as_text(self.dialect, &format!("c{number}"))).collect();
        let values = db.rows(&format!("{rows} SELECT {} {}", texts.join(", "), some(at, 1)))?;
        Ok(values.first().map(|row| self.told(&row.0)))
    }

    fn told(&self, values: &[Option<String>]) -> String {
        let value =
            |value: &Option<String>| value.as_ref().map_or("NULL".to_owned(), |text| literal(self.dialect, text));
        let columns: Vec<_> = self.columns.iter().map(|column| self.dialect.quote(column)).collect();
        let values: Vec<_> = values.iter().map(value).collect();
        abridged(&format!("({}) = ({})", columns.join(", "), values.join(", ")))
    }
}
