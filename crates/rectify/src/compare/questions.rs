//! What of the models differs from the database in its text, and may be the same to the database.

use std::collections::HashMap;
use std::mem::discriminant;

use rectify_schema::diff::{Diff, same_expression};
use rectify_schema::ops::{AlterColumn, Change};
use rectify_schema::{Check, Column, ColumnType, Exclude, Index, ObjectKind, Operation, Schema, SqlObject, TableName};

use crate::database::Family;
use crate::inspect::put_on;

/// Something of the models, with what it may be in the database.
#[derive(Debug)]
pub(super) struct Question {
    /// The table that it is part of; of an object its own name.
    pub(super) of: TableName,
    pub(super) asked: Asked,
}

#[derive(Debug)]
pub(super) enum Asked {
    /// A type, a default, a collation, or how a column is computed.
    Column {
        model: Box<Column>,
        database: Box<Column>,
    },
    Check {
        model: Check,
        database: Vec<Check>,
    },
    Index {
        model: Box<Index>,
        database: Box<Index>,
    },
    Exclude {
        model: Exclude,
        database: Vec<Exclude>,
    },
    Object {
        model: SqlObject,
        database: Vec<SqlObject>,
    },
}

/// What a difference leaves open: each pair of something that goes and something that comes in its place with another text.
pub(super) fn questions(diff: &Diff, models: &Schema, dialect: &str) -> Vec<Question> {
    let operations = || {
        diff.operations.iter().flat_map(|operation| match operation {
            Operation::BatchAlterTable(batch) => batch.changes.as_slice(),
            other => std::slice::from_ref(other),
        })
    };
    let mut gone = Gone::default();
    operations().for_each(|operation| gone.add(operation));
    operations().filter_map(|operation| gone.question(operation, models, dialect)).collect()
}

/// What the operations drop.
#[derive(Default)]
struct Gone<'a> {
    columns: HashMap<(&'a TableName, &'a str), &'a Column>,
    checks: HashMap<&'a TableName, Vec<Check>>,
    indexes: HashMap<(&'a TableName, &'a str), &'a Index>,
    excludes: HashMap<&'a TableName, Vec<Exclude>>,
    objects: HashMap<&'a TableName, Vec<&'a SqlObject>>,
}

impl<'a> Gone<'a> {
    fn add(&mut self, operation: &'a Operation) {
        match operation {
            Operation::DropColumn(op) => {
                self.columns.extend(op.definition.iter().map(|column| ((&op.table, op.column.as_str()), column)));
            }
            Operation::DropCheck(op) => self.checks.entry(&op.table).or_default().extend(op.definition.clone()),
            Operation::DropIndex(op) => {
                self.indexes.extend(op.definition.iter().map(|index| ((&index.table, index.name.as_str()), index)));
            }
            Operation::DropExclude(op) => self.excludes.entry(&op.table).or_default().extend(op.definition.clone()),
            Operation::DropObject(op) => self.objects.entry(&op.object.name).or_default().push(&op.object),
            Operation::ReplaceObject(op) => {
                let existing = op.existing.iter();
                existing.for_each(|object| self.objects.entry(&object.name).or_default().push(object));
            }
            _ => {}
        }
    }

    fn question(&self, operation: &Operation, models: &Schema, dialect: &str) -> Option<Question> {
        let (of, asked) = match operation {
            Operation::AlterColumn(op) => (&op.table, altered(op, models)?),
            Operation::AddColumn(op) => {
                let (model, database) = (&op.column, *self.columns.get(&(&op.table, op.column.name.as_str()))?);
                let computed = model.generated.is_some() && database.generated.is_some();
                let asked = Asked::Column { model: Box::new(model.clone()), database: Box::new(database.clone()) };
                (&op.table, Some(asked).filter(|_| computed)?)
            }
            Operation::CreateCheck(op) => {
                let database = self.checks.get(&op.table)?.clone();
                (&op.table, Asked::Check { model: op.check.clone(), database })
            }
            Operation::CreateIndex(op) => {
                let database = *self.indexes.get(&(&op.index.table, op.index.name.as_str()))?;
                (
                    &op.index.table,
                    Asked::Index { model: Box::new(op.index.clone()), database: Box::new(database.clone()) },
                )
            }
            Operation::CreateExclude(op) => {
                let database = self.excludes.get(&op.table)?.clone();
                (&op.table, Asked::Exclude { model: op.exclude.clone(), database })
            }
            Operation::CreateObject(op) => (&op.object.name, self.object(&op.object, dialect)?),
            Operation::ReplaceObject(op) => (&op.object.name, self.object(&op.object, dialect)?),
            _ => return None,
        };
        Some(Question { of: of.clone(), asked })
    }

    /// An object whose text, or whose arguments, are others. One that is made anew around a change of its table has both still.
    fn object(&self, model: &SqlObject, dialect: &str) -> Option<Asked> {
        let text = model.definition_on(dialect);
        let is_other = |other: &&&SqlObject| {
            is_one_kind(&other.kind, &model.kind) && (other.kind != model.kind || other.definition_on(dialect) != text)
        };
        let database: Vec<_> = self.objects.get(&model.name)?.iter().filter(is_other).copied().cloned().collect();
        let kind = !matches!(model.kind, ObjectKind::Grant { .. });
        (kind && !database.is_empty()).then(|| Asked::Object { model: model.clone(), database })
    }
}

