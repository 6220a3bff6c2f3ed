//! Names of revisions: `head`, `+1`, `ae1`, `label@head` -> revisions. It does not plan and knows no version rows but
//! those that it is given.

use crate::graph::Graph;
use crate::nearest::nearest;
use crate::verify::reach;

/// Why a text names no revision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResolveError {
    /// No id or label is or begins with the text.
    #[error("no revision or branch label is or begins with `{text}`")]
    Unknown {
        /// The text.
        text: String,
        /// The ids and labels nearest to it.
        nearest: Vec<String>,
    },
    /// Several ids or labels begin with the text.
    #[error("`{text}` is ambiguous: {} begin with it", list(.matches))]
    Ambiguous {
        /// The text.
        text: String,
        /// What begins with it.
        matches: Vec<String>,
    },
    /// One revision was asked for and there are several heads.
    #[error("`{text}` means {} revisions: {}", .heads.len(), list(.heads))]
    MultipleHeads {
        /// The text.
        text: String,
        /// The heads.
        heads: Vec<String>,
    },
    /// No branch has the name before the `@`.
    #[error("no branch is named `{branch}`")]
    UnknownBranch {
        /// The name.
        branch: String,
        /// The ids and labels nearest to it.
        nearest: Vec<String>,
    },
    /// The revision exists and lies outside the branch named before the `@`.
    #[error("revision `{text}` is not on the branch `{branch}`")]
    NotOnBranch {
        /// The revision.
        text: String,
        /// The branch.
        branch: String,
    },
    /// A number of steps leads to a fork.
    #[error("`{text}` is ambiguous: the way leads to {}", list(.ways))]
    AmbiguousWalk {
        /// The text.
        text: String,
        /// Where the way forks to.
        ways: Vec<String>,
        /// Whether it leads up, to children.
        up: bool,
    },
    /// A number of steps leads past the end of the chain.
    #[error("`{text}` leads {} step{}, and the chain goes on for {found}", .wanted.unsigned_abs(), plural(*.wanted))]
    TooFar {
        /// The text.
        text: String,
        /// The steps asked for.
        wanted: i64,
        /// The steps that there are.
        found: u64,
    },
    /// A number of steps in a direction that the command does not go.
    #[error("`{text}` leads nowhere: {command} takes {wanted}")]
    WrongWay {
        /// The text.
        text: String,
        /// What does not go there.
        command: &'static str,
        /// What it takes instead.
        wanted: &'static str,
    },
    /// A number of steps where only a name means something.
    #[error("`{text}` is a number of steps, and a revision must be named here")]
    Relative {
        /// The text.
        text: String,
    },
}

impl ResolveError {
    /// What to type instead.
    pub fn hint(&self) -> String {
        match self {
            Self::Unknown { nearest, .. } | Self::UnknownBranch { nearest, .. } if !nearest.is_empty() => {
                format!("did you mean {}?", list(nearest))
            }
            Self::Unknown { .. } => "`history` lists the revisions of the chain".to_owned(),
            Self::UnknownBranch { .. } => "`heads` lists the branch labels of the chain".to_owned(),
            Self::Ambiguous { .. } => "write more characters of the one that you mean".to_owned(),
            Self::MultipleHeads { .. } => {
                "name one of them, write `<branch>@head`, `heads` for all, or join them with `merge`".to_owned()
            }
            Self::NotOnBranch { text, .. } => format!("write `{text}` without the branch"),
            Self::AmbiguousWalk { text, ways, up: true } => {
                format!("say which way, as in `{}@{}`, or name the revision", first(ways), without_branch(text))
            }
            Self::AmbiguousWalk { ways, .. } => format!("name the revision, as in `{}`", first(ways)),
            Self::TooFar { text, wanted, .. } => match (text.rsplit_once('@'), *wanted > 0) {
                (Some((branch, _)), true) => format!("`{branch}@head` goes to the end of the branch"),
                (None, true) => "`heads` goes to the end".to_owned(),
                (_, false) => "`base` goes to the beginning".to_owned(),
            },
            Self::WrongWay { wanted, .. } => format!("write {wanted}"),
            Self::Relative { .. } => "name the revision by its id or branch label".to_owned(),
        }
    }
}

/// A text such as `+1`, `west@-2` or `ae10+3`, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Relative<'a> {
    pub(crate) branch: Option<&'a str>,
    pub(crate) symbol: Option<&'a str>,
    pub(crate) steps: i64,
}

/// Where a number of steps leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    At(usize),
    /// Exactly before the first revision.
    Base,
    /// Past the end, after as many steps; the last place is there for whoever stops at the end.
    End {
        last: Option<usize>,
        taken: u64,
    },
}

impl Graph {
    /// The revisions that a text names: an exact id or branch label, a beginning of one, `head`, `heads`, `base`,
    /// `label@head`, `label@heads`, `label@base`, `label@id`.
    ///
    /// `base` is no revision; `head` of an empty chain neither.
    ///
    /// # Errors
    ///
    /// Returns [`ResolveError`] if the text names nothing, too much, or a number of steps.
    pub fn resolve(&self, text: &str) -> Result<Vec<&str>, ResolveError> {
        self.resolve_all(text).map(|found| self.names(&found))
    }

