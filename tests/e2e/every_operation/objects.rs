//! Cases of what is neither table, index nor constraint.

use rectify::prelude::*;
use rectify::schema::ops::{
    AddEnumValue, AlterEnum, AlterSequence, BulkInsert, CreateEnum, CreateExtension, CreateObject, CreateSchema,
    CreateSequence, CreateTable, DropEnum, DropExtension, DropObject, DropSchema, DropSequence, RenameEnumValue,
    ReplaceObject, Sql,
};
use rectify::schema::{ColumnType, EnumType, Operation, SqlObject};
use rectify_tests::Database::{Mariadb, Postgres, Sqlite};

use super::case::{Case, case};
use super::names::Names;
use super::tables;

/// `own` is part of the names of what does not live in a database of its own.
pub(super) fn cases(n: Names, own: &str) -> Vec<Case> {
    let mut cases = of_types(n);
    cases.extend(of_schemas(n, own));
    cases.extend(of_sequences(n));
    cases.extend(of_views(n));
    cases.extend(of_routines(n));
    cases.extend(of_rights(n, own));
    cases.extend(of_rows(n));
    cases
}

fn of_types(n: Names) -> Vec<Case> {
    let mood = || EnumType::new(n.of("mood"), ["sad".to_owned(), n.of("happy")]);
    let create = || vec![CreateEnum::from(mood()).into()];
    let used = || {
        let default = column(n.of("mood"), ColumnType::Enum(mood())).server_default(n.of("happy"));
        let people = table(n.of("people")).column(default);
        let array = column("was", if n.kind == Postgres { array(ColumnType::Enum(mood())) } else { text() });
        vec![CreateEnum::from(mood()).into(), CreateTable::new(people.column(array)).into()]
    };
    vec![
        case("create enum", Vec::new(), CreateEnum::from(mood())).nothing(&[Sqlite, Mariadb]),
        case("drop enum", create(), DropEnum::from(mood())).nothing(&[Sqlite, Mariadb]),
        case(
            "add enum value",
            create(),
            AddEnumValue::new(n.of("mood"), enum_value(n.of("calm")).before(n.of("happy"))),
        )
        .irreversible("PostgreSQL cannot remove a value")
        .refused(&[Sqlite, Mariadb]),
        case("add enum value, and how it is taken away", create(), {
            let undo = AlterEnum::from(mood()).existing([n.of("calm"), "sad".to_owned(), n.of("happy")]);
            AddEnumValue::new(n.of("mood"), enum_value(n.of("calm")).before("sad")).undo(undo)
        })
        .refused(&[Sqlite, Mariadb]),
        case(
            "alter enum",
            used(),
            AlterEnum::new(n.of("mood"), [n.of("happy"), n.of("calm")])
                .used_by(n.of("people"), column(n.of("mood"), named_enum(n.of("mood"))).server_default(n.of("happy")))
                .used_by(n.of("people"), column("was", array(named_enum(n.of("mood")))))
                .existing(mood().values),
        )
        .nothing(&[Sqlite, Mariadb]),
        case("rename enum value", create(), RenameEnumValue::new(n.of("mood"), n.of("happy"), n.of("glad")))
            .refused(&[Sqlite, Mariadb]),
    ]
}

fn of_schemas(n: Names, own: &str) -> Vec<Case> {
    let name = || n.of(own);
    // On SQLite it is a database that is attached.
    let in_schema = case(
        "create table in a schema",
        vec![CreateSchema::new(name()).into()],
        CreateTable::new(tables::tenants(n).schema(name()).index(index(n.of("ix")).on("", [n.of("id")]))),
    );
    let plpgsql = || extension("plpgsql").schema("pg_catalog");
    let mut cases = vec![
        case("create schema", Vec::new(), CreateSchema::new(name())).refused(&[Sqlite]),
        case("drop schema", vec![CreateSchema::new(name()).into()], DropSchema::new(name())).refused(&[Sqlite]),
        // The one extension that every server has, and every database already.
        case("create extension", vec![DropExtension::from(plpgsql()).into()], CreateExtension::new(plpgsql()))
            .refused(&[Sqlite, Mariadb]),
        case("drop extension", Vec::new(), DropExtension::from(plpgsql())).refused(&[Sqlite, Mariadb]),
    ];
    cases.extend((n.kind != Sqlite).then_some(in_schema));
    cases
}

fn of_sequences(n: Names) -> Vec<Case> {
    let numbers = || sequence(n.of("object")).start(10).increment(5).max_value(9000).cache(3).cycle(true);
    let create = || vec![CreateSequence::new(numbers()).into()];
    let change = AlterSequence::new(n.of("object")).increment(7).cycle(false).existing(numbers());
    vec![
        case("create sequence", Vec::new(), CreateSequence::new(numbers())).refused(&[Sqlite]),
        case("alter sequence", create(), change).refused(&[Sqlite]),
        case("drop sequence", create(), DropSequence::from(numbers())).refused(&[Sqlite]),
    ]
}

