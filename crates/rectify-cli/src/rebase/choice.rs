//! Which branch is moved, and behind which one.

use std::cmp::Ordering;
use std::path::Path;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};
use rectify_chain::FaultKind;
use rectify_chain::source::At;

use super::Plan;
use crate::error::Error;
use crate::listing::Listing;

/// What the command line says about it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted<'a> {
    pub(crate) branch: Option<&'a str>,
    pub(crate) onto: Option<&'a str>,
}

impl Wanted<'_> {
    /// Whether a person has said which way it goes.
    pub(crate) fn is_explicit(&self) -> bool {
        self.branch.is_some() || self.onto.is_some()
    }

    /// What is said, and else what is newer behind what is older.
    pub(crate) fn plan(&self, listing: &Listing) -> Result<Plan, Error> {
        let graph = &listing.graph;
        let heads = graph.heads();
        if heads.len() < 2 {
            return Err(Error::failed("there is nothing to rebase: the chain has one head").hint("`heads` shows it"));
        }
        let branch = self.branch.map(|name| head(name, "--branch", listing)).transpose()?;
        let onto = self.onto.map(|name| head(name, "--onto", listing)).transpose()?;
        if branch.is_some() && branch == onto {
            return Err(Error::usage("`--branch` and `--onto` name the same head").hint(both(&heads)));
        }
        match (branch, onto, heads.as_slice()) {
            (Some(branch), Some(onto), _) => Ok(Plan::of(branch, onto, graph)),
            (Some(branch), None, [one, two]) => Ok(Plan::of(branch, if branch == *one { two } else { one }, graph)),
            (None, Some(onto), [one, two]) => Ok(Plan::of(if onto == *one { two } else { one }, onto, graph)),
            (None, None, [one, two]) if is_one_too_many(listing) => Ok(newer(one, two, listing)),
            (None, None, [_, _]) => Err(Error::failed("both heads are on branches with a label, and may stay apart")
                .hint(format!("say which one is to follow the other: {}", both(&heads)))),
            _ => Err(Error::usage(format!("the chain has {} heads", heads.len())).hint(both(&heads))),
        }
    }
}

fn both(heads: &[&str]) -> String {
    let names: Vec<String> = heads.iter().map(|head| format!("`{head}`")).collect();
    let (onto, branch) = (heads[0], heads[1]);
    format!("name them, as in `rebase --branch {branch} --onto {onto}`; the heads are {}", names.join(", "))
}

/// Whether the compiler minds the second head.
fn is_one_too_many(listing: &Listing) -> bool {
    let is_second = |at: &At| matches!(at, At::Literal { kind: FaultKind::SecondHead, .. });
    listing.findings.iter().any(|finding| is_second(&finding.at))
}

fn head<'a>(name: &str, flag: &str, listing: &'a Listing) -> Result<&'a str, Error> {
    let found = listing.graph.resolve_one(name).map_err(|error| {
        let hint = error.hint();
        Error::failed(format!("cannot tell what `{flag} {name}` means")).hint(hint).because(error)
    })?;
    match found.filter(|found| listing.graph.is_head(found)) {
        Some(head) => Ok(head),
        None => Err(Error::usage(format!("`{flag} {name}` is no head")).hint(both(&listing.graph.heads()))),
    }
}

/// The branch that was begun later is moved.
fn newer(one: &str, two: &str, listing: &Listing) -> Plan {
    let plan = Plan::of(two, one, &listing.graph);
    let begin = |firsts: Vec<&str>| firsts.into_iter().next().map(str::to_owned).unwrap_or_default();
    let (of_two, of_one) = (begin(plan.moved.firsts(&listing.graph)), begin(plan.onto.firsts(&listing.graph)));
    match order(&of_one, &of_two, listing) {
        Ordering::Greater => plan.swapped(),
        _ => plan,
    }
}

/// By `created`, else by the date in the files' names, else by load order.
fn order(one: &str, two: &str, listing: &Listing) -> Ordering {
    let moments = moment(one, listing).zip(moment(two, listing)).map(|(one, two)| one.cmp(&two));
    let times = time(one, listing).zip(time(two, listing)).map(|(one, two)| one.cmp(&two));
    let by_date = moments.or(times).unwrap_or(Ordering::Equal);
    by_date.then(listing.graph.position(one).cmp(&listing.graph.position(two)))
}

