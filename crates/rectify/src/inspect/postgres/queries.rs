//! The queries of PostgreSQL's catalog, and their rows.

use rectify_schema::dialect::Dialect;

use crate::database::TextRow;
use crate::inspect::{Scope, literals, values};
use crate::runner::sql::literal;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TableRow {
    pub(super) oid: String,
    /// Nothing if it is the current one.
    pub(super) schema: Option<String>,
    pub(super) name: String,
    pub(super) comment: Option<String>,
    pub(super) unlogged: bool,
    /// What follows `PARTITION BY`.
    pub(super) partition_by: Option<String>,
    /// Names, quoted where needed, with commas between.
    pub(super) inherits: String,
    /// The access method, unless it is the server's default.
    pub(super) access_method: Option<String>,
    pub(super) tablespace: Option<String>,
    /// Storage parameters as `name=value`, a line each.
    pub(super) storage: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ColumnRow {
    pub(super) table: String,
    pub(super) number: u16,
    pub(super) name: String,
    pub(super) type_name: String,
    /// The enum that it holds, also in an array.
    pub(super) enum_oid: Option<String>,
    pub(super) not_null: bool,
    /// The default, or the expression of a generated column.
    pub(super) default: Option<String>,
    /// Empty, `s` for stored or `v` for virtual.
    pub(super) generated: String,
    pub(super) collation: Option<String>,
    pub(super) comment: Option<String>,
    /// Empty, `a` for always or `d` for by default.
    pub(super) identity: String,
    /// The default is the next number of the column's own sequence, and it is never `NULL`, as no numbered column can be.
    pub(super) serial: bool,
    pub(super) sequence: Option<Box<SequenceRow>>,
}

/// The options of a column's sequence; they are numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SequenceRow {
    pub(super) type_name: String,
    pub(super) start: String,
    pub(super) increment: String,
    pub(super) min_value: String,
    pub(super) max_value: String,
    pub(super) cache: String,
    pub(super) cycle: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ConstraintRow {
    pub(super) table: String,
    pub(super) name: String,
    /// `p`, `u`, `f` or `c`.
    pub(super) kind: String,
    /// The numbers of its columns, with blanks between.
    pub(super) columns: String,
    /// The numbers of the columns that are only carried along in its index.
    pub(super) include: String,
    pub(super) deferrable: bool,
    pub(super) deferred: bool,
    pub(super) valid: bool,
    pub(super) no_inherit: bool,
    pub(super) nulls_not_distinct: bool,
    /// Nothing if it is the current one.
    pub(super) referenced_schema: Option<String>,
    pub(super) referenced_table: String,
    pub(super) referenced_oid: String,
    /// The numbers of the columns that it refers to.
    pub(super) referenced_numbers: String,
    /// Their names, quoted where needed, with commas between: given where the other table may not be among those read.
    pub(super) referenced_columns: Option<String>,
    pub(super) on_update: String,
    pub(super) on_delete: String,
    /// The numbers of the columns that a deletion sets, if not all.
    pub(super) on_delete_columns: String,
    pub(super) match_full: bool,
    /// The condition of a check.
    pub(super) expression: Option<String>,
}

/// One column of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct IndexRow {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) unique: bool,
    pub(super) method: String,
    pub(super) predicate: Option<String>,
    pub(super) nulls_not_distinct: bool,
    /// Only carried along.
    pub(super) included: bool,
    /// The column's number; zero for an expression.
    pub(super) column: String,
    pub(super) expression: Option<String>,
    pub(super) tablespace: Option<String>,
    /// Storage parameters as `name=value`, a line each.
    pub(super) storage: String,
    /// One: descending. Two: `NULL`s first.
    pub(super) option: u32,
    /// The operator class, unless it is the type's own.
    pub(super) operator_class: Option<String>,
    /// The collation, unless it is the column's own.
    pub(super) collation: Option<String>,
}

