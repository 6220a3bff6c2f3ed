//! Reads the `CREATE TABLE` and `CREATE INDEX` statements that SQLite keeps: the only place that knows the names of
//! constraints, checks, collations, AUTOINCREMENT and expressions.
//!
//! SQLite itself reads its schema from these texts, and every `ALTER TABLE` rewrites them, so they are never out of date.

use rectify_schema::build::{check, primary_key, unique};
use rectify_schema::{
    Check, Deferrable, ForeignKey, ForeignKeyAction, Generated, Index, IndexColumn, IndexTarget, OnConflict, Order,
    PrimaryKey, TableName, TableOptions, Unique,
};

use crate::inspect::tokens::{Kind, SQLITE, Token, group_len, list, source, tokens, without_parentheses};

/// What a `CREATE TABLE` statement says beyond the types, defaults and `NOT NULL` of its columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct TableText {
    pub(super) columns: Vec<ColumnText>,
    pub(super) primary_key: Option<PrimaryKey>,
    pub(super) uniques: Vec<Unique>,
    pub(super) foreign_keys: Vec<ForeignKey>,
    pub(super) checks: Vec<Check>,
    pub(super) options: TableOptions,
    /// Clauses that a [`Table`](rectify_schema::Table) has no place for, such as `ON CONFLICT REPLACE`.
    pub(super) clauses: Vec<String>,
}

/// What the definition of a column says beyond its type, default and `NOT NULL`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ColumnText {
    pub(super) name: String,
    pub(super) collation: Option<String>,
    pub(super) autoincrement: bool,
    pub(super) generated: Option<Generated>,
    pub(super) not_null_on_conflict: Option<OnConflict>,
}

/// Reads a `CREATE TABLE` statement. `None` if it is not one that SQLite would keep.
pub(super) fn parse_table(sql: &str) -> Option<TableText> {
    let tokens = tokens(sql, SQLITE);
    let open = tokens.iter().position(|token| token.is_symbol("("))?;
    let len = group_len(&tokens[open..])?;
    let mut reader = Reader { sql, rest: &tokens[open + 1..open + len - 1] };
    let mut table = TableText { options: options(&tokens[open + len..]), ..TableText::default() };
    while !reader.rest.is_empty() {
        if reader.at_table_constraint() {
            table_constraint(&mut reader, &mut table)?;
        } else {
            column(&mut reader, &mut table)?;
        }
        // SQLite lets the comma between two constraints be left out.
        reader.symbol(",");
    }
    Some(table)
}

/// Reads a `CREATE INDEX` statement. `None` if it is not one that SQLite would keep.
pub(super) fn parse_index(sql: &str, name: &str, table: &TableName) -> Option<Index> {
    let tokens = tokens(sql, SQLITE);
    let unique = tokens.get(1)?.is("UNIQUE");
    let open = tokens.iter().position(|token| token.is_symbol("("))?;
    let len = group_len(&tokens[open..])?;
    let columns = list(&tokens[open + 1..open + len - 1]).into_iter().map(|tokens| index_column(sql, tokens)).collect();
    let predicate = match &tokens[open + len..] {
        [] => None,
        [first, condition @ ..] if first.is("WHERE") => Some(source(sql, condition)),
        _ => return None,
    };
    let mut index = rectify_schema::build::index(name);
    index.table = table.clone();
    index.columns = columns;
    index.unique = unique;
    index.predicate = predicate;
    index.sql = Some(sql.to_owned());
    Some(index)
}

/// The column and the values, if the condition is the one that Rectify writes for an enum: `column IN ('a', 'b')`.
pub(super) fn enum_values(condition: &str) -> Option<(String, Vec<String>)> {
    let tokens = tokens(condition, SQLITE);
    let [name, keyword, open, values @ .., close] = tokens.as_slice() else { return None };
    let shape = keyword.is("IN") && open.is_symbol("(") && close.is_symbol(")");
    let value = |item: &[Token<'_>]| match item {
        [value] if value.kind == Kind::Text => Some(value.name()),
        _ => None,
    };
    let values: Option<Vec<_>> = if shape { list(values).into_iter().map(value).collect() } else { None };
    Some((name.name(), values?))
}

