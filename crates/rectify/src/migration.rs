//! One migration, the chain that they form, and the check that the linked chain is whole.
//!
//! linkme collects the migrations of a chain in no particular order: the graph orders them, never the slice.

use std::any::Any;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe};

use rectify_chain::{Graph, Node};
use rectify_schema::{NamingConvention, TableName};

use crate::database::Database;
use crate::error::Result;
use crate::fnv::BuildFnv;
use crate::offline;
use crate::op::{Op, Step};

/// One half of a migration.
pub type Body<C> = fn(&mut Op<'_, C>) -> Result<()>;

/// One migration: what `#[migration]` says, and the functions.
#[derive(Debug)]
pub struct Migration<C: 'static> {
    /// The revision's id.
    pub revision: &'static str,
    /// Its parents; none for a base, several for a merge.
    pub down_revisions: &'static [&'static str],
    /// Revisions that must be applied before it without being its parents.
    pub depends_on: &'static [&'static str],
    /// Names for the branch that starts here.
    pub branch_labels: &'static [&'static str],
    /// The first line of the documentation of `upgrade`.
    pub message: &'static str,
    /// The rest of that documentation.
    pub description: &'static str,
    /// When it was created, or an empty text where the attribute does not say.
    pub created: &'static str,
    /// The file that it stands in.
    pub file: &'static str,
    /// Whether it runs in a transaction, where the database has transactional DDL.
    pub transaction: bool,
    /// What it says of itself beyond that.
    pub options: MigrationOptions,
    /// Takes the schema from the parents to this revision.
    pub upgrade: Body<C>,
    /// Takes it back; `None` for a migration that is declared `irreversible`.
    pub downgrade: Option<Body<C>>,
}

/// What few migrations say of themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MigrationOptions {
    /// What a script has in the place of `upgrade`.
    pub offline: InScript,
    /// What a script has in the place of `downgrade`.
    pub offline_downgrade: InScript,
    /// The tables that `upgrade` touches (schema, name), where it changes nothing if they are all empty. None: it has to run.
    pub elidable: &'static [(Option<&'static str>, &'static str)],
}

impl MigrationOptions {
    /// Nothing out of the ordinary.
    pub const DEFAULT: Self =
        Self { offline: InScript::AsItRuns, offline_downgrade: InScript::AsItRuns, elidable: &[] };

    /// The names of [`MigrationOptions::elidable`].
    pub fn elidable(&self) -> impl Iterator<Item = TableName> {
        let name = |(schema, name): &(Option<&str>, &str)| TableName {
            schema: schema.map(str::to_owned),
            name: (*name).to_owned(),
        };
        self.elidable.iter().map(name)
    }
}

/// What a script has in the place of a migration's function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InScript {
    /// What the function does.
    AsItRuns,
    /// This SQL text, as it stands (`offline = "…"`).
    Text(&'static str),
    /// A comment that it is left out (`offline = skip`).
    Skipped,
}

/// A file of the versions folder, as `versions!` saw it: the proof that what is linked is whole.
#[derive(Debug)]
pub struct Source {
    /// The revision's id.
    pub revision: &'static str,
    /// A hash of the file's tokens: formatting and comments do not change it.
    pub checksum: &'static str,
    /// The file's path.
    pub file: &'static str,
}

/// A chain of migrations: what `versions!` declares as `Chain`.
pub trait Chain: 'static {
    /// The connection that its migrations are written for.
    type Connection: Database;
    /// The migrations that were linked, in no particular order.
    fn migrations() -> &'static [Migration<Self::Connection>];
    /// How it names constraints and indexes that are given no name.
    fn naming() -> NamingConvention {
        NamingConvention::new()
    }
    /// The files that `versions!` saw.
    fn sources() -> &'static [Source];
    /// The one head, where it is proven without the graph: what `versions!` verified is what the program holds. `None` where
    /// only the graph can tell.
    fn proven_head() -> Option<&'static str> {
        None
    }
}