    /// As [`Graph::resolve`], for where one revision or none (`base`) must be named.
    ///
    /// # Errors
    ///
    /// As [`Graph::resolve`], and where the text names several.
    pub fn resolve_one(&self, text: &str) -> Result<Option<&str>, ResolveError> {
        self.one(text).map(|found| found.map(|index| self.name(index)))
    }

    /// As [`Graph::resolve`], and also `current`, which is what the version rows say, and `-1` or `label@-1`, which count
    /// down from each head: what `show` and `edit` take. Heads that lead to the same revision name it once each.
    ///
    /// # Errors
    ///
    /// As [`Graph::resolve`], and where the steps lead past the first revision.
    pub fn resolve_shown(&self, rows: &[String], text: &str) -> Result<Vec<&str>, ResolveError> {
        if text == "current" {
            return rows.iter().map(|row| self.exact(row).map(|index| self.name(index))).collect();
        }
        match self.relative(text) {
            Some(Relative { branch, symbol: None, steps }) if steps < 0 => {
                let shown = self.shown_labels();
                let declaring = branch.map(|branch| self.branch(branch)).transpose()?;
                let on_branch = |head: &usize| match declaring {
                    None => true,
                    Some(at) => {
                        self.nodes()[at].branch_labels.iter().any(|label| shown[*head].contains(&label.as_str()))
                    }
                };
                let (mut found, mut shortest) = (Vec::new(), None);
                for head in self.effective_head_indices().into_iter().filter(on_branch) {
                    match self.walk(Some(head), steps, None, text)? {
                        Reached::At(index) => found.push(index),
                        Reached::Base => {}
                        Reached::End { taken, .. } => shortest = Some(shortest.map_or(taken, |least| taken.min(least))),
                    }
                }
                match shortest {
                    Some(taken) => Err(too_far(text, steps, taken)),
                    None => Ok(self.names(&found)),
                }
            }
            _ => self.resolve(text),
        }
    }

    pub(crate) fn resolve_all(&self, text: &str) -> Result<Vec<usize>, ResolveError> {
        if let Some(index) = self.ids.get(text).or_else(|| self.labels.get(text)) {
            return Ok(vec![*index]);
        }
        if let Some((branch, rest)) = text.split_once('@').filter(|(branch, _)| !branch.is_empty()) {
            return self.resolve_on_branch(text, branch, rest);
        }
        match text.strip_prefix('@').unwrap_or(text) {
            "heads" => Ok(self.effective_head_indices()),
            "head" => self.single_head(text, self.head_indices()),
            "base" => Ok(Vec::new()),
            _ if self.relative(text).is_some() => Err(ResolveError::Relative { text: text.to_owned() }),
            name => self.lookup(name, None).map(|index| vec![index]),
        }
    }

    pub(crate) fn one(&self, text: &str) -> Result<Option<usize>, ResolveError> {
        let found = self.resolve_all(text)?;
        match found[..] {
            [] => Ok(None),
            [index] => Ok(Some(index)),
            _ => Err(ResolveError::MultipleHeads { text: text.to_owned(), heads: self.owned_names(&found) }),
        }
    }

    /// The revision that the name before an `@` stands for.
    pub(crate) fn branch(&self, name: &str) -> Result<usize, ResolveError> {
        self.lookup(name, None).map_err(|error| match error {
            ResolveError::Unknown { text, nearest } => ResolveError::UnknownBranch { branch: text, nearest },
            other => other,
        })
    }

    /// The one revision that is, or begins with, the name; of the given branch only, if there is one.
    pub(crate) fn lookup(&self, name: &str, lineage: Option<&[bool]>) -> Result<usize, ResolveError> {
        if let Some(index) = self.ids.get(name).or_else(|| self.labels.get(name)) {
            return Ok(*index);
        }
        // Short ids are only found exactly: with them, a beginning says too little.
        let candidates = self.nodes().iter().enumerate().flat_map(|(index, node)| {
            let names = std::iter::once(&node.id).chain(&node.branch_labels);
            names.filter(|other| other.chars().count() > 3 && other.starts_with(name)).map(move |other| (index, other))
        });
        let on_branch = |index: usize| lineage.is_none_or(|lineage| lineage[index]);
        let found: Vec<(usize, &String)> =
            candidates.filter(|(index, _)| !name.is_empty() && on_branch(*index)).collect();
        match found[..] {
            [] => Err(self.unknown(name)),
            [(index, _)] => Ok(index),
            _ => {
                let matches = found.iter().map(|(_, other)| (*other).clone()).collect();
                Err(ResolveError::Ambiguous { text: name.to_owned(), matches })
            }
        }
    }

    /// The revision of a version row, which holds a whole id.
    pub(crate) fn exact(&self, row: &str) -> Result<usize, ResolveError> {
        self.ids.get(row).copied().ok_or_else(|| self.unknown(row))
    }

