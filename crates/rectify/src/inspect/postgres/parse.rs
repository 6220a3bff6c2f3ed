//! PostgreSQL's catalog rows into a schema.

use std::collections::HashMap;

use rectify_schema::build::{check, exclude, primary_key, unique};
use rectify_schema::{
    Check, Column, ColumnType, DefaultValue, Deferrable, EnumType, Exclude, ExcludeElement, ForeignKey,
    ForeignKeyAction, Generated, Identity, Index, IndexColumn, IndexTarget, Nulls, Order, PrimaryKey, Schema, Table,
    TableName, TableOptions, Unique, Value,
};

use super::queries::{ColumnRow, ConstraintRow, EnumRow, ExcludeRow, IndexRow, SequenceRow, TableRow};
use super::types;
use crate::inspect::defaults::{hex, number};
use crate::inspect::tokens::{Kind, POSTGRES, Token, list, tokens, without_parentheses};

#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) tables: Vec<TableRow>,
    pub(super) columns: Vec<ColumnRow>,
    pub(super) constraints: Vec<ConstraintRow>,
    pub(super) indexes: Vec<IndexRow>,
    pub(super) excludes: Vec<ExcludeRow>,
    pub(super) enums: Vec<EnumRow>,
}

pub(super) fn schema(rows: Rows) -> Schema {
    let enums = enums(rows.enums);
    let mut tables = Tables::new(rows.tables);
    for row in rows.columns {
        if let Some(read) = tables.find(&row.table) {
            let enum_type = row.enum_oid.as_deref().and_then(|oid| enums.by_oid.get(oid));
            read.numbers.push(row.number);
            read.table.columns.push(column(row, enum_type));
        }
    }
    tables.read.iter_mut().for_each(TableRead::order);
    for row in rows.constraints {
        let referenced_columns = match &row.referenced_columns {
            Some(quoted) => names(quoted),
            None => {
                tables.find(&row.referenced_oid).map(|read| read.names_of(&row.referenced_numbers)).unwrap_or_default()
            }
        };
        if let Some(read) = tables.find(&row.table) {
            read.add_constraint(row, referenced_columns);
        }
    }
    for row in rows.indexes {
        if let Some(read) = tables.find(&row.table) {
            read.add_index_column(row);
        }
    }
    for row in rows.excludes {
        if let Some(read) = tables.find(&row.column.table) {
            read.add_exclude_element(row);
        }
    }
    Schema {
        tables: tables.read.into_iter().map(TableRead::finish).collect(),
        enums: enums.in_scope,
        ..Schema::default()
    }
}

struct Enums {
    by_oid: HashMap<String, EnumType>,
    in_scope: Vec<EnumType>,
}

/// The rows of one enum stand together, in the order of its values.
fn enums(rows: Vec<EnumRow>) -> Enums {
    let mut enums = Enums { by_oid: HashMap::new(), in_scope: Vec::new() };
    for rows in rows.chunk_by(|a, b| a.oid == b.oid) {
        let [first, ..] = rows else { continue };
        let name = TableName { schema: first.schema.clone(), name: first.name.clone() };
        let enum_type = EnumType { name, values: rows.iter().map(|row| row.value.clone()).collect() };
        if first.in_scope {
            enums.in_scope.push(enum_type.clone());
        }
        enums.by_oid.insert(first.oid.clone(), enum_type);
    }
    enums
}

struct Tables {
    read: Vec<TableRead>,
    by_oid: HashMap<String, usize>,
}

/// A table as far as it is read.
struct TableRead {
    table: Table,
    /// The numbers of its columns.
    numbers: Vec<u16>,
}

impl Tables {
    fn new(rows: Vec<TableRow>) -> Self {
        let by_oid = rows.iter().enumerate().map(|(at, row)| (row.oid.clone(), at)).collect();
        Self { read: rows.into_iter().map(TableRead::new).collect(), by_oid }
    }

    fn find(&mut self, oid: &str) -> Option<&mut TableRead> {
        self.by_oid.get(oid).map(|&at| &mut self.read[at])
    }
}

