//! Declarations, once the database is known: the schema that they mean.

use std::collections::HashMap;

use syn::Ident;
use syn::ext::IdentExt;

use super::declaration::{
    ByDialect, ColumnDeclaration, ExcludeDeclaration, ForeignKeyDeclaration, GivenType, IndexDeclaration, IndexPart,
    Parent, TableDeclaration,
};
use super::types::{self, Size, is_serial};
use super::{Declared, Item, Place, Problem, What};
use crate::dialect::Dialect;
use crate::name::TableName;
use crate::naming::NamingConvention;
use crate::schema::{
    Column, ColumnType, EnumType, Exclude, ExcludeElement, ForeignKey, Identity, Index, IndexColumn, IndexTarget,
    ObjectKind, PrimaryKey, Schema, SqlObject, Table, Unique, column,
};

/// A table with the place where it was declared.
pub(super) struct Placed<'a> {
    pub(super) place: Place<'a>,
    pub(super) plain: bool,
    pub(super) table: TableDeclaration,
}

/// Everything that was declared, and the database that it is meant for.
pub(super) struct Lowering<'a> {
    dialect: &'a dyn Dialect,
    pub(super) tables: Vec<Placed<'a>>,
    /// The places of the tables by their names in Rust.
    named: HashMap<String, Vec<usize>>,
    enums: Vec<(&'a str, EnumType)>,
    others: Vec<Declared>,
    pub(super) problems: Vec<Problem>,
}

