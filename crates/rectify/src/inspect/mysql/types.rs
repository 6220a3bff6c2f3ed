//! Types as `SHOW CREATE TABLE` spells them, back into what they mean; and strings, which it spells in the same way.

use rectify_schema::dialect::Dialect;
use rectify_schema::{ColumnType, EnumType, TableName};

use crate::inspect::tokens::{Kind, MYSQL, Token, list, tokens};

/// The type that is spelled like this. An enum has no name of its own and gets `enum_name`.
pub(super) fn parse(dialect: &dyn Dialect, text: &str, enum_name: impl FnOnce() -> TableName) -> ColumnType {
    match enum_values(text) {
        Some(values) => ColumnType::Enum(EnumType { name: enum_name(), values }),
        None => dialect.parse_type(text),
    }
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
    // Most columns are no enums, and there may be thousands.
    if !text.starts_with("enum(") {
        return None;
    }
    let tokens = tokens(text, MYSQL);
    let [_, _, values @ .., _] = tokens.as_slice() else { return None };
    let value = |item: &[Token<'_>]| match item {
        [value] if value.kind == Kind::Text => Some(unescape(value.text)),
        _ => None,
    };
    list(values).into_iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use rectify_schema::build::{boolean, custom, enumeration, integer, timestamp, timestamptz};
    use rectify_schema::dialect::MARIADB;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: ColumnType) {
        assert_eq!(parse(MARIADB, text, || "t_a".into()), expected, "{text}");
    }

    #[test]
    fn types_as_the_catalog_spells_them() {
        check("int(11)", integer());
        check("tinyint(1)", boolean());
        check("datetime", timestamp());
        check("timestamp", timestamptz());
        for other in ["int(10) unsigned", "tinyint(4)", "datetime(6)", "longtext", "set('a')", "bit(3)", "float(7,3)"] {
            check(other, custom(other));
        }
    }

    #[test]
    fn enums_have_their_values() {
        check("enum('a','it''s','c,d','x)')", enumeration("t_a", ["a", "it's", "c,d", "x)"]));
        check("enum('back\\\\slash','line\\n')", enumeration("t_a", ["back\\slash", "line\n"]));
    }

    #[test]
    fn strings_lose_their_escapes() {
        assert_eq!(unescape("'x''y\\\\z\\'\\n'"), "x'y\\z'\n");
        assert_eq!(unescape("''"), "");
    }
}
