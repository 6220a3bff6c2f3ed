//! The arguments of an attribute: `"text", key = value, list(of, things), flag`, in any order. What they mean is the
//! business of `attributes`.

use proc_macro2::{Span, TokenStream};
use rectify_chain::nearest::nearest;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Error, Expr, ExprCall, ExprLit, Ident, Lit, LitStr, Meta, Result, Token, UnOp, parenthesized, token,
};

use crate::schema::Value;

/// The arguments of one attribute, each taken when it is understood; what is left is a mistake.
pub(super) struct Arguments {
    /// The attribute's name.
    pub(super) name: Ident,
    /// The arguments without a key.
    plain: Vec<Expr>,
    keyed: Vec<Argument>,
}

struct Argument {
    key: Ident,
    value: Given,
}

/// What is given for a key.
enum Given {
    Flag,
    Value(Box<Expr>),
    List(TokenStream),
}

impl Arguments {
    /// Reads `#[name]`, `#[name = value]` and `#[name(…)]`. A key that is not among `keys` is refused with a suggestion.
    pub(super) fn of(attribute: &Attribute, keys: &[&str]) -> Result<Self> {
        let name = name_of(attribute)?;
        let mut arguments = Self { name, plain: Vec::new(), keyed: Vec::new() };
        match &attribute.meta {
            Meta::Path(_) => {}
            Meta::NameValue(pair) => arguments.plain.push(pair.value.clone()),
            Meta::List(list) => {
                let parser = |input: ParseStream<'_>| {
                    while !input.is_empty() {
                        arguments.one(input, keys)?;
                        if !input.is_empty() {
                            input.parse::<Token![,]>()?;
                        }
                    }
                    Ok(())
                };
                parser.parse2(list.tokens.clone())?;
            }
        }
        Ok(arguments)
    }

    fn one(&mut self, input: ParseStream<'_>, keys: &[&str]) -> Result<()> {
        let fork = input.fork();
        let key = fork.call(Ident::parse_any);
        let Ok(key) = key else {
            self.plain.push(input.parse()?);
            return Ok(());
        };
        let known = keys.contains(&key.unraw().to_string().as_str());
        let keyed = (fork.peek(Token![=]) && !fork.peek(Token![==])) || fork.is_empty() || fork.peek(Token![,]);
        let alone = !fork.peek(Token![=])
            && self.plain.is_empty()
            && nearest(&key.to_string(), keys.iter().copied()).is_empty();
        if !known && (!keyed || alone) {
            // `tenants.id`, `sql("…")`.
            self.plain.push(input.parse()?);
            return Ok(());
        }
        let key = input.call(Ident::parse_any)?;
        if !known {
            return Err(unknown_key(&self.name, &key, keys));
        }
        if self.keyed.iter().any(|other| other.key == key) {
            return Err(error(key.span(), &format!("`{key}` is given twice"), "remove one of the two"));
        }
        let value = if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            Given::List(content.parse()?)
        } else if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Given::Value(Box::new(input.parse()?))
        } else {
            Given::Flag
        };
        self.keyed.push(Argument { key, value });
        Ok(())
    }

    fn take(&mut self, key: &str) -> Option<Argument> {
        let place = self.keyed.iter().position(|argument| argument.key.unraw() == key)?;
        Some(self.keyed.remove(place))
    }

    /// Whether the flag `key` is there; `key = false` says that it is not.
    pub(super) fn flag(&mut self, key: &str) -> Result<bool> {
        Ok(self.choice(key)?.unwrap_or(false))
    }

    /// `key`, `key = true` or `key = false`, if it is there.
    pub(super) fn choice(&mut self, key: &str) -> Result<Option<bool>> {
        match self.take(key) {
            None => Ok(None),
            Some(Argument { value: Given::Flag, .. }) => Ok(Some(true)),
            Some(Argument { key: name, value: Given::Value(value) }) => match *value {
                Expr::Lit(ExprLit { lit: Lit::Bool(value), .. }) => Ok(Some(value.value)),
                _ => Err(not_a_flag(&name)),
            },
            Some(argument) => Err(not_a_flag(&argument.key)),
        }
    }

    /// `key = "text"`, if it is there.
    pub(super) fn text(&mut self, key: &str) -> Result<Option<LitStr>> {
        let Some(argument) = self.take(key) else { return Ok(None) };
        match argument.value {
            Given::Value(value) => text(&value).map(Some),
            _ => Err(wants(&argument.key, "= \"…\"")),
        }
    }

    /// `key = 12`, if it is there.
    pub(super) fn number(&mut self, key: &str) -> Result<Option<i64>> {
        let Some(argument) = self.take(key) else { return Ok(None) };
        match argument.value {
            Given::Value(value) => number(&value).map(Some),
            _ => Err(wants(&argument.key, "= a number")),
        }
    }

    /// `key = Word`, if it is there.
    pub(super) fn word(&mut self, key: &str) -> Result<Option<Ident>> {
        let Some(argument) = self.take(key) else { return Ok(None) };
        match argument.value {
            Given::Value(value) => match &*value {
                Expr::Path(path) if path.path.get_ident().is_some() => Ok(path.path.get_ident().cloned()),
                other => Err(Error::new_spanned(other, "expected a word without quotes")),
            },
            _ => Err(wants(&argument.key, "= …")),
        }
    }

    /// `key(a, b)`, if it is there, each parsed as `T`.
    pub(super) fn list<T: Parse>(&mut self, key: &str) -> Result<Option<(Span, Vec<T>)>> {
        let Some(argument) = self.take(key) else { return Ok(None) };
        let Given::List(tokens) = argument.value else { return Err(wants(&argument.key, "(…)")) };
        let parsed = Punctuated::<T, Token![,]>::parse_terminated.parse2(tokens)?;
        Ok(Some((argument.key.span(), parsed.into_iter().collect())))
    }

    /// The next argument without a key.
    pub(super) fn plain(&mut self) -> Option<Expr> {
        (!self.plain.is_empty()).then(|| self.plain.remove(0))
    }

    /// The next argument without a key, a text.
    pub(super) fn plain_text(&mut self) -> Result<Option<LitStr>> {
        self.plain().map(|value| text(&value)).transpose()
    }

    /// Refuses what was not taken.
    pub(super) fn end(self) -> Result<()> {
        match self.plain.first() {
            Some(left) => Err(Error::new_spanned(left, format!("`#[{}]` does not know what this is", self.name))),
            None => Ok(()),
        }
    }
}

