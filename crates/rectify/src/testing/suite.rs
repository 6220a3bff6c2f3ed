//! The laws that every chain should obey, each a function that a test calls.

use std::fmt;
use std::marker::PhantomData;

use diesel::Connection;
use rectify_chain::Graph;
use rectify_schema::Schema;
use rectify_schema::dialect::Dialect;

use super::database::{FreshError, Server, TestDatabase};
use super::snapshot::{self, catalog, difference, rows_difference};
use crate::error::Error;
use crate::migration::{Chain, ChainError, graph};
use crate::runner::{RunError, Runner, dialect_of};

/// Puts rows into a database that has reached a revision.
type Seed<Ch> = fn(&mut <Ch as Chain>::Connection, &str) -> Result<(), Error>;

/// The tests of a chain, on one server. [`test_suite!`](crate::test_suite) makes a test of each.
pub struct Suite<Ch: Chain> {
    server: Server,
    seed: Option<Seed<Ch>>,
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

impl<Ch> Suite<Ch>
where
    Ch: Chain<Connection: Connection>,
{
    /// The tests on a server, on databases that hold no rows but those that migrations put there.
    #[must_use]
    pub const fn new(server: Server) -> Self {
        Self { server, seed: None }
    }

    /// Calls `seed` with each revision that the database has reached, to put rows in: migrations then have to live with them,
    /// and each downgrade has to leave them as they were.
    #[must_use]
    pub const fn seed(mut self, seed: Seed<Ch>) -> Self {
        self.seed = Some(seed);
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
        let message = self.graph.node(&self.at).map(|node| node.message.clone()).unwrap_or_default();
        SuiteError::Differs { what, revision: self.at.clone(), message, claim, difference }
    }
}

fn read(doing: &'static str, revision: &str, error: Error) -> SuiteError {
    SuiteError::Read { doing, revision: revision.to_owned(), source: error.into_inner() }
}
