//! MySQL and MariaDB: what Diesel sends in binary form, by the type that it names.

use diesel::QueryResult;
use diesel::deserialize::FromSql;
use diesel::mysql::data_types::MysqlTime;
use diesel::mysql::{Mysql, MysqlType, MysqlValue};
use diesel::query_builder::bind_collector::RawBytesBindCollector;
use diesel::sql_types::Datetime;

use super::{LiteralError, hex, number};

/// The values that were collected, as literals.
pub(crate) fn mysql(collected: &RawBytesBindCollector<Mysql>) -> QueryResult<Vec<String>> {
    let literals = collected.metadata.iter().zip(&collected.binds).map(|(kind, bind)| match bind {
        Some(bytes) => literal(*kind, bytes),
        None => Ok("NULL".to_owned()),
    });
    Ok(literals.collect::<Result<_, LiteralError>>()?)
}

fn literal(kind: MysqlType, bytes: &[u8]) -> Result<String, LiteralError> {
    let malformed = || LiteralError::Malformed { what: format!("{kind:?}"), bytes: bytes.len() };
    Ok(match kind {
        MysqlType::Tiny | MysqlType::Short | MysqlType::Long | MysqlType::LongLong => {
            number(signed(bytes).ok_or_else(malformed)?.to_string())
        }
        MysqlType::UnsignedTiny | MysqlType::UnsignedShort | MysqlType::UnsignedLong | MysqlType::UnsignedLongLong => {
            unsigned(bytes).ok_or_else(malformed)?.to_string()
        }
        MysqlType::Float => float(f32::from_ne_bytes(bytes.try_into().map_err(|_| malformed())?).into())?,
        MysqlType::Double => float(f64::from_ne_bytes(bytes.try_into().map_err(|_| malformed())?))?,
        MysqlType::Numeric => number(String::from_utf8(bytes.to_vec()).map_err(|_| malformed())?),
        MysqlType::Date | MysqlType::DateTime | MysqlType::Timestamp | MysqlType::Time => {
            let value = MysqlValue::new(bytes, kind);
            let time = <MysqlTime as FromSql<Datetime, Mysql>>::from_sql(value).map_err(|_| malformed())?;
            format!("'{}'", spell(&time, kind))
        }
        MysqlType::String | MysqlType::Enum | MysqlType::Set => match std::str::from_utf8(bytes) {
            Ok(text) => self::text(text),
            Err(_) => format!("X'{}'", hex(bytes)),
        },
        MysqlType::Blob => match std::str::from_utf8(bytes) {
            // Diesel sends texts and bytes as the same type. Bytes that are a text are the same either way.
            Ok(text) => self::text(text),
            Err(_) => format!("X'{}'", hex(bytes)),
        },
        MysqlType::Bit => format!("X'{}'", hex(bytes)),
        _ => return Err(LiteralError::None { database: "Rectify", what: format!("the MySQL type {kind:?}") }),
    })
}

fn signed(bytes: &[u8]) -> Option<i64> {
    Some(match bytes.len() {
        1 => i8::from_ne_bytes(bytes.try_into().ok()?).into(),
        2 => i16::from_ne_bytes(bytes.try_into().ok()?).into(),
        4 => i32::from_ne_bytes(bytes.try_into().ok()?).into(),
        _ => i64::from_ne_bytes(bytes.try_into().ok()?),
    })
}

fn unsigned(bytes: &[u8]) -> Option<u64> {
    Some(match bytes.len() {
        1 => (*bytes.first()?).into(),
        2 => u16::from_ne_bytes(bytes.try_into().ok()?).into(),
        4 => u32::from_ne_bytes(bytes.try_into().ok()?).into(),
        _ => u64::from_ne_bytes(bytes.try_into().ok()?),
    })
}

/// With an exponent it is a float and no decimal.
fn float(value: f64) -> Result<String, LiteralError> {
    if value.is_finite() {
        return Ok(number(format!("{value:e}")));
    }
    Err(LiteralError::None { database: "MySQL", what: format!("the number {value}") })
}

/// A backslash escapes, unless the server was told otherwise (`NO_BACKSLASH_ESCAPES`).
///
/// The client `mariadb` drops a carriage return at the end of a line that it reads.
fn text(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\'', "''").replace('\0', "\\0");
    format!("'{}'", escaped.replace('\x1a', "\\Z").replace('\r', "\\r"))
}

fn spell(time: &MysqlTime, kind: MysqlType) -> String {
    let date = format!("{:04}-{:02}-{:02}", time.year, time.month, time.day);
    let clock = format!("{:02}:{:02}:{:02}.{:06}", time.hour, time.minute, time.second, time.second_part);
    match kind {
        MysqlType::Date => date,
        MysqlType::Time => format!("{}{clock}", if time.neg { "-" } else { "" }),
        _ => format!("{date} {clock}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: MysqlType, bytes: &[u8], expected: &str) {
        assert_eq!(literal(kind, bytes).unwrap(), expected);
    }

    #[test]
    fn numbers() {
        check(MysqlType::Tiny, &(-1i8).to_ne_bytes(), "(-1)");
        check(MysqlType::LongLong, &i64::MIN.to_ne_bytes(), "(-9223372036854775808)");
        check(MysqlType::UnsignedLongLong, &u64::MAX.to_ne_bytes(), "18446744073709551615");
        check(MysqlType::Double, &0.1f64.to_ne_bytes(), "1e-1");
        check(MysqlType::Numeric, b"-1.50", "(-1.50)");
        assert!(literal(MysqlType::Double, &f64::NAN.to_ne_bytes()).is_err());
        assert!(literal(MysqlType::Double, &[1]).is_err());
    }

    #[test]
    fn texts_and_bytes() {
        check(MysqlType::String, "it's \\ \0".as_bytes(), "'it''s \\\\ \\0'");
        check(MysqlType::String, b"a\r\nb", "'a\\r\nb'");
        check(MysqlType::Blob, &[0xff, 0], "X'ff00'");
        check(MysqlType::Bit, &[1], "X'01'");
    }
}
