//! `history`: the chain, newest first, as a list or drawn.

use std::collections::HashMap;

use crate::context::Context;
use crate::drawing::{self, Cells, Parents, Row};
use crate::error::Error;
use crate::json::{self, FormatArgs};
use crate::listing::Listing;
use crate::output::{Output, Style};

/// Print the revisions of the chain, newest first
#[derive(Debug, clap::Args)]
#[command(after_help = "Branches and merges are drawn where there are any; dependencies are named and not drawn.\n\n\
    Examples:\n  \
    cargo xtask migrate history\n  \
    cargo xtask migrate history -r a1b2c3:head\n  \
    cargo xtask migrate history -r -3:\n  \
    cargo xtask migrate history -r current:       (asks the database)\n  \
    cargo xtask migrate history --indicate-current --no-graph")]
pub struct HistoryArgs {
    /// Only these: start:end, start: or :end; each a revision or label, head, base, current, also -N: (down from the heads)
    /// and START:+N (up from the start)
    #[arg(long = "rev-range", visible_alias = "range", short, value_name = "START:END", allow_hyphen_values = true)]
    pub range: Option<String>,
    /// Print each revision in full
    #[arg(long, short)]
    pub verbose: bool,
    /// Mark the revisions that the database is at, and those that `up --fresh` passed over
    #[arg(long, short)]
    pub indicate_current: bool,
    /// Draw the lines of the chain, also where it is a straight one
    #[arg(long, overrides_with = "no_graph")]
    pub graph: bool,
    /// Draw no lines
    #[arg(long)]
    pub no_graph: bool,
    /// How the result is printed.
    #[command(flatten)]
    pub format: FormatArgs,
}

impl HistoryArgs {
    pub(super) fn needs_database(&self) -> bool {
        self.indicate_current || self.asks_for_current()
    }

    fn asks_for_current(&self) -> bool {
        self.range.as_ref().is_some_and(|range| range.split(':').any(|end| end == "current"))
    }
}

pub(super) fn run(args: &HistoryArgs, ctx: &Context<'_>) -> Result<(), Error> {
    let mut listing = ctx.listing()?;
    let rows = if args.needs_database() { ctx.rows()? } else { Vec::new() };
    if args.indicate_current {
        listing.mark_current(&rows);
        ctx.warn_of_strangers(&listing, &rows);
        listing.mark_elided(ctx.elided()?);
    }
    let revisions = revisions(&listing, args, &rows)?;
    if args.format.is_json() {
        ctx.output.json(&json::revisions(&listing, &revisions));
        return Ok(());
    }
    let parents = parents(&listing, &revisions);
    let text = |revision: &&str| match args.verbose {
        true => listing.in_full(revision, ctx.output),
        false => listing.line_with_parents(revision, ctx.output),
    };
    let texts = revisions.iter().map(text);
    if args.graph || !(args.no_graph || drawing::is_straight(&parents)) {
        let drawn = drawing::draw(&parents);
        drawn.iter().zip(texts).for_each(|(row, text)| print_drawn(row, &text, ctx.output));
    } else {
        texts.for_each(|text| ctx.output.result(text));
    }
    Ok(())
}

fn revisions<'a>(listing: &'a Listing, args: &HistoryArgs, rows: &[String]) -> Result<Vec<&'a str>, Error> {
    let Some(range) = &args.range else { return Ok(listing.graph.history()) };
    let listed = listing.graph.history_range(rows, range);
    listed.map_err(|error| Error::failed("cannot list the range").hint(error.hint()).because(error))
}

/// Per revision of the list the places of its parents in it; those outside of the list are left out.
fn parents(listing: &Listing, revisions: &[&str]) -> Vec<Parents> {
    let places: HashMap<&str, usize> = revisions.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    let of = |revision: &&str| {
        listing.graph.parents(revision).iter().filter_map(|parent| places.get(parent).copied()).collect()
    };
    revisions.iter().map(of).collect()
}

/// The text stands beside the drawing of its row, and goes on beside the lines below it.
fn print_drawn(row: &Row, text: &str, output: &Output) {
    let width = 1 + row.after.iter().chain([&row.row, &row.rest]).map(Vec::len).max().unwrap_or_default();
    let print = |cells: &Cells, text: &str| {
        let padding = " ".repeat(if text.is_empty() { 0 } else { width - cells.len() });
        output.result(format_args!("{}{padding}{text}", painted(cells, output)));
    };
    let mut lines = text.split('\n');
    row.before.iter().for_each(|cells| print(cells, ""));
    print(&row.row, lines.next().unwrap_or_default());
    row.after.iter().for_each(|cells| print(cells, lines.next().unwrap_or_default()));
    lines.for_each(|line| print(&row.rest, line));
}

fn painted(cells: &Cells, output: &Output) -> String {
    let paint = |cell: &drawing::Cell| match cell.character {
        ' ' => " ".to_owned(),
        character => output.style(Style::Line(cell.line), character.encode_utf8(&mut [0; 4])),
    };
    cells.iter().map(paint).collect()
}