/// An error with a hint on a line of its own.
pub(super) fn error(span: Span, message: &str, hint: &str) -> Error {
    Error::new(span, format!("{message}\nhint: {hint}"))
}

fn name_of(attribute: &Attribute) -> Result<Ident> {
    attribute.path().get_ident().cloned().ok_or_else(|| Error::new_spanned(attribute, "expected a name"))
}

fn not_a_flag(key: &Ident) -> Error {
    error(key.span(), &format!("`{key}` is a flag"), &format!("write `{key}`"))
}

fn wants(key: &Ident, what: &str) -> Error {
    error(key.span(), &format!("`{key}` needs a value"), &format!("write `{key} {what}`"))
}

fn unknown_key(attribute: &Ident, key: &Ident, keys: &[&str]) -> Error {
    let message = format!("`#[{attribute}]` has no key `{key}`");
    match nearest(&key.to_string(), keys.iter().copied()).first() {
        Some(near) => error(key.span(), &message, &format!("did you mean `{near}`?")),
        None if keys.is_empty() => error(key.span(), &message, "it has none"),
        None => error(key.span(), &message, &format!("the keys are `{}`", keys.join("`, `"))),
    }
}

/// A text literal.
pub(super) fn text(value: &Expr) -> Result<LitStr> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Ok(text.clone()),
        other => Err(Error::new_spanned(other, "expected a text: `\"…\"`")),
    }
}

/// A whole number, which may be negative.
pub(super) fn number(value: &Expr) -> Result<i64> {
    match literal(value)? {
        Value::Int(number) => Ok(number),
        _ => Err(Error::new_spanned(value, "expected a whole number")),
    }
}

/// `sql("…")`, if it is that.
pub(super) fn sql(value: &Expr) -> Result<Option<LitStr>> {
    let Expr::Call(ExprCall { func, args, .. }) = value else { return Ok(None) };
    match (&**func, args.first(), args.len()) {
        (Expr::Path(path), Some(argument), 1) if path.path.is_ident("sql") => text(argument).map(Some),
        _ => Err(Error::new_spanned(value, "expected a literal or `sql(\"…\")`")),
    }
}

/// A literal value.
pub(super) fn literal(value: &Expr) -> Result<Value> {
    let (negative, inner) = match value {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => (true, &*unary.expr),
        other => (false, other),
    };
    let Expr::Lit(ExprLit { lit, .. }) = inner else {
        return Err(Error::new_spanned(value, "expected a literal or `sql(\"…\")`"));
    };
    match lit {
        Lit::Str(text) if !negative => Ok(Value::Text(text.value())),
        Lit::Bool(value) if !negative => Ok(Value::Bool(value.value)),
        Lit::ByteStr(bytes) if !negative => Ok(Value::Bytes(bytes.value())),
        Lit::Int(digits) => {
            let sign = if negative { "-" } else { "" };
            let number = format!("{sign}{}", digits.base10_digits())
                .parse()
                .map_err(|_| error(digits.span(), "a number of more than 64 bits", "write it as SQL: `sql(\"…\")`"))?;
            Ok(Value::Int(number))
        }
        Lit::Float(digits) => {
            let number: f64 = digits.base10_parse()?;
            Ok(Value::Float(if negative { -number } else { number }))
        }
        _ => Err(Error::new_spanned(value, "expected a text, a number, `true`, `false`, bytes or `sql(\"…\")`")),
    }
}
