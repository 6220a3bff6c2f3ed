//! Objects that are made by SQL text under a name: views, functions, triggers and their like.

use std::fmt;

use crate::name::TableName;

/// A view, function, trigger or its like: a name, and the SQL text that makes it.
///
/// Made by [`view`], [`materialized_view`], [`function`], [`procedure`], [`trigger`], [`policy`] and [`grant`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct SqlObject {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name. Of a grant: what is granted on, as SQL text.
    pub name: TableName,
    /// The text that makes it, on every database but those of `definitions`; empty where it is not known.
    pub definition: String,
    /// The text for one database, by the dialect's name.
    pub definitions: Vec<(String, String)>,
    /// The tables, and other objects, that it reads: it is made after them, and again when they change. Says how it is made,
    /// not what it is.
    pub reads: Vec<TableName>,
}

/// What a [`SqlObject`] is, with what its `DROP` has to say besides the name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// A view.
    View,
    /// A view that keeps its rows (PostgreSQL).
    MaterializedView,
    /// A function (PostgreSQL, MySQL, MariaDB).
    Function {
        /// Its arguments, as SQL text.
        arguments: String,
    },
    /// A procedure (PostgreSQL, MySQL, MariaDB).
    Procedure {
        /// Its arguments, as SQL text.
        arguments: String,
    },
    /// A trigger.
    Trigger {
        /// The table that it watches.
        table: TableName,
    },
    /// A row-level security policy (PostgreSQL).
    Policy {
        /// The table that it guards.
        table: TableName,
    },
    /// Privileges (PostgreSQL, MySQL, MariaDB).
    Grant {
        /// The privileges, as SQL text.
        privileges: String,
        /// Who gets them, as SQL text.
        to: String,
    },
}

impl SqlObject {
    /// Names an object without saying how it is made: enough to drop it, not to bring it back.
    pub fn named(kind: ObjectKind, name: impl Into<TableName>) -> Self {
        Self { kind, name: name.into(), definition: String::new(), definitions: Vec::new(), reads: Vec::new() }
    }

    /// Gives the text for one database, by its dialect's name: `postgres`, `mysql`, `mariadb` or `sqlite`. MariaDB falls
    /// back on the text for `mysql`, and each database on the text for all.
    ///
    /// # Examples
    ///
    /// ```
    /// use rectify_schema::build::*;
    ///
    /// let today = view("due_today", "SELECT * FROM bills WHERE due = CURRENT_DATE")
    ///     .on("sqlite", "SELECT * FROM bills WHERE due = date('now')");
    /// assert_eq!(today.definition_on("sqlite"), "SELECT * FROM bills WHERE due = date('now')");
    /// ```
    pub fn on(mut self, dialect: impl Into<String>, definition: impl Into<String>) -> Self {
        self.definitions.push((dialect.into(), definition.into()));
        self
    }

    /// Names the tables, and other objects, that it reads: it is made after them, and again when they change.
    ///
    /// # Examples
    ///
    /// ```
    /// use rectify_schema::build::*;
    ///
    /// let adults = view("adults", "SELECT * FROM users WHERE age > 17").reads(["users"]);
    /// # let _ = adults;
    /// ```
    pub fn reads<N: Into<TableName>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.reads.extend(names.into_iter().map(Into::into));
        self
    }

    /// The text that makes it on this database; empty where it is not known.
    #[must_use]
    pub fn definition_on(&self, dialect: &str) -> &str {
        let find = |name: &str| self.definitions.iter().rev().find(|(other, _)| other == name);
        let own = find(dialect).or_else(|| (dialect == "mariadb").then(|| find("mysql")).flatten());
        own.map_or(&self.definition, |(_, text)| text)
    }

    /// Whether `other` is the same object, however it is made.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.kind == other.kind && self.name == other.name
    }

    /// Whether any of its texts says how it is made. A grant says all with its kind.
    pub(crate) fn is_defined(&self) -> bool {
        matches!(self.kind, ObjectKind::Grant { .. })
            || !self.definition.is_empty()
            || self.definitions.iter().any(|(_, text)| !text.is_empty())
    }
}

impl ObjectKind {
    /// The table or view that it is on, and goes with.
    pub(crate) const fn on(&self) -> Option<&TableName> {
        match self {
            Self::Trigger { table } | Self::Policy { table } => Some(table),
            Self::View
            | Self::MaterializedView
            | Self::Function { .. }
            | Self::Procedure { .. }
            | Self::Grant { .. } => None,
        }
    }

    /// What it is, in a word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Function { .. } => "function",
            Self::Procedure { .. } => "procedure",
            Self::Trigger { .. } => "trigger",
            Self::Policy { .. } => "policy",
            Self::Grant { .. } => "grant",
        }
    }
}

