//! `init`: a chain in a Cargo workspace that has none.

use std::env;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::config::GlobalArgs;
use crate::error::Error;
use crate::output::Output;

mod files;
mod manifest;

use files::Templates;

/// Add a chain of migrations, and `cargo xtask migrate`, to a Cargo workspace
///
/// Nothing that exists is overwritten. `Cargo.toml` gets the new packages as members and `.cargo/config.toml` the alias
/// `xtask`, where they are missing; everything else in these two files stays as it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    rectify init\n  \
    rectify init --backend postgres\n  \
    rectify init database --backend any --path ../rectify\n\n\
    And then:\n  \
    cargo xtask migrate revision -m \"Create users\"\n  \
    cargo xtask migrate up")]
pub struct InitArgs {
    /// The folder of the migrations, and the name of their package
    #[arg(default_value = "migrations")]
    pub directory: PathBuf,
    /// The databases that the runner can connect to: sqlite, postgres, mysql (MariaDB too), any
    #[arg(long, value_enum, value_name = "DATABASE", default_value_t, hide_possible_values = true)]
    pub backend: Backend,
    /// Depend on Rectify in this checkout, not on the published version
    #[arg(long, value_name = "DIR", conflicts_with = "git")]
    pub path: Option<PathBuf>,
    /// Depend on Rectify in this git repository, not on the published version
    #[arg(long, value_name = "URL")]
    pub git: Option<String>,
}

/// What the runner can connect to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Backend {
    /// SQLite, whose library is built in
    #[default]
    Sqlite,
    /// PostgreSQL
    Postgres,
    /// MySQL and MariaDB
    Mysql,
    /// Each of them, by the URL
    Any,
}

pub(super) fn run(args: &InitArgs, global: &GlobalArgs, output: &Output) -> Result<(), Error> {
    if global.database.is_some() {
        return Err(Error::usage("there are no databases to choose from yet").hint("write `--backend sqlite`"));
    }
    let current = env::current_dir().map_err(|error| Error::failed("cannot tell the current folder").because(error))?;
    // Everything is checked before the first file is written.
    let workspace = Workspace::new(&metadata(&current)?, args, &current)?;
    let root = &workspace.root;
    let templates = workspace.templates(args, &current)?;
    let cargo = manifest::Edit::read(&root.join("Cargo.toml"))?.with_members(&workspace.members())?;
    let alias = manifest::Edit::read_or_new(&workspace.cargo_config())?.with_alias()?;

    workspace.files(&templates).iter().try_for_each(|(file, text)| {
        let made = make(&root.join(file), text)?;
        output.result(format_args!("{} {file}", if made { "created" } else { "left alone" }));
        Ok::<(), Error>(())
    })?;
    let other_alias = alias.other_alias();
    for edit in [cargo, alias] {
        let what = edit.write()?;
        output.result(format_args!("{what} {}", shown(&edit.file, root)));
    }
    workspace.to_add(&templates).iter().for_each(|hint| output.warning(hint));
    if let Some(words) = other_alias {
        output.warning(format_args!(
            "`cargo xtask` is `cargo {words}` here: give the package xtask an alias of its own in `.cargo/config.toml`, such as \
             `migrate = \"run --quiet --package xtask -- migrate\"`, and type `cargo migrate up`"
        ));
    }
    Ok(())
}

/// Where everything goes.
struct Workspace {
    root: PathBuf,
    /// The folder of the migrations, from the root, with `/`.
    directory: String,
    package: String,
    /// The folder of the package xtask.
    xtask: String,
}

/// Where a new xtask goes.
const XTASK: &str = "xtask";

