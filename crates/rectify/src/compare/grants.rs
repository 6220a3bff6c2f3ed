//! Whether the database has the grants that the models declare: no catalog keeps them as they were written, so PostgreSQL is
//! asked by granting them once more, and MySQL and MariaDB by what they show of whom they are granted to.

use diesel::QueryResult;
use rectify_schema::dialect::Dialect;
use rectify_schema::ops::{CreateObject, DropObject};
use rectify_schema::{ObjectKind, Operation, Schema, SqlObject};

use crate::database::{Database, Family};
use crate::runner::sql::one_text;

/// Counts those grants of the models as the database's that are there. One that cannot be asked about counts as missing.
pub(super) fn bring(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    models: &Schema,
    database: &mut Schema,
) -> QueryResult<()> {
    let is_grant = |object: &&SqlObject| matches!(object.kind, ObjectKind::Grant { .. });
    let grants: Vec<&SqlObject> = models.objects.iter().filter(is_grant).collect();
    if grants.is_empty() {
        return Ok(());
    }
    let held = match db.family() {
        Family::Postgres => on_postgres(db, dialect, &grants)?,
        Family::Mysql => on_mysql(db, &grants)?,
        // It has none, and the models were refused.
        Family::Sqlite => Vec::new(),
    };
    database.objects.extend(held.into_iter().cloned());
    Ok(())
}

/// All that is granted on tables, columns, functions, schemas, databases, types and roles, as one text. What an object that
/// nothing was ever granted on allows is no NULL here, so that it does not change when something is.
const GRANTED: &str = "SELECT md5(string_agg(granted, ' ' ORDER BY granted)) FROM (\
    SELECT 'c' || oid || coalesce(relacl, acldefault((CASE relkind WHEN 'S' THEN 's' ELSE 'r' END)::\"char\", relowner))::text \
        AS granted FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') \
    UNION ALL SELECT 'a' || attrelid || '.' || attnum || attacl::text FROM pg_attribute WHERE attacl IS NOT NULL \
    UNION ALL SELECT 'f' || oid || coalesce(proacl, acldefault('f', proowner))::text FROM pg_proc \
    UNION ALL SELECT 'n' || oid || coalesce(nspacl, acldefault('n', nspowner))::text FROM pg_namespace \
    UNION ALL SELECT 'd' || oid || coalesce(datacl, acldefault('d', datdba))::text FROM pg_database \
    UNION ALL SELECT 'T' || oid || coalesce(typacl, acldefault('T', typowner))::text FROM pg_type \
    UNION ALL SELECT 'm' || roleid || '.' || member FROM pg_auth_members) AS everything";

/// In a transaction that is rolled back: what is there already does not change when it is granted, and does when it is revoked.
/// A role that may do neither changes nothing by either.
///
/// The transaction sees only what it changed itself, for databases and memberships of roles come and go in the whole server.
/// In one of the caller's that cannot be set any more, and who grants meanwhile can make a grant count as missing.
fn on_postgres<'a>(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    grants: &[&'a SqlObject],
) -> QueryResult<Vec<&'a SqlObject>> {
    let own = !db.in_transaction();
    db.begin()?;
    let alone = if own { db.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ") } else { Ok(()) };
    let held = alone.and_then(|()| held_on_postgres(db, dialect, grants));
    let ended = db.rollback();
    let held = held?;
    ended.map(|()| held)
}

fn held_on_postgres<'a>(
    db: &mut dyn Database,
    dialect: &dyn Dialect,
    grants: &[&'a SqlObject],
) -> QueryResult<Vec<&'a SqlObject>> {
    db.run("SET LOCAL lock_timeout = '2s'")?;
    let before = one_text(db, GRANTED)?;
    let mut held = Vec::new();
    for grant in grants {
        let given = CreateObject::new((*grant).clone()).into();
        let taken = DropObject::new((*grant).clone()).into();
        if behind(db, dialect, &given)? == Some(before.clone()) && behind(db, dialect, &taken)? != Some(before.clone())
        {
            held.push(*grant);
        }
    }
    Ok(held)
}

