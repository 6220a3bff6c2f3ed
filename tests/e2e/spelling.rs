//! Models whose expressions a database prints in words of its own: nothing differs where they mean the same, what differs is
//! found, and the database is as it was.

use rectify::inspect::InspectOptions;
use rectify::schema::dialect::Dialect;
use rectify::schema::diff::{DiffOptions, diff};
use rectify::{AnyConnection, Comparison, Create, Database as _, Family, dialect_of};
use rectify_schema::build::{
    array, bigint, boolean, check, column, custom, date, double, exclude, function, index, index_column, integer,
    materialized_view, numeric, policy, sequence, sql, table, text, timestamp, timestamptz, trigger, varchar, view,
};
use rectify_schema::{EnumType, IndexColumn, Operation, Schema, Table};
use rectify_tests::{Database, TestDatabase, databases, fresh, wanted};

use crate::catalog;
use crate::inspect::create;

/// Compares the models with all that the database holds where they say that it is.
pub(crate) fn compare(connection: &mut AnyConnection, models: &Schema) -> Comparison {
    rectify::compare(connection, models.clone(), &DiffOptions::default(), &InspectOptions::default()).unwrap()
}

pub(crate) fn words(found: &Comparison) -> Vec<String> {
    found.diff.operations.iter().map(ToString::to_string).collect()
}

/// Holds a database that was just made from its models to that nothing differs.
#[track_caller]
pub(crate) fn assert_nothing_differs(database: &TestDatabase, models: &Schema) {
    let found = compare(&mut database.connect(), models);
    assert_eq!((words(&found), &found.notes), (Vec::new(), &Vec::new()), "{:?}", found.diff.operations);
}

fn goods() -> Table {
    table("goods")
        .column(column("id", bigint()).not_null().primary_key())
        .column(column("name", varchar(40)).not_null())
        .column(column("price", numeric(9, 2)).not_null())
        .column(column("state", varchar(9)))
        .column(column("made", timestamp()))
}

fn of_postgres() -> Schema {
    let goods = goods()
        .column(column("code", text()).server_default(sql("lower('ABC')||'x'")))
        .column(column("sum", integer()).server_default(sql("(1+2)*3")))
        .column(column("due", timestamptz()).server_default(sql("now() + interval '1 day'")))
        .column(column("day", date()).server_default(sql("date '2020-1-5'")))
        .column(column("tags", array(text())).server_default(sql("array['a','b']")))
        .column(column("number", bigint()).server_default(sql("nextval('numbers')")))
        .column(column("bits", custom("bit")))
        .column(column("names", custom("varchar(20)[]")))
        .column(column("at", custom("timestamp(3)")))
        .column(column("twice", numeric(12, 2)).generated("price*2 + 1"))
        .column(column("label", text()).generated("coalesce(name,'')||' '||coalesce(state,'')"))
        .column(column("during", custom("int4range")))
        .check(check("ck_price", "price > 0 and price < 100 or state in ('a','b')"))
        .check(check("ck_name", "name ~* '^a' and position('x' in name) between 0 and 5"))
        .check(check(None, "not (id = 1) and char_length(name)<>3"))
        .exclude(exclude("ex_during").using("gist").with("during", "&&").filter("price>1 and state<>'x'"))
        .index(index("ix_lower").on("goods", [sql("lower(name)||'x'")]).filter("state in ('a','b') and price>1"))
        .index(index("ix_class").on("goods", [index_column("name").operator_class("text_ops")]))
        .index(index("ix_two").on("goods", [IndexColumn::from(sql("(price*2)")).desc()]).storage("fillfactor", "'70'"));
    let touch = "returns trigger language plpgsql as $$ begin return new; end $$";
    Schema {
        tables: vec![goods],
        sequences: vec![sequence("numbers")],
        objects: vec![
            view("cheap", "select g.*, price*2 p2 from goods g where price<5 and state in ('a','b')"),
            view(
                "cheaper",
                "select id from cheap c where exists (select 1 from goods where goods.id=c.id) group by id",
            ),
            materialized_view("counts", "select state,count(*) n from goods group by 1"),
            function("twice", "n int default 1+1", "returns int language sql immutable as 'select n*2'"),
            function("touch", "", touch),
            trigger(
                "touch",
                "goods",
                "before insert or update of name on goods for each row execute procedure touch()",
            ),
            trigger("fit", "cheaper", "instead of insert on cheaper for each row execute function touch()"),
            policy("own", "goods", "for select using (state='a' or current_user=name)"),
        ],
        ..Schema::default()
    }
}

