//! Values of `rectify.toml`, each read as what its key wants, and what is said where it is something else.

use std::ops::Range;
use std::time::Duration;

use rectify_chain::nearest::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Lock, Transaction};

/// A value with its place.
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// What is wrong in `rectify.toml`, and at which byte.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Mistake {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Mistake {
        Mistake { at: span.start, message: message.into(), hint: None }
    }

    pub(super) fn value(value: &Value<'_>, message: impl Into<String>) -> Mistake {
        Mistake::new(value.span(), message)
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Mistake {
        Mistake { hint: Some(hint.into()), ..self }
    }

    /// `table` is empty for a key that stands above all tables.
    pub(super) fn unknown_key(key: &str, span: Range<usize>, table: &str, known: &[&str]) -> Mistake {
        let place = if table.is_empty() { String::new() } else { format!(" in `[{table}]`") };
        let mistake = Mistake::new(span, format!("unknown key `{key}`{place}"));
        match nearest(key, known.iter().copied()).first() {
            Some(near) => mistake.hint(format!("did you mean `{near}`?")),
            None => mistake.hint(format!("known keys: {}", known.join(", "))),
        }
    }
}

pub(super) fn text_of(key: &str, value: &Value<'_>) -> Result<String, Mistake> {
    match value.get_ref() {
        DeValue::String(text) if !text.is_empty() => Ok(text.clone().into_owned()),
        _ => Err(Mistake::value(value, format!("`{key}` must be a text in quotes, and not empty"))),
    }
}

/// A list of texts that holds at least one.
pub(super) fn texts_of(key: &str, value: &Value<'_>) -> Result<Vec<String>, Mistake> {
    match value.get_ref() {
        DeValue::Array(values) if !values.is_empty() => values.iter().map(|value| text_of(key, value)).collect(),
        _ => Err(Mistake::value(value, format!("`{key}` must be a list of texts, and not empty"))),
    }
}

pub(super) fn text_or_texts_of(key: &str, value: &Value<'_>) -> Result<Vec<String>, Mistake> {
    match value.get_ref() {
        DeValue::Array(_) => texts_of(key, value),
        DeValue::String(_) => text_of(key, value).map(|text| vec![text]),
        _ => Err(Mistake::value(value, format!("`{key}` must be a text in quotes, or a list of them"))),
    }
}

pub(super) fn bool_of(key: &str, value: &Value<'_>) -> Result<bool, Mistake> {
    match value.get_ref() {
        DeValue::Boolean(value) => Ok(*value),
        _ => Err(Mistake::value(value, format!("`{key}` must be true or false"))),
    }
}

pub(super) fn length_of(key: &str, value: &Value<'_>) -> Result<usize, Mistake> {
    let number = match value.get_ref() {
        DeValue::Integer(number) => number.to_string().parse().ok().filter(|number| *number > 0),
        _ => None,
    };
    number.ok_or_else(|| Mistake::value(value, format!("`{key}` must be a number above zero")))
}

pub(super) fn table_of<'a, 'v>(key: &str, value: &'a Value<'v>) -> Result<&'a DeTable<'v>, Mistake> {
    match value.get_ref() {
        DeValue::Table(table) => Ok(table),
        _ => Err(Mistake::value(value, format!("`{key}` must be a table")).hint(format!("write `[{key}]` above it"))),
    }
}

pub(super) fn word_of(key: &str, value: &Value<'_>, words: &[&str]) -> Result<String, Mistake> {
    let expected = || {
        let (last, others) = words.split_last().expect("there is something to choose from");
        let others: Vec<String> = others.iter().map(|word| format!("\"{word}\"")).collect();
        Mistake::value(value, format!("`{key}` must be {} or \"{last}\"", others.join(", ")))
    };
    let DeValue::String(text) = value.get_ref() else { return Err(expected()) };
    if words.contains(&text.as_ref()) {
        return Ok(text.clone().into_owned());
    }
    Err(match nearest(text, words.iter().copied()).first() {
        Some(near) => expected().hint(format!("did you mean \"{near}\"?")),
        None => expected(),
    })
}

pub(super) fn transaction_of(value: &Value<'_>) -> Result<Transaction, Mistake> {
    Ok(match word_of("transaction", value, &["migration", "run"])?.as_str() {
        "run" => Transaction::Run,
        _ => Transaction::Migration,
    })
}

pub(super) fn lock_of(value: &Value<'_>) -> Result<Lock, Mistake> {
    Ok(match word_of("lock", value, &["auto", "session", "lease"])?.as_str() {
        "session" => Lock::Session,
        "lease" => Lock::Lease,
        _ => Lock::Auto,
    })
}

pub(super) fn time_of(key: &str, value: &Value<'_>) -> Result<Duration, Mistake> {
    let text = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        _ => String::new(),
    };
    parse_time(&text).map_err(|reason| Mistake::value(value, format!("`{key}`: {reason}")))
}

/// As [`time_of`]; a lease that is over at once keeps nobody out.
pub(super) fn lease_of(key: &str, value: &Value<'_>) -> Result<Duration, Mistake> {
    let time = time_of(key, value)?;
    if time < Duration::from_secs(1) {
        return Err(Mistake::value(value, format!("`{key}` must be one second at least")));
    }
    Ok(time)
}

/// A whole number of seconds, or of the unit behind it.
pub(super) fn parse_time(text: &str) -> Result<Duration, &'static str> {
    const EXPECTED: &str = "expected a time such as 30, 500ms, 30s or 5m";
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().map_err(|_| EXPECTED)?;
    match &text[digits..] {
        "ms" => Ok(Duration::from_millis(number)),
        "" | "s" => Ok(Duration::from_secs(number)),
        "m" => Ok(Duration::from_secs(number.saturating_mul(60))),
        _ => Err(EXPECTED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, millis) in [("30", 30_000), ("500ms", 500), ("30s", 30_000), ("5m", 300_000), ("0", 0)] {
            assert_eq!(parse_time(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "s", "-1", "1.5s", "1h", "1 s"] {
            assert!(parse_time(text).is_err(), "{text}");
        }
    }
}
