//! What stands in a `table!`, as it was written: names with their places, attributes read, types as Diesel names them.

use std::fmt;

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Error, GenericArgument, Ident, ItemUse, LitInt, LitStr, Path, PathArguments, Result, Token, Type,
    TypePath, braced, parenthesized, token,
};

use super::attributes;
use super::model::{ByDialect, GivenType};
use super::types::DieselType;
use crate::schema::{
    Check, DefaultValue, Deferrable, Exclude, ForeignKey, Generated, Identity, Index, IndexColumn, OnConflict,
    TableOptions, Unique,
};

/// One table of a `table!`.
pub struct TableDeclaration {
    /// The `use` lines before it.
    pub uses: Vec<ItemUse>,
    /// The attributes that are not Rectify's: documentation, `cfg`, `allow`.
    pub passed: Vec<Attribute>,
    /// The schema, if one is written.
    pub schema: Option<Ident>,
    /// The name in Rust.
    pub name: Ident,
    /// The name in the database, where it is another.
    pub sql_name: Option<LitStr>,
    /// The columns of the primary key, if they are written.
    pub primary_key: Option<Vec<Ident>>,
    /// The columns.
    pub columns: Vec<ColumnDeclaration>,
    pub(super) key: Option<PrimaryKeyDeclaration>,
    pub(super) comment: Option<LitStr>,
    pub(super) indexes: Vec<IndexDeclaration>,
    pub(super) uniques: Vec<UniqueDeclaration>,
    pub(super) foreign_keys: Vec<ForeignKeyDeclaration>,
    pub(super) checks: Vec<CheckDeclaration>,
    pub(super) excludes: Vec<ExcludeDeclaration>,
    pub(super) options: TableOptions,
    pub(super) view: Option<ViewDeclaration>,
}

/// One column.
pub struct ColumnDeclaration {
    /// The attributes that are not Rectify's.
    pub passed: Vec<Attribute>,
    /// The name in Rust.
    pub name: Ident,
    /// The name in the database, where it is another.
    pub sql_name: Option<LitStr>,
    /// The length.
    pub max_length: Option<LitInt>,
    /// The type, as Diesel names it.
    pub sql_type: TypePath,
    pub(super) diesel_type: DieselType,
    pub(super) default: Option<(Span, DefaultValue)>,
    pub(super) identity: Option<(Span, Identity)>,
    pub(super) generated: Option<(Span, Generated)>,
    pub(super) collation: Option<LitStr>,
    pub(super) not_null: Option<(Span, OnConflict)>,
    pub(super) comment: Option<LitStr>,
    pub(super) precision: Option<(Span, u16, Option<u16>)>,
    pub(super) given_type: Option<GivenType>,
}

pub(super) struct IndexDeclaration {
    pub(super) span: Span,
    pub(super) name: Option<LitStr>,
    pub(super) columns: Vec<(IndexPart, IndexColumn)>,
    pub(super) include: Vec<Ident>,
    /// Everything but names and columns.
    pub(super) rest: Index,
}

/// What an index is over, before the column's name in the database is known.
pub(super) enum IndexPart {
    Column(Ident),
    Expression,
}

/// What is said of the primary key beside its columns.
pub(super) struct PrimaryKeyDeclaration {
    pub(super) name: Option<LitStr>,
    pub(super) include: Vec<Ident>,
    pub(super) deferrable: Option<Deferrable>,
    pub(super) on_conflict: Option<OnConflict>,
}

pub(super) struct UniqueDeclaration {
    pub(super) name: Option<LitStr>,
    pub(super) columns: Vec<Ident>,
    pub(super) include: Vec<Ident>,
    pub(super) rest: Unique,
}

pub(super) struct CheckDeclaration {
    pub(super) name: Option<LitStr>,
    pub(super) rest: Check,
}

pub(super) struct ExcludeDeclaration {
    pub(super) name: Option<LitStr>,
    pub(super) elements: Vec<(IndexPart, IndexColumn, String)>,
    pub(super) rest: Exclude,
}

/// A foreign key.
pub struct ForeignKeyDeclaration {
    /// Where it stands.
    pub span: Span,
    pub(super) name: Option<LitStr>,
    /// The referring columns.
    pub columns: Vec<Ident>,
    /// The table referred to.
    pub parent: Parent,
    /// What was said of joins: yes, no, or nothing.
    pub joinable: Option<bool>,
    pub(super) on_delete: Option<Ident>,
    pub(super) on_delete_columns: Vec<Ident>,
    pub(super) rest: ForeignKey,
}

/// What a foreign key refers to.
pub enum Parent {
    /// A table that Rust knows, with its columns.
    Table(Path, Vec<Ident>),
    /// A table that only the database knows: its name and its columns.
    Sql(LitStr, Vec<LitStr>),
}

/// What makes a table a view.
pub(super) struct ViewDeclaration {
    pub(super) materialized: bool,
    pub(super) query: ByDialect,
    pub(super) reads: Vec<Path>,
}

/// Reads the tables of a `table!`, one after the other: those that could be read, and every mistake on the way.
///
/// An attribute with a mistake is left out, so that the rest can be checked all the same.
pub(super) fn parse(tokens: TokenStream) -> (Vec<TableDeclaration>, Vec<Error>) {
    let (mut tables, mut mistakes) = (Vec::new(), Vec::new());
    let parser = |input: ParseStream<'_>| {
        tables.push(table(input, &mut mistakes)?);
        while !input.is_empty() {
            tables.push(table(input, &mut mistakes)?);
        }
        Ok(())
    };
    let parsed = parser.parse2(tokens);
    mistakes.extend(parsed.err());
    (tables, mistakes)
}

