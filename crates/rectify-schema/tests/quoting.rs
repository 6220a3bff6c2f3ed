//! Names and texts come through quoting as they are, whatever is in them.
#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use rectify_schema::dialect::{self, Dialect};
use rectify_schema::{Value, ops::DropTable};

proptest! {
    #[test]
    fn a_quoted_name_reads_back(name in "[^\\x00]{1,60}") {
        for dialect in dialect::ALL {
            prop_assert_eq!(unquote(&dialect.quote(&name)), name.clone());
        }
    }

    #[test]
    fn a_text_literal_reads_back(text in "[^\\x00]*") {
        for dialect in dialect::ALL {
            prop_assert_eq!(read_literal(*dialect, &text), text.clone());
        }
    }
}

#[test]
fn reserved_words_capitals_and_odd_characters_are_quoted() {
    let quoted = |dialect: &dyn Dialect, name: &str| dialect.quote(name) != name;
    for dialect in dialect::ALL {
        for name in ["", "select", "User", "a b", "a-b", "1st", "$1", "naïve", "😀", "a;b", "50%"] {
            assert!(quoted(*dialect, name), "{} {name:?}", dialect.name());
        }
        for name in ["users", "_x", "a1", "a$b"] {
            assert!(!quoted(*dialect, name), "{} {name:?}", dialect.name());
        }
    }
    // `user` is reserved on PostgreSQL only, `key` everywhere else.
    assert!(quoted(dialect::POSTGRES, "user") && !quoted(dialect::MYSQL, "user") && !quoted(dialect::SQLITE, "user"));
    assert!(!quoted(dialect::POSTGRES, "key") && quoted(dialect::MARIADB, "key") && quoted(dialect::SQLITE, "key"));
}

#[test]
fn the_longest_name_passes_and_one_more_is_refused_with_a_hint() {
    let refusal = |dialect: &dyn Dialect, name: String| dialect.render(&DropTable::new(name).into()).err();
    assert!(refusal(dialect::POSTGRES, "é".repeat(31)).is_none());
    let error = refusal(dialect::POSTGRES, "é".repeat(32)).unwrap();
    assert!(error.to_string().contains("which has 64 bytes; the limit is 63"), "{error}");
    assert_eq!(error.hint, "choose a shorter name");
    assert!(refusal(dialect::MYSQL, "é".repeat(64)).is_none());
    assert!(refusal(dialect::MARIADB, "é".repeat(65)).is_some());
    assert!(refusal(dialect::SQLITE, "é".repeat(500)).is_none());
}

fn unquote(text: &str) -> String {
    for quote in ["\"", "`"] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.strip_suffix(quote).unwrap().replace(&quote.repeat(2), quote);
        }
    }
    text.to_owned()
}

fn read_literal(dialect: &dyn Dialect, text: &str) -> String {
    let literal = dialect.literal(&Value::Text(text.to_owned())).unwrap();
    let inner = literal.strip_prefix('\'').unwrap().strip_suffix('\'').unwrap();
    let inner = inner.replace("''", "'");
    if matches!(dialect.name(), "mysql" | "mariadb") { inner.replace("\\\\", "\\") } else { inner }
}
