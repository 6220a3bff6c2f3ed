//! The migrations of a document-approval application: universities and ministries upload documents, discuss them and
//! approve them.
//!
//! One file per revision in `versions/`, and the same file for SQLite, PostgreSQL and MariaDB. Good ones to read first:
//! `create_users_institutions_and_documents` (tables), `add_email_verification` (columns and indexes),
//! `turn_government_departments_into_universities` (rows), `require_a_retention_period` (both).

rectify::versions!("versions");
rectify::test_suite!(seed = tests::seed);

// What the chain leads to; nothing here names the models otherwise, and the linker would leave them out.
#[cfg(test)]
use app_models as _;
#[cfg(test)]
mod tests;