/// The schema that `items` mean on a database, and what of them means nothing there.
pub(super) fn lower(items: &[Item<'_>], dialect: &dyn Dialect, naming: &NamingConvention) -> (Schema, Vec<Problem>) {
    let mut lowering = Lowering::new(items, dialect);
    let mut schema = Schema::default();
    let others = std::mem::take(&mut lowering.others);
    let mut places: HashMap<TableName, Place<'_>> = HashMap::new();
    for place in 0..lowering.tables.len() {
        let placed = &lowering.tables[place];
        let mut problems = Vec::new();
        match &placed.table.view {
            Some(_) => schema.objects.push(lowering.view(placed, &mut problems)),
            None => {
                let mut table = lowering.table(placed, &mut problems);
                if let Err(error) = naming.apply_to_table(&mut table, dialect.name_limit()) {
                    problems.push(Problem {
                        place: placed.place.to_string(),
                        message: format!("table `{}`: {error}", table.name),
                        hint: error.hint.to_owned(),
                    });
                }
                if let Some(other) = places.get(&table.name) {
                    problems.push(Problem {
                        place: placed.place.to_string(),
                        message: format!("the table `{}` is declared at {other} too", table.name),
                        hint: "a table has one model: declare the other with `diesel::table!`".to_owned(),
                    });
                }
                places.entry(table.name.clone()).or_insert(placed.place);
                schema.tables.push(table);
            }
        }
        lowering.problems.extend(problems);
    }
    if dialect.name() == "postgres" {
        for (_, found) in &lowering.enums {
            if !schema.enums.contains(found) {
                schema.enums.push(found.clone());
            }
        }
    }
    for other in others {
        add(&mut schema, other);
    }
    if dialect.name() == "postgres" {
        name_schemas(&mut schema);
    }
    (schema, lowering.problems)
}

fn add(schema: &mut Schema, declared: Declared) {
    match declared {
        Declared::Table(table) => schema.tables.push(*table),
        Declared::Enum(found) => schema.enums.push(found),
        Declared::Schema(name) => schema.schemas.push(name),
        Declared::Extension(extension) => schema.extensions.push(extension),
        Declared::Sequence(sequence) => schema.sequences.push(sequence),
        Declared::Object(object) => schema.objects.push(object),
    }
}

/// The schemas in which something is declared exist too.
fn name_schemas(schema: &mut Schema) {
    let names = schema.tables.iter().map(|table| &table.name).chain(schema.enums.iter().map(|found| &found.name));
    let names = names.chain(schema.sequences.iter().map(|sequence| &sequence.name));
    let mut named: Vec<String> = names.filter_map(|name| name.schema.clone()).filter(|name| name != "public").collect();
    named.append(&mut schema.schemas);
    named.sort();
    named.dedup();
    schema.schemas = named;
}

pub(super) fn name_of(table: &TableDeclaration) -> TableName {
    TableName { schema: table.schema.as_ref().map(|schema| schema.unraw().to_string()), name: table.database_name() }
}

impl<'a> Lowering<'a> {
    /// Reads what was declared.
    pub(super) fn new(items: &[Item<'a>], dialect: &'a dyn Dialect) -> Self {
        let (tables, enums, others, problems) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut lowering = Self { dialect, tables, named: HashMap::new(), enums, others, problems };
        for item in items {
            match item.what {
                What::Tables(text) => lowering.read(item.place, text, false),
                What::PlainTables(text) => lowering.read(item.place, text, true),
                What::Enum { rust_name, schema: of, name, values } => {
                    let name = TableName { schema: of.map(str::to_owned), name: name.to_owned() };
                    lowering.enums.push((rust_name, EnumType::new(name, values.iter().copied())));
                }
                What::Other(make) => lowering.others.push(make()),
            }
        }
        // The order of a linkme slice differs from build to build.
        lowering.tables.sort_by(|a, b| (a.place.file, a.place.line).cmp(&(b.place.file, b.place.line)));
        for (at, placed) in lowering.tables.iter().enumerate() {
            lowering.named.entry(placed.table.name.unraw().to_string()).or_default().push(at);
        }
        lowering
    }

    fn read(&mut self, place: Place<'a>, text: &str, plain: bool) {
        let parsed = syn::parse_str(text).and_then(super::parse);
        match parsed {
            Ok(tables) => self.tables.extend(tables.into_iter().map(|table| Placed { place, plain, table })),
            Err(errors) => self.problems.extend(errors.into_iter().map(|error| problem(place, &error.to_string()))),
        }
    }

    pub(super) fn table(&self, placed: &Placed<'_>, problems: &mut Vec<Problem>) -> Table {
        let declared = &placed.table;
        let name = name_of(declared);
        let mut table = crate::schema::table(name.clone());
        table.comment = declared.comment.as_ref().map(syn::LitStr::value);
        table.options = declared.options.clone();
        for column in &declared.columns {
            match self.column(column, placed.plain) {
                Ok(column) => table.columns.push(column),
                Err(no_type) => problems.push(Problem {
                    place: placed.place.to_string(),
                    message: format!("column `{}` of table `{name}`: {}", column.database_name(), no_type.message),
                    hint: no_type.hint,
                }),
            }
        }
        let keys = columns_of(declared, declared.keys().into_iter());
        if !keys.is_empty() {
            let said = declared.key.as_ref();
            table.set_primary_key(PrimaryKey {
                name: said.and_then(|key| key.name.as_ref()).map(syn::LitStr::value),
                columns: keys,
                deferrable: said.and_then(|key| key.deferrable),
                include: columns_of(declared, said.iter().flat_map(|key| &key.include)),
                on_conflict: said.and_then(|key| key.on_conflict),
            });
        }
        for unique in &declared.uniques {
            let name = unique.name.as_ref().map(syn::LitStr::value);
            table.uniques.push(Unique {
                name,
                columns: columns_of(declared, unique.columns.iter()),
                include: columns_of(declared, unique.include.iter()),
                ..unique.rest.clone()
            });
        }
        for check in &declared.checks {
            let name = check.name.as_ref().map(syn::LitStr::value);
            table.checks.push(crate::schema::Check { name, ..check.rest.clone() });
        }
        table.excludes.extend(declared.excludes.iter().map(|exclude| lower_exclude(declared, exclude)));
        table.indexes.extend(declared.indexes.iter().map(|index| lower_index(declared, &name, index)));
        for key in &declared.foreign_keys {
            match self.foreign_key(placed, key) {
                Ok(key) => table.foreign_keys.push(key),
                Err(problem) => problems.push(problem),
            }
        }
        table
    }

    pub(super) fn column(&self, declared: &ColumnDeclaration, plain: bool) -> Result<Column, types::NoType> {
        let mut lowered = column(declared.database_name(), self.column_type(declared, plain)?);
        lowered.nullable = declared.diesel_type.bare().1;
        lowered.default = declared.default.as_ref().map(|(_, default)| default.clone());
        lowered.identity = declared.identity.as_ref().map(|(_, identity)| identity.clone());
        if is_serial(&declared.diesel_type) {
            lowered.identity = Some(Identity::default());
        }
        lowered.generated = declared.generated.as_ref().map(|(_, generated)| generated.clone());
        lowered.not_null_on_conflict = declared.not_null.as_ref().map(|(_, action)| *action);
        lowered.collation = declared.collation.as_ref().map(syn::LitStr::value);
        lowered.comment = declared.comment.as_ref().map(syn::LitStr::value);
        Ok(lowered)
    }

    fn column_type(&self, declared: &ColumnDeclaration, plain: bool) -> Result<ColumnType, types::NoType> {
        match &declared.given_type {
            Some(GivenType::Built(built)) => return Ok(built.clone()),
            Some(GivenType::Sql(texts)) => {
                if let Some(text) = text_on(self.dialect, texts) {
                    return Ok(self.dialect.parse_type(&text));
                }
            }
            None => {}
        }
        let (_, precision, scale) = declared
            .precision
            .as_ref()
            .map_or((None, None, None), |(span, precision, scale)| (Some(*span), Some(*precision), *scale));
        let length = declared.max_length.as_ref().and_then(|length| length.base10_parse().ok());
        let find = |name: &str| {
            let found = self.enums.iter().find(|(rust_name, _)| *rust_name == name);
            found.map(|(_, found)| ColumnType::Enum(found.clone()))
        };
        let size = Size { length, precision, scale };
        types::column_type(&declared.diesel_type, size, self.dialect, plain, &find)
    }

    fn foreign_key(&self, placed: &Placed<'_>, key: &ForeignKeyDeclaration) -> Result<ForeignKey, Problem> {
        let (references, referenced_columns) = match &key.parent {
            Parent::Sql(table, columns) => {
                (super::attributes::split_name(&table.value()), columns.iter().map(syn::LitStr::value).collect())
            }
            Parent::Table(path, columns) => {
                let parent = self.find(placed, path)?;
                (name_of(parent), columns_of(parent, columns.iter()))
            }
        };
        let name = key.name.as_ref().map(syn::LitStr::value);
        let columns = columns_of(&placed.table, key.columns.iter());
        let on_delete_columns = columns_of(&placed.table, key.on_delete_columns.iter());
        Ok(ForeignKey { name, columns, references, referenced_columns, on_delete_columns, ..key.rest.clone() })
    }

    /// The tables of this name in Rust.
    pub(super) fn called(&self, name: &str) -> impl Iterator<Item = &Placed<'a>> {
        self.named.get(name).into_iter().flatten().map(|at| &self.tables[*at])
    }

    /// The table that a path means: in the same module, in the module that the path names, or the only one of its name.
    fn find(&self, from: &Placed<'_>, path: &syn::Path) -> Result<&TableDeclaration, Problem> {
        let words: Vec<String> = path.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect();
        let (name, modules) = words.split_last().map_or(("", &[][..]), |(name, modules)| (name.as_str(), modules));
        let candidates: Vec<&Placed<'_>> = self.called(name).collect();
        let here = |placed: &&&Placed<'_>| placed.place.module == from.place.module;
        let there = |placed: &&&Placed<'_>| {
            modules.last().is_some_and(|module| placed.place.module.rsplit("::").next() == Some(module))
        };
        let found = match modules {
            [] => candidates.iter().find(here),
            _ => candidates.iter().find(there),
        };
        match (found, candidates.as_slice()) {
            (Some(found), _) | (None, [found]) => Ok(&found.table),
            (None, []) => Err(Problem {
                place: from.place.to_string(),
                message: format!("table `{}` refers to `{name}`, for which there is no model", name_of(&from.table)),
                hint: format!(
                    "declare it with `rectify::table!`, name its crate in the program (`use … as _;`), or write the names \
                     that the database knows: `#[references(\"{name}\", \"…\")]`"
                ),
            }),
            (None, _) => Err(Problem {
                place: from.place.to_string(),
                message: format!("table `{}` refers to `{name}`, of which there are several", name_of(&from.table)),
                hint: format!("write its module before it: `#[references(module::{name}.…)]`"),
            }),
        }
    }

    pub(super) fn view(&self, placed: &Placed<'_>, problems: &mut Vec<Problem>) -> SqlObject {
        let kind = |materialized| if materialized { ObjectKind::MaterializedView } else { ObjectKind::View };
        let Some(view) = &placed.table.view else { return SqlObject::named(kind(false), name_of(&placed.table)) };
        let mut object = SqlObject::named(kind(view.materialized), name_of(&placed.table));
        object.definition = view.query.all.as_ref().map(syn::LitStr::value).unwrap_or_default();
        object.definitions = view.query.each.iter().map(|(dialect, text)| (dialect.clone(), text.value())).collect();
        for path in &view.reads {
            match self.find(placed, path) {
                Ok(table) => object.reads.push(name_of(table)),
                Err(problem) => problems.push(problem),
            }
        }
        object
    }
}

