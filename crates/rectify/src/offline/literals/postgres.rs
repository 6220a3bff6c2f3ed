//! PostgreSQL: what Diesel sends in binary form, by the type that it names.

use std::fmt::Display;

use chrono::{Days, NaiveDate, TimeDelta};
use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::bind_collector::RawBytesBindCollector;

use super::{LiteralError, hex, number};

/// The values that were collected, as literals.
pub(crate) fn postgres(collected: &RawBytesBindCollector<Pg>) -> QueryResult<Vec<String>> {
    let literals = collected.metadata.iter().zip(&collected.binds).map(|(metadata, bind)| {
        // A type of the user's own is sent without one: an enum, whose value is its label.
        let oid = metadata.oid().unwrap_or(0);
        match bind {
            None => Ok("NULL".to_owned()),
            Some(bytes) => literal(oid, bytes),
        }
    });
    Ok(literals.collect::<Result<_, LiteralError>>()?)
}

fn literal(oid: u32, bytes: &[u8]) -> Result<String, LiteralError> {
    let what = || type_name(oid).map_or_else(|| format!("number {oid}"), str::to_owned);
    let malformed = || LiteralError::Malformed { what: what(), bytes: bytes.len() };
    Ok(match oid {
        16 => if bytes.first().is_some_and(|byte| *byte != 0) { "TRUE" } else { "FALSE" }.to_owned(),
        17 => format!("'\\x{}'::bytea", hex(bytes)),
        20 => number(i64::from_be_bytes(sized(bytes).ok_or_else(malformed)?).to_string()),
        21 => number(i16::from_be_bytes(sized(bytes).ok_or_else(malformed)?).to_string()),
        23 => number(i32::from_be_bytes(sized(bytes).ok_or_else(malformed)?).to_string()),
        26 => u32::from_be_bytes(sized(bytes).ok_or_else(malformed)?).to_string(),
        700 => float(f32::from_be_bytes(sized(bytes).ok_or_else(malformed)?), "float4"),
        701 => float(f64::from_be_bytes(sized(bytes).ok_or_else(malformed)?), "float8"),
        1082 => date(bytes).ok_or_else(malformed)?,
        1083 => format!("'{}'::time", time_of_day(sized(bytes).ok_or_else(malformed)?)),
        1114 => timestamp(bytes, "timestamp").ok_or_else(malformed)?,
        1184 => timestamp(bytes, "timestamptz").ok_or_else(malformed)?,
        1700 => numeric(bytes).ok_or_else(malformed)?,
        2950 => format!("'{}'::uuid", uuid(bytes).ok_or_else(malformed)?),
        114 => format!("{}::json", text(bytes)?),
        // One byte for the version of the form stands before the text.
        3802 => format!("{}::jsonb", text(bytes.get(1..).ok_or_else(malformed)?)?),
        0 | 18 | 19 | 25 | 1042 | 1043 => text(bytes)?,
        _ if element_of(oid).is_some() => array(oid, bytes)?,
        _ => return Err(LiteralError::None { database: "Rectify", what: format!("the PostgreSQL type {}", what()) }),
    })
}

fn sized<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.try_into().ok()
}

/// Texts follow the standard, in which a backslash is a character like any other.
fn text(bytes: &[u8]) -> Result<String, LiteralError> {
    let none = |what: &str| LiteralError::None { database: "PostgreSQL", what: what.to_owned() };
    let text = std::str::from_utf8(bytes).map_err(|_| none("a text that is not UTF-8"))?;
    if text.contains('\0') {
        return Err(none("a text with a NUL character"));
    }
    Ok(format!("'{}'", text.replace('\'', "''")))
}

fn float(value: impl Display + Into<f64> + Copy, name: &str) -> String {
    let wide: f64 = value.into();
    let text = match wide {
        wide if wide.is_nan() => "NaN".to_owned(),
        wide if wide.is_infinite() => if wide > 0.0 { "Infinity" } else { "-Infinity" }.to_owned(),
        _ => value.to_string(),
    };
    format!("'{text}'::{name}")
}

fn epoch() -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default()
}

