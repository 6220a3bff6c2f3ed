//! How PostgreSQL spells operations.

use super::{Postgres, objects};
use crate::dialect::{Dialect, Refusal, Statement, shared};
use crate::name::TableName;
use crate::ops::{
    AddColumn, AddEnumValue, AlterColumn, AlterEnum, Change, CreateCheck, CreateEnum, CreateExclude, CreateForeignKey,
    CreateIndex, CreatePrimaryKey, CreateTable, CreateUnique, DropCheck, DropColumn, DropEnum, DropForeignKey,
    DropIndex, DropPrimaryKey, DropTable, DropUnique, Operation, Place, RenameTable, SetTableComment, SetTableOptions,
};
use crate::schema::{
    Check, Column, ColumnConstraints, ColumnType, DefaultValue, Deferrable, Exclude, ExcludeElement, ForeignKey,
    Identity, Index, IndexColumn, IndexTarget, Nulls, OnCommit, Order, PrimaryKey, Table, TableOptions, Unique, Value,
};

pub(super) fn statements(op: &Operation) -> Result<Vec<Statement>, Refusal> {
    match op {
        Operation::CreateTable(op) => create_table(op),
        Operation::DropTable(op) => drop_table(op),
        Operation::RenameTable(op) => rename_table(op),
        Operation::AddColumn(op) => add_column(op),
        Operation::DropColumn(op) => drop_column(op),
        Operation::AlterColumn(op) => alter_column(op),
        Operation::BatchAlterTable(op) => {
            let changes: Result<Vec<_>, _> = op.changes.iter().map(statements).collect();
            Ok(changes?.concat())
        }
        Operation::CreateIndex(op) => create_index(op),
        Operation::DropIndex(op) => drop_index(op),
        Operation::CreatePrimaryKey(op) => create_primary_key(op),
        Operation::DropPrimaryKey(op) => drop_primary_key(op),
        Operation::CreateUnique(op) => create_unique(op),
        Operation::DropUnique(op) => drop_unique(op),
        Operation::CreateForeignKey(op) => create_foreign_key(op),
        Operation::DropForeignKey(op) => drop_foreign_key(op),
        Operation::CreateCheck(op) => create_check(op),
        Operation::DropCheck(op) => drop_check(op),
        Operation::CreateExclude(op) => create_exclude(op),
        Operation::DropExclude(op) => drop_constraint(&op.table, &op.name, op.if_exists),
        Operation::CreateEnum(op) => create_enum(op),
        Operation::DropEnum(op) => drop_enum(op),
        Operation::AddEnumValue(op) => add_enum_value(op),
        Operation::SetTableComment(op) => set_table_comment(op),
        Operation::SetTableOptions(op) => set_table_options(op),
        Operation::RenameEnumValue(op) => objects::rename_enum_value(op),
        Operation::CreateSchema(op) => objects::create_schema(op),
        Operation::DropSchema(op) => objects::drop_schema(op),
        Operation::CreateExtension(op) => objects::create_extension(op),
        Operation::DropExtension(op) => objects::drop_extension(op),
        Operation::CreateSequence(op) => objects::create_sequence(op),
        Operation::AlterEnum(op) => alter_enum(op),
        Operation::AlterSequence(op) => objects::alter_sequence(op),
        Operation::DropSequence(op) => objects::drop_sequence(op),
        Operation::CreateObject(op) => objects::create_object(op),
        Operation::ReplaceObject(op) => objects::replace_object(op),
        Operation::DropObject(op) => objects::drop_object(op),
        Operation::BulkInsert(op) => objects::bulk_insert(op),
        Operation::Sql(op) => one(shared::sql_text(&op.sql)?),
    }
}

