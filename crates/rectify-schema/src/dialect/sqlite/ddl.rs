//! How SQLite spells operations.
//!
//! Its `ALTER TABLE` renames, adds and drops columns. All else needs the table rebuilt: [`crate::batch`].

use super::{Sqlite, objects};
use crate::dialect::{Dialect, Refusal, Statement, shared};
use crate::name::TableName;
use crate::ops::{
    AddColumn, AddEnumValue, AlterColumn, BatchAlterTable, CreateCheck, CreateForeignKey, CreateIndex,
    CreatePrimaryKey, CreateTable, CreateUnique, DropCheck, DropColumn, DropForeignKey, DropIndex, DropPrimaryKey,
    DropTable, DropUnique, Operation, RenameTable, SetTableOptions,
};
use crate::schema::{
    Column, ColumnType, DefaultValue, Deferrable, ForeignKey, Index, IndexColumn, IndexTarget, Nulls, Order, Table,
    Unique,
};

pub(super) fn statements(op: &Operation) -> Result<Vec<Statement>, Refusal> {
    match op {
        Operation::CreateTable(op) => create_table(op),
        Operation::DropTable(op) => drop_table(op),
        Operation::RenameTable(op) => rename_table(op),
        Operation::AddColumn(op) => add_column(op),
        Operation::DropColumn(op) => drop_column(op),
        Operation::AlterColumn(op) => alter_column(op),
        Operation::BatchAlterTable(op) => batch_alter_table(op),
        Operation::CreateIndex(op) => create_index(op),
        Operation::DropIndex(op) => drop_index(op),
        Operation::CreatePrimaryKey(CreatePrimaryKey { table, .. }) => {
            needs_batch("adding a primary key to a table", table)
        }
        Operation::DropPrimaryKey(DropPrimaryKey { table, .. }) => needs_batch("dropping a primary key", table),
        Operation::CreateUnique(CreateUnique { table, .. }) => {
            needs_batch("adding a unique constraint to a table", table)
        }
        Operation::DropUnique(DropUnique { table, .. }) => needs_batch("dropping a unique constraint", table),
        Operation::CreateForeignKey(CreateForeignKey { table, .. }) => {
            needs_batch("adding a foreign key to a table", table)
        }
        Operation::DropForeignKey(DropForeignKey { table, .. }) => needs_batch("dropping a foreign key", table),
        Operation::CreateCheck(CreateCheck { table, .. }) => needs_batch("adding a check to a table", table),
        Operation::DropCheck(DropCheck { table, .. }) => needs_batch("dropping a check", table),
        Operation::CreateExclude(_) | Operation::DropExclude(_) => Err(shared::no_exclude()),
        // The values stand with each column, in its check.
        Operation::CreateEnum(_) | Operation::DropEnum(_) | Operation::AlterEnum(_) => Ok(Vec::new()),
        Operation::AddEnumValue(op) => add_enum_value(op),
        // SQLite has no comments.
        Operation::SetTableComment(_) => Ok(Vec::new()),
        Operation::SetTableOptions(op) => set_table_options(op),
        Operation::RenameEnumValue(op) => objects::rename_enum_value(op),
        Operation::CreateSchema(op) => objects::create_schema(op),
        Operation::DropSchema(op) => objects::drop_schema(op),
        Operation::CreateExtension(op) => objects::create_extension(op),
        Operation::DropExtension(op) => objects::drop_extension(op),
        Operation::CreateSequence(op) => objects::create_sequence(op),
        Operation::AlterSequence(op) => objects::alter_sequence(op),
        Operation::DropSequence(op) => objects::drop_sequence(op),
        Operation::CreateObject(op) => objects::create_object(op),
        Operation::ReplaceObject(op) => objects::replace_object(op),
        Operation::DropObject(op) => objects::drop_object(op),
        Operation::BulkInsert(op) => objects::bulk_insert(op),
        Operation::Sql(op) => one(shared::sql_text(&op.sql)?),
    }
}

