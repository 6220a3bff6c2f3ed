//! SQL texts as they are compared: with what never matters set aside. Not a parser.

use crate::dialect::Dialect;
use crate::schema::{ColumnType, DefaultValue, Value};
use crate::text::tokens;

/// Gives a text in a form in which equal expressions are mostly equal texts: without white space, quotes around plain
/// names, capitals outside of literals, outer parentheses, and the casts that PostgreSQL adds to a literal or a column.
pub(super) fn canonical(sql: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for token in tokens(sql) {
        let items = token.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let items = items.filter(|_| words.last().is_some_and(|last| last == "array"));
        words.push(items.map_or_else(|| word(token), |items| format!("[{}]", canonical(items))));
    }
    short_casts(&mut words);
    drop_casts(&mut words);
    drop_parentheses(&mut words);
    words.join(" ")
}

/// Tells whether two optional texts mean the same.
pub(super) fn same(a: Option<&String>, b: Option<&String>) -> bool {
    a == b || matches!((a, b), (Some(a), Some(b)) if canonical(a) == canonical(b))
}

fn word(token: &str) -> String {
    match token.as_bytes().first() {
        Some(b'\'') => token.to_owned(),
        Some(quote @ (b'"' | b'`')) => {
            let inner = token[1..].strip_suffix(char::from(*quote)).unwrap_or(&token[1..]);
            if is_plain(inner) { inner.to_owned() } else { format!("\"{inner}\"") }
        }
        Some(b'[') if token != "[]" => token[1..].trim_end_matches(']').to_owned(),
        _ => token.to_lowercase(),
    }
}

fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Writes `cast(a as type)` as `(a)::type`, as PostgreSQL prints it.
fn short_casts(words: &mut Vec<String>) {
    let mut at = 0;
    while at + 1 < words.len() {
        if words[at] == "cast" && words[at + 1] == "(" {
            let end = closes(&words[at + 1..]).map_or(words.len(), |end| at + 1 + end);
            let as_word = words[at..end].iter().rposition(|word| word == "as").map(|found| at + found);
            if let (Some(as_word), true) = (as_word, end < words.len()) {
                let kind = words[as_word + 1..end].to_vec();
                let value = words[at + 2..as_word].to_vec();
                let cast = ["("].into_iter().map(str::to_owned).chain(value);
                let cast: Vec<_> = cast.chain([")".to_owned(), "::".to_owned()]).chain(kind).collect();
                drop(words.splice(at..=end, cast));
            }
        }
        at += 1;
    }
}

/// Removes `::type` behind a text literal, a `NULL`, and a name or an array in parentheses: PostgreSQL casts an array of literals
/// as a whole, and each of them when it has printed the text once more.
fn drop_casts(words: &mut Vec<String>) {
    let mut at = 1;
    while at + 1 < words.len() {
        let before = &words[at - 1];
        let bare = before.starts_with('\'') || before == "null" || is_parenthesised_name(&words[..at]);
        if words[at] == "::" && bare {
            let end = at + 1 + type_len(&words[at + 1..]);
            drop(words.drain(at..end));
        } else {
            at += 1;
        }
    }
}

fn is_parenthesised_name(words: &[String]) -> bool {
    let is_name = matches!(words, [.., open, name, close] if open == "(" && close == ")" && is_word(name));
    let is_array = |words: &[String]| matches!(words, [.., open, array, _, close] if open == "(" && array == "array" && close == ")");
    is_name || is_array(words)
}

/// How many words spell the type that stands at the beginning.
fn type_len(words: &[String]) -> usize {
    let starts = |phrase: &[&str]| {
        words.len() >= phrase.len() && words.iter().zip(phrase).all(|(word, expected)| word == expected)
    };
    let mut len = match () {
        () if starts(&["character", "varying"]) || starts(&["double", "precision"]) => 2,
        () if starts(&["timestamp"]) || starts(&["time"]) => 1,
        () if words.get(1).is_some_and(|word| word == ".") => 3,
        () => 1,
    };
    if words.get(len).is_some_and(|word| word == "(") {
        len += words[len..].iter().position(|word| word == ")").map_or(0, |close| close + 1);
    }
    if starts(&["timestamp"]) || starts(&["time"]) {
        let zone = words.get(len..len + 3).is_some_and(|rest| rest[1] == "time" && rest[2] == "zone");
        len += if zone { 3 } else { 0 };
    }
    while words.get(len).is_some_and(|word| word == "[]") {
        len += 1;
    }
    len.min(words.len())
}

/// Removes parentheses around all of it, around one word, and around what is in parentheses already.
fn drop_parentheses(words: &mut Vec<String>) {
    let mut open = Vec::new();
    let mut drop = vec![false; words.len()];
    let mut inner: Option<(usize, usize)> = None;
    for at in 0..words.len() {
        match words[at].as_str() {
            "(" => open.push(at),
            ")" => {
                let Some(start) = open.pop() else { continue };
                let called = start > 0 && (is_word(&words[start - 1]) && !is_operator(&words[start - 1]));
                let single = at == start + 2 && !called;
                let whole = start == 0 && at + 1 == words.len();
                let doubled = inner == Some((start + 1, at.wrapping_sub(1)));
                if whole || single {
                    (drop[start], drop[at]) = (true, true);
                } else if doubled {
                    (drop[start + 1], drop[at - 1]) = (true, true);
                }
                inner = Some((start, at));
            }
            _ => {}
        }
    }
    let mut kept = drop.iter().map(|drop| !drop);
    words.retain(|_| kept.next().unwrap_or(true));
    let outer = words.len() > 1 && words[0] == "(" && closes(words) == Some(words.len() - 1);
    if drop.contains(&true) && outer {
        drop_parentheses(words);
    }
}

