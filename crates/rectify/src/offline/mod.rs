//! Offline: a database that writes down what it is told, and knows the schema only from what the migrations did to it.
//!
//! Nothing is read from a database, so a migration that reads stops the script before a byte of it is written. What a
//! rebuild on SQLite or a restated column on MySQL needs of the catalog comes from the operations since the first
//! revision; where SQL text may have changed a table, that is not known, and said.

pub(crate) mod literals;
pub(crate) mod require;

use std::any::Any;
use std::fmt::Write as _;
use std::panic::Location;

use diesel::QueryResult;
use diesel::result::Error as DieselError;
use rectify_schema::batch::Attached;
use rectify_schema::dialect::Dialect;
use rectify_schema::ops::Sql;
use rectify_schema::{Operation, Schema, SqlObject, Table, TableName};

use crate::database::{Database, Family, Parametrized, TextRow};
use crate::inspect;
use crate::runner::sql::{family, literal};

/// The script, as a database.
pub(crate) struct Script {
    dialect: &'static dyn Dialect,
    text: String,
    /// Where the open transactions begin in the text.
    begun: Vec<usize>,
    /// Set while a table is known to be rebuilt in the open transaction, with SQLite's foreign keys off.
    rebuilds: bool,
    /// Set while migrations run only to learn what the schema is.
    replays: bool,
    schema: Schema,
    /// SQL text that may have changed a table, each with the revision that it stands in.
    unknown: Vec<(&'static str, String)>,
    /// Triggers and views whose text SQLite has changed.
    rewritten: Vec<Rewritten>,
}

/// A trigger or a view whose text SQLite has changed.
struct Rewritten {
    /// The revision that renamed what it speaks of.
    revision: &'static str,
    object: SqlObject,
    /// The table that was renamed, or whose column was, as it is called now.
    table: TableName,
}

/// Why a script cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OfflineError {
    /// The migration asks the database for something.
    #[error("the migration reads from the database, at {place}, and offline there is none")]
    Reads { place: &'static Location<'static> },
    /// Rectify itself has to ask the database for something.
    #[error("this can only be done with a database at hand: {query}")]
    Query { query: String },
    /// The table's definition cannot be told from the operations.
    #[error("offline, the definition of table `{table}` is not known for sure: {why}")]
    Unknown { table: TableName, why: String },
    /// No operation made the table.
    #[error("offline, there is no table `{table}`: no operation since the first revision made it")]
    NoTable { table: TableName },
}

/// What to do about an [`OfflineError`].
pub(crate) const HINT: &str = "say in `#[migration]` what a script has instead (`offline = \"SQL\"`, or `offline = skip`); or run this revision \
                               online, and write the script from there on (`--sql REVISION:head`)";

/// The script, if `db` is one.
pub(crate) fn script(db: &mut dyn Database) -> Option<&mut Script> {
    db.as_any_mut().downcast_mut()
}

impl Script {
    pub(crate) fn new(dialect: &'static dyn Dialect) -> Self {
        Self {
            dialect,
            text: String::new(),
            begun: Vec::new(),
            rebuilds: false,
            replays: false,
            schema: Schema::default(),
            unknown: Vec::new(),
            rewritten: Vec::new(),
        }
    }

    /// What was written.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// Writes a comment, on one line.
    pub(crate) fn comment(&mut self, text: &str) {
        if !self.replays {
            let line: Vec<&str> = text.split_whitespace().collect();
            self.push(format_args!("-- {}", line.join(" ")));
        }
    }

    /// Writes SQL text as somebody else wrote it: one statement or several, for the client that will read them.
    pub(crate) fn verbatim(&mut self, revision: &'static str, text: &str) {
        self.note(revision, &Operation::Sql(Sql::new(text)));
        if !self.replays {
            let text = text.trim();
            let end = if text.ends_with(';') || text.ends_with("$$") { "" } else { ";" };
            self.push(format_args!("{text}{end}"));
        }
    }

    /// Whether migrations run only for what they tell of the schema, and nothing is written.
    pub(crate) fn replay(&mut self, replays: bool) {
        self.replays = replays;
    }

    /// The rest of a migration is not known: it cannot be run without a database.
    pub(crate) fn lose_track(&mut self, revision: &'static str, why: String) {
        self.unknown.push((revision, why));
    }

