//! What PostgreSQL's catalog holds beside tables and types: schemas, extensions, sequences, and objects made by SQL text.

use rectify_schema::build::{extension, sequence};
use rectify_schema::dialect::{Dialect, POSTGRES};
use rectify_schema::{Extension, ObjectKind, Sequence, SequenceOptions, SqlObject, TableName};

use super::queries::{in_schemas, is_true, of_no_extension};
use crate::database::TextRow;
use crate::inspect::{InspectError, Schemas, Scope, values};

/// The schemas that are not the system's or an extension's, and the extensions.
pub(super) const SCHEMAS_AND_EXTENSIONS: &str = "SELECT 'schema', n.nspname::text, (n.nspname = current_schema())::text, NULL \
     FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
     AND NOT EXISTS (SELECT 1 FROM pg_depend e \
     WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid AND e.deptype = 'e') \
     UNION ALL SELECT 'extension', e.extname::text, NULLIF(n.nspname, current_schema())::text, \
     NULLIF(e.extversion, a.default_version) \
     FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace \
     LEFT JOIN pg_available_extensions a ON a.name = e.extname WHERE e.extname <> 'plpgsql' ORDER BY 1, 2";

/// The rows of [`SCHEMAS_AND_EXTENSIONS`].
pub(super) fn schemas_and_extensions(rows: Vec<TextRow>) -> (Schemas, Vec<Extension>) {
    let (mut schemas, mut extensions) = (Schemas::default(), Vec::new());
    for row in rows {
        let [kind, name, detail, version] = values(row);
        let name = name.unwrap_or_default();
        if kind.as_deref() == Some("extension") {
            extensions.push(Extension { schema: detail, version, ..extension(name) });
        } else {
            if is_true(detail) {
                schemas.current = Some(name.clone());
            }
            schemas.all.push(name);
        }
    }
    (schemas, extensions)
}

/// Sequences, but not those that number the rows of a column.
pub(super) fn sequences(dialect: &dyn Dialect, scope: &Scope) -> String {
    format!(
        "SELECT NULLIF(n.nspname, current_schema())::text, c.relname::text, s.seqstart::text, s.seqincrement::text, \
         s.seqmin::text, s.seqmax::text, s.seqcache::text, s.seqcycle::text, \
         NULLIF(tn.nspname, current_schema())::text, t.relname::text, a.attname::text \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_sequence s ON s.seqrelid = c.oid \
         LEFT JOIN (pg_depend o JOIN pg_class t ON t.oid = o.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace \
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = o.refobjsubid) \
         ON o.objid = c.oid AND o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass \
         AND o.deptype IN ('a', 'i') \
         LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = o.refobjsubid \
         WHERE {} AND o.deptype IS DISTINCT FROM 'i' AND (d.oid IS NULL OR NOT a.attnotnull OR pg_get_expr(d.adbin, 0) <> \
         'nextval(' || quote_literal(c.oid::regclass::text) || '::regclass)') AND {} ORDER BY n.nspname, c.relname",
        in_schemas(dialect, scope),
        of_no_extension("pg_class", "c"),
    )
}

pub(super) fn sequence_of(row: TextRow) -> Sequence {
    let [schema, name, start, increment, min, max, cache, cycle, owner_schema, owner, column] = values(row);
    let number = |text: Option<String>| text.and_then(|text| text.parse::<i64>().ok());
    let (increment, min, max) = (number(increment), number(min), number(max));
    let descending = increment.is_some_and(|increment| increment < 0);
    let (lowest, highest) = if descending { (i64::MIN, -1) } else { (1, i64::MAX) };
    let first = if descending { max } else { min };
    let owner = owner.map(|name| TableName { schema: owner_schema, name });
    let options = SequenceOptions {
        start: number(start).filter(|start| Some(*start) != first),
        increment: increment.filter(|increment| *increment != 1),
        min_value: min.filter(|min| *min != lowest),
        max_value: max.filter(|max| *max != highest),
        cache: number(cache).and_then(|cache| u32::try_from(cache).ok()).filter(|cache| *cache != 1),
        cycle: is_true(cycle).then_some(true),
        owned_by: owner.zip(column),
    };
    Sequence { options, ..sequence(TableName { schema, name: name.unwrap_or_default() }) }
}

