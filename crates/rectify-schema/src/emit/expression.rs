//! The Rust expressions that a migration consists of.

use super::literal;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    /// A string literal on one line, which may be as long as it likes.
    Text(String),
    /// A raw string literal, which may go over several lines.
    Raw(String),
    /// A number, a name or the like.
    Atom {
        text: String,
        /// Without a path or a call in it.
        is_simple: bool,
    },
    /// `callee(arguments)`.
    Call { callee: String, arguments: Vec<Expr> },
    /// `[items]`.
    Array(Vec<Expr>),
    /// `(items)`.
    Tuple(Vec<Expr>),
    /// `root.name(arguments).name(arguments)`.
    Chain { root: Box<Expr>, links: Vec<Link> },
    /// `|parameter| { body }`.
    Closure(Closure),
}

/// One call of a chain.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Link {
    pub(super) name: String,
    pub(super) arguments: Vec<Expr>,
    pub(super) question_mark: bool,
}

/// A closure with a block for its body.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Closure {
    pub(super) parameter: &'static str,
    pub(super) body: Vec<Statement>,
}

/// A statement, with the comments above it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Statement {
    pub(super) comments: Vec<String>,
    pub(super) expr: Option<Expr>,
    /// The value of a block, which ends it.
    pub(super) tail: Option<String>,
}

impl Expr {
    pub(super) fn call(callee: &str, arguments: impl IntoIterator<Item = Self>) -> Self {
        Self::Call { callee: callee.to_owned(), arguments: arguments.into_iter().collect() }
    }

    /// A name or a number.
    pub(super) fn atom(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::Atom { is_simple: !text.starts_with(|c: char| c.is_alphabetic()) || !text.contains("::"), text }
    }

    /// A text, written as reads best.
    pub(super) fn text(text: &str) -> Self {
        literal::text(text)
    }

    pub(super) fn texts<'a>(texts: impl IntoIterator<Item = &'a String>) -> Self {
        Self::Array(texts.into_iter().map(|text| Self::text(text)).collect())
    }

    /// Calls a method on it.
    pub(super) fn method(self, name: &str, arguments: impl IntoIterator<Item = Self>) -> Self {
        let link = Link { name: name.to_owned(), arguments: arguments.into_iter().collect(), question_mark: false };
        match self {
            Self::Chain { root, mut links } => {
                links.push(link);
                Self::Chain { root, links }
            }
            root => Self::Chain { root: Box::new(root), links: vec![link] },
        }
    }

    /// The same where `condition` holds.
    pub(super) fn method_if(self, condition: bool, name: &str) -> Self {
        if condition { self.method(name, []) } else { self }
    }

    /// The same with an argument, where there is one.
    pub(super) fn method_with(self, name: &str, argument: Option<Self>) -> Self {
        match argument {
            Some(argument) => self.method(name, [argument]),
            None => self,
        }
    }

    /// Hands an error on: `?`.
    pub(super) fn question_mark(mut self) -> Self {
        if let Self::Chain { links, .. } = &mut self
            && let Some(last) = links.last_mut()
        {
            last.question_mark = true;
        }
        self
    }

    /// The whole on one line, whatever its length.
    pub(super) fn on_one_line(&self) -> String {
        let all = |items: &[Self]| items.iter().map(Self::on_one_line).collect::<Vec<_>>().join(", ");
        match self {
            Self::Text(text) | Self::Raw(text) | Self::Atom { text, .. } => text.clone(),
            Self::Call { callee, arguments } => format!("{callee}({})", all(arguments)),
            Self::Array(items) => format!("[{}]", all(items)),
            Self::Tuple(items) => format!("({})", all(items)),
            Self::Chain { root, links } => links.iter().fold(root.on_one_line(), |out, link| {
                format!("{out}.{}({}){}", link.name, all(&link.arguments), if link.question_mark { "?" } else { "" })
            }),
            Self::Closure(closure) => {
                let body = closure.body.iter().map(|statement| match &statement.expr {
                    Some(expr) => format!(" {};", expr.on_one_line()),
                    None => format!(" {}", statement.tail.as_deref().unwrap_or_default()),
                });
                format!("|{}| {{{} }}", closure.parameter, body.collect::<String>())
            }
        }
    }

    /// Whether it may begin on the line of the bracket before it, as the last of so many items.
    pub(super) fn can_overflow(&self, items: usize) -> bool {
        match self {
            Self::Closure(_) => true,
            Self::Array(_) | Self::Call { .. } | Self::Chain { .. } | Self::Tuple(_) => items == 1,
            Self::Text(_) | Self::Raw(_) | Self::Atom { .. } => false,
        }
    }

    /// Whether it is a literal or a plain name.
    pub(super) fn is_simple(&self) -> bool {
        match self {
            Self::Text(_) | Self::Raw(_) => true,
            Self::Atom { is_simple, .. } => *is_simple,
            _ => false,
        }
    }
}

impl Statement {
    pub(super) fn new(expr: Expr) -> Self {
        Self { expr: Some(expr), ..Self::default() }
    }

    /// Puts comments above the statements of the closure that it hands over, if it does.
    pub(super) fn comment_changes(&mut self, comments: impl Fn(usize) -> Vec<String>) {
        let Some(Expr::Chain { links, .. }) = &mut self.expr else { return };
        for argument in links.iter_mut().flat_map(|link| &mut link.arguments) {
            if let Expr::Closure(closure) = argument {
                for (nth, statement) in closure.body.iter_mut().enumerate() {
                    statement.comments = comments(nth);
                }
            }
        }
    }

    /// The value of a block.
    pub(super) fn tail(text: &str) -> Self {
        Self { tail: Some(text.to_owned()), ..Self::default() }
    }
}
