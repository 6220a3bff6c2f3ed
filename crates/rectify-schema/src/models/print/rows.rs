//! Structs for the rows of a frozen table.

use super::NamedTable;
use super::frozen::{FrozenColumn, Writer, indented, left_out, nullable};
use super::table::rust_columns;
use crate::schema::Column;

/// The structs of a table.
pub(super) struct Structs {
    /// What a row that is read is called, where one can be.
    pub(super) row: Option<String>,
    pub(super) texts: Vec<String>,
}

impl Writer<'_> {
    /// A struct for what is read, which can be written back, and one for what is new.
    pub(super) fn structs(&mut self, named: &NamedTable<'_>, columns: &[FrozenColumn<'_>]) -> Structs {
        let keys = named.table.primary_key.as_ref().map(|key| key.columns.as_slice()).unwrap_or_default();
        let uses = columns.iter().filter_map(|column| column.rust.as_ref().ok()).flat_map(|rust| &rust.uses);
        uses.for_each(|(module, item)| self.need(module, item));
        let name = self.names.of_type(&format!("{}_row", named.name.trim_start_matches("r#")));
        let read = read(columns, keys);
        let new = new(columns);
        let mut texts = Vec::new();
        if read.any {
            texts.push(read_struct(&read, &name, named, keys));
        }
        if new.any {
            let doc = format!("A new row of `{}`; `None` leaves a column to the database.", named.table.name);
            let said = [format!("table_name = {}", named.name)];
            texts.push(new.written(&format!("New{name}"), &doc, "Debug, Clone, PartialEq, Insertable", &said));
        }
        Structs { row: read.any.then_some(name), texts }
    }
}

/// What a row holds when the migration begins.
fn read(columns: &[FrozenColumn<'_>], keys: &[String]) -> Fields {
    let mut fields = Fields::default();
    for FrozenColumn { column, name, added, rust, .. } in columns {
        match rust {
            Err(reason) => fields.lines.push(left_out(&column.name, reason)),
            Ok(_) if *added => fields.lines.push(format!("// `{}` is added by this migration.", column.name)),
            Ok(rust) => {
                if !keys.contains(&column.name) {
                    if is_given(column) {
                        fields.lines.push("#[diesel(skip_update)]".to_owned());
                    } else {
                        fields.changes = true;
                    }
                }
                fields.field(format!("pub {name}: {},", nullable(column.nullable, "Option", &rust.text)));
            }
        }
    }
    fields
}

/// What a row that is inserted says.
fn new(columns: &[FrozenColumn<'_>]) -> Fields {
    let mut fields = Fields::default();
    for FrozenColumn { column, name, rust, .. } in columns {
        match rust {
            Err(reason) => fields.lines.push(left_out(&column.name, reason)),
            Ok(_) if is_given(column) => {
                fields.lines.push(format!("// `{}` is the database's to give.", column.name));
            }
            Ok(rust) => {
                let optional = column.nullable || column.identity.is_some() || column.default.is_some();
                fields.field(format!("pub {name}: {},", nullable(optional, "Option", &rust.text)));
            }
        }
    }
    fields
}

/// Whether nobody but the database may give the value.
fn is_given(column: &Column) -> bool {
    column.generated.is_some() || column.identity.as_ref().is_some_and(|identity| identity.always)
}

fn read_struct(fields: &Fields, name: &str, named: &NamedTable<'_>, keys: &[String]) -> String {
    let mut said = vec![format!("table_name = {}", named.name)];
    let mut doc = format!("A row of `{}`", named.table.name);
    let mut derives = "Debug, Clone, PartialEq, Queryable, Selectable".to_owned();
    if fields.changes {
        doc += "; `.set(&row)` writes it back";
        derives += ", AsChangeset";
        if keys != ["id"] {
            said.push(format!("primary_key({})", rust_columns(named, keys).join(", ")));
        }
        said.push("treat_none_as_null = true".to_owned());
    }
    fields.written(name, &format!("{doc}."), &derives, &said)
}

/// The lines of a struct.
#[derive(Default)]
struct Fields {
    lines: Vec<String>,
    /// One of them is a field.
    any: bool,
    /// One of the fields can be changed.
    changes: bool,
}

impl Fields {
    fn field(&mut self, line: String) {
        self.lines.push(line);
        self.any = true;
    }

    fn written(&self, name: &str, doc: &str, derives: &str, said: &[String]) -> String {
        let said = said.join(", ");
        let lines: String = self.lines.iter().map(|line| indented(line)).collect();
        format!("/// {doc}\n#[derive({derives})]\n#[diesel({said})]\npub struct {name} {{\n{lines}}}\n")
    }
}
