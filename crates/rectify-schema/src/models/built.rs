//! A type in the words of a migration: `varchar(20)`, `array(text())`, `enumeration("mood", ["sad", "happy"])`.

use rectify_chain::nearest::nearest;
use syn::{Error, Expr, ExprCall, Result};

use super::arguments::{error, number, text};
use crate::schema::{
    ColumnType, array, bigint, binary, blob, boolean, char, custom, date, double, enumeration, integer, json, jsonb,
    named_enum, real, smallint, timestamp, timestamptz, timetz, uuid,
};

const KNOWN: [&str; 24] = [
    "array",
    "bigint",
    "binary",
    "blob",
    "boolean",
    "char",
    "custom",
    "date",
    "double",
    "enumeration",
    "integer",
    "json",
    "jsonb",
    "named_enum",
    "numeric",
    "real",
    "smallint",
    "text",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "uuid",
    "varchar",
];

pub(super) fn column_type(value: &Expr) -> Result<ColumnType> {
    let (name, arguments) = match value {
        Expr::Call(ExprCall { func, args, .. }) => (&**func, args.iter().collect::<Vec<_>>()),
        other => (other, Vec::new()),
    };
    let Expr::Path(path) = name else { return Err(Error::new_spanned(value, "expected a type: `varchar(20)`")) };
    let Some(word) = path.path.get_ident() else {
        return Err(Error::new_spanned(value, "expected a type: `varchar(20)`"));
    };
    let wrong = || Error::new_spanned(value, format!("`{word}` does not take these arguments"));
    Ok(match (word.to_string().as_str(), arguments.as_slice()) {
        ("bigint", []) => bigint(),
        ("binary", []) => binary(),
        ("blob", []) => blob(),
        ("boolean", []) => boolean(),
        ("date", []) => date(),
        ("double", []) => double(),
        ("integer", []) => integer(),
        ("json", []) => json(),
        ("jsonb", []) => jsonb(),
        ("real", []) => real(),
        ("smallint", []) => smallint(),
        ("text", []) => crate::schema::text(),
        ("time", []) => crate::schema::time(),
        ("timestamp", []) => timestamp(),
        ("timestamptz", []) => timestamptz(),
        ("timetz", []) => timetz(),
        ("uuid", []) => uuid(),
        ("varchar", []) => ColumnType::Varchar(None),
        ("varchar", [length]) => ColumnType::Varchar(Some(positive(length)?)),
        ("char", [length]) => char(positive(length)?),
        ("numeric", []) => ColumnType::Numeric { precision: None, scale: None },
        ("numeric", [precision]) => ColumnType::Numeric { precision: Some(digits(precision)?), scale: None },
        ("numeric", [precision, scale]) => {
            ColumnType::Numeric { precision: Some(digits(precision)?), scale: Some(digits(scale)?) }
        }
        ("array", [of]) => array(column_type(of)?),
        ("custom", [spelt]) => custom(text(spelt)?.value()),
        ("named_enum", [name]) => named_enum(super::attributes::split_name(&text(name)?.value())),
        ("enumeration", [name, Expr::Array(values)]) => {
            let values: Result<Vec<String>> = values.elems.iter().map(|value| Ok(text(value)?.value())).collect();
            enumeration(super::attributes::split_name(&text(name)?.value()), values?)
        }
        (known, _) if KNOWN.contains(&known) => return Err(wrong()),
        (other, _) => {
            let near = match other {
                "bool" => Some("boolean"),
                "int" => Some("integer"),
                "float" => Some("real"),
                other => nearest(other, KNOWN).first().copied(),
            };
            let hint = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write it as the database does: `#[sql_type = \"…\"]`".to_owned(),
            };
            return Err(error(word.span(), &format!("there is no type `{other}`"), &hint));
        }
    })
}

fn positive(value: &Expr) -> Result<u32> {
    u32::try_from(number(value)?).map_err(|_| Error::new_spanned(value, "expected a length"))
}

fn digits(value: &Expr) -> Result<u16> {
    u16::try_from(number(value)?).map_err(|_| Error::new_spanned(value, "expected a number of digits"))
}