/// Where the parenthesis closes that the words begin with.
fn closes(words: &[String]) -> Option<usize> {
    let mut depth = 0_usize;
    words.iter().position(|word| {
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

fn is_word(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '"' || c == '\'')
}

/// Words behind which a parenthesis is not that of a call.
fn is_operator(word: &str) -> bool {
    ["and", "or", "not", "is", "like", "between", "when", "then", "else", "case", "where", "on", "as"].contains(&word)
}

/// Gives a default in a form in which equal defaults are equal; `None` where it is `NULL`.
pub(super) fn default(dialect: &dyn Dialect, column_type: &ColumnType, default: &DefaultValue) -> Option<String> {
    let text = match default {
        DefaultValue::Literal(Value::Null) => return None,
        DefaultValue::Literal(value) => dialect.literal(value).ok()?,
        DefaultValue::Expression(text) => text.clone(),
    };
    let text =
        canonical(&text).replace("current_timestamp ( )", "current_timestamp").replace("now ( )", "current_timestamp");
    if text == "null" {
        return None;
    }
    // MariaDB prints the one function for the other.
    let text = if dialect.name() == "mariadb" { text.replace("octet_length (", "length (") } else { text };
    Some(match column_type {
        // It is kept in a form of its own.
        ColumnType::Jsonb if dialect.name() == "postgres" => json(&text),
        ColumnType::Boolean => match text.trim_matches('\'') {
            "true" | "t" | "1" => "true".to_owned(),
            "false" | "f" | "0" => "false".to_owned(),
            _ => text,
        },
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::Numeric { .. }
        | ColumnType::Real
        | ColumnType::Double => number(&text).unwrap_or(text),
        _ => text,
    })
}

/// JSON text without white space outside of its strings.
fn json(text: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        kept.extend(Some(c).filter(|c| quoted || !c.is_whitespace()));
    }
    kept
}

/// A number without quotes and without what does not count in it.
fn number(text: &str) -> Option<String> {
    let bare: String = text.trim_matches('\'').split(' ').collect();
    let value: f64 = bare.parse().ok()?;
    let digits = bare.trim_start_matches('+');
    if !digits.contains(['e', 'E']) && digits.contains('.') {
        return Some(digits.trim_end_matches('0').trim_end_matches('.').to_owned());
    }
    // A whole number stays as it is written: a floating-point number could not hold all of its digits.
    Some(if digits.contains(['e', 'E']) { value.to_string() } else { digits.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{MARIADB, POSTGRES, SQLITE};

    #[track_caller]
    fn equal(a: &str, b: &str) {
        assert_eq!(canonical(a), canonical(b));
    }

    #[track_caller]
    fn differ(a: &str, b: &str) {
        assert_ne!(canonical(a), canonical(b));
    }

    #[test]
    fn what_never_matters_is_set_aside() {
        equal("a>0", "( a  > 0 )");
        equal("((a > 0))", "a > 0");
        equal("LENGTH(title) > 0", "length(title) > 0");
        equal("length((title)::text) > 0", "length(title) > 0");
        equal("\"a\" > `b`", "a > b");
        equal("'x'::character varying", "'x'");
        equal(
            "v = ANY ((ARRAY['a'::character varying, 'it''s'::character varying])::text[])",
            "v = ANY (ARRAY[('a'::character varying)::text, ('it''s'::character varying)::text])",
        );
        differ("v = ANY (ARRAY['a'::text])", "v = ANY (ARRAY['b'::text])");
        equal("'x'::timestamp(3) without time zone", "'x'");
        equal("state = 'a'::public.mood or b", "state = 'a' or b");
        equal("(a > 0) AND (b)", "(a > 0) and b");
        equal("CAST(a AS TEXT)", "(a)::text");
        equal("lower(cast(a as character varying(9)))", "lower((a)::character varying(9))");
    }

    #[test]
    fn what_matters_stays() {
        differ("a > 0", "a > 9");
        differ("a = 'X'", "a = 'x'");
        differ("(a + b) * c", "a + b * c");
        differ("\"A\" > 0", "a > 0");
        differ("f(a)", "f a");
        differ("(a) in (1)", "a in (2)");
        differ("a::integer", "a::text");
    }

    #[track_caller]
    fn same_default(dialect: &dyn Dialect, column_type: ColumnType, a: impl Into<DefaultValue>, b: &str) {
        let b = DefaultValue::Expression(b.to_owned());
        assert_eq!(default(dialect, &column_type, &a.into()), default(dialect, &column_type, &b), "{b:?}");
    }

    #[test]
    fn a_literal_and_its_text_are_one_default() {
        same_default(POSTGRES, ColumnType::Text, "it's", "'it''s'::text");
        same_default(POSTGRES, ColumnType::Integer, -1, "'-1'::integer");
        same_default(MARIADB, ColumnType::Boolean, true, "1");
        same_default(SQLITE, ColumnType::Boolean, false, "0");
        same_default(SQLITE, ColumnType::Numeric { precision: Some(9), scale: Some(2) }, 0, "0.00");
        same_default(POSTGRES, ColumnType::Jsonb, "{\"a b\":1}", "'{\"a b\": 1}'::jsonb");
        same_default(MARIADB, ColumnType::Integer, crate::build::sql("LENGTH('A')"), "octet_length('A')");
        same_default(POSTGRES, ColumnType::Text, Value::Null, "NULL::text");
        same_default(MARIADB, ColumnType::Timestamp, crate::build::sql("now()"), "current_timestamp()");
    }
}
