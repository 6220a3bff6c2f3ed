//! What to read of a database, and what to leave out.

use rectify_schema::pattern::matches;
use rectify_schema::{ObjectKind, Schema, TableName};

use crate::runner::journal::JOURNAL;
use crate::runner::lock::lease;

/// What to read of a database; the default is all of the current schema.
///
/// Patterns know `*` for any text and `?` for one character, and compare letters as they stand. One of `include` and
/// `exclude` means the bare name of a table, view, sequence or other object, or its name behind its schema's: `audit_*`
/// or `billing.audit_*`.
///
/// # Examples
///
/// ```
/// use rectify::inspect::InspectOptions;
///
/// let options = InspectOptions::default().schemas(["app", "tenant_*"]).exclude(["*_backup"]);
/// assert!(options.reads(&("app", "users").into(), "app"));
/// assert!(!options.reads(&("app", "users_backup").into(), "app"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectOptions {
    /// Patterns of the schemas (MySQL and MariaDB: databases; SQLite: attached databases). None is the current one, `*` all
    /// but the system's own.
    pub schemas: Vec<String>,
    /// Patterns of schemas to leave out all the same.
    pub exclude_schemas: Vec<String>,
    /// Patterns of the objects to read; none is all of them.
    pub include: Vec<String>,
    /// Patterns of objects to leave out all the same.
    pub exclude: Vec<String>,
    /// The version table, which is left out in every schema, as Rectify's other tables are.
    pub version_table: String,
}

impl Default for InspectOptions {
    fn default() -> Self {
        Self {
            schemas: Vec::new(),
            exclude_schemas: Vec::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            version_table: crate::Options::default().version_table,
        }
    }
}

impl InspectOptions {
    /// Reads the schemas that match one of these patterns, the current one only if it does.
    #[must_use]
    pub fn schemas<S: Into<String>>(mut self, patterns: impl IntoIterator<Item = S>) -> Self {
        self.schemas = texts(patterns);
        self
    }

    /// Leaves out the schemas that match one of these patterns.
    #[must_use]
    pub fn exclude_schemas<S: Into<String>>(mut self, patterns: impl IntoIterator<Item = S>) -> Self {
        self.exclude_schemas = texts(patterns);
        self
    }

    /// Reads only what matches one of these patterns.
    #[must_use]
    pub fn include<S: Into<String>>(mut self, patterns: impl IntoIterator<Item = S>) -> Self {
        self.include = texts(patterns);
        self
    }

    /// Leaves out what matches one of these patterns.
    #[must_use]
    pub fn exclude<S: Into<String>>(mut self, patterns: impl IntoIterator<Item = S>) -> Self {
        self.exclude = texts(patterns);
        self
    }

    /// Names the version table, which is left out.
    #[must_use]
    pub fn version_table(mut self, name: impl Into<String>) -> Self {
        self.version_table = name.into();
        self
    }

    /// Tells whether an object of this name is read, where `current` is the schema of a name that gives none.
    #[must_use]
    pub fn reads(&self, name: &TableName, current: &str) -> bool {
        let qualified = format!("{}.{}", name.schema.as_deref().unwrap_or(current), name.name);
        let matches = |pattern: &String| matches(pattern, &name.name) || matches(pattern, &qualified);
        (self.include.is_empty() || self.include.iter().any(matches)) && !self.exclude.iter().any(matches)
    }

    /// Those of a database's schemas that are read.
    pub(super) fn choose<'a>(&self, all: &'a [String], current: Option<&'a String>) -> Vec<&'a String> {
        let chosen = |schema: &String| self.schemas.iter().any(|pattern| matches(pattern, schema));
        let left_out = |schema: &String| self.exclude_schemas.iter().any(|pattern| matches(pattern, schema));
        let schemas: Vec<_> = if self.schemas.is_empty() {
            current.into_iter().collect()
        } else {
            all.iter().filter(|schema| chosen(schema)).collect()
        };
        schemas.into_iter().filter(|schema| !left_out(schema)).collect()
    }

    /// Leaves out Rectify's own tables and what the patterns say.
    pub(super) fn filter(&self, schema: &mut Schema, current: &str) {
        let reads = |name: &TableName| self.reads(name, current);
        schema.tables.retain(|table| !self.is_own(&table.name.name) && reads(&table.name));
        schema.enums.retain(|enum_type| reads(&enum_type.name));
        schema.sequences.retain(|sequence| reads(&sequence.name));
        schema.objects.retain(|object| match &object.kind {
            ObjectKind::Trigger { table } | ObjectKind::Policy { table } => reads(table) && reads(&object.name),
            ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Function { .. }
            | ObjectKind::Procedure { .. }
            | ObjectKind::Grant { .. } => reads(&object.name),
        });
    }

    /// The version table, the journal, and the version table of Diesel's harness, which can run a chain too.
    fn is_own(&self, name: &str) -> bool {
        name == self.version_table || name == JOURNAL || name == lease::TABLE || name == "__diesel_schema_migrations"
    }
}

fn texts<S: Into<String>>(texts: impl IntoIterator<Item = S>) -> Vec<String> {
    texts.into_iter().map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use rectify_schema::build::{sequence, table, trigger, view};

    use super::*;

    #[test]
    fn schemas_are_chosen_by_pattern_or_the_current_one_is() {
        let all: Vec<String> = ["app", "audit", "tenant_1", "tenant_2"].map(str::to_owned).into();
        let check = |options: InspectOptions, expected: &[&str]| {
            assert_eq!(options.choose(&all, Some(&all[0])), expected);
        };
        check(InspectOptions::default(), &["app"]);
        check(InspectOptions::default().schemas(["*"]), &["app", "audit", "tenant_1", "tenant_2"]);
        check(InspectOptions::default().schemas(["tenant_?"]).exclude_schemas(["*_2"]), &["tenant_1"]);
        check(InspectOptions::default().schemas(["nowhere"]), &[]);
    }

    #[test]
    fn objects_are_left_out_by_pattern_with_what_hangs_on_them() {
        let before = Schema {
            tables: vec![
                table("alembic_version"),
                table("rectify_journal"),
                table("rectify_lock"),
                table("users"),
                table(("b", "users")),
            ],
            sequences: vec![sequence("numbers")],
            objects: vec![view("v", "SELECT 1"), trigger("touch", "users", "x"), trigger("touch", "v", "x")],
            ..Schema::default()
        };
        let check = |options: InspectOptions, tables: usize, others: usize| {
            let mut schema = before.clone();
            options.filter(&mut schema, "a");
            assert_eq!((schema.tables.len(), schema.sequences.len() + schema.objects.len()), (tables, others));
        };
        check(InspectOptions::default(), 2, 4);
        check(InspectOptions::default().version_table("users"), 1, 4);
        check(InspectOptions::default().exclude(["users"]), 0, 3);
        check(InspectOptions::default().exclude(["a.users"]), 1, 3);
        check(InspectOptions::default().include(["b.*"]), 1, 0);
        check(InspectOptions::default().include(["v", "touch"]), 0, 2);
    }
}
