//! What a database is asked to make and to print again: the models' side of each question, in a place of its own.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rectify_schema::build::{alter, primary_key, table};
use rectify_schema::dialect::Dialect;
use rectify_schema::ops::{
    AddColumn, AlterColumn, CreateCheck, CreateEnum, CreateExclude, CreateIndex, CreateObject, CreateSequence,
    CreateTable,
};
use rectify_schema::{
    Check, Column, ColumnType, EnumType, Exclude, Index, ObjectKind, Operation, Schema, SqlObject, Table, TableName,
    TableOptions,
};

use super::questions::{Asked, Question, Spelled, split_head};
use crate::database::Family;
use crate::inspect::{names_in, put_on};
use crate::runner::sql;

/// The place, and what is made in it.
pub(super) struct Scratch<'a> {
    dialect: &'static dyn Dialect,
    models: &'a Schema,
    database: &'a Schema,
    questions: &'a [Question],
    /// The tables with something in question, and what they are called here.
    tables: BTreeMap<&'a TableName, String>,
    /// The tables that objects in question read, by their own names: beside the others, for `*` is all of their columns.
    read_tables: BTreeSet<&'a TableName>,
    /// The views and functions that those in question read.
    read: Vec<&'a SqlObject>,
}

impl<'a> Scratch<'a> {
    pub(super) fn new(
        dialect: &'static dyn Dialect,
        (models, database): (&'a Schema, &'a Schema),
        questions: &'a [Question],
    ) -> Self {
        let (tables, read_tables, read) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
        let mut scratch = Self { dialect, models, database, questions, tables, read_tables, read };
        scratch.find();
        scratch
    }

    /// Finds the tables of the questions, and what the objects in question read, themselves or by way of others.
    fn find(&mut self) {
        let mut objects: Vec<&'a SqlObject> = Vec::new();
        for question in self.questions {
            match &question.asked {
                Asked::Object { model, .. } => objects.push(model),
                _ => {
                    let number = self.tables.len();
                    self.tables.entry(&question.of).or_insert_with(|| format!("rectify_table_{number}"));
                }
            }
        }
        let mut seen: HashSet<&TableName> = objects.iter().map(|object| &object.name).collect();
        while let Some(object) = objects.pop() {
            let mut names = names_in(object.definition_on(self.dialect.name()), self.family());
            if let ObjectKind::Trigger { table } | ObjectKind::Policy { table } = &object.kind {
                names.insert(table.name.to_lowercase());
            }
            let is_named = |name: &TableName| name.schema.is_none() && names.contains(&name.name.to_lowercase());
            let tables = self.models.tables.iter().map(|table| &table.name);
            self.read_tables.extend(tables.filter(|name| is_named(name)));
            for other in self.models.objects.iter().filter(|other| is_named(&other.name)) {
                if self.is_read_by_name(other) && seen.insert(&other.name) {
                    objects.push(other);
                    self.read.push(other);
                }
            }
        }
    }

    /// Whether a text in this place that names the object means the one that is made here.
    fn is_read_by_name(&self, object: &SqlObject) -> bool {
        let by_name = match object.kind {
            ObjectKind::View | ObjectKind::MaterializedView => true,
            // PostgreSQL looks for no function among what is temporary.
            ObjectKind::Function { .. } => self.family() == Family::Mysql,
            _ => false,
        };
        by_name && object.name.schema.is_none()
    }

    fn family(&self) -> Family {
        sql::family(self.dialect)
    }

    /// A name in the place: it is the current database, or is PostgreSQL's for what is temporary.
    fn name(&self, name: &str) -> TableName {
        match self.family() {
            Family::Postgres => ("pg_temp", name).into(),
            Family::Mysql | Family::Sqlite => name.into(),
        }
    }

    /// What an object is called here. A view keeps its name, for another one that reads it.
    fn name_of(&self, nth: usize, question: &Question) -> String {
        match &question.asked {
            Asked::Object { model, .. } if self.is_read_by_name(model) => model.name.name.clone(),
            _ => format!("rectify_{nth}"),
        }
    }

    /// The statements, in pieces that stand or fall by themselves. Each piece may need those before it; a view may need a
    /// later one.
    pub(super) fn pieces(&self) -> Vec<Vec<String>> {
        let enums = self.enums().into_iter().map(|found| vec![CreateEnum::from(found).into()]);
        let sequences = self.sequences().into_iter().map(|sequence| vec![sequence]);
        let tables = self.tables.iter().map(|(name, called)| self.table(name, called));
        let read_tables = self.read_tables.iter().map(|name| self.table(name, &name.name));
        let elements = self.questions.iter().enumerate().filter_map(|(nth, question)| self.element(nth, question));
        // What reads something was found before it.
        let read = self.read.iter().rev().filter_map(|object| self.object(object, &object.name.name));
        let pieces = enums.chain(sequences).chain(tables).chain(read_tables).chain(read).chain(elements);
        pieces.filter_map(|operations: Vec<Operation>| self.render(&operations)).collect()
    }

