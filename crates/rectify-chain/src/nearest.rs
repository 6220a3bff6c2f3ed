//! The known names nearest to one that is unknown, for messages.

/// The names nearest to `text`, best first, at most three; none where nothing is near.
///
/// Near is a small edit distance (one for short names, up to a third of the length for long ones) or a common beginning.
pub fn nearest<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let limit = (text.chars().count() / 3).clamp(1, 4);
    let mut found: Vec<(usize, &str)> = names
        .into_iter()
        .filter_map(|name| {
            let begins = !text.is_empty() && (name.starts_with(text) || (name.len() > 3 && text.starts_with(name)));
            match distance(text, name, limit) {
                Some(distance) => Some((distance, name)),
                None => begins.then_some((limit + 1, name)),
            }
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().take(3).map(|(_, name)| name).collect()
}

/// The number of edits (insert, delete, replace, swap of neighbours) between two texts, if it is at most `limit`.
fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = row[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            next[j] = replaced.min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                next[j] = next[j].min(before[j - 2] + 1);
            }
        }
        if next.iter().min().is_some_and(|least| *least > limit) {
            return None;
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, names: &[&str], wanted: &[&str]) {
        assert_eq!(nearest(text, names.iter().copied()), wanted);
    }

    #[test]
    fn near_names_are_found_best_first() {
        check("9efcc1f82b80", &["9efcc1f82b81", "a1b2c3d4e5f6"], &["9efcc1f82b81"]);
        check("revison", &["revision", "down_revision", "created"], &["revision"]);
        check("ab", &["ba", "xy"], &["ba"]);
        check("abcd", &["abcdef0123", "zzzz"], &["abcdef0123"]);
        check("x", &["abcdef"], &[]);
    }
}
