//! Cases of tables, columns, indexes and constraints.

use rectify::prelude::*;
use rectify::schema::ops::{
    AddColumn, AlterColumn, BatchAlterTable, ColumnChange, CreateCheck, CreateExclude, CreateForeignKey, CreateIndex,
    CreatePrimaryKey, CreateTable, CreateUnique, DropCheck, DropColumn, DropExclude, DropForeignKey, DropIndex,
    DropPrimaryKey, DropTable, DropUnique, RenameTable, SetTableComment, SetTableOptions,
};
use rectify::schema::{Column, Exclude, Operation, Table, TableOptions};
use rectify_tests::Database::{Mariadb, Sqlite};

use super::case::{Case, case};
use super::names::Names;

const ODD: &str = "it's \\ \"odd\"; 100% -- `x` $$ :a é";

pub(super) fn cases(n: Names) -> Vec<Case> {
    let mut cases = of_tables(n);
    cases.extend(of_columns(n));
    cases.extend(of_indexes(n));
    cases.extend(of_constraints(n));
    cases
}

pub(super) fn tenants(n: Names) -> Table {
    table(n.of("tenants"))
        .column(column(n.of("id"), bigint()).identity())
        .primary_key(primary_key(n.of("pk")).on([n.of("id")]))
}

/// A table with one of each: a key, a numbered column, a reference, a check, an index.
pub(super) fn users(n: Names) -> Table {
    table(n.of("users"))
        .column(column(n.of("id"), bigint()).identity())
        .column(column(n.of("tenant_id"), bigint()))
        .column(email(n))
        .column(age(n))
        .column(last(n))
        .primary_key(primary_key(n.of("pk_users")).on([n.of("id")]))
        .unique(unique(n.of("uq")).on([n.of("email"), n.of("age")]))
        .foreign_key(
            foreign_key(n.of("fk"))
                .on([n.of("tenant_id")])
                .references(n.of("tenants"), [n.of("id")])
                .on_delete(Cascade)
                .on_update(SetNull),
        )
        .check(check(n.of("ck"), format!("{} > 0", n.quoted("age"))))
        .index(index(n.of("ix")).on(n.of("users"), [n.of("age"), n.of("tenant_id")]))
}

/// What only PostgreSQL has.
fn apart(n: Names) -> Exclude {
    exclude(n.of("ex")).with(n.of("age"), "=").with(n.of("tenant_id"), "=").filter(format!("{} > 1", n.quoted("age")))
}

fn email(n: Names) -> Column {
    column(n.of("email"), varchar(200)).not_null().server_default(ODD)
}

fn age(n: Names) -> Column {
    column(n.of("age"), integer())
}

fn last(n: Names) -> Column {
    column(n.of("last"), varchar(40)).server_default("x")
}

pub(super) fn both(n: Names) -> Vec<Operation> {
    vec![CreateTable::new(tenants(n)).into(), CreateTable::new(users(n)).into()]
}

/// `users` as a change makes it, with all else it needs.
fn with(n: Names, change: impl FnOnce(Table) -> Table) -> Vec<Operation> {
    vec![CreateTable::new(tenants(n)).into(), CreateTable::new(change(users(n))).into()]
}