/// What is granted once `operation` has run; nothing where it is refused.
fn behind(db: &mut dyn Database, dialect: &dyn Dialect, operation: &Operation) -> QueryResult<Option<Option<String>>> {
    let Ok(statements) = dialect.render(operation) else { return Ok(None) };
    db.begin()?;
    let ran = statements.iter().all(|statement| db.run(&statement.sql).is_ok());
    let found = if ran { Some(one_text(db, GRANTED)) } else { None };
    db.rollback()?;
    found.transpose()
}

fn on_mysql<'a>(db: &mut dyn Database, grants: &[&'a SqlObject]) -> QueryResult<Vec<&'a SqlObject>> {
    let here = one_text(db, "SELECT CAST(DATABASE() AS CHAR)")?.unwrap_or_default();
    let mut held = Vec::new();
    for grant in grants {
        let ObjectKind::Grant { privileges, to } = &grant.kind else { continue };
        // Refused for one that is not there, and to who may not look: then it is not known to be held.
        let Ok(shown) = db.rows(&format!("SHOW GRANTS FOR {to}")) else { continue };
        let shown: Vec<&str> = shown.iter().filter_map(|row| row.text(0)).collect();
        if is_shown(privileges, &grant.name.name, &here, &shown) {
            held.push(*grant);
        }
    }
    Ok(held)
}

/// Whether all of `privileges` on `on` is among the statements of `SHOW GRANTS`, in which every name is quoted and qualified.
fn is_shown(privileges: &str, on: &str, here: &str, shown: &[&str]) -> bool {
    let on = plain(on);
    let on = if on.contains('.') { on } else { format!("{here}.{on}") };
    let whole_database = on.split_once('.').map(|(database, _)| format!("{database}.*"));
    let covers = |place: &str| place == on || place == "*.*" || Some(place) == whole_database.as_deref();
    let given: Vec<String> = shown
        .iter()
        .filter_map(|line| line.strip_prefix("GRANT ")?.split_once(" ON "))
        .filter(|(_, rest)| rest.split_once(" TO ").is_some_and(|(place, _)| covers(&plain(place))))
        .flat_map(|(given, _)| parts(given))
        .collect();
    let is_all = |privilege: &str| ["ALL", "ALLPRIVILEGES"].contains(&privilege);
    let has = |wanted: &String| given.contains(wanted) || given.iter().any(|privilege| is_all(privilege));
    parts(privileges).iter().all(has)
}

/// A name without its quotes. `TABLE` may stand before it, and says nothing.
fn plain(name: &str) -> String {
    let name = name.trim();
    let bare = if name.to_uppercase().starts_with("TABLE ") { &name["TABLE ".len()..] } else { name };
    bare.chars().filter(|c| *c != '`' && !c.is_whitespace()).collect()
}

/// The privileges of a list, with the columns that they are for, without the spaces.
fn parts(list: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_u32;
    for c in list.chars().filter(|c| *c != '`' && !c.is_whitespace()) {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => parts.push(String::new()),
            _ => {}
        }
        if let (true, Some(part)) = (c != ',' || depth > 0, parts.last_mut()) {
            part.extend(c.to_uppercase());
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_holds_for_the_table_and_all_around_it() {
        let shown = [
            "GRANT USAGE ON *.* TO `reader`@`%`",
            "GRANT SELECT, INSERT (`id`, `title`) ON `app`.`notes` TO `reader`@`%`",
            "GRANT ALL PRIVILEGES ON `logs`.* TO `reader`@`%` WITH GRANT OPTION",
        ];
        let is = |privileges: &str, on: &str| is_shown(privileges, on, "app", &shown);
        assert!(
            is("SELECT", "notes")
                && is("select", "`notes`")
                && is("SELECT", "app.notes")
                && is("SELECT", "TABLE notes")
        );
        assert!(is("insert(id,title), select", "notes"));
        assert!(!is("SELECT, UPDATE", "notes") && !is("INSERT", "notes") && !is("ALL", "notes"));
        assert!(!is("SELECT", "users") && !is("SELECT", "other.notes") && !is("SELECT", "*.*"));
        assert!(is("SELECT, DELETE", "logs.lines") && is("ALL", "logs.lines") && is("ALL PRIVILEGES", "logs.*"));
        assert!(is("USAGE", "*.*"));
    }
}
