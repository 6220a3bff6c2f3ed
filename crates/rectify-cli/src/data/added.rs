//! The columns that a data migration adds itself: `users.email_verified:Bool`.

use rectify::schema::dialect::Dialect;
use rectify::schema::models::{self, NoColumn};
use rectify::schema::{Column, Schema, TableName};
use rectify_chain::nearest::nearest;

use crate::error::Error;

/// The columns that the command line names, each with its table, which must be one of `schema`.
pub(super) fn parse(
    texts: &[String],
    schema: &Schema,
    dialect: &dyn Dialect,
    at: &str,
) -> Result<Vec<(TableName, Column)>, Error> {
    let mut added: Vec<(TableName, Column)> = Vec::new();
    for text in texts {
        let (table, column) = parse_one(text, schema, dialect, at)?;
        if added.iter().any(|(of, known)| *of == table && known.name == column.name) {
            return Err(refused(text, format!("`{}` is added to table `{table}` twice", column.name)));
        }
        added.push((table, column));
    }
    Ok(added)
}

fn parse_one(text: &str, schema: &Schema, dialect: &dyn Dialect, at: &str) -> Result<(TableName, Column), Error> {
    let parts = text.split_once(':').and_then(|(place, written)| Some((place.rsplit_once('.')?, written)));
    let Some(((table, column), written)) = parts
        .filter(|((table, column), written)| !table.is_empty() && !column.is_empty() && !written.trim().is_empty())
    else {
        return Err(refused(text, "it does not say which column of which table has which type")
            .hint("write it as `users.email_verified:Bool`"));
    };
    let Some(found) = schema.tables.iter().find(|found| found.name.to_string() == table) else {
        let names: Vec<String> = schema.tables.iter().map(|table| table.name.to_string()).collect();
        let error = refused(text, format!("`--data` does not name the table `{table}`"));
        return Err(match nearest(table, names.iter().map(String::as_str)).first() {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint(format!("name it too: `--data {},{table}`", names.join(","))),
        });
    };
    if found.find_column(column).is_some() {
        return Err(refused(text, format!("table `{table}` has a column `{column}` at {at} already"))
            .hint("`--adding` is for what the migration itself adds; leave it out"));
    }
    let column = models::column(column, written, dialect).map_err(|error| no_column(text, error))?;
    Ok((found.name.clone(), column))
}

fn refused(text: &str, why: impl Into<String>) -> Error {
    Error::usage(format!("`--adding {text}` does not fit")).because(why.into())
}

fn no_column(text: &str, error: NoColumn) -> Error {
    let NoColumn { message, near } = error;
    let error = refused(text, message);
    match near.as_slice() {
        [] => error.hint("name a type of `diesel::sql_types`, such as `Bool`, `Text` or `Nullable<BigInt>`"),
        near => error.hint(format!("did you mean `{}`?", near.join("`, or `"))),
    }
}
