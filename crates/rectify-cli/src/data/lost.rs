//! What pending migrations are written for and the database will not have when they run.

use std::collections::BTreeSet;
use std::fs;

use rectify::StepInfo;
use rectify::inspect::InspectOptions;
use rectify::schema::TableName;
use rectify::schema::models::{self, Foresight, Lack, NamedColumns};

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
}

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { table, place, .. } = self;
        match &self.column {
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
    let frozen: Vec<(String, Vec<NamedColumns>)> =
        pending.iter().map(|step| tables_of(&step.revision, &listing)).collect::<Result<_, Error>>()?;
    let schemas: BTreeSet<&String> =
        frozen.iter().flat_map(|(_, tables)| tables).filter_map(|frozen| frozen.table.schema.as_ref()).collect();
    if frozen.iter().all(|(_, tables)| tables.is_empty()) {
        return Ok(lost);
    }
    let mut scopes = vec![InspectOptions::default()];
    if !schemas.is_empty() {
        scopes.push(InspectOptions::default().schemas(schemas.into_iter().cloned()));
    }
    let chain = ctx.chain()?;
    let (schema, dialect) = chain.inspect(&ctx.config, &scopes)?;
    let mut ahead = Foresight::new(schema);
    for (step, (file, tables)) in pending.iter().zip(frozen) {
        let Some(operations) = chain.recorded(&step.revision, dialect) else { break };
        ahead.run(&operations);
        for table in &tables {
            lost.extend(ahead.lacks(table).into_iter().map(|lack| Lost {
                revision: step.revision.clone(),
                place: format!("{file}:{}", table.line),
                table: table.table.clone(),
                column: match lack {
                    Lack::Table => None,
                    Lack::Column(column) => Some(column),
                },
            }));
        }
    }
    Ok(lost)
}

/// The file of a migration, and the tables that stand in it.
fn tables_of(revision: &str, listing: &Listing) -> Result<(String, Vec<NamedColumns>), Error> {
    let Some(node) = listing.graph.node(revision) else { return Ok((String::new(), Vec::new())) };
    let file = node.origin.clone();
    let text = fs::read_to_string(&file)
        .map_err(|error| Error::failed(format!("cannot read the migration `{file}`")).because(error))?;
    // What is no Rust is for the compiler to report.
    let tables = models::read(&file, &text).map(|source| source.tables()).unwrap_or_default();
    Ok((file, tables))
}
