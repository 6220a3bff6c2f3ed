//! What Diesel's SQL types are without a database: for what is checked where they are written.

use super::types::DieselType;

/// A kind of value, for what can be checked without knowing the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A whole number between the two.
    Whole(i64, i64),
    Exact,
    Float,
    Bool,
    Text,
    Bytes,
    /// Dates, times, addresses, documents: written as a text.
    AsText,
    Other,
}

impl DieselType {
    /// The type inside of all others.
    pub(super) fn innermost(&self) -> &Self {
        self.arguments.first().map_or(self, Self::innermost)
    }

    pub(super) fn kind(&self) -> Kind {
        let (bare, _) = self.bare();
        match (bare.name.as_str(), bare.arguments.first()) {
            ("Unsigned", Some(inner)) => match inner.kind() {
                Kind::Whole(_, most) => Kind::Whole(0, most.saturating_mul(2).saturating_add(1)),
                other => other,
            },
            ("TinyInt" | "Tinyint", _) => Kind::Whole(-128, 127),
            ("SmallInt" | "Smallint" | "Int2" | "SmallSerial", _) => Kind::Whole(i16::MIN.into(), i16::MAX.into()),
            ("Integer" | "Int4" | "Serial", _) => Kind::Whole(i32::MIN.into(), i32::MAX.into()),
            ("BigInt" | "Bigint" | "Int8" | "BigSerial", _) => Kind::Whole(i64::MIN, i64::MAX),
            ("Numeric" | "Decimal", _) => Kind::Exact,
            ("Float" | "Float4" | "Double" | "Float8", _) => Kind::Float,
            ("Bool", _) => Kind::Bool,
            (
                "Text" | "Varchar" | "VarChar" | "Bpchar" | "Char" | "Citext" | "Tinytext" | "Mediumtext" | "Longtext",
                _,
            ) => Kind::Text,
            ("Binary" | "Bytea" | "Blob" | "Varbinary" | "Tinyblob" | "Mediumblob" | "Longblob" | "Bit", _) => {
                Kind::Bytes
            }
            (
                "Date" | "Time" | "Timestamp" | "Datetime" | "Timestamptz" | "TimestamptzSqlite" | "Interval" | "Uuid"
                | "Json" | "Jsonb" | "Inet" | "Cidr" | "MacAddr" | "Macaddr" | "MacAddr8" | "Macaddr8",
                _,
            ) => Kind::AsText,
            _ => Kind::Other,
        }
    }
}

/// The names that [`column_type`](super::types::column_type) knows, for who has mistyped one.
pub(super) const NAMES: [&str; 40] = [
    "TinyInt",
    "SmallInt",
    "Integer",
    "BigInt",
    "Unsigned",
    "Float",
    "Double",
    "Numeric",
    "Bool",
    "Text",
    "Varchar",
    "Char",
    "Citext",
    "Tinytext",
    "Mediumtext",
    "Longtext",
    "Binary",
    "Varbinary",
    "Tinyblob",
    "Mediumblob",
    "Longblob",
    "Date",
    "Time",
    "Timestamp",
    "Datetime",
    "Timestamptz",
    "TimestamptzSqlite",
    "Uuid",
    "Json",
    "Jsonb",
    "Array",
    "Nullable",
    "Interval",
    "Money",
    "Oid",
    "PgLsn",
    "Inet",
    "Cidr",
    "MacAddr",
    "Range",
];

/// Whether the database numbers the rows of a column of this type by itself.
pub(super) fn is_serial(written: &DieselType) -> bool {
    matches!(written.bare().0.name.as_str(), "Serial" | "SmallSerial" | "BigSerial")
}
