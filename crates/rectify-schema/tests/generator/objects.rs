//! Views, functions, triggers and policies of random schemas.

use rectify_schema::build::*;
use rectify_schema::{ColumnType, Schema, Table};

use super::Generator;

impl Generator<'_> {
    /// Functions, which expressions and triggers call on PostgreSQL.
    pub(super) fn functions(&mut self, schema: &mut Schema) {
        let by = 2 + self.below(2);
        if self.postgres && self.sometimes(2) {
            self.twice = true;
            let text = format!("returns integer language sql immutable as $$ select n*{by} $$");
            schema.objects.push(function("twice", "n integer", text));
        }
        if self.postgres && self.sometimes(2) {
            let text = format!("returns trigger language plpgsql as $$ begin perform {by}; return new; end $$");
            schema.objects.push(function("touch", "", text));
        }
        if self.mysql && self.sometimes(2) {
            let text = format!("returns integer deterministic no sql return n*{by}");
            schema.objects.push(function("twice", "n integer", text));
        }
    }

    /// Views of one table, of a view, and of two tables.
    pub(super) fn views(&mut self, schema: &mut Schema) {
        let Some(table) = schema.tables.first() else { return };
        let under = table.name.name.clone();
        let columns: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
        if self.sometimes(3) {
            let query = format!("SELECT {} FROM {under}", columns.join(", "));
            schema.objects.push(view("all_of_it", query));
            if self.sometimes(2) {
                schema.objects.push(view("above_it", "SELECT id FROM all_of_it"));
            }
        }
        if let [one, .., two] = schema.tables.as_slice()
            && self.sometimes(2)
        {
            let (name, column) = (&one.name.name, one.columns[self.below(one.columns.len())].name.clone());
            let other = &two.name.name;
            let limit = [3, 4][self.below(2)];
            let query = format!(
                "select x.{column}, y.id as other from {name} x join {other} y on y.id=x.id where x.id>{limit}"
            );
            schema.objects.push(view("both", query));
        }
        if self.postgres && self.sometimes(3) {
            let query = format!("select id, count(*) n from {under} group by 1");
            schema.objects.push(materialized_view("counted", query));
        }
    }

    /// Triggers, and policies on PostgreSQL.
    pub(super) fn triggers(&mut self, schema: &mut Schema) {
        let touches = schema.objects.iter().any(|object| object.name == "touch".into());
        let tables = schema.tables.clone();
        for table in &tables {
            if self.sometimes(3) && (touches || !self.postgres) {
                let text = self.trigger(table);
                schema.objects.push(trigger(format!("watch_{}", table.name.name), &table.name, text));
            }
            if self.postgres && self.sometimes(4) {
                let text = ["for select using (id>1)", "using (id>1 and id in (1,2))"][self.below(2)];
                schema.objects.push(policy("own", &table.name, text));
            }
        }
    }

    fn trigger(&mut self, table: &Table) -> String {
        let name = &table.name.name;
        let columns: Vec<_> = table.columns.iter().filter(|column| column.generated.is_none()).collect();
        let column = &columns[self.below(columns.len())];
        let when = ["before", "after"][self.below(2)];
        if self.postgres {
            let of = if self.sometimes(2) { format!("update of {}", column.name) } else { "insert".to_owned() };
            return format!("{when} {of} on {name} for each row execute function touch()");
        }
        if self.mysql {
            let set = if matches!(column.column_type, ColumnType::Varchar(_)) { "lower" } else { "coalesce" };
            let of = &column.name;
            return format!("before update on {name} for each row set new.{of} = {set}(new.{of})");
        }
        format!("{when} update of {} on {name} begin select new.id; end", column.name)
    }
}
