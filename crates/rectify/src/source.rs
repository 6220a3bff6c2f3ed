//! The chain seen as a Diesel `MigrationSource`, for users of `diesel_migrations`.
//!
//! Diesel's harness knows a list, sorted by the text of the versions, and a table of its own. So this file gives each
//! revision a version whose place in that order never changes, and runs one migration on a connection that the harness has
//! prepared. It refuses to know the runner: no lock, no journal, no version table.

use std::any::type_name;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use diesel::Connection;
use diesel::backend::Backend;
use diesel::connection::BoxableConnection;
use diesel::migration::{self, MigrationMetadata, MigrationName, MigrationSource, MigrationVersion};
use rectify_chain::Graph;
use rectify_chain::revision::hash_id;
use rectify_schema::NamingConvention;

use crate::database::{Database, Family};
use crate::error::Error;
use crate::migration::{Chain, Migration, graph};
use crate::op::{Op, Step, StepSettings, foreign_keys};
use crate::runner::dialect_of;
use crate::runner::sql::family;

/// A chain as a Diesel `MigrationSource`: for `run_pending_migrations` and the rest of `diesel_migrations`' harness.
///
/// The `Chain` that [`versions!`](crate::versions) declares is a source itself, so this type is for chains that are made by hand.
///
/// What the harness runs, it keeps in its own table `__diesel_schema_migrations`, and not in the version table; a database
/// belongs to one of the two. It runs without Rectify's lock and journal. `transaction = false` of a migration is passed
/// on to it. What cannot work inside the harness's transaction is refused: `op.autocommit` on PostgreSQL, and on SQLite the
/// rebuild of a table while foreign keys are on.
///
/// # Versions
///
/// The harness applies in the order of the versions' text. A revision's version is its depth in the graph and its id
/// (`00003.a1b2c3d4e5f6`): it follows from what lies below the revision, so a new migration, on whatever branch, never
/// changes another one's version, and each comes after its parents and dependencies. A revision whose id is a Diesel version
/// (`20200101000000`, as `import diesel` makes them) keeps that as its version, so that the harness goes on with the table that it
/// has filled; what follows it is `20200101000000.00004.a1b2c3d4e5f6`.
///
/// # Examples
///
/// ```
/// # fn demo<Chain: rectify::Chain>() -> Result<(), Box<dyn std::error::Error + Send + Sync>>
/// # where Chain::Connection: rectify::diesel::Connection {
/// use rectify::diesel::migration::MigrationSource;
/// let migrations = rectify::DieselSource::<Chain>::new().migrations()?;
/// println!("{} migrations", migrations.len());
/// # Ok(())
/// # }
/// ```
pub struct DieselSource<Ch>(PhantomData<fn() -> Ch>);

impl<Ch> DieselSource<Ch> {
    /// The chain as a source.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<Ch> Default for DieselSource<Ch> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Ch> fmt::Debug for DieselSource<Ch> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DieselSource<{}>", type_name::<Ch>())
    }
}

impl<Ch, DB> MigrationSource<DB> for DieselSource<Ch>
where
    Ch: Chain,
    Ch::Connection: Connection<Backend = DB>,
    DB: Backend + 'static,
{
    fn migrations(&self) -> DieselMigrations<Ch::Connection> {
        diesel_migrations::<Ch>()
    }
}

/// The backend of a connection, for what `versions!` writes.
pub type BackendOf<C> = <C as Connection>::Backend;

/// What a migration source gives, for what `versions!` writes.
pub type DieselMigrations<C> = migration::Result<Vec<Box<dyn migration::Migration<BackendOf<C>>>>>;

/// The migrations of a chain, in the order of their versions.
///
/// # Errors
///
/// Where the linked chain cannot be used, or the text of the versions cannot show its order.
pub fn diesel_migrations<Ch: Chain>() -> DieselMigrations<Ch::Connection>
where
    Ch::Connection: Connection<Backend: 'static>,
{
    let graph = graph::<Ch>()?;
    let versions = versions(&graph)?;
    let mut found: Vec<OfChain<Ch::Connection>> =
        Ch::migrations().iter().map(|migration| OfChain::new(migration, &versions, Ch::naming())).collect();
    found.sort_by(|a, b| a.name.version.cmp(&b.name.version));
    Ok(found.into_iter().map(|migration| Box::new(migration) as Box<dyn migration::Migration<_>>).collect())
}

/// A migration of a chain, as Diesel's harness handles it.
struct OfChain<C: 'static> {
    migration: &'static Migration<C>,
    naming: NamingConvention,
    name: Name,
    metadata: Metadata,
}

impl<C> OfChain<C> {
    fn new(migration: &'static Migration<C>, versions: &BTreeMap<&str, String>, naming: NamingConvention) -> Self {
        let version = versions.get(migration.revision).cloned().unwrap_or_default();
        let message = migration.message.strip_suffix('.').unwrap_or(migration.message);
        let name = Name { version, shown: format!("{} ({message})", migration.revision) };
        Self { migration, naming, name, metadata: Metadata { transaction: migration.transaction } }
    }
}