/// What of the options SQLite knows stands in the statement that creates the table.
fn set_table_options(op: &SetTableOptions) -> Result<Vec<Statement>, Refusal> {
    let changes = op.flipped(|options| options.strict).or(op.flipped(|options| options.without_rowid));
    if changes.is_some() { needs_batch("changing the options of a table", &op.table) } else { Ok(Vec::new()) }
}

fn create_table(op: &CreateTable) -> Result<Vec<Statement>, Refusal> {
    let table = &op.table;
    shared::check_table(&Sqlite, table)?;
    shared::no_excludes(&table.excludes)?;
    let if_not_exists = if table.if_not_exists { "IF NOT EXISTS " } else { "" };
    let temporary = if table.options.temporary { "TEMPORARY " } else { "" };
    let (name, body) = (table_name(&table.name)?, shared::body(&table_lines(table)?));
    let mut sql = format!("CREATE {temporary}TABLE {if_not_exists}{name} {body}");
    sql += match (table.options.without_rowid, table.options.strict) {
        (true, true) => " WITHOUT ROWID, STRICT",
        (true, false) => " WITHOUT ROWID",
        (false, true) => " STRICT",
        (false, false) => "",
    };
    let mut statements = vec![Statement::new(sql)];
    for index in &table.indexes {
        statements.push(index_statement(&Index { if_not_exists: table.if_not_exists, ..index.clone() })?);
    }
    Ok(statements)
}

fn table_lines(table: &Table) -> Result<Vec<String>, Refusal> {
    let mut lines = Vec::new();
    let mut autoincrement = false;
    for column in &table.columns {
        if column.identity.is_some() {
            lines.push(autoincrement_column(table, column)?);
            autoincrement = true;
        } else {
            lines.push(column_definition(column)?);
        }
    }
    // AUTOINCREMENT has its primary key on the column's own line.
    if let Some(key) = &table.primary_key {
        check_key("primary keys", key.deferrable, &key.include)?;
    }
    if let Some(key) = table.primary_key.as_ref().filter(|_| !autoincrement) {
        lines.push(shared::primary_key(&Sqlite, key)?);
    }
    for unique in &table.uniques {
        lines.push(unique_definition(unique)?);
    }
    for key in &table.foreign_keys {
        lines.push(foreign_key_definition(key)?);
    }
    for check in &table.checks {
        lines.push(shared::check(&Sqlite, check)?);
    }
    Ok(lines)
}

fn autoincrement_column(table: &Table, column: &Column) -> Result<String, Refusal> {
    if !column.column_type.is_integer() && column.column_type != ColumnType::Custom("INTEGER".to_owned()) {
        return Err(Refusal::new(
            format!("identity on a column of type {}", column.column_type),
            "use `integer()` or `bigint()`",
        ));
    }
    if !table.is_sole_key(&column.name) {
        return Err(Refusal::new(
            "identity on a column that is not the whole primary key",
            "make it the primary key, or number the rows in the application",
        ));
    }
    if column.identity.clone().unwrap_or_default() != crate::schema::Identity::default() {
        return Err(Refusal::new("options of an identity column", "use `.identity()`"));
    }
    let name = shared::constraint(&Sqlite, table.primary_key.as_ref().and_then(|key| key.name.as_ref()))?;
    // Only the exact word INTEGER makes the column an alias of the rowid, of 64 bits whatever the type asked for.
    let conflict = table.primary_key.as_ref().and_then(|key| key.on_conflict);
    let conflict = shared::on_conflict(&Sqlite, conflict)?;
    Ok(format!("{} INTEGER NOT NULL {name}PRIMARY KEY{conflict} AUTOINCREMENT", ident(&column.name)?))
}

fn drop_table(op: &DropTable) -> Result<Vec<Statement>, Refusal> {
    let if_exists = if op.if_exists { "IF EXISTS " } else { "" };
    one(format!("DROP TABLE {if_exists}{}", table_name(&op.table)?))
}

fn rename_table(op: &RenameTable) -> Result<Vec<Statement>, Refusal> {
    one(format!("ALTER TABLE {} RENAME TO {}", table_name(&op.from)?, ident(&op.to)?))
}

