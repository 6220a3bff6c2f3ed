//! Literal values, SQL expressions and column defaults.

/// A value that is written into SQL as a literal.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `NULL`.
    Null,
    /// True or false; SQLite spells it `1` and `0`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number; infinities and NaN exist on PostgreSQL only.
    Float(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// SQL text, as opposed to a value. Made by [`sql`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SqlExpression(
    /// The text, which is sent as it stands.
    pub String,
);

/// What a column holds where an `INSERT` says nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum DefaultValue {
    /// A value, quoted by the dialect.
    Literal(Value),
    /// SQL text, printed as it stands, in parentheses where the database asks for them.
    Expression(String),
}

/// Makes an SQL expression of a text, for a default or an index.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let created_at = column("created_at", timestamptz()).not_null().server_default(sql("now()"));
/// let by_mail = index("ix_users_email").on("users", [sql("lower(email)")]);
/// # let _ = (created_at, by_mail);
/// ```
pub fn sql(text: impl Into<String>) -> SqlExpression {
    SqlExpression(text.into())
}

impl From<SqlExpression> for DefaultValue {
    fn from(expression: SqlExpression) -> Self {
        Self::Expression(expression.0)
    }
}

impl From<Value> for DefaultValue {
    fn from(value: Value) -> Self {
        Self::Literal(value)
    }
}

macro_rules! value_from {
    ($($from:ty => $variant:ident),+ $(,)?) => { $(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
        impl From<$from> for DefaultValue {
            fn from(value: $from) -> Self {
                Self::Literal(value.into())
            }
        }
    )+ };
}

value_from! {
    bool => Bool, i8 => Int, i16 => Int, i32 => Int, i64 => Int, u8 => Int, u16 => Int, u32 => Int,
    f32 => Float, f64 => Float, &str => Text, String => Text, Vec<u8> => Bytes, &[u8] => Bytes,
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Value>> From<Option<T>> for DefaultValue {
    fn from(value: Option<T>) -> Self {
        Self::Literal(value.into())
    }
}
