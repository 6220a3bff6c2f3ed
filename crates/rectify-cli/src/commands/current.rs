//! `current`: what the database is at.

use crate::json::FormatArgs;

/// Print the revisions that the database is at
///
/// A revision that was applied because another depends on it is printed too, where nothing that follows it is applied: it
/// has no row in the version table.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask migrate current\n  \
    cargo xtask migrate current --check-heads   (exit code 3 unless the database is at all heads)")]
pub struct CurrentArgs {
    /// Print each revision in full
    #[arg(long, short)]
    pub verbose: bool,
    /// Exit with code 3 unless the database is at all heads
    #[arg(long, short)]
    pub check_heads: bool,
    /// How the result is printed.
    #[command(flatten)]
    pub format: FormatArgs,
}

#[cfg(feature = "runner")]
pub(super) use asking::run;

#[cfg(feature = "runner")]
mod asking {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::CurrentArgs;
    use crate::context::Context;
    use crate::error::Error;
    use crate::json;
    use crate::listing::Listing;

    pub(in crate::commands) fn run(args: &CurrentArgs, ctx: &Context<'_>) -> Result<(), Error> {
        let mut listing = ctx.listing()?;
        let rows = ctx.rows()?;
        if args.format.is_json() {
            listing.mark_current(&rows);
            ctx.output.json(&as_json(&listing, &rows, &ctx.masked_url()?));
        } else {
            print(args, &listing, &rows, ctx)?;
        }
        ctx.warn_of_strangers(&listing, &rows);
        if args.check_heads && !is_at_heads(&listing, &rows) {
            let hint = "`heads` lists them, `up heads` goes there";
            return Err(Error::found("the database is not at all heads of the chain").hint(hint));
        }
        Ok(())
    }

    fn print(args: &CurrentArgs, listing: &Listing, rows: &[String], ctx: &Context<'_>) -> Result<(), Error> {
        if args.verbose {
            ctx.output.result(format_args!("Current revision(s) for {}:", ctx.masked_url()?));
        }
        for revision in current(listing, rows) {
            ctx.output.result(match args.verbose {
                true => listing.in_full(revision, ctx.output),
                false => listing.line(revision, ctx.output),
            });
        }
        Ok(())
    }

    fn as_json(listing: &Listing, rows: &[String], url: &str) -> Value {
        json!({
            "database": url,
            "rows": rows,
            "revisions": json::objects(listing, &current(listing, rows)),
            "is_at_heads": is_at_heads(listing, rows),
        })
    }

    /// The tips of what is applied, then the rows that are no revisions of this chain.
    fn current<'a>(listing: &'a Listing, rows: &'a [String]) -> Vec<&'a str> {
        let (known, strange): (Vec<&String>, Vec<&String>) =
            rows.iter().partition(|row| listing.graph.node(row).is_some());
        let known: Vec<String> = known.into_iter().cloned().collect();
        let mut current = listing.graph.current(&known).unwrap_or_default();
        current.extend(strange.into_iter().map(String::as_str));
        current
    }

    /// A head that another revision depends on has no row once that one is applied: it does not count.
    fn is_at_heads(listing: &Listing, rows: &[String]) -> bool {
        let rows: BTreeSet<&str> = rows.iter().map(String::as_str).collect();
        rows == listing.graph.effective_heads().into_iter().collect()
    }

    #[cfg(test)]
    mod tests {
        use rectify_chain::Node;

        use super::*;
        use crate::listing::Entry;

        fn listing(revisions: &[(&str, &[&str], &[&str])]) -> Listing {
            let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
            let entry = |(id, down, deps): &(&str, &[&str], &[&str])| Entry {
                node: Node {
                    id: (*id).to_owned(),
                    down_revisions: own(down),
                    depends_on: own(deps),
                    ..Node::default()
                },
                ..Entry::default()
            };
            Listing::new(revisions.iter().map(entry).collect())
        }

        fn rows(ids: &[&str]) -> Vec<String> {
            ids.iter().map(|id| (*id).to_owned()).collect()
        }

        #[test]
        fn a_head_that_is_a_dependency_needs_no_row() {
            let listing = listing(&[("a1", &[], &[]), ("b1", &[], &["a1"])]);
            assert!(is_at_heads(&listing, &rows(&["b1"])));
            assert!(!is_at_heads(&listing, &rows(&["a1"])) && !is_at_heads(&listing, &[]));
            assert_eq!(current(&listing, &rows(&["b1"])), ["a1", "b1"]);
        }

        #[test]
        fn a_row_of_another_chain_is_told_and_is_no_head() {
            let listing = listing(&[("a1", &[], &[])]);
            assert_eq!(current(&listing, &rows(&["a1", "zz"])), ["a1", "zz"]);
            assert!(is_at_heads(&listing, &rows(&["a1"])) && !is_at_heads(&listing, &rows(&["a1", "zz"])));
        }
    }
}
