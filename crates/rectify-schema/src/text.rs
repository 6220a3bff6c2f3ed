//! Looking into SQL text that a user wrote, as far as renaming a column needs it. Not a parser.

use crate::dialect::ALL;

/// Replaces each use of the identifier `old` in `sql` by `new`, in the quotes that `old` has; one without quotes gets double
/// quotes where any database asks for some.
///
/// String literals stay as they are; a name followed by `(` is a function and stays too.
pub(crate) fn replace_identifier(sql: &str, old: &str, new: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let len = token_len(rest, first);
        let (token, after) = rest.split_at(len);
        if names(token, first, old) && !after.trim_start().starts_with('(') {
            out.push_str(&spell(new, first));
        } else {
            out.push_str(token);
        }
        rest = after;
    }
    out
}

/// Tells whether `sql` uses the identifier `name`.
pub(crate) fn mentions(sql: &str, name: &str) -> bool {
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (token, after) = rest.split_at(token_len(rest, first));
        if names(token, first, name) && !after.trim_start().starts_with('(') {
            return true;
        }
        rest = after;
    }
    false
}

/// The words of `sql`: names, literals with their quotes, and signs, `::` and `[]` as one; white space is left out.
pub(crate) fn tokens(sql: &str) -> impl Iterator<Item = &str> {
    let mut rest = sql.trim_start();
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let len = match rest {
            _ if rest.starts_with("::") || rest.starts_with("[]") => 2,
            _ => token_len(rest, first),
        };
        let (token, after) = rest.split_at(len);
        rest = after.trim_start();
        Some(token)
    })
}

fn token_len(text: &str, first: char) -> usize {
    match first {
        '\'' | '"' | '`' => quoted_len(text, first),
        '[' => text.find(']').map_or(text.len(), |at| at + 1),
        c if is_word(c) => text.find(|c| !is_word(c)).unwrap_or(text.len()),
        c => c.len_utf8(),
    }
}

/// The length of a quoted token; a doubled quote inside belongs to it.
fn quoted_len(text: &str, quote: char) -> usize {
    let mut at = 1;
    while let Some(found) = text[at..].find(quote) {
        at += found + 1;
        if !text[at..].starts_with(quote) {
            return at;
        }
        at += 1;
    }
    text.len()
}

fn names(token: &str, first: char, name: &str) -> bool {
    match first {
        '"' | '`' => {
            let inner = token[1..].strip_suffix(first).unwrap_or_default();
            inner.replace(&format!("{first}{first}"), &first.to_string()).eq_ignore_ascii_case(name)
        }
        '[' => token[1..].strip_suffix(']').is_some_and(|inner| inner.eq_ignore_ascii_case(name)),
        c if is_word(c) => token.eq_ignore_ascii_case(name),
        _ => false,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn spell(name: &str, first: char) -> String {
    match first {
        '"' | '`' => format!("{first}{}{first}", name.replace(first, &format!("{first}{first}"))),
        '[' if !name.contains(']') => format!("[{name}]"),
        '[' => spell(name, '"'),
        _ if ALL.iter().all(|dialect| dialect.quote(name) == name) => name.to_owned(),
        _ => spell(name, '"'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, expected: &str) {
        assert_eq!(replace_identifier(sql, "age", "years"), expected);
        assert_eq!(mentions(sql, "age"), sql != expected, "{sql}");
    }

    #[test]
    fn only_identifiers_are_replaced() {
        check("age > 0", "years > 0");
        check("AGE > 0 and t.age < 9", "years > 0 and t.years < 9");
        check("\"age\" > `age` + [age]", "\"years\" > `years` + [years]");
        check("note <> 'age ''age'' x'", "note <> 'age ''age'' x'");
        check("age(born) > 3", "age(born) > 3");
        check("page > 3 or age_group = 1", "page > 3 or age_group = 1");
        check("x = 'unfinished age", "x = 'unfinished age");
    }

    #[test]
    fn a_new_name_is_quoted_as_the_old_one_was_or_where_some_database_asks_for_it() {
        assert_eq!(replace_identifier("age > 0", "age", "user"), "\"user\" > 0");
        assert_eq!(replace_identifier("age > 0", "age", "a\"b"), "\"a\"\"b\" > 0");
        assert_eq!(replace_identifier("`age` > [age]", "age", "a`]"), "`a``]` > \"a`]\"");
        assert_eq!(replace_identifier("[age] > 0", "age", "Check"), "[Check] > 0");
    }

    proptest::proptest! {
        #[test]
        fn text_without_the_name_stays_as_it_is(sql in "\\PC*") {
            proptest::prop_assume!(!mentions(&sql, "age"));
            proptest::prop_assert_eq!(replace_identifier(&sql, "age", "years"), sql);
        }
    }
}
