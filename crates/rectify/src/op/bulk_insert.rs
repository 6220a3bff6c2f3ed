//! Rows to insert: named values, or structs that are `Insertable`. Both go in as few statements as the database takes.

use std::marker::PhantomData;
use std::ops::Range;

use diesel::QueryResult;
use diesel::associations::HasTable;
use diesel::backend::Backend;
use diesel::connection::Connection;
use diesel::insertable::{InsertValues, Insertable};
use diesel::query_builder::{AstPass, QueryFragment, QueryId, ValuesClause};
use diesel::query_source::{QuerySource, Table};
use rectify_schema::TableName;
use rectify_schema::ops::{BulkInsert, Row, Sql};

use super::{Mode, Op, Sink, concrete, culprit, in_journal_transaction};
use crate::database::{Database, Family, SupportedBackend};
use crate::error::{DatabaseError, Error, Result};
use crate::runner::sql::family;

/// Rows that [`Op::bulk_insert`] takes for a table `T`. `Form` is which of the two kinds they are, and follows from the types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no rows for `{T}`",
    note = "give a table's name and rows made by `row()`, or the table of a `diesel::table!` and a `Vec` of structs that are \
            `Insertable` into it"
)]
pub trait InsertableRows<C, T, Form>: Sized {
    /// Inserts them.
    ///
    /// # Errors
    ///
    /// As [`Op::apply`].
    #[track_caller]
    fn insert_into(self, table: T, op: &mut Op<'_, C>) -> Result<()>;
}

/// [`InsertableRows`] that are made by [`row`](rectify_schema::build::row).
#[derive(Debug)]
pub enum NamedValues {}

/// [`InsertableRows`] that are structs, or whatever else Diesel can insert.
#[derive(Debug)]
pub enum Structs {}

impl<C, T, R> InsertableRows<C, T, NamedValues> for R
where
    C: Database,
    T: Into<TableName>,
    R: IntoIterator<Item = Row>,
{
    #[track_caller]
    fn insert_into(self, table: T, op: &mut Op<'_, C>) -> Result<()> {
        op.apply(BulkInsert::new(table, self))
    }
}

impl<C, T, V, I> InsertableRows<C, T, Structs> for Vec<V>
where
    C: Database + Connection,
    C::Backend: SupportedBackend,
    T: Table + HasTable<Table = T>,
    <T as QuerySource>::FromClause: QueryFragment<C::Backend>,
    V: Insertable<T, Values = ValuesClause<I, T>>,
    I: InsertValues<C::Backend, T>,
{
    #[track_caller]
    fn insert_into(self, table: T, op: &mut Op<'_, C>) -> Result<()> {
        let (_, step) = op.parts();
        let kind = family(step.dialect);
        let rows: Vec<I> = self.into_iter().map(|row| row.values().values).collect();
        let into = table.from_clause();
        let name = C::Backend::render(kind, &into).map_err(DatabaseError::from)?;
        let noun = if rows.len() == 1 { "row" } else { "rows" };
        let doing = format!("insert {} {noun} into table {name}", rows.len());
        let refused = |error| step.failure(&doing, None, DatabaseError::from(error));
        let groups = groups::<C::Backend, T, I>(&rows, kind).map_err(refused)?;
        // For each value of a statement that it prepares, MySQL sends a description: one for all groups but the last is enough.
        let is_repeated = |rows: &[I]| kind == Family::Mysql && groups.len() > 2 && rows.len() == groups[0].len();
        let statement = |rows| Statement::<_, _, T> { into: &into, rows, kept: is_repeated(rows), table: PhantomData };
        let statements: Vec<_> = groups.iter().copied().map(statement).collect();
        insert(op, &doing, &statements)
    }
}

/// Sends the statements as one operation.
fn insert<C, F, I, T>(op: &mut Op<'_, C>, doing: &str, statements: &[Statement<'_, F, I, T>]) -> Result<()>
where
    C: Database + Connection,
    C::Backend: SupportedBackend,
    T: Table,
    F: QueryFragment<C::Backend>,
    I: InsertValues<C::Backend, T>,
{
    let step = &mut *op.step;
    let kind = family(step.dialect);
    let texts = || {
        let texts = statements.iter().map(|statement| C::Backend::render_with_literals(kind, statement));
        texts.collect::<QueryResult<Vec<_>>>()
    };
    match step.mode {
        Mode::Recorded(_) => {
            let texts = texts().map_err(|error| step.failure(&doing, None, DatabaseError::from(error)))?;
            step.keeps(|| texts.into_iter().map(|text| Sql::new(text).into()).collect());
            return Ok(());
        }
        Mode::Rehearsed => {
            step.keeps(Vec::new);
            return Ok(());
        }
        Mode::CarriedOut => {}
    }
    let identity = match statements.first() {
        Some(first) => shortened(&C::Backend::render(kind, first).map_err(DatabaseError::from)?),
        None => return Ok(()),
    };
    let identity = format!("{doing}: {identity}");
    match &mut op.sink {
        Sink::Live(connection) => {
            if !step.enter(&doing, &identity)? {
                return Ok(());
            }
            in_journal_transaction(*connection, step, &doing, |db, step| {
                let mut before = 0;
                for (index, statement) in (0..).zip(statements) {
                    let send = |db: &mut dyn Database| concrete::<C>(db).execute_returning_count(statement);
                    let sent = step.statement(db, &doing, index, &identity, |_| Ok(Some(false)), send);
                    sent.map_err(|error| of_its_row::<C, _, _, _>(db, kind, (&identity, statement), before, error))?;
                    before += statement.rows.len();
                }
                step.leave(db, doing.to_owned(), &identity)
            })
        }
        Sink::Offline(script) => {
            let sent = texts().and_then(|texts| texts.iter().try_for_each(|text| script.run(text)));
            sent.map_err(|error| step.failure(&doing, None, DatabaseError::from(error)))
        }
    }
}