/// An object that is created, replaced by `other` and dropped, on top of `setup`.
fn thrice(names: [&'static str; 3], setup: &[Operation], object: &SqlObject, other: &SqlObject) -> [Case; 3] {
    let mut made = setup.to_vec();
    made.push(CreateObject::new(object.clone()).into());
    let replace = ReplaceObject::new(other.clone()).existing(object.clone());
    [
        case(names[0], setup.to_vec(), CreateObject::new(object.clone())),
        case(names[1], made.clone(), replace),
        case(names[2], made, DropObject::new(object.clone())),
    ]
}

fn of_views(n: Names) -> Vec<Case> {
    let (users, id, age) = (n.quoted("users"), n.quoted("id"), n.quoted("age"));
    let query = format!("SELECT {id} FROM {users} WHERE {age} > 17 AND {id} <> 50 % 7");
    // PostgreSQL replaces a view in place by one of the same columns.
    let other = format!("SELECT {id} FROM {users} WHERE {age} > 18");
    let [one, two] = [&query, &other].map(|query| view(n.of("object"), query));
    let plain = thrice(["create view", "replace view", "drop view"], &tables::both(n), &one, &two);
    let [one, two] = [&query, &other].map(|query| materialized_view(n.of("object"), query));
    let names = ["create materialized view", "replace materialized view", "drop materialized view"];
    let materialized = thrice(names, &tables::both(n), &one, &two).map(|case| case.refused(&[Sqlite, Mariadb]));
    plain.into_iter().chain(materialized).collect()
}

fn of_routines(n: Names) -> Vec<Case> {
    let (users, id, last) = (n.quoted("users"), n.quoted("id"), n.quoted("last"));
    let twice = |by: &str| {
        function(n.of("object"), "n integer", format!("RETURNS integer LANGUAGE sql AS 'SELECT n * {by}'")).on(
            "mysql",
            format!("RETURNS integer DETERMINISTIC BEGIN DECLARE m integer; SET m = n; RETURN m * {by}; END"),
        )
    };
    let prune = |below: &str| {
        let delete = format!("DELETE FROM {users} WHERE {id} < {below}");
        procedure(n.of("object"), "", format!("LANGUAGE sql AS {}", n.text(&delete))).on("mysql", delete)
    };
    let body = format!("BEGIN NEW.{last} := 'it''s; ' || NEW.{last}; RETURN NEW; END;");
    let shout = function(n.of("shout"), "", format!("RETURNS trigger LANGUAGE plpgsql AS {}", n.text(&body)));
    let shouting = |event: &str| {
        let call = format!("{event} ON {users} FOR EACH ROW EXECUTE FUNCTION {}()", n.quoted("shout"));
        trigger(n.of("object"), n.of("users"), format!("BEFORE {call}"))
            .on("mysql", format!("BEFORE {event} ON {users} FOR EACH ROW BEGIN SET NEW.{last} = 'it''s; '; END"))
            .on(
                "sqlite",
                format!(
                    "AFTER {event} ON {users} BEGIN UPDATE {users} SET {last} = 'it''s; ' WHERE {id} = NEW.{id}; END"
                ),
            )
    };
    let mut with_shout = tables::both(n);
    if n.kind == Postgres {
        with_shout.push(CreateObject::new(shout).into());
    }
    let functions = ["create function", "replace function", "drop function"];
    let procedures = ["create procedure", "replace procedure", "drop procedure"];
    let triggers = ["create trigger", "replace trigger", "drop trigger"];
    thrice(functions, &[], &twice("2"), &twice("3"))
        .map(|case| case.refused(&[Sqlite]))
        .into_iter()
        .chain(thrice(procedures, &tables::both(n), &prune("3"), &prune("4")).map(|case| case.refused(&[Sqlite])))
        .chain(thrice(triggers, &with_shout, &shouting("INSERT"), &shouting("UPDATE")))
        .collect()
}

fn of_rights(n: Names, own: &str) -> Vec<Case> {
    let own_rows = |value: &str| {
        let using = format!("FOR SELECT USING ({} = {value})", n.quoted("last"));
        policy(n.of("object"), n.of("users"), using)
    };
    let role = n.quoted(own);
    let mut with_role = tables::both(n);
    with_role.push(Sql::new(format!("CREATE ROLE {role}")).reverse_with(format!("DROP ROLE {role}")).into());
    let may = |privilege: &str| grant(privilege, n.quoted("users"), &role);
    let policies = ["create policy", "replace policy", "drop policy"];
    let grants = ["create grant", "replace grant", "drop grant"];
    thrice(policies, &tables::both(n), &own_rows("current_user"), &own_rows("'x'"))
        .map(|case| case.refused(&[Sqlite, Mariadb]))
        .into_iter()
        .chain(thrice(grants, &with_role, &may("SELECT"), &may("INSERT")).map(|case| case.refused(&[Sqlite])))
        .collect()
}

fn of_rows(n: Names) -> Vec<Case> {
    let rows = [row().set(n.of("email"), "it's \\ é").set(n.of("age"), 3), row().set(n.of("email"), "y")];
    let (users, last) = (n.quoted("users"), n.quoted("last"));
    let sql = format!("CREATE INDEX {} ON {users} ({last})", n.quoted("new"));
    let on = if n.kind == Mariadb { format!(" ON {users}") } else { String::new() };
    vec![
        case("insert rows", tables::both(n), BulkInsert::new(n.of("users"), rows))
            .about_rows()
            .irreversible("which rows to delete"),
        case(
            "run SQL text",
            tables::both(n),
            Sql::new(sql).reverse_with(format!("DROP INDEX {}{on}", n.quoted("new"))),
        ),
    ]
}
