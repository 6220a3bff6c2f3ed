//! What pending migrations are written for and the database will not have when they run.

use std::collections::BTreeSet;
use std::fs;

use rectify::StepInfo;
use rectify::inspect::InspectOptions;
use rectify::schema::models::{self, Foresight, Lack, NamedColumns};
use rectify::schema::{ColumnType, TableName};

use crate::context::Context;
use crate::error::Error;
use crate::listing::Listing;

/// A table or a column that a pending migration is written for.
pub(crate) struct Lost {
    pub(crate) revision: String,
    /// The file, and the line of the table in it.
    pub(crate) place: String,
    pub(crate) table: TableName,
    /// The column; nothing where the whole table is not there.
    pub(crate) column: Option<String>,
    /// Where the column is there with another type: the one that the migration is written for, and the other.
    pub(crate) types: Option<(ColumnType, ColumnType)>,
}

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { table, place, .. } = self;
        match &self.column {
            Some(column) if let Some((wanted, found)) = &self.types => {
                write!(f, "column `{column}` of table `{table}` will be `{found}`, not `{wanted}` ({place})")
            }
            Some(column) => write!(f, "there will be no column `{column}` in table `{table}` ({place})"),
            None => write!(f, "there will be no table `{table}` ({place})"),
        }
    }
}

/// Finds them, in the order in which the migrations would run.
///
/// The tables stand in the migrations' files: without these, as on a machine that has the runner binary alone, there is
/// nothing to look at. Behind a migration that reads rows by itself nobody can tell what the database will hold.
pub(crate) fn lost(pending: &[StepInfo], ctx: &Context<'_>) -> Result<Vec<Lost>, Error> {
    let mut lost = Vec::new();
    if pending.is_empty() || !ctx.config.versions.iter().all(|folder| folder.is_dir()) {
        return Ok(lost);
    }
    let listing = Listing::read(&ctx.config)?;
    let frozen: Vec<(String, models::Source)> =
        pending.iter().map(|step| source_of(&step.revision, &listing)).collect::<Result<_, Error>>()?;
    let schemas: BTreeSet<String> = frozen.iter().flat_map(|(_, source)| source.schemas()).collect();
    if frozen.iter().all(|(_, source)| source.is_empty()) {
        return Ok(lost);
    }
    let mut scopes = vec![InspectOptions::default()];
    if !schemas.is_empty() {
        scopes.push(InspectOptions::default().schemas(schemas));
    }
    let chain = ctx.chain()?;
    let (schema, dialect) = chain.inspect(&ctx.config, &scopes)?;
    let mut ahead = Foresight::new(schema, dialect);
    for (step, (file, source)) in pending.iter().zip(frozen) {
        let Some(operations) = chain.recorded(&step.revision, dialect) else { break };
        ahead.run(&operations);
        for table in &source.tables(dialect) {
            lost.extend(ahead.lacks(table).into_iter().map(|lack| told(lack, &step.revision, &file, table)));
        }
    }
    Ok(lost)
}

fn told(lack: Lack, revision: &str, file: &str, table: &NamedColumns) -> Lost {
    let (column, types) = match lack {
        Lack::Table => (None, None),
        Lack::Column(column) => (Some(column), None),
        Lack::Type { column, wanted, found } => (Some(column), Some((wanted, found))),
    };
    Lost {
        revision: revision.to_owned(),
        place: format!("{file}:{}", table.line),
        table: table.table.clone(),
        column,
        types,
    }
}

/// The file of a migration, and what stands in it.
fn source_of(revision: &str, listing: &Listing) -> Result<(String, models::Source), Error> {
    let Some(node) = listing.graph.node(revision) else { return Ok(Default::default()) };
    let file = node.origin.clone();
    let text = fs::read_to_string(&file)
        .map_err(|error| Error::failed(format!("cannot read the migration `{file}`")).because(error))?;
    // What is no Rust is for the compiler to report.
    let source = models::read(&file, &text).unwrap_or_default();
    Ok((file, source))
}