fn of_tables(n: Names) -> Vec<Case> {
    let tenants = || vec![CreateTable::new(tenants(n)).into()];
    let commented = users(n).comment(ODD);
    let all = table(n.of("people"))
        .column(column(n.of("id"), integer()).not_null())
        .column(column(n.of("email"), varchar(80)).not_null().unique())
        .column(column(n.of("age"), numeric(9, 3)).server_default(sql("1 + 1")).check(check(n.of("ck"), "1 = 1")))
        .column(column(n.of("years"), integer()).generated(format!("{} * 2", n.quoted("id"))))
        .column(
            column(n.of("tenant_id"), bigint())
                .foreign_key(foreign_key(n.of("fk")).on([n.of("tenant_id")]).references(n.of("tenants"), [n.of("id")])),
        )
        .column(column(n.of("new"), boolean()).not_null().server_default(true))
        .column(column(n.of("last"), enumeration(n.of("mood"), ["sad", ODD])).server_default(ODD).comment(ODD))
        .primary_key(primary_key(n.of("pk_people")).on([n.of("id"), n.of("email")]))
        .index(index(n.of("ix")).on(n.of("people"), [index_column(n.of("age")).desc()]).unique())
        .with_enums();
    let plain = || table(n.of("people")).column(column(n.of("id"), integer()).not_null().primary_key());
    let special = |name, options: TableOptions| case(name, Vec::new(), CreateTable::new(plain().options(options)));
    let tenant_like = table(n.of("people")).column(column(n.of("id"), bigint()).not_null());
    let inherited = TableOptions { inherits: vec![n.of("tenants").into()], ..TableOptions::default() };
    vec![
        case("create table", tenants(), CreateTable::new(commented.clone())),
        case("create table with everything", tenants(), CreateTable::new(all)),
        special("create table UNLOGGED", TableOptions { unlogged: true, ..TableOptions::default() }),
        special(
            "create table with partitions",
            TableOptions { partition_by: Some(format!("RANGE ({})", n.quoted("id"))), ..TableOptions::default() },
        ),
        case("create table that inherits", tenants(), CreateTable::new(tenant_like.options(inherited))),
        special("create table STRICT", TableOptions { strict: true, without_rowid: true, ..TableOptions::default() }),
        special(
            "create table with an engine",
            TableOptions {
                engine: Some("MyISAM".to_owned()),
                charset: Some("latin1".to_owned()),
                ..TableOptions::default()
            },
        ),
        case(
            "drop table",
            {
                let mut setup = tenants();
                setup.push(CreateTable::new(commented.clone()).into());
                setup
            },
            DropTable::from(commented),
        ),
        case("rename table", both(n), RenameTable::new(n.of("users"), n.of("people"))),
        case("set table comment", both(n), SetTableComment::new(n.of("users"), Some(ODD)).existing(None::<String>))
            .nothing(&[Sqlite]),
        case(
            "set table options",
            vec![CreateTable::new(plain()).into()],
            SetTableOptions::new(n.of("people"), other_options()).existing(TableOptions::default()),
        )
        .in_batch(),
    ]
}

fn other_options() -> TableOptions {
    table_options().without_rowid().row_format("DYNAMIC").engine("MyISAM").unlogged().storage("fillfactor", 70)
}

fn of_columns(n: Names) -> Vec<Case> {
    let users = || n.of("users");
    let add = |name, column| case(name, both(n), AddColumn::new(users(), column));
    let alter_ = |name, change: ColumnChange, existing: Column| {
        case(name, both(n), AlterColumn::new(users(), change).existing(existing)).in_batch()
    };
    let with_check = column(n.of("new"), integer()).check(check(n.of("ck_new"), format!("{} > 1", n.quoted("new"))));
    let refers = foreign_key(n.of("fk_new")).on([n.of("new")]).references(n.of("tenants"), [n.of("id")]);
    let default_only =
        case("drop column default", both(n), AlterColumn::new(users(), alter(n.of("last")).drop_default()))
            .in_batch()
            .irreversible("it does not say what the column was");
    vec![
        add("add column", column(n.of("new"), text())),
        add("add column with a default", column(n.of("new"), varchar(99)).not_null().server_default(ODD).comment(ODD)),
        add("add column with a check", with_check).in_batch(),
        add("add column with a foreign key", column(n.of("new"), bigint()).foreign_key(refers)).in_batch(),
        add("add column, unique", column(n.of("new"), integer()).unique()).in_batch(),
        add("add column, generated", column(n.of("new"), integer()).generated(format!("{} * 2", n.quoted("age"))))
            .in_batch(),
        case("drop column", both(n), DropColumn::new(users(), n.of("last")).definition(last(n))),
        case("several changes at once", both(n), {
            let alter = AlterColumn::new(users(), alter(n.of("email")).drop_not_null()).existing(email(n)).into();
            BatchAlterTable::new(users(), [alter, AddColumn::new(users(), column(n.of("new"), text())).into()])
        }),
        case("drop column in a batch", both(n), DropColumn::new(users(), n.of("last")).definition(last(n))).in_batch(),
        alter_("alter column type", alter(n.of("age")).set_type(bigint()), age(n)),
        alter_("alter column to NOT NULL", alter(n.of("age")).set_not_null(), age(n)),
        alter_("alter column to NULL", alter(n.of("email")).drop_not_null(), email(n)),
        alter_("set column default", alter(n.of("age")).set_default(sql("1 + 2")), age(n)),
        alter_("set column default to a text", alter(n.of("last")).set_default(ODD), last(n)),
        default_only,
        alter_("set column comment", alter(n.of("last")).comment(ODD), last(n)).nothing(&[Sqlite]),
        alter_("rename column", alter(n.of("age")).rename_to(n.of("years")), age(n)),
        case(
            "alter a table in several ways",
            both(n),
            BatchAlterTable::new(
                users(),
                [
                    AddColumn::new(users(), column(n.of("new"), integer())).into(),
                    AlterColumn::new(users(), alter(n.of("age")).rename_to(n.of("years"))).into(),
                    CreateIndex::new(index(n.of("new")).on(users(), [n.of("years")])).into(),
                    AlterColumn::new(users(), alter(n.of("last")).set_not_null()).existing(last(n)).into(),
                ],
            ),
        ),
        alter_(
            "alter all of a column",
            alter(n.of("last")).set_type(varchar(90)).set_not_null().drop_default().comment("c").rename_to(n.of("new")),
            last(n),
        ),
        alter_(
            "drop column identity",
            alter(n.of("id")).drop_identity(),
            column(n.of("id"), bigint()).not_null().identity(),
        ),
    ]
}