impl Workspace {
    fn new(metadata: &Value, args: &InitArgs, current: &Path) -> Result<Workspace, Error> {
        let root = Path::new(metadata["workspace_root"].as_str().unwrap_or_default());
        let folder = flat(&current.join(&args.directory));
        let outside = || {
            Error::usage(format!("`{}` is not a folder in the workspace `{}`", folder.display(), root.display()))
                .hint("name a folder for the migrations, as in `rectify init migrations`")
        };
        let below = folder.strip_prefix(root).map_err(|_| outside())?;
        let parts: Option<Vec<&str>> = below.components().map(|part| part.as_os_str().to_str()).collect();
        let parts = parts.filter(|parts| !parts.is_empty()).ok_or_else(outside)?;
        let package = parts[parts.len() - 1].to_owned();
        check_package(&package)?;
        if let Some(other) = folder_of(metadata, &package).filter(|other| *other != folder) {
            let other = other.join("Cargo.toml");
            return Err(Error::failed(format!("there is a package `{package}` already: `{}`", shown(&other, root)))
                .hint("name another folder, as in `rectify init rectify-migrations`"));
        }
        let xtask = folder_of(metadata, XTASK).map_or(XTASK.to_owned(), |folder| shown(&folder, root));
        let workspace = Workspace { root: root.to_owned(), directory: parts.join("/"), package, xtask };
        workspace.check_for_diesel()?;
        Ok(workspace)
    }

    /// `diesel_cli` has a folder of the same name, which it lists.
    fn check_for_diesel(&self) -> Result<(), Error> {
        let Ok(entries) = fs::read_dir(self.root.join(&self.directory)) else { return Ok(()) };
        let is_diesel = |folder: PathBuf| folder.join("up.sql").is_file();
        match entries.flatten().find(|entry| is_diesel(entry.path())) {
            None => Ok(()),
            Some(found) => {
                let found = shown(&found.path(), &self.root);
                Err(Error::failed(format!("`{}` holds migrations of diesel_cli, such as `{found}`", self.directory))
                    .hint("name another folder, as in `rectify init rectify-migrations`")
                    .hint(format!(
                        "`cargo xtask migrate import diesel {}` takes them into the new chain",
                        self.directory
                    )))
            }
        }
    }

    fn members(&self) -> [&str; 2] {
        [&self.directory, &self.xtask]
    }

    /// Those of an xtask stand only where a new one goes.
    fn files(&self, templates: &Templates) -> Vec<(String, String)> {
        let mut files = templates.files(&self.directory, &self.package);
        files.retain(|(file, _)| self.xtask == XTASK || !file.starts_with("xtask/"));
        files
    }

    /// Cargo prefers the name without an ending, where both are there.
    fn cargo_config(&self) -> PathBuf {
        let folder = self.root.join(".cargo");
        let old = folder.join("config");
        if old.is_file() { old } else { folder.join("config.toml") }
    }

    fn templates(&self, args: &InitArgs, current: &Path) -> Result<Templates, Error> {
        let from =
            |krate: &str, folder: &str| Ok::<_, Error>(Source::of(args, current, krate)?.from(&self.root.join(folder)));
        Ok(Templates {
            backend: args.backend,
            rectify: from("rectify", &self.directory)?,
            rectify_cli: from("rectify-cli", &self.directory)?,
            rectify_cli_of_xtask: from("rectify-cli", &self.xtask)?,
        })
    }

    /// What is missing in packages that were there already.
    fn to_add(&self, templates: &Templates) -> Vec<String> {
        let mut lines = Vec::new();
        let mut check = |folder: &str, needed: &[(&str, &str)]| {
            let manifest = fs::read_to_string(self.root.join(folder).join("Cargo.toml")).unwrap_or_default();
            for (name, line) in needed.iter().filter(|(name, _)| !manifest::depends_on(&manifest, name)) {
                lines.push(format!(
                    "`{folder}/Cargo.toml` does not depend on {name}: add `{line}` to its [dependencies]"
                ));
            }
        };
        let (rectify, cli) = (templates.rectify_line(), templates.runner_line());
        check(&self.directory, &[("rectify", &rectify), ("rectify-cli", &cli)]);
        check(&self.xtask, &[("rectify-cli", &templates.xtask_line())]);
        let main = fs::read_to_string(self.root.join(&self.xtask).join("src/main.rs")).unwrap_or_default();
        if !main.contains("rectify_cli::from_source") {
            lines.push(format!(
                "`{}/src/main.rs` has no `migrate`: for `cargo xtask migrate …` let it return `{}`, with the arguments \
                 behind `migrate`",
                self.xtask,
                files::CALL
            ));
        }
        lines
    }
}

/// Where Rectify comes from.
enum Source {
    Version,
    Path(PathBuf),
    Git(String),
}

impl Source {
    fn of(args: &InitArgs, current: &Path, krate: &str) -> Result<Source, Error> {
        match (&args.path, &args.git) {
            (Some(path), _) => Ok(Source::Path(checkout(&current.join(path), krate)?)),
            (None, Some(url)) => Ok(Source::Git(url.clone())),
            (None, None) => Ok(Source::Version),
        }
    }