/// Why the chain in this program cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// Migrations that were compiled are not in the program.
    #[error("{missing} of the {expected} migrations are not linked into this program, `{example}` among them")]
    NotLinked {
        /// How many are missing.
        missing: usize,
        /// How many there are.
        expected: usize,
        /// One of the missing.
        example: &'static str,
    },
    /// The revisions do not form a chain.
    #[error("the linked migrations do not form a chain")]
    Broken(#[from] rectify_chain::Broken),
}

impl ChainError {
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::NotLinked { .. } => Some(
                "a crate that nothing names is dropped by the linker with all that it registers: name the migrations crate \
                 in the program (`use migrations as _;`)"
                    .to_owned(),
            ),
            Self::Broken(_) => None,
        }
    }
}

/// The chain in this program, with the type of its connection forgotten.
pub(crate) struct Linked {
    /// Checked when it is first asked for: a program that starts up to date has no need of it.
    whole: OnceCell<Whole>,
    bodies: &'static dyn Bodies,
    pub(crate) naming: NamingConvention,
}

/// A chain, checked.
struct Whole {
    graph: Graph,
    /// In the order of the graph's nodes.
    migrations: Vec<Meta>,
}

/// What the runner needs to know of one migration.
pub(crate) struct Meta {
    /// Its place in the chain's slice.
    place: usize,
    pub(crate) revision: &'static str,
    pub(crate) message: &'static str,
    pub(crate) file: &'static str,
    pub(crate) transaction: bool,
    pub(crate) reversible: bool,
    pub(crate) options: &'static MigrationOptions,
    pub(crate) checksum: &'static str,
}

impl Meta {
    fn of<C>(migration: &'static Migration<C>, place: usize, checksum: &'static str) -> Self {
        Self {
            place,
            revision: migration.revision,
            // A sentence in the documentation; in a line of output its full stop is in the way.
            message: migration.message.strip_suffix('.').unwrap_or(migration.message),
            file: migration.file,
            transaction: migration.transaction,
            reversible: migration.downgrade.is_some(),
            options: &migration.options,
            checksum,
        }
    }
}

impl Linked {
    pub(crate) fn of<Ch: Chain>() -> Self {
        Self { whole: OnceCell::new(), bodies: &BodiesOf::<Ch>(std::marker::PhantomData), naming: Ch::naming() }
    }

    /// The graph, verified.
    pub(crate) fn graph(&self) -> Result<&Graph, ChainError> {
        if let Some(whole) = self.whole.get() {
            return Ok(&whole.graph);
        }
        let whole = self.bodies.whole()?;
        Ok(&self.whole.get_or_init(|| whole).graph)
    }

    /// Whether `rows` are the one head of the chain, so that there is nothing to upgrade. Cheaper than the graph, and
    /// `false` where only the graph can tell.
    pub(crate) fn is_at_its_head(&self, rows: &[String]) -> bool {
        matches!(rows, [row] if self.bodies.proven_head() == Some(row))
    }

    pub(crate) fn meta(&self, revision: &str) -> &Meta {
        let meta = self.whole.get().and_then(|whole| Some(&whole.migrations[whole.graph.position(revision)?]));
        meta.expect("a plan names revisions of the graph that it was made from")
    }

    /// Runs one half of a migration.
    pub(crate) fn run(&self, revision: &str, up: bool, db: &mut dyn Database, step: &mut Step) -> Result<()> {
        self.bodies.run(self.meta(revision).place, up, db, step)
    }
}

impl Whole {
    fn of<Ch: Chain>() -> Result<Self, ChainError> {
        let (migrations, sources) = (Ch::migrations(), Ch::sources());
        let mut places: HashMap<&'static str, usize, BuildFnv> =
            migrations.iter().enumerate().map(|(place, migration)| (migration.revision, place)).collect();
        if places.len() < migrations.len() {
            // One id twice: the graph says which.
            Graph::new(migrations.iter().map(node).collect())?;
        }
        // The order of the files breaks the ties in a plan; that of the slice differs from build to build.
        let mut ordered = Vec::with_capacity(migrations.len());
        let mut missing = Vec::new();
        for source in sources {
            match places.remove(source.revision) {
                Some(place) => ordered.push((place, source.checksum)),
                None => missing.push(source.revision),
            }
        }
        if let Some(example) = missing.first() {
            return Err(ChainError::NotLinked { missing: missing.len(), expected: sources.len(), example });
        }
        let mut others: Vec<_> = places.into_iter().collect();
        others.sort_unstable();
        ordered.extend(others.into_iter().map(|(_, place)| (place, "")));
        Ok(Self {
            graph: Graph::new(ordered.iter().map(|(place, _)| node(&migrations[*place])).collect())?,
            migrations: ordered
                .into_iter()
                .map(|(place, checksum)| Meta::of(&migrations[place], place, checksum))
                .collect(),
        })
    }
}