    /// Takes a relative text apart, unless the whole of it is an id or a branch label: `feature-2` may be one.
    pub(crate) fn relative<'a>(&self, text: &'a str) -> Option<Relative<'a>> {
        if self.ids.contains_key(text) || self.labels.contains_key(text) {
            return None;
        }
        let sign = text.rfind(['+', '-'])?;
        let digits = &text[sign + 1..];
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let count: i64 = digits.parse().unwrap_or(i64::MAX);
        let steps = if text[sign..].starts_with('-') { -count } else { count };
        let (branch, symbol) = match text[..sign].rsplit_once('@') {
            Some((branch, symbol)) => (Some(branch).filter(|branch| !branch.is_empty()), symbol),
            None => (None, &text[..sign]),
        };
        let is_word = symbol.chars().all(|c| c.is_alphanumeric() || c == '_');
        is_word.then_some(Relative { branch, symbol: Some(symbol).filter(|s| !s.is_empty()), steps })
    }

    /// Walks up (`steps` above zero) along children or down along parents; `None` is the place before the first.
    ///
    /// With a branch, only children on it are looked at. Dependencies are never walked.
    pub(crate) fn walk(
        &self,
        start: Option<usize>,
        steps: i64,
        branch: Option<&[bool]>,
        text: &str,
    ) -> Result<Reached, ResolveError> {
        let mut at = start;
        for taken in 0..steps.unsigned_abs() {
            let ways: Vec<usize> = match at {
                Some(index) if steps > 0 => self.on(branch, &self.children[index]),
                Some(index) => self.parents[index].clone(),
                None if steps > 0 => self.on(branch, &self.base_indices()),
                None => return Ok(Reached::End { last: None, taken }),
            };
            at = match ways[..] {
                [] if steps > 0 => return Ok(Reached::End { last: at, taken }),
                [] => None,
                [next] => Some(next),
                _ => {
                    let (text, ways) = (text.to_owned(), self.owned_names(&ways));
                    return Err(ResolveError::AmbiguousWalk { text, ways, up: steps > 0 });
                }
            };
        }
        Ok(at.map_or(Reached::Base, Reached::At))
    }

    pub(crate) fn owned_names(&self, indices: &[usize]) -> Vec<String> {
        indices.iter().map(|index| self.name(*index).to_owned()).collect()
    }

    fn resolve_on_branch(&self, text: &str, branch: &str, rest: &str) -> Result<Vec<usize>, ResolveError> {
        let lineage = self.lineage(self.branch(branch)?);
        match rest {
            "head" => self.single_head(text, self.on(Some(&lineage), &self.head_indices())),
            "heads" => Ok(self.on(Some(&lineage), &self.head_indices())),
            "base" => Ok(Vec::new()),
            _ if self.relative(text).is_some() => Err(ResolveError::Relative { text: text.to_owned() }),
            name => match self.lookup(name, Some(&lineage))? {
                index if lineage[index] => Ok(vec![index]),
                _ => Err(ResolveError::NotOnBranch { text: name.to_owned(), branch: branch.to_owned() }),
            },
        }
    }

    fn single_head(&self, text: &str, heads: Vec<usize>) -> Result<Vec<usize>, ResolveError> {
        if heads.len() < 2 {
            return Ok(heads);
        }
        Err(ResolveError::MultipleHeads { text: text.to_owned(), heads: self.owned_names(&heads) })
    }

    fn on(&self, branch: Option<&[bool]>, of: &[usize]) -> Vec<usize> {
        of.iter().copied().filter(|index| branch.is_none_or(|branch| branch[*index])).collect()
    }

    fn unknown(&self, text: &str) -> ResolveError {
        let names = self.ids.keys().chain(self.labels.keys()).map(String::as_str);
        let nearest = nearest(text, names).into_iter().map(str::to_owned).collect();
        ResolveError::Unknown { text: text.to_owned(), nearest }
    }

    /// The tips of a set along the given edges (child lists): its members without a child in it.
    pub(crate) fn tips(&self, set: &[bool], children: &[Vec<usize>]) -> Vec<usize> {
        let is_tip = |index: &usize| set[*index] && !children[*index].iter().any(|child| set[*child]);
        (0..set.len()).filter(is_tip).collect()
    }

    /// The revision and its ancestors along parents only.
    pub(crate) fn parent_line(&self, of: usize) -> Vec<bool> {
        reach(&self.parents, &[of])
    }
}

pub(crate) fn too_far(text: &str, wanted: i64, found: u64) -> ResolveError {
    ResolveError::TooFar { text: text.to_owned(), wanted, found }
}

fn plural(steps: i64) -> &'static str {
    if steps.abs() == 1 { "" } else { "s" }
}

fn first(names: &[String]) -> &str {
    names.first().map_or("<branch>", String::as_str)
}

/// `+2` of `west@+2`.
pub(crate) fn without_branch(text: &str) -> &str {
    text.rsplit_once('@').map_or(text, |(_, steps)| steps)
}

/// Names in backticks, at most four of them.
pub(crate) fn list(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(4).map(|name| format!("`{name}`")).collect();
    if names.len() > 4 {
        shown.push(format!("{} more", names.len() - 4));
    }
    shown.join(", ")
}
