//! A file of Rust, read for the models in it: Diesel's `schema.rs`, or what [`print`](super::print) writes.

use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Ident, Item as RustItem, ItemMacro, Path, Token};

use super::enums::{EnumDeclaration, check_enum};
use super::{Item, Place, Problem, What};
use crate::dialect::Dialect;
use crate::naming::NamingConvention;
use crate::schema::Schema;

/// What a file of Rust declares.
#[derive(Debug, Default)]
pub struct Source {
    file: String,
    tables: Vec<Macro>,
    enums: Vec<(String, u32, EnumDeclaration)>,
    /// What it holds besides, which only the compiler can read.
    pub not_read: Vec<String>,
}

/// A `table!` of the file.
#[derive(Debug)]
struct Macro {
    module: String,
    line: u32,
    text: String,
    plain: bool,
}

/// Reads the models in a file of Rust: every `table!` and `tables!`, Diesel's too, and the enums under
/// `#[derive(SqlEnum)]`, in the modules of the file as well.
///
/// # Errors
///
/// The place where the text is not Rust, and the mistakes of its enums.
///
/// # Examples
///
/// ```
/// use rectify_schema::dialect::POSTGRES;
/// use rectify_schema::{models, NamingConvention};
///
/// let text = "diesel::table! { users (id) { id -> Int8, name -> Nullable<Varchar>, } }";
/// let schema = models::read("src/schema.rs", text).and_then(|source| source.schema(POSTGRES, &NamingConvention::new()));
/// assert_eq!(schema.unwrap().tables[0].columns[1].name, "name");
/// ```
pub fn read(file: &str, text: &str) -> Result<Source, Vec<Problem>> {
    let mut source = Source { file: file.to_owned(), ..Source::default() };
    let parsed = syn::parse_file(text).map_err(|error| problems(file, &error))?;
    source.items(&parsed.items, "crate")?;
    Ok(source)
}

impl Source {
    /// The schema that the file means on a database.
    ///
    /// # Errors
    ///
    /// As [`schema`](super::schema()).
    pub fn schema(&self, dialect: &dyn Dialect, naming: &NamingConvention) -> Result<Schema, Vec<Problem>> {
        let values: Vec<Vec<&str>> = self
            .enums
            .iter()
            .map(|(_, _, declared)| declared.variants.iter().map(|(_, value)| value.as_str()).collect())
            .collect();
        let names: Vec<String> = self.enums.iter().map(|(_, _, declared)| declared.ident.to_string()).collect();
        let tables = self.tables.iter().map(|found| Item {
            what: if found.plain { What::PlainTables(&found.text) } else { What::Tables(&found.text) },
            place: Place { module: &found.module, file: &self.file, line: found.line },
        });
        let enums = self.enums.iter().zip(&values).zip(&names).map(|(((module, line, declared), values), name)| Item {
            what: What::Enum { rust_name: name, schema: declared.schema.as_deref(), name: &declared.name, values },
            place: Place { module, file: &self.file, line: *line },
        });
        super::schema(&tables.chain(enums).collect::<Vec<_>>(), dialect, naming)
    }

    fn items(&mut self, items: &[RustItem], module: &str) -> Result<(), Vec<Problem>> {
        for item in items {
            match item {
                RustItem::Mod(inner) => {
                    if let Some((_, items)) = &inner.content {
                        self.items(items, &format!("{module}::{}", inner.ident))?;
                    }
                }
                RustItem::Macro(found) => self.a_macro(found, module),
                RustItem::Enum(found) if is_derived(&found.attrs) => {
                    let declared = check_enum(&found.clone().into()).map_err(|error| problems(&self.file, &error))?;
                    self.enums.push((module.to_owned(), line(found.ident.span()), declared));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn a_macro(&mut self, found: &ItemMacro, module: &str) {
        let words: Vec<String> = found.mac.path.segments.iter().map(|word| word.ident.to_string()).collect();
        let line = line(found.mac.path.span());
        let (last, before) = words.split_last().map_or(("", &[][..]), |(last, before)| (last.as_str(), before));
        match last {
            "table" | "tables" => {
                let plain = before.first().is_none_or(|word| word == "diesel");
                let text = found.mac.tokens.to_string();
                self.tables.push(Macro { module: module.to_owned(), line, text, plain });
            }
            "declare" => self.not_read.push(format!("{}:{line}: `declare!`", self.file)),
            _ => {}
        }
    }
}

fn is_derived(attributes: &[Attribute]) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("derive")).any(|attribute| {
        let paths = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
        paths.is_ok_and(|paths| paths.iter().any(|path| path.segments.last().is_some_and(|word| is(&word.ident))))
    })
}

fn is(ident: &Ident) -> bool {
    ident == "SqlEnum"
}

fn line(span: proc_macro2::Span) -> u32 {
    u32::try_from(span.start().line).unwrap_or(u32::MAX)
}

fn problems(file: &str, error: &syn::Error) -> Vec<Problem> {
    error
        .into_iter()
        .map(|error| {
            let text = error.to_string();
            let (message, hint) = text.split_once("\nhint: ").unwrap_or((&text, ""));
            let start = error.span().start();
            Problem {
                place: format!("{file}:{}:{}", start.line, start.column + 1),
                message: message.to_owned(),
                hint: hint.to_owned(),
            }
        })
        .collect()
}
