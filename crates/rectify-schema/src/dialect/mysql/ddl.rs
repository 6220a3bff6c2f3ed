//! How MySQL and MariaDB spell operations.

use super::{Flavor, objects};
use crate::dialect::{Dialect, Refusal, Statement, shared};
use crate::name::TableName;
use crate::ops::{
    AddColumn, AddEnumValue, AlterColumn, Change, ColumnChange, CreateCheck, CreateForeignKey, CreateIndex,
    CreatePrimaryKey, CreateTable, CreateUnique, DropCheck, DropColumn, DropForeignKey, DropIndex, DropPrimaryKey,
    DropTable, DropUnique, Operation, RenameTable, SetTableComment, SetTableOptions,
};
use crate::schema::{
    Column, ColumnType, DefaultValue, Deferrable, ForeignKey, ForeignKeyAction, Identity, Index, IndexColumn,
    IndexTarget, Nulls, Order, PrimaryKey, Table, Unique, Value,
};

pub(super) fn statements(d: Flavor, op: &Operation) -> Result<Vec<Statement>, Refusal> {
    match op {
        Operation::CreateTable(op) => create_table(d, op),
        Operation::DropTable(op) => drop_table(d, op),
        Operation::RenameTable(op) => rename_table(d, op),
        Operation::AddColumn(op) => add_column(d, op),
        Operation::DropColumn(op) => drop_column(d, op),
        Operation::AlterColumn(op) => alter_column(d, op),
        Operation::BatchAlterTable(op) => {
            let changes: Result<Vec<_>, _> = op.changes.iter().map(|change| statements(d, change)).collect();
            Ok(changes?.concat())
        }
        Operation::CreateIndex(op) => create_index(d, op),
        Operation::DropIndex(op) => drop_index(d, op),
        Operation::CreatePrimaryKey(op) => create_primary_key(d, op),
        Operation::DropPrimaryKey(op) => drop_primary_key(d, op),
        Operation::CreateUnique(op) => create_unique(d, op),
        Operation::DropUnique(op) => drop_unique(d, op),
        Operation::CreateForeignKey(op) => create_foreign_key(d, op),
        Operation::DropForeignKey(op) => drop_foreign_key(d, op),
        Operation::CreateCheck(op) => create_check(d, op),
        Operation::DropCheck(op) => drop_check(d, op),
        Operation::CreateExclude(_) | Operation::DropExclude(_) => Err(shared::no_exclude()),
        // The values stand with each column, in its type.
        Operation::CreateEnum(_) | Operation::DropEnum(_) | Operation::AlterEnum(_) => Ok(Vec::new()),
        Operation::AddEnumValue(op) => add_enum_value(op),
        Operation::SetTableComment(op) => set_table_comment(d, op),
        Operation::SetTableOptions(op) => set_table_options(d, op),
        Operation::RenameEnumValue(op) => objects::rename_enum_value(op),
        Operation::CreateSchema(op) => objects::create_schema(d, op),
        Operation::DropSchema(op) => objects::drop_schema(d, op),
        Operation::CreateExtension(op) => objects::create_extension(op),
        Operation::DropExtension(op) => objects::drop_extension(op),
        Operation::CreateSequence(op) => objects::create_sequence(d, op),
        Operation::AlterSequence(op) => objects::alter_sequence(d, op),
        Operation::DropSequence(op) => objects::drop_sequence(d, op),
        Operation::CreateObject(op) => objects::create_object(d, op),
        Operation::ReplaceObject(op) => objects::replace_object(d, op),
        Operation::DropObject(op) => objects::drop_object(d, op),
        Operation::BulkInsert(op) => objects::bulk_insert(d, op),
        Operation::Sql(op) => one(shared::sql_text(&op.sql)?),
    }
}

