//! Changing a SQLite table in ways that its `ALTER TABLE` cannot: create a new table, copy, drop the old, rename.
//!
//! This is the pure part. It does not look at a database: the caller passes the table as the catalog has it, and what
//! hangs on it. The caller also sets `PRAGMA foreign_keys = OFF` before the transaction begins (inside one it does
//! nothing, and the drop would delete the child rows) and runs `PRAGMA foreign_key_check` before the commit. On the other
//! databases a batch is its operations one by one.

use crate::dialect::{SQLITE, Statement, Unsupported};
use crate::name::TableName;
use crate::ops::{ApplyError, CreateIndex, CreateTable, Operation};
use crate::schema::{Index, Schema, Table, Value};

/// What begins the name of the table that takes the place of the old one.
pub const TEMPORARY_PREFIX: &str = "_rectify_tmp_";

/// What depends on a table and would be lost or broken if it were rebuilt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attached {
    /// The names of the triggers on the table, and of those elsewhere that speak of it.
    pub triggers: Vec<String>,
    /// The names of the views that read it.
    pub views: Vec<String>,
}

/// How to change a table, and what it is afterwards.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Rebuild {
    /// The table after all changes.
    pub table: Table,
    /// What to send, in order, in one transaction with `PRAGMA foreign_keys` off.
    pub statements: Vec<Statement>,
    /// Whether the table is copied; if not, every change was one that `ALTER TABLE` can do.
    pub copies: bool,
}

/// Why a table cannot be rebuilt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RebuildError {
    /// The table has triggers, views or generated columns, which a rebuild does not carry over yet.
    #[error("cannot rebuild the table `{table}`: {kind} `{name}` would be lost")]
    Attached {
        /// The table.
        table: TableName,
        /// What it is: `the trigger`, `the view` or `the generated column`.
        kind: &'static str,
        /// The name of the first one in the way.
        name: String,
        /// The names of all of its kind.
        names: Vec<String>,
        /// What to do instead, in the imperative.
        hint: &'static str,
    },
    /// A change is not one to this table.
    #[error("cannot {operation} while changing the table `{table}`")]
    Foreign {
        /// The table.
        table: TableName,
        /// The change, on one line.
        operation: String,
        /// What to do instead, in the imperative.
        hint: &'static str,
    },
    /// A change does not fit the table.
    #[error("cannot {operation}")]
    Apply {
        /// The change, on one line.
        operation: String,
        /// Why.
        source: ApplyError,
    },
    /// SQLite cannot do it even so.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}

impl RebuildError {
    /// Says what to do instead, if there is something to say.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Attached { hint, .. } | Self::Foreign { hint, .. } => Some(hint),
            Self::Unsupported(unsupported) => Some(&unsupported.hint),
            Self::Apply { .. } => None,
        }
    }
}

/// Plans the changes to a SQLite table.
///
/// Rows, keys, checks and indexes are kept, also the ones on expressions, and the high-water mark of `AUTOINCREMENT`.
/// Values are copied as they are; SQLite converts them by the affinity of the new type. Columns are renamed by
/// `ALTER TABLE`, which also corrects foreign keys in other tables. If `ALTER TABLE` can do all of it, nothing is copied.
///
/// `current` is the table as the catalog has it; an [`Index::sql`] is sent again as it stands.
///
/// # Errors
///
/// Returns [`RebuildError`] if a trigger, a view or a generated column stands in the way of a copy, if a change is to
/// another table or does not fit this one, or if SQLite cannot do it even so.
///
/// # Examples
///
/// ```
/// use rectify_schema::{batch::{self, Attached}, build::*, ops::AlterColumn};
///
/// let users = table("users").column(column("id", integer()).primary_key()).column(column("email", text()));
/// let changes = [AlterColumn::new("users", alter("email").set_not_null()).into()];
/// let rebuild = batch::rebuild(&users, &changes, &Attached::default())?;
/// let sql: Vec<_> = rebuild.statements.iter().map(|statement| statement.sql.lines().next().unwrap()).collect();
/// assert_eq!(sql, [
///     "CREATE TABLE _rectify_tmp_users (",
///     "INSERT INTO _rectify_tmp_users (id, email) SELECT id, email FROM users",
///     "DROP TABLE users",
///     "ALTER TABLE _rectify_tmp_users RENAME TO users",
/// ]);
/// # Ok::<(), batch::RebuildError>(())
/// ```
pub fn rebuild(current: &Table, changes: &[Operation], attached: &Attached) -> Result<Rebuild, RebuildError> {
    for change in changes {
        check_table(current, change)?;
    }
    if let Some(statements) = in_place(changes) {
        let mut schema = Schema { tables: vec![current.clone()], enums: Vec::new() };
        for change in changes {
            apply(change, &mut schema)?;
        }
        let table = schema.tables.pop().unwrap_or_else(|| current.clone());
        return Ok(Rebuild { table, statements, copies: false });
    }
    check_attached(current, attached)?;
    let mut plan = Plan::new(current.clone());
    for change in changes {
        plan.add(change)?;
    }
    plan.flush()?;
    check_generated(&plan.table)?;
    Ok(Rebuild { table: plan.table, statements: plan.statements, copies: true })
}

