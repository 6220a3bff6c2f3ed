//! The laws that every chain should obey, each a function that a test calls.

use std::fmt;
use std::marker::PhantomData;

use diesel::Connection;
use rectify_chain::Graph;
use rectify_chain::nearest::nearest;
use rectify_schema::dialect::Dialect;
use rectify_schema::diff::{DiffOptions, Filter};
use rectify_schema::{Schema, TableName};

use super::database::{FreshError, Server, TestDatabase};
use super::snapshot::{self, catalog, difference, rows_difference};
use crate::compare::compare;
use crate::error::Error;
use crate::inspect::InspectOptions;
use crate::migration::{Chain, ChainError, graph};
use crate::models::{ModelsError, declared_as};
use crate::runner::{RunError, Runner, dialect_of};

/// Puts rows into a database that has reached a revision.
type Seed<Ch> = fn(&mut <Ch as Chain>::Connection, &str) -> Result<(), Error>;

/// The tests of a chain, on one server. [`test_suite!`](crate::test_suite) makes a test of each.
pub struct Suite<Ch: Chain> {
    server: Server,
    seed: Option<Seed<Ch>>,
    exclude: &'static [&'static str],
}

impl<Ch: Chain> fmt::Debug for Suite<Ch> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Suite").field("server", &self.server).finish_non_exhaustive()
    }
}