/// What fires a trigger: the event, and the columns of `UPDATE OF`.
pub(super) fn trigger_event(sql: &str) -> Option<(String, Vec<String>)> {
    let tokens = tokens(sql, SQLITE);
    let events = ["INSERT", "UPDATE", "DELETE"];
    // Behind `CREATE TRIGGER name`, which may itself be called so.
    let at = tokens.iter().skip(3).position(|token| events.iter().any(|event| token.is(event)))? + 3;
    let event = tokens[at].text.to_ascii_uppercase();
    let columns = match &tokens[at + 1..] {
        [of, rest @ ..] if of.is("OF") => {
            let end = rest.iter().position(|token| token.is("ON"))?;
            list(&rest[..end])
                .into_iter()
                .map(|item| if let [name] = item { Some(name.name()) } else { None })
                .collect()
        }
        _ => Some(Vec::new()),
    };
    Some((event, columns?))
}

/// What follows the name of a view or a trigger: of a view its query, with the names of its columns and `AS` before it if it
/// has such names.
pub(super) fn definition(sql: &str, view: bool) -> Option<String> {
    let tokens = tokens(sql, SQLITE);
    // SQLite keeps `CREATE VIEW name` and `CREATE TRIGGER name`, whatever else stood there.
    let rest = tokens.get(3..)?;
    let first = if view && rest.first()?.is("AS") { rest.get(1)? } else { rest.first()? };
    Some(sql[first.start()..].to_owned())
}

/// The names that a statement uses, in lower case. More than it needs: keywords and columns are among them.
pub(super) fn names(sql: &str) -> impl Iterator<Item = String> {
    let names =
        tokens(sql, SQLITE).into_iter().filter(|token| matches!(token.kind, Kind::Word | Kind::Name | Kind::Text));
    names.map(|token| token.name().to_ascii_lowercase())
}