    /// What the database cannot do is not asked.
    fn render(&self, operations: &[Operation]) -> Option<Vec<String>> {
        let mut statements = Vec::new();
        for operation in operations {
            statements.extend(self.dialect.render(operation).ok()?.into_iter().map(|statement| statement.sql));
        }
        Some(statements)
    }

    /// The enum types that the tables need and the database lacks, or has with other values.
    fn enums(&self) -> Vec<EnumType> {
        if self.family() != Family::Postgres {
            return Vec::new();
        }
        let names: BTreeSet<_> = self.tables.keys().chain(&self.read_tables).collect();
        let columns = names.into_iter().filter_map(|name| self.models.table(name)).flat_map(|table| &table.columns);
        let mut enums: Vec<EnumType> = Vec::new();
        for found in columns.filter_map(|column| enum_of(&column.column_type)) {
            let values = self.models.enums.iter().find(|other| other.name == found.name).unwrap_or(found);
            let is_there = self.database.enums.contains(values);
            let is_known = is_there || found.name.schema.is_some() || values.values.is_empty();
            if !is_known && enums.iter().all(|other| other.name.name != found.name.name) {
                enums.push(EnumType { name: self.name(&found.name.name), values: values.values.clone() });
            }
        }
        enums
    }

    /// The sequences that a default may name.
    fn sequences(&self) -> Vec<Operation> {
        let asks_default = |question: &Question| matches!(question.asked, Asked::Column { .. });
        if !self.questions.iter().any(asks_default) {
            return Vec::new();
        }
        let is_there = |name: &TableName| {
            self.family() == Family::Postgres && self.database.sequences.iter().any(|other| other.name == *name)
        };
        let missing = self.models.sequences.iter().filter(|one| one.name.schema.is_none() && !is_there(&one.name));
        let create = |name: &TableName| {
            let sequence = rectify_schema::build::sequence(self.name(&name.name));
            CreateSequence::new(sequence).into()
        };
        missing.map(|sequence| create(&sequence.name)).collect()
    }

    /// The columns of a table as the models have them, in the order that they have in the database, and its key: what an
    /// expression or a query sees of it.
    fn table(&self, name: &TableName, called: &str) -> Vec<Operation> {
        let Some(model) = self.models.table(name) else { return Vec::new() };
        let order = |column: &&Column| {
            let columns = self.database.table(name).map_or(&[][..], |table| &table.columns);
            columns.iter().position(|other| other.name == column.name).unwrap_or(usize::MAX)
        };
        let mut columns: Vec<_> = model.columns.iter().collect();
        columns.sort_by_key(order);
        let bare = |column: &Column| Column {
            collation: column.collation.clone(),
            ..rectify_schema::build::column(&column.name, column.column_type.clone())
        };
        let key = model.primary_key.as_ref().map(|key| primary_key(None).on(&key.columns));
        let options = match self.family() {
            Family::Mysql => TableOptions {
                engine: model.options.engine.clone(),
                charset: model.options.charset.clone(),
                collation: model.options.collation.clone(),
                ..TableOptions::default()
            },
            Family::Postgres | Family::Sqlite => TableOptions::default(),
        };
        let made = table(self.name(called)).options(options);
        let made = columns.into_iter().fold(made, |made, column| made.column(bare(column)));
        vec![CreateTable::new(key.into_iter().fold(made, Table::primary_key)).into()]
    }

    fn element(&self, nth: usize, question: &Question) -> Option<Vec<Operation>> {
        let name = self.name_of(nth, question);
        if let Asked::Object { model, .. } = &question.asked {
            return self.object(model, &name);
        }
        let table = self.name(self.tables.get(&question.of)?);
        Some(match &question.asked {
            Asked::Column { model, .. } => self.column(table, &name, model),
            Asked::Check { model, .. } => {
                vec![CreateCheck::new(table, Check { name: Some(name), ..model.clone() }).into()]
            }
            Asked::Index { model, .. } => {
                vec![CreateIndex::new(Index { name, table, concurrently: false, ..(**model).clone() }).into()]
            }
            Asked::Exclude { model, .. } => {
                vec![CreateExclude::new(table, Exclude { name: Some(name), ..model.clone() }).into()]
            }
            Asked::Object { .. } => return None,
        })
    }

