//! The cases as their files hold them. `about` in each file says what the fields mean.

use std::path::{Path, PathBuf};
use std::{env, fs};

use rectify_schema::{Dialect, dialect};
use serde::Deserialize;
use serde_json::Value;

/// The variable with another folder of case files.
const FOLDER_VARIABLE: &str = "RECTIFY_DDL_CASES";

/// The cases of all files of a folder.
pub(crate) struct Corpus {
    pub(crate) cases: Vec<Case>,
    /// Whether it is the one that belongs to this test.
    pub(crate) is_default: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    dialect: String,
    pub(crate) op: Value,
    /// What runs after the fixture and before the operation.
    #[serde(default)]
    pub(crate) setup: Vec<String>,
    /// What Alembic renders.
    #[serde(default)]
    pub(crate) sql: Vec<String>,
    /// Why Alembic refuses.
    pub(crate) error: Option<String>,
    pub(crate) naming_convention: Option<Value>,
    /// Set to `false` where Alembic was to leave placeholders in the script.
    pub(crate) literal_binds: Option<bool>,
    /// The tables that are there before, from `about`.
    #[serde(skip)]
    pub(crate) fixture: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    about: Value,
    cases: Vec<Case>,
}

impl Corpus {
    pub(crate) fn read() -> Corpus {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/ddl");
        let named = env::var_os(FOLDER_VARIABLE).map(PathBuf::from);
        let folder = named.as_deref().unwrap_or(&own);
        let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        paths.sort();
        let cases: Vec<_> = paths.iter().flat_map(|path| read(path)).collect();
        assert!(!cases.is_empty(), "no cases in {}", folder.display());
        Corpus { cases, is_default: named.is_none() }
    }
}

fn read(path: &Path) -> Vec<Case> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    let file: File = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let fixture = |case: &Case| {
        let key = if case.dialect == "mysql" { "mariadb" } else { &case.dialect };
        let statements = file.about["conventions"]["fixture"][key].as_array().cloned().unwrap_or_default();
        statements.iter().filter_map(|sql| sql.as_str().map(str::to_owned)).collect()
    };
    file.cases.iter().map(fixture).collect::<Vec<Vec<String>>>().into_iter().zip(file.cases).map(with_fixture).collect()
}

fn with_fixture((fixture, case): (Vec<String>, Case)) -> Case {
    Case { fixture, ..case }
}

impl Case {
    pub(crate) fn dialect(&self) -> &'static dyn Dialect {
        match self.dialect.as_str() {
            "postgresql" => dialect::POSTGRES,
            "mysql" => dialect::MYSQL,
            "mariadb" => dialect::MARIADB,
            "sqlite" => dialect::SQLITE,
            other => panic!("{}: no dialect is called {other}", self.id),
        }
    }

    /// The operation's name; the first one's where there are several.
    pub(crate) fn op_name(&self) -> &str {
        let op = self.op.as_array().and_then(|ops| ops.first()).unwrap_or(&self.op);
        op["name"].as_str().unwrap_or_default()
    }
}
