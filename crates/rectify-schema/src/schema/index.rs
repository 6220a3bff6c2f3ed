//! Indexes.

use super::SqlExpression;
use crate::name::TableName;
use crate::naming::ConstraintName;

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Index {
    /// The index's name; empty as long as it is [`unnamed`](Index::unnamed).
    pub name: String,
    /// The naming convention has yet to name it.
    pub unnamed: bool,
    /// The table it is on.
    pub table: TableName,
    /// The columns and expressions in order.
    pub columns: Vec<IndexColumn>,
    /// Whether no two rows may be equal in it.
    pub unique: bool,
    /// The condition of a partial index (PostgreSQL, SQLite).
    pub predicate: Option<String>,
    /// The access method, such as `gin` (PostgreSQL) or `hash`.
    pub method: Option<String>,
    /// Columns that are only carried along (PostgreSQL).
    pub include: Vec<String>,
    /// Two `NULL`s count as equal (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// Storage parameters, such as `fillfactor`, with their values as SQL text (PostgreSQL; the others ignore them).
    pub storage: Vec<(String, String)>,
    /// The tablespace (PostgreSQL; the others ignore it).
    pub tablespace: Option<String>,
    /// The parser of a `fulltext` index, such as `ngram` (MySQL).
    pub parser: Option<String>,
    /// Build without locking the table (PostgreSQL, outside a transaction). The others ignore it: MySQL and MariaDB build
    /// online anyway, SQLite has one writer at a time. Says how the index is made, not what it is.
    pub concurrently: bool,
    /// Do nothing where the index exists already. Says how the index is made, not what it is.
    pub if_not_exists: bool,
    /// The statement that made it, as SQLite's catalog keeps it; a rebuilt table gets its indexes back by it.
    pub sql: Option<String>,
}

/// One column or expression of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct IndexColumn {
    /// What is indexed.
    pub target: IndexTarget,
    /// The direction, if one is written.
    pub order: Option<Order>,
    /// Where `NULL`s stand (PostgreSQL).
    pub nulls: Option<Nulls>,
    /// The collation (PostgreSQL, SQLite).
    pub collation: Option<String>,
    /// The operator class (PostgreSQL).
    pub operator_class: Option<String>,
    /// How many characters of a text are indexed (MySQL, MariaDB).
    pub length: Option<u32>,
}

/// What an index is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexTarget {
    /// A column, by name.
    Column(String),
    /// An SQL expression.
    Expression(String),
}

/// The direction of an index column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// From low to high.
    Asc,
    /// From high to low.
    Desc,
}

/// Where an index has its `NULL`s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// Before the values.
    First,
    /// After the values.
    Last,
}

/// Makes an index, named or (with `None`) not: then the naming convention names it.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let by_token = index("ix_users_token").on("users", ["token"]).unique();
/// let recent = index("ix_docs_recent").on("docs", [index_column("created_at").desc()]).filter("NOT archived");
/// let by_mail = index("ix_users_email").on("users", [sql("lower(email)")]);
/// # let _ = (by_token, recent, by_mail);
/// ```
pub fn index(name: impl Into<ConstraintName>) -> Index {
    let ConstraintName(name) = name.into();
    Index {
        unnamed: name.is_none(),
        name: name.unwrap_or_default(),
        table: TableName { schema: None, name: String::new() },
        columns: Vec::new(),
        unique: false,
        predicate: None,
        method: None,
        include: Vec::new(),
        nulls_not_distinct: false,
        storage: Vec::new(),
        tablespace: None,
        parser: None,
        concurrently: false,
        if_not_exists: false,
        sql: None,
    }
}

/// Makes a column of an index, for what a bare name cannot say.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let by_title = index("ix_docs_title").on("docs", [index_column("title").length(40)]);
/// # let _ = by_title;
/// ```
pub fn index_column(name: impl Into<String>) -> IndexColumn {
    IndexColumn::new(IndexTarget::Column(name.into()))
}

/// Makes an expression as a part of an index, to say how it is ordered; one without options is just [`sql`](super::sql).
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let by_mail = index("ix_users_email").on("users", [index_column("team_id"), index_expression("lower(email)").desc()]);
/// # let _ = by_mail;
/// ```
pub fn index_expression(text: impl Into<String>) -> IndexColumn {
    IndexColumn::new(IndexTarget::Expression(text.into()))
}

