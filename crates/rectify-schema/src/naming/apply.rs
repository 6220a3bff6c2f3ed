//! The names that a convention gives.

use super::template::{Facts, Lacks, Template};
use super::{NamingConvention, cut::cut};
use crate::name::{NameLimit, TableName};
use crate::ops::Operation;
use crate::schema::{Check, Column, Exclude, ForeignKey, Index, IndexColumn, IndexTarget, PrimaryKey, Table, Unique};

/// Why the naming convention has no name for a constraint or index.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the naming convention has no name for {what}: {why}")]
#[non_exhaustive]
pub struct NamingError {
    /// What is to be named.
    pub what: String,
    /// What is missing.
    pub why: String,
    /// What to do instead, in the imperative.
    pub hint: &'static str,
}

impl NamingConvention {
    /// Names what an operation creates or drops, as far as it has no name. Give the limit of the database,
    /// [`Dialect::name_limit`](crate::Dialect::name_limit).
    ///
    /// # Errors
    ///
    /// Returns [`NamingError`] if a template asks for what the operation does not say.
    pub fn apply(&self, op: &mut Operation, limit: NameLimit) -> Result<(), NamingError> {
        let names = Names { naming: self, limit };
        match op {
            Operation::CreateTable(op) => self.apply_to_table(&mut op.table, limit),
            Operation::AddColumn(op) => names.column(&op.table, &mut op.column),
            Operation::CreateIndex(op) => names.index(&mut op.index),
            Operation::CreateUnique(op) => names.unique(&op.table, &mut op.unique),
            Operation::CreateForeignKey(op) => names.foreign_key(&op.table, &mut op.foreign_key),
            Operation::CreatePrimaryKey(op) => names.primary_key(&op.table, &mut op.primary_key),
            Operation::CreateCheck(op) => names.check(&op.table, &mut op.check),
            Operation::CreateExclude(op) => names.exclude(&op.table, &mut op.exclude),
            Operation::BatchAlterTable(op) => op.changes.iter_mut().try_for_each(|change| self.apply(change, limit)),
            drop => names.dropped(drop),
        }
    }

    /// Names the constraints and indexes of a table that have no name.
    ///
    /// # Errors
    ///
    /// As [`NamingConvention::apply`]; also if two of them would have one name.
    pub fn apply_to_table(&self, table: &mut Table, limit: NameLimit) -> Result<(), NamingError> {
        let names = Names { naming: self, limit };
        let name = table.name.clone();
        let unnamed = |table: &Table| constraint_names(table).count();
        let before = unnamed(table);
        table.columns.iter_mut().try_for_each(|column| names.column(&name, column))?;
        table.primary_key.iter_mut().try_for_each(|key| names.primary_key(&name, key))?;
        table.uniques.iter_mut().try_for_each(|unique| names.unique(&name, unique))?;
        table.foreign_keys.iter_mut().try_for_each(|key| names.foreign_key(&name, key))?;
        table.checks.iter_mut().try_for_each(|check| names.check(&name, check))?;
        table.excludes.iter_mut().try_for_each(|exclude| names.exclude(&name, exclude))?;
        table.indexes.iter_mut().try_for_each(|index| names.index(index))?;
        if unnamed(table) > before { check_distinct(table) } else { Ok(()) }
    }
}

fn constraint_names(table: &Table) -> impl Iterator<Item = &String> {
    let keys = table.primary_key.iter().filter_map(|key| key.name.as_ref());
    let uniques = table.uniques.iter().filter_map(|unique| unique.name.as_ref());
    let foreign_keys = table.foreign_keys.iter().filter_map(|key| key.name.as_ref());
    let checks = table.checks.iter().filter_map(|check| check.name.as_ref());
    let excludes = table.excludes.iter().filter_map(|exclude| exclude.name.as_ref());
    keys.chain(uniques).chain(foreign_keys).chain(checks).chain(excludes)
}

fn check_distinct(table: &Table) -> Result<(), NamingError> {
    let mut seen = std::collections::BTreeSet::new();
    match constraint_names(table).find(|name| !seen.insert(name.as_str())) {
        Some(name) => Err(NamingError {
            what: format!("the constraints of `{}`", table.name),
            why: format!("two of them would be `{name}`"),
            hint: "name one of the two",
        }),
        None => Ok(()),
    }
}

struct Names<'a> {
    naming: &'a NamingConvention,
    limit: NameLimit,
}