    /// As the key and value in a `Cargo.toml` in `folder`.
    fn from(&self, folder: &Path) -> String {
        match self {
            Source::Version => format!("version = {:?}", env!("CARGO_PKG_VERSION")),
            Source::Path(path) => format!("path = {:?}", way(folder, path)),
            Source::Git(url) => format!("git = {url:?}"),
        }
    }
}

/// A crate in a checkout of Rectify.
fn checkout(folder: &Path, krate: &str) -> Result<PathBuf, Error> {
    let path = flat(folder).join("crates").join(krate);
    match path.join("Cargo.toml").is_file() {
        true => Ok(path),
        false => Err(Error::usage(format!("`{}` is no checkout of Rectify", folder.display()))
            .hint(format!("`--path` takes the folder that holds `crates/{krate}/Cargo.toml`"))),
    }
}

/// What cargo says of the workspace, or of the package that shall become one.
fn metadata(current: &Path) -> Result<Value, Error> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(current).stdin(Stdio::null());
    let output = command.output().map_err(|error| {
        Error::failed("cannot run cargo").because(error).hint("install the Rust toolchain from https://rustup.rs")
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().trim_start_matches("error: ").to_owned();
        return Err(Error::failed("this is no Cargo workspace")
            .because(said)
            .hint("change into one, or make one first: `cargo init`"));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| Error::failed("cannot read what cargo says").because(error))
}

/// The folder of a package of the workspace.
fn folder_of(metadata: &Value, package: &str) -> Option<PathBuf> {
    let found = metadata["packages"].as_array()?.iter().find(|known| known["name"] == package)?;
    Some(Path::new(found["manifest_path"].as_str()?).parent()?.to_owned())
}

fn check_package(name: &str) -> Result<(), Error> {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if starts && is_word && name != "rectify" && name != "xtask" {
        return Ok(());
    }
    Err(Error::usage(format!("`{name}` cannot be the name of the migrations' package"))
        .hint("name the folder with letters, digits, `-` and `_`, as in `rectify init migrations`"))
}

/// Writes a file that is not there yet, and says whether it was so.
fn make(file: &Path, text: &str) -> Result<bool, Error> {
    if file.exists() {
        return Ok(false);
    }
    let write = || {
        file.parent().map_or(Ok(()), fs::create_dir_all)?;
        File::create_new(file)?.write_all(text.as_bytes())
    };
    write().map_err(|error| Error::failed(format!("cannot write `{}`", file.display())).because(error))?;
    Ok(true)
}

/// The path without `.` and `..`.
fn flat(path: &Path) -> PathBuf {
    let mut flat = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                flat.pop();
            }
            part => flat.push(part),
        }
    }
    flat
}

/// The relative way between two absolute folders, with `/`; the whole path where they have nothing in common.
fn way(from: &Path, to: &Path) -> String {
    let (start, end): (Vec<Component<'_>>, Vec<Component<'_>>) =
        (from.components().collect(), to.components().collect());
    let common = start.iter().zip(&end).take_while(|(a, b)| a == b).count();
    if common < 2 {
        return to.display().to_string();
    }
    let up = start[common..].iter().map(|_| "..".to_owned());
    let down = end[common..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

fn shown(file: &Path, root: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_relative_where_folders_have_something_in_common() {
        let check = |from: &str, to: &str, wanted: &str| assert_eq!(way(Path::new(from), Path::new(to)), wanted);
        check("/home/me/app/migrations", "/home/me/rectify/crates/rectify", "../../rectify/crates/rectify");
        check("/home/me/app", "/home/me/app/x", "x");
        check("/home/me/app", "/srv/rectify", "/srv/rectify");
    }

    #[test]
    fn paths_are_flattened() {
        assert_eq!(flat(Path::new("/a/b/../c/./d")), Path::new("/a/c/d"));
    }

    #[test]
    fn a_package_has_a_name_that_cargo_takes() {
        for name in ["migrations", "my-app_2"] {
            assert!(check_package(name).is_ok(), "{name}");
        }
        for name in ["", "2x", "a b", "rectify", "xtask", "ü"] {
            assert!(check_package(name).is_err(), "{name}");
        }
    }
}
