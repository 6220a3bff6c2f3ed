//! The tokens of tables: no errors.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use rectify_schema::models::{ColumnDeclaration, ForeignKeyDeclaration, Parent, TableDeclaration, encode};
use syn::{Attribute, Path};

/// The tables for Diesel, the proofs of their foreign keys, the joins of a group, and the registration.
pub(super) fn expand(tables: &[TableDeclaration], group: bool) -> TokenStream {
    let for_diesel = tables.iter().map(table);
    let proofs = tables.iter().flat_map(|table| table.foreign_keys().iter().map(|key| proof(table, key)));
    let joins = joins(tables, group);
    let registration = register(tables);
    quote! { #(#for_diesel)* #(#proofs)* #joins #registration }
}

/// The text that Diesel's macro knows.
fn table(table: &TableDeclaration) -> TokenStream {
    let TableDeclaration { uses, passed, schema, name, columns, .. } = table;
    let sql_name = table.sql_name.as_ref().map(|text| quote! { #[sql_name = #text] });
    let schema = schema.as_ref().map(|schema| quote! { #schema. });
    let keys = table.primary_key.as_ref().map(|keys| quote! { (#(#keys),*) });
    let columns = columns.iter().map(column);
    quote! { ::diesel::table! { #(#uses)* #(#passed)* #sql_name #schema #name #keys { #(#columns,)* } } }
}

fn column(column: &ColumnDeclaration) -> TokenStream {
    let ColumnDeclaration { passed, name, sql_type, .. } = column;
    let sql_name = column.sql_name.as_ref().map(|text| quote! { #[sql_name = #text] });
    let length = column.max_length.as_ref().map(|length| quote! { #[max_length = #length] });
    quote! { #(#passed)* #sql_name #length #name -> #sql_type }
}

/// Proves that each column of a key has the type of the column that it refers to.
fn proof(table: &TableDeclaration, key: &ForeignKeyDeclaration) -> TokenStream {
    let Parent::Table(parent, referred) = &key.parent else { return TokenStream::new() };
    let (child, cfgs) = (&table.name, cfgs(table));
    let proofs = key.columns.iter().zip(referred).map(|(from, to)| {
        // The compiler shows what does not fit at the first of these names: all stand where the referred column does.
        let there = |name: &Ident| {
            let mut moved = name.clone();
            moved.set_span(to.span().resolved_at(name.span()));
            moved
        };
        let (child, from) = (there(child), there(from));
        quote_spanned! {to.span()=>
            ::rectify::__private::refers::<#child::columns::#from, #parent::columns::#to>();
        }
    });
    quote! { #(#cfgs)* const _: () = { #(#proofs)* }; }
}

/// `joinable!` for each pair of tables with one foreign key between them, and leave for all to stand in one query.
fn joins(tables: &[TableDeclaration], group: bool) -> TokenStream {
    let joinable = tables.iter().flat_map(|table| {
        let keys = table.foreign_keys().iter().filter(move |key| is_joinable(tables, table, key, group));
        keys.map(|key| {
            let (child, column) = (&table.name, &key.columns[0]);
            let Parent::Table(parent, _) = &key.parent else { return TokenStream::new() };
            quote! { ::diesel::joinable!(#child -> #parent (#column)); }
        })
    });
    let together: Vec<&Ident> = tables.iter().filter(|table| cfgs(table).is_empty()).map(|table| &table.name).collect();
    let together = (group && together.len() > 1)
        .then(|| quote! { ::diesel::allow_tables_to_appear_in_same_query!(#(#together),*); });
    quote! { #(#joinable)* #together }
}

/// Diesel joins a pair of tables in one way, over one column, to the primary key. Where the keys leave a choice, or what is
/// referred to is not in the group, the user says `joinable`.
fn is_joinable(
    tables: &[TableDeclaration],
    table: &TableDeclaration,
    key: &ForeignKeyDeclaration,
    group: bool,
) -> bool {
    if let Some(said) = key.joinable {
        return said && key.columns.len() == 1;
    }
    let Some(parent) = parent_of(tables, key) else { return false };
    let Parent::Table(_, referred) = &key.parent else { return false };
    let pair = |one: &TableDeclaration, other: &TableDeclaration| {
        let keys = one.foreign_keys().iter().filter(|key| key.joinable != Some(false));
        keys.filter(|key| parent_of(tables, key).is_some_and(|parent| parent.name == other.name)).count()
    };
    group
        && table.name != parent.name
        && key.columns.len() == 1
        && parent.keys().as_slice() == [&referred[0]]
        && pair(table, parent) + pair(parent, table) == 1
        && cfgs(table).is_empty()
        && cfgs(parent).is_empty()
}

fn parent_of<'a>(tables: &'a [TableDeclaration], key: &ForeignKeyDeclaration) -> Option<&'a TableDeclaration> {
    let Parent::Table(path, _) = &key.parent else { return None };
    let name = path.get_ident()?;
    tables.iter().find(|table| table.name == *name)
}

fn cfgs(table: &TableDeclaration) -> Vec<&Attribute> {
    table.passed.iter().filter(|attribute| is_cfg(attribute.path())).collect()
}

fn is_cfg(path: &Path) -> bool {
    path.is_ident("cfg")
}

/// Keeps what was read where the program finds it. Of several tables under conditions, each is registered alone.
fn register(tables: &[TableDeclaration]) -> TokenStream {
    let alone = tables.iter().any(|table| !cfgs(table).is_empty());
    let parts = tables.chunks(if alone { 1 } else { tables.len().max(1) });
    let each = parts.map(|tables| {
        let (cfgs, text) = (tables.iter().flat_map(cfgs), encode(tables));
        quote! { #(#cfgs)* ::rectify::__private::declare_tables!(#text); }
    });
    each.collect()
}
