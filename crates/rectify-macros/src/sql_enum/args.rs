//! Parses the enum and its attributes, and validates them.

use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use rectify_chain::nearest::nearest;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Error, Fields, Ident, LitStr, Result};

/// The enum, with the names that the database knows.
pub(super) struct Declared {
    pub(super) ident: Ident,
    pub(super) schema: Option<String>,
    pub(super) name: String,
    pub(super) variants: Vec<(Ident, String)>,
}

/// How variants are named where they do not say.
#[derive(Clone, Copy)]
enum Style {
    Snake,
    ScreamingSnake,
    Kebab,
    Lower,
    Upper,
    Camel,
    Pascal,
}

const STYLES: [(&str, Style); 7] = [
    ("snake_case", Style::Snake),
    ("SCREAMING_SNAKE_CASE", Style::ScreamingSnake),
    ("kebab-case", Style::Kebab),
    ("lowercase", Style::Lower),
    ("UPPERCASE", Style::Upper),
    ("camelCase", Style::Camel),
    ("PascalCase", Style::Pascal),
];

const KEYS: [&str; 3] = ["name", "schema", "rename_all"];

pub(super) fn parse(item: TokenStream) -> Result<Declared> {
    let input: DeriveInput = syn::parse2(item)?;
    let Data::Enum(data) = &input.data else {
        return Err(error(input.ident.span(), "`SqlEnum` is for enums", "derive it on an `enum`"));
    };
    if !input.generics.params.is_empty() {
        return Err(error(input.generics.span(), "`SqlEnum` is for enums without parameters", "remove them"));
    }
    let (mut schema, mut name, mut style) = (None, None, Style::Snake);
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("sql_enum")) {
        attribute.parse_nested_meta(|meta| {
            let key = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            let value = || meta.value()?.parse::<LitStr>();
            match key.as_str() {
                "name" => name = Some(value()?.value()),
                "schema" => schema = Some(value()?.value()),
                "rename_all" => style = named_style(&value()?)?,
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
            None => (styled(&variant.ident.to_string(), style), variant.ident.span()),
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
    let name = name.unwrap_or_else(|| styled(&input.ident.to_string(), Style::Snake));
    errors.map_or(Ok(Declared { ident: input.ident, schema, name, variants }), Err)
}

fn error(span: Span, message: &str, hint: &str) -> Error {
    Error::new(span, format!("{message}\nhint: {hint}"))
}

fn suggestion<const N: usize>(word: &str, known: [&str; N]) -> String {
    match nearest(word, known).first() {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are `{}`", known.join("`, `")),
    }
}

fn named_style(text: &LitStr) -> Result<Style> {
    let names = STYLES.map(|(name, _)| name);
    let found = STYLES.iter().find(|(name, _)| *name == text.value()).map(|(_, style)| *style);
    let message = || format!("there is no style `{}`", text.value());
    found.ok_or_else(|| error(text.span(), &message(), &suggestion(&text.value(), names)))
}

/// `#[sql_name = "…"]` of a variant.
fn sql_name(attributes: &[Attribute]) -> Result<Option<LitStr>> {
    let mut found = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("sql_name")) {
        found = Some(syn::parse2(attribute.meta.require_name_value()?.value.clone().into_token_stream())?);
    }
    Ok(found)
}

/// The name of a variant in a style.
fn styled(name: &str, style: Style) -> String {
    let name = name.strip_prefix("r#").unwrap_or(name);
    let words = words(name);
    let capital = |word: &String| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    match style {
        Style::Snake => words.join("_"),
        Style::ScreamingSnake => words.join("_").to_uppercase(),
        Style::Kebab => words.join("-"),
        Style::Lower => words.concat(),
        Style::Upper => words.concat().to_uppercase(),
        Style::Camel => {
            let (first, rest) =
                words.split_first().map_or((String::new(), &[][..]), |(first, rest)| (first.clone(), rest));
            first + &rest.iter().map(capital).collect::<String>()
        }
        Style::Pascal => name.to_owned(),
    }
}

/// `InReview` is `in`, `review`; `HTTPError` is `http`, `error`.
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = vec![String::new()];
    for (place, c) in chars.iter().enumerate() {
        let after_small = place > 0 && !chars[place - 1].is_uppercase();
        let before_small = chars.get(place + 1).is_some_and(|next| next.is_lowercase());
        let starts = c.is_uppercase() && place > 0 && (after_small || before_small);
        if *c == '_' || starts {
            words.push(String::new());
        }
        if *c != '_' {
            words.last_mut().expect("there is always one").extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_styled() {
        let all: Vec<String> = STYLES.iter().map(|(_, style)| styled("InReview", *style)).collect();
        assert_eq!(all, ["in_review", "IN_REVIEW", "in-review", "inreview", "INREVIEW", "inReview", "InReview"]);
        assert_eq!(styled("HTTPError2", Style::Snake), "http_error2");
        assert_eq!(styled("A", Style::Snake), "a");
    }
}
