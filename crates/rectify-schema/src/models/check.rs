//! What is wrong with a table, as far as its own text shows it; each mistake at its token.

use std::collections::{BTreeMap, HashMap};

use rectify_chain::nearest::nearest;
use syn::ext::IdentExt;
use syn::{Error, Ident, LitStr};

use super::arguments::error;
use super::declaration::{ColumnDeclaration, IndexPart, Parent, TableDeclaration};
use super::kinds::{Kind, is_serial};
use super::model::GivenType;
use super::types::DieselType;
use crate::schema::{DefaultValue, Value};

/// The mistakes in one table.
pub(super) fn check(table: &TableDeclaration) -> Vec<Error> {
    let mut errors = Vec::new();
    repeated_columns(table, &mut errors);
    unknown_columns(table, &mut errors);
    repeated_names(table, &mut errors);
    for column in &table.columns {
        errors.extend(not_null(column));
        errors.extend(size(column));
        errors.extend(default(column));
        errors.extend(numbering(column));
    }
    for key in &table.foreign_keys {
        errors.extend(set_null(table, key));
    }
    for index in table.indexes.iter().filter(|index| index.name.is_none()) {
        if index.columns.iter().any(|(part, _)| matches!(part, IndexPart::Expression)) {
            errors.push(error(index.span, "an index over an expression needs a name", "give it one: `name = \"…\"`"));
        }
    }
    if let Some(view) = &table.view
        && view.query.is_empty()
    {
        errors.push(error(
            table.name.span(),
            "`#[reads]` stands on a view",
            "say what it is: `#[view = \"SELECT …\"]`",
        ));
    }
    errors
}

/// The mistakes between the tables of one group.
pub(super) fn check_group(tables: &[TableDeclaration]) -> Vec<Error> {
    let mut errors = Vec::new();
    let mut named: HashMap<&Ident, &TableDeclaration> = HashMap::new();
    for table in tables {
        named.entry(&table.name).or_insert(table);
    }
    for table in tables {
        for key in &table.foreign_keys {
            let Parent::Table(path, columns) = &key.parent else { continue };
            let Some(name) = path.get_ident() else { continue };
            let Some(parent) = named.get(name) else { continue };
            for column in columns.iter().filter(|column| parent.column(column).is_none()) {
                errors.push(unknown_column(parent, column));
            }
        }
    }
    errors
}

fn unknown_column(table: &TableDeclaration, name: &Ident) -> Error {
    let message = format!("the table `{}` has no column `{name}`", table.name);
    let names: Vec<String> = table.columns.iter().map(|column| column.name.to_string()).collect();
    match nearest(&name.to_string(), names.iter().map(String::as_str)).first() {
        Some(near) => error(name.span(), &message, &format!("did you mean `{near}`?")),
        None => error(name.span(), &message, &format!("its columns are `{}`", names.join("`, `"))),
    }
}

fn repeated_columns(table: &TableDeclaration, errors: &mut Vec<Error>) {
    let mut seen = BTreeMap::new();
    for column in &table.columns {
        let name = column.database_name();
        if seen.insert(name.to_lowercase(), ()).is_some() {
            let span = column.sql_name.as_ref().map_or(column.name.span(), LitStr::span);
            errors.push(error(span, &format!("two columns named `{name}`"), "rename one of the two"));
        }
    }
}

fn unknown_columns(table: &TableDeclaration, errors: &mut Vec<Error>) {
    let mut lists: Vec<Vec<&Ident>> = vec![table.primary_key.iter().flatten().collect()];
    for index in &table.indexes {
        let columns = index.columns.iter().filter_map(|(part, _)| match part {
            IndexPart::Column(name) => Some(name),
            IndexPart::Expression => None,
        });
        lists.push(columns.collect());
        lists.push(index.include.iter().collect());
    }
    for exclude in &table.excludes {
        lists.extend(exclude.elements.iter().filter_map(|(part, ..)| match part {
            IndexPart::Column(name) => Some(vec![name]),
            IndexPart::Expression => None,
        }));
    }
    lists.extend(table.uniques.iter().map(|unique| unique.columns.iter().chain(&unique.include).collect()));
    lists.push(table.key.iter().flat_map(|key| &key.include).collect());
    lists.extend(table.foreign_keys.iter().map(|key| key.on_delete_columns.iter().collect()));
    lists.extend(table.foreign_keys.iter().map(|key| key.columns.iter().collect()));
    for list in lists {
        for (place, name) in list.iter().enumerate() {
            if table.column(name).is_none() {
                errors.push(unknown_column(table, name));
            } else if list[..place].contains(name) {
                errors.push(error(name.span(), &format!("the column `{name}` twice"), "name each column once"));
            }
        }
    }
}

/// Constraints share one space of names, and indexes with them: that is so on PostgreSQL, and a good idea elsewhere.
fn repeated_names(table: &TableDeclaration, errors: &mut Vec<Error>) {
    let names = table
        .key
        .iter()
        .filter_map(|key| key.name.as_ref())
        .chain(table.uniques.iter().filter_map(|unique| unique.name.as_ref()));
    let names = names.chain(table.indexes.iter().filter_map(|index| index.name.as_ref()));
    let names = names.chain(table.foreign_keys.iter().filter_map(|key| key.name.as_ref()));
    let names = names.chain(table.excludes.iter().filter_map(|exclude| exclude.name.as_ref()));
    let names = names.chain(table.checks.iter().filter_map(|check| check.name.as_ref()));
    let mut seen = BTreeMap::new();
    for name in names {
        if seen.insert(name.value(), ()).is_some() {
            let message = format!("two constraints or indexes named `{}`", name.value());
            errors.push(error(name.span(), &message, "rename one of the two"));
        }
    }
}

