//! Names in the styles of Rust and of databases.

/// How the values of an enum are named after its variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `in_review`
    Snake,
    /// `IN_REVIEW`
    ScreamingSnake,
    /// `in-review`
    Kebab,
    /// `inreview`
    Lower,
    /// `INREVIEW`
    Upper,
    /// `inReview`
    Camel,
    /// `InReview`
    Pascal,
}

impl Style {
    /// Every style, each with the name that is written in its own style.
    pub const ALL: [(&'static str, Self); 7] = [
        ("snake_case", Self::Snake),
        ("SCREAMING_SNAKE_CASE", Self::ScreamingSnake),
        ("kebab-case", Self::Kebab),
        ("lowercase", Self::Lower),
        ("UPPERCASE", Self::Upper),
        ("camelCase", Self::Camel),
        ("PascalCase", Self::Pascal),
    ];

    /// Writes a name of Rust in this style.
    ///
    /// # Examples
    ///
    /// ```
    /// use rectify_schema::models::Style;
    ///
    /// assert_eq!(Style::Snake.write("HTTPError2"), "http_error2");
    /// assert_eq!(Style::Kebab.write("InReview"), "in-review");
    /// ```
    #[must_use]
    pub fn write(self, name: &str) -> String {
        let name = name.strip_prefix("r#").unwrap_or(name);
        let words = words(name);
        match self {
            Self::Snake => words.join("_"),
            Self::ScreamingSnake => words.join("_").to_uppercase(),
            Self::Kebab => words.join("-"),
            Self::Lower => words.concat(),
            Self::Upper => words.concat().to_uppercase(),
            Self::Camel => {
                let (first, rest) = words.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
                first.to_owned() + &rest.iter().map(|word| capital(word)).collect::<String>()
            }
            Self::Pascal => words.iter().map(|word| capital(word)).collect(),
        }
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// `InReview` is `in`, `review`; `HTTPError` is `http`, `error`. Whatever is neither letter nor digit ends a word.
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = vec![String::new()];
    for (place, c) in chars.iter().enumerate() {
        let after_small = place > 0 && !chars[place - 1].is_uppercase();
        let before_small = chars.get(place + 1).is_some_and(|next| next.is_lowercase());
        let starts = c.is_uppercase() && place > 0 && (after_small || before_small);
        if !c.is_alphanumeric() || starts {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().expect("there is always one").extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_in_each_style() {
        let all: Vec<String> = Style::ALL.iter().map(|(_, style)| style.write("InReview")).collect();
        assert_eq!(all, ["in_review", "IN_REVIEW", "in-review", "inreview", "INREVIEW", "inReview", "InReview"]);
        assert_eq!(Style::Snake.write("A"), "a");
        assert_eq!(Style::Pascal.write("order lines (old)"), "OrderLinesOld");
    }
}
