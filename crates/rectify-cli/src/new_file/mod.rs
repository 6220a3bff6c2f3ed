//! A new migration file: everything about it is checked before the first byte is written.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

mod hooks;
mod naming;
mod sql;
mod template;
mod zone;

pub(crate) use hooks::run as run_hooks;
pub(crate) use naming::{new_id, slug};
pub(crate) use sql::Sql;
pub(crate) use template::BUILT_IN;
pub(crate) use zone::now;

use chrono::{DateTime, FixedOffset};
use rectify_chain::source::{self, At, Finding, SourceFile, Text};
use rectify_chain::verify::verify;
use rectify_chain::{Fault, FaultKind, Node, Policy};

use crate::commands::heads::write_head;
use crate::config::Config;
use crate::context::Context;
use crate::error::Error;
use crate::listing::Listing;
use template::Filling;

/// What varies in a new file.
#[derive(Debug, Default)]
pub(crate) struct NewFile {
    pub(crate) revision: String,
    pub(crate) parents: Vec<String>,
    pub(crate) depends_on: Vec<String>,
    pub(crate) branch_label: Option<String>,
    pub(crate) message: String,
    /// What its functions run, where that is known.
    pub(crate) content: Option<Content>,
    /// What stands behind its functions, if anything.
    pub(crate) items: String,
    /// The folder of migrations that it goes to, where the command line names one.
    pub(crate) version_path: Option<PathBuf>,
}

/// What the functions of a new file run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// The statements of a text.
    Sql(Sql),
    /// Rust source, without the indentation of its first line.
    #[cfg_attr(not(any(feature = "runner", test)), expect(dead_code, reason = "differences need a database"))]
    Source {
        /// The body of `upgrade`.
        upgrade: String,
        /// The body of `downgrade`; a migration without one is `irreversible`.
        downgrade: Option<String>,
    },
}

impl NewFile {
    /// Whether it says that it has no way back.
    fn is_irreversible(&self) -> bool {
        matches!(self.content, Some(Content::Source { downgrade: None, .. }))
    }

    /// Writes the file, and `HEAD` with it, runs the hooks, and prints the path.
    ///
    /// `listing` is the chain before that.
    pub(crate) fn write(&self, ctx: &Context<'_>, listing: &Listing) -> Result<(), Error> {
        self.check_place(listing)?;
        let config = &ctx.config;
        let now = now(&config.new_files.timezone)?;
        let folder = self.folder(ctx, listing)?;
        let slug = slug(self.message.lines().next().unwrap_or_default(), config.new_files.slug_length);
        let file = folder.join(file_name(config, &now, &self.revision, &slug)?);
        let text = template::load(config, self)?.render(&Filling::new(self, &now))?;
        self.check_text(&file, &text)?;

        let files = [(file, text)];
        let written = write_new(&files, config)?;
        let [(file, _)] = files;
        ctx.output.result(file.display());
        let hooked = run_hooks(&file, ctx);
        let is_told = |finding: &Finding| {
            listing.findings.iter().any(|told| (&told.file, told.place) == (&finding.file, finding.place))
        };
        let is_new = |finding: &&Finding| finding.at != At::Head && !is_told(finding);
        if written.findings.iter().any(|finding| is_new(&finding)) {
            // A hook moves what stands in the file.
            let after = if hooked.is_ok() { Listing::read(config)? } else { written };
            after.findings.iter().filter(is_new).for_each(|finding| ctx.output.finding(finding));
        }
        hooked
    }

