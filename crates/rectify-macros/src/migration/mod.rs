//! `#[migration(…)]`.

use proc_macro2::TokenStream;
use quote::quote;

mod args;
mod check;
pub(crate) mod expand;

/// The function as it was, and beside it the registration and the proofs; or errors.
///
/// With errors the revision is still declared where it can be: its children are not at fault. A function with another
/// signature is left out, so that the compiler does not complain about the same lines in other words.
pub(crate) fn expand(args: TokenStream, item: TokenStream) -> TokenStream {
    let (args, mut errors) = args::parse(args);
    let function = args::parse_function(item.clone());
    if !args.elidable.is_empty() {
        errors.extend(check::schema_changes(item.clone()));
    }
    let misfits = check::check(&function);
    let item = if misfits.is_empty() { item } else { TokenStream::new() };
    errors.extend(misfits);
    match errors.into_iter().reduce(|mut all, error| {
        all.combine(error);
        all
    }) {
        None => {
            let tokens = expand::expand(&args, &function);
            quote! { #item #tokens }
        }
        Some(errors) => {
            let declared = args.revision.as_ref().map(expand::declare);
            let stand_in = expand::stand_in();
            let errors = errors.into_compile_error();
            quote! { #item #declared #stand_in #errors }
        }
    }
}
