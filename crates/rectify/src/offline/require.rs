//! Preconditions in a script: statements that fail where a condition does not hold, and say why as far as a database can.

use rectify_schema::dialect::Dialect;

use crate::database::Family;
use crate::runner::sql::{family, literal};

/// What must hold of the value that a query yields.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Condition {
    /// It is true.
    True,
    /// It is a number between these, both of them included.
    Between { least: i64, most: i64 },
}

impl Condition {
    /// The condition as an expression over `value`, which is itself one.
    fn of(self, value: &str) -> String {
        match self {
            Self::True => value.to_owned(),
            Self::Between { least, most } if least == most => format!("{value} = {least}"),
            Self::Between { least, most: i64::MAX } => format!("{value} >= {least}"),
            Self::Between { least: i64::MIN, most } => format!("{value} <= {most}"),
            Self::Between { least, most } => format!("{value} BETWEEN {least} AND {most}"),
        }
    }
}

/// What ends a script unless the one value of the query `sql` is as required.
pub(crate) fn statements(dialect: &dyn Dialect, condition: &Condition, sql: &str, why: &str) -> Vec<String> {
    let value = format!("({sql})");
    let holds = condition.of(&value);
    match (family(dialect), dialect.name()) {
        (Family::Postgres, _) => {
            let tag = dollar_tag(&format!("{holds}{why}"));
            let message = literal(dialect, &format!("it is required that {why}"));
            let (holds, found) = (condition.of("found"), literal(dialect, "the query gives %s: %s"));
            let query = literal(dialect, sql);
            let kind = match condition {
                Condition::True => "boolean",
                Condition::Between { .. } => "bigint",
            };
            vec![format!(
                "DO {tag}\nDECLARE found {kind} := {value};\nBEGIN\n    IF ({holds}) IS NOT TRUE THEN\n        \
                 RAISE EXCEPTION USING MESSAGE = {message}, DETAIL = format({found}, coalesce(found::text, 'NULL'), {query});\n    \
                 END IF;\nEND\n{tag}"
            )]
        }
        (Family::Mysql, "mariadb") => vec![format!(
            "BEGIN NOT ATOMIC\n    IF ({holds}) IS NOT TRUE THEN\n        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = {};\n    \
             END IF;\nEND",
            literal(dialect, &shortened(why))
        )],
        // MySQL has no IF outside of a routine, and prepares no SIGNAL: a subquery of two rows is the error, which says no more.
        (Family::Mysql, _) => vec![format!(
            "-- Stops with `Subquery returns more than 1 row` unless {}.\nDO IF(({holds}) IS TRUE, 0, (SELECT 1 UNION ALL SELECT 2))",
            one_line(why)
        )],
        (Family::Sqlite, _) => {
            let holds = condition.of("found");
            // SQLite shows the name of the check that fails.
            let name = format!("\"it is required that {}\"", why.replace('"', "\"\"").replace('\0', ""));
            vec![
                format!("CREATE TEMP TABLE rectify_requirement (found, CONSTRAINT {name} CHECK (({holds}) IS TRUE))"),
                format!("INSERT INTO rectify_requirement SELECT {value}"),
                "DROP TABLE rectify_requirement".to_owned(),
            ]
        }
    }
}

/// A quote for the body of a `DO` that the body does not hold.
fn dollar_tag(body: &str) -> String {
    let tags = std::iter::once("$rectify$".to_owned()).chain((1..).map(|number| format!("$rectify{number}$")));
    tags.into_iter().find(|tag| !body.contains(tag.as_str())).unwrap_or_default()
}

/// MariaDB takes 128 characters.
fn shortened(why: &str) -> String {
    let text = format!("it is required that {why}");
    if text.chars().count() <= 128 { text } else { text.chars().take(125).chain("...".chars()).collect() }
}

/// A comment ends with its line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rectify_schema::dialect::{MARIADB, MYSQL, POSTGRES, SQLITE};

    fn written(dialect: &dyn Dialect, condition: Condition, sql: &str, why: &str) -> String {
        statements(dialect, &condition, sql, why).join(";\n")
    }

    #[test]
    fn each_dialect_ends_a_script_in_its_own_way() {
        let none = Condition::Between { least: 0, most: 0 };
        let sql = "SELECT count(*) FROM users";
        let text = written(POSTGRES, none, sql, "it's empty");
        assert!(text.starts_with("DO $rectify$\nDECLARE found bigint := (SELECT count(*) FROM users);"), "{text}");
        assert!(
            text.contains("IF (found = 0) IS NOT TRUE") && text.contains("'it is required that it''s empty'"),
            "{text}"
        );
        let text = written(MARIADB, none, sql, "it's empty");
        assert!(text.contains("IF ((SELECT count(*) FROM users) = 0) IS NOT TRUE THEN"), "{text}");
        let text = written(MYSQL, none, sql, "it's\nempty");
        assert!(
            text.starts_with("-- Stops with `Subquery returns more than 1 row` unless it's empty.\nDO IF("),
            "{text}"
        );
        let text = written(SQLITE, none, sql, "it's \"empty\"");
        assert!(
            text.contains("CONSTRAINT \"it is required that it's \"\"empty\"\"\" CHECK ((found = 0) IS TRUE)"),
            "{text}"
        );
    }

    #[test]
    fn a_body_never_ends_its_own_quote() {
        let text = written(POSTGRES, Condition::True, "SELECT $rectify$ $rectify$ = ''", "x");
        assert!(text.starts_with("DO $rectify1$"), "{text}");
    }

    #[test]
    fn a_long_reason_is_shortened_where_the_database_takes_no_more() {
        let text = shortened(&"ü".repeat(200));
        assert_eq!(text.chars().count(), 128);
        assert!(text.ends_with("..."));
    }
}
