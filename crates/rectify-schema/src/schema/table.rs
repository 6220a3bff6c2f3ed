//! Tables.

use super::{Check, Column, ColumnType, EnumType, Exclude, ForeignKey, Index, PrimaryKey, Unique};
use crate::name::TableName;

/// A table.
///
/// Keys and checks are always the table's: [`Table::column`] takes over what a column was given.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Table {
    /// The table's name.
    pub name: TableName,
    /// The columns in order.
    pub columns: Vec<Column>,
    /// The primary key.
    pub primary_key: Option<PrimaryKey>,
    /// The unique constraints.
    pub uniques: Vec<Unique>,
    /// The foreign keys from this table.
    pub foreign_keys: Vec<ForeignKey>,
    /// The checks.
    pub checks: Vec<Check>,
    /// The exclusion constraints (PostgreSQL).
    pub excludes: Vec<Exclude>,
    /// The indexes.
    pub indexes: Vec<Index>,
    /// The comment; SQLite has none and leaves it out.
    pub comment: Option<String>,
    /// What only one database knows.
    pub options: TableOptions,
    /// Do nothing where the table exists already. Says how the table is made, not what it is.
    pub if_not_exists: bool,
    /// Create the enum types of its columns with it, and drop them with it (PostgreSQL). Says how the table is made, not
    /// what it is.
    pub with_enums: bool,
}

/// What only one database knows of a table; the others ignore it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableOptions {
    /// SQLite: check the types of values.
    pub strict: bool,
    /// SQLite: keep the rows in the primary key.
    pub without_rowid: bool,
    /// MySQL, MariaDB: the storage engine.
    pub engine: Option<String>,
    /// MySQL, MariaDB: the character set.
    pub charset: Option<String>,
    /// MySQL, MariaDB: the collation.
    pub collation: Option<String>,
    /// PostgreSQL: keep out of the write-ahead log.
    pub unlogged: bool,
    /// PostgreSQL: what follows `PARTITION BY`.
    pub partition_by: Option<String>,
    /// A table of the session alone, which goes with it; all databases know it.
    pub temporary: bool,
    /// PostgreSQL: the tables whose columns this one takes over.
    pub inherits: Vec<TableName>,
    /// PostgreSQL: the access method, such as `heap`.
    pub access_method: Option<String>,
    /// PostgreSQL: storage parameters, such as `fillfactor`, with their values as SQL text.
    pub storage: Vec<(String, String)>,
    /// PostgreSQL: what becomes of a temporary table's rows when a transaction ends.
    pub on_commit: Option<OnCommit>,
    /// PostgreSQL: the tablespace.
    pub tablespace: Option<String>,
    /// MySQL, MariaDB: how rows are stored, such as `DYNAMIC`.
    pub row_format: Option<String>,
    /// MySQL, MariaDB: the first number of the column with an identity, unless that says so itself.
    pub auto_increment: Option<u64>,
    /// MySQL, MariaDB: what follows `PARTITION BY`, such as `HASH(id) PARTITIONS 4`.
    pub partitions: Option<String>,
}

/// What becomes of a temporary table when a transaction ends (PostgreSQL).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnCommit {
    /// Its rows stay, as they do where nothing is said.
    PreserveRows,
    /// Its rows are deleted.
    DeleteRows,
    /// The table is dropped.
    Drop,
}

/// Makes a table without columns.
///
/// # Examples
///
/// ```
/// use rectify_schema::build::*;
///
/// let documents = table("documents")
///     .schema("workspace")
///     .comment("Uploaded documents")
///     .column(column("id", bigint()).primary_key().identity())
///     .column(column("tenant_id", bigint()).not_null())
///     .column(column("title", varchar(255)).not_null())
///     .foreign_key(foreign_key("fk_documents_tenant").on(["tenant_id"]).references("tenants", ["id"]).on_delete(Cascade))
///     .check(check("ck_documents_title", "length(title) > 0"));
/// assert_eq!(documents.primary_key.unwrap().columns, ["id"]);
/// ```
pub fn table(name: impl Into<TableName>) -> Table {
    Table {
        name: name.into(),
        columns: Vec::new(),
        primary_key: None,
        uniques: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        excludes: Vec::new(),
        indexes: Vec::new(),
        comment: None,
        options: TableOptions::default(),
        if_not_exists: false,
        with_enums: false,
    }
}

impl Table {
    /// Puts the table into a schema.
    pub fn schema(mut self, schema: impl Into<String>) -> Self {
        self.name.schema = Some(schema.into());
        for index in &mut self.indexes {
            index.table = self.name.clone();
        }
        self
    }

    /// Adds a column, taking over its primary key, unique, foreign key, check and index.
    pub fn column(mut self, column: Column) -> Self {
        self.add_column(column);
        self
    }

    /// Sets the primary key; its columns become `NOT NULL`.
    pub fn primary_key(mut self, primary_key: PrimaryKey) -> Self {
        self.set_primary_key(primary_key);
        self
    }

    /// Adds a unique constraint.
    pub fn unique(mut self, unique: Unique) -> Self {
        self.uniques.push(unique);
        self
    }

    /// Adds a foreign key.
    pub fn foreign_key(mut self, foreign_key: ForeignKey) -> Self {
        self.foreign_keys.push(foreign_key);
        self
    }

