//! Operations as calls on `op`, and on `batch` inside of `op.batch_alter_table`.

use super::expression::{Closure, Expr, Statement};
use super::literal;
use super::objects::{self, name};
use crate::ops::{
    AddColumn, AddEnumValue, AlterColumn, AlterEnum, AlterSequence, BatchAlterTable, BulkInsert, Change, ColumnChange,
    CreateCheck, CreateEnum, CreateExclude, CreateExtension, CreateForeignKey, CreateIndex, CreateObject,
    CreatePrimaryKey, CreateSchema, CreateSequence, CreateTable, CreateUnique, DropCheck, DropColumn, DropEnum,
    DropExclude, DropExtension, DropForeignKey, DropIndex, DropObject, DropPrimaryKey, DropSchema, DropSequence,
    DropTable, DropUnique, Operation, Place, RenameEnumValue, RenameTable, ReplaceObject, Row, SetTableComment,
    SetTableOptions, Sql,
};

/// The statement that carries the operation out.
///
/// It says all that the operation says, so that it makes the same operation again.
pub(super) fn statement(operation: &Operation) -> Statement {
    let (method, arguments) = call(operation);
    let expr = Expr::atom("op").method(method, arguments).question_mark();
    if !is_concurrent(operation) {
        return Statement::new(expr);
    }
    let body = vec![Statement::new(expr), Statement::tail("Ok(())")];
    Statement::new(
        Expr::atom("op").method("autocommit", [Expr::Closure(Closure { parameter: "op", body })]).question_mark(),
    )
}

/// Whether PostgreSQL refuses it inside a transaction.
const fn is_concurrent(operation: &Operation) -> bool {
    match operation {
        Operation::CreateIndex(op) => op.index.concurrently,
        Operation::DropIndex(op) => op.concurrently,
        _ => false,
    }
}

