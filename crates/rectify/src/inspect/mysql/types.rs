//! Types as `SHOW CREATE TABLE` spells them, back into what they mean.

use rectify_schema::{ColumnType, EnumType, TableName};

use crate::inspect::tokens::{Kind, MYSQL, Token, list, tokens};

/// The type that is spelled like this. An enum has no name of its own and gets `enum_name`.
pub(super) fn parse(text: &str, enum_name: impl FnOnce() -> TableName) -> ColumnType {
    if let Some(values) = enum_values(text) {
        return ColumnType::Enum(EnumType { name: enum_name(), values });
    }
    known(text).unwrap_or_else(|| ColumnType::Custom(text.to_owned()))
}

/// The content of a string in quotes, as MySQL and MariaDB print one.
pub(super) fn unescape(quoted: &str) -> String {
    let inner = quoted.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(quoted);
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next().map(escaped)),
            '\'' => {
                // Doubled, since it stands inside of the quotes.
                chars.next();
                out.push('\'');
            }
            _ => out.push(c),
        }
    }
    out
}

fn escaped(c: char) -> char {
    match c {
        '0' => '\0',
        'b' => '\u{8}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'Z' => '\u{1a}',
        other => other,
    }
}

fn enum_values(text: &str) -> Option<Vec<String>> {
    let tokens = tokens(text, MYSQL);
    let [word, open, values @ .., close] = tokens.as_slice() else { return None };
    let value = |item: &[Token<'_>]| match item {
        [value] if value.kind == Kind::Text => Some(unescape(value.text)),
        _ => None,
    };
    let shape = word.is("enum") && open.is_symbol("(") && close.is_symbol(")");
    if shape { list(values).into_iter().map(value).collect() } else { None }
}

/// The number after an integer type is how wide it is shown, but `tinyint(1)` is what `BOOL` stands for.
fn known(text: &str) -> Option<ColumnType> {
    let (word, arguments) = match text.split_once('(') {
        Some((word, arguments)) => (word, Some(arguments.strip_suffix(')')?)),
        None => (text, None),
    };
    Some(match (word, arguments) {
        ("smallint", _) => ColumnType::SmallInt,
        ("int", _) => ColumnType::Integer,
        ("bigint", _) => ColumnType::BigInt,
        ("tinyint", Some("1")) => ColumnType::Boolean,
        ("decimal", Some(arguments)) => {
            let (precision, scale) = arguments.split_once(',')?;
            ColumnType::Numeric { precision: Some(precision.parse().ok()?), scale: Some(scale.parse().ok()?) }
        }
        ("char", Some(length)) => ColumnType::Char(length.parse().ok()?),
        ("varchar", Some(length)) => ColumnType::Varchar(Some(length.parse().ok()?)),
        ("float", None) => ColumnType::Real,
        ("double", None) => ColumnType::Double,
        ("text", None) => ColumnType::Text,
        ("blob", None) => ColumnType::Binary,
        ("date", None) => ColumnType::Date,
        ("time", None) => ColumnType::Time,
        ("datetime", None) => ColumnType::Timestamp,
        ("timestamp", None) => ColumnType::TimestampTz,
        ("uuid", None) => ColumnType::Uuid,
        ("json", None) => ColumnType::Json,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use rectify_schema::build::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: ColumnType) {
        assert_eq!(parse(text, || "t_a".into()), expected, "{text}");
    }

    #[test]
    fn known_types_of_both() {
        check("int(11)", integer());
        check("int", integer());
        check("bigint(20)", bigint());
        check("tinyint(1)", boolean());
        check("decimal(12,2)", numeric(12, 2));
        check("varchar(20)", varchar(20));
        check("datetime", timestamp());
        check("timestamp", timestamptz());
    }

    #[test]
    fn other_types_are_kept_as_they_are() {
        for other in [
            "int(10) unsigned",
            "tinyint(4)",
            "datetime(6)",
            "longtext",
            "varbinary(10)",
            "set('a')",
            "bit(3)",
            "float(7,3)",
        ] {
            check(other, custom(other));
        }
    }

    #[test]
    fn enums_have_their_values() {
        check("enum('a','it''s','c,d','x)')", enumeration("t_a", ["a", "it's", "c,d", "x)"]));
        check("enum('back\\\\slash')", enumeration("t_a", ["back\\slash"]));
    }

    #[test]
    fn strings_lose_their_escapes() {
        assert_eq!(unescape("'x''y\\\\z\\'\\n'"), "x'y\\z'\n");
        assert_eq!(unescape("''"), "");
    }
}
