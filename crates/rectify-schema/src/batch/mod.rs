//! Changing a SQLite table in ways that its `ALTER TABLE` cannot: create a new table, copy, drop the old, rename.
//!
//! This is the pure part. It does not look at a database: the caller passes the table as the catalog has it, and what
//! hangs on it. The caller also sets `PRAGMA foreign_keys = OFF` before the transaction begins (inside one it does
//! nothing, and the drop would delete the child rows) and runs `PRAGMA foreign_key_check` before the commit. On the other
//! databases a batch is its operations one by one.

mod programs;

use self::programs::qualified;
pub use self::programs::{Program, Trigger};
use crate::dialect::{SQLITE, Statement, Unsupported};
use crate::name::TableName;
use crate::ops::{ApplyError, CreateIndex, CreateTable, Operation};
use crate::schema::{Column, Index, Schema, Table, Value};
use crate::text::mentions;

/// What begins the name of the table that takes the place of the old one.
pub const TEMPORARY_PREFIX: &str = "_rectify_tmp_";

/// What depends on a table, and is carried over when it is rebuilt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attached {
    /// The triggers on the table, the views that read it, and the triggers elsewhere that speak of it, in the order in
    /// which they were made; with each view, what speaks of that view in turn.
    pub programs: Vec<Program>,
    /// Clauses of the table's definition that a [`Table`] has no place for, such as `DESC` in a key.
    pub clauses: Vec<String>,
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

/// When to copy the table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Recreate {
    /// Where `ALTER TABLE` cannot do it.
    #[default]
    Auto,
    /// Always, also where nothing changes.
    Always,
    /// Never: what needs a copy is refused.
    Never,
}

/// Where a column goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Before this column.
    Before(String),
    /// Behind this column.
    After(String),
}

/// How to rebuild a table, where it is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// When to copy.
    pub recreate: Recreate,
    /// Columns that go to a place, by the names after all changes, in the order in which they are moved.
    pub places: Vec<(String, Place)>,
}

