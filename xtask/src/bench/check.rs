//! `cargo check` of the chain: after touching one migration, as while writing one, and from nothing.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::cargo::Workspace;
use super::chain;
use super::measure::{Sample, processor_time, shown, wall_time};
use super::table::Row;
use crate::report::{self, Failure};

const RUNS: u32 = 5;
/// In seconds of processor time, of all threads and programs together.
const LIMIT: f64 = 2.5;

pub(super) fn measure(workspace: &Workspace, revisions: u32) -> Result<Vec<Row>, Failure> {
    report::note("checking the chain and what it depends on");
    let check = || workspace.in_target("check");
    wall_time(&mut check())?;
    let mut touched = Touched::open(workspace.folder.join(chain::path_in_the_middle(revisions)))?;
    let mut after_touching = || {
        touched.touch()?;
        processor_time(&mut check())
    };
    after_touching()?;
    let times: Vec<Duration> = (0..RUNS).map(|_| after_touching()).collect::<Result<_, Failure>>()?;
    wall_time(workspace.in_target("clean").args(["--package", chain::PACKAGE]))?;
    let full = processor_time(&mut check())?;
    let touched = Sample::new(times);
    Ok(vec![
        Row::shown("`cargo check`, one file touched: processor time", touched.shown()),
        Row::at_most("`cargo check`, one file touched: median", touched.median().as_secs_f64(), LIMIT, "s"),
        Row::shown("`cargo check`, the whole chain: processor time", shown(&[full])),
    ])
}

/// A file that gets a comment more each time, and is as it was in the end: or the next release build would be a new one.
struct Touched {
    path: PathBuf,
    text: String,
    modified: SystemTime,
    times: u32,
}

impl Touched {
    fn open(path: PathBuf) -> Result<Touched, Failure> {
        let text = fs::read_to_string(&path).map_err(cannot_touch)?;
        let modified = fs::metadata(&path).and_then(|file| file.modified()).map_err(cannot_touch)?;
        Ok(Touched { path, text, modified, times: 0 })
    }

    fn touch(&mut self) -> Result<(), Failure> {
        self.times += 1;
        fs::write(&self.path, format!("{}// Touched: {}\n", self.text, self.times)).map_err(cannot_touch)
    }

    fn restore(&self) -> io::Result<()> {
        fs::write(&self.path, &self.text)?;
        fs::File::options().write(true).open(&self.path)?.set_modified(self.modified)
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        // The next benchmark writes the file again if this fails.
        let _ = self.restore();
    }
}

fn cannot_touch(error: io::Error) -> Failure {
    Failure::new("cannot touch a migration").because(error)
}
