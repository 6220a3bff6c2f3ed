//! Templates of names: checked while the crate that writes them compiles.

use crate::name::TableName;

/// A template that is known to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Template(&'static str);

/// What a template names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Index,
    Unique,
    ForeignKey,
    PrimaryKey,
    Check,
    Exclude,
}

/// What stands for the tokens of a template.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) table: &'a TableName,
    pub(super) columns: Vec<&'a str>,
    /// Of a foreign key.
    pub(super) refers_to: Option<(&'a TableName, &'a [String])>,
    /// Of a check.
    pub(super) short: Option<&'a str>,
}

/// What a template needs, and is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lacks {
    Columns,
    Reference,
    ShortName,
}

impl Template {
    /// Checks a template. In a constant, this is done by the compiler, who shows the place of the call.
    #[track_caller]
    pub(super) const fn new(kind: Kind, text: &'static str) -> Self {
        let bytes = text.as_bytes();
        assert!(!bytes.is_empty(), "a naming template is empty");
        let mut at = 0;
        while at < bytes.len() {
            assert!(bytes[at] != 0, "a naming template contains a NUL character");
            assert!(bytes[at] != b'}', "a naming template has a `}}` without `{{`");
            if bytes[at] == b'{' {
                let start = at + 1;
                while at < bytes.len() && bytes[at] != b'}' {
                    at += 1;
                }
                assert!(at < bytes.len(), "a naming template has a `{{` without `}}`");
                check_token(kind, bytes, start, at);
            }
            at += 1;
        }
        Self(text)
    }

    /// Whether a given name goes into it.
    pub(super) fn has_short_name(self) -> bool {
        self.0.contains("{name}")
    }

    pub(super) const fn text(self) -> &'static str {
        self.0
    }

    /// Fills it in.
    pub(super) fn fill(self, facts: &Facts<'_>) -> Result<String, Lacks> {
        let (mut name, mut rest) = (String::new(), self.0);
        while let Some((before, token)) = rest.split_once('{') {
            let (token, after) = token.split_once('}').unwrap_or((token, ""));
            name += before;
            name += &value(token, facts)?;
            rest = after;
        }
        Ok(name + rest)
    }
}

fn value(token: &str, facts: &Facts<'_>) -> Result<String, Lacks> {
    let (token, separator) = token.split_once(':').unwrap_or((token, "_"));
    let columns = || if facts.columns.is_empty() { Err(Lacks::Columns) } else { Ok(&facts.columns) };
    let reference = || facts.refers_to.filter(|(table, _)| !table.name.is_empty()).ok_or(Lacks::Reference);
    let referred = || {
        let (_, columns) = reference()?;
        if columns.is_empty() { Err(Lacks::Reference) } else { Ok(columns) }
    };
    Ok(match token {
        "table" => facts.table.name.clone(),
        "qualified_table" => match &facts.table.schema {
            Some(schema) => format!("{schema}_{}", facts.table.name),
            None => facts.table.name.clone(),
        },
        "columns" => columns()?.join(separator),
        "referred_table" => reference()?.0.name.clone(),
        "referred_column" => referred()?[0].clone(),
        "referred_columns" => referred()?.join(separator),
        "name" => facts.short.ok_or(Lacks::ShortName)?.to_owned(),
        // `column`, `column_1` and so on: `new` lets nothing else through.
        column => {
            let nth = column.strip_prefix("column_").and_then(|nth| nth.parse().ok()).unwrap_or(0);
            columns()?.get(nth).map(|name| (*name).to_owned()).unwrap_or_default()
        }
    })
}

