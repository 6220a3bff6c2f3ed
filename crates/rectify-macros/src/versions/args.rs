//! Parses the arguments of `versions!`.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Error, Expr, Ident, LitBool, LitStr, Result, Token, Type};

/// The arguments.
pub(crate) struct Args {
    /// The folders, one at least; `HEAD` stands in the first.
    pub(crate) folders: Vec<LitStr>,
    /// Whether the folders below them count.
    pub(crate) recursive: bool,
    pub(crate) connection: Option<Type>,
    /// How unnamed constraints and indexes are named.
    pub(crate) naming: Option<Expr>,
}

impl Args {
    /// The first folder, which gives the chain its name.
    pub(crate) fn first(&self) -> String {
        self.folders[0].value()
    }
}

/// Parses `"folder", "another folder", recursive, connection = Type, naming = value`; all but the first may be left out.
pub(crate) fn parse(input: TokenStream) -> Result<Args> {
    let parser = |input: ParseStream<'_>| {
        let mut args =
            Args { folders: vec![input.parse::<LitStr>()?], recursive: false, connection: None, naming: None };
        let mut seen: Vec<Ident> = Vec::new();
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            if input.peek(LitStr) && seen.is_empty() {
                args.folders.push(input.parse()?);
                continue;
            }
            let key = input.parse::<Ident>()?;
            if seen.contains(&key) {
                let message = format!("the key `{key}` is given twice\nhint: remove one of the two");
                return Err(Error::new(key.span(), message));
            }
            match key.to_string().as_str() {
                "recursive" => args.recursive = value::<LitBool>(input)?.is_none_or(|value| value.value),
                "connection" => {
                    input.parse::<Token![=]>()?;
                    args.connection = Some(input.parse()?);
                }
                "naming" => {
                    input.parse::<Token![=]>()?;
                    args.naming = Some(input.parse()?);
                }
                _ => {
                    let hint = "folders come first, then `recursive`, `connection = diesel::PgConnection` and `naming = NAMING`";
                    return Err(Error::new(key.span(), format!("`versions!` has no key `{key}`\nhint: {hint}")));
                }
            }
            seen.push(key);
        }
        Ok(args)
    };
    parser.parse2(input)
}

/// `= value`, where there is one.
fn value<T: Parse>(input: ParseStream<'_>) -> Result<Option<T>> {
    if !input.peek(Token![=]) {
        return Ok(None);
    }
    input.parse::<Token![=]>()?;
    input.parse().map(Some)
}
