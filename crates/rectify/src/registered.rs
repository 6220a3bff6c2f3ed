//! What the macros leave in a program, packed: it is read at every start, and most starts have nothing to do.
//!
//! A place in memory that holds an address is written when a program starts, so that a thousand migrations with a dozen
//! texts each would cost more than to ask the database. So a migration says all in one text, the files of a chain are one
//! text too, and both are taken apart when somebody asks.

use std::sync::OnceLock;

use rectify_chain::revision::sum_of_ids;

use crate::migration::{Body, Migration, MigrationOptions, Source};

/// Between the parts of a text. It stands in no id, no path and no comment; the macros replace it elsewhere.
const BETWEEN: char = '\0';
/// Between ids, which hold no comma.
const COMMA: char = ',';

/// A migration, as `#[migration]` leaves it.
#[derive(Debug)]
pub struct Registered<C: 'static> {
    /// Revision, parents, dependencies, labels, whether in a transaction, date, file, message, description.
    pub said: &'static str,
    /// What few migrations say.
    pub options: Option<&'static MigrationOptions>,
    /// See [`Migration::upgrade`].
    pub upgrade: Body<C>,
    /// See [`Migration::downgrade`].
    pub downgrade: Option<Body<C>>,
}

impl<C> Registered<C> {
    /// For a migration that does not compile.
    pub const STAND_IN: Self = Self { said: "", options: None, upgrade: |_| Ok(()), downgrade: None };

    fn revision(&self) -> &'static str {
        self.said.split(BETWEEN).next().unwrap_or_default()
    }

    fn unpacked(&self) -> Migration<C> {
        let mut parts = self.said.splitn(9, BETWEEN);
        let mut next = || parts.next().unwrap_or_default();
        Migration {
            revision: next(),
            down_revisions: ids(next()),
            depends_on: ids(next()),
            branch_labels: ids(next()),
            transaction: next().is_empty(),
            created: next(),
            file: next(),
            message: next(),
            description: next(),
            options: self.options.copied().unwrap_or(MigrationOptions::DEFAULT),
            upgrade: self.upgrade,
            downgrade: self.downgrade,
        }
    }
}

/// Once for each chain, and for as long as the program runs: as if it had been a static.
fn ids(text: &'static str) -> &'static [&'static str] {
    if text.is_empty() { &[] } else { Vec::leak(text.split(COMMA).collect()) }
}

/// The migrations of a chain, taken apart when they are first asked for.
#[derive(Debug)]
pub struct Unpacked<C: 'static>(OnceLock<Vec<Migration<C>>>);

impl<C> Unpacked<C> {
    /// Nothing yet.
    #[expect(clippy::new_without_default, reason = "it is made in a static")]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// The migrations, in the order of `registered`.
    pub fn of(&self, registered: &[&[Registered<C>]]) -> &[Migration<C>] {
        self.0.get_or_init(|| registered.iter().copied().flatten().map(Registered::unpacked).collect())
    }
}

/// The files of a chain, taken apart when they are first asked for.
#[derive(Debug)]
pub struct Sources(OnceLock<Vec<Source>>);

impl Sources {
    /// Nothing yet.
    #[expect(clippy::new_without_default, reason = "it is made in a static")]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// The files, in the order of `said`: of each its revision, its checksum and its path.
    pub fn of(&self, said: &'static str) -> &[Source] {
        self.0.get_or_init(|| {
            let mut parts = said.split_terminator(BETWEEN);
            let mut next = || parts.next();
            let mut sources = Vec::new();
            while let (Some(revision), Some(checksum), Some(file)) = (next(), next(), next()) {
                sources.push(Source { revision, checksum, file });
            }
            sources
        })
    }
}

/// `head`, where the program holds the revisions that `versions!` verified and found it to be the head of: `number` of them,
/// with this sum of their hashes.
pub fn proven_head<C>(
    registered: &[&[Registered<C>]],
    number: usize,
    sum: u128,
    head: &'static str,
) -> Option<&'static str> {
    let all = || registered.iter().copied().flatten();
    let is_whole = || sum_of_ids(all().map(Registered::revision)) == sum;
    (all().count() == number && is_whole()).then_some(head)
}

#[cfg(test)]
mod tests {
    use rectify_chain::revision::hash_id;

    use super::*;
    use crate::migration::InScript;

    const SKIPPED: MigrationOptions = MigrationOptions { offline: InScript::Skipped, ..MigrationOptions::DEFAULT };

    const fn registered(said: &'static str) -> Registered<()> {
        Registered { said, options: None, upgrade: |_| Ok(()), downgrade: None }
    }

    #[test]
    fn a_migration_is_what_it_said() {
        let said = "c3\0a1,b2\0x\0billing,live\0no\x002026-01-01\0app/versions/c.rs\0Join the branches.\0Both.\n\nAll \0 of them.";
        let migration = Registered { options: Some(&SKIPPED), ..registered(said) }.unpacked();
        assert_eq!((migration.revision, migration.down_revisions), ("c3", &["a1", "b2"][..]));
        assert_eq!((migration.depends_on, migration.branch_labels), (&["x"][..], &["billing", "live"][..]));
        assert_eq!((migration.transaction, migration.created), (false, "2026-01-01"));
        assert_eq!((migration.file, migration.message), ("app/versions/c.rs", "Join the branches."));
        assert_eq!(migration.description, "Both.\n\nAll \0 of them.");
        assert_eq!((migration.options, migration.downgrade.is_none()), (SKIPPED, true));
        let bare = registered("a1\0\0\0\0\0\0a.rs\0\0").unpacked();
        assert_eq!((bare.down_revisions, bare.depends_on, bare.branch_labels), (&[][..], &[][..], &[][..]));
        assert_eq!(bare.options, MigrationOptions::DEFAULT);
        assert_eq!((bare.transaction, bare.created, bare.message, bare.description), (true, "", "", ""));
    }

    #[test]
    fn files_are_taken_apart_once() {
        let sources = Sources::new();
        let found = sources.of("a1\x0007f3\0versions/a.rs\0b2\x0008\0versions/b c.rs\0");
        let file = |at: usize| (found[at].revision, found[at].checksum, found[at].file);
        assert_eq!(
            (found.len(), file(0), file(1)),
            (2, ("a1", "07f3", "versions/a.rs"), ("b2", "08", "versions/b c.rs"))
        );
        assert_eq!(sources.of("").len(), 2);
        assert!(Sources::new().of("").is_empty());
    }

    #[test]
    fn a_head_is_proven_for_the_revisions_that_were_verified() {
        let both = [registered("b2\0a1\0\0\0\0\0b.rs\0\0"), registered("a1\0\0\0\0\0\0a.rs\0\0")];
        let sum = hash_id("a1").wrapping_add(hash_id("b2"));
        assert_eq!(proven_head(&[&both], 2, sum, "b2"), Some("b2"));
        assert_eq!(proven_head(&[&both[..1], &both[1..]], 2, sum, "b2"), Some("b2"));
        assert_eq!(proven_head(&[&both], 3, sum, "b2"), None);
        assert_eq!(proven_head(&[&both[..1]], 1, hash_id("a1"), "b2"), None);
    }
}
