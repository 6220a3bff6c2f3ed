//! `versions!("…")`.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use rectify_chain::source::{self, Folder};
use syn::LitStr;

pub(crate) mod args;
pub(crate) mod check;
mod expand;

/// The chain of the crate that is being compiled.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let args = match args::parse(input) {
        Ok(args) => args,
        Err(error) => return error.into_compile_error(),
    };
    let place = check::Place::of_this_crate();
    let folder = |folder: &LitStr| Folder { path: place.root.join(folder.value()), shown_as: folder.value() };
    let folders: Vec<Folder> = args.folders.iter().map(folder).collect();
    let chain = match source::read(&folders, args.recursive) {
        Ok(chain) => chain,
        Err(error) => return check::unreadable(&args, &place, &error).into_compile_error(),
    };
    expand_chain(&args, &place, &chain)
}

/// The declarations of a chain that has been read, and the errors that stand at `versions!` itself.
pub(crate) fn expand_chain(args: &args::Args, place: &check::Place, chain: &source::SourceChain) -> TokenStream {
    let errors = check::check(args, place, chain).into_iter().map(|error| error.into_compile_error());
    let declarations = expand::expand(args, place, chain);
    quote! { #(#errors)* #declarations }
}

/// The whole of `versions!(…)`, for errors that no literal of a migration can carry.
fn here() -> Span {
    Span::call_site()
}
