//! Ctrl-C and a request to terminate: the running program is ended, and then the task itself in good order.

use std::process::{self, Child, Command};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::report::{self, Failure};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
/// The process group to end first; 0 is none.
static RUNNING: AtomicU32 = AtomicU32::new(0);

/// Takes over Ctrl-C. Without this, servers would be stopped but their folders stay.
pub(crate) fn install() -> Result<(), Failure> {
    let handle = || {
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            // The second time somebody is in a hurry.
            process::exit(130);
        }
        report::note("interrupted: stopping the servers (once more to leave at once)");
        let group = RUNNING.load(Ordering::SeqCst);
        if group != 0 {
            // The group may be gone already.
            let _ = Command::new("kill").args(["-s", "TERM", "--", &format!("-{group}")]).status();
        }
    };
    ctrlc::set_handler(handle).map_err(|error| Failure::new("cannot handle Ctrl-C").because(error))
}

/// Fails once the task was interrupted.
pub(crate) fn check() -> Result<(), Failure> {
    match INTERRUPTED.load(Ordering::SeqCst) {
        true => Err(Failure::interrupted()),
        false => Ok(()),
    }
}

/// Ends the program's process group on an interrupt, for as long as the value lives.
#[derive(Debug)]
pub(crate) struct Guard;

impl Guard {
    /// `child` must lead a process group of its own.
    pub(crate) fn over(child: &Child) -> Guard {
        RUNNING.store(child.id(), Ordering::SeqCst);
        Guard
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        RUNNING.store(0, Ordering::SeqCst);
    }
}
