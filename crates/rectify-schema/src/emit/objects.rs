//! Schema objects as calls of the builders in the prelude.

use super::expression::Expr;
use super::literal::{self, number};
use crate::name::TableName;
use crate::schema::{
    Check, Column, ColumnType, Deferrable, EnumType, Exclude, ExcludeElement, Extension, ForeignKey, ForeignKeyAction,
    Generated, Identity, Index, IndexColumn, IndexTarget, Nulls, ObjectKind, OnCommit, OnConflict, Order, PrimaryKey,
    Sequence, SequenceOptions, SqlObject, Table, TableOptions, Unique,
};

/// `"users"`, or `("workspace", "users")`.
pub(super) fn name(name: &TableName) -> Expr {
    match &name.schema {
        Some(schema) => Expr::Tuple(vec![Expr::text(schema), Expr::text(&name.name)]),
        None => Expr::text(&name.name),
    }
}

/// A table, with what belongs to one column alone at that column.
pub(super) fn table(table: &Table) -> Expr {
    let Table {
        name,
        columns,
        primary_key,
        uniques,
        foreign_keys,
        checks,
        excludes,
        indexes,
        comment,
        options,
        if_not_exists,
        with_enums,
    } = table;
    let of_columns = OfColumns { key: key_of_columns(table), uniques: uniques_of_columns(table) };
    let mut expr = Expr::call("table", [Expr::text(&name.name)])
        .method_with("schema", name.schema.as_deref().map(Expr::text))
        .method_if(*if_not_exists, "if_not_exists")
        .method_if(*with_enums, "with_enums")
        .method_with("comment", comment.as_deref().map(Expr::text));
    for column in columns {
        expr = expr.method("column", [self::column(&of_columns.put_into(column))]);
    }
    let key = primary_key.as_ref().filter(|_| of_columns.key.is_none());
    let uniques = &uniques[of_columns.uniques.len()..];
    let parts = (key.map(|key| ("primary_key", self::primary_key(key))).into_iter())
        .chain(uniques.iter().map(|unique| ("unique", self::unique(unique))))
        .chain(foreign_keys.iter().map(|key| ("foreign_key", foreign_key(key))))
        .chain(checks.iter().map(|check| ("check", self::check(check))))
        .chain(excludes.iter().map(|exclude| ("exclude", self::exclude(exclude))))
        .chain(indexes.iter().map(|index| ("index", self::index(index))));
    let expr = parts.fold(expr, |expr, (method, part)| expr.method(method, [part]));
    expr.method_with("options", (*options != TableOptions::default()).then(|| table_options(options)))
}

/// What the columns of a table can declare themselves.
struct OfColumns<'a> {
    key: Option<&'a PrimaryKey>,
    uniques: &'a [Unique],
}

impl OfColumns<'_> {
    fn put_into(&self, column: &Column) -> Column {
        let is_alone = |unique: &Unique| unique.columns == [column.name.as_str()];
        Column {
            primary_key: column.primary_key || self.key.is_some_and(|key| key.columns.contains(&column.name)),
            unique: column.unique || self.uniques.iter().any(is_alone),
            ..column.clone()
        }
    }
}

/// The key, if it is nothing but its columns, in their order.
fn key_of_columns(table: &Table) -> Option<&PrimaryKey> {
    let key = table.primary_key.as_ref()?;
    let in_order = table.columns.iter().map(|column| &column.name).filter(|name| key.columns.contains(name));
    let is_plain = *key == PrimaryKey { columns: key.columns.clone(), ..PrimaryKey::default() };
    (is_plain && !key.columns.is_empty() && in_order.eq(key.columns.iter())).then_some(key)
}

/// The first unique constraints, as long as each is nothing but its one column, in the order of the columns.
fn uniques_of_columns(table: &Table) -> &[Unique] {
    let mut next = 0;
    let is_of_column = |unique: &&Unique| {
        let columns = table.columns.iter().skip(next);
        let place = columns.map(|column| &column.name).position(|name| unique.columns == [name.as_str()]);
        next += place.map_or(0, |place| place + 1);
        place.is_some() && **unique == Unique { columns: unique.columns.clone(), ..Unique::default() }
    };
    &table.uniques[..table.uniques.iter().take_while(is_of_column).count()]
}

