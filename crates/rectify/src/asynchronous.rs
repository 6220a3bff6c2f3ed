//! The same calls from asynchronous code, without blocking its runtime (feature `tokio`).
//!
//! A run works synchronously from its first statement to its last. So it is given to one of the threads that tokio keeps
//! for such work; its connection is opened there, lives there and is closed there, and may be of any kind.
//!
//! **Cancelling.** When the future is dropped (by a timeout, by `select!`), the run stops before its next statement, as it
//! does on Ctrl-C: what a transaction holds is rolled back, and the journal knows the rest. The statement that is under way is
//! not cut off, and the lock is given back when the run has stopped, which is after the future is gone.
//!
//! ```no_run
//! # async fn demo<Chain>() -> Result<(), rectify::RunError>
//! # where Chain: rectify::Chain, &'static str: rectify::asynchronous::Connect<Chain::Connection> {
//! use rectify::asynchronous;
//! use std::time::Duration;
//!
//! asynchronous::upgrade::<Chain>("postgres://app@db/app", "head").await?;
//!
//! // Everything that `Runner` can do:
//! let options = rectify::Options { lock_timeout: Duration::from_secs(300), ..Default::default() };
//! let url = "postgres://app@db/app";
//! let report = asynchronous::run::<Chain, _>(url, |runner| runner.options(options).upgrade("heads")).await?;
//! println!("{} applied", report.steps.len());
//! # Ok(())
//! # }
//! ```

use std::error::Error as StdError;
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime::Handle;
use tokio::task::JoinError;

use crate::migration::Chain;
use crate::runner::trace::in_this_span;
use crate::runner::{Report, RunError, RunErrorKind, Runner, Stamp, Status};

/// How a run gets its connection, on the thread on which it will be used.
///
/// A URL (`&'static str` or `String`) stands for [`AnyConnection::connect`](crate::AnyConnection::connect); for any other
/// connection give a function, such as `move || PgConnection::establish(&url)`.
pub trait Connect<C>: Send + 'static {
    /// Opens the connection.
    ///
    /// # Errors
    ///
    /// Whatever prevents it.
    fn connect(self) -> Result<C, Box<dyn StdError + Send + Sync>>;
}

impl<C, E, F> Connect<C> for F
where
    F: FnOnce() -> Result<C, E> + Send + 'static,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    fn connect(self) -> Result<C, Box<dyn StdError + Send + Sync>> {
        self().map_err(Into::into)
    }
}

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
impl Connect<crate::AnyConnection> for String {
    fn connect(self) -> Result<crate::AnyConnection, Box<dyn StdError + Send + Sync>> {
        Ok(crate::AnyConnection::connect(&self, crate::Create::IfMissing)?)
    }
}

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
impl Connect<crate::AnyConnection> for &'static str {
    fn connect(self) -> Result<crate::AnyConnection, Box<dyn StdError + Send + Sync>> {
        Ok(crate::AnyConnection::connect(self, crate::Create::IfMissing)?)
    }
}

/// Does `action` with a [`Runner`] on a thread of its own. Dropping the future stops it before its next statement.
///
/// # Errors
///
/// [`RunError`]: that of `action`; with [`RunErrorKind::Connect`] where there is no connection; with
/// [`RunErrorKind::Interrupted`] where the runtime ends before the run has begun, or where there is none.
///
/// # Panics
///
/// Where `action` panics: the panic goes on in the caller, as in a call that is not asynchronous.
pub async fn run<Ch: Chain, T: Send + 'static>(
    connect: impl Connect<Ch::Connection>,
    action: impl FnOnce(Runner<'_, Ch>) -> Result<T, RunError> + Send + 'static,
) -> Result<T, RunError> {
    let runtime = Handle::try_current().map_err(|error| {
        RunError::new(RunErrorKind::Interrupted, "cannot run outside of a tokio runtime")
            .source(error)
            .hint("await it inside one, or call `rectify::upgrade` and its like, which need none")
    })?;
    let stop = StopWhenDropped(Arc::default());
    let interrupted = Arc::clone(&stop.0);
    let work = move || {
        let mut connection = connect
            .connect()
            .map_err(|error| RunError::new(RunErrorKind::Connect, "cannot connect to the database").source(error))?;
        action(Runner::new(&mut connection).interrupted_by(interrupted))
    };
    runtime.spawn_blocking(in_this_span(work)).await.unwrap_or_else(|error| Err(ended(error)))
}

/// Applies what is missing up to `target`, with the default options.
///
/// # Errors
///
/// As [`run`] and [`Runner::upgrade`].
///
/// # Panics
///
/// As [`run`].
pub async fn upgrade<Ch: Chain>(
    connect: impl Connect<Ch::Connection>,
    target: impl Into<String>,
) -> Result<Report, RunError> {
    let target = target.into();
    run::<Ch, _>(connect, move |runner| runner.upgrade(&target)).await
}

/// Takes back what lies above `target`, with the default options.
///
/// # Errors
///
/// As [`run`] and [`Runner::downgrade`].
///
/// # Panics
///
/// As [`run`].
pub async fn downgrade<Ch: Chain>(
    connect: impl Connect<Ch::Connection>,
    target: impl Into<String>,
) -> Result<Report, RunError> {
    let target = target.into();
    run::<Ch, _>(connect, move |runner| runner.downgrade(&target)).await
}

/// Makes the version table say `targets`, and runs no migration; no target is `base`.
///
/// # Errors
///
/// As [`run`] and [`Runner::stamp`].
///
/// # Panics
///
/// As [`run`].
pub async fn stamp<Ch: Chain>(
    connect: impl Connect<Ch::Connection>,
    targets: impl IntoIterator<Item: Into<String>>,
) -> Result<Stamp, RunError> {
    let targets: Vec<String> = targets.into_iter().map(Into::into).collect();
    let stamp = move |runner: Runner<'_, Ch>| runner.stamp(&targets.iter().map(String::as_str).collect::<Vec<_>>());
    run::<Ch, _>(connect, stamp).await
}

/// Where the database stands: for a health check. Reads only.
///
/// # Errors
///
/// As [`run`] and [`Runner::status`].
///
/// # Panics
///
/// As [`run`].
pub async fn status<Ch: Chain>(connect: impl Connect<Ch::Connection>) -> Result<Status, RunError> {
    run::<Ch, _>(connect, |runner| runner.status()).await
}

/// The rows of the version table, whether the chain knows them or not. Reads only.
///
/// # Errors
///
/// As [`run`] and [`Runner::current`].
///
/// # Panics
///
/// As [`run`].
pub async fn current<Ch: Chain>(connect: impl Connect<Ch::Connection>) -> Result<Vec<String>, RunError> {
    run::<Ch, _>(connect, |runner| runner.current()).await
}

/// Asks the run to stop when the future that waits for it goes.
struct StopWhenDropped(Arc<AtomicBool>);

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The thread did not come to its end.
fn ended(error: JoinError) -> RunError {
    match error.try_into_panic() {
        Ok(panic) => panic::resume_unwind(panic),
        Err(error) => {
            RunError::new(RunErrorKind::Interrupted, "the tokio runtime ended before the run had begun").source(error)
        }
    }
}
