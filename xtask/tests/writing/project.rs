//! A project that never compiles, and the real program on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder with a versions folder and nothing that could be compiled.
pub(crate) struct Project {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

impl Project {
    /// Revisions as (id, keys after `revision` or nothing), oldest first; `HEAD` is right.
    pub(crate) fn new(revisions: &[(&str, &str)]) -> Project {
        let project = Project { folder: tempfile::tempdir().unwrap(), environment: Vec::new() };
        fs::create_dir_all(project.versions()).unwrap();
        project.configure("");
        for (number, (id, keys)) in revisions.iter().enumerate() {
            project.add(&format!("2026_01_0{}_0900-{id}.rs", number + 1), id, keys);
        }
        project.run(&["heads", "--write"]);
        project
    }

    /// Writes a migration file by hand.
    pub(crate) fn add(&self, name: &str, id: &str, keys: &str) {
        let keys = if keys.is_empty() { String::new() } else { format!(", {keys}") };
        let text = format!(
            "/// Do {id}.\n#[migration(revision = \"{id}\"{keys})]\npub fn upgrade() {{}}\npub fn downgrade() {{}}\n"
        );
        fs::write(self.versions().join(name), text).unwrap();
    }

    /// Writes `rectify.toml`.
    pub(crate) fn configure(&self, text: &str) {
        fs::write(self.path().join("rectify.toml"), text).unwrap();
    }

    /// Sets a variable for the commands to come.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn versions(&self) -> PathBuf {
        self.path().join("migrations/versions")
    }

    pub(crate) fn head(&self) -> String {
        fs::read_to_string(self.versions().join("HEAD")).unwrap()
    }

    /// Every file below the project with its text: what a command that refuses must leave alone.
    pub(crate) fn files(&self) -> Vec<(PathBuf, String)> {
        let mut files = Vec::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push((path.clone(), fs::read_to_string(&path).unwrap()));
                }
            }
        }
        files.sort();
        files
    }

    /// Runs a command that writes a migration, and gives its path and text.
    #[track_caller]
    pub(crate) fn created(&self, arguments: &[&str]) -> (String, String) {
        let (stdout, stderr, code) = self.run(arguments);
        assert_eq!((stderr.as_str(), code), ("", 0));
        let path = stdout.trim_end().to_owned();
        let text = fs::read_to_string(self.path().join(&path)).unwrap();
        (path, text)
    }

    /// Runs a command that must fail with this text and change nothing.
    #[track_caller]
    pub(crate) fn refused(&self, arguments: &[&str], stderr: &str, code: i32) {
        let before = self.files();
        assert_eq!(self.run(arguments), (String::new(), stderr.to_owned(), code));
        assert_eq!(self.files(), before, "{arguments:?} changed something");
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> (String, String, i32) {
        self.run_with_input(arguments, "")
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> (String, String, i32) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("migrate").args(arguments).current_dir(self.path());
        for name in ["DATABASE_URL", "VISUAL", "EDITOR"] {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let file = self.path().with_extension("input");
        fs::write(&file, input).unwrap();
        let output = command.stdin(Stdio::from(fs::File::open(&file).unwrap())).output().unwrap();
        fs::remove_file(file).unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status.code().unwrap())
    }
}
