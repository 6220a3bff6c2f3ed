//! The tokens of a chain: no decisions, no errors.

use std::collections::BTreeSet;
use std::path::Path;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};
use rectify_chain::FaultKind;
use rectify_chain::revision::{hash_id, sum_of_ids};
use rectify_chain::source::{At, HEAD, SourceChain};

use super::args::Args;
use super::check::{AtLiteral, Place, faults};
use crate::migration::expand::REGISTERED;

/// The declarations that `versions!` stands for.
pub(super) fn expand(args: &Args, place: &Place, chain: &SourceChain) -> TokenStream {
    let slice = slice_name(args, place);
    let declarations = declarations(args, &slice, chain);
    let checks = checks(&faults(chain));
    let names = module_names(chain);
    let modules = modules(place, chain, &names);
    let registration = register(&slice, chain, &names);
    let stand_ins = stand_ins(chain);
    let head = place.root.join(args.first()).join(HEAD);
    let head = chain.head.as_ref().map(|_| watch(&head));
    quote! { #declarations #head #checks #stand_ins #modules #registration }
}

fn declarations(args: &Args, slice: &Ident, chain: &SourceChain) -> TokenStream {
    let connection = match &args.connection {
        Some(connection) => quote! { #connection },
        None => quote! { ::rectify::AnyConnection },
    };
    let naming = match &args.naming {
        Some(naming) => quote! { #naming },
        None => quote! { ::rectify::NamingConvention::new() },
    };
    let sources = sources(chain);
    let proven_head = proven_head(slice, chain);
    quote! {
        /// The chain of migrations of this crate.
        #[derive(Debug, Clone, Copy)]
        pub struct Chain;

        /// The connection that the migrations of this crate run on.
        pub type Connection = #connection;

        /// Every migration of the chain, in no particular order.
        #[::rectify::__private::linkme::distributed_slice]
        #[linkme(crate = ::rectify::__private::linkme)]
        #[allow(unsafe_code)] // linkme places it in a link section
        static #slice: [&'static [::rectify::__private::Registered<Connection>]];

        impl ::rectify::__private::Chain for Chain {
            type Connection = Connection;

            fn migrations() -> &'static [::rectify::__private::Migration<Connection>] {
                static MIGRATIONS_OF_CHAIN: ::rectify::__private::Unpacked<Connection> =
                    ::rectify::__private::Unpacked::new();
                MIGRATIONS_OF_CHAIN.of(&#slice)
            }

            fn naming() -> ::rectify::NamingConvention {
                NAMING_OF_CHAIN
            }

            fn sources() -> &'static [::rectify::__private::Source] {
                static SOURCES_OF_CHAIN: ::rectify::__private::Sources = ::rectify::__private::Sources::new();
                SOURCES_OF_CHAIN.of(#sources)
            }

            #proven_head
        }

        /// How the chain names constraints and indexes that are given no name: a constant, so that the compiler checks it.
        const NAMING_OF_CHAIN: ::rectify::NamingConvention = #naming;

        impl ::rectify::__private::MigrationSource<::rectify::__private::BackendOf<Connection>> for Chain {
            fn migrations(&self) -> ::rectify::__private::DieselMigrations<Connection> {
                ::rectify::__private::diesel_migrations::<Self>()
            }
        }

        /// What a migration file begins with: `use crate::prelude::*;`.
        pub mod prelude {
            pub use ::rectify::prelude::*;

            /// The handle given to `upgrade` and `downgrade`.
            pub type Op<'a> = ::rectify::Op<'a, super::Connection>;
        }
    }
}

/// linkme tells slices apart by their bare names, and a program may hold the chains of several crates.
fn slice_name(args: &Args, place: &Place) -> Ident {
    let name = format!("MIGRATIONS_OF_{}_{}", place.package, args.first());
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    Ident::new(&name, Span::call_site())
}

/// What `rectify::__private::Sources` takes apart again: the migration files that the macro saw, in load order.
fn sources(chain: &SourceChain) -> String {
    let files = chain.graph.nodes().iter().zip(&chain.owners).map(|(node, (file, _))| {
        let file = &chain.files[*file];
        format!("{}\0{}\0{}\0", node.id, file.checksum, file.name)
    });
    files.collect()
}

/// The head of a chain that has one, for a program that holds all that was verified here.
fn proven_head(slice: &Ident, chain: &SourceChain) -> TokenStream {
    let nodes = chain.graph.nodes();
    let [head] = chain.graph.heads()[..] else { return TokenStream::new() };
    let number = Literal::usize_unsuffixed(nodes.len());
    let sum = Literal::u128_unsuffixed(sum_of_ids(nodes.iter().map(|node| node.id.as_str())));
    quote! {
        fn proven_head() -> ::core::option::Option<&'static str> {
            ::rectify::__private::proven_head(&#slice, #number, #sum, #head)
        }
    }
}

/// The `macro_rules!` that every `#[migration]` calls: an arm per fault, and one that lets everything else through.
fn checks(faults: &[AtLiteral]) -> TokenStream {
    let arms = faults.iter().map(|fault| {
        let AtLiteral { revision, message, .. } = fault;
        let key = Ident::new(fault.key, Span::call_site());
        let literal = fault.literal.as_ref().map(|(nth, value)| {
            let nth = Literal::usize_unsuffixed(*nth);
            quote! { #nth #value }
        });
        let default = if fault.replaces {
            TokenStream::new()
        } else {
            quote! { $($default)* }
        };
        quote! {
            ([#key #revision #literal] [$at:tt] { $($default:tt)* } $($rest:tt)*) => {
                ::rectify::__private::fault! { $at #message }
                #default
                __rectify_check! { $($rest)* }
            };
        }
    });
    let others = if faults.is_empty() {
        quote! {
            ($([$($key:tt)*] [$at:tt] { $($default:tt)* })*) => { $($($default)*)* };
        }
    } else {
        quote! {
            () => {};
            ([$($key:tt)*] [$at:tt] { $($default:tt)* } $($rest:tt)*) => {
                $($default)*
                __rectify_check! { $($rest)* }
            };
        }
    };
    quote! {
        #[allow(unused_macros)]
        macro_rules! __rectify_check { #(#arms)* #others }
    }
}

/// Revisions that are declared here because no file can: the ones that two files claim (neither of them declares it then), and
/// the ones that may stand in a file that could not be read.
fn stand_ins(chain: &SourceChain) -> TokenStream {
    let nodes = chain.graph.nodes();
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    let mut incomplete = false;
    for finding in &chain.findings {
        match finding.at {
            At::Literal { kind: FaultKind::DuplicateRevision, node, .. } => {
                ids.insert(&nodes[node].id);
            }
            At::File | At::Syntax | At::Unclear => incomplete = true,
            _ => {}
        }
    }
    if incomplete {
        let known: BTreeSet<&str> = nodes.iter().map(|node| node.id.as_str()).collect();
        let parents = nodes.iter().flat_map(|node| &node.down_revisions).map(String::as_str);
        ids.extend(parents.filter(|parent| !known.contains(parent)));
    }
    let hashes = ids.into_iter().map(|id| Literal::u128_unsuffixed(hash_id(id)));
    quote! { #(impl ::rectify::__private::HasRevision<#hashes> for Chain {})* }
}

fn module_names(chain: &SourceChain) -> Vec<Ident> {
    let mut used = BTreeSet::new();
    let file_name = |path: &Path| path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    chain.files.iter().map(|file| module_name(&file_name(&file.path), &mut used)).collect()
}

fn modules(place: &Place, chain: &SourceChain, names: &[Ident]) -> TokenStream {
    let modules = chain.files.iter().zip(names).map(|(file, name)| {
        // The name of a file begins with the folder as `versions!` has it.
        let path = place.from_file.join(&file.name);
        let path = path.to_string_lossy();
        quote! {
            #[path = #path]
            #[allow(elided_lifetimes_in_paths, missing_docs, non_snake_case, unreachable_pub)]
            mod #name;
        }
    });
    quote! { #(#modules)* }
}

/// One element of the slice for all files: one for each would make a third of what `cargo check` does of a chain.
///
/// Where something is wrong a file may hold no migration, or two, and the compiler need not say so as well.
fn register(slice: &Ident, chain: &SourceChain, names: &[Ident]) -> TokenStream {
    let names = if chain.findings.is_empty() { names } else { &[] };
    let registered = Ident::new(REGISTERED, Span::call_site());
    quote! {
        #[::rectify::__private::linkme::distributed_slice(#slice)]
        #[linkme(crate = ::rectify::__private::linkme)]
        #[allow(unsafe_code)]
        static MIGRATIONS: &[::rectify::__private::Registered<Connection>] = &[#(#names::#registered),*];
    }
}

/// `2026_02_14_0930-a1b2_add_email.rs` -> `m_2026_02_14_0930_a1b2_add_email`: what panics and backtraces show.
fn module_name(file_name: &str, used: &mut BTreeSet<String>) -> Ident {
    let stem = file_name.strip_suffix(".rs").unwrap_or(file_name);
    let word: String = stem.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let mut name = format!("m_{word}");
    while !used.insert(name.clone()) {
        name.push('_');
    }
    let is_ident = syn::parse_str::<Ident>(&name).is_ok();
    if is_ident { Ident::new(&name, Span::call_site()) } else { format_ident!("m_{}", used.len()) }
}

/// Lets the compiler note that the crate depends on the file.
fn watch(file: &Path) -> TokenStream {
    let file = file.to_string_lossy();
    quote! { const _: &str = ::core::include_str!(#file); }
}
