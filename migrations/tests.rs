//! The migrations that change rows: rows in, upgrade, rows out. They run on SQLite, or on the server of
//! `RECTIFY_TEST_DATABASE_URL`.

use diesel::prelude::*;
use rectify::Database as _;
use rectify::testing::{TestDatabase, at};

use crate::{Chain, Connection};

/// Puts rows in while `test_suite!` climbs the chain.
pub(crate) fn seed(conn: &mut Connection, revision: &str) -> rectify::Result<()> {
    match revision {
        "5c88cbec9591" => {
            conn.run(INSTITUTIONS)?;
            conn.run(
                "INSERT INTO users (id, institution_id, email, full_name, password_hash) \
                 VALUES (1, 2, 'ada@hills.example', 'Ada L.', 'x'), (2, NULL, 'bea@nowhere.example', 'Bea', 'x')",
            )?;
            conn.run(DOCUMENTS)?;
        }
        "d5f94ab9aca7" => conn.run(
            "INSERT INTO document_chat_messages (id, document_id, author_id, content) VALUES (1, 1, 1, 'Why so much?')",
        )?,
        _ => {}
    }
    Ok(())
}

const INSTITUTIONS: &str = "INSERT INTO institutions (id, name, kind) VALUES (1, 'Ministry of Education', 'ministry'), \
    (2, 'University of the Hills', 'university'), (3, 'Department of Forests', 'government_dept'), \
    (4, 'City Hospital', 'hospital'), (5, 'Old Library', 'library')";

const DOCUMENTS: &str = "INSERT INTO documents (id, institution_id, title, file_name) VALUES (1, 1, 'Budget', 'a.pdf'), \
    (2, 2, 'Syllabus', 'b.pdf'), (3, 3, 'Trees', 'c.pdf'), (4, 4, 'Beds', 'd.pdf'), (5, 5, 'Shelves', 'e.pdf')";

#[test]
fn government_departments_become_universities_and_back() {
    let mut conn = at::<Chain>("db615eadfdf7");
    conn.run(INSTITUTIONS).unwrap();
    rectify::upgrade::<Chain>(&mut conn, "4be96f667b9b").unwrap();
    assert_eq!(kinds(&mut conn), ["ministry", "university", "university", "hospital", "library"]);
    rectify::downgrade::<Chain>(&mut conn, "-1").unwrap();
    assert_eq!(kinds(&mut conn), ["ministry", "university", "government_dept", "hospital", "library"]);
}

#[test]
fn documents_get_the_retention_period_of_their_institution() {
    let mut conn = at::<Chain>("4487b91e2584");
    conn.run(INSTITUTIONS).unwrap();
    conn.run(DOCUMENTS).unwrap();
    rectify::upgrade::<Chain>(&mut conn, "21f1ac24dccd").unwrap();
    let years: Vec<i32> =
        documents::table.order(documents::id).select(documents::retention_years).load(&mut *conn).unwrap();
    // A department that comes in behind the migration which knows of departments is none of the kinds with a period.
    assert_eq!(years, [30, 10, 5, 20, 5]);
}

fn kinds(conn: &mut TestDatabase<Chain>) -> Vec<String> {
    institutions::table.order(institutions::id).select(institutions::kind).load(&mut **conn).unwrap()
}

diesel::table! {
    institutions (id) {
        id -> BigInt,
        kind -> Text,
    }
}

diesel::table! {
    documents (id) {
        id -> BigInt,
        retention_years -> Integer,
    }
}
