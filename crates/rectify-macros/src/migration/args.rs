//! Parses the arguments of `#[migration(…)]` and the function under it. What the values mean is checked elsewhere.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use rectify_chain::nearest::nearest;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Error, Ident, LitBool, LitStr, Result, Signature, Token, Visibility, bracketed, parenthesized, token,
};

/// The keys, in the order in which they are usually written.
pub(crate) const KEYS: [&str; 10] = [
    "revision",
    "down_revision",
    "depends_on",
    "branch_labels",
    "transaction",
    "irreversible",
    "offline",
    "offline_downgrade",
    "elidable",
    "created",
];

/// The arguments.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) revision: Option<LitStr>,
    pub(crate) down_revisions: Vec<LitStr>,
    pub(crate) depends_on: Vec<LitStr>,
    pub(crate) branch_labels: Vec<LitStr>,
    pub(crate) created: Option<LitStr>,
    pub(crate) transaction: Option<bool>,
    pub(crate) irreversible: bool,
    pub(crate) offline: Option<InScript>,
    pub(crate) offline_downgrade: Option<InScript>,
    pub(crate) elidable: Vec<Table>,
    seen: Vec<Ident>,
}

/// What a script has in the place of a function.
pub(crate) enum InScript {
    Text(LitStr),
    Skipped,
}

/// A table by its name, perhaps with its schema.
#[derive(PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) schema: Option<String>,
    pub(crate) name: String,
}

/// The function, as far as it matters here.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) signature: Option<Signature>,
}

/// Parses the arguments, and goes on after a mistake so that all of them are reported.
pub(crate) fn parse(tokens: TokenStream) -> (Args, Vec<Error>) {
    let (mut args, mut errors) = (Args::default(), Vec::new());
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            if let Err(error) = args.key(input) {
                errors.push(error);
                skip_to_comma(input);
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(tokens) {
        errors.push(error);
    }
    if args.revision.is_none() && !args.seen.iter().any(|key| key == "revision") && errors.is_empty() {
        errors.push(error(Span::call_site(), "a migration needs an id", "write `revision = \"…\"`"));
    }
    (args, errors)
}

/// Parses what stands before the body of a function; the body itself is for the compiler.
pub(crate) fn parse_function(tokens: TokenStream) -> Function {
    let parser = |input: ParseStream<'_>| {
        let attrs = input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let signature = input.parse::<Signature>().ok();
        input.parse::<TokenStream>()?;
        Ok(Function { attrs, signature })
    };
    // Without the body, which would be most of the work.
    let is_body = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let head: TokenStream = tokens.into_iter().take_while(|token| !is_body(token)).collect();
    parser.parse2(head).unwrap_or_else(|_| Function { attrs: Vec::new(), signature: None })
}

/// An error with a hint on a line of its own.
pub(crate) fn error(span: Span, message: &str, hint: &str) -> Error {
    Error::new(span, format!("{message}\nhint: {hint}"))
}

impl Args {
    fn key(&mut self, input: ParseStream<'_>) -> Result<()> {
        let key = input.call(Ident::parse_any)?;
        let name = key.to_string();
        if self.seen.contains(&key) {
            return Err(error(key.span(), &format!("the key `{name}` is given twice"), "remove one of the two"));
        }
        match name.as_str() {
            "revision" => self.revision = Some(value(input)?),
            "down_revision" => self.down_revisions = values(input)?,
            "depends_on" => self.depends_on = values(input)?,
            "branch_labels" => self.branch_labels = values(input)?,
            "created" => self.created = Some(value(input)?),
            "transaction" => {
                input.parse::<Token![=]>()?;
                self.transaction = Some(input.parse::<LitBool>()?.value);
            }
            "irreversible" if input.peek(Token![=]) => {
                input.parse::<Token![=]>()?;
                self.irreversible = input.parse::<LitBool>()?.value;
            }
            "irreversible" => self.irreversible = true,
            "offline" => self.offline = Some(in_script(input)?),
            "offline_downgrade" => self.offline_downgrade = Some(in_script(input)?),
            "elidable" => self.elidable = tables(&key, input)?,
            _ => return Err(unknown_key(&key)),
        }
        self.seen.push(key);
        Ok(())
    }
}

