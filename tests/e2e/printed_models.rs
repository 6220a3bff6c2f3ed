//! The command `models`: what it prints, and that the compiler takes it.

use std::fs;
use std::path::Path;
use std::process::Command;

use rectify::Database as _;
use rectify_tests::{Database, TestDatabase, databases, fresh};

use crate::broken::{cargo_check, root};

fn models(database: &TestDatabase, arguments: &[&str]) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rectify-test-runner"));
    command.arg("models").args(arguments).current_dir(std::env::temp_dir()).env("DATABASE_URL", &database.url);
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    assert!(output.status.success(), "{}", text(output.stderr));
    (text(output.stdout), text(output.stderr))
}

fn holding(kind: Database, statements: &[&str]) -> TestDatabase {
    let database = fresh(kind);
    let mut connection = database.connect();
    for statement in statements {
        connection.run(statement).unwrap();
    }
    database
}

const SHOP: [&str; 5] = [
    "CREATE TABLE customers (id INTEGER PRIMARY KEY AUTOINCREMENT, email VARCHAR(255) NOT NULL CONSTRAINT uq_email UNIQUE, \
     \"type\" TEXT NOT NULL DEFAULT 'private')",
    "CREATE TABLE orders (id BIGINT PRIMARY KEY, customer_id INTEGER NOT NULL, total NUMERIC(12, 2) DEFAULT 0, \
     CONSTRAINT ck_total CHECK (total >= 0), \
     CONSTRAINT fk_customer FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE)",
    "CREATE INDEX ix_orders_customer ON orders (customer_id, id DESC) WHERE total > 0",
    "CREATE TABLE logs (line TEXT)",
    "CREATE VIEW big AS SELECT id FROM orders WHERE total > 100",
];

#[test]
fn a_database_is_printed_as_models() {
    let database = holding(Database::Sqlite, &SHOP);
    let wanted = r#"use rectify::schema::build::*;

rectify::tables! {
    customers (id) {
        #[identity]
        id -> Integer,
        #[max_length = 255]
        #[unique(name = "uq_email")]
        email -> Varchar,
        #[default = "private"]
        r#type -> Text,
    }

    #[index(name = "ix_orders_customer", on(customer_id, id.desc()), where = "total > 0")]
    #[check("ck_total", "total >= 0")]
    orders (id) {
        id -> BigInt,
        #[references(customers.id, name = "fk_customer", on_delete = Cascade)]
        customer_id -> Integer,
        #[precision(12, 2)]
        #[default = 0]
        total -> Nullable<Numeric>,
    }
}

rectify::declare!(table("logs").column(column("line", text())));
rectify::declare!(view("big", "SELECT id FROM orders WHERE total > 100"));
"#;
    assert_eq!(models(&database, &[]), (wanted.to_owned(), String::new()));
    let only = models(&database, &["--include", "orders"]).0;
    assert!(only.contains("#[references(\"customers\", \"id\", ") && !only.contains("customers (id)"), "{only}");
}

#[test]
fn a_database_is_printed_for_diesel_alone() {
    let database = holding(Database::Sqlite, &SHOP);
    let wanted = "diesel::table! {
    customers (id) {
        id -> Integer,
        #[max_length = 255]
        email -> Varchar,
        r#type -> Text,
    }
}

diesel::table! {
    orders (id) {
        id -> BigInt,
        customer_id -> Integer,
        total -> Nullable<Numeric>,
    }
}

diesel::joinable!(orders -> customers (customer_id));

diesel::allow_tables_to_appear_in_same_query!(customers, orders);
";
    let (text, told) = models(&database, &["--diesel"]);
    assert_eq!(text, wanted);
    for line in
        ["table `logs`, which has no primary key", "1 indexes", "1 unique constraints", "1 checks", "2 defaults"]
    {
        assert!(told.contains(&format!("left out: {line}")), "{line}\n{told}");
    }
}

#[test]
fn nothing_is_said_of_an_empty_database() {
    let database = holding(Database::Sqlite, &["CREATE TABLE t (a TEXT)", "DROP TABLE t"]);
    assert_eq!(models(&database, &[]).0, "");
}