fn create_table(op: &CreateTable) -> Result<Vec<Statement>, Refusal> {
    let table = &op.table;
    shared::check_table(&Postgres, table)?;
    let name = table_name(&table.name)?;
    let kind = table_kind(&table.options)?;
    let if_not_exists = if table.if_not_exists { "IF NOT EXISTS " } else { "" };
    let (body, options) = (shared::body(&table_lines(table)?), table_options(&table.options)?);
    let mut statements = vec![Statement::new(format!("CREATE {kind}TABLE {if_not_exists}{name} {body}{options}"))];
    statements.extend(not_valid_constraints(table)?);
    for unique in table.uniques.iter().enumerate().filter(|(at, _)| is_repeated(table, *at)).map(|(_, unique)| unique) {
        statements.extend(add_constraint(&table.name, &unique_definition(unique)?)?);
    }
    let repeated = table.excludes.iter().enumerate().filter(|(at, _)| is_excluded_before(table, *at));
    for (_, exclude) in repeated {
        statements.extend(add_constraint(&table.name, &exclude_definition(exclude)?)?);
    }
    for index in &table.indexes {
        statements.push(index_statement(&Index { if_not_exists: table.if_not_exists, ..index.clone() })?);
    }
    if let Some(comment) = &table.comment {
        statements.push(Statement::new(format!("COMMENT ON TABLE {name} IS {}", text(comment)?)));
    }
    for column in &table.columns {
        statements.extend(column_comment(&name, &column.name, column.comment.as_ref())?);
    }
    Ok(statements)
}

fn table_kind(options: &TableOptions) -> Result<&'static str, Refusal> {
    match (options.temporary, options.unlogged) {
        (false, false) => Ok(""),
        (false, true) => Ok("UNLOGGED "),
        (true, false) => Ok("TEMPORARY "),
        (true, true) => Err(Refusal::new(
            "a table both temporary and unlogged",
            "leave out `unlogged: true`: a temporary table is never logged",
        )),
    }
}

fn table_options(options: &TableOptions) -> Result<String, Refusal> {
    let mut text = String::new();
    if !options.inherits.is_empty() {
        let parents: Result<Vec<_>, _> = options.inherits.iter().map(table_name).collect();
        push!(text, " INHERITS ({})", parents?.join(", "));
    }
    if let Some(partition_by) = &options.partition_by {
        push!(text, " PARTITION BY {}", shared::sql_text(partition_by)?);
    }
    if let Some(method) = &options.access_method {
        push!(text, " USING {}", ident(method)?);
    }
    text += &storage_parameters(&options.storage)?;
    text += match options.on_commit {
        Some(_) if !options.temporary => {
            return Err(Refusal::new("ON COMMIT on a table that is not temporary", "set `temporary: true` as well"));
        }
        Some(OnCommit::PreserveRows) => " ON COMMIT PRESERVE ROWS",
        Some(OnCommit::DeleteRows) => " ON COMMIT DELETE ROWS",
        Some(OnCommit::Drop) => " ON COMMIT DROP",
        None => "",
    };
    if let Some(tablespace) = &options.tablespace {
        push!(text, " TABLESPACE {}", ident(tablespace)?);
    }
    Ok(text)
}

/// ` WITH (fillfactor = 70)`, or nothing.
fn storage_parameters(parameters: &[(String, String)]) -> Result<String, Refusal> {
    if parameters.is_empty() {
        return Ok(String::new());
    }
    Ok(format!(" WITH ({})", assigned(parameters)?))
}

fn assigned(parameters: &[(String, String)]) -> Result<String, Refusal> {
    let assign = |(parameter, value): &(String, String)| {
        Ok::<_, Refusal>(format!("{} = {}", storage_name(parameter)?, shared::sql_text(value)?))
    };
    let assigned: Result<Vec<_>, _> = parameters.iter().map(assign).collect();
    Ok(assigned?.join(", "))
}

/// A parameter of the TOAST table has a dot in its name.
fn storage_name(name: &str) -> Result<String, Refusal> {
    let parts: Result<Vec<_>, _> = name.split('.').map(ident).collect();
    Ok(parts?.join("."))
}

fn table_lines(table: &Table) -> Result<Vec<String>, Refusal> {
    let mut lines = Vec::new();
    for column in &table.columns {
        lines.push(column_definition(column)?);
    }
    if let Some(key) = &table.primary_key {
        lines.push(primary_key_definition(key)?);
    }
    for unique in table.uniques.iter().enumerate().filter(|(at, _)| !is_repeated(table, *at)).map(|(_, unique)| unique)
    {
        lines.push(unique_definition(unique)?);
    }
    for key in table.foreign_keys.iter().filter(|key| !key.not_valid) {
        lines.push(foreign_key_definition(key)?);
    }
    for check in table.checks.iter().filter(|check| !check.not_valid) {
        lines.push(check_definition(check)?);
    }
    let excludes = table.excludes.iter().enumerate().filter(|(at, _)| !is_excluded_before(table, *at));
    for (_, exclude) in excludes {
        lines.push(exclude_definition(exclude)?);
    }
    Ok(lines)
}

