//! The order in which operations run: what something needs comes before it, what stands on something goes before it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::knows::Knows;
use super::{enums, numbering};
use crate::name::TableName;
use crate::ops::Operation;
use crate::schema::{Column, Exclude, ForeignKey, Index, IndexTarget, ObjectKind, SequenceOptions, SqlObject, Table};

/// Something that operations make, drop or stand on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Thing {
    Table(TableName),
    Column(TableName, String),
    /// The keys of a table that a foreign key can refer to.
    Keys(TableName),
    /// The indexes that begin with a column, one of which a foreign key may need.
    Leading(TableName, String),
    /// The columns of a table, as a view sees them.
    Shape(TableName),
    /// An index or a constraint, by name.
    Part(TableName, String),
    Enum(TableName),
    Schema(String),
    Sequence(TableName),
    Object(String),
    /// A table without a numbered column: what may stand beside none comes and goes in between.
    Unnumbered(TableName),
    /// All of a table but its numbering.
    Numberable(TableName),
    /// The columns of a table that may be numbered, as the foreign keys on either side hold them fast.
    Held(TableName),
}

/// What an operation does to things.
#[derive(Debug, Default)]
struct Facts {
    makes: Vec<Thing>,
    drops: Vec<Thing>,
    /// What has to be there for what the operation makes.
    needs: Vec<Thing>,
    /// What cannot be dropped before the operation has run.
    frees: Vec<Thing>,
}

/// Puts operations into an order that runs, and changes the order no more than that takes.
pub(super) fn sort(operations: Vec<Operation>, knows: Knows) -> Vec<Operation> {
    let mut facts: Vec<Facts> = Vec::new();
    let names = Names::of(&operations);
    for operation in &operations {
        let mut found = Facts::default();
        found.add(operation, knows, &names);
        facts.push(found);
    }
    let edges = edges(&facts, knows);
    let order = topological(operations.len(), &edges);
    let mut operations: Vec<_> = operations.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| operations[at].take()).collect()
}

/// The names in play, to be looked for in SQL texts.
struct Names {
    tables: HashMap<String, Vec<TableName>>,
    objects: HashMap<String, Vec<Thing>>,
}

impl Names {
    fn of(operations: &[Operation]) -> Self {
        let mut names = Self { tables: HashMap::new(), objects: HashMap::new() };
        for operation in operations {
            names.add(operation);
        }
        names
    }

    fn add(&mut self, operation: &Operation) {
        match operation {
            Operation::BatchAlterTable(op) => op.changes.iter().for_each(|change| self.add(change)),
            Operation::CreateTable(op) => self.table(&op.table.name),
            Operation::DropTable(op) => self.table(&op.table),
            Operation::AddColumn(op) => self.table(&op.table),
            Operation::AlterColumn(op) => self.table(&op.table),
            Operation::DropColumn(op) => self.table(&op.table),
            Operation::CreateObject(op) => self.object(&op.object),
            Operation::DropObject(op) => self.object(&op.object),
            Operation::ReplaceObject(op) => self.object(&op.object),
            Operation::CreateSequence(op) => {
                let name = &op.sequence.name;
                self.thing(&name.name, Thing::Sequence(name.clone()));
            }
            Operation::DropSequence(op) => self.thing(&op.name.name, Thing::Sequence(op.name.clone())),
            _ => {}
        }
    }

    fn table(&mut self, name: &TableName) {
        let known = self.tables.entry(name.name.to_lowercase()).or_default();
        if !known.contains(name) {
            known.push(name.clone());
        }
    }

    fn object(&mut self, object: &SqlObject) {
        self.thing(&object.name.name, Thing::Object(key(object)));
    }

    fn thing(&mut self, name: &str, thing: Thing) {
        let known = self.objects.entry(name.to_lowercase()).or_default();
        if !known.contains(&thing) {
            known.push(thing);
        }
    }

