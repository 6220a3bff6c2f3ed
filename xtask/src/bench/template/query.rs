//! Runs one statement, and prints the text that a query yields.

use std::env;
use std::error::Error;

use rectify::{AnyConnection, Create, Database};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(url), Some(sql)) = (arguments.next(), arguments.next()) else {
        return Err("usage: query URL SQL".into());
    };
    let mut connection = AnyConnection::connect(&url, Create::Never)?;
    if !sql.starts_with("SELECT") {
        return Ok(connection.run(&sql)?);
    }
    for row in connection.rows(&sql)? {
        println!("{}", row.text(0).unwrap_or_default());
    }
    Ok(())
}