/// One comparison of an exclusion constraint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ExcludeRow {
    /// Its place in the index that keeps it; the index has the constraint's name.
    pub(super) column: IndexRow,
    pub(super) operator: String,
    pub(super) deferrable: bool,
    pub(super) deferred: bool,
}

/// One value of an enum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct EnumRow {
    pub(super) oid: String,
    /// Nothing if it is the current one.
    pub(super) schema: Option<String>,
    pub(super) name: String,
    pub(super) value: String,
    /// One of those asked for, and not only what a column may hold.
    pub(super) in_scope: bool,
}

impl From<TextRow> for TableRow {
    fn from(row: TextRow) -> Self {
        let [oid, schema, name, comment, unlogged, partition_by, rest @ ..] = values::<10>(row);
        let [inherits, access_method, tablespace, storage] = rest;
        Self {
            oid: oid.unwrap_or_default(),
            schema,
            name: name.unwrap_or_default(),
            comment,
            unlogged: is_true(unlogged),
            partition_by,
            inherits: inherits.unwrap_or_default(),
            access_method,
            tablespace,
            storage: storage.unwrap_or_default(),
        }
    }
}

impl From<TextRow> for ColumnRow {
    fn from(row: TextRow) -> Self {
        let [table, number, name, type_name, enum_oid, not_null, default, generated, collation, comment, rest @ ..] =
            values::<19>(row);
        let [identity, serial, sequence_type, start, increment, min_value, max_value, cache, cycle] = rest;
        let sequence = |type_name| SequenceRow {
            type_name,
            start: start.unwrap_or_default(),
            increment: increment.unwrap_or_default(),
            min_value: min_value.unwrap_or_default(),
            max_value: max_value.unwrap_or_default(),
            cache: cache.unwrap_or_default(),
            cycle: is_true(cycle),
        };
        let sequence = sequence_type.map(sequence).map(Box::new);
        Self {
            table: table.unwrap_or_default(),
            number: number.and_then(|number| number.parse().ok()).unwrap_or_default(),
            name: name.unwrap_or_default(),
            type_name: type_name.unwrap_or_default(),
            enum_oid,
            not_null: is_true(not_null),
            default,
            generated: generated.unwrap_or_default(),
            collation,
            comment,
            identity: identity.unwrap_or_default(),
            serial: is_true(serial),
            sequence,
        }
    }
}

impl From<TextRow> for ConstraintRow {
    fn from(row: TextRow) -> Self {
        let [table, name, kind, columns, include, deferrable, deferred, valid, no_inherit, rest @ ..] =
            values::<20>(row);
        let [nulls_not_distinct, referenced_schema, referenced_table, referenced_oid, rest @ ..] = rest;
        let [referenced_numbers, referenced_columns, rest @ ..] = rest;
        let [on_update, on_delete, on_delete_columns, match_full, expression] = rest;
        Self {
            table: table.unwrap_or_default(),
            name: name.unwrap_or_default(),
            kind: kind.unwrap_or_default(),
            columns: columns.unwrap_or_default(),
            include: include.unwrap_or_default(),
            deferrable: is_true(deferrable),
            deferred: is_true(deferred),
            valid: is_true(valid),
            no_inherit: is_true(no_inherit),
            nulls_not_distinct: is_true(nulls_not_distinct),
            referenced_schema,
            referenced_table: referenced_table.unwrap_or_default(),
            referenced_oid: referenced_oid.unwrap_or_default(),
            referenced_numbers: referenced_numbers.unwrap_or_default(),
            referenced_columns,
            on_update: on_update.unwrap_or_default(),
            on_delete: on_delete.unwrap_or_default(),
            on_delete_columns: on_delete_columns.unwrap_or_default(),
            match_full: is_true(match_full),
            expression,
        }
    }
}

impl From<TextRow> for IndexRow {
    fn from(row: TextRow) -> Self {
        Self::from(values(row))
    }
}