/// The moment of `created`, where it has an offset.
fn moment(id: &str, listing: &Listing) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(listing.created(id)?).ok()
}

/// What the clock showed.
fn time(id: &str, listing: &Listing) -> Option<NaiveDateTime> {
    if let Some(created) = listing.created(id) {
        let naive = |format| NaiveDateTime::parse_from_str(created, format).ok();
        let exact = moment(id, listing).map(|moment| moment.naive_local());
        let found = exact.or_else(|| naive("%Y-%m-%d %H:%M:%S%.f")).or_else(|| naive("%Y-%m-%d %H:%M"));
        if found.is_some() {
            return found;
        }
    }
    let name = Path::new(&listing.graph.node(id)?.origin).file_stem()?.to_str()?;
    let date = NaiveDateTime::parse_from_str(name.get(..15)?, "%Y_%m_%d_%H%M").ok();
    date.or_else(|| NaiveDate::parse_from_str(name.get(..10)?, "%Y_%m_%d").ok()?.and_hms_opt(0, 0, 0))
}

#[cfg(test)]
mod tests {
    use super::super::tests::listing;
    use super::*;

    #[track_caller]
    fn moved(text: &str, wanted: &str) {
        let listing = listing(text);
        let [one, two] = listing.graph.heads()[..] else { panic!("not two heads") };
        assert_eq!(newer(one, two, &listing).moved.head, wanted, "{text}");
    }

    #[test]
    fn the_branch_that_was_begun_later_is_moved() {
        moved("a; b<a @2026-01-02T09:00:00+00:00; x<a @2026-01-01T09:00:00+00:00; y<x @2026-05-01T09:00:00Z", "b");
        // The offset counts.
        moved("a; b<a @2026-01-01T09:00:00+00:00; x<a @2026-01-01T09:30:00+02:00", "b");
        moved("a; b<a 2026_01_03_0900; x<a 2026_01_02_1000", "b");
        moved("a; b<a 2026_01_03_0900; x<a @2026-01-04T09:00:00Z", "x");
        moved("a; b<a @yesterday; x<a", "x");
    }

    #[test]
    fn more_than_two_heads_have_to_be_named() {
        let listing = listing("a; b<a; c<a; d<a");
        let plan = |branch, onto| Wanted { branch, onto }.plan(&listing);
        let error = plan(None, None).unwrap_err();
        assert_eq!(error.to_string(), "the chain has 3 heads");
        assert_eq!(error.hints, ["name them, as in `rebase --branch c --onto b`; the heads are `b`, `c`, `d`"]);
        assert!(plan(Some("c"), None).is_err());
        let found = plan(Some("d"), Some("b")).unwrap();
        assert_eq!((found.moved.head.as_str(), found.onto.head.as_str()), ("d", "b"));
    }

    #[test]
    fn what_is_named_must_be_two_heads() {
        let listing = listing("a; b<a; x<a");
        let error = |branch, onto| Wanted { branch, onto }.plan(&listing).unwrap_err().to_string();
        assert_eq!(error(Some("a"), None), "`--branch a` is no head");
        assert_eq!(error(None, Some("base")), "`--onto base` is no head");
        assert_eq!(error(Some("zz"), None), "cannot tell what `--branch zz` means");
        assert_eq!(error(Some("b"), Some("b")), "`--branch` and `--onto` name the same head");
        // In a listing without findings the compiler minds nothing.
        assert_eq!(error(None, None), "both heads are on branches with a label, and may stay apart");
        let one = super::super::tests::listing("a; b<a");
        assert_eq!(
            Wanted::default().plan(&one).unwrap_err().to_string(),
            "there is nothing to rebase: the chain has one head"
        );
        let plan = |branch, onto| Wanted { branch, onto }.plan(&listing).unwrap().moved.head;
        assert_eq!((plan(Some("b"), None), plan(None, Some("b"))), ("b".to_owned(), "x".to_owned()));
    }
}