    /// PostgreSQL computes the default of a column that is added, and not one that is set.
    fn column(&self, table: TableName, name: &str, model: &Column) -> Vec<Operation> {
        let column = Column {
            default: model.default.clone(),
            generated: model.generated.clone(),
            collation: model.collation.clone(),
            ..rectify_schema::build::column(name, model.column_type.clone())
        };
        match &model.default {
            Some(default) if self.family() == Family::Postgres => {
                let set = alter(name).set_default(default.clone());
                let column = Column { default: None, ..column };
                vec![AddColumn::new(&table, column).into(), AlterColumn::new(&table, set).into()]
            }
            _ => vec![AddColumn::new(&table, column).into()],
        }
    }

    fn object(&self, model: &SqlObject, name: &str) -> Option<Vec<Operation>> {
        let definition = model.definition_on(self.dialect.name()).to_owned();
        let (kind, name, definition) = match &model.kind {
            // There is no temporary one that keeps its rows.
            ObjectKind::MaterializedView => (ObjectKind::View, self.name(name), split_head(&definition).1.to_owned()),
            // These go by their name alone, and are where their table is.
            ObjectKind::Policy { table } => {
                let table = self.name(self.called(table)?);
                (ObjectKind::Policy { table }, name.into(), definition)
            }
            ObjectKind::Trigger { table } => {
                let table = self.name(self.called(table)?);
                let definition = put_on(&definition, self.family(), &sql::table(self.dialect, &table))?;
                (ObjectKind::Trigger { table }, name.into(), definition)
            }
            kind => (kind.clone(), self.name(name), definition),
        };
        Some(vec![CreateObject::new(SqlObject { definition, ..SqlObject::named(kind, name) }).into()])
    }

    /// The table or view of a trigger or policy, if it is here.
    fn called<'s>(&self, name: &'s TableName) -> Option<&'s str> {
        let is_it = |object: &SqlObject| object.name == *name && self.is_read_by_name(object);
        let asked = self.questions.iter().any(|question| match &question.asked {
            Asked::Object { model, .. } => is_it(model),
            _ => false,
        });
        let is_here = asked || self.read_tables.contains(name) || self.read.iter().any(|object| is_it(object));
        is_here.then_some(name.name.as_str())
    }

    /// What has come of each question in the place.
    pub(super) fn spelled<'s>(&self, schema: &'s Schema) -> Vec<Spelled<'s>> {
        let spelled = |(nth, question): (usize, &Question)| Spelled {
            schema,
            name: self.name_of(nth, question),
            table: self.tables.get(&question.of).cloned(),
            family: self.family(),
        };
        self.questions.iter().enumerate().map(spelled).collect()
    }
}

fn enum_of(column_type: &ColumnType) -> Option<&EnumType> {
    match column_type {
        ColumnType::Enum(found) => Some(found),
        ColumnType::Array(of) => enum_of(of),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rectify_schema::build::{check, column, integer, trigger, view};
    use rectify_schema::dialect::{MARIADB, POSTGRES};
    use rectify_schema::diff::{DiffOptions, diff};

    use super::super::questions::questions;
    use super::*;

    fn schema(condition: &str, query: &str, body: &str) -> Schema {
        let users = table("users").column(column("age", integer()).server_default(3)).check(check("ck", condition));
        let objects = vec![
            view("below", "SELECT age FROM users"),
            view("v", query),
            trigger("t", "users", format!("{body} ON users x")),
        ];
        Schema { tables: vec![users], objects, ..Schema::default() }
    }

    #[track_caller]
    fn pieces(dialect: &'static dyn Dialect, expected: &[&str]) {
        let (database, models) =
            (schema("a > 0", "SELECT 1", "AFTER"), schema("a >= 0", "SELECT * FROM below", "BEFORE"));
        let found = diff(&database, &models, dialect, &DiffOptions::default());
        let questions = questions(&found, &models, dialect.name());
        assert_eq!(Scratch::new(dialect, (&models, &database), &questions).pieces().concat(), expected);
    }

    #[test]
    fn each_question_has_a_name_and_what_it_reads() {
        let made = [
            "CREATE TABLE pg_temp.rectify_table_0 (\n    age INTEGER\n)",
            "CREATE TABLE pg_temp.users (\n    age INTEGER\n)",
            "CREATE VIEW pg_temp.below AS SELECT age FROM users",
            "ALTER TABLE pg_temp.rectify_table_0 ADD CONSTRAINT rectify_0 CHECK (a >= 0)",
            "CREATE VIEW pg_temp.v AS SELECT * FROM below",
            "CREATE TRIGGER rectify_2 BEFORE ON pg_temp.users x",
        ];
        pieces(POSTGRES, &made);
        let made = made.map(|sql| sql.replace("pg_temp.", ""));
        pieces(MARIADB, &made.each_ref().map(String::as_str));
    }
}