/// A text, or several in brackets.
struct Texts(Vec<LitStr>);

impl Parse for Texts {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if !input.peek(token::Bracket) {
            return Ok(Self(vec![input.parse()?]));
        }
        let content;
        bracketed!(content in input);
        Ok(Self(Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?.into_iter().collect()))
    }
}

fn value(input: ParseStream<'_>) -> Result<LitStr> {
    input.parse::<Token![=]>()?;
    input.parse()
}

fn values(input: ParseStream<'_>) -> Result<Vec<LitStr>> {
    input.parse::<Token![=]>()?;
    Ok(input.parse::<Texts>()?.0)
}

fn in_script(input: ParseStream<'_>) -> Result<InScript> {
    input.parse::<Token![=]>()?;
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        if text.value().trim().is_empty() {
            return Err(error(text.span(), "the SQL is empty", "write `skip` to leave the migration out of a script"));
        }
        return Ok(InScript::Text(text));
    }
    let refused = |span| error(span, "this is neither SQL nor `skip`", "write `\"SQL TEXT\"`, or `skip`");
    match input.parse::<TokenTree>()? {
        TokenTree::Ident(word) if word == "skip" => Ok(InScript::Skipped),
        other => Err(refused(other.span())),
    }
}

const ELIDABLE: &str = "name all the tables that `upgrade` touches: `elidable(users, app.documents)`";

/// The tables in the parentheses behind `elidable`.
fn tables(key: &Ident, input: ParseStream<'_>) -> Result<Vec<Table>> {
    if !input.peek(token::Paren) {
        let at = if input.is_empty() || input.peek(Token![,]) { key.span() } else { input.span() };
        return Err(error(at, "`elidable` is followed by the names of tables in parentheses", ELIDABLE));
    }
    let content;
    let parentheses = parenthesized!(content in input);
    let tables = table_list(&content);
    // What is left behind a mistake would be one more.
    content.parse::<TokenStream>()?;
    let tables = tables?;
    if tables.is_empty() {
        return Err(error(parentheses.span.join(), "`elidable` names no table", ELIDABLE));
    }
    Ok(tables)
}

fn table_list(input: ParseStream<'_>) -> Result<Vec<Table>> {
    let mut tables = Vec::new();
    while !input.is_empty() {
        let at = input.span();
        let first = table_word(input)?;
        let table = match input.parse::<Option<Token![.]>>()? {
            Some(_) => Table { schema: Some(first), name: table_word(input)? },
            None => Table { schema: None, name: first },
        };
        if tables.contains(&table) {
            return Err(error(at, "this table is named twice", "remove one of the two"));
        }
        tables.push(table);
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(tables)
}

/// A name as it is, or in quotes where it is no word of Rust.
fn table_word(input: ParseStream<'_>) -> Result<String> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        let name = text.value();
        return if name.is_empty() { Err(error(text.span(), "the name is empty", ELIDABLE)) } else { Ok(name) };
    }
    let at = input.span();
    input
        .call(Ident::parse_any)
        .map(|name| name.unraw().to_string())
        .map_err(|_| error(at, "this names no table", ELIDABLE))
}

fn unknown_key(key: &Ident) -> Error {
    let message = format!("`#[migration]` has no key `{key}`");
    // Words of other tools, which no edit distance finds.
    let near = match key.to_string().as_str() {
        "down_revisions" | "parent" | "parents" | "revises" | "after" => Some("down_revision"),
        "id" | "rev" => Some("revision"),
        "branch_label" | "label" | "labels" => Some("branch_labels"),
        "depends" | "dependencies" | "requires" => Some("depends_on"),
        "elide" | "skippable" | "optional" => Some("elidable"),
        name => nearest(name, KEYS).first().copied(),
    };
    match near {
        Some(near) => error(key.span(), &message, &format!("did you mean `{near}`?")),
        None => error(key.span(), &message, &format!("the keys are `{}`", KEYS.join("`, `"))),
    }
}

fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        // Every token but a comma is a token tree, so this cannot fail.
        if input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}
