//! Pieces of SQL on which all databases agree.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::{Dialect, Refusal};
use crate::name::TableName;
use crate::schema::{
    Check, Column, ColumnType, EnumType, Exclude, ForeignKey, ForeignKeyAction, OnConflict, PrimaryKey,
    SequenceOptions, SqlObject, Table, Unique,
};

/// The clauses of a sequence that have the same words everywhere but for `no_cycle`, each behind a blank.
pub(super) fn sequence_numbers(options: &SequenceOptions, restart: Option<i64>, no_cycle: &str) -> String {
    let numbers = [
        ("START WITH", options.start),
        ("INCREMENT BY", options.increment),
        ("MINVALUE", options.min_value),
        ("MAXVALUE", options.max_value),
        ("CACHE", options.cache.map(i64::from)),
        ("RESTART WITH", restart),
    ];
    let numbers = numbers.into_iter().filter_map(|(word, number)| Some(format!(" {word} {}", number?)));
    let cycle = options.cycle.map(|cycle| format!(" {}", if cycle { "CYCLE" } else { no_cycle }));
    numbers.chain(cycle).collect()
}

/// Checks and quotes an identifier.
pub(super) fn ident(dialect: &dyn Dialect, name: &str) -> Result<String, Refusal> {
    dialect.name_limit().check(name)?;
    Ok(dialect.quote(name))
}

pub(super) fn table_name(dialect: &dyn Dialect, name: &TableName) -> Result<String, Refusal> {
    let table = ident(dialect, &name.name)?;
    match &name.schema {
        Some(schema) => Ok(format!("{}.{table}", ident(dialect, schema)?)),
        None => Ok(table),
    }
}

/// A list of columns without parentheses; refuses none and the same twice.
pub(super) fn columns(dialect: &dyn Dialect, names: &[String]) -> Result<String, Refusal> {
    if names.is_empty() {
        return Err(Refusal::new("a key or constraint without columns", "name its columns with `.on([..])`"));
    }
    if let Some(twice) = first_repeated(names.iter()) {
        return Err(Refusal::new(format!("the column `{twice}` twice in one key"), "name each column once"));
    }
    let quoted: Result<Vec<_>, _> = names.iter().map(|name| ident(dialect, name)).collect();
    Ok(quoted?.join(", "))
}

/// `CONSTRAINT name `, or nothing.
pub(super) fn constraint(dialect: &dyn Dialect, name: Option<&String>) -> Result<String, Refusal> {
    name.map_or(Ok(String::new()), |name| Ok(format!("CONSTRAINT {} ", ident(dialect, name)?)))
}

/// The name of a constraint that is dropped. A definition without a name, and no naming convention to find it by, has none.
pub(super) fn dropped(dialect: &dyn Dialect, name: &str) -> Result<String, Refusal> {
    if name.is_empty() {
        return Err(Refusal::new(
            "dropping a constraint without its name",
            "name it, or give the chain a naming convention: `versions!(\"versions\", naming = ..)`",
        ));
    }
    ident(dialect, name)
}

pub(super) fn primary_key(dialect: &dyn Dialect, key: &PrimaryKey) -> Result<String, Refusal> {
    let name = constraint(dialect, key.name.as_ref())?;
    Ok(format!("{name}PRIMARY KEY ({}){}", columns(dialect, &key.columns)?, on_conflict(dialect, key.on_conflict)?))
}

/// ` ON CONFLICT IGNORE`, or nothing.
pub(super) fn on_conflict(dialect: &dyn Dialect, action: Option<OnConflict>) -> Result<String, Refusal> {
    match action {
        None => Ok(String::new()),
        Some(action) if dialect.name() == "sqlite" => Ok(format!(" ON CONFLICT {action}")),
        Some(_) => Err(Refusal::new(
            "ON CONFLICT of a constraint",
            "leave it out here, and say in each `INSERT` what becomes of a row that is there already",
        )),
    }
}

pub(super) fn unique(dialect: &dyn Dialect, unique: &Unique) -> Result<String, Refusal> {
    let name = constraint(dialect, unique.name.as_ref())?;
    Ok(format!("{name}UNIQUE ({}){}", columns(dialect, &unique.columns)?, on_conflict(dialect, unique.on_conflict)?))
}