/// The error of a statement with the row that it is about. So many rows as `before` have gone in.
fn of_its_row<C, F, I, T>(
    db: &mut dyn Database,
    kind: Family,
    (shown, statement): (&str, &Statement<'_, F, I, T>),
    before: usize,
    error: Error,
) -> Error
where
    C: Database + Connection,
    C::Backend: SupportedBackend,
    T: Table,
    F: QueryFragment<C::Backend>,
    I: InsertValues<C::Backend, T>,
{
    let some = |rows: Range<usize>| Statement {
        into: statement.into,
        rows: &statement.rows[rows],
        kept: false,
        table: PhantomData,
    };
    let found = culprit::row(db, &error, 0..statement.rows.len(), |db, rows| {
        concrete::<C>(db).execute_returning_count(&some(rows)).map(drop)
    });
    let Some(at) = found else { return error };
    let alone = some(at..at + 1);
    let sql = C::Backend::render_with_literals(kind, &alone).or_else(|_| C::Backend::render(kind, &alone));
    culprit::tell(error, shown, before + at, &sql.unwrap_or_default())
}

/// What a statement may hold.
struct Limits {
    /// Values that are bound, below what the protocol or the library can count.
    values: usize,
    /// Bytes of those values. The server refuses a longer packet: 16 MiB on MariaDB and 64 MiB on MySQL, unless it is told otherwise.
    bytes: usize,
}

const fn limits(kind: Family) -> Limits {
    match kind {
        Family::Sqlite => Limits { values: 32_766, bytes: usize::MAX },
        Family::Postgres => Limits { values: 65_535, bytes: 16 << 20 },
        Family::Mysql => Limits { values: 65_535, bytes: 4_000_000 },
    }
}

/// The rows of each statement: as many as the limits allow, and all with the same columns, since on SQLite a row leaves out the
/// columns that get their default.
fn groups<DB, T, I>(rows: &[I], kind: Family) -> QueryResult<Vec<&[I]>>
where
    DB: SupportedBackend,
    T: Table,
    I: InsertValues<DB, T>,
{
    let limits = limits(kind);
    let columns = |row: &I| DB::render(kind, &Columns::<_, T> { row, table: PhantomData });
    let mut groups = Vec::new();
    let (mut from, mut values, mut bytes) = (0, 0, 0);
    let (mut same, mut of_first) = (String::new(), None);
    for (at, row) in rows.iter().enumerate() {
        let own = if kind == Family::Sqlite || at == 0 { columns(row)? } else { same.clone() };
        // SQLite's limit is a number of values alone, which rows of the same columns share.
        let size = match of_first.filter(|_| kind == Family::Sqlite && own == same) {
            Some(size) => size,
            None => DB::measure(kind, &Values(row))?,
        };
        of_first = Some(size);
        let full = values + size.values > limits.values || bytes + size.bytes > limits.bytes;
        if at > from && (full || own != same || own.is_empty()) {
            groups.push(&rows[from..at]);
            (from, values, bytes) = (at, 0, 0);
        }
        same = own;
        values += size.values;
        bytes += size.bytes;
    }
    if from < rows.len() {
        groups.push(&rows[from..]);
    }
    Ok(groups)
}

/// One `INSERT`.
struct Statement<'r, F, I, T> {
    into: &'r F,
    rows: &'r [I],
    /// Whether the connection keeps it prepared, for the next one is the same but for its values.
    kept: bool,
    table: PhantomData<fn() -> T>,
}

impl<F, I, T, DB> QueryFragment<DB> for Statement<'_, F, I, T>
where
    DB: SupportedBackend,
    T: Table,
    F: QueryFragment<DB>,
    I: InsertValues<DB, T>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if !self.kept {
            out.unsafe_to_cache_prepared();
        }
        let Some((first, others)) = self.rows.split_first() else { return Ok(()) };
        out.push_sql("INSERT INTO ");
        self.into.walk_ast(out.reborrow())?;
        if first.is_noop(out.backend())? {
            // Only SQLite leaves all columns out: elsewhere they are named, and the values are `DEFAULT`.
            out.push_sql(" DEFAULT VALUES");
            return Ok(());
        }
        out.push_sql(" (");
        first.column_names(out.reborrow())?;
        out.push_sql(") VALUES\n    (");
        first.walk_ast(out.reborrow())?;
        for row in others {
            out.push_sql("),\n    (");
            row.walk_ast(out.reborrow())?;
        }
        out.push_sql(")");
        Ok(())
    }
}

impl<F, I, T> QueryId for Statement<'_, F, I, T> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

/// The names of the columns that a row gives.
struct Columns<'r, I, T> {
    row: &'r I,
    table: PhantomData<fn() -> T>,
}

impl<I, T, DB> QueryFragment<DB> for Columns<'_, I, T>
where
    DB: Backend,
    T: Table,
    I: InsertValues<DB, T>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.row.column_names(out)
    }
}

/// The values of a row.
struct Values<'r, I>(&'r I);

impl<I, DB> QueryFragment<DB> for Values<'_, I>
where
    DB: Backend,
    I: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
}

/// The beginning of a statement that may be millions of characters long.
fn shortened(sql: &str) -> String {
    const MOST: usize = 200;
    match sql.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &sql[..end]),
        None => sql.to_owned(),
    }
}
