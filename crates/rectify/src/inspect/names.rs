//! Names in the SQL text of views, functions and triggers.

use std::collections::HashSet;

use super::tokens::{Kind, MYSQL, POSTGRES, SQLITE, Syntax, tokens};
use crate::database::Family;

/// The names in a text, in small letters; keywords are among them.
pub(crate) fn names_in(text: &str, family: Family) -> HashSet<String> {
    let is_name = |kind: Kind| matches!(kind, Kind::Word | Kind::Name);
    let tokens = tokens(text, syntax(family)).into_iter().filter(|token| is_name(token.kind));
    tokens.map(|token| token.name().to_lowercase()).collect()
}

/// The text of a trigger with another table in the place of its own: `table` stands behind the first `ON`. None where the
/// text has no such place.
pub(crate) fn put_on(text: &str, family: Family, table: &str) -> Option<String> {
    let tokens = tokens(text, syntax(family));
    let at = tokens.iter().position(|token| token.is("ON"))? + 1;
    let first = tokens.get(at)?;
    let last = match (tokens.get(at + 1), tokens.get(at + 2)) {
        (Some(dot), Some(name)) if dot.is_symbol(".") => name,
        _ => first,
    };
    Some(format!("{}{table}{}", &text[..first.start()], &text[last.end()..]))
}

const fn syntax(family: Family) -> Syntax {
    match family {
        Family::Sqlite => SQLITE,
        Family::Postgres => POSTGRES,
        Family::Mysql => MYSQL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_outside_of_literals_and_comments() {
        let mut names: Vec<_> =
            names_in("SELECT \"A\".b FROM c -- d\n WHERE e = 'f'", Family::Postgres).into_iter().collect();
        names.sort();
        assert_eq!(names, ["a", "b", "c", "e", "from", "select", "where"]);
    }

    #[track_caller]
    fn put(text: &str, expected: Option<&str>) {
        assert_eq!(put_on(text, Family::Postgres, "t").as_deref(), expected);
    }

    #[test]
    fn a_trigger_is_put_on_another_table() {
        put("BEFORE UPDATE ON notes FOR EACH ROW", Some("BEFORE UPDATE ON t FOR EACH ROW"));
        put("AFTER UPDATE OF \"on\" ON \"A b\".notes WHEN (true)", Some("AFTER UPDATE OF \"on\" ON t WHEN (true)"));
        put("BEFORE UPDATE", None);
        put("BEFORE UPDATE ON", None);
    }
}
