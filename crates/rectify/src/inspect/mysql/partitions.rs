//! The partitions of tables of MySQL and MariaDB.

use rectify_schema::dialect::Dialect;

use super::objects::replace;
use super::queries::{QualifiedName, condition};
use crate::database::TextRow;
use crate::inspect::tokens::Kind;
use crate::inspect::{Scope, values};

/// The partitions of all tables that have some.
pub(super) fn partitions(dialect: &dyn Dialect, scope: &Scope) -> String {
    format!(
        "SELECT CAST(table_schema AS CHAR), CAST(table_name AS CHAR), CAST(partition_name AS CHAR), \
         CAST(partition_method AS CHAR), CAST(partition_expression AS CHAR), CAST(partition_description AS CHAR), \
         CAST(subpartition_name AS CHAR), CAST(subpartition_method AS CHAR), CAST(subpartition_expression AS CHAR) \
         FROM information_schema.partitions WHERE partition_name IS NOT NULL AND {} \
         ORDER BY table_schema, table_name, partition_ordinal_position, subpartition_ordinal_position",
        condition(dialect, scope, "table_schema", "table_name"),
    )
}

/// One partition, or one part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PartitionRow {
    pub(super) table: QualifiedName,
    name: String,
    method: String,
    expression: String,
    description: Option<String>,
    part_method: Option<String>,
    part_expression: String,
}

impl From<TextRow> for PartitionRow {
    fn from(row: TextRow) -> Self {
        let [schema, table, name, method, expression, description, part, part_method, part_expression] = values(row);
        Self {
            table: QualifiedName::new(schema, table),
            name: name.unwrap_or_default(),
            method: method.unwrap_or_default(),
            expression: expression.unwrap_or_default(),
            description,
            part_method: part_method.filter(|_| part.is_some()),
            part_expression: part_expression.unwrap_or_default(),
        }
    }
}

/// What follows `PARTITION BY`; the rows are those of one table.
pub(super) fn partitioning(dialect: &dyn Dialect, rows: &[PartitionRow]) -> Option<String> {
    // A partition has a row for each of its parts.
    let partitions: Vec<_> = rows.chunk_by(|a, b| a.name == b.name).collect();
    let [first, ..] = *partitions.first()? else { return None };
    let mut clauses = vec![format!("{}({})", first.method, plain(dialect, &first.expression))];
    if let Some(method) = &first.part_method {
        let parts = partitions.first()?.len();
        let expression = plain(dialect, &first.part_expression);
        clauses.push(format!("SUBPARTITION BY {method}({expression}) SUBPARTITIONS {parts}"));
    }
    let mut rows = partitions.iter().filter_map(|rows| rows.first());
    if first.description.is_none() && rows.clone().enumerate().all(|(at, row)| row.name == format!("p{at}")) {
        clauses.push(format!("PARTITIONS {}", partitions.len()));
    } else {
        let partitions: Vec<_> = rows.by_ref().map(|row| partition(dialect, row)).collect();
        clauses.push(format!("({})", partitions.join(", ")));
    }
    Some(clauses.join(" "))
}

fn partition(dialect: &dyn Dialect, row: &PartitionRow) -> String {
    let values = match (row.method.as_str(), row.description.as_deref()) {
        (_, None) => String::new(),
        ("RANGE", Some("MAXVALUE")) => " VALUES LESS THAN MAXVALUE".to_owned(),
        (method, Some(values)) if method.starts_with("RANGE") => format!(" VALUES LESS THAN ({values})"),
        (_, Some("DEFAULT")) => " DEFAULT".to_owned(),
        (_, Some(values)) => format!(" VALUES IN ({values})"),
    };
    format!("PARTITION {}{values}", dialect.quote(&row.name))
}

/// An expression with quotes around those names only that need them.
fn plain(dialect: &dyn Dialect, expression: &str) -> String {
    replace(expression, |tokens| (tokens[0].kind == Kind::Name).then(|| (dialect.quote(&tokens[0].name()), 1)))
}

#[cfg(test)]
mod tests {
    use rectify_schema::dialect::MARIADB;

    use super::*;
    use crate::inspect::recorded;

    #[track_caller]
    fn check(rows: &str, expected: &str) {
        let rows: Vec<PartitionRow> = recorded(rows);
        assert_eq!(partitioning(MARIADB, &rows).unwrap(), expected);
    }

    #[test]
    fn partitions_as_they_would_be_written() {
        check(
            "it|t|p0|HASH|`id` + `order`|\\N|\\N|\\N|\\N\nit|t|p1|HASH|`id` + `order`|\\N|\\N|\\N|\\N",
            "HASH(id + `order`) PARTITIONS 2",
        );
        check(
            "it|t|old|RANGE|`y`|2020|\\N|\\N|\\N\nit|t|rest|RANGE|`y`|MAXVALUE|\\N|\\N|\\N",
            "RANGE(y) (PARTITION old VALUES LESS THAN (2020), PARTITION rest VALUES LESS THAN MAXVALUE)",
        );
        check("it|t|a|LIST COLUMNS|`c`|'x','y'|\\N|\\N|\\N", "LIST COLUMNS(c) (PARTITION a VALUES IN ('x','y'))");
        check(
            "it|t|p0|RANGE|`y`|1|p0sp0|HASH|`z`\nit|t|p0|RANGE|`y`|1|p0sp1|HASH|`z`",
            "RANGE(y) SUBPARTITION BY HASH(z) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN (1))",
        );
    }
}
