//! The example chain on each database: what went up comes down again, and the catalog is the witness.

use migrations::Chain;
use rectify_schema::{ForeignKeyAction, Schema, Table};
use rectify_tests::{TestDatabase, on_each_database};

use crate::catalog;

#[test]
fn down_to_base_leaves_nothing_and_up_again_gives_the_same_catalog() {
    on_each_database(|database| {
        up(database, "head");
        let first = catalog::of(database);
        down(database, "base");
        assert_eq!(catalog::of(database), Schema::default());
        assert_eq!(database.texts("SELECT version_num FROM alembic_version"), Vec::<String>::new());
        up(database, "head");
        assert_eq!(catalog::of(database), first);
    });
}

#[test]
fn each_revision_can_be_taken_back_and_applied_again() {
    on_each_database(|database| {
        let steps = rectify::status::<Chain>(&mut database.connect()).unwrap().pending;
        assert_eq!(steps.len(), 14);
        let mut before = Schema::default();
        for step in steps {
            up(database, "+1");
            let after = catalog::of(database);
            assert_ne!(after, before, "{} changes nothing", step.message);
            down(database, "-1");
            assert_eq!(catalog::of(database), before, "{}, taken back", step.message);
            up(database, &step.revision);
            assert_eq!(catalog::of(database), after, "{}, applied again", step.message);
            before = after;
        }
    });
}

#[test]
fn each_database_gets_the_same_tables_keys_and_indexes() {
    on_each_database(|database| {
        up(database, "head");
        let schema = catalog::of(database);
        let names: Vec<_> = schema.tables.iter().map(|table| table.name.to_string()).collect();
        assert_eq!(
            names,
            [
                "audit_events",
                "document_chat_messages",
                "document_chat_participants",
                "document_metadata",
                "documents",
                "external_data_sources",
                "institutions",
                "user_notes",
                "users",
            ]
        );
        let documents = schema.table(&"documents".into()).unwrap();
        let columns: Vec<_> = documents.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(columns.join(" "), DOCUMENTS);
        assert_eq!(keys(documents).join("\n"), DOCUMENT_KEYS.join("\n"));
        assert_eq!(indexes(documents).join("\n"), DOCUMENT_INDEXES.join("\n"));
    });
}

const DOCUMENTS: &str = "id institution_id uploader_id title file_name created_at storage_bucket storage_key content_type \
    size_bytes sha256 data_source_id status submitted_at decided_at approver_id rejection_reason retention_years";

const DOCUMENT_KEYS: [&str; 4] = [
    "fk_documents_approver: approver_id -> users, SET NULL",
    "fk_documents_data_source: data_source_id -> external_data_sources, SET NULL",
    "fk_documents_institution: institution_id -> institutions, refused",
    "fk_documents_uploader: uploader_id -> users, SET NULL",
];

const DOCUMENT_INDEXES: [&str; 7] = [
    "ix_documents_approver_id",
    "ix_documents_data_source_id",
    "ix_documents_institution_id",
    "ix_documents_review_queue",
    "ix_documents_title",
    "ix_documents_uploader_id",
    "ux_documents_storage",
];

fn keys(table: &Table) -> Vec<String> {
    // To InnoDB, RESTRICT and NO ACTION are the same.
    let action = |action| match action {
        None | Some(ForeignKeyAction::NoAction | ForeignKeyAction::Restrict) => "refused".to_owned(),
        Some(action) => action.to_string(),
    };
    let keys = table.foreign_keys.iter().map(|key| {
        let name = key.name.as_deref().unwrap_or("?");
        format!("{name}: {} -> {}, {}", key.columns.join(", "), key.references, action(key.on_delete))
    });
    keys.collect()
}

/// MySQL and MariaDB know no difference between a unique index and a unique constraint, so both count.
fn indexes(table: &Table) -> Vec<String> {
    let indexes = table.indexes.iter().map(|index| index.name.clone());
    let mut names: Vec<_> = indexes.chain(table.uniques.iter().filter_map(|unique| unique.name.clone())).collect();
    names.sort();
    names
}

fn up(database: &TestDatabase, target: &str) {
    rectify::upgrade::<Chain>(&mut database.connect(), target).unwrap();
}

fn down(database: &TestDatabase, target: &str) {
    rectify::downgrade::<Chain>(&mut database.connect(), target).unwrap();
}