impl From<[Option<String>; 14]> for IndexRow {
    fn from(values: [Option<String>; 14]) -> Self {
        let [table, name, unique, method, predicate, nulls_not_distinct, rest @ ..] = values;
        let [included, column, expression, option, operator_class, collation, tablespace, storage] = rest;
        Self {
            table: table.unwrap_or_default(),
            name: name.unwrap_or_default(),
            unique: is_true(unique),
            method: method.unwrap_or_default(),
            predicate,
            nulls_not_distinct: is_true(nulls_not_distinct),
            included: is_true(included),
            column: column.unwrap_or_default(),
            expression,
            tablespace,
            storage: storage.unwrap_or_default(),
            option: option.and_then(|option| option.parse().ok()).unwrap_or_default(),
            operator_class,
            collation,
        }
    }
}

impl From<TextRow> for ExcludeRow {
    fn from(row: TextRow) -> Self {
        let [operator, deferrable, deferred, column @ ..] = values::<17>(row);
        Self {
            column: IndexRow::from(column),
            operator: operator.unwrap_or_default(),
            deferrable: is_true(deferrable),
            deferred: is_true(deferred),
        }
    }
}

impl From<TextRow> for EnumRow {
    fn from(row: TextRow) -> Self {
        let [oid, schema, name, value, in_scope] = values(row);
        Self {
            oid: oid.unwrap_or_default(),
            schema,
            name: name.unwrap_or_default(),
            value: value.unwrap_or_default(),
            in_scope: is_true(in_scope),
        }
    }
}

pub(super) fn is_true(text: Option<String>) -> bool {
    text.as_deref() == Some("true")
}

/// Which tables to read: those of `pg_class c` in `pg_namespace n`.
pub(super) fn condition(dialect: &dyn Dialect, scope: &Scope) -> String {
    let schema = match (&scope.table, scope.schemas.as_slice()) {
        // A bare name means what the search path finds first.
        (Some(_), []) => "pg_table_is_visible(c.oid)".to_owned(),
        _ => in_schemas(dialect, scope),
    };
    let table = scope.table.as_ref().map(|table| format!(" AND c.relname = {}", literal(dialect, table)));
    format!("c.relkind IN ('r', 'p') AND NOT c.relispartition AND {schema}{}", table.unwrap_or_default())
}

/// Which schemas to read from: those of `pg_namespace n`.
pub(super) fn in_schemas(dialect: &dyn Dialect, scope: &Scope) -> String {
    match scope.schemas.as_slice() {
        [] => "n.nspname = current_schema()".to_owned(),
        schemas => format!("n.nspname IN ({})", literals(dialect, schemas)),
    }
}

/// Leaves out what an extension made: `alias` is a row of the catalog `class`.
pub(super) fn of_no_extension(class: &str, alias: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM pg_depend e \
         WHERE e.classid = '{class}'::regclass AND e.objid = {alias}.oid AND e.deptype = 'e')"
    )
}

/// Leaves out the tables of extensions, and with them what the other queries say of these.
pub(super) fn tables(condition: &str) -> String {
    format!(
        "SELECT c.oid::text, NULLIF(n.nspname, current_schema())::text, c.relname::text, d.description, \
         (c.relpersistence = 'u')::text, CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, h.parents, \
         NULLIF(m.amname, current_setting('default_table_access_method'))::text, s.spcname::text, \
         concat_ws(E'\\n', array_to_string(c.reloptions, E'\\n'), \
         (SELECT string_agg('toast.' || option, E'\\n') FROM unnest(t.reloptions) option)) \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_am m ON m.oid = c.relam LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace \
         LEFT JOIN pg_class t ON t.oid = c.reltoastrelid AND t.reloptions IS NOT NULL \
         LEFT JOIN (SELECT i.inhrelid, string_agg(CASE WHEN pn.nspname = current_schema() THEN '' \
         ELSE quote_ident(pn.nspname) || '.' END || quote_ident(p.relname), ',' ORDER BY i.inhseqno) AS parents \
         FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace \
         WHERE p.relkind = 'r' GROUP BY i.inhrelid) h ON h.inhrelid = c.oid \
         LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0 \
         WHERE {condition} AND {} ORDER BY n.nspname, c.relname",
        of_no_extension("pg_class", "c")
    )
}

