//! The models of a document-approval application: what its migrations in `migrations/` lead to.
//!
//! `cargo xtask migrate check` compares them with a database; `revision --autogenerate` writes the migration that is missing
//! after a change here.
#![expect(missing_docs, reason = "the names of the columns say it")]

/// What an institution has decided about a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, rectify::SqlEnum)]
pub enum DocumentStatus {
    /// The uploader still works on it.
    Draft,
    /// It waits for its approver.
    Submitted,
    /// It is approved.
    Approved,
    /// It is rejected, for the reason beside it.
    Rejected,
}

rectify::tables! {
    /// Universities, ministries and hospitals.
    institutions (id) {
        #[identity]
        id -> BigInt,
        #[unique(name = "uq_institutions_name")]
        #[max_length = 255]
        name -> Varchar,
        #[comment = "university, government_dept, ministry, ..."]
        #[index(name = "ix_institutions_kind")]
        #[max_length = 50]
        kind -> Varchar,
        #[default = sql("CURRENT_TIMESTAMP")]
        created_at -> Timestamptz,
        #[references(institutions.id, name = "fk_institutions_parent_ministry", on_delete = SetNull)]
        #[index(name = "ix_institutions_parent_ministry_id")]
        parent_ministry_id -> Nullable<BigInt>,
        #[max_length = 50]
        former_kind -> Nullable<Varchar>,
    }

    /// The people of an institution.
    users (id) {
        #[identity]
        id -> BigInt,
        #[references(institutions.id, name = "fk_users_institution", on_delete = SetNull)]
        #[index(name = "ix_users_institution_id")]
        institution_id -> Nullable<BigInt>,
        #[unique(name = "uq_users_email")]
        #[max_length = 255]
        email -> Varchar,
        #[max_length = 255]
        full_name -> Varchar,
        #[max_length = 255]
        password_hash -> Varchar,
        #[default = "member"]
        #[max_length = 50]
        role -> Varchar,
        #[default = true]
        is_active -> Bool,
        #[default = sql("CURRENT_TIMESTAMP")]
        created_at -> Timestamptz,
        #[default = false]
        email_verified -> Bool,
        #[index(name = "ux_users_verification_token", unique)]
        #[max_length = 255]
        verification_token -> Nullable<Varchar>,
        #[index(name = "ix_users_verification_expires_at")]
        verification_expires_at -> Nullable<Timestamptz>,
    }

    /// Systems from which an institution imports documents.
    #[unique(name = "uq_external_data_sources_name", on(institution_id, name))]
    external_data_sources (id) {
        #[identity]
        id -> BigInt,
        #[references(institutions.id, name = "fk_external_data_sources_institution", on_delete = Cascade)]
        institution_id -> BigInt,
        #[max_length = 255]
        name -> Varchar,
        #[max_length = 2048]
        base_url -> Varchar,
        #[comment = "the name of the password in the vault"]
        #[max_length = 255]
        secret_name -> Nullable<Varchar>,
        settings -> Nullable<Jsonb>,
        #[default = 60]
        #[check("ck_external_data_sources_sync_minutes", "sync_minutes > 0")]
        sync_minutes -> Integer,
        #[default = true]
        is_active -> Bool,
        last_synced_at -> Nullable<Timestamptz>,
        #[default = sql("CURRENT_TIMESTAMP")]
        created_at -> Timestamptz,
    }

    use diesel::sql_types::*;
    use super::DocumentStatus;

    /// What is uploaded, discussed and approved.
    #[index(name = "ux_documents_storage", on(storage_bucket, storage_key), unique)]
    #[index(name = "ix_documents_review_queue", on(institution_id, status, submitted_at.desc()))]
    documents (id) {
        #[identity]
        id -> BigInt,
        #[references(institutions.id, name = "fk_documents_institution", on_delete = Restrict)]
        #[index(name = "ix_documents_institution_id")]
        institution_id -> BigInt,
        #[references(users.id, name = "fk_documents_uploader", on_delete = SetNull, joinable)]
        #[index(name = "ix_documents_uploader_id")]
        uploader_id -> Nullable<BigInt>,
        #[index(name = "ix_documents_title")]
        #[max_length = 255]
        title -> Varchar,
        #[max_length = 255]
        file_name -> Varchar,
        #[default = sql("CURRENT_TIMESTAMP")]
        created_at -> Timestamptz,
        #[max_length = 63]
        storage_bucket -> Nullable<Varchar>,
        #[max_length = 512]
        storage_key -> Nullable<Varchar>,
        #[max_length = 127]
        content_type -> Nullable<Varchar>,
        size_bytes -> Nullable<BigInt>,
        #[comment = "of the file, in lower-case hex"]
        #[max_length = 64]
        sha256 -> Nullable<Char>,
        #[references(external_data_sources.id, name = "fk_documents_data_source", on_delete = SetNull)]
        #[index(name = "ix_documents_data_source_id")]
        data_source_id -> Nullable<BigInt>,
        #[default = "draft"]
        status -> DocumentStatus,
        submitted_at -> Nullable<Timestamptz>,
        decided_at -> Nullable<Timestamptz>,
        #[references(users.id, name = "fk_documents_approver", on_delete = SetNull)]
        #[index(name = "ix_documents_approver_id")]
        approver_id -> Nullable<BigInt>,
        rejection_reason -> Nullable<Text>,
        retention_years -> Integer,
    }

    /// What the text extraction finds in a file.
    document_metadata (document_id) {
        #[references(documents.id, name = "fk_document_metadata_document", on_delete = Cascade)]
        document_id -> BigInt,
        #[max_length = 16]
        language -> Nullable<Varchar>,
        #[check("ck_document_metadata_page_count", "page_count > 0")]
        page_count -> Nullable<Integer>,
        summary -> Nullable<Text>,
        keywords -> Nullable<Jsonb>,
        #[default = sql("CURRENT_TIMESTAMP")]
        extracted_at -> Timestamptz,
    }

    /// What is said about a document.
    #[index(name = "ix_document_chat_messages_history", on(document_id, created_at))]
    document_chat_messages (id) {
        #[identity]
        id -> BigInt,
        #[references(documents.id, name = "fk_document_chat_messages_document", on_delete = Cascade)]
        #[index(name = "ix_document_chat_messages_document_id")]
        document_id -> BigInt,
        #[comment = "empty: the assistant, or someone who has left"]
        #[references(users.id, name = "fk_document_chat_messages_author", on_delete = SetNull)]
        #[index(name = "ix_document_chat_messages_author_id")]
        author_id -> Nullable<BigInt>,
        content -> Text,
        citations -> Nullable<Jsonb>,
        #[default = sql("CURRENT_TIMESTAMP")]
        created_at -> Timestamptz,
    }

    /// Who takes part in the chat of a document.
    document_chat_participants (document_id, user_id) {
        #[references(documents.id, name = "fk_document_chat_participants_document", on_delete = Cascade)]
        document_id -> BigInt,
        #[references(users.id, name = "fk_document_chat_participants_user", on_delete = Cascade)]
        #[index(name = "ix_document_chat_participants_user_id")]
        user_id -> BigInt,
        last_read_at -> Nullable<Timestamptz>,
        #[default = sql("CURRENT_TIMESTAMP")]
        joined_at -> Timestamptz,
    }

    /// Private notes, on a document or on nothing in particular.
    user_notes (id) {
        #[identity]
        id -> BigInt,
        #[references(users.id, name = "fk_user_notes_user", on_delete = Cascade)]
        #[index(name = "ix_user_notes_user_id")]
        user_id -> BigInt,
        #[references(documents.id, name = "fk_user_notes_document", on_delete = Cascade)]
        #[index(name = "ix_user_notes_document_id")]
        document_id -> Nullable<BigInt>,
        body -> Text,
        #[default = false]
        is_pinned -> Bool,
        #[default = sql("CURRENT_TIMESTAMP")]
        created_at -> Timestamptz,
        #[default = sql("CURRENT_TIMESTAMP")]
        updated_at -> Timestamptz,
    }

    /// Who did what to which row, for the yearly audit.
    #[index(name = "ix_audit_events_entity", on(entity_type, entity_id))]
    audit_events (id) {
        #[identity]
        id -> BigInt,
        #[references(users.id, name = "fk_audit_events_actor", on_delete = SetNull)]
        #[index(name = "ix_audit_events_actor_id")]
        actor_id -> Nullable<BigInt>,
        #[max_length = 100]
        action -> Varchar,
        #[max_length = 100]
        entity_type -> Varchar,
        entity_id -> BigInt,
        #[max_length = 45]
        ip_address -> Nullable<Varchar>,
        details -> Nullable<Jsonb>,
        #[default = sql("CURRENT_TIMESTAMP")]
        #[index(name = "ix_audit_events_occurred_at")]
        occurred_at -> Timestamptz,
    }
}
