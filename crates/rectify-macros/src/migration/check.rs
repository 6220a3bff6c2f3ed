//! Validates the function of a migration. What takes the other files of the chain to see, `versions!` reports.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Error, FnArg, GenericParam, ReturnType, Signature, Type};

use super::args::{Function, error};

const WANTED: &str = "write `pub fn upgrade(op: &mut Op) -> Result<()>`";

/// What is wrong with the function.
pub(super) fn check(function: &Function) -> Vec<Error> {
    let Some(signature) = &function.signature else {
        let message = "`#[migration]` stands on the function `upgrade`";
        return vec![error(proc_macro2::Span::call_site(), message, WANTED)];
    };
    what_differs(signature).map(|what| at_signature(signature, what)).into_iter().collect()
}

/// Changes of the schema in a migration that `up --fresh` may pass over: the next migration would miss them.
///
/// It sees what is called on `op` itself; what a function of the author's own does, `test_suite!` finds.
pub(super) fn schema_changes(item: TokenStream) -> Vec<Error> {
    let tokens: Vec<TokenTree> = item.into_iter().collect();
    let mut errors = Vec::new();
    for (nth, token) in tokens.iter().enumerate() {
        match (token, tokens.get(nth + 1), tokens.get(nth + 2)) {
            (TokenTree::Group(group), ..) => errors.extend(schema_changes(group.stream())),
            (TokenTree::Ident(op), Some(TokenTree::Punct(dot)), Some(TokenTree::Ident(method)))
                if op == "op" && dot.as_char() == '.' && changes_schema(&method.to_string()) =>
            {
                let message =
                    format!("`{method}` in a migration that is `elidable`, which changes rows and nothing else");
                errors.push(error(method.span(), &message, "give the change of the schema a migration of its own"));
            }
            _ => {}
        }
    }
    errors
}

fn changes_schema(method: &str) -> bool {
    let verbs = ["add_", "alter_", "create_", "drop_", "rename_", "replace_", "set_"];
    method == "batch_alter_table" || verbs.iter().any(|verb| method.starts_with(verb))
}

/// The first thing that keeps a signature from being `fn upgrade(op: &mut Op) -> Result<()>`.
fn what_differs(signature: &Signature) -> Option<&'static str> {
    if signature.ident != "upgrade" {
        return Some("the function under `#[migration]` is named `upgrade`");
    }
    if signature.asyncness.is_some() {
        return Some("`upgrade` cannot be `async`");
    }
    if signature.unsafety.is_some() || signature.abi.is_some() || signature.constness.is_some() {
        return Some("`upgrade` is a plain function");
    }
    let is_lifetime = |param: &GenericParam| matches!(param, GenericParam::Lifetime(_));
    if !signature.generics.params.iter().all(is_lifetime) || signature.variadic.is_some() {
        return Some("`upgrade` cannot be generic");
    }
    let mut inputs = signature.inputs.iter();
    match (inputs.next(), inputs.next()) {
        (Some(FnArg::Typed(op)), None) if is_mut_op(&op.ty) => {}
        _ => return Some("`upgrade` takes one argument, `op: &mut Op`"),
    }
    match &signature.output {
        ReturnType::Type(_, result) if last_word(result).is_some_and(|word| word == "Result") => None,
        _ => Some("`upgrade` gives back `Result<()>`"),
    }
}

fn is_mut_op(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => {
            reference.mutability.is_some() && last_word(&reference.elem).is_some_and(|word| word == "Op")
        }
        _ => false,
    }
}

fn last_word(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

fn at_signature(signature: &Signature, what: &str) -> Error {
    Error::new_spanned(signature.to_token_stream(), format!("{what}\nhint: {WANTED}"))
}
