//! What a database can do from some version on: the one place that knows versions.

use std::fmt;

use super::{Dialect, Unsupported};
use crate::ops::{Change, Operation};
use crate::schema::{Check, Column, ColumnType, DefaultValue, ForeignKey, Index, IndexTarget, Table, Unique};

/// The version of a server, as far as features depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerVersion(u32, u32, u32);

impl ServerVersion {
    /// Reads what a server says of itself, such as `15.5 (Debian)`, `8.0.36-0ubuntu` or `5.5.5-10.11.6-MariaDB`.
    ///
    /// # Examples
    ///
    /// ```
    /// use rectify_schema::dialect::ServerVersion;
    ///
    /// assert_eq!(ServerVersion::parse("10.11.6-MariaDB-1").unwrap().to_string(), "10.11.6");
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // MariaDB says `5.5.5-` first to clients that know no second digit.
        let text = if text.contains("MariaDB") { text.strip_prefix("5.5.5-").unwrap_or(text) } else { text };
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let mut numbers = text[..end].split('.').map(|number| number.parse().ok());
        let major = numbers.next()??;
        Some(Self(major, numbers.next().flatten().unwrap_or(0), numbers.next().flatten().unwrap_or(0)))
    }
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(major, minor, patch) = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}

/// Refuses what the server is too old for. Some old servers read and forget what they do not know: MySQL did so with checks.
///
/// # Errors
///
/// Returns [`Unsupported`], which names the version that is needed.
pub fn check_version(dialect: &dyn Dialect, version: ServerVersion, op: &Operation) -> Result<(), Unsupported> {
    if let Operation::BatchAlterTable(batch) = op {
        return batch.changes.iter().try_for_each(|change| check_version(dialect, version, change));
    }
    let features: &[Feature] = match dialect.name() {
        "postgres" => POSTGRES,
        "mysql" => MYSQL,
        "mariadb" => MARIADB,
        _ => &[],
    };
    let parts = Parts::of(op);
    match features.iter().find(|feature| version < feature.since && (feature.is_used)(op, &parts)) {
        Some(feature) => Err(Unsupported {
            dialect: dialect.name(),
            operation: op.to_string(),
            what: format!("{} before version {}, and the server is {version}", feature.what, feature.since),
            hint: feature.hint.to_owned(),
        }),
        None => Ok(()),
    }
}

struct Feature {
    what: &'static str,
    since: ServerVersion,
    hint: &'static str,
    is_used: fn(&Operation, &Parts<'_>) -> bool,
}

const POSTGRES: &[Feature] = &[
    Feature {
        what: "NULLS NOT DISTINCT",
        since: ServerVersion(15, 0, 0),
        hint: "make the columns NOT NULL, or index `coalesce(..)` expressions",
        is_used: |_, parts| {
            parts.uniques.iter().any(|unique| unique.nulls_not_distinct)
                || parts.indexes.iter().any(|index| index.nulls_not_distinct)
        },
    },
    Feature {
        what: "an ON DELETE that sets only some of the columns",
        since: ServerVersion(15, 0, 0),
        hint: "leave out `.on_delete_columns(..)`, or write a trigger",
        is_used: |_, parts| parts.foreign_keys.iter().any(|key| !key.on_delete_columns.is_empty()),
    },
];

const MYSQL: &[Feature] = &[
    Feature {
        what: "checks, which it reads and forgets,",
        since: ServerVersion(8, 0, 16),
        hint: "update the server, or write a trigger",
        is_used: |op, parts| !parts.checks.is_empty() || matches!(op, Operation::DropCheck(_)),
    },
    Feature {
        what: "defaults that are expressions",
        since: ServerVersion(8, 0, 13),
        hint: "update the server, or let the application give the value",
        is_used: |op, parts| {
            let altered = match op {
                Operation::AlterColumn(op) => is_expression(match &op.change.default {
                    Change::Set(default) => Some(default),
                    Change::Drop | Change::Keep => None,
                }),
                _ => false,
            };
            altered || parts.columns.iter().any(|column| is_expression(column.default.as_ref()))
        },
    },
    Feature {
        what: "indexes on expressions",
        since: ServerVersion(8, 0, 13),
        hint: "add a generated column and index that",
        is_used: |_, parts| parts.indexes.iter().any(|index| has_expression(index)),
    },
    Feature {
        what: "RENAME COLUMN",
        since: ServerVersion(8, 0, 0),
        hint: "update the server, or use `op.sql` with `CHANGE`",
        is_used: renames_column,
    },
];

const MARIADB: &[Feature] = &[
    Feature {
        what: "the type UUID",
        since: ServerVersion(10, 7, 0),
        hint: "use `char(36)`, or update the server",
        is_used: |op, parts| {
            let altered = matches!(op, Operation::AlterColumn(op) if op.change.column_type == Some(ColumnType::Uuid));
            altered || parts.columns.iter().any(|column| column.column_type == ColumnType::Uuid)
        },
    },
    Feature {
        what: "RENAME COLUMN",
        since: ServerVersion(10, 5, 2),
        hint: "update the server, or use `op.sql` with `CHANGE`",
        is_used: renames_column,
    },
    Feature {
        what: "sequences",
        since: ServerVersion(10, 3, 0),
        hint: "update the server, or number the rows with an identity column",
        is_used: |op, _| {
            matches!(op, Operation::CreateSequence(_) | Operation::AlterSequence(_) | Operation::DropSequence(_))
        },
    },
];

fn renames_column(op: &Operation, _: &Parts<'_>) -> bool {
    matches!(op, Operation::AlterColumn(op) if op.change.is_only_rename())
}

/// `CURRENT_TIMESTAMP` has been a default for longer than other expressions.
fn is_expression(default: Option<&DefaultValue>) -> bool {
    matches!(default, Some(DefaultValue::Expression(text))
        if text.trim_start().starts_with('(') || text.contains('(') && !text.to_ascii_lowercase().starts_with("current_timestamp"))
}

fn has_expression(index: &Index) -> bool {
    index.columns.iter().any(|column| matches!(column.target, IndexTarget::Expression(_)))
}

/// What an operation makes.
#[derive(Default)]
struct Parts<'a> {
    columns: Vec<&'a Column>,
    uniques: Vec<&'a Unique>,
    foreign_keys: Vec<&'a ForeignKey>,
    checks: Vec<&'a Check>,
    indexes: Vec<&'a Index>,
}

