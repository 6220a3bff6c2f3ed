//! The rows of the example chain: seeded before the data migration, and looked at on the way up and back.

use std::collections::BTreeMap;

use migrations::Chain;
use rectify::{Database as _, TextRow};
use rectify_schema::Schema;
use rectify_tests::{Database, TestDatabase, on_each_database};

use crate::catalog;

/// The last revision before the data migration.
pub(crate) const PARENT_MINISTRY: &str = "db615eadfdf7";
const FOREIGN_KEY_ACTIONS: &str = "b017dae94e3f";

#[test]
fn every_government_department_becomes_a_university_and_nothing_else_changes() {
    on_each_database(|database| {
        let (schema, seeded) = seed(database);
        up(database, "+1");
        assert_eq!(kinds(database), ["ministry", "university", "university", "university", "hospital", "library"]);
        assert_eq!(rows(database, &schema), after_data_migration(seeded));
    });
}

#[test]
fn every_row_survives_the_way_to_head_and_back() {
    on_each_database(|database| {
        let (schema, seeded) = seed(database);
        up(database, "head");
        assert_eq!(rows(database, &schema), after_data_migration(seeded.clone()));
        down(database, PARENT_MINISTRY);
        assert_eq!(catalog::of(database), schema);
        assert_eq!(rows(database, &schema), seeded);
        down(database, "base");
    });
}

#[test]
fn documents_get_their_retention_period_from_the_kind_of_their_institution() {
    on_each_database(|database| {
        seed(database);
        up(database, "head");
        let years = match database.kind {
            Database::Mariadb => "SELECT CAST(retention_years AS CHAR) FROM documents ORDER BY id",
            Database::Sqlite | Database::Postgres => "SELECT CAST(retention_years AS TEXT) FROM documents ORDER BY id",
        };
        assert_eq!(database.texts(years), ["30", "10", "10", "20", "5"]);
        let without = "INSERT INTO documents (id, institution_id, title, file_name) VALUES (9, 1, 'Late', 'late.pdf')";
        database.connect().run(without).unwrap_err();
    });
}

#[test]
fn the_downgrade_gives_back_only_the_kinds_that_the_upgrade_changed() {
    on_each_database(|database| {
        seed(database);
        up(database, "head");
        let mut conn = database.connect();
        conn.run("UPDATE institutions SET kind = 'hospital' WHERE id = 4").unwrap();
        conn.run("INSERT INTO institutions (id, name, kind) VALUES (7, 'University of the Coast', 'university')")
            .unwrap();
        down(database, PARENT_MINISTRY);
        let expected = ["ministry", "university", "government_dept", "hospital", "hospital", "library", "university"];
        assert_eq!(kinds(database), expected);
    });
}

#[test]
fn foreign_keys_act_as_corrected_and_after_the_downgrade_as_before() {
    on_each_database(|database| {
        seed(database);
        up(database, FOREIGN_KEY_ACTIONS);
        assert_eq!(delete(database, "institutions", 5), Deleted::Refused);
        assert_eq!(delete(database, "users", 3), Deleted::Done);
        assert_eq!(delete(database, "documents", 1), Deleted::Done);
        assert_eq!(database.texts("SELECT content FROM document_chat_messages ORDER BY id"), ["Who signs?"]);
        assert_eq!(database.texts("SELECT title FROM documents WHERE approver_id IS NULL ORDER BY id").len(), 3);

        down(database, "-1");
        assert_eq!(delete(database, "documents", 3), Deleted::Refused);
        assert_eq!(delete(database, "users", 4), Deleted::Refused);
        assert_eq!(delete(database, "institutions", 5), Deleted::Done);
        assert_eq!(database.texts("SELECT title FROM documents WHERE institution_id = 5"), Vec::<String>::new());
    });
}

/// Every value as text, by table.
pub(crate) type Rows = BTreeMap<String, Vec<TextRow>>;

/// Brings the database to the last revision before the data migration, and fills every table, so that a child that is
/// lost when SQLite rebuilds its parent is missed.
pub(crate) fn seed(database: &TestDatabase) -> (Schema, Rows) {
    up(database, PARENT_MINISTRY);
    let mut conn = database.connect();
    for statement in SEED {
        conn.run(statement).unwrap();
    }
    let schema = catalog::of(database);
    let rows = rows(database, &schema);
    assert!(rows.values().all(|rows| !rows.is_empty()), "a table without rows proves nothing");
    (schema, rows)
}