/// The method of `op`, and what it is given.
fn call(operation: &Operation) -> (&'static str, Vec<Expr>) {
    match operation {
        Operation::CreateTable(CreateTable { table }) => ("create_table", vec![objects::table(table)]),
        Operation::DropTable(op) => drop_table(op),
        Operation::RenameTable(RenameTable { from, to }) => ("rename_table", vec![name(from), Expr::text(to)]),
        Operation::AddColumn(op) => add_column(op),
        Operation::DropColumn(op) => drop_column(op),
        Operation::AlterColumn(op) => alter_column(op),
        Operation::BatchAlterTable(BatchAlterTable { table, changes }) => {
            let body = changes.iter().map(batch_statement).collect();
            ("batch_alter_table", vec![name(table), Expr::Closure(Closure { parameter: "batch", body })])
        }
        Operation::CreateIndex(CreateIndex { index }) => ("create_index", vec![objects::index(index)]),
        Operation::DropIndex(op) => drop_index(op),
        Operation::CreatePrimaryKey(CreatePrimaryKey { table, primary_key }) => {
            ("create_primary_key", vec![name(table), objects::primary_key(primary_key)])
        }
        Operation::DropPrimaryKey(op) => drop_primary_key(op),
        Operation::CreateUnique(CreateUnique { table, unique }) => {
            ("create_unique", vec![name(table), objects::unique(unique)])
        }
        Operation::DropUnique(DropUnique { table, name, definition, if_exists }) => {
            let definition = definition.as_ref().map(objects::unique);
            Dropped { method: "drop_unique", of: "DropUnique", table, name, definition, if_exists: *if_exists }.call()
        }
        Operation::CreateForeignKey(CreateForeignKey { table, foreign_key }) => {
            ("create_foreign_key", vec![name(table), objects::foreign_key(foreign_key)])
        }
        Operation::DropForeignKey(DropForeignKey { table, name, definition, if_exists }) => {
            let definition = definition.as_ref().map(objects::foreign_key);
            Dropped { method: "drop_foreign_key", of: "DropForeignKey", table, name, definition, if_exists: *if_exists }
                .call()
        }
        Operation::CreateCheck(CreateCheck { table, check }) => {
            ("create_check", vec![name(table), objects::check(check)])
        }
        Operation::DropCheck(DropCheck { table, name, definition, if_exists }) => {
            let definition = definition.as_ref().map(objects::check);
            Dropped { method: "drop_check", of: "DropCheck", table, name, definition, if_exists: *if_exists }.call()
        }
        Operation::CreateExclude(CreateExclude { table, exclude }) => {
            ("create_exclude", vec![name(table), objects::exclude(exclude)])
        }
        Operation::DropExclude(DropExclude { table, name, definition, if_exists }) => {
            let definition = definition.as_ref().map(objects::exclude);
            Dropped { method: "drop_exclude", of: "DropExclude", table, name, definition, if_exists: *if_exists }.call()
        }
        Operation::CreateEnum(CreateEnum { enum_type }) => {
            ("create_enum", vec![name(&enum_type.name), objects::names(&enum_type.values)])
        }
        Operation::DropEnum(op) => drop_enum(op),
        Operation::AddEnumValue(op) => add_enum_value(op),
        Operation::AlterEnum(op) => ("alter_enum", vec![changed_enum(op)]),
        Operation::RenameEnumValue(RenameEnumValue { name, from, to }) => {
            ("rename_enum_value", vec![objects::name(name), Expr::text(from), Expr::text(to)])
        }
        Operation::SetTableComment(op) => set_table_comment(op),
        Operation::SetTableOptions(op) => set_table_options(op),
        Operation::CreateSchema(CreateSchema { name, if_not_exists }) => {
            let schema = Expr::text(name);
            let made = |schema| Expr::call("CreateSchema::new", [schema]).method("if_not_exists", []);
            ("create_schema", vec![if *if_not_exists { made(schema) } else { schema }])
        }
        Operation::DropSchema(DropSchema { name, if_exists, cascade }) => {
            let schema = Expr::text(name);
            let made = |schema| Expr::call("DropSchema::new", [schema]);
            let with = |schema| made(schema).method_if(*if_exists, "if_exists").method_if(*cascade, "cascade");
            ("drop_schema", vec![if *if_exists || *cascade { with(schema) } else { schema }])
        }
        Operation::CreateExtension(op) => create_extension(op),
        Operation::DropExtension(op) => drop_extension(op),
        Operation::CreateSequence(CreateSequence { sequence, if_not_exists }) => {
            let sequence = objects::sequence(sequence);
            let made = |sequence| Expr::call("CreateSequence::new", [sequence]).method("if_not_exists", []);
            ("create_sequence", vec![if *if_not_exists { made(sequence) } else { sequence }])
        }
        Operation::AlterSequence(op) => alter_sequence(op),
        Operation::DropSequence(op) => drop_sequence(op),
        Operation::CreateObject(CreateObject { object }) => ("create_object", vec![objects::object(object)]),
        Operation::ReplaceObject(ReplaceObject { object, existing }) => {
            let object = objects::object(object);
            let with = |object, existing| Expr::call("ReplaceObject::new", [object]).method("existing", [existing]);
            (
                "replace_object",
                vec![match existing {
                    Some(existing) => with(object, objects::object(existing)),
                    None => object,
                }],
            )
        }
        Operation::DropObject(DropObject { object, if_exists }) => {
            let object = objects::object(object);
            let made = |object| Expr::call("DropObject::new", [object]).method("if_exists", []);
            ("drop_object", vec![if *if_exists { made(object) } else { object }])
        }
        Operation::BulkInsert(BulkInsert { table, rows }) => {
            ("bulk_insert", vec![name(table), Expr::Array(rows.iter().map(row).collect())])
        }
        Operation::Sql(Sql { sql, reverse }) => match reverse {
            None => ("sql", vec![literal::sql(sql)]),
            Some(back) => {
                let made = Expr::call("Sql::new", [literal::sql(sql)]);
                ("apply", vec![made.method("reverse_with", [literal::sql(back)])])
            }
        },
    }
}

/// The statement that puts a change into a batch, which knows the table.
fn batch_statement(change: &Operation) -> Statement {
    let (method, mut arguments) = call(change);
    if !matches!(method, "apply" | "create_index") {
        arguments.remove(0);
    }
    Statement::new(Expr::atom("batch").method(method, arguments))
}

fn drop_table(op: &DropTable) -> (&'static str, Vec<Expr>) {
    let DropTable { table, if_exists, definition } = op;
    let argument = match (definition, if_exists) {
        (None, false) => name(table),
        (Some(definition), false) if definition.name == *table => objects::table(definition),
        _ => Expr::call("DropTable::new", [name(table)])
            .method_if(*if_exists, "if_exists")
            .method_with("definition", definition.as_ref().map(objects::table)),
    };
    ("drop_table", vec![argument])
}

fn add_column(op: &AddColumn) -> (&'static str, Vec<Expr>) {
    let AddColumn { table, column, if_not_exists } = op;
    let arguments = vec![name(table), objects::column(column)];
    match if_not_exists {
        false => ("add_column", arguments),
        true => ("apply", vec![Expr::call("AddColumn::new", arguments).method("if_not_exists", [])]),
    }
}

fn drop_column(op: &DropColumn) -> (&'static str, Vec<Expr>) {
    let DropColumn { table, column, if_exists, definition } = op;
    let definition = definition.as_ref().map(objects::column);
    let (method, of) = ("drop_column", "DropColumn");
    Dropped { method, of, table, name: column, definition, if_exists: *if_exists }.call()
}

