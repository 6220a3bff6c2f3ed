//! The tokens of a migration: no decisions, no errors.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use rectify_chain::revision::hash_id;
use rectify_chain::source::split_doc;
use syn::{Expr, ExprLit, Lit, LitStr, Meta};

use super::args::{Args, Function, InScript, Table};

/// The constant that a migration leaves for `versions!`, which registers all of them with linkme at once.
pub(crate) const REGISTERED: &str = "REGISTERED_BY_VERSIONS";

/// The registration and the proofs, each as the argument of a check that `versions!` may replace by an error.
pub(super) fn expand(args: &Args, function: &Function) -> TokenStream {
    let Some(revision) = &args.revision else { return TokenStream::new() };
    let id = revision.value();
    let mut checks = vec![checked(&id, "revision", 0, revision, &declare(revision))];
    for (nth, parent) in args.down_revisions.iter().enumerate() {
        checks.push(checked(&id, "down_revision", nth, parent, &prove(parent)));
    }
    for (nth, other) in args.depends_on.iter().enumerate() {
        checks.push(checked(&id, "depends_on", nth, other, &TokenStream::new()));
    }
    for (nth, label) in args.branch_labels.iter().enumerate() {
        checks.push(checked(&id, "branch_labels", nth, label, &TokenStream::new()));
    }
    let registration = register(args, function, revision);
    let attribute = Ident::new("migration", Span::call_site());
    quote! {
        __rectify_check! { #(#checks)* [attribute #id] [#attribute] { #registration } }
    }
}

/// The proof that the revision exists, and that it exists once.
pub(super) fn declare(revision: &LitStr) -> TokenStream {
    let hash = Literal::u128_unsuffixed(hash_id(&revision.value()));
    quote_spanned! {revision.span()=> impl ::rectify::__private::HasRevision<#hash> for crate::Chain {} }
}

/// The proof that a parent exists.
fn prove(parent: &LitStr) -> TokenStream {
    let hash = Literal::u128_unsuffixed(hash_id(&parent.value()));
    quote_spanned! {parent.span()=> const _: () = ::rectify::__private::parent::<crate::Chain, #hash>(); }
}

/// The key by which `versions!` finds a literal again, the literal itself for its place, and what it expands to.
fn checked(id: &str, key: &str, nth: usize, literal: &LitStr, default: &TokenStream) -> TokenStream {
    let (key, nth, value) = (Ident::new(key, Span::call_site()), Literal::usize_unsuffixed(nth), literal.value());
    quote! { [#key #id #nth #value] [#literal] { #default } }
}

fn register(args: &Args, function: &Function, revision: &LitStr) -> TokenStream {
    let (before_file, after_file) = said(args, function, revision);
    let downgrade = if args.irreversible {
        quote! { ::core::option::Option::None }
    } else {
        quote! { ::core::option::Option::Some(downgrade) }
    };
    let options = options(args);
    let value = quote! {
        ::rectify::__private::Registered {
            said: ::core::concat!(#before_file, ::core::file!(), #after_file),
            options: #options,
            upgrade,
            downgrade: #downgrade,
        }
    };
    registered(revision.span(), &value)
}

/// What `versions!` registers of a migration with errors, so that it does not complain as well.
pub(super) fn stand_in() -> TokenStream {
    registered(Span::call_site(), &quote! { ::rectify::__private::Registered::STAND_IN })
}

/// The constant of the name [`REGISTERED`]: dead code, which the compiler reports at `place`, where `versions!` does not know
/// the file.
fn registered(place: Span, value: &TokenStream) -> TokenStream {
    let name = Ident::new(REGISTERED, place);
    quote_spanned! {place=>
        #[doc(hidden)]
        #[deny(dead_code)]
        #[allow(clippy::redundant_pub_crate)]
        pub(crate) const #name: ::rectify::__private::Registered<crate::Connection> = #value;
    }
}

/// What `rectify::__private::Registered` takes apart again, before the path of the file and after it.
fn said(args: &Args, function: &Function, revision: &LitStr) -> (String, String) {
    let ids = |literals: &[LitStr]| literals.iter().map(LitStr::value).collect::<Vec<_>>().join(",");
    let free = |text: String| text.replace('\0', "\u{fffd}");
    let docs: Vec<String> = function.attrs.iter().filter_map(doc_line).collect();
    let (message, description) = split_doc(docs.iter().map(String::as_str));
    let before_file = [
        revision.value(),
        ids(&args.down_revisions),
        ids(&args.depends_on),
        ids(&args.branch_labels),
        if args.transaction.unwrap_or(true) { "" } else { "no" }.to_owned(),
        free(args.created.as_ref().map(LitStr::value).unwrap_or_default()),
        String::new(),
    ];
    (before_file.join("\0"), format!("\0{}\0{description}", free(message)))
}

/// Short where nothing is said, since most migrations say nothing.
fn options(args: &Args) -> TokenStream {
    let Args { offline, offline_downgrade, elidable, .. } = args;
    let mut said = TokenStream::new();
    for (key, given) in [("offline", offline), ("offline_downgrade", offline_downgrade)] {
        let (key, value) = (Ident::new(key, Span::call_site()), given.as_ref().map(in_script));
        said.extend(value.map(|value| quote! { #key: #value, }));
    }
    if !elidable.is_empty() {
        let tables = elidable.iter().map(table);
        said.extend(quote! { elidable: &[#(#tables),*], });
    }
    let default = quote! { ::rectify::__private::MigrationOptions::DEFAULT };
    if said.is_empty() {
        quote! { ::core::option::Option::None }
    } else {
        quote! { ::core::option::Option::Some(&::rectify::__private::MigrationOptions { #said ..#default }) }
    }
}

fn in_script(given: &InScript) -> TokenStream {
    match given {
        InScript::Text(text) => quote! { ::rectify::__private::InScript::Text(#text) },
        InScript::Skipped => quote! { ::rectify::__private::InScript::Skipped },
    }
}

fn table(Table { schema, name }: &Table) -> TokenStream {
    match schema {
        Some(schema) => quote! { (::core::option::Option::Some(#schema), #name) },
        None => quote! { (::core::option::Option::None, #name) },
    }
}

fn doc_line(attribute: &syn::Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
