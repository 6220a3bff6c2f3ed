//! Operations: everything that can be done to a schema, one file each.
//!
//! Each file has the fields, the builder, `apply` (what it does to a [`Schema`]) and `reverse` (the operation that takes
//! it back). None knows how a database spells it.

mod add_column;
mod add_enum_value;
mod alter_column;
mod alter_enum;
mod alter_sequence;
mod batch_alter_table;
mod bulk_insert;
mod create_check;
mod create_enum;
mod create_exclude;
mod create_extension;
mod create_foreign_key;
mod create_index;
mod create_object;
mod create_primary_key;
mod create_schema;
mod create_sequence;
mod create_table;
mod create_unique;
mod custom;
mod drop_check;
mod drop_column;
mod drop_enum;
mod drop_exclude;
mod drop_extension;
mod drop_foreign_key;
mod drop_index;
mod drop_object;
mod drop_primary_key;
mod drop_schema;
mod drop_sequence;
mod drop_table;
mod drop_unique;
mod dropped;
mod rename_enum_value;
mod rename_table;
mod replace_object;
mod set_table_comment;
mod set_table_options;
mod sql;

use std::fmt;

pub use add_column::AddColumn;
pub use add_enum_value::{AddEnumValue, EnumValue, Place, enum_value};
pub use alter_column::{AlterColumn, Change, ColumnChange, alter};
pub use alter_enum::AlterEnum;
pub use alter_sequence::AlterSequence;
pub use batch_alter_table::BatchAlterTable;
pub use bulk_insert::{BulkInsert, Row, row};
pub use create_check::CreateCheck;
pub use create_enum::CreateEnum;
pub use create_exclude::CreateExclude;
pub use create_extension::CreateExtension;
pub use create_foreign_key::CreateForeignKey;
pub use create_index::CreateIndex;
pub use create_object::CreateObject;
pub use create_primary_key::CreatePrimaryKey;
pub use create_schema::CreateSchema;
pub use create_sequence::CreateSequence;
pub use create_table::CreateTable;
pub use create_unique::CreateUnique;
pub use custom::CustomOperation;
pub use drop_check::DropCheck;
pub use drop_column::DropColumn;
pub use drop_enum::DropEnum;
pub use drop_exclude::DropExclude;
pub use drop_extension::DropExtension;
pub use drop_foreign_key::DropForeignKey;
pub use drop_index::DropIndex;
pub use drop_object::DropObject;
pub use drop_primary_key::DropPrimaryKey;
pub use drop_schema::DropSchema;
pub use drop_sequence::DropSequence;
pub use drop_table::DropTable;
pub use drop_unique::DropUnique;
pub use dropped::Dropped;
pub use rename_enum_value::RenameEnumValue;
pub use rename_table::RenameTable;
pub use replace_object::ReplaceObject;
pub use set_table_comment::SetTableComment;
pub use set_table_options::SetTableOptions;
pub use sql::Sql;

use crate::name::TableName;
use crate::schema::{Schema, Table};

macro_rules! operations {
    ($($(#[$doc:meta])+ $name:ident),+ $(,)?) => {
        /// A change to a schema.
        #[derive(Debug, Clone, PartialEq)]
        #[must_use]
        pub enum Operation {
            $($(#[$doc])+ $name($name)),+
        }

        impl Operation {
            /// The name of each variant, in the order of declaration.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),+];

            /// Gives the name of the variant, such as `AddColumn`.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name)),+
                }
            }

            /// Does to `schema` what the operation does to a database. [`Sql`] does nothing, since its text says too much.
            ///
            /// # Errors
            ///
            /// Returns [`ApplyError`] if what is to be changed is missing, or what is to be made exists. The schema may
            /// then be partly changed.
            pub fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
                match self {
                    $(Self::$name(op) => op.apply(schema)),+
                }
            }

            /// Gives the operation that takes this one back.
            ///
            /// # Errors
            ///
            /// Returns [`NotReversible`], with what it lacks, if there is none.
            pub fn reverse(&self) -> Result<Operation, NotReversible> {
                let reversed = match self {
                    $(Self::$name(op) => op.reverse()),+
                };
                reversed.map_err(|reason| NotReversible { operation: self.to_string(), reason })
            }
        }

        /// Shows the operation on one line, for progress and error texts.
        impl fmt::Display for Operation {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name(op) => fmt::Display::fmt(op, f)),+
                }
            }
        }

        $(impl From<$name> for Operation {
            fn from(op: $name) -> Self {
                Self::$name(op)
            }
        })+
    };
}

