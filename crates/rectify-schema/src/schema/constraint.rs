//! Primary keys, unique constraints, foreign keys and checks.

use std::fmt;

use crate::name::TableName;
use crate::naming::{CheckName, ConstraintName};

/// The primary key of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct PrimaryKey {
    /// The constraint's name; MySQL, MariaDB and SQLite have no use for it.
    pub name: Option<String>,
    /// The columns in order.
    pub columns: Vec<String>,
    /// When it is checked (PostgreSQL).
    pub deferrable: Option<Deferrable>,
    /// Columns that are only carried along in its index (PostgreSQL).
    pub include: Vec<String>,
    /// What becomes of a row that breaks it (SQLite).
    pub on_conflict: Option<OnConflict>,
}

/// A unique constraint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct Unique {
    /// The constraint's name; without one the database invents it.
    pub name: Option<String>,
    /// The columns in order.
    pub columns: Vec<String>,
    /// When it is checked (PostgreSQL).
    pub deferrable: Option<Deferrable>,
    /// Two `NULL`s count as equal (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// Columns that are only carried along in its index (PostgreSQL).
    pub include: Vec<String>,
    /// What becomes of a row that breaks it (SQLite).
    pub on_conflict: Option<OnConflict>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct ForeignKey {
    /// The constraint's name; without one the database invents it.
    pub name: Option<String>,
    /// The referring columns.
    pub columns: Vec<String>,
    /// The table referred to.
    pub references: TableName,
    /// The columns referred to.
    pub referenced_columns: Vec<String>,
    /// What happens to a row when the row it refers to is deleted.
    pub on_delete: Option<ForeignKeyAction>,
    /// Of `SetNull` and `SetDefault` on a deletion: the columns that are set, if not all (PostgreSQL 15).
    pub on_delete_columns: Vec<String>,
    /// What happens to a row when the key it refers to changes.
    pub on_update: Option<ForeignKeyAction>,
    /// When it is checked (PostgreSQL, SQLite).
    pub deferrable: Option<Deferrable>,
    /// Of several columns, either all refer or all are `NULL` (PostgreSQL).
    pub match_full: bool,
    /// Rows that exist are not checked (PostgreSQL). Says how the key is made, not what it is.
    pub not_valid: bool,
}

/// A check constraint. With which column it was given makes no difference to what it is.
#[derive(Debug, Clone, Default, Eq)]
#[must_use]
pub struct Check {
    /// The constraint's name; without one the database invents it.
    pub name: Option<String>,
    /// The condition, as SQL text.
    pub expression: String,
    /// It does not hold for tables that inherit from this one (PostgreSQL).
    pub no_inherit: bool,
    /// Rows that exist are not checked (PostgreSQL). Says how the check is made, not what it is.
    pub not_valid: bool,
    /// The name is what the naming convention has for `{name}`, and not the whole of it. Says how the check is named, not what
    /// it is.
    pub is_short: bool,
    /// The column that it was given with, for the naming convention. Says how the check is named, not what it is.
    pub column: Option<String>,
}

impl PartialEq for Check {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.expression, self.not_valid, self.is_short)
            == (&other.name, &other.expression, other.not_valid, other.is_short)
    }
}

/// What SQLite does with a row that breaks a constraint, where it does not fail the statement and take back what that did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OnConflict {
    /// Roll the transaction back.
    Rollback,
    /// Fail, and keep what the statement did before.
    Fail,
    /// Pass the row over.
    Ignore,
    /// Delete the rows that are in its way; for `NOT NULL`, take the default.
    Replace,
}

/// What a foreign key does when the row it refers to goes or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ForeignKeyAction {
    /// Fail at the end of the statement (or of the transaction, if deferred).
    NoAction,
    /// Fail at once.
    Restrict,
    /// Do the same to the referring row.
    Cascade,
    /// Set the referring columns to `NULL`.
    SetNull,
    /// Set the referring columns to their defaults.
    SetDefault,
}

/// That a constraint can be checked at the end of the transaction, and whether it is by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deferrable {
    /// Checked after each statement unless the transaction says otherwise.
    InitiallyImmediate,
    /// Checked at the end of the transaction unless it says otherwise.
    InitiallyDeferred,
}

/// Makes a primary key, named or (with `None`) not: then the naming convention names it, or else the database.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let key = primary_key("pk_memberships").on(["user_id", "group_id"]);
/// # let _ = key;
/// ```
pub fn primary_key(name: impl Into<ConstraintName>) -> PrimaryKey {
    PrimaryKey { name: name.into().0, ..PrimaryKey::default() }
}

/// Makes a unique constraint, named or (with `None`) not: then the naming convention names it, or else the database.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let by_mail = unique("uq_users_email").on(["email"]);
/// # let _ = by_mail;
/// ```
pub fn unique(name: impl Into<ConstraintName>) -> Unique {
    Unique { name: name.into().0, ..Unique::default() }
}

/// Makes a foreign key, named or (with `None`) not: then the naming convention names it, or else the database.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let to_tenant = foreign_key("fk_documents_tenant").on(["tenant_id"]).references("tenants", ["id"]).on_delete(Cascade);
/// # let _ = to_tenant;
/// ```
pub fn foreign_key(name: impl Into<ConstraintName>) -> ForeignKey {
    ForeignKey {
        name: name.into().0,
        columns: Vec::new(),
        references: TableName { schema: None, name: String::new() },
        referenced_columns: Vec::new(),
        on_delete: None,
        on_delete_columns: Vec::new(),
        on_update: None,
        deferrable: None,
        match_full: false,
        not_valid: false,
    }
}

