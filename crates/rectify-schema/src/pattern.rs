//! Patterns of names, as a shell has them: `*` for any text, `?` for one character.

/// Tells whether all of `text` matches `pattern`, in time that grows with the product of both lengths at worst.
///
/// Letters are compared as they stand, and no sign but `*` and `?` has a meaning.
///
/// # Examples
///
/// ```
/// use rectify_schema::pattern::matches;
///
/// assert!(matches("audit_*", "audit_log"));
/// assert!(!matches("audit_?", "audit_log"));
/// ```
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut seen) = (0, 0);
    // Where to go on if what follows the last `*` does not fit: one character later.
    let mut retry = None;
    while seen < text.len() {
        match pattern.get(at) {
            Some('*') => {
                retry = Some((at + 1, seen));
                at += 1;
            }
            Some(&c) if c == '?' || c == text[seen] => (at, seen) = (at + 1, seen + 1),
            _ => {
                let Some((after, from)) = retry else { return false };
                retry = Some((after, from + 1));
                (at, seen) = (after, from + 1);
            }
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: bool) {
        assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
    }

    #[test]
    fn patterns_match_whole_names() {
        check("users", "users", true);
        check("users", "users_old", false);
        check("user?", "users", true);
        check("user?", "user", false);
        check("*", "", true);
        check("*_old", "a_old_old", true);
        check("*_old", "a_old_", false);
        check("a*b*c", "a1b2b3c", true);
        check("a*b*c", "a1b2", false);
        check("größ?", "größe", true);
        check("Users", "users", false);
        check("", "", true);
        check("", "a", false);
        check(&"*a".repeat(50), &"a".repeat(2_000), true);
        check(&format!("{}b", "*a".repeat(50)), &"a".repeat(2_000), false);
    }
}
