//! Splits SQL text that a database keeps into tokens. Knows quotes, comments and parentheses, and nothing of grammar.

/// What a database's SQL text looks like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Syntax {
    /// `[a]` is a name.
    pub(super) brackets: bool,
    /// A backslash escapes inside a string.
    pub(super) backslashes: bool,
}

pub(crate) const SQLITE: Syntax = Syntax { brackets: true, backslashes: false };
pub(super) const POSTGRES: Syntax = Syntax { brackets: false, backslashes: false };
pub(crate) const MYSQL: Syntax = Syntax { brackets: false, backslashes: true };

/// A piece of SQL text between blanks and comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'t> {
    pub(crate) kind: Kind,
    pub(crate) text: &'t str,
    /// Where it starts in the whole text.
    start: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword or a name without quotes.
    Word,
    /// A name in quotes of any kind.
    Name,
    /// A string in single quotes.
    Text,
    /// A string of bytes, such as `x'00ff'`.
    Bytes,
    Number,
    /// One character of anything else.
    Symbol,
}

impl Token<'_> {
    /// Where it starts in the whole text.
    pub(crate) const fn start(&self) -> usize {
        self.start
    }

    /// Where it ends in the whole text.
    pub(crate) const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this keyword, in any case, and not a name in quotes that looks like it.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == Kind::Symbol && self.text == symbol
    }

    /// The name that it spells. SQLite takes a string for a name as well.
    pub(crate) fn name(&self) -> String {
        match self.kind {
            Kind::Name | Kind::Text => unquote(self.text),
            Kind::Word | Kind::Bytes | Kind::Number | Kind::Symbol => self.text.to_owned(),
        }
    }
}

/// Splits a text; a string or comment without an end reaches to the end of the text.
pub(crate) fn tokens(text: &str, syntax: Syntax) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let rest = &text[start..];
        let len = match blank_len(rest, first) {
            Some(len) => len,
            None => {
                let (kind, len) = token_len(rest, first, syntax);
                tokens.push(Token { kind, text: &rest[..len], start });
                len
            }
        };
        start += len;
    }
    tokens
}

/// The text that `tokens`, a part of those of `text`, came from. A comment becomes a blank, since what follows the part may
/// come to stand on the same line.
pub(super) fn source(text: &str, tokens: &[Token<'_>]) -> String {
    let mut out = String::new();
    let mut end = None;
    for token in tokens {
        let gap = end.map_or("", |end: usize| &text[end..token.start]);
        out.push_str(if gap.trim().is_empty() { gap } else { " " });
        out.push_str(token.text);
        end = Some(token.start + token.text.len());
    }
    out
}

/// How many tokens a group in parentheses has that `tokens` begins with, the parentheses included.
pub(crate) fn group_len(tokens: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        if token.is_symbol("(") {
            depth += 1;
        } else if token.is_symbol(")") {
            depth = depth.checked_sub(1)?;
        }
        if depth == 0 {
            return (at > 0).then_some(at + 1);
        }
    }
    None
}

/// Splits at the commas outside of parentheses.
pub(crate) fn list<'s, 't>(tokens: &'s [Token<'t>]) -> Vec<&'s [Token<'t>]> {
    let mut depth = 0_usize;
    let at_comma = |token: &Token<'_>| {
        if token.is_symbol("(") {
            depth += 1;
        } else if token.is_symbol(")") {
            depth = depth.saturating_sub(1);
        }
        depth == 0 && token.is_symbol(",")
    };
    tokens.split(at_comma).collect()
}

/// An expression without the parentheses around the whole of it.
pub(super) fn without_parentheses(text: &str, syntax: Syntax) -> String {
    let tokens = tokens(text, syntax);
    let mut inner = tokens.as_slice();
    while inner.len() > 2 && group_len(inner) == Some(inner.len()) {
        inner = &inner[1..inner.len() - 1];
    }
    source(text, inner)
}

/// The content of a quoted name or string, with doubled quotes made single.
pub(super) fn unquote(text: &str) -> String {
    let mut chars = text.chars();
    let (Some(open), Some(close)) = (chars.next(), chars.next_back()) else { return text.to_owned() };
    let inner = chars.as_str();
    if open == '[' { inner.to_owned() } else { inner.replace(&format!("{close}{close}"), &close.to_string()) }
}

