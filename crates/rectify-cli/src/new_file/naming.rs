//! What a new revision and its file are called.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use rectify_chain::revision::check_id;

use crate::error::Error;
use crate::listing::Listing;

/// The id that was asked for, else a random one.
pub(crate) fn new_id(rev_id: Option<&str>, listing: &Listing) -> Result<String, Error> {
    let taken = |id: &str| listing.graph.node(id).is_some();
    let Some(id) = rev_id else {
        return Ok(std::iter::repeat_with(random_id).find(|id| !taken(id)).expect("the iterator has no end"));
    };
    check_id(id).map_err(|reason| Error::usage(format!("`{id}` cannot be a revision id: it {reason}")))?;
    if id.contains(['/', '\\']) {
        return Err(
            Error::usage(format!("`{id}` cannot be in the name of a file")).hint("write the id without slashes")
        );
    }
    if taken(id) {
        return Err(Error::usage(format!("there is a revision `{id}` already")).hint("leave `--rev-id` out"));
    }
    match listing.graph.labels().into_iter().find(|(label, _)| *label == id) {
        Some((_, owner)) => Err(Error::usage(format!("`{id}` is a branch label of revision `{owner}`"))
            .hint("leave `--rev-id` out, or choose another")),
        None => Ok(id.to_owned()),
    }
}

/// The words of the message, as many whole ones as fit.
pub(crate) fn slug(message: &str, longest: usize) -> String {
    let mut slug = String::new();
    let words = message.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    for word in words {
        let word = word.to_lowercase();
        let length = slug.chars().count() + usize::from(!slug.is_empty()) + word.chars().count();
        if length > longest {
            if slug.is_empty() {
                return word.chars().take(longest).collect();
            }
            break;
        }
        if !slug.is_empty() {
            slug.push('_');
        }
        slug += &word;
    }
    slug
}

/// Twelve hex digits. Two people seldom make one at the same moment, and the compiler finds it if they do.
fn random_id() -> String {
    // The standard library has no generator, but seeds each of these from the system's.
    let random = RandomState::new().build_hasher().finish();
    format!("{:012x}", random & 0xffff_ffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_lower_case_words() {
        let long = "A Very Long: message, with (punct) and Ünïcode that goes on";
        for (message, expected) in [
            ("Add email verification", "add_email_verification"),
            ("  quotes \" and / slashes  ", "quotes_and_slashes"),
            (long, "a_very_long_message_with_punct_and"),
            ("Ünïcode", "ünïcode"),
            ("!!!", ""),
        ] {
            assert_eq!(slug(message, 40), expected);
        }
        assert_eq!(slug("first thing to do here", 12), "first_thing");
        assert_eq!(slug(&"x".repeat(50), 40).len(), 40);
    }

    #[test]
    fn an_id_names_no_other_folder() {
        let listing = Listing::new(Vec::new());
        for id in ["../a1", "/tmp/a1", "a\\b"] {
            assert_eq!(
                new_id(Some(id), &listing).unwrap_err().to_string(),
                format!("`{id}` cannot be in the name of a file")
            );
        }
        assert_eq!(new_id(Some("ü.1"), &listing).unwrap(), "ü.1");
    }

    #[test]
    fn ids_are_twelve_hex_digits_and_differ() {
        let id = random_id();
        assert!(id.len() == 12 && id.chars().all(|c| c.is_ascii_hexdigit()), "{id}");
        assert_ne!(id, random_id());
    }
}