fn add_column(op: &AddColumn) -> Result<Vec<Statement>, Refusal> {
    let column = &op.column;
    check_added(op)?;
    let mut line = column_definition(column)?;
    let own = column.constraints();
    if let Some(key) = &own.foreign_key {
        push!(line, " {}{}", shared::constraint(&Sqlite, key.name.as_ref())?, references(key)?);
    }
    if let Some(check) = &own.check {
        push!(line, " {}", shared::check(&Sqlite, check)?);
    }
    let mut statements = vec![Statement::new(format!("ALTER TABLE {} ADD COLUMN {line}", table_name(&op.table)?))];
    if let Some(index) = own.index {
        statements.push(index_statement(&Index { table: op.table.clone(), ..index })?);
    }
    Ok(statements)
}

/// What `ADD COLUMN` cannot do, at least to a table that has rows.
fn check_added(op: &AddColumn) -> Result<(), Refusal> {
    let (column, batch) = (&op.column, batch_hint(&op.table));
    let refuse = |what: &str| Err(Refusal::new(what, batch.clone()));
    if op.if_not_exists {
        return Err(Refusal::new("`if_not_exists` on a column", "leave it out"));
    }
    if column.primary_key || column.identity.is_some() {
        return refuse("adding a column to the primary key");
    }
    if column.unique && !column.index {
        return refuse("adding a unique column");
    }
    if column.generated.as_ref().is_some_and(|generated| generated.stored) {
        return refuse("adding a stored generated column");
    }
    if column.foreign_key.as_ref().is_some_and(|key| key.columns.len() > 1) {
        return refuse("adding a column with a foreign key of several columns");
    }
    if column.foreign_key.is_some() && column.default.is_some() {
        return refuse("adding a column with a foreign key and a default");
    }
    match &column.default {
        None if !column.nullable && column.generated.is_none() => Err(Refusal::new(
            "adding a NOT NULL column without a default",
            "give the column a default, or add it nullable, fill it and set it NOT NULL in `op.batch_alter_table`",
        )),
        Some(DefaultValue::Expression(text)) if !is_constant(text) => {
            refuse("adding a column whose default is an expression")
        }
        _ => Ok(()),
    }
}

fn drop_column(op: &DropColumn) -> Result<Vec<Statement>, Refusal> {
    if op.if_exists {
        return Err(Refusal::new("`if_exists` on a column", "leave it out"));
    }
    one(format!("ALTER TABLE {} DROP COLUMN {}", table_name(&op.table)?, ident(&op.column)?))
}

fn alter_column(op: &AlterColumn) -> Result<Vec<Statement>, Refusal> {
    let change = &op.change;
    let refuse = |what: &str| needs_batch(&format!("changing {what} of a column"), &op.table);
    if change.column_type.is_some() {
        return refuse("the type");
    }
    if !change.collation.is_keep() {
        return refuse("the collation");
    }
    if change.nullable.is_some() {
        return refuse("the nullability");
    }
    if !change.default.is_keep() {
        return refuse("the default");
    }
    if !change.identity.is_keep() {
        return refuse("the identity");
    }
    // A comment alone is nothing to SQLite.
    match change.rename_to.as_ref().filter(|to| **to != change.column) {
        Some(to) => one(format!(
            "ALTER TABLE {} RENAME COLUMN {} TO {}",
            table_name(&op.table)?,
            ident(&change.column)?,
            ident(to)?
        )),
        None => Ok(Vec::new()),
    }
}

fn batch_alter_table(op: &BatchAlterTable) -> Result<Vec<Statement>, Refusal> {
    let changes: Result<Vec<_>, _> = op.changes.iter().map(statements).collect();
    let changes = changes
        .map_err(|refusal| Refusal::new(refusal.what, "let a runner do it, which knows the table and rebuilds it"))?;
    Ok(changes.concat())
}

fn create_index(op: &CreateIndex) -> Result<Vec<Statement>, Refusal> {
    Ok(vec![index_statement(&op.index)?])
}