pub(super) fn column(column: &Column) -> Expr {
    let Column {
        name,
        column_type,
        nullable,
        default,
        identity,
        generated,
        collation,
        comment,
        primary_key,
        unique,
        foreign_key,
        check,
        index,
        // The naming convention gives them again.
        names: _,
        not_null_on_conflict,
    } = column;
    let expr = Expr::call("column", [Expr::text(name), self::column_type(column_type)]);
    let expr = expr.method_if(*primary_key, "primary_key");
    let expr = match identity {
        None => expr,
        Some(options) if *options == Identity::default() => expr.method("identity", []),
        Some(options) => expr.method("identity_with", [self::identity(options)]),
    };
    let is_not_null = *primary_key || identity.is_some();
    let says_not_null = !nullable && !is_not_null && not_null_on_conflict.is_none();
    let expr = expr
        .method_if(says_not_null, "not_null")
        .method_with("not_null_on_conflict", not_null_on_conflict.map(on_conflict))
        .method_if(*nullable && (is_not_null || not_null_on_conflict.is_some()), "nullable");
    let expr = match generated {
        None => expr,
        Some(Generated { expression, stored: true }) => expr.method("generated", [literal::sql(expression)]),
        Some(Generated { expression, stored: false }) => expr.method("generated_virtual", [literal::sql(expression)]),
    };
    expr.method_with("server_default", default.as_ref().map(literal::default))
        .method_with("collate", collation.as_deref().map(Expr::text))
        .method_if(*unique, "unique")
        .method_if(*index, "index")
        .method_with("foreign_key", foreign_key.as_deref().map(self::foreign_key))
        .method_with("check", check.as_deref().map(self::check))
        .method_with("comment", comment.as_deref().map(Expr::text))
}

pub(super) fn column_type(of: &ColumnType) -> Expr {
    let plain = |name| Expr::call(name, []);
    match of {
        ColumnType::SmallInt => plain("smallint"),
        ColumnType::Integer => plain("integer"),
        ColumnType::BigInt => plain("bigint"),
        ColumnType::Numeric { precision: Some(precision), scale: Some(scale) } => {
            Expr::call("numeric", [number(*precision), number(*scale)])
        }
        ColumnType::Numeric { precision: Some(precision), scale: None } => {
            Expr::call("numeric_precision", [number(*precision)])
        }
        // A scale says nothing without a precision.
        ColumnType::Numeric { precision: None, .. } => plain("numeric_unlimited"),
        ColumnType::Real => plain("real"),
        ColumnType::Double => plain("double"),
        ColumnType::Boolean => plain("boolean"),
        ColumnType::Char(length) => Expr::call("char", [number(*length)]),
        ColumnType::Varchar(Some(length)) => Expr::call("varchar", [number(*length)]),
        ColumnType::Varchar(None) => plain("varchar_unlimited"),
        ColumnType::Text => plain("text"),
        ColumnType::Binary => plain("binary"),
        ColumnType::Date => plain("date"),
        ColumnType::Time => plain("time"),
        ColumnType::TimeTz => plain("timetz"),
        ColumnType::Timestamp => plain("timestamp"),
        ColumnType::TimestampTz => plain("timestamptz"),
        ColumnType::Uuid => plain("uuid"),
        ColumnType::Json => plain("json"),
        ColumnType::Jsonb => plain("jsonb"),
        ColumnType::Array(of) => Expr::call("array", [column_type(of)]),
        ColumnType::Enum(EnumType { name, values }) if values.is_empty() => {
            Expr::call("named_enum", [self::name(name)])
        }
        ColumnType::Enum(EnumType { name, values }) => {
            Expr::call("enumeration", [self::name(name), Expr::texts(values)])
        }
        ColumnType::Custom(text) => Expr::call("custom", [Expr::text(text)]),
    }
}

pub(super) fn identity(options: &Identity) -> Expr {
    let Identity { always, start, increment, min_value, max_value, cache, cycle } = options;
    Expr::call("identity", [])
        .method_if(*always, "always")
        .method_with("start", start.map(number))
        .method_with("increment", increment.map(number))
        .method_with("min_value", min_value.map(number))
        .method_with("max_value", max_value.map(number))
        .method_with("cache", cache.map(number))
        .method_if(*cycle, "cycle")
}

