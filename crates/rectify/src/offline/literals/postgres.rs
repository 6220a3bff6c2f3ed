//! PostgreSQL: what Diesel sends in binary form, by the type that it names.

mod lists;
mod network;

use std::fmt::Display;

use chrono::{Days, NaiveDate, TimeDelta};
use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::bind_collector::RawBytesBindCollector;

use lists::{array, labels, multirange, range};
use network::{address, lsn, mac};

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
        18 | 19 | 25 | 1042 | 1043 => text(bytes)?,
        // A label, or a list of labels.
        0 if bytes.contains(&0) => labels(bytes)?,
        0 => text(bytes)?,
        650 | 869 => format!("'{}'::{}", address(bytes).ok_or_else(malformed)?, what()),
        774 | 829 => format!("'{}'::{}", mac(bytes), what()),
        790 => {
            let what = "money: how many digits stand behind its point is for each server to say".to_owned();
            return Err(LiteralError::None { database: "PostgreSQL", what });
        }
        1186 => interval(bytes).ok_or_else(malformed)?,
        3220 => format!("'{}'::pg_lsn", lsn(sized(bytes).ok_or_else(malformed)?)),
        _ if element_of(oid).is_some() => array(oid, bytes)?,
        _ if of(&RANGES, oid).is_some() => range(oid, bytes)?,
        _ if of(&MULTIRANGES, oid).is_some() => multirange(oid, bytes)?,
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

/// Months, days and microseconds do not add up to each other, and each has a sign of its own.
fn interval(bytes: &[u8]) -> Option<String> {
    let micros = i64::from_be_bytes(sized(bytes.get(..8)?)?);
    let days = i32::from_be_bytes(sized(bytes.get(8..12)?)?);
    let months = i32::from_be_bytes(sized(bytes.get(12..)?)?);
    let (minus, size) = (if micros < 0 { "-" } else { "" }, micros.unsigned_abs());
    let seconds = size / 1_000_000;
    let clock = format!("{:02}:{:02}:{:02}.{:06}", seconds / 3600, seconds / 60 % 60, seconds % 60, size % 1_000_000);
    Some(format!("'{months} mons {days} days {minus}{clock}'::interval"))
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

/// The numbers that PostgreSQL's own catalog gives its types, for ever.
const TYPES: [(u32, u32, &str); 40] = [
    (16, 1000, "bool"),
    (17, 1001, "bytea"),
    (18, 1002, "\"char\""),
    (19, 1003, "name"),
    (20, 1016, "int8"),
    (21, 1005, "int2"),
    (23, 1007, "int4"),
    (25, 1009, "text"),
    (26, 1028, "oid"),
    (114, 199, "json"),
    (650, 651, "cidr"),
    (700, 1021, "float4"),
    (701, 1022, "float8"),
    (774, 775, "macaddr8"),
    (790, 791, "money"),
    (829, 1040, "macaddr"),
    (869, 1041, "inet"),
    (1042, 1014, "bpchar"),
    (1043, 1015, "varchar"),
    (1082, 1182, "date"),
    (1083, 1183, "time"),
    (1114, 1115, "timestamp"),
    (1184, 1185, "timestamptz"),
    (1186, 1187, "interval"),
    (1700, 1231, "numeric"),
    (2950, 2951, "uuid"),
    (3220, 3221, "pg_lsn"),
    (3802, 3807, "jsonb"),
    (3904, 3905, "int4range"),
    (3906, 3907, "numrange"),
    (3908, 3909, "tsrange"),
    (3910, 3911, "tstzrange"),
    (3912, 3913, "daterange"),
    (3926, 3927, "int8range"),
    (4451, 6150, "int4multirange"),
    (4532, 6151, "nummultirange"),
    (4533, 6152, "tsmultirange"),
    (4534, 6153, "tstzmultirange"),
    (4535, 6155, "datemultirange"),
    (4536, 6157, "int8multirange"),
];

/// What each range is one of.
const RANGES: [(u32, u32); 6] = [(3904, 23), (3906, 1700), (3908, 1114), (3910, 1184), (3912, 1082), (3926, 20)];

/// Which ranges each multirange holds.
const MULTIRANGES: [(u32, u32); 6] =
    [(4451, 3904), (4532, 3906), (4533, 3908), (4534, 3910), (4535, 3912), (4536, 3926)];

fn of(parts: &[(u32, u32)], oid: u32) -> Option<u32> {
    parts.iter().find(|(own, _)| *own == oid).map(|(_, part)| *part)
}

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
    fn intervals() {
        let bytes = |micros: i64, days: i32, months: i32| {
            [&micros.to_be_bytes()[..], &days.to_be_bytes(), &months.to_be_bytes()].concat()
        };
        check(1186, &bytes(3_661_000_001, -4, 14), "'14 mons -4 days 01:01:01.000001'::interval");
        check(1186, &bytes(-1, 0, 0), "'0 mons 0 days -00:00:00.000001'::interval");
        assert!(literal(1186, &[0; 15]).is_err());
    }

    #[test]
    fn what_has_no_literal_is_refused_by_name() {
        let refused = |oid: u32, bytes: &[u8], what: &str| {
            let said = literal(oid, bytes).unwrap_err().to_string();
            assert!(said.contains(what), "{said}");
        };
        refused(790, &[0; 8], "PostgreSQL has no literal for money");
        refused(2249, &[0; 8], "no literal for the PostgreSQL type number 2249");
        refused(0, &[0, 1, 2], "a value of a type of one's own that is neither a label nor a list of labels");
    }
}
