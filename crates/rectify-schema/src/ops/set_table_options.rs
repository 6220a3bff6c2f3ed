//! Changing what only one database knows of a table: its storage engine, its tablespace, whether it is `STRICT`.

use std::fmt;

use super::{ApplyError, Operation, table_mut};
use crate::name::TableName;
use crate::schema::{Schema, TableOptions};

/// Changes options of a table that is there. What a database does not know of is passed over, as where a table is created.
///
/// Without [`existing`](Self::existing) it sets what the options say and leaves the rest; with it, it also takes away what they no
/// longer say. SQLite rebuilds the table, in a batch. PostgreSQL cannot change how a table is split.
///
/// # Examples
///
/// ```
/// use rectify_schema::{build::table_options, dialect::MYSQL, ops::SetTableOptions};
///
/// let op = SetTableOptions::new("events", table_options().engine("InnoDB").row_format("DYNAMIC")).into();
/// assert_eq!(MYSQL.render(&op)?[0].sql, "ALTER TABLE events ENGINE=`InnoDB` ROW_FORMAT=DYNAMIC");
/// # Ok::<(), rectify_schema::Unsupported>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct SetTableOptions {
    /// The table.
    pub table: TableName,
    /// The options to set.
    pub options: TableOptions,
    /// All options before, so that those which `options` does not have are taken away, and the operation can be reversed.
    pub existing: Option<TableOptions>,
}

impl SetTableOptions {
    /// Makes the operation.
    pub fn new(table: impl Into<TableName>, options: TableOptions) -> Self {
        Self { table: table.into(), options, existing: None }
    }

    /// Says what the options were.
    pub fn existing(mut self, options: TableOptions) -> Self {
        self.existing = Some(options);
        self
    }

    /// What an option is to be, if it changes: `Some(None)` takes it away.
    pub(crate) fn changed<'a, T: PartialEq>(
        &'a self,
        of: impl Fn(&'a TableOptions) -> &'a Option<T>,
    ) -> Option<Option<&'a T>> {
        let is = of(&self.options).as_ref();
        match &self.existing {
            Some(was) => (of(was).as_ref() != is).then_some(is),
            None => is.map(Some),
        }
    }

    /// Whether an option that is or is not is to be, if it changes.
    pub(crate) fn flipped(&self, of: impl Fn(&TableOptions) -> bool) -> Option<bool> {
        let is = of(&self.options);
        let was = self.existing.as_ref().is_some_and(&of);
        (was != is).then_some(is)
    }

    /// The storage parameters to set, and the names of those to take away.
    pub(crate) fn storage(&self) -> (Vec<(String, String)>, Vec<&str>) {
        let was = self.existing.as_ref().map_or(&[][..], |was| &was.storage);
        let is = &self.options.storage;
        let set = is.iter().filter(|parameter| !was.contains(parameter)).cloned().collect();
        let kept = |name: &str| is.iter().any(|(other, _)| other == name);
        let reset = was.iter().map(|(name, _)| name.as_str()).filter(|name| !kept(name)).collect();
        (set, reset)
    }

    /// The tables to inherit from now on, and those no longer.
    pub(crate) fn inherits(&self) -> (Vec<&TableName>, Vec<&TableName>) {
        let was = self.existing.as_ref().map_or(&[][..], |was| &was.inherits);
        let is = &self.options.inherits;
        (
            is.iter().filter(|parent| !was.contains(parent)).collect(),
            was.iter().filter(|parent| !is.contains(parent)).collect(),
        )
    }

    /// The same without the options before, where it takes none away.
    pub(crate) fn short(self) -> Self {
        let Some(was) = &self.existing else { return self };
        if overlaid(was, &self.options) != self.options {
            return self;
        }
        let (set, _) = self.storage();
        let (was, is) = (was.clone(), self.options);
        let text = |was: Option<String>, is: Option<String>| is.filter(|is| was.as_ref() != Some(is));
        let options = TableOptions {
            strict: is.strict && !was.strict,
            without_rowid: is.without_rowid && !was.without_rowid,
            engine: text(was.engine, is.engine),
            charset: text(was.charset, is.charset),
            collation: text(was.collation, is.collation),
            unlogged: is.unlogged && !was.unlogged,
            partition_by: text(was.partition_by, is.partition_by),
            temporary: is.temporary && !was.temporary,
            inherits: is.inherits.into_iter().filter(|parent| !was.inherits.contains(parent)).collect(),
            access_method: text(was.access_method, is.access_method),
            storage: set,
            on_commit: is.on_commit.filter(|what| was.on_commit != Some(*what)),
            tablespace: text(was.tablespace, is.tablespace),
            row_format: text(was.row_format, is.row_format),
            auto_increment: is.auto_increment.filter(|number| was.auto_increment != Some(*number)),
            partitions: text(was.partitions, is.partitions),
        };
        Self { table: self.table, options, existing: None }
    }

    pub(super) fn apply(&self, schema: &mut Schema) -> Result<(), ApplyError> {
        let table = table_mut(schema, &self.table)?;
        table.options = match &self.existing {
            Some(_) => self.options.clone(),
            None => overlaid(&table.options, &self.options),
        };
        Ok(())
    }

    pub(super) fn reverse(&self) -> Result<Operation, &'static str> {
        let existing = self.existing.clone().ok_or("it does not say what the options were")?;
        Ok(Self::new(&self.table, existing).existing(self.options.clone()).into())
    }

    /// What changes, in words.
    fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut text = |name: &str, changed: Option<Option<&String>>| match changed {
            Some(Some(value)) => words.push(format!("{name} {value}")),
            Some(None) => words.push(format!("the default {name}")),
            None => {}
        };
        text("engine", self.changed(|options| &options.engine));
        text("charset", self.changed(|options| &options.charset));
        text("collation", self.changed(|options| &options.collation));
        text("row format", self.changed(|options| &options.row_format));
        text("partitions", self.changed(|options| &options.partitions));
        text("partition by", self.changed(|options| &options.partition_by));
        text("access method", self.changed(|options| &options.access_method));
        text("tablespace", self.changed(|options| &options.tablespace));
        if let Some(Some(number)) = self.changed(|options| &options.auto_increment) {
            words.push(format!("auto increment {number}"));
        }
        let mut flag = |name: &str, flipped: Option<bool>| match flipped {
            Some(true) => words.push(name.to_owned()),
            Some(false) => words.push(format!("not {name}")),
            None => {}
        };
        flag("strict", self.flipped(|options| options.strict));
        flag("without rowid", self.flipped(|options| options.without_rowid));
        flag("unlogged", self.flipped(|options| options.unlogged));
        flag("temporary", self.flipped(|options| options.temporary));
        let (comes, goes) = self.inherits();
        words.extend(comes.into_iter().map(|parent| format!("inherits `{parent}`")));
        words.extend(goes.into_iter().map(|parent| format!("no longer inherits `{parent}`")));
        let (set, reset) = self.storage();
        words.extend(set.into_iter().map(|(name, value)| format!("{name} {value}")));
        words.extend(reset.into_iter().map(|name| format!("the default {name}")));
        words
    }
}

