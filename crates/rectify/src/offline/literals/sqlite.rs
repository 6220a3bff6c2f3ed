//! SQLite writes its own literals: a database in memory is given the values and asked to quote them.

use diesel::backend::Backend;
use diesel::connection::LoadConnection;
use diesel::deserialize::QueryableByName;
use diesel::query_builder::{CollectedQuery, MoveableBindCollector};
use diesel::sqlite::Sqlite;
use diesel::{Connection, QueryResult, SqliteConnection};

use crate::database::{Measure, TextRow};

type Collector<'a> = <Sqlite as Backend>::BindCollector<'a>;

/// How many values were collected.
pub(crate) fn measure(collected: &Collector<'_>) -> Measure {
    let mut shown = Vec::new();
    Collector::push_debug_binds(&collected.moveable(), &mut shown);
    Measure { values: shown.len(), bytes: 0 }
}

/// The values that were collected, as literals.
pub(crate) fn sqlite(collected: &Collector<'_>) -> QueryResult<Vec<String>> {
    let data = collected.moveable();
    let mut shown = Vec::new();
    Collector::push_debug_binds(&data, &mut shown);
    let count = shown.len();
    if count == 0 {
        return Ok(Vec::new());
    }
    let values = vec!["(?)"; count].join(", ");
    // `quote` ends a text at its first NUL, and the program `sqlite3` drops a carriage return at the end of a line.
    let sql = format!(
        "SELECT CASE WHEN typeof(column1) = 'text' AND (instr(column1, char(0)) > 0 OR instr(column1, char(13)) > 0) \
         THEN 'CAST(X''' || hex(CAST(column1 AS BLOB)) || ''' AS TEXT)' \
         WHEN typeof(column1) IN ('integer', 'real') AND column1 < 0 THEN '(' || quote(column1) || ')' \
         ELSE quote(column1) END FROM (VALUES {values})"
    );
    let mut memory = SqliteConnection::establish(":memory:").map_err(|error| {
        diesel::result::Error::QueryBuilderError(format!("cannot open a database in memory: {error}").into())
    })?;
    let query = CollectedQuery::new(sql, false, data);
    let rows = memory.load(query)?;
    rows.map(|row| {
        let row = TextRow::build(&row?).map_err(diesel::result::Error::DeserializationError)?;
        Ok(row.text(0).unwrap_or("NULL").to_owned())
    })
    .collect()
}
