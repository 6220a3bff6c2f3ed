//! How rustfmt is configured where a file goes, so that it has nothing to change in it.

use std::fs;
use std::path::Path;

use rectify::schema::emit::{Layout, SmallHeuristics};

use crate::error::Error;

/// The layout that the nearest `rustfmt.toml` asks for, from the folder upwards; rustfmt's own where there is none.
pub(crate) fn of(folder: &Path) -> Result<Layout, Error> {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let names = ["rustfmt.toml", ".rustfmt.toml"];
    let files = folder.ancestors().flat_map(|folder| names.map(|name| folder.join(name)));
    let Some(file) = files.into_iter().find(|file| file.is_file()) else { return Ok(Layout::default()) };
    let unread = |error: &dyn std::fmt::Display| {
        Error::usage(format!("cannot read `{}`: {error}", file.display()))
            .hint("mend it, for rustfmt cannot read it either")
    };
    let text = fs::read_to_string(&file).map_err(|error| unread(&error))?;
    parse(&text).map_err(|error| unread(&error))
}

fn parse(text: &str) -> Result<Layout, toml::de::Error> {
    let table: toml::Table = text.parse()?;
    let number =
        |key: &str| table.get(key).and_then(toml::Value::as_integer).and_then(|width| usize::try_from(width).ok());
    let heuristics = match table.get("use_small_heuristics").and_then(toml::Value::as_str) {
        // Without heuristics only the whole line counts, too.
        Some("Max" | "Off") => SmallHeuristics::Max,
        _ => SmallHeuristics::Default,
    };
    let layout = Layout::new(number("max_width").unwrap_or(100), heuristics);
    Ok(Layout {
        chain_width: number("chain_width").unwrap_or(layout.chain_width),
        call_width: number("fn_call_width").unwrap_or(layout.call_width),
        array_width: number("array_width").unwrap_or(layout.array_width),
        ..layout
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widths_are_those_of_rustfmt() {
        assert_eq!(parse("").unwrap(), Layout::default());
        let wide = parse("max_width = 120\nuse_small_heuristics = \"Max\"\nedition = \"2024\"").unwrap();
        assert_eq!(wide, Layout::new(120, SmallHeuristics::Max));
        let narrow = parse("chain_width = 40").unwrap();
        assert_eq!((narrow.chain_width, narrow.call_width), (40, 60));
        assert!(parse("max_width = ").is_err());
    }
}