    /// What of these a text speaks of.
    fn in_text(&self, text: &str) -> Vec<Thing> {
        let mut found = Vec::new();
        if self.tables.is_empty() && self.objects.is_empty() {
            return found;
        }
        for word in crate::text::tokens(text) {
            // A text literal may hold the name of a sequence, or the body of a function.
            for name in word.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')) {
                let name = name.to_lowercase();
                found.extend(self.objects.get(&name).into_iter().flatten().cloned());
                for table in self.tables.get(&name).into_iter().flatten() {
                    found.extend([Thing::Table(table.clone()), Thing::Shape(table.clone())]);
                }
            }
        }
        found
    }
}

fn key(object: &SqlObject) -> String {
    format!("{:?} {}", object.kind, object.name)
}

impl Facts {
    fn add(&mut self, operation: &Operation, knows: Knows, names: &Names) {
        if knows.numbered_keys && self.add_numbering(operation) {
            return;
        }
        match operation {
            Operation::BatchAlterTable(op) => {
                op.changes.iter().for_each(|change| self.add(change, knows, names));
            }
            Operation::CreateTable(op) => {
                self.makes.extend(parts(&op.table));
                self.needs.extend(needed_by_table(&op.table, knows, names));
            }
            Operation::DropTable(op) => {
                self.drops.push(Thing::Table(op.table.clone()));
                if let Some(table) = &op.definition {
                    self.drops.extend(parts(table));
                    self.frees.extend(needed_by_table(table, knows, names));
                }
            }
            Operation::RenameTable(op) => {
                self.makes.push(Thing::Table(op.from.sibling(&op.to)));
                self.drops.extend([Thing::Table(op.from.clone()), Thing::Shape(op.from.clone())]);
            }
            Operation::AddColumn(op) => {
                self.makes.extend([column(&op.table, &op.column.name), Thing::Shape(op.table.clone())]);
                if op.column.primary_key {
                    self.makes.extend([part(&op.table, "primary key"), Thing::Keys(op.table.clone())]);
                }
                self.needs.extend(needed_by_column(&op.column, names));
            }
            Operation::DropColumn(op) => {
                self.drops.extend([column(&op.table, &op.column), Thing::Shape(op.table.clone())]);
                if op.definition.as_ref().is_some_and(|column| column.primary_key) {
                    self.drops.extend([part(&op.table, "primary key"), Thing::Keys(op.table.clone())]);
                }
                self.frees.extend(op.definition.iter().flat_map(|column| needed_by_column(column, names)));
            }
            Operation::AlterColumn(op) => {
                let change = &op.change;
                self.drops.extend([column(&op.table, &change.column), Thing::Shape(op.table.clone())]);
                let name = change.rename_to.as_ref().unwrap_or(&change.column);
                self.makes.extend([column(&op.table, name), Thing::Shape(op.table.clone())]);
                if let Some(old) = &op.existing {
                    let (before, after) =
                        (needed_by_column(old, names), needed_by_column(&change.apply_to(old), names));
                    self.frees.extend(before.iter().filter(|thing| !after.contains(thing)).cloned());
                    self.needs.extend(after.into_iter().filter(|thing| !before.contains(thing)));
                }
            }
            Operation::CreateIndex(op) => {
                self.makes.push(part(&op.index.table, &op.index.name));
                self.makes.extend(leading(&op.index));
                if op.index.unique {
                    self.makes.push(Thing::Keys(op.index.table.clone()));
                }
                self.needs.extend(needed_by_index(&op.index, names));
            }
            Operation::DropIndex(op) => {
                let Some(index) = &op.definition else { return };
                self.drops.push(part(&index.table, &op.name));
                self.drops.extend(leading(index));
                if index.unique {
                    self.drops.push(Thing::Keys(index.table.clone()));
                }
                self.frees.extend(needed_by_index(index, names));
            }
            Operation::CreatePrimaryKey(op) => {
                self.makes.extend([part(&op.table, "primary key"), Thing::Keys(op.table.clone())]);
                self.needs.extend(op.primary_key.columns.iter().map(|name| column(&op.table, name)));
            }
            Operation::DropPrimaryKey(op) => {
                self.drops.extend([part(&op.table, "primary key"), Thing::Keys(op.table.clone())]);
                let columns = op.definition.iter().flat_map(|key| &key.columns);
                self.frees.extend(columns.map(|name| column(&op.table, name)));
            }
            Operation::CreateUnique(op) => {
                let name = op.unique.name.as_deref().unwrap_or_default();
                self.makes.extend([part(&op.table, name), Thing::Keys(op.table.clone())]);
                self.needs.extend(op.unique.columns.iter().map(|name| column(&op.table, name)));
            }
            Operation::DropUnique(op) => {
                self.drops.extend([part(&op.table, &op.name), Thing::Keys(op.table.clone())]);
                let columns = op.definition.iter().flat_map(|unique| &unique.columns);
                self.frees.extend(columns.map(|name| column(&op.table, name)));
            }
            Operation::CreateForeignKey(op) => {
                let name = op.foreign_key.name.as_deref().unwrap_or_default();
                self.makes.push(part(&op.table, name));
                self.needs.extend(needed_by_foreign_key(&op.table, &op.foreign_key, knows));
            }
            Operation::DropForeignKey(op) => {
                self.drops.push(part(&op.table, &op.name));
                let key = op.definition.iter();
                self.frees.extend(key.flat_map(|key| needed_by_foreign_key(&op.table, key, knows)));
            }
            Operation::CreateCheck(op) => {
                self.makes.push(part(&op.table, op.check.name.as_deref().unwrap_or_default()));
                self.needs.extend(needed_by_text(&op.table, &op.check.expression, names));
            }
            Operation::DropCheck(op) => {
                self.drops.push(part(&op.table, &op.name));
                let checks = op.definition.iter();
                self.frees.extend(checks.flat_map(|check| needed_by_text(&op.table, &check.expression, names)));
            }
            Operation::CreateExclude(op) => {
                self.makes.push(part(&op.table, op.exclude.name.as_deref().unwrap_or_default()));
                self.needs.extend(needed_by_exclude(&op.table, &op.exclude, names));
            }
            Operation::DropExclude(op) => {
                self.drops.push(part(&op.table, &op.name));
                let excludes = op.definition.iter();
                self.frees.extend(excludes.flat_map(|exclude| needed_by_exclude(&op.table, exclude, names)));
            }
            Operation::SetTableComment(op) => self.needs.push(Thing::Table(op.table.clone())),
            Operation::SetTableOptions(op) => {
                let (comes, goes) = op.inherits();
                self.needs.push(Thing::Table(op.table.clone()));
                // The columns of the parent are those of the child, too.
                let both = |parent: &TableName| [Thing::Table(parent.clone()), Thing::Shape(parent.clone())];
                self.needs.extend(comes.iter().flat_map(|parent| both(parent)));
                self.needs.extend(comes.first().map(|_| Thing::Shape(op.table.clone())));
                self.frees.extend(goes.iter().flat_map(|parent| both(parent)));
            }
            Operation::CreateEnum(op) => {
                self.makes.push(Thing::Enum(op.enum_type.name.clone()));
                self.needs.extend(schema(&op.enum_type.name));
            }
            Operation::DropEnum(op) => {
                self.drops.push(Thing::Enum(op.name.clone()));
                self.frees.extend(schema(&op.name));
            }
            Operation::AddEnumValue(op) => self.makes.push(Thing::Enum(op.name.clone())),
            Operation::AlterEnum(op) => self.makes.push(Thing::Enum(op.enum_type.name.clone())),
            Operation::RenameEnumValue(op) => self.makes.push(Thing::Enum(op.name.clone())),
            Operation::CreateSchema(op) => self.makes.push(Thing::Schema(op.name.clone())),
            Operation::DropSchema(op) => self.drops.push(Thing::Schema(op.name.clone())),
            Operation::CreateSequence(op) => {
                self.makes.push(Thing::Sequence(op.sequence.name.clone()));
                self.needs.extend(schema(&op.sequence.name).into_iter().chain(owner(&op.sequence.options)));
            }
            Operation::AlterSequence(op) => {
                self.needs.push(Thing::Sequence(op.name.clone()));
                self.needs.extend(owner(&op.options));
                self.frees.push(Thing::Sequence(op.name.clone()));
                self.frees.extend(op.existing.iter().flat_map(|was| owner(&was.options)));
            }
            Operation::DropSequence(op) => {
                self.drops.push(Thing::Sequence(op.name.clone()));
                let owners = op.definition.iter().flat_map(|was| owner(&was.options));
                self.frees.extend(schema(&op.name).into_iter().chain(owners));
            }
            Operation::CreateObject(op) => {
                self.makes.push(Thing::Object(key(&op.object)));
                self.needs.extend(needed_by_object(&op.object, names));
            }
            Operation::DropObject(op) => {
                self.drops.push(Thing::Object(key(&op.object)));
                self.frees.extend(needed_by_object(&op.object, names));
            }
            Operation::ReplaceObject(op) => {
                self.makes.push(Thing::Object(key(&op.object)));
                let after = needed_by_object(&op.object, names);
                let before = op.existing.iter().flat_map(|object| needed_by_object(object, names));
                self.frees.extend(before.filter(|thing| !after.contains(thing)));
                self.needs.extend(after);
            }
            Operation::CreateExtension(_)
            | Operation::DropExtension(_)
            | Operation::BulkInsert(_)
            | Operation::Sql(_) => {}
        }
    }
}

