//! One migration file: its attributes, its doc comment, its checksum.
//!
//! The file is only cut into tokens, not parsed: that is all that is needed, and `versions!` does it for every file of the
//! chain at every build.

use std::fmt;
use std::path::PathBuf;

use proc_macro2::{Delimiter, Group, LineColumn, Literal, Span, TokenStream, TokenTree};

/// A migration file, as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// How messages name it: `versions/x.rs`.
    pub name: String,
    /// What stands in it under `#[migration(…)]`.
    pub migrations: Vec<SourceMigration>,
    /// Whether there is a function `downgrade`.
    pub has_downgrade: bool,
    /// Where its first item begins.
    pub first_item: Place,
    /// 32 hex digits that change when a token of the file changes: not with comments, doc comments or formatting.
    pub checksum: String,
    /// Why it could not be cut into tokens.
    pub error: Option<(Place, String)>,
}

/// A `#[migration(…)]` and the doc comment beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceMigration {
    /// Where the attribute begins.
    pub attribute: Place,
    /// `revision`.
    pub revision: Option<Text>,
    /// `down_revision`, none for a base.
    pub down_revisions: Vec<Text>,
    /// `depends_on`.
    pub depends_on: Vec<Text>,
    /// `branch_labels`.
    pub branch_labels: Vec<Text>,
    /// `created`.
    pub created: Option<Text>,
    /// `irreversible`.
    pub irreversible: bool,
    /// `transaction`, which is on where nothing is said.
    pub transaction: bool,
    /// The tables of `elidable`, as `users` or `app.users`.
    pub elidable: Vec<String>,
    /// The first line of the doc comment.
    pub message: String,
    /// The rest of it.
    pub description: String,
    /// Whether a key is unknown or repeated, or a value is no text: then what is read may not be what is meant.
    pub unclear: bool,
}

/// The value of a text literal, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// The value.
    pub value: String,
    /// Where the literal begins.
    pub place: Place,
}

/// A place in a file, counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

impl Default for Place {
    fn default() -> Self {
        Self { line: 1, column: 1 }
    }
}

impl From<LineColumn> for Place {
    fn from(at: LineColumn) -> Self {
        Self { line: at.line, column: at.column + 1 }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Reads the text of a migration file.
pub fn parse_file(path: PathBuf, name: String, text: &str) -> SourceFile {
    // Inside a compiler, tokens would be the compiler's own: slower, without lines, and different between versions.
    let _own = OwnTokens::begin();
    let mut file = SourceFile {
        path,
        name,
        migrations: Vec::new(),
        has_downgrade: false,
        first_item: Place::default(),
        checksum: String::new(),
        error: None,
    };
    match text.parse::<TokenStream>() {
        Ok(tokens) => {
            let tokens: Vec<TokenTree> = tokens.into_iter().collect();
            file.checksum = format!("{:032x}", Checksum::of(&tokens));
            file.items(&tokens);
        }
        Err(error) => file.error = Some((error.span().start().into(), error.to_string())),
    }
    file
}

/// Splits a doc comment into its first line and the rest.
pub fn split_doc<'a>(lines: impl IntoIterator<Item = &'a str>) -> (String, String) {
    let text = lines.into_iter().flat_map(str::lines).map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end());
    let text = text.collect::<Vec<_>>().join("\n");
    let (message, description) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
    (message.trim().to_owned(), description.trim().to_owned())
}

impl SourceFile {
    /// Looks for `#[migration(…)]` and for functions among the items of the file, not inside of them.
    fn items(&mut self, tokens: &[TokenTree]) {
        let mut first = None;
        let (mut docs, mut found) = (Vec::new(), None);
        let mut i = 0;
        while let Some(token) = tokens.get(i) {
            if let Some((group, inner, length)) = attribute(&tokens[i..]) {
                if !inner {
                    docs.extend(doc_line(&group));
                    if is_migration(&group) {
                        found.get_or_insert_with(Vec::new).push((token.span(), group));
                    }
                }
                i += length;
                continue;
            }
            first.get_or_insert(token.span());
            match token {
                TokenTree::Ident(word) if word == "fn" => {
                    self.has_downgrade |=
                        matches!(tokens.get(i + 1), Some(TokenTree::Ident(name)) if name == "downgrade");
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    self.end_item(&mut docs, &mut found);
                }
                TokenTree::Punct(punct) if punct.as_char() == ';' => self.end_item(&mut docs, &mut found),
                _ => {}
            }
            i += 1;
        }
        self.end_item(&mut docs, &mut found);
        self.first_item = first.map(|span: Span| span.start().into()).unwrap_or_default();
    }