/// Options with what others say in their place.
fn overlaid(was: &TableOptions, said: &TableOptions) -> TableOptions {
    let text = |was: &Option<String>, said: &Option<String>| said.as_ref().or(was.as_ref()).cloned();
    let mut storage = was.storage.clone();
    for (name, value) in &said.storage {
        match storage.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => old.clone_from(value),
            None => storage.push((name.clone(), value.clone())),
        }
    }
    let new_parents = said.inherits.iter().filter(|parent| !was.inherits.contains(parent));
    TableOptions {
        strict: was.strict || said.strict,
        without_rowid: was.without_rowid || said.without_rowid,
        engine: text(&was.engine, &said.engine),
        charset: text(&was.charset, &said.charset),
        collation: text(&was.collation, &said.collation),
        unlogged: was.unlogged || said.unlogged,
        partition_by: text(&was.partition_by, &said.partition_by),
        temporary: was.temporary || said.temporary,
        inherits: was.inherits.iter().chain(new_parents).cloned().collect(),
        access_method: text(&was.access_method, &said.access_method),
        storage,
        on_commit: said.on_commit.or(was.on_commit),
        tablespace: text(&was.tablespace, &said.tablespace),
        row_format: text(&was.row_format, &said.row_format),
        auto_increment: said.auto_increment.or(was.auto_increment),
        partitions: text(&was.partitions, &said.partitions),
    }
}

impl fmt::Display for SetTableOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "set options of table `{}`: {}", self.table, self.words().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::*;
    use crate::build::table_options;

    #[test]
    fn reverse_restores_with_the_old_options() {
        let set = || SetTableOptions::new("users", table_options().engine("MyISAM").strict());
        laws::restores(set().existing(TableOptions::default()));
        laws::irreversible(set(), "does not say what the options were");
    }

    #[test]
    fn it_is_short_where_it_takes_nothing_away() {
        let was = table_options().engine("InnoDB").storage("fillfactor", 70);
        let is = was.clone().engine("MyISAM").strict();
        let more = SetTableOptions::new("users", is.clone()).existing(was.clone());
        assert_eq!(more.clone().short(), SetTableOptions::new("users", table_options().engine("MyISAM").strict()));
        assert_eq!(more.to_string(), "set options of table `users`: engine MyISAM, strict");
        let less = SetTableOptions::new("users", was).existing(is);
        assert_eq!(less.clone().short(), less);
        assert_eq!(less.to_string(), "set options of table `users`: engine InnoDB, not strict");
    }
}