/// Whether an exclusion constraint before this one is the same but for its name: `CREATE TABLE` makes one of the two.
fn is_excluded_before(table: &Table, at: usize) -> bool {
    let bare = |exclude: &Exclude| Exclude { name: None, ..exclude.clone() };
    let this = bare(&table.excludes[at]);
    table.excludes[..at].iter().any(|other| bare(other) == this)
}

/// Whether the primary key, or a unique constraint before this one, has its columns: `CREATE TABLE` makes one of the two.
fn is_repeated(table: &Table, at: usize) -> bool {
    let columns = &table.uniques[at].columns;
    table.primary_key.as_ref().is_some_and(|key| key.columns == *columns)
        || table.uniques[..at].iter().any(|other| other.columns == *columns)
}

/// `CREATE TABLE` would make them valid.
fn not_valid_constraints(table: &Table) -> Result<Vec<Statement>, Refusal> {
    let keys = table.foreign_keys.iter().filter(|key| key.not_valid);
    let checks = table.checks.iter().filter(|check| check.not_valid);
    let definitions = keys.map(foreign_key_definition).chain(checks.map(check_definition));
    let mut statements = Vec::new();
    for definition in definitions {
        statements.extend(add_constraint(&table.name, &(definition? + not_valid(true)))?);
    }
    Ok(statements)
}

fn drop_table(op: &DropTable) -> Result<Vec<Statement>, Refusal> {
    let if_exists = if op.if_exists { "IF EXISTS " } else { "" };
    one(format!("DROP TABLE {if_exists}{}", table_name(&op.table)?))
}

fn rename_table(op: &RenameTable) -> Result<Vec<Statement>, Refusal> {
    one(format!("ALTER TABLE {} RENAME TO {}", table_name(&op.from)?, ident(&op.to)?))
}

fn add_column(op: &AddColumn) -> Result<Vec<Statement>, Refusal> {
    let table = table_name(&op.table)?;
    let column = &op.column;
    let if_not_exists = if op.if_not_exists { "IF NOT EXISTS " } else { "" };
    let definition = column_definition(column)?;
    let mut statements = vec![Statement::new(format!("ALTER TABLE {table} ADD COLUMN {if_not_exists}{definition}"))];
    let own = column.constraints();
    for constraint in column_constraints(&own)? {
        statements.push(Statement::new(format!("ALTER TABLE {table} ADD {constraint}")));
    }
    if let Some(index) = own.index {
        let index = Index { table: op.table.clone(), if_not_exists: op.if_not_exists, ..index };
        statements.push(index_statement(&index)?);
    }
    statements.extend(column_comment(&table, &column.name, column.comment.as_ref())?);
    Ok(statements)
}

fn column_constraints(own: &ColumnConstraints) -> Result<Vec<String>, Refusal> {
    let mut constraints = Vec::new();
    if let Some(key) = &own.primary_key {
        constraints.push(primary_key_definition(key)?);
    }
    if let Some(unique) = &own.unique {
        constraints.push(unique_definition(unique)?);
    }
    if let Some(key) = &own.foreign_key {
        constraints.push(foreign_key_definition(key)? + not_valid(key.not_valid));
    }
    if let Some(check) = &own.check {
        constraints.push(check_definition(check)? + not_valid(check.not_valid));
    }
    Ok(constraints)
}

fn drop_column(op: &DropColumn) -> Result<Vec<Statement>, Refusal> {
    let if_exists = if op.if_exists { "IF EXISTS " } else { "" };
    one(format!("ALTER TABLE {} DROP COLUMN {if_exists}{}", table_name(&op.table)?, ident(&op.column)?))
}

