//! Additions to TOML files that somebody else wrote: formatting and comments stay.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, Item, Table, Value};

use crate::error::Error;

/// A file, as it is and as it will be.
pub(super) struct Edit {
    pub(super) file: PathBuf,
    /// `None` for a file that is not there.
    before: Option<String>,
    document: DocumentMut,
}

impl Edit {
    /// A file that must be there.
    pub(super) fn read(file: &Path) -> Result<Edit, Error> {
        let text = fs::read_to_string(file)
            .map_err(|error| Error::failed(format!("cannot read `{}`", file.display())).because(error))?;
        Edit::of(file, Some(text))
    }

    /// A file that may be there.
    pub(super) fn read_or_new(file: &Path) -> Result<Edit, Error> {
        if file.exists() { Edit::read(file) } else { Edit::of(file, None) }
    }

    fn of(file: &Path, before: Option<String>) -> Result<Edit, Error> {
        let document: DocumentMut =
            before.as_deref().unwrap_or_default().parse().map_err(|error: toml_edit::TomlError| {
                Error::failed(format!("cannot read `{}`", file.display())).because(error).hint("mend the file first")
            })?;
        Ok(Edit { file: file.to_owned(), before, document })
    }

    /// Lets the workspace have these members; a package alone becomes one.
    pub(super) fn with_members(mut self, members: &[&str]) -> Result<Edit, Error> {
        let workspace = self.table("workspace")?;
        let excluded = workspace.get("exclude").map(texts).unwrap_or_default();
        let known = workspace.get("members").map(texts).unwrap_or_default();
        let is_member = |member: &str| {
            let is_named = known.iter().any(|known| segments(known) == segments(member));
            let is_excluded = excluded.iter().any(|folder| segments(member).starts_with(&segments(folder)));
            is_named || (!is_excluded && known.iter().any(|known| matches(&segments(known), &segments(member))))
        };
        let missing: Vec<&str> = members.iter().copied().filter(|member| !is_member(member)).collect();
        if missing.is_empty() && workspace.contains_key("members") {
            return Ok(self);
        }
        let array = workspace.entry("members").or_insert_with(|| Array::new().into()).as_array_mut();
        let Some(array) = array else { return Err(self.wrong("workspace.members", "a list")) };
        missing.into_iter().for_each(|member| push(array, member));
        Ok(self)
    }

    /// Lets `cargo xtask` run the package xtask.
    pub(super) fn with_alias(mut self) -> Result<Edit, Error> {
        let alias = self.table("alias")?;
        if !alias.contains_key("xtask") {
            alias.insert("xtask", "run --quiet --package xtask --".into());
        }
        Ok(self)
    }

    /// What `cargo xtask` stands for, where that is not the package xtask.
    pub(super) fn other_alias(&self) -> Option<String> {
        let alias = self.document.get("alias")?.as_table_like()?.get("xtask")?;
        let words = alias.as_str().map_or_else(|| texts(alias).join(" "), str::to_owned);
        (!words.contains("xtask")).then_some(words)
    }

    /// Writes the file if it is to change, and says what was done.
    pub(super) fn write(&self) -> Result<&'static str, Error> {
        let after = self.document.to_string();
        if self.before.as_ref() == Some(&after) {
            return Ok("left alone");
        }
        let write = || {
            self.file.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(&self.file, after)
        };
        write().map_err(|error| Error::failed(format!("cannot write `{}`", self.file.display())).because(error))?;
        Ok(if self.before.is_some() { "changed" } else { "created" })
    }

    fn table(&mut self, name: &str) -> Result<&mut dyn toml_edit::TableLike, Error> {
        let file = self.file.clone();
        let item = self.document.entry(name).or_insert_with(|| Item::Table(Table::new()));
        item.as_table_like_mut().ok_or_else(|| wrong(&file, name, "a table"))
    }

    fn wrong(&self, key: &str, wanted: &str) -> Error {
        wrong(&self.file, key, wanted)
    }
}

