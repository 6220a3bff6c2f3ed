//! What the migrations crate can name, as its manifest says.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rectify::schema::models::Crates;
use toml::{Table, Value};

use crate::error::Error;

/// The dependencies of the package that the folder of the migrations lies in.
///
/// Without a manifest, as on a machine that has the runner binary alone, nothing can be named.
pub(super) fn of(versions: &Path) -> Result<Crates, Error> {
    let folder = std::path::absolute(versions).unwrap_or_else(|_| versions.to_owned());
    let Some((package, above)) = manifest(folder.ancestors(), "package")? else { return Ok(Crates::default()) };
    let dependencies = tables_at(&package, &["dependencies"]);
    let mut crates = Crates::default();
    crates.dependencies.extend(dependencies.iter().flat_map(|table| table.keys()).map(|name| name.replace('-', "_")));
    let Some(diesel) = dependencies.iter().find_map(|table| table.get("diesel")) else { return Ok(crates) };
    let is_inherited = diesel.get("workspace").and_then(Value::as_bool) == Some(true);
    let workspace = if is_inherited { manifest(above.ancestors(), "workspace")? } else { None };
    let shared = workspace.as_ref().and_then(|(workspace, _)| {
        tables_at(workspace, &["workspace", "dependencies"]).into_iter().find_map(|table| table.get("diesel"))
    });
    for asked in [Some(diesel), shared].into_iter().flatten() {
        let features = asked.get("features").and_then(Value::as_array).into_iter().flatten();
        crates.diesel_features.extend(features.filter_map(Value::as_str).map(str::to_owned));
    }
    let switch = shared.unwrap_or(diesel);
    if switch.get("default-features").and_then(Value::as_bool) != Some(false) {
        crates.diesel_features.insert("default".to_owned());
    }
    Ok(crates)
}

/// Whether Diesel has tables of so many columns with these features.
pub(super) fn allows(features: &BTreeSet<String>, needed: &str) -> bool {
    let enough: &[&str] = match needed {
        "32-column-tables" => {
            &["default", "large-tables", "32-column-tables", "huge-tables", "64-column-tables", "128-column-tables"]
        }
        "64-column-tables" => &["huge-tables", "64-column-tables", "128-column-tables"],
        _ => &["128-column-tables"],
    };
    enough.iter().any(|feature| features.contains(*feature))
}

/// The nearest manifest that has a table of this name, and the folder above which others are looked for.
fn manifest<'a>(folders: impl Iterator<Item = &'a Path>, table: &str) -> Result<Option<(Table, PathBuf)>, Error> {
    for folder in folders {
        let file = folder.join("Cargo.toml");
        if !file.is_file() {
            continue;
        }
        let unread = |error: &dyn std::fmt::Display| {
            Error::usage(format!("cannot read `{}`: {error}", file.display()))
                .hint("mend it, for cargo cannot read it either")
        };
        let text = fs::read_to_string(&file).map_err(|error| unread(&error))?;
        let parsed: Table = text.parse().map_err(|error: toml::de::Error| unread(&error))?;
        if parsed.contains_key(table) {
            return Ok(Some((parsed, folder.to_owned())));
        }
    }
    Ok(None)
}

fn tables_at<'a>(manifest: &'a Table, path: &[&str]) -> Vec<&'a Table> {
    let mut tables = vec![manifest];
    for key in path {
        tables = tables.into_iter().filter_map(|table| table.get(*key)?.as_table()).collect();
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, manifests: [&str; 2], dependencies: &[&str], features: &[&str]) {
        let root = std::env::temp_dir().join(format!("rectify-crates-{name}-{}", std::process::id()));
        let versions = root.join("migrations/versions");
        fs::create_dir_all(&versions).unwrap();
        fs::write(root.join("Cargo.toml"), manifests[0]).unwrap();
        fs::write(root.join("migrations/Cargo.toml"), manifests[1]).unwrap();
        let found = of(&versions).unwrap();
        assert_eq!(found.dependencies.iter().map(String::as_str).collect::<Vec<_>>(), dependencies);
        assert_eq!(found.diesel_features.iter().map(String::as_str).collect::<Vec<_>>(), features);
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn the_features_of_diesel_are_those_of_the_package_and_of_its_workspace() {
        let shared = "[workspace]\n[workspace.dependencies]\ndiesel = { version = \"2\", default-features = false, features = [\"uuid\"] }";
        let package = "[package]\nname = \"m\"\n[dependencies]\ndiesel = { workspace = true, features = [\"numeric\"] }\nserde-json = \"1\"";
        check("inherited", [shared, package], &["diesel", "serde_json"], &["numeric", "uuid"]);
        let package = "[package]\nname = \"m\"\n[dependencies]\ndiesel = \"2\"";
        check("own", [shared, package], &["diesel"], &["default"]);
        let package = "[package]\nname = \"m\"\n[dependencies]\ndiesel.workspace = true";
        check("shared", [shared, package], &["diesel"], &["uuid"]);
    }

    #[test]
    fn larger_tables_are_had_with_each_feature_that_brings_them() {
        let has = |feature: &str, needed| allows(&BTreeSet::from([feature.to_owned()]), needed);
        assert!(has("default", "32-column-tables") && has("128-column-tables", "32-column-tables"));
        assert!(!has("default", "64-column-tables") && !has("uuid", "32-column-tables"));
    }
}