fn alter_column(op: &AlterColumn) -> Result<Vec<Statement>, Refusal> {
    let (table, change) = (table_name(&op.table)?, &op.change);
    let column = ident(&change.column)?;
    let mut statements = Vec::new();
    if change.identity == Change::Drop {
        statements.extend(drop_identity(&table, &change.column)?);
    }
    let mut alter = |action: String| statements.push(format!("ALTER TABLE {table} ALTER COLUMN {column} {action}"));

    // Dropping an identity comes first, setting one last: in between the column may take another type or default.
    let default = default_around_type(op);
    // A new type takes its own collation, unless the old one is said again.
    let collation = change.collation.apply_to(op.existing.as_ref().and_then(|column| column.collation.as_ref()));
    if let Some(column_type) = &change.column_type {
        // PostgreSQL casts the old default along with the type, and fails where it cannot, even if a new one follows.
        if !default.is_keep() {
            alter("DROP DEFAULT".to_owned());
        }
        alter(set_type(column_type, collation.as_ref(), change.using.as_ref())?);
    } else if !change.collation.is_keep() {
        let existing = op.existing.as_ref().ok_or_else(|| {
            Refusal::new("changing a collation without the type", "add `.set_type(..)`, which may be the old one")
        })?;
        alter(set_type(&existing.column_type, collation.as_ref(), None)?);
    } else if change.using.is_some() {
        return Err(Refusal::new("`using` without a new type", "add `.set_type(..)`, or update the rows with SQL"));
    }
    match change.nullable {
        Some(true) => alter("DROP NOT NULL".to_owned()),
        Some(false) => alter("SET NOT NULL".to_owned()),
        None => {}
    }
    match &default {
        Change::Set(value) => alter(format!("SET DEFAULT {}", default_value(value)?)),
        Change::Drop if change.column_type.is_none() => alter("DROP DEFAULT".to_owned()),
        Change::Drop | Change::Keep => {}
    }
    if let Change::Set(identity) = &change.identity {
        alter(change_identity(op.existing.as_ref(), identity));
    }
    let mut statements: Vec<_> = statements.into_iter().map(Statement::new).collect();
    match &change.comment {
        Change::Keep => {}
        Change::Drop => statements.push(Statement::new(format!("COMMENT ON COLUMN {table}.{column} IS NULL"))),
        Change::Set(comment) => statements.extend(column_comment(&table, &change.column, Some(comment))?),
    }
    if let Some(to) = change.rename_to.as_ref().filter(|to| **to != change.column) {
        statements.push(Statement::new(format!("ALTER TABLE {table} RENAME COLUMN {column} TO {}", ident(to)?)));
    }
    Ok(statements)
}

/// What happens to the default while the type changes: a literal one is taken away and set again where the cast may fail.
fn default_around_type(op: &AlterColumn) -> Change<DefaultValue> {
    let Some(existing) = &op.existing else { return op.change.default.clone() };
    let is_enum = |column_type: &ColumnType| matches!(column_type, ColumnType::Enum(_));
    let may_fail = op.change.using.is_some()
        || is_enum(&existing.column_type)
        || op.change.column_type.as_ref().is_some_and(is_enum);
    match (&op.change.default, &op.change.column_type, &existing.default) {
        (Change::Keep, Some(_), Some(default @ DefaultValue::Literal(_))) if may_fail => Change::Set(default.clone()),
        (change, _, _) => change.clone(),
    }
}

/// A `serial` column is numbered by its default, from a sequence of its own.
fn drop_identity(table: &str, column: &str) -> Result<[String; 3], Refusal> {
    let alter = format!("ALTER TABLE {table} ALTER COLUMN {}", ident(column)?);
    let own = format!("pg_get_serial_sequence({}, {})", text(table)?, text(column)?);
    Ok([
        format!("{alter} DROP IDENTITY IF EXISTS"),
        format!("{alter} DROP DEFAULT"),
        format!("DO $drop$ BEGIN EXECUTE coalesce('DROP SEQUENCE ' || {own}, 'SELECT 1'); END $drop$"),
    ])
}

fn set_type(column_type: &ColumnType, collation: Option<&String>, using: Option<&String>) -> Result<String, Refusal> {
    let collate = match collation {
        Some(collation) => format!(" COLLATE {}", ident(collation)?),
        None => String::new(),
    };
    let using =
        using.map_or(Ok(String::new()), |using| Ok::<_, Refusal>(format!(" USING {}", shared::sql_text(using)?)))?;
    Ok(format!("TYPE {}{collate}{using}", super::types::type_name(column_type)?))
}

fn change_identity(existing: Option<&Column>, identity: &Identity) -> String {
    if existing.is_some_and(|column| column.identity.is_some()) {
        let kind = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
        let mut options: String = identity_options(identity).iter().map(|option| format!(" SET {option}")).collect();
        let cycled = existing.and_then(|column| column.identity.as_ref()).is_some_and(|identity| identity.cycle);
        options += if cycled && !identity.cycle { " SET NO CYCLE" } else { "" };
        return format!("SET GENERATED {kind}{options}");
    }
    format!("ADD {}", identity_clause(identity))
}

fn create_index(op: &CreateIndex) -> Result<Vec<Statement>, Refusal> {
    Ok(vec![index_statement(&op.index)?])
}