    /// Keeps what an operation of `revision` does to the schema.
    pub(crate) fn note(&mut self, revision: &'static str, operation: &Operation) {
        self.note_rewritten(revision, operation);
        match operation {
            Operation::Sql(sql) => {
                if changes_a_schema(&sql.sql) {
                    self.unknown.push((revision, sql.sql.clone()));
                }
            }
            // What does not fit was made by SQL text; whoever asks for it hears so.
            _ => drop(operation.apply(&mut self.schema)),
        }
    }

    /// Keeps what a batch has made of a table.
    pub(crate) fn note_rebuild(&mut self, revision: &'static str, changes: &[Operation], table: Table) {
        changes.iter().for_each(|change| self.note_rewritten(revision, change));
        self.schema.tables.retain(|known| known.name != table.name);
        self.schema.tables.push(table);
    }

    /// SQLite carries a new name into triggers and views, in its own way.
    fn note_rewritten(&mut self, revision: &'static str, operation: &Operation) {
        let (table, name, now) = match operation {
            Operation::RenameTable(rename) => (&rename.from, &rename.from.name, rename.from.sibling(&rename.to)),
            Operation::AlterColumn(alter) if alter.change.rename_to.is_some() => {
                (&alter.table, &alter.change.column, alter.table.clone())
            }
            Operation::CreateObject(create) => return self.forget_rewritten(&create.object),
            Operation::ReplaceObject(replace) => return self.forget_rewritten(&replace.object),
            _ => return,
        };
        if family(self.dialect) != Family::Sqlite {
            return;
        }
        for known in self.rewritten.iter_mut().filter(|known| known.table == *table) {
            known.table = now.clone();
        }
        let speaks = |object: &&SqlObject| inspect::speaks_of(object, &table.name) && inspect::speaks_of(object, name);
        let found = self.schema.objects.iter().filter(speaks).cloned();
        self.rewritten.extend(found.map(|object| Rewritten { revision, object, table: now.clone() }));
    }

    /// It has the text that it is given.
    fn forget_rewritten(&mut self, given: &SqlObject) {
        self.rewritten.retain(|known| known.object.kind != given.kind || known.object.name != given.name);
    }

    /// The definition of a table, as far as the operations tell.
    pub(crate) fn table(&self, name: &TableName) -> Result<Table, OfflineError> {
        let unknown = |(revision, sql): &(&str, String)| OfflineError::Unknown {
            table: name.clone(),
            why: format!("revision `{revision}` has: {sql}"),
        };
        let lower = name.name.to_lowercase();
        if let Some(found) = self.unknown.iter().find(|(_, sql)| names(&sql.to_lowercase(), &lower)) {
            return Err(unknown(found));
        }
        match (self.schema.table(name), self.unknown.first()) {
            (Some(table), _) => Ok(table.clone()),
            (None, Some(found)) => Err(unknown(found)),
            (None, None) => Err(OfflineError::NoTable { table: name.clone() }),
        }
    }

    /// What hangs on a table of SQLite, as far as the operations tell.
    pub(crate) fn attached(&self, name: &TableName) -> Result<Attached, OfflineError> {
        let unknown = |why| OfflineError::Unknown { table: name.clone(), why };
        let programs =
            inspect::attached_among(name, &self.schema.objects).map_err(|error| unknown(error.to_string()))?;
        let is_there = |known: &&Rewritten| self.schema.objects.contains(&known.object);
        let is_taken = |known: &Rewritten| programs.iter().any(|program| program.name == known.object.name.name);
        let rewritten = self.rewritten.iter().filter(is_there).find(|known| known.table == *name || is_taken(known));
        if let Some(Rewritten { revision, object, .. }) = rewritten {
            return Err(unknown(format!(
                "SQLite rewrote the {object} when revision `{revision}` renamed what it speaks of"
            )));
        }
        Ok(Attached { programs, clauses: Vec::new() })
    }

    /// A table is rebuilt in the transaction that is open: SQLite's foreign keys are off around it, and checked in it.
    pub(crate) fn rebuild(&mut self) {
        if self.rebuilds {
            return;
        }
        self.rebuilds = true;
        if let (Some(at), false) = (self.begun.first().copied(), self.replays) {
            self.text.insert_str(at, "PRAGMA foreign_keys = OFF;\n\n");
            self.begun[0] = at + "PRAGMA foreign_keys = OFF;\n\n".len();
        }
        // A violation that was there before is not the migration's; a new one breaks the check, and so the script.
        self.statement("CREATE TEMP TABLE rectify_violations (before INTEGER, after INTEGER, CHECK (after <= before))");
        self.statement("INSERT INTO rectify_violations (before) SELECT COUNT(*) FROM pragma_foreign_key_check");
    }

