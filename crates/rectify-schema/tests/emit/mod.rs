//! Operations as Rust source: golden files in `tests/emit/golden/<operation>.rs`, and what rustfmt makes of them.
#![expect(clippy::unwrap_used, reason = "tests")]

mod compiled;
mod random;

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rectify_schema::Operation;
use rectify_schema::emit::{self, Layout, SmallHeuristics};

const WORKSPACE: (Layout, &str) = (Layout::new(120, SmallHeuristics::Max), "max_width=120,use_small_heuristics=Max");

#[test]
fn every_operation_is_written_as_its_golden_file() {
    let mut differences = Vec::new();
    for name in Operation::NAMES {
        let mut source = String::new();
        for (case, op) in super::cases(name) {
            let statement = emit::statements(&[op], 0, Layout::default());
            source += &["// ", case, "\n", &statement, "\n\n"].concat();
        }
        let path = golden(name);
        if std::env::var_os("RECTIFY_BLESS").is_some() {
            fs::write(&path, &source).unwrap();
        }
        if fs::read_to_string(&path).unwrap_or_default() != source {
            differences.push(path.display().to_string());
        }
    }
    assert!(differences.is_empty(), "RECTIFY_BLESS=1 rewrites, then read the diff: {differences:#?}");
}

#[test]
fn every_golden_file_is_of_an_operation() {
    let known: Vec<_> = Operation::NAMES.iter().map(|name| golden(name)).collect();
    for file in fs::read_dir(golden("x").parent().unwrap()).unwrap() {
        let file = file.unwrap().path();
        assert!(known.contains(&file), "{} belongs to no operation", file.display());
    }
}

#[test]
fn rustfmt_changes_nothing() {
    let narrow = (Layout::new(80, SmallHeuristics::Default), "max_width=80,use_small_heuristics=Default");
    let wide = (Layout::new(132, SmallHeuristics::Default), "max_width=132,use_small_heuristics=Default");
    for (layout, config) in [(Layout::default(), "max_width=100,use_small_heuristics=Default"), WORKSPACE, narrow, wide]
    {
        let sources: Vec<String> = operations().iter().map(|op| function(op, layout)).collect();
        let formatted = rustfmt(&sources.concat(), config);
        let formatted: Vec<&str> = formatted.split_inclusive("\n}\n").collect();
        let changed: Vec<_> =
            sources.iter().zip(&formatted).filter(|(source, formatted)| source.trim() != formatted.trim()).collect();
        let shown: Vec<_> =
            changed.iter().take(5).map(|(source, formatted)| format!("{source}\n{formatted}\n")).collect();
        assert!(changed.is_empty(), "{config}: {} of {}\n{}", changed.len(), sources.len(), shown.concat());
        assert_eq!(sources.len(), formatted.len());
    }
}

/// All that have a golden file, and many others.
fn operations() -> Vec<Operation> {
    let golden = Operation::NAMES.iter().flat_map(|name| super::cases(name)).map(|(_, op)| op);
    golden.chain(random::operations(600)).collect()
}

fn function(op: &Operation, layout: Layout) -> String {
    let statements = emit::statements(std::slice::from_ref(op), 4, layout);
    format!("fn f(op: &mut Op) -> Result<()> {{\n    {statements}\n    Ok(())\n}}\n")
}

fn rustfmt(source: &str, config: &str) -> String {
    let mut command = Command::new("rustfmt");
    command.args(["--edition", "2024", "--quiet", "--config", config]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let source = source.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(source.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn golden(operation: &str) -> PathBuf {
    let file = super::path(operation).with_extension("rs");
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/emit/golden").join(file.file_name().unwrap())
}