fn of_mariadb() -> Schema {
    let goods = goods()
        .column(column("code", varchar(9)).server_default(sql("LOWER('ABC')")))
        .column(column("sum", integer()).server_default(sql("(1+2)*3")))
        .column(column("since", timestamp()).server_default("2020-01-05"))
        .column(column("ratio", double()).server_default(sql("1/3")))
        .column(column("odd", custom("integer(5) unsigned zerofill")))
        .column(column("twice", numeric(12, 2)).generated("price*2 + 1"))
        .column(column("label", varchar(60)).generated("concat(name,' ',ifnull(state,''))"))
        .column(column("plain", varchar(9)).collate("utf8mb4_general_ci"))
        .check(check("ck_price", "price > 0 and price < 100 or state in ('a','b')"))
        .check(check("ck_name", "name like 'a%' and not (id = 1)"))
        .check(check(None, "char_length(name)<>3"));
    Schema {
        tables: vec![goods],
        objects: vec![
            view("cheap", "select g.*, price*2 p2 from goods g where price<5 and state in ('a','b')"),
            view("cheaper", "select id from cheap c where exists (select 1 from goods where goods.id=c.id)"),
            function("twice", "n int", "returns int deterministic return n*2"),
            trigger("touch", "goods", "before update on goods for each row set new.name = lower(new.name)"),
        ],
        ..Schema::default()
    }
}

/// SQLite keeps what it is given, and names that it rewrites get quotes.
fn of_sqlite() -> Schema {
    let goods = goods()
        .column(column("sum", integer()).server_default(sql("(1+2)*3")))
        .column(column("twice", numeric(12, 2)).generated("price*2 + 1"))
        .check(check("ck_price", "price > 0 and price < 100 or state in ('a','b')"))
        .index(index("ix_lower").on("goods", [sql("lower(name)||'x'")]).filter("state in ('a','b') and price>1"));
    Schema {
        tables: vec![goods],
        objects: vec![view("cheap", "select g.id, price*2 p2 from goods g where price<5")],
        ..Schema::default()
    }
}

fn spelled_by_hand(kind: Database) -> Schema {
    match kind {
        Database::Sqlite => of_sqlite(),
        Database::Postgres => of_postgres(),
        Database::Mariadb => of_mariadb(),
    }
}

/// A database made of its models, and these.
fn made(kind: Database) -> (TestDatabase, Schema) {
    let (database, models) = (fresh(kind), spelled_by_hand(kind));
    create(&database, &models);
    (database, models)
}

#[test]
fn what_the_database_spells_otherwise_does_not_differ() {
    for kind in databases() {
        let (database, models) = made(kind);
        let before = catalog::of(&database);
        database.connect().run("INSERT INTO goods (id, name, price) VALUES (7, 'abcd', 5)").unwrap();
        assert_nothing_differs(&database, &models);
        assert_eq!(catalog::of(&database), before);
        assert_eq!(database.texts("SELECT name FROM goods"), ["abcd"]);
    }
}

#[test]
fn what_differs_is_found_among_what_is_spelled_otherwise() {
    for kind in databases() {
        let (database, mut models) = made(kind);
        let goods = models.tables.iter_mut().find(|table| table.name == "goods".into()).unwrap();
        goods.find_column_mut("sum").unwrap().default = Some(sql("(1+2)*4").into());
        goods.checks[0].expression = "price > 0 and price < 101 or state in ('a','b')".into();
        goods.find_column_mut("twice").unwrap().generated.as_mut().unwrap().expression = "price*3 + 1".into();
        let found = compare(&mut database.connect(), &models);
        let mut words: Vec<String> = found.diff.operations.iter().flat_map(steps).collect();
        words.sort();
        let mut expected = vec![
            "add column `goods`.`twice`",
            "alter column `goods`.`sum`",
            "create check `ck_price` on `goods`",
            "drop check `ck_price` on `goods`",
            "drop column `goods`.`twice`",
        ];
        words.retain(|word| !word.contains("`cheap"));
        expected.sort_unstable();
        assert_eq!(words, expected, "on {kind}");
        // It is written as the models have it.
        let text = format!("{:?}", found.diff.operations);
        assert!(text.contains("price*3 + 1") && text.contains("price < 101 or"), "{text}");
    }
}