fn wrong(file: &Path, key: &str, wanted: &str) -> Error {
    Error::failed(format!("`{key}` in `{}` is not {wanted}", file.display())).hint("mend the file first")
}

/// Whether a `Cargo.toml` names the package among its dependencies.
pub(super) fn depends_on(manifest: &str, package: &str) -> bool {
    let Ok(document) = manifest.parse::<DocumentMut>() else { return false };
    document.get("dependencies").and_then(Item::as_table_like).is_some_and(|table| table.contains_key(package))
}

/// Adds a text at the end of a list, laid out like the last one there; a comment behind that one stays behind it.
fn push(array: &mut Array, text: &str) {
    let mut value = Value::from(text);
    let last = array.len().checked_sub(1);
    let indent =
        last.and_then(|last| array.get(last)?.decor().prefix()?.as_str().map(str::to_owned)).unwrap_or_default();
    // What follows a comment in the prefix is what was there before the comment.
    let indent = indent.rfind('\n').map_or(indent.as_str(), |at| &indent[at..]).to_owned();
    let suffix =
        last.and_then(|last| array.get(last)?.decor().suffix()?.as_str().map(str::to_owned)).unwrap_or_default();
    let trailing = array.trailing().as_str().unwrap_or_default().to_owned();
    let is_tall = indent.contains('\n');
    if is_tall {
        // Comments behind the last text stand in its suffix, or behind its comma.
        let comments = format!("{suffix}{trailing}");
        let comments = comments.trim_end();
        if let Some(last) = last.and_then(|last| array.get_mut(last)) {
            last.decor_mut().set_suffix("");
        }
        value.decor_mut().set_prefix(format!("{comments}{indent}"));
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    } else if last.is_some() {
        value.decor_mut().set_prefix(" ");
    }
    array.push_formatted(value);
}

fn texts(list: &Item) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// `./crates/*/` -> `crates`, `*`
fn segments(path: &str) -> Vec<&str> {
    path.split(['/', '\\']).filter(|segment| !segment.is_empty() && *segment != ".").collect()
}

/// Whether a path is matched by a pattern with `*`, `?` and `**`, as cargo's are.
fn matches(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => (0..=path.len()).any(|skipped| matches(rest, &path[skipped..])),
        (Some((first, pattern)), Some((segment, path))) => {
            let (first, segment): (Vec<char>, Vec<char>) = (first.chars().collect(), segment.chars().collect());
            segment_matches(&first, &segment) && matches(pattern, path)
        }
        _ => false,
    }
}

