//! Which objects to look at.

use crate::name::TableName;

/// Patterns of names to look at and to pass over. Without patterns everything is looked at.
///
/// `*` stands for any text and `?` for one character. A pattern with a dot is matched with `schema.name`, one without
/// with the name alone.
///
/// # Examples
///
/// ```
/// use rectify_schema::diff::Filter;
///
/// let filter = Filter { include: vec![], exclude: vec!["tmp_*".into(), "audit.*".into()] };
/// assert!(filter.covers(&"users".into()));
/// assert!(!filter.covers(&"tmp_users".into()));
/// assert!(!filter.covers(&("audit", "events").into()));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Look at these only; at all if empty.
    pub include: Vec<String>,
    /// Pass these over, also where `include` names them.
    pub exclude: Vec<String>,
}

impl Filter {
    /// Tells whether the object is looked at.
    #[must_use]
    pub fn covers(&self, name: &TableName) -> bool {
        let any = |patterns: &[String]| patterns.iter().any(|pattern| matches_name(pattern, name));
        (self.include.is_empty() || any(&self.include)) && !any(&self.exclude)
    }
}

fn matches_name(pattern: &str, name: &TableName) -> bool {
    match pattern.split_once('.') {
        Some((schema, pattern)) => {
            matches(schema, name.schema.as_deref().unwrap_or_default()) && matches(pattern, &name.name)
        }
        None => matches(pattern, &name.name),
    }
}

/// Matches with `*` and `?`, by going back to the last `*` where the rest does not fit.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&c) if c == '?' || c == text[t] => (p, t) = (p + 1, t + 1),
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, t) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
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
    }

    #[test]
    fn what_is_excluded_is_not_included() {
        let filter = Filter { include: vec!["a*".into()], exclude: vec!["ab*".into()] };
        assert!(filter.covers(&"aa".into()) && !filter.covers(&"abc".into()) && !filter.covers(&"b".into()));
    }
}
