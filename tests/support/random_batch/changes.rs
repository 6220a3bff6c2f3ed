//! Random changes, each made to a model and to a batch.

use rectify::prelude::*;
use rectify::schema::dialect::SQLITE;

use super::model::{Check, Column, Index, Model, Reference, Unique};
use super::{Change, Random};

/// What is changed, in words, and the change; nothing where it does not fit this table.
pub(super) fn random(random: &mut Random, model: &mut Model) -> Option<(String, Change)> {
    match random.below(13) {
        0 => add_column(random, model, 0),
        1 | 2 => drop_column(random, model),
        3 | 4 => rename_column(random, model),
        5 => set_not_null(random, model),
        6 => set_default(random, model),
        7 => set_type(random, model),
        8 => create_index(random, model),
        9 => create_unique(random, model),
        10 => create_check(random, model),
        11 => drop_constraint(random, model),
        _ => create_foreign_key(random, model),
    }
}

/// A change that gives a column its place.
pub(super) fn last(random: &mut Random, model: &mut Model) -> Option<(String, Change)> {
    if random.one_in(2) {
        let place = 1 + random.below(2);
        return add_column(random, model, place);
    }
    let (from, to) = (random.below(model.columns.len()), random.below(model.columns.len() - 1));
    let column = model.columns.remove(from);
    let beside = model.columns[to].name.clone();
    let name = column.name.clone();
    model.columns.insert(to + 1, column);
    Some((format!("put {name} after {beside}"), Box::new(move |batch| batch.reorder([beside.clone(), name.clone()]))))
}

/// A change that takes away what a trigger is there for.
pub(super) fn refused(model: &Model) -> Option<(String, Change)> {
    model.programs.iter().find(|program| program.contains("UPDATE OF"))?;
    let name = model.column(1)?.name.clone();
    Some((format!("drop column {name}, which is refused"), Box::new(move |batch| batch.drop_column(name.clone()))))
}

fn any<'a>(random: &mut Random, model: &'a Model, fits: impl Fn(&Column) -> bool) -> Option<&'a Column> {
    let found: Vec<_> = model.columns.iter().filter(|column| fits(column)).collect();
    if found.is_empty() { None } else { Some(*random.pick(&found)) }
}

fn is_plain(column: &Column) -> bool {
    column.id > 1 && column.generated.is_none()
}

fn fresh_id(model: &Model) -> usize {
    // Larger than any that was ever there, since texts name columns by it.
    20 + model.columns.iter().map(|column| column.id).max().unwrap_or_default()
}

/// `place`: at the end, before or after some column.
fn add_column(random: &mut Random, model: &mut Model, place: usize) -> Option<(String, Change)> {
    let id = fresh_id(model);
    let name = format!("new {id}");
    let mut new = column(name.as_str(), text());
    let mut added = Column {
        id,
        name: name.clone(),
        type_name: "TEXT".to_owned(),
        not_null: false,
        default: None,
        collation: None,
        generated: None,
        has_nulls: true,
        is_used: false,
        comes_from: None,
    };
    match random.below(4) {
        0 => {
            new = new.not_null().server_default("it's");
            added = Column { not_null: true, default: Some("'it''s'"), has_nulls: false, ..added };
        }
        1 => {
            let expression = format!("{{0}} + {id}");
            new = new.generated_virtual(model.text(&expression));
            added.generated = Some((expression, false));
        }
        2 => {
            let text = format!("{{{id}}} <> 'x' OR {{0}} > 0");
            model.checks.push(Check { name: Some(format!("ck {id}")), text: text.clone() });
            model.columns.push(added.clone());
            new = new.check(check(format!("ck {id}"), model.text(&text)));
            model.columns.pop();
        }
        _ => {}
    }
    let beside = random.pick(&model.columns).name.clone();
    let at = model.columns.iter().position(|column| column.name == beside)?;
    model.columns.insert([model.columns.len(), at, at + 1][place], added);
    let said = format!("add column {name}, {} {beside}", ["not at", "before", "after"][place]);
    let change: Change = match place {
        0 => Box::new(move |batch| batch.add_column(new.clone())),
        1 => Box::new(move |batch| batch.insert_before(beside.clone(), new.clone())),
        _ => Box::new(move |batch| batch.insert_after(beside.clone(), new.clone())),
    };
    Some((said, change))
}

