//! Diesel's name for a type of a database.

use super::{KnownEnum, Printer};
use crate::models::types::{DieselType, Size};
use crate::schema::ColumnType;

/// How a column's type is written.
pub(in crate::models) struct Written {
    pub(in crate::models) diesel: DieselType,
    pub(in crate::models) size: Size,
    /// Diesel's name says all, so that `#[sql_type]` is not needed.
    pub(super) exact: bool,
}

fn plain(name: &str) -> DieselType {
    DieselType { name: name.to_owned(), arguments: Vec::new() }
}

fn of(name: &str, inner: DieselType) -> DieselType {
    DieselType { name: name.to_owned(), arguments: vec![inner] }
}

impl Printer<'_> {
    /// The type in Diesel's words; whether they say all is found by reading them again.
    pub(in crate::models) fn write_type(&self, column_type: &ColumnType) -> Written {
        let (diesel, size) = self.candidate(column_type);
        let enums =
            |name: &str| self.enums.iter().find(|known| known.rust_name == name).map(|known| known.column_type.clone());
        let read = crate::models::types::column_type(&diesel, size, self.dialect, self.plain, &enums);
        Written { exact: read.is_ok_and(|read| read == *column_type), diesel, size }
    }

    /// The type, unless it takes one that is declared beside the tables and is no enum.
    pub(super) fn frozen_type(&self, column_type: &ColumnType) -> Option<DieselType> {
        match column_type {
            ColumnType::Enum(_) => Some(plain(&self.enum_of(column_type)?.rust_name)),
            ColumnType::Array(inner) => Some(of("Array", of("Nullable", self.frozen_type(inner)?))),
            other if self.is_postgres() && is_custom(other) => None,
            other => Some(self.write_type(other).diesel),
        }
    }

    fn candidate(&self, column_type: &ColumnType) -> (DieselType, Size) {
        let none = Size::default();
        let sized = |length: Option<u32>| Size { length, ..Size::default() };
        match column_type {
            ColumnType::SmallInt => (plain("SmallInt"), none),
            ColumnType::Integer => (plain("Integer"), none),
            ColumnType::BigInt => (plain("BigInt"), none),
            ColumnType::Numeric { precision, scale } => {
                (plain("Numeric"), Size { precision: *precision, scale: *scale, ..none })
            }
            ColumnType::Real => (plain("Float"), none),
            ColumnType::Double => (plain("Double"), none),
            ColumnType::Boolean => (plain("Bool"), none),
            ColumnType::Char(length) => (plain("Char"), sized(Some(*length))),
            ColumnType::Varchar(length) => (plain("Varchar"), sized(*length)),
            ColumnType::Text => (plain("Text"), none),
            ColumnType::Binary => (plain("Binary"), none),
            ColumnType::Date => (plain("Date"), none),
            ColumnType::Time => (plain("Time"), none),
            ColumnType::Timestamp if self.is_mysql() => (plain("Datetime"), none),
            ColumnType::Timestamp => (plain("Timestamp"), none),
            // Diesel has no zone on MySQL, and one type of that name.
            ColumnType::TimestampTz if self.is_mysql() => (plain("Timestamp"), none),
            ColumnType::TimestampTz if self.is_sqlite() => (plain("TimestamptzSqlite"), none),
            ColumnType::TimestampTz => (plain("Timestamptz"), none),
            ColumnType::TimeTz if self.is_sqlite() => (plain("Time"), none),
            ColumnType::Uuid if self.is_postgres() => (plain("Uuid"), none),
            ColumnType::Uuid => (plain("Text"), none),
            ColumnType::Json => (plain("Json"), none),
            ColumnType::Jsonb if self.is_mysql() => (plain("Json"), none),
            ColumnType::Jsonb => (plain("Jsonb"), none),
            ColumnType::Array(inner) => {
                let (inner, size) = self.candidate(inner);
                (of("Array", of("Nullable", inner)), size)
            }
            ColumnType::Enum(_) | ColumnType::TimeTz => (plain(&self.own_type(column_type)), none),
            ColumnType::Custom(text) if self.is_postgres() => self.of_postgres(column_type, text),
            ColumnType::Custom(text) if self.is_mysql() => of_mysql(text),
            ColumnType::Custom(text) => (plain(of_sqlite(text)), none),
        }
    }

    pub(super) fn enum_of(&self, column_type: &ColumnType) -> Option<&KnownEnum> {
        self.enums.iter().find(|known| known.is(column_type))
    }

    /// A type that is declared beside the tables.
    fn own_type(&self, column_type: &ColumnType) -> String {
        let known = self.enum_of(column_type).map(|known| &known.rust_name);
        let custom = || self.customs.iter().find(|(other, _)| other == column_type).map(|(_, name)| name);
        known.or_else(custom).cloned().unwrap_or_else(|| "Text".to_owned())
    }

    fn of_postgres(&self, column_type: &ColumnType, text: &str) -> (DieselType, Size) {
        match postgres_name(text) {
            Some((name, size)) => (plain(name), size),
            None => (plain(&self.own_type(column_type)), Size::default()),
        }
    }
}

