//! What differs between two schemas, each case on one database, and the law that holds for every case: the operations
//! turn the one schema into the other, and their reverses turn it back.

mod generator;

use proptest::prelude::ProptestConfig;
use rectify_schema::build::*;
use rectify_schema::dialect::{Dialect, MARIADB, POSTGRES, SQLITE};
use rectify_schema::diff::{Diff, DiffOptions, Rename, diff};
use rectify_schema::{ColumnType, Operation, Schema, Table};

fn schema(tables: impl IntoIterator<Item = Table>) -> Schema {
    Schema { tables: tables.into_iter().collect(), ..Schema::default() }
}

fn users() -> Table {
    table("users").column(column("id", bigint()).primary_key()).column(column("email", varchar(255)).not_null())
}

/// Columns, also those of a unique constraint, are compared without their order, which no difference is made of; types of PostgreSQL by name, for their values
/// are the type's; comments where the database has them; sequences without what holds anyway.
fn comparable(schema: &Schema, dialect: &dyn Dialect) -> Schema {
    let mut schema = schema.clone().sorted();
    for table in &mut schema.tables {
        table.columns.sort_by(|a, b| a.name.cmp(&b.name));
        for column in &mut table.columns {
            match &mut column.column_type {
                ColumnType::Enum(found) if dialect.name() == "postgres" => found.values.clear(),
                _ => {}
            }
            if dialect.name() == "sqlite" {
                column.comment = None;
                if column.identity.is_some() && column.column_type.is_integer() {
                    column.column_type = integer();
                }
            }
        }
        table.uniques.iter_mut().for_each(|unique| unique.columns.sort());
        if dialect.name() == "sqlite" {
            table.comment = None;
        }
    }
    for sequence in &mut schema.sequences {
        let options = &mut sequence.options;
        options.increment = options.increment.filter(|increment| *increment != 1);
    }
    schema
}

/// The indexes that MySQL and MariaDB make for a foreign key, under its name, are in no schema.
fn is_behind_foreign_key(operation: &Operation) -> bool {
    match operation {
        Operation::CreateIndex(op) => op.index.name.starts_with("fk_"),
        Operation::DropIndex(op) => op.name.starts_with("fk_"),
        _ => false,
    }
}

#[track_caller]
fn lawful(from: &Schema, to: &Schema, dialect: &dyn Dialect, options: &DiffOptions) -> Diff {
    let found = diff(from, to, dialect, options);
    let mut schema = from.clone();
    let apply = |schema: &mut Schema, operations: &[Operation]| {
        for operation in operations.iter().filter(|operation| !is_behind_foreign_key(operation)) {
            operation.apply(schema).unwrap_or_else(|error| panic!("{operation}: {error}"));
        }
    };
    apply(&mut schema, &found.operations);
    assert_same(&comparable(&schema, dialect), &comparable(to, dialect), &found.operations);
    assert!(diff(&schema, to, dialect, options).is_empty());
    apply(&mut schema, &found.reverse());
    assert_same(&comparable(&schema, dialect), &comparable(from, dialect), &found.reverse());
    found
}

/// Names what differs, for the whole of two schemas is too long to read.
#[track_caller]
fn assert_same(found: &Schema, expected: &Schema, operations: &[Operation]) {
    let steps: Vec<_> = operations.iter().map(ToString::to_string).collect();
    let lines = |table: &Table| -> Vec<String> {
        let lines = table.columns.iter().map(|column| format!("{column:?}"));
        let lines = lines.chain(table.indexes.iter().map(|index| format!("{index:?}")));
        let bare = Table { columns: Vec::new(), indexes: Vec::new(), ..table.clone() };
        lines.chain([format!("{bare:?}")]).collect()
    };
    for table in &expected.tables {
        let Some(other) = found.table(&table.name) else { panic!("no {}: {steps:#?}", table.name) };
        let (one, other) = (lines(other), lines(table));
        let only = |these: &[String], those: &[String]| {
            these.iter().filter(|line| !those.contains(line)).cloned().collect::<Vec<_>>()
        };
        assert_eq!(only(&one, &other), only(&other, &one), "{}: {steps:#?}", table.name);
    }
    assert_eq!(found, expected, "{steps:#?}");
}

#[track_caller]
fn finds(dialect: &dyn Dialect, from: &Schema, to: &Schema, expected: &[&str]) -> Diff {
    let found = lawful(from, to, dialect, &DiffOptions::default());
    let operations: Vec<_> = found.operations.iter().map(ToString::to_string).collect();
    assert_eq!(operations, expected);
    found
}