/// A law that the chain breaks.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SuiteError {
    /// The linked migrations are not whole, or form no chain.
    #[error("the chain cannot be used")]
    Chain(#[from] ChainError),
    /// There is no database to test on.
    #[error(transparent)]
    Database(#[from] FreshError),
    /// A migration fails.
    #[error("{doing}")]
    Run {
        /// What was being done, with which revision.
        doing: String,
        /// What went wrong.
        source: Box<RunError>,
    },
    /// What the database holds could not be read.
    #[error("failed to {doing} at revision `{revision}`")]
    Read {
        /// What was being done.
        doing: &'static str,
        /// Where the database stands.
        revision: String,
        /// What went wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A migration is `elidable` by a table that there is none of.
    #[error(
        "revision `{revision}` ({message}) is `elidable` by the table `{table}`, and there is none of that name before it"
    )]
    NoTable {
        /// The revision.
        revision: String,
        /// The first line of its documentation.
        message: String,
        /// The table's name.
        table: TableName,
        /// The names nearest to it.
        nearest: Vec<String>,
    },
    /// The models cannot be used.
    #[error("the models cannot be compared with the chain")]
    Models(#[from] ModelsError),
    /// The chain leads to something else than the models say.
    #[error("the chain and the models differ; what takes a database at {heads} to the models:{difference}")]
    Behind {
        /// The newest revisions.
        heads: String,
        /// What is missing, a line each.
        difference: String,
    },
    /// A way of a revision leads somewhere else than it should.
    #[error("{what} of revision `{revision}` ({message}) {claim}; it differs by:{difference}")]
    Differs {
        /// Which way.
        what: &'static str,
        /// The revision.
        revision: String,
        /// The first line of its documentation.
        message: String,
        /// What it should have done and did not.
        claim: &'static str,
        /// What is different, a line each.
        difference: String,
    },
}

impl SuiteError {
    pub(crate) fn hints(&self) -> Vec<String> {
        match self {
            Self::NoTable { nearest, .. } => {
                nearest.iter().take(1).map(|name| format!("did you mean `{name}`?")).collect()
            }
            Self::Behind { .. } => vec![
                "`revision --autogenerate -m \"…\"` writes the migration that is missing; or correct the models"
                    .to_owned(),
                "`test_suite!(exclude = [\"legacy_*\"])` leaves out what is not for the models to say".to_owned(),
            ],
            _ => Vec::new(),
        }
    }
}

impl<Ch> Suite<Ch>
where
    Ch: Chain<Connection: Connection>,
{
    /// The tests on a server, on databases that hold no rows but those that migrations put there.
    #[must_use]
    pub const fn new(server: Server) -> Self {
        Self { server, seed: None, exclude: &[] }
    }

    /// Calls `seed` with each revision that the database has reached, to put rows in: migrations then have to live with them,
    /// and each downgrade has to leave them as they were.
    #[must_use]
    pub const fn seed(mut self, seed: Seed<Ch>) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Leaves tables and other objects out of the comparison with the models, by patterns such as `legacy_*`: what `exclude` in
    /// rectify.toml is to `check`.
    #[must_use]
    pub const fn exclude(mut self, patterns: &'static [&'static str]) -> Self {
        self.exclude = patterns;
        self
    }

    /// The chain is whole, and has the heads that it should: one, or one for each labelled branch.
    ///
    /// The compiler has seen each file; this sees what was linked, with the migrations that other crates add.
    ///
    /// # Errors
    ///
    /// [`SuiteError::Chain`], which names what is wrong.
    pub fn heads(&self) -> Result<(), SuiteError> {
        graph::<Ch>().map(drop).map_err(SuiteError::from)
    }

    /// Each revision goes up, down and up again, and leaves the same catalog both times; and from the newest revision down to
    /// the empty database each downgrade leads to the catalog that was there on the way up.
    ///
    /// What is `irreversible` goes up only, and ends the way down.
    ///
    /// # Errors
    ///
    /// [`SuiteError`], which names the revision and what differs.
    pub fn stairway(&self) -> Result<(), SuiteError> {
        let mut walk = self.walk()?;
        let mut stages = vec![("base".to_owned(), walk.catalog()?)];
        for revision in walk.order() {
            walk.up(&revision)?;
            let first = walk.catalog()?;
            if walk.down(&revision)? {
                walk.up(&revision)?;
                walk.same(&first, "the second upgrade", "leaves another catalog than the first one")?;
            }
            stages.push((revision.clone(), first));
            walk.seed(self.seed)?;
        }
        while let (Some((revision, _)), Some((_, below))) = (stages.pop(), stages.last()) {
            walk.at = revision.clone();
            if !walk.down(&revision)? {
                break;
            }
            walk.same(below, "the downgrade", "does not restore the catalog on the way to the empty database")?;
        }
        Ok(())
    }

    /// Each `downgrade`, right behind its `upgrade`, restores exactly what was there: the catalog, and every row.
    ///
    /// # Errors
    ///
    /// [`SuiteError`], which names the revision and what differs.
    pub fn downgrades(&self) -> Result<(), SuiteError> {
        let mut walk = self.walk()?;
        for revision in walk.order() {
            let before = walk.catalog()?;
            let rows = walk.rows(&before)?;
            walk.up(&revision)?;
            if walk.down(&revision)? {
                walk.same(&before, "the downgrade", "does not restore the catalog")?;
                let now = walk.rows(&before)?;
                if let Some(difference) = rows_difference(&rows, &now) {
                    return Err(walk.differs("the downgrade", "does not restore the rows", difference));
                }
                walk.up(&revision)?;
            }
            walk.seed(self.seed)?;
        }
        Ok(())
    }

    /// Each migration that is `elidable` changes nothing where the tables that it names are empty, neither a row of any table nor
    /// the catalog: so `up --fresh` leaves what `up` leaves. And there are such tables.
    ///
    /// # Errors
    ///
    /// [`SuiteError`], which names the revision and what it changes.
    pub fn elidable(&self) -> Result<(), SuiteError> {
        if Ch::migrations().iter().all(|migration| migration.options.elidable.is_empty()) {
            return Ok(());
        }
        let mut walk = self.walk()?;
        for revision in walk.order() {
            let before = walk.catalog()?;
            let rows = walk.rows(&before)?;
            let tables = walk.elidable(&revision);
            walk.up(&revision)?;
            if tables.is_empty() {
                continue;
            }
            walk.are_there(&tables, &before)?;
            walk.same(&before, "the upgrade", "is `elidable`, and changes the catalog")?;
            let now = walk.rows(&before)?;
            // With rows in there from the migrations below, it is never passed over.
            let is_empty = |table: &TableName| rows.get(&table.to_string()).is_none_or(Vec::is_empty);
            if let Some(difference) = rows_difference(&rows, &now).filter(|_| tables.iter().all(is_empty)) {
                let claim = "is `elidable`, and changes rows where the tables that it names are empty";
                return Err(walk.differs("the upgrade", claim, difference));
            }
        }
        Ok(())
    }

    /// The chain leads to the models: a fresh database at the newest revision holds what they declare, and nothing else.
    ///
    /// The models are those that are linked into the program. Where there are none, nothing is compared, which the output of the
    /// test says.
    ///
    /// # Errors
    ///
    /// [`SuiteError::Behind`], which names what differs; [`SuiteError::Models`] where the models mean no schema of the database.
    pub fn models(&self) -> Result<(), SuiteError> {
        let mut walk = self.walk()?;
        let models = match declared_as(walk.dialect, &Ch::naming()) {
            Err(ModelsError::None) => {
                tell_no_models();
                return Ok(());
            }
            declared => declared?,
        };
        for revision in walk.order() {
            walk.up(&revision)?;
        }
        let exclude: Vec<String> = self.exclude.iter().map(ToString::to_string).collect();
        let scope = InspectOptions::default().exclude(exclude.clone());
        let options = DiffOptions { filter: Filter { exclude, ..Filter::default() }, ..DiffOptions::default() };
        let found = compare(&mut *walk.database, models, &options, &scope)
            .map_err(|error| read("compare the catalog with the models", &walk.at, error.into()))?;
        if found.diff.operations.is_empty() {
            return Ok(());
        }
        let heads: Vec<String> = walk.graph.heads().iter().map(|head| format!("`{head}`")).collect();
        Err(SuiteError::Behind { heads: heads.join(", "), difference: snapshot::words(&found.diff.operations) })
    }

    fn walk(&self) -> Result<Walk<Ch>, SuiteError> {
        let graph = graph::<Ch>()?;
        let mut database = self.server.fresh::<Ch>()?;
        let dialect = dialect_of(&mut *database).map_err(|error| read("ask for the version", "base", error.into()))?;
        Ok(Walk { database, dialect, graph, at: "base".to_owned(), chain: PhantomData })
    }
}

