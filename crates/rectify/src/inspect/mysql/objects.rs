//! What MySQL and MariaDB hold beside tables: databases, sequences, and objects made by SQL text.

use std::collections::HashMap;

use rectify_schema::build::sequence;
use rectify_schema::dialect::Dialect;
use rectify_schema::{ObjectKind, Sequence, SqlObject, TableName};

use super::queries::{QualifiedName, condition, is_one};
use crate::compare::SCRATCH;
use crate::database::TextRow;
use crate::inspect::tokens::{Kind, MYSQL, Token, tokens};
use crate::inspect::{Schemas, Scope, values};
use crate::runner::sql::literal;

/// The databases that are not the server's own, each with the one that the connection uses.
pub(super) const SCHEMAS: &str = "SELECT CAST(schema_name AS CHAR), CAST(DATABASE() AS CHAR) \
     FROM information_schema.schemata \
     WHERE schema_name NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys') ORDER BY schema_name";

/// The rows of [`SCHEMAS`], without the scratch databases of comparisons that go on.
pub(super) fn schemas(rows: Vec<TextRow>) -> Schemas {
    let mut schemas = Schemas::default();
    for row in rows {
        let [name, current] = values(row);
        schemas.all.extend(name.filter(|name| !name.starts_with(SCRATCH)));
        schemas.current = current;
    }
    schemas
}

/// The options of sequences, which only they themselves know.
pub(super) fn sequences(dialect: &dyn Dialect, names: &[QualifiedName]) -> String {
    let one = |name: &QualifiedName| {
        format!(
            "SELECT {}, {}, CAST(start_value AS CHAR), CAST(increment AS CHAR), CAST(minimum_value AS CHAR), \
             CAST(maximum_value AS CHAR), CAST(cache_size AS CHAR), CAST(cycle_option AS CHAR) FROM {}.{}",
            literal(dialect, &name.schema),
            literal(dialect, &name.name),
            dialect.quote(&name.schema),
            dialect.quote(&name.name),
        )
    };
    names.iter().map(one).collect::<Vec<_>>().join(" UNION ALL ")
}

pub(super) fn sequence_of(row: TextRow, current: &str) -> Sequence {
    let [schema, name, start, increment, min, max, cache, cycle] = values(row);
    let number = |text: Option<String>| text.and_then(|text| text.parse::<i64>().ok());
    let (increment, min, max) = (number(increment), number(min), number(max));
    let descending = increment.is_some_and(|increment| increment < 0);
    // The outermost numbers are the server's own.
    let (lowest, highest) = if descending { (i64::MIN + 1, -1) } else { (1, i64::MAX - 1) };
    let first = if descending { max } else { min };
    let mut sequence = sequence(QualifiedName::new(schema, name).to_table_name(current));
    sequence.options.start = number(start).filter(|start| Some(*start) != first);
    sequence.options.increment = increment.filter(|increment| *increment != 1);
    sequence.options.min_value = min.filter(|min| *min != lowest);
    sequence.options.max_value = max.filter(|max| *max != highest);
    sequence.options.cache = number(cache).and_then(|cache| u32::try_from(cache).ok()).filter(|cache| *cache != 1000);
    sequence.options.cycle = is_one(cycle).then_some(true);
    sequence
}