/// A type that only the database knows, a default, a collation. Two types that are known differ.
fn altered(op: &AlterColumn, models: &Schema) -> Option<Asked> {
    let (change, database) = (&op.change, op.existing.as_ref()?);
    let model = models.table(&op.table)?.find_column(&change.column)?;
    let retyped = change.column_type.is_some();
    let types = retyped && (is_custom(&model.column_type) || is_custom(&database.column_type));
    let defaults = matches!(change.default, Change::Set(_)) && database.default.is_some() && (types || !retyped);
    let collations = matches!(change.collation, Change::Set(_));
    (types || defaults || collations)
        .then(|| Asked::Column { model: Box::new(model.clone()), database: Box::new(database.clone()) })
}

fn is_custom(column_type: &ColumnType) -> bool {
    match column_type {
        ColumnType::Custom(_) => true,
        ColumnType::Array(of) => is_custom(of),
        _ => false,
    }
}

/// Whether both are functions, say, whatever the arguments; triggers and policies are of one table.
fn is_one_kind(a: &ObjectKind, b: &ObjectKind) -> bool {
    match (a, b) {
        (ObjectKind::Trigger { .. } | ObjectKind::Policy { .. }, _) => a == b,
        _ => discriminant(a) == discriminant(b),
    }
}

impl Question {
    /// Gives what is the same to the database the text of the database, in the models. `spelled` is the model's side as the
    /// database spells it, under a name of its own.
    pub(super) fn settle(&self, spelled: &Spelled<'_>, models: &mut Schema) {
        let family = spelled.family;
        match &self.asked {
            Asked::Column { model, database } => {
                let (Some(spelled), Some(table)) = (spelled.column(), models.table_mut(&self.of)) else { return };
                if let Some(column) = table.find_column_mut(&model.name) {
                    settle_column(column, spelled, database);
                }
            }
            Asked::Check { model, database } => {
                let (Some(spelled), Some(table)) = (spelled.check(), models.table_mut(&self.of)) else { return };
                let same = database.iter().find(|check| same_expression(&check.expression, &spelled.expression));
                let mine = table.checks.iter_mut().find(|check| check.expression == model.expression);
                if let (Some(same), Some(mine)) = (same, mine) {
                    mine.expression.clone_from(&same.expression);
                }
            }
            Asked::Index { model, database } => {
                let (Some(spelled), Some(table)) = (spelled.index(), models.table_mut(&self.of)) else { return };
                if bare_index(spelled) == bare_index(database)
                    && let Some(mine) = table.indexes.iter_mut().find(|index| index.name == model.name)
                {
                    *mine = (**database).clone();
                }
            }
            Asked::Exclude { model, database } => {
                let (Some(spelled), Some(table)) = (spelled.exclude(), models.table_mut(&self.of)) else { return };
                let bare = |exclude: &Exclude| Exclude { name: None, ..exclude.clone() };
                let same = database.iter().find(|exclude| bare(exclude) == bare(spelled));
                let mine = table.excludes.iter_mut().find(|exclude| bare(exclude) == bare(model));
                if let (Some(same), Some(mine)) = (same, mine) {
                    *mine = Exclude { name: mine.name.take(), ..same.clone() };
                }
            }
            Asked::Object { model, database } => {
                let Some(spelled) = spelled.object(&model.kind) else { return };
                let kept = model.kind == ObjectKind::MaterializedView;
                let is_same = |other: &&SqlObject| {
                    if kept {
                        let ((head, query), (own, _)) = (split_head(&other.definition), split_head(&model.definition));
                        return query == spelled.definition && head.eq_ignore_ascii_case(own);
                    }
                    text(other, family) == text(spelled, family) && arguments(&other.kind) == arguments(&spelled.kind)
                };
                let mine = models.objects.iter_mut().find(|object| *object == model);
                if let (Some(same), Some(mine)) = (database.iter().find(is_same), mine) {
                    *mine = SqlObject { reads: std::mem::take(&mut mine.reads), ..same.clone() };
                }
            }
        }
    }
}

fn settle_column(model: &mut Column, spelled: &Column, database: &Column) {
    if spelled.column_type == database.column_type {
        model.column_type.clone_from(&database.column_type);
    }
    if spelled.default == database.default {
        model.default.clone_from(&database.default);
    }
    if spelled.generated == database.generated {
        model.generated.clone_from(&database.generated);
    }
    if spelled.collation == database.collation {
        model.collation.clone_from(&database.collation);
    }
}

/// The index without what tells it from another one of the kind.
fn bare_index(index: &Index) -> Index {
    Index { name: String::new(), table: "".into(), sql: None, ..index.clone() }
}