/// Columns, each with the sequence that belongs to it, in no order. A default speaks of no column, and is printed several
/// times faster where the server need not know the table.
pub(super) fn columns(condition: &str) -> String {
    format!(
        "SELECT a.attrelid::text, a.attnum::text, a.attname::text, format_type(a.atttypid, a.atttypmod), \
         CASE WHEN e.typtype = 'e' THEN e.oid::text END, a.attnotnull::text, \
         pg_get_expr(d.adbin, CASE WHEN a.attgenerated = '' THEN 0 ELSE d.adrelid END), \
         a.attgenerated::text, l.collname::text, m.description, a.attidentity::text, \
         CASE WHEN o.deptype = 'a' AND a.attnotnull THEN (pg_get_expr(d.adbin, 0) = \
         'nextval(' || quote_literal(s.seqrelid::regclass::text) || '::regclass)')::text END, \
         format_type(s.seqtypid, NULL), s.seqstart::text, s.seqincrement::text, s.seqmin::text, s.seqmax::text, \
         s.seqcache::text, s.seqcycle::text \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         JOIN pg_type t ON t.oid = a.atttypid \
         LEFT JOIN pg_type e ON e.oid = CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN t.typelem ELSE t.oid END \
         LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = CASE WHEN a.atthasdef THEN a.attnum END \
         LEFT JOIN pg_collation l ON l.oid = a.attcollation AND a.attcollation <> t.typcollation \
         LEFT JOIN pg_description m \
         ON m.objoid = a.attrelid AND m.classoid = 'pg_class'::regclass AND m.objsubid = a.attnum \
         LEFT JOIN (pg_depend o JOIN pg_sequence s ON s.seqrelid = o.objid) \
         ON o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass \
         AND o.refobjid = a.attrelid AND o.refobjsubid = a.attnum AND o.deptype IN ('a', 'i') \
         WHERE {condition}"
    )
}

/// Keys and checks, but not those inherited. A key that refers to a partitioned table has copies for its partitions, which
/// have a parent. `absent` stands in for columns that came with PostgreSQL 15.
pub(super) fn constraints(condition: &str, scope: &Scope) -> String {
    let alone = scope.table.is_some();
    format!(
        "SELECT k.conrelid::text, k.conname::text, k.contype::text, array_to_string(k.conkey, ' '), \
         array_to_string((i.indkey::int2[])[i.indnkeyatts:], ' '), \
         k.condeferrable::text, k.condeferred::text, k.convalidated::text, k.connoinherit::text, \
         CASE WHEN k.contype = 'u' THEN \
         (SELECT indnullsnotdistinct FROM pg_index own WHERE own.indexrelid = k.conindid)::text END, \
         NULLIF(rn.nspname, current_schema())::text, r.relname::text, r.oid::text, array_to_string(k.confkey, ' '), \
         CASE WHEN {alone} OR r.relnamespace <> c.relnamespace OR r.relispartition THEN (SELECT string_agg(quote_ident(a.attname), ',' ORDER BY u.position) \
         FROM unnest(k.confkey) WITH ORDINALITY u(number, position) \
         JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number) END, \
         k.confupdtype::text, k.confdeltype::text, \
         CASE WHEN k.confdeltype IN ('n', 'd') THEN \
         array_to_string((SELECT confdelsetcols FROM pg_constraint own WHERE own.oid = k.oid), ' ') END, \
         (k.confmatchtype = 'f')::text, pg_get_expr(k.conbin, k.conrelid) \
         FROM (SELECT NULL::boolean AS indnullsnotdistinct, NULL::int2[] AS confdelsetcols) absent \
         CROSS JOIN pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('p', 'u', 'f', 'c') AND k.conparentid = 0 \
         AND (k.conislocal OR k.contype <> 'c') \
         LEFT JOIN pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u') \
         LEFT JOIN pg_class r ON r.oid = k.confrelid LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace \
         WHERE {condition} ORDER BY k.conrelid, k.conname"
    )
}