fn segment_matches(pattern: &[char], segment: &[char]) -> bool {
    match (pattern.split_first(), segment.split_first()) {
        (None, None) => true,
        (Some(('*', rest)), _) => (0..=segment.len()).any(|skipped| segment_matches(rest, &segment[skipped..])),
        (Some((c, rest)), Some((d, segment))) => (*c == '?' || c == d) && segment_matches(rest, segment),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(text: &str) -> Edit {
        Edit::of(Path::new("Cargo.toml"), Some(text.to_owned())).unwrap()
    }

    #[track_caller]
    fn check(before: &str, after: &str) {
        assert_eq!(edit(before).with_members(&["migrations", "xtask"]).unwrap().document.to_string(), after);
    }

    #[test]
    fn members_are_added_in_the_layout_of_the_list() {
        check(
            "[workspace]\nmembers = [\"app\"] # all\n",
            "[workspace]\nmembers = [\"app\", \"migrations\", \"xtask\"] # all\n",
        );
        check("[workspace]\nmembers = []\n", "[workspace]\nmembers = [\"migrations\", \"xtask\"]\n");
        check(
            "[workspace]\nresolver = \"3\"\n",
            "[workspace]\nresolver = \"3\"\nmembers = [\"migrations\", \"xtask\"]\n",
        );
        check(
            "[workspace]\nmembers = [\n    \"app\", # ours\n    \"xtask\", # tasks\n]\n\n[profile.dev]\ndebug = 1\n",
            "[workspace]\nmembers = [\n    \"app\", # ours\n    \"xtask\", # tasks\n    \"migrations\",\n]\n\n[profile.dev]\ndebug = 1\n",
        );
        check(
            "[workspace]\nmembers = [\n  \"app\" # ours\n]\n",
            "[workspace]\nmembers = [\n  \"app\", # ours\n  \"migrations\",\n  \"xtask\",\n]\n",
        );
        check(
            "[workspace]\nmembers = [\n  # ours\n  \"app\",\n]\n",
            "[workspace]\nmembers = [\n  # ours\n  \"app\",\n  \"migrations\",\n  \"xtask\",\n]\n",
        );
    }

    #[test]
    fn a_package_becomes_a_workspace() {
        check(
            "[package]\nname = \"app\"\n\n[dependencies]\n",
            "[package]\nname = \"app\"\n\n[dependencies]\n\n[workspace]\nmembers = [\"migrations\", \"xtask\"]\n",
        );
    }

    #[test]
    fn members_that_are_matched_already_are_left_alone() {
        for text in [
            "[workspace]\nmembers = [\"*\"]\n",
            "[workspace]\nmembers = [\"./migrations/\", \"xta?k\"]\n",
            "[workspace]\nmembers = [\"**\"]\n",
            "workspace = { members = [\"m*\", \"xtask\"] }\n",
        ] {
            check(text, text);
        }
        check(
            "[workspace]\nmembers = [\"*\"]\nexclude = [\"xtask\"]\n",
            "[workspace]\nmembers = [\"*\", \"xtask\"]\nexclude = [\"xtask\"]\n",
        );
    }

    #[test]
    fn globs_are_those_of_cargo() {
        let is = |pattern: &str, path: &str| matches(&segments(pattern), &segments(path));
        assert!(is("crates/*", "crates/db") && is("*", "xtask") && is("**/db", "a/b/db") && is("m*s", "migrations"));
        assert!(!is("crates/*", "crates/a/db") && !is("crates", "crates/db") && !is("*", "a/b") && !is("x?", "xtask"));
    }

    #[test]
    fn an_alias_that_is_there_stays() {
        let text = "# ours\n[alias]\nxtask = \"run -p tasks --\"\n";
        assert_eq!(edit(text).with_alias().unwrap().document.to_string(), text);
        assert_eq!(edit(text).other_alias().as_deref(), Some("run -p tasks --"));
        assert_eq!(edit("[alias]\nxtask = [\"run\", \"-p\", \"xtask\", \"--\"]\n").other_alias(), None);
        assert_eq!(
            edit("[build]\njobs = 2\n").with_alias().unwrap().document.to_string(),
            "[build]\njobs = 2\n\n[alias]\nxtask = \"run --quiet --package xtask --\"\n"
        );
    }

    #[test]
    fn a_file_that_makes_no_sense_is_refused() {
        let error = edit("workspace = 3\n").with_members(&["xtask"]).err().unwrap();
        assert_eq!(error.to_string(), "`workspace` in `Cargo.toml` is not a table");
        let error = edit("[workspace]\nmembers = \"x\"\n").with_members(&["xtask"]).err().unwrap();
        assert_eq!(error.to_string(), "`workspace.members` in `Cargo.toml` is not a list");
        assert!(Edit::of(Path::new("Cargo.toml"), Some("= =".to_owned())).is_err());
    }

    #[test]
    fn dependencies_are_found_by_name() {
        let manifest = "[dependencies]\nrectify-cli.workspace = true\n\n[dependencies.rectify]\npath = \"x\"\n";
        assert!(depends_on(manifest, "rectify-cli") && depends_on(manifest, "rectify"));
        assert!(!depends_on(manifest, "diesel") && !depends_on("", "rectify"));
    }
}
