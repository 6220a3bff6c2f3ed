//! The files of a new chain. Text only.

use super::Backend;

/// What varies in them.
pub(super) struct Templates {
    pub(super) backend: Backend,
    /// Where `rectify` comes from: `version = "0.1.0"`.
    pub(super) rectify: String,
    pub(super) rectify_cli: String,
    pub(super) rectify_cli_of_xtask: String,
}

/// What an xtask does for `cargo xtask migrate`.
pub(super) const CALL: &str = "rectify_cli::from_source(\"cargo xtask migrate\", arguments)";

impl Templates {
    /// Each file, from the root of the workspace, with its text.
    pub(super) fn files(&self, directory: &str, package: &str) -> Vec<(String, String)> {
        let below = |name: &str| format!("{directory}/{name}");
        vec![
            (below("Cargo.toml"), self.manifest(package)),
            (below("build.rs"), BUILD.to_owned()),
            (below("lib.rs"), LIB.replace("TESTED", self.tested())),
            (below("main.rs"), MAIN.replace("NAME", &package.replace('-', "_"))),
            (below("versions/HEAD"), String::new()),
            ("xtask/Cargo.toml".to_owned(), self.xtask_manifest()),
            ("xtask/src/main.rs".to_owned(), XTASK.replace("CALL", CALL)),
            ("rectify.toml".to_owned(), self.configuration(directory, package)),
        ]
    }

    /// The dependency of the migrations on the library.
    pub(super) fn rectify_line(&self) -> String {
        let features = match self.backend {
            Backend::Sqlite => "\"sqlite\"",
            Backend::Postgres => "\"postgres\"",
            Backend::Mysql => "\"mysql\"",
            Backend::Any => "\"sqlite\", \"postgres\", \"mysql\"",
        };
        format!("rectify = {{ {}, features = [{features}] }}", self.rectify)
    }

    /// The dependency of the runner binary on the commands.
    pub(super) fn runner_line(&self) -> String {
        format!("rectify-cli = {{ {}, default-features = false, features = [\"runner\"] }}", self.rectify_cli)
    }

    /// The dependency of the xtask on the commands.
    pub(super) fn xtask_line(&self) -> String {
        format!("rectify-cli = {{ {}, default-features = false }}", self.rectify_cli_of_xtask)
    }

    fn manifest(&self, package: &str) -> String {
        let (rectify, rectify_cli) = (self.rectify_line(), self.runner_line());
        format!(
            "[package]\n\
             name = \"{package}\"\n\
             description = \"The migrations of this workspace, and the program that runs them\"\n\
             version = \"0.1.0\"\n\
             edition = \"2024\"\n\
             publish = false\n\n\
             [lib]\n\
             path = \"lib.rs\"\n\n\
             [[bin]]\n\
             name = \"{package}\"\n\
             path = \"main.rs\"\n\n\
             [dependencies]\n\
             # For the tables and queries of data migrations. A table of more than 16 columns needs a feature: `32-column-tables`.\n\
             diesel = {{ version = \"2.3\", default-features = false }}\n\
             {rectify}\n\
             {rectify_cli}\n\n\
             [dev-dependencies]\n\
             # For `test_suite!`.\n\
             rectify = {{ {}, features = [\"testing\"] }}\n",
            self.rectify
        )
    }

    /// Where the tests of the chain find a database.
    fn tested(&self) -> &'static str {
        match self.backend {
            Backend::Sqlite | Backend::Any => {
                "on SQLite in memory, or on the server that RECTIFY_TEST_DATABASE_URL names"
            }
            Backend::Postgres => {
                "on the server that RECTIFY_TEST_DATABASE_URL names\n// (postgres://postgres@localhost/postgres)"
            }
            Backend::Mysql => "on the server that RECTIFY_TEST_DATABASE_URL names\n// (mysql://root@localhost/mysql)",
        }
    }

    fn xtask_manifest(&self) -> String {
        format!(
            "[package]\n\
             name = \"xtask\"\n\
             description = \"Tasks of this workspace\"\n\
             version = \"0.1.0\"\n\
             edition = \"2024\"\n\
             publish = false\n\n\
             # A light build, for it stands before every task: no Diesel here.\n\
             [dependencies]\n\
             {}\n",
            self.xtask_line()
        )
    }

    fn configuration(&self, directory: &str, package: &str) -> String {
        let (url, why) = match self.backend {
            Backend::Sqlite | Backend::Any => ("sqlite:target/rectify.db", ""),
            Backend::Postgres => ("env:DATABASE_URL", ": postgres://user:password@host/database"),
            Backend::Mysql => ("env:DATABASE_URL", ": mysql://user:password@host/database"),
        };
        format!(
            "# Rectify's configuration. Flags come first, then the environment (with .env), then this file.\n\
             # Relative paths count from the folder of this file.\n\n\
             # The database. \"env:NAME\" takes it from an environment variable{why}.\n\
             # DATABASE_URL and --database-url come before it.\n\
             url = \"{url}\"\n\n\
             # The folder of the migration files, and the package of the program that runs them.\n\
             versions = \"{directory}/versions\"\n\
             package = \"{package}\"\n"
        )
    }
}

const BUILD: &str = "\
//! Tells cargo to build the crate again when a migration is added, removed or renamed.

fn main() {
    println!(\"cargo:rerun-if-changed=versions\");
}
";

const LIB: &str = "\
//! The migrations of this workspace: one file per revision in `versions/`.

rectify::versions!(\"versions\");

// `cargo test` holds each revision to its way up and down, and the chain to the models (name their crate for it, as in main.rs,
// under `#[cfg(test)]`), TESTED.
rectify::test_suite!();
";

const MAIN: &str = "\
//! The runner: every command of Rectify over this chain, in one binary that needs neither cargo nor the source.

use std::process::ExitCode;

// For `check` and `revision --autogenerate`, the crate that declares the models is a dependency, and named here:
// use app_models as _;

fn main() -> ExitCode {
    rectify_cli::run::<NAME::Chain, _>(rectify::AnyConnection::connect)
}
";

const XTASK: &str = "\
//! `cargo xtask …`: the tasks of this workspace.

use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    match arguments.next() {
        Some(task) if task == \"migrate\" => CALL,
        _ => {
            eprintln!(\"usage: cargo xtask migrate COMMAND\");
            ExitCode::from(2)
        }
    }
}
";