/// A database on its way along the chain.
struct Walk<Ch>
where
    Ch: Chain<Connection: Connection>,
{
    database: TestDatabase<Ch>,
    dialect: &'static dyn Dialect,
    graph: Graph,
    /// The revision that is being looked at.
    at: String,
    chain: PhantomData<fn() -> Ch>,
}

impl<Ch> Walk<Ch>
where
    Ch: Chain<Connection: Connection>,
{
    /// Every revision, behind those that it stands on.
    fn order(&self) -> Vec<String> {
        self.graph.history().into_iter().rev().map(str::to_owned).collect()
    }

    fn up(&mut self, revision: &str) -> Result<(), SuiteError> {
        self.at = revision.to_owned();
        let ran = Runner::<Ch>::new(&mut self.database).upgrade(revision);
        let failed =
            |error| SuiteError::Run { doing: format!("`{revision}` cannot be applied"), source: Box::new(error) };
        ran.map(drop).map_err(failed)
    }

    /// Takes one revision back; `false` where that cannot be: it is irreversible, or a merge of branches each of which goes on
    /// beside it, so that nothing names what lies below it alone.
    fn down(&mut self, revision: &str) -> Result<bool, SuiteError> {
        let Some(target) = self.below(revision) else { return Ok(false) };
        let ran = Runner::<Ch>::new(&mut self.database).downgrade(&target);
        let failed =
            |error| SuiteError::Run { doing: format!("`{revision}` cannot be taken back"), source: Box::new(error) };
        ran.map(|_| true).map_err(failed)
    }

    fn below(&self, revision: &str) -> Option<String> {
        let migration = Ch::migrations().iter().find(|migration| migration.revision == revision)?;
        migration.downgrade?;
        match migration.down_revisions {
            [] | [_] => Some(format!("{revision}@-1")),
            parents => parents.iter().find(|parent| self.graph.children(parent) == [revision]).map(ToString::to_string),
        }
    }

    /// The tables that a revision names as those that it touches.
    fn elidable(&self, revision: &str) -> Vec<TableName> {
        let migration = Ch::migrations().iter().find(|migration| migration.revision == revision);
        migration.into_iter().flat_map(|migration| migration.options.elidable()).collect()
    }

    fn are_there(&self, tables: &[TableName], schema: &Schema) -> Result<(), SuiteError> {
        let Some(table) = tables.iter().find(|table| schema.table(table).is_none()) else { return Ok(()) };
        let names: Vec<String> = schema.tables.iter().map(|table| table.name.to_string()).collect();
        let nearest = nearest(&table.to_string(), names.iter().map(String::as_str));
        Err(SuiteError::NoTable {
            revision: self.at.clone(),
            message: self.message(),
            table: table.clone(),
            nearest: nearest.into_iter().map(str::to_owned).collect(),
        })
    }

    fn catalog(&mut self) -> Result<Schema, SuiteError> {
        catalog(&mut *self.database, self.dialect).map_err(|error| read("read the catalog", &self.at, error))
    }

    fn rows(&mut self, schema: &Schema) -> Result<snapshot::Rows, SuiteError> {
        snapshot::rows(&mut *self.database, self.dialect, schema)
            .map_err(|error| read("read the rows of every table", &self.at, error))
    }

    fn seed(&mut self, seed: Option<Seed<Ch>>) -> Result<(), SuiteError> {
        let Some(seed) = seed else { return Ok(()) };
        seed(&mut self.database, &self.at).map_err(|error| read("put the rows of the test in", &self.at, error))
    }

    /// The catalog is what it was.
    fn same(&mut self, was: &Schema, what: &'static str, claim: &'static str) -> Result<(), SuiteError> {
        let is = self.catalog()?;
        match difference(was, &is, self.dialect) {
            None => Ok(()),
            Some(difference) => Err(self.differs(what, claim, difference)),
        }
    }

    fn differs(&self, what: &'static str, claim: &'static str, difference: String) -> SuiteError {
        SuiteError::Differs { what, revision: self.at.clone(), message: self.message(), claim, difference }
    }

    /// The first line of the documentation of the revision that is being looked at.
    fn message(&self) -> String {
        self.graph.node(&self.at).map(|node| node.message.clone()).unwrap_or_default()
    }
}

#[expect(clippy::print_stderr, reason = "shows in the output of the test")]
fn tell_no_models() {
    eprintln!(
        "no model is linked into this test, so there was nothing to compare with the chain; `use app_models as _;` links \
         the models of that crate"
    );
}

fn read(doing: &'static str, revision: &str, error: Error) -> SuiteError {
    SuiteError::Read { doing, revision: revision.to_owned(), source: error.into_inner() }
}
