//! What a replay is given, what it refuses, and what is told of tables that Diesel has only in part.

use std::fs;

use rectify_tests::{Database, TestDatabase, on_each_database};

use crate::project::Project;

/// A table with a type that Diesel, or any connection, has none for, and one with more columns than Diesel has at first.
const CREATE: &str = r#"use crate::prelude::*;

/// Create users.
#[migration(revision = "a1")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    let length: u32 = op.x_argument("length").ok_or_else(|| Error::message("say how long: `-x length=80`"))?.parse()?;
    let search = match op.family() {
        Family::Postgres => custom("tsvector"),
        Family::Mysql => custom("int unsigned"),
        Family::Sqlite => text(),
    };
    op.create_table(
        table("users")
            .column(column("id", integer()).primary_key())
            .column(column("name", varchar(length)).not_null())
            .column(column("search", search)),
    )?;
    let wide = table("wide").column(column("id", integer()).primary_key());
    op.create_table((1..=16).fold(wide, |wide, number| wide.column(column(format!("c{number}").as_str(), integer()))))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("wide")?;
    op.drop_table("users")
}
"#;

/// On MySQL and MariaDB a schema is a database, of which a replay has but one.
const ELSEWHERE: &str = r#"use crate::prelude::*;

/// Create notes elsewhere.
#[migration(revision = "b2", down_revision = "a1")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    let elsewhere = (op.family() == Family::Mysql).then(|| table(("elsewhere", "notes")));
    op.create_table(elsewhere.unwrap_or_else(|| table("notes")).column(column("id", integer()).primary_key()))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.drop_table("notes")
}
"#;

#[test]
fn a_replay_is_given_arguments_and_what_diesel_has_not_is_told() {
    let project = Project::new("frozen_given");
    project.write("models.rs", "");
    project.write("versions/a1_create.rs", CREATE);
    project.write("versions/b2_elsewhere.rs", ELSEWHERE);
    project.write("versions/HEAD", "b2\n");
    project.build();
    on_each_database(|database| {
        let of_a1 = |table: &'static str| ["revision", "-m", "x", "--data", table, "--head", "a1", "--splice"];
        let said = project.run(database, &of_a1("users"));
        let why = "caused by: failed to apply revision `a1` (Create users)\ncaused by: say how long: `-x length=80`\n";
        assert!(said.code == 1 && said.stderr.contains(why), "{said:?}");

        let (text, said) = written(&project, database, &[&of_a1("users")[..], &["-x", "length=33"]].concat());
        assert!(text.contains("            #[max_length = 33]\n            name -> Varchar,\n"), "{text}");
        let told = "warning: a comment in the file stands for column `users`.`search`: ";
        let (comment, told) = match database.kind {
            Database::Sqlite => ("            search -> Nullable<Text>,\n", ""),
            Database::Postgres => (
                "            // `search` is left out: Diesel has no type for `tsvector`.\n",
                &*format!("{told}Diesel has no type for `tsvector`\n"),
            ),
            Database::Mariadb => (
                "        // `search` is left out: `AnyConnection` has no `Unsigned<Integer>`; a chain on the connection of one \
                 database can have it.\n",
                &*format!(
                    "{told}`AnyConnection` has no `Unsigned<Integer>`; a chain on the connection of one database can have it\n"
                ),
            ),
        };
        assert!(text.contains(comment) && said.ends_with(told), "{said}{text}");

        let (_, said) = written(&project, database, &[&of_a1("wide")[..], &["-x", "length=33"]].concat());
        let told = "warning: table `wide` has 17 columns, and Diesel has 16 without a feature: give `diesel` the feature \
                    `32-column-tables` in the `Cargo.toml` of the migrations\n";
        assert!(said.ends_with(told), "{said}");
        if database.kind == Database::Mariadb {
            let why = "error: cannot replay the chain in a database of its own\n\
                       caused by: revision `b2` names the database `elsewhere`, which it would change\n\
                       hint: or bring the connected database there, and it is read instead: `up b2`\n";
            let arguments = ["revision", "-m", "x", "--data", "users", "-x", "length=33"];
            project.refused(database, &arguments, 1, why);
        }
    });
    let database = rectify_tests::fresh(Database::Sqlite);
    let said = project.run(&database, &["revision", "-m", "x", "-x", "length=33"]);
    assert!(said.code == 2 && said.stderr.contains("--data <TABLE,...>"), "{said:?}");
}

/// What a command writes and says; nothing of it is left.
fn written(project: &Project, database: &TestDatabase, arguments: &[&str]) -> (String, String) {
    let (path, text, said) = project.written(database, &arguments[1..]);
    fs::remove_file(path).unwrap();
    project.write("versions/HEAD", "b2\n");
    (text, said)
}
