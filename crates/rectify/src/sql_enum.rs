//! Enums of Rust that are enums in the database.

use diesel::deserialize;

/// An enum whose variants are the values of an enum in the database. Derived, never written by hand.
///
/// The enum is its own SQL type: a column of it is declared with its name, and holds it.
///
/// - PostgreSQL: a type, `CREATE TYPE document_status AS ENUM (…)`.
/// - MySQL, MariaDB: `ENUM(…)`.
/// - SQLite: text with a check.
///
/// The type is named after the enum, in `snake_case`, and so are its values; `#[sql_enum(name = "…", schema = "…",
/// rename_all = "…")]` on the enum and `#[sql_name = "…"]` on a variant say otherwise. Styles are `snake_case`,
/// `SCREAMING_SNAKE_CASE`, `kebab-case`, `lowercase`, `UPPERCASE`, `camelCase` and `PascalCase`.
///
/// `#[sql_enum(frozen)]` keeps it out of the models: a data migration has the enum as it was at its revision, whatever values it
/// has in the models by now.
///
/// # Examples
///
/// ```
/// use diesel::prelude::*;
///
/// #[derive(Debug, Clone, Copy, PartialEq, Eq, rectify::SqlEnum)]
/// pub enum DocumentStatus {
///     Draft,
///     InReview,
///     #[sql_name = "done"]
///     Approved,
/// }
///
/// rectify::table! {
///     use diesel::sql_types::*;
///     use super::DocumentStatus;
///
///     papers (id) {
///         id -> Integer,
///         #[default = "draft"]
///         status -> DocumentStatus,
///     }
/// }
///
/// # #[cfg(not(feature = "sqlite"))]
/// # fn main() {}
/// # #[cfg(feature = "sqlite")]
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut connection = rectify::AnyConnection::connect(":memory:", rectify::Create::IfMissing)?;
/// diesel::sql_query("CREATE TABLE papers (id INTEGER PRIMARY KEY, status TEXT NOT NULL)").execute(&mut connection)?;
/// diesel::insert_into(papers::table).values(papers::status.eq(DocumentStatus::InReview)).execute(&mut connection)?;
/// let found = papers::table.select(papers::status).first::<DocumentStatus>(&mut connection)?;
/// assert_eq!(found, DocumentStatus::InReview);
/// # Ok(())
/// # }
/// ```
pub trait SqlEnum: Sized + 'static {
    /// The name of its type.
    const NAME: &'static str;
    /// The schema of its type, if one was given.
    const SCHEMA: Option<&'static str>;
    /// The values, in the order of the variants.
    const VALUES: &'static [&'static str];

    /// The value of a variant.
    fn value(&self) -> &'static str;

    /// The variant of a value.
    fn from_value(value: &str) -> Option<Self>;
}

/// Reads what a database sent.
///
/// # Errors
///
/// What it sent is none of the values.
#[doc(hidden)]
pub fn read<E: SqlEnum>(sent: &[u8]) -> deserialize::Result<E> {
    std::str::from_utf8(sent).ok().and_then(E::from_value).ok_or_else(|| {
        let sent = String::from_utf8_lossy(sent);
        format!("`{sent}` is no value of the enum `{}`: it has `{}`", E::NAME, E::VALUES.join("`, `")).into()
    })
}

