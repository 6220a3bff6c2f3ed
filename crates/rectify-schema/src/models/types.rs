//! What Diesel's SQL types are on each database. Where a guess would lose something, there is none.

use crate::dialect::Dialect;
use crate::schema::{ColumnType, array};

/// A type as Diesel names it: `Nullable<Array<Nullable<Text>>>`, without paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct DieselType {
    pub(super) name: String,
    pub(super) arguments: Vec<Self>,
}

/// What was said of a type beside its name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) length: Option<u32>,
    pub(super) precision: Option<u16>,
    pub(super) scale: Option<u16>,
}

/// Why a type is nothing on a database.
pub(super) struct NoType {
    pub(super) message: String,
    pub(super) hint: String,
}

impl DieselType {
    /// The type without `Nullable`, and whether it was there.
    pub(super) fn bare(&self) -> (&Self, bool) {
        match (self.name.as_str(), self.arguments.first()) {
            ("Nullable", Some(inner)) => (inner.bare().0, true),
            _ => (self, false),
        }
    }
}

impl std::fmt::Display for DieselType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)?;
        for (place, argument) in self.arguments.iter().enumerate() {
            write!(f, "{}{argument}", if place == 0 { "<" } else { ", " })?;
        }
        f.write_str(if self.arguments.is_empty() { "" } else { ">" })
    }
}

/// The type of a column on a database.
///
/// `enums` finds the enum of this name in Rust. Where `plain` is set, the text is Diesel's own `schema.rs`, in which
/// `Timestamp` is MySQL's type of that name; elsewhere it is what `timestamp()` makes.
pub(super) fn column_type(
    written: &DieselType,
    size: Size,
    dialect: &dyn Dialect,
    plain: bool,
    enums: &dyn Fn(&str) -> Option<ColumnType>,
) -> Result<ColumnType, NoType> {
    let (bare, _) = written.bare();
    let (postgres, sqlite) = (dialect.name() == "postgres", dialect.name() == "sqlite");
    let mysql = !postgres && !sqlite;
    let custom = |text: &str| ColumnType::Custom(text.to_owned());
    let only = |there: bool, text: &str| {
        let message = format!("`{bare}` is no type of {}", words(dialect));
        there.then(|| custom(text)).ok_or_else(|| refused(message))
    };
    Ok(match bare.name.as_str() {
        "SmallInt" | "Smallint" | "Int2" | "SmallSerial" => ColumnType::SmallInt,
        "Integer" | "Int4" | "Serial" => ColumnType::Integer,
        "BigInt" | "Bigint" | "Int8" | "BigSerial" => ColumnType::BigInt,
        "TinyInt" | "Tinyint" => only(mysql, "tinyint")?,
        "Unsigned" => {
            unsigned(bare, size, mysql).ok_or_else(|| refused(format!("`{bare}` is no type of {}", words(dialect))))?
        }
        "Float" | "Float4" => ColumnType::Real,
        "Double" | "Float8" => ColumnType::Double,
        "Numeric" | "Decimal" if mysql && size.precision.is_none() => {
            return Err(NoType {
                message: format!("`{bare}` without a precision keeps no digit after the point on {}", words(dialect)),
                hint: "say how many: `#[precision(12, 2)]`".to_owned(),
            });
        }
        "Numeric" | "Decimal" => ColumnType::Numeric { precision: size.precision, scale: size.scale },
        "Bool" => ColumnType::Boolean,
        "Text" => size.length.map_or(ColumnType::Text, |length| ColumnType::Varchar(Some(length))),
        "Varchar" | "VarChar" if mysql && size.length.is_none() => {
            return Err(NoType {
                message: format!("`{bare}` needs a length on {}", words(dialect)),
                hint: "say it: `#[max_length = 255]`, or write `Text`".to_owned(),
            });
        }
        "Varchar" | "VarChar" => ColumnType::Varchar(size.length),
        "Char" | "Bpchar" => ColumnType::Char(size.length.unwrap_or(1)),
        "CChar" => only(postgres, "\"char\"")?,
        "Citext" => only(postgres, "citext")?,
        "Tinytext" if mysql => custom("tinytext"),
        "Mediumtext" if mysql => custom("mediumtext"),
        "Longtext" if mysql => custom("longtext"),
        "Tinytext" | "Mediumtext" | "Longtext" => ColumnType::Text,
        "Binary" | "Varbinary" if mysql && size.length.is_some() => {
            custom(&format!("varbinary({})", size.length.unwrap_or_default()))
        }
        "Tinyblob" if mysql => custom("tinyblob"),
        "Mediumblob" if mysql => custom("mediumblob"),
        "Longblob" if mysql => custom("longblob"),
        "Bit" => only(!sqlite, &format!("bit({})", size.length.unwrap_or(1)))?,
        "Binary" | "Bytea" | "Blob" | "Varbinary" | "Tinyblob" | "Mediumblob" | "Longblob" => ColumnType::Binary,
        "Date" => ColumnType::Date,
        "Time" => with_fraction(ColumnType::Time, size, dialect),
        "Timestamp" if mysql && plain => with_fraction(ColumnType::TimestampTz, size, dialect),
        "Timestamp" | "Datetime" => with_fraction(ColumnType::Timestamp, size, dialect),
        "Timestamptz" | "TimestamptzSqlite" => with_fraction(ColumnType::TimestampTz, size, dialect),
        "Uuid" => ColumnType::Uuid,
        "Json" => ColumnType::Json,
        "Jsonb" => ColumnType::Jsonb,
        "Array" => match bare.arguments.first() {
            Some(of) => array(column_type(of, size, dialect, plain, enums)?),
            None => return Err(refused("an array of nothing".to_owned())),
        },
        "Interval" => only(postgres, "interval")?,
        "Money" | "Cash" => only(postgres, "money")?,
        "Oid" => only(postgres, "oid")?,
        "PgLsn" => only(postgres, "pg_lsn")?,
        "Inet" => only(postgres, "inet")?,
        "Cidr" => only(postgres, "cidr")?,
        "MacAddr" | "Macaddr" => only(postgres, "macaddr")?,
        "MacAddr8" | "Macaddr8" => only(postgres, "macaddr8")?,
        "Range" | "Multirange" => only(postgres, range(bare).ok_or_else(|| unknown(bare))?)?,
        name => match (range_alias(name), enums(name)) {
            (_, Some(found)) => found,
            (Some(found), None) => only(postgres, found)?,
            (None, None) => return Err(unknown(bare)),
        },
    })
}