fn index_statement(index: &Index) -> Result<Statement, Refusal> {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let concurrently = if index.concurrently { "CONCURRENTLY " } else { "" };
    let if_not_exists = if index.if_not_exists { "IF NOT EXISTS " } else { "" };
    let method = index
        .method
        .as_ref()
        .map_or(Ok(String::new()), |method| Ok::<_, Refusal>(format!(" USING {}", ident(method)?)))?;
    let mut sql = format!(
        "CREATE {unique}INDEX {concurrently}{if_not_exists}{} ON {}{method} ({})",
        ident(&index.name)?,
        table_name(&index.table)?,
        index_columns(index)?
    );
    sql += &include(&index.include)?;
    if index.nulls_not_distinct {
        sql += " NULLS NOT DISTINCT";
    }
    sql += &storage_parameters(&index.storage)?;
    if let Some(tablespace) = &index.tablespace {
        push!(sql, " TABLESPACE {}", ident(tablespace)?);
    }
    if let Some(predicate) = &index.predicate {
        push!(sql, " WHERE {}", shared::sql_text(predicate)?);
    }
    Ok(Statement { sql, in_transaction: !index.concurrently })
}

fn index_columns(index: &Index) -> Result<String, Refusal> {
    if index.columns.is_empty() {
        return Err(Refusal::new("an index without columns", "name its columns with `.on(\"table\", [..])`"));
    }
    let columns: Result<Vec<_>, _> = index.columns.iter().map(index_column).collect();
    Ok(columns?.join(", "))
}

fn index_column(column: &IndexColumn) -> Result<String, Refusal> {
    let mut text = match &column.target {
        IndexTarget::Column(name) => ident(name)?,
        IndexTarget::Expression(expression) => format!("({})", shared::sql_text(expression)?),
    };
    if let Some(collation) = &column.collation {
        push!(text, " COLLATE {}", ident(collation)?);
    }
    if let Some(class) = &column.operator_class {
        push!(text, " {}", ident(class)?);
    }
    text += match column.order {
        Some(Order::Asc) => " ASC",
        Some(Order::Desc) => " DESC",
        None => "",
    };
    text += match column.nulls {
        Some(Nulls::First) => " NULLS FIRST",
        Some(Nulls::Last) => " NULLS LAST",
        None => "",
    };
    Ok(text)
}

fn drop_index(op: &DropIndex) -> Result<Vec<Statement>, Refusal> {
    let concurrently = if op.concurrently { "CONCURRENTLY " } else { "" };
    let if_exists = if op.if_exists { "IF EXISTS " } else { "" };
    let name = op.table.as_ref().map_or_else(|| op.name.as_str().into(), |table| table.sibling(&op.name));
    let sql = format!("DROP INDEX {concurrently}{if_exists}{}", table_name(&name)?);
    Ok(vec![Statement { sql, in_transaction: !op.concurrently }])
}

fn create_primary_key(op: &CreatePrimaryKey) -> Result<Vec<Statement>, Refusal> {
    add_constraint(&op.table, &primary_key_definition(&op.primary_key)?)
}

fn drop_primary_key(op: &DropPrimaryKey) -> Result<Vec<Statement>, Refusal> {
    let default = || format!("{}_pkey", op.table.name);
    drop_constraint(&op.table, &op.name.clone().unwrap_or_else(default), op.if_exists)
}

fn create_unique(op: &CreateUnique) -> Result<Vec<Statement>, Refusal> {
    add_constraint(&op.table, &unique_definition(&op.unique)?)
}

fn drop_unique(op: &DropUnique) -> Result<Vec<Statement>, Refusal> {
    drop_constraint(&op.table, &op.name, op.if_exists)
}

fn create_foreign_key(op: &CreateForeignKey) -> Result<Vec<Statement>, Refusal> {
    add_constraint(&op.table, &(foreign_key_definition(&op.foreign_key)? + not_valid(op.foreign_key.not_valid)))
}

fn drop_foreign_key(op: &DropForeignKey) -> Result<Vec<Statement>, Refusal> {
    drop_constraint(&op.table, &op.name, op.if_exists)
}

fn create_check(op: &CreateCheck) -> Result<Vec<Statement>, Refusal> {
    add_constraint(&op.table, &(check_definition(&op.check)? + not_valid(op.check.not_valid)))
}

