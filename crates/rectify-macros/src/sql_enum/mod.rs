//! `#[derive(SqlEnum)]`: an enum of Rust that is one in the database.

mod args;
mod expand;

use proc_macro2::TokenStream;

/// Expands the derive.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    match args::parse(item) {
        Ok(declared) => expand::expand(&declared),
        Err(errors) => errors.to_compile_error(),
    }
}
