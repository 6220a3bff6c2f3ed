//! Literals as a person would write them.

use super::expression::Expr;
use crate::schema::{DefaultValue, Value};

/// A name or a value: on one line, and raw where that saves the reader from escapes.
pub(super) fn text(text: &str) -> Expr {
    if text.contains('\n') { Expr::Text(quoted(text)) } else { sql(text) }
}

/// SQL, whose lines stay lines.
pub(super) fn sql(text: &str) -> Expr {
    let is_odd = |c: char| (c.is_control() && c != '\n') || turns_direction(c);
    // rustfmt would cut the blanks at the end of a line, and a reader cannot see them.
    let hides_blanks = text.lines().any(|line| line.ends_with([' ', '\t'])) && text.contains('\n');
    if text.contains(is_odd) || hides_blanks || !text.contains(['\n', '"', '\\']) {
        return Expr::Text(quoted(text));
    }
    let mut hashes = String::new();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    Expr::Raw(format!("r{hashes}\"{text}\"{hashes}"))
}

/// In quotes, with escapes where they are needed.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out += "\\n",
            '\r' => out += "\\r",
            '\t' => out += "\\t",
            '\0' => out += "\\0",
            c if c.is_control() || turns_direction(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out + "\""
}

/// Characters that make a line look like what it is not: the compiler refuses them in source.
pub(super) fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A default or the value of a row.
pub(super) fn default(default: &DefaultValue) -> Expr {
    match default {
        DefaultValue::Literal(literal) => value(literal),
        DefaultValue::Expression(text) => Expr::call("sql", [sql(text)]),
    }
}

fn value(value: &Value) -> Expr {
    match value {
        Value::Null => Expr::atom("None::<&str>"),
        Value::Bool(truth) => Expr::atom(truth.to_string()),
        Value::Int(number) => integer(*number),
        Value::Float(number) => Expr::atom(float(*number)),
        Value::Text(words) => text(words),
        Value::Bytes(bytes) => {
            Expr::atom(format!("b\"{}\"", bytes.escape_ascii().to_string().replace("\\'", "'"))).method("to_vec", [])
        }
    }
}

/// A number where its own size decides about its type.
fn integer(number: i64) -> Expr {
    let suffix = if i32::try_from(number).is_ok() { "" } else { "_i64" };
    Expr::atom(digits(number) + suffix)
}

/// A number where the place decides about its type.
pub(super) fn number(number: impl Into<i128>) -> Expr {
    Expr::atom(digits(number))
}

/// Long numbers are written in groups of three digits.
fn digits(number: impl Into<i128>) -> String {
    let number: i128 = number.into();
    let plain = number.unsigned_abs().to_string();
    let mut out = String::new();
    for (nth, digit) in plain.chars().enumerate() {
        if plain.len() > 4 && nth > 0 && (plain.len() - nth).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    if number < 0 { format!("-{out}") } else { out }
}

fn float(number: f64) -> String {
    if number.is_nan() {
        "f64::NAN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "f64::INFINITY".to_owned() } else { "f64::NEG_INFINITY".to_owned() }
    } else {
        // The shortest form that is read back as the same number.
        format!("{number:?}")
    }
}
