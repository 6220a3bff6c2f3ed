//! Random tables.

use super::Random;
use super::model::{Check, Column, Index, Key, Model, Reference, Unique};

const NAMES: [&str; 9] = ["plain", "order", "Mixed Case", "a\"b", "it's", "né ☃", "x.y", "100%;--", "[z]"];
const TYPES: [&str; 9] = ["INTEGER", "TEXT", "REAL", "BLOB", "VARCHAR(20)", "NUMERIC(9, 2)", "BIGINT", "TIMESTAMP", ""];
const STRICT_TYPES: [&str; 4] = ["INTEGER", "TEXT", "REAL", "BLOB"];
pub(super) const DEFAULTS: [&str; 8] =
    ["'it''s; -- \"x\"'", "(1 + 1)", "(5 IS NOT NULL)", "-5", "1.5", "X'00ff'", "(lower('A, B)'))", "'☃ \\ %'"];

pub(super) fn random(random: &mut Random) -> Model {
    let strict = random.one_in(4);
    let key = *random.pick(&[Key::Numbered, Key::Number, Key::Named, Key::WithoutRowid]);
    let name = random.pick(&["paper", "Paper work", "select", "p\"q", "tmp'1"]).to_owned().to_owned();
    let mut columns: Vec<Column> = (0..4 + random.below(4)).map(|id| column(random, id, strict)).collect();
    // A copy says of a key that it is not NULL, which SQLite leaves open.
    columns[0] = Column { type_name: "INTEGER".to_owned(), not_null: true, ..plain(0, "id") };
    // The second one is part of a key, and what triggers and views speak of.
    let types = if strict { &STRICT_TYPES[..2] } else { &TYPES[..2] };
    columns[1].type_name = random.pick(types).to_string();
    columns[1] = Column { not_null: true, has_nulls: false, is_used: true, generated: None, ..columns[1].clone() };
    let mut model = Model {
        name,
        columns,
        key,
        uniques: Vec::new(),
        checks: Vec::new(),
        references: Vec::new(),
        indexes: Vec::new(),
        programs: Vec::new(),
        strict,
        rows: 1 + u32::try_from(random.below(12)).unwrap(),
        style: random.below(4),
    };
    add_generated(random, &mut model);
    add_constraints(random, &mut model);
    add_indexes(random, &mut model);
    add_programs(random, &mut model);
    model
}

fn plain(id: usize, name: &str) -> Column {
    Column {
        id,
        name: name.to_owned(),
        type_name: "TEXT".to_owned(),
        not_null: false,
        default: None,
        collation: None,
        generated: None,
        has_nulls: false,
        is_used: false,
        comes_from: Some(name.to_owned()),
    }
}

fn column(random: &mut Random, id: usize, strict: bool) -> Column {
    let not_null = random.one_in(3);
    let type_name = random.pick(if strict { &STRICT_TYPES[..] } else { &TYPES[..] }).to_string();
    Column {
        not_null,
        has_nulls: !not_null && random.one_in(2),
        default: random.one_in(2).then(|| *random.pick(&DEFAULTS)),
        collation: random.one_in(3).then_some("NOCASE").filter(|_| type_name == "TEXT"),
        type_name,
        ..plain(id, &format!("{} {id}", random.pick(&NAMES)))
    }
}

fn add_generated(random: &mut Random, model: &mut Model) {
    for stored in [false, true] {
        if random.one_in(3) {
            let id = model.columns.len();
            let generated = Some(("{1} || ' ( {t} it''s' || {0}".replace("{t}", "t"), stored));
            model.columns.push(Column { generated, ..plain(id, &format!("made of {id}")) });
        }
    }
}

