//! Tables as they are at one revision: the module `frozen` of a data migration, with structs for their rows.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Names;
use super::values::{Crates, RowType, Values, row_type};
use super::{KnownEnum, NamedTable, Printer, sql_name};
use crate::dialect::Dialect;
use crate::emit::{self, Layout};
use crate::models::types::DieselType;
use crate::name::TableName;
use crate::schema::{Column, ColumnType, Schema};

/// What [`frozen`] is told beside the tables.
#[derive(Debug, Clone)]
pub struct Freezing<'a> {
    /// Whose tables they are, in words: ``revision `a1` ``.
    pub at: &'a str,
    /// The columns that the migration adds, which the tables hold too.
    pub added: &'a [(TableName, String)],
    /// The chain's connection picks its database from the URL, and knows the types that all databases have.
    pub any_connection: bool,
    /// What the migrations crate depends on.
    pub crates: &'a Crates,
    /// How the file is laid out.
    pub layout: Layout,
}

/// The module of a data migration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct Frozen {
    /// Its text, and the line that imports it.
    pub text: String,
    /// The columns that are comments in it, each with the reason.
    pub left_out: Vec<String>,
    /// What the tables are called in Rust, in the order of the text.
    pub modules: Vec<String>,
    /// What the rows of each table are called, where they can be read.
    pub rows: Vec<Option<String>>,
    /// The table with the most columns, where Diesel has none of so many without a feature.
    pub wide: Option<Wide>,
}

/// A table that Diesel has with a feature only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wide {
    /// The table.
    pub table: TableName,
    /// How many columns it has.
    pub columns: usize,
    /// The feature.
    pub feature: &'static str,
}

/// Why a table cannot be one of Diesel's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FreezeError {
    /// It has no primary key.
    #[error("table `{0}` has no primary key, which `diesel::table!` needs")]
    NoPrimaryKey(TableName),
    /// A column of its primary key has a type that Diesel has no counterpart for.
    #[error("column `{column}` is in the primary key of table `{table}`, and {reason}")]
    KeyOfOwnType {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
        /// Why it cannot be one of Diesel's.
        reason: String,
    },
    /// It has too many columns, or stands in a schema whose name is no name of Rust.
    #[error("table `{0}` has more than 128 columns, or a schema whose name cannot be one of Rust's")]
    Unfit(TableName),
}