impl Names<'_> {
    fn column(&self, table: &TableName, column: &mut Column) -> Result<(), NamingError> {
        let mut own = column.constraints();
        if let Some(key) = &mut own.primary_key {
            self.primary_key(table, key)?;
            column.names.get_or_insert_default().primary_key.clone_from(&key.name);
        }
        if let Some(unique) = &mut own.unique {
            self.unique(table, unique)?;
            column.names.get_or_insert_default().unique.clone_from(&unique.name);
        }
        if let Some(mut index) = own.index {
            index.table = table.clone();
            self.index(&mut index)?;
            column.names.get_or_insert_default().index = Some(index.name);
        }
        if let Some(mut key) = own.foreign_key {
            self.foreign_key(table, &mut key)?;
            column.foreign_key = Some(Box::new(key));
        }
        if let Some(mut check) = own.check {
            self.check(table, &mut check)?;
            column.check = Some(Box::new(check));
        }
        Ok(())
    }

    fn primary_key(&self, table: &TableName, key: &mut PrimaryKey) -> Result<(), NamingError> {
        let Some(template) = self.naming.primary_key.filter(|_| key.name.is_none()) else { return Ok(()) };
        key.name = Some(self.fill("the primary key", template, &facts(table, &key.columns))?);
        Ok(())
    }

    fn unique(&self, table: &TableName, unique: &mut Unique) -> Result<(), NamingError> {
        let Some(template) = self.naming.unique.filter(|_| unique.name.is_none()) else { return Ok(()) };
        unique.name = Some(self.fill("a unique constraint", template, &facts(table, &unique.columns))?);
        Ok(())
    }

    fn foreign_key(&self, table: &TableName, key: &mut ForeignKey) -> Result<(), NamingError> {
        let Some(template) = self.naming.foreign_key.filter(|_| key.name.is_none()) else { return Ok(()) };
        let refers_to = Some((&key.references, key.referenced_columns.as_slice()));
        let facts = Facts { refers_to, ..facts(table, &key.columns) };
        key.name = Some(self.fill("a foreign key", template, &facts)?);
        Ok(())
    }

    fn check(&self, table: &TableName, check: &mut Check) -> Result<(), NamingError> {
        let short = std::mem::take(&mut check.is_short);
        let takes_short = |template: &Template| check.name.is_none() || (short && template.has_short_name());
        let Some(template) = self.naming.check.filter(takes_short) else { return Ok(()) };
        let columns = check.column.iter().map(String::as_str).collect();
        let facts = Facts { table, columns, refers_to: None, short: check.name.as_deref() };
        check.name = Some(self.fill("a check", template, &facts)?);
        Ok(())
    }

    fn exclude(&self, table: &TableName, exclude: &mut Exclude) -> Result<(), NamingError> {
        let Some(template) = self.naming.exclude.filter(|_| exclude.name.is_none()) else { return Ok(()) };
        let columns = names_of(exclude.elements.iter().map(|element| &element.column));
        let facts = Facts { table, columns, refers_to: None, short: None };
        let name = self.fill("an exclusion constraint", template, &facts)?;
        exclude.name = Some(name);
        Ok(())
    }

    fn index(&self, index: &mut Index) -> Result<(), NamingError> {
        if index.unnamed {
            let columns = names_of(index.columns.iter());
            let facts = Facts { table: &index.table, columns, refers_to: None, short: None };
            index.name = self.fill("an index", self.naming.index, &facts)?;
            index.unnamed = false;
        }
        Ok(())
    }

    /// Finds the name of what is dropped by what it is. What says only how to find the name is no definition to go back by.
    fn dropped(&self, op: &mut Operation) -> Result<(), NamingError> {
        match op {
            Operation::DropIndex(op) => {
                let Some(index) = &mut op.definition else { return Ok(()) };
                if let Some(table) = &op.table {
                    index.table.clone_from(table);
                }
                self.index(index)?;
                set(&mut op.name, Some(&index.name));
            }
            Operation::DropUnique(op) => {
                let Some(unique) = &mut op.definition else { return Ok(()) };
                self.unique(&op.table, unique)?;
                set(&mut op.name, unique.name.as_ref());
            }
            Operation::DropForeignKey(op) => {
                let Some(key) = &mut op.definition else { return Ok(()) };
                self.foreign_key(&op.table, key)?;
                set(&mut op.name, key.name.as_ref());
            }
            Operation::DropCheck(op) => {
                let Some(check) = &mut op.definition else { return Ok(()) };
                self.check(&op.table, check)?;
                set(&mut op.name, check.name.as_ref());
                op.definition = op.definition.take().filter(|check| !check.expression.is_empty());
            }
            Operation::DropExclude(op) => {
                let Some(exclude) = &mut op.definition else { return Ok(()) };
                self.exclude(&op.table, exclude)?;
                set(&mut op.name, exclude.name.as_ref());
            }
            Operation::DropPrimaryKey(op) if op.name.is_none() => {
                let mut key = op.definition.clone().unwrap_or(crate::schema::primary_key(None));
                self.primary_key(&op.table, &mut key)?;
                op.name.clone_from(&key.name);
                op.definition = op.definition.take().map(|_| key);
            }
            _ => {}
        }
        Ok(())
    }

    fn fill(&self, what: &str, template: Template, facts: &Facts<'_>) -> Result<String, NamingError> {
        let name = template.fill(facts).map_err(|lacks| {
            let (lacking, hint) = match lacks {
                Lacks::Columns => ("its columns, which are not said", "give it a name, or say its columns"),
                Lacks::Reference => ("what it refers to, which is not said", "give its name, or all that it refers to"),
                Lacks::ShortName => ("its short name", "give it a name, or a short one: `check(short(\"adult\"), ..)`"),
            };
            NamingError {
                what: format!("{what} of `{}`", facts.table),
                why: format!("`{}` asks for {lacking}", template.text()),
                hint,
            }
        })?;
        Ok(cut(name, self.limit))
    }
}