pub(crate) const SEED: [&str; 8] = [
    "INSERT INTO institutions (id, name, kind, parent_ministry_id) VALUES
        (1, 'Ministry of Education', 'ministry', NULL), (2, 'University of the Hills', 'university', 1),
        (3, 'Department of Forests', 'government_dept', 1), (4, 'Department of Roads', 'government_dept', NULL),
        (5, 'City Hospital', 'hospital', NULL), (6, 'Old Library', 'library', 2)",
    "INSERT INTO users (id, institution_id, email, full_name, password_hash, role, is_active, email_verified,
        verification_token, verification_expires_at, created_at) VALUES
        (1, 2, 'ada@hills.example', 'Ada L.', 'x', 'member', TRUE, TRUE, NULL, NULL, '2025-09-03 08:00:00'),
        (2, 3, 'bea@forests.example', 'Bea ''B'' O''Hara', 'x', 'member', TRUE, FALSE, 'token-1', '2026-05-01 12:30:00',
            '2025-09-04 08:00:00'),
        (3, 1, 'cem@ministry.example', 'Cem Ö.', 'x', 'approver', FALSE, TRUE, NULL, NULL, '2025-09-05 08:00:00'),
        (4, NULL, 'dee@nowhere.example', 'Dee', 'x', 'approver', TRUE, FALSE, NULL, NULL, '2025-09-06 08:00:00')",
    "INSERT INTO external_data_sources (id, institution_id, name, base_url, settings, sync_minutes) VALUES
        (1, 3, 'Forest archive', 'https://archive.example/api', '{\"depth\": 2}', 15)",
    "INSERT INTO documents (id, institution_id, uploader_id, title, file_name, storage_bucket, storage_key, size_bytes,
        data_source_id, status, submitted_at, decided_at, approver_id, rejection_reason, created_at) VALUES
        (1, 1, 1, 'Budget', 'budget.pdf', 'files', 'a/1', 4000000000, NULL, 'approved', '2026-04-01 09:00:00',
            '2026-04-02 09:00:00', 3, NULL, '2026-03-30 10:00:00'),
        (2, 2, NULL, 'Syllabus', 'syllabus.pdf', 'files', 'a/2', 12, NULL, 'rejected', '2026-04-01 10:00:00',
            '2026-04-03 09:00:00', 3, 'No date', '2026-03-30 11:00:00'),
        (3, 3, 2, 'Trees', 'trees.pdf', NULL, NULL, NULL, 1, 'submitted', '2026-04-05 10:00:00', NULL, 4, NULL,
            '2026-03-30 12:00:00'),
        (4, 5, NULL, 'Beds', 'beds.pdf', NULL, NULL, NULL, NULL, 'draft', NULL, NULL, NULL, NULL, '2026-03-30 13:00:00'),
        (5, 6, 1, 'Shelves', 'shelves.pdf', NULL, NULL, NULL, NULL, 'draft', NULL, NULL, NULL, NULL,
            '2026-03-30 14:00:00')",
    "INSERT INTO document_metadata (document_id, language, page_count, summary, keywords) VALUES
        (1, 'en', 12, 'Money', '[\"money\"]'), (3, 'de-CH', 1, NULL, NULL)",
    "INSERT INTO document_chat_messages (id, document_id, author_id, content, citations) VALUES
        (1, 1, 2, 'Why so much?', NULL), (2, 1, NULL, 'See there.', '[{\"page\": 3, \"quote\": \"rent\"}]'),
        (3, 3, 4, 'Who signs?', NULL)",
    "INSERT INTO document_chat_participants (document_id, user_id, last_read_at) VALUES
        (1, 2, '2026-04-02 08:00:00'), (1, 3, NULL), (3, 4, NULL)",
    "UPDATE institutions SET created_at = '2025-09-02 10:00:00' WHERE id = 1",
];

pub(crate) fn rows(database: &TestDatabase, schema: &Schema) -> Rows {
    let text = match database.kind {
        Database::Mariadb => "CHAR",
        Database::Sqlite | Database::Postgres => "TEXT",
    };
    let mut conn = database.connect();
    let of_table = schema.tables.iter().map(|table| {
        let columns: Vec<_> = table.columns.iter().map(|column| format!("CAST({} AS {text})", column.name)).collect();
        let sql = format!("SELECT {} FROM {} ORDER BY 1, 2", columns.join(", "), table.name);
        (table.name.to_string(), conn.rows(&sql).unwrap())
    });
    of_table.collect()
}

pub(crate) fn after_data_migration(mut rows: Rows) -> Rows {
    let values = rows.get_mut("institutions").unwrap().iter_mut().flat_map(|row| row.0.iter_mut().flatten());
    for value in values.filter(|value| *value == "government_dept") {
        *value = "university".to_owned();
    }
    rows
}

fn kinds(database: &TestDatabase) -> Vec<String> {
    database.texts("SELECT kind FROM institutions ORDER BY id")
}

#[derive(Debug, PartialEq)]
enum Deleted {
    Done,
    Refused,
}

fn delete(database: &TestDatabase, table: &str, id: i32) -> Deleted {
    match database.connect().run(&format!("DELETE FROM {table} WHERE id = {id}")) {
        Ok(()) => Deleted::Done,
        Err(_) => Deleted::Refused,
    }
}

fn up(database: &TestDatabase, target: &str) {
    rectify::upgrade::<Chain>(&mut database.connect(), target).unwrap();
}

fn down(database: &TestDatabase, target: &str) {
    rectify::downgrade::<Chain>(&mut database.connect(), target).unwrap();
}