const fn not_valid(not_valid: bool) -> &'static str {
    if not_valid { " NOT VALID" } else { "" }
}

fn create_exclude(op: &CreateExclude) -> Result<Vec<Statement>, Refusal> {
    add_constraint(&op.table, &exclude_definition(&op.exclude)?)
}

fn drop_check(op: &DropCheck) -> Result<Vec<Statement>, Refusal> {
    drop_constraint(&op.table, &op.name, op.if_exists)
}

fn create_enum(op: &CreateEnum) -> Result<Vec<Statement>, Refusal> {
    let values = shared::enum_values(&Postgres, &op.enum_type)?;
    one(format!("CREATE TYPE {} AS ENUM ({values})", table_name(&op.enum_type.name)?))
}

fn drop_enum(op: &DropEnum) -> Result<Vec<Statement>, Refusal> {
    let if_exists = if op.if_exists { "IF EXISTS " } else { "" };
    one(format!("DROP TYPE {if_exists}{}", table_name(&op.name)?))
}

fn add_enum_value(op: &AddEnumValue) -> Result<Vec<Statement>, Refusal> {
    let place = match &op.place {
        Place::Last => String::new(),
        Place::Before(value) => format!(" BEFORE {}", text(value)?),
        Place::After(value) => format!(" AFTER {}", text(value)?),
    };
    let if_not_exists = if op.if_not_exists { "IF NOT EXISTS " } else { "" };
    one(format!("ALTER TYPE {} ADD VALUE {if_not_exists}{}{place}", table_name(&op.name)?, text(&op.value)?))
}

fn alter_enum(op: &AlterEnum) -> Result<Vec<Statement>, Refusal> {
    let name = &op.enum_type.name;
    // A name of the greatest length leaves no room for more.
    let cut: String = name.name.char_indices().filter(|(at, c)| at + c.len_utf8() <= 58).map(|(_, c)| c).collect();
    let renamed = format!("{cut}__old");
    let (new, old) = (table_name(name)?, table_name(&name.sibling(&renamed))?);
    let renamed = ident(&renamed)?;
    let mut sql = vec![
        format!("ALTER TYPE {new} RENAME TO {renamed}"),
        format!("CREATE TYPE {new} AS ENUM ({})", shared::enum_values(&Postgres, &op.enum_type)?),
    ];
    for (table, column) in &op.columns {
        let (table, column_name) = (table_name(table)?, ident(&column.name)?);
        let alter = format!("ALTER TABLE {table} ALTER COLUMN {column_name}");
        let dimensions = "[]".repeat(dimensions(&column.column_type));
        if column.default.is_some() {
            sql.push(format!("{alter} DROP DEFAULT"));
        }
        sql.push(format!("{alter} TYPE {new}{dimensions} USING {column_name}::text{dimensions}::{new}{dimensions}"));
        if let Some(default) = column.default.as_ref().filter(|default| is_among(default, &op.enum_type.values)) {
            sql.push(format!("{alter} SET DEFAULT {}", default_value(default)?));
        }
    }
    sql.push(format!("DROP TYPE {old}"));
    Ok(sql.into_iter().map(Statement::new).collect())
}

fn dimensions(column_type: &ColumnType) -> usize {
    match column_type {
        ColumnType::Array(of) => 1 + dimensions(of),
        _ => 0,
    }
}

/// Tells whether a default can be set again; of an expression nobody knows.
fn is_among(default: &DefaultValue, values: &[String]) -> bool {
    !matches!(default, DefaultValue::Literal(Value::Text(text)) if !text.starts_with('{') && !values.contains(text))
}

fn set_table_comment(op: &SetTableComment) -> Result<Vec<Statement>, Refusal> {
    let comment = op.comment.as_ref().map_or(Ok("NULL".to_owned()), |comment| text(comment))?;
    one(format!("COMMENT ON TABLE {} IS {comment}", table_name(&op.table)?))
}