operations! {
    /// Creates a table with all that belongs to it.
    CreateTable,
    /// Drops a table.
    DropTable,
    /// Renames a table.
    RenameTable,
    /// Adds a column.
    AddColumn,
    /// Drops a column.
    DropColumn,
    /// Changes a column.
    AlterColumn,
    /// Changes a table in several ways at once.
    BatchAlterTable,
    /// Creates an index.
    CreateIndex,
    /// Drops an index.
    DropIndex,
    /// Gives a table a primary key.
    CreatePrimaryKey,
    /// Takes a table's primary key away.
    DropPrimaryKey,
    /// Adds a unique constraint.
    CreateUnique,
    /// Drops a unique constraint.
    DropUnique,
    /// Adds a foreign key.
    CreateForeignKey,
    /// Drops a foreign key.
    DropForeignKey,
    /// Adds a check.
    CreateCheck,
    /// Drops a check.
    DropCheck,
    /// Adds an exclusion constraint.
    CreateExclude,
    /// Drops an exclusion constraint.
    DropExclude,
    /// Creates an enum type.
    CreateEnum,
    /// Drops an enum type.
    DropEnum,
    /// Adds a value to an enum type.
    AddEnumValue,
    /// Renames a value of an enum type.
    RenameEnumValue,
    /// Gives an enum type other values.
    AlterEnum,
    /// Sets or removes the comment of a table.
    SetTableComment,
    /// Changes what only one database knows of a table.
    SetTableOptions,
    /// Creates a schema.
    CreateSchema,
    /// Drops a schema.
    DropSchema,
    /// Creates an extension.
    CreateExtension,
    /// Drops an extension.
    DropExtension,
    /// Creates a sequence.
    CreateSequence,
    /// Changes a sequence.
    AlterSequence,
    /// Drops a sequence.
    DropSequence,
    /// Creates a view, function, trigger or its like.
    CreateObject,
    /// Puts another definition in the place of a view, function, trigger or its like.
    ReplaceObject,
    /// Drops a view, function, trigger or its like.
    DropObject,
    /// Inserts rows.
    BulkInsert,
    /// Runs SQL text.
    Sql,
}

impl Operation {
    /// Gives the table that the operation changes, where it is there before and after under the same name.
    ///
    /// Nothing for what creates, drops or renames a table, for rows, for SQL text, for what is no part of a table, and for
    /// an index that is dropped without saying of which.
    ///
    /// # Examples
    ///
    /// ```
    /// use rectify_schema::ops::{DropColumn, DropTable};
    /// use rectify_schema::Operation;
    ///
    /// let drop: Operation = DropColumn::new("users", "age").into();
    /// assert_eq!(drop.altered_table(), Some(&"users".into()));
    /// let drop: Operation = DropTable::new("users").into();
    /// assert_eq!(drop.altered_table(), None);
    /// ```
    #[must_use]
    pub const fn altered_table(&self) -> Option<&TableName> {
        Some(match self {
            Self::AddColumn(op) => &op.table,
            Self::DropColumn(op) => &op.table,
            Self::AlterColumn(op) => &op.table,
            Self::BatchAlterTable(op) => &op.table,
            Self::CreateIndex(op) => &op.index.table,
            Self::DropIndex(op) => return op.table.as_ref(),
            Self::CreatePrimaryKey(op) => &op.table,
            Self::DropPrimaryKey(op) => &op.table,
            Self::CreateUnique(op) => &op.table,
            Self::DropUnique(op) => &op.table,
            Self::CreateForeignKey(op) => &op.table,
            Self::DropForeignKey(op) => &op.table,
            Self::CreateCheck(op) => &op.table,
            Self::DropCheck(op) => &op.table,
            Self::CreateExclude(op) => &op.table,
            Self::DropExclude(op) => &op.table,
            Self::SetTableComment(op) => &op.table,
            Self::SetTableOptions(op) => &op.table,
            Self::CreateTable(_)
            | Self::DropTable(_)
            | Self::RenameTable(_)
            | Self::CreateEnum(_)
            | Self::DropEnum(_)
            | Self::AddEnumValue(_)
            | Self::RenameEnumValue(_)
            | Self::AlterEnum(_)
            | Self::CreateSchema(_)
            | Self::DropSchema(_)
            | Self::CreateExtension(_)
            | Self::DropExtension(_)
            | Self::CreateSequence(_)
            | Self::AlterSequence(_)
            | Self::DropSequence(_)
            | Self::CreateObject(_)
            | Self::ReplaceObject(_)
            | Self::DropObject(_)
            | Self::BulkInsert(_)
            | Self::Sql(_) => return None,
        })
    }
}

