//! What bad input gets: a refusal before anything runs, which names the operation and the way that works.
#![expect(clippy::unwrap_used, reason = "tests")]

use rectify_schema::build::*;
use rectify_schema::ops::*;
use rectify_schema::{Dialect, Operation, Sequence, TableName, dialect};

/// Every place in which an operation has a name of its own, with `name` there.
fn with_name(name: &str) -> Vec<Operation> {
    let users = || table("users").column(column("id", integer()));
    let key = || foreign_key("fk").on(["id"]).references("users", ["id"]);
    let named = TableName::from(name);
    vec![
        CreateTable::new(table(name).column(column("id", integer()))).into(),
        CreateTable::new(table((name, "users")).column(column("id", integer()))).into(),
        CreateTable::new(table("users").column(column(name, integer()))).into(),
        CreateTable::new(users().primary_key(primary_key(name).on(["id"]))).into(),
        CreateTable::new(users().unique(unique(name).on(["id"]))).into(),
        CreateTable::new(users().check(check(name, "id > 0"))).into(),
        CreateTable::new(users().foreign_key(foreign_key(name).on(["id"]).references("users", ["id"]))).into(),
        CreateTable::new(users().foreign_key(foreign_key("fk").on(["id"]).references(name, ["id"]))).into(),
        CreateTable::new(users().foreign_key(foreign_key("fk").on(["id"]).references("users", [name]))).into(),
        CreateTable::new(users().index(index(name).on("users", ["id"]))).into(),
        CreateTable::new(users().exclude(exclude(name).with("id", "="))).into(),
        DropTable::new(named.clone()).into(),
        RenameTable::new(named.clone(), "users").into(),
        RenameTable::new("users", name).into(),
        AddColumn::new("users", column(name, integer())).into(),
        AddColumn::new(name, column("id", integer())).into(),
        AddColumn::new("users", column("id", integer()).collate(name)).into(),
        DropColumn::new("users", name).into(),
        AlterColumn::new("users", alter(name).rename_to("x")).into(),
        AlterColumn::new("users", alter("x").rename_to(name)).into(),
        CreateIndex::new(index(name).on("users", ["id"])).into(),
        CreateIndex::new(index("ix").on(name, ["id"])).into(),
        CreateIndex::new(index("ix").on("users", [name])).into(),
        DropIndex::new(name).on("users").into(),
        CreatePrimaryKey::new("users", primary_key(name).on(["id"])).into(),
        CreatePrimaryKey::new("users", primary_key("pk").on([name])).into(),
        CreateUnique::new("users", unique(name).on(["id"])).into(),
        CreateUnique::new("users", unique("uq").on([name])).into(),
        DropUnique::new("users", name).into(),
        CreateForeignKey::new("users", foreign_key(name).on(["id"]).references("users", ["id"])).into(),
        CreateForeignKey::new(name, key()).into(),
        DropForeignKey::new("users", name).into(),
        CreateCheck::new("users", check(name, "id > 0")).into(),
        DropCheck::new("users", name).into(),
        CreateExclude::new("users", exclude(name).with("id", "=")).into(),
        CreateExclude::new("users", exclude("ex").with(name, "=")).into(),
        DropExclude::new("users", name).into(),
        CreateSchema::new(name).into(),
        DropSchema::new(name).into(),
        CreateSequence::new(sequence(name)).into(),
        DropSequence::new(name).into(),
        BulkInsert::new(name, [row().set("id", 1)]).into(),
        BulkInsert::new("users", [row().set(name, 1)]).into(),
    ]
}

/// Enum types and extensions, which only PostgreSQL has: elsewhere they are refused, or nothing is done.
fn with_name_on_postgres(name: &str) -> Vec<Operation> {
    vec![
        CreateEnum::new(name, ["a"]).into(),
        DropEnum::new(name).into(),
        AddEnumValue::new(name, "a").into(),
        CreateExtension::new(name).into(),
        DropExtension::new(name).into(),
        AlterSequence::new(name).restart(1).into(),
        AddColumn::new("users", column("mood", named_enum(name))).into(),
    ]
}

#[track_caller]
fn refused(dialect: &dyn Dialect, op: &Operation) {
    let refusal = dialect.render(op).map(|statements| format!("{statements:?}")).unwrap_err();
    assert!(!refusal.hint.is_empty(), "{refusal}");
    let said = refusal.to_string();
    assert!(said.starts_with(&format!("cannot {op}: {} does not support ", dialect.name())), "{said}");
}

#[test]
fn names_that_no_database_takes_are_refused_in_each_operation() {
    for name in ["", "a\0b"] {
        for dialect in dialect::ALL {
            with_name(name).iter().for_each(|op| refused(*dialect, op));
        }
        with_name_on_postgres(name).iter().for_each(|op| refused(dialect::POSTGRES, op));
    }
}