/// The name of a constraint; `None` leaves it to the database.
fn constraint(builder: &str, name: Option<&String>) -> Expr {
    Expr::call(builder, [name.map_or_else(|| Expr::atom("None"), |name| Expr::text(name))])
}

pub(super) fn primary_key(key: &PrimaryKey) -> Expr {
    let PrimaryKey { name, columns, deferrable, include, on_conflict } = key;
    constraint("primary_key", name.as_ref())
        .method("on", [names(columns)])
        .method_with("deferrable", deferrable.map(self::deferrable))
        .method_with("include", some_names(include))
        .method_with("on_conflict", on_conflict.map(self::on_conflict))
}

fn on_conflict(action: OnConflict) -> Expr {
    Expr::atom(match action {
        OnConflict::Rollback => "OnConflict::Rollback",
        OnConflict::Fail => "OnConflict::Fail",
        OnConflict::Ignore => "OnConflict::Ignore",
        OnConflict::Replace => "OnConflict::Replace",
    })
}

pub(super) fn unique(unique: &Unique) -> Expr {
    let Unique { name, columns, deferrable, nulls_not_distinct, include, on_conflict } = unique;
    constraint("unique", name.as_ref())
        .method("on", [names(columns)])
        .method_with("deferrable", deferrable.map(self::deferrable))
        .method_if(*nulls_not_distinct, "nulls_not_distinct")
        .method_with("include", some_names(include))
        .method_with("on_conflict", on_conflict.map(self::on_conflict))
}

pub(super) fn exclude(exclude: &Exclude) -> Expr {
    let Exclude { name, method, elements, predicate, deferrable } = exclude;
    let expr = constraint("exclude", name.as_ref()).method_with("using", method.as_deref().map(Expr::text));
    let with = |expr: Expr, ExcludeElement { column, operator }: &ExcludeElement| {
        let is_bare = *column == IndexColumn::new(column.target.clone());
        expr.method("with", [index_column(column, is_bare), Expr::text(operator)])
    };
    elements
        .iter()
        .fold(expr, with)
        .method_with("filter", predicate.as_deref().map(literal::sql))
        .method_with("deferrable", deferrable.map(self::deferrable))
}

fn deferrable(deferrable: Deferrable) -> Expr {
    Expr::atom(match deferrable {
        Deferrable::InitiallyImmediate => "Deferrable::InitiallyImmediate",
        Deferrable::InitiallyDeferred => "Deferrable::InitiallyDeferred",
    })
}

pub(super) fn foreign_key(key: &ForeignKey) -> Expr {
    let ForeignKey {
        name,
        columns,
        references,
        referenced_columns,
        on_delete,
        on_update,
        deferrable,
        match_full,
        not_valid,
        on_delete_columns,
    } = key;
    let expr = constraint("foreign_key", name.as_ref())
        .method_with("on", some_names(columns))
        .method("references", [self::name(references), names(referenced_columns)])
        .method_with("on_delete", on_delete.map(action))
        .method_with("on_delete_columns", some_names(on_delete_columns))
        .method_with("on_update", on_update.map(action));
    let expr = match deferrable {
        None => expr,
        Some(Deferrable::InitiallyImmediate) => expr.method("deferrable", []),
        Some(Deferrable::InitiallyDeferred) => expr.method("initially_deferred", []),
    };
    expr.method_if(*match_full, "match_full").method_if(*not_valid, "not_valid")
}

fn action(action: ForeignKeyAction) -> Expr {
    Expr::atom(match action {
        ForeignKeyAction::NoAction => "NoAction",
        ForeignKeyAction::Restrict => "Restrict",
        ForeignKeyAction::Cascade => "Cascade",
        ForeignKeyAction::SetNull => "SetNull",
        ForeignKeyAction::SetDefault => "SetDefault",
    })
}

