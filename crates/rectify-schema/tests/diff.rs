//! What differs between two schemas, each case on one database, and the law that holds for every case: the operations
//! turn the one schema into the other, and their reverses turn it back.

use rectify_schema::build::*;
use rectify_schema::dialect::{Dialect, MARIADB, POSTGRES, SQLITE};
use rectify_schema::diff::{Diff, DiffOptions, Rename, diff};
use rectify_schema::{Operation, Schema, Table};

fn schema(tables: impl IntoIterator<Item = Table>) -> Schema {
    Schema { tables: tables.into_iter().collect(), ..Schema::default() }
}

fn users() -> Table {
    table("users").column(column("id", bigint()).primary_key()).column(column("email", varchar(255)).not_null())
}

/// Columns are compared without their order, which no difference is made of.
fn comparable(schema: &Schema) -> Schema {
    let mut schema = schema.clone().sorted();
    for table in &mut schema.tables {
        table.columns.sort_by(|a, b| a.name.cmp(&b.name));
    }
    schema
}

#[track_caller]
fn lawful(from: &Schema, to: &Schema, dialect: &dyn Dialect, options: &DiffOptions) -> Diff {
    let found = diff(from, to, dialect, options);
    let mut schema = from.clone();
    let apply = |schema: &mut Schema, operations: &[Operation]| {
        for operation in operations {
            operation.apply(schema).unwrap_or_else(|error| panic!("{operation}: {error}"));
        }
    };
    apply(&mut schema, &found.operations);
    assert_eq!(comparable(&schema), comparable(to), "{:#?}", found.operations);
    assert!(diff(&schema, to, dialect, options).is_empty());
    apply(&mut schema, &found.reverse());
    assert_eq!(comparable(&schema), comparable(from), "{:#?}", found.reverse());
    found
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
