//! Operations on what is no part of a table: types, schemas, extensions, sequences, views, functions, triggers.

use rectify_schema::ops::{
    AddEnumValue, AlterEnum, AlterSequence, CreateEnum, CreateExtension, CreateObject, CreateSchema, CreateSequence,
    DropEnum, DropExtension, DropObject, DropSchema, DropSequence, EnumValue, RenameEnumValue, ReplaceObject,
};
use rectify_schema::{SqlObject, TableName};

use super::Op;
use crate::database::Database;
use crate::error::Result;

impl<C: Database> Op<'_, C> {
    /// Creates an enum type. Only PostgreSQL has such a thing; elsewhere the columns carry the values, and nothing is done.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn create_enum<V: Into<String>>(
        &mut self,
        name: impl Into<TableName>,
        values: impl IntoIterator<Item = V>,
    ) -> Result<()> {
        self.apply(CreateEnum::new(name, values))
    }

    /// Adds a value to an enum type: `"calm"`, or `enum_value("calm").before("happy").if_not_exists()`.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn add_enum_value(&mut self, name: impl Into<TableName>, value: impl Into<EnumValue>) -> Result<()> {
        self.apply(AddEnumValue::new(name, value))
    }

    /// Renames a value of an enum type; the rows that hold it hold the new one.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn rename_enum_value(
        &mut self,
        name: impl Into<TableName>,
        from: impl Into<String>,
        to: impl Into<String>,
    ) -> Result<()> {
        self.apply(RenameEnumValue::new(name, from, to))
    }

    /// Gives an enum type other values (PostgreSQL): `AlterEnum::new("mood", ["sad", "glad"]).used_by("people", column(..))`.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn alter_enum(&mut self, change: AlterEnum) -> Result<()> {
        self.apply(change)
    }

    /// Drops an enum type, which no column may use any more.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_enum(&mut self, name: impl Into<TableName>) -> Result<()> {
        self.apply(DropEnum::new(name))
    }

    /// Creates a schema: its name, or a [`CreateSchema`] with more to say. SQLite has none.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn create_schema(&mut self, schema: impl Into<CreateSchema>) -> Result<()> {
        self.apply(schema.into())
    }

    /// Drops a schema: its name, or a [`DropSchema`] with more to say. MySQL and MariaDB drop all that it holds.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_schema(&mut self, schema: impl Into<DropSchema>) -> Result<()> {
        self.apply(schema.into())
    }

    /// Creates an extension (PostgreSQL only): its name, `extension("pg_trgm").schema("public")`, or a
    /// [`CreateExtension`] with more to say.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn create_extension(&mut self, extension: impl Into<CreateExtension>) -> Result<()> {
        self.apply(extension.into())
    }

    /// Drops an extension (PostgreSQL only).
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_extension(&mut self, extension: impl Into<DropExtension>) -> Result<()> {
        self.apply(extension.into())
    }

    /// Creates a sequence (PostgreSQL, MariaDB): its name, or `sequence("invoice_numbers").start(1000)`.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn create_sequence(&mut self, sequence: impl Into<CreateSequence>) -> Result<()> {
        self.apply(sequence.into())
    }

    /// Changes a sequence (PostgreSQL, MariaDB): `AlterSequence::new("invoice_numbers").increment(5).restart(1)`.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn alter_sequence(&mut self, change: AlterSequence) -> Result<()> {
        self.apply(change)
    }

    /// Drops a sequence (PostgreSQL, MariaDB): its name, or its whole definition.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_sequence(&mut self, sequence: impl Into<DropSequence>) -> Result<()> {
        self.apply(sequence.into())
    }

    /// Creates a view, materialised view, function, procedure, trigger, policy or grant from its SQL text.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use rectify::prelude::*;
    /// # use rectify::{Database, Op};
    /// fn adults() -> rectify::schema::SqlObject {
    ///     view("adults", "SELECT id, email FROM users WHERE age > 17")
    /// }
    ///
    /// fn upgrade<C: Database>(op: &mut Op<'_, C>) -> Result<()> {
    ///     op.create_object(adults())
    /// }
    ///
    /// fn downgrade<C: Database>(op: &mut Op<'_, C>) -> Result<()> {
    ///     op.drop_object(adults())
    /// }
    /// ```
    #[track_caller]
    pub fn create_object(&mut self, object: SqlObject) -> Result<()> {
        self.apply(CreateObject::new(object))
    }

    /// Puts another definition in the place of an object's old one: the object, or a [`ReplaceObject`] with what it was.
    ///
    /// PostgreSQL replaces a view in place only by one that begins with the same columns, and a function only by one of
    /// the same result; for any other, drop it and create it.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn replace_object(&mut self, object: impl Into<ReplaceObject>) -> Result<()> {
        self.apply(object.into())
    }

    /// Drops a view, function, procedure, trigger or policy, or revokes a grant: the object as it was created, or a
    /// [`DropObject`] with more to say.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    pub fn drop_object(&mut self, object: impl Into<DropObject>) -> Result<()> {
        self.apply(object.into())
    }
}