/// What `#[derive(SqlEnum)]` stands for: `Name Option<schema>, name, Variant "value", …`, behind `@frozen` where it is none of the
/// models.
#[doc(hidden)]
#[macro_export]
macro_rules! __sql_enum {
    ($name:ident $schema:expr, $sql_name:literal, $($variants:tt)+) => {
        $crate::__sql_enum!(@frozen $name $schema, $sql_name, $($variants)+);

        const _: () = {
            $crate::__declare!($crate::schema::models::What::Enum {
                rust_name: ::core::stringify!($name),
                schema: $schema,
                name: $sql_name,
                values: <$name as $crate::SqlEnum>::VALUES,
            });
        };
    };

    (@frozen $name:ident $schema:expr, $sql_name:literal, $first:ident $first_value:literal $(, $variant:ident $value:literal)*) => {
        const _: () = {
            use $crate::diesel;
            use diesel::backend::Backend;
            use diesel::deserialize::{self, FromSql, Queryable};
            use diesel::expression::AsExpression;
            use diesel::internal::derives::as_expression::Bound;
            use diesel::mysql::{Mysql, MysqlType, MysqlValue};
            use diesel::pg::{Pg, PgMetadataLookup, PgTypeMetadata, PgValue};
            use diesel::query_builder::QueryId;
            use diesel::serialize::{self, IsNull, Output, ToSql};
            use diesel::sql_types::{HasSqlType, Nullable, SingleValue, SqlType, is_nullable};

            impl $crate::SqlEnum for $name {
                const NAME: &'static str = $sql_name;
                const SCHEMA: ::core::option::Option<&'static str> = $schema;
                const VALUES: &'static [&'static str] = &[$first_value $(, $value)*];

                fn value(&self) -> &'static str {
                    match self {
                        Self::$first => $first_value,
                        $(Self::$variant => $value,)*
                    }
                }

                fn from_value(value: &str) -> ::core::option::Option<Self> {
                    match value {
                        $first_value => ::core::option::Option::Some(Self::$first),
                        $($value => ::core::option::Option::Some(Self::$variant),)*
                        _ => ::core::option::Option::None,
                    }
                }
            }

            impl SqlType for $name {
                type IsNull = is_nullable::NotNull;
                const IS_ARRAY: bool = false;
            }

            impl SingleValue for $name {}

            impl QueryId for $name {
                type QueryId = Self;
                const HAS_STATIC_QUERY_ID: bool = true;
            }

            $crate::__sql_enum!(@expression $name: $name, &'a $name, &'b &'a $name);

            impl<DB: Backend> ToSql<Nullable<$name>, DB> for $name
            where
                Self: ToSql<$name, DB>,
            {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                    ToSql::<$name, DB>::to_sql(self, out)
                }
            }

            impl<DB: Backend, ST: SingleValue> Queryable<ST, DB> for $name
            where
                Self: FromSql<ST, DB>,
            {
                type Row = Self;

                fn build(row: Self) -> deserialize::Result<Self> {
                    ::core::result::Result::Ok(row)
                }
            }

            impl HasSqlType<$name> for Pg {
                fn metadata(lookup: &mut Self::MetadataLookup) -> PgTypeMetadata {
                    lookup.lookup_type($sql_name, $schema)
                }
            }

            impl HasSqlType<$name> for Mysql {
                fn metadata(_: &mut Self::MetadataLookup) -> MysqlType {
                    MysqlType::String
                }
            }

            $crate::__sql_enum!(@bytes $name: Pg PgValue, Mysql MysqlValue);
            $crate::__sql_enum_sqlite!($name);
            $crate::__sql_enum_any!($name $first);
        };
    };

    (@expression $name:ident: $($of:ty),+) => { $(
        impl<'a, 'b> AsExpression<$name> for $of {
            type Expression = Bound<$name, Self>;

            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl<'a, 'b> AsExpression<Nullable<$name>> for $of {
            type Expression = Bound<Nullable<$name>, Self>;

            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
    )+ };

    (@bytes $name:ident: $($backend:ident $sent:ident),+) => { $(
        impl ToSql<$name, $backend> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, $backend>) -> serialize::Result {
                ::std::io::Write::write_all(out, $crate::SqlEnum::value(self).as_bytes())?;
                ::core::result::Result::Ok(IsNull::No)
            }
        }

        impl FromSql<$name, $backend> for $name {
            fn from_sql(sent: $sent<'_>) -> deserialize::Result<Self> {
                $crate::__private::read_enum(sent.as_bytes())
            }
        }
    )+ };
}

/// An enum on SQLite, where this crate was built for it.
#[cfg(feature = "sqlite")]
#[doc(hidden)]
#[macro_export]
macro_rules! __sql_enum_sqlite {
    ($name:ident) => {
        impl HasSqlType<$name> for diesel::sqlite::Sqlite {
            fn metadata(_: &mut Self::MetadataLookup) -> diesel::sqlite::SqliteType {
                diesel::sqlite::SqliteType::Text
            }
        }

        impl ToSql<$name, diesel::sqlite::Sqlite> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, diesel::sqlite::Sqlite>) -> serialize::Result {
                out.set_value($crate::SqlEnum::value(self));
                ::core::result::Result::Ok(IsNull::No)
            }
        }

        impl FromSql<$name, diesel::sqlite::Sqlite> for $name {
            fn from_sql(sent: <diesel::sqlite::Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                let text: ::std::string::String =
                    FromSql::<diesel::sql_types::Text, diesel::sqlite::Sqlite>::from_sql(sent)?;
                $crate::__private::read_enum(text.as_bytes())
            }
        }
    };
}

/// This crate was built without SQLite.
#[cfg(not(feature = "sqlite"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __sql_enum_sqlite {
    ($name:ident) => {};
}

/// An enum on `AnyConnection`, where this crate was built with it.
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __sql_enum_any {
    ($name:ident $first:ident) => {
        impl HasSqlType<$name> for $crate::MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<$name>(lookup)
            }
        }

        impl ToSql<$name, $crate::MultiBackend> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, $crate::MultiBackend>) -> serialize::Result {
                // The first of the two stands for the SQL type alone; which value it is does not matter.
                out.set_value(($name::$first, self));
                ::core::result::Result::Ok(IsNull::No)
            }
        }

        impl FromSql<$name, $crate::MultiBackend> for $name {
            fn from_sql(sent: $crate::MultiRawValue<'_>) -> deserialize::Result<Self> {
                sent.from_sql::<Self, $name>()
            }
        }
    };
}

/// This crate was built without `AnyConnection`.
#[cfg(not(any(feature = "postgres", feature = "mysql", feature = "sqlite")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __sql_enum_any {
    ($name:ident $first:ident) => {};
}
