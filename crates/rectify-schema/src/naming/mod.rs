//! Naming conventions: the names of constraints and indexes that are given none.
//!
//! A [`NamingConvention`] is applied to an operation before it is rendered, so that what creates a constraint and what drops it
//! come to the same name, on a database and in a script. A name that was given is never changed.

mod apply;
mod cut;
mod names;
mod template;

pub use apply::NamingError;
pub use names::{CheckName, ConstraintName, ShortName, short};
use template::Template;

/// Templates for the names of unnamed constraints and indexes.
///
/// What has no template is named by the database, apart from indexes, which get `ix_{qualified_table}_{columns}`. A name that is
/// too long for the database is cut, and ends in a hash of the whole: PostgreSQL takes 63 bytes, MySQL and MariaDB 64 characters.
/// The name is then its first (limit − 8) bytes or characters, `_`, and the last four hexadecimal digits of the MD5 of the
/// uncut name in UTF-8, which is how Alembic cuts too.
///
/// In a template stand
///
/// | token | which is |
/// | --- | --- |
/// | `{table}` | the table |
/// | `{qualified_table}` | the schema, if one is given, and the table, with `_` between |
/// | `{column}` | the first column; `{column_1}` is the second, and empty where there is none |
/// | `{columns}` | all columns, with `_` between; `{columns:}` has nothing between, and `{columns:__}` two of them |
/// | `{referred_table}`, `{referred_column}`, `{referred_columns}` | of a foreign key, what it refers to |
/// | `{name}` | of a check, the [`short`] name that it is given |
///
/// # Examples
///
/// A mistake in a template of a constant is an error of the compiler.
///
/// ```
/// use rectify_schema::{build::*, dialect::POSTGRES, NamingConvention, Operation, ops::CreateUnique};
///
/// const NAMING: NamingConvention = NamingConvention::new()
///     .index("ix_{table}_{columns}")
///     .unique("uq_{table}_{columns}")
///     .foreign_key("fk_{table}_{columns}_{referred_table}")
///     .check("ck_{table}_{name}")
///     .primary_key("pk_{table}");
///
/// let mut op = CreateUnique::new("users", unique(None).on(["tenant_id", "email"])).into();
/// NAMING.apply(&mut op, POSTGRES.name_limit())?;
/// assert_eq!(
///     POSTGRES.render(&op)?[0].sql,
///     "ALTER TABLE users ADD CONSTRAINT uq_users_tenant_id_email UNIQUE (tenant_id, email)"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamingConvention {
    index: Template,
    unique: Option<Template>,
    foreign_key: Option<Template>,
    primary_key: Option<Template>,
    check: Option<Template>,
    exclude: Option<Template>,
}

impl NamingConvention {
    /// Names indexes alone.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            index: Template::new(template::Kind::Index, "ix_{qualified_table}_{columns}"),
            unique: None,
            foreign_key: None,
            primary_key: None,
            check: None,
            exclude: None,
        }
    }

    /// Names indexes so.
    ///
    /// # Panics
    ///
    /// If the template is not one: in a constant, an error of the compiler. So do the other methods.
    #[must_use]
    #[track_caller]
    pub const fn index(mut self, template: &'static str) -> Self {
        self.index = Template::new(template::Kind::Index, template);
        self
    }

    /// Names unique constraints so.
    ///
    /// # Panics
    ///
    /// As [`NamingConvention::index`].
    #[must_use]
    #[track_caller]
    pub const fn unique(mut self, template: &'static str) -> Self {
        self.unique = Some(Template::new(template::Kind::Unique, template));
        self
    }

    /// Names foreign keys so.
    ///
    /// # Panics
    ///
    /// As [`NamingConvention::index`].
    #[must_use]
    #[track_caller]
    pub const fn foreign_key(mut self, template: &'static str) -> Self {
        self.foreign_key = Some(Template::new(template::Kind::ForeignKey, template));
        self
    }

    /// Names primary keys so; MySQL, MariaDB and SQLite have no use for their names.
    ///
    /// # Panics
    ///
    /// As [`NamingConvention::index`].
    #[must_use]
    #[track_caller]
    pub const fn primary_key(mut self, template: &'static str) -> Self {
        self.primary_key = Some(Template::new(template::Kind::PrimaryKey, template));
        self
    }

    /// Names checks so. Where the template has `{name}`, a check needs a [`short`] name; where it has `{column}`, it must be given
    /// with a column, for the columns of any other check are not known.
    ///
    /// # Panics
    ///
    /// As [`NamingConvention::index`].
    #[must_use]
    #[track_caller]
    pub const fn check(mut self, template: &'static str) -> Self {
        self.check = Some(Template::new(template::Kind::Check, template));
        self
    }

    /// Names exclusion constraints so.
    ///
    /// # Panics
    ///
    /// As [`NamingConvention::index`].
    #[must_use]
    #[track_caller]
    pub const fn exclude(mut self, template: &'static str) -> Self {
        self.exclude = Some(Template::new(template::Kind::Exclude, template));
        self
    }
}

impl Default for NamingConvention {
    fn default() -> Self {
        Self::new()
    }
}
