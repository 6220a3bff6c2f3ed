//! A schema as the source of models: `rectify::tables!`, or plain `diesel::table!`.

mod frozen;
mod names;
mod rows;
mod table;
mod types;
mod values;

pub use frozen::{FreezeError, Freezing, Frozen, Wide, frozen};
pub use values::Crates;

use std::collections::HashMap;

use self::names::{Names, is_name, means};
use super::Declared;
use super::style::Style;
use crate::dialect::Dialect;
use crate::emit;
use crate::name::TableName;
use crate::schema::{ColumnType, EnumType, Schema, Table};

/// The source of models, and what it has no words for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct Printed {
    /// The source of a module.
    pub text: String,
    /// What had to be left out, in words.
    pub left_out: Vec<String>,
}

/// Writes a schema that was read from a database as models.
///
/// Where `plain` is set they are `diesel::table!`s, which say less: what they leave out is told once. Otherwise they are
/// `rectify::tables!`, and what cannot be a table of Diesel, or is none, is declared beside it: reading the models
/// again gives the schema.
///
/// # Examples
///
/// ```
/// use rectify_schema::{Schema, build::*, dialect::SQLITE, models};
///
/// let users = table("users")
///     .column(column("id", bigint()).primary_key().identity())
///     .column(column("email", varchar(255)).not_null())
///     .unique(unique("uq_users_email").on(["email"]));
/// let schema = Schema { tables: vec![users], ..Schema::default() };
/// let wanted = r#"rectify::tables! {
///     users (id) {
///         #[identity]
///         id -> BigInt,
///         #[max_length = 255]
///         #[unique(name = "uq_users_email")]
///         email -> Varchar,
///     }
/// }
/// "#;
/// assert_eq!(models::print(&schema, SQLITE, false).text, wanted);
/// ```
pub fn print(schema: &Schema, dialect: &dyn Dialect, plain: bool) -> Printed {
    let schema = schema.clone().sorted();
    Printer::new(&schema, dialect, plain).write()
}

/// What the names of Rust stand for, once they are chosen.
pub(super) struct Printer<'a> {
    schema: &'a Schema,
    dialect: &'a dyn Dialect,
    plain: bool,
    enums: Vec<KnownEnum>,
    /// Types of the database that have one of their own in Rust.
    customs: Vec<(ColumnType, String)>,
    tables: Vec<NamedTable<'a>>,
    /// The places of the tables that Diesel can have.
    fitting: HashMap<&'a TableName, usize>,
}

struct KnownEnum {
    rust_name: String,
    column_type: ColumnType,
    /// It is the values of a column and no type (MySQL): its name is made up.
    nameless: bool,
}

impl KnownEnum {
    fn is(&self, column_type: &ColumnType) -> bool {
        match (&self.column_type, column_type) {
            (ColumnType::Enum(known), ColumnType::Enum(other)) if self.nameless => known.values == other.values,
            (ColumnType::Enum(known), ColumnType::Enum(other)) => known.name == other.name,
            _ => false,
        }
    }
}

impl KnownEnum {
    /// The enum of Rust. One that is frozen is none of the models.
    fn written(&self, frozen: bool) -> String {
        let ColumnType::Enum(found) = &self.column_type else { return String::new() };
        let mut said = Vec::new();
        if frozen {
            said.push("frozen".to_owned());
        }
        if Style::Snake.write(&self.rust_name) != found.name.name {
            said.push(format!("name = {:?}", found.name.name));
        }
        if let Some(schema) = &found.name.schema {
            said.push(format!("schema = {schema:?}"));
        }
        let mut text = "#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, rectify::SqlEnum)]\n".to_owned();
        if !said.is_empty() {
            text.extend([format!("#[sql_enum({})]\n", said.join(", "))]);
        }
        text.extend([format!("pub enum {} {{\n", self.rust_name)]);
        let mut names = Names::default();
        for value in &found.values {
            let variant = names.of_type(value);
            if Style::Snake.write(&variant) != *value {
                text.extend([format!("    #[sql_name = {value:?}]\n")]);
            }
            text.extend([format!("    {variant},\n")]);
        }
        text + "}\n"
    }
}

/// A table with its names in Rust; without any, Diesel cannot have it.
pub(super) struct NamedTable<'a> {
    table: &'a Table,
    name: String,
    columns: Vec<String>,
    fits: bool,
}

impl<'a> Printer<'a> {
    /// Chooses the names.
    pub(super) fn new(schema: &'a Schema, dialect: &'a dyn Dialect, plain: bool) -> Self {
        let (enums, customs, tables) = (Vec::new(), Vec::new(), Vec::new());
        let mut printer = Self { schema, dialect, plain, enums, customs, tables, fitting: HashMap::new() };
        printer.name_types();
        printer.name_tables();
        printer
    }

    fn is_postgres(&self) -> bool {
        self.dialect.name() == "postgres"
    }

