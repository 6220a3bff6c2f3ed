//! All that a database's own catalog says of what a migration can make, as lines of text: what the inspection does not
//! read is in here too.

use rectify::{AnyConnection, Database as _};
use rectify_tests::Database;

/// A line for each object and each of its parts. The tables of the runner are left out; schemas other than the current one
/// only where their name has `own` in it, since a server has those of other tests.
pub(crate) fn of(connection: &mut AnyConnection, kind: Database, own: &str) -> Vec<String> {
    let mut lines = match kind {
        Database::Sqlite => lines_of(connection, SQLITE, plain),
        Database::Postgres => lines(connection, POSTGRES),
        Database::Mariadb => mariadb(connection, own),
    };
    // SQLite makes its own table of numbers with the first numbered table, and keeps it.
    let own = ["alembic_version", "rectify_journal", "sqlite_sequence"];
    lines.retain(|line| !own.iter().any(|name| line.contains(name)));
    lines.sort();
    lines
}

/// What one has and the other has not, marked as a diff is.
pub(crate) fn difference(before: &[String], after: &[String]) -> String {
    let gone = before.iter().filter(|line| !after.contains(line)).map(|line| format!("- {line}"));
    let new = after.iter().filter(|line| !before.contains(line)).map(|line| format!("+ {line}"));
    gone.chain(new).collect::<Vec<_>>().join("\n")
}

/// The values of each row in one line.
fn lines(connection: &mut AnyConnection, sql: &str) -> Vec<String> {
    lines_of(connection, sql, str::to_owned)
}

