//! Chains that a test writes by hand, without macros and without a folder of files.

use rectify::{Body, Migration, MigrationOptions, Source};

/// A migration that goes up only. What else it says of itself stands before `..step(..)`.
pub const fn step<C: 'static>(
    revision: &'static str,
    down_revisions: &'static [&'static str],
    upgrade: Body<C>,
) -> Migration<C> {
    Migration {
        revision,
        down_revisions,
        depends_on: &[],
        branch_labels: &[],
        message: "A step",
        description: "",
        created: "",
        file: FILE,
        transaction: true,
        options: MigrationOptions::DEFAULT,
        upgrade,
        downgrade: None,
    }
}

/// The file of such a migration, as `versions!` would have seen it.
pub const fn source(revision: &'static str) -> Source {
    Source { revision, checksum: revision, file: FILE }
}

const FILE: &str = "tests/by_hand.rs";
