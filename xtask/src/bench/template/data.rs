//! Moves rows: `load` inserts many structs, `change` reads and changes all of them in chunks, `script` prints what `load` does.

mod memory;

use std::env;
use std::error::Error;

use rectify::prelude::*;
use rectify::schema::dialect::{MARIADB, POSTGRES, SQLITE};
use rectify::{AnyConnection, Chain, Create, Migration, MigrationOptions, Offline, Op, Options, Runner, Scheme, Source};

diesel::table! {
    goods (id) {
        id -> BigInt,
        name -> Text,
        price -> Double,
        stock -> Integer,
    }
}

struct Data;

impl Chain for Data {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 3] =
            [migration("create", &[], create), migration("load", &["create"], load), migration("change", &["load"], change)];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 3] = [source("create"), source("load"), source("change")];
        &SOURCES
    }
}

fn create(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    op.create_table(
        table("goods")
            .column(column("id", bigint()).primary_key())
            .column(column("name", varchar(80)).not_null())
            .column(column("price", double()).not_null())
            .column(column("stock", integer()).not_null()),
    )
}

fn load(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    let rows: i64 = op.x_argument("rows").unwrap_or("1000").parse()?;
    let good = |id: i64| {
        let name = format!("it's good number {id}");
        (goods::id.eq(id), goods::name.eq(name), goods::price.eq(0.5), goods::stock.eq(1))
    };
    op.bulk_insert(goods::table, (1..=rows).map(good).collect::<Vec<_>>())
}

fn change(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    let all = goods::table.order(goods::id).select((goods::id, goods::name));
    op.rows(all).chunks(1000).for_each(|op, rows: Vec<(i64, String)>| {
        let ids: Vec<i64> = rows.iter().filter(|(_, name)| name.starts_with("it's")).map(|(id, _)| *id).collect();
        op.execute(diesel::update(goods::table.filter(goods::id.eq_any(ids))).set(goods::stock.eq(goods::stock + 1)))?;
        Ok(())
    })
}

const fn migration(
    revision: &'static str,
    down_revisions: &'static [&'static str],
    upgrade: fn(&mut Op<'_, AnyConnection>) -> Result<()>,
) -> Migration<AnyConnection> {
    Migration {
        revision,
        down_revisions,
        depends_on: &[],
        branch_labels: &[],
        message: revision,
        description: "",
        created: "",
        file: "data.rs",
        transaction: true,
        options: MigrationOptions::DEFAULT,
        upgrade,
        downgrade: None,
    }
}

const fn source(revision: &'static str) -> Source {
    Source { revision, checksum: revision, file: "data.rs" }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(url), Some(action), Some(rows)) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("usage: data URL create|load|change|script ROWS".into());
    };
    let options = Options { arguments: vec![("rows".to_owned(), rows)], ..Options::default() };
    if action == "script" {
        let dialect = match Scheme::of(&url) {
            Some(Scheme::Postgres) => POSTGRES,
            Some(Scheme::Mysql) => MARIADB,
            _ => SQLITE,
        };
        print!("{}", Offline::<Data>::new(dialect).options(options).upgrade("create:load")?);
        return Ok(());
    }
    let mut connection = AnyConnection::connect(&url, Create::IfMissing)?;
    Runner::<Data>::new(&mut connection).options(options).upgrade(&action)?;
    memory::report();
    Ok(())
}