fn create_table(d: Flavor, op: &CreateTable) -> Result<Vec<Statement>, Refusal> {
    let table = &op.table;
    shared::check_table(&d, table)?;
    check_keys(table)?;
    shared::no_excludes(&table.excludes)?;
    let name = shared::table_name(&d, &table.name)?;
    let if_not_exists = if table.if_not_exists { "IF NOT EXISTS " } else { "" };
    let body = shared::body(&table_lines(d, table)?);
    let temporary = if table.options.temporary { "TEMPORARY " } else { "" };
    let options = table_options(d, table)?;
    let sql = format!("CREATE {temporary}TABLE {if_not_exists}{name} {body}{options}");
    let mut statements = vec![Statement::new(sql)];
    let numbers = numbering_index(table);
    for index in table.indexes.iter().filter(|index| Some(*index) != numbers) {
        statements.push(index_statement(d, index)?);
    }
    Ok(statements)
}

/// The index without which the numbered column would begin no key: it is made with the table.
fn numbering_index(table: &Table) -> Option<&Index> {
    let numbered = table.columns.iter().find(|column| column.identity.is_some())?;
    let begins = |index: &&Index| {
        let first = index.columns.first();
        index.method.is_none() && first.is_some_and(|of| of.target == IndexTarget::Column(numbered.name.clone()))
    };
    table.indexes.iter().find(begins).filter(|_| !begins_key(table, &numbered.name))
}

/// Tells whether the primary key or a unique constraint begins with the column.
fn begins_key(table: &Table, column: &str) -> bool {
    let begins = |columns: &[String]| columns.first().is_some_and(|first| first == column);
    table.primary_key.as_ref().is_some_and(|key| begins(&key.columns))
        || table.uniques.iter().any(|unique| begins(&unique.columns))
}

fn table_options(d: Flavor, table: &Table) -> Result<String, Refusal> {
    let (options, mut sql) = (&table.options, String::new());
    let words = [("ENGINE", &options.engine), ("CHARSET", &options.charset), ("COLLATE", &options.collation)];
    for (word, value) in words {
        if let Some(value) = value {
            push!(sql, " {word}={}", shared::ident(&d, value)?);
        }
    }
    if let Some(format) = &options.row_format {
        // A keyword, which in quotes would be none.
        push!(sql, " ROW_FORMAT={}", shared::sql_text(format)?);
    }
    let start = table.columns.iter().find_map(|column| column.identity.as_ref()?.start);
    match (start, options.auto_increment) {
        (Some(start), _) => push!(sql, " AUTO_INCREMENT={start}"),
        (None, Some(start)) => push!(sql, " AUTO_INCREMENT={start}"),
        (None, None) => {}
    }
    if let Some(comment) = &table.comment {
        push!(sql, " COMMENT={}", text(d, comment)?);
    }
    if let Some(partitions) = &options.partitions {
        push!(sql, " PARTITION BY {}", shared::sql_text(partitions)?);
    }
    Ok(sql)
}

fn table_lines(d: Flavor, table: &Table) -> Result<Vec<String>, Refusal> {
    let mut lines = Vec::new();
    for column in &table.columns {
        lines.push(column_definition(d, column)?);
    }
    if let Some(key) = &table.primary_key {
        lines.push(primary_key_definition(d, key)?);
    }
    for unique in &table.uniques {
        lines.push(unique_definition(d, unique)?);
    }
    if let Some(index) = numbering_index(table) {
        // The statement checks all that an index may not have here.
        drop(index_statement(d, index)?);
        let unique = if index.unique { "UNIQUE " } else { "" };
        lines.push(format!("{unique}INDEX {} ({})", shared::ident(&d, &index.name)?, index_columns(d, index)?));
    }
    for key in &table.foreign_keys {
        lines.push(foreign_key_definition(d, key)?);
    }
    for check in &table.checks {
        lines.push(shared::check(&d, check)?);
    }
    Ok(lines)
}

