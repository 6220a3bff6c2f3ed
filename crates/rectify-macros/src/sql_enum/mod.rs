//! `#[derive(SqlEnum)]`: an enum of Rust that is one in the database. Parsing and checking are in `rectify_schema::models`, as
//! for tables.

mod expand;

use proc_macro2::TokenStream;

/// Expands the derive.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    match rectify_schema::models::parse_enum(item) {
        Ok(declared) => expand::expand(&declared),
        Err(errors) => errors.to_compile_error(),
    }
}