fn unknown(written: &DieselType) -> NoType {
    NoType {
        message: format!("the type `{written}` is not known"),
        hint: "derive `rectify::SqlEnum` for it, or say what it is: `#[sql_type = \"…\"]`".to_owned(),
    }
}

fn refused(message: String) -> NoType {
    NoType { message, hint: "say what it is there: `#[sql_type(sqlite = \"…\", mysql = \"…\")]`".to_owned() }
}

/// A database in a person's words.
fn words(dialect: &dyn Dialect) -> &'static str {
    match dialect.name() {
        "postgres" => "PostgreSQL",
        "mysql" => "MySQL",
        "mariadb" => "MariaDB",
        _ => "SQLite",
    }
}

fn unsigned(written: &DieselType, size: Size, mysql: bool) -> Option<ColumnType> {
    let of = written.arguments.first().filter(|_| mysql)?;
    let bare = match of.name.as_str() {
        "TinyInt" | "Tinyint" => "tinyint".to_owned(),
        "SmallInt" | "Smallint" | "Int2" => "smallint".to_owned(),
        "Integer" | "Int4" => "int".to_owned(),
        "BigInt" | "Bigint" | "Int8" => "bigint".to_owned(),
        "Float" | "Float4" => "float".to_owned(),
        "Double" | "Float8" => "double".to_owned(),
        "Numeric" | "Decimal" => format!("decimal({},{})", size.precision?, size.scale.unwrap_or(0)),
        _ => return None,
    };
    Some(ColumnType::Custom(format!("{bare} unsigned")))
}

/// A time of so many digits after the second. SQLite keeps the text that it is given.
fn with_fraction(column_type: ColumnType, size: Size, dialect: &dyn Dialect) -> ColumnType {
    let (Some(digits), Ok(spelt)) = (size.precision, dialect.type_name(&column_type)) else { return column_type };
    match dialect.name() {
        "sqlite" => column_type,
        _ => {
            let lower = spelt.to_ascii_lowercase();
            let text = match lower.split_once(' ') {
                Some((word, zone)) => format!("{word}({digits}) {zone}"),
                None => format!("{lower}({digits})"),
            };
            ColumnType::Custom(text)
        }
    }
}

/// PostgreSQL's name for `Range<Integer>`.
fn range(written: &DieselType) -> Option<&'static str> {
    let multi = written.name == "Multirange";
    Some(match (written.arguments.first()?.name.as_str(), multi) {
        ("Integer" | "Int4", false) => "int4range",
        ("Integer" | "Int4", true) => "int4multirange",
        ("BigInt" | "Int8", false) => "int8range",
        ("BigInt" | "Int8", true) => "int8multirange",
        ("Numeric" | "Decimal", false) => "numrange",
        ("Numeric" | "Decimal", true) => "nummultirange",
        ("Date", false) => "daterange",
        ("Date", true) => "datemultirange",
        ("Timestamp", false) => "tsrange",
        ("Timestamp", true) => "tsmultirange",
        ("Timestamptz", false) => "tstzrange",
        ("Timestamptz", true) => "tstzmultirange",
        _ => return None,
    })
}

fn range_alias(name: &str) -> Option<&'static str> {
    Some(match name {
        "Int4range" => "int4range",
        "Int8range" => "int8range",
        "Numrange" => "numrange",
        "Daterange" => "daterange",
        "Tsrange" => "tsrange",
        "Tstzrange" => "tstzrange",
        "Int4multirange" => "int4multirange",
        "Int8multirange" => "int8multirange",
        "Nummultirange" => "nummultirange",
        "Datemultirange" => "datemultirange",
        "Tsmultirange" => "tsmultirange",
        "Tstzmultirange" => "tstzmultirange",
        _ => return None,
    })
}