/// Refuses keys on texts without a length, and a numbered column without a key.
fn check_keys(table: &Table) -> Result<(), Refusal> {
    let is_long = |name: &str| table.find_column(name).is_some_and(|column| super::types::is_long(&column.column_type));
    let refuse =
        |name: &str, way: &str| Err(Refusal::new(format!("a key on the whole of `{name}`, which has no limit"), way));
    let keys = table.primary_key.iter().flat_map(|key| &key.columns);
    let keys = keys.chain(table.uniques.iter().flat_map(|unique| &unique.columns));
    if let Some(name) = keys.into_iter().find(|name| is_long(name)) {
        return refuse(name, "use `varchar(n)`, or a unique index with `index_column(..).length(n)`");
    }
    for column in table.indexes.iter().flat_map(|index| &index.columns) {
        if let (IndexTarget::Column(name), None) = (&column.target, column.length)
            && is_long(name)
        {
            return refuse(name, "index a part of it with `index_column(..).length(n)`, or use `varchar(n)`");
        }
    }
    let bare = |column: &&Column| column.identity.is_some() && !begins_key(table, &column.name);
    match table.columns.iter().find(bare).filter(|_| numbering_index(table).is_none()) {
        Some(column) => Err(Refusal::new(
            format!("identity on `{}`, which begins no key", column.name),
            "make the column the primary key or unique",
        )),
        None => Ok(()),
    }
}

fn drop_table(d: Flavor, op: &DropTable) -> Result<Vec<Statement>, Refusal> {
    let if_exists = if op.if_exists { "IF EXISTS " } else { "" };
    one(format!("DROP TABLE {if_exists}{}", shared::table_name(&d, &op.table)?))
}

fn rename_table(d: Flavor, op: &RenameTable) -> Result<Vec<Statement>, Refusal> {
    // A bare new name would move the table into the session's database.
    let to = shared::table_name(&d, &op.from.sibling(&op.to))?;
    one(format!("ALTER TABLE {} RENAME TO {to}", shared::table_name(&d, &op.from)?))
}

fn add_column(d: Flavor, op: &AddColumn) -> Result<Vec<Statement>, Refusal> {
    let column = &op.column;
    if op.if_not_exists && d == Flavor::Mysql {
        return Err(Refusal::new("`if_not_exists` on a column", "leave it out"));
    }
    if column.identity.is_some() && !column.primary_key && !column.unique {
        let what = format!("identity on `{}`, which begins no key", column.name);
        return Err(Refusal::new(what, "make the column the primary key or unique"));
    }
    if (column.primary_key || column.unique || column.index) && super::types::is_long(&column.column_type) {
        return Err(Refusal::new(
            format!("a key on the whole of `{}`, which has no limit", column.name),
            "use `varchar(n)`, or a unique index with `index_column(..).length(n)`",
        ));
    }
    let if_not_exists = if op.if_not_exists { "IF NOT EXISTS " } else { "" };
    let mut actions = vec![format!("ADD COLUMN {if_not_exists}{}", column_definition(d, column)?)];
    let own = column.constraints();
    if let Some(key) = &own.primary_key {
        actions.push(format!("ADD {}", shared::primary_key(&d, key)?));
    }
    if let Some(unique) = &own.unique {
        actions.push(format!("ADD {}", unique_definition(d, unique)?));
    }
    check_valid(own.foreign_key.as_ref().is_some_and(|key| key.not_valid))?;
    check_valid(own.check.as_ref().is_some_and(|check| check.not_valid))?;
    if let Some(key) = &own.foreign_key {
        actions.push(format!("ADD {}", foreign_key_definition(d, key)?));
    }
    if let Some(check) = &own.check {
        actions.push(format!("ADD {}", shared::check(&d, check)?));
    }
    if let Some(index) = &own.index {
        let unique = if index.unique { "UNIQUE " } else { "" };
        let (name, columns) = (shared::ident(&d, &index.name)?, index_columns(d, index)?);
        actions.push(format!("ADD {unique}INDEX {if_not_exists}{name} ({columns})"));
    }
    // One statement, so that a key that fails does not leave the column behind.
    one(format!("ALTER TABLE {} {}", shared::table_name(&d, &op.table)?, actions.join(", ")))
}

fn drop_column(d: Flavor, op: &DropColumn) -> Result<Vec<Statement>, Refusal> {
    if op.if_exists && d == Flavor::Mysql {
        return Err(Refusal::new("`if_exists` on a column", "leave it out"));
    }
    let if_exists = if op.if_exists { "IF EXISTS " } else { "" };
    let table = shared::table_name(&d, &op.table)?;
    let mut actions = Vec::new();
    // A column does not take its foreign key along. One statement, so that neither goes without the other.
    let key = op.definition.as_ref().and_then(|column| column.foreign_key.as_ref()?.name.as_ref());
    if let Some(key) = key {
        actions.push(format!("DROP FOREIGN KEY {if_exists}{}", shared::ident(&d, key)?));
    }
    actions.push(format!("DROP COLUMN {if_exists}{}", shared::ident(&d, &op.column)?));
    one(format!("ALTER TABLE {table} {}", actions.join(", ")))
}