/// Views, functions, procedures, triggers and policies, each with the text that the server prints.
pub(super) fn programs(dialect: &dyn Dialect, scope: &Scope) -> String {
    let (scope, relation) = (in_schemas(dialect, scope), of_no_extension("pg_class", "c"));
    let routine = of_no_extension("pg_proc", "p");
    let namespace = "JOIN pg_namespace n ON n.oid =";
    format!(
        "SELECT c.relkind::text, NULLIF(n.nspname, current_schema())::text, c.relname::text, s.spcname::text, \
         array_to_string(c.reloptions, ', '), pg_get_viewdef(c.oid) \
         FROM pg_class c {namespace} c.relnamespace LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace \
         WHERE c.relkind IN ('v', 'm') AND {scope} AND {relation} \
         UNION ALL SELECT p.prokind::text, NULLIF(n.nspname, current_schema())::text, p.proname::text, \
         CASE WHEN n.oid = pg_my_temp_schema() THEN 'pg_temp' ELSE n.nspname::text END, \
         pg_get_function_arguments(p.oid), pg_get_functiondef(p.oid) \
         FROM pg_proc p {namespace} p.pronamespace WHERE p.prokind IN ('f', 'p', 'w') AND {scope} AND {routine} \
         UNION ALL SELECT 't', NULLIF(n.nspname, current_schema())::text, c.relname::text, NULL, t.tgname::text, \
         pg_get_triggerdef(t.oid, true) \
         FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid {namespace} c.relnamespace \
         WHERE NOT t.tgisinternal AND NOT c.relispartition AND {scope} AND {relation} \
         UNION ALL SELECT 'r', NULLIF(n.nspname, current_schema())::text, c.relname::text, NULL, o.polname::text, \
         concat_ws(' ', CASE WHEN NOT o.polpermissive THEN 'AS RESTRICTIVE' END, \
         CASE o.polcmd WHEN 'r' THEN 'FOR SELECT' WHEN 'a' THEN 'FOR INSERT' WHEN 'w' THEN 'FOR UPDATE' \
         WHEN 'd' THEN 'FOR DELETE' END, \
         'TO ' || (SELECT string_agg(quote_ident(u.rolname), ', ' ORDER BY u.rolname) \
         FROM pg_roles u WHERE u.oid = ANY (o.polroles)), \
         'USING (' || pg_get_expr(o.polqual, o.polrelid) || ')', \
         'WITH CHECK (' || pg_get_expr(o.polwithcheck, o.polrelid) || ')') \
         FROM pg_policy o JOIN pg_class c ON c.oid = o.polrelid {namespace} c.relnamespace \
         WHERE {scope} AND {relation} ORDER BY 1, 2, 3, 5"
    )
}

/// One row of [`programs`].
///
/// # Errors
///
/// Returns [`InspectError::NotUnderstood`] if the text does not begin as it must.
pub(super) fn program(row: TextRow) -> Result<SqlObject, InspectError> {
    let [kind, schema, name, place, detail, text] = values(row);
    let (kind, text, detail) = (kind.unwrap_or_default(), text.unwrap_or_default(), detail.unwrap_or_default());
    let name = TableName { schema, name: name.unwrap_or_default() };
    let (kind, name, definition) = match kind.as_str() {
        "v" => (ObjectKind::View, name, Some(view(&text, &detail, None))),
        "m" => (ObjectKind::MaterializedView, name, Some(view(&text, &detail, place.as_deref()))),
        "t" => {
            let definition = trigger(&text, &detail);
            let trigger = TableName::from(detail);
            (ObjectKind::Trigger { table: name }, trigger, definition)
        }
        "r" => (ObjectKind::Policy { table: name }, TableName::from(detail), Some(text.clone())),
        _ => {
            let definition = routine(&text, &place.unwrap_or_default(), &name.name, &detail);
            let arguments = detail;
            let procedure = kind == "p";
            let kind = if procedure { ObjectKind::Procedure { arguments } } else { ObjectKind::Function { arguments } };
            (kind, name, definition)
        }
    };
    match definition {
        Some(definition) => Ok(SqlObject { definition, ..SqlObject::named(kind, name) }),
        None => Err(InspectError::NotUnderstood { what: format!("the {} `{name}`", kind.word()), sql: text }),
    }
}

/// The query, with what stands between the name and `AS` before it and `CHECK OPTION` behind it.
fn view(text: &str, options: &str, tablespace: Option<&str>) -> String {
    let mut query = text.trim().trim_end_matches(';').to_owned();
    let (checks, options): (Vec<_>, Vec<_>) =
        options.split(", ").filter(|option| !option.is_empty()).partition(|option| option.starts_with("check_option="));
    if let Some((_, scope)) = checks.first().and_then(|check| check.split_once('=')) {
        query = format!("{query}\n WITH {} CHECK OPTION", scope.to_uppercase());
    }
    let mut head = Vec::new();
    if !options.is_empty() {
        head.push(format!("WITH ({})", options.join(", ")));
    }
    head.extend(tablespace.map(|tablespace| format!("TABLESPACE {}", POSTGRES.quote(tablespace))));
    if head.is_empty() { query } else { format!("{} AS {query}", head.join(" ")) }
}

