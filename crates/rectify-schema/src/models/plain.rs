//! What was written, without its places: a declaration made a model.

use syn::ext::IdentExt;
use syn::{Ident, LitStr, Path};

use super::declaration::{
    ColumnDeclaration, ExcludeDeclaration, ForeignKeyDeclaration, IndexDeclaration, IndexPart, Parent,
    TableDeclaration, UniqueDeclaration, ViewDeclaration,
};
use super::kinds::is_serial;
use super::model::{ByDialect, ColumnModel, KeyModel, TableModel, ViewModel};
use super::types::Size;
use crate::name::TableName;
use crate::schema::{
    Check, ColumnType, Exclude, ExcludeElement, ForeignKey, Identity, Index, IndexColumn, IndexTarget, PrimaryKey,
    Table, Unique, column, table,
};

impl TableDeclaration {
    pub(super) fn model(&self) -> TableModel {
        let name = TableName { schema: self.schema.as_ref().map(unraw), name: self.database_name() };
        TableModel {
            alias: alias(&self.name, &name.name),
            table: self.table(name),
            columns: self.columns.iter().map(ColumnDeclaration::model).collect(),
            foreign_keys: self.foreign_keys.iter().map(|key| self.key(key)).collect(),
            view: self.view.as_ref().map(ViewDeclaration::model),
        }
    }

    fn table(&self, name: TableName) -> Table {
        Table {
            primary_key: self.primary_key(),
            uniques: self.uniques.iter().map(|unique| self.unique(unique)).collect(),
            checks: self.checks.iter().map(|check| Check { name: value(&check.name), ..check.rest.clone() }).collect(),
            excludes: self.excludes.iter().map(|exclude| self.exclude(exclude)).collect(),
            indexes: self.indexes.iter().map(|index| self.index(index)).collect(),
            comment: value(&self.comment),
            options: self.options.clone(),
            ..table(name)
        }
    }

    fn primary_key(&self) -> Option<PrimaryKey> {
        let columns = self.names(self.keys());
        let said = self.key.as_ref();
        (!columns.is_empty()).then(|| PrimaryKey {
            name: said.and_then(|key| value(&key.name)),
            columns,
            deferrable: said.and_then(|key| key.deferrable),
            include: self.names(said.iter().flat_map(|key| &key.include)),
            on_conflict: said.and_then(|key| key.on_conflict),
        })
    }

    fn unique(&self, unique: &UniqueDeclaration) -> Unique {
        Unique {
            name: value(&unique.name),
            columns: self.names(&unique.columns),
            include: self.names(&unique.include),
            ..unique.rest.clone()
        }
    }

    fn index(&self, index: &IndexDeclaration) -> Index {
        Index {
            name: value(&index.name).unwrap_or_default(),
            unnamed: index.name.is_none(),
            columns: index.columns.iter().map(|(part, column)| self.part(part, column)).collect(),
            include: self.names(&index.include),
            ..index.rest.clone()
        }
    }

    fn part(&self, part: &IndexPart, written: &IndexColumn) -> IndexColumn {
        match part {
            IndexPart::Column(column) => {
                IndexColumn { target: IndexTarget::Column(self.name_of(column)), ..written.clone() }
            }
            IndexPart::Expression => written.clone(),
        }
    }

    fn exclude(&self, exclude: &ExcludeDeclaration) -> Exclude {
        let elements = exclude.elements.iter().map(|(part, column, operator)| ExcludeElement {
            column: self.part(part, column),
            operator: operator.clone(),
        });
        Exclude { name: value(&exclude.name), elements: elements.collect(), ..exclude.rest.clone() }
    }

    fn key(&self, key: &ForeignKeyDeclaration) -> KeyModel {
        let (path, references, referenced_columns) = match &key.parent {
            Parent::Sql(table, columns) => {
                let table = super::attributes::split_name(&table.value());
                (Vec::new(), table, columns.iter().map(LitStr::value).collect())
            }
            Parent::Table(path, columns) => (words(path), TableName::from(""), columns.iter().map(unraw).collect()),
        };
        let (columns, on_delete_columns) = (self.names(&key.columns), self.names(&key.on_delete_columns));
        let name = value(&key.name);
        let rest = key.rest.clone();
        KeyModel { path, key: ForeignKey { name, columns, references, referenced_columns, on_delete_columns, ..rest } }
    }

    fn names<'a>(&self, columns: impl IntoIterator<Item = &'a Ident>) -> Vec<String> {
        columns.into_iter().map(|column| self.name_of(column)).collect()
    }

    /// The database's name of a column.
    fn name_of(&self, column: &Ident) -> String {
        self.column(column).map_or_else(|| unraw(column), ColumnDeclaration::database_name)
    }
}

impl ColumnDeclaration {
    fn model(&self) -> ColumnModel {
        let (bare, nullable) = self.diesel_type.bare();
        // What the type is only the database says.
        let mut column = column(self.database_name(), ColumnType::Text);
        column.nullable = nullable;
        column.default = self.default.as_ref().map(|(_, default)| default.clone());
        column.identity = self.identity.as_ref().map(|(_, identity)| identity.clone());
        if is_serial(bare) {
            column.identity = Some(Identity::default());
        }
        column.generated = self.generated.as_ref().map(|(_, generated)| generated.clone());
        column.not_null_on_conflict = self.not_null.as_ref().map(|(_, action)| *action);
        column.collation = value(&self.collation);
        column.comment = value(&self.comment);
        let (precision, scale) =
            self.precision.as_ref().map_or((None, None), |(_, precision, scale)| (Some(*precision), *scale));
        let length = self.max_length.as_ref().and_then(|length| length.base10_parse().ok());
        ColumnModel {
            alias: alias(&self.name, &column.name),
            column,
            diesel_type: bare.clone(),
            size: Size { length, precision, scale },
            given_type: self.given_type.clone(),
        }
    }
}

impl ViewDeclaration {
    fn model(&self) -> ViewModel {
        let reads = self.reads.iter().map(words).collect();
        ViewModel { materialized: self.materialized, query: self.query.clone(), reads }
    }
}

impl ByDialect {
    pub(super) const fn is_empty(&self) -> bool {
        self.all.is_none() && self.each.is_empty()
    }
}

/// The name in Rust, where it is another than the database's.
fn alias(name: &Ident, database_name: &str) -> Option<String> {
    Some(unraw(name)).filter(|name| name != database_name)
}

fn unraw(name: &Ident) -> String {
    name.unraw().to_string()
}

fn words(path: &Path) -> Vec<String> {
    path.segments.iter().map(|segment| unraw(&segment.ident)).collect()
}

fn value(text: &Option<LitStr>) -> Option<String> {
    text.as_ref().map(LitStr::value)
}
