//! Random schemas that a database takes: the same seed gives the same schema. Names come from a small pool, so that two
//! schemas have much in common and differ in all kinds of ways.

use rectify_schema::build::*;
use rectify_schema::dialect::Dialect;
mod objects;

use rectify_schema::{Column, ColumnType, EnumType, ForeignKeyAction, Schema, Table, TableName};

/// Makes the schema of a seed for a database.
pub(crate) fn schema(seed: u64, dialect: &dyn Dialect) -> Schema {
    let (postgres, mysql) = (dialect.name() == "postgres", ["mysql", "mariadb"].contains(&dialect.name()));
    let twice = false;
    Generator { state: seed ^ 0x9e37_79b9_7f4a_7c15, postgres, mysql, dialect, hidden: false, numbers: false, twice }
        .schema()
}

struct Generator<'a> {
    state: u64,
    postgres: bool,
    mysql: bool,
    dialect: &'a dyn Dialect,
    /// The number of the row can be in no expression (MySQL, MariaDB).
    hidden: bool,
    /// There is a sequence to take numbers from.
    numbers: bool,
    /// There is a function that expressions can call (PostgreSQL).
    twice: bool,
}

impl Generator<'_> {
    /// A number below `limit` (`SplitMix64`).
    #[expect(clippy::cast_possible_truncation, reason = "any part of the number will do")]
    fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as usize % limit
    }

    fn sometimes(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    fn schema(&mut self) -> Schema {
        let mut schema = Schema::default();
        if self.postgres {
            for name in ["mood", "level"] {
                if self.sometimes(2) {
                    schema.enums.push(EnumType::new(name, self.values()));
                }
            }
            if self.sometimes(3) {
                let step = [1, 2, 3][self.below(3)];
                schema.sequences.push(sequence("numbers").increment(step));
            }
        }
        self.numbers = self.postgres && !schema.sequences.is_empty();
        if !self.postgres && self.dialect.name() == "mariadb" && self.sometimes(3) {
            schema.sequences.push(sequence("numbers").increment([1, 2][self.below(2)]));
        }
        self.functions(&mut schema);
        let names: Vec<_> = ["a", "b", "c", "d", "e"].into_iter().filter(|_| !self.sometimes(3)).collect();
        for name in names {
            let table = self.table(name, &schema.enums);
            schema.tables.push(table);
        }
        self.foreign_keys(&mut schema);
        self.views(&mut schema);
        self.triggers(&mut schema);
        schema
    }

    /// Some of four values, in some order.
    fn values(&mut self) -> Vec<&'static str> {
        let mut pool = vec!["low", "mid", "high", "it's"];
        let count = 1 + self.below(4);
        (0..count).map(|_| pool.remove(self.below(pool.len()))).collect()
    }

    fn table(&mut self, name: &str, enums: &[EnumType]) -> Table {
        let mut id = column("id", bigint()).not_null();
        if self.sometimes(3) {
            id = id.identity();
        }
        let mysql = self.mysql;
        self.hidden = mysql && id.identity.is_some();
        let mut table = table(name).column(id);
        let plain = table.columns[0].identity.is_none();
        table = match self.below(6) {
            0 if plain => table,
            // A number that begins some key is enough elsewhere than on SQLite, where it is the key.
            0 if mysql || self.postgres => table.unique(unique(format!("uq_{name}")).on(["id"])),
            1 if plain || mysql || self.postgres => {
                table.column(column("part", integer()).not_null()).primary_key(primary_key("").on(["id", "part"]))
            }
            _ => table.primary_key(primary_key("").on(["id"])),
        };
        if let Some(key) = &mut table.primary_key {
            key.name = self.postgres.then(|| format!("{name}_pkey"));
        }
        for name in ["v", "w", "x", "y", "z"] {
            if !self.sometimes(3) {
                table = table.column(self.column(name, enums));
            }
        }
        if self.sometimes(4) {
            table = table.comment(["one", "two"][self.below(2)]);
        }
        self.constraints(table)
    }

    fn column(&mut self, name: &str, enums: &[EnumType]) -> Column {
        let mut made = match self.below(9) {
            0 => column(name, integer()),
            1 => column(name, bigint()),
            2 => column(name, numeric(8, 2)),
            3 => column(name, boolean()),
            4 => column(name, timestamp()),
            5 if !enums.is_empty() => {
                let found = enums[self.below(enums.len())].clone();
                column(name, ColumnType::Enum(found))
            }
            5 if !self.postgres => {
                let values = self.values();
                column(name, enumeration("", values))
            }
            6 if !self.hidden => {
                let expression = ["id + 1", "id*2 + 1", "coalesce(id,0)"][self.below(3)];
                let expression = if self.twice && self.sometimes(3) { "twice(id::integer)" } else { expression };
                return column(name, bigint()).generated(expression);
            }
            7 => column(name, text()),
            _ => column(name, varchar([20, 30][self.below(2)])),
        };
        if self.sometimes(2) {
            made = made.not_null();
        }
        if self.sometimes(3) {
            made = match &made.column_type {
                ColumnType::BigInt if self.numbers && self.sometimes(2) => {
                    made.server_default(sql("nextval('numbers')"))
                }
                ColumnType::BigInt if self.twice && self.sometimes(2) => made.server_default(sql("twice(4)")),
                ColumnType::Integer if self.sometimes(3) => made.server_default(sql("(1+2)*3")),
                ColumnType::Integer | ColumnType::BigInt => made.server_default([0, 1, 2][self.below(3)]),
                ColumnType::Varchar(_) if self.sometimes(3) => made.server_default(sql("lower('ABC')")),
                ColumnType::Boolean => made.server_default(self.sometimes(2)),
                ColumnType::Varchar(_) => made.server_default(["", "it's"][self.below(2)]),
                ColumnType::Enum(found) => {
                    let value = found.values[self.below(found.values.len())].clone();
                    made.server_default(value)
                }
                ColumnType::Timestamp => made.server_default(sql("CURRENT_TIMESTAMP")),
                _ => made,
            };
        }
        if self.sometimes(5) {
            made = made.comment(["one", "two"][self.below(2)]);
        }
        made
    }

    fn constraints(&mut self, mut table: Table) -> Table {
        let name = table.name.name.clone();
        let columns: Vec<_> = table.columns.iter().filter(|column| can_be_key(column)).cloned().collect();
        for number in 0..3 {
            let first = columns[self.below(columns.len())].name.clone();
            let second = columns[self.below(columns.len())].name.clone();
            let pair = if first == second { vec![first.clone()] } else { vec![first.clone(), second] };
            table = match self.below(9) {
                0 => table.index(index(format!("ix_{name}_{number}")).on(&name, pair)),
                1 => table.index(index(format!("ux_{name}_{number}")).on(&name, [first]).unique()),
                2 => table.unique(unique(format!("uq_{name}_{number}")).on(pair)),
                3 | 6 if !(self.hidden && first == "id") => {
                    let condition = self.condition(&first, &columns);
                    table.check(check(format!("ck_{name}_{number}"), condition))
                }
                4 if !self.mysql => {
                    let condition = ["id > 10", "id>10 and id<100 or id in (1,2)"][self.below(2)].to_owned();
                    let condition = if self.sometimes(2) { self.condition(&first, &columns) } else { condition };
                    table.index(index(format!("px_{name}_{number}")).on(&name, [first]).filter(condition))
                }
                5 | 7 if self.dialect.name() != "mariadb" && !self.hidden => {
                    let expression = self.expression(&columns);
                    table.index(index(format!("ex_{name}_{number}")).on(&name, [sql(expression)]))
                }
                8 if self.postgres => {
                    let width = [5, 10][self.below(2)];
                    let range = format!("int8range(id,id+{width})");
                    let apart = exclude(format!("no_{name}_{number}")).using("gist").with(sql(range), "&&");
                    table.exclude(if self.sometimes(2) { apart.filter("id>10") } else { apart })
                }
                _ => table,
            };
        }
        table
    }

    /// What a check or a partial index asks of a row, in words that no database prints.
    fn condition(&mut self, first: &str, columns: &[Column]) -> String {
        let column = columns.iter().find(|column| column.name == first);
        if self.twice && self.sometimes(3) {
            return "twice(4)>id".to_owned();
        }
        match column.map(|column| &column.column_type) {
            Some(ColumnType::Varchar(_)) => {
                [format!("{first} in ('a','it''s')"), format!("length({first})<>3")][self.below(2)].clone()
            }
            Some(ColumnType::Integer | ColumnType::BigInt | ColumnType::Numeric { .. }) => {
                let conditions = [format!("{first}>0 and not ({first} = 7)"), format!("{first} between 1 and 9")];
                conditions[self.below(2)].clone()
            }
            _ => format!("{first} IS NOT NULL"),
        }
    }

    /// What an index may be over.
    fn expression(&mut self, columns: &[Column]) -> String {
        let texts: Vec<_> =
            columns.iter().filter(|column| matches!(column.column_type, ColumnType::Varchar(_))).collect();
        match texts.first() {
            Some(column) if self.sometimes(2) => format!("lower({})", column.name),
            _ => ["(id+1)", "(id*2)"][self.below(2)].to_owned(),
        }
    }

    fn foreign_keys(&mut self, schema: &mut Schema) {
        let targets: Vec<_> = schema.tables.iter().filter(|table| table.is_sole_key("id")).map(name_of).collect();
        for table in &mut schema.tables {
            if targets.is_empty() || self.sometimes(2) {
                continue;
            }
            let target = targets[self.below(targets.len())].clone();
            let name = format!("fk_{}_{}", table.name.name, target.name);
            let mut key = foreign_key(name).on(["ref"]).references(target, ["id"]);
            key.on_delete = [None, Some(ForeignKeyAction::Cascade), Some(ForeignKeyAction::SetNull)][self.below(3)];
            table.columns.push(column("ref", bigint()));
            table.foreign_keys.push(key);
        }
    }
}

fn name_of(table: &Table) -> TableName {
    table.name.clone()
}

fn can_be_key(column: &Column) -> bool {
    let long = matches!(column.column_type, ColumnType::Text | ColumnType::Enum(_));
    !long && column.generated.is_none()
}
