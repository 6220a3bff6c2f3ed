//! Changes of a migration file that leave every other character of it as it is.

use std::ops::Range;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::file::{OwnTokens, attribute, is_migration, text as text_of};

/// The text of a file with another parent for one of its migrations; `None` if there is no such migration in it, or the
/// text is not Rust.
///
/// Only the value of `down_revision` changes. A base gets the key, behind its `revision`.
pub fn with_parent(text: &str, revision: &str, parent: &str) -> Option<String> {
    // proc_macro2 does not count a byte order mark.
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let (range, new) = change(&text[mark..], revision, parent)?;
    let (start, end) = (mark + range.start, mark + range.end);
    Some(format!("{}{new}{}", text.get(..start)?, text.get(end..)?))
}

/// What to replace by what.
fn change(text: &str, revision: &str, parent: &str) -> Option<(Range<usize>, String)> {
    let _own = OwnTokens::begin();
    let tokens: Vec<TokenTree> = text.parse::<TokenStream>().ok()?.into_iter().collect();
    let attributes = (0..tokens.len()).filter_map(|at| attribute(&tokens[at..]).filter(|(_, inner, _)| !inner));
    let migrations =
        attributes.map(|(brackets, ..)| brackets).filter(is_migration).filter_map(|brackets| keys(&brackets));
    for keys in migrations {
        let value = |name: &str| keys.iter().find(|(key, _)| key == name).and_then(|(_, value)| value.clone());
        let Some(TokenTree::Literal(literal)) = value("revision") else { continue };
        if text_of(literal.clone()).as_deref() != Some(revision) {
            continue;
        }
        return Some(match value("down_revision") {
            Some(old) => (old.span().byte_range(), format!("{parent:?}")),
            None => {
                let end = literal.span().byte_range().end;
                (end..end, format!(", down_revision = {parent:?}"))
            }
        });
    }
    None
}

/// The keys of `migration(key = value, …)`, each with the one token of its value.
fn keys(brackets: &Group) -> Option<Vec<(String, Option<TokenTree>)>> {
    let arguments = brackets.stream().into_iter().find_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some(group),
        _ => None,
    })?;
    let tokens: Vec<TokenTree> = arguments.stream().into_iter().collect();
    let parts = tokens.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','));
    Some(parts.filter_map(|part| Some((part.first()?.to_string(), part.get(2).cloned()))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, wanted: &str) {
        assert_eq!(with_parent(text, "c3", "b2").as_deref(), Some(wanted));
    }

    #[test]
    fn only_the_literal_changes() {
        check(
            "//! Ünï\n#[migration( revision=\"c3\",/* a1 */down_revision =  \"a1\" , created = \"x\")]\r\nfn upgrade() {}",
            "//! Ünï\n#[migration( revision=\"c3\",/* a1 */down_revision =  \"b2\" , created = \"x\")]\r\nfn upgrade() {}",
        );
        check(
            "#[rectify::migration(down_revision = [\n  \"a1\", \"z9\"\n], revision = r\"c3\")] fn upgrade() { f(\"a1\") }",
            "#[rectify::migration(down_revision = \"b2\", revision = r\"c3\")] fn upgrade() { f(\"a1\") }",
        );
        check(
            "\u{feff}#[migration(revision = \"c3\", down_revision = r#\"a1\"#)]fn u(){}",
            "\u{feff}#[migration(revision = \"c3\", down_revision = \"b2\")]fn u(){}",
        );
    }

    #[test]
    fn a_base_gets_the_key() {
        check(
            "#[migration(revision = \"c3\")] fn u() {}",
            "#[migration(revision = \"c3\", down_revision = \"b2\")] fn u() {}",
        );
    }

    #[test]
    fn the_right_migration_is_chosen() {
        let one = "#[migration(revision = \"a1\", down_revision = \"c3\")] fn u() {}\n";
        check(
            &format!("{one}#[migration(revision = \"c3\", down_revision = \"a1\")] fn u() {{}}"),
            &format!("{one}#[migration(revision = \"c3\", down_revision = \"b2\")] fn u() {{}}"),
        );
        assert_eq!(with_parent(one, "c3", "b2"), None);
        assert_eq!(with_parent("fn (", "c3", "b2"), None);
        assert_eq!(with_parent("// #[migration(revision = \"c3\")]", "c3", "b2"), None);
    }
}