fn drop_column(random: &mut Random, model: &mut Model) -> Option<(String, Change)> {
    let found = any(random, model, |column| column.id > 1 && !column.is_used)?;
    let (id, name) = (found.id, found.name.clone());
    let speaks = |text: &str| Model::mentions(text, id);
    let others = |text: &str| model.columns.iter().any(|other| other.id != id && Model::mentions(text, other.id));
    let generated = model.columns.iter().filter_map(|column| column.generated.as_ref());
    if model.checks.iter().any(|check| speaks(&check.text) && others(&check.text))
        || generated.into_iter().any(|(text, _)| speaks(text))
    {
        return None;
    }
    model.checks.retain(|check| !speaks(&check.text));
    model.indexes.retain(|index| !speaks(&index.text));
    model.uniques.retain(|unique| !unique.columns.contains(&id));
    model.references.retain(|key| key.column != id);
    model.columns.retain(|column| column.id != id);
    Some((format!("drop column {name}"), Box::new(move |batch| batch.drop_column(name.clone()))))
}

fn rename_column(random: &mut Random, model: &mut Model) -> Option<(String, Change)> {
    let found = any(random, model, |_| true)?;
    let (id, name) = (found.id, found.name.clone());
    let to = format!("{}{id}{}", random.pick(&["R ", "é\"", "group' ", "renamed_"]), random.below(9));
    model.column_mut(id).name.clone_from(&to);
    let said = format!("rename column {name} to {to}");
    Some((said, Box::new(move |batch| batch.alter_column(alter(name.clone()).rename_to(to.clone())))))
}

fn set_not_null(random: &mut Random, model: &mut Model) -> Option<(String, Change)> {
    let found = any(random, model, |column| is_plain(column) && !column.has_nulls)?;
    let (id, name, not_null) = (found.id, found.name.clone(), !found.not_null);
    model.column_mut(id).not_null = not_null;
    let said = format!("column {name}: NOT NULL is {not_null}");
    let change = move |batch: &mut rectify::Batch| {
        let change = alter(name.clone());
        batch.alter_column(if not_null { change.set_not_null() } else { change.drop_not_null() });
    };
    Some((said, Box::new(change)))
}

fn set_default(random: &mut Random, model: &mut Model) -> Option<(String, Change)> {
    let found = any(random, model, is_plain)?;
    let (id, name) = (found.id, found.name.clone());
    let default = random.one_in(2).then_some("'so; it''s'");
    model.column_mut(id).default = default;
    let said = format!("column {name}: default {default:?}");
    let change = move |batch: &mut rectify::Batch| {
        let change = alter(name.clone());
        batch.alter_column(if default.is_some() { change.set_default("so; it's") } else { change.drop_default() });
    };
    Some((said, Box::new(change)))
}

fn set_type(random: &mut Random, model: &mut Model) -> Option<(String, Change)> {
    let found = any(random, model, |column| is_plain(column) && column.type_name != "BLOB")?;
    let (id, name) = (found.id, found.name.clone());
    let to = if model.strict { text() } else { random.pick(&[text(), varchar(99), bigint(), numeric(9, 2)]).clone() };
    model.column_mut(id).type_name = SQLITE.type_name(&to).unwrap();
    let said = format!("column {name}: type {to:?}");
    Some((said, Box::new(move |batch| batch.alter_column(alter(name.clone()).set_type(to.clone())))))
}