fn steps(operation: &Operation) -> Vec<String> {
    match operation {
        Operation::BatchAlterTable(batch) => batch.changes.iter().map(ToString::to_string).collect(),
        other => vec![other.to_string()],
    }
}

#[test]
fn an_expression_that_the_database_refuses_hides_no_other() {
    for kind in [Database::Postgres, Database::Mariadb] {
        if !wanted(kind) {
            continue;
        }
        let (database, mut models) = made(kind);
        models.tables[0].checks[1].expression = "no_such_function(name) > 1 and no_such_column = 2".into();
        let found = compare(&mut database.connect(), &models);
        let expected = ["drop check `ck_name` on `goods`", "create check `ck_name` on `goods`"];
        assert_eq!((words(&found), found.notes), (expected.map(str::to_owned).to_vec(), Vec::new()), "on {kind}");
    }
}

#[test]
fn nobody_waits_and_the_transaction_of_the_caller_goes_on() {
    if !wanted(Database::Postgres) {
        return;
    }
    let (database, models) = made(Database::Postgres);
    let mut writer = database.connect();
    writer.begin().unwrap();
    writer.run("INSERT INTO goods (id, name, price) VALUES (8, 'abcd', 5)").unwrap();
    // What waited for the writer would not come back within the time for a lock, and say so.
    let mut own = database.connect();
    own.begin().unwrap();
    own.run("INSERT INTO goods (id, name, price) VALUES (9, 'abcd', 5)").unwrap();
    let found = compare(&mut own, &models);
    assert_eq!((words(&found), found.notes), (Vec::new(), Vec::new()));
    let locks = "SELECT DISTINCT mode::text FROM pg_locks WHERE pid = pg_backend_pid() AND relation IS NOT NULL \
                 AND mode NOT IN ('AccessShareLock', 'RowExclusiveLock')";
    assert!(own.rows(locks).unwrap().is_empty());
    own.commit().unwrap();
    writer.commit().unwrap();
    assert_eq!(database.texts("SELECT id::text FROM goods ORDER BY id"), ["8", "9"]);
}

#[test]
fn a_database_that_may_not_be_written_to_is_compared_by_texts_with_a_note() {
    for kind in [Database::Postgres, Database::Mariadb] {
        if !wanted(kind) {
            continue;
        }
        let (database, models) = made(kind);
        let (mut connection, reason) = reader(&database);
        let found = compare(&mut connection, &models);
        assert!(words(&found).contains(&"create check `ck_name` on `goods`".to_owned()), "{:?}", words(&found));
        let note = "the database could not be asked how it spells what the models say, so some of what differs may be the \
                    same in other words: ";
        assert!(found.notes.len() == 1 && found.notes[0].starts_with(note), "{:?}", found.notes);
        assert!(found.notes[0].contains(reason), "{:?}", found.notes);
        drop(connection);
        if kind == Database::Mariadb {
            users().iter().for_each(|user| database.connect().run(&format!("DROP USER {user}")).unwrap());
        }
    }
}

fn user() -> String {
    format!("reader_{}", std::process::id())
}

/// Nobody in particular may come from this machine, and would be taken for the user who may come from anywhere.
fn users() -> [String; 2] {
    ["%", "localhost"].map(|host| format!("'{}'@'{host}'", user()))
}