fn alter_column(d: Flavor, op: &AlterColumn) -> Result<Vec<Statement>, Refusal> {
    let (table, change) = (shared::table_name(&d, &op.table)?, &op.change);
    let column = shared::ident(&d, &change.column)?;
    if change.using.is_some() && change.column_type.is_none() {
        return Err(Refusal::new("`using` without a new type", "add `.set_type(..)`, or update the rows with SQL"));
    }
    if change.is_only_rename() {
        let to = shared::ident(&d, change.rename_to.as_ref().unwrap_or(&change.column))?;
        return one(format!("ALTER TABLE {table} RENAME COLUMN {column} TO {to}"));
    }
    if is_only_default(change) && !follows_updates(&change.default) {
        return alter_default(d, &table, &column, op);
    }
    if *change == crate::ops::alter(&change.column) {
        return Ok(Vec::new());
    }
    let existing = op.existing.as_ref().ok_or_else(|| {
        Refusal::new(
            "changing a part of a column: it restates the whole column, and what it is now is not known",
            "run against the database, or say what the column is with `.existing(column(..))`",
        )
    })?;
    let new = change.apply_to(existing);
    let mut definition = restated(d, &new)?;
    if let Some(check) = &new.check {
        // A check of the column itself, which only MariaDB has, goes when the column is restated without it.
        definition = format!("{definition} {}", shared::check(&d, check)?);
    }
    if new.name == change.column {
        return one(format!("ALTER TABLE {table} MODIFY COLUMN {definition}"));
    }
    one(format!("ALTER TABLE {table} CHANGE COLUMN {column} {definition}"))
}

fn is_only_default(change: &ColumnChange) -> bool {
    let bare = ColumnChange { default: change.default.clone(), ..crate::ops::alter(&change.column) };
    !change.default.is_keep() && *change == bare
}

/// Tells whether the default sets the column at each `UPDATE` too, which only a whole definition can say.
fn follows_updates(default: &Change<DefaultValue>) -> bool {
    matches!(default, Change::Set(DefaultValue::Expression(text)) if text.to_ascii_lowercase().contains(" on update "))
}

fn alter_default(d: Flavor, table: &str, column: &str, op: &AlterColumn) -> Result<Vec<Statement>, Refusal> {
    let action = match &op.change.default {
        Change::Set(value) => {
            let long = op.existing.as_ref().is_some_and(|column| super::types::is_long(&column.column_type));
            let text = default_value(d, value, long)?;
            // Here MySQL takes a function, `CURRENT_TIMESTAMP` too, in parentheses only.
            let bare = d == Flavor::Mysql && text.to_ascii_lowercase().starts_with("current_timestamp");
            if bare { format!("SET DEFAULT ({text})") } else { format!("SET DEFAULT {text}") }
        }
        Change::Drop | Change::Keep => "DROP DEFAULT".to_owned(),
    };
    one(format!("ALTER TABLE {table} ALTER COLUMN {column} {action}"))
}

fn create_index(d: Flavor, op: &CreateIndex) -> Result<Vec<Statement>, Refusal> {
    Ok(vec![index_statement(d, &op.index)?])
}

fn index_statement(d: Flavor, index: &Index) -> Result<Statement, Refusal> {
    if index.predicate.is_some() {
        return Err(Refusal::new("partial indexes", "leave out `.filter(..)`, or index a generated column"));
    }
    if !index.include.is_empty() {
        return Err(Refusal::new("columns carried along in an index", "add the columns to the index itself"));
    }
    if index.nulls_not_distinct {
        return Err(Refusal::new("NULLS NOT DISTINCT", "make the columns NOT NULL"));
    }
    if index.if_not_exists && d == Flavor::Mysql {
        return Err(Refusal::new("`if_not_exists` on an index", "leave it out"));
    }
    let (kind, using) = index_kind(index)?;
    let parser = index_parser(d, index, kind)?;
    let if_not_exists = if index.if_not_exists { "IF NOT EXISTS " } else { "" };
    let (name, table) = (shared::ident(&d, &index.name)?, shared::table_name(&d, &index.table)?);
    let columns = index_columns(d, index)?;
    Ok(Statement::new(format!("CREATE {kind}INDEX {if_not_exists}{name} ON {table} ({columns}){using}{parser}")))
}

