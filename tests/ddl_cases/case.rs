//! The cases as their files hold them. `about` in each file says what the fields mean.

use rectify_schema::{Dialect, Operation, dialect};
use serde::Deserialize;
use serde_json::Value;

use crate::suite::folder;
use crate::types::Expressed;
use crate::{express, naming};

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
        let (files, is_default) = folder::read::<File>("ddl", "RECTIFY_DDL_CASES");
        Corpus { cases: files.into_iter().flat_map(cases).collect(), is_default }
    }
}

fn cases(file: File) -> Vec<Case> {
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

    /// The operations that say what the case says.
    pub(crate) fn operations(&self) -> Expressed<Vec<Operation>> {
        naming::convention(self.convention())?;
        let ops = match &self.op {
            Value::Array(ops) => ops.iter().collect(),
            op => vec![op],
        };
        let mut all: Vec<Operation> = Vec::new();
        for op in ops {
            for operation in express::operation(self.dialect(), op)? {
                // Two tables that share an enum need it once.
                if !all.contains(&operation) {
                    all.push(operation);
                }
            }
        }
        Ok(all)
    }

    /// The naming convention as the case gives it.
    pub(crate) fn convention(&self) -> Option<&Value> {
        self.naming_convention.as_ref().or_else(|| self.op.get("naming_convention"))
    }

    /// The operation's name; the first one's where there are several.
    pub(crate) fn op_name(&self) -> &str {
        let op = self.op.as_array().and_then(|ops| ops.first()).unwrap_or(&self.op);
        op["name"].as_str().unwrap_or_default()
    }
}
