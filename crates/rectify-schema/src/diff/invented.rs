//! Names for constraints that the models leave unnamed: what is added to a table has to be named, or nothing could take it
//! back. They are those that PostgreSQL would invent, on all databases.

use super::Sides;
use crate::name::NameLimit;
use crate::schema::{Check, Table};
use crate::text::tokens;

/// A name such as `users_email_key`; with a number where the table has it already.
pub(super) fn name(sides: &Sides<'_>, tables: [&Table; 2], columns: &[String], suffix: &str) -> String {
    let table = &tables[0].name.name;
    let taken = |name: &str| tables.iter().any(|table| has(table, name));
    let base = std::iter::once(table).chain(columns).map(String::as_str).collect::<Vec<_>>().join("_");
    let limit = match sides.dialect.name_limit() {
        NameLimit::Bytes(limit) | NameLimit::Characters(limit) => limit,
        NameLimit::None => usize::MAX,
    };
    let with = |number: usize| {
        let suffix = if number == 0 { format!("_{suffix}") } else { format!("_{suffix}{number}") };
        let room = limit.saturating_sub(suffix.len());
        let cut: String = base.char_indices().take_while(|(at, c)| at + c.len_utf8() <= room).map(|(_, c)| c).collect();
        cut + &suffix
    };
    (0..).map(with).find(|name| !taken(name)).expect("there are more numbers than constraints")
}

/// The name of a check: with a column's if it speaks of one alone.
pub(super) fn check(sides: &Sides<'_>, tables: [&Table; 2], check: &Check) -> String {
    let word = |token: &str| token.trim_matches(['"', '`', '[', ']']).to_lowercase();
    let words: Vec<_> = tokens(&check.expression).map(word).collect();
    let columns = tables[1].columns.iter().map(|column| &column.name);
    let mentioned: Vec<_> = columns.filter(|name| words.contains(&name.to_lowercase())).cloned().collect();
    name(sides, tables, if mentioned.len() == 1 { &mentioned } else { &[] }, "check")
}

fn has(table: &Table, name: &str) -> bool {
    let names = table.uniques.iter().map(|unique| unique.name.as_ref());
    let names = names.chain(table.foreign_keys.iter().map(|key| key.name.as_ref()));
    let mut names = names.chain(table.checks.iter().map(|check| check.name.as_ref()));
    names.any(|other| other.is_some_and(|other| other == name)) || table.indexes.iter().any(|index| index.name == name)
}