/// Gives the statements if `ALTER TABLE` can do every change, also to a table with rows.
fn in_place(changes: &[Operation]) -> Option<Vec<Statement>> {
    let mut statements = Vec::new();
    for change in changes {
        // SQLite refuses to drop a column that is indexed, a key or in a check, which the copy can do.
        if matches!(change, Operation::DropColumn(_)) {
            return None;
        }
        statements.extend(SQLITE.render(change).ok()?);
    }
    Some(statements)
}

/// The changes so far: those in `table` since `copied_from` wait for one copy.
struct Plan {
    table: Table,
    copied_from: Table,
    /// The columns whose values are copied; one dropped and added again is not among them.
    kept: Vec<String>,
    waiting: bool,
    statements: Vec<Statement>,
}

impl Plan {
    fn new(table: Table) -> Self {
        let kept = table.columns.iter().map(|column| column.name.clone()).collect();
        Self { copied_from: table.clone(), table, kept, waiting: false, statements: Vec::new() }
    }

    fn add(&mut self, change: &Operation) -> Result<(), RebuildError> {
        let Operation::AlterColumn(alter) = change else {
            return self.queue(change);
        };
        let Some(to) = alter.change.rename_to.as_ref().filter(|to| **to != alter.change.column) else {
            return self.queue(change);
        };
        let mut rest = alter.clone();
        rest.change.rename_to = None;
        self.queue(&rest.into())?;
        // ALTER TABLE renames the column in other tables' foreign keys too, which a copy could not reach.
        self.flush()?;
        let rename = crate::ops::alter(&alter.change.column).rename_to(to);
        let rename = crate::ops::AlterColumn::new(&alter.table, rename).into();
        self.statements.extend(SQLITE.render(&rename)?);
        self.apply(&rename)?;
        *self = Self { statements: std::mem::take(&mut self.statements), ..Self::new(self.table.clone()) };
        Ok(())
    }

    /// Makes the change to the table in mind; the next copy makes it real.
    fn queue(&mut self, change: &Operation) -> Result<(), RebuildError> {
        let before = self.table.clone();
        match change {
            Operation::DropColumn(op) => self.kept.retain(|column| *column != op.column),
            Operation::AlterColumn(op) => self.forget_enum_check(&op.change.column, op.change.column_type.is_some()),
            _ => {}
        }
        self.apply(change)?;
        self.waiting |= self.table != before;
        Ok(())
    }

    fn apply(&mut self, change: &Operation) -> Result<(), RebuildError> {
        let mut schema = Schema { tables: vec![self.table.clone()], enums: Vec::new() };
        apply(change, &mut schema)?;
        if let Some(table) = schema.tables.pop() {
            self.table = table;
        }
        Ok(())
    }

    /// Removes the check that stood for the values of an enum, as the catalog gives it, where the type changes.
    fn forget_enum_check(&mut self, column: &str, changes: bool) {
        let begins = format!("{} IN (", SQLITE.quote(column));
        if changes {
            self.table.checks.retain(|check| check.name.is_some() || !check.expression.starts_with(&begins));
        }
    }

    /// Writes the copy, if a change waits for it.
    fn flush(&mut self) -> Result<(), RebuildError> {
        if !std::mem::take(&mut self.waiting) {
            return Ok(());
        }
        check_generated(&self.table)?;
        let statements = copy(&self.copied_from, &self.table, &self.kept)?;
        self.statements.extend(statements);
        *self = Self { statements: std::mem::take(&mut self.statements), ..Self::new(self.table.clone()) };
        Ok(())
    }
}

