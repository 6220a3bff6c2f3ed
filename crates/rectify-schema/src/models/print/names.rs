//! Names of Rust for names of a database.

use std::collections::BTreeMap;

use syn::Ident;
use syn::ext::IdentExt;

use crate::models::style::Style;

/// Names that mean something else inside the module that Diesel's macro makes of a table.
const RESERVED: [&str; 8] = ["table", "columns", "dsl", "star", "all_columns", "diesel", "super_", "self_"];

/// Names of Rust that have been given, each to one thing.
#[derive(Default)]
pub(super) struct Names {
    given: BTreeMap<String, ()>,
}

impl Names {
    /// The name for a table or a column. It needs `#[sql_name]` unless it is the database's own.
    pub(super) fn variable(&mut self, name: &str) -> String {
        let mut plain: String = name.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect();
        if plain.starts_with(|c: char| !c.is_alphabetic() && c != '_') {
            plain.insert(0, '_');
        }
        // A capital would hide the SQL type of that name.
        let reserved = RESERVED.contains(&plain.as_str()) || plain.starts_with(char::is_uppercase);
        if plain.is_empty() || plain.chars().all(|c| c == '_') || reserved {
            plain.push_str(if plain.chars().all(|c| c == '_') { "unnamed" } else { "_" });
        }
        self.free(&plain)
    }

    /// The name for an enum or a type.
    pub(super) fn of_type(&mut self, name: &str) -> String {
        let mut plain = Style::Pascal.write(name);
        if plain.is_empty() || !plain.starts_with(char::is_alphabetic) {
            plain.insert_str(0, "Value");
        }
        self.free(&plain)
    }

    /// Keeps a name from being given.
    pub(super) fn keep(&mut self, name: &str) {
        self.given.insert(name.to_owned(), ());
    }

    fn free(&mut self, plain: &str) -> String {
        let mut name = plain.to_owned();
        let mut number = 2;
        while !is_name(&name) || self.given.contains_key(&name) {
            let raw = format!("r#{plain}");
            if number == 2 && !is_name(&name) && is_name(&raw) && !self.given.contains_key(&raw) {
                name = raw;
                break;
            }
            name = if is_name(&format!("{plain}_")) && number == 2 && !is_name(&name) {
                format!("{plain}_")
            } else {
                format!("{plain}_{number}")
            };
            number += 1;
        }
        self.keep(&name);
        name
    }
}

/// Whether the text can be a name as it stands.
pub(super) fn is_name(text: &str) -> bool {
    syn::parse_str::<Ident>(text).is_ok()
}

/// Whether Diesel takes this name of Rust as that of the database.
pub(super) fn means(name: &str, sql_name: &str) -> bool {
    syn::parse_str::<Ident>(name).is_ok_and(|ident| ident.unraw() == sql_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql_name: &str, wanted: &str, same: bool) {
        let found = Names::default().variable(sql_name);
        assert_eq!((found.as_str(), means(&found, sql_name)), (wanted, same));
    }

    #[test]
    fn every_name_of_a_database_has_one_in_rust() {
        check("users", "users", true);
        check("type", "r#type", true);
        check("self", "self_", false);
        check("order lines", "order_lines", false);
        check("2fa", "_2fa", false);
        check("table", "table_", false);
        check("Text", "Text_", false);
        check("größe", "größe", true);
        check("\"", "_unnamed", false);
        let mut names = Names::default();
        let given = ["a b", "a_b", "a-b"].map(|name| names.variable(name));
        assert_eq!(given, ["a_b", "a_b_2", "a_b_3"]);
    }

    #[test]
    fn types_are_named_too() {
        let mut names = Names::default();
        let given = ["document_status", "document status", "2d", "Self"].map(|name| names.of_type(name));
        assert_eq!(given, ["DocumentStatus", "DocumentStatus_2", "Value2d", "Self_"]);
    }
}