#[track_caller]
fn finds_in_table(dialect: &dyn Dialect, from: Table, to: Table, expected: &[&str]) {
    let _ = finds(dialect, &schema([from]), &schema([to]), expected);
}

#[test]
fn sqlite_numbers_the_rows_of_one_integer_type_alone() {
    let numbered = |column_type| schema([table("users").column(column("id", column_type).primary_key().identity())]);
    assert!(lawful(&numbered(integer()), &numbered(bigint()), SQLITE, &DiffOptions::default()).is_empty());
    assert!(!lawful(&numbered(integer()), &numbered(bigint()), POSTGRES, &DiffOptions::default()).is_empty());
}

#[test]
fn sqlite_makes_a_column_what_it_was_before_it_was_numbered() {
    let plain = schema([table("users").column(column("id", bigint()).primary_key())]);
    let numbered = schema([table("users").column(column("id", bigint()).primary_key().identity())]);
    let found = lawful(&plain, &numbered, SQLITE, &DiffOptions::default());
    let [Operation::BatchAlterTable(back)] = &found.reverse()[..] else { panic!("{found:?}") };
    let [Operation::AlterColumn(back)] = &back.changes[..] else { panic!("{back:?}") };
    assert_eq!(back.change.column_type, Some(bigint()));
}

#[test]
fn the_same_is_no_difference() {
    for dialect in rectify_schema::dialect::ALL {
        finds_in_table(*dialect, users(), users(), &[]);
    }
}

#[test]
fn tables_come_parents_first_and_go_children_first() {
    let parent = || table("z_parents").column(column("id", bigint()).primary_key());
    let key = || foreign_key("fk").on(["parent_id"]).references("z_parents", ["id"]);
    let child = || table("a_children").column(column("parent_id", bigint())).foreign_key(key());
    let (none, both) = (schema([]), schema([child(), parent()]));
    let _ = finds(POSTGRES, &none, &both, &["create table `z_parents`", "create table `a_children`"]);
    let _ = finds(POSTGRES, &both, &none, &["drop table `a_children`", "drop table `z_parents`"]);
}

#[test]
fn foreign_keys_in_a_circle_take_two_steps() {
    let to = |name: &str| foreign_key(format!("fk_{name}")).on(["other"]).references(name, ["id"]);
    let one = |name: &str, other: &str| {
        table(name)
            .column(column("id", bigint()).primary_key())
            .column(column("other", bigint()))
            .foreign_key(to(other))
    };
    let (none, both) = (schema([]), schema([one("a", "b"), one("b", "a")]));
    let made = ["create table `b`", "create table `a`", "create foreign key `fk_a` on `b`"];
    let _ = finds(POSTGRES, &none, &both, &made);
    let _ = finds(SQLITE, &none, &both, &["create table `a`", "create table `b`"]);
    let gone = ["drop foreign key `fk_a` on `b`", "drop table `a`", "drop table `b`"];
    let _ = finds(POSTGRES, &both, &none, &gone);
}

#[test]
fn columns_are_added_changed_and_dropped() {
    let new = || column("age", integer());
    finds_in_table(POSTGRES, users(), users().column(new()), &["add column `users`.`age`"]);
    finds_in_table(POSTGRES, users().column(new()), users(), &["drop column `users`.`age`"]);
    let changed = column("age", bigint()).not_null().server_default(1).comment("in years");
    finds_in_table(POSTGRES, users().column(new()), users().column(changed), &["alter column `users`.`age`"]);
}

#[test]
fn what_uses_a_column_goes_before_it() {
    let full = users()
        .column(column("age", integer()))
        .index(index("ix_age").on("users", ["age"]))
        .unique(unique("uq_age").on(["age"]))
        .check(check("ck_age", "age > 0"));
    let expected = [
        "drop index `ix_age` on `users`",
        "drop unique constraint `uq_age` on `users`",
        "drop check `ck_age` on `users`",
        "drop column `users`.`age`",
    ];
    finds_in_table(POSTGRES, full, users(), &expected);
}

#[test]
fn sqlite_changes_a_table_in_one_batch() {
    let to = users().column(column("age", integer()).not_null()).check(check("ck_age", "age > 0"));
    let expected = ["alter table `users` (add column `users`.`age`; create check `ck_age` on `users`)"];
    finds_in_table(SQLITE, users(), to, &expected);
    let plain = users().column(column("age", integer()));
    finds_in_table(SQLITE, users(), plain, &["add column `users`.`age`"]);
}