fn lines_of(connection: &mut AnyConnection, sql: &str, shown: fn(&str) -> String) -> Vec<String> {
    let rows = connection.rows(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    let shown = |value: &Option<String>| value.as_deref().map_or_else(|| "NULL".to_owned(), shown);
    rows.iter().map(|row| row.0.iter().map(shown).collect::<Vec<_>>().join(" | ")).collect()
}

const SQLITE: &str = "
    SELECT type, name, tbl_name, sql FROM sqlite_schema
    UNION ALL SELECT 'column of ' || m.name, CAST(c.cid AS TEXT), c.name, concat_ws(' ', c.type, c.\"notnull\",
        c.dflt_value, c.pk, c.hidden) FROM sqlite_schema m, pragma_table_xinfo(m.name) c WHERE m.type IN ('table', 'view')
    UNION ALL SELECT 'key of ' || m.name, k.\"from\", k.\"table\", concat_ws(' ', k.\"to\", k.on_update, k.on_delete)
        FROM sqlite_schema m, pragma_foreign_key_list(m.name) k WHERE m.type = 'table'
    UNION ALL SELECT 'index of ' || m.name, i.origin, concat_ws(' ', i.\"unique\", i.partial),
        (SELECT group_concat(concat_ws(' ', x.cid, x.\"desc\", x.coll, x.key), ', ') FROM pragma_index_xinfo(i.name) x)
        FROM sqlite_schema m, pragma_index_list(m.name) i WHERE m.type = 'table'";

/// SQLite keeps the statement as it was written: what its spaces are, and what needs no quotes and has some, says nothing.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut parts: Vec<String> = words.join(" ").split('"').map(str::to_owned).collect();
    let is_name = |text: &str| {
        text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            && text.starts_with(|c: char| c.is_ascii_lowercase())
    };
    let inside = parts.iter().enumerate().filter(|(at, part)| at % 2 == 1 && !is_name(part));
    let quoted: Vec<(usize, String)> = inside.map(|(at, part)| (at, format!("\"{part}\""))).collect();
    for (at, text) in quoted {
        parts[at] = text;
    }
    parts.concat().replace("( ", "(").replace(" )", ")")
}

const POSTGRES: &str = "
WITH own AS (SELECT oid, nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'),
     relations AS (SELECT c.*, format('%I.%I', n.nspname, c.relname) AS full_name FROM pg_class c JOIN own n
                   ON n.oid = c.relnamespace)
SELECT concat_ws(' ', 'schema', nspname, obj_description(oid, 'pg_namespace')) FROM own
UNION ALL SELECT concat_ws(' ', 'relation', full_name, relkind, relpersistence, relrowsecurity, relispartition,
    reloptions::text, coalesce(relacl, acldefault('r', relowner))::text, obj_description(oid, 'pg_class'),
    CASE WHEN relkind = 'p' THEN pg_get_partkeydef(oid) WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END,
    (SELECT spcname FROM pg_tablespace t WHERE t.oid = reltablespace),
    (SELECT string_agg(inhparent::regclass::text, ',' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = relations.oid))
    FROM relations
UNION ALL SELECT concat_ws(' ', 'column', full_name, row_number() OVER (PARTITION BY r.oid ORDER BY attnum), attname,
    format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, pg_get_expr(adbin, adrelid),
    attcollation::regcollation, col_description(r.oid, attnum), attacl::text)
    FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid LEFT JOIN pg_attrdef d ON adrelid = r.oid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped AND relkind <> 'i'
UNION ALL SELECT concat_ws(' ', 'constraint', full_name, conname, pg_get_constraintdef(o.oid), convalidated,
    obj_description(o.oid, 'pg_constraint')) FROM pg_constraint o JOIN relations r ON r.oid = conrelid
UNION ALL SELECT concat_ws(' ', 'index', full_name, pg_get_indexdef(indexrelid), indisvalid, indisprimary)
    FROM pg_index i JOIN relations r ON r.oid = indexrelid
UNION ALL SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid), tgenabled)
    FROM pg_trigger t JOIN relations r ON r.oid = tgrelid WHERE NOT tgisinternal
UNION ALL SELECT concat_ws(' ', 'policy', full_name, polname, polcmd, polpermissive, polroles::text,
    pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) FROM pg_policy JOIN relations r ON r.oid = polrelid
UNION ALL SELECT concat_ws(' ', 'routine', pg_get_functiondef(p.oid), coalesce(proacl, acldefault('f', proowner))::text) FROM pg_proc p
    JOIN own n ON n.oid = pronamespace WHERE prokind IN ('f', 'p')
UNION ALL SELECT concat_ws(' ', 'enum', nspname, typname, (SELECT string_agg(quote_literal(enumlabel), ','
    ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)) FROM pg_type t JOIN own n ON n.oid = typnamespace
    WHERE typtype = 'e'
UNION ALL SELECT concat_ws(' ', 'sequence', full_name, seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin, seqcache,
    seqcycle, (SELECT refobjid::regclass || ' ' || refobjsubid FROM pg_depend WHERE objid = r.oid AND deptype IN ('a', 'i')
    AND refclassid = 'pg_class'::regclass)) FROM pg_sequence JOIN relations r ON r.oid = seqrelid
UNION ALL SELECT concat_ws(' ', 'extension', extname, extversion, n.nspname) FROM pg_extension e
    JOIN pg_namespace n ON n.oid = extnamespace";

fn mariadb(connection: &mut AnyConnection, own: &str) -> Vec<String> {
    let own = own.replace('\'', "''");
    let schemas =
        "SELECT CAST(schema_name AS CHAR), CAST(default_collation_name AS CHAR) FROM information_schema.schemata";
    let schemas = connection.rows(&format!("{schemas} WHERE LOCATE('{own}', schema_name) > 0")).unwrap();
    let mut found = lines(connection, MARIADB);
    found.extend(schemas.iter().map(|row| format!("schema {} {}", row.text(0).unwrap(), row.text(1).unwrap())));
    // By name: to compare otherwise, the server opens every table that it has.
    let names =
        schemas.iter().map(|row| format!(", '{}'", row.text(0).unwrap().replace('\\', "\\\\").replace('\'', "''")));
    let tables = format!(
        "SELECT CAST(table_name AS CHAR), CAST(table_type AS CHAR), CAST(table_schema AS CHAR) \
         FROM information_schema.tables WHERE table_schema IN (DATABASE(){})",
        names.collect::<String>()
    );
    for row in connection.rows(&tables).unwrap() {
        let [name, schema] = [0, 2].map(|at| row.text(at).unwrap().replace('`', "``"));
        let kind = match row.text(1).unwrap() {
            "VIEW" => "VIEW",
            "SEQUENCE" => "SEQUENCE",
            _ => "TABLE",
        };
        let made = connection.rows(&format!("SHOW CREATE {kind} `{schema}`.`{name}`")).unwrap();
        let text = made[0].text(1).unwrap();
        let counter = text.split(' ').find(|word| word.starts_with("AUTO_INCREMENT=")).unwrap_or("AUTO_INCREMENT=");
        let text = text.replace(&format!("{counter} "), "");
        // A line for each part, of which the columns have a place.
        found.extend(text.split("\n  ").zip(0..).map(|(line, at)| {
            let place = if line.starts_with('`') { at } else { 0 };
            format!("{name} {place} {}", line.trim_end_matches(','))
        }));
    }
    found
}

const MARIADB: &str = "
    SELECT CONCAT_WS(' ', 'routine', routine_type, routine_name, dtd_identifier, routine_definition, is_deterministic)
        FROM information_schema.routines WHERE routine_schema = DATABASE()
    UNION ALL SELECT CONCAT_WS(' ', 'parameter', specific_name, ordinal_position, parameter_name, dtd_identifier)
        FROM information_schema.parameters WHERE specific_schema = DATABASE()
    UNION ALL SELECT CONCAT_WS(' ', 'trigger', trigger_name, event_object_table, action_timing, event_manipulation,
        action_order, action_statement) FROM information_schema.triggers WHERE trigger_schema = DATABASE()
    UNION ALL SELECT CONCAT_WS(' ', 'grant', grantee, table_name, privilege_type) FROM information_schema.table_privileges
        WHERE table_schema = DATABASE()";
