//! What every command gets: configuration and output, built once.

use rectify_chain::FaultKind;
use rectify_chain::source::At;

use crate::config::Config;
use crate::error::Error;
use crate::listing::Listing;
use crate::output::Output;

/// Configuration, output, and where the chain comes from.
pub(crate) struct Context<'a> {
    pub(crate) config: Config,
    pub(crate) output: &'a Output,
    #[cfg(feature = "runner")]
    linked: Option<&'a dyn crate::runner::Linked>,
}

impl<'a> Context<'a> {
    /// A context that knows the chain from its source only.
    pub(crate) fn new(config: Config, output: &'a Output) -> Context<'a> {
        Context {
            config,
            output,
            #[cfg(feature = "runner")]
            linked: None,
        }
    }

    /// The chain: the linked one in a runner binary, else the one in the versions folder.
    pub(crate) fn listing(&self) -> Result<Listing, Error> {
        #[cfg(feature = "runner")]
        if let Some(linked) = self.linked {
            return Ok(linked.listing());
        }
        let listing = Listing::read(&self.config)?;
        listing.findings.iter().for_each(|finding| self.output.finding(finding));
        Ok(listing)
    }

    /// The rows of the version table.
    #[cfg(feature = "runner")]
    pub(crate) fn rows(&self) -> Result<Vec<String>, Error> {
        self.chain()?.current(&self.config)
    }

    /// The revisions that `up --fresh` passed over.
    #[cfg(feature = "runner")]
    pub(crate) fn elided(&self) -> Result<Vec<String>, Error> {
        self.chain()?.elided(&self.config)
    }

    /// Warns of rows that name no revision of the chain.
    pub(crate) fn warn_of_strangers(&self, listing: &Listing, rows: &[String]) {
        for row in rows.iter().filter(|row| listing.graph.node(row).is_none()) {
            self.output.warning(format_args!("the version table holds `{row}`, which is no revision of this chain"));
        }
    }

    /// Only the runner can tell; a command that asks is handed over to it before it gets here.
    #[cfg(not(feature = "runner"))]
    pub(crate) fn rows(&self) -> Result<Vec<String>, Error> {
        Err(Error::failed("this program cannot ask a database").hint("run the runner binary"))
    }

    #[cfg(not(feature = "runner"))]
    pub(crate) fn elided(&self) -> Result<Vec<String>, Error> {
        self.rows()
    }

    /// The chain in the versions folder, for a command that writes the file HEAD anew.
    pub(crate) fn listing_before_writing(&self) -> Result<Listing, Error> {
        self.listing_without(|at| *at == At::Head)
    }

    /// The same, for a command that joins several heads.
    pub(crate) fn listing_to_mend(&self) -> Result<Listing, Error> {
        self.listing_without(|at| matches!(at, At::Head | At::Literal { kind: FaultKind::SecondHead, .. }))
    }

    fn listing_without(&self, is_mended: impl Fn(&At) -> bool) -> Result<Listing, Error> {
        let listing = Listing::read(&self.config)?;
        let others = listing.findings.iter().filter(|finding| !is_mended(&finding.at));
        others.for_each(|finding| self.output.finding(finding));
        Ok(listing)
    }
}

#[cfg(feature = "runner")]
impl<'a> Context<'a> {
    /// A context of the runner binary.
    pub(crate) fn linked(config: Config, output: &'a Output, linked: &'a dyn crate::runner::Linked) -> Context<'a> {
        Context { linked: Some(linked), ..Context::new(config, output) }
    }

    /// The database, without its password.
    pub(crate) fn masked_url(&self) -> Result<String, Error> {
        Ok(rectify::masked(&self.config.database()?.text))
    }

    /// The linked chain, which every command about a database needs.
    pub(crate) fn chain(&self) -> Result<&'a dyn crate::runner::Linked, Error> {
        self.linked.ok_or_else(|| Error::failed("this program has no chain of its own").hint("run the runner binary"))
    }
}