impl<C, DB> migration::Migration<DB> for OfChain<C>
where
    C: Database + Connection<Backend = DB>,
    DB: Backend + 'static,
{
    fn run(&self, conn: &mut dyn BoxableConnection<DB>) -> migration::Result<()> {
        self.carry_out(true, conn.as_any_mut().downcast_mut())
    }

    fn revert(&self, conn: &mut dyn BoxableConnection<DB>) -> migration::Result<()> {
        self.carry_out(false, conn.as_any_mut().downcast_mut())
    }

    fn metadata(&self) -> &dyn MigrationMetadata {
        &self.metadata
    }

    fn name(&self) -> &dyn MigrationName {
        &self.name
    }
}

impl<C: Database> OfChain<C> {
    fn carry_out(&self, up: bool, connection: Option<&mut C>) -> migration::Result<()> {
        let done = match connection {
            Some(connection) => self.on(up, connection),
            None => Err(OtherConnection { wanted: type_name::<C>() }.into()),
        };
        done.map_err(|error| Failed::new(up, &self.name.shown, error).into())
    }

    fn on(&self, up: bool, connection: &mut C) -> Result<(), Error> {
        let body = if up { Some(self.migration.upgrade) } else { self.migration.downgrade };
        let body = body.ok_or(Irreversible)?;
        let dialect = dialect_of(connection)?;
        let settings = StepSettings {
            revision: self.migration.revision,
            checksum: "",
            up,
            journal: crate::runner::journal::Journal { table: "rectify_journal".into() },
            server_version: None,
            naming: self.naming,
            stays_in_transaction: Some(AUTOCOMMIT),
            interrupted: std::sync::Arc::default(),
            arguments: Vec::new(),
            tag: None,
        };
        let mut step = Step::new(dialect, settings, None);
        let ran = body(&mut Op::live(connection, &mut step));
        if step.wants_foreign_keys_off {
            return Err(Rebuild.into());
        }
        ran.and_then(|()| foreign_keys::check(connection, &mut step))
            .map_err(|error| if family(dialect) == Family::Mysql { Error::from(Kept::new(error)) } else { error })
    }
}

const AUTOCOMMIT: &str = "Diesel's harness runs the migration in one transaction: declare `transaction = false`, or migrate \
                          with `rectify::upgrade`";

struct Name {
    version: String,
    shown: String,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl MigrationName for Name {
    fn version(&self) -> MigrationVersion<'_> {
        MigrationVersion::from(&self.version)
    }
}

struct Metadata {
    transaction: bool,
}

impl MigrationMetadata for Metadata {
    fn run_in_transaction(&self) -> bool {
        self.transaction
    }
}

/// Why a migration failed in Diesel's harness. Most callers print one line of it, so that line says everything.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Failed {
    text: String,
}

impl Failed {
    fn new(up: bool, shown: &str, error: Error) -> Self {
        let verb = if up { "apply" } else { "take back" };
        let error = error.into_inner();
        let mut text = format!("failed to {verb} revision {shown}");
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&*error);
        while let Some(source) = cause {
            text = format!("{text}: {source}");
            cause = source.source();
        }
        for hint in crate::error::hints(&*error) {
            text = format!("{text}; hint: {hint}");
        }
        Self { text }
    }
}

#[derive(Debug, thiserror::Error)]
#[error(
    "the chain's migrations are written for `{wanted}`, and the harness was given another connection; hint: give it that \
     one (`&mut *pooled` for a connection from a pool)"
)]
struct OtherConnection {
    wanted: &'static str,
}

#[derive(Debug, thiserror::Error)]
#[error("it is irreversible")]
struct Irreversible;

#[derive(Debug, thiserror::Error)]
#[error(
    "it rebuilds a table, which would delete child rows while foreign keys are on, and inside a transaction they cannot be \
     turned off; hint: run `PRAGMA foreign_keys = OFF` before the harness, declare `transaction = false`, or migrate with \
     `rectify::upgrade`"
)]
struct Rebuild;

/// MySQL and MariaDB commit each schema change by themselves.
#[derive(Debug, thiserror::Error)]
#[error(
    "this database keeps the schema changes before the one that failed, and Diesel's harness has no journal from which to \
     go on (`rectify::upgrade` has)"
)]
struct Kept {
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl Kept {
    fn new(error: Error) -> Self {
        Self { source: error.into_inner() }
    }
}

/// A revision whose version does not come after that of a revision below it.
#[derive(Debug, thiserror::Error)]
#[error(
    "Diesel's harness sorts versions as text, which would apply revision `{revision}` (version `{version}`) before \
     `{below}` (version `{other}`); hint: migrate with `rectify::upgrade`"
)]
struct Unsorted {
    revision: String,
    version: String,
    below: String,
    other: String,
}

/// The longest version that `__diesel_schema_migrations` holds.
const LONGEST: usize = 50;