impl Facts {
    /// Says when a table is numbered, beside all else; and tells whether the operation does nothing but number it.
    fn add_numbering(&mut self, operation: &Operation) -> bool {
        if let Operation::AlterColumn(op) = operation
            && let Some(begins) = numbering::alone(op)
        {
            self.drops.push(Thing::Held(op.table.clone()));
            self.makes.push(Thing::Held(op.table.clone()));
            if begins {
                self.needs.extend([Thing::Unnumbered(op.table.clone()), Thing::Numberable(op.table.clone())]);
            } else {
                self.makes.push(Thing::Unnumbered(op.table.clone()));
            }
            return true;
        }
        let held =
            |table: &TableName, key: &ForeignKey| [Thing::Held(table.clone()), Thing::Held(key.references.clone())];
        match operation {
            Operation::CreateForeignKey(op) => self.needs.extend(held(&op.table, &op.foreign_key)),
            Operation::DropForeignKey(op) => {
                self.frees.extend(op.definition.iter().flat_map(|key| held(&op.table, key)));
            }
            Operation::CreateTable(op) => {
                self.needs.extend(op.table.foreign_keys.iter().flat_map(|key| held(&op.table.name, key)));
            }
            Operation::DropTable(op) => {
                let keys = op.definition.iter().flat_map(|table| &table.foreign_keys);
                self.frees.extend(keys.flat_map(|key| held(&op.table, key)));
            }
            _ => {
                let table = operation.altered_table().into_iter();
                self.needs.extend(table.clone().cloned().map(Thing::Unnumbered));
                self.makes.extend(table.cloned().map(Thing::Numberable));
            }
        }
        false
    }
}

