//! What `up` from empty is compared with: sends the statements of a file, one by one, in one transaction a paragraph.

mod memory;

use std::env;
use std::error::Error;
use std::fs;

use rectify::diesel::connection::{Connection, SimpleConnection};
use rectify::{AnyConnection, Create};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(url), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("usage: bare URL FILE".into());
    };
    let text = fs::read_to_string(file)?;
    let mut connection = AnyConnection::connect(&url, Create::IfMissing)?;
    for paragraph in text.split("\n\n") {
        connection.transaction(|connection| {
            paragraph.split(";\n").try_for_each(|statement| connection.batch_execute(statement))
        })?;
    }
    memory::report();
    Ok(())
}