    /// Checks that the chain takes the new revision where it is to go.
    ///
    /// A second head or base is for the compiler to report: the next command may be the one that mends it.
    fn check_place(&self, listing: &Listing) -> Result<(), Error> {
        let mut nodes = listing.graph.nodes().to_vec();
        let before = verify(&nodes, Policy::Strict);
        nodes.push(self.node());
        let is_ends = |fault: &Fault| matches!(fault.kind, FaultKind::SecondHead | FaultKind::SecondBase);
        let is_old = |fault: &Fault| {
            before.iter().any(|old| (old.kind, old.node, old.literal) == (fault.kind, fault.node, fault.literal))
        };
        match verify(&nodes, Policy::Strict).into_iter().find(|fault| !is_ends(fault) && !is_old(fault)) {
            Some(fault) => Err(Error::failed(format!("the chain cannot take revision `{}`", self.revision))
                .because(fault.message)
                .hint(fault.hint)),
            None => Ok(()),
        }
    }

    fn node(&self) -> Node {
        Node {
            id: self.revision.clone(),
            down_revisions: self.parents.clone(),
            depends_on: self.depends_on.clone(),
            branch_labels: self.branch_label.iter().cloned().collect(),
            message: self.message.clone(),
            origin: "the new file".to_owned(),
        }
    }

    /// The folder of migrations that the file goes to: the one that is named, the only one, or that of the first parent.
    fn folder(&self, ctx: &Context<'_>, listing: &Listing) -> Result<PathBuf, Error> {
        let folders = &ctx.config.versions;
        let list = || folders.iter().map(|folder| format!("`{}`", folder.display())).collect::<Vec<_>>().join(", ");
        if let Some(path) = &self.version_path {
            let wanted = real(path);
            let holds = |folder: &&PathBuf| match real(folder) {
                folder if ctx.config.recursive => wanted.starts_with(folder),
                folder => folder == wanted,
            };
            return match folders.iter().find(holds) {
                Some(_) => Ok(path.clone()),
                None => Err(Error::usage(format!("`{}` is no folder of this chain's migrations", path.display()))
                    .hint(format!("`versions` in rectify.toml names {}", list()))),
            };
        }
        if let [only] = folders.as_slice() {
            return Ok(only.clone());
        }
        let parent = self.parents.first().and_then(|parent| listing.graph.node(parent));
        let of_parent = parent.and_then(|parent| {
            let holding = folders.iter().filter(|folder| Path::new(&parent.origin).starts_with(folder));
            // One folder may lie in another.
            holding.max_by_key(|folder| folder.components().count())
        });
        of_parent.cloned().ok_or_else(|| {
            Error::usage("there are several folders of migrations, and nothing tells where the new file goes")
                .hint(format!("give `--version-path` with one of {}", list()))
        })
    }

    /// Checks that the text is the migration that it is meant to be: a template may be anything.
    fn check_text(&self, file: &Path, text: &str) -> Result<(), Error> {
        let read = source::parse_file(file.to_owned(), file.display().to_string(), text);
        let wrong = |reason: String| {
            Error::failed("the template gives a file that is not the migration that was asked for")
                .because(reason)
                .hint("`templates --show generic` prints one that works")
        };
        if let Some((place, error)) = &read.error {
            return Err(wrong(format!("line {}: {error}", place.line)));
        }
        let [migration] = read.migrations.as_slice() else {
            return Err(wrong(format!("it has {} `#[migration(…)]`, and one is wanted", read.migrations.len())));
        };
        let values = |texts: &[Text]| texts.iter().map(|text| text.value.clone()).collect::<Vec<_>>();
        let node = self.node();
        let checks = [
            ("revision", values(migration.revision.as_slice()), vec![node.id]),
            ("down_revision", values(&migration.down_revisions), node.down_revisions),
            ("depends_on", values(&migration.depends_on), node.depends_on),
            ("branch_labels", values(&migration.branch_labels), node.branch_labels),
        ];
        if let Some((key, found, wanted)) = checks.into_iter().find(|(_, found, wanted)| found != wanted) {
            return Err(wrong(format!("`{key}` is {found:?} in it, and {wanted:?} is wanted")));
        }
        if needs_downgrade(&read) {
            return Err(wrong("it has no `downgrade`, and is not `irreversible`".to_owned()));
        }
        Ok(())
    }
}

fn needs_downgrade(file: &SourceFile) -> bool {
    !file.has_downgrade && !file.migrations.iter().any(|migration| migration.irreversible)
}

