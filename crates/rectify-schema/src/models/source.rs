//! A file of Rust, read for the models in it: Diesel's `schema.rs`, or what [`print`](super::print) writes.

use std::collections::BTreeSet;

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Ident, Item as RustItem, ItemMacro, Lit, Path, Token, parenthesized};

use super::complete::{Completion, UNSAID};
use super::declaration::TableDeclaration;
use super::enums::{EnumDeclaration, check_enum};
use super::foresight::{NamedColumn, NamedColumns};
use super::lower::{Found, Lowering, Placed, lower};
use super::model::{ColumnModel, TableModel};
use super::types::column_type;
use super::{Place, Problem, code};
use crate::dialect::Dialect;
use crate::name::TableName;
use crate::naming::NamingConvention;
use crate::schema::{EnumType, Schema};

/// What a file of Rust declares.
#[derive(Debug, Default)]
pub struct Source {
    file: String,
    tables: Vec<Macro>,
    /// The enums by their names in Rust.
    enums: Vec<(String, EnumType)>,
    joins: Vec<Join>,
    own_types: Vec<OwnType>,
    /// What it holds besides, which only the compiler can read.
    pub not_read: Vec<String>,
}

/// A `joinable!` of the file.
#[derive(Debug)]
pub(super) struct Join {
    pub(super) child: String,
    pub(super) parent: String,
    pub(super) column: String,
}

/// A type of the file that stands for one of the database; MySQL's have no name.
#[derive(Debug)]
pub(super) struct OwnType {
    pub(super) rust_name: String,
    pub(super) name: Option<TableName>,
}

/// A `table!` of the file.
#[derive(Debug)]
struct Macro {
    module: String,
    line: u32,
    plain: bool,
    /// Its tables, as far as they could be read.
    tables: Vec<TableModel>,
    /// What is wrong with them.
    problems: Vec<Problem>,
}

/// Reads the models in a file of Rust: every `table!` and `tables!`, Diesel's too, and the enums under
/// `#[derive(SqlEnum)]`, in the modules of the file as well.
///
/// # Errors
///
/// The place where the text is not Rust, and the mistakes of its enums.
///
/// # Examples
///
/// ```
/// use rectify_schema::dialect::POSTGRES;
/// use rectify_schema::{models, NamingConvention};
///
/// let text = "diesel::table! { users (id) { id -> Int8, name -> Nullable<Varchar>, } }";
/// let schema = models::read("src/schema.rs", text).and_then(|source| source.schema(POSTGRES, &NamingConvention::new()));
/// assert_eq!(schema.unwrap().tables[0].columns[1].name, "name");
/// ```
pub fn read(file: &str, text: &str) -> Result<Source, Vec<Problem>> {
    let mut source = Source { file: file.to_owned(), ..Source::default() };
    let parsed = syn::parse_file(text).map_err(|error| problems(file, &error))?;
    source.items(&parsed.items, "crate")?;
    Ok(source)
}

impl Source {
    /// The schema that the file means on a database.
    ///
    /// # Errors
    ///
    /// As [`schema`](super::schema()).
    pub fn schema(&self, dialect: &dyn Dialect, naming: &NamingConvention) -> Result<Schema, Vec<Problem>> {
        let (schema, problems) = lower(self.found(), dialect, naming);
        if problems.is_empty() { Ok(schema) } else { Err(problems) }
    }

