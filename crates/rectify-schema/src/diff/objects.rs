//! Views, functions, triggers and their like: made anew where their text differs, or what they stand on changes.

use std::collections::{HashMap, HashSet};

use super::{Sides, expressions};
use crate::name::TableName;
use crate::ops::{CreateObject, DropObject, Operation, ReplaceObject};
use crate::schema::{ColumnType, ObjectKind, Schema, SqlObject};
use crate::text::tokens;

/// Gives what goes before the tables change, and what comes after.
pub(super) fn compare(
    sides: &Sides<'_>,
    from: &Schema,
    to: &Schema,
    tables: &[Operation],
) -> (Vec<Operation>, Vec<Operation>) {
    let (old, new) = (covered(sides, from), covered(sides, to));
    let (mut drops, mut creates) = (Vec::new(), Vec::new());
    let after: HashMap<_, _> = new.iter().map(|object| (key(object), *object)).collect();
    let before: HashSet<_> = old.iter().map(|object| key(object)).collect();
    let fates = fates(sides, &old, &after, tables);
    for (object, fate) in old.iter().zip(fates) {
        let replacement = || after.get(&key(object)).copied().cloned();
        match fate {
            Fate::Same => {}
            Fate::Gone => drops.push(DropObject::new((*object).clone()).into()),
            Fate::Replaced => {
                let replace = replacement().map(|new| ReplaceObject::new(new).existing((*object).clone()).into());
                creates.extend(replace);
            }
            Fate::Remade => {
                drops.push(DropObject::new((*object).clone()).into());
                creates.extend(replacement().map(|new| CreateObject::new(new).into()));
            }
        }
    }
    drops.reverse();
    let came = new.iter().filter(|object| !before.contains(&key(object)));
    creates.extend(came.map(|object| CreateObject::new((*object).clone()).into()));
    (drops, creates)
}

/// What becomes of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Same,
    /// It gets another text while what stands on it stays.
    Replaced,
    /// It is dropped and created.
    Remade,
    Gone,
}

type Key<'a> = (&'a ObjectKind, &'a TableName);

fn key(object: &SqlObject) -> Key<'_> {
    (&object.kind, &object.name)
}

fn covered<'a>(sides: &Sides<'_>, schema: &'a Schema) -> Vec<&'a SqlObject> {
    let covers = |object: &&SqlObject| sides.options.objects && sides.options.filter.covers(&object.name);
    schema.objects.iter().filter(covers).collect()
}

fn fates(
    sides: &Sides<'_>,
    old: &[&SqlObject],
    after: &HashMap<Key<'_>, &SqlObject>,
    tables: &[Operation],
) -> Vec<Fate> {
    if old.is_empty() {
        return Vec::new();
    }
    let text = |object: &SqlObject| object.definition_on(sides.dialect.name()).to_owned();
    let changed = Changed::of(tables);
    let read: Vec<Read> = old.iter().map(|object| Read::of(&text(object), after.get(&key(object)).copied())).collect();
    let mut fates = Vec::new();
    for (object, read) in old.iter().zip(&read) {
        fates.push(match after.get(&key(object)) {
            None => Fate::Gone,
            Some(new) if !same_text(&text(object), &text(new)) => {
                let touched = stands_on_shape(&object.kind) && changed.touches(object, &read.words);
                if touched { Fate::Remade } else { changed_text(sides, &object.kind, &text(object), &text(new)) }
            }
            Some(_) if stands_on_shape(&object.kind) && changed.touches(object, &read.words) => Fate::Remade,
            Some(_) if changed.is_under(&read.hidden) => Fate::Remade,
            Some(_) => Fate::Same,
        });
    }
    spread(old, &read, &mut fates);
    fates
}

/// What an object stands on.
struct Read {
    /// The words of its text, in small letters and without quotes.
    words: Vec<String>,
    /// The names that only the models say that it reads.
    hidden: Vec<String>,
}

impl Read {
    fn of(text: &str, model: Option<&SqlObject>) -> Self {
        let words = words(text);
        let names = model.iter().flat_map(|model| &model.reads).map(|name| name.name.to_lowercase());
        let hidden = names.filter(|name| !words.contains(name)).collect();
        Self { words, hidden }
    }
}

/// A text that is not known is no difference.
fn same_text(old: &str, new: &str) -> bool {
    old.is_empty() || new.is_empty() || old == new || expressions::canonical(old) == expressions::canonical(new)
}

/// A function that is replaced keeps its triggers, and what it returns; a view cannot be replaced by one with other columns.
fn changed_text(sides: &Sides<'_>, kind: &ObjectKind, old: &str, new: &str) -> Fate {
    match kind {
        ObjectKind::Function { .. }
            if sides.dialect.name() == "postgres" && returns(sides, old) != returns(sides, new) =>
        {
            Fate::Remade
        }
        ObjectKind::Function { .. } | ObjectKind::Procedure { .. } | ObjectKind::Trigger { .. } => Fate::Replaced,
        ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Policy { .. } | ObjectKind::Grant { .. } => {
            Fate::Remade
        }
    }
}