/// Writes tables as the module `frozen` of a migration: `diesel::table!` of each, a struct to read and change its rows and one
/// to insert them.
///
/// What has no type in Diesel, or no type in Rust that the crate can name, stays as a comment.
///
/// # Errors
///
/// [`FreezeError`] for a table that `diesel::table!` cannot express.
///
/// # Examples
///
/// ```
/// use rectify_schema::{Schema, build::*, dialect::POSTGRES, emit::Layout, models};
///
/// let users = table("users").column(column("id", bigint()).primary_key()).column(column("email", text()));
/// let schema = Schema { tables: vec![users], ..Schema::default() };
/// let crates = models::Crates::default();
/// let freezing = models::Freezing {
///     at: "revision `a1`", added: &[], any_connection: true, crates: &crates, layout: Layout::default(),
/// };
/// let frozen = models::frozen(&schema, POSTGRES, &freezing)?;
/// assert!(frozen.text.contains("email -> Nullable<Text>,"));
/// assert!(frozen.text.contains("pub email: Option<String>,"));
/// # Ok::<_, models::FreezeError>(())
/// ```
pub fn frozen(schema: &Schema, dialect: &dyn Dialect, freezing: &Freezing<'_>) -> Result<Frozen, FreezeError> {
    let mut schema = schema.clone().sorted();
    if ["mysql", "mariadb"].contains(&dialect.name()) {
        forget_enum_names(&mut schema);
    }
    if dialect.name() == "sqlite" && !freezing.any_connection {
        widen_row_ids(&mut schema);
    }
    let printer = Printer::new(&schema, dialect, true);
    let mut writer = Writer { printer: &printer, freezing, uses: BTreeMap::new(), names: Names::default() };
    writer.need("diesel::prelude", "*");
    printer.enums.iter().for_each(|known| writer.names.keep(&known.rust_name));
    let mut frozen = Frozen::default();
    let (mut tables, mut structs) = (Vec::new(), Vec::new());
    for named in &printer.tables {
        let columns = writer.columns(named)?;
        let count = columns.iter().filter(|column| column.diesel.is_ok()).count();
        if let Some(feature) = feature(count).filter(|_| frozen.wide.as_ref().is_none_or(|wide| wide.columns < count)) {
            frozen.wide = Some(Wide { table: named.table.name.clone(), columns: count, feature });
        }
        frozen.left_out.extend(columns.iter().filter_map(|column| {
            let reason = column.diesel.as_ref().err().or(column.rust.as_ref().err())?;
            Some(format!("column `{}`.`{}`: {reason}", named.table.name, column.column.name))
        }));
        tables.push(writer.table(named, &columns));
        let of_table = writer.structs(named, &columns);
        frozen.modules.push(named.name.clone());
        frozen.rows.push(of_table.row);
        structs.extend(of_table.texts);
    }
    let mut parts = vec![writer.uses()];
    let used = |known: &&KnownEnum| {
        printer.tables.iter().any(|named| enums_of(&printer, named).contains(&known.rust_name.as_str()))
    };
    parts.extend(printer.enums.iter().filter(used).map(|known| known.written(true)));
    parts.extend(tables);
    parts.extend(writer.joins(&frozen.modules));
    parts.extend(structs);
    let body: String = parts.join("\n").lines().map(indented).collect();
    let at = freezing.at;
    frozen.text = format!(
        "use frozen::*;\n\n\
         /// The tables as {at} leaves them. They never change, whatever becomes of the application's own models.\n\
         #[allow(dead_code, reason = \"a migration need not use all of it\")]\n\
         mod frozen {{\n{body}}}\n"
    );
    Ok(frozen)
}

/// Each is made up for its column there, and equal values are to be one enum.
fn forget_enum_names(schema: &mut Schema) {
    for column in schema.tables.iter_mut().flat_map(|table| &mut table.columns) {
        if let ColumnType::Enum(found) = &mut column.column_type {
            found.name = TableName::from("");
        }
    }
}

/// An `INTEGER PRIMARY KEY` is the number of the row, of 64 bits, and so is what refers to it. A chain that runs on other
/// databases too has the type that they have.
fn widen_row_ids(schema: &mut Schema) {
    for table in &mut schema.tables {
        let key = table.primary_key.iter().map(|key| &key.columns);
        let mut single: Vec<Vec<String>> =
            key.chain(table.foreign_keys.iter().map(|key| &key.columns)).cloned().collect();
        single.retain(|columns| columns.len() == 1);
        let columns = table.columns.iter_mut().filter(|column| column.column_type == ColumnType::Integer);
        for column in columns.filter(|column| single.iter().any(|columns| columns[0] == column.name)) {
            column.column_type = ColumnType::BigInt;
        }
    }
}

pub(super) struct Writer<'a> {
    printer: &'a Printer<'a>,
    freezing: &'a Freezing<'a>,
    /// The names to import, by their modules.
    uses: BTreeMap<String, BTreeSet<String>>,
    pub(super) names: Names,
}

/// A column with its types, or the reasons why it has none.
pub(super) struct FrozenColumn<'a> {
    pub(super) column: &'a Column,
    pub(super) name: &'a str,
    pub(super) added: bool,
    diesel: Result<DieselType, String>,
    pub(super) rust: Result<RowType, String>,
}

