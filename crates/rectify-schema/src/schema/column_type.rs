//! Column types, and the functions that make them.

use std::fmt;

use super::EnumType;
use crate::name::TableName;

/// The type of a column, by what it means; each dialect spells it in its own words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[must_use]
pub enum ColumnType {
    /// A whole number of 16 bits.
    SmallInt,
    /// A whole number of 32 bits.
    Integer,
    /// A whole number of 64 bits.
    BigInt,
    /// An exact number; without a precision the database's own limit holds.
    Numeric {
        /// Digits in total.
        precision: Option<u16>,
        /// Digits after the point.
        scale: Option<u16>,
    },
    /// A floating-point number of 32 bits.
    Real,
    /// A floating-point number of 64 bits.
    Double,
    /// True or false.
    Boolean,
    /// A text of fixed length, padded with blanks.
    Char(u32),
    /// A text of limited length. `None`, without a limit, is refused by MySQL and MariaDB.
    Varchar(Option<u32>),
    /// A text without a limit (MySQL, MariaDB: 65,535 bytes; write `custom("LONGTEXT")` for more).
    Text,
    /// Bytes (MySQL, MariaDB: 65,535 at most; write `custom("LONGBLOB")` for more).
    Binary,
    /// A day.
    Date,
    /// A time of day without a zone.
    Time,
    /// A time of day with an offset; only PostgreSQL keeps the offset, MySQL and MariaDB refuse it.
    TimeTz,
    /// A date and time without a zone (`DATETIME` on MySQL and MariaDB).
    Timestamp,
    /// An instant. MySQL and MariaDB have no such type with a wide range: theirs is `TIMESTAMP`, kept in UTC and shown in
    /// the session's zone, which ends in 2038 (MariaDB 11.5: 2106). SQLite keeps the text that it is given.
    TimestampTz,
    /// A UUID: `UUID` on PostgreSQL and MariaDB (10.7 and later), `CHAR(36)` on MySQL and SQLite.
    Uuid,
    /// JSON text.
    Json,
    /// JSON in PostgreSQL's binary form; `JSON` on MySQL and MariaDB, `JSONB` on SQLite.
    Jsonb,
    /// An array (PostgreSQL only).
    Array(Box<Self>),
    /// An enum; without values only PostgreSQL knows what it is.
    Enum(EnumType),
    /// A type as the database spells it. Empty text is a SQLite column without a type.
    Custom(String),
}

impl ColumnType {
    /// Tells whether it is one of the three integer types.
    #[must_use]
    pub const fn is_integer(&self) -> bool {
        matches!(self, Self::SmallInt | Self::Integer | Self::BigInt)
    }
}

/// Shows the type as the builder that makes it is written.
impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SmallInt => f.write_str("smallint"),
            Self::Integer => f.write_str("integer"),
            Self::BigInt => f.write_str("bigint"),
            Self::Numeric { precision: Some(precision), scale } => {
                write!(f, "numeric({precision}, {})", scale.unwrap_or(0))
            }
            Self::Numeric { precision: None, .. } => f.write_str("numeric"),
            Self::Real => f.write_str("real"),
            Self::Double => f.write_str("double"),
            Self::Boolean => f.write_str("boolean"),
            Self::Char(length) => write!(f, "char({length})"),
            Self::Varchar(Some(length)) => write!(f, "varchar({length})"),
            Self::Varchar(None) => f.write_str("varchar"),
            Self::Text => f.write_str("text"),
            Self::Binary => f.write_str("binary"),
            Self::Date => f.write_str("date"),
            Self::Time => f.write_str("time"),
            Self::TimeTz => f.write_str("timetz"),
            Self::Timestamp => f.write_str("timestamp"),
            Self::TimestampTz => f.write_str("timestamptz"),
            Self::Uuid => f.write_str("uuid"),
            Self::Json => f.write_str("json"),
            Self::Jsonb => f.write_str("jsonb"),
            Self::Array(of) => write!(f, "array({of})"),
            Self::Enum(enum_type) => write!(f, "enum `{}`", enum_type.name),
            Self::Custom(text) => write!(f, "`{text}`"),
        }
    }
}

