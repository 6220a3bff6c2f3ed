//! What `up` with nothing to do is compared with: connects and sends `SELECT 1`.

mod memory;

use std::env;
use std::error::Error;

use rectify::diesel::connection::SimpleConnection;
use rectify::{AnyConnection, Create};

fn main() -> Result<(), Box<dyn Error>> {
    let url = env::args().nth(1).ok_or("usage: baseline URL")?;
    AnyConnection::connect(&url, Create::Never)?.batch_execute("SELECT 1")?;
    memory::report();
    Ok(())
}
