//! What was renamed: told on the command line, or asked on the terminal; never guessed.

use rectify::schema::diff::Rename;
use rectify::schema::{ColumnType, EnumType, Schema, Table, TableName};
use rectify_chain::nearest::nearest;

use super::compared::Compared;
use crate::error::Error;

/// The renamings of the command line, tables first, checked against both sides.
pub(super) fn parse(texts: &[String], compared: &Compared) -> Result<Vec<Rename>, Error> {
    let mut renames = Vec::new();
    let mut columns = Vec::new();
    for text in texts {
        let Some((old, new)) = text.split_once(':').filter(|(old, new)| !old.is_empty() && !new.is_empty()) else {
            return Err(Error::usage(format!("`--rename {text}` does not say what became of what"))
                .hint("write `old:new` for a table, `table.old:new` for a column or for a value of an enum"));
        };
        match find(&compared.database, old) {
            Some(table) => renames.push(of_table(text, table, new, compared)?),
            None => columns.push((text, old, new)),
        }
    }
    for (text, old, new) in columns {
        renames.push(of_column(text, old, new, &renames, compared)?);
    }
    Ok(renames)
}

fn of_table(text: &str, from: &Table, new: &str, compared: &Compared) -> Result<Rename, Error> {
    let from = from.name.clone();
    let new = match &from.schema {
        Some(schema) => new.strip_prefix(&format!("{schema}.")).unwrap_or(new),
        None => new,
    };
    let to = TableName { schema: from.schema.clone(), name: new.to_owned() };
    if compared.models.table(&to).is_none() {
        return Err(unknown(text, format!("no model is of a table `{to}`"), &to.to_string(), tables(&compared.models)));
    }
    if compared.database.table(&to).is_some() {
        return Err(refused(text, format!("the database has a table `{to}` already")));
    }
    Ok(Rename::Table { from, to })
}

fn of_column(text: &str, old: &str, new: &str, renames: &[Rename], compared: &Compared) -> Result<Rename, Error> {
    let Some((table, from)) = old.rsplit_once('.') else {
        return Err(unknown(text, format!("the database has no table `{old}`"), old, tables(&compared.database)));
    };
    let of_table = renames.iter().find_map(|rename| match rename {
        Rename::Table { from, to } if to.to_string() == table || from.to_string() == table => Some((from, to)),
        _ => None,
    });
    let (before, after) = match of_table {
        Some((from, to)) => (find(&compared.database, &from.to_string()), find(&compared.models, &to.to_string())),
        None => (find(&compared.database, table), find(&compared.models, table)),
    };
    if before.is_none()
        && let Some(enum_type) = enum_type(compared, table, from)
    {
        return of_value(text, &enum_type, (from, new), compared);
    }
    let Some(before) = before else {
        return Err(unknown(text, format!("the database has no table `{table}`"), table, tables(&compared.database)));
    };
    let Some(after) = after else {
        return Err(unknown(text, format!("no model is of a table `{table}`"), table, tables(&compared.models)));
    };
    let names = |table: &Table| table.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
    let (from, to) = (from.to_owned(), new.rsplit('.').next().unwrap_or(new).to_owned());
    if before.find_column(&from).is_none() {
        let what = format!("the table `{}` has no column `{from}`", before.name);
        return Err(unknown(text, what, &from, names(before)));
    }
    if after.find_column(&to).is_none() {
        let what = format!("the model of `{}` has no column `{to}`", after.name);
        return Err(unknown(text, what, &to, names(after)));
    }
    if before.find_column(&to).is_some() {
        return Err(refused(text, format!("the table `{}` has a column `{to}` already", before.name)));
    }
    Ok(Rename::Column { table: after.name.clone(), from, to })
}

/// An enum of the database: a type, or the values of a column whose model has the name.
fn enum_type(compared: &Compared, name: &str, value: &str) -> Option<EnumType> {
    if let Some(found) = compared.database.enums.iter().find(|found| found.name.to_string() == name) {
        return Some(found.clone());
    }
    let mut of_columns = Vec::new();
    for table in &compared.models.tables {
        for column in &table.columns {
            let was = compared.database.table(&table.name).and_then(|table| table.find_column(&column.name));
            if let (ColumnType::Enum(is), Some(ColumnType::Enum(was))) =
                (&column.column_type, was.map(|was| &was.column_type))
                && is.name.to_string() == name
            {
                of_columns.push(EnumType { name: is.name.clone(), values: was.values.clone() });
            }
        }
    }
    let has = |found: &&EnumType| found.values.iter().any(|other| other == value);
    of_columns.iter().find(has).or(of_columns.first()).cloned()
}

fn of_value(text: &str, before: &EnumType, (from, to): (&str, &str), compared: &Compared) -> Result<Rename, Error> {
    let name = &before.name;
    let of_tables = compared.models.tables.iter().flat_map(Table::enums);
    let Some(after) = of_tables.chain(compared.models.enums.clone()).find(|found| found.name == *name) else {
        return Err(refused(text, format!("no model is of an enum `{name}`")));
    };
    let to = to.strip_prefix(&format!("{name}.")).unwrap_or(to);
    if !before.values.iter().any(|value| value == from) {
        let what = format!("the enum `{name}` has no value `{from}`");
        return Err(unknown(text, what, from, before.values.clone()));
    }
    if !after.values.iter().any(|value| value == to) {
        let what = format!("the model of the enum `{name}` has no value `{to}`");
        return Err(unknown(text, what, to, after.values.clone()));
    }
    if before.values.iter().any(|value| value == to) {
        return Err(refused(text, format!("the enum `{name}` has a value `{to}` already")));
    }
    Ok(Rename::EnumValue { enum_type: name.clone(), from: from.to_owned(), to: to.to_owned() })
}

fn find<'a>(schema: &'a Schema, name: &str) -> Option<&'a Table> {
    schema.tables.iter().find(|table| table.name.to_string() == name)
}

fn tables(schema: &Schema) -> Vec<String> {
    schema.tables.iter().map(|table| table.name.to_string()).collect()
}

fn refused(text: &str, why: String) -> Error {
    Error::usage(format!("`--rename {text}` does not fit")).because(why)
}

fn unknown(text: &str, why: String, name: &str, known: Vec<String>) -> Error {
    let error = refused(text, why);
    match nearest(name, known.iter().map(String::as_str)).first() {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("write `old:new` for a table, `table.old:new` for a column"),
    }
}

/// A renaming as a question.
pub(super) fn question(rename: &Rename) -> String {
    match rename {
        Rename::Table { from, to } => format!("was table `{from}` renamed to `{to}`?"),
        Rename::Column { table, from, to } => format!("was column `{table}`.`{from}` renamed to `{to}`?"),
        Rename::EnumValue { enum_type, from, to } => {
            format!("was value `{from}` of enum `{enum_type}` renamed to `{to}`?")
        }
        other => format!("was this renamed: {other}?"),
    }
}