/// Shows the kind and the name.
impl fmt::Display for SqlObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ObjectKind::Grant { privileges, to } => write!(f, "grant of `{privileges}` on `{}` to `{to}`", self.name),
            ObjectKind::Trigger { table } | ObjectKind::Policy { table } => {
                write!(f, "{} `{}` on table `{table}`", self.kind.word(), self.name)
            }
            kind => write!(f, "{} `{}`", kind.word(), self.name),
        }
    }
}

fn object(kind: ObjectKind, name: impl Into<TableName>, definition: impl Into<String>) -> SqlObject {
    SqlObject { definition: definition.into(), ..SqlObject::named(kind, name) }
}

/// A view, by its query.
///
/// The text may begin with what stands between the name and `AS`, which it then holds itself: `WITH (..) AS` on PostgreSQL,
/// the names of the columns on SQLite. On MySQL and MariaDB it may begin with `SQL SECURITY INVOKER AS`.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::SQLITE, ops::CreateObject};
///
/// let op = CreateObject::new(view("adults", "SELECT * FROM users WHERE age > 17")).into();
/// assert_eq!(SQLITE.render(&op)?[0].sql, "CREATE VIEW adults AS SELECT * FROM users WHERE age > 17");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
pub fn view(name: impl Into<TableName>, query: impl Into<String>) -> SqlObject {
    object(ObjectKind::View, name, query)
}

/// A view that keeps its rows (PostgreSQL), by its query, which `WITH (..) AS` or `TABLESPACE .. AS` may precede.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let totals = materialized_view("totals", "SELECT tenant_id, sum(amount) FROM bills GROUP BY tenant_id");
/// # let _ = totals;
/// ```
pub fn materialized_view(name: impl Into<TableName>, query: impl Into<String>) -> SqlObject {
    object(ObjectKind::MaterializedView, name, query)
}

/// A function: its arguments without parentheses, and all that follows them.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let twice = function("twice", "n integer", "RETURNS integer LANGUAGE sql AS 'SELECT n * 2'")
///     .on("mysql", "RETURNS integer DETERMINISTIC RETURN n * 2");
/// # let _ = twice;
/// ```
pub fn function(name: impl Into<TableName>, arguments: impl Into<String>, definition: impl Into<String>) -> SqlObject {
    object(ObjectKind::Function { arguments: arguments.into() }, name, definition)
}

/// A procedure: its arguments without parentheses, and all that follows them.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let prune = procedure("prune", "", "LANGUAGE sql AS 'DELETE FROM logs'").on("mysql", "DELETE FROM logs");
/// # let _ = prune;
/// ```
pub fn procedure(name: impl Into<TableName>, arguments: impl Into<String>, definition: impl Into<String>) -> SqlObject {
    object(ObjectKind::Procedure { arguments: arguments.into() }, name, definition)
}

/// A trigger: its table, and all that follows its name, the table once more. The text of a constraint trigger (PostgreSQL)
/// begins with `CONSTRAINT`.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let touch = trigger("touch", "notes", "BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch()")
///     .on("mysql", "BEFORE UPDATE ON notes FOR EACH ROW SET NEW.version = OLD.version + 1");
/// # let _ = touch;
/// ```
pub fn trigger(name: impl Into<TableName>, table: impl Into<TableName>, definition: impl Into<String>) -> SqlObject {
    object(ObjectKind::Trigger { table: table.into() }, name, definition)
}

/// A row-level security policy (PostgreSQL): its table, and all that follows it.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let own = policy("own_notes", "notes", "FOR SELECT USING (owner = current_user)");
/// # let _ = own;
/// ```
pub fn policy(name: impl Into<TableName>, table: impl Into<TableName>, definition: impl Into<String>) -> SqlObject {
    object(ObjectKind::Policy { table: table.into() }, name, definition)
}

/// Privileges on something, to someone; each of the three is SQL text, sent as it stands.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, ops::DropObject};
///
/// let op = DropObject::new(grant("SELECT, INSERT", "notes", "reporting")).into();
/// assert_eq!(POSTGRES.render(&op)?[0].sql, "REVOKE SELECT, INSERT ON notes FROM reporting");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
pub fn grant(privileges: impl Into<String>, on: impl Into<String>, to: impl Into<String>) -> SqlObject {
    object(ObjectKind::Grant { privileges: privileges.into(), to: to.into() }, on.into(), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_has_its_own_text_or_the_text_for_all() {
        let both = view("v", "all").on("mysql", "my").on("sqlite", "lite");
        let found: Vec<_> = ["postgres", "mysql", "mariadb", "sqlite"].map(|name| both.definition_on(name)).into();
        assert_eq!(found, ["all", "my", "my", "lite"]);
        assert_eq!(both.on("mariadb", "maria").definition_on("mariadb"), "maria");
    }
}