    /// Adds a check.
    pub fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// Adds an exclusion constraint (PostgreSQL).
    pub fn exclude(mut self, exclude: Exclude) -> Self {
        self.excludes.push(exclude);
        self
    }

    /// Adds an index, which is put on this table whatever it said.
    pub fn index(mut self, mut index: Index) -> Self {
        index.table = self.name.clone();
        self.indexes.push(index);
        self
    }

    /// Adds a comment; SQLite has none and leaves it out.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    /// Sets what only one database knows.
    pub fn options(mut self, options: TableOptions) -> Self {
        self.options = options;
        self
    }

    /// Does nothing where the table exists already, whatever it looks like.
    pub fn if_not_exists(mut self) -> Self {
        self.if_not_exists = true;
        self
    }

    /// Creates the enum types of its [`enumeration`](super::enumeration) columns with it, and drops them when it is dropped
    /// by its definition. Only PostgreSQL has such types; on the other databases the columns carry the values.
    ///
    /// # Examples
    ///
    /// ```
    /// use rectify_schema::build::*;
    ///
    /// let bills = table("bills").column(column("state", enumeration("bill_state", ["open", "paid"]))).with_enums();
    /// assert_eq!(bills.enums()[0].values, ["open", "paid"]);
    /// ```
    pub const fn with_enums(mut self) -> Self {
        self.with_enums = true;
        self
    }

    /// The enum types of its columns, as far as their values are known, each once.
    #[must_use]
    pub fn enums(&self) -> Vec<EnumType> {
        let mut enums: Vec<EnumType> = Vec::new();
        for column in &self.columns {
            let mut column_type = &column.column_type;
            while let ColumnType::Array(of) = column_type {
                column_type = of;
            }
            if let ColumnType::Enum(found) = column_type
                && !found.values.is_empty()
                && enums.iter().all(|other| other.name != found.name)
            {
                enums.push(found.clone());
            }
        }
        enums
    }

    /// Finds a column by name.
    #[must_use]
    pub fn find_column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Finds a column by name, to change it.
    pub fn find_column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|column| column.name == name)
    }

    /// Tells whether the column is the whole primary key.
    #[must_use]
    pub fn is_sole_key(&self, column: &str) -> bool {
        self.primary_key.as_ref().is_some_and(|key| key.columns == [column])
    }

    pub(crate) fn add_column(&mut self, mut column: Column) {
        let name = column.name.clone();
        let taken = column.take_constraints();
        self.columns.push(column);
        if let Some(own) = taken.primary_key {
            let mut key = self.primary_key.take().unwrap_or(PrimaryKey { columns: Vec::new(), ..own });
            if !key.columns.contains(&name) {
                key.columns.push(name);
            }
            self.set_primary_key(key);
        }
        self.uniques.extend(taken.unique);
        self.foreign_keys.extend(taken.foreign_key.map(|key| ForeignKey { not_valid: false, ..key }));
        self.checks.extend(taken.check.map(|check| Check { not_valid: false, ..check }));
        self.indexes.extend(taken.index.map(|index| Index { table: self.name.clone(), ..index }));
    }

    pub(crate) fn set_primary_key(&mut self, key: PrimaryKey) {
        for column in &mut self.columns {
            if key.columns.contains(&column.name) {
                column.nullable = false;
            }
        }
        self.primary_key = Some(key);
    }

    /// Tells whether the table is as a schema holds it: its own [`definition`](Self::definition).
    pub(crate) fn is_definition(&self) -> bool {
        let keys = self.primary_key.iter().flat_map(|key| &key.columns);
        let fits = |column: &Column| {
            let alone = column.primary_key || column.unique || column.index;
            !alone && column.foreign_key.is_none() && column.check.is_none() && column.names.is_none()
        };
        !self.if_not_exists
            && self.columns.iter().all(fits)
            && keys.filter_map(|name| self.find_column(name)).all(|column| !column.nullable)
            && !self.indexes.iter().any(|index| index.concurrently || index.if_not_exists)
            && !self.foreign_keys.iter().any(|key| key.not_valid)
            && !self.checks.iter().any(|check| check.not_valid)
    }

    /// Gives the table as a schema holds it: keys and checks taken over from columns that were pushed by hand.
    pub(crate) fn definition(&self) -> Self {
        let mut table = self.clone();
        table.if_not_exists = false;
        let columns = std::mem::replace(&mut table.columns, Vec::with_capacity(self.columns.len()));
        columns.into_iter().for_each(|column| table.add_column(column));
        if let Some(key) = table.primary_key.take() {
            table.set_primary_key(key);
        }
        for index in &mut table.indexes {
            (index.concurrently, index.if_not_exists) = (false, false);
        }
        for foreign_key in &mut table.foreign_keys {
            foreign_key.not_valid = false;
        }
        for check in &mut table.checks {
            check.not_valid = false;
        }
        table
    }
}

impl ForeignKey {
    /// Gives the key with the referring column filled in, if none was given.
    pub(crate) fn of_column(mut self, column: &str) -> Self {
        if self.columns.is_empty() {
            self.columns.push(column.to_owned());
        }
        self
    }
}