    fn is_sqlite(&self) -> bool {
        self.dialect.name() == "sqlite"
    }

    fn is_mysql(&self) -> bool {
        !self.is_postgres() && !self.is_sqlite()
    }

    fn name_types(&mut self) {
        let mut names = Names::default();
        let enums: Vec<EnumType> = self.schema.enums.clone();
        let mut nameless: Vec<EnumType> = Vec::new();
        let mut customs: Vec<ColumnType> = Vec::new();
        for table in &self.schema.tables {
            for column in &table.columns {
                let mut of = &column.column_type;
                while let ColumnType::Array(inner) = of {
                    of = inner;
                }
                match of {
                    // MySQL's have no name of their own: equal values are one enum.
                    ColumnType::Enum(found)
                        if found.name.name.is_empty() && nameless.iter().all(|other| other.values != found.values) =>
                    {
                        let name = format!("{}_{}", table.name.name, column.name);
                        nameless.push(EnumType::new(name, found.values.iter().cloned()));
                    }
                    other if self.is_postgres() && types::is_custom(other) && !customs.contains(other) => {
                        let known = |found: &EnumType| enums.iter().any(|other| other.name == found.name);
                        if !matches!(other, ColumnType::Enum(found) if known(found)) {
                            customs.push(other.clone());
                        }
                    }
                    _ => {}
                }
            }
        }
        let named = enums.into_iter().map(|found| (found, false));
        for (found, nameless) in named.chain(nameless.into_iter().map(|found| (found, true))) {
            if !found.values.is_empty() {
                let rust_name = names.of_type(&found.name.name);
                self.enums.push(KnownEnum { rust_name, column_type: ColumnType::Enum(found), nameless });
            }
        }
        for custom in customs {
            let words = match &custom {
                ColumnType::Custom(text) => text.clone(),
                ColumnType::Enum(found) => found.name.name.clone(),
                other => other.to_string(),
            };
            let rust_name = names.of_type(&words);
            self.customs.push((custom, rust_name));
        }
    }

    fn name_tables(&mut self) {
        let mut names = Names::default();
        names.keep("sql_types");
        let mut uses: HashMap<&str, usize> = HashMap::new();
        self.schema.tables.iter().for_each(|table| *uses.entry(&table.name.name).or_default() += 1);
        for table in &self.schema.tables {
            let twice = uses[table.name.name.as_str()] > 1;
            let name = match &table.name.schema {
                Some(schema) if twice => names.variable(&format!("{schema}_{}", table.name.name)),
                _ => names.variable(&table.name.name),
            };
            let mut in_table = Names::default();
            in_table.keep(&name);
            let columns = table.columns.iter().map(|column| in_table.variable(&column.name)).collect();
            let schema_is_word = table.name.schema.as_deref().is_none_or(is_name);
            let has_key = table.primary_key.as_ref().is_some_and(|key| !key.columns.is_empty());
            let fits = schema_is_word && has_key && (1..=128).contains(&table.columns.len());
            if fits {
                self.fitting.insert(&table.name, self.tables.len());
            }
            self.tables.push(NamedTable { table, name, columns, fits });
        }
    }