macro_rules! plain_types {
    ($($(#[$doc:meta])+ $name:ident => $variant:ident),+ $(,)?) => { $(
        $(#[$doc])+
        ///
        /// # Examples
        ///
        /// ```
        /// use rectify_schema::build::*;
        ///
        #[doc = concat!("let column = column(\"a\", ", stringify!($name), "()).not_null();")]
        /// # let _ = column;
        /// ```
        pub const fn $name() -> ColumnType {
            ColumnType::$variant
        }
    )+ };
}

plain_types! {
    /// A whole number of 16 bits.
    smallint => SmallInt,
    /// A whole number of 32 bits.
    integer => Integer,
    /// A whole number of 64 bits.
    bigint => BigInt,
    /// A floating-point number of 32 bits.
    real => Real,
    /// A floating-point number of 64 bits.
    double => Double,
    /// True or false.
    boolean => Boolean,
    /// A text without a limit.
    text => Text,
    /// Bytes.
    binary => Binary,
    /// Bytes; another name for [`binary`].
    blob => Binary,
    /// A day.
    date => Date,
    /// A time of day.
    time => Time,
    /// A time of day with an offset (PostgreSQL, SQLite).
    timetz => TimeTz,
    /// A date and time without a zone.
    timestamp => Timestamp,
    /// An instant; see [`ColumnType::TimestampTz`] for what MySQL makes of it.
    timestamptz => TimestampTz,
    /// A UUID.
    uuid => Uuid,
    /// JSON text.
    json => Json,
    /// JSON in PostgreSQL's binary form.
    jsonb => Jsonb,
}

/// An exact number of `precision` digits, `scale` of them after the point.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let price = column("price", numeric(12, 2)).not_null();
/// # let _ = price;
/// ```
pub const fn numeric(precision: u16, scale: u16) -> ColumnType {
    ColumnType::Numeric { precision: Some(precision), scale: Some(scale) }
}

/// A whole number of at most `precision` digits, whatever the size of an integer.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES};
///
/// assert_eq!(POSTGRES.type_name(&numeric_precision(30)).unwrap(), "NUMERIC(30)");
/// ```
pub const fn numeric_precision(precision: u16) -> ColumnType {
    ColumnType::Numeric { precision: Some(precision), scale: None }
}

/// An exact number with as many digits as the database can hold (MySQL and MariaDB: ten, none after the point).
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES};
///
/// assert_eq!(POSTGRES.type_name(&numeric_unlimited()).unwrap(), "NUMERIC");
/// ```
pub const fn numeric_unlimited() -> ColumnType {
    ColumnType::Numeric { precision: None, scale: None }
}

/// A text of fixed length, padded with blanks.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let country = column("country", char(2)).not_null();
/// # let _ = country;
/// ```
pub const fn char(length: u32) -> ColumnType {
    ColumnType::Char(length)
}

/// A text of at most `length` characters.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let email = column("email", varchar(255)).not_null();
/// # let _ = email;
/// ```
pub const fn varchar(length: u32) -> ColumnType {
    ColumnType::Varchar(Some(length))
}

/// A text as `VARCHAR` without a length, which is what [`text`] is too (PostgreSQL, SQLite; the others refuse it).
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES};
///
/// assert_eq!(POSTGRES.type_name(&varchar_unlimited()).unwrap(), "VARCHAR");
/// ```
pub const fn varchar_unlimited() -> ColumnType {
    ColumnType::Varchar(None)
}

/// An array of another type (PostgreSQL only).
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let tags = column("tags", array(text()));
/// # let _ = tags;
/// ```
pub fn array(of: ColumnType) -> ColumnType {
    ColumnType::Array(Box::new(of))
}

/// An enum with its values, which works on every database.
///
/// On MySQL and MariaDB it is `ENUM(...)`, on SQLite `TEXT` with a check: the values come and go with the column. On
/// PostgreSQL it names a type with a life of its own. `Table::with_enums` creates the type with the table, and drops it when
/// the table is dropped by its definition: one call on each database. A type that several tables use, or that a later column
/// brings, is made by `op.create_enum` before and dropped by `op.drop_enum` after its last column; on the other databases
/// the two do nothing.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let status = column("status", enumeration("document_status", ["draft", "approved"])).not_null().server_default("draft");
/// # let _ = status;
/// ```
pub fn enumeration<V: Into<String>>(name: impl Into<TableName>, values: impl IntoIterator<Item = V>) -> ColumnType {
    ColumnType::Enum(EnumType::new(name, values))
}

/// An enum type that exists already, by name (PostgreSQL only; elsewhere the values are needed: [`enumeration`]).
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let status = column("status", named_enum("document_status")).not_null();
/// # let _ = status;
/// ```
pub fn named_enum(name: impl Into<TableName>) -> ColumnType {
    ColumnType::Enum(EnumType { name: name.into(), values: Vec::new() })
}

/// A type as the database itself spells it.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let place = column("place", custom("geometry(Point, 4326)"));
/// # let _ = place;
/// ```
pub fn custom(text: impl Into<String>) -> ColumnType {
    ColumnType::Custom(text.into())
}