fn copy(old: &Table, new: &Table, kept: &[String]) -> Result<Vec<Statement>, RebuildError> {
    let temporary = new.name.sibling(format!("{TEMPORARY_PREFIX}{}", new.name.name));
    let create = CreateTable { table: Table { name: temporary.clone(), indexes: Vec::new(), ..new.clone() } };
    let mut statements = SQLITE.render(&create.into())?;
    let (from, to) = (quote_table(&old.name), quote_table(&temporary));
    let columns: Vec<_> = new.columns.iter().map(|column| &column.name).filter(|name| kept.contains(name)).collect();
    if !columns.is_empty() {
        let columns: Vec<_> = columns.into_iter().map(|name| SQLITE.quote(name)).collect();
        let columns = columns.join(", ");
        statements.push(Statement::new(format!("INSERT INTO {to} ({columns}) SELECT {columns} FROM {from}")));
    }
    if numbers_rows(old) && numbers_rows(new) {
        statements.extend(keep_sequence(&old.name, &temporary)?);
    }
    statements.push(Statement::new(format!("DROP TABLE {from}")));
    // With foreign_keys off, other tables' references to the old name stay; they then mean the new table.
    statements.push(Statement::new(format!("ALTER TABLE {to} RENAME TO {}", SQLITE.quote(&new.name.name))));
    for index in &new.indexes {
        statements.extend(SQLITE.render(&CreateIndex::new(Index { if_not_exists: false, ..index.clone() }).into())?);
    }
    Ok(statements)
}

fn numbers_rows(table: &Table) -> bool {
    table.columns.iter().any(|column| column.identity.is_some())
}

/// Hands on the highest number ever given, which may be higher than the highest row; the rename takes it along.
fn keep_sequence(old: &TableName, temporary: &TableName) -> Result<[Statement; 2], RebuildError> {
    let sequence = quote_table(&old.sibling("sqlite_sequence"));
    let name = |table: &TableName| {
        let literal = SQLITE.literal(&Value::Text(table.name.clone()));
        literal.map_err(|refusal| Unsupported {
            dialect: SQLITE.name(),
            operation: format!("rebuild table `{old}`"),
            what: refusal.what,
            hint: refusal.hint,
        })
    };
    let (old, temporary) = (name(old)?, name(temporary)?);
    Ok([
        Statement::new(format!("DELETE FROM {sequence} WHERE name = {temporary}")),
        Statement::new(format!(
            "INSERT INTO {sequence} (name, seq) SELECT {temporary}, seq FROM {sequence} WHERE name = {old}"
        )),
    ])
}

fn quote_table(name: &TableName) -> String {
    let schema = name.schema.as_ref().map_or(String::new(), |schema| format!("{}.", SQLITE.quote(schema)));
    format!("{schema}{}", SQLITE.quote(&name.name))
}

fn check_attached(table: &Table, attached: &Attached) -> Result<(), RebuildError> {
    let hint = "drop it before with `op.sql` and create it again after";
    for (kind, names) in [("the trigger", &attached.triggers), ("the view", &attached.views)] {
        if let Some(name) = names.first() {
            let (table, name, names) = (table.name.clone(), name.clone(), names.clone());
            return Err(RebuildError::Attached { table, kind, name, names, hint });
        }
    }
    check_generated(table)
}

fn check_generated(table: &Table) -> Result<(), RebuildError> {
    let generated = table.columns.iter().filter(|column| column.generated.is_some());
    let names: Vec<_> = generated.map(|column| column.name.clone()).collect();
    let Some(name) = names.first().cloned() else { return Ok(()) };
    Err(RebuildError::Attached {
        table: table.name.clone(),
        kind: "the generated column",
        name,
        names,
        hint: "drop it before with `op.drop_column` and add it again after",
    })
}

/// Refuses what is not a change to this table.
fn check_table(table: &Table, change: &Operation) -> Result<(), RebuildError> {
    let hint = "do it outside the batch";
    let of = match change {
        Operation::AddColumn(op) => Some(&op.table),
        Operation::DropColumn(op) => Some(&op.table),
        Operation::AlterColumn(op) => Some(&op.table),
        Operation::CreateIndex(op) => Some(&op.index.table),
        Operation::DropIndex(op) => op.table.as_ref().or(Some(&table.name)),
        Operation::CreatePrimaryKey(op) => Some(&op.table),
        Operation::DropPrimaryKey(op) => Some(&op.table),
        Operation::CreateUnique(op) => Some(&op.table),
        Operation::DropUnique(op) => Some(&op.table),
        Operation::CreateForeignKey(op) => Some(&op.table),
        Operation::DropForeignKey(op) => Some(&op.table),
        Operation::CreateCheck(op) => Some(&op.table),
        Operation::DropCheck(op) => Some(&op.table),
        Operation::SetTableComment(op) => Some(&op.table),
        Operation::CreateTable(_)
        | Operation::DropTable(_)
        | Operation::RenameTable(_)
        | Operation::CreateEnum(_)
        | Operation::DropEnum(_)
        | Operation::AddEnumValue(_)
        | Operation::Sql(_) => None,
    };
    if of == Some(&table.name) {
        return Ok(());
    }
    Err(RebuildError::Foreign { table: table.name.clone(), operation: change.to_string(), hint })
}

fn apply(change: &Operation, schema: &mut Schema) -> Result<(), RebuildError> {
    change.apply(schema).map_err(|source| RebuildError::Apply { operation: change.to_string(), source })
}
