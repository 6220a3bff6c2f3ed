//! The tokens of tables: no errors.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use rectify_schema::models::{ColumnDeclaration, ForeignKeyDeclaration, Parent, TableDeclaration};
use syn::{Attribute, Path};

/// The tables for Diesel, the proofs of their foreign keys, the joins of a group, and the registration.
pub(super) fn expand(tables: &[TableDeclaration], input: TokenStream, group: bool) -> TokenStream {
    let for_diesel = tables.iter().map(table);
    let proofs = tables.iter().flat_map(|table| table.foreign_keys().iter().map(|key| proof(table, key)));
    let joins = joins(tables, group);
    let registration = register(tables, input);
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

/// Keeps the text where the program finds it.
fn register(tables: &[TableDeclaration], input: TokenStream) -> TokenStream {
    // Of several tables under conditions, each is registered alone.
    if tables.len() > 1 && tables.iter().any(|table| !cfgs(table).is_empty()) {
        let each = split(input);
        return each.into_iter().zip(tables).map(|(text, table)| register_text(text, &cfgs(table))).collect();
    }
    register_text(input, &cfgs(&tables[0]))
}

fn register_text(input: TokenStream, cfgs: &[&Attribute]) -> TokenStream {
    let text = without_documentation(input).to_string();
    quote! { #(#cfgs)* ::rectify::__private::declare_tables!(#text); }
}

/// One stream for each table: a table ends with its braces.
fn split(input: TokenStream) -> Vec<TokenStream> {
    let mut tables = vec![TokenStream::new()];
    let mut in_use = false;
    for token in input {
        let ends = match &token {
            TokenTree::Group(group) => group.delimiter() == proc_macro2::Delimiter::Brace && !in_use,
            _ => false,
        };
        match &token {
            TokenTree::Ident(word) if word == "use" => in_use = true,
            TokenTree::Punct(end) if end.as_char() == ';' => in_use = false,
            _ => {}
        }
        tables.last_mut().expect("there is always one").extend([token]);
        if ends {
            tables.push(TokenStream::new());
        }
    }
    tables
}

/// Leaves `#[doc = "…"]` out, which says nothing of the table and can be long.
fn without_documentation(input: TokenStream) -> TokenStream {
    let mut kept = Vec::new();
    for token in input {
        match token {
            TokenTree::Group(group) => {
                let documents = group
                    .stream()
                    .into_iter()
                    .next()
                    .is_some_and(|first| matches!(&first, TokenTree::Ident(word) if *word == "doc"));
                let after_hash = matches!(kept.last(), Some(TokenTree::Punct(hash)) if hash.as_char() == '#');
                if documents && after_hash && group.delimiter() == proc_macro2::Delimiter::Bracket {
                    kept.pop();
                } else {
                    let inner = without_documentation(group.stream());
                    kept.push(proc_macro2::Group::new(group.delimiter(), inner).into());
                }
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}
