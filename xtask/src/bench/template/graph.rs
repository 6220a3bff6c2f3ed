//! Times the work on the graph: building it, planning the way from empty to its head, planning with nothing to do.
//!
//! A line for each chain: its shape, its number of revisions, the shortest time of all runs and the median ones, of all
//! three together and of each, in nanoseconds.

use std::time::{Duration, Instant};

use rectify_chain::{Graph, Node};

const RUNS: usize = 51;

fn main() {
    let chains = [
        ("straight", straight(100)),
        ("straight", straight(1_000)),
        ("straight", straight(10_000)),
        ("branched", branched(100, 100)),
    ];
    let mut times = chains.each_ref().map(|_| Vec::new());
    // In turn, so that a machine that slows down slows all of them.
    for _ in 0..RUNS {
        for ((_, nodes), times) in chains.iter().zip(&mut times) {
            times.push(run(nodes.clone()));
        }
    }
    for ((shape, nodes), times) in chains.iter().zip(times) {
        print(shape, nodes.len(), &times);
    }
}

fn print(shape: &str, count: usize, times: &[[Duration; 3]]) {
    let totals: Vec<Duration> = times.iter().map(|parts| parts.iter().sum()).collect();
    let shortest = totals.iter().min().expect("there are runs").as_nanos();
    let [new, plan, nothing] = [0, 1, 2].map(|part| median(times.iter().map(|parts| parts[part]).collect()));
    println!("{shape} {count} {shortest} {} {new} {plan} {nothing}", median(totals));
}

fn run(nodes: Vec<Node>) -> [Duration; 3] {
    let count = nodes.len();
    let start = Instant::now();
    let graph = Graph::new(nodes).expect("the chain is sound");
    let built = start.elapsed();
    let plan = graph.plan_upgrade(&[], "head").expect("there is one head");
    let planned = start.elapsed();
    assert_eq!(plan.len(), count);
    let rows = [graph.heads()[0].to_owned()];
    let before = Instant::now();
    let nothing = graph.plan_upgrade(&rows, "head").expect("there is one head");
    let idle = before.elapsed();
    assert!(nothing.is_empty());
    [built, planned - built, idle]
}

/// One line of revisions.
fn straight(count: usize) -> Vec<Node> {
    (0..count).map(|index| node(index, index.checked_sub(1).into_iter())).collect()
}

/// Blocks one after the other, each of which branches into two lines and merges them.
fn branched(blocks: usize, size: usize) -> Vec<Node> {
    let line = (size - 2) / 2;
    let parents = |index: usize| match index % size {
        _ if index == 0 => vec![],
        place if place == line + 1 => vec![index - line - 1],
        place if place == size - 1 => vec![index - line - 1, index - 1],
        _ => vec![index - 1],
    };
    (0..blocks * size).map(|index| node(index, parents(index).into_iter())).collect()
}

fn node(index: usize, parents: impl Iterator<Item = usize>) -> Node {
    Node {
        id: id(index),
        down_revisions: parents.map(id).collect(),
        message: format!("Create table {index}"),
        origin: format!("versions/{index:05}.rs"),
        ..Node::default()
    }
}

/// Twelve hex digits that look like those of a real chain: neighbours have nothing in common.
fn id(index: usize) -> String {
    format!("{:012x}", (index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) & 0xffff_ffff_ffff)
}

fn median(mut times: Vec<Duration>) -> u128 {
    times.sort();
    times[times.len() / 2].as_nanos()
}