impl Writer<'_> {
    fn columns<'t>(&self, named: &'t NamedTable<'_>) -> Result<Vec<FrozenColumn<'t>>, FreezeError> {
        let table = named.table;
        let keys = table.primary_key.as_ref().map(|key| key.columns.as_slice()).unwrap_or_default();
        if keys.is_empty() {
            return Err(FreezeError::NoPrimaryKey(table.name.clone()));
        }
        if !named.fits {
            return Err(FreezeError::Unfit(table.name.clone()));
        }
        let Freezing { added, any_connection, crates, .. } = *self.freezing;
        let enums = self.printer.enums.iter().map(|known| known.rust_name.as_str()).collect();
        let values = Values { dialect: self.printer.dialect, any_connection, crates, enums };
        let columns = table.columns.iter().zip(&named.columns).map(|(column, name)| {
            let diesel = self.diesel_type(column);
            let rust = diesel.as_ref().map_err(Clone::clone).and_then(|diesel| row_type(diesel, &values));
            let added = added.iter().any(|(of, name)| *of == table.name && *name == column.name);
            FrozenColumn { column, name, added, diesel, rust }
        });
        let columns: Vec<FrozenColumn<'_>> = columns.collect();
        let lost = columns.iter().find_map(|column| {
            let reason = column.diesel.as_ref().err().filter(|_| keys.contains(&column.column.name))?;
            Some((column.column.name.clone(), reason.clone()))
        });
        match lost {
            Some((column, reason)) => Err(FreezeError::KeyOfOwnType { table: table.name.clone(), column, reason }),
            None => Ok(columns),
        }
    }

    fn diesel_type(&self, column: &Column) -> Result<DieselType, String> {
        let written = self.printer.frozen_type(&column.column_type).ok_or_else(|| {
            let spelt = self.printer.dialect.type_name(&column.column_type);
            format!("Diesel has no type for `{}`", spelt.unwrap_or_else(|_| column.column_type.to_string()))
        })?;
        Ok(if self.freezing.any_connection { written.portable() } else { written })
    }

    fn table(&self, named: &NamedTable<'_>, columns: &[FrozenColumn<'_>]) -> String {
        let mut lines: Vec<String> = Vec::new();
        let enums = enums_of(self.printer, named);
        if !enums.is_empty() {
            lines.push("use diesel::sql_types::*;".to_owned());
            lines.extend(enums.iter().map(|name| format!("use super::{name};")));
            lines.push(String::new());
        }
        lines.extend(sql_name(&named.name, &named.table.name.name));
        lines.push(self.printer.opening(named).trim().to_owned());
        for FrozenColumn { column, name, added, diesel, .. } in columns {
            let mut of_column = |line: String| lines.push(format!("    {line}"));
            match diesel {
                Err(reason) => of_column(left_out(&column.name, reason)),
                Ok(diesel) => {
                    if *added {
                        of_column("// Added by this migration.".to_owned());
                    }
                    let length = self.printer.write_type(&column.column_type).size.length;
                    length.into_iter().for_each(|length| of_column(format!("#[max_length = {length}]")));
                    sql_name(name, &column.name).into_iter().for_each(&mut of_column);
                    of_column(format!("{name} -> {},", nullable(column.nullable, "Nullable", diesel)));
                }
            }
        }
        lines.push("}".to_owned());
        let body: String = lines.iter().map(|line| indented(line)).collect();
        format!("diesel::table! {{\n{body}}}\n")
    }

    /// What lets the tables appear in one query.
    fn joins(&self, modules: &[String]) -> Vec<String> {
        let joins: String = self.printer.tables.iter().flat_map(|named| self.printer.joinables(named)).collect();
        let mut parts: Vec<String> = (!joins.is_empty()).then_some(joins).into_iter().collect();
        if modules.len() > 1 {
            let call = "diesel::allow_tables_to_appear_in_same_query!";
            parts.push(emit::call(call, modules, INDENT, self.freezing.layout) + "\n");
        }
        parts
    }

    pub(super) fn need(&mut self, module: &str, item: &str) {
        self.uses.entry(module.to_owned()).or_default().insert(item.to_owned());
    }

    fn uses(&self) -> String {
        let line = |(module, items): (&String, &BTreeSet<String>)| {
            let items: Vec<&str> = items.iter().map(String::as_str).collect();
            match items.as_slice() {
                [item] => format!("use {module}::{item};\n"),
                items => format!("use {module}::{{{}}};\n", items.join(", ")),
            }
        };
        self.uses.iter().map(line).collect()
    }
}