fn column(table: &TableName, name: &str) -> Thing {
    Thing::Column(table.clone(), name.to_owned())
}

fn part(table: &TableName, name: &str) -> Thing {
    Thing::Part(table.clone(), name.to_owned())
}

fn leading(index: &Index) -> Option<Thing> {
    match &index.columns.first()?.target {
        IndexTarget::Column(name) => Some(Thing::Leading(index.table.clone(), name.clone())),
        IndexTarget::Expression(_) => None,
    }
}

fn schema(name: &TableName) -> Option<Thing> {
    name.schema.clone().map(Thing::Schema)
}

/// The column that a sequence goes with.
fn owner(options: &SequenceOptions) -> Vec<Thing> {
    let owned_by = options.owned_by.iter();
    owned_by.flat_map(|(table, name)| [Thing::Table(table.clone()), column(table, name)]).collect()
}

/// What comes and goes with a table.
fn parts(table: &Table) -> Vec<Thing> {
    let name = &table.name;
    vec![Thing::Table(name.clone()), Thing::Keys(name.clone()), Thing::Shape(name.clone())]
}

fn needed_by_table(table: &Table, knows: Knows, names: &Names) -> Vec<Thing> {
    let mut needs: Vec<_> = schema(&table.name).into_iter().collect();
    needs.extend(table.options.inherits.iter().cloned().map(Thing::Table));
    needs.extend(table.columns.iter().flat_map(|column| needed_by_column(column, names)));
    for key in table.foreign_keys.iter().filter(|key| key.references != table.name) {
        needs.extend(needed_by_foreign_key(&table.name, key, knows));
    }
    let indexed = table.indexes.iter().flat_map(|index| &index.columns);
    let indexed = indexed.chain(table.excludes.iter().flat_map(|exclude| &exclude.elements).map(|of| &of.column));
    let indexed = indexed.filter_map(|of| match &of.target {
        IndexTarget::Expression(text) => Some(text),
        IndexTarget::Column(_) => None,
    });
    let predicates = table.indexes.iter().filter_map(|index| index.predicate.as_ref());
    let predicates = predicates.chain(table.excludes.iter().filter_map(|exclude| exclude.predicate.as_ref()));
    let texts = table.checks.iter().map(|check| &check.expression).chain(indexed).chain(predicates);
    needs.extend(texts.flat_map(|text| objects_in(text, names)));
    needs
}