/// The revision graph of a chain, checked: heads, parents, history, plans, and what a text such as `label@head` names. What it
/// does not know of a revision stands in [`Chain::migrations`].
///
/// # Errors
///
/// [`ChainError`] where the linked migrations are not whole, or do not form a chain.
///
/// # Examples
///
/// ```
/// # fn demo<Chain: rectify::Chain>() -> Result<(), rectify::ChainError> {
/// let graph = rectify::graph::<Chain>()?;
/// for revision in graph.history() {
///     println!("{revision} follows {:?}{}", graph.parents(revision), if graph.is_head(revision) { " (head)" } else { "" });
/// }
/// # Ok(())
/// # }
/// ```
pub fn graph<Ch: Chain>() -> Result<Graph, ChainError> {
    Ok(Whole::of::<Ch>()?.graph)
}

fn node<C>(migration: &Migration<C>) -> Node {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Node {
        id: migration.revision.to_owned(),
        down_revisions: owned(migration.down_revisions),
        depends_on: owned(migration.depends_on),
        branch_labels: owned(migration.branch_labels),
        message: migration.message.to_owned(),
        origin: migration.file.to_owned(),
    }
}

/// The migrations of a chain, asked and run without knowing the connection's type.
trait Bodies {
    fn whole(&self) -> Result<Whole, ChainError>;
    fn proven_head(&self) -> Option<&'static str>;
    fn run(&self, index: usize, up: bool, db: &mut dyn Database, step: &mut Step) -> Result<()>;
}

struct BodiesOf<Ch>(std::marker::PhantomData<fn() -> Ch>);

impl<Ch: Chain> Bodies for BodiesOf<Ch> {
    fn whole(&self) -> Result<Whole, ChainError> {
        Whole::of::<Ch>()
    }

    fn proven_head(&self) -> Option<&'static str> {
        Ch::proven_head()
    }

    fn run(&self, index: usize, up: bool, db: &mut dyn Database, step: &mut Step) -> Result<()> {
        let mut op = if offline::script(db).is_some() {
            Op::offline(offline::script(db).expect("it was one a moment ago"), step)
        } else {
            let connection = db.as_any_mut().downcast_mut::<Ch::Connection>();
            Op::live(connection.expect("a run is only started with a connection of the chain's own type"), step)
        };
        let migration = &Ch::migrations()[index];
        let body = if up { Some(migration.upgrade) } else { migration.downgrade };
        match body {
            // The run has a transaction, a lock and a setting of foreign keys to give back, whatever the function comes to.
            Some(body) => panic::catch_unwind(AssertUnwindSafe(|| body(&mut op)))
                .unwrap_or_else(|payload| Err(Panicked { message: message_of(&*payload) }.into())),
            None => Err(crate::Error::message(format!("revision `{}` is irreversible", migration.revision))),
        }
    }
}

/// The function of a migration panicked.
#[derive(Debug, thiserror::Error)]
#[error("the migration panicked: {message}")]
struct Panicked {
    message: String,
}

fn message_of(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it did not say why".to_owned())
}

/// Implemented for a chain's `Chain` once per revision that it holds: two migrations with one id are two
/// implementations for one type, which the compiler refuses.
#[diagnostic::on_unimplemented(
    message = "`down_revision` names no revision of this chain",
    label = "no migration has this revision",
    note = "give the id of the migration that this one follows; `cargo xtask migrate heads` prints the newest"
)]
pub trait HasRevision<const ID: u128> {}

/// Compiles where `C` holds the revision with the hash `ID`.
pub const fn parent<C: HasRevision<ID>, const ID: u128>() {}