/// The enums that the columns of a table hold.
fn enums_of<'p>(printer: &'p Printer<'_>, named: &NamedTable<'_>) -> BTreeSet<&'p str> {
    let enums = named.table.columns.iter().filter_map(|column| {
        let mut of = &column.column_type;
        while let ColumnType::Array(inner) = of {
            of = inner;
        }
        Some(printer.enum_of(of)?.rust_name.as_str())
    });
    enums.collect()
}

/// How far the module's items are indented.
const INDENT: usize = 4;

pub(super) fn indented(line: &str) -> String {
    if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }
}

pub(super) fn left_out(column: &str, reason: &str) -> String {
    format!("// `{column}` is left out: {reason}.")
}

pub(super) fn nullable(is_nullable: bool, word: &str, inner: &impl std::fmt::Display) -> String {
    if is_nullable { format!("{word}<{inner}>") } else { inner.to_string() }
}

/// Diesel has tables of 16 columns without a feature.
const fn feature(columns: usize) -> Option<&'static str> {
    match columns {
        0..=16 => None,
        17..=32 => Some("32-column-tables"),
        33..=64 => Some("64-column-tables"),
        _ => Some("128-column-tables"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::*;
    use crate::dialect::{MARIADB, POSTGRES, SQLITE};

    fn freezing(any_connection: bool, crates: &Crates) -> Freezing<'_> {
        Freezing { at: "revision `a1`", added: &[], any_connection, crates, layout: Layout::default() }
    }

    fn of(table: crate::schema::Table) -> Schema {
        Schema { tables: vec![table], ..Schema::default() }
    }

    #[test]
    fn rows_can_be_written_as_far_as_the_database_lets_them() {
        let members = table("members")
            .column(column("team_id", integer()).not_null())
            .column(column("user id", uuid()).not_null())
            .column(column("number", bigint()).identity_with(identity().always()))
            .column(column("price", numeric(9, 2)).not_null())
            .column(column("doubled", integer()).generated("team_id * 2"))
            .column(column("search", custom("tsvector")).not_null())
            .column(column("joined", timestamptz()).not_null().server_default(sql("now()")))
            .primary_key(primary_key(None).on(["team_id", "user id"]));
        let crates = Crates {
            dependencies: ["uuid", "chrono"].map(str::to_owned).into(),
            diesel_features: ["uuid".to_owned()].into(),
        };
        let frozen = frozen(&of(members), POSTGRES, &freezing(false, &crates)).unwrap();
        let wanted = r#"use frozen::*;

/// The tables as revision `a1` leaves them. They never change, whatever becomes of the application's own models.
#[allow(dead_code, reason = "a migration need not use all of it")]
mod frozen {
    use chrono::{DateTime, Utc};
    use diesel::data_types::PgNumeric;
    use diesel::prelude::*;
    use uuid::Uuid;

    diesel::table! {
        members (team_id, user_id) {
            team_id -> Integer,
            #[sql_name = "user id"]
            user_id -> Uuid,
            number -> BigInt,
            price -> Numeric,
            doubled -> Nullable<Integer>,
            // `search` is left out: Diesel has no type for `tsvector`.
            joined -> Timestamptz,
        }
    }

    /// A row of `members`; `.set(&row)` writes it back.
    #[derive(Debug, Clone, PartialEq, Queryable, Selectable, AsChangeset)]
    #[diesel(table_name = members, primary_key(team_id, user_id), treat_none_as_null = true)]
    pub struct MembersRow {
        pub team_id: i32,
        pub user_id: Uuid,
        #[diesel(skip_update)]
        pub number: i64,
        pub price: PgNumeric,
        #[diesel(skip_update)]
        pub doubled: Option<i32>,
        // `search` is left out: Diesel has no type for `tsvector`.
        pub joined: DateTime<Utc>,
    }

    /// A new row of `members`; `None` leaves a column to the database.
    #[derive(Debug, Clone, PartialEq, Insertable)]
    #[diesel(table_name = members)]
    pub struct NewMembersRow {
        pub team_id: i32,
        pub user_id: Uuid,
        // `number` is the database's to give.
        pub price: PgNumeric,
        // `doubled` is the database's to give.
        // `search` is left out: Diesel has no type for `tsvector`.
        pub joined: Option<DateTime<Utc>>,
    }
}
"#;
        assert_eq!(frozen.text, wanted);
        assert_eq!(frozen.left_out, ["column `members`.`search`: Diesel has no type for `tsvector`"]);
    }

    #[test]
    fn row_ids_of_sqlite_have_64_bits() {
        let lines = table("lines")
            .column(column("id", integer()).primary_key())
            .column(column("order_id", integer()).not_null())
            .column(column("amount", integer()).not_null())
            .foreign_key(foreign_key(None).on(["order_id"]).references("orders", ["id"]));
        let crates = Crates::default();
        let text = |any_connection, dialect: &dyn Dialect| {
            frozen(&of(lines.clone()), dialect, &freezing(any_connection, &crates)).unwrap().text
        };
        let wide = text(false, SQLITE);
        for wanted in ["id -> BigInt,", "order_id -> BigInt,", "amount -> Integer,", "pub order_id: i64,"] {
            assert!(wide.contains(wanted), "{wanted} is missing in\n{wide}");
        }
        for (any_connection, dialect) in [(true, SQLITE), (false, POSTGRES as &dyn Dialect)] {
            assert!(!text(any_connection, dialect).contains("BigInt"));
        }
    }

    #[test]
    fn any_connection_has_the_types_of_all_databases() {
        let readings = table("readings")
            .column(column("id", bigint()).primary_key())
            .column(column("at", timestamp()).not_null())
            .column(column("mood", enumeration("readings_mood", ["calm", "wild"])).not_null())
            .column(column("next", enumeration("readings_next", ["calm", "wild"])))
            .column(column("tiny", custom("tinyint")))
            .column(column("counted", custom("int unsigned")))
            .column(column("data", json()));
        let frozen = frozen(&of(readings), MARIADB, &freezing(true, &Crates::default())).unwrap();
        for line in [
            "            at -> Timestamp,\n",
            "            mood -> ReadingsMood,\n            next -> Nullable<ReadingsMood>,\n",
            "        use super::ReadingsMood;\n\n        readings (id) {\n",
            "    #[sql_enum(frozen)]\n    pub enum ReadingsMood {\n        Calm,\n        Wild,\n    }\n",
            "        pub mood: ReadingsMood,\n",
            "            tiny -> Nullable<SmallInt>,\n",
            "            counted -> Nullable<Unsigned<Integer>>,\n",
            "    use rectify::chrono::NaiveDateTime;\n",
            "        pub at: NaiveDateTime,\n",
        ] {
            assert!(frozen.text.contains(line), "{line}\n{}", frozen.text);
        }
        let reason =
            "`AnyConnection` has no `Unsigned<Integer>`; a chain on the connection of one database can have it";
        assert_eq!(frozen.left_out[0], format!("column `readings`.`counted`: {reason}"));
    }

    #[test]
    fn tables_that_diesel_cannot_have_are_refused() {
        let refused =
            |table| frozen(&of(table), POSTGRES, &freezing(false, &Crates::default())).unwrap_err().to_string();
        let lines = table("lines").column(column("line", text()));
        assert_eq!(refused(lines), "table `lines` has no primary key, which `diesel::table!` needs");
        let words = table("words").column(column("word", custom("lexeme")).primary_key());
        let reason = "column `word` is in the primary key of table `words`, and Diesel has no type for `lexeme`";
        assert_eq!(refused(words), reason);
    }

    #[test]
    fn a_table_that_is_all_key_has_rows_that_nothing_changes() {
        let pairs = table("pairs")
            .column(column("id", integer()).not_null())
            .column(column("other", integer()).not_null())
            .primary_key(primary_key(None).on(["id", "other"]));
        let frozen = frozen(&of(pairs), POSTGRES, &freezing(true, &Crates::default())).unwrap();
        assert!(!frozen.text.contains("AsChangeset"), "{}", frozen.text);
        assert!(frozen.text.contains("    /// A row of `pairs`.\n"), "{}", frozen.text);
    }
}