fn blank_len(rest: &str, first: char) -> Option<usize> {
    if matches!(first, ' ' | '\t'..='\r') {
        Some(1)
    } else if rest.starts_with("--") {
        Some(rest.find('\n').map_or(rest.len(), |at| at + 1))
    } else {
        let comment = rest.strip_prefix("/*")?;
        Some(comment.find("*/").map_or(rest.len(), |at| at + 4))
    }
}

fn token_len(rest: &str, first: char, syntax: Syntax) -> (Kind, usize) {
    match first {
        '\'' => (Kind::Text, quoted_len(rest, first, syntax.backslashes)),
        '"' | '`' => (Kind::Name, quoted_len(rest, first, false)),
        '[' if syntax.brackets => (Kind::Name, rest.find(']').map_or(rest.len(), |at| at + 1)),
        'x' | 'X' if rest[1..].starts_with('\'') => (Kind::Bytes, 1 + quoted_len(&rest[1..], '\'', false)),
        '0'..='9' => (Kind::Number, number_len(rest)),
        '.' if rest[1..].starts_with(|next: char| next.is_ascii_digit()) => (Kind::Number, number_len(rest)),
        c if is_word(c) => (Kind::Word, rest.find(|c| !is_word(c)).unwrap_or(rest.len())),
        c => (Kind::Symbol, c.len_utf8()),
    }
}

/// The length of a quoted token; a doubled quote inside belongs to it.
fn quoted_len(text: &str, quote: char, backslashes: bool) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if (c == '\\' && backslashes) || (c == quote && chars.peek().is_some_and(|(_, next)| *next == quote)) {
            chars.next();
        } else if c == quote {
            return at + 1;
        }
    }
    text.len()
}

fn number_len(text: &str) -> usize {
    let mut before = ' ';
    let hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    for (at, c) in text.char_indices() {
        let sign = matches!(c, '+' | '-') && matches!(before, 'e' | 'E') && !hexadecimal;
        if !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_') || sign) {
            return at;
        }
        before = c;
    }
    text.len()
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$') || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, syntax: Syntax, expected: &[&str]) {
        let found: Vec<_> = tokens(text, syntax).iter().map(|token| token.text).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn quotes_and_comments_hide_what_is_inside() {
        check("a 'it''s, (b' c", SQLITE, &["a", "'it''s, (b'", "c"]);
        check("\"a\"\"(b\" `c``,` [d (e]", SQLITE, &["\"a\"\"(b\"", "`c``,`", "[d (e]"]);
        check("a -- it's\n b /* ( */ c /* no end", SQLITE, &["a", "b", "c"]);
        check("x'00' X'FF' xs '' ''", SQLITE, &["x'00'", "X'FF'", "xs", "''", "''"]);
        check("'a\\'b' c", MYSQL, &["'a\\'b'", "c"]);
        check("'a\\' c", POSTGRES, &["'a\\'", "c"]);
        check("a[1]", POSTGRES, &["a", "[", "1", "]"]);
        check("'no end", SQLITE, &["'no end"]);
    }

    #[test]
    fn numbers_are_one_token() {
        check("1.5e-3-2 .5 0xFe-1 a1", SQLITE, &["1.5e-3", "-", "2", ".5", "0xFe", "-", "1", "a1"]);
        check("größe\u{a0} b\t\u{b}c", SQLITE, &["größe\u{a0}", "b", "c"]);
    }

    #[test]
    fn only_parentheses_around_everything_go() {
        let check = |text, expected| assert_eq!(without_parentheses(text, POSTGRES), expected);
        check("((a > 0))", "a > 0");
        check("((a > 0) AND (b > 0))", "(a > 0) AND (b > 0)");
        check("(a) + (b)", "(a) + (b)");
        check("lower(a)", "lower(a)");
        check("(a = ')')", "a = ')'");
        check("()", "()");
    }

    #[test]
    fn a_comment_in_an_expression_becomes_a_blank() {
        let text = "a > 0 -- more\n  AND b";
        assert_eq!(source(text, &tokens(text, SQLITE)), "a > 0 AND b");
    }

    #[test]
    fn lists_split_at_outer_commas() {
        let text = "a, f(b, c), 'd,e'";
        let tokens = tokens(text, SQLITE);
        let items: Vec<_> = list(&tokens).into_iter().map(|item| source(text, item)).collect();
        assert_eq!(items, ["a", "f(b, c)", "'d,e'"]);
    }
}
