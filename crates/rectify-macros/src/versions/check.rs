//! What is wrong at `versions!` itself, and what is wrong at the literals of the migrations.

use std::env;
use std::fs;
use std::path::{Component, Path, PathBuf};

use rectify_chain::source::{At, Finding, ReadError, SourceChain};
use rectify_chain::{FaultKind, Literal};
use syn::{Error, LitStr};

use super::args::Args;
use super::here;

/// Where the crate is that is being compiled.
pub(crate) struct Place {
    /// The name of its package.
    pub(crate) package: String,
    /// The folder of its `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// The way from the file that says `versions!` to that folder.
    pub(crate) from_file: PathBuf,
    /// The text of its build script; `None` if it has none.
    pub(crate) build_script: Option<String>,
}

impl Place {
    /// As cargo and the compiler say it.
    pub(crate) fn of_this_crate() -> Self {
        let package = env::var("CARGO_PKG_NAME").unwrap_or_default();
        let root = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
        let file = proc_macro::Span::call_site().local_file().unwrap_or_default();
        let file = env::current_dir().map(|folder| folder.join(&file)).unwrap_or(file);
        let from_file = file.parent().map(|folder| way(folder, &root)).unwrap_or_default();
        // Cargo sets OUT_DIR exactly for packages with a build script.
        let has_script = env::var_os("OUT_DIR").is_some();
        let build_script = has_script.then(|| fs::read_to_string(root.join("build.rs")).unwrap_or_default());
        Self { package, root, from_file, build_script }
    }
}

/// The relative way between two absolute folders.
fn way(from: &Path, to: &Path) -> PathBuf {
    let (from, to): (Vec<Component<'_>>, Vec<Component<'_>>) = (from.components().collect(), to.components().collect());
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[common..].iter().map(|_| Component::ParentDir);
    up.chain(to[common..].iter().copied()).collect()
}

/// The errors to report at `versions!`.
pub(super) fn check(args: &Args, place: &Place, chain: &SourceChain) -> Vec<Error> {
    let mut errors: Vec<Error> = unwatched(args, place).into_iter().collect();
    for finding in &chain.findings {
        match finding.at {
            At::File => errors.push(at_file(finding)),
            At::Head => errors.push(error(&finding.message, &finding.hint)),
            // The compiler reports a file that is not Rust, `#[migration]` a missing `revision`, the rest stands in `faults`.
            _ => {}
        }
    }
    errors
}

/// The folder, or a file in it, cannot be read.
pub(super) fn unreadable(args: &Args, place: &Place, error: &ReadError) -> Error {
    let path = error.path.strip_prefix(&place.root).unwrap_or(&error.path).display();
    let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let hint = "folders are looked for beside `Cargo.toml`: make this one, or take it out of `versions!`";
    let is_at = |folder: &&LitStr| error.path.starts_with(place.root.join(folder.value()));
    let folder = args.folders.iter().find(is_at).unwrap_or(&args.folders[0]);
    Error::new(folder.span(), format!("cannot read `{path}`: {cause}\nhint: {hint}"))
}

/// A mistake at a literal, as `#[migration]` names the literal.
pub(super) struct AtLiteral {
    pub(super) key: &'static str,
    pub(super) revision: String,
    /// Index and value; `None` for the attribute as a whole.
    pub(super) literal: Option<(usize, String)>,
    pub(super) message: String,
    /// Whether what the literal expands to must go, because the compiler would report the same mistake again.
    pub(super) replaces: bool,
}

/// The errors to report in the files of the migrations.
pub(super) fn faults(chain: &SourceChain) -> Vec<AtLiteral> {
    let mut found: Vec<AtLiteral> = Vec::new();
    for finding in &chain.findings {
        let message = format!("{}\nhint: {}", finding.message, finding.hint);
        let (key, node, literal, replaces) = match finding.at {
            At::Attribute { node } | At::Second { node } => ("attribute", node, None, true),
            At::Literal { kind, node, literal } => {
                let (key, nth) = key(literal);
                (key, node, Some(nth), replaces(kind))
            }
            _ => continue,
        };
        let nodes = chain.graph.nodes();
        let value = |nth: usize| match key {
            "down_revision" => nodes[node].down_revisions[nth].clone(),
            "depends_on" => nodes[node].depends_on[nth].clone(),
            "branch_labels" => nodes[node].branch_labels[nth].clone(),
            _ => nodes[node].id.clone(),
        };
        let literal = literal.map(|nth| (nth, value(nth)));
        let revision = nodes[node].id.clone();
        // One error per literal: the first is the cause, and an arm after it would never be reached.
        if !found.iter().any(|fault| fault.key == key && fault.revision == revision && fault.literal == literal) {
            found.push(AtLiteral { key, revision, literal, message, replaces });
        }
    }
    found
}

fn key(literal: Literal) -> (&'static str, usize) {
    match literal {
        Literal::Revision => ("revision", 0),
        Literal::DownRevision(nth) => ("down_revision", nth),
        Literal::DependsOn(nth) => ("depends_on", nth),
        Literal::Label(nth) => ("branch_labels", nth),
    }
}

fn replaces(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::DuplicateRevision | FaultKind::UnknownParent)
}

fn unwatched(args: &Args, place: &Place) -> Option<Error> {
    let folders: Vec<String> = args.folders.iter().map(LitStr::value).collect();
    let watch = |folder: &String| format!("println!(\"cargo:rerun-if-changed={folder}\");");
    let line = format!("fn main() {{ {} }}", folders.iter().map(watch).collect::<Vec<_>>().join(" "));
    let Some(text) = &place.build_script else {
        let folders = list(&folders);
        let message = format!("this crate has no build script, so cargo would not notice a new file in {folders}");
        return Some(error(&message, &format!("write this line to `build.rs`: {line}")));
    };
    // Cargo watches the whole package where a build script names nothing.
    let folder =
        folders.iter().find(|folder| text.contains("rerun-if-changed") && !mentions(text, folder, &folders))?;
    let message = format!("the build script does not watch `{folder}`, so cargo would not notice a new file in it");
    Some(error(&message, &format!("let it print `cargo:rerun-if-changed={folder}`, as in {line}")))
}

/// Whether the text names the folder, and not only another one that ends with the same words.
fn mentions(text: &str, folder: &str, folders: &[String]) -> bool {
    let folder = folder.trim_end_matches('/');
    let others = folders.iter().map(|other| other.trim_end_matches('/'));
    let longer: Vec<&str> = others.filter(|other| *other != folder && other.ends_with(folder)).collect();
    text.match_indices(folder).any(|(at, _)| {
        let upto = &text[..at + folder.len()];
        !longer.iter().any(|longer| upto.ends_with(longer))
    })
}

fn list(folders: &[String]) -> String {
    folders.iter().map(|folder| format!("`{folder}`")).collect::<Vec<_>>().join(" and ")
}

/// A macro can place an error only at tokens that it has been given, and a file without a migration gives it none.
fn at_file(finding: &Finding) -> Error {
    let message = format!("{}:{}: {}", finding.file, finding.place, finding.message);
    error(&message, &finding.hint)
}

fn error(message: &str, hint: &str) -> Error {
    Error::new(here(), format!("{message}\nhint: {hint}"))
}