impl TableRead {
    fn new(row: TableRow) -> Self {
        let options = TableOptions {
            unlogged: row.unlogged,
            partition_by: row.partition_by,
            inherits: table_names(&row.inherits),
            access_method: row.access_method,
            storage: storage(&row.storage),
            tablespace: row.tablespace,
            ..TableOptions::default()
        };
        let mut table = rectify_schema::build::table(TableName { schema: row.schema, name: row.name }).options(options);
        table.comment = row.comment;
        Self { table, numbers: Vec::new() }
    }

    /// Puts the columns into the order of their numbers.
    fn order(&mut self) {
        if !self.numbers.is_sorted() {
            let columns = std::mem::take(&mut self.table.columns);
            let mut numbered: Vec<_> = std::mem::take(&mut self.numbers).into_iter().zip(columns).collect();
            numbered.sort_by_key(|(number, _)| *number);
            (self.numbers, self.table.columns) = numbered.into_iter().unzip();
        }
    }

    /// The table, without room for more.
    fn finish(self) -> Table {
        let Self { mut table, .. } = self;
        table.columns.shrink_to_fit();
        table.foreign_keys.shrink_to_fit();
        table.indexes.shrink_to_fit();
        table
    }

    fn add_constraint(&mut self, row: ConstraintRow, referenced_columns: Vec<String>) {
        let columns = self.names_of(&row.columns);
        let deferrable = deferrable(row.deferrable, row.deferred);
        let name = Some(row.name);
        match row.kind.as_str() {
            "p" => {
                let include = self.names_of(&row.include);
                self.table.primary_key = Some(PrimaryKey { columns, deferrable, include, ..primary_key(name) });
            }
            "u" => {
                let (nulls_not_distinct, include) = (row.nulls_not_distinct, self.names_of(&row.include));
                self.table.uniques.push(Unique { columns, deferrable, nulls_not_distinct, include, ..unique(name) });
            }
            "f" => self.table.foreign_keys.push(ForeignKey {
                name,
                columns,
                references: TableName { schema: row.referenced_schema, name: row.referenced_table },
                referenced_columns,
                on_delete: action(&row.on_delete),
                on_delete_columns: self.names_of(&row.on_delete_columns),
                on_update: action(&row.on_update),
                deferrable,
                match_full: row.match_full,
                not_valid: !row.valid,
            }),
            _ => {
                let expression = without_parentheses(&row.expression.unwrap_or_default(), POSTGRES);
                let (no_inherit, not_valid) = (row.no_inherit, !row.valid);
                self.table.checks.push(Check { no_inherit, not_valid, ..check(name, expression) });
            }
        }
    }

    /// The columns of these numbers, which have blanks between them.
    fn names_of(&self, numbers: &str) -> Vec<String> {
        numbers.split_ascii_whitespace().map(|number| self.name_of(number)).collect()
    }

    /// The column of this number; of none the empty text, where an index has an expression.
    fn name_of(&self, number: &str) -> String {
        let at = number.parse().ok().and_then(|number| self.numbers.binary_search(&number).ok());
        at.map(|at| self.table.columns[at].name.clone()).unwrap_or_default()
    }

    /// The rows of one index stand together.
    fn add_index_column(&mut self, row: IndexRow) {
        if self.table.indexes.last().is_none_or(|index| index.name != row.name) {
            let index = index(&self.table.name, &row);
            self.table.indexes.push(index);
        }
        let name = self.name_of(&row.column);
        let Some(index) = self.table.indexes.last_mut() else { return };
        if row.included {
            index.include.push(name);
        } else {
            index.columns.push(index_column(name, row));
        }
    }

    /// The rows of one constraint stand together.
    fn add_exclude_element(&mut self, row: ExcludeRow) {
        let is_last = |exclude: &Exclude| exclude.name.as_ref() == Some(&row.column.name);
        if !self.table.excludes.last().is_some_and(is_last) {
            // It is kept by an index, and shares its method and its condition.
            let index = index(&self.table.name, &row.column);
            let deferrable = deferrable(row.deferrable, row.deferred);
            let (method, predicate) = (index.method, index.predicate);
            self.table.excludes.push(Exclude { method, predicate, deferrable, ..exclude(index.name) });
        }
        let name = self.name_of(&row.column.column);
        let Some(exclude) = self.table.excludes.last_mut() else { return };
        let column = index_column(name, row.column);
        exclude.elements.push(ExcludeElement { column, operator: row.operator });
    }
}