    fn check_foreign_keys(&mut self) {
        self.statement("UPDATE rectify_violations SET after = (SELECT COUNT(*) FROM pragma_foreign_key_check)");
        self.statement("DROP TABLE rectify_violations");
    }

    fn statement(&mut self, sql: &str) {
        if self.replays {
            return;
        }
        let sql = sql.trim().trim_end_matches(';');
        if sql.starts_with("EXPLAIN ") {
            self.comment("compiles the trigger and does not run it: what the client prints says nothing");
        }
        // The client cuts its input at each semicolon, unless it is told another mark.
        if family(self.dialect) == Family::Mysql && has_inner_semicolon(sql) {
            self.push(format_args!("DELIMITER $$\n{sql}$$\nDELIMITER ;"));
        } else {
            self.push(format_args!("{sql};"));
        }
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = write!(self.text, "{text}\n\n");
    }
}

impl Database for Script {
    fn family(&self) -> Family {
        family(self.dialect)
    }

    fn run(&mut self, sql: &str) -> QueryResult<()> {
        self.statement(sql);
        Ok(())
    }

    fn change(&mut self, statement: &Parametrized<'_>) -> QueryResult<usize> {
        let sql = statement.written_out(|value| literal(self.dialect, value));
        self.statement(&sql);
        Ok(1)
    }

    fn rows(&mut self, sql: &str) -> QueryResult<Vec<TextRow>> {
        Err(DieselError::QueryBuilderError(Box::new(OfflineError::Query { query: sql.to_owned() })))
    }

    fn begin(&mut self) -> QueryResult<()> {
        self.begun.push(self.text.len());
        let depth = self.begun.len() - 1;
        let sql = if depth == 0 { "BEGIN".to_owned() } else { format!("SAVEPOINT rectify_{depth}") };
        self.statement(&sql);
        Ok(())
    }

    fn commit(&mut self) -> QueryResult<()> {
        self.begun.pop();
        let depth = self.begun.len();
        if depth > 0 {
            self.statement(&format!("RELEASE SAVEPOINT rectify_{depth}"));
            return Ok(());
        }
        let rebuilt = std::mem::take(&mut self.rebuilds);
        if rebuilt {
            self.check_foreign_keys();
        }
        self.statement("COMMIT");
        if rebuilt {
            self.statement("PRAGMA foreign_keys = ON");
        }
        Ok(())
    }

    fn rollback(&mut self) -> QueryResult<()> {
        if let Some(at) = self.begun.pop() {
            self.text.truncate(at);
        }
        Ok(())
    }

    fn in_transaction(&mut self) -> bool {
        !self.begun.is_empty()
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// Whether SQL text may change a table, a view, a trigger: everything but the plain handling of rows.
fn changes_a_schema(sql: &str) -> bool {
    let lower = sql.to_lowercase();
    ["create", "alter", "drop", "rename", "truncate", "call", "do"].iter().any(|word| names(&lower, word))
}

/// Whether `text` has `word` as a whole word.
fn names(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(is_part)
            && !text[at + word.len()..].chars().next().is_some_and(is_part)
    })
}

