//! What only one database knows of a table. What the models say nothing of is left alone: an administrator may have set it.

use super::{DiffOptions, Sides};
use crate::dialect::Dialect;
use crate::ops::{Operation, SetTableOptions};
use crate::schema::{Schema, Table, TableOptions};

/// Gives the change of a table's options, if it is one that the database can make.
pub(super) fn compare(sides: &Sides<'_>, old: &Table, new: &Table) -> Option<Operation> {
    let mut is = old.options.clone();
    match sides.dialect.name() {
        "postgres" => of_postgres(&mut is, &new.options),
        "sqlite" => (is.strict, is.without_rowid) = (new.options.strict, new.options.without_rowid),
        _ => of_mysql(&mut is, &new.options),
    }
    (is != old.options).then(|| SetTableOptions::new(&new.name, is).existing(old.options.clone()).into())
}

fn of_postgres(is: &mut TableOptions, said: &TableOptions) {
    is.unlogged = said.unlogged;
    if !said.inherits.is_empty() {
        is.inherits.clone_from(&said.inherits);
    }
    say(&mut is.access_method, said.access_method.as_ref(), "heap");
    say(&mut is.tablespace, said.tablespace.as_ref(), "pg_default");
    for (name, value) in &said.storage {
        match is.storage.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(name)) {
            Some((_, old)) => old.clone_from(value),
            None => is.storage.push((name.clone(), value.clone())),
        }
    }
}

fn of_mysql(is: &mut TableOptions, said: &TableOptions) {
    say(&mut is.engine, said.engine.as_ref(), "InnoDB");
    say_split(&mut is.partitions, said.partitions.as_ref());
    say(&mut is.row_format, said.row_format.as_ref(), "DEFAULT");
    // The catalog has no word for those of the whole database, which may be the very ones that are said.
    if let Some(was) = is.collation.clone() {
        let charset = was.split('_').next().unwrap_or_default();
        let other_charset = said.charset.as_ref().is_some_and(|said| !said.eq_ignore_ascii_case(charset));
        let other = said.collation.as_ref().is_some_and(|said| !said.eq_ignore_ascii_case(&was));
        if other_charset || other {
            (is.charset, is.collation) = (said.charset.clone(), said.collation.clone());
        }
    }
}

/// Says which tables are split otherwise than `to` says, where the database cannot change that (PostgreSQL): a line each.
#[must_use]
pub fn unchangeable(from: &Schema, to: &Schema, dialect: &dyn Dialect, options: &DiffOptions) -> Vec<String> {
    if dialect.name() != "postgres" || !options.table_options {
        return Vec::new();
    }
    let mut found = Vec::new();
    for table in to.tables.iter().filter(|table| options.filter.covers(&table.name)) {
        let (Some(was), Some(said)) = (from.table(&table.name), &table.options.partition_by) else { continue };
        let is = was.options.partition_by.as_deref();
        if is.map(bare) != Some(bare(said)) {
            let is = is.map_or_else(|| "is not split".to_owned(), |is| format!("is split by `{is}`"));
            found.push(format!(
                "table `{}` {is}, and its model says `{said}`: no ALTER can change that, so create another table and move the rows",
                table.name
            ));
        }
    }
    found
}

/// Takes how a table is split, unless it is so in other words.
fn say_split(is: &mut Option<String>, said: Option<&String>) {
    if let Some(said) = said
        && is.as_deref().map(bare) != Some(bare(said))
    {
        *is = Some(said.clone());
    }
}