pub(super) fn check(check: &Check) -> Expr {
    let Check { name, expression, not_valid, no_inherit, is_short, column } = check;
    let given = match name {
        Some(name) if *is_short => Expr::call("short", [Expr::text(name)]),
        Some(name) => Expr::text(name),
        None => Expr::atom("None"),
    };
    Expr::call("check", [given, literal::sql(expression)])
        .method_with("of_column", column.as_deref().filter(|_| name.is_none() || *is_short).map(Expr::text))
        .method_if(*no_inherit, "no_inherit")
        .method_if(*not_valid, "not_valid")
}

/// Names in brackets; an empty list needs to be told of what.
pub(super) fn names(names: &[String]) -> Expr {
    some_names(names).unwrap_or_else(|| Expr::atom(NO_NAMES))
}

fn some_names(names: &[String]) -> Option<Expr> {
    (!names.is_empty()).then(|| Expr::texts(names))
}

const NO_NAMES: &str = "[\"\"; 0]";

pub(super) fn index(index: &Index) -> Expr {
    let Index {
        name,
        table,
        columns,
        unique,
        predicate,
        method,
        include,
        nulls_not_distinct,
        storage,
        tablespace,
        parser,
        concurrently,
        if_not_exists,
        unnamed,
        // SQLite's own text of it, which says the same.
        sql: _,
    } = index;
    let name = if *unnamed { Expr::atom("None") } else { Expr::text(name) };
    let mut expr = Expr::call("index", [name])
        .method("on", [self::name(table), index_columns(columns)])
        .method_if(*unique, "unique")
        .method_with("using", method.as_deref().map(Expr::text))
        .method_with("include", some_names(include))
        .method_if(*nulls_not_distinct, "nulls_not_distinct");
    for (parameter, value) in storage {
        expr = expr.method("storage", [Expr::text(parameter), setting(value)]);
    }
    expr.method_with("tablespace", tablespace.as_deref().map(Expr::text))
        .method_with("parser", parser.as_deref().map(Expr::text))
        .method_with("filter", predicate.as_deref().map(literal::sql))
        .method_if(*concurrently, "concurrently")
        .method_if(*if_not_exists, "if_not_exists")
}

/// Names alone, expressions alone, or the elements of an array that holds both.
fn index_columns(columns: &[IndexColumn]) -> Expr {
    let is_plain = |column: &&IndexColumn| **column == IndexColumn::new(column.target.clone());
    let plain: Vec<&IndexTarget> = columns.iter().filter(is_plain).map(|column| &column.target).collect();
    let names = plain.iter().filter(|target| matches!(target, IndexTarget::Column(_))).count();
    if columns.is_empty() {
        return Expr::atom(NO_NAMES);
    }
    let is_of_one_kind = plain.len() == columns.len() && (names == 0 || names == columns.len());
    Expr::Array(columns.iter().map(|column| index_column(column, is_of_one_kind)).collect())
}

fn index_column(column: &IndexColumn, is_bare: bool) -> Expr {
    let IndexColumn { target, order, nulls, collation, operator_class, length } = column;
    let target = match target {
        IndexTarget::Column(name) if is_bare => Expr::text(name),
        IndexTarget::Column(name) => Expr::call("index_column", [Expr::text(name)]),
        IndexTarget::Expression(text) if is_bare => Expr::call("sql", [literal::sql(text)]),
        IndexTarget::Expression(text) => Expr::call("index_expression", [literal::sql(text)]),
    };
    let target = match order {
        None => target,
        Some(Order::Asc) => target.method("asc", []),
        Some(Order::Desc) => target.method("desc", []),
    };
    let target = match nulls {
        None => target,
        Some(Nulls::First) => target.method("nulls_first", []),
        Some(Nulls::Last) => target.method("nulls_last", []),
    };
    target
        .method_with("collate", collation.as_deref().map(Expr::text))
        .method_with("operator_class", operator_class.as_deref().map(Expr::text))
        .method_with("length", length.map(number))
}

/// The value of a storage parameter, as a number where it is one.
fn setting(value: &str) -> Expr {
    match value.parse::<i32>() {
        Ok(of) if of.to_string() == value => number(of),
        _ if value == "true" || value == "false" => Expr::atom(value),
        _ => Expr::text(value),
    }
}

