//! A column that is given as a name and a type of Diesel's.

use rectify_chain::nearest::nearest;
use syn::TypePath;

use super::declaration::diesel_type;
use super::kinds::NAMES;
use super::types::{Size, column_type};
use crate::dialect::Dialect;
use crate::schema::{self, Column};

/// Why there is no column of a type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NoColumn {
    /// What is wrong with the type.
    pub message: String,
    /// The known types that it looks like.
    pub near: Vec<&'static str>,
}

/// The column of this name whose type is `written` as in a `diesel::table!`: `Bool`, `Nullable<Text>`.
///
/// # Errors
///
/// [`NoColumn`] for what is no type, none that is known, or none of the database.
///
/// # Examples
///
/// ```
/// use rectify_schema::{dialect::SQLITE, models};
///
/// assert!(!models::column("email_verified", "Bool", SQLITE)?.nullable);
/// assert_eq!(models::column("age", "Integr", SQLITE).unwrap_err().near, ["Integer"]);
/// # Ok::<_, models::NoColumn>(())
/// ```
pub fn column(name: &str, written: &str, dialect: &dyn Dialect) -> Result<Column, NoColumn> {
    let parsed: TypePath = syn::parse_str(written).map_err(|_| {
        let message = format!("`{}` cannot be a type", written.trim());
        NoColumn { message, near: Vec::new() }
    })?;
    let parsed = diesel_type(&parsed);
    let (bare, nullable) = parsed.bare();
    let word = &bare.innermost().name;
    let near = if NAMES.contains(&word.as_str()) { Vec::new() } else { nearest(word, NAMES) };
    let found = column_type(bare, Size::default(), dialect, false, &|_| None)
        .map_err(|no_type| NoColumn { message: no_type.message, near })?;
    Ok(Column { nullable, ..schema::column(name, found) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{MARIADB, POSTGRES, SQLITE};
    use crate::schema::ColumnType;

    #[test]
    fn a_type_is_what_it_is_in_a_table() {
        let found = |written: &str, dialect| column("a", written, dialect).unwrap();
        assert_eq!(found("Nullable<Text>", SQLITE), schema::column("a", ColumnType::Text));
        assert_eq!(found("Timestamp", MARIADB).column_type, ColumnType::Timestamp);
        assert_eq!(found("diesel::sql_types::Jsonb", POSTGRES).column_type, ColumnType::Jsonb);
    }

    #[test]
    fn what_is_no_type_is_told_with_the_nearest() {
        let wrong = |written: &str, dialect| column("a", written, dialect).unwrap_err();
        assert_eq!(wrong("Nullable<Txt>", SQLITE).near, ["Text"]);
        assert_eq!(wrong("Boool", SQLITE).to_string(), "the type `Boool` is not known");
        assert_eq!(wrong("3 + 4", SQLITE).to_string(), "`3 + 4` cannot be a type");
        assert_eq!(wrong("Varchar", MARIADB).to_string(), "`Varchar` needs a length on MariaDB");
    }
}
