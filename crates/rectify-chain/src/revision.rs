//! Revision ids: what may be one. It does not know which ids exist.

use std::borrow::Borrow;
use std::fmt;

/// The longest id that the version table holds: its column is a `VARCHAR(32)`, as Alembic's is.
pub const MAX_LENGTH: usize = 32;

/// The words that mean something else wherever a revision can be named.
pub const RESERVED: [&str; 4] = ["head", "heads", "base", "current"];

/// The id of a revision: well formed, though not necessarily one that exists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionId(String);

impl RevisionId {
    /// Takes `text` as an id.
    ///
    /// # Errors
    ///
    /// Returns [`MalformedId`] if the text is empty, too long, a reserved word, or holds a character with a meaning.
    pub fn new(text: impl Into<String>) -> Result<Self, MalformedId> {
        let text = text.into();
        check_id(&text)?;
        Ok(Self(text))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as an owned text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for RevisionId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for RevisionId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Why a text cannot be a revision id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MalformedId {
    /// Nothing was written.
    #[error("is empty")]
    Empty,
    /// More characters than the version table holds.
    #[error("has {length} characters, and the version table holds {MAX_LENGTH}")]
    TooLong {
        /// How many characters it has.
        length: usize,
    },
    /// One of the words `head`, `heads`, `base`, `current`.
    #[error("is a word that names something else in every command")]
    Reserved,
    /// A character that separates parts of an identifier, or white space.
    #[error("contains {0:?}, which has a meaning where revisions are named")]
    Character(char),
}

/// Checks that `text` can be a revision id.
///
/// # Errors
///
/// Returns [`MalformedId`] with the first reason why it cannot.
pub fn check_id(text: &str) -> Result<(), MalformedId> {
    check_word(text, |c| matches!(c, '@' | ':' | '+' | '-' | ','))?;
    match text.chars().count() {
        length if length > MAX_LENGTH => Err(MalformedId::TooLong { length }),
        _ => Ok(()),
    }
}

/// Checks that `text` can be a branch label.
///
/// A label may hold a dash (`feature-2`), because an exact label is preferred to "two before `feature`".
///
/// # Errors
///
/// Returns [`MalformedId`] with the first reason why it cannot.
pub fn check_label(text: &str) -> Result<(), MalformedId> {
    check_word(text, |c| matches!(c, '@' | ':' | '+' | ','))?;
    if text.starts_with('-') { Err(MalformedId::Character('-')) } else { Ok(()) }
}

/// A 128-bit FNV-1a hash of an id: what stands for the id in the types that prove the chain.
///
/// Const generics take no text on stable Rust. The ids of a chain are checked for equality as text too, so a collision
/// could only hide an unknown parent from the compiler, never from the graph.
pub const fn hash_id(text: &str) -> u128 {
    let bytes = text.as_bytes();
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let mut i = 0;
    while i < bytes.len() {
        hash ^= bytes[i] as u128;
        hash = hash.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        i += 1;
    }
    hash
}

/// The sum of the hashes of ids, whatever their order: what tells whether two sets of them are one.
pub fn sum_of_ids<'a>(ids: impl IntoIterator<Item = &'a str>) -> u128 {
    ids.into_iter().map(hash_id).fold(0, u128::wrapping_add)
}

fn check_word(text: &str, has_meaning: impl Fn(char) -> bool) -> Result<(), MalformedId> {
    if text.is_empty() {
        return Err(MalformedId::Empty);
    }
    if RESERVED.contains(&text) {
        return Err(MalformedId::Reserved);
    }
    match text.chars().find(|c| has_meaning(*c) || c.is_whitespace() || c.is_control()) {
        Some(c) => Err(MalformedId::Character(c)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_checked() {
        let check = |text: &str, wanted: Result<(), MalformedId>| assert_eq!(check_id(text), wanted, "{text}");
        check("a1b2c3d4e5f6", Ok(()));
        check("0001", Ok(()));
        check("é.x_'", Ok(()));
        check("", Err(MalformedId::Empty));
        check(&"x".repeat(32), Ok(()));
        check(&"é".repeat(32), Ok(()));
        check(&"x".repeat(33), Err(MalformedId::TooLong { length: 33 }));
        for word in RESERVED {
            check(word, Err(MalformedId::Reserved));
        }
        for c in ['@', ':', '+', '-', ',', ' ', '\t', '\u{a0}'] {
            check(&format!("a{c}b"), Err(MalformedId::Character(c)));
        }
    }

    #[test]
    fn labels_may_hold_a_dash_but_not_begin_with_one() {
        assert_eq!(check_label("feature-2"), Ok(()));
        assert_eq!(check_label("-2"), Err(MalformedId::Character('-')));
        assert_eq!(check_label("heads"), Err(MalformedId::Reserved));
    }

    #[test]
    fn the_hash_is_fnv_1a() {
        assert_eq!(hash_id(""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(hash_id("a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }
}
