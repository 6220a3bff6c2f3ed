//! Tables, columns and values of enum types that have another name on the other side.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::fmt;

use super::{Sides, by_name, columns, enum_columns, enums, losses};
use crate::name::TableName;
use crate::ops::{AlterColumn, Operation, RenameEnumValue, RenameTable, alter};
use crate::schema::{Column, EnumType, Schema, Table};

/// A table, a column or a value of an enum type that has another name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rename {
    /// A table, in its schema.
    Table {
        /// Its name before.
        from: TableName,
        /// Its name after.
        to: TableName,
    },
    /// A column.
    Column {
        /// The table, by its name after all renamings.
        table: TableName,
        /// The column's name before.
        from: String,
        /// The column's name after.
        to: String,
    },
    /// A value of an enum type (PostgreSQL, MySQL, MariaDB).
    EnumValue {
        /// The type; where a column holds the values, the name that the model has for them.
        enum_type: TableName,
        /// The value before.
        from: String,
        /// The value after.
        to: String,
    },
}

/// Shows the old and the new name, as `--rename` takes them.
impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table { from, to } => write!(f, "{from}:{to}"),
            Self::Column { table: of, from, to } | Self::EnumValue { enum_type: of, from, to } => {
                write!(f, "{of}.{from}:{to}")
            }
        }
    }
}

/// Gives the operations for the renamings that fit, tables first, and the schema after them.
pub(super) fn accept<'a>(sides: &Sides<'_>, from: &'a Schema, to: &Schema) -> (Vec<Operation>, Cow<'a, Schema>) {
    let (mut operations, mut schema) = (Vec::new(), Cow::Borrowed(from));
    for rename in in_order(&sides.options.renames) {
        match rename {
            Rename::EnumValue { enum_type, from, to: value } if sides.knows.enum_columns => {
                enum_columns::rename(sides, &mut schema, to, (enum_type, from, value), &mut operations);
            }
            _ => rename.accept(&mut schema, &mut operations),
        }
    }
    if !sides.knows.column_case {
        for rename in other_case(&schema, to) {
            rename.accept(&mut schema, &mut operations);
        }
    }
    (operations, schema)
}

/// A schema after renamings; those that do not fit are passed over.
///
/// # Examples
///
/// ```
/// use rectify_schema::{Schema, build::*, diff::{Rename, renamed}};
///
/// let users = table("users").column(column("mail", text()));
/// let schema = Schema { tables: vec![users], ..Schema::default() };
/// let rename = Rename::Column { table: "users".into(), from: "mail".into(), to: "email".into() };
/// assert_eq!(renamed(&schema, &[rename]).tables[0].columns[0].name, "email");
/// ```
#[must_use]
pub fn renamed(schema: &Schema, renames: &[Rename]) -> Schema {
    let mut schema = Cow::Borrowed(schema);
    for rename in in_order(renames) {
        rename.accept(&mut schema, &mut Vec::new());
    }
    schema.into_owned()
}

/// Tables first, then their columns, then what is in those.
fn in_order(renames: &[Rename]) -> Vec<&Rename> {
    let mut renames: Vec<&Rename> = renames.iter().collect();
    renames.sort_by_key(|rename| match rename {
        Rename::Table { .. } => 0,
        Rename::Column { .. } => 1,
        Rename::EnumValue { .. } => 2,
    });
    renames
}

impl Rename {
    fn operation(&self) -> Option<Operation> {
        match self {
            Self::Table { from, to } if from.schema == to.schema => Some(RenameTable::new(from, &to.name).into()),
            Self::Table { .. } => None,
            Self::Column { table, from, to } => Some(AlterColumn::new(table, alter(from).rename_to(to)).into()),
            Self::EnumValue { enum_type, from, to } => Some(RenameEnumValue::new(enum_type, from, to).into()),
        }
    }

    fn accept(&self, schema: &mut Cow<'_, Schema>, operations: &mut Vec<Operation>) {
        let Some(operation) = self.operation() else { return };
        let mut renamed = schema.clone().into_owned();
        if operation.apply(&mut renamed).is_ok() {
            if let Self::EnumValue { enum_type, from, to } = self {
                enums::rename_in_columns(&mut renamed, enum_type, from, to);
            }
            *schema = Cow::Owned(renamed);
            operations.push(operation);
        }
    }
}