impl Index {
    /// Sets the table and the columns.
    pub fn on<C: Into<IndexColumn>>(
        mut self,
        table: impl Into<TableName>,
        columns: impl IntoIterator<Item = C>,
    ) -> Self {
        self.table = table.into();
        self.columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Adds one more column or expression.
    pub fn and(mut self, column: impl Into<IndexColumn>) -> Self {
        self.columns.push(column.into());
        self
    }

    /// Allows no two equal rows.
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// Indexes only the rows for which the condition holds (PostgreSQL, SQLite).
    pub fn filter(mut self, predicate: impl Into<String>) -> Self {
        self.predicate = Some(predicate.into());
        self
    }

    /// Uses this access method, such as `gin`.
    pub fn using(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Carries these columns along (PostgreSQL).
    pub fn include<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.include = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Counts two `NULL`s as equal (PostgreSQL 15).
    pub fn nulls_not_distinct(mut self) -> Self {
        self.nulls_not_distinct = true;
        self
    }

    /// Sets a storage parameter, such as `fillfactor` (PostgreSQL; the others ignore it).
    ///
    /// # Examples
    ///
    /// ```
    /// use rectify_schema::{build::*, dialect::POSTGRES, ops::CreateIndex};
    ///
    /// let by_token = index("ix_users_token").on("users", ["token"]).storage("fillfactor", 70);
    /// let statements = POSTGRES.render(&CreateIndex::new(by_token).into())?;
    /// assert_eq!(statements[0].sql, "CREATE INDEX ix_users_token ON users (token) WITH (fillfactor = 70)");
    /// # Ok::<(), rectify_schema::Unsupported>(())
    /// ```
    pub fn storage(mut self, parameter: impl Into<String>, value: impl ToString) -> Self {
        self.storage.push((parameter.into(), value.to_string()));
        self
    }

    /// Puts the index into a tablespace (PostgreSQL; the others ignore it).
    pub fn tablespace(mut self, tablespace: impl Into<String>) -> Self {
        self.tablespace = Some(tablespace.into());
        self
    }

    /// Splits texts into words by this parser, for `.using("fulltext")` (MySQL).
    pub fn parser(mut self, parser: impl Into<String>) -> Self {
        self.parser = Some(parser.into());
        self
    }

    /// Builds without locking the table (PostgreSQL, outside a transaction); the others ignore it.
    pub fn concurrently(mut self) -> Self {
        self.concurrently = true;
        self
    }

    /// Does nothing where the index exists already (not on MySQL).
    pub fn if_not_exists(mut self) -> Self {
        self.if_not_exists = true;
        self
    }

    /// Gives what the index is, without how it is made.
    pub(crate) fn definition(&self) -> Self {
        Self { concurrently: false, if_not_exists: false, ..self.clone() }
    }
}

impl IndexColumn {
    /// Makes an index column with nothing but its target.
    pub const fn new(target: IndexTarget) -> Self {
        Self { target, order: None, nulls: None, collation: None, operator_class: None, length: None }
    }

    /// Sorts from low to high.
    pub fn asc(mut self) -> Self {
        self.order = Some(Order::Asc);
        self
    }

    /// Sorts from high to low.
    pub fn desc(mut self) -> Self {
        self.order = Some(Order::Desc);
        self
    }

    /// Puts `NULL`s first (PostgreSQL).
    pub fn nulls_first(mut self) -> Self {
        self.nulls = Some(Nulls::First);
        self
    }

    /// Puts `NULL`s last (PostgreSQL).
    pub fn nulls_last(mut self) -> Self {
        self.nulls = Some(Nulls::Last);
        self
    }

    /// Compares by this collation (PostgreSQL, SQLite).
    pub fn collate(mut self, collation: impl Into<String>) -> Self {
        self.collation = Some(collation.into());
        self
    }

    /// Compares by this operator class (PostgreSQL).
    pub fn operator_class(mut self, class: impl Into<String>) -> Self {
        self.operator_class = Some(class.into());
        self
    }

    /// Indexes only the first characters (MySQL and MariaDB ask for it on texts; the others ignore it).
    pub fn length(mut self, length: u32) -> Self {
        self.length = Some(length);
        self
    }
}

impl From<&str> for IndexColumn {
    fn from(name: &str) -> Self {
        index_column(name)
    }
}

impl From<String> for IndexColumn {
    fn from(name: String) -> Self {
        index_column(name)
    }
}

impl From<SqlExpression> for IndexColumn {
    fn from(expression: SqlExpression) -> Self {
        Self::new(IndexTarget::Expression(expression.0))
    }
}
