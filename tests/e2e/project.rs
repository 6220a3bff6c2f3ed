//! A project of its own with models and a chain, really built.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rectify_tests::TestDatabase;

use crate::autogenerate::terminal::Terminal;

/// A package with `models.rs`, `versions/` and a runner. It shares the folder for what is built.
pub(crate) struct Project {
    folder: PathBuf,
}

/// What a command printed, and its exit code.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

impl Project {
    pub(crate) fn new(name: &str) -> Project {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("versions")).unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let project = Project { folder };
        // The same packages with the same features as the example chain, so that they are built once.
        let manifest = format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[lib]\npath = \"lib.rs\"\n\n[[bin]]\nname = \"{name}\"\npath = \"main.rs\"\n\n\
             [dependencies]\ndiesel = {{ version = \"2.3\", default-features = false }}\n\
             rectify = {{ path = {:?}, default-features = false, features = [\"postgres\", \"mysql\", \"sqlite\"] }}\n\
             rectify-cli = {{ path = {:?}, features = [\"runner\"] }}\n\n[workspace]\nresolver = \"3\"\n\n\
             [profile.dev]\ndebug = \"line-tables-only\"\n\n[profile.dev.package.\"*\"]\ndebug = false\n",
            root.join("crates/rectify"),
            root.join("crates/rectify-cli"),
        );
        project.write("Cargo.toml", &manifest);
        fs::copy(root.join("Cargo.lock"), project.path("Cargo.lock")).unwrap();
        project.write("rectify.toml", "versions = \"versions\"\n");
        project.write("rustfmt.toml", "max_width = 100\n");
        project.write("build.rs", "fn main() {\n    println!(\"cargo:rerun-if-changed=versions\");\n}\n");
        project.write("lib.rs", "mod models;\nrectify::versions!(\"versions\");\n");
        let main = format!(
            "fn main() -> std::process::ExitCode {{\n    rectify_cli::run::<{name}::Chain, _>(rectify::AnyConnection::connect)\n}}\n"
        );
        project.write("main.rs", &main);
        project
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Begins a chain anew.
    pub(crate) fn clear(&self) {
        fs::remove_dir_all(self.path("versions")).unwrap();
        fs::create_dir_all(self.path("versions")).unwrap();
        self.write("versions/HEAD", "");
    }

    /// Writes the models and builds the runner.
    #[track_caller]
    pub(crate) fn models(&self, text: &str) {
        self.write("models.rs", text);
        self.build();
    }

    #[track_caller]
    pub(crate) fn build(&self) {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(&self.folder).args(["build", "--quiet", "--color=never"]);
        cargo.env("CARGO_TARGET_DIR", target()).env_remove("OUT_DIR").env_remove("RUSTFLAGS");
        let output = cargo.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}\n{}", self.texts().concat());
        assert!(!said.contains("warning"), "{said}");
    }

    /// Runs a command as in a pipe: nobody is there to ask.
    pub(crate) fn run(&self, database: &TestDatabase, arguments: &[&str]) -> Said {
        let output = self.command(database, arguments).stdin(Stdio::null()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code().unwrap_or(-1) }
    }

    /// Runs a command on a terminal, where somebody types `answers`.
    pub(crate) fn run_on_a_terminal(&self, database: &TestDatabase, arguments: &[&str], answers: &str) -> Said {
        let mut terminal = Terminal::open();
        let mut command = self.command(database, arguments);
        let child = command.stdin(terminal.end()).stderr(terminal.end()).stdout(Stdio::piped()).spawn().unwrap();
        // The command's ends are its own from here on, so that what it says has an end.
        drop(command);
        let stderr = terminal.converse(answers);
        let output = child.wait_with_output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        Said { stdout, stderr, code: output.status.code().unwrap_or(-1) }
    }

    fn command(&self, database: &TestDatabase, arguments: &[&str]) -> Command {
        let name = self.folder.file_name().unwrap();
        let mut command = Command::new(target().join("debug").join(name));
        command.args(arguments).current_dir(&self.folder).env("DATABASE_URL", &database.url).env("NO_COLOR", "1");
        command
    }

    /// Runs a command that must succeed, and gives what it printed to stdout.
    #[track_caller]
    pub(crate) fn ok(&self, database: &TestDatabase, arguments: &[&str]) -> Said {
        let said = self.run(database, arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {said:?}\n{}", self.texts().concat());
        said
    }

    /// Runs a command that must fail and write nothing.
    #[track_caller]
    pub(crate) fn refused(&self, database: &TestDatabase, arguments: &[&str], code: i32, stderr: &str) {
        let before = self.texts();
        let said = self.run(database, arguments);
        assert_eq!((said.stderr.as_str(), said.code), (stderr, code), "{arguments:?}");
        assert_eq!(self.texts(), before, "{arguments:?} wrote something");
    }

    /// Writes what differs as a migration.
    #[track_caller]
    pub(crate) fn generate(&self, database: &TestDatabase, arguments: &[&str]) -> (PathBuf, String) {
        let (path, text, _) = self.written(database, &[&["--autogenerate"], arguments].concat());
        (path, text)
    }

    /// Writes a migration, and gives its path, its text and what was said; rustfmt has nothing to change in it.
    #[track_caller]
    pub(crate) fn written(&self, database: &TestDatabase, arguments: &[&str]) -> (PathBuf, String, String) {
        let said = self.ok(database, &[&["revision"], arguments].concat());
        let path = self.folder.join(said.stdout.trim());
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{said:?}: {error}"));
        let rustfmt = Command::new("rustfmt").args(["--check", "--edition", "2024"]).arg(&path).output().unwrap();
        assert!(rustfmt.status.success(), "{}", String::from_utf8_lossy(&rustfmt.stdout));
        (path, text, said.stderr)
    }

    /// The text of each migration.
    fn texts(&self) -> Vec<String> {
        let files = fs::read_dir(self.path("versions")).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<PathBuf> = files.collect();
        files.sort();
        files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
    }
}

fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap()
}