fn table(input: ParseStream<'_>, mistakes: &mut Vec<Error>) -> Result<TableDeclaration> {
    let mut uses = Vec::new();
    while input.fork().parse::<ItemUse>().is_ok() {
        uses.push(input.parse()?);
    }
    let written = input.call(Attribute::parse_outer)?;
    let mut name: Ident = input.parse()?;
    let mut schema = None;
    if input.peek(Token![.]) {
        input.parse::<Token![.]>()?;
        schema = Some(std::mem::replace(&mut name, input.parse()?));
    }
    let mut primary_key = None;
    if input.peek(token::Paren) {
        let content;
        parenthesized!(content in input);
        let keys = Punctuated::<Ident, Token![,]>::parse_terminated(&content)?;
        primary_key = Some(keys.into_iter().collect());
    }
    let content;
    braced!(content in input);
    let mut declaration = TableDeclaration {
        uses,
        passed: Vec::new(),
        schema,
        name,
        sql_name: None,
        primary_key,
        columns: Vec::new(),
        key: None,
        comment: None,
        indexes: Vec::new(),
        uniques: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        excludes: Vec::new(),
        options: TableOptions::default(),
        view: None,
    };
    for attribute in written {
        mistakes.extend(attributes::of_table(&mut declaration, attribute).err());
    }
    while !content.is_empty() {
        column(&content, &mut declaration, mistakes)?;
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(declaration)
}

fn column(input: ParseStream<'_>, table: &mut TableDeclaration, mistakes: &mut Vec<Error>) -> Result<()> {
    let written = input.call(Attribute::parse_outer)?;
    let name: Ident = input.parse()?;
    input.parse::<Token![->]>()?;
    let sql_type: TypePath = input.parse()?;
    let mut column = ColumnDeclaration {
        passed: Vec::new(),
        name,
        sql_name: None,
        max_length: None,
        diesel_type: diesel_type(&sql_type),
        sql_type,
        default: None,
        identity: None,
        generated: None,
        collation: None,
        not_null: None,
        comment: None,
        precision: None,
        given_type: None,
    };
    for attribute in written {
        mistakes.extend(attributes::of_column(table, &mut column, attribute).err());
    }
    table.columns.push(column);
    Ok(())
}

/// The last word of a type's path, and the same of its arguments.
pub(super) fn diesel_type(written: &TypePath) -> DieselType {
    let Some(last) = written.path.segments.last() else { return DieselType::default() };
    let mut arguments = Vec::new();
    if let PathArguments::AngleBracketed(given) = &last.arguments {
        for argument in &given.args {
            if let GenericArgument::Type(argument) = argument {
                arguments.push(inner_type(argument));
            }
        }
    }
    DieselType { name: last.ident.unraw().to_string(), arguments }
}

/// A type that has come through a `macro_rules!` is in an invisible group.
fn inner_type(written: &Type) -> DieselType {
    match written {
        Type::Path(path) => diesel_type(path),
        Type::Group(group) => inner_type(&group.elem),
        Type::Paren(inner) => inner_type(&inner.elem),
        _ => DieselType::default(),
    }
}

impl fmt::Debug for TableDeclaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableDeclaration").field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for ColumnDeclaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ColumnDeclaration").field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for ForeignKeyDeclaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForeignKeyDeclaration").field("columns", &self.columns).finish_non_exhaustive()
    }
}

impl fmt::Debug for Parent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(_, columns) => f.debug_tuple("Table").field(columns).finish(),
            Self::Sql(table, _) => f.debug_tuple("Sql").field(&table.value()).finish(),
        }
    }
}

impl TableDeclaration {
    /// The name in the database.
    #[must_use]
    pub fn database_name(&self) -> String {
        database_name(self.sql_name.as_ref(), &self.name)
    }

    /// The column of this name in Rust.
    #[must_use]
    pub fn column(&self, name: &Ident) -> Option<&ColumnDeclaration> {
        self.columns.iter().find(|column| column.name.unraw() == name.unraw())
    }

    /// The foreign keys.
    #[must_use]
    pub fn foreign_keys(&self) -> &[ForeignKeyDeclaration] {
        &self.foreign_keys
    }

    /// The columns of the primary key, as Diesel takes them where nothing is written.
    #[must_use]
    pub fn keys(&self) -> Vec<&Ident> {
        match &self.primary_key {
            Some(keys) => keys.iter().collect(),
            None => self.columns.iter().map(|column| &column.name).filter(|name| name.unraw() == "id").collect(),
        }
    }
}

impl ColumnDeclaration {
    /// The name in the database.
    #[must_use]
    pub fn database_name(&self) -> String {
        database_name(self.sql_name.as_ref(), &self.name)
    }
}

/// As Diesel takes it: without `r#`, in the literal too.
fn database_name(sql_name: Option<&LitStr>, name: &Ident) -> String {
    match sql_name {
        Some(text) => {
            let text = text.value();
            text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
        }
        None => name.unraw().to_string(),
    }
}

/// `a`, `a.desc()`, `sql("lower(a)")`: one part of an index.
pub(super) struct Part(pub(super) IndexPart, pub(super) IndexColumn);

impl Parse for Part {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        attributes::index_part(&input.parse()?)
    }
}