fn date(bytes: &[u8]) -> Option<String> {
    let days = i32::from_be_bytes(sized(bytes)?);
    Some(match days {
        i32::MAX => "'infinity'::date".to_owned(),
        i32::MIN => "'-infinity'::date".to_owned(),
        days => {
            let many = Days::new(days.unsigned_abs().into());
            let date = if days < 0 { epoch().checked_sub_days(many)? } else { epoch().checked_add_days(many)? };
            format!("'{}'::date", era(date, ""))
        }
    })
}

/// A timestamp is a number of microseconds; one with a zone is meant in UTC.
fn timestamp(bytes: &[u8], name: &str) -> Option<String> {
    let micros = i64::from_be_bytes(sized(bytes)?);
    Some(match micros {
        i64::MAX => format!("'infinity'::{name}"),
        i64::MIN => format!("'-infinity'::{name}"),
        micros => {
            let at = epoch().and_hms_opt(0, 0, 0)?.checked_add_signed(TimeDelta::microseconds(micros))?;
            let zone = if name == "timestamptz" { "+00" } else { "" };
            let time = at.format("%H:%M:%S%.6f");
            format!("'{}'::{name}", era(at.date(), &format!(" {time}{zone}")))
        }
    })
}

/// A date with what follows it; years before the first have a mark behind all of it.
fn era(date: NaiveDate, rest: &str) -> String {
    use chrono::Datelike as _;
    let (month, day) = (date.month(), date.day());
    match date.year() {
        year @ 1.. => format!("{year:04}-{month:02}-{day:02}{rest}"),
        year => format!("{:04}-{month:02}-{day:02}{rest} BC", 1 - year),
    }
}

fn time_of_day(bytes: [u8; 8]) -> String {
    let micros = i64::from_be_bytes(bytes);
    let seconds = micros / 1_000_000;
    format!("{:02}:{:02}:{:02}.{:06}", seconds / 3600, seconds / 60 % 60, seconds % 60, micros % 1_000_000)
}

