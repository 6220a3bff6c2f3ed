//! Every operation on every database, live and as a script: it runs, it changes the catalog, its reverse leaves the catalog
//! as it was; or the database has no such thing, and nothing is sent. Once more with names that a statement could trip over.

mod case;
mod names;
mod objects;
mod tables;

use std::error::Error as _;

use rectify::prelude::*;
use rectify::schema::Operation;
use rectify::{AnyConnection, Chain, Migration, Offline, Op, Options, Runner, Source};
use rectify_tests::{Database, TestDatabase, databases, fresh, step, whole};

use self::case::{Case, Outcome};
use self::names::{Names, Style};
use crate::{dump, offline};

/// One migration that does all cases, one after the other.
struct EveryOperation;

impl Chain for EveryOperation {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 1] =
            [Migration { message: "Do everything", ..step("every", &[], upgrade) }];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        &[]
    }
}

fn upgrade(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    let own = op.x_argument("own").unwrap().to_owned();
    let names = Names { kind: kind(op), style: Style::named(op.x_argument("style").unwrap()) };
    let wanted = op.x_argument("case").map(str::to_owned);
    let mut cases = cases(names, &own);
    cases.retain(|case| wanted.as_deref().is_none_or(|wanted| wanted == case.name));
    // Those that need the same stand together: it is made once. SQL text comes last: a script knows no table behind it.
    let usual = tables::both(names);
    cases.sort_by_key(|case| (matches!(case.operation, Operation::Sql(_)), case.setup != usual));
    let mut bench = Bench { op, kind: names.kind, own: &own, setup: Vec::new(), catalog: Vec::new() };
    bench.catalog = bench.dump();
    let empty = bench.catalog.clone();
    let done = cases.iter().try_for_each(|case| bench.check(case).map_err(|said| format!("{}: {said}", case.name)));
    let done = done.and_then(|()| bench.stand_on(&[])).and_then(|()| same("at the end", &empty, &bench.catalog));
    done.map_err(Error::message)
}

fn cases(names: Names, own: &str) -> Vec<Case> {
    tables::cases(names).into_iter().chain(objects::cases(names, own)).collect()
}

fn kind(op: &Op<'_, AnyConnection>) -> Database {
    match op.family() {
        rectify::Family::Sqlite => Database::Sqlite,
        rectify::Family::Postgres => Database::Postgres,
        rectify::Family::Mysql => Database::Mariadb,
    }
}

/// Where the cases are tried.
struct Bench<'a, 'b> {
    op: &'a mut Op<'b, AnyConnection>,
    kind: Database,
    own: &'a str,
    /// What the case that is tried needs, and what the catalog says then.
    setup: Vec<Operation>,
    catalog: Vec<String>,
}

impl Bench<'_, '_> {
    fn check(&mut self, case: &Case) -> Result<(), String> {
        let outcome = case.on(self.kind);
        if outcome == Outcome::Refused {
            let said = whole(self.carry_out(case, &case.operation).err().ok_or("it is not refused")?.get());
            let before_it_is_sent = said.contains("does not support");
            assert!(before_it_is_sent, "{}: {said}", case.name);
            return self.is_as_before("after it was refused");
        }
        self.stand_on(&case.setup)?;
        self.carry_out(case, &case.operation).map_err(|error| whole(error.get()))?;
        let after = self.dump();
        let changes = outcome == Outcome::Done && !case.about_rows && !self.op.is_offline();
        if changes == (self.catalog == after) {
            let difference = dump::difference(&self.catalog, &after);
            return Err(format!("the catalog is not as expected: {difference}"));
        }
        match (case.operation.reverse(), case.irreversible) {
            (Ok(reverse), None) => self.reverse(case, &reverse),
            (Err(refusal), Some(why)) if refusal.reason.contains(why) => self.stand_on(&[]),
            (reverse, why) => Err(format!("its reverse is {reverse:?}, and not {why:?}")),
        }
    }

    fn reverse(&mut self, case: &Case, reverse: &Operation) -> Result<(), String> {
        self.carry_out(case, reverse).map_err(|error| format!("its reverse: {}", whole(error.get())))?;
        let Some(left) = case.leaves(self.kind).filter(|_| !self.op.is_offline()) else {
            return self.is_as_before("after its reverse");
        };
        let (stayed, rest): (Vec<_>, Vec<_>) = self.dump().into_iter().partition(|line| line.contains(left));
        assert_eq!(stayed.len(), 1, "{}: {stayed:?}", case.name);
        same("after its reverse", &self.catalog, &rest)?;
        self.stand_on(&[])
    }

