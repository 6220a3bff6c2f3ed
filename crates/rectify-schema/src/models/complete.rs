//! A plain `schema.rs` beside the database that it speaks of: its tables, columns and joins, and the database's word on all that
//! Diesel cannot say.

use syn::ext::IdentExt;

use super::declaration::{ColumnDeclaration, TableDeclaration};
use super::lower::{Lowering, columns_of, name_of};
use super::print::Printer;
use super::source::{Join, OwnType};
use super::types::{DieselType, NoType};
use super::{Place, Problem};
use crate::dialect::Dialect;
use crate::schema::{Column, ColumnType, ForeignKey, IndexTarget, PrimaryKey, Schema, Table, foreign_key};

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
        let mut schema = self.database.clone();
        // Diesel has no word for them, so that their absence says nothing.
        schema.tables.retain(|table| printer.find(&table.name).is_none());
        for placed in &self.lowering.tables {
            let table = self.table(&printer, placed.place, &placed.table, &mut problems);
            schema.tables.retain(|other| other.name != table.name);
            schema.tables.push(table);
        }
        (schema, problems)
    }

    fn table(
        &self,
        printer: &Printer<'_>,
        place: Place<'_>,
        said: &TableDeclaration,
        problems: &mut Vec<Problem>,
    ) -> Table {
        let name = name_of(said);
        let mut table = self.database.table(&name).cloned().unwrap_or_else(|| crate::schema::table(name.clone()));
        let mut columns = Vec::new();
        for column in &said.columns {
            let there = table.find_column(&column.database_name());
            match self.column(printer, &table, there, column) {
                Ok(column) => columns.push(column),
                Err(no_type) => problems.push(Problem {
                    place: place.to_string(),
                    message: format!("column `{}` of table `{name}`: {}", column.database_name(), no_type.message),
                    hint: no_type.hint,
                }),
            }
        }
        table.columns = columns;
        forget_lost_columns(&mut table);
        let keys = columns_of(said, said.keys().into_iter());
        if table.primary_key.as_ref().is_none_or(|key| key.columns != keys) && !keys.is_empty() {
            table.set_primary_key(PrimaryKey { columns: keys, ..PrimaryKey::default() });
        }
        let joins = self.joins.iter().filter(|join| said.name.unraw() == join.child.as_str());
        table.foreign_keys.extend(joins.filter_map(|join| self.joined(said, &table, join)).collect::<Vec<_>>());
        table
    }

    /// The database's column, unless Diesel's text says something else.
    fn column(
        &self,
        printer: &Printer<'_>,
        table: &Table,
        there: Option<&Column>,
        said: &ColumnDeclaration,
    ) -> Result<Column, NoType> {
        let lowered = self.lowering.column(said, true);
        let Some(there) = there else { return lowered };
        let in_key = table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&there.name));
        let nullable = if in_key || there.generated.is_some() { there.nullable } else { said.diesel_type.bare().1 };
        match lowered {
            Ok(lowered) if !self.is_same(printer, there, said) => {
                Ok(Column { column_type: lowered.column_type, nullable, ..there.clone() })
            }
            _ => Ok(Column { nullable, ..there.clone() }),
        }
    }

    /// Whether `diesel print-schema` would say the same of the database's column.
    fn is_same(&self, printer: &Printer<'_>, there: &Column, said: &ColumnDeclaration) -> bool {
        let written = printer.write_type(&there.column_type);
        let (bare, _) = said.diesel_type.bare();
        let length: Option<u32> = said.max_length.as_ref().and_then(|length| length.base10_parse().ok());
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
    fn joined(&self, said: &TableDeclaration, table: &Table, join: &Join) -> Option<ForeignKey> {
        let parent = self.lowering.tables.iter().find(|placed| placed.table.name.unraw() == join.parent.as_str())?;
        let column = said.columns.iter().find(|column| column.name.unraw() == join.column.as_str())?.database_name();
        let parent_name = name_of(&parent.table);
        let known = |key: &ForeignKey| key.columns == [column.clone()] && key.references == parent_name;
        let keys = columns_of(&parent.table, parent.table.keys().into_iter());
        let wanted = !table.foreign_keys.iter().any(known);
        wanted.then(|| foreign_key(None).on([column]).references(parent_name, keys))
    }
}

/// Takes away what speaks of columns that are gone.
fn forget_lost_columns(table: &mut Table) {
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let there = |columns: &[String]| columns.iter().all(|column| names.contains(column));
    table.uniques.retain(|unique| there(&unique.columns));
    table.foreign_keys.retain(|key| there(&key.columns));
    table.indexes.retain(|index| {
        index.columns.iter().all(|column| match &column.target {
            IndexTarget::Column(name) => names.contains(name),
            IndexTarget::Expression(_) => true,
        })
    });
}

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