/// Whether a statement has a semicolon inside that is not part of a text: the body of a trigger or a procedure.
fn has_inner_semicolon(sql: &str) -> bool {
    let mut quote = None;
    let mut escaped = false;
    for c in sql.chars() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some('\'' | '"'), '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, ';') => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use rectify_schema::build::*;
    use rectify_schema::dialect::{MARIADB, POSTGRES, SQLITE};
    use rectify_schema::ops::{AlterColumn, CreateObject, CreateTable, DropObject, RenameTable, ReplaceObject, Sql};

    #[test]
    fn statements_stand_between_begin_and_commit() {
        let mut script = Script::new(POSTGRES);
        script.comment("Running upgrade  -> a1, a\nmessage");
        script.begin().unwrap();
        script.run("SELECT 1;").unwrap();
        script.commit().unwrap();
        assert_eq!(script.into_text(), "-- Running upgrade -> a1, a message\n\nBEGIN;\n\nSELECT 1;\n\nCOMMIT;\n\n");
    }

    #[test]
    fn foreign_keys_are_off_around_a_rebuild() {
        let mut script = Script::new(SQLITE);
        script.begin().unwrap();
        script.run("SELECT 1").unwrap();
        script.rebuild();
        script.rebuild();
        script.commit().unwrap();
        let text = script.into_text();
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!((lines[0], lines[1], lines[2]), ("PRAGMA foreign_keys = OFF;", "BEGIN;", "SELECT 1;"));
        assert_eq!(lines[lines.len() - 2..], ["COMMIT;", "PRAGMA foreign_keys = ON;"]);
        assert_eq!(text.matches("CREATE TEMP TABLE").count(), 1);
    }

    #[test]
    fn what_was_rolled_back_is_not_written() {
        let mut script = Script::new(SQLITE);
        script.begin().unwrap();
        script.run("SELECT 1").unwrap();
        script.rollback().unwrap();
        assert_eq!(script.into_text(), "");
    }

    #[test]
    fn a_body_with_semicolons_gets_a_delimiter() {
        let mut script = Script::new(MARIADB);
        script.run("CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN SET NEW.a = 1; END").unwrap();
        script.run("INSERT INTO x VALUES (';', 'it''s; \\';')").unwrap();
        let text = script.into_text();
        assert!(text.starts_with("DELIMITER $$\nCREATE TRIGGER"), "{text}");
        assert!(text.contains("END$$\nDELIMITER ;\n\nINSERT INTO x"), "{text}");
    }

    #[test]
    fn tables_are_known_from_operations_and_not_after_sql_text() {
        let users = TableName::from("users");
        let mut script = Script::new(SQLITE);
        assert!(
            script.table(&users).unwrap_err().to_string().contains("no operation since the first revision made it")
        );
        script.note("a1", &CreateTable::new(table("users").column(column("id", integer()))).into());
        script.note("a2", &Sql::new("UPDATE users SET id = 1").into());
        assert_eq!(script.table(&users).unwrap().columns.len(), 1);
        script.note("a3", &Sql::new("ALTER TABLE users_old ADD x").into());
        assert!(script.table(&users).is_ok());
        script.note("a4", &Sql::new("ALTER TABLE Users ADD x").into());
        let error = script.table(&users).unwrap_err().to_string();
        assert!(error.contains("revision `a4` has: ALTER TABLE Users ADD x"), "{error}");
    }

    #[test]
    fn triggers_and_views_are_known_as_long_as_sqlite_does_not_rewrite_them() {
        let users = TableName::from("users");
        let adults = || view("adults", "SELECT * FROM Users WHERE age > 17");
        let renamed = |column: &str| AlterColumn::new("users", alter(column).rename_to("x")).into();
        let mut script = Script::new(SQLITE);
        let columns = table("users").column(column("id", integer())).column(column("age", integer()));
        script.note("a1", &CreateTable::new(columns).into());
        script.note("a2", &CreateObject::new(adults()).into());
        let names = |script: &Script| -> Vec<String> {
            script.attached(&users).unwrap().programs.into_iter().map(|program| program.name).collect()
        };
        assert_eq!(names(&script), ["adults"]);
        script.note("a3", &renamed("id"));
        assert_eq!(names(&script), ["adults"]);
        script.note("a4", &renamed("age"));
        let error = script.attached(&users).unwrap_err().to_string();
        assert!(error.contains("SQLite rewrote the view `adults` when revision `a4` renamed"), "{error}");
        script.note("a5", &ReplaceObject::new(adults()).into());
        assert_eq!(names(&script), ["adults"]);
        script.note("a6", &RenameTable::new("users", "people").into());
        let error = script.attached(&"people".into()).unwrap_err().to_string();
        assert!(error.contains("when revision `a6` renamed"), "{error}");
        script.note("a7", &DropObject::new(adults()).into());
        assert!(script.attached(&"people".into()).unwrap().programs.is_empty());
    }

    #[test]
    fn nothing_is_read() {
        let error = Script::new(SQLITE).rows("SELECT 1").unwrap_err().to_string();
        assert!(error.contains("with a database at hand: SELECT 1"), "{error}");
    }
}