#[test]
fn a_confirmed_renaming_is_one() {
    let (from, to) = (schema([users()]), schema([Table { name: "people".into(), ..users() }]));
    let rename = Rename::Table { from: "users".into(), to: "people".into() };
    let found = lawful(&from, &to, POSTGRES, &DiffOptions::default());
    assert_eq!(found.likely_renames, std::slice::from_ref(&rename));
    assert_eq!(found.losses.len(), 1);
    let found = lawful(&from, &to, POSTGRES, &DiffOptions { renames: vec![rename], ..DiffOptions::default() });
    assert_eq!(
        found.operations.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["rename table `users` to `people`"]
    );
    assert!(found.likely_renames.is_empty() && found.losses.is_empty());
}

#[test]
fn a_unique_constraint_is_a_unique_index_to_mariadb() {
    let constraint = users().unique(unique("uq").on(["email"]));
    let indexed = users().index(index("uq").on("users", ["email"]).unique());
    assert!(diff(&schema([indexed]), &schema([constraint]), MARIADB, &DiffOptions::default()).is_empty());
}

#[test]
fn enum_types_change_with_all_that_uses_them() {
    let with = |values: &[&str], default: &str| {
        let mood = column("mood", enumeration("mood", values.to_vec())).not_null().server_default(default);
        Schema { enums: vec![rectify_schema::EnumType::new("mood", values.to_vec())], ..schema([users().column(mood)]) }
    };
    let (two, more) = (with(&["sad", "glad"], "sad"), with(&["zen", "sad", "calm", "glad", "wild"], "sad"));
    let added =
        ["add value `zen` to enum `mood`", "add value `calm` to enum `mood`", "add value `wild` to enum `mood`"];
    let found = finds(POSTGRES, &two, &more, &added);
    assert_eq!(found.reverse().len(), 1);
    let sql: Vec<_> = found.operations.iter().flat_map(|op| POSTGRES.render(op).unwrap()).map(|one| one.sql).collect();
    assert_eq!(sql[0], "ALTER TYPE mood ADD VALUE 'zen' BEFORE 'sad'");
    assert_eq!(sql[1], "ALTER TYPE mood ADD VALUE 'calm' AFTER 'sad'");
    assert_eq!(sql[2], "ALTER TYPE mood ADD VALUE 'wild'");
    let _ = finds(POSTGRES, &more, &two, &["change the values of enum `mood`"]);
    let steps = ["alter column `users`.`mood`", "change the values of enum `mood`", "alter column `users`.`mood`"];
    let _ = finds(POSTGRES, &two, &with(&["glad"], "glad"), &steps);
    // The default needs the new value before the transaction ends.
    let steps = ["change the values of enum `mood`", "alter column `users`.`mood`"];
    let _ = finds(POSTGRES, &two, &with(&["sad", "glad", "calm"], "calm"), &steps);
    finds_in_table(MARIADB, two.tables[0].clone(), more.tables[0].clone(), &["alter column `users`.`mood`"]);
}

#[test]
fn views_are_made_anew_around_what_they_read() {
    let with = |email: ColumnType| {
        let query = "SELECT email FROM users";
        let objects = vec![view("above", "SELECT * FROM mails"), view("mails", query), view("other", "SELECT 1")];
        let users = table("users").column(column("id", bigint()).primary_key()).column(column("email", email));
        Schema { objects, ..schema([users]) }
    };
    let steps = [
        "drop view `above`",
        "drop view `mails`",
        "alter column `users`.`email`",
        "create view `mails`",
        "create view `above`",
    ];
    let _ = finds(POSTGRES, &with(varchar(20)), &with(varchar(30)), &steps);
    let changed = |text: &str| Schema { objects: vec![function("f", "", text)], ..Schema::default() };
    let _ = finds(POSTGRES, &changed("AS 'SELECT 1'"), &changed("AS 'SELECT 2'"), &["replace function `f`"]);
}

#[test]
fn a_function_that_returns_another_type_is_made_anew_on_postgres() {
    let with = |text: &str| {
        let objects = vec![function("f", "", text), view("v", "SELECT f()"), view("w", "SELECT 1")];
        Schema { objects, ..Schema::default() }
    };
    let (int, other) =
        (with("RETURNS int4 LANGUAGE sql AS 'SELECT 1'"), with("RETURNS integer LANGUAGE sql AS 'SELECT 2'"));
    let _ = finds(POSTGRES, &int, &other, &["replace function `f`"]);
    let text = with("returns setof text language sql as 'SELECT 1'");
    let anew = ["drop view `v`", "drop function `f`", "create function `f`", "create view `v`"];
    let _ = finds(POSTGRES, &int, &text, &anew);
    let _ = finds(MARIADB, &int, &text, &["replace function `f`"]);
}

