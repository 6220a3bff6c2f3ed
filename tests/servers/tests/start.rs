//! Starts each server for real and sees that it goes away again.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::net::TcpStream;

use rectify_test_servers::{Database, Options, Server, mariadb, postgres};

#[test]
fn postgres_answers_and_is_gone_after_drop() {
    if is_left_out(Database::Postgres) {
        return;
    }
    check(postgres::start(&Options::default()).unwrap(), "postgres://postgres:");
}

#[test]
fn mariadb_answers_and_is_gone_after_drop() {
    if is_left_out(Database::Mariadb) {
        return;
    }
    check(mariadb::start(&Options::default()).unwrap(), "mysql://root:");
}

#[expect(clippy::print_stderr, reason = "a test that leaves a database out says so")]
fn is_left_out(database: Database) -> bool {
    let left_out = database.is_left_out();
    if left_out {
        eprintln!("left out: {database}");
    }
    left_out
}

#[track_caller]
fn check(server: Server, url_start: &str) {
    assert!(server.url.starts_with(url_start), "{}", server.url);
    let port = server.port;
    TcpStream::connect(("127.0.0.1", port)).unwrap();
    drop(server);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "port {port} still answers");
}
