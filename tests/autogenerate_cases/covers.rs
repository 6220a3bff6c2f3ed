//! The properties of cases that rules go by: what is there, what is wanted, and what Alembic finds.

use serde_json::Value;

use crate::case::Case;
use crate::rules::Covers;
use crate::types::{flag, list, text};

pub(crate) fn named(phrase: &str) -> Option<Covers> {
    Some(match phrase {
        "a check" => |case| !case.check_constraint_plugin && any_constraint(case, |given| kind(given) == "check"),
        "a check of a column, where the catalog has no name for it" => {
            |case| !on(case, "postgres") && any_column(case, |column| column.get("check").is_some())
        }
        "a foreign key that comes or goes on MariaDB" => {
            |case| on(case, "mariadb") && finds(case, |op| op == "add_fk" || op == "remove_fk")
        }
        "a new constraint without a name" => {
            |case| case.diffs.iter().any(|found| op(found) == "add_constraint" && found["name"].is_null())
        }
        "a column of another case" => other_case,
        "a computed column that changes" => computed_changes,
        "defaults that are one to the database" => {
            |case| !case.diffs.is_empty() && case.diffs.iter().all(|found| op(found) == "modify_default")
        }
        "a comparison that fails" => |case| case.error.is_some(),
        "an enum type" => |case| {
            on(case, "postgres")
                && (says(case, "CREATE TYPE") || any_column(case, |column| kind_of_type(column) == "enum"))
        },
        "a filter of names" => |case| case.filter.get("name_skip").is_some(),
        "an inline reference on SQLite" => {
            |case| on(case, "sqlite") && says(case, " REFERENCES ") && !says(case, "FOREIGN KEY")
        }
        "a foreign key of another name" => |case| {
            let other =
                |given: &Value| text(given, "name").is_some_and(|name| !says(case, &format!("CONSTRAINT {name} ")));
            says(case, " REFERENCES ") && any_constraint(case, |given| kind(given) == "foreign_key" && other(given))
        },
        "an identity" => |case| any_column(case, |column| column.get("identity").is_some()),
        "an index with more than columns" => special_index,
        "numbered rows on SQLite" => |case| on(case, "sqlite") && says(case, "AUTOINCREMENT"),
        "numbered rows" => |case| says(case, "SERIAL") || says(case, "AUTO_INCREMENT"),
        "types that Alembic takes for one" => |case| case.diffs.is_empty() && case.subject() == "type",
        "a unique constraint of SQLite without a name" => |case| on(case, "sqlite") && says(case, ", UNIQUE ("),
        "an exclusion constraint" => |case| says(case, " EXCLUDE "),
        "a deferrable constraint" => |case| any_constraint(case, |given| flag(given, "deferrable")),
        _ => return None,
    })
}

fn on(case: &Case, dialect: &str) -> bool {
    case.dialect().name() == dialect
}

fn says(case: &Case, text: &str) -> bool {
    case.before.iter().any(|sql| sql.contains(text))
}

fn op(found: &Value) -> &str {
    text(found, "op").unwrap_or_default()
}

fn kind(given: &Value) -> &str {
    text(given, "kind").unwrap_or_default()
}

fn kind_of_type(column: &Value) -> &str {
    text(&column["type"], "t").unwrap_or_default()
}

fn finds(case: &Case, is: impl Fn(&str) -> bool) -> bool {
    case.diffs.iter().any(|found| is(op(found)))
}

fn any_column(case: &Case, is: impl Fn(&Value) -> bool) -> bool {
    case.model.iter().flat_map(|table| list(table, "columns")).any(is)
}

fn any_constraint(case: &Case, is: impl Fn(&Value) -> bool) -> bool {
    case.model.iter().flat_map(|table| list(table, "constraints")).any(is)
}

fn other_case(case: &Case) -> bool {
    let names = |verb: &str| {
        let found = case.diffs.iter().filter(|found| op(found) == verb);
        found.filter_map(|found| text(found, "column")).map(str::to_lowercase).collect::<Vec<_>>()
    };
    !on(case, "postgres") && names("add_column").iter().any(|name| names("remove_column").contains(name))
}

fn computed_changes(case: &Case) -> bool {
    let warned = case.warnings.iter().any(|warning| warning.contains("cannot be modified"));
    let stored = says(case, "STORED") || says(case, "PERSISTENT");
    let other = |column: &Value| {
        column.get("computed").is_some_and(|computed| flag(computed, "persisted") != stored && says(case, "GENERATED"))
    };
    warned || any_column(case, other)
}

fn special_index(case: &Case) -> bool {
    let more = |given: &Value| {
        let special = |key: &String| key.ends_with("_where");
        let columns = list(given, "columns").iter().any(|column| column.is_object());
        kind(given) == "index" && (columns || given.as_object().is_some_and(|given| given.keys().any(special)))
    };
    let words = [" WHERE ", " USING ", "FULLTEXT", "(t(10))"];
    let index = says(case, "INDEX ") || any_constraint(case, |given| kind(given) == "index");
    any_constraint(case, more) || index && words.iter().any(|word| says(case, word))
}