fn set_table_options(op: &SetTableOptions) -> Result<Vec<Statement>, Refusal> {
    if op.changed(|options| &options.partition_by).is_some() {
        let way = "create another table and move the rows, or attach this one to it with `op.sql`";
        return Err(Refusal::new("splitting a table that is there", way));
    }
    let mut actions = Vec::new();
    if let Some(unlogged) = op.flipped(|options| options.unlogged) {
        actions.push(if unlogged { "SET UNLOGGED" } else { "SET LOGGED" }.to_owned());
    }
    let (comes, goes) = op.inherits();
    for parent in goes {
        actions.push(format!("NO INHERIT {}", table_name(parent)?));
    }
    for parent in comes {
        actions.push(format!("INHERIT {}", table_name(parent)?));
    }
    if let Some(method) = op.changed(|options| &options.access_method) {
        actions.push(format!("SET ACCESS METHOD {}", ident(method.map_or("heap", String::as_str))?));
    }
    if let Some(tablespace) = op.changed(|options| &options.tablespace) {
        actions.push(format!("SET TABLESPACE {}", ident(tablespace.map_or("pg_default", String::as_str))?));
    }
    let (set, reset) = op.storage();
    if !set.is_empty() {
        actions.push(format!("SET ({})", assigned(&set)?));
    }
    if !reset.is_empty() {
        let names: Result<Vec<_>, _> = reset.into_iter().map(storage_name).collect();
        actions.push(format!("RESET ({})", names?.join(", ")));
    }
    let name = table_name(&op.table)?;
    Ok(actions.into_iter().map(|action| Statement::new(format!("ALTER TABLE {name} {action}"))).collect())
}

fn column_definition(column: &Column) -> Result<String, Refusal> {
    shared::check_column(column)?;
    shared::on_conflict(&Postgres, column.not_null_on_conflict)?;
    let mut line = format!("{} {}", ident(&column.name)?, super::types::type_name(&column.column_type)?);
    if let Some(collation) = &column.collation {
        push!(line, " COLLATE {}", ident(collation)?);
    }
    if let Some(default) = &column.default {
        push!(line, " DEFAULT {}", default_value(default)?);
    }
    if let Some(generated) = &column.generated {
        if !generated.stored {
            return Err(Refusal::new(
                "a virtual generated column",
                "use `.generated(..)`, which keeps the value in the row",
            ));
        }
        push!(line, " GENERATED ALWAYS AS ({}) STORED", shared::sql_text(&generated.expression)?);
    }
    if let Some(identity) = &column.identity {
        push!(line, " {}", identity_clause(identity));
    }
    if !column.nullable && column.identity.is_none() {
        line += " NOT NULL";
    }
    Ok(line)
}

fn identity_clause(identity: &Identity) -> String {
    let kind = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
    let options = identity_options(identity);
    let options = if options.is_empty() { String::new() } else { format!(" ({})", options.join(" ")) };
    format!("GENERATED {kind} AS IDENTITY{options}")
}

fn identity_options(identity: &Identity) -> Vec<String> {
    let number = |word: &str, value: Option<i64>| value.map(|value| format!("{word} {value}"));
    let options = [
        number("INCREMENT BY", identity.increment),
        number("START WITH", identity.start),
        number("MINVALUE", identity.min_value),
        number("MAXVALUE", identity.max_value),
        number("CACHE", identity.cache),
        identity.cycle.then(|| "CYCLE".to_owned()),
    ];
    options.into_iter().flatten().collect()
}

fn default_value(default: &DefaultValue) -> Result<String, Refusal> {
    match default {
        DefaultValue::Literal(value) => Postgres.literal(value),
        DefaultValue::Expression(expression) => Ok(shared::sql_text(expression)?.to_owned()),
    }
}

fn primary_key_definition(key: &PrimaryKey) -> Result<String, Refusal> {
    let (include, deferrable) = (include(&key.include)?, deferrable(key.deferrable));
    Ok(shared::primary_key(&Postgres, key)? + &include + &deferrable)
}

fn unique_definition(unique: &Unique) -> Result<String, Refusal> {
    let name = shared::constraint(&Postgres, unique.name.as_ref())?;
    let nulls = if unique.nulls_not_distinct { "NULLS NOT DISTINCT " } else { "" };
    let (include, deferrable) = (include(&unique.include)?, deferrable(unique.deferrable));
    shared::on_conflict(&Postgres, unique.on_conflict)?;
    Ok(format!("{name}UNIQUE {nulls}({}){include}{deferrable}", shared::columns(&Postgres, &unique.columns)?))
}

