//! Alembic's naming conventions as ours.

use rectify_schema::build::short;
use rectify_schema::naming::CheckName;
use rectify_schema::{Dialect, NamingConvention, Operation};
use serde_json::Value;

use crate::types::Expressed;

/// Names by a convention what an operation leaves unnamed: a refusal where there is no name.
pub(crate) fn named(d: &dyn Dialect, given: Option<&Value>, op: &Operation) -> Result<Operation, String> {
    let mut op = op.clone();
    let naming = convention(given)?;
    let named = naming.apply(&mut op, d.name_limit());
    named.map_err(|error| format!("{error} (hint: {})", error.hint)).map(|()| op)
}

/// The convention of a case. Alembic's own names indexes by their first column.
pub(crate) fn convention(given: Option<&Value>) -> Expressed<NamingConvention> {
    let mut naming = NamingConvention::new().index("ix_{qualified_table}_{column}");
    let templates = given.and_then(Value::as_object).into_iter().flatten();
    for (kind, template) in templates {
        let template = template.as_str().unwrap_or_default();
        if kind != "ck" && template.contains("%(constraint_name)s") {
            return Err(format!("a template that completes the name of a `{kind}`"));
        }
        // It lives as long as the test.
        let ours: &'static str = translated(template)?.leak();
        naming = match kind.as_str() {
            "ix" => naming.index(ours),
            "uq" => naming.unique(ours),
            "fk" => naming.foreign_key(ours),
            "ck" => naming.check(ours),
            "pk" => naming.primary_key(ours),
            other => return Err(format!("the naming convention of `{other}`")),
        };
    }
    Ok(naming)
}

/// `%(column_0_N_name)s` as `{columns}`.
fn translated(template: &str) -> Expressed<String> {
    let (mut ours, mut rest) = (String::new(), template);
    while let Some((before, token)) = rest.split_once("%(") {
        let (token, after) = token.split_once(")s").ok_or_else(|| format!("the template {template}"))?;
        ours = ours + before + &token_of(token).ok_or_else(|| format!("the token {token} of a template"))?;
        rest = after;
    }
    Ok(ours + rest)
}

fn token_of(token: &str) -> Option<String> {
    match token {
        "table_name" => return Some("{table}".to_owned()),
        "referred_table_name" => return Some("{referred_table}".to_owned()),
        "constraint_name" => return Some("{name}".to_owned()),
        _ => {}
    }
    let (referred, of) = token.strip_prefix("referred_").map_or(("", token), |of| ("referred_", of));
    let (number, kind) = of.strip_prefix("column_")?.rsplit_once('_')?;
    // A key is the name that Python gives a column, which here is its name.
    let label = match kind {
        "name" | "key" => "",
        "label" if referred.is_empty() => "{qualified_table}_",
        _ => return None,
    };
    let column = match number {
        "0" => format!("{referred}column"),
        "0N" if label.is_empty() => format!("{referred}columns:"),
        "0_N" if label.is_empty() => format!("{referred}columns"),
        number if referred.is_empty() && number.parse::<u8>().is_ok() => format!("column_{number}"),
        _ => return None,
    };
    Some(format!("{label}{{{column}}}"))
}

/// A check's name is completed by a template with `constraint_name`, unless it is final.
pub(crate) fn check_name(given: &Value) -> CheckName {
    match given.as_str() {
        Some(name) => short(name).into(),
        None => final_name(given).into(),
    }
}

/// The name of what no template completes.
pub(crate) fn name(given: &Value) -> Option<String> {
    given.as_str().map(str::to_owned).or_else(|| final_name(given))
}

fn final_name(given: &Value) -> Option<String> {
    given.get("f").and_then(Value::as_str).map(str::to_owned)
}