    /// The schema that the file means where the database that it speaks of says the rest: for a plain `schema.rs`, which is
    /// silent on much. What it cannot express is left as the database has it, and given back in words, to be said once.
    ///
    /// A column whose type `diesel print-schema` would print as it stands keeps the database's type. Tables of Rectify's own
    /// macro, which say all, may stand beside plain ones.
    ///
    /// # Errors
    ///
    /// A new column of a type that means nothing on the database.
    ///
    /// # Examples
    ///
    /// ```
    /// use rectify_schema::{Schema, build::*, dialect::SQLITE, models};
    ///
    /// let users = table("users").column(column("id", integer()).primary_key()).column(column("name", text()).server_default("-"));
    /// let database = Schema { tables: vec![users], ..Schema::default() };
    /// let text = "diesel::table! { users (id) { id -> Integer, name -> Text, age -> Nullable<Integer>, } }";
    /// let source = models::read("src/schema.rs", text).unwrap();
    /// let (schema, unsaid) = source.completed(&database, SQLITE).unwrap();
    /// let name = &schema.tables[0].columns[1];
    /// assert!(!name.nullable && name.default.is_some() && schema.tables[0].columns.len() == 3);
    /// assert!(unsaid.starts_with("defaults, identity, indexes"));
    /// ```
    pub fn completed(&self, database: &Schema, dialect: &dyn Dialect) -> Result<(Schema, &'static str), Vec<Problem>> {
        let lowering = Lowering::new(self.found(), dialect);
        let (joins, own_types) = (self.joins.as_slice(), self.own_types.as_slice());
        let (schema, problems) = Completion { lowering, database, dialect, joins, own_types }.complete();
        if problems.is_empty() { Ok((schema, UNSAID)) } else { Err(problems) }
    }

