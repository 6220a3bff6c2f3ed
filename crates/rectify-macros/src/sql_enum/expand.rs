//! The tokens of an enum: no errors.

use proc_macro2::TokenStream;
use quote::quote;
use rectify_schema::models::EnumDeclaration;

/// A call of the macro in `rectify` that knows for which databases it was built.
pub(super) fn expand(declared: &EnumDeclaration) -> TokenStream {
    let EnumDeclaration { ident, schema, name, frozen, variants } = declared;
    let schema = match schema {
        Some(schema) => quote! { ::core::option::Option::Some(#schema) },
        None => quote! { ::core::option::Option::None },
    };
    let variants = variants.iter().map(|(variant, value)| quote! { #variant #value });
    let frozen = frozen.then(|| quote! { @frozen });
    quote! { ::rectify::__private::sql_enum! { #frozen #ident #schema, #name, #(#variants),* } }
}