/// Why an operation does not fit a schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// What the operation changes is not there.
    #[error("there is no {what}")]
    Missing {
        /// The kind and name of the object.
        what: String,
    },
    /// What the operation makes is there already.
    #[error("there already is {what}")]
    Exists {
        /// The kind and name of the object.
        what: String,
    },
}

/// Why an operation cannot be taken back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot reverse `{operation}`: {reason}")]
#[non_exhaustive]
pub struct NotReversible {
    /// The operation, on one line.
    pub operation: String,
    /// What it lacks.
    pub reason: &'static str,
}

pub(crate) fn missing(what: impl Into<String>) -> ApplyError {
    ApplyError::Missing { what: what.into() }
}

pub(crate) fn exists(what: impl Into<String>) -> ApplyError {
    ApplyError::Exists { what: what.into() }
}

/// The name between backticks and a blank behind it, if there is one.
fn quoted(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!("`{name}` ") }
}

fn table_mut<'a>(schema: &'a mut Schema, name: &TableName) -> Result<&'a mut Table, ApplyError> {
    schema.table_mut(name).ok_or_else(|| missing(format!("table `{name}`")))
}

#[cfg(test)]
mod laws {
    use super::*;
    use crate::build::*;

    pub(super) fn sample() -> Schema {
        let tenants = table("tenants").column(column("id", bigint()).primary_key().identity());
        let users = table("users")
            .column(column("id", bigint()).primary_key().identity())
            .column(column("tenant_id", bigint()))
            .column(column("email", varchar(255)).not_null().server_default("-"))
            .column(column("age", integer()))
            .unique(unique("uq_users_email").on(["email"]))
            .foreign_key(foreign_key("fk_users_tenant").on(["tenant_id"]).references("tenants", ["id"]))
            .check(check("ck_users_age", "age > 0"))
            .index(index("ix_users_age").on("users", ["age"]))
            .comment("people");
        let mood = crate::schema::EnumType::new("mood", ["sad", "happy"]);
        Schema {
            tables: vec![tenants, users],
            enums: vec![mood],
            schemas: vec!["workspace".to_owned()],
            extensions: vec![extension("citext")],
            sequences: vec![sequence("numbers").start(10).increment(5)],
            objects: vec![view("adults", "SELECT * FROM users")],
        }
    }

    /// Applies the operation and its reverse: the first must change the schema, the second restore it.
    #[track_caller]
    pub(super) fn restores(op: impl Into<Operation>) {
        let op = op.into();
        let before = sample();
        let mut schema = before.clone();
        op.apply(&mut schema).unwrap();
        assert_ne!(schema.clone().sorted(), before.clone().sorted(), "`{op}` changes nothing");
        op.reverse().unwrap().apply(&mut schema).unwrap();
        assert_eq!(schema.sorted(), before.sorted(), "`{op}`");
    }

    #[track_caller]
    pub(super) fn irreversible(op: impl Into<Operation>, reason: &str) {
        let error = op.into().reverse().unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }

    #[track_caller]
    pub(super) fn refused(op: impl Into<Operation>, message: &str) {
        assert_eq!(op.into().apply(&mut sample()).unwrap_err().to_string(), message);
    }
}