/// Columns whose names differ in case alone: the database takes both for one, so there is no doubt.
fn other_case(from: &Schema, to: &Schema) -> Vec<Rename> {
    let (old, mut found) = (by_name(from), Vec::new());
    for table in &to.tables {
        let Some(was) = old.get(&table.name) else { continue };
        for column in table.columns.iter().filter(|column| was.find_column(&column.name).is_none()) {
            let alike = |other: &&Column| {
                table.find_column(&other.name).is_none() && other.name.to_lowercase() == column.name.to_lowercase()
            };
            if let Some(other) = was.columns.iter().find(alike) {
                let (from, to) = (other.name.clone(), column.name.clone());
                found.push(Rename::Column { table: table.name.clone(), from, to });
            }
        }
    }
    found
}

/// Finds what is gone on the one side and came on the other with most of its features, or with much of its name.
pub(super) fn likely(sides: &Sides<'_>, from: &Schema, to: &Schema) -> Vec<Rename> {
    let (old, new) = (by_name(from), by_name(to));
    let covered = |table: &&Table| sides.options.filter.covers(&table.name);
    let gone: Vec<_> = from.tables.iter().filter(covered).filter(|table| !new.contains_key(&table.name)).collect();
    let came: Vec<_> = to.tables.iter().filter(covered).filter(|table| !old.contains_key(&table.name)).collect();
    let likeness = |old: &Table, new: &Table| {
        if old.name.schema == new.name.schema { table_likeness(old, new) } else { 0 }
    };
    let pairs = pairs(&gone, &came, |old, new| likeness(old, new));
    let mut found: Vec<_> =
        pairs.into_iter().map(|(from, to)| Rename::Table { from: from.name.clone(), to: to.name.clone() }).collect();
    for table in to.tables.iter().filter(covered) {
        if let Some(was) = old.get(&table.name) {
            columns(sides, was, table, &mut found);
        }
    }
    for (old, new) in enums::in_both(sides, from, to) {
        values(old, new, &mut found);
    }
    if sides.knows.enum_columns {
        for (_, _, old, new) in enum_columns::in_both(from, to).filter(|(table, ..)| sides.options.filter.covers(table))
        {
            let mut of_column = Vec::new();
            values(old, &EnumType { name: enum_columns::name(old, new).clone(), ..new.clone() }, &mut of_column);
            of_column.retain(|rename| !found.contains(rename));
            found.append(&mut of_column);
        }
    }
    found
}

/// A value that came in the place of one that is gone, or under a name that is like it.
fn values(old: &EnumType, new: &EnumType, found: &mut Vec<Rename>) {
    let gone: Vec<_> = old.values.iter().enumerate().filter(|(_, value)| !new.values.contains(value)).collect();
    let came: Vec<_> = new.values.iter().enumerate().filter(|(_, value)| !old.values.contains(value)).collect();
    let in_place = old.values.len() == new.values.len();
    let likeness = |(at, old): &(usize, &String), (then, new): &(usize, &String)| {
        let names = name_likeness(old, new);
        if in_place && at == then { LIKELY + names * (100 - LIKELY) / 100 } else { names }
    };
    let (gone, came): (Vec<_>, Vec<_>) = (gone.iter().collect(), came.iter().collect());
    found.extend(pairs(&gone, &came, likeness).into_iter().map(|((_, from), (_, to))| Rename::EnumValue {
        enum_type: new.name.clone(),
        from: (*from).clone(),
        to: (*to).clone(),
    }));
}

fn columns(sides: &Sides<'_>, old: &Table, new: &Table, found: &mut Vec<Rename>) {
    let came: Vec<_> = new.columns.iter().filter(|column| old.find_column(&column.name).is_none()).collect();
    if came.is_empty() {
        return;
    }
    let gone: Vec<_> = old.columns.iter().filter(|column| new.find_column(&column.name).is_none()).collect();
    let pairs = pairs(&gone, &came, |old, new| column_likeness(sides, old, new));
    found.extend(pairs.into_iter().map(|(from, to)| Rename::Column {
        table: new.name.clone(),
        from: from.name.clone(),
        to: to.name.clone(),
    }));
}