fn facts<'a>(table: &'a TableName, columns: &'a [String]) -> Facts<'a> {
    Facts { table, columns: columns.iter().map(String::as_str).collect(), refers_to: None, short: None }
}

/// The names of columns; none where one is an expression, for which there is no name.
fn names_of<'a>(columns: impl Iterator<Item = &'a IndexColumn>) -> Vec<&'a str> {
    let name = |column: &'a IndexColumn| match &column.target {
        IndexTarget::Column(name) => Some(name.as_str()),
        IndexTarget::Expression(_) => None,
    };
    columns.map(name).collect::<Option<_>>().unwrap_or_default()
}

fn set(name: &mut String, found: Option<&String>) {
    if let (true, Some(found)) = (name.is_empty(), found) {
        name.clone_from(found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::*;
    use crate::dialect::POSTGRES;
    use crate::ops::{
        AddColumn, CreateCheck, CreateExclude, CreateForeignKey, CreateIndex, CreateTable, CreateUnique, DropCheck,
        DropExclude, DropForeignKey, DropIndex, DropPrimaryKey, DropUnique,
    };

    const NAMING: NamingConvention = NamingConvention::new()
        .index("ix_{table}_{columns}")
        .unique("uq_{table}_{columns}")
        .foreign_key("fk_{table}_{columns}_{referred_table}")
        .check("ck_{table}_{name}")
        .exclude("ex_{table}_{columns}")
        .primary_key("pk_{table}");

    #[track_caller]
    fn check_sql(op: impl Into<Operation>, expected: &[&str]) {
        let mut op = op.into();
        NAMING.apply(&mut op, POSTGRES.name_limit()).unwrap();
        let sql: Vec<_> = POSTGRES.render(&op).unwrap().into_iter().map(|statement| statement.sql).collect();
        assert_eq!(sql, expected);
    }

    #[track_caller]
    fn check_error(op: impl Into<Operation>, expected: &str) {
        let error = NAMING.apply(&mut op.into(), POSTGRES.name_limit()).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_table_gets_all_its_names() {
        let users = table("users")
            .column(column("id", bigint()).primary_key())
            .column(column("email", text()).unique())
            .column(column("team_id", bigint()).index().foreign_key(foreign_key(None).references("teams", ["id"])))
            .check(check(short("mail"), "email <> ''"))
            .unique(unique("mine").on(["id", "email"]));
        check_sql(
            CreateTable::new(users),
            &[
                "CREATE TABLE users (\n    id BIGINT NOT NULL,\n    email TEXT,\n    team_id BIGINT,\n    \
                 CONSTRAINT pk_users PRIMARY KEY (id),\n    CONSTRAINT uq_users_email UNIQUE (email),\n    \
                 CONSTRAINT mine UNIQUE (id, email),\n    \
                 CONSTRAINT fk_users_team_id_teams FOREIGN KEY (team_id) REFERENCES teams (id),\n    \
                 CONSTRAINT ck_users_mail CHECK (email <> '')\n)",
                "CREATE INDEX ix_users_team_id ON users (team_id)",
            ],
        );
    }

    #[test]
    fn a_column_gets_all_its_names() {
        let team = column("team_id", bigint()).unique().foreign_key(foreign_key(None).references("teams", ["id"]));
        check_sql(
            AddColumn::new("users", team.check(check(short("team"), "team_id > 0"))),
            &[
                "ALTER TABLE users ADD COLUMN team_id BIGINT",
                "ALTER TABLE users ADD CONSTRAINT uq_users_team_id UNIQUE (team_id)",
                "ALTER TABLE users ADD CONSTRAINT fk_users_team_id_teams FOREIGN KEY (team_id) REFERENCES teams (id)",
                "ALTER TABLE users ADD CONSTRAINT ck_users_team CHECK (team_id > 0)",
            ],
        );
        check_sql(
            AddColumn::new("users", column("tag", text()).unique().index()),
            &["ALTER TABLE users ADD COLUMN tag TEXT", "CREATE UNIQUE INDEX ix_users_tag ON users (tag)"],
        );
    }

    #[test]
    fn what_drops_finds_what_was_created() {
        let drop = |name: &str| format!("ALTER TABLE users DROP CONSTRAINT {name}");
        check_sql(DropUnique::new("users", ["a", "b"]), &[&drop("uq_users_a_b")]);
        check_sql(DropUnique::new("users", unique(None).on(["a", "b"])), &[&drop("uq_users_a_b")]);
        let key = foreign_key(None).on(["a"]).references("teams", ["id"]);
        check_sql(DropForeignKey::new("users", key), &[&drop("fk_users_a_teams")]);
        check_sql(DropCheck::new("users", short("adult")), &[&drop("ck_users_adult")]);
        check_sql(DropPrimaryKey::new("users"), &[&drop("pk_users")]);
        check_sql(DropExclude::new("users", exclude(None).with("a", "=")), &[&drop("ex_users_a")]);
        check_sql(DropIndex::new(["a", "b"]).on("users"), &["DROP INDEX ix_users_a_b"]);
    }

    #[test]
    fn a_given_name_is_the_name() {
        check_sql(DropCheck::new("users", "ck_users_adult"), &["ALTER TABLE users DROP CONSTRAINT ck_users_adult"]);
        check_sql(
            CreateCheck::new("users", check("adult", "age > 17")),
            &["ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17)"],
        );
    }

    #[test]
    fn what_is_created_by_itself_gets_its_name() {
        check_sql(
            CreateExclude::new("stays", exclude(None).using("gist").with("room", "=").with("during", "&&")),
            &["ALTER TABLE stays ADD CONSTRAINT ex_stays_room_during EXCLUDE USING gist (room WITH =, during WITH &&)"],
        );
        check_sql(
            CreateIndex::new(index(None).on(("app", "users"), ["a"])),
            &["CREATE INDEX ix_users_a ON app.users (a)"],
        );
        let key = foreign_key(None).on(["a"]).references(("app", "teams"), ["id"]);
        check_sql(
            CreateForeignKey::new("users", key),
            &["ALTER TABLE users ADD CONSTRAINT fk_users_a_teams FOREIGN KEY (a) REFERENCES app.teams (id)"],
        );
    }

    #[test]
    fn what_cannot_be_named_is_refused() {
        check_error(
            CreateCheck::new("users", check(None, "age > 17")),
            "the naming convention has no name for a check of `users`: `ck_{table}_{name}` asks for its short name",
        );
        check_error(
            CreateIndex::new(index(None).on("users", [sql("lower(email)")])),
            "the naming convention has no name for an index of `users`: `ix_{table}_{columns}` asks for its columns, which are \
             not said",
        );
        check_error(
            DropForeignKey::new("users", foreign_key(None).on(["a"])),
            "the naming convention has no name for a foreign key of `users`: `fk_{table}_{columns}_{referred_table}` asks for \
             what it refers to, which is not said",
        );
        let twice = table("users").column(column("a", integer())).unique(unique(None).on(["a"]));
        check_error(
            CreateTable::new(twice.unique(unique(None).on(["a"]))),
            "the naming convention has no name for the constraints of `users`: two of them would be `uq_users_a`",
        );
    }

    #[test]
    fn without_templates_the_database_names_all_but_indexes() {
        let mut op = CreateUnique::new("users", unique(None).on(["a"])).into();
        NamingConvention::default().apply(&mut op, POSTGRES.name_limit()).unwrap();
        assert_eq!(op, CreateUnique::new("users", unique(None).on(["a"])).into());
        let mut op = CreateIndex::new(index(None).on(("app", "users"), ["a", "b"])).into();
        NamingConvention::default().apply(&mut op, POSTGRES.name_limit()).unwrap();
        assert_eq!(op, CreateIndex::new(index("ix_app_users_a_b").on(("app", "users"), ["a", "b"])).into());
    }
}