pub(super) fn check(dialect: &dyn Dialect, check: &Check) -> Result<String, Refusal> {
    Ok(format!("{}CHECK ({})", constraint(dialect, check.name.as_ref())?, sql_text(&check.expression)?))
}

/// A foreign key up to its actions, without `DEFERRABLE`.
pub(super) fn foreign_key(dialect: &dyn Dialect, key: &ForeignKey) -> Result<String, Refusal> {
    let name = constraint(dialect, key.name.as_ref())?;
    let from = columns(dialect, &key.columns)?;
    if !key.referenced_columns.is_empty() && key.columns.len() != key.referenced_columns.len() {
        let counts = format!("{} columns that refer to {}", key.columns.len(), key.referenced_columns.len());
        return Err(Refusal::new(
            format!("a foreign key of {counts}"),
            "name as many columns in `.on(..)` as in `.references(..)`",
        ));
    }
    Ok(format!("{name}FOREIGN KEY ({from}) {}", references(dialect, key)?))
}

pub(super) fn references(dialect: &dyn Dialect, key: &ForeignKey) -> Result<String, Refusal> {
    if key.references.name.is_empty() {
        return Err(Refusal::new("a foreign key that refers to nothing", "name the table with `.references(..)`"));
    }
    let mut text = format!("REFERENCES {}", table_name(dialect, &key.references)?);
    if !key.referenced_columns.is_empty() {
        push!(text, " ({})", columns(dialect, &key.referenced_columns)?);
    }
    if key.match_full {
        text += " MATCH FULL";
    }
    if let Some(action) = key.on_delete {
        push!(text, " ON DELETE {action}");
    }
    if !key.on_delete_columns.is_empty() {
        push!(text, " ({})", on_delete_columns(dialect, key)?);
    }
    if let Some(action) = key.on_update {
        push!(text, " ON UPDATE {action}");
    }
    Ok(text)
}

fn on_delete_columns(dialect: &dyn Dialect, key: &ForeignKey) -> Result<String, Refusal> {
    if dialect.name() != "postgres" {
        return Err(Refusal::new(
            "an ON DELETE that sets only some of the columns",
            "leave out `.on_delete_columns(..)`, so that all are set, or write a trigger",
        ));
    }
    if !matches!(key.on_delete, Some(ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault)) {
        return Err(Refusal::new(
            "columns to set when a row is deleted without an action that sets any",
            "add `.on_delete(SetNull)` or `.on_delete(SetDefault)`",
        ));
    }
    match key.on_delete_columns.iter().find(|column| !key.columns.contains(column)) {
        Some(column) => Err(Refusal::new(
            format!("`{column}` to be set when a row is deleted, which is not a column of the key"),
            "name columns of `.on(..)`",
        )),
        None => columns(dialect, &key.on_delete_columns),
    }
}

/// SQL text that a user wrote; a NUL would end it early.
pub(super) fn sql_text(text: &str) -> Result<&str, Refusal> {
    if text.contains('\0') {
        return Err(Refusal::new("SQL text with a NUL character", "remove the NUL character"));
    }
    Ok(text)
}

/// The text that makes an object on this database.
pub(super) fn definition<'a>(dialect: &dyn Dialect, object: &'a SqlObject) -> Result<&'a str, Refusal> {
    let text = object.definition_on(dialect.name()).trim().trim_end_matches(';');
    if text.is_empty() {
        return Err(Refusal::new(
            format!("a {} without its definition", object.kind.word()),
            format!("give the text that makes it, for all databases or with `.on(\"{}\", ..)`", dialect.name()),
        ));
    }
    sql_text(text)
}