/// A text without what a server puts in or leaves out: white space, quotes, parentheses, casts, one partition, the engine.
fn bare(text: &str) -> String {
    let kept = |c: &char| !c.is_whitespace() && !"`\"()".contains(*c);
    let text: String = text.to_lowercase().chars().filter(kept).collect();
    let mut parts = text.split("::");
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.map(|part| part.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'));
    let text = rest.fold(first, |text, part| text + part).replace("engine=innodb", "");
    text.strip_suffix("partitions1").map(str::to_owned).unwrap_or(text)
}

/// Takes what is said, unless it is what there is, or what there is by default.
fn say(is: &mut Option<String>, said: Option<&String>, default: &str) {
    if let Some(said) = said
        && !is.as_deref().unwrap_or(default).eq_ignore_ascii_case(said)
    {
        *is = Some(said.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DiffOptions, diff};
    use crate::build::*;
    use crate::dialect::{Dialect, MARIADB, MYSQL, POSTGRES, SQLITE};
    use crate::schema::{Schema, TableOptions};

    #[track_caller]
    fn check(dialect: &dyn Dialect, from: TableOptions, to: TableOptions, expected: &[&str]) {
        let of = |options| table("events").column(column("id", integer()).primary_key()).options(options);
        let schema = |options| Schema { tables: vec![of(options)], ..Schema::default() };
        let found = diff(&schema(from), &schema(to), dialect, &DiffOptions::default());
        let found: Vec<_> = found.operations.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn options_that_are_said_are_compared() {
        let none = TableOptions::default;
        for dialect in [MYSQL, MARIADB] {
            check(dialect, none(), table_options().engine("innodb"), &[]);
            check(dialect, table_options().engine("MyISAM"), none(), &[]);
            let wanted = table_options().engine("MyISAM").row_format("FIXED");
            check(dialect, none(), wanted, &["set options of table `events`: engine MyISAM, row format FIXED"]);
            let latin = || table_options().charset("latin1").collate("latin1_swedish_ci");
            check(dialect, latin(), table_options().charset("latin1"), &[]);
            check(
                dialect,
                latin(),
                table_options().charset("utf8mb4"),
                &["set options of table `events`: charset utf8mb4, the default collation"],
            );
        }
        check(POSTGRES, none(), table_options().engine("MyISAM").access_method("heap"), &[]);
        check(POSTGRES, table_options().tablespace("fast"), none(), &[]);
        let split = || TableOptions { partition_by: Some("RANGE (date_trunc('day'::text, at))".into()), ..none() };
        let said = |text: &str| TableOptions { partition_by: Some(text.into()), ..none() };
        let told = |from, to| {
            let schema = |options| Schema { tables: vec![table("events").options(options)], ..Schema::default() };
            super::unchangeable(&schema(from), &schema(to), POSTGRES, &DiffOptions::default())
        };
        assert_eq!(told(split(), said("range (date_trunc('day', at))")), [""; 0]);
        assert_eq!(told(split(), none()), [""; 0]);
        assert!(told(split(), said("HASH (id)"))[0].starts_with("table `events` is split by `RANGE (date"));
        assert!(
            told(none(), said("HASH (id)"))[0]
                .starts_with("table `events` is not split, and its model says `HASH (id)`")
        );
        check(POSTGRES, none(), said("HASH (id)"), &[]);
        let child =
            |parents: &[&str]| TableOptions { inherits: parents.iter().map(|name| (*name).into()).collect(), ..none() };
        let wanted = &["set options of table `events`: inherits `b`, no longer inherits `a`"];
        check(POSTGRES, child(&["a", "c"]), child(&["c", "b"]), wanted);
        check(POSTGRES, child(&["a"]), none(), &[]);
        let parted = |text: &str| TableOptions { partitions: Some(text.into()), ..none() };
        check(MARIADB, parted("HASH(`id`) PARTITIONS 1"), parted("hash (id)"), &[]);
        let wanted = &["set options of table `events`: partitions HASH(id) PARTITIONS 4"];
        check(MARIADB, parted("HASH(id) PARTITIONS 3"), parted("HASH(id) PARTITIONS 4"), wanted);
        let wanted = table_options().unlogged().storage("fillfactor", 70);
        check(POSTGRES, none(), wanted, &["set options of table `events`: unlogged, fillfactor 70"]);
        let strict = &["alter table `events` (set options of table `events`: not strict, without rowid)"];
        check(SQLITE, table_options().strict(), table_options().without_rowid(), strict);
    }
}
