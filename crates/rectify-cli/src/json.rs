//! What commands that read print with `--format json`. `docs/json.md` is the schema, and a test holds the two together.
//!
//! Every field is always there, `null` where nothing is known, so that a program can rely on it.

use serde_json::{Value, json};

use crate::listing::Listing;

/// How a command prints its results.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::Args)]
pub struct FormatArgs {
    /// How to print the result: text or json (see docs/json.md)
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Format,
}

/// Text for people, or JSON for programs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Lines for people
    #[default]
    Text,
    /// One JSON object
    Json,
}

impl FormatArgs {
    /// Whether JSON is asked for.
    pub(crate) fn is_json(self) -> bool {
        self.format == Format::Json
    }
}

/// `{"revisions": […]}`: what most commands print.
pub(crate) fn revisions(listing: &Listing, revisions: &[&str]) -> Value {
    json!({ "revisions": objects(listing, revisions) })
}

/// One object for each revision.
pub(crate) fn objects(listing: &Listing, revisions: &[&str]) -> Vec<Value> {
    revisions.iter().filter_map(|revision| object(listing, revision)).collect()
}

/// Everything about a revision; nothing for one that is not in the chain.
fn object(listing: &Listing, revision: &str) -> Option<Value> {
    let graph = &listing.graph;
    let node = graph.node(revision)?;
    Some(json!({
        "revision": node.id,
        "down_revisions": graph.parents(revision),
        "depends_on": node.depends_on,
        "children": graph.children(revision),
        "branch_labels": listing.labels(revision),
        "message": node.message,
        "description": listing.description(revision),
        "created": listing.created(revision),
        "file": node.origin,
        "is_base": graph.parents(revision).is_empty(),
        "is_head": graph.is_head(revision),
        "is_effective_head": graph.dependents(revision).is_empty(),
        "is_branch_point": graph.is_branch_point(revision),
        "is_merge_point": graph.is_merge_point(revision),
        "is_current": listing.is_current(revision),
        "elidable": listing.elidable(revision),
        "is_elided": listing.is_elided(revision),
    }))
}

/// One object for each step that an earlier run began and did not finish.
#[cfg(feature = "runner")]
pub(crate) fn unfinished(steps: &[rectify::Unfinished]) -> Vec<Value> {
    let direction = |up| if up { "upgrade" } else { "downgrade" };
    steps.iter().map(|step| json!({ "revision": step.revision, "direction": direction(step.up) })).collect()
}

/// One object for each table or column that a pending migration will not find.
#[cfg(feature = "runner")]
pub(crate) fn lost(found: &[crate::data::Lost]) -> Vec<Value> {
    let object = |lost: &crate::data::Lost| {
        json!({
            "revision": lost.revision,
            "place": lost.place,
            "table": lost.table.to_string(),
            "column": lost.column,
            "type": lost.types.as_ref().map(|(wanted, _)| wanted.to_string()),
            "found": lost.types.as_ref().map(|(_, found)| found.to_string()),
        })
    };
    found.iter().map(object).collect()
}

/// One object for each difference between the models and a database.
#[cfg(feature = "runner")]
pub(crate) fn differences(found: &[crate::autogenerate::Difference]) -> Vec<Value> {
    let object = |difference: &crate::autogenerate::Difference| {
        json!({
            "operation": difference.operation,
            "description": difference.words,
            "loses": difference.loses,
        })
    };
    found.iter().map(object).collect()
}

#[cfg(test)]
mod tests {
    use rectify_chain::Node;

    use super::*;
    use crate::listing::Entry;

    #[test]
    fn a_revision_has_every_field_whatever_is_known() {
        let node = Node { id: "a1".to_owned(), message: "Do \"it\".".to_owned(), ..Node::default() };
        let mut listing = Listing::new(vec![Entry { node, ..Entry::default() }]);
        let wanted = r#"{"revisions":[{"branch_labels":[],"children":[],"created":null,"depends_on":[],"description":"","down_revisions":[],"elidable":[],"file":"","is_base":true,"is_branch_point":false,"is_current":null,"is_effective_head":true,"is_elided":null,"is_head":true,"is_merge_point":false,"message":"Do \"it\".","revision":"a1"}]}"#;
        assert_eq!(revisions(&listing, &["a1", "stranger"]).to_string(), wanted);
        listing.mark_current(&["a1".to_owned()]);
        assert_eq!(revisions(&listing, &["a1"])["revisions"][0]["is_current"], true);
        listing.mark_elided(Vec::new());
        assert_eq!(revisions(&listing, &["a1"])["revisions"][0]["is_elided"], false);
    }
}
