//! Parses the arguments of `versions!`.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{Error, Ident, LitStr, Result, Token, Type};

/// The arguments.
pub(crate) struct Args {
    pub(crate) folder: LitStr,
    pub(crate) connection: Option<Type>,
}

/// Parses `"folder"` or `"folder", connection = Type`.
pub(crate) fn parse(input: TokenStream) -> Result<Args> {
    let parser = |input: ParseStream<'_>| {
        let folder = input.parse::<LitStr>()?;
        let mut connection = None;
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let key = input.parse::<Ident>()?;
            if key != "connection" || connection.is_some() {
                let message =
                    format!("`versions!` has no key `{key}`\nhint: write `connection = diesel::PgConnection`");
                return Err(Error::new(key.span(), message));
            }
            input.parse::<Token![=]>()?;
            connection = Some(input.parse::<Type>()?);
        }
        Ok(Args { folder, connection })
    };
    parser.parse2(input)
}