    fn end_item(&mut self, docs: &mut Vec<String>, found: &mut Option<Vec<(Span, Group)>>) {
        for (span, group) in found.take().into_iter().flatten() {
            let (message, description) = split_doc(docs.iter().map(String::as_str));
            let attribute = span.start().into();
            let mut migration =
                SourceMigration { attribute, message, description, transaction: true, ..SourceMigration::default() };
            migration.keys(&group);
            self.migrations.push(migration);
        }
        docs.clear();
    }
}

impl SourceMigration {
    /// Takes what it can from `migration(key = value, …)`; what is wrong with it is for the macro to report.
    fn keys(&mut self, attribute: &Group) {
        let arguments = attribute.stream().into_iter().find_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some(group),
            _ => None,
        });
        let tokens: Vec<TokenTree> = arguments.map(|group| group.stream().into_iter().collect()).unwrap_or_default();
        let mut seen: Vec<String> = Vec::new();
        for part in tokens.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')) {
            let Some((TokenTree::Ident(key), value)) = part.split_first() else { continue };
            let key = key.to_string();
            let group = value.first();
            let value = value.get(1..).unwrap_or_default();
            let is_off = matches!(value.first(), Some(TokenTree::Ident(word)) if word == "false");
            let mut value = texts(value);
            if seen.contains(&key) {
                self.unclear = true;
                continue;
            }
            match key.as_str() {
                "revision" => self.revision = value.pop(),
                "down_revision" => self.down_revisions = value,
                "depends_on" => self.depends_on = value,
                "branch_labels" => self.branch_labels = value,
                "created" => self.created = value.pop(),
                "irreversible" => self.irreversible = !is_off,
                "transaction" => self.transaction = !is_off,
                "elidable" => self.elidable = group.map(tables).unwrap_or_default(),
                "offline" | "offline_downgrade" => {}
                _ => self.unclear = true,
            }
            seen.push(key);
        }
    }
}

/// The outer or inner attribute that the tokens begin with: its brackets, whether it is inner, how many tokens it has.
pub(super) fn attribute(tokens: &[TokenTree]) -> Option<(Group, bool, usize)> {
    let is = |nth: usize, c| matches!(tokens.get(nth), Some(TokenTree::Punct(punct)) if punct.as_char() == c);
    let inner = is(1, '!');
    let length = if inner { 3 } else { 2 };
    match tokens.get(length - 1) {
        Some(TokenTree::Group(group)) if is(0, '#') && group.delimiter() == Delimiter::Bracket => {
            Some((group.clone(), inner, length))
        }
        _ => None,
    }
}

/// Whether the brackets hold `migration(…)`, with or without a path before it.
pub(super) fn is_migration(brackets: &Group) -> bool {
    let path = brackets.stream().into_iter().take_while(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    });
    matches!(path.last(), Some(TokenTree::Ident(name)) if name == "migration")
}

fn is_doc(brackets: &Group) -> bool {
    matches!(brackets.stream().into_iter().next(), Some(TokenTree::Ident(name)) if name == "doc")
}

fn doc_line(brackets: &Group) -> Option<String> {
    match brackets.stream().into_iter().nth(2)? {
        TokenTree::Literal(literal) if is_doc(brackets) => text(literal),
        _ => None,
    }
}

/// The texts of a literal or of a list of them.
fn texts(value: &[TokenTree]) -> Vec<Text> {
    let literal = |token: &TokenTree| match token {
        TokenTree::Literal(literal) => {
            Some(Text { place: literal.span().start().into(), value: text(literal.clone())? })
        }
        _ => None,
    };
    match value.first() {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
            group.stream().into_iter().filter_map(|token| literal(&token)).collect()
        }
        Some(token) => literal(token).into_iter().collect(),
        None => Vec::new(),
    }
}

/// The names in the parentheses of `elidable(users, app.documents)`.
fn tables(parentheses: &TokenTree) -> Vec<String> {
    let TokenTree::Group(group) = parentheses else { return Vec::new() };
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let word = |token: &TokenTree| match token {
        TokenTree::Literal(literal) => text(literal.clone()).unwrap_or_default(),
        other => other.to_string().trim_start_matches("r#").to_owned(),
    };
    let names = tokens.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','));
    names.filter(|name| !name.is_empty()).map(|name| name.iter().map(word).collect()).collect()
}