/// What is dropped from a table by its name.
struct Dropped<'a> {
    method: &'static str,
    of: &'static str,
    table: &'a crate::name::TableName,
    name: &'a str,
    definition: Option<Expr>,
    if_exists: bool,
}

impl Dropped<'_> {
    fn call(self) -> (&'static str, Vec<Expr>) {
        let arguments = vec![name(self.table), Expr::text(self.name)];
        if self.definition.is_none() && !self.if_exists {
            return (self.method, arguments);
        }
        let dropped = Expr::call(&format!("{}::new", self.of), arguments)
            .method_if(self.if_exists, "if_exists")
            .method_with("definition", self.definition);
        ("apply", vec![dropped])
    }
}

fn alter_column(op: &AlterColumn) -> (&'static str, Vec<Expr>) {
    let AlterColumn { table, change, existing, using_back } = op;
    let arguments = vec![name(table), column_change(change)];
    if existing.is_none() && using_back.is_none() {
        return ("alter_column", arguments);
    }
    let altered = Expr::call("AlterColumn::new", arguments)
        .method_with("existing", existing.as_ref().map(objects::column))
        .method_with("using_back", using_back.as_deref().map(literal::sql));
    ("apply", vec![altered])
}

fn column_change(change: &ColumnChange) -> Expr {
    let ColumnChange { column, column_type, collation, nullable, default, identity, comment, rename_to, using } =
        change;
    let expr = Expr::call("alter", [Expr::text(column)])
        .method_with("set_type", column_type.as_ref().map(objects::column_type))
        .method_with("using", using.as_deref().map(literal::sql));
    let expr = match collation {
        Change::Keep => expr,
        Change::Drop => expr.method("drop_collation", []),
        Change::Set(collation) => expr.method("collate", [Expr::text(collation)]),
    };
    let expr =
        expr.method_if(*nullable == Some(false), "set_not_null").method_if(*nullable == Some(true), "drop_not_null");
    let expr = match default {
        Change::Keep => expr,
        Change::Drop => expr.method("drop_default", []),
        Change::Set(default) => expr.method("set_default", [literal::default(default)]),
    };
    let expr = match identity {
        Change::Keep => expr,
        Change::Drop => expr.method("drop_identity", []),
        Change::Set(identity) => expr.method("set_identity", [objects::identity(identity)]),
    };
    let expr = match comment {
        Change::Keep => expr,
        Change::Drop => expr.method("drop_comment", []),
        Change::Set(comment) => expr.method("comment", [Expr::text(comment)]),
    };
    expr.method_with("rename_to", rename_to.as_deref().map(Expr::text))
}

fn drop_index(op: &DropIndex) -> (&'static str, Vec<Expr>) {
    let DropIndex { name, table, if_exists, concurrently, definition } = op;
    if let (Some(table), false, false, None) = (table, if_exists, concurrently, definition) {
        return ("drop_index", vec![objects::name(table), Expr::text(name)]);
    }
    let dropped = Expr::call("DropIndex::new", [Expr::text(name)])
        .method_with("on", table.as_ref().map(objects::name))
        .method_if(*if_exists, "if_exists")
        .method_if(*concurrently, "concurrently")
        .method_with("definition", definition.as_ref().map(objects::index));
    ("apply", vec![dropped])
}

fn drop_primary_key(op: &DropPrimaryKey) -> (&'static str, Vec<Expr>) {
    let DropPrimaryKey { table, name, definition, if_exists } = op;
    if let (Some(name), None, false) = (name, definition, if_exists) {
        return ("drop_primary_key", vec![objects::name(table), Expr::text(name)]);
    }
    let dropped = Expr::call("DropPrimaryKey::new", [objects::name(table)])
        .method_with("named", name.as_deref().map(Expr::text))
        .method_if(*if_exists, "if_exists")
        .method_with("definition", definition.as_ref().map(objects::primary_key));
    ("apply", vec![dropped])
}

fn drop_enum(op: &DropEnum) -> (&'static str, Vec<Expr>) {
    let DropEnum { name, if_exists, definition } = op;
    let Some(definition) = definition else {
        let dropped = Expr::call("DropEnum::new", [objects::name(name)]).method("if_exists", []);
        return if *if_exists { ("apply", vec![dropped]) } else { ("drop_enum", vec![objects::name(name)]) };
    };
    let definition = Expr::call("EnumType::new", [objects::name(&definition.name), objects::names(&definition.values)]);
    ("apply", vec![Expr::call("DropEnum::from", [definition]).method_if(*if_exists, "if_exists")])
}

