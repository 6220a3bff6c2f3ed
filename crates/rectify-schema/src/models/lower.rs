//! Models, once the database is known: the schema that they mean.

use std::collections::HashMap;

use super::model::{ByDialect, ColumnModel, GivenType, KeyModel, TableModel};
use super::types::{self, NoType};
use super::{Declared, Item, Place, Problem, What, code};
use crate::dialect::Dialect;
use crate::name::TableName;
use crate::naming::NamingConvention;
use crate::schema::{Column, ColumnType, EnumType, ForeignKey, ObjectKind, Schema, SqlObject, Table};

/// A table with the place where it was declared.
pub(super) struct Placed<'a> {
    pub(super) place: Place<'a>,
    /// Of Diesel's own macro, in which `Timestamp` is MySQL's type of that name.
    pub(super) plain: bool,
    pub(super) table: TableModel,
}

/// Everything that was declared.
#[derive(Default)]
pub(super) struct Found<'a> {
    pub(super) tables: Vec<Placed<'a>>,
    /// The enums by their names in Rust.
    pub(super) enums: Vec<(String, EnumType)>,
    pub(super) others: Vec<Declared>,
    pub(super) problems: Vec<Problem>,
}

/// Everything that was declared, and the database that it is meant for.
pub(super) struct Lowering<'a> {
    dialect: &'a dyn Dialect,
    pub(super) tables: Vec<Placed<'a>>,
    /// The places of the tables by their names in Rust.
    named: HashMap<String, Vec<usize>>,
    enums: Vec<(String, EnumType)>,
    others: Vec<Declared>,
    pub(super) problems: Vec<Problem>,
}

/// What a table's foreign keys come to.
type Keys = Vec<Result<ForeignKey, Problem>>;