fn of_indexes(n: Names) -> Vec<Case> {
    let users = || n.of("users");
    let new = || index(n.of("new"));
    let create = |name, index| case(name, both(n), CreateIndex::new(index));
    let old = index(n.of("ix")).on(users(), [n.of("age"), n.of("tenant_id")]);
    vec![
        create("create index", new().on(users(), [n.of("age"), n.of("last")])),
        create("create index, unique and descending", {
            new().on(users(), [index_column(n.of("age")).desc(), index_column(n.of("last")).asc()]).unique()
        }),
        create("create index on an expression", new().on(users(), [sql(format!("lower({})", n.quoted("last")))]))
            .refused(&[Mariadb]),
        create("create index, partial", new().on(users(), [n.of("age")]).filter(format!("{} > 3", n.quoted("age"))))
            .refused(&[Mariadb]),
        create("create index, covering", new().on(users(), [n.of("age")]).include([n.of("last")]))
            .refused(&[Sqlite, Mariadb]),
        create("create index, with a method", new().on(users(), [n.of("age")]).using("hash")).refused(&[Sqlite]),
        create("create index on a part", new().on(users(), [index_column(n.of("email")).length(7)])),
        create("create index in a batch", new().on(users(), [n.of("age")])).in_batch(),
        create("create index concurrently", new().on(users(), [n.of("age")]).concurrently()).outside(),
        case("drop index", both(n), DropIndex::new(n.of("ix")).on(users()).definition(old.clone())),
        case("drop index in a batch", both(n), DropIndex::new(n.of("ix")).on(users()).definition(old)).in_batch(),
    ]
}

fn of_constraints(n: Names) -> Vec<Case> {
    let users = || n.of("users");
    let key = || primary_key(n.of("pk_users")).on([n.of("id")]);
    let without_key = |mut users: Table| {
        users.primary_key = None;
        users.columns[0] = column(n.of("id"), bigint()).not_null();
        users
    };
    let not_numbered = |users: Table| without_key(users).primary_key(key());
    let on = |what: fn(&mut Table)| {
        with(n, move |mut users| {
            what(&mut users);
            users
        })
    };
    let found = self::users(n);
    vec![
        case("create primary key", with(n, without_key), CreatePrimaryKey::new(users(), key())).in_batch(),
        case(
            "drop primary key",
            with(n, not_numbered),
            DropPrimaryKey::new(users()).named(n.of("pk_users")).definition(key()),
        )
        .in_batch(),
        case("create unique", on(|users| users.uniques.clear()), CreateUnique::new(users(), found.uniques[0].clone()))
            .in_batch(),
        case("drop unique", both(n), DropUnique::new(users(), n.of("uq")).definition(found.uniques[0].clone()))
            .in_batch(),
        case(
            "create foreign key",
            on(|users| users.foreign_keys.clear()),
            CreateForeignKey::new(users(), found.foreign_keys[0].clone()),
        )
        // The server made an index for the key, and keeps it: another key may lean on it by now.
        .leaving(Mariadb, format!(" KEY `{}` (", n.of("fk").replace('`', "``")))
        .in_batch(),
        case(
            "drop foreign key",
            both(n),
            DropForeignKey::new(users(), n.of("fk")).definition(found.foreign_keys[0].clone()),
        )
        .in_batch(),
        case("create check", on(|users| users.checks.clear()), CreateCheck::new(users(), found.checks[0].clone()))
            .in_batch(),
        case("create exclusion constraint", both(n), CreateExclude::new(users(), apart(n))).refused(&[Mariadb, Sqlite]),
        case(
            "drop exclusion constraint",
            with(n, move |users| users.exclude(apart(n))),
            DropExclude::new(users(), apart(n)),
        )
        .refused(&[Mariadb, Sqlite]),
        case("drop check", both(n), DropCheck::new(users(), n.of("ck")).definition(found.checks[0].clone())).in_batch(),
    ]
}