/// The word before `INDEX`, and the clause after the columns.
fn index_kind(index: &Index) -> Result<(&'static str, &'static str), Refusal> {
    let unique = if index.unique { "UNIQUE " } else { "" };
    Ok(match index.method.as_ref().map(|method| method.to_ascii_lowercase()).as_deref() {
        None => (unique, ""),
        Some("btree") => (unique, " USING BTREE"),
        Some("hash") => (unique, " USING HASH"),
        Some("fulltext") => ("FULLTEXT ", ""),
        Some("spatial") => ("SPATIAL ", ""),
        Some(method) => {
            let what = format!("`{method}` indexes");
            return Err(Refusal::new(
                what,
                "leave out `.using(..)` on this database, or use btree, hash, fulltext or spatial",
            ));
        }
    })
}

fn index_parser(d: Flavor, index: &Index, kind: &str) -> Result<String, Refusal> {
    let Some(parser) = &index.parser else { return Ok(String::new()) };
    if kind != "FULLTEXT " {
        return Err(Refusal::new("a parser of an index that is not fulltext", "add `.using(\"fulltext\")`"));
    }
    Ok(format!(" WITH PARSER {}", shared::ident(&d, parser)?))
}

fn index_columns(d: Flavor, index: &Index) -> Result<String, Refusal> {
    if index.columns.is_empty() {
        return Err(Refusal::new("an index without columns", "name its columns with `.on(\"table\", [..])`"));
    }
    let names = index.columns.iter().filter_map(|column| match &column.target {
        IndexTarget::Column(name) => Some(name),
        IndexTarget::Expression(_) => None,
    });
    if let Some(twice) = shared::first_repeated(names) {
        return Err(Refusal::new(format!("the column `{twice}` twice in one index"), "name each column once"));
    }
    let columns: Result<Vec<_>, _> = index.columns.iter().map(|column| index_column(d, column)).collect();
    Ok(columns?.join(", "))
}

fn index_column(d: Flavor, column: &IndexColumn) -> Result<String, Refusal> {
    if column.operator_class.is_some() {
        return Err(Refusal::new("operator classes", "leave out `.operator_class(..)` on this database"));
    }
    if column.collation.is_some() {
        return Err(Refusal::new("a collation of an index column", "give the column itself the collation"));
    }
    let mut text = match (&column.target, d) {
        (IndexTarget::Column(name), _) => shared::ident(&d, name)?,
        (IndexTarget::Expression(expression), Flavor::Mysql) => format!("({})", shared::sql_text(expression)?),
        (IndexTarget::Expression(_), Flavor::Mariadb) => {
            return Err(Refusal::new("indexes on expressions", "add a generated column and index that"));
        }
    };
    if let Some(length) = column.length {
        push!(text, "({length})");
    }
    text += match column.order {
        Some(Order::Asc) => " ASC",
        Some(Order::Desc) => " DESC",
        None => "",
    };
    match (column.nulls, column.order) {
        // NULLs are the smallest values, so this is what both do anyway.
        (None, _) | (Some(Nulls::First), None | Some(Order::Asc)) | (Some(Nulls::Last), Some(Order::Desc)) => Ok(text),
        (Some(Nulls::First | Nulls::Last), _) => {
            Err(Refusal::new("the place of NULLs in an index", "leave out `.nulls_first()` and `.nulls_last()`"))
        }
    }
}