/// How alike two things must be, of a hundred, to be taken for one under another name.
const LIKELY: usize = 60;

/// More pairs than this are not compared: who replaces so much at once has renamed nothing.
const MANY: usize = 250_000;

/// Puts each of `came` beside the one of `gone` that is most like it, the likest first, none twice.
fn pairs<'a, T>(gone: &[&'a T], came: &[&'a T], likeness: impl Fn(&T, &T) -> usize) -> Vec<(&'a T, &'a T)> {
    if gone.len() * came.len() > MANY {
        return Vec::new();
    }
    let mut scores = Vec::new();
    for (n, new) in came.iter().enumerate() {
        let likely = gone.iter().enumerate().map(|(o, old)| (likeness(old, new), n, o));
        scores.extend(likely.filter(|(score, ..)| *score >= LIKELY));
    }
    scores.sort_by_key(|&(score, n, o)| (Reverse(score), n, o));
    let (mut taken, mut chosen) = (vec![false; gone.len()], vec![None; came.len()]);
    for (_, n, o) in scores {
        if !taken[o] && chosen[n].is_none() {
            (taken[o], chosen[n]) = (true, Some(o));
        }
    }
    let named = chosen.into_iter().zip(came);
    named.filter_map(|(old, new)| Some((*gone.get(old?)?, *new))).collect()
}

/// Most of the columns are the same; or some are, and the names are alike.
fn table_likeness(old: &Table, new: &Table) -> usize {
    let is_same =
        |column: &&Column| old.find_column(&column.name).is_some_and(|other| other.column_type == column.column_type);
    let common = new.columns.iter().filter(is_same).count();
    let columns = (200 * common).checked_div(old.columns.len() + new.columns.len()).unwrap_or(0);
    let names = name_likeness(&old.name.name, &new.name.name);
    // Nearly every table has an `id`.
    if names >= LIKELY && columns >= LIKELY / 2 { columns.max((columns + names) / 2).max(LIKELY) } else { columns }
}

/// The definition is the same, whatever the name; or the name is alike, and the type could be the same one changed.
fn column_likeness(sides: &Sides<'_>, old: &Column, new: &Column) -> usize {
    if old.generated != new.generated {
        return 0;
    }
    let names = name_likeness(&old.name, &new.name);
    let same_type = columns::same_type(sides.dialect, &old.column_type, &new.column_type);
    match (same_type, old.nullable == new.nullable) {
        (true, true) => LIKELY + names * (100 - LIKELY) / 100,
        (true, false) if names >= LIKELY => LIKELY,
        (false, _) if names >= 2 * LIKELY / 3 && !losses::is_narrower(&old.column_type, &new.column_type) => LIKELY,
        _ => 0,
    }
}

/// How much of a hundred two names have in common: by their words, or by their letters where that says more.
fn name_likeness(old: &str, new: &str) -> usize {
    let (old, new) = (old.to_lowercase(), new.to_lowercase());
    let words = |name: &str| name.split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (old_words, new_words) = (words(&old), words(&new));
    let common = new_words.iter().filter(|word| old_words.contains(word)).count();
    let by_words = (200 * common).checked_div(old_words.len() + new_words.len()).unwrap_or(0);
    let letters = old.chars().count().max(new.chars().count());
    let by_letters = (100 * letters.saturating_sub(distance(&old, &new))).checked_div(letters).unwrap_or(0);
    by_words.max(by_letters)
}

/// How many letters have to be put in, taken out or exchanged.
fn distance(old: &str, new: &str) -> usize {
    let new: Vec<char> = new.chars().collect();
    let mut row: Vec<usize> = (0..=new.len()).collect();
    for (above, a) in old.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], above + 1);
        for (at, b) in new.iter().enumerate() {
            let exchanged = corner + usize::from(a != *b);
            corner = row[at + 1];
            row[at + 1] = exchanged.min(corner + 1).min(row[at] + 1);
        }
    }
    row[new.len()]
}

