//! A synchronous Diesel connection over an asynchronous driver, fit for `#[derive(MultiConnection)]`.
//!
//! `diesel_async` has such a wrapper, but it lacks `MultiConnectionHelper` and makes its runtime by itself, where we need
//! the connection's background task and its user on one runtime. So this one forwards to the driver directly.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use diesel::connection::{
    CacheSize, Connection, Instrumentation, LoadConnection, SimpleConnection, TransactionManager,
    TransactionManagerStatus,
};
use diesel::expression::QueryMetadata;
use diesel::internal::derives::multiconnection::ConnectionSealed;
use diesel::migration::{CREATE_MIGRATIONS_TABLE, MigrationConnection};
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::{ConnectionResult, QueryResult};
use diesel_async::{AsyncConnection, AsyncConnectionCore, TransactionManager as AsyncTransactionManager};
use futures_core::Stream;

use super::executor::Executor;

/// How long an attempt to connect may take unless the URL says otherwise.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A synchronous connection over the asynchronous connection `C`.
///
/// It brings a runtime of its own. It may be opened inside another one, whose thread it then blocks while it waits, as every
/// synchronous connection does: `rectify::asynchronous` does not.
pub struct Blocking<C: AsyncConnection> {
    inner: C,
    executor: Executor,
}

impl<C: AsyncConnection> Blocking<C> {
    /// Opens a connection with `open`, which runs on the connection's own runtime.
    pub(super) fn open<E: From<std::io::Error>>(open: impl Future<Output = Result<C, E>>) -> Result<Self, E> {
        let executor = Executor::new()?;
        let inner = executor.block_on(open)?;
        Ok(Self { inner, executor })
    }
}

impl<C: AsyncConnection> fmt::Debug for Blocking<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocking").finish_non_exhaustive()
    }
}

impl<C: AsyncConnection> ConnectionSealed for Blocking<C> {}

impl<C: AsyncConnection> SimpleConnection for Blocking<C> {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.executor.block_on(self.inner.batch_execute(query))
    }
}

impl<C: AsyncConnection> Connection for Blocking<C> {
    type Backend = C::Backend;
    type TransactionManager = Transactions;

    fn establish(url: &str) -> ConnectionResult<Self> {
        let executor = Executor::new().map_err(|error| diesel::ConnectionError::BadConnection(error.to_string()))?;
        let inner = executor.block_on(C::establish(url))?;
        Ok(Self { inner, executor })
    }

    fn execute_returning_count<T>(&mut self, source: &T) -> QueryResult<usize>
    where
        T: QueryFragment<Self::Backend> + QueryId,
    {
        self.executor.block_on(self.inner.execute_returning_count(source))
    }

    fn transaction_state(&mut self) -> &mut <Transactions as TransactionManager<Self>>::TransactionStateData {
        self.inner.transaction_state()
    }

    fn instrumentation(&mut self) -> &mut dyn Instrumentation {
        self.inner.instrumentation()
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        self.inner.set_instrumentation(instrumentation);
    }

    fn set_prepared_statement_cache_size(&mut self, size: CacheSize) {
        self.inner.set_prepared_statement_cache_size(size);
    }
}

impl<C: AsyncConnection> LoadConnection for Blocking<C> {
    type Cursor<'conn, 'query>
        = Cursor<'conn, <C as AsyncConnectionCore>::Stream<'conn, 'query>>
    where
        C: 'conn;
    type Row<'conn, 'query>
        = <C as AsyncConnectionCore>::Row<'conn, 'query>
    where
        C: 'conn;

    fn load<'conn, 'query, T>(&'conn mut self, source: T) -> QueryResult<Self::Cursor<'conn, 'query>>
    where
        T: Query + QueryFragment<Self::Backend> + QueryId + 'query,
        Self::Backend: QueryMetadata<T::SqlType>,
    {
        let stream = self.executor.block_on(self.inner.load(source))?;
        Ok(Cursor { stream: Box::pin(stream), executor: &self.executor })
    }
}

impl<C: AsyncConnection> MigrationConnection for Blocking<C> {
    fn setup(&mut self) -> QueryResult<usize> {
        self.batch_execute(CREATE_MIGRATIONS_TABLE).map(|()| 0)
    }
}

/// The rows of a query, fetched as they are asked for.
pub struct Cursor<'conn, S> {
    stream: Pin<Box<S>>,
    executor: &'conn Executor,
}

impl<S> fmt::Debug for Cursor<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor").finish_non_exhaustive()
    }
}

impl<S: Stream> Iterator for Cursor<'_, S> {
    type Item = S::Item;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = &mut self.stream;
        self.executor.block_on(std::future::poll_fn(|context| stream.as_mut().poll_next(context)))
    }
}

/// Forwards transactions to the driver's own manager.
#[derive(Debug)]
pub struct Transactions;

type Manager<C> = <C as AsyncConnection>::TransactionManager;

impl<C: AsyncConnection> TransactionManager<Blocking<C>> for Transactions {
    type TransactionStateData = <Manager<C> as AsyncTransactionManager<C>>::TransactionStateData;

    fn begin_transaction(conn: &mut Blocking<C>) -> QueryResult<()> {
        conn.executor.block_on(Manager::<C>::begin_transaction(&mut conn.inner))
    }

    fn rollback_transaction(conn: &mut Blocking<C>) -> QueryResult<()> {
        conn.executor.block_on(Manager::<C>::rollback_transaction(&mut conn.inner))
    }

    fn commit_transaction(conn: &mut Blocking<C>) -> QueryResult<()> {
        conn.executor.block_on(Manager::<C>::commit_transaction(&mut conn.inner))
    }

    fn transaction_manager_status_mut(conn: &mut Blocking<C>) -> &mut TransactionManagerStatus {
        Manager::<C>::transaction_manager_status_mut(&mut conn.inner)
    }

    fn is_broken_transaction_manager(conn: &mut Blocking<C>) -> bool {
        Manager::<C>::is_broken_transaction_manager(&mut conn.inner)
    }
}