/// A text literal with its quotes doubled.
pub(super) fn text_literal(text: &str) -> Result<String, Refusal> {
    if text.contains('\0') {
        return Err(Refusal::new(
            "a text with a NUL character",
            "remove the NUL character, or keep it in a binary column",
        ));
    }
    Ok(format!("'{}'", text.replace('\'', "''")))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn enum_values(dialect: &dyn Dialect, enum_type: &EnumType) -> Result<String, Refusal> {
    if enum_type.values.is_empty() {
        return Err(Refusal::new(
            format!("the enum `{}` by name alone", enum_type.name),
            "give its values: `enumeration(\"name\", [\"a\", \"b\"])`",
        ));
    }
    let values: Result<Vec<_>, _> = enum_values_of(enum_type).map(|value| dialect.literal(&value)).collect();
    Ok(values?.join(", "))
}

fn enum_values_of(enum_type: &EnumType) -> impl Iterator<Item = crate::schema::Value> {
    enum_type.values.iter().map(|value| value.as_str().into())
}

/// What a database without exclusion constraints says to them.
pub(super) fn no_excludes(excludes: &[Exclude]) -> Result<(), Refusal> {
    if excludes.is_empty() { Ok(()) } else { Err(no_exclude()) }
}

pub(super) fn no_exclude() -> Refusal {
    Refusal::new(
        "exclusion constraints",
        "use a unique constraint where all operators are `=`, else a trigger that refuses the row; or put it under \
         `if op.family() == Family::Postgres`",
    )
}

/// Refuses a table that no database would take.
pub(super) fn check_table(dialect: &dyn Dialect, table: &Table) -> Result<(), Refusal> {
    let postgres = dialect.name() == "postgres";
    if table.columns.is_empty() && !postgres {
        return Err(Refusal::new(
            "a table without columns",
            "add a column: `.column(column(\"id\", bigint()).primary_key())`",
        ));
    }
    // Only PostgreSQL tells `Id` from `id`.
    let as_told = |name: &String| if postgres { name.clone() } else { name.to_lowercase() };
    let names: Vec<String> = table.columns.iter().map(|column| as_told(&column.name)).collect();
    if let Some(twice) = first_repeated(names.iter()) {
        return Err(Refusal::new(format!("two columns named `{twice}`"), "rename one of them"));
    }
    let known = |name: &String| table.find_column(name).is_some();
    let key = table.primary_key.iter().flat_map(|key| &key.columns);
    let unique = table.uniques.iter().flat_map(|unique| &unique.columns);
    let foreign = table.foreign_keys.iter().flat_map(|key| &key.columns);
    match key.chain(unique).chain(foreign).find(|name| !known(name)) {
        Some(name) => Err(Refusal::new(
            format!("a key on the column `{name}`, which the table lacks"),
            "add the column, or correct the key",
        )),
        None => Ok(()),
    }
}

/// Reads a type without arguments by finding the one that is spelt so, and the usual types with arguments.
pub(super) fn parse_type(dialect: &dyn Dialect, text: &str) -> Option<ColumnType> {
    let upper = text.trim().to_ascii_uppercase();
    if let Some((name, arguments)) = upper.strip_suffix(')').and_then(|text| text.split_once('(')) {
        let numbers: Option<Vec<u32>> = arguments.split(',').map(|number| number.trim().parse().ok()).collect();
        return match (name.trim(), numbers?.as_slice()) {
            ("VARCHAR", [length]) => Some(ColumnType::Varchar(Some(*length))),
            ("CHAR", [length]) => Some(ColumnType::Char(*length)),
            ("NUMERIC", [precision]) => {
                Some(ColumnType::Numeric { precision: Some(u16::try_from(*precision).ok()?), scale: None })
            }
            ("NUMERIC", [precision, scale]) => Some(ColumnType::Numeric {
                precision: Some(u16::try_from(*precision).ok()?),
                scale: Some(u16::try_from(*scale).ok()?),
            }),
            _ => None,
        };
    }
    plain_types(dialect).get(&upper).cloned()
}

/// The types without arguments, by their spelling; kept, for a catalog has many columns.
fn plain_types(dialect: &dyn Dialect) -> &'static HashMap<String, ColumnType> {
    static BY_DIALECT: OnceLock<HashMap<&str, HashMap<String, ColumnType>>> = OnceLock::new();
    let spelled = |dialect: &dyn Dialect| {
        let mut types = HashMap::new();
        for plain in PLAIN_TYPES {
            if let Ok(name) = dialect.type_name(plain) {
                types.entry(name).or_insert_with(|| plain.clone());
            }
        }
        types
    };
    let of_all = || super::ALL.iter().map(|dialect| (dialect.name(), spelled(*dialect))).collect();
    &BY_DIALECT.get_or_init(of_all)[dialect.name()]
}