fn options(tokens: &[Token<'_>]) -> TableOptions {
    TableOptions {
        strict: tokens.iter().any(|token| token.is("STRICT")),
        without_rowid: tokens.iter().any(|token| token.is("ROWID")),
        ..TableOptions::default()
    }
}

fn index_column(sql: &str, tokens: &[Token<'_>]) -> IndexColumn {
    let (tokens, order) = match tokens {
        [rest @ .., last] if !rest.is_empty() && last.is("ASC") => (rest, Some(Order::Asc)),
        [rest @ .., last] if !rest.is_empty() && last.is("DESC") => (rest, Some(Order::Desc)),
        _ => (tokens, None),
    };
    let (tokens, collation) = match tokens {
        [rest @ .., keyword, name] if !rest.is_empty() && keyword.is("COLLATE") => (rest, Some(name.name())),
        _ => (tokens, None),
    };
    let target = match tokens {
        [name] if matches!(name.kind, Kind::Word | Kind::Name | Kind::Text) => IndexTarget::Column(name.name()),
        _ => IndexTarget::Expression(without_parentheses(&source(sql, tokens), SQLITE)),
    };
    IndexColumn { order, collation, ..IndexColumn::new(target) }
}

fn column(reader: &mut Reader<'_, '_>, table: &mut TableText) -> Option<()> {
    let mut column = ColumnText { name: reader.name()?, ..ColumnText::default() };
    reader.skip_type();
    let mut constraint = None;
    while !reader.rest.is_empty() && !reader.at_symbol(",") {
        if reader.word("CONSTRAINT") {
            constraint = Some(reader.name()?);
        } else {
            column_constraint(reader, table, &mut column, constraint.take())?;
        }
    }
    table.columns.push(column);
    Some(())
}

fn column_constraint(
    reader: &mut Reader<'_, '_>,
    table: &mut TableText,
    column: &mut ColumnText,
    name: Option<String>,
) -> Option<()> {
    let own = vec![column.name.clone()];
    if reader.word("PRIMARY") {
        reader.expect("KEY")?;
        if reader.word("DESC") {
            // Makes the column no alias of the rowid, for old times' sake.
            table.clauses.push(format!("PRIMARY KEY DESC of column `{}`", column.name));
        }
        reader.word("ASC");
        let on_conflict = reader.conflict_clause()?;
        column.autoincrement |= reader.word("AUTOINCREMENT");
        table.primary_key = Some(PrimaryKey { on_conflict, ..primary_key(name).on(own) });
    } else if reader.word("NOT") {
        if reader.word("DEFERRABLE") {
            reader.initially();
        } else {
            reader.expect("NULL")?;
            column.not_null_on_conflict = reader.conflict_clause()?;
        }
    } else if reader.word("NULL") {
        // It says nothing.
        reader.conflict_clause()?;
    } else if reader.word("UNIQUE") {
        let on_conflict = reader.conflict_clause()?;
        table.uniques.push(Unique { on_conflict, ..unique(name).on(own) });
    } else if reader.word("CHECK") {
        table.checks.push(check(name, reader.group()?));
        // SQLite reads it and does not heed it.
        reader.conflict_clause()?;
    } else if reader.word("DEFAULT") {
        reader.skip_default()?;
    } else if reader.word("COLLATE") {
        column.collation = Some(reader.name()?);
    } else if reader.word("REFERENCES") {
        table.foreign_keys.push(references(reader, name, own)?);
    } else if reader.word("DEFERRABLE") {
        table.foreign_keys.last_mut()?.deferrable = Some(reader.initially());
    } else {
        column.generated = Some(generated(reader)?);
    }
    Some(())
}

fn generated(reader: &mut Reader<'_, '_>) -> Option<Generated> {
    if reader.word("GENERATED") {
        reader.expect("ALWAYS")?;
    }
    reader.expect("AS")?;
    let expression = reader.group()?;
    let stored = reader.word("STORED");
    if !stored {
        reader.word("VIRTUAL");
    }
    Some(Generated { expression, stored })
}

fn table_constraint(reader: &mut Reader<'_, '_>, table: &mut TableText) -> Option<()> {
    let name = if reader.word("CONSTRAINT") { Some(reader.name()?) } else { None };
    if reader.word("PRIMARY") {
        reader.expect("KEY")?;
        let columns = key_columns(reader, table)?;
        let on_conflict = reader.conflict_clause()?;
        table.primary_key = Some(PrimaryKey { on_conflict, ..primary_key(name).on(columns) });
    } else if reader.word("UNIQUE") {
        let columns = key_columns(reader, table)?;
        let on_conflict = reader.conflict_clause()?;
        table.uniques.push(Unique { on_conflict, ..unique(name).on(columns) });
    } else if reader.word("CHECK") {
        table.checks.push(check(name, reader.group()?));
        // SQLite reads it and does not heed it.
        reader.conflict_clause()?;
    } else if reader.word("FOREIGN") {
        reader.expect("KEY")?;
        let columns = reader.name_list()?;
        reader.expect("REFERENCES")?;
        let mut key = references(reader, name, columns)?;
        if reader.word("DEFERRABLE") {
            key.deferrable = Some(reader.initially());
        } else if reader.word("NOT") {
            reader.expect("DEFERRABLE")?;
            reader.initially();
        }
        table.foreign_keys.push(key);
    } else if name.is_none() || !(reader.rest.is_empty() || reader.at_symbol(",") || reader.at_table_constraint()) {
        // A name without a constraint is allowed, and means nothing.
        return None;
    }
    Some(())
}

/// The columns of a key; what else a column of an index could say has no place there.
fn key_columns(reader: &mut Reader<'_, '_>, table: &mut TableText) -> Option<Vec<String>> {
    let mut columns = Vec::new();
    for item in list(reader.group_tokens()?) {
        let (item, autoincrement) = match item {
            [rest @ .., last] if last.is("AUTOINCREMENT") => (rest, true),
            _ => (item, false),
        };
        let key = index_column(reader.sql, item);
        let IndexTarget::Column(name) = key.target else { return None };
        if key.collation.is_some() || key.order == Some(Order::Desc) {
            table.clauses.push(format!("`{}` in a key", source(reader.sql, item)));
        }
        if let Some(column) = table.columns.iter_mut().find(|column| column.name.eq_ignore_ascii_case(&name)) {
            column.autoincrement |= autoincrement;
        }
        columns.push(name);
    }
    Some(columns)
}

fn references(reader: &mut Reader<'_, '_>, name: Option<String>, columns: Vec<String>) -> Option<ForeignKey> {
    let references = TableName::from(reader.name()?);
    let referenced_columns = if reader.at_symbol("(") { reader.name_list()? } else { Vec::new() };
    let mut key = ForeignKey {
        name,
        columns,
        references,
        referenced_columns,
        on_delete: None,
        on_delete_columns: Vec::new(),
        on_update: None,
        deferrable: None,
        // SQLite reads MATCH and does not heed it.
        match_full: false,
        not_valid: false,
    };
    loop {
        if reader.word("ON") {
            let event = reader.next()?;
            let action = action(reader)?;
            // ON INSERT is taken and forgotten by SQLite.
            if event.is("DELETE") {
                key.on_delete = action;
            } else if event.is("UPDATE") {
                key.on_update = action;
            }
        } else if reader.word("MATCH") {
            reader.next()?;
        } else {
            return Some(key);
        }
    }
}

/// The action, if it is not what holds anyway.
fn action(reader: &mut Reader<'_, '_>) -> Option<Option<ForeignKeyAction>> {
    let first = reader.next()?;
    Some(if first.is("CASCADE") {
        Some(ForeignKeyAction::Cascade)
    } else if first.is("RESTRICT") {
        Some(ForeignKeyAction::Restrict)
    } else if first.is("SET") && reader.word("NULL") {
        Some(ForeignKeyAction::SetNull)
    } else if first.is("SET") {
        reader.expect("DEFAULT")?;
        Some(ForeignKeyAction::SetDefault)
    } else {
        reader.expect("ACTION")?;
        None
    })
}

/// Goes through the tokens of a definition.
struct Reader<'s, 't> {
    sql: &'t str,
    rest: &'s [Token<'t>],
}

impl<'s, 't> Reader<'s, 't> {
    fn next(&mut self) -> Option<Token<'t>> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Takes the keyword if it comes next.
    fn word(&mut self, keyword: &str) -> bool {
        let found = self.rest.first().is_some_and(|token| token.is(keyword));
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    fn expect(&mut self, keyword: &str) -> Option<()> {
        self.word(keyword).then_some(())
    }

    fn at_symbol(&self, symbol: &str) -> bool {
        self.rest.first().is_some_and(|token| token.is_symbol(symbol))
    }

    fn symbol(&mut self, symbol: &str) {
        if self.at_symbol(symbol) {
            self.rest = &self.rest[1..];
        }
    }

    /// All of these words are reserved, so none is the name of a column without quotes.
    fn at_table_constraint(&self) -> bool {
        let first = self.rest.first();
        ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"]
            .iter()
            .any(|word| first.is_some_and(|token| token.is(word)))
    }

    fn name(&mut self) -> Option<String> {
        let token = self.next()?;
        matches!(token.kind, Kind::Word | Kind::Name | Kind::Text).then(|| token.name())
    }

    /// What stands in the parentheses that come next.
    fn group_tokens(&mut self) -> Option<&'s [Token<'t>]> {
        let len = group_len(self.rest)?;
        let (group, rest) = self.rest.split_at(len);
        self.rest = rest;
        Some(&group[1..len - 1])
    }

    fn group(&mut self) -> Option<String> {
        let tokens = self.group_tokens()?;
        Some(source(self.sql, tokens))
    }

    fn name_list(&mut self) -> Option<Vec<String>> {
        let items = list(self.group_tokens()?);
        items.into_iter().map(|item| if let [name] = item { Some(name.name()) } else { None }).collect()
    }

    fn skip_type(&mut self) {
        const ENDS: [&str; 11] = [
            "CONSTRAINT",
            "PRIMARY",
            "NOT",
            "NULL",
            "UNIQUE",
            "CHECK",
            "DEFAULT",
            "COLLATE",
            "REFERENCES",
            "GENERATED",
            "AS",
        ];
        while let Some(token) = self.rest.first() {
            if token.is_symbol(",") || ENDS.iter().any(|end| token.is(end)) {
                return;
            }
            let len = if token.is_symbol("(") { group_len(self.rest).unwrap_or(1) } else { 1 };
            self.rest = &self.rest[len..];
        }
    }

    /// The default itself is in the pragma's row.
    fn skip_default(&mut self) -> Option<()> {
        if self.at_symbol("(") {
            self.group_tokens()?;
            return Some(());
        }
        if self.at_symbol("-") || self.at_symbol("+") {
            self.next()?;
        }
        self.next().map(|_| ())
    }

    fn conflict_clause(&mut self) -> Option<Option<OnConflict>> {
        if !self.word("ON") {
            return Some(None);
        }
        self.expect("CONFLICT")?;
        Some(OnConflict::parse(self.next()?.text))
    }

    /// What follows `DEFERRABLE`.
    fn initially(&mut self) -> Deferrable {
        if self.word("INITIALLY") && self.next().is_some_and(|token| token.is("DEFERRED")) {
            Deferrable::InitiallyDeferred
        } else {
            Deferrable::InitiallyImmediate
        }
    }
}

#[cfg(test)]
mod tests {
    use rectify_schema::build::{Cascade, SetNull, foreign_key, index_column};

    use super::*;

    #[track_caller]
    fn read(sql: &str) -> TableText {
        parse_table(sql).unwrap_or_else(|| panic!("not understood: {sql}"))
    }

    fn unnamed(columns: &[&str]) -> Unique {
        unique(None).on(columns.iter().copied())
    }

    #[test]
    fn everything_on_one_column() {
        let table = read(
            "CREATE TABLE t (a INTEGER CONSTRAINT pk PRIMARY KEY ASC AUTOINCREMENT NOT NULL DEFAULT -1.5e3 \
             CONSTRAINT c CHECK (a > (0)) COLLATE nocase UNIQUE CONSTRAINT fk REFERENCES p ON DELETE SET NULL \
             ON UPDATE NO ACTION MATCH FULL DEFERRABLE INITIALLY DEFERRED)",
        );
        let column = ColumnText {
            name: "a".into(),
            collation: Some("nocase".into()),
            autoincrement: true,
            ..ColumnText::default()
        };
        assert_eq!(table.columns, [column]);
        assert_eq!(table.primary_key, Some(primary_key("pk").on(["a"])));
        assert_eq!(table.checks, [check("c", "a > (0)")]);
        assert_eq!(table.uniques, [unnamed(&["a"])]);
        let key = foreign_key("fk").on(["a"]).references("p", [""; 0]).on_delete(SetNull).initially_deferred();
        assert_eq!(table.foreign_keys, [key]);
        assert!(table.clauses.is_empty());
    }

    #[test]
    fn table_constraints_with_and_without_commas() {
        let table = read(
            "CREATE TABLE \"t, (\" (a, b INT, c varchar(10, 2), CONSTRAINT \"p k\" PRIMARY KEY (a, \"b\") \
             CONSTRAINT u UNIQUE ([c]) CHECK (c <> ')') , UNIQUE (a, c), FOREIGN KEY (a, b) REFERENCES \"o p\"(x, `y z`) \
             ON DELETE CASCADE NOT DEFERRABLE INITIALLY IMMEDIATE) WITHOUT ROWID, strict",
        );
        let names: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(table.primary_key, Some(primary_key("p k").on(["a", "b"])));
        assert_eq!(table.uniques, [unique("u").on(["c"]), unnamed(&["a", "c"])]);
        assert_eq!(table.checks, [check(None, "c <> ')'")]);
        let key = foreign_key(None).on(["a", "b"]).references("o p", ["x", "y z"]).on_delete(Cascade);
        assert_eq!(table.foreign_keys, [key]);
        assert!(table.options.strict && table.options.without_rowid);
    }

    #[test]
    fn comments_and_quoted_keywords_do_not_confuse() {
        let table = read(
            "CREATE TABLE t -- (not yet\n( /* a, */ \"primary\" text -- , b\n DEFAULT 'check (' CHECK (\"primary\" <> '--' -- why\n),\n\
             'unique' INT DEFAULT ('a' || ')') , [check] GENERATED ALWAYS AS (\"primary\" || 'x') STORED, d AS (1))",
        );
        let names: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["primary", "unique", "check", "d"]);
        assert_eq!(table.checks[0].expression, "\"primary\" <> '--'");
        let generated = |expression: &str, stored| Some(Generated { expression: expression.into(), stored });
        assert_eq!(table.columns[2].generated, generated("\"primary\" || 'x'", true));
        assert_eq!(table.columns[3].generated, generated("1", false));
    }

    #[test]
    fn what_has_no_place_is_told() {
        let table = read("CREATE TABLE t (a TEXT, b TEXT, PRIMARY KEY (a DESC, b COLLATE NOCASE))");
        assert_eq!(table.clauses, ["`a DESC` in a key", "`b COLLATE NOCASE` in a key"]);
    }

    #[test]
    fn what_becomes_of_conflicts_is_read() {
        let table = read(
            "CREATE TABLE t (a TEXT NOT NULL ON CONFLICT IGNORE NULL ON CONFLICT FAIL, b UNIQUE ON CONFLICT ABORT, \
             c INTEGER UNIQUE ON CONFLICT fail, PRIMARY KEY (a) ON CONFLICT replace, UNIQUE (a, b) ON CONFLICT ROLLBACK, \
             CHECK (c > 0) ON CONFLICT IGNORE)",
        );
        let of_columns: Vec<_> = table.columns.iter().map(|column| column.not_null_on_conflict).collect();
        assert_eq!(of_columns, [Some(OnConflict::Ignore), None, None]);
        assert_eq!(table.primary_key, Some(primary_key(None).on(["a"]).on_conflict(OnConflict::Replace)));
        let fail = unique(None).on(["c"]).on_conflict(OnConflict::Fail);
        let rollback = unique(None).on(["a", "b"]).on_conflict(OnConflict::Rollback);
        assert_eq!(table.uniques, [unnamed(&["b"]), fail, rollback]);
        assert_eq!(table.checks, [check(None, "c > 0")]);
        assert!(table.clauses.is_empty());
    }

    #[test]
    fn autoincrement_in_a_table_constraint() {
        let table = read("CREATE TABLE t (id INTEGER, PRIMARY KEY (id AUTOINCREMENT))");
        assert!(table.columns[0].autoincrement);
    }

    #[test]
    fn another_statement_is_not_a_table() {
        assert_eq!(parse_table("CREATE VIRTUAL TABLE t USING fts5"), None);
        assert_eq!(parse_table("CREATE TABLE t (a CHECK"), None);
        assert_eq!(parse_table("CREATE TABLE t (a INT DEFAULT)"), None);
    }

    #[test]
    fn index_columns_orders_and_conditions() {
        let sql = "CREATE UNIQUE INDEX IF NOT EXISTS \"i x\" ON t (a, \"b c\" COLLATE NOCASE DESC, lower(d), (e + 1) ASC) WHERE a > 0";
        let index = parse_index(sql, "i x", &"t".into()).unwrap();
        let expected = rectify_schema::build::index("i x")
            .on("t", ["a".into(), index_column("b c").collate("NOCASE").desc()])
            .and(rectify_schema::build::sql("lower(d)"))
            .and(IndexColumn::from(rectify_schema::build::sql("e + 1")).asc())
            .unique()
            .filter("a > 0");
        assert_eq!(index, Index { sql: Some(sql.into()), ..expected });
    }

    #[test]
    fn the_check_of_an_enum_is_known_again() {
        let values = vec!["x".to_owned(), "y'z".to_owned()];
        assert_eq!(enum_values("\"a b\" IN ('x', 'y''z')"), Some(("a b".to_owned(), values)));
        assert_eq!(enum_values("a IN ('x', y)"), None);
        assert_eq!(enum_values("a IN (SELECT 'x')"), None);
        assert_eq!(enum_values("a + b IN ('x')"), None);
    }
}
