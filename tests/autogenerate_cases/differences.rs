//! Differences on one line each, in Alembic's words: from what it finds, and from our operations.

use rectify_schema::ops::{AlterColumn, Change};
use rectify_schema::{ColumnType, DefaultValue, Dialect, ForeignKey, Index, IndexTarget, Operation, TableName, Unique};
use serde_json::Value;

/// One line for each difference that Alembic finds.
pub(crate) fn theirs(d: &dyn Dialect, found: &[Value]) -> Vec<String> {
    let lines = found.iter().map(|one| their_line(d, one)).collect();
    in_any_order(lines)
}

/// One line for each difference that the operations make up.
pub(crate) fn ours(d: &dyn Dialect, operations: &[Operation]) -> Vec<String> {
    let mut lines = Vec::new();
    for operation in operations {
        our_lines(d, operation, &mut lines);
    }
    in_any_order(lines)
}

/// Foreign keys, new or old indexes, and dropped columns of one table are in no fixed order.
fn in_any_order(lines: Vec<String>) -> Vec<String> {
    let group = |line: &str| {
        let mut words = line.split(' ');
        match (words.next().unwrap_or_default(), words.next().unwrap_or_default()) {
            (verb @ ("add_fk" | "remove_fk" | "add_index" | "remove_index"), table) => Some(format!("{verb} {table}")),
            ("remove_column", column) => Some(column.rsplit_once('.').map_or(column, |(table, _)| table).to_owned()),
            _ => None,
        }
    };
    let mut sorted: Vec<String> = Vec::new();
    for line in lines {
        let this = group(&line);
        let run = sorted.iter().rev().take_while(|other| this.is_some() && group(other) == this).count();
        let start = sorted.len() - run;
        let at = start + sorted[start..].iter().filter(|other| **other < line).count();
        sorted.insert(at, line);
    }
    sorted
}

fn their_line(d: &dyn Dialect, found: &Value) -> String {
    let word = |key: &str| found[key].as_str().unwrap_or_default();
    let schema = found["schema"].as_str().map_or(String::new(), |schema| format!("{schema}."));
    let (table, column) = (format!("{schema}{}", word("table")), word("column"));
    let kind = |key: &str| match word(key).split_once(" COLLATE ") {
        Some((of, collation)) => {
            format!("{}_collate__{}_", type_text(d, &d.parse_type(of)), collation.to_lowercase().replace('"', ""))
        }
        None => type_text(d, &d.parse_type(word(key))),
    };
    let name = || found["name"].as_str().unwrap_or("-").to_owned();
    match word("op") {
        op @ ("add_table" | "remove_table") => format!("{op} {table} ({})", names(&found["columns"])),
        op @ ("add_column" | "remove_column") => {
            format!("{op} {table}.{column} {} nullable={}", kind("type"), found["nullable"])
        }
        "modify_type" => format!("modify_type {table}.{column} {} -> {}", kind("from"), kind("to")),
        "modify_nullable" => format!("modify_nullable {table}.{column} -> {}", found["to"]),
        "modify_default" => format!("modify_default {table}.{column}"),
        "modify_comment" if column.is_empty() => format!("modify_comment {table} -> {}", found["to"]),
        "modify_comment" => format!("modify_comment {table}.{column} -> {}", found["to"]),
        op @ ("add_index" | "remove_index") => {
            format!("{op} {table} {} ({}) unique={}", name(), names(&found["columns"]), found["unique"])
        }
        op @ ("add_constraint" | "remove_constraint") if word("kind") == "unique" => {
            format!("{op} {table} unique {} ({})", name(), names(&found["columns"]))
        }
        op @ ("add_constraint" | "remove_constraint") => {
            format!("{op} {table} {} {} {}", word("kind"), name(), squeezed(word("expr")))
        }
        op @ ("add_fk" | "remove_fk") => {
            let action = found["ondelete"].as_str().unwrap_or("-");
            format!("{op} {table} {} ({}) to {} {action}", name(), names(&found["columns"]), names(&found["targets"]))
        }
        other => format!("{other} {found}"),
    }
}