#[test]
fn a_foreign_key_that_stays_is_released_around_what_it_stands_in_the_way_of() {
    let with = |id: ColumnType, key: &[&str]| {
        let parents = table("parents").column(column("id", id.clone())).column(column("part", integer()));
        let parents = parents.primary_key(primary_key("parents_pkey").on(key.iter().copied()));
        let parents = parents.unique(unique("uq").on(["id"]));
        let to_parent = foreign_key("fk_parent").on(["parent"]).references("parents", ["id"]);
        schema([parents, table("children").column(column("parent", id)).foreign_key(to_parent)])
    };
    let (release, again) =
        ("drop foreign key `fk_parent` on `children`", "create foreign key `fk_parent` on `children`");
    let altered = ["alter column `children`.`parent`", "alter column `parents`.`id`"];
    let _ = finds(POSTGRES, &with(integer(), &["id"]), &with(bigint(), &["id"]), &altered);
    let around = [&[release][..], &altered, &[again]].concat();
    let _ = finds(MARIADB, &with(integer(), &["id"]), &with(bigint(), &["id"]), &around);
    let rekeyed = ["drop primary key on `parents`", "create primary key on `parents`"];
    let around = [&["alter column `parents`.`part`", release][..], &rekeyed, &[again]].concat();
    let _ = finds(POSTGRES, &with(integer(), &["id"]), &with(integer(), &["id", "part"]), &around);
}

#[test]
fn what_reads_a_table_behind_its_text_is_made_anew_when_that_changes() {
    let with = |age: ColumnType| {
        let hidden = function("count_all", "", "RETURNS bigint LANGUAGE plpgsql AS 'BEGIN EXECUTE x; END'");
        let objects = vec![view("counts", "SELECT 1"), hidden.clone().reads(["users"]), view("other", "SELECT 1")];
        let objects = objects
            .into_iter()
            .map(|object| if object.name == "counts".into() { object.reads(["count_all"]) } else { object });
        Schema { objects: objects.collect(), ..schema([users().column(column("age", age))]) }
    };
    let steps = [
        "drop view `counts`",
        "drop function `count_all`",
        "alter column `users`.`age`",
        "create function `count_all`",
        "create view `counts`",
    ];
    let found = diff(&with(integer()), &with(bigint()), POSTGRES, &DiffOptions::default());
    let operations: Vec<_> = found.operations.iter().map(ToString::to_string).collect();
    assert_eq!(operations, steps);
    assert!(diff(&with(integer()), &with(integer()), POSTGRES, &DiffOptions::default()).is_empty());
}

proptest::proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn operations_lead_there_and_back(from: u64, to: u64, dialect in 0..4_usize) {
        let dialect = rectify_schema::dialect::ALL[dialect];
        let (from, to) = (generator::schema(from, dialect), generator::schema(to, dialect));
        let _ = lawful(&from, &to, dialect, &DiffOptions::default());
        let _ = lawful(&from, &Schema::default(), dialect, &DiffOptions::default());
    }
}

#[test]
fn the_index_behind_a_foreign_key_comes_and_goes_with_it_on_mariadb() {
    let key = foreign_key("fk_boss").on(["boss"]).references("users", ["id"]);
    let with = |table: Table| table.column(column("boss", bigint()));
    let expected = ["create index `fk_boss` on `users`", "create foreign key `fk_boss` on `users`"];
    finds_in_table(MARIADB, with(users()), with(users()).foreign_key(key.clone()), &expected);
    let expected = ["drop foreign key `fk_boss` on `users`", "drop index `fk_boss` on `users`"];
    finds_in_table(MARIADB, with(users()).foreign_key(key.clone()), with(users()), &expected);
    let own = index("ix").on("users", ["boss", "id"]);
    let expected = ["create index `ix` on `users`", "create foreign key `fk_boss` on `users`"];
    finds_in_table(MARIADB, with(users()), with(users()).foreign_key(key).index(own), &expected);
}

#[test]
fn what_is_filtered_out_is_left_alone() {
    let exclude = ["column:users.old_*", "tmp_*"].map(String::from).to_vec();
    let filter = rectify_schema::diff::Filter { include: Vec::new(), exclude };
    let options = DiffOptions { filter, ..DiffOptions::default() };
    let from = schema([users().column(column("old_name", text())), table("tmp_a").column(column("id", bigint()))]);
    assert!(diff(&from, &schema([users(), table("tmp_b")]), POSTGRES, &options).is_empty());
}