fn index_statement(index: &Index) -> Result<Statement, Refusal> {
    if let Some(sql) = &index.sql {
        return Ok(Statement::new(shared::sql_text(sql)?));
    }
    if let Some(method) = index.method.as_ref().filter(|method| *method != "btree") {
        return Err(Refusal::new(format!("`{method}` indexes"), "leave out `.using(..)` on this database"));
    }
    if !index.include.is_empty() {
        return Err(Refusal::new("columns carried along in an index", "add the columns to the index itself"));
    }
    if index.nulls_not_distinct {
        return Err(Refusal::new(
            "NULLS NOT DISTINCT",
            "make the columns NOT NULL, or index `coalesce(..)` expressions",
        ));
    }
    let unique = if index.unique { "UNIQUE " } else { "" };
    let if_not_exists = if index.if_not_exists { "IF NOT EXISTS " } else { "" };
    // The schema stands before the index, and the table may not have one.
    let name = table_name(&index.table.sibling(&index.name))?;
    let table = ident(&index.table.name)?;
    let mut sql = format!("CREATE {unique}INDEX {if_not_exists}{name} ON {table} ({})", index_columns(index)?);
    if let Some(predicate) = &index.predicate {
        push!(sql, " WHERE {}", shared::sql_text(predicate)?);
    }
    Ok(Statement::new(sql))
}

fn index_columns(index: &Index) -> Result<String, Refusal> {
    if index.columns.is_empty() {
        return Err(Refusal::new("an index without columns", "name its columns with `.on(\"table\", [..])`"));
    }
    let columns: Result<Vec<_>, _> = index.columns.iter().map(index_column).collect();
    Ok(columns?.join(", "))
}

fn index_column(column: &IndexColumn) -> Result<String, Refusal> {
    if column.operator_class.is_some() {
        return Err(Refusal::new("operator classes", "leave out `.operator_class(..)` on this database"));
    }
    let mut text = match &column.target {
        IndexTarget::Column(name) => ident(name)?,
        IndexTarget::Expression(expression) => format!("({})", shared::sql_text(expression)?),
    };
    if let Some(collation) = &column.collation {
        push!(text, " COLLATE {}", ident(collation)?);
    }
    text += match column.order {
        Some(Order::Asc) => " ASC",
        Some(Order::Desc) => " DESC",
        None => "",
    };
    match (column.nulls, column.order) {
        // NULLs are the smallest values, so this is what SQLite does anyway.
        (None, _) | (Some(Nulls::First), None | Some(Order::Asc)) | (Some(Nulls::Last), Some(Order::Desc)) => Ok(text),
        (Some(Nulls::First | Nulls::Last), _) => {
            Err(Refusal::new("the place of NULLs in an index", "leave out `.nulls_first()` and `.nulls_last()`"))
        }
    }
}

fn drop_index(op: &DropIndex) -> Result<Vec<Statement>, Refusal> {
    let if_exists = if op.if_exists { "IF EXISTS " } else { "" };
    let name = op.table.as_ref().map_or_else(|| op.name.as_str().into(), |table| table.sibling(&op.name));
    one(format!("DROP INDEX {if_exists}{}", table_name(&name)?))
}

fn add_enum_value(op: &AddEnumValue) -> Result<Vec<Statement>, Refusal> {
    Err(Refusal::new(
        format!("changing the enum `{}` by itself", op.name),
        "set each column that uses it to the longer `enumeration(..)` in `op.batch_alter_table`",
    ))
}

fn column_definition(column: &Column) -> Result<String, Refusal> {
    shared::check_column(column)?;
    let type_name = super::types::type_name(&column.column_type)?;
    let mut line = format!("{} {type_name}", ident(&column.name)?).trim_end().to_owned();
    if let Some(collation) = &column.collation {
        push!(line, " COLLATE {}", ident(collation)?);
    }
    if let Some(default) = &column.default {
        push!(line, " DEFAULT {}", default_value(default)?);
    }
    if let Some(generated) = &column.generated {
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        push!(line, " GENERATED ALWAYS AS ({}) {kind}", shared::sql_text(&generated.expression)?);
    }
    if !column.nullable {
        line += " NOT NULL";
        line += &shared::on_conflict(&Sqlite, column.not_null_on_conflict)?;
    }
    if let ColumnType::Enum(enum_type) = &column.column_type {
        push!(line, " CHECK ({})", super::types::enum_check(&column.name, enum_type)?);
    }
    Ok(line)
}