/// A connection that may not make anything, and what the database says of it.
fn reader(database: &TestDatabase) -> (AnyConnection, &'static str) {
    let mut connection = database.connect();
    if connection.family() == Family::Postgres {
        connection.run("SET default_transaction_read_only = on").unwrap();
        return (
            connection,
            "it refused a temporary table: the database said: cannot execute CREATE TABLE in a read-only",
        );
    }
    let (server, name) = database.url.rsplit_once('/').unwrap();
    for user in users() {
        connection.run(&format!("CREATE USER {user} IDENTIFIED BY 'secret'")).unwrap();
        connection.run(&format!("GRANT ALL ON {name}.* TO {user}")).unwrap();
    }
    let host = server.rsplit_once('@').unwrap().1;
    let url = format!("mysql://{}:secret@{host}/{name}", user());
    (AnyConnection::connect(&url, Create::Never).unwrap(), "it refused a scratch database (`rectify_scratch_")
}

#[test]
fn an_open_transaction_on_mariadb_is_not_committed() {
    if !wanted(Database::Mariadb) {
        return;
    }
    let (database, models) = made(Database::Mariadb);
    let mut connection = database.connect();
    connection.begin().unwrap();
    connection.run("INSERT INTO goods (id, name, price) VALUES (9, 'abcd', 5)").unwrap();
    let found = compare(&mut connection, &models);
    assert!(
        found.notes[0].ends_with("a transaction is open, which a scratch database would commit"),
        "{:?}",
        found.notes
    );
    connection.rollback().unwrap();
    assert_eq!(database.texts("SELECT name FROM goods"), [""; 0]);
}

#[test]
fn nothing_is_left_of_a_scratch_database() {
    if !wanted(Database::Mariadb) {
        return;
    }
    let (database, models) = made(Database::Mariadb);
    let mut connection = database.connect();
    let own = connection.rows("SELECT CAST(CONNECTION_ID() AS CHAR)").unwrap()[0].text(0).unwrap().to_owned();
    assert_eq!(words(&compare(&mut connection, &models)), [""; 0]);
    let left = format!(
        "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'rectify\\_scratch\\_%\\_{own}'"
    );
    assert!(connection.rows(&left).unwrap().is_empty());
    assert_eq!(connection.rows("SELECT name FROM goods").unwrap(), []);
}

/// Types, columns and views of what is yet to come are spelled as they will be.
#[test]
fn what_changes_in_one_go_settles_in_one_go() {
    for kind in [Database::Postgres, Database::Mariadb] {
        if !wanted(kind) {
            continue;
        }
        let (database, mut models) = made(kind);
        if kind == Database::Postgres {
            let mood = EnumType::new("mood", ["sad", "glad"]);
            models.enums.push(mood.clone());
            let new = column("mood", rectify_schema::ColumnType::Enum(mood)).server_default("sad");
            let goods = std::mem::replace(&mut models.tables[0], table("goods"));
            models.tables[0] = goods.column(new);
        }
        let goods = std::mem::replace(&mut models.tables[0], table("goods"));
        models.tables[0] = goods
            .column(column("fresh", boolean()).not_null().server_default(sql("1=1")))
            .check(check("ck_fresh", "fresh = (1=1) or price>3"));
        let mut connection = database.connect();
        let found = compare(&mut connection, &models);
        assert_eq!(found.notes, [""; 0]);
        let dialect: &dyn Dialect = dialect_of(&mut connection).unwrap();
        for operation in &found.diff.operations {
            for statement in dialect.render(operation).unwrap() {
                connection.run(&statement.sql).unwrap_or_else(|error| panic!("{error}: {}", statement.sql));
            }
        }
        assert_eq!(words(&compare(&mut connection, &models)), [""; 0], "on {kind}");
    }
}

#[test]
fn no_questions_no_statements() {
    for kind in databases() {
        let (database, models) = made(kind);
        let mut connection = database.connect();
        let printed = rectify::inspect(&mut connection, &InspectOptions::default()).unwrap();
        let dialect = dialect_of(&mut connection).unwrap();
        assert!(diff(&printed, &printed, dialect, &DiffOptions::default()).is_empty());
        // A database that could not be asked has nothing to say where there is no question.
        let mut connection = if kind == Database::Postgres { reader(&database).0 } else { connection };
        let found = compare(&mut connection, &printed);
        assert_eq!((words(&found), found.notes), (Vec::new(), Vec::new()), "on {kind}");
        drop(models);
    }
}
