//! Which objects to look at.

use crate::name::TableName;
use crate::pattern::matches;
use crate::schema::Table;

/// Patterns of names to look at and to pass over, on both sides. Without patterns everything is looked at.
///
/// `*` stands for any text and `?` for one character. A pattern with a dot is matched with `schema.name`, one without
/// with the name alone. `schema:` before it means all of a schema; `column:`, `index:` and `constraint:` mean parts of
/// tables, with the table's name and a dot before them or without. What is included of one kind leaves the others alone.
///
/// # Examples
///
/// ```
/// use rectify_schema::diff::Filter;
///
/// let exclude = ["tmp_*", "audit.*", "schema:legacy", "index:*_manual"].map(String::from).to_vec();
/// let filter = Filter { include: vec![], exclude };
/// assert!(filter.covers(&"users".into()));
/// assert!(!filter.covers(&"tmp_users".into()));
/// assert!(!filter.covers(&("audit", "events").into()));
/// assert!(!filter.covers(&("legacy", "users").into()));
/// assert!(!filter.covers_part("index", &"users".into(), "ix_manual"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Look at these only; at all if empty.
    pub include: Vec<String>,
    /// Pass these over, also where `include` names them.
    pub exclude: Vec<String>,
}

/// The kinds that a pattern can name.
const KINDS: [&str; 4] = ["schema", "column", "index", "constraint"];

impl Filter {
    /// Tells whether the table, or another object that is no part of one, is looked at.
    #[must_use]
    pub fn covers(&self, name: &TableName) -> bool {
        let of_schema = |pattern: &str| matches(pattern, name.schema.as_deref().unwrap_or_default());
        self.decide("", |pattern| matches_name(pattern, name)) && self.decide("schema", of_schema)
    }

    /// Tells whether a part of a table is looked at; `kind` is `column`, `index` or `constraint`.
    #[must_use]
    pub fn covers_part(&self, kind: &str, table: &TableName, name: &str) -> bool {
        self.decide(kind, |pattern| match pattern.rsplit_once('.') {
            Some((of, pattern)) => matches_name(of, table) && matches(pattern, name),
            None => matches(pattern, name),
        })
    }

    fn decide(&self, kind: &str, is: impl Fn(&str) -> bool) -> bool {
        let mut include = of_kind(&self.include, kind).peekable();
        let included = include.peek().is_none() || include.any(&is);
        included && !of_kind(&self.exclude, kind).any(is)
    }

    /// Whether everything is looked at.
    pub(super) const fn is_empty(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    /// Leaves in a table what is looked at.
    pub(super) fn apply(&self, table: &mut Table) {
        if self.is_empty() {
            return;
        }
        let of = table.name.clone();
        let covers = |kind: &str, name: &str| self.covers_part(kind, &of, name);
        let named = |name: &Option<String>| name.as_ref().is_none_or(|name| covers("constraint", name));
        table.columns.retain(|column| covers("column", &column.name));
        table.indexes.retain(|index| covers("index", &index.name));
        table.uniques.retain(|unique| named(&unique.name));
        table.foreign_keys.retain(|key| named(&key.name));
        table.checks.retain(|check| named(&check.name));
        table.excludes.retain(|exclude| named(&exclude.name));
    }
}

/// The patterns for one kind, without its name.
fn of_kind<'a>(patterns: &'a [String], kind: &'a str) -> impl Iterator<Item = &'a str> {
    patterns.iter().filter_map(move |pattern| match pattern.split_once(':') {
        Some((of, pattern)) if KINDS.contains(&of) => (of == kind).then_some(pattern),
        _ => kind.is_empty().then_some(pattern.as_str()),
    })
}

fn matches_name(pattern: &str, name: &TableName) -> bool {
    match pattern.split_once('.') {
        Some((schema, pattern)) => {
            matches(schema, name.schema.as_deref().unwrap_or_default()) && matches(pattern, &name.name)
        }
        None => matches(pattern, &name.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, name: impl Into<TableName>, expected: bool) {
        let name = name.into();
        let exclude = Filter { include: Vec::new(), exclude: vec![pattern.to_owned()] };
        assert_eq!(exclude.covers(&name), !expected, "{pattern} {name}");
        let include = Filter { include: vec![pattern.to_owned()], exclude: Vec::new() };
        assert_eq!(include.covers(&name), expected, "{pattern} {name}");
    }

    #[test]
    fn patterns_match_names() {
        check("users", "users", true);
        check("users", ("app", "users"), true);
        check("app.users", ("app", "users"), true);
        check("app.*", ("app", "users"), true);
        check("app.*", "users", false);
        check(".*", "users", true);
        check("u*s", "users", true);
        check("u*e", "users", false);
        check("*_*_x", "a_b_c_x", true);
        check("?sers", "users", true);
        check("?", "", false);
        check("*", "", true);
        check("schema:app", ("app", "users"), true);
        check("schema:a*", "users", false);
    }

    #[test]
    fn what_is_excluded_is_not_included() {
        let filter = Filter { include: vec!["a*".into()], exclude: vec!["ab*".into()] };
        assert!(filter.covers(&"aa".into()) && !filter.covers(&"abc".into()) && !filter.covers(&"b".into()));
    }

    #[test]
    fn parts_of_tables_are_of_their_own_kind() {
        let exclude = vec!["column:users.old_*".into(), "index:ix_x".into()];
        let filter = Filter { include: vec!["users".into()], exclude };
        assert!(!filter.covers_part("column", &"users".into(), "old_name"));
        assert!(filter.covers_part("column", &"teams".into(), "old_name"));
        assert!(filter.covers_part("column", &"users".into(), "ix_x"));
        assert!(!filter.covers_part("index", &"users".into(), "ix_x"));
    }
}