fn drop_index(d: Flavor, op: &DropIndex) -> Result<Vec<Statement>, Refusal> {
    let table = op.table.as_ref().ok_or_else(|| {
        Refusal::new("dropping an index without its table", "name the table: `DropIndex::new(\"ix\").on(\"table\")`")
    })?;
    if op.if_exists && d == Flavor::Mysql {
        return Err(Refusal::new("`if_exists` on an index", "leave it out"));
    }
    let if_exists = if op.if_exists { "IF EXISTS " } else { "" };
    one(format!("DROP INDEX {if_exists}{} ON {}", shared::ident(&d, &op.name)?, shared::table_name(&d, table)?))
}

fn create_primary_key(d: Flavor, op: &CreatePrimaryKey) -> Result<Vec<Statement>, Refusal> {
    alter_table(d, &op.table, &format!("ADD {}", primary_key_definition(d, &op.primary_key)?))
}

fn drop_primary_key(d: Flavor, op: &DropPrimaryKey) -> Result<Vec<Statement>, Refusal> {
    if op.if_exists {
        return Err(Refusal::new("`if_exists` on a primary key", "leave it out"));
    }
    alter_table(d, &op.table, "DROP PRIMARY KEY")
}

fn create_unique(d: Flavor, op: &CreateUnique) -> Result<Vec<Statement>, Refusal> {
    alter_table(d, &op.table, &format!("ADD {}", unique_definition(d, &op.unique)?))
}

fn drop_unique(d: Flavor, op: &DropUnique) -> Result<Vec<Statement>, Refusal> {
    // A unique constraint is an index of that name, and nothing else.
    let if_exists = constraint_if_exists(d, op.if_exists)?;
    alter_table(d, &op.table, &format!("DROP INDEX {if_exists}{}", shared::dropped(&d, &op.name)?))
}

fn create_foreign_key(d: Flavor, op: &CreateForeignKey) -> Result<Vec<Statement>, Refusal> {
    check_valid(op.foreign_key.not_valid)?;
    alter_table(d, &op.table, &format!("ADD {}", foreign_key_definition(d, &op.foreign_key)?))
}

fn drop_foreign_key(d: Flavor, op: &DropForeignKey) -> Result<Vec<Statement>, Refusal> {
    let if_exists = constraint_if_exists(d, op.if_exists)?;
    alter_table(d, &op.table, &format!("DROP FOREIGN KEY {if_exists}{}", shared::dropped(&d, &op.name)?))
}

fn constraint_if_exists(d: Flavor, if_exists: bool) -> Result<&'static str, Refusal> {
    match (if_exists, d) {
        (false, _) => Ok(""),
        (true, Flavor::Mariadb) => Ok("IF EXISTS "),
        (true, Flavor::Mysql) => Err(Refusal::new("`if_exists` on a constraint", "leave it out")),
    }
}

/// Both check the rows that exist, whatever they are told.
fn check_valid(not_valid: bool) -> Result<(), Refusal> {
    if not_valid {
        return Err(Refusal::new("a constraint that existing rows may break", "leave out `.not_valid()`"));
    }
    Ok(())
}

fn create_check(d: Flavor, op: &CreateCheck) -> Result<Vec<Statement>, Refusal> {
    check_valid(op.check.not_valid)?;
    alter_table(d, &op.table, &format!("ADD {}", shared::check(&d, &op.check)?))
}

fn drop_check(d: Flavor, op: &DropCheck) -> Result<Vec<Statement>, Refusal> {
    let word = match d {
        Flavor::Mysql => "CHECK",
        Flavor::Mariadb => "CONSTRAINT",
    };
    let if_exists = constraint_if_exists(d, op.if_exists)?;
    alter_table(d, &op.table, &format!("DROP {word} {if_exists}{}", shared::dropped(&d, &op.name)?))
}

fn add_enum_value(op: &AddEnumValue) -> Result<Vec<Statement>, Refusal> {
    Err(Refusal::new(
        format!("changing the enum `{}` by itself", op.name),
        "set each column that uses it to the longer `enumeration(..)` with `op.alter_column`",
    ))
}

fn set_table_comment(d: Flavor, op: &SetTableComment) -> Result<Vec<Statement>, Refusal> {
    // There is no NULL here: an empty comment is none.
    let comment = text(d, op.comment.as_deref().unwrap_or_default())?;
    alter_table(d, &op.table, &format!("COMMENT = {comment}"))
}

