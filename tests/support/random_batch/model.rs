//! A table as it should be, and the statements that make it.

use super::{list, quoted};

/// A table, and all that hangs on it.
#[derive(Clone, Debug)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// Its columns, in their order; the first one is a number of its own in each row.
    pub columns: Vec<Column>,
    /// `PRIMARY KEY` with what belongs to it.
    pub key: Key,
    /// The unique constraints.
    pub uniques: Vec<Unique>,
    /// The checks.
    pub checks: Vec<Check>,
    /// The foreign keys.
    pub references: Vec<Reference>,
    /// The indexes.
    pub indexes: Vec<Index>,
    /// Triggers and views, in the order in which they are made.
    pub programs: Vec<String>,
    /// Whether it is `STRICT`.
    pub strict: bool,
    /// How many rows it has.
    pub rows: u32,
    /// How the first definition of the table is written; what comes after a copy is Rectify's way.
    pub style: usize,
}

/// What a column has. Texts name columns by their number: `{3}`.
#[derive(Clone, Debug)]
pub struct Column {
    /// What it is known by in texts.
    pub id: usize,
    pub name: String,
    pub type_name: String,
    pub not_null: bool,
    pub default: Option<&'static str>,
    pub collation: Option<&'static str>,
    pub generated: Option<(String, bool)>,
    /// Whether a row may have none.
    pub has_nulls: bool,
    /// Whether a trigger, a view or another column speaks of it.
    pub is_used: bool,
    /// The column of the first table whose values it has.
    pub comes_from: Option<String>,
}

/// The primary key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Numbered,
    Number,
    Named,
    WithoutRowid,
}

#[derive(Clone, Debug)]
pub struct Unique {
    pub name: Option<String>,
    pub columns: Vec<usize>,
}

#[derive(Clone, Debug)]
pub struct Check {
    pub name: Option<String>,
    pub text: String,
}

#[derive(Clone, Debug)]
pub struct Reference {
    pub name: Option<String>,
    pub column: usize,
    pub to: String,
    pub rest: &'static str,
}

#[derive(Clone, Debug)]
pub struct Index {
    pub name: String,
    /// What follows `CREATE`.
    pub unique: bool,
    /// The columns, and what comes behind them.
    pub text: String,
}

impl Model {
    /// The column of this number.
    pub fn column(&self, id: usize) -> Option<&Column> {
        self.columns.iter().find(|column| column.id == id)
    }

    pub(super) fn column_mut(&mut self, id: usize) -> &mut Column {
        self.columns.iter_mut().find(|column| column.id == id).unwrap()
    }

    /// A text with the names of the columns as they are now.
    pub fn text(&self, text: &str) -> String {
        let mut text = text.replace("{t}", &quoted(&self.name));
        for column in &self.columns {
            text = text.replace(&format!("{{{}}}", column.id), &quoted(&column.name));
        }
        text
    }

    /// Whether a text speaks of a column.
    pub fn mentions(text: &str, id: usize) -> bool {
        text.contains(&format!("{{{id}}}"))
    }

    fn names(&self, ids: &[usize]) -> String {
        list(ids.iter().map(|id| self.column(*id).unwrap().name.as_str()))
    }

    /// What makes the table.
    pub fn create(&self) -> String {
        let mut parts: Vec<String> = self.columns.iter().map(|column| self.define(column)).collect();
        let key = self.names(&[0]);
        match self.key {
            Key::Numbered | Key::Number => {}
            Key::Named => parts.push(format!("CONSTRAINT \"the key\" PRIMARY KEY ({key})")),
            Key::WithoutRowid => parts.push(format!("PRIMARY KEY ({}, {key})", self.names(&[1]))),
        }
        let named = |name: &Option<String>| {
            name.as_ref().map_or_else(String::new, |name| format!("CONSTRAINT {} ", quoted(name)))
        };
        for unique in &self.uniques {
            parts.push(format!("{}UNIQUE ({})", named(&unique.name), self.names(&unique.columns)));
        }
        for key in &self.references {
            let column = self.names(&[key.column]);
            let to = self.text(&key.to);
            parts.push(format!("{}FOREIGN KEY ({column}) REFERENCES {to}{}", named(&key.name), key.rest));
        }
        for check in &self.checks {
            parts.push(format!("{}CHECK ({})", named(&check.name), self.text(&check.text)));
        }
        let options = match (self.key == Key::WithoutRowid, self.strict) {
            (true, true) => " WITHOUT ROWID, STRICT",
            (true, false) => " WITHOUT ROWID",
            (false, true) => " STRICT",
            (false, false) => "",
        };
        let separator = [", ", ",\n    ", " , -- next\n ", "\n,\t/* ( */ "][self.style % 4];
        format!("CREATE TABLE {} ({}){options}", quoted(&self.name), parts.join(separator))
    }