/// A path to compare: without links where it exists.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}

/// What a new file is called, below the folder of the migrations.
pub(crate) fn file_name(
    config: &Config,
    date: &DateTime<FixedOffset>,
    revision: &str,
    slug: &str,
) -> Result<String, Error> {
    let name = config.new_files.file_template.render(date, revision, slug);
    if name.contains('/') && !config.recursive {
        return Err(Error::usage("`file_template` puts files into folders, which are not read")
            .hint("set `recursive = true` in rectify.toml, or write `file_template` without `/`"));
    }
    Ok(name)
}

/// Writes files that are not there yet, the folders above them, and `HEAD`: all or none. Gives the chain with them.
pub(crate) fn write_new(files: &[(PathBuf, String)], config: &Config) -> Result<Listing, Error> {
    let mut made: Vec<&Path> = Vec::new();
    let written = (|| {
        for (file, text) in files {
            let cannot = |error| Error::failed(format!("cannot write `{}`", file.display())).because(error);
            let mut handle = create(file).map_err(cannot)?;
            made.push(file);
            handle.write_all(text.as_bytes()).map_err(cannot)?;
        }
        let after = Listing::read(config)?;
        write_head(&after, config.versions_folder())?;
        Ok(after)
    })();
    written.map_err(|error| made.into_iter().fold(error, taken_back))
}

fn create(file: &Path) -> io::Result<File> {
    file.parent().map_or(Ok(()), fs::create_dir_all)?;
    File::create_new(file)
}

/// The error for which a new file is removed again, and what came of it.
fn taken_back(mut reason: Error, file: &Path) -> Error {
    if let Err(error) = fs::remove_file(file) {
        reason.notes.push(format!("`{}` could not be removed again ({error}): remove it by hand", file.display()));
    }
    reason
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::GlobalArgs;

    fn config(name: &str) -> Config {
        let folder = std::env::temp_dir().join(format!("rectify-new-file-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("versions")).unwrap();
        fs::write(folder.join("rectify.toml"), "versions = \"versions\"\n").unwrap();
        Config::load(&GlobalArgs { config: Some(folder.join("rectify.toml")), ..GlobalArgs::default() }).unwrap()
    }

    fn migration(config: &Config, name: &str) -> (PathBuf, String) {
        let text = format!(
            "#[migration(revision = {name:?}, irreversible)]\npub fn upgrade(_: &mut Op) -> Result<()> {{\n}}\n"
        );
        (config.versions_folder().join(format!("{name}.rs")), text)
    }

    fn names(config: &Config) -> Vec<String> {
        let entries = fs::read_dir(config.versions_folder()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn no_new_file_stays_where_another_is_in_the_way() {
        let config = config("taken");
        let files = [migration(&config, "a1"), migration(&config, "b2"), migration(&config, "c3")];
        fs::write(&files[1].0, "mine").unwrap();
        let error = write_new(&files, &config).unwrap_err();
        assert_eq!(error.to_string(), format!("cannot write `{}`", files[1].0.display()));
        assert_eq!(names(&config), ["b2.rs"]);
        assert_eq!(fs::read_to_string(&files[1].0).unwrap(), "mine");
    }

    #[test]
    fn no_new_file_stays_where_the_heads_cannot_be_written() {
        let config = config("head");
        fs::create_dir_all(config.versions_folder().join("HEAD")).unwrap();
        let error = write_new(&[migration(&config, "a1")], &config).unwrap_err();
        assert_eq!(error.hints, ["mend it, or move it out of the folder of the migrations"]);
        assert_eq!(names(&config), ["HEAD"]);
        fs::remove_dir(config.versions_folder().join("HEAD")).unwrap();
        assert_eq!(write_new(&[migration(&config, "a1")], &config).unwrap().graph.heads(), ["a1"]);
        assert_eq!(names(&config), ["HEAD", "a1.rs"]);
    }
}