pub(super) fn text(literal: Literal) -> Option<String> {
    match syn::Lit::new(literal) {
        syn::Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

/// FNV-1a with 128 bits over the tokens.
///
/// It has to notice edits, not withstand forgery, and must give the same result for ever on every machine: a dozen lines
/// that never change beat a dependency that may. The tokens are those of `proc_macro2`'s own lexer, never the compiler's.
struct Checksum(u128);

impl Checksum {
    fn of(tokens: &[TokenTree]) -> u128 {
        let mut checksum = Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        checksum.tokens(tokens);
        checksum.0
    }

    fn tokens(&mut self, tokens: &[TokenTree]) {
        let mut i = 0;
        while let Some(token) = tokens.get(i) {
            match attribute(&tokens[i..]) {
                Some((group, _, length)) if is_doc(&group) => i += length,
                _ => {
                    self.token(token, i + 1 == tokens.len());
                    i += 1;
                }
            }
        }
    }

    fn token(&mut self, token: &TokenTree, is_last: bool) {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                self.text(open);
                self.tokens(&group.stream().into_iter().collect::<Vec<_>>());
                self.text(close);
            }
            // rustfmt adds a comma when it breaks a list into lines, and takes it away again.
            TokenTree::Punct(punct) if punct.as_char() == ',' && is_last => {}
            TokenTree::Punct(punct) => self.text(punct.as_char().encode_utf8(&mut [0; 4])),
            TokenTree::Ident(ident) => self.text(&ident.to_string()),
            TokenTree::Literal(literal) => self.text(&literal.to_string()),
        }
    }

    fn text(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 ^= u128::from(byte);
            self.0 = self.0.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}

/// While it lives, text is cut into `proc_macro2`'s own tokens, also inside a compiler.
pub(super) struct OwnTokens;

impl OwnTokens {
    pub(super) fn begin() -> Self {
        proc_macro2::fallback::force();
        Self
    }
}

impl Drop for OwnTokens {
    fn drop(&mut self) {
        proc_macro2::fallback::unforce();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> SourceFile {
        parse_file(PathBuf::from("versions/x.rs"), "versions/x.rs".to_owned(), text)
    }

    const FILE: &str = r#"//! A file.
use crate::prelude::*;

/// Join the branches.
///
/// In two lines
/// of text.
#[migration(
    revision = "a1",
    down_revision = ["b2", "c3"],
    depends_on = "d4", branch_labels = ["x"],
    transaction = false, irreversible,
)]
pub fn upgrade(op: &mut Op) -> Result<()> { fn downgrade() {} Ok(()) }
"#;

    #[test]
    fn an_attribute_is_read_with_its_places() {
        let file = read(FILE);
        let text = |value: &str, line, column| Text { value: value.to_owned(), place: Place { line, column } };
        assert_eq!(file.first_item, Place { line: 2, column: 1 });
        assert!(!file.has_downgrade, "a function inside another one does not count");
        let [migration] = &file.migrations[..] else { panic!("{file:?}") };
        assert_eq!(migration.attribute, Place { line: 8, column: 1 });
        assert_eq!(migration.revision, Some(text("a1", 9, 16)));
        assert_eq!(migration.down_revisions, [text("b2", 10, 22), text("c3", 10, 28)]);
        assert_eq!(migration.depends_on, [text("d4", 11, 18)]);
        assert_eq!(migration.branch_labels, [text("x", 11, 41)]);
        assert_eq!((migration.transaction, migration.irreversible), (false, true));
        assert_eq!(migration.message, "Join the branches.");
        assert_eq!(migration.description, "In two lines\nof text.");
    }

    #[test]
    fn the_tables_of_elidable_are_read() {
        let file = read(
            "#[migration(revision = \"a\", elidable(users, app.\"Order items\", r#type,), irreversible)] fn upgrade() {}",
        );
        let [migration] = &file.migrations[..] else { panic!("{file:?}") };
        assert_eq!(migration.elidable, ["users", "app.Order items", "type"]);
        assert!(migration.irreversible && !migration.unclear);
    }

    #[test]
    fn the_checksum_changes_with_the_tokens_only() {
        let sum = |text: &str| read(text).checksum;
        let one = sum("pub fn upgrade(op: &mut Op) -> Result<()> { op.sql(\"a\") }");
        assert_eq!(
            one,
            sum("/// Doc\npub fn upgrade(\n    op: &mut Op,\n) -> Result<()> { // why\n op.sql( \"a\" , ) }")
        );
        assert_ne!(one, sum("pub fn upgrade(op: &mut Op) -> Result<()> { op.sql(\"b\") }"));
        assert_ne!(sum("f(a, b)"), sum("f(a b)"));
        // Rows of journals hold these values: they must never change.
        assert_eq!(sum(FILE), "ae968fb121735215567a2c5eef8d5e02");
    }

    #[test]
    fn what_cannot_be_read_is_said_with_its_place() {
        let file = read("use x;\nfn f() { ");
        assert!(file.error.is_some());
        assert!(read("fn upgrade() {}").migrations.is_empty());
        assert_eq!(read("#[rectify::migration(revision = 1)] fn upgrade() {}").migrations[0].revision, None);
    }
}
