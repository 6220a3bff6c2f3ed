//! A plain `schema.rs` beside the database that it speaks of: its tables, columns and joins, and the database's word on all that
//! Diesel cannot say.

use std::collections::{HashMap, HashSet};

use super::lower::{Lowering, unknown_type};
use super::model::{ColumnModel, TableModel};
use super::print::Printer;
use super::source::{Join, OwnType};
use super::types::{DieselType, NoType};
use super::{Place, Problem};
use crate::dialect::Dialect;
use crate::name::TableName;
use crate::schema::{Column, ColumnType, ForeignKey, IndexColumn, IndexTarget, Schema, Table, foreign_key};
use crate::text::tokens;

/// What Diesel's own text leaves out.
pub(super) const UNSAID: &str = "defaults, identity, indexes, unique constraints, checks, comments, collations, foreign key \
    actions, computed columns, views, functions, triggers, sequences and tables without a primary key";

pub(super) struct Completion<'a> {
    pub(super) lowering: Lowering<'a>,
    pub(super) database: &'a Schema,
    pub(super) dialect: &'a dyn Dialect,
    pub(super) joins: &'a [Join],
    pub(super) own_types: &'a [OwnType],
}

impl Completion<'_> {
    /// The schema that the file means, where the database says the rest.
    pub(super) fn complete(&self) -> (Schema, Vec<Problem>) {
        let mut problems: Vec<Problem> = self.lowering.problems.clone();
        let printer = Printer::new(self.database, self.dialect, true);
        let old: HashMap<&TableName, &Table> = self.database.tables.iter().map(|table| (&table.name, table)).collect();
        let mut joins: HashMap<&str, Vec<&Join>> = HashMap::new();
        self.joins.iter().for_each(|join| joins.entry(&join.child).or_default().push(join));
        let mut schema = Schema { tables: Vec::new(), ..self.database.clone() };
        for placed in &self.lowering.tables {
            if let Some((view, unknown)) = self.lowering.view(placed) {
                problems.extend(unknown);
                schema.objects.retain(|other| (&other.kind, &other.name) != (&view.kind, &view.name));
                schema.objects.push(view);
                continue;
            }
            if !placed.plain {
                let (keys, model) = (self.lowering.foreign_keys(placed), placed.table.clone());
                schema.tables.push(self.lowering.table(placed.place, false, model, keys, &mut problems));
                continue;
            }
            let there = old.get(&placed.table.table.name).copied();
            let mut table = self.table(&printer, placed.place, &placed.table, there, &mut problems);
            let of_table = joins.get(placed.table.rust_name()).into_iter().flatten();
            let keys: Vec<_> = of_table.filter_map(|join| self.joined(&placed.table, &table, join)).collect();
            table.foreign_keys.extend(keys);
            schema.tables.push(table);
        }
        // Diesel has no word for the others, so that their absence says nothing.
        let said: HashSet<&TableName> = schema.tables.iter().map(|table| &table.name).collect();
        let silent = |table: &&Table| !printer.fits(&table.name) && !said.contains(&table.name);
        let kept: Vec<Table> = self.database.tables.iter().filter(silent).cloned().collect();
        schema.tables.extend(kept);
        (schema, problems)
    }

    fn table(
        &self,
        printer: &Printer<'_>,
        place: Place<'_>,
        said: &TableModel,
        there: Option<&Table>,
        problems: &mut Vec<Problem>,
    ) -> Table {
        let name = &said.table.name;
        let mut table = there.cloned().unwrap_or_else(|| crate::schema::table(name.clone()));
        let mut columns = Vec::new();
        for column in &said.columns {
            let there = table.find_column(&column.column.name);
            match self.column(printer, &table, there, column) {
                Ok(column) => columns.push(column),
                Err(no_type) => problems.push(unknown_type(place, name, column, no_type)),
            }
        }
        let before = std::mem::replace(&mut table.columns, columns);
        let lost = before.into_iter().map(|column| column.name).filter(|name| table.find_column(name).is_none());
        let lost: Vec<String> = lost.collect();
        if !lost.is_empty() {
            forget(&lost, &mut table);
        }
        if let Some(said) = &said.table.primary_key
            && table.primary_key.as_ref().is_none_or(|key| key.columns != said.columns)
        {
            table.set_primary_key(said.clone());
        }
        table
    }

    /// The database's column, unless Diesel's text says something else.
    fn column(
        &self,
        printer: &Printer<'_>,
        table: &Table,
        there: Option<&Column>,
        said: &ColumnModel,
    ) -> Result<Column, NoType> {
        let column_type = self.lowering.column_type(said, true);
        let Some(there) = there else {
            return column_type.map(|column_type| Column { column_type, ..said.column.clone() });
        };
        let in_key = table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&there.name));
        let nullable = if in_key || there.generated.is_some() { there.nullable } else { said.column.nullable };
        match column_type {
            Ok(column_type) if !self.is_same(printer, there, said) => {
                Ok(Column { column_type, nullable, ..there.clone() })
            }
            _ => Ok(Column { nullable, ..there.clone() }),
        }
    }

    /// Whether `diesel print-schema` would say the same of the database's column.
    fn is_same(&self, printer: &Printer<'_>, there: &Column, said: &ColumnModel) -> bool {
        let written = printer.write_type(&there.column_type);
        let (bare, length) = (&said.diesel_type, said.size.length);
        if length.is_some() && length != written.size.length {
            return false;
        }
        if let Some(own) = self.own_types.iter().find(|own| own.rust_name == bare.innermost().name) {
            return own.is(&there.column_type);
        }
        let mut same = vec![canonical(&written.diesel)];
        if self.dialect.name() == "sqlite" {
            let spelt = self.dialect.type_name(&there.column_type).unwrap_or_default();
            same.push(of_sqlite(&spelt.to_ascii_lowercase()).to_owned());
            // Which of the two is a setting of Diesel's.
            if same.iter().any(|name| name == "Integer") {
                same.push("BigInt".to_owned());
            }
        }
        same.contains(&canonical(bare))
    }

    /// The foreign key that a `joinable!` stands for, if the table has none.
    fn joined(&self, said: &TableModel, table: &Table, join: &Join) -> Option<ForeignKey> {
        let parent = &self.lowering.called(&join.parent).next()?.table;
        let column = said.columns.iter().find(|column| column.rust_name() == join.column)?.column.name.clone();
        let parent_name = parent.table.name.clone();
        let known = |key: &ForeignKey| key.columns == [column.clone()] && key.references == parent_name;
        let keys = parent.table.primary_key.iter().flat_map(|key| key.columns.iter().cloned());
        let wanted = !table.foreign_keys.iter().any(known);
        wanted.then(|| foreign_key(None).on([column]).references(parent_name, keys))
    }
}