/// Why a table cannot be rebuilt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RebuildError {
    /// The table's definition has clauses that a copy would lose.
    #[error("cannot rebuild the table `{table}` and keep {}", clauses.join(", "))]
    Clauses {
        /// The table.
        table: TableName,
        /// The clauses.
        clauses: Vec<String>,
    },
    /// A check speaks of a column that is dropped and of others that stay.
    #[error("cannot drop the column `{table}`.`{column}`: the check `{check}` speaks of other columns too")]
    Checked {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
        /// The name of the check; its condition if it has none.
        check: String,
        /// What to do instead, in the imperative.
        hint: String,
    },
    /// A trigger or another column is there for a column that is dropped.
    #[error("cannot drop the column `{table}`.`{column}`: the {kind} `{name}` is made of it")]
    Used {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
        /// `trigger` or `generated column`.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// A column cannot be moved to its place.
    #[error("cannot place the column `{column}` of the table `{table}` beside `{beside}`: {why}")]
    Place {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
        /// The column that it should stand beside.
        beside: String,
        /// Why not.
        why: &'static str,
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
            Self::Foreign { hint, .. } => Some(hint),
            Self::Clauses { .. } => {
                Some("rebuild it by hand with `op.sql`, or leave the clauses out of the table first")
            }
            Self::Checked { hint, .. } => Some(hint),
            Self::Used { kind: "trigger", .. } => {
                Some("drop the trigger before the batch with `op.sql`, and create one after it that fits")
            }
            Self::Used { .. } => Some("drop that column before in the same batch"),
            Self::Unsupported(unsupported) => Some(&unsupported.hint),
            Self::Place { .. } => Some("name columns that the table has after the batch, and let it be copied"),
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
/// Triggers and views are dropped before a copy and created again after it with the same text; one that no longer fits
/// the table makes the statements fail.
///
/// `current` is the table as the catalog has it; an [`Index::sql`] is sent again as it stands.
///
/// # Errors
///
/// Returns [`RebuildError`] if a clause of the table would be lost by a copy, if a dropped column is used by a check of
/// other columns, a trigger's `UPDATE OF` or a generated column, if a change is to another table or does not fit this
/// one, or if SQLite cannot do it even so.
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
    rebuild_with(current, changes, attached, &Options::default())
}

/// As [`rebuild`], with options.
///
/// # Errors
///
/// As [`rebuild`]; also if a column cannot be placed, or a copy is needed that [`Recreate::Never`] forbids.
///
/// # Examples
///
/// ```
/// use rectify_schema::{batch::{self, Attached, Options, Place}, build::*, ops::AddColumn};
///
/// let users = table("users").column(column("id", integer()).primary_key()).column(column("email", text()));
/// let changes = [AddColumn::new("users", column("name", text())).into()];
/// let places = vec![("name".to_owned(), Place::After("id".to_owned()))];
/// let options = Options { places, ..Options::default() };
/// let rebuild = batch::rebuild_with(&users, &changes, &Attached::default(), &options)?;
/// let names: Vec<_> = rebuild.table.columns.iter().map(|column| column.name.as_str()).collect();
/// assert_eq!(names, ["id", "name", "email"]);
/// # Ok::<(), batch::RebuildError>(())
/// ```
pub fn rebuild_with(
    current: &Table,
    changes: &[Operation],
    attached: &Attached,
    options: &Options,
) -> Result<Rebuild, RebuildError> {
    for change in changes {
        check_table(current, change)?;
    }
    let statements = match options.recreate {
        Recreate::Always => None,
        Recreate::Auto => in_place(changes).filter(|_| options.places.is_empty()),
        Recreate::Never => Some(never_copied(current, changes, options)?),
    };
    if let Some(statements) = statements {
        let mut schema = Schema { tables: vec![current.clone()], ..Schema::default() };
        for change in changes {
            apply(change, &mut schema)?;
        }
        let table = schema.tables.pop().unwrap_or_else(|| current.clone());
        return Ok(Rebuild { table, statements, copies: false });
    }
    if !attached.clauses.is_empty() {
        let (table, clauses) = (current.name.clone(), attached.clauses.clone());
        return Err(RebuildError::Clauses { table, clauses });
    }
    let mut plan = Plan::new(current.clone(), &attached.programs);
    for change in changes {
        plan.add(change)?;
    }
    for (column, place) in &options.places {
        move_column(&mut plan.table, column, place)?;
    }
    plan.waiting |= options.recreate == Recreate::Always || !options.places.is_empty();
    plan.flush()?;
    Ok(Rebuild { table: plan.table, statements: plan.statements, copies: true })
}

/// Cuts changes at each renaming of a column, which SQLite carries into indexes, triggers and views by itself.
///
/// A [`rebuild`] knows their texts only as the catalog had them. So where one copies and renames, plan and send part by
/// part, each with the catalog as the part before it left it.
#[must_use]
pub fn parts(changes: &[Operation]) -> Vec<Vec<Operation>> {
    let (mut parts, mut part) = (Vec::new(), Vec::new());
    for change in changes {
        match renaming(change) {
            Some((rest, rename)) => {
                part.push(rest);
                parts.extend([std::mem::take(&mut part), vec![rename]]);
            }
            None => part.push(change.clone()),
        }
    }
    parts.push(part);
    parts.retain(|part| !part.is_empty());
    parts
}

/// A change of a column that renames it, as what else it changes and the renaming.
fn renaming(change: &Operation) -> Option<(Operation, Operation)> {
    let Operation::AlterColumn(alter) = change else { return None };
    let to = alter.change.rename_to.as_ref().filter(|to| **to != alter.change.column)?;
    let mut rest = alter.clone();
    rest.change.rename_to = None;
    let rename = crate::ops::alter(&alter.change.column).rename_to(to);
    Some((rest.into(), crate::ops::AlterColumn::new(&alter.table, rename).into()))
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

fn never_copied(table: &Table, changes: &[Operation], options: &Options) -> Result<Vec<Statement>, RebuildError> {
    if let Some((column, Place::Before(beside) | Place::After(beside))) = options.places.first() {
        let (table, column, beside) = (table.name.clone(), column.clone(), beside.clone());
        return Err(RebuildError::Place { table, column, beside, why: "the table is not to be copied" });
    }
    let mut statements = Vec::new();
    for change in changes {
        let rendered = SQLITE.render(change);
        statements.extend(rendered.map_err(|refusal| let_it_be_copied(table, change, refusal))?);
    }
    Ok(statements)
}

/// The hint of the dialect is to use a batch, which this is.
fn let_it_be_copied(table: &Table, change: &Operation, refusal: Unsupported) -> Unsupported {
    if rebuild(table, std::slice::from_ref(change), &Attached::default()).is_err() {
        return refusal;
    }
    Unsupported { hint: "let it be copied: leave `Recreate::Never` out".to_owned(), ..refusal }
}

fn move_column(table: &mut Table, column: &str, place: &Place) -> Result<(), RebuildError> {
    let (Place::Before(beside) | Place::After(beside)) = place;
    let refused = |why| {
        let (table, column, beside) = (table.name.clone(), column.to_owned(), beside.clone());
        Err(RebuildError::Place { table, column, beside, why })
    };
    let at = |name: &str| table.columns.iter().position(|column| column.name == name);
    let (Some(from), Some(to)) = (at(column), at(beside)) else { return refused("there is no such column") };
    if from == to {
        return refused("they are the same");
    }
    let to = to - usize::from(from < to) + usize::from(matches!(place, Place::After(_)));
    let column = table.columns.remove(from);
    table.columns.insert(to, column);
    Ok(())
}

/// The changes so far: those in `table` since `copied_from` wait for one copy.
struct Plan<'a> {
    programs: &'a [Program],
    table: Table,
    copied_from: Table,
    /// The columns whose values are copied; one dropped and added again is not among them.
    kept: Vec<String>,
    waiting: bool,
    statements: Vec<Statement>,
}

impl<'a> Plan<'a> {
    fn new(table: Table, programs: &'a [Program]) -> Self {
        let kept = table.columns.iter().map(|column| column.name.clone()).collect();
        Self { programs, copied_from: table.clone(), table, kept, waiting: false, statements: Vec::new() }
    }

    /// What was done so far stands; the next copy begins with the table as it is now.
    fn begin_again(&mut self) {
        let statements = std::mem::take(&mut self.statements);
        *self = Self { statements, ..Self::new(self.table.clone(), self.programs) };
    }

    fn add(&mut self, change: &Operation) -> Result<(), RebuildError> {
        let Some((rest, rename)) = renaming(change) else {
            return self.queue(change);
        };
        self.queue(&rest)?;
        // ALTER TABLE renames the column in other tables' foreign keys too, which a copy could not reach.
        self.flush()?;
        self.statements.extend(SQLITE.render(&rename)?);
        self.apply(&rename)?;
        self.begin_again();
        Ok(())
    }

    /// Makes the change to the table in mind; the next copy makes it real.
    fn queue(&mut self, change: &Operation) -> Result<(), RebuildError> {
        let before = self.table.clone();
        match change {
            Operation::DropColumn(op) => {
                check_unused(&self.table, &op.column, self.programs)?;
                self.kept.retain(|column| *column != op.column);
            }
            Operation::AlterColumn(op) => self.forget_enum_check(&op.change.column, op.change.column_type.is_some()),
            _ => {}
        }
        self.apply(change)?;
        self.waiting |= self.table != before;
        Ok(())
    }

    fn apply(&mut self, change: &Operation) -> Result<(), RebuildError> {
        let mut schema = Schema { tables: vec![self.table.clone()], ..Schema::default() };
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
        self.statements.extend(programs::drop_all(&self.table.name, self.programs));
        self.statements.extend(copy(&self.copied_from, &self.table, &self.kept)?);
        self.statements.extend(programs::create_all(&self.table, self.programs));
        self.begin_again();
        Ok(())
    }
}

fn copy(old: &Table, new: &Table, kept: &[String]) -> Result<Vec<Statement>, RebuildError> {
    let temporary = new.name.sibling(format!("{TEMPORARY_PREFIX}{}", new.name.name));
    let create = CreateTable { table: Table { name: temporary.clone(), indexes: Vec::new(), ..new.clone() } };
    let mut statements = SQLITE.render(&create.into())?;
    let (from, to) = (quote_table(&old.name), quote_table(&temporary));
    let written = new.columns.iter().filter(|column| column.generated.is_none());
    let columns: Vec<_> = written.map(|column| &column.name).filter(|name| kept.contains(name)).collect();
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
        let sql = index.sql.as_ref().map(|sql| qualified(sql, &new.name));
        let index = Index { if_not_exists: false, sql, ..index.clone() };
        statements.extend(SQLITE.render(&CreateIndex::new(index).into())?);
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

/// Refuses to drop a column that something else than its own constraints is there for.
fn check_unused(table: &Table, column: &str, programs: &[Program]) -> Result<(), RebuildError> {
    let others = |text: &str| table.columns.iter().any(|other| other.name != column && mentions(text, &other.name));
    let shared = table.checks.iter().find(|check| mentions(&check.expression, column) && others(&check.expression));
    if let Some(check) = shared {
        let hint = check.name.as_ref().map_or_else(
            || "it has no name to drop it by: give the table without it, `batch.copy_from(table(..))`".to_owned(),
            |name| format!("drop it before in the same batch: `batch.drop_check({name:?})`"),
        );
        let check = check.name.as_ref().unwrap_or(&check.expression).clone();
        return Err(RebuildError::Checked { table: table.name.clone(), column: column.to_owned(), check, hint });
    }
    let used = |kind, name: &str| {
        let (table, column, name) = (table.name.clone(), column.to_owned(), name.to_owned());
        Err(RebuildError::Used { table, column, kind, name })
    };
    let computed = |other: &&Column| other.generated.as_ref().is_some_and(|of| mentions(&of.expression, column));
    if let Some(other) = table.columns.iter().filter(|other| other.name != column).find(computed) {
        return used("generated column", &other.name);
    }
    let fires = |trigger: &Trigger| {
        let of = |name: &String| name.eq_ignore_ascii_case(column);
        trigger.table.eq_ignore_ascii_case(&table.name.name) && trigger.columns.iter().any(of)
    };
    match programs.iter().find(|program| program.trigger.as_ref().is_some_and(fires)) {
        Some(program) => used("trigger", &program.name),
        None => Ok(()),
    }
}

/// Refuses what is not a change to this table.
fn check_table(table: &Table, change: &Operation) -> Result<(), RebuildError> {
    let hint = "do it outside the batch";
    let of = match change {
        Operation::DropIndex(op) => op.table.as_ref().or(Some(&table.name)),
        Operation::BatchAlterTable(_) => None,
        other => other.altered_table(),
    };
    if of == Some(&table.name) {
        return Ok(());
    }
    Err(RebuildError::Foreign { table: table.name.clone(), operation: change.to_string(), hint })
}

fn apply(change: &Operation, schema: &mut Schema) -> Result<(), RebuildError> {
    change.apply(schema).map_err(|source| RebuildError::Apply { operation: change.to_string(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::*;
    use crate::ops::{
        AddColumn, AlterColumn, CreateCheck, CreateForeignKey, DropCheck, DropColumn, DropTable, DropUnique,
    };

    fn users() -> Table {
        table("users")
            .column(column("id", integer()).primary_key().identity())
            .column(column("email", text()).not_null())
            .column(column("age", integer()))
            .column(column("boss", integer()))
            .unique(unique("uq_users_email").on(["email"]))
            .foreign_key(foreign_key("fk_users_boss").on(["boss"]).references("users", ["id"]))
            .index(index("ix_users_age").on("users", ["age"]))
            .index(Index {
                sql: Some("CREATE INDEX ix_users_lower ON users (lower(email)) WHERE age > 0".to_owned()),
                ..index("ix_users_lower").on("users", [sql("lower(email)")]).filter("age > 0")
            })
    }

    fn plan(changes: &[Operation]) -> Rebuild {
        rebuild(&users(), changes, &Attached::default()).unwrap()
    }

    #[track_caller]
    fn check_sql(changes: &[Operation], expected: &[&str]) {
        let sql: Vec<_> = plan(changes).statements.into_iter().map(|statement| statement.sql).collect();
        assert_eq!(sql, expected);
    }

    #[test]
    fn a_copy_keeps_rows_keys_indexes_and_the_sequence() {
        check_sql(
            &[AlterColumn::new("users", alter("age").set_type(bigint()).set_not_null().set_default(18)).into()],
            &[
                "CREATE TABLE _rectify_tmp_users (\n    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n    \
                 email TEXT NOT NULL,\n    age BIGINT DEFAULT 18 NOT NULL,\n    boss INTEGER,\n    \
                 CONSTRAINT uq_users_email UNIQUE (email),\n    \
                 CONSTRAINT fk_users_boss FOREIGN KEY (boss) REFERENCES users (id)\n)",
                "INSERT INTO _rectify_tmp_users (id, email, age, boss) SELECT id, email, age, boss FROM users",
                "DELETE FROM sqlite_sequence WHERE name = '_rectify_tmp_users'",
                "INSERT INTO sqlite_sequence (name, seq) SELECT '_rectify_tmp_users', seq FROM sqlite_sequence WHERE name = 'users'",
                "DROP TABLE users",
                "ALTER TABLE _rectify_tmp_users RENAME TO users",
                "CREATE INDEX ix_users_age ON users (age)",
                "CREATE INDEX ix_users_lower ON users (lower(email)) WHERE age > 0",
            ],
        );
    }

    #[test]
    fn what_alter_table_can_do_copies_nothing() {
        let changes = [
            AddColumn::new("users", column("phone", text())).into(),
            AlterColumn::new("users", alter("age").rename_to("years")).into(),
        ];
        check_sql(
            &changes,
            &["ALTER TABLE users ADD COLUMN phone TEXT", "ALTER TABLE users RENAME COLUMN age TO years"],
        );
        assert!(!plan(&changes).copies);
        // Nothing is lost without a copy, so nothing is refused.
        let attached = Attached { clauses: vec!["`note DESC` in a key".to_owned()], ..Attached::default() };
        assert!(!rebuild(&users(), &changes, &attached).unwrap().copies);
    }

    #[test]
    fn a_rename_in_a_copy_reaches_indexes_as_sqlite_keeps_them() {
        let changes = [
            AlterColumn::new("users", alter("age").rename_to("years").set_not_null()).into(),
            DropUnique::new("users", "uq_users_email").into(),
        ];
        let rebuild = plan(&changes);
        let sql: Vec<_> = rebuild.statements.iter().map(|statement| statement.sql.as_str()).collect();
        assert_eq!(sql.iter().filter(|sql| sql.starts_with("DROP TABLE")).count(), 2);
        assert!(sql.contains(&"ALTER TABLE users RENAME COLUMN age TO years"));
        assert_eq!(sql.last(), Some(&"CREATE INDEX ix_users_lower ON users (lower(email)) WHERE years > 0"));
        assert!(rebuild.table.uniques.is_empty());
    }

    #[test]
    fn columns_go_to_their_places_and_a_copy_can_be_forced_or_forbidden() {
        let with = |changes: &[Operation], recreate, places: &[(&str, Place)]| {
            let places = places.iter().map(|(column, place)| ((*column).to_owned(), place.clone())).collect();
            rebuild_with(&users(), changes, &Attached::default(), &Options { recreate, places })
        };
        let names =
            |rebuild: Rebuild| -> Vec<String> { rebuild.table.columns.into_iter().map(|column| column.name).collect() };
        let (before, after) = (|name: &str| Place::Before(name.to_owned()), |name: &str| Place::After(name.to_owned()));
        let add = [AddColumn::new("users", column("x", text())).into()];
        assert_eq!(names(with(&add, Recreate::Auto, &[("x", before("id"))]).unwrap())[..2], ["x", "id"]);
        let two = [("x", after("id")), ("id", after("boss"))];
        assert_eq!(names(with(&add, Recreate::Auto, &two).unwrap()), ["x", "email", "age", "boss", "id"]);
        assert!(with(&add, Recreate::Always, &[]).unwrap().copies && with(&[], Recreate::Always, &[]).unwrap().copies);
        assert!(!with(&add, Recreate::Never, &[]).unwrap().copies);
        let drop = [DropColumn::new("users", "boss").into()];
        let never = with(&drop, Recreate::Never, &[]).unwrap();
        assert_eq!(never.statements[0].sql, "ALTER TABLE users DROP COLUMN boss");
        let not_null = [AlterColumn::new("users", alter("age").set_not_null()).into()];
        for refused in [
            with(&not_null, Recreate::Never, &[]),
            with(&add, Recreate::Never, &[("x", after("id"))]),
            with(&add, Recreate::Auto, &[("x", after("nothing"))]),
            with(&add, Recreate::Auto, &[("x", after("x"))]),
        ] {
            assert!(refused.unwrap_err().hint().is_some());
        }
    }

    #[test]
    fn a_batch_is_cut_at_its_renames() {
        let parts = |changes: &[Operation]| -> Vec<Vec<String>> {
            super::parts(changes).iter().map(|part| part.iter().map(ToString::to_string).collect()).collect()
        };
        let changes = [
            DropColumn::new("users", "boss").into(),
            AlterColumn::new("users", alter("age").rename_to("years").set_not_null()).into(),
            DropUnique::new("users", "uq_users_email").into(),
        ];
        let expected: [&[&str]; 3] = [
            &["drop column `users`.`boss`", "alter column `users`.`age`"],
            &["rename column `users`.`age` to `years`"],
            &["drop unique constraint `uq_users_email` on `users`"],
        ];
        assert_eq!(parts(&changes), expected);
        assert!(parts(&[]).is_empty());
    }

    #[test]
    fn a_dropped_column_takes_its_constraints_along_and_its_values_do_not_come_back() {
        let changes = [
            DropColumn::new("users", "age").into(),
            AddColumn::new("users", column("age", text()).not_null().server_default("-")).into(),
        ];
        let rebuild = plan(&changes);
        assert!(rebuild.table.indexes.is_empty());
        let insert = "INSERT INTO _rectify_tmp_users (id, email, boss) SELECT id, email, boss FROM users";
        assert_eq!(rebuild.statements[1].sql, insert);
    }

    #[test]
    fn an_enum_takes_the_place_of_its_old_check() {
        let mut users = users();
        users.checks.push(check(None, "age IN ('a', 'b')"));
        let longer = AlterColumn::new("users", alter("age").set_type(enumeration("kind", ["a", "b", "c"])));
        let rebuild = rebuild(&users, &[longer.into()], &Attached::default()).unwrap();
        assert!(rebuild.table.checks.is_empty());
        assert!(rebuild.statements[0].sql.contains("age TEXT CHECK (age IN ('a', 'b', 'c'))"));
    }

    #[test]
    fn what_would_be_lost_is_refused_by_name() {
        let changes = [CreateCheck::new("users", check("ck", "age > 0")).into()];
        let attached = Attached { clauses: vec!["`note DESC` in a key".to_owned()], ..Attached::default() };
        let refusal = rebuild(&users(), &changes, &attached).unwrap_err();
        assert_eq!(refusal.to_string(), "cannot rebuild the table `users` and keep `note DESC` in a key");
        assert!(refusal.hint().is_some());
    }

    #[test]
    fn triggers_and_views_stand_around_the_copy() {
        let trigger = Trigger { table: "users".to_owned(), event: "DELETE".to_owned(), columns: Vec::new() };
        let programs = vec![
            Program { name: "v".to_owned(), sql: "CREATE VIEW v …".to_owned(), trigger: None },
            Program { name: "t".to_owned(), sql: "CREATE TRIGGER t …".to_owned(), trigger: Some(trigger) },
        ];
        let changes = [CreateCheck::new("users", check("ck", "age > 0")).into()];
        let plan = rebuild(&users(), &changes, &Attached { programs, clauses: Vec::new() }).unwrap();
        let sql: Vec<_> = plan.statements.iter().map(|statement| statement.sql.as_str()).collect();
        assert_eq!(sql[..2], ["DROP TRIGGER t", "DROP VIEW v"]);
        let at = sql.iter().position(|sql| *sql == "CREATE VIEW v …").unwrap();
        assert!(sql[at - 1].starts_with("CREATE INDEX"));
        assert_eq!(sql[at + 1], "CREATE TRIGGER t …");
        assert_eq!(sql.last(), Some(&"EXPLAIN DELETE FROM users"));
    }

    #[test]
    fn computed_columns_are_computed_anew() {
        let users = users().column(column("twice", integer()).generated_virtual("age * 2"));
        let changes = [AlterColumn::new("users", alter("email").drop_not_null()).into()];
        let plan = rebuild(&users, &changes, &Attached::default()).unwrap();
        assert!(plan.statements[0].sql.contains("twice INTEGER GENERATED ALWAYS AS (age * 2) VIRTUAL"));
        let insert = "INSERT INTO _rectify_tmp_users (id, email, age, boss) SELECT id, email, age, boss FROM users";
        assert_eq!(plan.statements[1].sql, insert);
    }

    #[test]
    fn a_column_that_others_are_made_of_is_not_dropped_in_silence() {
        let drop = |table: Table, programs: Vec<Program>| {
            let attached = Attached { programs, clauses: Vec::new() };
            let refusal = rebuild(&table, &[DropColumn::new("users", "age").into()], &attached).unwrap_err();
            format!("{refusal}; {}", refusal.hint().unwrap())
        };
        let both = "age > 0 OR boss IS NULL";
        assert_eq!(
            drop(users().check(check("ck", both)), Vec::new()),
            "cannot drop the column `users`.`age`: the check `ck` speaks of other columns too; \
             drop it before in the same batch: `batch.drop_check(\"ck\")`"
        );
        let unnamed = drop(users().check(crate::schema::Check { name: None, ..check("", both) }), Vec::new());
        assert!(unnamed.contains("the check `age > 0 OR boss IS NULL`") && unnamed.contains("copy_from"), "{unnamed}");
        let computed = drop(users().column(column("twice", integer()).generated("age * 2")), Vec::new());
        assert!(computed.contains("the generated column `twice` is made of it"), "{computed}");
        let of = Trigger { table: "users".to_owned(), event: "UPDATE".to_owned(), columns: vec!["age".to_owned()] };
        let trigger = Program { name: "t".to_owned(), sql: String::new(), trigger: Some(of) };
        assert!(drop(users(), vec![trigger]).contains("the trigger `t` is made of it"));
        // A check of this column alone goes with it; so does what was dropped before.
        let changes = [DropCheck::new("users", "ck").into(), DropColumn::new("users", "age").into()];
        let users = users().check(check("ck", both)).check(check("own", "age > 0"));
        assert!(rebuild(&users, &changes, &Attached::default()).unwrap().table.checks.is_empty());
    }

    #[test]
    fn changes_to_other_things_and_changes_that_do_not_fit_are_refused() {
        let refused = |change: Operation| rebuild(&users(), &[change], &Attached::default()).unwrap_err().to_string();
        assert_eq!(
            refused(DropTable::new("users").into()),
            "cannot drop table `users` while changing the table `users`"
        );
        let other = CreateForeignKey::new("docs", foreign_key("fk").on(["a"]).references("users", ["id"]));
        assert!(refused(other.into()).ends_with("while changing the table `users`"));
        assert_eq!(refused(DropColumn::new("users", "x").into()), "cannot drop column `users`.`x`");
    }
}