fn needed_by_column(column: &Column, names: &Names) -> Vec<Thing> {
    let mut needs: Vec<_> =
        enums::of_type(&column.column_type).map(|found| Thing::Enum(found.name.clone())).into_iter().collect();
    if let Some(crate::schema::DefaultValue::Expression(text)) = &column.default {
        needs.extend(objects_in(text, names));
    }
    needs.extend(column.generated.iter().flat_map(|generated| objects_in(&generated.expression, names)));
    needs
}

fn needed_by_exclude(table: &TableName, exclude: &Exclude, names: &Names) -> Vec<Thing> {
    let columns = exclude.elements.iter().map(|element| element.column.clone()).collect();
    let index =
        Index { table: table.clone(), columns, predicate: exclude.predicate.clone(), ..crate::schema::index(None) };
    needed_by_index(&index, names)
}

fn needed_by_index(index: &Index, names: &Names) -> Vec<Thing> {
    let mut needs = vec![Thing::Table(index.table.clone())];
    needs.extend(index.include.iter().map(|name| column(&index.table, name)));
    for of in &index.columns {
        match &of.target {
            IndexTarget::Column(name) => needs.push(column(&index.table, name)),
            IndexTarget::Expression(text) => needs.extend(needed_by_text(&index.table, text, names)),
        }
    }
    needs.extend(index.predicate.iter().flat_map(|text| needed_by_text(&index.table, text, names)));
    needs
}

/// What a text about one table stands on: each word of it may be a column.
fn needed_by_text(table: &TableName, text: &str, names: &Names) -> Vec<Thing> {
    let mut needs = objects_in(text, names);
    let bare = |word: &str| word.trim_matches(['"', '`', '[', ']']).to_owned();
    needs.extend(crate::text::tokens(text).map(|word| column(table, &bare(word))));
    needs
}

fn objects_in(text: &str, names: &Names) -> Vec<Thing> {
    let mut found = names.in_text(text);
    found.retain(|thing| matches!(thing, Thing::Object(_) | Thing::Sequence(_)));
    found
}

fn needed_by_foreign_key(table: &TableName, key: &ForeignKey, knows: Knows) -> Vec<Thing> {
    let mut needs: Vec<_> = key.columns.iter().map(|name| column(table, name)).collect();
    needs.push(Thing::Table(key.references.clone()));
    if knows.foreign_key_indexes {
        needs.extend(key.columns.first().map(|name| Thing::Leading(table.clone(), name.clone())));
    }
    // SQLite looks for them when a row is written, and when a copied table is checked.
    needs.push(Thing::Keys(key.references.clone()));
    if !knows.alters_in_batches {
        needs.extend(key.referenced_columns.iter().map(|name| column(&key.references, name)));
    }
    needs
}

fn needed_by_object(object: &SqlObject, names: &Names) -> Vec<Thing> {
    let mut needs: Vec<_> = schema(&object.name).into_iter().collect();
    if let ObjectKind::Trigger { table } | ObjectKind::Policy { table } = &object.kind {
        needs.push(Thing::Table(table.clone()));
    }
    if let ObjectKind::Grant { .. } = &object.kind {
        needs.extend(names.in_text(&object.name.name));
    }
    let texts = object.definitions.iter().map(|(_, text)| text).chain([&object.definition]);
    needs.extend(texts.flat_map(|text| names.in_text(text)));
    needs.extend(object.reads.iter().flat_map(|name| names.in_text(&name.name)));
    let own = Thing::Object(key(object));
    needs.retain(|thing| *thing != own);
    needs
}