/// Makes a check constraint, named or (with `None`) not; [`short`](crate::naming::short) gives a name that the naming
/// convention completes.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let titled = check("ck_documents_title", "length(title) > 0");
/// # let _ = titled;
/// ```
pub fn check(name: impl Into<CheckName>, expression: impl Into<String>) -> Check {
    let CheckName { name, is_short } = name.into();
    Check { name, expression: expression.into(), is_short, ..Check::default() }
}

impl PrimaryKey {
    /// Sets the columns.
    pub fn on<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Lets the check wait for the end of the transaction (PostgreSQL).
    pub fn deferrable(mut self, deferrable: Deferrable) -> Self {
        self.deferrable = Some(deferrable);
        self
    }

    /// Carries these columns along in its index (PostgreSQL).
    pub fn include<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.include = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Does this with a row that breaks it, instead of failing the statement (SQLite).
    pub fn on_conflict(mut self, action: OnConflict) -> Self {
        self.on_conflict = Some(action);
        self
    }
}

impl OnConflict {
    /// Reads the word that follows `ON CONFLICT`; nothing for `ABORT`, which is what happens anyway.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Rollback, Self::Fail, Self::Ignore, Self::Replace]
            .into_iter()
            .find(|action| action.to_string().eq_ignore_ascii_case(word))
    }
}

impl Unique {
    /// Sets the columns.
    pub fn on<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Lets the check wait for the end of the transaction (PostgreSQL).
    pub fn deferrable(mut self, deferrable: Deferrable) -> Self {
        self.deferrable = Some(deferrable);
        self
    }

    /// Counts two `NULL`s as equal (PostgreSQL 15).
    pub fn nulls_not_distinct(mut self) -> Self {
        self.nulls_not_distinct = true;
        self
    }

    /// Carries these columns along in its index (PostgreSQL).
    pub fn include<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.include = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Does this with a row that breaks it, instead of failing the statement (SQLite).
    pub fn on_conflict(mut self, action: OnConflict) -> Self {
        self.on_conflict = Some(action);
        self
    }
}

impl Check {
    /// Says which column it is about, for a naming convention with `{column}`. A check that a column is given knows it.
    pub fn of_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// Gives the check as one of the table, which knows its column as long as that may be part of its name.
    pub(crate) fn with_column(mut self, column: &str) -> Self {
        if self.name.is_none() || self.is_short {
            self.column.get_or_insert_with(|| column.to_owned());
        }
        self
    }

    /// Gives what the check is, without how it is made and named.
    pub(crate) fn definition(&self) -> Self {
        Self { not_valid: false, column: None, ..self.clone() }
    }

    /// Does not check the rows that exist, so that the lock is short; `VALIDATE CONSTRAINT` does it later (PostgreSQL).
    pub fn not_valid(mut self) -> Self {
        self.not_valid = true;
        self
    }

    /// Leaves out tables that inherit from this one (PostgreSQL).
    pub fn no_inherit(mut self) -> Self {
        self.no_inherit = true;
        self
    }
}

impl ForeignKey {
    /// Sets the referring columns.
    pub fn on<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the table and the columns referred to.
    pub fn references<C: Into<String>>(
        mut self,
        table: impl Into<TableName>,
        columns: impl IntoIterator<Item = C>,
    ) -> Self {
        self.references = table.into();
        self.referenced_columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Sets what happens when the row referred to is deleted.
    pub fn on_delete(mut self, action: ForeignKeyAction) -> Self {
        self.on_delete = Some(action);
        self
    }

    /// Has a deletion set these columns only, for `SetNull` and `SetDefault` (PostgreSQL 15).
    pub fn on_delete_columns<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.on_delete_columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Sets what happens when the key referred to changes.
    pub fn on_update(mut self, action: ForeignKeyAction) -> Self {
        self.on_update = Some(action);
        self
    }

    /// Lets the check wait for the end of the transaction (PostgreSQL, SQLite).
    pub fn deferrable(mut self) -> Self {
        self.deferrable = Some(Deferrable::InitiallyImmediate);
        self
    }

    /// Makes the check wait for the end of the transaction (PostgreSQL, SQLite).
    pub fn initially_deferred(mut self) -> Self {
        self.deferrable = Some(Deferrable::InitiallyDeferred);
        self
    }

    /// Refuses a row of which some columns refer and others are `NULL` (PostgreSQL).
    pub fn match_full(mut self) -> Self {
        self.match_full = true;
        self
    }

    /// Does not check the rows that exist, so that the lock is short; `VALIDATE CONSTRAINT` does it later (PostgreSQL).
    pub fn not_valid(mut self) -> Self {
        self.not_valid = true;
        self
    }
}

/// Shows the action as SQL spells it.
impl fmt::Display for ForeignKeyAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAction => "NO ACTION",
            Self::Restrict => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
        })
    }
}

/// Shows the word that follows `ON CONFLICT`.
impl fmt::Display for OnConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rollback => "ROLLBACK",
            Self::Fail => "FAIL",
            Self::Ignore => "IGNORE",
            Self::Replace => "REPLACE",
        })
    }
}

/// Shows the clause as SQL spells it.
impl fmt::Display for Deferrable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InitiallyImmediate => "DEFERRABLE",
            Self::InitiallyDeferred => "DEFERRABLE INITIALLY DEFERRED",
        })
    }
}