fn exclude_definition(exclude: &Exclude) -> Result<String, Refusal> {
    if exclude.elements.is_empty() {
        return Err(Refusal::new(
            "an exclusion constraint that compares nothing",
            "add what to compare: `.with(\"during\", \"&&\")`",
        ));
    }
    let mut text = format!("{}EXCLUDE", shared::constraint(&Postgres, exclude.name.as_ref())?);
    if let Some(method) = &exclude.method {
        push!(text, " USING {}", ident(method)?);
    }
    let elements: Result<Vec<_>, _> = exclude.elements.iter().map(exclude_element).collect();
    push!(text, " ({})", elements?.join(", "));
    if let Some(predicate) = &exclude.predicate {
        push!(text, " WHERE ({})", shared::sql_text(predicate)?);
    }
    Ok(text + &deferrable(exclude.deferrable))
}

fn exclude_element(element: &ExcludeElement) -> Result<String, Refusal> {
    let operator = element.operator.trim();
    let plain = !operator.is_empty() && operator.chars().all(|c| "+-*/<>=~!@#%^&|`?".contains(c));
    let qualified = operator.to_ascii_uppercase().starts_with("OPERATOR(") && operator.ends_with(')');
    if !plain && !qualified {
        return Err(Refusal::new(
            format!("`{operator}` as the operator of an exclusion constraint"),
            "give an operator, such as `=` or `&&`; one of a schema is `OPERATOR(schema.=)`",
        ));
    }
    Ok(format!("{} WITH {}", index_column(&element.column)?, shared::sql_text(operator)?))
}

fn foreign_key_definition(key: &ForeignKey) -> Result<String, Refusal> {
    Ok(shared::foreign_key(&Postgres, key)? + &deferrable(key.deferrable))
}

fn check_definition(check: &Check) -> Result<String, Refusal> {
    let no_inherit = if check.no_inherit { " NO INHERIT" } else { "" };
    Ok(shared::check(&Postgres, check)? + no_inherit)
}

/// ` INCLUDE (a, b)`, or nothing.
fn include(columns: &[String]) -> Result<String, Refusal> {
    if columns.is_empty() {
        return Ok(String::new());
    }
    Ok(format!(" INCLUDE ({})", shared::columns(&Postgres, columns)?))
}

fn deferrable(deferrable: Option<Deferrable>) -> String {
    deferrable.map_or(String::new(), |deferrable| format!(" {deferrable}"))
}

fn column_comment(table: &str, column: &str, comment: Option<&String>) -> Result<Option<Statement>, Refusal> {
    let Some(comment) = comment else { return Ok(None) };
    Ok(Some(Statement::new(format!("COMMENT ON COLUMN {table}.{} IS {}", ident(column)?, text(comment)?))))
}

fn add_constraint(table: &TableName, definition: &str) -> Result<Vec<Statement>, Refusal> {
    one(format!("ALTER TABLE {} ADD {definition}", table_name(table)?))
}

fn drop_constraint(table: &TableName, name: &str, if_exists: bool) -> Result<Vec<Statement>, Refusal> {
    let if_exists = if if_exists { "IF EXISTS " } else { "" };
    one(format!("ALTER TABLE {} DROP CONSTRAINT {if_exists}{}", table_name(table)?, shared::dropped(&Postgres, name)?))
}

pub(super) fn ident(name: &str) -> Result<String, Refusal> {
    shared::ident(&Postgres, name)
}

pub(super) fn table_name(name: &TableName) -> Result<String, Refusal> {
    shared::table_name(&Postgres, name)
}

pub(super) fn text(text: &str) -> Result<String, Refusal> {
    Postgres.literal(&Value::Text(text.to_owned()))
}

pub(super) fn one(sql: impl Into<String>) -> Result<Vec<Statement>, Refusal> {
    Ok(vec![Statement::new(sql)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{column, integer, primary_key, table, unique};

    #[test]
    fn a_unique_constraint_with_the_columns_of_another_key_is_made_after_the_table() {
        let table = table("t").column(column("a", integer())).column(column("b", integer()));
        let table = table.primary_key(primary_key(None).on(["a"]));
        let table =
            table.unique(unique("uq_1").on(["a"])).unique(unique("uq_2").on(["b"])).unique(unique("uq_3").on(["b"]));
        let made = create_table(&CreateTable::new(table)).unwrap();
        assert!(made[0].sql.contains("CONSTRAINT uq_2") && !made[0].sql.contains("uq_1"), "{}", made[0].sql);
        let after: Vec<_> = made[1..].iter().map(|statement| statement.sql.as_str()).collect();
        let add = "ALTER TABLE t ADD CONSTRAINT";
        assert_eq!(after, [format!("{add} uq_1 UNIQUE (a)"), format!("{add} uq_3 UNIQUE (b)")]);
    }
}