fn default_value(default: &DefaultValue) -> Result<String, Refusal> {
    match default {
        DefaultValue::Literal(value) => Sqlite.literal(value),
        // The same default on the three databases should be one text, and SQLite has no function `now`.
        DefaultValue::Expression(text) if text.trim().eq_ignore_ascii_case("now()") => {
            Ok("CURRENT_TIMESTAMP".to_owned())
        }
        DefaultValue::Expression(text) if is_bare(text) => Ok(shared::sql_text(text)?.trim().to_owned()),
        DefaultValue::Expression(text) => Ok(format!("({})", shared::sql_text(text)?)),
    }
}

/// Tells whether the text can follow `DEFAULT` without parentheses.
fn is_bare(text: &str) -> bool {
    let text = text.trim();
    let current = ["current_timestamp", "current_date", "current_time"];
    is_constant(text) || shared::is_parenthesised(text) || current.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Tells whether the text is one literal.
fn is_constant(text: &str) -> bool {
    let text = text.trim();
    let words = ["null", "true", "false"];
    let quoted = text.len() >= 2
        && text.starts_with('\'')
        && text.ends_with('\'')
        && !text[1..text.len() - 1].replace("''", "").contains('\'');
    quoted || text.parse::<f64>().is_ok_and(f64::is_finite) || words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn unique_definition(unique: &Unique) -> Result<String, Refusal> {
    check_key("unique constraints", unique.deferrable, &unique.include)?;
    if unique.nulls_not_distinct {
        return Err(Refusal::new("NULLS NOT DISTINCT", "make the columns NOT NULL"));
    }
    if !unique.include.is_empty() {
        return Err(Refusal::new(
            "columns carried along in a key",
            "leave out `.include(..)`, or add an index on them",
        ));
    }
    shared::unique(&Sqlite, unique)
}

fn check_key(what: &str, deferrable: Option<Deferrable>, include: &[String]) -> Result<(), Refusal> {
    if deferrable.is_some() {
        return Err(Refusal::new(format!("deferrable {what}"), "leave out `.deferrable(..)`"));
    }
    if !include.is_empty() {
        return Err(Refusal::new("columns carried along in a key", "add an index that has the columns as well"));
    }
    Ok(())
}

fn foreign_key_definition(key: &ForeignKey) -> Result<String, Refusal> {
    check_reference(key)?;
    Ok(shared::foreign_key(&Sqlite, key)? + &deferrable(key))
}

fn references(key: &ForeignKey) -> Result<String, Refusal> {
    check_reference(key)?;
    Ok(shared::references(&Sqlite, key)? + &deferrable(key))
}

fn check_reference(key: &ForeignKey) -> Result<(), Refusal> {
    if key.match_full {
        // SQLite reads MATCH and does not heed it.
        let hint = "leave out `.match_full()`, or add a check that all columns are NULL or none";
        return Err(Refusal::new("MATCH FULL", hint));
    }
    match &key.references.schema {
        Some(schema) if schema != "main" && schema != "temp" => Err(Refusal::new(
            format!("a foreign key into another database, `{schema}`"),
            "name the table alone; it is looked for beside the referring table",
        )),
        Some(_) => Err(Refusal::new("a schema in a foreign key", "name the table alone")),
        None => Ok(()),
    }
}

fn deferrable(key: &ForeignKey) -> String {
    key.deferrable.map_or(String::new(), |deferrable| format!(" {deferrable}"))
}

fn needs_batch(what: &str, table: &TableName) -> Result<Vec<Statement>, Refusal> {
    Err(Refusal::new(what, batch_hint(table)))
}

fn batch_hint(table: &TableName) -> String {
    format!("use `op.batch_alter_table(\"{}\", |batch| ..)`, which rebuilds the table", table.name)
}

fn ident(name: &str) -> Result<String, Refusal> {
    shared::ident(&Sqlite, name)
}

fn table_name(name: &TableName) -> Result<String, Refusal> {
    shared::table_name(&Sqlite, name)
}

fn one(sql: impl Into<String>) -> Result<Vec<Statement>, Refusal> {
    Ok(vec![Statement::new(sql)])
}
