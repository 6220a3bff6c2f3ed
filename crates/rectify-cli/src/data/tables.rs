//! The tables of a data migration, from the database where it is at the parent revision, or else from a replay of the chain.

use rectify::inspect::InspectOptions;
use rectify::schema::dialect::Dialect;
use rectify::schema::{Schema, Table};
use rectify_chain::nearest::nearest;

use super::DataArgs;
use crate::autogenerate::is_missing;
use crate::context::Context;
use crate::error::Error;
use crate::runner::Replay;

/// What the tables were at the parent revision.
pub(super) struct Tables {
    pub(super) schema: Schema,
    pub(super) dialect: &'static dyn Dialect,
    /// The parent revision, in words.
    pub(super) at: String,
}

/// Reads the tables that the command line names, as they are at the revision that has these `parents`.
pub(super) fn read(args: &DataArgs, parents: &[String], ctx: &Context<'_>) -> Result<Tables, Error> {
    let names = names(args)?;
    if parents.is_empty() {
        return Err(Error::usage(format!("there is no table `{}` before the first revision", names[0]))
            .hint("write the migration that creates it first, or name another `--head`"));
    }
    let at = revisions(parents);
    let scopes = scopes(&names, ctx);
    let (held, dialect) = match elsewhere(args, parents, ctx)? {
        None => {
            ctx.output.progress(format_args!("the tables are read from the connected database, which is at {at}"));
            ctx.chain()?.inspect(&ctx.config, &scopes)?
        }
        Some(why) => {
            let replayed = ctx.chain()?.replay(
                &ctx.config,
                ctx.output,
                &Replay { revisions: parents, scopes: &scopes, given: &args.given },
            )?;
            let place = match &replayed.database {
                Some(name) => format!("the temporary database `{name}`, which is dropped again"),
                None => "SQLite in memory".to_owned(),
            };
            ctx.output
                .progress(format_args!("the tables are read from a replay of the chain up to {at} in {place}: {why}"));
            (replayed.schema, replayed.dialect)
        }
    };
    let tables: Result<Vec<Table>, Error> = names.iter().map(|name| find(&held, name, &at).cloned()).collect();
    Ok(Tables { schema: Schema { tables: tables?, enums: held.enums, ..Schema::default() }, dialect, at })
}

/// ``revision `a1` ``, ``the revisions `a1` and `b2` ``.
fn revisions(parents: &[String]) -> String {
    match parents {
        [parent] => format!("revision `{parent}`"),
        parents => format!("the revisions `{}`", parents.join("` and `")),
    }
}

fn names(args: &DataArgs) -> Result<Vec<String>, Error> {
    let mut names: Vec<String> = Vec::new();
    for name in args.data.iter().map(|name| name.trim().to_owned()) {
        if name.is_empty() {
            return Err(Error::usage("`--data` names a table without a name").hint("write `--data users,documents`"));
        }
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// What to read: the current schema, and those that are named.
fn scopes(names: &[String], ctx: &Context<'_>) -> Vec<InspectOptions> {
    let mut schemas: Vec<&str> = names.iter().filter_map(|name| Some(name.split_once('.')?.0)).collect();
    schemas.extend(ctx.config.compared.schemas.iter().map(String::as_str));
    let mut scopes = vec![InspectOptions::default()];
    if !schemas.is_empty() {
        scopes.push(InspectOptions::default().schemas(schemas));
    }
    scopes
}

/// Why the connected database does not hold the tables as they are there; nothing if it does.
fn elsewhere(args: &DataArgs, parents: &[String], ctx: &Context<'_>) -> Result<Option<String>, Error> {
    if args.replay {
        return Ok(Some("`--replay` asks for it".to_owned()));
    }
    if is_missing(ctx)? {
        return Ok(Some("the connected database is not there yet".to_owned()));
    }
    let status = ctx.chain()?.status(&ctx.config)?;
    if let Some(step) = status.unfinished.first() {
        return Ok(Some(format!("in the connected database revision `{}` was begun and not finished", step.revision)));
    }
    let is_at = status.current.len() == parents.len() && parents.iter().all(|parent| status.current.contains(parent));
    let current = match status.current.as_slice() {
        [] => "base".to_owned(),
        current => revisions(current),
    };
    Ok((!is_at).then(|| format!("the connected database is at {current}")))
}

fn find<'a>(schema: &'a Schema, name: &str, at: &str) -> Result<&'a Table, Error> {
    let names = || schema.tables.iter().map(|table| table.name.to_string());
    schema.tables.iter().find(|table| table.name.to_string() == name).ok_or_else(|| {
        let mut names: Vec<String> = names().collect();
        names.sort();
        let error = Error::usage(format!("there is no table `{name}` at {at}"));
        if let Some((table, _)) = name.rsplit_once('.').filter(|(table, _)| names.iter().any(|name| name == table)) {
            return error.hint(format!("name the table alone, `--data {table}`: its columns come with it"));
        }
        match nearest(name, names.iter().map(String::as_str)).as_slice() {
            [] if names.is_empty() => error.hint("there is no table at all there"),
            [] => error.hint(format!("the tables there are `{}`", names.join("`, `"))),
            near => error.hint(format!("did you mean `{}`?", near.join("`, or `"))),
        }
    })
}