/// What a function of PostgreSQL returns, as the database spells it.
fn returns(sides: &Sides<'_>, text: &str) -> Option<String> {
    const ENDS: [&str; 17] = [
        "language",
        "transform",
        "window",
        "immutable",
        "stable",
        "volatile",
        "not",
        "leakproof",
        "called",
        "returns",
        "strict",
        "security",
        "external",
        "parallel",
        "cost",
        "rows",
        "as",
    ];
    let words: Vec<&str> = tokens(text).collect();
    let from = words.iter().position(|word| word.eq_ignore_ascii_case("returns"))? + 1;
    let is_end = |word: &&str| ENDS.iter().any(|end| word.eq_ignore_ascii_case(end));
    let len = words[from..].iter().position(is_end).unwrap_or(words.len() - from);
    let spelled = words[from..from + len].join(" ").to_lowercase();
    let (set, name) = match spelled.strip_prefix("setof ") {
        Some(name) => ("setof ", name),
        None => ("", spelled.as_str()),
    };
    let known = sides.dialect.normalize_type(&ColumnType::Custom(name.to_owned()));
    Some(format!("{set}{known:?}"))
}

/// Tells whether the database keeps what the object stands on from changing.
const fn stands_on_shape(kind: &ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Trigger { .. } | ObjectKind::Policy { .. }
    )
}

/// Whatever stands on an object that goes, for good or for a while, goes with it.
fn spread(old: &[&SqlObject], read: &[Read], fates: &mut [Fate]) {
    let goes = |fate: Fate| matches!(fate, Fate::Gone | Fate::Remade);
    let mut waiting: Vec<usize> = (0..old.len()).filter(|at| goes(fates[*at])).collect();
    if waiting.is_empty() {
        return;
    }
    // Who speaks of what.
    let mut speakers: HashMap<&str, Vec<usize>> = HashMap::new();
    for at in 0..old.len() {
        let words = read[at].words.iter().filter(|_| stands_on_shape(&old[at].kind));
        words.chain(&read[at].hidden).for_each(|word| speakers.entry(word).or_default().push(at));
    }
    while let Some(gone) = waiting.pop() {
        let name = old[gone].name.name.to_lowercase();
        for at in speakers.remove(name.as_str()).unwrap_or_default() {
            if at != gone && !goes(fates[at]) {
                fates[at] = Fate::Remade;
                waiting.push(at);
            }
        }
    }
}

/// The words of a text without quotes, in small letters.
fn words(text: &str) -> Vec<String> {
    tokens(text).map(|word| word.trim_matches(['"', '`', '[', ']']).to_lowercase()).collect()
}

/// The tables that change under what stands on them.
#[derive(Default)]
struct Changed {
    /// By name, the columns that go or are others; none for the whole table.
    columns: HashMap<String, Option<HashSet<String>>>,
    /// Those that get another shape.
    shapes: HashSet<String>,
}

impl Changed {
    fn of(operations: &[Operation]) -> Self {
        let mut changed = Self::default();
        for operation in operations {
            match operation {
                Operation::CreateTable(op) => changed.shape(&op.table.name),
                Operation::AddColumn(op) => changed.shape(&op.table),
                Operation::DropTable(op) => {
                    changed.shape(&op.table);
                    changed.columns.insert(op.table.name.to_lowercase(), None);
                }
                Operation::DropColumn(op) => changed.column(&op.table, &op.column),
                Operation::AlterColumn(op)
                    if op.change.column_type.is_some()
                        || op.change.rename_to.is_some()
                        || !op.change.collation.is_keep() =>
                {
                    changed.column(&op.table, &op.change.column);
                }
                Operation::AlterEnum(op) => {
                    op.columns.iter().for_each(|(table, column)| changed.column(table, &column.name));
                }
                Operation::AddEnumValue(op) => {
                    let columns = op.undo.iter().flat_map(|undo| &undo.columns);
                    columns.for_each(|(table, column)| changed.column(table, &column.name));
                }
                _ => {}
            }
        }
        changed
    }

    fn shape(&mut self, table: &TableName) {
        self.shapes.insert(table.name.to_lowercase());
    }

    /// Whether any of these names is of a table that changes.
    fn is_under(&self, names: &[String]) -> bool {
        names.iter().any(|name| self.shapes.contains(name))
    }

    fn column(&mut self, table: &TableName, column: &str) {
        self.shape(table);
        if let Some(columns) = self.columns.entry(table.name.to_lowercase()).or_insert_with(|| Some(HashSet::new())) {
            columns.insert(column.to_lowercase());
        }
    }

    fn touches(&self, object: &SqlObject, words: &[String]) -> bool {
        if self.columns.is_empty() {
            return false;
        }
        let table = match &object.kind {
            ObjectKind::Trigger { table } | ObjectKind::Policy { table } => Some(table.name.to_lowercase()),
            _ => None,
        };
        let all = words.iter().enumerate().any(|(at, word)| word == "*" && (at == 0 || words[at - 1] != "("));
        words.iter().chain(&table).any(|name| match self.columns.get(name) {
            Some(Some(columns)) => all || words.iter().any(|word| columns.contains(word)),
            Some(None) => true,
            None => false,
        })
    }
}