/// The text for a database, or the one for all. MariaDB falls back on MySQL's.
fn text_on(dialect: &dyn Dialect, texts: &ByDialect) -> Option<String> {
    let find = |name: &str| texts.each.iter().find(|(other, _)| other == name).map(|(_, text)| text);
    let own = find(dialect.name()).or_else(|| (dialect.name() == "mariadb").then(|| find("mysql")).flatten());
    own.or(texts.all.as_ref()).map(syn::LitStr::value)
}

pub(super) fn columns_of<'a>(table: &TableDeclaration, names: impl Iterator<Item = &'a Ident>) -> Vec<String> {
    names
        .map(|name| table.column(name).map_or_else(|| name.unraw().to_string(), ColumnDeclaration::database_name))
        .collect()
}

fn lower_index(table: &TableDeclaration, name: &TableName, declared: &IndexDeclaration) -> Index {
    let mut index = Index { table: name.clone(), ..declared.rest.clone() };
    index.columns = declared.columns.iter().map(|(part, column)| lower_part(table, part, column)).collect();
    index.include = columns_of(table, declared.include.iter());
    index.unnamed = declared.name.is_none();
    index.name = declared.name.as_ref().map(syn::LitStr::value).unwrap_or_default();
    index
}

fn lower_part(table: &TableDeclaration, part: &IndexPart, written: &IndexColumn) -> IndexColumn {
    let mut lowered = written.clone();
    if let IndexPart::Column(column) = part {
        lowered.target = IndexTarget::Column(columns_of(table, std::iter::once(column)).concat());
    }
    lowered
}

fn lower_exclude(table: &TableDeclaration, declared: &ExcludeDeclaration) -> Exclude {
    let elements = declared.elements.iter().map(|(part, column, operator)| ExcludeElement {
        column: lower_part(table, part, column),
        operator: operator.clone(),
    });
    let name = declared.name.as_ref().map(syn::LitStr::value);
    Exclude { name, elements: elements.collect(), ..declared.rest.clone() }
}

/// An error of syn, whose text has the hint on its second line.
fn problem(place: Place<'_>, text: &str) -> Problem {
    let (message, hint) = text.split_once("\nhint: ").unwrap_or((text, ""));
    Problem { place: place.to_string(), message: message.to_owned(), hint: hint.to_owned() }
}