fn add_enum_value(op: &AddEnumValue) -> (&'static str, Vec<Expr>) {
    let AddEnumValue { name, value, place, if_not_exists, undo } = op;
    let made = || Expr::call("enum_value", [Expr::text(value)]);
    let placed = match place {
        Place::Last if *if_not_exists => made(),
        Place::Last => Expr::text(value),
        Place::Before(other) => made().method("before", [Expr::text(other)]),
        Place::After(other) => made().method("after", [Expr::text(other)]),
    };
    let arguments = vec![objects::name(name), placed.method_if(*if_not_exists, "if_not_exists")];
    match undo {
        None => ("add_enum_value", arguments),
        Some(undo) => ("apply", vec![Expr::call("AddEnumValue::new", arguments).method("undo", [changed_enum(undo)])]),
    }
}

fn changed_enum(op: &AlterEnum) -> Expr {
    let AlterEnum { enum_type, columns, existing } = op;
    let changed = Expr::call("AlterEnum::new", [objects::name(&enum_type.name), objects::names(&enum_type.values)]);
    let used = |expr: Expr, (table, column): &(crate::name::TableName, crate::schema::Column)| {
        expr.method("used_by", [objects::name(table), objects::column(column)])
    };
    columns.iter().fold(changed, used).method_with("existing", existing.as_ref().map(|values| objects::names(values)))
}

fn set_table_comment(op: &SetTableComment) -> (&'static str, Vec<Expr>) {
    let SetTableComment { table, comment, existing } = op;
    let some = |comment: &Option<String>| match comment {
        Some(comment) => Expr::call("Some", [Expr::text(comment)]),
        None => Expr::atom("None"),
    };
    match existing {
        None => ("set_table_comment", vec![name(table), some(comment)]),
        Some(existing) => {
            let typed = |comment: &Option<String>| match comment {
                Some(_) => some(comment),
                None => Expr::atom("None::<&str>"),
            };
            let set = Expr::call("SetTableComment::new", [name(table), typed(comment)]);
            ("apply", vec![set.method("existing", [typed(existing)])])
        }
    }
}

fn set_table_options(op: &SetTableOptions) -> (&'static str, Vec<Expr>) {
    let SetTableOptions { table, options, existing } = op;
    let arguments = vec![name(table), objects::table_options(options)];
    match existing {
        None => ("set_table_options", arguments),
        Some(existing) => {
            let set = Expr::call("SetTableOptions::new", arguments);
            ("apply", vec![set.method("existing", [objects::table_options(existing)])])
        }
    }
}

fn create_extension(op: &CreateExtension) -> (&'static str, Vec<Expr>) {
    let CreateExtension { extension, if_not_exists } = op;
    let is_plain = extension.schema.is_none() && extension.version.is_none();
    let extension = if is_plain { Expr::text(&extension.name) } else { objects::extension(extension) };
    let made = |extension| Expr::call("CreateExtension::new", [extension]).method("if_not_exists", []);
    ("create_extension", vec![if *if_not_exists { made(extension) } else { extension }])
}

fn drop_extension(op: &DropExtension) -> (&'static str, Vec<Expr>) {
    let DropExtension { name, if_exists, cascade, definition } = op;
    let made = match definition {
        Some(definition) => objects::extension(definition),
        None => Expr::text(name),
    };
    if !if_exists && !cascade {
        return ("drop_extension", vec![made]);
    }
    let builder = if definition.is_some() { "DropExtension::from" } else { "DropExtension::new" };
    let dropped = Expr::call(builder, [made]).method_if(*if_exists, "if_exists").method_if(*cascade, "cascade");
    ("drop_extension", vec![dropped])
}

fn alter_sequence(op: &AlterSequence) -> (&'static str, Vec<Expr>) {
    let AlterSequence { name, options, owned_by_none, restart, existing } = op;
    let changed = objects::sequence_options(Expr::call("AlterSequence::new", [objects::name(name)]), options)
        .method_if(*owned_by_none, "owned_by_none")
        .method_with("restart", restart.map(literal::number))
        .method_with("existing", existing.as_ref().map(objects::sequence));
    ("alter_sequence", vec![changed])
}

fn drop_sequence(op: &DropSequence) -> (&'static str, Vec<Expr>) {
    let DropSequence { name, if_exists, definition } = op;
    let (builder, argument) = match definition {
        Some(definition) => ("DropSequence::from", objects::sequence(definition)),
        None => ("DropSequence::new", objects::name(name)),
    };
    let made = |argument| Expr::call(builder, [argument]).method("if_exists", []);
    ("drop_sequence", vec![if *if_exists { made(argument) } else { argument }])
}

fn row(row: &Row) -> Expr {
    let set = |expr: Expr, (column, value): &(String, crate::schema::DefaultValue)| {
        expr.method("set", [Expr::text(column), literal::default(value)])
    };
    row.values.iter().fold(Expr::call("row", []), set)
}
