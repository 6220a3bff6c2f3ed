//! A statement that changes many rows, taken apart: as far as it takes to run it again on some of them.

use rectify_schema::TableName;

use crate::inspect::tokens::{self, Token, list, tokens};

/// A statement that is understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Changing<'t> {
    /// `UPDATE table SET … WHERE filter`
    Update {
        table: TableName,
        /// All before `WHERE`.
        head: &'t str,
        filter: Option<&'t str>,
        /// The columns that get a value.
        set: Vec<String>,
    },
    /// `INSERT INTO table (columns) query`
    Insert {
        table: TableName,
        /// All before the query.
        head: &'t str,
        columns: Vec<String>,
        query: &'t str,
    },
}

/// Nothing where the statement has parts whose meaning depends on which rows it runs on, or that are not known here.
pub(super) fn parse(sql: &str, syntax: tokens::Syntax) -> Option<Changing<'_>> {
    let sql = sql.trim_end().trim_end_matches(';');
    let tokens = tokens(sql, syntax);
    let (first, rest) = tokens.split_first()?;
    if first.is("update") {
        return update(sql, rest);
    }
    let (into, rest) = rest.split_first()?;
    if first.is("insert") && into.is("into") { insert(sql, rest) } else { None }
}

fn update<'t>(sql: &'t str, tokens: &[Token<'t>]) -> Option<Changing<'t>> {
    let (table, rest) = name(tokens)?;
    let (set, rest) = rest.split_first()?;
    if !set.is("set") || outside(rest).any(|token| UNKNOWN.iter().any(|word| token.is(word))) {
        return None;
    }
    let filter = outside(rest).find(|token| token.is("where"));
    let assigned = match filter {
        Some(word) => &rest[..rest.iter().position(|token| token.start() == word.start())?],
        None => rest,
    };
    Some(Changing::Update {
        table,
        head: sql[..filter.map_or(sql.len(), Token::start)].trim_end(),
        filter: filter.map(|word| sql[word.end()..].trim()),
        set: list(assigned).into_iter().map(assigned_column).collect::<Option<_>>()?,
    })
}

/// What an `UPDATE` may have at its end, or beside its table.
const UNKNOWN: [&str; 8] = ["from", "join", "order", "limit", "returning", "using", "with", "current"];

/// `column = …`, or `table.column = …`.
fn assigned_column(assignment: &[Token<'_>]) -> Option<String> {
    let equals = assignment.iter().position(|token| token.is_symbol("="))?;
    match &assignment[..equals] {
        [column] => Some(column.name()),
        [_, point, column] if point.is_symbol(".") => Some(column.name()),
        _ => None,
    }
}

fn insert<'t>(sql: &'t str, tokens: &[Token<'t>]) -> Option<Changing<'t>> {
    let (table, rest) = name(tokens)?;
    let end = tokens::group_len(rest)?;
    let columns = list(&rest[1..end - 1]).into_iter().map(|column| match column {
        [name] => Some(name.name()),
        _ => None,
    });
    let (columns, query) = (columns.collect::<Option<Vec<_>>>()?, &rest[end..]);
    let begins = query.iter().find(|token| !token.is_symbol("("))?;
    let words: Vec<&Token<'_>> = outside(query).collect();
    let resolves = words.windows(2).any(|pair| pair[0].is("on") && (pair[1].is("conflict") || pair[1].is("duplicate")));
    let reads_itself = query.iter().any(|token| token.name().eq_ignore_ascii_case(&table.name));
    if !begins.is("select") || resolves || reads_itself || words.iter().any(|word| word.is("returning")) {
        return None;
    }
    let start = query.first()?.start();
    Some(Changing::Insert { table, head: sql[..start].trim_end(), columns, query: &sql[start..] })
}

/// `table`, or `schema.table`, and what stands behind it.
fn name<'s, 't>(tokens: &'s [Token<'t>]) -> Option<(TableName, &'s [Token<'t>])> {
    match tokens {
        [schema, point, table, rest @ ..] if point.is_symbol(".") => {
            Some(((schema.name().as_str(), table.name().as_str()).into(), rest))
        }
        [table, rest @ ..] => Some((table.name().into(), rest)),
        [] => None,
    }
}

/// What stands in no parentheses.
fn outside<'s, 't>(tokens: &'s [Token<'t>]) -> impl Iterator<Item = &'s Token<'t>> {
    let mut depth = 0_usize;
    tokens.iter().filter(move |token| {
        if token.is_symbol("(") {
            depth += 1;
        } else if token.is_symbol(")") {
            depth = depth.saturating_sub(1);
        }
        depth == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn update(sql: &str, wanted: Option<(&str, Option<&str>, &[&str])>) {
        let found = parse(sql, tokens::MYSQL);
        let found = found.as_ref().map(|found| match found {
            Changing::Update { head, filter, set, .. } => {
                (*head, *filter, set.iter().map(String::as_str).collect::<Vec<_>>())
            }
            Changing::Insert { .. } => panic!("{found:?}"),
        });
        assert_eq!(found, wanted.map(|(head, filter, set)| (head, filter, set.to_vec())));
    }

    #[test]
    fn an_update_ends_where_its_filter_begins() {
        update("UPDATE t SET a = 'where'", Some(("UPDATE t SET a = 'where'", None, &["a"])));
        let sql = "UPDATE `a b` SET `x` = (SELECT y FROM z WHERE z.x = 1), t.`y` = f(1, 2) WHERE (`t`.`a` = 1) OR b;";
        let head = "UPDATE `a b` SET `x` = (SELECT y FROM z WHERE z.x = 1), t.`y` = f(1, 2)";
        update(sql, Some((head, Some("(`t`.`a` = 1) OR b"), &["x", "y"])));
    }

    #[test]
    fn an_update_of_another_form_is_not_understood() {
        for sql in [
            "UPDATE t SET a = 1 WHERE b ORDER BY c LIMIT 1",
            "UPDATE t, u SET t.a = u.a",
            "UPDATE t JOIN u ON t.id = u.id SET t.a = 1",
            "UPDATE OR IGNORE t SET a = 1",
            "UPDATE t SET (a, b) = (1, 2)",
            "UPDATE t SET a = u.a FROM u",
            "DELETE FROM t",
            "",
        ] {
            update(sql, None);
        }
    }

    #[test]
    fn an_insert_has_columns_and_a_query_of_other_tables() {
        let found = parse("INSERT INTO a.t (`x`, y) SELECT * FROM u -- all", tokens::MYSQL).unwrap();
        let wanted = Changing::Insert {
            table: ("a", "t").into(),
            head: "INSERT INTO a.t (`x`, y)",
            columns: vec!["x".to_owned(), "y".to_owned()],
            query: "SELECT * FROM u -- all",
        };
        assert_eq!(found, wanted);
        for sql in [
            "INSERT INTO t SELECT * FROM u",
            "INSERT INTO t (a) VALUES (1)",
            "INSERT INTO t (a) SELECT a FROM u WHERE NOT EXISTS (SELECT * FROM `t`)",
            "INSERT INTO t (a) SELECT a FROM u ON DUPLICATE KEY UPDATE a = 1",
            "INSERT IGNORE INTO t (a) SELECT a FROM u",
        ] {
            assert_eq!(parse(sql, tokens::MYSQL), None, "{sql}");
        }
    }
}
