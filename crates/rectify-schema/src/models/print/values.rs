//! The types of Rust that hold the values of Diesel's types, as far as a crate can name them.

use std::collections::BTreeSet;

use crate::dialect::Dialect;
use crate::models::types::DieselType;

/// What a crate can name, for the types that stand outside of Diesel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crates {
    /// The names of its dependencies.
    pub dependencies: BTreeSet<String>,
    /// The features of Diesel that it asks for.
    pub diesel_features: BTreeSet<String>,
}

impl Crates {
    fn has(&self, name: &str, feature: &str) -> bool {
        let asks = |feature: &str| self.diesel_features.contains(feature);
        self.dependencies.contains(name) && (asks(feature) || asks("extras"))
    }
}

/// A type of Rust as it stands in a struct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowType {
    pub(super) text: String,
    /// What has to be imported for it, by module.
    pub(super) uses: Vec<(String, &'static str)>,
}

impl RowType {
    fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), uses: Vec::new() }
    }

    fn of(module: &str, name: &'static str) -> Self {
        Self { text: name.to_owned(), uses: vec![(module.to_owned(), name)] }
    }

    fn wrapped(mut self, around: impl FnOnce(&str) -> String) -> Self {
        self.text = around(&self.text);
        self
    }
}

/// What the rows of a frozen table can hold.
pub(super) struct Values<'a> {
    pub(super) dialect: &'a dyn Dialect,
    pub(super) any_connection: bool,
    pub(super) crates: &'a Crates,
    /// The names of the enums that stand beside the tables.
    pub(super) enums: BTreeSet<&'a str>,
}

/// The type that holds a value, or why there is none.
pub(super) fn row_type(written: &DieselType, values: &Values<'_>) -> Result<RowType, String> {
    let Values { dialect, any_connection, crates, enums } = values;
    let any_connection = *any_connection;
    let name = written.name.as_str();
    if enums.contains(name) {
        return Ok(RowType::plain(name));
    }
    if any_connection && !(is_everywhere(name) || name == "Numeric") {
        return Err(format!(
            "`AnyConnection` has no `{written}`; a chain on the connection of one database can have it"
        ));
    }
    let needs = |krate: &str, item: &'static str, feature: &str| match crates.has(krate, feature) {
        true => Ok(RowType::of(krate, item)),
        false => {
            Err(format!("`{krate}::{item}` needs `{krate}` among the dependencies, and Diesel's feature `{feature}`"))
        }
    };
    let chrono = |item| {
        // Rectify has Diesel's feature on, and hands the crate on to who does not depend on it.
        let own = crates.dependencies.contains("chrono");
        RowType::of(if own { "chrono" } else { "rectify::chrono" }, item)
    };
    let inner = |place: usize| match written.arguments.get(place) {
        Some(inner) => row_type(inner, values),
        None => Err(format!("`{written}` lacks an argument")),
    };
    Ok(match name {
        "TinyInt" => RowType::plain("i8"),
        "SmallInt" => RowType::plain("i16"),
        "Integer" => RowType::plain("i32"),
        "BigInt" => RowType::plain("i64"),
        "Unsigned" => RowType::plain(match inner(0)?.text.as_str() {
            "i8" => "u8",
            "i16" => "u16",
            "i32" => "u32",
            "i64" => "u64",
            _ => return Err(format!("Diesel reads no `{written}`")),
        }),
        "Float" => RowType::plain("f32"),
        "Double" => RowType::plain("f64"),
        "Bool" => RowType::plain("bool"),
        "Text" | "Varchar" | "Char" | "Citext" | "Tinytext" | "Mediumtext" | "Longtext" => RowType::plain("String"),
        "Binary" | "Varbinary" | "Bit" | "Tinyblob" | "Mediumblob" | "Longblob" => RowType::plain("Vec<u8>"),
        "Date" => chrono("NaiveDate"),
        "Time" => chrono("NaiveTime"),
        "Timestamp" | "Datetime" => chrono("NaiveDateTime"),
        "Timestamptz" | "TimestamptzSqlite" => {
            let mut found = chrono("DateTime").wrapped(|name| format!("{name}<Utc>"));
            found.uses.extend(chrono("Utc").uses);
            found
        }
        "Numeric" => match needs("bigdecimal", "BigDecimal", "numeric") {
            Err(_) if dialect.name() == "postgres" && !any_connection => RowType::of("diesel::data_types", "PgNumeric"),
            found => found?,
        },
        "Uuid" => needs("uuid", "Uuid", "uuid")?,
        "Json" | "Jsonb" => needs("serde_json", "Value", "serde_json")?,
        "Inet" | "Cidr" => needs("ipnetwork", "IpNetwork", "network-address")?,
        "MacAddr" => RowType::plain("[u8; 6]"),
        "MacAddr8" => RowType::plain("[u8; 8]"),
        "Money" => RowType::of("diesel::data_types", "PgMoney"),
        "Interval" => RowType::of("diesel::data_types", "PgInterval"),
        "PgLsn" => RowType::of("diesel::data_types", "PgLsn"),
        "Oid" => RowType::plain("u32"),
        "CChar" => RowType::plain("u8"),
        "Nullable" => inner(0)?.wrapped(|inner| format!("Option<{inner}>")),
        "Array" => inner(0)?.wrapped(|inner| format!("Vec<{inner}>")),
        other => return range(other, |bound| row_type(&bound, values)),
    })
}

/// The types that `AnyConnection` has on each database.
fn is_everywhere(name: &str) -> bool {
    matches!(
        name,
        "SmallInt"
            | "Integer"
            | "BigInt"
            | "Float"
            | "Double"
            | "Bool"
            | "Text"
            | "Varchar"
            | "Char"
            | "Tinytext"
            | "Mediumtext"
            | "Longtext"
            | "Binary"
            | "Varbinary"
            | "Bit"
            | "Tinyblob"
            | "Mediumblob"
            | "Longblob"
            | "Date"
            | "Time"
            | "Timestamp"
    )
}

fn range(name: &str, of: impl FnOnce(DieselType) -> Result<RowType, String>) -> Result<RowType, String> {
    if name.ends_with("multirange") {
        // Diesel 2.3 asks of the whole list that it be one of the ends.
        return Err(format!("Diesel cannot write a `{name}`"));
    }
    let bound = match name {
        "Int4range" => "Integer",
        "Int8range" => "BigInt",
        "Numrange" => "Numeric",
        "Daterange" => "Date",
        "Tsrange" => "Timestamp",
        "Tstzrange" => "Timestamptz",
        _ => return Err(format!("no type of Rust is known for Diesel's `{name}`")),
    };
    let mut found = of(DieselType { name: bound.to_owned(), arguments: Vec::new() })?;
    found.uses.push(("std::ops".to_owned(), "Bound"));
    Ok(found.wrapped(|bound| format!("(Bound<{bound}>, Bound<{bound}>)")))
}

impl DieselType {
    /// The type of the same values that `AnyConnection` has on each database, if it has one.
    ///
    /// A time with a zone is one without, in UTC: that is the zone of the sessions that Diesel opens.
    pub(super) fn portable(mut self) -> Self {
        self.name = match self.name.as_str() {
            "TinyInt" => "SmallInt".to_owned(),
            "Citext" => "Text".to_owned(),
            "Datetime" | "Timestamptz" | "TimestamptzSqlite" => "Timestamp".to_owned(),
            _ => self.name,
        };
        self
    }
}
