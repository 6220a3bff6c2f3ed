//! Chains with a mistake, really built: the compiler must name the literal in the migration's own file.
//!
//! Each folder of `tests/broken` is a small crate with one mistake, and `expected.txt` in it holds what the compiler says,
//! one error after the other with file, line and column. `RECTIFY_BLESS=1` writes these files anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

#[test]
fn each_mistake_is_reported_at_its_place() {
    let workspace = workspace("broken");
    for case in cases() {
        copy(&case, &workspace.join(case.file_name().unwrap()));
    }
    let mut said = errors(&cargo_check(&workspace, &["--workspace", "--keep-going"]));
    let mut wrong = Vec::new();
    for case in cases() {
        let name = case.file_name().unwrap().to_str().unwrap().to_owned();
        let said = said.remove(&name).unwrap_or_default();
        let expected = case.join("expected.txt");
        if env::var_os("RECTIFY_BLESS").is_some() {
            fs::write(&expected, &said).unwrap();
        }
        let wanted = fs::read_to_string(&expected).unwrap_or_else(|error| panic!("{}: {error}", expected.display()));
        if said != wanted {
            wrong.push(format!("{name}: wanted\n{wanted}{name}: got\n{said}"));
        }
    }
    assert!(said.is_empty(), "errors outside of the cases: {said:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_added_removed_or_renamed_file_is_noticed() {
    let workspace = workspace("noticed");
    // A name of its own: cargo takes two packages of one name and one path in their workspaces for the same, and what it has
    // built of the one for what it would build of the other.
    copy(&root().join("tests/broken/sound"), &workspace.join("noticed"));
    let manifest = fs::read_to_string(workspace.join("noticed/Cargo.toml")).unwrap();
    fs::write(workspace.join("noticed/Cargo.toml"), manifest.replace("\"sound\"", "\"noticed\"")).unwrap();
    let versions = workspace.join("noticed/versions");
    let check = || cargo_check(&workspace, &["--package", "noticed"]);
    let is_rebuilt = |said: &str| said.contains("noticed v0.0.0");
    assert_eq!(errors(&check()), BTreeMap::new());
    assert!(!is_rebuilt(&check()), "nothing has changed");

    let added = versions.join("2026_01_06_0900-f6_remember.rs");
    let last = fs::read_to_string(versions.join("2026_01_05_0900-e5_forget.rs")).unwrap();
    fs::write(&added, last.replace("\"e5\"", "\"f6\"").replace("\"d4\"", "\"e5\"")).unwrap();
    let said = check();
    assert!(said.contains("`versions/HEAD` says `e5`, and the chain ends in `f6`"), "{said}");

    fs::remove_file(&added).unwrap();
    let said = check();
    assert!(is_rebuilt(&said) && errors(&said).is_empty(), "{said}");

    fs::rename(versions.join("2026_01_05_0900-e5_forget.rs"), versions.join("2026_01_05_0900-e5_renamed.rs")).unwrap();
    let said = check();
    assert!(is_rebuilt(&said) && errors(&said).is_empty(), "{said}");

    fs::write(versions.join("HEAD"), "d4\n").unwrap();
    let said = check();
    assert!(said.contains("`versions/HEAD` says `d4`, and the chain ends in `e5`"), "{said}");
}

/// The folders under `tests/broken`.
fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("tests/broken")).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.join("lib.rs").exists()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

/// A workspace of its own, so that building leaves nothing among the sources. It shares the folder for what is built.
fn workspace(name: &str) -> PathBuf {
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&to);
    fs::create_dir_all(&to).unwrap();
    let manifest = fs::read_to_string(root().join("tests/broken/Cargo.toml")).unwrap();
    let crates = format!("{:?}", root().join("crates/rectify").canonicalize().unwrap());
    fs::write(to.join("Cargo.toml"), manifest.replace("\"../../crates/rectify\"", &crates)).unwrap();
    fs::copy(root().join("Cargo.lock"), to.join("Cargo.lock")).unwrap();
    to
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(from, to).unwrap();
        }
    }
}

pub(crate) fn cargo_check(workspace: &Path, args: &[&str]) -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(workspace).args(["check", "--message-format=short", "--color=never"]).args(args);
    let output = cargo.env("CARGO_TARGET_DIR", target).env_remove("OUT_DIR").env_remove("RUSTFLAGS").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("could not compile") || said.contains("Finished"), "cargo did not get to compiling:\n{said}");
    said
}

/// Per case its errors and warnings, sorted: `file:line:column: message`, and the hint on a line of its own.
fn errors(said: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut lines = said.lines().peekable();
    while let Some(line) = lines.next() {
        let parts = line.split_once(": error").or_else(|| line.split_once(": warning"));
        let Some((place, message)) = parts else { continue };
        let Some((case, place)) = place.split_once(['/', '\\']) else { continue };
        let mut entry = format!("{place}{message}\n");
        while let Some(hint) = lines.next_if(|line| line.trim_start().starts_with("hint: ")) {
            entry.extend(["  ", hint.trim_start(), "\n"]);
        }
        found.entry(case.to_owned()).or_default().push(entry);
    }
    let sorted = |mut entries: Vec<String>| {
        entries.sort();
        entries.concat()
    };
    found.into_iter().map(|(case, entries)| (case, sorted(entries))).collect()
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}