    /// Takes back what the last case needed, and makes what the next one does.
    fn stand_on(&mut self, setup: &[Operation]) -> Result<(), String> {
        if self.setup == setup {
            return Ok(());
        }
        let take_back = self.setup.iter().rev().map(|operation| operation.reverse().unwrap());
        for operation in take_back.chain(setup.iter().cloned()) {
            self.op.apply(operation).map_err(|error| format!("set up: {}", whole(error.get())))?;
        }
        self.setup = setup.to_vec();
        self.catalog = self.dump();
        Ok(())
    }

    fn carry_out(&mut self, case: &Case, operation: &Operation) -> Result<()> {
        let operation = operation.clone();
        match table_of(&operation).filter(|_| case.in_batch) {
            Some(table) => self.op.batch_alter_table(table, |batch| batch.apply(operation)),
            None if case.outside => self.op.autocommit(|op| op.apply(operation)),
            None => self.op.apply(operation),
        }
    }

    fn is_as_before(&mut self, when: &str) -> Result<(), String> {
        let now = self.dump();
        same(when, &self.catalog, &now)
    }

    /// Nothing offline, where there is no catalog.
    fn dump(&mut self) -> Vec<String> {
        if self.op.is_offline() {
            return Vec::new();
        }
        dump::of(self.op.connection().unwrap(), self.kind, self.own)
    }
}

fn table_of(operation: &Operation) -> Option<rectify::schema::TableName> {
    Some(match operation {
        Operation::AddColumn(op) => op.table.clone(),
        Operation::DropColumn(op) => op.table.clone(),
        Operation::AlterColumn(op) => op.table.clone(),
        Operation::CreateIndex(op) => op.index.table.clone(),
        Operation::DropIndex(op) => op.table.clone()?,
        Operation::CreatePrimaryKey(op) => op.table.clone(),
        Operation::DropPrimaryKey(op) => op.table.clone(),
        Operation::CreateUnique(op) => op.table.clone(),
        Operation::DropUnique(op) => op.table.clone(),
        Operation::CreateForeignKey(op) => op.table.clone(),
        Operation::DropForeignKey(op) => op.table.clone(),
        Operation::CreateCheck(op) => op.table.clone(),
        Operation::DropCheck(op) => op.table.clone(),
        Operation::SetTableOptions(op) => op.table.clone(),
        _ => return None,
    })
}

fn same(when: &str, before: &[String], after: &[String]) -> Result<(), String> {
    if before == after {
        return Ok(());
    }
    Err(format!("the catalog is not as before {when}:\n{}", dump::difference(before, after)))
}

fn options(database: &TestDatabase, style: Style) -> Options {
    let name = database.url.rsplit('/').next().unwrap().split('.').next().unwrap().to_owned();
    // The mark at the end tells it from a longer one.
    let mut arguments = vec![("own".to_owned(), format!("{name}z")), ("style".to_owned(), format!("{style:?}"))];
    // One case alone, for whoever looks for what is wrong with it.
    arguments.extend(std::env::var("RECTIFY_TEST_CASE").ok().map(|case| ("case".to_owned(), case)));
    Options { arguments, ..Options::default() }
}

/// Runs all cases on a database of each kind, and as a script through its client.
fn check(style: Style) {
    for kind in databases() {
        let live = fresh(kind);
        let done = Runner::<EveryOperation>::new(&mut live.connect()).options(options(&live, style)).upgrade("head");
        done.unwrap_or_else(|error| panic!("{kind}, {style:?}: {}", error.source().unwrap()));
        let scripted = fresh(kind);
        let script = Offline::<EveryOperation>::new(offline::dialect(kind)).options(options(&scripted, style));
        let script = script.upgrade("head").unwrap_or_else(|error| panic!("{kind}, {style:?}, offline: {error:?}"));
        offline::run(&scripted, &script);
        let found = |database: &TestDatabase| dump::of(&mut database.connect(), kind, "no schema");
        assert_eq!(dump::difference(&found(&live), &found(&scripted)), "", "{kind}, {style:?}");
    }
}

#[test]
fn every_operation_is_carried_out_and_reversed() {
    check(Style::Plain);
}

#[test]
fn every_operation_is_carried_out_and_reversed_with_names_that_need_quotes() {
    Style::HOSTILE.into_iter().for_each(check);
}

#[test]
fn no_operation_is_forgotten() {
    for kind in Database::ALL {
        let cases = cases(Names { kind, style: Style::Plain }, "own");
        let done = |name: &&&str| cases.iter().any(|case| case.operation.name() == **name);
        let forgotten: Vec<_> = Operation::NAMES.iter().filter(|name| !done(name)).collect();
        assert!(forgotten.is_empty(), "no case for {forgotten:?}");
    }
}
