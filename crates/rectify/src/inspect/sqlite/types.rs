//! Types that SQLite keeps as text, back into what they mean.

use rectify_schema::ColumnType;
use rectify_schema::dialect::SQLITE;

/// The type that is spelled like this. Another spelling of the same type (`INT`, `DATETIME`) stays as it is: it may mean
/// something else, and a table that is built anew must not change it.
pub(super) fn parse(text: &str) -> ColumnType {
    let spelling = spelling(text);
    let known =
        known(&spelling).filter(|found| SQLITE.type_name(found).is_ok_and(|name| self::spelling(&name) == spelling));
    known.unwrap_or_else(|| ColumnType::Custom(text.to_owned()))
}

fn known(spelling: &str) -> Option<ColumnType> {
    let (word, arguments) = match spelling.split_once('(') {
        Some((word, arguments)) => (word, arguments.strip_suffix(')')?),
        None => (spelling, ""),
    };
    let mut numbers = arguments.split(',');
    let mut number = || numbers.next().filter(|text| !text.is_empty());
    Some(match word {
        "SMALLINT" => ColumnType::SmallInt,
        "INTEGER" => ColumnType::Integer,
        "BIGINT" => ColumnType::BigInt,
        "NUMERIC" => {
            let precision = number().map(str::parse).transpose().ok()?;
            ColumnType::Numeric { precision, scale: number().map(str::parse).transpose().ok()? }
        }
        "REAL" => ColumnType::Real,
        "DOUBLE" => ColumnType::Double,
        "BOOLEAN" => ColumnType::Boolean,
        "CHAR" => ColumnType::Char(number()?.parse().ok()?),
        "VARCHAR" => ColumnType::Varchar(number().map(str::parse).transpose().ok()?),
        "TEXT" => ColumnType::Text,
        "BLOB" => ColumnType::Binary,
        "DATE" => ColumnType::Date,
        "TIME" => ColumnType::Time,
        "TIMESTAMP" => ColumnType::Timestamp,
        "JSON" => ColumnType::Json,
        "JSONB" => ColumnType::Jsonb,
        _ => return None,
    })
}

/// In capitals, with one blank between words and none elsewhere.
fn spelling(text: &str) -> String {
    let words: Vec<_> = text.split_ascii_whitespace().collect();
    let mut spelling = words.join(" ").to_ascii_uppercase();
    for symbol in ["(", ")", ","] {
        spelling = spelling.split(symbol).map(str::trim).collect::<Vec<_>>().join(symbol);
    }
    spelling
}

#[cfg(test)]
mod tests {
    use rectify_schema::build::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: ColumnType) {
        assert_eq!(parse(text), expected, "{text}");
    }

    #[test]
    fn what_the_dialect_spells_is_read_back() {
        for known in
            [smallint(), integer(), bigint(), numeric(10, 2), real(), double(), boolean(), char(36), varchar(20)]
        {
            check(&SQLITE.type_name(&known).unwrap(), known);
        }
        for known in [text(), binary(), date(), time(), timestamp(), json(), jsonb(), ColumnType::Varchar(None)] {
            check(&SQLITE.type_name(&known).unwrap(), known);
        }
    }

    #[test]
    fn case_and_blanks_do_not_matter() {
        check("varchar ( 20 )", varchar(20));
        check("numeric(10,2)", numeric(10, 2));
        check("Numeric", ColumnType::Numeric { precision: None, scale: None });
    }

    #[test]
    fn other_spellings_are_kept() {
        for other in ["INT", "DATETIME", "", "VARCHAR(a)", "CHAR", "INTEGER(4)", "TEXT(3)", "unsigned big int"] {
            check(other, custom(other));
        }
    }
}