/// What follows the name; `CONSTRAINT` stands before it.
fn trigger(text: &str, name: &str) -> Option<String> {
    let rest = text.strip_prefix("CREATE ")?;
    let (constraint, rest) = match rest.strip_prefix("CONSTRAINT ") {
        Some(rest) => ("CONSTRAINT ", rest),
        None => ("", rest),
    };
    let rest = behind_name(rest.strip_prefix("TRIGGER ")?, name)?;
    Some(format!("{constraint}{}", rest.trim()))
}

/// What follows the arguments.
fn routine(text: &str, schema: &str, name: &str, arguments: &str) -> Option<String> {
    let rest = text.strip_prefix("CREATE OR REPLACE ")?;
    let rest = rest.strip_prefix("FUNCTION ").or_else(|| rest.strip_prefix("PROCEDURE "))?;
    let rest = behind_name(behind_name(rest, schema)?.strip_prefix('.')?, name)?;
    let rest = rest.strip_prefix('(')?.strip_prefix(arguments)?.strip_prefix(')')?;
    Some(rest.trim().to_owned())
}

/// The text behind a name, in quotes or not.
fn behind_name<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let quoted = format!("\"{}\"", name.replace('"', "\"\""));
    text.strip_prefix(name).or_else(|| text.strip_prefix(&quoted))
}

#[cfg(test)]
mod tests {
    use rectify_schema::build::{function, materialized_view, policy, procedure, view};

    use super::*;
    use crate::inspect::recorded;

    #[test]
    fn schemas_and_extensions_as_the_catalog_has_them() {
        let rows = recorded(
            "extension|citext|\\N|\\N\nextension|hstore|app|1.7\nschema|app|false|\\N\nschema|public|true|\\N",
        );
        let (schemas, extensions) = schemas_and_extensions(rows);
        assert_eq!(schemas, Schemas { current: Some("public".into()), all: vec!["app".into(), "public".into()] });
        assert_eq!(extensions, [extension("citext"), extension("hstore").schema("app").version("1.7")]);
    }

    #[test]
    fn sequences_say_what_is_not_so_anyway() {
        let rows: Vec<TextRow> = recorded(
            "\\N|s|1|1|1|9223372036854775807|1|false|\\N|\\N|\\N\n\
             app|S|5|-2|-9|7|20|true|\\N|t|n\n\
             \\N|down|-1|-1|-9223372036854775808|-1|1|false|\\N|\\N|\\N",
        );
        let found: Vec<_> = rows.into_iter().map(sequence_of).collect();
        let odd = sequence(("app", "S")).start(5).increment(-2).min_value(-9).max_value(7).cache(20).cycle(true);
        assert_eq!(found, [sequence("s"), odd.owned_by("t", "n"), sequence("down").increment(-1)]);
    }

    #[track_caller]
    fn check(row: &str, expected: SqlObject) {
        let rows: Vec<TextRow> = recorded(row);
        assert_eq!(program(rows.into_iter().next().unwrap()).unwrap(), expected);
    }

    #[test]
    fn objects_have_the_text_that_follows_their_name() {
        check("v|\\N|v|\\N|\\N| SELECT 1;", view("v", "SELECT 1"));
        check(
            "v|app|v|\\N|security_barrier=true, check_option=local| SELECT 1;",
            view(("app", "v"), "WITH (security_barrier=true) AS SELECT 1\n WITH LOCAL CHECK OPTION"),
        );
        check("m|\\N|m|fast|\\N|SELECT 1", materialized_view("m", "TABLESPACE fast AS SELECT 1"));
        check(
            "f|app|Odd \"f|app|n integer DEFAULT 1|CREATE OR REPLACE FUNCTION app.\"Odd \"\"f\"(n integer DEFAULT 1) RETURNS x ",
            function(("app", "Odd \"f"), "n integer DEFAULT 1", "RETURNS x"),
        );
        check(
            "p|\\N|p|public||CREATE OR REPLACE PROCEDURE public.p() LANGUAGE sql",
            procedure("p", "", "LANGUAGE sql"),
        );
        check(
            "t|app|notes|\\N|tr|CREATE TRIGGER tr BEFORE UPDATE ON app.notes",
            rectify_schema::build::trigger("tr", ("app", "notes"), "BEFORE UPDATE ON app.notes"),
        );
        check(
            "t|\\N|notes|\\N|T|CREATE CONSTRAINT TRIGGER \"T\" AFTER INSERT ON notes",
            rectify_schema::build::trigger("T", "notes", "CONSTRAINT AFTER INSERT ON notes"),
        );
        check("r|\\N|notes|\\N|own|FOR SELECT USING (true)", policy("own", "notes", "FOR SELECT USING (true)"));
    }

    #[test]
    fn a_text_that_begins_otherwise_is_refused() {
        let rows: Vec<TextRow> = recorded("t|\\N|notes|\\N|tr|CREATE RULE");
        let error = program(rows.into_iter().next().unwrap()).unwrap_err().to_string();
        assert_eq!(error, "the catalog's definition of the trigger `tr` is not understood: CREATE RULE");
    }
}
