//! `#[derive(SqlEnum)]`: the enum and its attributes, and what is wrong with them.

use std::collections::BTreeMap;

use super::Style;
use super::arguments::error;
use proc_macro2::TokenStream;
use rectify_chain::nearest::nearest;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Error, Fields, Ident, LitStr, Result};

/// An enum of Rust, with the names that the database knows.
#[derive(Debug)]
pub struct EnumDeclaration {
    /// The name in Rust.
    pub ident: Ident,
    /// The schema that its type is in.
    pub schema: Option<String>,
    /// The name of its type.
    pub name: String,
    /// It is none of the application's models: a migration has it as it was.
    pub frozen: bool,
    /// The variants with their values.
    pub variants: Vec<(Ident, String)>,
}

const KEYS: [&str; 4] = ["name", "schema", "rename_all", "frozen"];

/// Reads an enum under `#[derive(SqlEnum)]`.
///
/// # Errors
///
/// Every mistake that it shows, combined, each at its token.
pub fn parse_enum(item: TokenStream) -> Result<EnumDeclaration> {
    check_enum(&syn::parse2(item)?)
}

/// Reads an enum that is parsed.
pub(super) fn check_enum(input: &DeriveInput) -> Result<EnumDeclaration> {
    let Data::Enum(data) = &input.data else {
        return Err(error(input.ident.span(), "`SqlEnum` is for enums", "derive it on an `enum`"));
    };
    if !input.generics.params.is_empty() {
        return Err(error(input.generics.span(), "`SqlEnum` is for enums without parameters", "remove them"));
    }
    let (mut schema, mut name, mut style, mut frozen) = (None, None, Style::Snake, false);
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("sql_enum")) {
        attribute.parse_nested_meta(|meta| {
            let key = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            let value = || meta.value()?.parse::<LitStr>();
            match key.as_str() {
                "name" => name = Some(value()?.value()),
                "schema" => schema = Some(value()?.value()),
                "rename_all" => style = named_style(&value()?)?,
                "frozen" => frozen = true,
                _ => {
                    let message = format!("`#[sql_enum]` has no key `{key}`");
                    let hint = suggestion(&key, KEYS);
                    return Err(error(meta.path.span(), &message, &hint));
                }
            }
            Ok(())
        })?;
    }
    let mut variants = Vec::new();
    let mut errors: Vec<Error> = Vec::new();
    let mut seen: BTreeMap<String, ()> = BTreeMap::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            errors.push(error(
                variant.fields.span(),
                "a value of a database's enum holds nothing",
                "remove the fields",
            ));
        }
        let (value, span) = match sql_name(&variant.attrs)? {
            Some(text) => (text.value(), text.span()),
            None => (style.write(&variant.ident.to_string()), variant.ident.span()),
        };
        if seen.insert(value.clone(), ()).is_some() {
            errors.push(error(span, &format!("two values named `{value}`"), "name one of them: `#[sql_name = \"…\"]`"));
        }
        variants.push((variant.ident.clone(), value));
    }
    if variants.is_empty() {
        errors.push(error(input.ident.span(), "an enum without values", "add a variant"));
    }
    let errors = errors.into_iter().reduce(|mut all, error| {
        all.combine(error);
        all
    });
    let name = name.unwrap_or_else(|| Style::Snake.write(&input.ident.to_string()));
    errors.map_or(Ok(EnumDeclaration { ident: input.ident.clone(), schema, name, frozen, variants }), Err)
}

fn suggestion<const N: usize>(word: &str, known: [&str; N]) -> String {
    match nearest(word, known).first() {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are `{}`", known.join("`, `")),
    }
}

fn named_style(text: &LitStr) -> Result<Style> {
    let names = Style::ALL.map(|(name, _)| name);
    let found = Style::ALL.iter().find(|(name, _)| *name == text.value()).map(|(_, style)| *style);
    let message = || format!("there is no style `{}`", text.value());
    found.ok_or_else(|| error(text.span(), &message(), &suggestion(&text.value(), names)))
}

/// `#[sql_name = "…"]` of a variant.
fn sql_name(attributes: &[Attribute]) -> Result<Option<LitStr>> {
    let mut found = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("sql_name")) {
        found = Some(super::arguments::text(&attribute.meta.require_name_value()?.value)?);
    }
    Ok(found)
}
