//! Enums that are the list of values of a column (MySQL, MariaDB): a value is renamed by way of a list that has both names.

use std::borrow::Cow;

use super::Sides;
use crate::name::TableName;
use crate::ops::{AlterColumn, Operation, Sql, alter};
use crate::schema::{Column, ColumnType, DefaultValue, EnumType, Schema, Value};

/// The columns that hold an enum on both sides: the table, the old column, and the values on each side.
pub(super) fn in_both<'a>(
    from: &'a Schema,
    to: &'a Schema,
) -> impl Iterator<Item = (&'a TableName, &'a Column, &'a EnumType, &'a EnumType)> {
    let columns = to.tables.iter().flat_map(|table| table.columns.iter().map(move |column| (&table.name, column)));
    columns.filter_map(|(table, new)| {
        let old = from.table(table)?.find_column(&new.name)?;
        match (&old.column_type, &new.column_type) {
            (ColumnType::Enum(was), ColumnType::Enum(is)) => Some((table, old, was, is)),
            _ => None,
        }
    })
}

/// The name that the model has for the values, or else the database.
pub(super) fn name<'a>(old: &'a EnumType, new: &'a EnumType) -> &'a TableName {
    if new.name.name.is_empty() { &old.name } else { &new.name }
}

/// Renames a value in each column that holds the enum: its rows keep it.
pub(super) fn rename(
    sides: &Sides<'_>,
    schema: &mut Cow<'_, Schema>,
    to: &Schema,
    (enum_type, from, value): (&TableName, &str, &str),
    operations: &mut Vec<Operation>,
) {
    let has = |values: &EnumType, value: &str| values.values.iter().any(|other| other == value);
    let mut steps = Vec::new();
    for (table, column, old, new) in in_both(schema, to) {
        let fits = has(old, from) && !has(old, value) && has(new, value) && !has(new, from);
        if fits && *name(old, new) == *enum_type {
            steps.extend(in_column(sides, table, column, old, (from, value)));
        }
    }
    for step in steps {
        // It changes columns that were found in the same schema.
        step.apply(schema.to_mut()).expect("the column is there");
        operations.push(step);
    }
}

/// A list with both names, the rows, and the list without the old one.
fn in_column(
    sides: &Sides<'_>,
    table: &TableName,
    column: &Column,
    old: &EnumType,
    (from, to): (&str, &str),
) -> [Operation; 3] {
    let with = |values: Vec<String>| ColumnType::Enum(EnumType { values, ..old.clone() });
    let both = old.values.iter().flat_map(|value| {
        let added = (value == from).then(|| to.to_owned());
        std::iter::once(value.clone()).chain(added)
    });
    let renamed = old.values.iter().map(|value| if value == from { to.to_owned() } else { value.clone() });
    let widen = alter(&column.name).set_type(with(both.collect()));
    let wide = widen.apply_to(column);
    let mut narrow = alter(&column.name).set_type(with(renamed.collect()));
    if column.default == Some(DefaultValue::Literal(Value::Text(from.to_owned()))) {
        narrow = narrow.set_default(to);
    }
    let update = |from: &str, to: &str| {
        let (of, name) = (sides.dialect.quote(&table.name), sides.dialect.quote(&column.name));
        let schema = table.schema.iter().map(|schema| sides.dialect.quote(schema) + ".").collect::<String>();
        let (from, to) = (text(from), text(to));
        format!("UPDATE {schema}{of} SET {name} = {to} WHERE {name} = {from}")
    };
    [
        AlterColumn::new(table, widen).existing(column.clone()).into(),
        Sql::new(update(from, to)).reverse_with(update(to, from)).into(),
        AlterColumn::new(table, narrow).existing(wide).into(),
    ]
}

/// A literal, whether or not the server takes a backslash for one.
fn text(value: &str) -> String {
    if !value.contains('\\') {
        return format!("'{}'", value.replace('\'', "''"));
    }
    let digits: String = value.bytes().map(|byte| format!("{byte:02X}")).collect();
    format!("CONVERT(X'{digits}' USING utf8mb4)")
}

#[cfg(test)]
mod tests {
    use super::super::{DiffOptions, diff};
    use crate::build::*;
    use crate::dialect::MARIADB;
    use crate::schema::Schema;

    fn users(name: &str, values: [&str; 2]) -> Schema {
        let mood = |column_name: &str| column(column_name, enumeration(name, values)).server_default(values[0]);
        Schema { tables: vec![table("users").column(mood("mood")).column(mood("other"))], ..Schema::default() }
    }

    #[test]
    fn a_value_is_renamed_in_each_column_that_has_it() {
        let (old, new) = (users("users_mood", ["it's", "fine"]), users("mood", ["bad", "fine"]));
        let renames = diff(&old, &new, MARIADB, &DiffOptions::default()).likely_renames;
        assert_eq!(renames.iter().map(ToString::to_string).collect::<Vec<_>>(), ["mood.it's:bad"]);
        let options = DiffOptions { renames, ..DiffOptions::default() };
        let found = diff(&old, &new, MARIADB, &options);
        assert_eq!((found.losses.len(), found.likely_renames.len()), (0, 0));
        let render = |operation| MARIADB.render(operation).unwrap().remove(0).sql;
        let found: Vec<_> = found.operations.iter().take(3).map(render).collect();
        let steps = [
            "ALTER TABLE users MODIFY COLUMN mood ENUM('it''s', 'bad', 'fine') NULL DEFAULT 'it''s'",
            "UPDATE users SET mood = 'bad' WHERE mood = 'it''s'",
            "ALTER TABLE users MODIFY COLUMN mood ENUM('bad', 'fine') NULL DEFAULT 'bad'",
        ];
        assert_eq!(found, steps);
    }
}