/// The text with some tokens replaced: `new` gives what stands for the first tokens it is shown, and for how many.
pub(super) fn replace(text: &str, new: impl Fn(&[Token<'_>]) -> Option<(String, usize)>) -> String {
    let tokens = tokens(text, MYSQL);
    let (mut out, mut copied, mut at) = (String::with_capacity(text.len()), 0, 0);
    while at < tokens.len() {
        match new(&tokens[at..]) {
            Some((word, count)) => {
                out.push_str(&text[copied..tokens[at].start()]);
                out.push_str(&word);
                at += count;
                copied = tokens[at - 1].end();
            }
            None => at += 1,
        }
    }
    out + &text[copied..]
}

/// Views, triggers, functions and procedures, and the parameters of these.
pub(super) fn programs(dialect: &dyn Dialect, scope: &Scope) -> String {
    let within = |schema: &str| condition(dialect, scope, schema, "");
    format!(
        "SELECT 'view', CAST(table_schema AS CHAR), CAST(table_name AS CHAR), CAST(view_definition AS CHAR), \
         CAST(check_option AS CHAR), CAST(security_type AS CHAR), NULL, NULL, NULL \
         FROM information_schema.views WHERE {} \
         UNION ALL SELECT 'trigger', CAST(trigger_schema AS CHAR), CAST(trigger_name AS CHAR), \
         CAST(action_statement AS CHAR), CAST(action_timing AS CHAR), CAST(event_manipulation AS CHAR), \
         CAST(event_object_table AS CHAR), NULL, NULL \
         FROM information_schema.triggers WHERE {} \
         UNION ALL SELECT LOWER(CAST(routine_type AS CHAR)), CAST(routine_schema AS CHAR), CAST(routine_name AS CHAR), \
         CAST(routine_definition AS CHAR), CAST(dtd_identifier AS CHAR), CAST(is_deterministic AS CHAR), \
         CAST(sql_data_access AS CHAR), CAST(security_type AS CHAR), CAST(routine_comment AS CHAR) \
         FROM information_schema.routines WHERE {} AND routine_type IN ('FUNCTION', 'PROCEDURE') \
         UNION ALL SELECT 'parameter', CAST(specific_schema AS CHAR), CAST(specific_name AS CHAR), \
         LOWER(CAST(routine_type AS CHAR)), CAST(parameter_mode AS CHAR), CAST(parameter_name AS CHAR), \
         CAST(dtd_identifier AS CHAR), CAST(ordinal_position AS CHAR), NULL \
         FROM information_schema.parameters WHERE {} AND ordinal_position > 0",
        within("table_schema"),
        within("trigger_schema"),
        within("routine_schema"),
        within("specific_schema"),
    )
}

/// The rows of [`programs`]. Views are printed with the database before each name; that of the connection is left out, so that
/// the text means the same in another one.
pub(super) fn objects(dialect: &dyn Dialect, rows: Vec<TextRow>, current: &str) -> Vec<SqlObject> {
    let (parameters, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.text(0) == Some("parameter"));
    let arguments = arguments(dialect, parameters);
    let mut objects: Vec<_> = rows.into_iter().map(|row| object(dialect, row, current, &arguments)).collect();
    objects.sort_by(|a, b| (&a.kind, &a.name).cmp(&(&b.kind, &b.name)));
    objects
}

type Arguments = HashMap<(String, QualifiedName), String>;

/// The arguments of routines, by kind and name.
fn arguments(dialect: &dyn Dialect, rows: Vec<TextRow>) -> Arguments {
    let mut parameters: HashMap<_, Vec<(u32, String)>> = HashMap::new();
    for row in rows {
        let [_, schema, routine, kind, mode, name, type_name, position, _] = values::<9>(row);
        let position = position.and_then(|position| position.parse().ok()).unwrap_or_default();
        let mode = mode.filter(|mode| mode != "IN").map(|mode| mode + " ").unwrap_or_default();
        let name = dialect.quote(&name.unwrap_or_default());
        let parameter = format!("{mode}{name} {}", type_name.unwrap_or_default());
        let routine = (kind.unwrap_or_default(), QualifiedName::new(schema, routine));
        parameters.entry(routine).or_default().push((position, parameter));
    }
    let joined = |mut parameters: Vec<(u32, String)>| {
        parameters.sort();
        parameters.into_iter().map(|(_, parameter)| parameter).collect::<Vec<_>>().join(", ")
    };
    parameters.into_iter().map(|(routine, parameters)| (routine, joined(parameters))).collect()
}

fn object(dialect: &dyn Dialect, row: TextRow, current: &str, arguments: &Arguments) -> SqlObject {
    let [kind, schema, name, text, a, b, c, security, comment] = values(row);
    let (kind, text) = (kind.unwrap_or_default(), text.unwrap_or_default());
    let qualified = QualifiedName::new(schema, name);
    let name = qualified.to_table_name(current);
    if kind == "view" {
        let definition = view(&text, current, &a.unwrap_or_default(), &b.unwrap_or_default());
        return SqlObject { definition, ..SqlObject::named(ObjectKind::View, name) };
    }
    if kind == "trigger" {
        let (timing, event) = (a.unwrap_or_default(), b.unwrap_or_default());
        let table = name.sibling(c.unwrap_or_default());
        let definition =
            format!("{timing} {event} ON {} FOR EACH ROW {text}", crate::runner::sql::table(dialect, &table));
        // A trigger lives where its table does.
        let name = TableName::from(name.name);
        return SqlObject { definition, ..SqlObject::named(ObjectKind::Trigger { table }, name) };
    }
    let clauses = [
        a.map(|type_name| format!("RETURNS {type_name}")),
        comment.filter(|comment| !comment.is_empty()).map(|comment| format!("COMMENT {}", literal(dialect, &comment))),
        b.filter(|deterministic| deterministic == "YES").map(|_| "DETERMINISTIC".to_owned()),
        c.filter(|access| access != "CONTAINS SQL"),
        security.filter(|security| security == "INVOKER").map(|_| "SQL SECURITY INVOKER".to_owned()),
    ];
    // Whoever may not see the body gets none, and then nothing is known of how it is made.
    let body = Some(text).filter(|text| !text.is_empty());
    let definition =
        body.map_or(String::new(), |body| clauses.into_iter().flatten().chain([body]).collect::<Vec<_>>().join(" "));
    let arguments = arguments.get(&(kind.clone(), qualified)).cloned().unwrap_or_default();
    let function = kind == "function";
    let kind = if function { ObjectKind::Function { arguments } } else { ObjectKind::Procedure { arguments } };
    SqlObject { definition, ..SqlObject::named(kind, name) }
}

fn view(text: &str, current: &str, check_option: &str, security: &str) -> String {
    let mut query = replace(text, |tokens| match tokens {
        [schema, dot, _, ..] if schema.kind == Kind::Name && dot.is_symbol(".") && schema.name() == current => {
            Some((String::new(), 2))
        }
        _ => None,
    });
    if query.is_empty() {
        return query;
    }
    if check_option != "NONE" {
        query = format!("{query} WITH {check_option} CHECK OPTION");
    }
    if security == "INVOKER" { format!("SQL SECURITY INVOKER AS {query}") } else { query }
}

#[cfg(test)]
mod tests {
    use rectify_schema::build::{function, procedure, trigger, view};
    use rectify_schema::dialect::MARIADB;

    use super::*;
    use crate::inspect::recorded;

    #[test]
    fn objects_as_mariadb_prints_them() {
        let rows = recorded(
            "view|it|v|select `it`.`t`.`a` AS `a`,`x`.`b` AS `b` from (`it`.`t` join `other`.`x`)|CASCADED|DEFINER|\\N|\\N|\\N\n\
             view|far|w|select 'it.x' AS `it`|NONE|INVOKER|\\N|\\N|\\N\n\
             trigger|it|tr|SET NEW.a = 1|BEFORE|UPDATE|odd`t|\\N|\\N\n\
             parameter|it|f|function|\\N|order|int(11)|2|\\N\n\
             parameter|it|f|function|\\N|n|varchar(9)|1|\\N\n\
             parameter|it|f|procedure|OUT|n|int(11)|1|\\N\n\
             function|it|f|RETURN n|int(11)|YES|NO SQL|INVOKER|it's\n\
             procedure|it|f|SET n = 1|\\N|NO|CONTAINS SQL|DEFINER|\n\
             procedure|it|hidden|\\N|\\N|NO|CONTAINS SQL|DEFINER|",
        );
        let found = objects(MARIADB, rows, "it");
        let expected = [
            view("v", "select `t`.`a` AS `a`,`x`.`b` AS `b` from (`t` join `other`.`x`) WITH CASCADED CHECK OPTION"),
            view(("far", "w"), "SQL SECURITY INVOKER AS select 'it.x' AS `it`"),
            function(
                "f",
                "n varchar(9), `order` int(11)",
                "RETURNS int(11) COMMENT 'it''s' DETERMINISTIC NO SQL SQL SECURITY INVOKER RETURN n",
            ),
            procedure("hidden", "", ""),
            procedure("f", "OUT n int(11)", "SET n = 1"),
            trigger("tr", "odd`t", "BEFORE UPDATE ON `odd``t` FOR EACH ROW SET NEW.a = 1"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn sequences_say_what_is_not_so_anyway() {
        let rows: Vec<TextRow> = recorded("it|s|1|1|1|9223372036854775806|1000|0\nfar|d|5|-2|-9|7|20|1");
        let found: Vec<_> = rows.into_iter().map(|row| sequence_of(row, "it")).collect();
        let odd = sequence(("far", "d")).start(5).increment(-2).min_value(-9).max_value(7).cache(20).cycle(true);
        assert_eq!(found, [sequence("s"), odd]);
    }
}