/// The schema that what was found means on a database, and what of it means nothing there.
pub(super) fn lower(found: Found<'_>, dialect: &dyn Dialect, naming: &NamingConvention) -> (Schema, Vec<Problem>) {
    let mut lowering = Lowering::new(found, dialect);
    let mut schema = Schema::default();
    let mut places: HashMap<TableName, Place<'_>> = HashMap::with_capacity(lowering.tables.len());
    // Foreign keys ask for other tables, which are used up one after the other.
    let keys: Vec<Keys> = lowering.tables.iter().map(|placed| lowering.foreign_keys(placed)).collect();
    let views: Vec<_> = lowering.tables.iter().map(|placed| lowering.view(placed)).collect();
    let mut problems = std::mem::take(&mut lowering.problems);
    let tables = std::mem::take(&mut lowering.tables);
    schema.tables.reserve_exact(tables.len());
    for ((Placed { place, plain, table }, keys), view) in tables.into_iter().zip(keys).zip(views) {
        if let Some((view, unknown)) = view {
            problems.extend(unknown);
            schema.objects.push(view);
            continue;
        }
        let mut table = lowering.table(place, plain, table, keys, &mut problems);
        if let Err(error) = naming.apply_to_table(&mut table, dialect.name_limit()) {
            problems.push(Problem {
                place: place.to_string(),
                message: format!("table `{}`: {error}", table.name),
                hint: error.hint.to_owned(),
            });
        }
        if let Some(other) = places.get(&table.name) {
            problems.push(Problem {
                place: place.to_string(),
                message: format!("the table `{}` is declared at {other} too", table.name),
                hint: "a table has one model: declare the other with `diesel::table!`".to_owned(),
            });
        }
        places.entry(table.name.clone()).or_insert(place);
        schema.tables.push(table);
    }
    if dialect.name() == "postgres" {
        for (_, found) in lowering.enums {
            if !schema.enums.contains(&found) {
                schema.enums.push(found);
            }
        }
    }
    for other in lowering.others {
        add(&mut schema, other);
    }
    if dialect.name() == "postgres" {
        name_schemas(&mut schema);
    }
    (schema, problems)
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

impl<'a> Found<'a> {
    /// Reads what the macros have registered.
    pub(super) fn registered(items: &[Item<'a>]) -> Self {
        let mut found = Self::default();
        for item in items {
            match item.what {
                What::Tables(text) => found.read(item.place, text),
                What::Enum { rust_name, schema: of, name, values } => {
                    let name = TableName { schema: of.map(str::to_owned), name: name.to_owned() };
                    found.enums.push((rust_name.to_owned(), EnumType::new(name, values.iter().copied())));
                }
                What::Other(make) => found.others.push(make()),
            }
        }
        found
    }

    fn read(&mut self, place: Place<'a>, text: &str) {
        match code::decode(text) {
            Some(tables) => {
                self.tables.extend(tables.into_iter().map(|table| Placed { place, plain: false, table }));
            }
            None => self.problems.push(Problem {
                place: place.to_string(),
                message: "the tables declared here were compiled by another version of Rectify".to_owned(),
                hint: "let `rectify` and `rectify-macros` have one version, and build again".to_owned(),
            }),
        }
    }
}

impl<'a> Lowering<'a> {
    pub(super) fn new(found: Found<'a>, dialect: &'a dyn Dialect) -> Self {
        let Found { mut tables, enums, others, problems } = found;
        // The order of a linkme slice differs from build to build.
        tables.sort_by(|a, b| (a.place.file, a.place.line).cmp(&(b.place.file, b.place.line)));
        let mut named: HashMap<String, Vec<usize>> = HashMap::with_capacity(tables.len());
        for (at, placed) in tables.iter().enumerate() {
            named.entry(placed.table.rust_name().to_owned()).or_default().push(at);
        }
        Self { dialect, tables, named, enums, others, problems }
    }

    /// The table of a model, with foreign keys that are known already.
    pub(super) fn table(
        &self,
        place: Place<'_>,
        plain: bool,
        model: TableModel,
        keys: Keys,
        problems: &mut Vec<Problem>,
    ) -> Table {
        let mut table = model.table;
        let name = table.name.clone();
        table.columns.reserve_exact(model.columns.len());
        for column in model.columns {
            match self.column_type(&column, plain) {
                Ok(column_type) => table.columns.push(Column { column_type, ..column.column }),
                Err(no_type) => problems.push(unknown_type(place, &name, &column, no_type)),
            }
        }
        if let Some(key) = table.primary_key.take() {
            table.set_primary_key(key);
        }
        table.indexes.iter_mut().for_each(|index| index.table.clone_from(&name));
        table.foreign_keys.reserve_exact(keys.len());
        for key in keys {
            match key {
                Ok(key) => table.foreign_keys.push(key),
                Err(problem) => problems.push(problem),
            }
        }
        table
    }

    pub(super) fn column_type(&self, model: &ColumnModel, plain: bool) -> Result<ColumnType, NoType> {
        match &model.given_type {
            Some(GivenType::Built(built)) => return Ok(built.clone()),
            Some(GivenType::Sql(texts)) => {
                if let Some(text) = text_on(self.dialect, texts) {
                    return Ok(self.dialect.parse_type(text));
                }
            }
            None => {}
        }
        let find = |name: &str| {
            let found = self.enums.iter().find(|(rust_name, _)| rust_name == name);
            found.map(|(_, found)| ColumnType::Enum(found.clone()))
        };
        types::column_type(&model.diesel_type, model.size, self.dialect, plain, &find)
    }

    pub(super) fn foreign_keys(&self, placed: &Placed<'_>) -> Keys {
        placed.table.foreign_keys.iter().map(|key| self.foreign_key(placed, key)).collect()
    }

    fn foreign_key(&self, placed: &Placed<'_>, model: &KeyModel) -> Result<ForeignKey, Problem> {
        let mut key = model.key.clone();
        if !model.path.is_empty() {
            let parent = self.find(placed, &model.path)?;
            key.references.clone_from(&parent.table.name);
            key.referenced_columns.iter_mut().for_each(|column| *column = parent.column_name(column));
        }
        Ok(key)
    }

    /// The tables of this name in Rust.
    pub(super) fn called(&self, name: &str) -> impl Iterator<Item = &Placed<'a>> {
        self.named.get(name).into_iter().flatten().map(|at| &self.tables[*at])
    }

    /// The table that a path means: in the same module, in the module that the path names, or the only one of its name.
    fn find(&self, from: &Placed<'_>, words: &[String]) -> Result<&TableModel, Problem> {
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
        let own_name = &from.table.table.name;
        match (found, candidates.as_slice()) {
            (Some(found), _) | (None, [found]) => Ok(&found.table),
            (None, []) => Err(Problem {
                place: from.place.to_string(),
                message: format!("table `{own_name}` refers to `{name}`, for which there is no model"),
                hint: format!(
                    "declare it with `rectify::table!`, name its crate in the program (`use … as _;`), or write the names \
                     that the database knows: `#[references(\"{name}\", \"…\")]`"
                ),
            }),
            (None, _) => Err(Problem {
                place: from.place.to_string(),
                message: format!("table `{own_name}` refers to `{name}`, of which there are several"),
                hint: format!("write its module before it: `#[references(module::{name}.…)]`"),
            }),
        }
    }

    /// The view that a table stands for, if it does, and what it reads that nobody knows.
    pub(super) fn view(&self, placed: &Placed<'_>) -> Option<(SqlObject, Vec<Problem>)> {
        let view = placed.table.view.as_ref()?;
        let kind = if view.materialized { ObjectKind::MaterializedView } else { ObjectKind::View };
        let mut object = SqlObject::named(kind, placed.table.table.name.clone());
        object.definition = view.query.all.clone().unwrap_or_default();
        object.definitions.extend(view.query.each.iter().cloned());
        let mut problems = Vec::new();
        for path in &view.reads {
            match self.find(placed, path) {
                Ok(table) => object.reads.push(table.table.name.clone()),
                Err(problem) => problems.push(problem),
            }
        }
        Some((object, problems))
    }
}

/// What to say of a column that the database has no type for.
pub(super) fn unknown_type(place: Place<'_>, table: &TableName, column: &ColumnModel, no_type: NoType) -> Problem {
    Problem {
        place: place.to_string(),
        message: format!("column `{}` of table `{table}`: {}", column.column.name, no_type.message),
        hint: no_type.hint,
    }
}

/// The text for a database, or the one for all. MariaDB falls back on MySQL's.
fn text_on<'a>(dialect: &dyn Dialect, texts: &'a ByDialect) -> Option<&'a str> {
    let find = |name: &str| texts.each.iter().find(|(other, _)| other == name).map(|(_, text)| text);
    let own = find(dialect.name()).or_else(|| (dialect.name() == "mariadb").then(|| find("mysql")).flatten());
    own.or(texts.all.as_ref()).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::SQLITE;

    #[test]
    fn what_another_version_wrote_is_a_problem_at_its_place() {
        let place = Place { module: "app", file: "src/schema.rs", line: 3 };
        let items = [Item { what: What::Tables("users (id) { id -> BigInt }"), place }];
        let problems = crate::models::schema(&items, SQLITE, &NamingConvention::new()).unwrap_err();
        assert_eq!(
            problems[0].to_string(),
            "src/schema.rs:3: the tables declared here were compiled by another version of Rectify"
        );
    }
}
