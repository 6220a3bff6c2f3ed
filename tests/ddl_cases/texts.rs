//! When two texts of SQL are one.

/// Words that say nothing, with what the same text is without them.
const SYNONYMS: &[(&str, &str)] = &[
    (" modify column ", " modify "),
    (" change column ", " change "),
    (" rename column ", " rename "),
    ("comment = '", "comment '"),
    ("comment='", "comment '"),
    ("collate=", "collate "),
    (" deferrable initially immediate", " deferrable"),
];

pub(crate) fn same<A: AsRef<str>, B: AsRef<str>>(left: &[A], right: &[B]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(a, b)| normal(a.as_ref()) == normal(b.as_ref()))
}

/// Without quotes, capitals and more than one blank in a row, outside of literals; without blanks beside parentheses.
pub(crate) fn normal(sql: &str) -> String {
    let mut text = String::new();
    for (at, part) in sql.trim().trim_end_matches(';').split('\'').enumerate() {
        if at > 0 {
            text.push('\'');
        }
        text += &if at % 2 == 1 { part.to_owned() } else { outside_of_literals(part) };
    }
    for (long, short) in SYNONYMS {
        text = text.replace(long, short);
    }
    text.trim().to_owned()
}

fn outside_of_literals(part: &str) -> String {
    let mut text = String::new();
    for c in part.chars().filter(|c| !matches!(c, '"' | '`')) {
        let after_blank = text.ends_with(' ');
        match c {
            c if c.is_whitespace() && after_blank => {}
            c if c.is_whitespace() => text.push(' '),
            '(' | ')' | ',' => text = format!("{}{c} ", text.trim_end()),
            c => text.extend(c.to_lowercase()),
        }
    }
    for symbol in ["(", ")", ","] {
        text = text.replace(&format!("{symbol} "), symbol);
    }
    text
}
