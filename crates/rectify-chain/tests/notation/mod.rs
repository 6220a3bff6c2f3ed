//! Chains in the notation `id<parent,parent +dependency #label; …`, as the reference on Alembic writes them.

use rectify_chain::{Graph, Node, Policy};

pub(crate) fn graph(chain: &str) -> Graph {
    Graph::with_policy(nodes(chain), Policy::Loose).unwrap()
}

pub(crate) fn nodes(chain: &str) -> Vec<Node> {
    let list = |text: Option<&str>| text.map(|text| text.split(',').map(str::to_owned).collect()).unwrap_or_default();
    let node = |text: &str| {
        let mut parts = text.split_whitespace();
        let first = parts.next().unwrap();
        let (id, down) = first.split_once('<').map_or((first, None), |(id, down)| (id, Some(down)));
        let rest: Vec<&str> = parts.collect();
        let with = |sign| rest.iter().find_map(|part| part.strip_prefix(sign));
        let (depends_on, branch_labels) = (list(with('+')), list(with('#')));
        Node { id: id.to_owned(), down_revisions: list(down), depends_on, branch_labels, ..Node::default() }
    };
    chain.split(';').map(|text| node(text.trim())).collect()
}

pub(crate) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}
