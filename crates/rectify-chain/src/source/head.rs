//! `versions/HEAD`: one line per head, tracked by git, so that two branches that both add a revision conflict in it.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::{At, Finding, Place, ReadError, SourceChain};
use crate::graph::Graph;

/// The name of the file.
pub const HEAD: &str = "HEAD";

/// A line of `HEAD`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeadLine {
    /// The branch, where the chain has several heads.
    pub label: Option<String>,
    /// The head.
    pub revision: String,
}

/// The lines for the heads of a chain, sorted.
pub fn head_lines(graph: &Graph) -> Vec<HeadLine> {
    let heads = graph.heads();
    let shown = graph.shown_labels();
    let labels_of = |head: &str| {
        let node = graph.nodes().iter().position(|node| node.id == head);
        node.map(|node| shown[node].clone()).unwrap_or_default()
    };
    let all: Vec<(&str, Vec<&str>)> = heads.iter().map(|head| (*head, labels_of(head))).collect();
    let own = |head: &str, label: &&&str| !all.iter().any(|(other, labels)| *other != head && labels.contains(label));
    let line = |(head, labels): &(&str, Vec<&str>)| HeadLine {
        label: labels.iter().find(|label| all.len() > 1 && own(head, label)).map(|label| (*label).to_owned()),
        revision: (*head).to_owned(),
    };
    let mut lines: Vec<HeadLine> = all.iter().map(line).collect();
    lines.sort();
    lines
}

/// The text of `HEAD` for the given lines.
pub fn render_head(lines: &[HeadLine]) -> String {
    lines.iter().map(|line| format!("{}\n", shown(line))).collect()
}

/// The lines of `HEAD`, or the number of the first line that is none (a conflict marker, for example).
///
/// # Errors
///
/// Returns the number of the line, counted from one.
pub fn parse_head(text: &str) -> Result<Vec<HeadLine>, usize> {
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let is_marker = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|marker| line.starts_with(marker));
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            [] => {}
            _ if is_marker => return Err(number + 1),
            [revision] => lines.push(HeadLine { label: None, revision: revision.to_owned() }),
            [label, revision] => {
                lines.push(HeadLine { label: Some(label.to_owned()), revision: revision.to_owned() });
            }
            _ => return Err(number + 1),
        }
    }
    lines.sort();
    Ok(lines)
}

/// The text of `HEAD` in a folder of migrations; `None` if there is none.
///
/// # Errors
///
/// Returns [`ReadError`] if it is there and cannot be read.
pub fn read_head(folder: &Path) -> Result<Option<String>, ReadError> {
    let path = folder.join(HEAD);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ReadError::at(&path)(error)),
    }
}

/// Writes `HEAD` into a folder of migrations.
///
/// # Errors
///
/// Returns [`ReadError`] if it cannot be written.
pub fn write_head(folder: &Path, lines: &[HeadLine]) -> Result<(), ReadError> {
    let path = folder.join(HEAD);
    fs::write(&path, render_head(lines)).map_err(ReadError::at(&path))
}

/// Whether `HEAD` says what the graph says.
pub(super) fn finding(chain: &SourceChain, shown_as: &str) -> Option<Finding> {
    let wanted = head_lines(&chain.graph);
    let file = format!("{shown_as}/{HEAD}");
    let (line, message) = match chain.head.as_deref().map(parse_head) {
        None if wanted.is_empty() => return None,
        None => (1, format!("`{file}` is missing; the chain ends in {}", list(&wanted))),
        Some(Err(line)) => (line, format!("`{file}` holds a conflict or something else that is no head (line {line})")),
        Some(Ok(lines)) if lines == wanted => return None,
        Some(Ok(lines)) => (1, format!("`{file}` says {}, and the chain ends in {}", list(&lines), list(&wanted))),
    };
    let hint = "type `cargo xtask migrate heads --write`, and commit the file".to_owned();
    Some(Finding { file, place: Place { line, column: 1 }, at: At::Head, message, hint })
}

fn list(lines: &[HeadLine]) -> String {
    if lines.is_empty() {
        return "nothing".to_owned();
    }
    lines.iter().map(|line| format!("`{}`", shown(line))).collect::<Vec<_>>().join(", ")
}

fn shown(line: &HeadLine) -> String {
    match &line.label {
        Some(label) => format!("{label} {}", line.revision),
        None => line.revision.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Node;
    use crate::verify::Policy;

    fn node(id: &str, down: &[&str], labels: &[&str]) -> Node {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Node { id: id.to_owned(), down_revisions: owned(down), branch_labels: owned(labels), ..Node::default() }
    }

    #[test]
    fn lines_name_the_branch_where_there_are_several_heads() {
        let check = |nodes: Vec<Node>, wanted: &str| {
            let graph = Graph::with_policy(nodes, Policy::Loose).unwrap();
            assert_eq!(render_head(&head_lines(&graph)), wanted);
            assert_eq!(parse_head(wanted), Ok(head_lines(&graph)));
        };
        check(vec![], "");
        check(vec![node("a", &[], &["x"]), node("b", &["a"], &[])], "b\n");
        check(vec![node("a", &[], &[]), node("b", &["a"], &["x"]), node("c", &["a"], &["w"])], "w c\nx b\n");
    }

    #[test]
    fn conflict_markers_are_no_heads() {
        assert_eq!(parse_head("<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n"), Err(1));
    }
}