fn set_table_options(d: Flavor, op: &SetTableOptions) -> Result<Vec<Statement>, Refusal> {
    let mut words = Vec::new();
    // There is no word for the default engine; this is the one of a server that nobody has told otherwise.
    if let Some(engine) = op.changed(|options| &options.engine) {
        words.push(format!("ENGINE={}", engine.map_or(Ok("InnoDB".to_owned()), |engine| shared::ident(&d, engine))?));
    }
    if let Some(format) = op.changed(|options| &options.row_format) {
        words.push(format!("ROW_FORMAT={}", shared::sql_text(format.map_or("DEFAULT", String::as_str))?));
    }
    if let Some(Some(number)) = op.changed(|options| &options.auto_increment) {
        words.push(format!("AUTO_INCREMENT={number}"));
    }
    let mut changes: Vec<String> = if words.is_empty() { Vec::new() } else { vec![words.join(" ")] };
    changes.extend(converted(d, op)?);
    match op.changed(|options| &options.partitions) {
        Some(Some(partitions)) => changes.push(format!("PARTITION BY {}", shared::sql_text(partitions)?)),
        Some(None) => changes.push("REMOVE PARTITIONING".to_owned()),
        None => {}
    }
    let mut statements = Vec::new();
    for change in changes {
        statements.extend(alter_table(d, &op.table, &change)?);
    }
    Ok(statements)
}

/// Gives the texts of the table, and those that are to come, another character set or collation.
fn converted(d: Flavor, op: &SetTableOptions) -> Result<Option<String>, Refusal> {
    let (charset, collation) = (op.changed(|options| &options.charset), op.changed(|options| &options.collation));
    if charset.is_none() && collation.is_none() {
        return Ok(None);
    }
    let (charset, collation) = (op.options.charset.as_deref(), op.options.collation.as_deref());
    // The name of a collation begins with that of its character set.
    let charset = charset.or_else(|| collation.and_then(|collation| collation.split('_').next()));
    let Some(charset) = charset else { return Ok(Some("CONVERT TO CHARACTER SET DEFAULT".to_owned())) };
    let mut sql = format!("CONVERT TO CHARACTER SET {}", shared::ident(&d, charset)?);
    if let Some(collation) = collation {
        push!(sql, " COLLATE {}", shared::ident(&d, collation)?);
    }
    Ok(Some(sql))
}

fn column_definition(d: Flavor, column: &Column) -> Result<String, Refusal> {
    definition(d, column, false)
}

/// The definition of a column that changes: `NULL` is said outright, since both would fall back to other rules.
fn restated(d: Flavor, column: &Column) -> Result<String, Refusal> {
    definition(d, column, true)
}

fn definition(d: Flavor, column: &Column, say_null: bool) -> Result<String, Refusal> {
    shared::check_column(column)?;
    shared::on_conflict(&d, column.not_null_on_conflict)?;
    let mut line = format!("{} {}", shared::ident(&d, &column.name)?, super::types::type_name(d, &column.column_type)?);
    if let Some(collation) = &column.collation {
        push!(line, " COLLATE {}", shared::ident(&d, collation)?);
    }
    if let Some(generated) = &column.generated {
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        push!(line, " GENERATED ALWAYS AS ({}) {kind}", shared::sql_text(&generated.expression)?);
    }
    line += nullability(d, column, say_null)?;
    if let Some(default) = &column.default {
        let long = super::types::is_long(&column.column_type);
        push!(line, " DEFAULT {}", default_value(d, default, long)?);
    }
    if let Some(identity) = &column.identity {
        check_identity(identity)?;
        line += " AUTO_INCREMENT";
    }
    if let Some(comment) = &column.comment {
        push!(line, " COMMENT {}", text(d, comment)?);
    }
    Ok(line)
}

fn nullability(d: Flavor, column: &Column, say_null: bool) -> Result<&'static str, Refusal> {
    if !column.nullable {
        if column.generated.is_some() && d == Flavor::Mariadb {
            let hint = "leave the column nullable and add a check";
            return Err(Refusal::new("a generated column that is NOT NULL", hint));
        }
        return Ok(" NOT NULL");
    }
    // A TIMESTAMP is NOT NULL unless told otherwise where explicit_defaults_for_timestamp is off.
    let told = column.column_type == ColumnType::TimestampTz || (say_null && column.generated.is_none());
    Ok(if told { " NULL" } else { "" })
}