fn names(list: &Value) -> String {
    let name = |value: &Value| match value.as_str().or_else(|| value["expr"].as_str()) {
        Some(text) => squeezed(text),
        None => value.to_string(),
    };
    list.as_array().into_iter().flatten().map(name).collect::<Vec<_>>().join(",")
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn our_lines(d: &dyn Dialect, operation: &Operation, lines: &mut Vec<String>) {
    match operation {
        Operation::BatchAlterTable(op) => op.changes.iter().for_each(|change| our_lines(d, change, lines)),
        Operation::CreateTable(op) => {
            let columns: Vec<_> = op.table.columns.iter().map(|column| column.name.as_str()).collect();
            lines.push(format!("add_table {} ({})", op.table.name, columns.join(",")));
            lines.extend(op.table.indexes.iter().map(|index| index_line("add_index", index)));
        }
        Operation::DropTable(op) => {
            let Some(table) = &op.definition else { return };
            lines.extend(table.indexes.iter().map(|index| index_line("remove_index", index)));
            let columns: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
            lines.push(format!("remove_table {} ({})", op.table, columns.join(",")));
        }
        Operation::AddColumn(op) => {
            let (column, kind) = (&op.column, type_text(d, &op.column.column_type));
            lines.push(format!("add_column {}.{} {kind} nullable={}", op.table, column.name, column.nullable));
        }
        Operation::DropColumn(op) => {
            let Some(column) = &op.definition else { return };
            let kind = type_text(d, &column.column_type);
            lines.push(format!("remove_column {}.{} {kind} nullable={}", op.table, column.name, column.nullable));
        }
        Operation::AlterColumn(op) => alter_lines(d, op, lines),
        Operation::CreateIndex(op) => lines.push(index_line("add_index", &op.index)),
        Operation::DropIndex(op) => {
            lines.extend(op.definition.iter().map(|index| index_line("remove_index", index)));
        }
        Operation::CreateUnique(op) => lines.push(unique_line("add_constraint", &op.table, &op.unique)),
        Operation::DropUnique(op) => {
            lines.extend(op.definition.iter().map(|unique| unique_line("remove_constraint", &op.table, unique)));
        }
        Operation::CreateForeignKey(op) => lines.push(key_line("add_fk", &op.table, &op.foreign_key)),
        Operation::DropForeignKey(op) => {
            lines.extend(op.definition.iter().map(|key| key_line("remove_fk", &op.table, key)));
        }
        Operation::CreateCheck(op) => {
            let (name, text) = (op.check.name.as_deref().unwrap_or("-"), squeezed(&op.check.expression));
            lines.push(format!("add_constraint {} check {name} {text}", op.table));
        }
        Operation::DropCheck(op) => {
            let text = op.definition.as_ref().map(|check| squeezed(&check.expression)).unwrap_or_default();
            let name = if op.name.is_empty() { "-" } else { &op.name };
            lines.push(format!("remove_constraint {} check {name} {text}", op.table));
        }
        Operation::SetTableComment(op) => {
            lines.push(format!("modify_comment {} -> {}", op.table, Value::from(op.comment.clone())));
        }
        other => lines.push(other.to_string()),
    }
}

fn alter_lines(d: &dyn Dialect, op: &AlterColumn, lines: &mut Vec<String>) {
    let (table, change) = (&op.table, &op.change);
    let column = format!("{table}.{}", change.column);
    let Some(existing) = &op.existing else { return lines.push(op.to_string()) };
    if let Some(kind) = &change.column_type {
        let (from, to) = (type_text(d, &existing.column_type), type_text(d, kind));
        lines.push(format!("modify_type {column} {from} -> {to}"));
    } else if !change.collation.is_keep() {
        let kind = type_text(d, &existing.column_type);
        let with = |collation: Option<&String>| {
            collation.map_or(kind.clone(), |collation| format!("{kind}_collate__{}_", collation.to_lowercase()))
        };
        let to = change.collation.apply_to(existing.collation.as_ref());
        lines.push(format!("modify_type {column} {} -> {}", with(existing.collation.as_ref()), with(to.as_ref())));
    }
    if let Some(nullable) = change.nullable {
        lines.push(format!("modify_nullable {column} -> {nullable}"));
    }
    // A default that is set again with a new type is no difference.
    let default = change.default.apply_to(existing.default.as_ref());
    if !same_default(default.as_ref(), existing.default.as_ref()) || !change.identity.is_keep() {
        lines.push(format!("modify_default {column}"));
    }
    if change.comment != Change::Keep {
        let comment = change.comment.apply_to(existing.comment.as_ref());
        lines.push(format!("modify_comment {column} -> {}", Value::from(comment)));
    }
}

fn same_default(a: Option<&DefaultValue>, b: Option<&DefaultValue>) -> bool {
    a == b
}

fn index_line(op: &str, index: &Index) -> String {
    let columns: Vec<_> = index
        .columns
        .iter()
        .map(|column| {
            let text = match &column.target {
                IndexTarget::Column(name) => name.clone(),
                IndexTarget::Expression(text) => squeezed(text),
            };
            if column.order == Some(rectify_schema::Order::Desc) { format!("{text} DESC") } else { text }
        })
        .collect();
    format!("{op} {} {} ({}) unique={}", index.table, index.name, columns.join(","), index.unique)
}

fn unique_line(op: &str, table: &TableName, unique: &Unique) -> String {
    let name = unique.name.as_deref().unwrap_or("-");
    format!("{op} {table} unique {name} ({})", unique.columns.join(","))
}

fn key_line(op: &str, table: &TableName, key: &ForeignKey) -> String {
    let targets: Vec<_> = key.referenced_columns.iter().map(|column| format!("{}.{column}", key.references)).collect();
    let action = key.on_delete.map_or("-".to_owned(), |action| action.to_string());
    let name = key.name.as_deref().unwrap_or("-");
    format!("{op} {table} {name} ({}) to {} {action}", key.columns.join(","), targets.join(","))
}

/// A type as the database has it, without blanks and case.
fn type_text(d: &dyn Dialect, kind: &ColumnType) -> String {
    let normal = d.normalize_type(kind);
    let text = d.type_name(&normal).unwrap_or_else(|_| normal.to_string());
    text.to_lowercase().replace([' ', '"'], "_")
}
