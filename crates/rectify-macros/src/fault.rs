//! `fault!`: an error at a token that has come through a `macro_rules!`.
//!
//! A `compile_error!` in a `macro_rules!` is shown at the `macro_rules!`. A token that passes through keeps its place, so
//! this puts the error there.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote_spanned;

/// Expands `<token> "message"`.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut tokens = input.into_iter();
    let span = tokens.next().map_or_else(Span::call_site, |token| innermost(&token));
    let message = tokens.next();
    quote_spanned! {span=> ::core::compile_error! { #message } }
}

/// A literal may arrive in invisible brackets.
fn innermost(token: &TokenTree) -> Span {
    match token {
        TokenTree::Group(group) => group.stream().into_iter().next().map_or(group.span(), |inner| innermost(&inner)),
        other => other.span(),
    }
}
