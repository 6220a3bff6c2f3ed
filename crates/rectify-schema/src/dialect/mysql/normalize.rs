//! Types that MySQL and MariaDB take for one another, as their catalogs report them.

use super::Flavor;
use crate::dialect::shared;
use crate::schema::ColumnType;

/// Gives the type that the catalog reports for a column of this one.
pub(super) fn normalize(flavor: Flavor, column_type: &ColumnType) -> ColumnType {
    match column_type {
        ColumnType::Enum(_) | ColumnType::Array(_) | ColumnType::Varchar(None) | ColumnType::TimeTz => {
            column_type.clone()
        }
        ColumnType::Numeric { precision, scale } => {
            ColumnType::Numeric { precision: Some(precision.unwrap_or(10)), scale: Some(scale.unwrap_or(0)) }
        }
        ColumnType::Custom(text) => named(flavor, text),
        other => super::types::type_name(flavor, other)
            .map_or_else(|_| other.clone(), |text| super::types::parse_type(flavor, &text)),
    }
}

fn named(flavor: Flavor, text: &str) -> ColumnType {
    if text.to_ascii_lowercase().starts_with("enum") || text.to_ascii_lowercase().starts_with("set") {
        return super::types::parse_type(flavor, text);
    }
    let text = shared::squeezed(text);
    let (name, arguments, rest) = shared::type_parts(&text);
    let rest = if rest.is_empty() { String::new() } else { format!(" {rest}") };
    let spelt = match (name, arguments) {
        ("bool" | "boolean", None) => "tinyint(1)".to_owned(),
        ("tinyint", Some("1")) if rest.is_empty() => text.clone(),
        // The number is a width of display.
        ("int" | "integer", _) => format!("int{rest}"),
        ("tinyint" | "smallint" | "mediumint" | "bigint" | "year", Some(_)) => format!("{name}{rest}"),
        ("dec" | "decimal" | "numeric" | "fixed", None) => format!("decimal(10,0){rest}"),
        ("dec" | "decimal" | "numeric" | "fixed", Some(arguments)) => {
            let scale = if arguments.contains(',') { "" } else { ",0" };
            format!("decimal({arguments}{scale}){rest}")
        }
        ("double precision" | "real", _) => format!("double{rest}"),
        ("character", Some(length)) => format!("char({length}){rest}"),
        ("char" | "character", None) if rest.is_empty() => "char(1)".to_owned(),
        _ => text.clone(),
    };
    super::types::parse_type(flavor, &spelt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::*;

    #[track_caller]
    fn check(text: &str, expected: ColumnType) {
        assert_eq!(normalize(Flavor::Mariadb, &custom(text)), expected, "{text}");
        assert_eq!(normalize(Flavor::Mariadb, &expected), expected, "{text}");
    }

    #[test]
    fn spellings_of_one_type_are_one() {
        check("INT(11)", integer());
        check("int(10) unsigned", custom("int unsigned"));
        check("INTEGER UNSIGNED", custom("int unsigned"));
        check("BIGINT(20)", bigint());
        check("tinyint(1)", boolean());
        check("BOOL", boolean());
        check("tinyint(4)", custom("tinyint"));
        check("DECIMAL(10, 2)", numeric(10, 2));
        check("NUMERIC", numeric(10, 0));
        check("DATETIME(6)", custom("datetime(6)"));
        check("MEDIUMTEXT", custom("mediumtext"));
        check("ENUM('A','b')", enumeration("", ["A", "b"]));
        assert_eq!(normalize(Flavor::Mariadb, &jsonb()), json());
        assert_eq!(normalize(Flavor::Mysql, &uuid()), char(36));
    }
}