/// The text, that of a trigger without its table.
fn text(object: &SqlObject, family: Family) -> String {
    let text = &object.definition;
    let bare = matches!(object.kind, ObjectKind::Trigger { .. }).then(|| put_on(text, family, "")).flatten();
    bare.unwrap_or_else(|| text.clone())
}

/// What precedes the query of a view that keeps its rows, up to `AS`, and the query.
pub(super) fn split_head(definition: &str) -> (&str, &str) {
    let has_head = ["WITH (", "TABLESPACE "].iter().any(|head| definition.starts_with(head));
    let at = definition.find(" AS ").filter(|_| has_head).map_or(0, |at| at + " AS ".len());
    definition.split_at(at)
}

fn arguments(kind: &ObjectKind) -> Option<&str> {
    match kind {
        ObjectKind::Function { arguments } | ObjectKind::Procedure { arguments } => Some(arguments),
        _ => None,
    }
}

/// What one question is called where the database spells it, and what it has made of it.
pub(super) struct Spelled<'a> {
    pub(super) schema: &'a Schema,
    pub(super) name: String,
    /// What the table of the question is called there.
    pub(super) table: Option<String>,
    pub(super) family: Family,
}

impl Spelled<'_> {
    fn in_table<T>(&self, find: impl Fn(&rectify_schema::Table) -> Option<&T>) -> Option<&T> {
        let name = self.table.as_ref()?;
        self.schema.tables.iter().find(|table| table.name.name == *name).and_then(find)
    }

    fn column(&self) -> Option<&Column> {
        self.in_table(|table| table.find_column(&self.name))
    }

    fn check(&self) -> Option<&Check> {
        self.in_table(|table| table.checks.iter().find(|check| check.name.as_ref() == Some(&self.name)))
    }

    fn index(&self) -> Option<&Index> {
        self.in_table(|table| table.indexes.iter().find(|index| index.name == self.name))
    }

    fn exclude(&self) -> Option<&Exclude> {
        self.in_table(|table| table.excludes.iter().find(|exclude| exclude.name.as_ref() == Some(&self.name)))
    }

    /// A view that keeps its rows has been spelled as one that does not.
    fn object(&self, kind: &ObjectKind) -> Option<&SqlObject> {
        let is_kind = |other: &ObjectKind| match (kind, other) {
            (ObjectKind::MaterializedView, ObjectKind::View) => true,
            _ => discriminant(kind) == discriminant(other),
        };
        self.schema.objects.iter().find(|object| object.name.name == self.name && is_kind(&object.kind))
    }
}

#[cfg(test)]
mod tests {
    use rectify_schema::Table;
    use rectify_schema::build::{check, column, function, index, integer, sql, table, text, view};
    use rectify_schema::dialect::POSTGRES;
    use rectify_schema::diff::{DiffOptions, diff};

    use super::*;

    fn schema(table: Table, objects: Vec<SqlObject>) -> Schema {
        Schema { tables: vec![table], objects, ..Schema::default() }
    }

    fn users(default: &str, condition: &str, expression: &str) -> Table {
        table("users")
            .column(column("age", integer()).server_default(sql(default)))
            .check(check("ck", condition))
            .index(index("ix").on("users", [sql(expression)]))
    }

    fn asked(database: &Schema, models: &Schema) -> Vec<Question> {
        questions(&diff(database, models, POSTGRES, &DiffOptions::default()), models, "postgres")
    }

    #[test]
    fn what_goes_and_comes_again_with_another_text_is_a_question() {
        let view = |query: &str| vec![view("v", query), function("f", "", "returns int as '1'")];
        let database = schema(users("(1 + 2)", "a AND b", "a || b"), view("SELECT a"));
        let models = schema(users("abs(3)", "b AND a", "a||c"), view("select a as a"));
        assert_eq!(asked(&database, &models).len(), 4);
        assert_eq!(asked(&models, &models).len(), 0);
        // What is new, and what is gone, is none.
        assert_eq!(asked(&Schema::default(), &models).len(), 0);
        assert_eq!(asked(&database, &schema(table("users").column(column("age", text())), Vec::new())).len(), 0);
    }

    #[test]
    fn the_same_gets_the_text_of_the_database_and_the_rest_keeps_its_own() {
        let database = schema(users("(1 + 2)", "(a AND b)", "(a || b)"), Vec::new());
        let mut models = schema(users("abs(3)", "b AND a", "a||c"), Vec::new());
        let asked = asked(&database, &models);
        let spelled = users("(1 + 2)", "(b AND a)", "(a || b)");
        for question in &asked {
            let (mut spelled, name) = (spelled.clone(), "n".to_owned());
            spelled.columns[0].name = "n".to_owned();
            spelled.checks[0].name = Some("n".to_owned());
            spelled.indexes[0].name = "n".to_owned();
            let schema = schema(spelled, Vec::new());
            let (table, family) = (Some("users".to_owned()), Family::Postgres);
            question.settle(&Spelled { schema: &schema, name, table, family }, &mut models);
        }
        assert_eq!(models.tables, [users("(1 + 2)", "b AND a", "(a || b)")]);
    }
}