fn create_index(random: &mut Random, model: &mut Model) -> Option<(String, Change)> {
    let found = any(random, model, |_| true)?;
    let (id, column) = (found.id, found.name.clone());
    let name = format!("ix new {}", model.indexes.len());
    if model.indexes.iter().any(|index| index.name == name) {
        return None;
    }
    let lower = random.one_in(2);
    let text = if lower { format!("((lower({{{id}}})))") } else { format!("({{{id}}} DESC)") };
    model.indexes.push(Index { name: name.clone(), unique: false, text });
    let said = format!("create index {name} on {column}");
    let expression = format!("lower({})", super::quoted(&column));
    let change = move |batch: &mut rectify::Batch| {
        let index = index(name.clone());
        batch.create_index(match lower {
            true => index.on("", [sql(expression.clone())]),
            false => index.on("", [index_column(column.clone()).desc()]),
        });
    };
    Some((said, Box::new(change)))
}

fn create_unique(random: &mut Random, model: &mut Model) -> Option<(String, Change)> {
    let found = any(random, model, |column| column.id > 1)?;
    let (columns, names) = (vec![found.id, 0], [found.name.clone(), model.column(0)?.name.clone()]);
    let name = format!("uq new {}", model.uniques.len());
    if model.uniques.iter().any(|other| other.columns == columns || other.name.as_ref() == Some(&name)) {
        return None;
    }
    model.uniques.push(Unique { name: Some(name.clone()), columns });
    let said = format!("create unique {name} on {names:?}");
    Some((said, Box::new(move |batch| batch.create_unique(unique(name.clone()).on(names.clone())))))
}

fn create_check(random: &mut Random, model: &mut Model) -> Option<(String, Change)> {
    let name = format!("ck new {} {}", model.checks.len(), random.below(99));
    let text = "{0} > 0 OR {1} <> 'a, b) it''s'".to_owned();
    let expression = model.text(&text);
    model.checks.push(Check { name: Some(name.clone()), text });
    let said = format!("create check {name}");
    Some((said, Box::new(move |batch| batch.create_check(check(name.clone(), expression.clone())))))
}

fn create_foreign_key(random: &mut Random, model: &mut Model) -> Option<(String, Change)> {
    let found = any(random, model, |column| is_plain(column) && column.comes_from.is_none() && column.has_nulls)?;
    let (column, id) = (found.name.clone(), found.id);
    let name = format!("fk new {id} {}", random.below(99));
    let to = "owner (\"the key\")".to_owned();
    model.references.push(Reference { name: Some(name.clone()), column: id, to, rest: " ON DELETE CASCADE" });
    let said = format!("create foreign key {name} on {column}");
    let change = move |batch: &mut rectify::Batch| {
        let key = foreign_key(name.clone()).on([column.clone()]);
        batch.create_foreign_key(key.references("owner", ["the key"]).on_delete(Cascade));
    };
    Some((said, Box::new(change)))
}

/// Drops something that has a name.
fn drop_constraint(random: &mut Random, model: &mut Model) -> Option<(String, Change)> {
    fn take<T>(random: &mut Random, from: &mut Vec<T>, name: impl Fn(&T) -> Option<&String>) -> Option<String> {
        let named: Vec<String> = from.iter().filter_map(|item| name(item).cloned()).collect();
        let found = if named.is_empty() { None } else { Some(random.pick(&named).clone()) }?;
        from.retain(|item| name(item) != Some(&found));
        Some(found)
    }
    let (kind, name): (_, String) = match random.below(4) {
        0 => (0, take(random, &mut model.indexes, |index| Some(&index.name))?),
        1 => (1, take(random, &mut model.uniques, |unique| unique.name.as_ref())?),
        2 => (2, take(random, &mut model.checks, |check| check.name.as_ref())?),
        _ => (3, take(random, &mut model.references, |key| key.name.as_ref())?),
    };
    let said = format!("drop {} {name}", ["index", "unique", "check", "foreign key"][kind]);
    let change = move |batch: &mut rectify::Batch| match kind {
        0 => batch.drop_index(name.clone()),
        1 => batch.drop_unique(name.clone()),
        2 => batch.drop_check(name.clone()),
        _ => batch.drop_foreign_key(name.clone()),
    };
    Some((said, Box::new(change)))
}