/// The columns of indexes, but not of those that a constraint made. An index that an interrupted concurrent build left
/// invalid is among them, since its name is taken. `absent` stands in for a column that came with PostgreSQL 15.
pub(super) fn indexes(condition: &str) -> String {
    format!(
        "SELECT {INDEX_COLUMN} FROM {INDEX_COLUMNS} \
         WHERE {condition} AND NOT EXISTS (SELECT 1 FROM pg_constraint u \
         WHERE u.conindid = i.indexrelid AND u.conrelid = i.indrelid AND u.contype IN ('p', 'u', 'x')) \
         ORDER BY i.indrelid, x.relname, k.position"
    )
}

/// What exclusion constraints compare, by the columns of the index that keeps each.
pub(super) fn excludes(condition: &str) -> String {
    format!(
        "SELECT CASE WHEN pg_operator_is_visible(o.oid) THEN o.oprname::text \
         ELSE 'OPERATOR(' || quote_ident(h.nspname) || '.' || o.oprname || ')' END, \
         u.condeferrable::text, u.condeferred::text, {INDEX_COLUMN} \
         FROM {INDEX_COLUMNS} JOIN pg_constraint u ON u.conindid = i.indexrelid AND u.contype = 'x' \
         JOIN pg_operator o ON o.oid = u.conexclop[k.position] JOIN pg_namespace h ON h.oid = o.oprnamespace \
         WHERE {condition} ORDER BY i.indrelid, x.relname, k.position"
    )
}

const INDEX_COLUMN: &str = "i.indrelid::text, x.relname::text, i.indisunique::text, m.amname::text, \
     pg_get_expr(i.indpred, i.indrelid), \
     CASE WHEN i.indisunique THEN \
     (SELECT indnullsnotdistinct FROM pg_index own WHERE own.indexrelid = i.indexrelid)::text END, \
     (k.position > i.indnkeyatts)::text, k.number::text, \
     CASE WHEN k.number = 0 THEN pg_get_indexdef(i.indexrelid, k.position::int, false) END, \
     i.indoption[k.position - 1]::text, p.opcname::text, l.collname::text, \
     CASE WHEN k.position = 1 THEN s.spcname::text END, \
     CASE WHEN k.position = 1 THEN array_to_string(x.reloptions, E'\\n') END";

const INDEX_COLUMNS: &str = "(SELECT NULL::boolean AS indnullsnotdistinct) absent \
     CROSS JOIN pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     JOIN pg_index i ON i.indrelid = c.oid \
     JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam \
     CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(number, position) \
     LEFT JOIN pg_tablespace s ON s.oid = x.reltablespace \
     LEFT JOIN pg_opclass p ON p.oid = i.indclass[k.position - 1] AND NOT p.opcdefault \
     LEFT JOIN pg_collation l ON l.oid = i.indcollation[k.position - 1] \
     AND l.oid <> COALESCE((SELECT a.attcollation FROM pg_attribute a \
     WHERE a.attrelid = i.indrelid AND a.attnum = k.number AND k.number <> 0), 'pg_catalog.\"default\"'::regcollation)";

/// The values of all enums: a column may hold one of a schema that was not asked for.
pub(super) fn enums(dialect: &dyn Dialect, scope: &Scope) -> String {
    let in_scope = if scope.table.is_some() { "false".to_owned() } else { in_schemas(dialect, scope) };
    format!(
        "SELECT t.oid::text, NULLIF(n.nspname, current_schema())::text, t.typname::text, v.enumlabel::text, \
         ({in_scope} AND {})::text \
         FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_enum v ON v.enumtypid = t.oid \
         ORDER BY n.nspname, t.typname, v.enumsortorder",
        of_no_extension("pg_type", "t")
    )
}
