//! A chain of what is neither table, index nor constraint, and of rows and operations of one's own, in a migration that is not
//! one transaction: for PostgreSQL and MariaDB.

use crate::step;
use rectify::prelude::*;
use rectify::schema::dialect::Dialect;
use rectify::schema::ops::{AlterSequence, CustomOperation, DropSchema, ReplaceObject};
use rectify::schema::{Refusal, SqlObject, Statement, Table};
use rectify::{AnyConnection, Family, Migration, Op, Source};

/// The chain; its argument `own` names a schema.
#[derive(Debug)]
pub struct Chain;

impl rectify::Chain for Chain {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        static MIGRATIONS: [Migration<AnyConnection>; 1] = [Migration {
            message: "Make objects",
            transaction: false,
            downgrade: Some(downgrade),
            ..step("objects", &[], upgrade)
        }];
        &MIGRATIONS
    }

    fn sources() -> &'static [Source] {
        &[]
    }
}

type AnyOp<'a> = Op<'a, AnyConnection>;

fn upgrade(op: &mut AnyOp<'_>) -> Result<()> {
    let own = own(op);
    op.create_schema(own.as_str())?;
    op.create_table(Table { name: (own.as_str(), "notes").into(), ..notes() })?;
    op.create_sequence(sequence("numbers").start(10))?;
    op.alter_sequence(AlterSequence::new("numbers").increment(5).max_value(9000))?;
    if op.family() == Family::Postgres {
        op.create_enum("mood", ["sad", "happy"])?;
        op.add_enum_value("mood", enum_value("calm").before("happy"))?;
        op.rename_enum_value("mood", "sad", "blue")?;
        op.create_object(shout())?;
    }
    op.create_table(notes())?;
    op.bulk_insert("notes", (1..=3).map(|id| row().set("id", id).set("title", "it's")))?;
    op.create_object(titles(1))?;
    op.replace_object(ReplaceObject::new(titles(2)).existing(titles(1)))?;
    op.create_object(twice(2))?;
    op.replace_object(ReplaceObject::new(twice(3)).existing(twice(2)))?;
    op.create_object(shouting())?;
    op.replace_object(ReplaceObject::new(shouting()).existing(shouting()))?;
    op.bulk_insert("notes", [row().set("id", 4).set("title", "told")])?;
    op.invoke(Archive)
}

fn downgrade(op: &mut AnyOp<'_>) -> Result<()> {
    op.invoke_reverse(Archive)?;
    op.drop_object(shouting())?;
    op.drop_object(twice(3))?;
    op.drop_object(titles(2))?;
    op.drop_table("notes")?;
    if op.family() == Family::Postgres {
        op.drop_object(shout())?;
        op.drop_enum("mood")?;
    }
    op.drop_sequence("numbers")?;
    let own = own(op);
    op.drop_schema(DropSchema::new(own).cascade())
}

fn own(op: &AnyOp<'_>) -> String {
    op.x_argument("own").unwrap_or("own").to_owned()
}

fn notes() -> Table {
    table("notes").column(column("id", integer()).not_null().primary_key()).column(column("title", varchar(80)))
}

fn titles(above: u32) -> SqlObject {
    view("titles", format!("SELECT title FROM notes WHERE id > {above}"))
}

fn twice(by: u32) -> SqlObject {
    function("twice", "n integer", format!("RETURNS integer LANGUAGE sql AS 'SELECT n * {by}'"))
        .on("mysql", format!("RETURNS integer DETERMINISTIC RETURN n * {by}"))
}

fn shout() -> SqlObject {
    let body = "BEGIN NEW.title := upper(NEW.title); RETURN NEW; END;";
    function("shout", "", format!("RETURNS trigger LANGUAGE plpgsql AS '{body}'"))
}

fn shouting() -> SqlObject {
    trigger("shouting", "notes", "BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION shout()")
        .on("mysql", "BEFORE INSERT ON notes FOR EACH ROW SET NEW.title = upper(NEW.title)")
}

/// A table that keeps what another one holds.
struct Archive;
struct DropArchive;

impl CustomOperation for Archive {
    fn describe(&self) -> String {
        "archive the notes".to_owned()
    }

    fn sql(&self, _: &dyn Dialect) -> std::result::Result<Vec<Statement>, Refusal> {
        let copy = "INSERT INTO archive SELECT * FROM notes";
        Ok(["CREATE TABLE archive (id integer, title varchar(80))", copy].map(Statement::new).into())
    }

    fn reverse(&self) -> Option<Box<dyn CustomOperation>> {
        Some(Box::new(DropArchive))
    }
}

impl CustomOperation for DropArchive {
    fn describe(&self) -> String {
        "drop the archive of the notes".to_owned()
    }

    fn sql(&self, _: &dyn Dialect) -> std::result::Result<Vec<Statement>, Refusal> {
        Ok(vec![Statement::new("DROP TABLE archive")])
    }
}