/// Whether a type of PostgreSQL needs a type of its own in Rust.
pub(super) fn is_custom(column_type: &ColumnType) -> bool {
    match column_type {
        ColumnType::TimeTz => true,
        ColumnType::Custom(text) => postgres_name(text).is_none(),
        ColumnType::Enum(found) => found.values.is_empty(),
        _ => false,
    }
}

fn postgres_name(text: &str) -> Option<(&'static str, Size)> {
    let none = Size::default();
    let (word, rest) = text.split_once('(').unwrap_or((text, ""));
    let number: Option<u32> = rest.split_once(')').and_then(|(number, _)| number.parse().ok());
    let fraction = Size { precision: number.and_then(|digits| u16::try_from(digits).ok()), ..none };
    let zone = rest.split_once(')').map(|(_, zone)| zone.trim());
    Some(match (word, zone) {
        ("citext", None) => ("Citext", none),
        ("inet", None) => ("Inet", none),
        ("cidr", None) => ("Cidr", none),
        ("macaddr", None) => ("MacAddr", none),
        ("macaddr8", None) => ("MacAddr8", none),
        ("money", None) => ("Money", none),
        ("oid", None) => ("Oid", none),
        ("interval", _) => ("Interval", none),
        ("pg_lsn", None) => ("PgLsn", none),
        ("\"char\"", None) => ("CChar", none),
        ("int4range", None) => ("Int4range", none),
        ("int8range", None) => ("Int8range", none),
        ("numrange", None) => ("Numrange", none),
        ("daterange", None) => ("Daterange", none),
        ("tsrange", None) => ("Tsrange", none),
        ("tstzrange", None) => ("Tstzrange", none),
        ("int4multirange", None) => ("Int4multirange", none),
        ("int8multirange", None) => ("Int8multirange", none),
        ("nummultirange", None) => ("Nummultirange", none),
        ("datemultirange", None) => ("Datemultirange", none),
        ("tsmultirange", None) => ("Tsmultirange", none),
        ("tstzmultirange", None) => ("Tstzmultirange", none),
        ("timestamp", Some("with time zone")) => ("Timestamptz", fraction),
        ("timestamp", Some(_)) => ("Timestamp", fraction),
        ("time", Some("without time zone")) => ("Time", fraction),
        _ => return None,
    })
}

fn of_mysql(text: &str) -> (DieselType, Size) {
    let lower = text.to_ascii_lowercase();
    let word: String = lower.chars().take_while(char::is_ascii_alphanumeric).collect();
    let inside = lower.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inside, _)| inside);
    let mut numbers = inside.split(',').map(|number| number.trim().parse::<u32>().ok());
    let (first, second) = (numbers.next().flatten(), numbers.next().flatten());
    let digits = |number: Option<u32>| number.and_then(|number| u16::try_from(number).ok());
    let (name, size) = match word.as_str() {
        "tinyint" => ("TinyInt", Size::default()),
        "smallint" | "year" => ("SmallInt", Size::default()),
        "mediumint" | "int" | "integer" => ("Integer", Size::default()),
        "bigint" => ("BigInt", Size::default()),
        "float" => ("Float", Size::default()),
        "double" => ("Double", Size::default()),
        "decimal" | "numeric" => ("Numeric", Size { precision: digits(first), scale: digits(second), length: None }),
        "tinytext" => ("Tinytext", Size::default()),
        "mediumtext" => ("Mediumtext", Size::default()),
        "longtext" => ("Longtext", Size::default()),
        "tinyblob" => ("Tinyblob", Size::default()),
        "mediumblob" => ("Mediumblob", Size::default()),
        "longblob" => ("Longblob", Size::default()),
        "varbinary" => ("Varbinary", Size { length: first, ..Size::default() }),
        "bit" => ("Bit", Size { length: first, ..Size::default() }),
        "datetime" => ("Datetime", Size { precision: digits(first), ..Size::default() }),
        "timestamp" => ("Timestamp", Size { precision: digits(first), ..Size::default() }),
        "time" => ("Time", Size { precision: digits(first), ..Size::default() }),
        "char" | "varchar" | "text" | "set" | "enum" | "inet4" | "inet6" | "uuid" => ("Text", Size::default()),
        _ => ("Binary", Size::default()),
    };
    let unsigned = lower.contains(" unsigned");
    (if unsigned { of("Unsigned", plain(name)) } else { plain(name) }, size)
}

/// By the affinity that SQLite takes from the text.
fn of_sqlite(text: &str) -> &'static str {
    let upper = text.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| upper.contains(word));
    match upper.as_str() {
        "BOOL" => "Bool",
        "DATETIME" => "Timestamp",
        "INT8" => "BigInt",
        "INT2" | "TINYINT" => "SmallInt",
        _ if has(&["INT"]) => "Integer",
        _ if has(&["CHAR", "CLOB", "TEXT", "UUID"]) => "Text",
        _ if has(&["BLOB", "BINARY"]) || upper.is_empty() => "Binary",
        _ if has(&["REAL", "FLOA", "DOUB", "NUM", "DEC"]) => "Double",
        _ => "Text",
    }
}
