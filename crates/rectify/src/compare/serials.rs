//! A column that takes its default from the sequence that it owns: the catalog knows it as a numbered column, whatever the name of
//! the sequence, and so it stands on the models' side too where the database has it.

use rectify_schema::{Column, DefaultValue, Identity, Schema, Sequence, TableName};

/// Makes numbered columns of those that are in the database.
pub(super) fn bring(models: &mut Schema, database: &Schema) {
    let Schema { tables, sequences, .. } = models;
    sequences.retain(|sequence| {
        let Some((table, name)) = &sequence.options.owned_by else { return true };
        let is_numbered = |column: &Column| column.identity.is_some() && column.default.is_none();
        let known = database.sequences.iter().any(|other| other.name == sequence.name);
        let theirs = database.table(table).and_then(|table| table.find_column(name));
        let ours = tables.iter_mut().find(|other| other.name == *table).and_then(|table| table.find_column_mut(name));
        match ours {
            Some(column) if !known && theirs.is_some_and(is_numbered) && takes_from(column, &sequence.name) => {
                column.default = None;
                column.identity = Some(numbering(sequence));
                false
            }
            _ => true,
        }
    });
}

/// Tells whether the default is the next number of the sequence.
fn takes_from(column: &Column, sequence: &TableName) -> bool {
    let Some(DefaultValue::Expression(text)) = &column.default else { return false };
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '"').collect::<String>().to_lowercase();
    let argument = text.strip_prefix("nextval(").and_then(|rest| rest.strip_suffix(')'));
    let Some(name) = argument.map(|name| name.strip_suffix("::regclass").unwrap_or(name).trim_matches('\'')) else {
        return false;
    };
    // The current schema may be said or not.
    name == sequence.to_string().to_lowercase() || name.rsplit('.').next() == Some(&sequence.name.to_lowercase())
}

fn numbering(sequence: &Sequence) -> Identity {
    let options = &sequence.options;
    Identity {
        start: options.start,
        increment: options.increment,
        min_value: options.min_value,
        max_value: options.max_value,
        cache: options.cache.map(i64::from),
        cycle: options.cycle.unwrap_or(false),
        ..Identity::default()
    }
}

#[cfg(test)]
mod tests {
    use rectify_schema::build::{bigint, column, sequence, sql, table};

    use super::*;

    fn models(default: &str) -> Schema {
        let goods = table("goods").column(column("n", bigint()).server_default(sql(default)));
        let numbers = sequence("numbers").increment(5).owned_by("goods", "n");
        Schema { tables: vec![goods], sequences: vec![numbers], ..Schema::default() }
    }

    #[test]
    fn a_column_of_its_own_sequence_is_numbered_where_the_catalog_says_so() {
        let numbered =
            Schema { tables: vec![table("goods").column(column("n", bigint()).identity())], ..Schema::default() };
        for default in ["nextval('numbers')", "nextval('public.numbers'::regclass)", "NEXTVAL('\"numbers\"'::regclass)"]
        {
            let mut found = models(default);
            bring(&mut found, &numbered);
            let column = &found.tables[0].columns[0];
            assert_eq!((&column.default, column.identity.as_ref().unwrap().increment), (&None, Some(5)), "{default}");
            assert!(found.sequences.is_empty());
        }
        for default in ["nextval('others')", "nextval('numbers') + 1"] {
            let mut found = models(default);
            bring(&mut found, &numbered);
            assert_eq!(found, models(default));
        }
        let mut found = models("nextval('numbers')");
        bring(&mut found, &Schema::default());
        assert_eq!(found, models("nextval('numbers')"));
    }
}
