//! Taking over from Diesel: what its table says is applied, the version table says from then on.

use std::collections::BTreeSet;

use rectify_chain::Graph;

use super::run::Run;
use super::server::Server;
use super::{RunError, RunErrorKind, Stamp};

/// Diesel's own table, which it names without a schema.
const TABLE: &str = "__diesel_schema_migrations";

impl Run<'_> {
    pub(super) fn stamp_from_diesel(&mut self) -> Result<Stamp, RunError> {
        let server = self.server()?;
        // What cannot be taken over is told before anything is written.
        let (rows, tips) = self.tips_with_diesel(&server)?;
        if rows == tips {
            return Ok(Stamp { before: rows.clone(), current: rows, forgotten: Vec::new() });
        }
        self.refuse_to_end_a_transaction(&server)?;
        self.locked(&server, |run, server| {
            let (_, tips) = run.tips_with_diesel(server)?;
            let tips: Vec<&str> = tips.iter().map(String::as_str).collect();
            // The tips cover what the rows say, so the rows need not be moved one by one.
            run.stamp_locked(server, &tips, true)
        })
    }

    /// The rows of the version table, and what they are to be: the tips of what either tool has applied.
    fn tips_with_diesel(&mut self, server: &Server) -> Result<(Vec<String>, Vec<String>), RunError> {
        let versions = self.diesel_versions()?;
        let mut rows = self.rows(server)?;
        rows.sort();
        let graph = self.linked.graph()?;
        let known = graph.applied(&rows).map_err(|error| {
            let hint = error.hint();
            RunError::new(RunErrorKind::Plan, "cannot take over from Diesel").source(error).hint(hint)
        })?;
        let tips = tips(graph, &known, &versions)?;
        Ok((rows, tips))
    }

    fn diesel_versions(&mut self) -> Result<Vec<String>, RunError> {
        let rows = self.db.rows(&format!("SELECT version FROM {TABLE} ORDER BY version")).map_err(|error| {
            RunError::database("read Diesel's table", error).hint(format!(
                "`{TABLE}` is where Diesel notes what it has applied: is this the database that it has migrated?"
            ))
        })?;
        let versions: Vec<String> = rows.into_iter().filter_map(|row| row.0.into_iter().next().flatten()).collect();
        match versions.is_empty() {
            true => Err(RunError::new(
                RunErrorKind::Plan,
                "there is nothing to take over: Diesel has applied no migration here",
            )
            .hint("`up` applies the chain")),
            false => Ok(versions),
        }
    }
}

/// The tips of what is applied: `known` from the version table, and Diesel's `versions`, which must leave no gap.
fn tips(graph: &Graph, known: &BTreeSet<&str>, versions: &[String]) -> Result<Vec<String>, RunError> {
    let unknown: Vec<String> =
        versions.iter().filter(|version| graph.node(version).is_none()).map(|version| format!("`{version}`")).collect();
    if !unknown.is_empty() {
        let message = format!("Diesel has applied {}, which no revision of this chain stands for", unknown.join(", "));
        return Err(RunError::new(RunErrorKind::Plan, message)
            .hint("`import diesel FOLDER` takes migrations into the chain, and keeps their versions as ids"));
    }
    let mut applied = known.clone();
    applied.extend(versions.iter().map(String::as_str));
    for revision in &applied {
        if let Some(gap) = graph.downs(revision).into_iter().find(|down| !applied.contains(down)) {
            let message = format!("Diesel has applied `{revision}`, and not `{gap}`, on which it rests in this chain");
            return Err(RunError::new(RunErrorKind::Plan, message).hint(format!(
                "run `{gap}` with Diesel first; or do what it does by hand, and name the revisions: `stamp {revision}`"
            )));
        }
    }
    let below: BTreeSet<&str> = applied.iter().flat_map(|revision| graph.downs(revision)).collect();
    Ok(applied.into_iter().filter(|revision| !below.contains(revision)).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use rectify_chain::{Node, Policy};

    use super::*;

    fn graph() -> Graph {
        let node = |id: &str, downs: &[&str]| Node {
            id: id.to_owned(),
            down_revisions: downs.iter().map(|down| (*down).to_owned()).collect(),
            ..Node::default()
        };
        let nodes = vec![node("1", &[]), node("2", &["1"]), node("r", &["2"]), node("3", &["r"]), node("b", &["1"])];
        Graph::with_policy(nodes, Policy::Loose).unwrap()
    }

    #[track_caller]
    fn check(known: &[&str], versions: &[&str], expected: Result<&[&str], &str>) {
        let versions: Vec<String> = versions.iter().map(|version| (*version).to_owned()).collect();
        let found = tips(&graph(), &known.iter().copied().collect(), &versions);
        match expected {
            Ok(expected) => assert_eq!(found.unwrap(), expected),
            Err(expected) => assert_eq!(found.unwrap_err().to_string(), expected),
        }
    }

    #[test]
    fn what_either_tool_has_applied_is_applied() {
        check(&[], &["1"], Ok(&["1"]));
        check(&[], &["1", "2"], Ok(&["2"]));
        check(&["1", "b"], &["1", "2"], Ok(&["2", "b"]));
        check(&["1", "2", "r"], &["1", "2"], Ok(&["r"]));
        check(&["1", "2", "r"], &["1", "2", "3"], Ok(&["3"]));
    }

    #[test]
    fn gaps_and_strangers_are_refused() {
        check(&[], &["2"], Err("Diesel has applied `2`, and not `1`, on which it rests in this chain"));
        check(&[], &["1", "2", "3"], Err("Diesel has applied `3`, and not `r`, on which it rests in this chain"));
        check(&[], &["0", "1", "9"], Err("Diesel has applied `0`, `9`, which no revision of this chain stands for"));
    }
}