fn deferrable(deferrable: bool, deferred: bool) -> Option<Deferrable> {
    match (deferrable, deferred) {
        (false, _) => None,
        (true, false) => Some(Deferrable::InitiallyImmediate),
        (true, true) => Some(Deferrable::InitiallyDeferred),
    }
}

fn column(row: ColumnRow, enum_type: Option<&EnumType>) -> Column {
    let column_type = types::parse(&row.type_name, enum_type);
    let identity = if row.serial || !row.identity.is_empty() {
        Some(identity(row.identity == "a", row.sequence.as_deref().unwrap_or(&SequenceRow::default())))
    } else {
        None
    };
    let (default, generated) = match row.default {
        Some(text) if !row.generated.is_empty() => {
            let expression = without_parentheses(&text, POSTGRES);
            (None, Some(Generated { expression, stored: row.generated == "s" }))
        }
        Some(text) if !row.serial => (default(&column_type, &row.type_name, &text), None),
        _ => (None, None),
    };
    Column {
        nullable: !row.not_null,
        default,
        identity,
        generated,
        collation: row.collation,
        comment: row.comment,
        ..rectify_schema::build::column(row.name, column_type)
    }
}

/// The options that are not what they would be anyway.
fn identity(always: bool, row: &SequenceRow) -> Identity {
    let (lowest, highest) = match row.type_name.as_str() {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let number = |text: &str| text.parse::<i64>().ok();
    let unless = |text: &str, default: i64| number(text).filter(|number| *number != default);
    let descending = number(&row.increment).is_some_and(|increment| increment < 0);
    let (min_value, max_value) = if descending { (lowest, -1) } else { (1, highest) };
    let start = if descending { number(&row.max_value) } else { number(&row.min_value) };
    Identity {
        always,
        start: unless(&row.start, start.unwrap_or(1)),
        increment: unless(&row.increment, 1),
        min_value: unless(&row.min_value, min_value),
        max_value: unless(&row.max_value, max_value),
        cache: unless(&row.cache, 1),
        cycle: row.cycle,
    }
}

/// A default as the server prints it. `'draft'::text` is a literal if the cast is the column's own type.
fn default(column_type: &ColumnType, type_name: &str, text: &str) -> Option<DefaultValue> {
    let value = tokens(text, POSTGRES);
    let literal = match value.as_slice() {
        [word] if word.is("NULL") => return None,
        [null, cast @ ..] if null.is("NULL") && is_cast(cast) => return None,
        [word] if word.is("true") => Some(true.into()),
        [word] if word.is("false") => Some(false.into()),
        [token] if token.kind == Kind::Number => number(column_type, text),
        [token, rest @ ..] if token.kind == Kind::Text && is_cast(rest) => {
            let cast = text[token.text.len()..].trim_start_matches(':');
            if is_own_type(column_type, type_name, cast) { typed(column_type, &token.name()) } else { None }
        }
        _ => None,
    };
    Some(literal.unwrap_or_else(|| DefaultValue::Expression(text.to_owned())))
}

fn is_cast(tokens: &[Token<'_>]) -> bool {
    matches!(tokens, [a, b, _, ..] if a.is_symbol(":") && b.is_symbol(":"))
}

/// Whether a text of type `cast` is stored in the column as it stands. The cast leaves out lengths.
fn is_own_type(column_type: &ColumnType, type_name: &str, cast: &str) -> bool {
    let bare = type_name.split('(').next().unwrap_or_default();
    match column_type {
        ColumnType::Char(_) => cast == "bpchar",
        ColumnType::Varchar(_) | ColumnType::Text => ["character varying", "text"].contains(&cast),
        // The server makes a number that has a sign, or is out of range, a text with a cast.
        ColumnType::Numeric { .. }
        | ColumnType::Real
        | ColumnType::Double
        | ColumnType::BigInt
        | ColumnType::SmallInt => ["numeric", "integer", "bigint"].contains(&cast) || cast == bare,
        _ => cast == type_name || cast == bare,
    }
}

fn typed(column_type: &ColumnType, text: &str) -> Option<DefaultValue> {
    match column_type {
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::Numeric { .. }
        | ColumnType::Real
        | ColumnType::Double => number(column_type, text),
        ColumnType::Binary => text.strip_prefix("\\x").and_then(hex).map(|bytes| Value::Bytes(bytes).into()),
        _ => Some(text.into()),
    }
}

fn action(code: &str) -> Option<ForeignKeyAction> {
    match code {
        "r" => Some(ForeignKeyAction::Restrict),
        "c" => Some(ForeignKeyAction::Cascade),
        "n" => Some(ForeignKeyAction::SetNull),
        "d" => Some(ForeignKeyAction::SetDefault),
        _ => None,
    }
}

fn names(quoted: &str) -> Vec<String> {
    let tokens = tokens(quoted, POSTGRES);
    list(&tokens).into_iter().filter_map(<[_]>::first).map(|name| name.name()).collect()
}

/// Names of tables, with their schemas unless that is the current one.
fn table_names(quoted: &str) -> Vec<TableName> {
    let tokens = tokens(quoted, POSTGRES);
    let name = |item: &[Token<'_>]| match item {
        [name] => Some(TableName::from(name.name())),
        [schema, _, name] => Some(TableName { schema: Some(schema.name()), name: name.name() }),
        _ => None,
    };
    list(&tokens).into_iter().filter_map(name).collect()
}

/// Storage parameters from `name=value` lines. A value that is neither word nor number is written as a text.
fn storage(lines: &str) -> Vec<(String, String)> {
    let plain = |value: &str| value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '+'));
    let value = |value: &str| if plain(value) { value.to_owned() } else { format!("'{}'", value.replace('\'', "''")) };
    lines.lines().filter_map(|line| line.split_once('=')).map(|(name, text)| (name.to_owned(), value(text))).collect()
}