impl<'a> Parts<'a> {
    fn of(op: &'a Operation) -> Self {
        let mut parts = Self::default();
        match op {
            Operation::CreateTable(op) => parts.add_table(&op.table),
            Operation::AddColumn(op) => parts.add_column(&op.column),
            Operation::CreateUnique(op) => parts.uniques.push(&op.unique),
            Operation::CreateForeignKey(op) => parts.foreign_keys.push(&op.foreign_key),
            Operation::CreateCheck(op) => parts.checks.push(&op.check),
            Operation::CreateIndex(op) => parts.indexes.push(&op.index),
            _ => {}
        }
        parts
    }

    fn add_table(&mut self, table: &'a Table) {
        table.columns.iter().for_each(|column| self.add_column(column));
        self.uniques.extend(&table.uniques);
        self.foreign_keys.extend(&table.foreign_keys);
        self.checks.extend(&table.checks);
        self.indexes.extend(&table.indexes);
    }

    fn add_column(&mut self, column: &'a Column) {
        self.columns.push(column);
        self.foreign_keys.extend(column.foreign_key.as_deref());
        self.checks.extend(column.check.as_deref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::*;
    use crate::dialect;
    use crate::ops::{AddColumn, AlterColumn, CreateCheck, CreateIndex, CreateSequence, CreateTable, CreateUnique};

    #[track_caller]
    fn check_at(dialect: &dyn Dialect, old: &str, new: &str, op: impl Into<Operation>, expected: &str) {
        let op = op.into();
        let error = check_version(dialect, ServerVersion::parse(old).unwrap(), &op).unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert!(!error.hint.is_empty());
        assert_eq!(check_version(dialect, ServerVersion::parse(new).unwrap(), &op), Ok(()));
    }

    #[test]
    fn versions_are_read_as_servers_say_them() {
        let read = |text: &str| ServerVersion::parse(text);
        assert_eq!(read("15.5 (Debian 15.5-0+deb12u1)"), Some(ServerVersion(15, 5, 0)));
        assert_eq!(read("16beta1"), Some(ServerVersion(16, 0, 0)));
        assert_eq!(read("8.0.36-0ubuntu0.22.04.1"), Some(ServerVersion(8, 0, 36)));
        assert_eq!(read("5.5.5-10.11.6-MariaDB-0+deb12u1"), Some(ServerVersion(10, 11, 6)));
        assert_eq!(read("unknown"), None);
    }

    #[test]
    fn what_a_server_is_too_old_for_is_refused() {
        check_at(
            dialect::POSTGRES,
            "14.9",
            "15.0",
            CreateUnique::new("users", unique("uq").on(["a"]).nulls_not_distinct()),
            "cannot create unique constraint `uq` on `users`: postgres does not support NULLS NOT DISTINCT before version 15.0.0, \
             and the server is 14.9.0",
        );
        check_at(
            dialect::MYSQL,
            "5.7.44-log",
            "8.0.16",
            CreateCheck::new("users", check("ck", "a > 0")),
            "cannot create check `ck` on `users`: mysql does not support checks, which it reads and forgets, before version \
             8.0.16, and the server is 5.7.44",
        );
        check_at(
            dialect::MYSQL,
            "8.0.12",
            "8.0.13",
            AddColumn::new("users", column("id", text()).server_default(sql("(uuid())"))),
            "cannot add column `users`.`id`: mysql does not support defaults that are expressions before version 8.0.13, and the \
             server is 8.0.12",
        );
        check_at(
            dialect::MYSQL,
            "8.0.12",
            "8.0.13",
            CreateIndex::new(index("ix").on("users", [sql("lower(a)")])),
            "cannot create index `ix` on `users`: mysql does not support indexes on expressions before version 8.0.13, and the \
             server is 8.0.12",
        );
        check_at(
            dialect::MARIADB,
            "10.6.12-MariaDB",
            "10.7.1-MariaDB",
            CreateTable::new(table("users").column(column("id", uuid()))),
            "cannot create table `users`: mariadb does not support the type UUID before version 10.7.0, and the server is 10.6.12",
        );
        check_at(
            dialect::MARIADB,
            "10.4.0-MariaDB",
            "10.5.2-MariaDB",
            AlterColumn::new("users", alter("a").rename_to("b")),
            "cannot rename column `users`.`a` to `b`: mariadb does not support RENAME COLUMN before version 10.5.2, and the server is \
             10.4.0",
        );
        check_at(
            dialect::MARIADB,
            "10.2.0-MariaDB",
            "10.3.0-MariaDB",
            CreateSequence::new("numbers"),
            "cannot create sequence `numbers`: mariadb does not support sequences before version 10.3.0, and the server is 10.2.0",
        );
    }

    #[test]
    fn what_is_older_than_the_server_passes() {
        let old = ServerVersion::parse("5.7.44").unwrap();
        let stamped = column("at", timestamp()).server_default(sql("CURRENT_TIMESTAMP(6)"));
        assert_eq!(check_version(dialect::MYSQL, old, &AddColumn::new("users", stamped).into()), Ok(()));
    }
}
