//! `table!` and `tables!`. Parsing and checking are in `rectify_schema::models`, for a file of models is read with the same code.

mod expand;

use proc_macro2::TokenStream;
use rectify_schema::models;

/// Expands one table, whose joins are the user's own business.
pub(crate) fn expand_one(input: TokenStream) -> TokenStream {
    match models::parse(input) {
        Ok(tables) if tables.len() > 1 => {
            let message = "`table!` holds one table\nhint: write `tables!` around several";
            syn::Error::new(tables[1].name.span(), message).to_compile_error()
        }
        Ok(tables) => expand::expand(&tables, false),
        Err(errors) => errors.to_compile_error(),
    }
}

/// Expands several tables, with the joins that follow from their foreign keys.
pub(crate) fn expand_group(input: TokenStream) -> TokenStream {
    match models::parse(input) {
        Ok(tables) => expand::expand(&tables, true),
        Err(errors) => errors.to_compile_error(),
    }
}