fn index(table: &TableName, row: &IndexRow) -> Index {
    let mut index = rectify_schema::build::index(row.name.clone());
    index.table = table.clone();
    index.unique = row.unique;
    index.method = Some(row.method.clone()).filter(|method| method != "btree");
    index.predicate = row.predicate.as_deref().map(|predicate| without_parentheses(predicate, POSTGRES));
    index.nulls_not_distinct = row.nulls_not_distinct;
    index.storage = storage(&row.storage);
    index.tablespace.clone_from(&row.tablespace);
    index
}

fn index_column(name: String, row: IndexRow) -> IndexColumn {
    let target = match row.expression {
        Some(expression) => IndexTarget::Expression(without_parentheses(&expression, POSTGRES)),
        None => IndexTarget::Column(name),
    };
    let (order, nulls) = match row.option {
        0 => (None, None),
        1 => (Some(Order::Desc), Some(Nulls::Last)),
        2 => (None, Some(Nulls::First)),
        // A descending order puts NULLs first anyway.
        _ => (Some(Order::Desc), None),
    };
    IndexColumn {
        order,
        nulls,
        collation: row.collation,
        operator_class: row.operator_class,
        ..IndexColumn::new(target)
    }
}

#[cfg(test)]
mod tests {
    use rectify_schema::build::{
        Cascade, SetNull, array, bigint, binary, boolean, char, check, column, custom, date, double, enumeration,
        foreign_key, index, index_column, integer, jsonb, named_enum, numeric, primary_key, sql, table, text,
        timestamptz, unique, varchar,
    };

    use super::*;
    use crate::inspect::recorded;

