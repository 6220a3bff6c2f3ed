//! What all databases share in reading a default back: numbers and bytes.

use rectify_schema::{ColumnType, DefaultValue, Value};

/// A number as a literal, if a literal is written as `text` again; an expression otherwise. `0.10` stays `0.10`.
pub(super) fn number(column_type: &ColumnType, text: &str) -> Option<DefaultValue> {
    if let Ok(value) = text.parse::<i64>() {
        let same = value.to_string() == text;
        let value = match (column_type, value) {
            (ColumnType::Boolean, 0 | 1) => Value::Bool(value == 1),
            _ => Value::Int(value),
        };
        return Some(if same { value.into() } else { DefaultValue::Expression(text.to_owned()) });
    }
    let value = text.parse::<f64>().ok().filter(|value| value.is_finite())?;
    let same = format!("{value:?}") == text;
    Some(if same { Value::Float(value).into() } else { DefaultValue::Expression(text.to_owned()) })
}

/// The bytes that pairs of hexadecimal digits stand for.
pub(super) fn hex(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    if !digits.len().is_multiple_of(2) || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let pair = |pair: &[u8]| {
        let text = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(text, 16).ok()
    };
    digits.chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(column_type: ColumnType, text: &str, expected: Option<DefaultValue>) {
        assert_eq!(number(&column_type, text), expected);
    }

    #[test]
    fn a_number_is_a_literal_only_if_it_is_written_alike() {
        check(ColumnType::Integer, "-1", Some((-1_i64).into()));
        check(ColumnType::Boolean, "1", Some(true.into()));
        check(ColumnType::Boolean, "2", Some(2_i64.into()));
        check(ColumnType::Double, "1.5", Some(1.5.into()));
        check(ColumnType::Double, "1.50", Some(DefaultValue::Expression("1.50".to_owned())));
        check(ColumnType::Integer, "007", Some(DefaultValue::Expression("007".to_owned())));
        check(ColumnType::Text, "abc", None);
        check(ColumnType::Text, "inf", None);
    }

    #[test]
    fn bytes_come_in_pairs_of_digits() {
        assert_eq!(hex("00fF"), Some(vec![0, 255]));
        assert_eq!(hex("0"), None);
        assert_eq!(hex("zz"), None);
        assert_eq!(hex("+1"), None);
    }
}