fn not_null(column: &ColumnDeclaration) -> Option<Error> {
    let (span, _) = column.not_null.as_ref()?;
    let nullable = column.diesel_type.bare().1;
    nullable.then(|| error(*span, "the column can be NULL", "remove `Nullable<…>`, or the attribute"))
}

fn size(column: &ColumnDeclaration) -> Option<Error> {
    // Diesel lets any column have a length, and so must we; a precision is ours.
    let (span, ..) = column.precision.as_ref()?;
    let fits = match column.diesel_type.kind() {
        Kind::Exact => true,
        Kind::AsText => {
            matches!(
                column.diesel_type.bare().0.name.as_str(),
                "Time" | "Timestamp" | "Datetime" | "Timestamptz" | "TimestamptzSqlite"
            )
        }
        _ => column.diesel_type.bare().0.name == "Unsigned" || column.diesel_type.bare().0.name == "Array",
    };
    let message = format!("`{}` has no precision", column.diesel_type.bare().0);
    (!fits).then(|| error(*span, &message, "a precision is for `Numeric` and for times"))
}

fn default(column: &ColumnDeclaration) -> Option<Error> {
    let (span, default) = column.default.as_ref()?;
    if column.generated.is_some() {
        return Some(error(*span, "a generated column has no default", "remove one of the two"));
    }
    let DefaultValue::Literal(value) = default else { return None };
    if let Some(GivenType::Built(_) | GivenType::Sql(..)) = column.given_type {
        return None;
    }
    let length = column.max_length.as_ref().and_then(|length| length.base10_parse::<usize>().ok());
    let hint = misfit(column.diesel_type.kind(), value, length)?;
    let message = format!("this is no value of `{}`", column.diesel_type.bare().0);
    Some(error(*span, &message, &hint))
}

/// What to write instead of a value that cannot be one of this kind.
fn misfit(kind: Kind, value: &Value, length: Option<usize>) -> Option<String> {
    let wanted = |text: &str| Some(text.to_owned());
    match (kind, value) {
        (Kind::Whole(least, most), Value::Int(number)) if !(least..=most).contains(number) => {
            Some(format!("it goes from {least} to {most}"))
        }
        (Kind::Text, Value::Text(text)) => {
            let length = length.filter(|length| text.chars().count() > *length)?;
            Some(format!("it has at most {length} characters"))
        }
        (Kind::Whole(..), Value::Int(_))
        | (Kind::Exact | Kind::Float, Value::Int(_) | Value::Float(_))
        | (Kind::Exact | Kind::AsText, Value::Text(_))
        | (Kind::Bool, Value::Bool(_))
        | (Kind::Bytes, Value::Bytes(_))
        | (Kind::Other, _)
        | (_, Value::Null) => None,
        (Kind::Whole(..), _) => wanted("write a whole number, or `sql(\"…\")`"),
        (Kind::Exact | Kind::Float, _) => wanted("write a number, or `sql(\"…\")`"),
        (Kind::Bool, _) => wanted("write `true`, `false` or `sql(\"…\")`"),
        (Kind::Text | Kind::AsText, _) => wanted("write a text, or `sql(\"…\")`"),
        (Kind::Bytes, _) => wanted("write `b\"…\"`, or `sql(\"…\")`"),
    }
}

fn numbering(column: &ColumnDeclaration) -> Option<Error> {
    let (span, _) = column.identity.as_ref()?;
    let built = match &column.given_type {
        Some(GivenType::Built(built)) => built.is_integer(),
        Some(GivenType::Sql(..)) => true,
        None => matches!(column.diesel_type.kind(), Kind::Whole(..)),
    };
    if !built {
        let message = format!("`{}` cannot be numbered", column.diesel_type.bare().0);
        return Some(error(*span, &message, "an identity is a whole number"));
    }
    if column.default.is_some() || column.generated.is_some() {
        return Some(error(*span, "a numbered column has no default of its own", "remove one of the two"));
    }
    is_serial(&column.diesel_type).then(|| error(*span, "a serial column is numbered anyway", "remove the attribute"))
}

fn set_null(table: &TableDeclaration, key: &super::declaration::ForeignKeyDeclaration) -> Option<Error> {
    // A key in the database's own words is as it is.
    let Parent::Table(..) = key.parent else { return None };
    let word = key.on_delete.as_ref().filter(|word| *word == "SetNull")?;
    let set = if key.on_delete_columns.is_empty() { &key.columns } else { &key.on_delete_columns };
    let fixed = set.iter().find(|name| {
        let column = table.column(name);
        column.is_some_and(|column| !column.diesel_type.bare().1)
    })?;
    let message = format!("`{}` can never be NULL", fixed.unraw());
    Some(error(word.span(), &message, "make it `Nullable<…>`, or choose another action"))
}

/// Whether a default can stand as a literal under this type.
pub(super) fn fits(diesel_type: &DieselType, value: &Value, length: Option<usize>) -> bool {
    misfit(diesel_type.kind(), value, length).is_none()
}

/// Combines errors into one.
pub(super) fn combined(errors: Vec<Error>) -> Option<Error> {
    errors.into_iter().reduce(|mut all, error| {
        all.combine(error);
        all
    })
}