    /// As PostgreSQL 15 gave them.
    fn rows() -> Rows {
        const NO_SEQUENCE: &str = "\\N|\\N|\\N|\\N|\\N|\\N|\\N|\\N";
        let columns = format!(
            "95|1|id|bigint|\\N|true|nextval('parent_id_seq'::regclass)||\\N|\\N||true|bigint|1|1|1|9223372036854775807|1|false\n\
             12|1|id|integer|\\N|true|\\N||\\N|\\N|a|\\N|integer|10|5|1|2147483647|1|false\n\
             12|2|m|mood|89|true|'sad'::mood||\\N|\\N||{NO_SEQUENCE}\n\
             12|3|ms|mood[]|89|false|\\N||\\N|\\N||{NO_SEQUENCE}\n\
             12|4|v|character varying(20)|\\N|true|'x''y'::character varying||\\N|vee||{NO_SEQUENCE}\n\
             12|13|g|integer|\\N|false|(id * 2)|s|\\N|\\N||{NO_SEQUENCE}\n\
             12|14|coll|text|\\N|false|\\N||C|\\N||{NO_SEQUENCE}\n\
             45|1|k|integer|\\N|false|\\N||\\N|\\N||{NO_SEQUENCE}",
        );
        Rows {
            tables: recorded(
                "95|\\N|parent|\\N|false|\\N|\\N|\\N|\\N|\n45|ws|pt|\\N|true|RANGE (k)|\\N|\\N|fast|fillfactor=70\n\
                 12|\\N|t|hi|false|\\N|parent,ws.\"Q, r\"|columnar|\\N|",
            ),
            columns: recorded(&columns),
            constraints: recorded(
                "95|parent_pkey|p|1||true|true|true|true|\\N|\\N|\\N|\\N|\\N|\\N| | |\\N|false|\\N\n\
                 12|ck|c|1 4|\\N|false|false|false|true|\\N|\\N|\\N|\\N|\\N|\\N| | |\\N|false|((id > 0) AND (length((v)::text) > 2))\n\
                 12|t_fkey|f|13 14|\\N|true|true|true|true|\\N|ws|far|77|1 2|x,\"Y z\"|c|n|14|true|\\N\n\
                 12|t_v_key|u|4|13|true|false|true|true|true|\\N|\\N|\\N|\\N|\\N| | |\\N|false|\\N\n\
                 45|pt_k|f|1|\\N|false|false|true|true|\\N|\\N|parent|95|1|\\N|a|a|\\N|false|\\N",
            ),
            indexes: recorded(
                "12|ix1|false|btree|(g > 3)|false|false|0|lower((v)::text)|0|\\N|\\N|fast|fillfactor=70\n\
                 12|ix1|false|btree|(g > 3)|false|false|13|\\N|3|\\N|\\N\n\
                 12|ix1|false|btree|(g > 3)|false|false|14|\\N|2|text_pattern_ops|POSIX\n\
                 12|ix1|false|btree|(g > 3)|false|true|1|\\N|\\N|\\N|\\N\n\
                 12|ix2|true|hash|\\N|true|false|0|((g + 1))|1|\\N|\\N",
            ),
            excludes: recorded(
                "=|true|true|12|ex|false|gist|(g > 0)|false|false|1|\\N|0|gist_int4_ops|\\N|\\N|\\N\n\
                 OPERATOR(app.&&)|true|true|12|ex|false|gist|(g > 0)|false|false|0|int4range(g, 9)|0|\\N|\\N|\\N|\\N",
            ),
            enums: recorded("89|\\N|mood|sad|true\n89|\\N|mood|happy|true\n90|ws|level|low|false"),
        }
    }

