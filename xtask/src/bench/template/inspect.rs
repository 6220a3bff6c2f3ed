//! Reads the catalog of a database, and sends the queries of that once more without making anything of their rows.
//!
//! `inspect URL create TABLES` makes tables of ten columns, two indexes and a foreign key. `inspect URL read RUNS` prints, in
//! nanoseconds, the shortest and the median time of reading, and the same of the queries alone. `inspect URL declare FILE` writes
//! what `table!` registers of models that fit, and `inspect URL check RUNS FILE` prints the same times of what `check` does with
//! them: to make a schema of them, to read the catalog, and to find that nothing differs.

mod memory;

use std::any::Any;
use std::env;
use std::error::Error;
use std::fs;
use std::time::{Duration, Instant};

use rectify::diesel::QueryResult;
use rectify::inspect::InspectOptions;
use rectify::schema::build::*;
use rectify::schema::diff::DiffOptions;
use rectify::schema::models::{self, Item, Place, What};
use rectify::schema::ops::CreateTable;
use rectify::{
    AnyConnection, Create, Database, Family, NamingConvention, Parametrized, TextRow, compare, dialect_of, inspect,
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let connect = |url| AnyConnection::connect(url, Create::IfMissing);
    match arguments.as_slice() {
        [url, "create", tables] => create(&mut connect(url)?, tables.parse()?)?,
        [url, "read", runs] => read(connect(url)?, runs.parse()?)?,
        [url, "declare", file] => declare(connect(url)?, file)?,
        [url, "check", runs, file] => check(connect(url)?, runs.parse()?, &fs::read_to_string(file)?)?,
        _ => return Err("usage: inspect URL create TABLES | read RUNS | declare FILE | check RUNS FILE".into()),
    }
    memory::report();
    Ok(())
}

fn create(connection: &mut AnyConnection, tables: u32) -> Result<(), Box<dyn Error>> {
    let dialect = dialect_of(connection)?;
    connection.begin()?;
    for number in 0..tables {
        let name = format!("bench_{number:05}");
        let mut made = table(&name)
            .column(column("id", bigint()).primary_key())
            .column(column("parent", bigint()))
            .column(column("name", varchar(80)).not_null().server_default("nobody"))
            .column(column("email", varchar(255)).not_null())
            .column(column("active", boolean()).not_null().server_default(true))
            .column(column("born", date()))
            .column(column("created_at", timestamp()).not_null().server_default(sql("CURRENT_TIMESTAMP")))
            .column(column("price", numeric(12, 2)))
            .column(column("count", integer()))
            .column(column("note", text()))
            .index(index(format!("ix_{name}_name")).on(&name, ["name"]))
            .index(index(format!("ix_{name}_email")).on(&name, ["email"]).unique());
        if let Some(before) = number.checked_sub(1) {
            let key = foreign_key(format!("fk_{name}")).on(["parent"]).references(format!("bench_{before:05}"), ["id"]);
            made = made.foreign_key(key.on_delete(Cascade));
        }
        for statement in dialect.render(&CreateTable::new(made).into())? {
            connection.run(&statement.sql)?;
        }
    }
    Ok(connection.commit()?)
}

fn read(connection: AnyConnection, runs: u32) -> Result<(), Box<dyn Error>> {
    let mut database = Recorder { connection, queries: Vec::new() };
    let tables = inspect(&mut database, &InspectOptions::default())?.tables.len();
    let Recorder { mut connection, queries } = database;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let start = Instant::now();
        assert_eq!(inspect(&mut connection, &InspectOptions::default())?.tables.len(), tables);
        ours.push(start.elapsed());
        let start = Instant::now();
        connection.begin()?;
        for query in &queries {
            connection.rows(query)?;
        }
        connection.rollback()?;
        bare.push(start.elapsed());
    }
    let [(ours_least, ours), (bare_least, bare)] = [ours, bare].map(least_and_median);
    println!("{tables} {ours_least} {ours} {bare_least} {bare}");
    Ok(())
}

fn declare(mut connection: AnyConnection, file: &str) -> Result<(), Box<dyn Error>> {
    let dialect = dialect_of(&mut connection)?;
    let text = models::print(&inspect(&mut connection, &InspectOptions::default())?, dialect, false).text;
    let source = models::read("models.rs", &text).map_err(|problems| format!("{problems:?}"))?;
    Ok(fs::write(file, source.encoded().join("\n"))?)
}

fn check(mut connection: AnyConnection, runs: u32, text: &str) -> Result<(), Box<dyn Error>> {
    let dialect = dialect_of(&mut connection)?;
    let place = Place { module: "models", file: "models.rs", line: 1 };
    let items: Vec<Item<'_>> = text.lines().map(|text| Item { what: What::Tables(text), place }).collect();
    let (mut times, mut tables) = (Vec::new(), 0);
    for _ in 0..runs {
        let start = Instant::now();
        let models =
            models::schema(&items, dialect, &NamingConvention::new()).map_err(|problems| format!("{problems:?}"))?;
        let found = compare(&mut connection, models, &DiffOptions::default(), &InspectOptions::default())?;
        times.push(start.elapsed());
        assert!(found.diff.is_empty(), "{:?}", found.diff.operations);
        tables = found.database.tables.len();
    }
    let (least, median) = least_and_median(times);
    println!("{tables} {least} {median} 0 0");
    Ok(())
}

fn least_and_median(mut times: Vec<Duration>) -> (u128, u128) {
    times.sort();
    (times[0].as_nanos(), times[times.len() / 2].as_nanos())
}

/// Keeps the queries that are sent.
struct Recorder {
    connection: AnyConnection,
    queries: Vec<String>,
}

impl Database for Recorder {
    fn family(&self) -> Family {
        self.connection.family()
    }

    fn run(&mut self, sql: &str) -> QueryResult<()> {
        self.connection.run(sql)
    }

    fn change(&mut self, statement: &Parametrized<'_>) -> QueryResult<usize> {
        self.connection.change(statement)
    }

    fn rows(&mut self, sql: &str) -> QueryResult<Vec<TextRow>> {
        self.queries.push(sql.to_owned());
        self.connection.rows(sql)
    }

    fn begin(&mut self) -> QueryResult<()> {
        self.connection.begin()
    }

    fn commit(&mut self) -> QueryResult<()> {
        self.connection.commit()
    }

    fn rollback(&mut self) -> QueryResult<()> {
        self.connection.rollback()
    }

    fn in_transaction(&mut self) -> bool {
        self.connection.in_transaction()
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self.connection.as_any_mut()
    }
}