/// The types without arguments; of two with one spelling the first is read.
const PLAIN_TYPES: &[ColumnType] = &[
    ColumnType::SmallInt,
    ColumnType::Integer,
    ColumnType::BigInt,
    ColumnType::Numeric { precision: None, scale: None },
    ColumnType::Real,
    ColumnType::Double,
    ColumnType::Boolean,
    ColumnType::Varchar(None),
    ColumnType::Text,
    ColumnType::Binary,
    ColumnType::Date,
    ColumnType::Time,
    ColumnType::TimeTz,
    ColumnType::Timestamp,
    ColumnType::TimestampTz,
    ColumnType::Uuid,
    ColumnType::Json,
    ColumnType::Jsonb,
];

/// A type's text with single blanks, none around parentheses and commas, and small letters outside of quotes.
pub(super) fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quoted = false;
    for c in text.trim().chars() {
        quoted ^= c == '"';
        if quoted || c == '"' {
            out.push(c);
            continue;
        }
        let tight = matches!(c, '(' | ')' | ',' | '[');
        if tight || (c.is_whitespace() && out.ends_with([' ', ',', '('])) {
            out.truncate(if tight { out.trim_end().len() } else { out.len() });
        }
        if !c.is_whitespace() {
            out.extend(if out.ends_with(')') && c.is_alphanumeric() { Some(' ') } else { None });
            out.extend(c.to_lowercase());
        } else if !out.ends_with([' ', ',', '(']) {
            out.push(' ');
        }
    }
    out.trim_end().to_owned()
}

/// The name of a squeezed type, its arguments if it has some, and what follows them.
pub(super) fn type_parts(text: &str) -> (&str, Option<&str>, &str) {
    if let Some((name, rest)) = text.split_once('(')
        && let Some((arguments, rest)) = rest.split_once(')')
    {
        return (name, Some(arguments), rest.trim_start());
    }
    // What describes a type further is no part of its name.
    for mark in [" unsigned", " zerofill", " character set", " collate", " with ", " without "] {
        if let Some(at) = text.find(mark) {
            return (&text[..at], None, text[at..].trim_start());
        }
    }
    (text, None, "")
}

/// Refuses a column that says two things.
pub(super) fn check_column(column: &Column) -> Result<(), Refusal> {
    if column.nullable && column.not_null_on_conflict.is_some() {
        return Err(Refusal::new("ON CONFLICT of NOT NULL on a column that may be NULL", "add `.not_null()`"));
    }
    if column.generated.is_some() && column.default.is_some() {
        return Err(Refusal::new("a generated column with a default", "remove the default"));
    }
    Ok(())
}

/// Tells whether the whole text is in one pair of parentheses.
pub(super) fn is_parenthesised(text: &str) -> bool {
    let mut depth = 0_i32;
    let mut in_text = false;
    for (at, c) in text.char_indices() {
        match c {
            '\'' => in_text = !in_text,
            '(' if !in_text => depth += 1,
            ')' if !in_text => depth -= 1,
            _ => {}
        }
        if depth == 0 && !in_text && at + c.len_utf8() < text.len() {
            return false;
        }
    }
    text.starts_with('(') && depth == 0
}

/// `(\n    a,\n    b\n)`
pub(super) fn body(lines: &[String]) -> String {
    format!("(\n    {}\n)", lines.join(",\n    "))
}

pub(super) fn first_repeated<'a>(names: impl Iterator<Item = &'a String>) -> Option<&'a String> {
    let mut seen = std::collections::BTreeSet::new();
    names.into_iter().find(|name| !seen.insert(name.as_str()))
}

/// Tells whether a name needs no quotes: by its characters, and for it is none of `reserved`, which are sorted.
pub(super) fn is_bare(name: &str, reserved: &[&str]) -> bool {
    let ok = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '$';
    let is_plain = name.chars().all(ok) && name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    is_plain && reserved.binary_search(&name).is_err()
}

#[cfg(test)]
mod tests {
    use crate::dialect::{mysql, postgres, sqlite};

    #[test]
    fn reserved_words_are_sorted() {
        for words in [mysql::RESERVED, postgres::RESERVED, sqlite::RESERVED] {
            assert!(words.is_sorted(), "{words:?}");
        }
    }
}
