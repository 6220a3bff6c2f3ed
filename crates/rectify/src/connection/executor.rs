//! Drives a connection's futures from synchronous code, also from code that runs inside somebody else's tokio runtime.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;

/// What waits for a connection's futures.
#[derive(Debug)]
pub(super) enum Executor {
    /// A runtime that works on the thread that waits. The fast way.
    Here(Runtime),
    /// A runtime on a thread of its own. A thread that drives asynchronous tasks may not drive a second runtime (tokio
    /// panics), but it may wait for one: that blocks its tasks, as any synchronous connection does.
    Beside {
        handle: Handle,
        /// Ends the thread when it is dropped.
        _running: oneshot::Sender<()>,
    },
}

impl Executor {
    pub(super) fn new() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        // A blocking thread of a runtime could drive a second one, but cannot be told from the others.
        if Handle::try_current().is_err() {
            return Ok(Self::Here(runtime));
        }
        let handle = runtime.handle().clone();
        let (running, ended) = oneshot::channel::<()>();
        let drive = move || {
            // An error says that the sender is gone, which is what is waited for.
            let _ = runtime.block_on(ended);
        };
        thread::Builder::new().name("rectify-connection".to_owned()).spawn(drive)?;
        Ok(Self::Beside { handle, _running: running })
    }

    pub(super) fn block_on<F: Future>(&self, future: F) -> F::Output {
        match self {
            Self::Here(runtime) => runtime.block_on(future),
            Self::Beside { handle, .. } => {
                let _context = handle.enter();
                // The task that waits here has a budget of polls, at whose end it must go back to its runtime.
                wait(tokio::task::unconstrained(future))
            }
        }
    }
}

fn wait<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    async fn work() -> u32 {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let spawned = tokio::spawn(async {
            let mut sum = 0;
            for number in 0..1000 {
                // More polls than one task may do in a row.
                tokio::task::yield_now().await;
                sum += number;
            }
            sum
        });
        spawned.await.unwrap()
    }

    #[test]
    fn waits_on_a_thread_of_its_own() {
        let executor = Executor::new().unwrap();
        assert!(matches!(executor, Executor::Here(_)));
        assert_eq!(executor.block_on(work()), 499_500);
    }

    #[test]
    fn waits_inside_of_another_runtime() {
        let outer = Builder::new_current_thread().build().unwrap();
        outer.block_on(async {
            let executor = Executor::new().unwrap();
            assert!(matches!(executor, Executor::Beside { .. }));
            assert_eq!(executor.block_on(work()), 499_500);
            let inner = tokio::spawn(async move { executor.block_on(work()) });
            assert_eq!(inner.await.unwrap(), 499_500);
        });
    }
}
