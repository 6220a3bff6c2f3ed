//! The properties of cases that rules go by: what is asked, and what Alembic and the server did.

use serde_json::Value;

use crate::batch;
use crate::rules::{Asked, Covers};
use crate::servers::Outcome;
use crate::types::{flag, list, text};

pub(crate) fn named(phrase: &str) -> Option<Covers> {
    Some(match phrase {
        "a clause that MySQL refuses" => |asked| on(asked, "mysql") && refused_by_mysql(asked),
        "NOT DEFERRABLE on MySQL" => |asked| on(asked, "mysql") && says(asked, " NOT DEFERRABLE"),
        "a foreign key to be added later" => |asked| any_constraint(asked, |given| flag(given, "use_alter")),
        "a named reference that stands with the column" => {
            |asked| flag(&asked.case.op, "inline_references") && text(&column(asked)["references"], "name").is_some()
        }
        "constraints of an added column of SQLite" => constraints_on_sqlite,
        "a column that SQLite adds to an empty table only" => empty_table_only,
        "a column whose definition nobody gave" => {
            |asked| matches!(asked.theirs, Outcome::Unsupported(why) if why.contains("require the existing type"))
        }
        "a column that is only renamed" => only_renamed,
        "a type with a check that changes on MySQL" => |asked| {
            op(asked, "alter_column")
                && !on(asked, "postgres")
                && flag(&asked.case.op["existing_type"], "create_constraint")
        },
        "a batch that adds and drops columns" => adds_and_drops,
        "ALTER COLUMN on SQLite" => |asked| on(asked, "sqlite") && says(asked, " ALTER COLUMN "),
        "a comment on SQLite" => |asked| on(asked, "sqlite") && asked.case.op.get("comment").is_some(),
        "an identity where there is none" => {
            |asked| !on(asked, "postgres") && any_column(asked, |column| column.get("identity").is_some())
        }
        "numbering that begins or ends on MySQL" => numbering_on_mysql,
        "a batch that Alembic refuses" => {
            |asked| op(asked, "batch_alter_table") && matches!(asked.theirs, Outcome::Unsupported(_))
        }
        "a batch that builds anew what can be altered" => |asked| {
            op(asked, "batch_alter_table") && !on(asked, "sqlite") && text(&asked.case.op, "recreate") == Some("always")
        },
        "a check of a column on MySQL" => {
            |asked| !on(asked, "postgres") && any_column(asked, |column| column.get("check").is_some())
        }
        "an index on an expression, on MySQL" => |asked| {
            on(asked, "mysql")
                && list(&asked.case.op, "columns")
                    .iter()
                    .any(|column| column.get("expr").or(column.get("func")).is_some())
        },
        "an index without its table on MySQL" => |asked| says(asked, " ON no_table"),
        "a constraint of no kind" => |asked| op(asked, "drop_constraint") && text(&asked.case.op, "type_").is_none(),
        "parameters left in a script" => |asked| asked.case.literal_binds == Some(false) && says(asked, ":"),
        "a key that comes with a column of MySQL" => {
            |asked| on(asked, "mysql") && op(asked, "add_column") && flag(column(asked), "primary_key")
        }
        _ => return None,
    })
}

fn on(asked: &Asked<'_>, dialect: &str) -> bool {
    asked.case.dialect().name() == dialect
}

fn op(asked: &Asked<'_>, name: &str) -> bool {
    asked.case.op_name() == name
}

fn says(asked: &Asked<'_>, text: &str) -> bool {
    asked.case.sql.iter().any(|sql| sql.contains(text))
}

fn column<'a>(asked: &Asked<'a>) -> &'a Value {
    &asked.case.op["column"]
}

fn any_column(asked: &Asked<'_>, is: impl Fn(&Value) -> bool) -> bool {
    op(asked, "create_table") && list(&asked.case.op, "columns").iter().any(is)
}

fn any_constraint(asked: &Asked<'_>, is: impl Fn(&Value) -> bool) -> bool {
    op(asked, "create_table") && list(&asked.case.op, "constraints").iter().any(is)
}

fn refused_by_mysql(asked: &Asked<'_>) -> bool {
    let deferrable = says(asked, " DEFERRABLE") && !says(asked, "NOT DEFERRABLE");
    let if_exists = op(asked, "drop_constraint") && flag(&asked.case.op, "if_exists");
    deferrable
        || if_exists
        || says(asked, "INDEX IF NOT EXISTS")
        || says(asked, "INDEX IF EXISTS")
        || says(asked, "CONSTRAINT IF EXISTS")
        || says(asked, "COLUMN IF NOT EXISTS")
        || says(asked, "COLUMN IF EXISTS")
        || has_long_name(&asked.case.op)
        || (op(asked, "create_table") && list(&asked.case.op, "columns").is_empty())
}

/// Longer than 64 characters, where it is given and not made.
fn has_long_name(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(key, value)| {
            let is_name = matches!(key.as_str(), "table" | "constraint" | "index" | "column" | "name" | "to");
            (is_name && value.as_str().is_some_and(|name| name.chars().count() > 64)) || has_long_name(value)
        }),
        Value::Array(items) => items.iter().any(has_long_name),
        _ => false,
    }
}

fn empty_table_only(asked: &Asked<'_>) -> bool {
    let column = column(asked);
    let not_null = column.get("nullable").and_then(Value::as_bool) == Some(false);
    let stored = column.get("computed").is_some_and(|computed| flag(computed, "persisted"));
    let expression = column.get("server_default").is_some_and(|default| default.get("expr").is_some());
    on(asked, "sqlite")
        && op(asked, "add_column")
        && (stored || expression || (not_null && column.get("server_default").is_none()))
}

fn numbering_on_mysql(asked: &Asked<'_>) -> bool {
    let default = |key: &str| asked.case.op.get(key).is_some_and(|default| default.get("identity").is_some());
    !on(asked, "postgres")
        && op(asked, "alter_column")
        && (default("server_default") || default("existing_server_default"))
}

fn constraints_on_sqlite(asked: &Asked<'_>) -> bool {
    let check = flag(&column(asked)["type"], "create_constraint");
    on(asked, "sqlite") && op(asked, "add_column") && (check || column(asked).get("references").is_some())
}

fn only_renamed(asked: &Asked<'_>) -> bool {
    let changes = ["type_", "nullable", "server_default", "comment", "autoincrement"];
    let mysql = on(asked, "mysql") || on(asked, "mariadb");
    let bare = changes.iter().all(|key| asked.case.op.get(*key).is_none());
    mysql && op(asked, "alter_column") && bare && asked.case.op.get("new_column_name").is_some()
}

fn adds_and_drops(asked: &Asked<'_>) -> bool {
    let does = |name| list(&asked.case.op, "ops").iter().any(|op| text(op, "name") == Some(name));
    batch::rebuilds(asked.case) && does("add_column") && does("drop_column")
}