/// A version for each revision, which sorts behind those of all revisions below it.
fn versions(graph: &Graph) -> Result<BTreeMap<&str, String>, Unsorted> {
    let mut versions: BTreeMap<&str, String> = BTreeMap::new();
    // By revision: its depth, and the newest Diesel version at or below it.
    let mut known: BTreeMap<&str, (u32, &str)> = BTreeMap::new();
    for revision in bottom_up(graph) {
        let downs = graph.downs(revision);
        let below = downs.iter().filter_map(|down| known.get(down));
        let (depth, base) = below.fold((0, ""), |(depth, base), down| (depth.max(down.0), base.max(down.1)));
        let depth = depth + 1;
        let goes_on = |version: &str| downs.iter().all(|down| versions[down].as_str() < version);
        let (version, base) = if is_diesel_version(revision) && goes_on(revision) {
            (revision.to_owned(), revision)
        } else {
            (version(base, depth, revision), base)
        };
        if let Some(down) = downs.iter().find(|down| versions[*down] >= version) {
            let (revision, below, other) = (revision.to_owned(), (*down).to_owned(), versions[down].clone());
            return Err(Unsorted { revision, version, below, other });
        }
        versions.insert(revision, version);
        known.insert(revision, (depth, base));
    }
    Ok(versions)
}

/// All revisions, each behind what lies below it.
fn bottom_up(graph: &Graph) -> Vec<&str> {
    let mut newest_first = graph.history();
    newest_first.reverse();
    newest_first
}

/// The dot sorts before every digit, so a version that goes on from `base` stays before a greater Diesel version.
fn version(base: &str, depth: u32, revision: &str) -> String {
    let prefix = if base.is_empty() { format!("{depth:05}.") } else { format!("{base}.{depth:05}.") };
    let version = format!("{prefix}{revision}");
    // An id that is too long gives way to its hash.
    if version.chars().count() <= LONGEST { version } else { format!("{prefix}{:016x}", hash_id(revision) >> 64) }
}

/// Diesel's own versions are a date and a time in digits.
fn is_diesel_version(revision: &str) -> bool {
    (8..=20).contains(&revision.len()) && revision.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use rectify_chain::{Node, Policy};

    use super::*;

    fn node(id: &str, downs: &[&str], depends_on: &[&str]) -> Node {
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        Node { id: id.to_owned(), down_revisions: owned(downs), depends_on: owned(depends_on), ..Node::default() }
    }

    #[track_caller]
    fn check(nodes: &[Node], expected: &[&str]) {
        let graph = Graph::with_policy(nodes.to_vec(), Policy::Loose).unwrap();
        let versions = versions(&graph).unwrap();
        let found: Vec<&str> = nodes.iter().map(|node| versions[node.id.as_str()].as_str()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_version_is_depth_and_id() {
        let chain = [node("f", &[], &[]), node("c", &["f"], &[]), node("a", &["c"], &[])];
        check(&chain, &["00001.f", "00002.c", "00003.a"]);
    }

    #[test]
    fn a_new_branch_changes_no_version() {
        let mut nodes = vec![node("a", &[], &[]), node("b", &["a"], &[]), node("m", &["b"], &[])];
        check(&nodes, &["00001.a", "00002.b", "00003.m"]);
        nodes.push(node("x", &["a"], &[]));
        nodes.push(node("y", &["x"], &["m"]));
        nodes.push(node("z", &["m", "y"], &[]));
        check(&nodes, &["00001.a", "00002.b", "00003.m", "00002.x", "00004.y", "00005.z"]);
    }

    #[test]
    fn versions_of_diesel_are_kept_and_gone_on_from() {
        let chain = [
            node("00000000000000", &[], &[]),
            node("20200101000000", &["00000000000000"], &[]),
            node("a1", &["20200101000000"], &[]),
            node("b2", &["a1"], &[]),
            node("20210101000000", &["b2"], &[]),
        ];
        check(
            &chain,
            &[
                "00000000000000",
                "20200101000000",
                "20200101000000.00003.a1",
                "20200101000000.00004.b2",
                "20210101000000",
            ],
        );
        // Not in order as text: then it is an id like any other.
        check(
            &[node("20210101000000", &[], &[]), node("20200101000000", &["20210101000000"], &[])],
            &["20210101000000", "20210101000000.00002.20200101000000"],
        );
    }

    #[test]
    fn a_long_id_gives_way_to_its_hash() {
        let long = "x".repeat(32);
        let graph = Graph::new(vec![node("20200101000000", &[], &[]), node(&long, &["20200101000000"], &[])]).unwrap();
        let version = &versions(&graph).unwrap()[long.as_str()];
        assert!(version.starts_with("20200101000000.00002.") && version.len() == 14 + 7 + 16, "{version}");
    }

    #[test]
    fn an_order_that_text_cannot_show_is_an_error() {
        let nodes = [
            node("a", &[], &[]),
            node("b", &["a"], &[]),
            node("00000000", &[], &[]),
            node("m", &["b", "00000000"], &[]),
        ];
        let graph = Graph::with_policy(nodes.to_vec(), Policy::Loose).unwrap();
        let error = versions(&graph).unwrap_err().to_string();
        assert!(error.contains("revision `m` (version `00000000.00003.m`) before `b` (version `00002.b`)"), "{error}");
    }
}