fn uuid(bytes: &[u8]) -> Option<String> {
    let digits = hex(&sized::<16>(bytes)?);
    Some([&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-"))
}

/// Groups of four decimal digits, the weight of the first one, a sign, and how many digits stand behind the point.
fn numeric(bytes: &[u8]) -> Option<String> {
    let words: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    let [count, weight, sign, scale, digits @ ..] = words.as_slice() else { return None };
    match sign {
        0xC000 => return Some("'NaN'::numeric".to_owned()),
        0xD000 => return Some("'Infinity'::numeric".to_owned()),
        0xF000 => return Some("'-Infinity'::numeric".to_owned()),
        _ => {}
    }
    if digits.len() != usize::from(*count) {
        return None;
    }
    let weight = i32::from(i16::from_be_bytes(weight.to_be_bytes()));
    let group = |place: i32| {
        let at = usize::try_from(weight - place).ok();
        at.and_then(|at| digits.get(at)).copied().unwrap_or(0)
    };
    let whole: String = (0..=weight.max(0)).rev().map(|place| format!("{:04}", group(place))).collect();
    let scale = usize::from(*scale);
    let groups = i32::try_from(scale.div_ceil(4)).ok()?;
    let fraction: String = (1..=groups).map(|place| format!("{:04}", group(-place))).collect();
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if scale == 0 { String::new() } else { format!(".{}", &fraction[..scale]) };
    let minus = if *sign == 0x4000 { "-" } else { "" };
    Some(number(format!("{minus}{whole}{point}")))
}

/// One dimension, as Diesel's lists have; each element with its length before it.
fn array(oid: u32, bytes: &[u8]) -> Result<String, LiteralError> {
    let name = element_of(oid).and_then(type_name).unwrap_or("text");
    let malformed = || LiteralError::Malformed { what: format!("{name}[]"), bytes: bytes.len() };
    let word = |at: usize| {
        let bytes = bytes.get(at..at + 4).and_then(sized).ok_or_else(malformed)?;
        Ok::<i32, LiteralError>(i32::from_be_bytes(bytes))
    };
    match word(0)? {
        0 => return Ok(format!("'{{}}'::{name}[]")),
        1 => {}
        _ => return Err(LiteralError::None { database: "Rectify", what: "a list of lists".to_owned() }),
    }
    let element = u32::from_be_bytes(word(8)?.to_be_bytes());
    let (mut at, mut elements) = (20, Vec::new());
    for _ in 0..word(12)? {
        let length = word(at)?;
        at += 4;
        let Ok(length) = usize::try_from(length) else {
            elements.push("NULL".to_owned());
            continue;
        };
        elements.push(literal(element, bytes.get(at..at + length).ok_or_else(malformed)?)?);
        at += length;
    }
    Ok(format!("ARRAY[{}]::{name}[]", elements.join(", ")))
}

/// The numbers that PostgreSQL's own catalog gives its types, for ever.
const TYPES: [(u32, u32, &str); 20] = [
    (16, 1000, "bool"),
    (17, 1001, "bytea"),
    (18, 1002, "\"char\""),
    (20, 1016, "int8"),
    (21, 1005, "int2"),
    (23, 1007, "int4"),
    (25, 1009, "text"),
    (26, 1028, "oid"),
    (114, 199, "json"),
    (700, 1021, "float4"),
    (701, 1022, "float8"),
    (1042, 1014, "bpchar"),
    (1043, 1015, "varchar"),
    (1082, 1182, "date"),
    (1083, 1183, "time"),
    (1114, 1115, "timestamp"),
    (1184, 1185, "timestamptz"),
    (1700, 1231, "numeric"),
    (2950, 2951, "uuid"),
    (3802, 3807, "jsonb"),
];

fn type_name(oid: u32) -> Option<&'static str> {
    TYPES.iter().find(|(own, ..)| *own == oid).map(|(_, _, name)| *name)
}

fn element_of(oid: u32) -> Option<u32> {
    TYPES.iter().find(|(_, array, _)| *array == oid).map(|(element, ..)| *element)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(oid: u32, bytes: &[u8], expected: &str) {
        assert_eq!(literal(oid, bytes).unwrap(), expected);
    }

    #[test]
    fn numbers() {
        check(23, &(-5i32).to_be_bytes(), "(-5)");
        check(20, &i64::MAX.to_be_bytes(), "9223372036854775807");
        check(701, &f64::NAN.to_be_bytes(), "'NaN'::float8");
        check(701, &(-1.5f64).to_be_bytes(), "'-1.5'::float8");
        check(700, &f32::INFINITY.to_be_bytes(), "'Infinity'::float4");
        assert!(literal(23, &[1]).unwrap_err().to_string().contains("type int4 has 1 bytes"));
    }

    #[test]
    fn numerics() {
        let bytes = |words: &[u16]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
        check(1700, &bytes(&[2, 0, 0, 2, 12, 3400]), "12.34");
        check(1700, &bytes(&[1, 1, 0x4000, 0, 5]), "(-50000)");
        check(1700, &bytes(&[1, 0xffff, 0, 6, 12]), "0.001200");
        check(1700, &bytes(&[0, 0, 0, 0]), "0");
        check(1700, &bytes(&[0, 0, 0xC000, 0]), "'NaN'::numeric");
    }

    #[test]
    fn texts_and_bytes() {
        check(25, "it's \\ ü".as_bytes(), "'it''s \\ ü'");
        check(0, b"draft", "'draft'");
        check(17, &[0, 255], "'\\x00ff'::bytea");
        check(3802, b"\x01{\"a\":1}", "'{\"a\":1}'::jsonb");
        assert!(literal(25, b"\0").unwrap_err().to_string().contains("NUL"));
    }

    #[test]
    fn times() {
        check(1082, &0i32.to_be_bytes(), "'2000-01-01'::date");
        check(1082, &(-730_119i32).to_be_bytes(), "'0001-01-01'::date");
        check(1082, &(-730_120i32).to_be_bytes(), "'0001-12-31 BC'::date");
        check(1082, &i32::MAX.to_be_bytes(), "'infinity'::date");
        check(1114, &1_500_000i64.to_be_bytes(), "'2000-01-01 00:00:01.500000'::timestamp");
        check(1184, &(-1i64).to_be_bytes(), "'1999-12-31 23:59:59.999999+00'::timestamptz");
        check(1083, &86_399_000_001i64.to_be_bytes(), "'23:59:59.000001'::time");
    }

    #[test]
    fn arrays() {
        let mut bytes = Vec::new();
        for word in [1i32, 1, 23, 2, 1, 4, 7, -1] {
            bytes.extend(word.to_be_bytes());
        }
        check(1007, &bytes, "ARRAY[7, NULL]::int4[]");
        check(1009, &[0; 12], "'{}'::text[]");
    }
}