    /// The table, if Diesel can have it.
    pub(super) fn find(&self, name: &TableName) -> Option<&NamedTable<'a>> {
        self.fitting.get(name).map(|at| &self.tables[*at])
    }

    /// Whether Diesel can have the table.
    pub(super) fn fits(&self, name: &TableName) -> bool {
        self.fitting.contains_key(name)
    }

    fn write(&self) -> Printed {
        let mut printed = Printed::default();
        let declarations = if self.plain { String::new() } else { self.declarations() };
        if !declarations.is_empty() {
            printed.text += "use rectify::schema::build::*;\n\n";
        }
        let most = self.tables.iter().filter(|named| named.fits).map(|named| named.columns.len()).max().unwrap_or(0);
        if most > 32 {
            let feature = if most > 64 { 128 } else { 64 };
            printed.text.extend([format!(
                "// A table has {most} columns: Diesel's feature `{feature}-column-tables` is needed.\n\n"
            )]);
        }
        if self.plain {
            printed.text += &self.plain_types();
            self.plain_tables(&mut printed);
            self.tell_what_is_left_out(&mut printed);
        } else {
            printed.text += &self.enums_of_rust();
            printed.text += &self.plain_types();
            let tables: Vec<String> =
                self.tables.iter().filter(|named| named.fits).map(|named| self.table(named)).collect();
            if !tables.is_empty() {
                let body = tables.join("\n");
                printed.text.extend([format!("rectify::tables! {{\n{body}}}\n")]);
            }
            if !declarations.is_empty() {
                printed.text += if tables.is_empty() { "" } else { "\n" };
                printed.text += &declarations;
            }
        }
        printed
    }

    fn enums_of_rust(&self) -> String {
        self.enums.iter().map(|known| known.written(false) + "\n").collect()
    }

    /// The module with the types that Diesel has no name for.
    fn plain_types(&self) -> String {
        let enums = self.enums.iter().filter(|_| self.plain).map(|known| (&known.column_type, &known.rust_name));
        let customs = self.customs.iter().map(|(column_type, name)| (column_type, name));
        let all: Vec<_> = enums.chain(customs).collect();
        if all.is_empty() {
            return String::new();
        }
        let mut text = "pub mod sql_types {\n".to_owned();
        for (place, (column_type, name)) in all.into_iter().enumerate() {
            text += if place == 0 { "" } else { "\n" };
            text += "    #[derive(Debug, diesel::query_builder::QueryId, diesel::sql_types::SqlType)]\n";
            text.extend([format!("    {}\n    pub struct {name};\n", self.backend_type(column_type))]);
        }
        text + "}\n\n"
    }

    fn backend_type(&self, column_type: &ColumnType) -> String {
        if self.is_mysql() {
            return "#[diesel(mysql_type(name = \"Enum\"))]".to_owned();
        }
        let name = match column_type {
            ColumnType::Enum(found) => found.name.clone(),
            ColumnType::TimeTz => "timetz".into(),
            ColumnType::Custom(text) => bare_type(text),
            other => other.to_string().into(),
        };
        let schema = name.schema.map(|schema| format!(", schema = {schema:?}")).unwrap_or_default();
        format!("#[diesel(postgres_type(name = {:?}{schema}))]", name.name)
    }

    /// What no table of Diesel can say, in the words of a migration.
    fn declarations(&self) -> String {
        let schema = self.schema;
        let named = schema.tables.iter().map(|table| &table.name).chain(schema.enums.iter().map(|found| &found.name));
        let named: Vec<&str> = named.filter_map(|name| name.schema.as_deref()).collect();
        let alone = schema.schemas.iter().filter(|name| !named.contains(&name.as_str()));
        let mut lines: Vec<String> = alone.map(|name| emit::declaration(&Declared::Schema(name.clone()))).collect();
        lines.extend(schema.extensions.iter().map(|extension| emit::declaration(&extension.clone().into())));
        lines.extend(schema.sequences.iter().map(|sequence| emit::declaration(&sequence.clone().into())));
        let tables = self.tables.iter().filter(|named| !named.fits);
        lines.extend(tables.map(|named| emit::declaration(&named.table.clone().into())));
        lines.extend(schema.objects.iter().map(|object| emit::declaration(&object.clone().into())));
        lines.concat()
    }

    fn plain_tables(&self, printed: &mut Printed) {
        let fitting = || self.tables.iter().filter(|named| named.fits);
        let tables: Vec<String> = fitting().map(|named| self.plain_table(named)).collect();
        printed.text += &tables.join("\n");
        let joins: String = fitting().flat_map(|named| self.joinables(named)).collect();
        printed.text += if joins.is_empty() { "" } else { "\n" };
        printed.text += &joins;
        let together: Vec<&str> = fitting().map(|named| named.name.as_str()).collect();
        if together.len() > 1 {
            printed
                .text
                .extend([format!("\ndiesel::allow_tables_to_appear_in_same_query!({});\n", together.join(", "))]);
        }
    }

    fn tell_what_is_left_out(&self, printed: &mut Printed) {
        for named in self.tables.iter().filter(|named| !named.fits) {
            printed
                .left_out
                .push(format!("table `{}`, which has no primary key or too many columns for Diesel", named.table.name));
        }
        let count = |number: usize, what: &str| (number > 0).then(|| format!("{number} {what}"));
        let tables = || self.schema.tables.iter();
        printed.left_out.extend(
            [
                count(tables().map(|table| table.indexes.len()).sum(), "indexes"),
                count(tables().map(|table| table.uniques.len()).sum(), "unique constraints"),
                count(tables().map(|table| table.checks.len()).sum(), "checks"),
                count(
                    tables().flat_map(|table| &table.columns).filter(|column| column.default.is_some()).count(),
                    "defaults",
                ),
                count(self.schema.objects.len(), "views, functions and triggers"),
                count(self.schema.sequences.len(), "sequences"),
            ]
            .into_iter()
            .flatten(),
        );
    }
}

/// `app.email`, `"Odd name"`: the name of a type as PostgreSQL prints it.
fn bare_type(text: &str) -> TableName {
    let bare = text.split('(').next().unwrap_or(text);
    let unquoted = |word: &str| word.trim_matches('"').replace("\"\"", "\"");
    match bare.split_once('.') {
        Some((schema, name)) => TableName { schema: Some(unquoted(schema)), name: unquoted(name) },
        None => unquoted(bare).into(),
    }
}

/// The attribute that says a name, where Rust's own does not.
fn sql_name(name: &str, sql_name: &str) -> Option<String> {
    (!means(name, sql_name)).then(|| format!("#[sql_name = {sql_name:?}]"))
}
