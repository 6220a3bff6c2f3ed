//! The cases as their files hold them. `about` in each file says what the fields mean.

use rectify_schema::diff::{DiffOptions, Filter};
use rectify_schema::{Dialect, dialect};
use serde::Deserialize;
use serde_json::Value;

use crate::suite::folder;

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
    /// What makes the database.
    pub(crate) before: Vec<String>,
    /// The tables that it should have.
    pub(crate) model: Vec<Value>,
    /// What Alembic finds.
    #[serde(default)]
    pub(crate) diffs: Vec<Value>,
    /// The reverse of what it finds.
    #[serde(default)]
    pub(crate) downgrade: Vec<Value>,
    #[serde(default)]
    pub(crate) filter: Value,
    #[serde(default)]
    pub(crate) include_schemas: bool,
    pub(crate) naming_convention: Option<Value>,
    /// Whether Alembic was asked to compare checks.
    #[serde(default)]
    pub(crate) check_constraint_plugin: bool,
    /// Why Alembic fails.
    pub(crate) error: Option<String>,
    /// What Alembic warns of.
    #[serde(default)]
    pub(crate) warnings: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

impl Corpus {
    pub(crate) fn read() -> Corpus {
        let (files, is_default) = folder::read::<File>("autogenerate", "RECTIFY_AUTOGENERATE_CASES");
        Corpus { cases: files.into_iter().flat_map(|file| file.cases).collect(), is_default }
    }
}

impl Case {
    pub(crate) fn dialect(&self) -> &'static dyn Dialect {
        match self.dialect.as_str() {
            "postgresql" => dialect::POSTGRES,
            "mariadb" => dialect::MARIADB,
            "sqlite" => dialect::SQLITE,
            other => panic!("{}: no dialect is called {other}", self.id),
        }
    }

    /// What it is about: the first part of its id.
    pub(crate) fn subject(&self) -> &str {
        self.id.split('/').next().unwrap_or_default()
    }

    /// What is to be passed over, as our patterns say it.
    pub(crate) fn options(&self) -> DiffOptions {
        let mut exclude = Vec::new();
        for skip in ["object_skip", "name_skip"] {
            for pair in self.filter[skip].as_array().into_iter().flatten() {
                let (kind, name) = (pair[0].as_str().unwrap_or_default(), pair[1].as_str().unwrap_or_default());
                exclude.push(if kind == "table" { name.to_owned() } else { format!("{kind}:{name}") });
            }
        }
        DiffOptions { filter: Filter { include: Vec::new(), exclude }, ..DiffOptions::default() }
    }
}