pub(super) fn table_options(options: &TableOptions) -> Expr {
    let TableOptions {
        strict,
        without_rowid,
        engine,
        charset,
        collation,
        unlogged,
        partition_by,
        temporary,
        inherits,
        access_method,
        storage,
        on_commit,
        tablespace,
        row_format,
        auto_increment,
        partitions,
    } = options;
    let text = |text: &Option<String>| text.as_deref().map(Expr::text);
    let on_commit = on_commit.map(|what| {
        Expr::atom(match what {
            OnCommit::PreserveRows => "OnCommit::PreserveRows",
            OnCommit::DeleteRows => "OnCommit::DeleteRows",
            OnCommit::Drop => "OnCommit::Drop",
        })
    });
    let mut expr = Expr::call("table_options", [])
        .method_if(*strict, "strict")
        .method_if(*without_rowid, "without_rowid")
        .method_with("engine", text(engine))
        .method_with("charset", text(charset))
        .method_with("collate", text(collation))
        .method_with("row_format", text(row_format))
        .method_with("auto_increment", auto_increment.map(number))
        .method_with("partitions", partitions.as_deref().map(literal::sql))
        .method_if(*temporary, "temporary")
        .method_with("on_commit", on_commit)
        .method_if(*unlogged, "unlogged")
        .method_with("partition_by", partition_by.as_deref().map(literal::sql));
    for parent in inherits {
        expr = expr.method("inherits", [name(parent)]);
    }
    expr = expr.method_with("access_method", text(access_method));
    for (parameter, value) in storage {
        expr = expr.method("storage", [Expr::text(parameter), setting(value)]);
    }
    expr.method_with("tablespace", text(tablespace))
}

pub(super) fn extension(extension: &Extension) -> Expr {
    let Extension { name, schema, version } = extension;
    Expr::call("extension", [Expr::text(name)])
        .method_with("schema", schema.as_deref().map(Expr::text))
        .method_with("version", version.as_deref().map(Expr::text))
}

pub(super) fn sequence(sequence: &Sequence) -> Expr {
    sequence_options(Expr::call("sequence", [name(&sequence.name)]), &sequence.options)
}

pub(super) fn sequence_options(of: Expr, options: &SequenceOptions) -> Expr {
    let SequenceOptions { start, increment, min_value, max_value, cache, cycle, owned_by } = options;
    let expr = of
        .method_with("start", start.map(number))
        .method_with("increment", increment.map(number))
        .method_with("min_value", min_value.map(number))
        .method_with("max_value", max_value.map(number))
        .method_with("cache", cache.map(number))
        .method_with("cycle", cycle.map(|cycle| Expr::atom(cycle.to_string())));
    match owned_by {
        Some((table, column)) => expr.method("owned_by", [name(table), Expr::text(column)]),
        None => expr,
    }
}

pub(super) fn object(object: &SqlObject) -> Expr {
    let SqlObject { kind, name, definition, definitions, reads } = object;
    let definition = literal::sql(definition);
    let expr = match kind {
        ObjectKind::View => Expr::call("view", [self::name(name), definition]),
        ObjectKind::MaterializedView => Expr::call("materialized_view", [self::name(name), definition]),
        ObjectKind::Function { arguments } => {
            Expr::call("function", [self::name(name), Expr::text(arguments), definition])
        }
        ObjectKind::Procedure { arguments } => {
            Expr::call("procedure", [self::name(name), Expr::text(arguments), definition])
        }
        ObjectKind::Trigger { table } => Expr::call("trigger", [self::name(name), self::name(table), definition]),
        ObjectKind::Policy { table } => Expr::call("policy", [self::name(name), self::name(table), definition]),
        // What it is granted on is text of its own, and the privileges say all.
        ObjectKind::Grant { privileges, to } => {
            Expr::call("grant", [Expr::text(privileges), Expr::text(&name.to_string()), Expr::text(to)])
        }
    };
    let expr = definitions
        .iter()
        .fold(expr, |expr, (dialect, text)| expr.method("on", [Expr::text(dialect), literal::sql(text)]));
    // One by one, for a name with its schema and one without are of different types.
    reads.iter().fold(expr, |expr, read| expr.method("reads", [Expr::Array(vec![self::name(read)])]))
}