/// For each operation, those that come after it.
fn edges(facts: &[Facts], knows: Knows) -> Vec<Vec<usize>> {
    let mut things: HashMap<&Thing, [Vec<usize>; 4]> = HashMap::new();
    for (at, facts) in facts.iter().enumerate() {
        let lists = [&facts.frees, &facts.drops, &facts.makes, &facts.needs];
        for (slot, list) in lists.into_iter().enumerate() {
            for thing in list {
                let known = &mut things.entry(thing).or_default()[slot];
                if known.last() != Some(&at) {
                    known.push(at);
                }
            }
        }
    }
    let mut edges = vec![Vec::new(); facts.len()];
    for (thing, [frees, drops, makes, needs]) in things {
        let mut join = |before: &[usize], after: &[usize]| {
            for &a in before {
                edges[a].extend(after.iter().copied().filter(|b| *b != a));
            }
        };
        join(&frees, &drops);
        join(&makes, &needs);
        match thing {
            // Who sees the whole table waits for every change to it.
            Thing::Shape(_) => {
                join(&frees, &makes);
                join(&drops, &needs);
            }
            // A foreign key that is made while there are two keys for it may take the one that goes, forth or back.
            Thing::Keys(_) if !knows.alters_in_batches => {
                join(&frees, &makes);
                join(&drops, &needs);
            }
            Thing::Keys(_) | Thing::Leading(..) => {}
            // Two changes of one column stay as they stand.
            _ => join(&drops, &makes.into_iter().filter(|at| !drops.contains(at)).collect::<Vec<_>>()),
        }
    }
    edges
}

/// The smallest order by the edges. In a circle, which only SQL texts can make, the first goes first.
fn topological(count: usize, edges: &[Vec<usize>]) -> Vec<usize> {
    let mut waiting = vec![0_usize; count];
    for &to in edges.iter().flatten() {
        waiting[to] += 1;
    }
    let mut ready: BinaryHeap<_> = (0..count).filter(|at| waiting[*at] == 0).map(Reverse).collect();
    let mut placed = vec![false; count];
    let mut order = Vec::with_capacity(count);
    let mut first = 0;
    while order.len() < count {
        let at = match ready.pop() {
            Some(Reverse(at)) => at,
            None => {
                while placed[first] {
                    first += 1;
                }
                first
            }
        };
        if placed[at] {
            continue;
        }
        placed[at] = true;
        order.push(at);
        for &to in &edges[at] {
            waiting[to] = waiting[to].saturating_sub(1);
            if waiting[to] == 0 && !placed[to] {
                ready.push(Reverse(to));
            }
        }
    }
    order
}

/// Finds foreign keys among the tables without which no table refers to itself by way of another: one of each circle.
pub(super) fn circles<'a>(tables: &[&'a Table]) -> Vec<(&'a TableName, &'a ForeignKey)> {
    let at: HashMap<_, _> = tables.iter().enumerate().map(|(at, table)| (&table.name, at)).collect();
    let mut cut = Vec::new();
    // 0: not seen; 1: on the way; 2: done.
    let mut state = vec![0_u8; tables.len()];
    for start in 0..tables.len() {
        if state[start] != 0 {
            continue;
        }
        state[start] = 1;
        let mut way = vec![(start, 0)];
        while let Some((table, next)) = way.last_mut() {
            let (here, keys) = (*table, &tables[*table].foreign_keys);
            let Some(key) = keys.get(*next) else {
                state[here] = 2;
                way.pop();
                continue;
            };
            *next += 1;
            match at.get(&key.references) {
                Some(&to) if to != here && state[to] == 1 => cut.push((&tables[here].name, key)),
                Some(&to) if state[to] == 0 => {
                    state[to] = 1;
                    way.push((to, 0));
                }
                _ => {}
            }
        }
    }
    cut
}