    /// Whether it holds tables of Diesel's own macro, which leave much unsaid.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.tables.iter().any(|found| found.plain)
    }

    /// Whether it holds no table at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.iter().all(|found| found.tables.is_empty())
    }

    /// The schemas that its tables name.
    #[must_use]
    pub fn schemas(&self) -> Vec<String> {
        let names = self.tables.iter().flat_map(|found| &found.tables).map(|model| &model.table.name);
        names.filter_map(|name| name.schema.clone()).collect::<BTreeSet<String>>().into_iter().collect()
    }

    /// The tables of the file by their names, with the types of a database as far as these are known.
    #[must_use]
    pub fn tables(&self, dialect: &dyn Dialect) -> Vec<NamedColumns> {
        let named = |model: &ColumnModel| NamedColumn {
            name: model.column.name.clone(),
            column_type: column_type(&model.diesel_type, model.size, dialect, true, &|_| None).ok(),
        };
        let of_macro = |found: &Macro| {
            let line = found.line;
            let named = found.tables.iter().map(move |model| NamedColumns {
                table: model.table.name.clone(),
                columns: model.columns.iter().map(named).collect(),
                line,
            });
            named.collect::<Vec<_>>()
        };
        self.tables.iter().flat_map(of_macro).collect()
    }

    /// Each `table!` of the file as the macro would register it.
    #[must_use]
    pub fn encoded(&self) -> Vec<String> {
        self.tables.iter().map(|found| code::encode(&found.tables)).collect()
    }

    fn found(&self) -> Found<'_> {
        let mut all = Found::default();
        for found in &self.tables {
            let place = Place { module: &found.module, file: &self.file, line: found.line };
            let Macro { plain, tables, problems, .. } = found;
            all.problems.extend(problems.iter().cloned());
            if problems.is_empty() {
                all.tables.extend(tables.iter().map(|table| Placed { place, plain: *plain, table: table.clone() }));
            }
        }
        all.enums.extend(self.enums.iter().cloned());
        all
    }

    fn items(&mut self, items: &[RustItem], module: &str) -> Result<(), Vec<Problem>> {
        for item in items {
            match item {
                RustItem::Mod(inner) => {
                    if let Some((_, items)) = &inner.content {
                        self.items(items, &format!("{module}::{}", inner.ident))?;
                    }
                }
                RustItem::Macro(found) => self.a_macro(found, module),
                RustItem::Struct(found) => {
                    let rust_name = found.ident.to_string();
                    self.own_types.extend(own_type(&found.attrs).map(|name| OwnType { rust_name, name }));
                }
                RustItem::Enum(found) if is_derived(&found.attrs) => {
                    let declared = check_enum(&found.clone().into()).map_err(|error| problems(&self.file, &error))?;
                    if !declared.frozen {
                        self.enums.push(enum_type(declared));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn a_macro(&mut self, found: &ItemMacro, module: &str) {
        let words: Vec<String> = found.mac.path.segments.iter().map(|word| word.ident.to_string()).collect();
        let line = line(found.mac.path.span());
        let (last, before) = words.split_last().map_or(("", &[][..]), |(last, before)| (last.as_str(), before));
        match last {
            "table" | "tables" => {
                let plain = before.first().is_none_or(|word| word == "diesel");
                let (tables, mistakes) = super::read_tables(found.mac.tokens.clone());
                let place = format!("{}:{line}", self.file);
                let problems = mistakes.into_iter().flatten().map(|error| problem(place.clone(), &error.to_string()));
                let problems = problems.collect();
                let tables = tables.iter().map(TableDeclaration::model).collect();
                self.tables.push(Macro { module: module.to_owned(), line, plain, tables, problems });
            }
            "joinable" => self.joins.extend(found.mac.parse_body_with(join).ok()),
            "declare" => self.not_read.push(format!("{}:{line}: `declare!`", self.file)),
            _ => {}
        }
    }
}

/// The enum with its name in Rust.
fn enum_type(declared: EnumDeclaration) -> (String, EnumType) {
    let name = TableName { schema: declared.schema, name: declared.name };
    let values = declared.variants.into_iter().map(|(_, value)| value);
    (declared.ident.to_string(), EnumType::new(name, values))
}

/// `child -> parent (column)`
fn join(input: ParseStream<'_>) -> syn::Result<Join> {
    let last = |path: &Path| path.segments.last().map(|word| word.ident.to_string()).unwrap_or_default();
    let child = last(&input.call(Path::parse_mod_style)?);
    input.parse::<Token![->]>()?;
    let parent = last(&input.call(Path::parse_mod_style)?);
    let content;
    parenthesized!(content in input);
    Ok(Join { child, parent, column: content.parse::<Ident>()?.unraw().to_string() })
}

/// `#[diesel(postgres_type(name = "mood", schema = "app"))]`, or MySQL's.
fn own_type(attributes: &[Attribute]) -> Option<Option<TableName>> {
    let mut found = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("diesel")) {
        let read = attribute.parse_nested_meta(|meta| {
            let postgres = meta.path.is_ident("postgres_type");
            let mut name = TableName::from("");
            meta.parse_nested_meta(|inner| {
                let value = inner.value()?.parse::<Lit>()?;
                match value {
                    Lit::Str(text) if inner.path.is_ident("name") => name.name = text.value(),
                    Lit::Str(text) if inner.path.is_ident("schema") => name.schema = Some(text.value()),
                    _ => {}
                }
                Ok(())
            })?;
            if postgres || found.is_none() {
                found = Some(postgres.then_some(name));
            }
            Ok(())
        });
        if read.is_err() {
            return None;
        }
    }
    found
}

fn is_derived(attributes: &[Attribute]) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("derive")).any(|attribute| {
        let paths = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
        paths.is_ok_and(|paths| paths.iter().any(|path| path.segments.last().is_some_and(|word| is(&word.ident))))
    })
}

fn is(ident: &Ident) -> bool {
    ident == "SqlEnum"
}

fn line(span: proc_macro2::Span) -> u32 {
    u32::try_from(span.start().line).unwrap_or(u32::MAX)
}

fn problems(file: &str, error: &syn::Error) -> Vec<Problem> {
    let at = |error: syn::Error| {
        let start = error.span().start();
        problem(format!("{file}:{}:{}", start.line, start.column + 1), &error.to_string())
    };
    error.into_iter().map(at).collect()
}

/// An error of syn, whose text has the hint on its second line.
fn problem(place: String, text: &str) -> Problem {
    let (message, hint) = text.split_once("\nhint: ").unwrap_or((text, ""));
    Problem { place, message: message.to_owned(), hint: hint.to_owned() }
}