#[cfg(test)]
mod tests {
    use super::super::{DiffOptions, diff};
    use super::*;
    use crate::build::*;
    use crate::dialect::POSTGRES;
    use crate::schema::ColumnType;

    #[track_caller]
    fn check(from: Vec<Table>, to: Vec<Table>, expected: &[&str]) {
        let schema = |tables| Schema { tables, ..Schema::default() };
        let found = diff(&schema(from), &schema(to), POSTGRES, &DiffOptions::default());
        let found: Vec<_> = found.likely_renames.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
    }

    fn users(columns: Vec<Column>) -> Vec<Table> {
        let id = table("users").column(column("id", bigint()).primary_key());
        vec![columns.into_iter().fold(id, Table::column)]
    }

    #[test]
    fn names_are_alike_by_words_or_by_letters() {
        for (old, new, wanted) in [
            ("email", "email", 100),
            ("mail", "email", 80),
            ("email", "email_address", 66),
            ("created_at", "created_on", 80),
            ("first_name", "given_name", 60),
            ("active", "notes", 16),
            ("", "x", 0),
        ] {
            assert_eq!(name_likeness(old, new), wanted, "{old} {new}");
        }
    }

    #[test]
    fn a_column_of_the_same_definition_may_have_been_renamed() {
        let (old, new) = (column("active", boolean()), column("enabled", boolean()));
        check(users(vec![old]), users(vec![new]), &["users.active:enabled"]);
        check(users(vec![column("a", boolean())]), users(vec![column("b", text())]), &[]);
    }

    #[test]
    fn the_likest_name_is_chosen_and_none_twice() {
        let old = vec![column("zip", text()), column("email", text())];
        let new = vec![column("email_address", text()), column("post_code", text()), column("notes", text())];
        check(users(old), users(new), &["users.email:email_address", "users.zip:post_code"]);
    }

    #[test]
    fn a_column_of_another_definition_is_asked_after_by_its_name() {
        let wider = column("email_address", text()).not_null();
        check(users(vec![column("email", varchar(40))]), users(vec![wider]), &["users.email:email_address"]);
        let other = column("email_address", integer());
        check(users(vec![column("email", varchar(40))]), users(vec![other]), &[]);
    }

    #[test]
    fn a_value_in_the_place_of_another_may_have_been_renamed() {
        let with = |values: &[&str]| {
            let mood = EnumType::new("mood", values.iter().copied());
            let default = values.first().copied().unwrap_or_default();
            let users = table("users").column(column("mood", ColumnType::Enum(mood.clone())).server_default(default));
            Schema { tables: vec![users], enums: vec![mood], ..Schema::default() }
        };
        let (old, new) = (with(&["sad", "fine"]), with(&["unhappy", "fine"]));
        let renames = diff(&old, &new, POSTGRES, &DiffOptions::default()).likely_renames;
        assert_eq!(renames.iter().map(ToString::to_string).collect::<Vec<_>>(), ["mood.sad:unhappy"]);
        let options = DiffOptions { renames, ..DiffOptions::default() };
        let found = diff(&old, &new, POSTGRES, &options);
        assert_eq!(found.likely_renames, []);
        let operations: Vec<_> = found.operations.iter().map(ToString::to_string).collect();
        assert_eq!(operations, ["rename value `sad` of enum `mood` to `unhappy`"]);
        // One more and one less, with nothing in common.
        let found = diff(&old, &with(&["fine", "calm", "glad"]), POSTGRES, &DiffOptions::default());
        assert_eq!(found.likely_renames, []);
    }

    #[test]
    fn tables_are_found_by_their_columns_and_by_their_names() {
        let of = |name: &str, columns: [&str; 3]| {
            let id = table(name).column(column("id", bigint()).primary_key());
            columns.into_iter().fold(id, |table, name| table.column(column(name, text())))
        };
        let old = || of("customers", ["name", "street", "city"]);
        check(vec![old()], vec![of("people", ["name", "street", "town"])], &["customers:people"]);
        check(vec![old()], vec![of("shop_customers", ["name", "phone", "mail"])], &["customers:shop_customers"]);
        check(vec![old()], vec![of("invoices", ["number", "phone", "mail"])], &[]);
        check(vec![old()], vec![old().schema("shop")], &[]);
    }
}
