//! What a URL gets that leads nowhere.

use rectify::{AnyConnection, ConnectError, Create};
use rectify_tests::{Database, admin_url, wanted};

#[track_caller]
fn refused(url: &str) -> ConnectError {
    let error = AnyConnection::connect(url, Create::Never).err().unwrap();
    assert!(error.hint.is_some(), "{error}");
    error
}

#[test]
fn an_unknown_scheme_is_refused_with_the_known_ones() {
    let error = refused("mssql://sa:secret@db/app");
    assert_eq!(error.to_string(), "failed to connect to `mssql://sa:***@db/app`: the scheme of the URL is not known");
    assert!(error.hint.unwrap().contains("`mariadb:`"));
}

#[test]
fn an_unreachable_server_is_named_without_the_password() {
    for url in ["postgres://app:secret@127.0.0.1:1/app", "mysql://app:secret@127.0.0.1:1/app"] {
        let error = refused(url).to_string();
        assert!(error.contains("app:***@127.0.0.1:1") && !error.contains("secret"), "{error}");
        assert!(error.to_lowercase().contains("refused"), "{error}");
    }
}

#[test]
fn a_wrong_password_is_told_in_the_servers_words() {
    for kind in [Database::Postgres, Database::Mariadb].into_iter().filter(|kind| wanted(*kind)) {
        let (scheme, place) = admin_url(kind).split_once("://").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let (user, rest) = place.split_once(':').unwrap();
        let (_, host) = rest.split_once('@').unwrap();
        let error = refused(&format!("{scheme}://{user}:wrong-secret@{host}"));
        let text = error.to_string();
        assert!(text.contains("the server said: ") && !text.contains("wrong-secret"), "{text}");
        assert!(error.hint.unwrap().starts_with("check user and password"));
    }
}

#[test]
fn a_missing_database_is_told() {
    for kind in [Database::Postgres, Database::Mariadb].into_iter().filter(|kind| wanted(*kind)) {
        let url = admin_url(kind);
        let (server, _) = url.rsplit_once('/').unwrap();
        let error = refused(&format!("{server}/no_such_database"));
        assert!(error.reason.contains("no_such_database"), "{error}");
        assert!(error.hint.unwrap().starts_with("create the database"));
    }
}