fn check_identity(identity: &Identity) -> Result<(), Refusal> {
    let plain = Identity { start: identity.start, ..Identity::default() };
    if *identity != plain {
        return Err(Refusal::new("options of an identity column other than its start", "use `.identity()`"));
    }
    Ok(())
}

fn default_value(d: Flavor, default: &DefaultValue, long: bool) -> Result<String, Refusal> {
    match default {
        DefaultValue::Literal(Value::Null) => Ok("NULL".to_owned()),
        // MySQL takes a default for a text only as an expression; MariaDB takes both.
        DefaultValue::Literal(value) if long && d == Flavor::Mysql => Ok(format!("({})", d.literal(value)?)),
        DefaultValue::Literal(value) => d.literal(value),
        DefaultValue::Expression(expression) if is_bare(expression) => {
            Ok(shared::sql_text(expression)?.trim().to_owned())
        }
        DefaultValue::Expression(expression) => Ok(format!("({})", shared::sql_text(expression)?)),
    }
}

/// Tells whether the text can follow `DEFAULT` without parentheses.
fn is_bare(text: &str) -> bool {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let quoted = text.len() >= 2
        && text.starts_with('\'')
        && text.ends_with('\'')
        && !text[1..text.len() - 1].replace("''", "").contains('\'');
    quoted
        || shared::is_parenthesised(text)
        || text.parse::<f64>().is_ok_and(f64::is_finite)
        || ["null", "true", "false"].contains(&lower.as_str())
        || lower.starts_with("current_timestamp")
        || lower.contains(" on update ")
}

fn primary_key_definition(d: Flavor, key: &PrimaryKey) -> Result<String, Refusal> {
    check_key(key.deferrable, &key.include)?;
    shared::primary_key(&d, key)
}

fn unique_definition(d: Flavor, unique: &Unique) -> Result<String, Refusal> {
    check_key(unique.deferrable, &unique.include)?;
    if unique.nulls_not_distinct {
        return Err(Refusal::new("NULLS NOT DISTINCT", "make the columns NOT NULL"));
    }
    if !unique.include.is_empty() {
        return Err(Refusal::new(
            "columns carried along in a key",
            "leave out `.include(..)`, or add an index on them",
        ));
    }
    shared::unique(&d, unique)
}

fn check_key(deferrable: Option<Deferrable>, include: &[String]) -> Result<(), Refusal> {
    if deferrable.is_some() {
        return Err(Refusal::new("deferrable constraints", "leave out `.deferrable(..)`"));
    }
    if !include.is_empty() {
        return Err(Refusal::new("columns carried along in a key", "add an index that has the columns as well"));
    }
    Ok(())
}

fn foreign_key_definition(d: Flavor, key: &ForeignKey) -> Result<String, Refusal> {
    if key.deferrable.is_some() {
        return Err(Refusal::new("deferrable constraints", "leave out `.deferrable()` and `.initially_deferred()`"));
    }
    if key.match_full {
        return Err(Refusal::new(
            "MATCH FULL",
            "leave out `.match_full()`, or add a check that all columns are NULL or none",
        ));
    }
    if [key.on_delete, key.on_update].contains(&Some(ForeignKeyAction::SetDefault)) {
        return Err(Refusal::new("the action SET DEFAULT", "use another action, such as `SetNull`"));
    }
    if key.referenced_columns.is_empty() {
        return Err(Refusal::new("a foreign key without the columns referred to", "name them in `.references(..)`"));
    }
    shared::foreign_key(&d, key)
}

fn alter_table(d: Flavor, table: &TableName, action: &str) -> Result<Vec<Statement>, Refusal> {
    one(format!("ALTER TABLE {} {action}", shared::table_name(&d, table)?))
}

fn text(d: Flavor, text: &str) -> Result<String, Refusal> {
    d.literal(&Value::Text(text.to_owned()))
}

fn one(sql: impl Into<String>) -> Result<Vec<Statement>, Refusal> {
    Ok(vec![Statement::new(sql)])
}