fn add_constraints(random: &mut Random, model: &mut Model) {
    let any = |random: &mut Random, model: &Model| 2 + random.below(model.columns.len() - 2);
    if model.key == Key::WithoutRowid {
        // What refers to it needs a key of its own.
        model.uniques.push(Unique { name: None, columns: vec![0] });
    }
    for number in 0..random.below(3) {
        let columns = if random.one_in(2) { vec![1, 0] } else { vec![any(random, model), 0] };
        let name = random.one_in(2).then(|| format!("uq {number}"));
        model.uniques.push(Unique { name, columns });
    }
    // The same columns twice are one index to SQLite.
    model.uniques.dedup_by(|one, two| one.columns == two.columns);
    for number in 0..random.below(4) {
        let id = any(random, model);
        let text = match random.below(3) {
            0 => format!("{{{id}}} <> 'a, b) it''s' OR {{{id}}} IS NULL"),
            1 => "{0} > 0 AND length({1}) > 0".to_owned(),
            _ => format!("{{{id}}} IS NULL OR length({{{id}}}) < 99"),
        };
        model.checks.push(Check { name: random.one_in(2).then(|| format!("ck's {number}")), text });
    }
    let written = |model: &Model, id: usize| model.columns[id].generated.is_none() && model.columns[id].has_nulls;
    for number in 0..2 {
        let id = any(random, model);
        if random.one_in(2) && written(model, id) {
            // It refers to nothing, so that no value of it is wrong.
            model.columns[id].not_null = false;
            model.columns[id].default = None;
            let to = random.pick(&["{t} ({0})", "owner (\"the key\")", "owner"]).to_string();
            let rest = *random.pick(&["", " ON DELETE CASCADE", " ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED"]);
            let name = random.one_in(2).then(|| format!("fk {number}"));
            model.references.push(Reference { name, column: id, to, rest });
            model.columns[id].type_name = "INTEGER".to_owned();
            model.columns[id].collation = None;
        }
    }
}

fn add_indexes(random: &mut Random, model: &mut Model) {
    for number in 0..random.below(4) {
        let id = 2 + random.below(model.columns.len() - 2);
        let (unique, text) = match random.below(5) {
            0 => (false, format!("({{{id}}} DESC, {{1}})")),
            1 => (false, format!("(lower({{{id}}}) COLLATE NOCASE)")),
            2 => (true, format!("({{0}}, {{{id}}}) WHERE {{0}} > 3 AND {{1}} <> 'it''s ; --'")),
            3 => (false, "({0} + 1 DESC, {1} COLLATE RTRIM) -- ( so".to_owned()),
            _ => (true, "({0}, {1})".to_owned()),
        };
        model.indexes.push(Index { name: format!("ix \"{number}\""), unique, text });
    }
}

fn add_programs(random: &mut Random, model: &mut Model) {
    let all = [
        "CREATE VIEW \"a view\" AS SELECT {0} AS n, {1} AS x FROM {t} WHERE {0} > 0",
        "CREATE VIEW \"over it\" AS SELECT count(*) AS n FROM \"a view\" -- of {t}",
        "CREATE TRIGGER \"on insert\" AFTER INSERT ON {t} BEGIN INSERT INTO log VALUES ('new; ' || new.{1}); END",
        "CREATE TRIGGER \"once more\" AFTER INSERT ON {t} WHEN new.{0} > 0 BEGIN INSERT INTO log VALUES ('two'); END",
        "CREATE TRIGGER \"on update\" AFTER UPDATE OF {1} ON {t} BEGIN INSERT INTO log VALUES (old.{1}); END",
        "CREATE TRIGGER \"of child\" AFTER DELETE ON child BEGIN UPDATE {t} SET {1} = {1} WHERE {0} = old.of; END",
        "CREATE TRIGGER \"instead\" INSTEAD OF DELETE ON \"a view\" BEGIN DELETE FROM {t} WHERE {0} = old.n; END",
    ];
    let with_view = random.one_in(2);
    for program in all {
        let of_view = program.contains("a view");
        if if of_view { with_view } else { random.one_in(2) } {
            model.programs.push(program.to_owned());
        }
    }
}