    #[test]
    fn tables_as_postgres_keeps_them() {
        let mood = EnumType::new("mood", ["sad", "happy"]);
        let parent = table("parent")
            .column(column("id", bigint()).identity())
            .primary_key(primary_key("parent_pkey").on(["id"]).deferrable(Deferrable::InitiallyDeferred));
        let mut pt = table(("ws", "pt")).column(column("k", integer()));
        pt.options = TableOptions {
            unlogged: true,
            partition_by: Some("RANGE (k)".into()),
            tablespace: Some("fast".into()),
            storage: vec![("fillfactor".into(), "70".into())],
            ..TableOptions::default()
        };
        let pt = pt.foreign_key(foreign_key("pt_k").on(["k"]).references("parent", ["id"]));
        let identity = rectify_schema::build::identity().always().start(10).increment(5);
        let far = foreign_key("t_fkey").on(["g", "coll"]).references(("ws", "far"), ["x", "Y z"]);
        let by_text = index_column("coll").nulls_first().operator_class("text_pattern_ops").collate("POSIX");
        let by_sum = IndexColumn::from(sql("g + 1")).desc().nulls_last();
        let t = table("t")
            .comment("hi")
            .options(TableOptions {
                inherits: vec!["parent".into(), ("ws", "Q, r").into()],
                access_method: Some("columnar".into()),
                ..TableOptions::default()
            })
            .column(column("id", integer()).identity_with(identity))
            .column(column("m", enumeration("mood", ["sad", "happy"])).not_null().server_default("sad"))
            .column(column("ms", array(enumeration("mood", ["sad", "happy"]))))
            .column(column("v", varchar(20)).not_null().server_default("x'y").comment("vee"))
            .column(column("g", integer()).generated("id * 2"))
            .column(column("coll", text()).collate("C"))
            .check(check("ck", "(id > 0) AND (length((v)::text) > 2)").not_valid().no_inherit())
            .foreign_key(
                far.on_delete(SetNull).on_delete_columns(["coll"]).on_update(Cascade).match_full().initially_deferred(),
            )
            .unique(
                unique("t_v_key")
                    .on(["v"])
                    .deferrable(Deferrable::InitiallyImmediate)
                    .nulls_not_distinct()
                    .include(["g"]),
            )
            .exclude(
                exclude("ex")
                    .using("gist")
                    .with(index_column("id").operator_class("gist_int4_ops"), "=")
                    .with(sql("int4range(g, 9)"), "OPERATOR(app.&&)")
                    .filter("g > 0")
                    .deferrable(Deferrable::InitiallyDeferred),
            )
            .index(
                index("ix1")
                    .on("t", [IndexColumn::from(sql("lower((v)::text)")), index_column("g").desc(), by_text])
                    .include(["id"])
                    .filter("g > 3")
                    .tablespace("fast")
                    .storage("fillfactor", 70),
            )
            .index(index("ix2").on("t", [by_sum]).unique().using("hash").nulls_not_distinct());
        assert_eq!(schema(rows()), Schema { tables: vec![parent, pt, t], enums: vec![mood], ..Schema::default() });
    }

    #[track_caller]
    fn check_default(column_type: ColumnType, type_name: &str, text: &str, expected: impl Into<DefaultValue>) {
        assert_eq!(default(&column_type, type_name, text), Some(expected.into()), "{text}");
    }

    #[test]
    fn defaults_are_literals_or_expressions() {
        check_default(varchar(9), "character varying(9)", "'it''s'::character varying", "it's");
        check_default(text(), "text", "'a::b'::text", "a::b");
        check_default(char(3), "character(3)", "'abc'::bpchar", "abc");
        check_default(integer(), "integer", "'-1'::integer", -1_i64);
        check_default(bigint(), "bigint", "5", 5_i64);
        check_default(double(), "double precision", "1.5", 1.5);
        check_default(numeric(12, 2), "numeric(12,2)", "1.50", sql("1.50"));
        check_default(boolean(), "boolean", "true", true);
        check_default(binary(), "bytea", "'\\xdead'::bytea", vec![0xde, 0xad]);
        check_default(jsonb(), "jsonb", "'{}'::jsonb", "{}");
        check_default(array(text()), "text[]", "'{}'::text[]", "{}");
        check_default(named_enum("mood"), "mood", "'sad'::mood", "sad");
        check_default(date(), "date", "'2020-01-01'::date", "2020-01-01");
        check_default(date(), "date", "('now'::text)::date", sql("('now'::text)::date"));
        check_default(timestamptz(), "timestamp with time zone", "now()", sql("now()"));
        check_default(text(), "text", "'a'::text || 'b'::text", sql("'a'::text || 'b'::text"));
        check_default(custom("inet"), "inet", "'1.2.3.4'::inet", "1.2.3.4");
        assert_eq!(default(&text(), "text", "NULL::text"), None);
    }

    #[test]
    fn a_sequence_that_counts_down_has_other_defaults() {
        let row = SequenceRow {
            type_name: "smallint".into(),
            start: "-1".into(),
            increment: "-1".into(),
            min_value: "-32768".into(),
            max_value: "-1".into(),
            cache: "1".into(),
            cycle: true,
        };
        let expected = Identity { increment: Some(-1), cycle: true, ..Identity::default() };
        assert_eq!(identity(false, &row), expected);
    }
}