    fn define(&self, column: &Column) -> String {
        let mut parts = vec![quoted(&column.name), column.type_name.clone()];
        if column.id == 0 {
            parts.extend(match self.key {
                Key::Numbered => Some("PRIMARY KEY AUTOINCREMENT".to_owned()),
                Key::Number => Some("PRIMARY KEY".to_owned()),
                Key::Named | Key::WithoutRowid => None,
            });
        }
        parts.extend(column.collation.map(|collation| format!("COLLATE {collation}")));
        parts.extend(column.default.map(|default| format!("DEFAULT {default}")));
        if let Some((expression, stored)) = &column.generated {
            let kind = if *stored { "STORED" } else { "VIRTUAL" };
            parts.push(format!("GENERATED ALWAYS AS ({}) {kind}", self.text(expression)));
        }
        parts.extend(column.not_null.then(|| "NOT NULL".to_owned()));
        parts.join(" ")
    }

    /// What stands beside the table, and what makes it.
    pub fn create_beside(&self) -> [String; 3] {
        let rows = self.rows + 1;
        [
            "CREATE TABLE owner (\"the key\" INTEGER PRIMARY KEY)".to_owned(),
            "CREATE TABLE log (what TEXT)".to_owned(),
            format!(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) \
                 INSERT INTO owner SELECT i FROM n"
            ),
        ]
    }

    /// What makes all else: indexes, tables that refer to it, triggers and views.
    pub fn surround(&self) -> Vec<String> {
        let index = |index: &Index| {
            let unique = if index.unique { "UNIQUE " } else { "" };
            format!("CREATE {unique}INDEX {} ON {} {}", quoted(&index.name), quoted(&self.name), self.text(&index.text))
        };
        let child = "CREATE TABLE child (id INTEGER PRIMARY KEY, of REFERENCES {t} ({0}) ON DELETE CASCADE, \
                     again REFERENCES {t} ({0}) ON DELETE SET NULL ON UPDATE CASCADE)";
        let programs = self.programs.iter().map(|program| self.text(program));
        self.indexes.iter().map(index).chain([self.text(child)]).chain(programs).collect()
    }

    /// The rows of the table and of those that refer to it.
    pub fn insert(&self) -> Vec<String> {
        let written: Vec<&Column> = self.columns.iter().filter(|column| column.generated.is_none()).collect();
        let names = list(written.iter().map(|column| column.name.as_str()));
        let values = written.iter().map(|column| match self.references.iter().any(|key| key.column == column.id) {
            true => "CASE WHEN i % 3 THEN i END".to_owned(),
            false => column.value(),
        });
        let values: Vec<String> = values.collect();
        let last = self.rows + 1;
        vec![
            format!(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) \
                 INSERT INTO {} ({names}) SELECT {} FROM n",
                quoted(&self.name),
                values.join(", ")
            ),
            // The highest number ever given is not that of the highest row.
            self.text(&format!("DELETE FROM {{t}} WHERE {{0}} = {last}")),
            self.text("INSERT INTO child (of, again) SELECT {0}, {0} FROM {t} LIMIT 20"),
            "DELETE FROM log".to_owned(),
        ]
    }
}

impl Column {
    /// The value of row number `i`.
    fn value(&self) -> String {
        let value = match self.type_name.as_str() {
            _ if self.id == 0 => "i".to_owned(),
            "INTEGER" | "BIGINT" | "" => "i * 3".to_owned(),
            "REAL" | "NUMERIC(9, 2)" => "i + 0.25".to_owned(),
            "BLOB" => "CAST('blob ' || i AS BLOB)".to_owned(),
            "TIMESTAMP" => "'2020-02-29 00:00:' || i".to_owned(),
            _ => "i || ' it''s \"%\" ☃'".to_owned(),
        };
        if self.has_nulls { format!("CASE WHEN i % 3 THEN {value} END") } else { value }
    }
}