/// What each database holds that is a word of Rust, of Diesel or of nobody.
fn odd(kind: Database) -> Vec<&'static str> {
    match kind {
        Database::Sqlite => vec![
            "CREATE TABLE \"match\" (\"self\" INTEGER PRIMARY KEY, \"order by\" TEXT, \"table\" BLOB, \"Text\" REAL, x ANY)",
            "CREATE TABLE pairs (a INT NOT NULL, b NVARCHAR(9) NOT NULL, \"pairs\" DATETIME, PRIMARY KEY (a, b))",
            "CREATE TABLE parts (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, FOREIGN KEY (a, b) REFERENCES pairs (a, b) \
             DEFERRABLE INITIALLY DEFERRED)",
        ],
        Database::Postgres => vec![
            "CREATE SCHEMA app",
            "CREATE TYPE app.mood AS ENUM ('sad', 'so so', '2nd')",
            "CREATE DOMAIN email AS text",
            "CREATE TABLE app.\"match\" (id bigint GENERATED ALWAYS AS IDENTITY (START 5) PRIMARY KEY, mood app.mood NOT NULL \
             DEFAULT 'sad', moods app.mood[], mail email, search tsvector, span tstzrange, at timestamp(3), tags text[])",
            "CREATE TABLE rooms (\"type\" integer PRIMARY KEY, match_id integer REFERENCES app.\"match\", during int4range, name text, \
             EXCLUDE USING gist (during WITH &&), price numeric(9, 2) CHECK (price > 0), twice integer GENERATED ALWAYS AS (\"type\" * 2) STORED)",
            "CREATE INDEX ON rooms USING btree (lower(name) text_pattern_ops DESC NULLS LAST) INCLUDE (price) WHERE price > 1",
            "COMMENT ON TABLE rooms IS 'with \"quotes\" and \\'",
        ],
        Database::Mariadb => vec![
            "CREATE TABLE `match` (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, mood ENUM('sad', 'so so') NOT NULL DEFAULT 'sad', \
             also ENUM('sad', 'so so'), tiny TINYINT, big LONGTEXT, at DATETIME(3), price DECIMAL(9, 2), day YEAR, \
             name VARCHAR(40) COLLATE utf8mb4_bin COMMENT 'it''s', KEY ix_big (big(20)), CHECK (tiny > 0))",
            "CREATE TABLE `type` (`self` INT UNSIGNED PRIMARY KEY, twice BIGINT AS (`self` * 2) VIRTUAL, \
             CONSTRAINT fk_match FOREIGN KEY (`self`) REFERENCES `match` (id) ON UPDATE CASCADE)",
        ],
    }
}

#[test]
fn the_compiler_takes_what_is_printed() {
    let workspace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("printed");
    let _ = fs::remove_dir_all(&workspace);
    let crates = root().join("crates/rectify").canonicalize().unwrap();
    let mut members = Vec::new();
    for kind in databases() {
        let database = holding(kind, &odd(kind));
        let arguments = if kind == Database::Postgres { &["--schema", "*"][..] } else { &[] };
        for (name, more) in [("all", &[][..]), ("plain", &["--diesel"])] {
            let member = format!("{}-{name}", format!("{kind:?}").to_lowercase());
            fs::create_dir_all(workspace.join(&member)).unwrap();
            let text = models(&database, &[arguments, more].concat()).0;
            fs::write(workspace.join(&member).join("lib.rs"), text).unwrap();
            let manifest = format!(
                "[package]\nname = \"{member}\"\nedition = \"2024\"\n\n[lib]\npath = \"lib.rs\"\n\n[dependencies]\n\
                 diesel = {{ version = \"2.3\", default-features = false }}\nrectify = {{ path = {crates:?}, features = [\"sqlite\"] }}\n"
            );
            fs::write(workspace.join(&member).join("Cargo.toml"), manifest).unwrap();
            members.push(format!("{member:?}"));
        }
    }
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", "));
    fs::write(workspace.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root().join("Cargo.lock"), workspace.join("Cargo.lock")).unwrap();
    let said = cargo_check(&workspace, &["--workspace", "--keep-going"]);
    assert!(!said.contains("error:") && !said.contains("error["), "{said}");
}