#[test]
fn names_that_are_too_long_are_refused_where_there_is_a_limit() {
    let longest = |length: usize| "n".repeat(length);
    for (dialect, limit) in [(dialect::POSTGRES, 63), (dialect::MYSQL, 64), (dialect::MARIADB, 64)] {
        with_name(&longest(limit + 1)).iter().for_each(|op| refused(dialect, op));
        let taken = CreateTable::new(table(longest(limit)).column(column(longest(limit), integer())));
        assert!(dialect.render(&taken.into()).is_ok(), "{limit} is the limit of {}", dialect.name());
    }
    with_name_on_postgres(&longest(64)).iter().for_each(|op| refused(dialect::POSTGRES, op));
    // Characters and bytes are not the same.
    let umlauts = CreateTable::new(table("ü".repeat(40)).column(column("id", integer())));
    refused(dialect::POSTGRES, &umlauts.clone().into());
    assert!(dialect::MYSQL.render(&umlauts.into()).is_ok());
}

/// What no database takes.
fn nonsense() -> Vec<(&'static str, Operation)> {
    let create = |table| Operation::from(CreateTable::new(table));
    let t = || table("t").column(column("a", integer())).column(column("b", integer()));
    let two_to_one = || foreign_key("fk").on(["a", "b"]).references("t", ["a"]);
    vec![
        ("2 columns that refer to 1", create(t().foreign_key(two_to_one()))),
        ("two columns named `a`", create(t().column(column("a", text())))),
        ("the column `a` twice", create(t().unique(unique("uq").on(["a", "a"])))),
        ("the column `a` twice", create(t().primary_key(primary_key("pk").on(["a", "a"])))),
        ("the column `c`, which the table lacks", create(t().unique(unique("uq").on(["c"])))),
        ("without columns", create(t().unique(unique("uq")))),
        ("an index without columns", create(t().index(index("ix")))),
        ("an index without columns", CreateIndex::new(index("ix").on("t", [""; 0])).into()),
        ("NUL", create(t().check(check("ck", "a\0")))),
        ("NUL", Sql::new("SELECT '\0'").into()),
    ]
}

#[test]
fn what_makes_no_sense_is_refused_on_each_database() {
    for dialect in dialect::ALL {
        for (part, op) in nonsense() {
            refused(*dialect, &op);
            let said = dialect.render(&op).unwrap_err().to_string();
            assert!(said.contains(part), "no `{part}` in: {said}");
        }
    }
}

#[test]
fn columns_whose_names_differ_in_case_alone_are_one_where_the_database_thinks_so() {
    let op = Operation::from(CreateTable::new(table("t").column(column("Id", integer())).column(column("id", text()))));
    for dialect in [dialect::MYSQL, dialect::MARIADB, dialect::SQLITE] {
        refused(dialect, &op);
    }
    assert!(dialect::POSTGRES.render(&op).is_ok());
}

#[test]
fn a_table_without_columns_is_one_of_postgres_alone() {
    let op = Operation::from(CreateTable::new(table("t")));
    for dialect in [dialect::MYSQL, dialect::MARIADB, dialect::SQLITE] {
        refused(dialect, &op);
    }
    assert!(dialect::POSTGRES.render(&op).is_ok());
}

/// What one database cannot do, with the way that works there.
#[test]
fn each_refusal_names_the_way_that_works_there() {
    let partial = CreateIndex::new(index("ix").on("t", ["a"]).filter("a > 0")).into();
    let type_change = AlterColumn::new("t", alter("a").set_type(text())).into();
    let by_expression = CreateIndex::new(index("ix").on("t", [sql("lower(a)")])).into();
    let numbers = CreateSequence::new(Sequence::clone(&sequence("numbers"))).into();
    let twice = CreateIndex::new(index("ix").on("t", ["a", "a"])).into();
    let cases: [(&dyn Dialect, &Operation, &str); 7] = [
        (dialect::MYSQL, &partial, "index a generated column"),
        (dialect::MARIADB, &partial, "index a generated column"),
        (dialect::SQLITE, &type_change, "use `op.batch_alter_table(\"t\", |batch| ..)`"),
        (dialect::MARIADB, &by_expression, "add a generated column and index that"),
        (dialect::MYSQL, &numbers, ""),
        (dialect::SQLITE, &numbers, ""),
        (dialect::MYSQL, &twice, "name each column once"),
    ];
    for (dialect, op, way) in cases {
        refused(dialect, op);
        let refusal = dialect.render(op).unwrap_err();
        assert!(refusal.hint.contains(way), "{}", refusal.hint);
    }
    assert!(dialect::MYSQL.render(&by_expression).is_ok());
    assert!(dialect::MARIADB.render(&numbers).is_ok());
}