/// Takes away what speaks of columns that are gone.
fn forget(lost: &[String], table: &mut Table) {
    let speaks = |text: &String| tokens(text).any(|word| lost.iter().any(|name| word.trim_matches(QUOTES) == name));
    let has = |columns: &[String]| columns.iter().any(|column| lost.contains(column));
    let holds = |column: &IndexColumn| match &column.target {
        IndexTarget::Column(name) => lost.contains(name),
        IndexTarget::Expression(text) => speaks(text),
    };
    table.uniques.retain(|unique| !has(&unique.columns));
    table.foreign_keys.retain(|key| !has(&key.columns));
    table.checks.retain(|check| !speaks(&check.expression));
    table.excludes.retain(|exclude| {
        !exclude.elements.iter().any(|element| holds(&element.column))
            && !exclude.predicate.as_ref().is_some_and(speaks)
    });
    table.indexes.retain(|index| {
        let whole = index.columns.iter().any(holds) || has(&index.include);
        !whole && !index.predicate.as_ref().is_some_and(speaks)
    });
}

const QUOTES: [char; 4] = ['"', '`', '[', ']'];

impl OwnType {
    fn is(&self, column_type: &ColumnType) -> bool {
        match (column_type, &self.name) {
            (ColumnType::Array(of), _) => self.is(of),
            (ColumnType::Enum(found), Some(name)) => found.name.name == name.name,
            (ColumnType::Custom(text), Some(name)) => {
                let bare = text.split('(').next().unwrap_or(text);
                bare.rsplit('.').next().unwrap_or(bare).trim_matches('"') == name.name
            }
            (ColumnType::TimeTz, Some(name)) => name.name == "timetz",
            // MySQL's have no name to compare.
            (ColumnType::Enum(_) | ColumnType::Custom(_), None) => true,
            _ => false,
        }
    }
}

/// One name for what Diesel has several for.
fn canonical(written: &DieselType) -> String {
    let (bare, _) = written.bare();
    let name = match bare.name.as_str() {
        "Int2" | "Smallint" => "SmallInt",
        "Int4" => "Integer",
        "Int8" | "Bigint" => "BigInt",
        "Tinyint" => "TinyInt",
        "Float4" => "Float",
        "Float8" => "Double",
        "Decimal" => "Numeric",
        "Varchar" | "VarChar" | "Char" | "Bpchar" | "Tinytext" | "Mediumtext" | "Longtext" => "Text",
        "Bytea" | "Blob" | "Varbinary" | "Tinyblob" | "Mediumblob" | "Longblob" | "Bit" => "Binary",
        "TimestamptzSqlite" => "Timestamptz",
        "Macaddr" => "MacAddr",
        "Macaddr8" => "MacAddr8",
        "Cash" => "Money",
        other => other,
    };
    match bare.arguments.first() {
        Some(inner) => format!("{name}<{}>", canonical(inner)),
        None => name.to_owned(),
    }
}

/// What Diesel makes of a type that SQLite's catalog holds, in lower case.
fn of_sqlite(text: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match text {
        "boolean" | "bool" => "Bool",
        "datetime" | "timestamp" => "Timestamp",
        "date" => "Date",
        "time" => "Time",
        _ if text.starts_with("tiny") && has(&["int"]) => "Bool",
        _ if text == "int2" || text.starts_with("small") && has(&["int"]) => "SmallInt",
        _ if text == "int8" || text.starts_with("big") && has(&["int"]) => "BigInt",
        _ if has(&["int"]) => "Integer",
        _ if has(&["char", "clob", "text"]) => "Text",
        _ if has(&["blob", "binary"]) || text.is_empty() => "Binary",
        _ if has(&["float", "real"]) => "Float",
        _ if has(&["double", "num", "dec"]) => "Double",
        _ => "Text",
    }
}
