//! Naming conventions: what is created without a name and dropped by its columns has one name, on each database and in a script.

use rectify::inspect::Scope;
use rectify::prelude::*;
use rectify::schema::Table;
use rectify::{AnyConnection, Chain, Migration, Offline, Op, Runner, Source};
use rectify_tests::{Database, TestDatabase, on_each_database, source, step};

use crate::offline;

const NAMING: NamingConvention = NamingConvention::new()
    .index("ix_{table}_{columns}")
    .unique("uq_{table}_{columns}")
    .foreign_key("fk_{table}_{columns}_{referred_table}")
    .check("ck_{table}_{name}")
    .exclude("ex_{table}_{columns}")
    .primary_key("pk_{table}");

struct Named;

impl Chain for Named {
    type Connection = AnyConnection;

    fn migrations() -> &'static [Migration<AnyConnection>] {
        const fn migration(
            revision: &'static str,
            down_revisions: &'static [&'static str],
            upgrade: rectify::Body<AnyConnection>,
            downgrade: rectify::Body<AnyConnection>,
        ) -> Migration<AnyConnection> {
            Migration { downgrade: Some(downgrade), ..step(revision, down_revisions, upgrade) }
        }
        static NAMED: [Migration<AnyConnection>; 2] =
            [migration("n1", &[], create, drop_all), migration("n2", &["n1"], add, take_away)];
        &NAMED
    }

    fn naming() -> NamingConvention {
        NAMING
    }

    fn sources() -> &'static [Source] {
        static SOURCES: [Source; 2] = [source("n1"), source("n2")];
        &SOURCES
    }
}

fn create(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    op.create_table(table("teams").column(column("id", bigint()).primary_key()))?;
    op.create_table(
        table("users")
            .column(column("id", bigint()).primary_key())
            .column(column("email", varchar(80)).not_null().unique())
            .column(column("age", integer()).check(check(short("adult"), "age > 17")))
            .column(column("team_id", bigint()).index()),
    )
}

fn drop_all(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    op.drop_table("users")?;
    op.drop_table("teams")
}

fn to_teams() -> rectify::schema::ForeignKey {
    foreign_key(None).on(["team_id"]).references("teams", ["id"])
}

fn add(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    op.add_column("users", column("badge", integer()).unique().index())?;
    op.create_index(index(None).on("users", ["age", "badge"]))?;
    op.batch_alter_table("users", |batch| {
        batch.create_unique(unique(None).on(["age", "email"]));
        batch.create_foreign_key(to_teams());
        batch.create_check(check(short("badge"), "badge > 0"));
    })
}

fn take_away(op: &mut Op<'_, AnyConnection>) -> Result<()> {
    op.batch_alter_table("users", |batch| {
        batch.drop_check(short("badge"));
        batch.drop_foreign_key(to_teams());
        batch.drop_unique(["age", "email"]);
    })?;
    op.drop_index("users", ["age", "badge"])?;
    op.drop_index("users", ["badge"])?;
    op.drop_column("users", "badge")
}

/// The names of all that `users` has, apart from the primary key's, which only PostgreSQL and SQLite keep.
fn names(database: &TestDatabase) -> Vec<String> {
    let (mut connection, dialect) = (database.connect(), offline::dialect(database.kind));
    let schema = rectify::inspect::schema(&mut connection, dialect, &Scope::default()).unwrap();
    let Table { uniques, foreign_keys, checks, indexes, .. } = schema.table(&"users".into()).unwrap().clone();
    let mut names: Vec<String> = indexes.into_iter().map(|index| index.name).collect();
    names.extend(uniques.into_iter().filter_map(|unique| unique.name));
    names.extend(foreign_keys.into_iter().filter_map(|key| key.name));
    names.extend(checks.into_iter().filter_map(|check| check.name));
    names.sort();
    names
}

const FIRST: [&str; 3] = ["ck_users_adult", "ix_users_team_id", "uq_users_email"];
const SECOND: [&str; 8] = [
    "ck_users_adult",
    "ck_users_badge",
    "fk_users_team_id_teams",
    "ix_users_age_badge",
    "ix_users_badge",
    "ix_users_team_id",
    "uq_users_age_email",
    "uq_users_email",
];

#[test]
fn what_is_dropped_by_its_columns_is_what_was_created() {
    on_each_database(|database| {
        let run = |target: &str| {
            let mut connection = database.connect();
            let runner = Runner::<Named>::new(&mut connection);
            match target {
                "n2" => runner.upgrade(target).map(drop).unwrap(),
                target => runner.downgrade(target).map(drop).unwrap(),
            }
        };
        run("n2");
        assert_eq!(names(database), SECOND);
        run("n1");
        assert_eq!(names(database), FIRST);
        run("base");
    });
}

#[test]
fn a_script_says_the_same_names() {
    on_each_database(|database| {
        let script = || Offline::<Named>::new(offline::dialect(database.kind));
        offline::run(database, &script().upgrade("head").unwrap());
        assert_eq!(names(database), SECOND);
        if database.kind != Database::Sqlite {
            // A rebuild needs to know the table, which a script that begins behind its creation does not.
            offline::run(database, &script().downgrade("n2:n1").unwrap());
            assert_eq!(names(database), FIRST);
        }
    });
}