#[track_caller]
const fn check_token(kind: Kind, text: &[u8], start: usize, end: usize) {
    let mut colon = start;
    while colon < end && text[colon] != b':' {
        colon += 1;
    }
    let list = is_word(text, start, colon, b"columns") || is_word(text, start, colon, b"referred_columns");
    let single = is_word(text, start, colon, b"table")
        || is_word(text, start, colon, b"qualified_table")
        || is_column(text, start, colon)
        || is_word(text, start, colon, b"referred_table")
        || is_word(text, start, colon, b"referred_column")
        || is_word(text, start, colon, b"name");
    assert!(
        list || single,
        "a naming template has an unknown token; there are {{table}}, {{qualified_table}}, {{column}}, {{column_1}} and so on, \
         {{columns}}, {{referred_table}}, {{referred_column}}, {{referred_columns}} and {{name}}"
    );
    assert!(
        list || colon == end,
        "a naming template has a separator (`:`) behind a token that is not a list of columns"
    );
    assert!(
        matches!(kind, Kind::ForeignKey) || !starts_with(text, start, b"referred_"),
        "only the naming template of foreign keys can speak of what is referred to"
    );
    assert!(
        matches!(kind, Kind::Check) || !is_word(text, start, colon, b"name"),
        "only the naming template of checks can have {{name}}: all else is named by its columns"
    );
}

const fn is_column(text: &[u8], start: usize, end: usize) -> bool {
    if is_word(text, start, end, b"column") {
        return true;
    }
    let mut at = start + b"column_".len();
    if !starts_with(text, start, b"column_") || at >= end || end - at > 3 {
        return false;
    }
    while at < end {
        if !text[at].is_ascii_digit() {
            return false;
        }
        at += 1;
    }
    true
}

const fn is_word(text: &[u8], start: usize, end: usize, word: &[u8]) -> bool {
    end - start == word.len() && starts_with(text, start, word)
}

const fn starts_with(text: &[u8], start: usize, word: &[u8]) -> bool {
    let mut at = 0;
    while at < word.len() {
        if start + at >= text.len() || text[start + at] != word[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(template: &'static str, expected: Result<&str, Lacks>) {
        let (users, tenants) = (TableName::from(("app", "users")), TableName::from("tenants"));
        let referred = ["a".to_owned(), "b".to_owned()];
        let facts = Facts {
            table: &users,
            columns: vec!["tenant_id", "email"],
            refers_to: Some((&tenants, &referred)),
            short: None,
        };
        assert_eq!(Template::new(Kind::ForeignKey, template).fill(&facts), expected.map(str::to_owned));
    }

    #[test]
    fn tokens_stand_for_what_they_say() {
        check("fk_{table}_{columns}", Ok("fk_users_tenant_id_email"));
        check("{qualified_table}.{column}", Ok("app_users.tenant_id"));
        check("{column_0}+{column_1}+{column_7}", Ok("tenant_id+email+"));
        check("{columns:}/{columns:__}", Ok("tenant_idemail/tenant_id__email"));
        check("{referred_table}_{referred_column}_{referred_columns}", Ok("tenants_a_a_b"));
    }

    #[test]
    fn what_is_not_known_is_said() {
        let table = TableName::from("users");
        let facts = Facts { table: &table, columns: Vec::new(), refers_to: None, short: None };
        let fill = |kind, text| Template::new(kind, text).fill(&facts).unwrap_err();
        assert_eq!(fill(Kind::Unique, "{columns}"), Lacks::Columns);
        assert_eq!(fill(Kind::Check, "{name}"), Lacks::ShortName);
        assert_eq!(fill(Kind::ForeignKey, "{referred_table}"), Lacks::Reference);
    }

    #[track_caller]
    fn refused(kind: Kind, template: &'static str, expected: &str) {
        let panicked = std::panic::catch_unwind(|| Template::new(kind, template)).unwrap_err();
        let message = panicked.downcast_ref::<&str>().copied().unwrap_or_default();
        assert!(message.contains(expected), "{template}: {message}");
    }

    #[test]
    fn what_is_no_template_is_refused() {
        refused(Kind::Index, "", "is empty");
        refused(Kind::Index, "ix_\0", "NUL");
        refused(Kind::Index, "ix_{table", "without `}`");
        refused(Kind::Index, "ix_table}", "without `{`");
        refused(Kind::Index, "ix_{tabel}", "unknown token");
        refused(Kind::Index, "ix_{column_}", "unknown token");
        refused(Kind::Index, "ix_{column_x}", "unknown token");
        refused(Kind::Index, "ix_{column_1000}", "unknown token");
        refused(Kind::Index, "ix_{table:_}", "separator");
        refused(Kind::Index, "ix_{referred_table}", "foreign keys");
        refused(Kind::Unique, "uq_{name}", "checks");
    }
}
