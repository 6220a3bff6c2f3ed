//! The cases as their files hold them. `about` in each file says what the fields mean.

use std::path::{Path, PathBuf};
use std::{env, fs};

use rectify_chain::Node;
use serde::Deserialize;
use serde_json::Value;

/// The variable with another folder of case files.
const FOLDER_VARIABLE: &str = "RECTIFY_GRAPH_CASES";

/// The cases of all files of a folder.
pub(crate) struct Corpus {
    pub(crate) cases: Vec<Case>,
    /// Whether it is the one that belongs to this test.
    pub(crate) is_default: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) revisions: Vec<Revision>,
    pub(crate) op: String,
    /// The rows of the version table before.
    #[serde(default)]
    pub(crate) current: Vec<String>,
    #[serde(default)]
    pub(crate) target: Option<Target>,
    pub(crate) expect: Expect,
    #[serde(default)]
    pub(crate) check_heads: bool,
    #[serde(default)]
    pub(crate) purge: bool,
    /// The same steps were also seen in another order.
    #[serde(default)]
    pub(crate) unordered: bool,
    #[serde(default)]
    pub(crate) also_seen: Vec<Expect>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Revision {
    pub(crate) id: String,
    pub(crate) down: Vec<String>,
    pub(crate) depends_on: Vec<String>,
    pub(crate) labels: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Target {
    One(String),
    Several(Vec<String>),
}

/// What Alembic did.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Expect {
    pub(crate) error: Option<String>,
    #[serde(default)]
    pub(crate) contains: String,
    #[serde(default)]
    pub(crate) crash: bool,
    pub(crate) steps: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) steps_before_error: Vec<String>,
    pub(crate) version_rows_after: Option<Vec<String>>,
    pub(crate) trace: Option<Vec<Trace>>,
    pub(crate) version_sql: Option<Vec<String>>,
    pub(crate) version_sql_any_of: Option<Vec<Vec<String>>>,
    pub(crate) creates_version_table: Option<usize>,
    /// The answers of operations that only inspect the map.
    #[serde(flatten)]
    pub(crate) others: serde_json::Map<String, Value>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Trace {
    pub(crate) step: String,
    pub(crate) rows: Vec<String>,
    pub(crate) sql: Option<Vec<String>>,
}

impl Corpus {
    pub(crate) fn read() -> Corpus {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/graph");
        let named = env::var_os(FOLDER_VARIABLE).map(PathBuf::from);
        let folder = named.as_deref().unwrap_or(&own);
        let mut cases = Vec::new();
        for file in files(folder) {
            cases.extend(read(&file));
        }
        assert!(!cases.is_empty(), "there are no cases in {}", folder.display());
        Corpus { cases, is_default: named.is_none() }
    }
}

/// The JSON files of a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

fn read(file: &Path) -> Vec<Case> {
    #[derive(Deserialize)]
    struct Cases {
        cases: Vec<Case>,
    }
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()));
    let cases: Cases = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    cases.cases
}

impl Case {
    pub(crate) fn nodes(&self) -> Vec<Node> {
        let node = |revision: &Revision| Node {
            id: revision.id.clone(),
            down_revisions: revision.down.clone(),
            depends_on: revision.depends_on.clone(),
            branch_labels: revision.labels.clone(),
            message: String::new(),
            origin: format!("{}.py", revision.id),
        };
        self.revisions.iter().map(node).collect()
    }

    /// The same question, to be asked in another way.
    pub(crate) fn without_expectations(&self) -> Case {
        Case {
            id: self.id.clone(),
            revisions: self.revisions.clone(),
            op: self.op.clone(),
            current: self.current.clone(),
            target: self.target.clone(),
            check_heads: self.check_heads,
            purge: self.purge,
            unordered: self.unordered,
            expect: Expect::default(),
            also_seen: Vec::new(),
        }
    }

    pub(crate) fn targets(&self) -> Vec<&str> {
        match &self.target {
            None => Vec::new(),
            Some(Target::One(text)) => vec![text],
            Some(Target::Several(texts)) => texts.iter().map(String::as_str).collect(),
        }
    }

    /// The target of an operation that takes one.
    pub(crate) fn target(&self) -> &str {
        match self.targets()[..] {
            [text] => text,
            ref other => panic!("{}: {} takes one target, not {other:?}", self.id, self.op),
        }
    }

    /// What Alembic was seen to do, in different runs.
    pub(crate) fn expectations(&self) -> impl Iterator<Item = &Expect> {
        std::iter::once(&self.expect).chain(&self.also_seen)
    }
}
