//! Operations of every kind, with any of their options.

use rectify_schema::build::*;
use rectify_schema::ops::*;
use rectify_schema::{
    Check, Column, ColumnType, DefaultValue, Exclude, ExcludeElement, Extension, ForeignKey, ForeignKeyAction,
    Identity, Index, IndexColumn, Operation, PrimaryKey, Sequence, SqlObject, Table, TableName, Unique, Value,
};

/// The same ones each time.
pub(super) fn operations(count: usize) -> Vec<Operation> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    (0..count).map(|nth| random.operation(Operation::NAMES[nth % Operation::NAMES.len()])).collect()
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn flip(&mut self) -> bool {
        self.below(3) == 0
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flip().then(|| make(self))
    }

    fn list<T>(&mut self, least: usize, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..least + self.below(most + 1 - least)).map(|_| make(self)).collect()
    }

    fn word(&mut self) -> String {
        let words =
            ["id", "users", "email", "a", "documents", "institution_id", "created_at", "ix", "fk_users_tenants"];
        let odd =
            ["Mixed Case", "it's", "a\"b", "back\\slash", "größe", "名前", "x\ty", "two\nlines", "select", "\u{202e}"];
        match self.below(12) {
            0 => self.pick(&odd).to_owned(),
            1 => "long".repeat(3 + self.below(20)),
            _ => {
                let words: Vec<&str> = self.list(1, 3, |random| random.pick(&words));
                words.join("_")
            }
        }
    }

    fn words(&mut self) -> Vec<String> {
        self.list(1, 5, Self::word)
    }

    fn sql(&mut self) -> String {
        let texts = [
            "age > 0",
            "length(title) > 0 AND title <> 'it''s'",
            "SELECT \"a\" FROM \"users\"",
            "SELECT *\nFROM users\nWHERE age > 17",
            "x = E'\\n'",
            "now()",
            "SELECT a_rather_long_column, another_rather_long_column FROM a_table_with_a_long_name JOIN others USING (id)",
            "r#\"no\"#",
        ];
        self.pick(&texts).to_owned()
    }

    fn table_name(&mut self) -> TableName {
        TableName { schema: self.maybe(Self::word), name: self.word() }
    }

    fn number(&mut self) -> i64 {
        let large = i64::try_from(self.below(usize::MAX >> 31)).unwrap() << self.below(30);
        let numbers =
            [0, 1, -1, 10, 70, 1000, 12_345, i64::from(i32::MAX), i64::from(i32::MIN), i64::MAX, i64::MIN, large];
        self.pick(&numbers)
    }

    fn default(&mut self) -> DefaultValue {
        match self.below(9) {
            0 => Value::Null.into(),
            1 => self.flip().into(),
            2 | 3 => self.number().into(),
            4 => self.pick(&[0.0, -1.5, 1e300, 0.1, f64::INFINITY]).into(),
            5 => vec![0_u8, 255, b'"', b'\'', b'a'].into(),
            6 => sql(self.sql()).into(),
            _ => self.word().into(),
        }
    }

    fn column_type(&mut self) -> ColumnType {
        let plain = [
            smallint(),
            integer(),
            bigint(),
            numeric_unlimited(),
            numeric_precision(12),
            numeric(12, 3),
            real(),
            double(),
            boolean(),
            char(2),
            varchar(255),
            varchar_unlimited(),
            text(),
            binary(),
            date(),
            time(),
            timetz(),
            timestamp(),
            timestamptz(),
            uuid(),
            json(),
            jsonb(),
            array(array(text())),
        ];
        match self.below(8) {
            0 => enumeration(self.table_name(), self.words()),
            1 => named_enum(self.table_name()),
            2 => custom(self.word()),
            _ => self.pick(&plain),
        }
    }

    fn column(&mut self) -> Column {
        let mut made = column(self.word(), self.column_type());
        if self.flip() {
            made = made.not_null();
        }
        match self.below(8) {
            0 => made = made.generated(self.sql()),
            1 => made = made.generated_virtual(self.sql()),
            2 => made = made.identity_with(self.identity()),
            3 => made = made.identity(),
            _ => {}
        }
        made.default = self.maybe(Self::default);
        made.collation = self.maybe(Self::word);
        made.comment = self.maybe(Self::word);
        if self.below(5) == 0 {
            made = made.primary_key();
        }
        made.not_null_on_conflict = self.maybe(Self::on_conflict);
        made
    }

    /// With what it has alone.
    fn whole_column(&mut self) -> Column {
        let mut made = self.column();
        made.unique = self.flip();
        made.index = self.flip();
        made.foreign_key = self.maybe(Self::foreign_key).map(Box::new);
        made.check = self.maybe(Self::check).map(Box::new);
        made
    }

    fn identity(&mut self) -> Identity {
        let (always, cycle) = (self.flip(), self.flip());
        let mut number = || self.maybe(Self::number);
        let (start, increment, min_value, max_value, cache) = (number(), number(), number(), number(), number());
        Identity { always, start, increment, min_value, max_value, cache, cycle }
    }

    fn deferrable(&mut self) -> Deferrable {
        self.pick(&[Deferrable::InitiallyDeferred, Deferrable::InitiallyImmediate])
    }

    fn primary_key(&mut self) -> PrimaryKey {
        let mut made = primary_key(self.maybe(Self::word)).on(self.words());
        made.on_conflict = self.maybe(Self::on_conflict);
        made.deferrable = self.maybe(Self::deferrable);
        if self.flip() { made.include(self.words()) } else { made }
    }

    fn unique(&mut self) -> Unique {
        let mut made = unique(self.maybe(Self::word)).on(self.words());
        made.on_conflict = self.maybe(Self::on_conflict);
        made.deferrable = self.maybe(Self::deferrable);
        made.nulls_not_distinct = self.flip();
        if self.flip() { made.include(self.words()) } else { made }
    }

    fn foreign_key(&mut self) -> ForeignKey {
        let actions = [NoAction, Restrict, Cascade, SetNull, SetDefault];
        let action = |random: &mut Self| random.maybe(|random| random.pick::<ForeignKeyAction>(&actions));
        let mut made = foreign_key(self.maybe(Self::word)).on(self.words()).references(self.table_name(), self.words());
        made.on_delete = action(self);
        made.on_update = action(self);
        made.deferrable = self.maybe(Self::deferrable);
        made.match_full = self.flip();
        made.on_delete_columns = self.maybe(Self::words).unwrap_or_default();
        made
    }

    fn check(&mut self) -> Check {
        let made = match self.below(4) {
            0 => check(None, self.sql()),
            1 => check(short(self.word()), self.sql()).of_column(self.word()),
            _ => check(self.word(), self.sql()),
        };
        if self.flip() { made.no_inherit() } else { made }
    }

    fn on_conflict(&mut self) -> OnConflict {
        self.pick(&[OnConflict::Rollback, OnConflict::Fail, OnConflict::Ignore, OnConflict::Replace])
    }

    fn exclude(&mut self) -> Exclude {
        let mut made = exclude(self.maybe(Self::word));
        made.method = self.maybe(Self::word);
        made.elements = self.list(0, 3, |random| ExcludeElement {
            column: random.index_column(),
            operator: random.pick(&["=", "&&", "OPERATOR(a.=)"]).to_owned(),
        });
        made.predicate = self.maybe(Self::sql);
        made.deferrable = self.maybe(Self::deferrable);
        made
    }

    fn index_column(&mut self) -> IndexColumn {
        let mut made = if self.flip() { index_expression(self.sql()) } else { index_column(self.word()) };
        match self.below(6) {
            0 => made = made.desc(),
            1 => made = made.asc().nulls_first(),
            2 => made = made.nulls_last(),
            _ => {}
        }
        if self.below(6) == 0 {
            made.collation = self.maybe(Self::word);
            made.operator_class = self.maybe(Self::word);
            made.length = self.maybe(|random| u32::try_from(random.below(200)).unwrap());
        }
        made
    }

    fn index(&mut self) -> Index {
        let columns = match self.below(4) {
            0 => self.list(1, 3, Self::index_column),
            1 => self.list(1, 2, |random| index_expression(random.sql())),
            _ => self.words().into_iter().map(index_column).collect(),
        };
        let mut made = index(self.maybe(Self::word)).on(self.table_name(), columns);
        made.unique = self.flip();
        made.predicate = self.maybe(Self::sql);
        made.method = self.maybe(Self::word);
        made.include = self.maybe(Self::words).unwrap_or_default();
        made.nulls_not_distinct = self.flip();
        made.storage = self.maybe(Self::storage).unwrap_or_default();
        made.tablespace = self.maybe(Self::word);
        made.parser = self.maybe(Self::word);
        made
    }

    fn index_to_make(&mut self) -> Index {
        let made = self.index();
        let made = if self.flip() { made.concurrently() } else { made };
        if self.flip() { made.if_not_exists() } else { made }
    }

    fn storage(&mut self) -> Vec<(String, String)> {
        let values = ["70", "true", "auto", "0.1", "-1"];
        self.list(1, 2, |random| (random.word(), random.pick(&values).to_owned()))
    }

    fn table(&mut self) -> Table {
        let mut made = table(self.word());
        if self.flip() {
            made = made.schema(self.word());
        }
        made.comment = self.maybe(Self::word);
        made.with_enums = self.flip();
        for column in self.list(1, 6, Self::column) {
            if made.find_column(&column.name).is_none() {
                made = made.column(if self.below(8) == 0 { column.unique() } else { column });
            }
        }
        for part in 0..self.below(5) {
            made = match part {
                0 if made.primary_key.is_none() => made.primary_key(self.primary_key()),
                0 | 1 => made.unique(self.unique()),
                2 => made.foreign_key(self.foreign_key()),
                3 if self.flip() => made.exclude(self.exclude()),
                3 => made.check(self.check()),
                _ => made.index(self.index()),
            };
        }
        if self.below(5) == 0 { made.options(self.table_options()) } else { made }
    }

    fn table_options(&mut self) -> rectify_schema::TableOptions {
        let mut made = table_options();
        made.strict = self.flip();
        made.without_rowid = self.flip();
        made.unlogged = self.flip();
        made.temporary = self.flip();
        for text in [
            &mut made.engine,
            &mut made.charset,
            &mut made.collation,
            &mut made.partition_by,
            &mut made.access_method,
            &mut made.tablespace,
            &mut made.row_format,
            &mut made.partitions,
        ] {
            *text = self.maybe(Self::word);
        }
        made.auto_increment = self.maybe(|random| u64::try_from(random.below(1_000_000)).unwrap());
        made.on_commit =
            self.maybe(|random| random.pick(&[OnCommit::Drop, OnCommit::DeleteRows, OnCommit::PreserveRows]));
        made.inherits = self.maybe(|random| random.list(1, 2, Self::table_name)).unwrap_or_default();
        made.storage = self.maybe(Self::storage).unwrap_or_default();
        made
    }

    fn extension(&mut self) -> Extension {
        Extension { name: self.word(), schema: self.maybe(Self::word), version: self.maybe(Self::word) }
    }

    fn sequence(&mut self) -> Sequence {
        let mut made = sequence(self.table_name());
        made.options = self.sequence_options();
        made
    }

    fn sequence_options(&mut self) -> rectify_schema::SequenceOptions {
        rectify_schema::SequenceOptions {
            start: self.maybe(Self::number),
            increment: self.maybe(Self::number),
            min_value: self.maybe(Self::number),
            max_value: self.maybe(Self::number),
            cache: self.maybe(|random| u32::try_from(random.below(500_000)).unwrap()),
            cycle: self.maybe(Self::flip),
            owned_by: self.maybe(|random| (random.table_name(), random.word())),
        }
    }

    fn object(&mut self) -> SqlObject {
        let (name, other, text) = (self.table_name(), self.table_name(), self.sql());
        let made = match self.below(7) {
            0 => view(name, text),
            1 => materialized_view(name, text),
            2 => function(name, "n integer DEFAULT 1", text),
            3 => procedure(name, "", text),
            4 => trigger(name, other, text),
            5 => policy(name, other, text),
            _ => grant("SELECT, INSERT", name.name, self.word()),
        };
        if self.flip() { made.on("mysql", self.sql()).on("sqlite", self.sql()) } else { made }
    }

    fn altered_enum(&mut self) -> AlterEnum {
        let mut made = AlterEnum::new(self.table_name(), self.words());
        made.columns = self.list(0, 2, |random| (random.table_name(), random.whole_column()));
        made.existing = self.maybe(Self::words);
        made
    }

    fn change(&mut self) -> ColumnChange {
        let mut made = alter(self.word());
        made.column_type = self.maybe(Self::column_type);
        made.collation = self.changed(Self::word);
        made.nullable = self.maybe(Self::flip);
        made.default = self.changed(Self::default);
        made.identity = self.changed(Self::identity);
        made.comment = self.changed(Self::word);
        made.rename_to = self.maybe(Self::word);
        made.using = self.maybe(Self::sql);
        made
    }

    fn changed<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Change<T> {
        match self.below(3) {
            0 => Change::Keep,
            1 => Change::Drop,
            _ => Change::Set(make(self)),
        }
    }

    fn operation(&mut self, name: &str) -> Operation {
        match name {
            "CreateTable" => {
                let made = self.table();
                CreateTable::new(if self.flip() { made.if_not_exists() } else { made }).into()
            }
            "DropTable" => {
                let (name, made) = (self.table_name(), self.table());
                let dropped =
                    self.pick(&[DropTable::new(&name), made.clone().into(), DropTable::new(name).definition(made)]);
                if self.flip() { dropped.if_exists().into() } else { dropped.into() }
            }
            "RenameTable" => RenameTable::new(self.table_name(), self.word()).into(),
            "AddColumn" => {
                let made = AddColumn::new(self.table_name(), self.whole_column());
                if self.flip() { made.if_not_exists().into() } else { made.into() }
            }
            "DropColumn" => {
                let mut made = DropColumn::new(self.table_name(), self.word());
                made.if_exists = self.flip();
                made.definition = self.maybe(Self::whole_column);
                made.into()
            }
            "AlterColumn" => {
                let mut made = AlterColumn::new(self.table_name(), self.change());
                made.existing = self.maybe(Self::whole_column);
                made.using_back = self.maybe(Self::sql);
                made.into()
            }
            "BatchAlterTable" => {
                let table = self.table_name();
                let changes = self.list(1, 4, |random| random.change_of(&table));
                BatchAlterTable::new(table, changes).into()
            }
            "CreateIndex" => CreateIndex::new(self.index_to_make()).into(),
            "DropIndex" => {
                let mut made = DropIndex::new(self.word());
                made.table = self.maybe(Self::table_name);
                made.if_exists = self.flip();
                made.concurrently = self.flip();
                made.definition = self.maybe(Self::index);
                made.into()
            }
            "CreatePrimaryKey" => CreatePrimaryKey::new(self.table_name(), self.primary_key()).into(),
            "DropPrimaryKey" => {
                let mut made = DropPrimaryKey::new(self.table_name());
                made.name = self.maybe(Self::word);
                made.if_exists = self.flip();
                made.definition = self.maybe(Self::primary_key);
                made.into()
            }
            "CreateUnique" => CreateUnique::new(self.table_name(), self.unique()).into(),
            "DropUnique" => {
                let mut made = DropUnique::new(self.table_name(), self.word());
                made.if_exists = self.flip();
                made.definition = self.maybe(Self::unique);
                made.into()
            }
            "CreateForeignKey" => {
                let made = self.foreign_key();
                let made = if self.flip() { made.not_valid() } else { made };
                CreateForeignKey::new(self.table_name(), made).into()
            }
            "DropForeignKey" => {
                let mut made = DropForeignKey::new(self.table_name(), self.word());
                made.if_exists = self.flip();
                made.definition = self.maybe(Self::foreign_key);
                made.into()
            }
            "CreateCheck" => {
                let made = self.check();
                CreateCheck::new(self.table_name(), if self.flip() { made.not_valid() } else { made }).into()
            }
            "DropCheck" => {
                let mut made = DropCheck::new(self.table_name(), self.word());
                made.if_exists = self.flip();
                made.definition = self.maybe(Self::check);
                made.into()
            }
            "CreateExclude" => CreateExclude::new(self.table_name(), self.exclude()).into(),
            "DropExclude" => {
                let mut made = DropExclude::new(self.table_name(), self.word());
                made.if_exists = self.flip();
                made.definition = self.maybe(Self::exclude);
                made.into()
            }
            "CreateEnum" => CreateEnum::new(self.table_name(), self.list(0, 12, Self::word)).into(),
            "DropEnum" => {
                let made = DropEnum::from(EnumType::new(self.table_name(), self.words()));
                let made = if self.flip() { DropEnum::new(self.table_name()) } else { made };
                if self.flip() { made.if_exists().into() } else { made.into() }
            }
            "AddEnumValue" => {
                let (name, value) = (self.table_name(), enum_value(self.word()));
                let value = match self.below(3) {
                    0 => value.before(self.word()),
                    1 => value.after(self.word()),
                    _ => value,
                };
                let value = if self.flip() { value.if_not_exists() } else { value };
                let made = AddEnumValue::new(name, value);
                if self.flip() { made.undo(self.altered_enum()).into() } else { made.into() }
            }
            "AlterEnum" => self.altered_enum().into(),
            "RenameEnumValue" => RenameEnumValue::new(self.table_name(), self.word(), self.word()).into(),
            "SetTableComment" => {
                let made = SetTableComment::new(self.table_name(), self.maybe(Self::word));
                if self.flip() { made.existing(self.maybe(Self::word)).into() } else { made.into() }
            }
            "SetTableOptions" => {
                let made = SetTableOptions::new(self.table_name(), self.table_options());
                if self.flip() { made.existing(self.table_options()).into() } else { made.into() }
            }
            other => self.object_operation(other),
        }
    }

    /// A change that a batch can hold.
    fn change_of(&mut self, table: &TableName) -> Operation {
        match self.below(6) {
            0 => AddColumn::new(table, self.whole_column()).into(),
            1 => DropColumn { definition: self.maybe(Self::column), ..DropColumn::new(table, self.word()) }.into(),
            2 => AlterColumn::new(table, self.change()).into(),
            3 => CreateIndex::new(Index { table: table.clone(), ..self.index() }).into(),
            4 => DropForeignKey::new(table, self.word()).into(),
            _ => CreateCheck::new(table, self.check()).into(),
        }
    }

    fn object_operation(&mut self, name: &str) -> Operation {
        match name {
            "CreateSchema" => {
                let made = CreateSchema::new(self.word());
                if self.flip() { made.if_not_exists().into() } else { made.into() }
            }
            "DropSchema" => {
                let mut made = DropSchema::new(self.word());
                (made.if_exists, made.cascade) = (self.flip(), self.flip());
                made.into()
            }
            "CreateExtension" => {
                let made = CreateExtension::new(self.extension());
                if self.flip() { made.if_not_exists().into() } else { made.into() }
            }
            "DropExtension" => {
                let made = DropExtension::from(self.extension());
                let mut made = if self.flip() { DropExtension::new(self.word()) } else { made };
                (made.if_exists, made.cascade) = (self.flip(), self.flip());
                made.into()
            }
            "CreateSequence" => {
                let made = CreateSequence::new(self.sequence());
                if self.flip() { made.if_not_exists().into() } else { made.into() }
            }
            "AlterSequence" => {
                let mut made = AlterSequence::new(self.table_name());
                made.options = self.sequence_options();
                if self.flip() {
                    made = made.owned_by_none();
                }
                made.restart = self.maybe(Self::number);
                made.existing = self.maybe(Self::sequence);
                made.into()
            }
            "DropSequence" => {
                let made = DropSequence::from(self.sequence());
                let made = if self.flip() { DropSequence::new(self.table_name()) } else { made };
                if self.flip() { made.if_exists().into() } else { made.into() }
            }
            "CreateObject" => CreateObject::new(self.object()).into(),
            "ReplaceObject" => {
                let made = ReplaceObject::new(self.object());
                if self.flip() { made.existing(self.object()).into() } else { made.into() }
            }
            "DropObject" => {
                let made = DropObject::new(self.object());
                if self.flip() { made.if_exists().into() } else { made.into() }
            }
            "BulkInsert" => {
                let rows = self.list(0, 3, |random| {
                    let values = random.list(0, 4, |random| (random.word(), random.default()));
                    values.into_iter().fold(row(), |row, (column, value)| row.set(column, value))
                });
                BulkInsert::new(self.table_name(), rows).into()
            }
            "Sql" => {
                let made = Sql::new(self.sql());
                if self.flip() { made.reverse_with(self.sql()).into() } else { made.into() }
            }
            other => panic!("make a random {other}"),
        }
    }
}
