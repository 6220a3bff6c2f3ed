use crate::prelude::*;
use rectify::schema::{Index, ops::DropIndex};

/// Add performance indexes.
///
/// For the three slowest pages: the review queue, a document's chat, the search by title. PostgreSQL builds them
/// concurrently, so that nobody waits; that works outside a transaction only.
#[migration(revision = "df812a438c53", down_revision = "4be96f667b9b")]
pub fn upgrade(op: &mut Op) -> Result<()> {
    op.autocommit(|op| indexes().into_iter().try_for_each(|index| op.create_index(index)))
}

pub fn downgrade(op: &mut Op) -> Result<()> {
    op.autocommit(|op| indexes().into_iter().rev().try_for_each(|index| op.apply(DropIndex::from(index))))
}

fn indexes() -> [Index; 3] {
    [
        index("ix_documents_review_queue")
            .on("documents", ["institution_id", "status"])
            .and(index_column("submitted_at").desc())
            .concurrently(),
        index("ix_document_chat_messages_history")
            .on("document_chat_messages", ["document_id", "created_at"])
            .concurrently(),
        index("ix_documents_title").on("documents", ["title"]).concurrently(),
    ]
}
