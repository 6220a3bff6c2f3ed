//! SQLite writes its own literals: a database in memory is given the values and asked to quote them.

use std::fmt::Write as _;

use diesel::backend::Backend;
use diesel::connection::LoadConnection;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::query_builder::{CollectedQuery, MoveableBindCollector};
use diesel::row::{Field, Row};
use diesel::sql_types::Double;
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
         WHEN typeof(column1) = 'integer' AND column1 < 0 THEN '(' || quote(column1) || ')' \
         ELSE quote(column1) END, CASE WHEN typeof(column1) = 'real' THEN column1 END FROM (VALUES {values})"
    );
    let mut memory = SqliteConnection::establish(":memory:").map_err(|error| {
        diesel::result::Error::QueryBuilderError(format!("cannot open a database in memory: {error}").into())
    })?;
    let query = CollectedQuery::new(sql, false, data);
    let rows = memory.load(query)?;
    rows.map(|row| {
        let row = row?;
        match number(&row).map_err(diesel::result::Error::DeserializationError)? {
            Some(number) if number.is_finite() => Ok(float(number)),
            Some(number) => Ok(if number > 0.0 { "9e999" } else { "(-9e999)" }.to_owned()),
            None => {
                let row = TextRow::build(&row).map_err(diesel::result::Error::DeserializationError)?;
                Ok(row.text(0).unwrap_or("NULL").to_owned())
            }
        }
    })
    .collect()
}

/// The number in the second column, which a text would not give exactly.
fn number<'r>(row: &impl Row<'r, Sqlite>) -> deserialize::Result<Option<f64>> {
    let field = row.get(1);
    let value = field.as_ref().and_then(Field::value);
    value.map(<f64 as FromSql<Double, Sqlite>>::from_sql).transpose()
}

/// A number that SQLite reads back as the same: it rounds decimals of more digits differently from version to version, but neither
/// whole numbers nor powers of two.
fn float(value: f64) -> String {
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let count = digits.chars().filter(char::is_ascii_digit).count();
    let is_short = count <= 15 && exponent.parse::<i32>().is_ok_and(|exponent| (-7..=22).contains(&exponent));
    let text = if is_short { format!("{value:?}") } else { exactly(value.abs()) };
    match value.is_sign_negative() {
        true if is_short => format!("({text})"),
        true => format!("(-{text})"),
        false => text,
    }
}

/// A positive number as a whole one, times or over powers of two.
fn exactly(value: f64) -> String {
    const STORED: u32 = 52;
    let bits = value.to_bits();
    let (stored, fraction) = (bits >> STORED, bits & ((1 << STORED) - 1));
    let (mut whole, mut exponent) = match i32::try_from(stored) {
        Ok(stored) if stored > 0 => (fraction | (1 << STORED), stored - 1075),
        _ => (fraction, -1074),
    };
    let shift = whole.trailing_zeros().min(u64::BITS - 1);
    whole >>= shift;
    exponent += i32::try_from(shift).unwrap_or_default();
    let mut text = format!("({whole}.0");
    let sign = if exponent < 0 { '/' } else { '*' };
    let mut left = exponent.unsigned_abs();
    while left > 0 {
        let step = left.min(STORED);
        // Writing to a string does not fail.
        let _ = write!(text, " {sign} {}.0", 1u64 << step);
        left -= step;
    }
    text + ")"
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::RunQueryDsl as _;

    #[test]
    fn short_numbers_are_decimals_and_long_ones_exact() {
        for (number, text) in [
            (0.1, "0.1"),
            (-2.5, "(-2.5)"),
            (1e21, "1e21"),
            (0.0, "0.0"),
            (0.1 + 0.2, "(1351079888211149.0 / 4503599627370496.0)"),
            (1e300 / 3.0, ""),
            (f64::MIN_POSITIVE / 8.0, ""),
            (-f64::MAX, ""),
        ] {
            let written = float(number);
            assert!(text.is_empty() || written == text, "{written}");
            let read: f64 = diesel::select(diesel::dsl::sql::<Double>(&written))
                .get_result(&mut SqliteConnection::establish(":memory:").unwrap())
                .unwrap();
            assert_eq!(read, number, "{written}");
        }
    }
}
