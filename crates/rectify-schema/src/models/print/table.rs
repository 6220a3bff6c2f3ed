//! One table, as it stands in `tables!` and in `diesel::table!`.

use super::{NamedTable, Printer, sql_name};
use crate::models::check::fits;
use crate::schema::{
    Check, Column, ColumnType, DefaultValue, Deferrable, Exclude, ForeignKey, ForeignKeyAction, Identity, Index,
    IndexColumn, IndexTarget, Nulls, OnConflict, Order, PrimaryKey, Table, TableOptions, Unique, Value,
};

/// `#[name]`, or `#[name(arguments)]`.
fn attribute(name: &str, arguments: &[String]) -> String {
    if arguments.is_empty() { format!("#[{name}]") } else { format!("#[{name}({})]", arguments.join(", ")) }
}

fn text(key: &str, value: &str) -> String {
    format!("{key} = {value:?}")
}

impl Printer<'_> {
    /// A table with everything that Rectify's attributes can say.
    pub(super) fn table(&self, named: &NamedTable<'_>) -> String {
        let Table {
            name,
            columns,
            primary_key,
            uniques,
            foreign_keys,
            checks,
            excludes,
            indexes,
            comment,
            options,
            if_not_exists: _,
            with_enums: _,
        } = named.table;
        let mut head: Vec<String> = Vec::new();
        head.extend(comment.as_ref().map(|comment| format!("#[comment = {comment:?}]")));
        head.extend(primary_key.as_ref().and_then(|key| key_attribute(named, key)));
        head.extend(options_attribute(options));
        let (single, composite): (Vec<&Unique>, Vec<&Unique>) =
            uniques.iter().partition(|unique| unique.columns.len() == 1);
        head.extend(composite.into_iter().map(|unique| unique_attribute(named, unique, true)));
        let (alone, together): (Vec<&Index>, Vec<&Index>) = indexes.iter().partition(|index| is_alone(index));
        head.extend(together.into_iter().map(|index| index_attribute(named, index, true)));
        let (one, several): (Vec<&ForeignKey>, Vec<&ForeignKey>) =
            foreign_keys.iter().partition(|key| key.columns.len() == 1);
        head.extend(several.into_iter().map(|key| self.foreign_key_attribute(named, key)));
        head.extend(checks.iter().map(check_attribute));
        head.extend(excludes.iter().map(|exclude| exclude_attribute(named, exclude)));
        head.extend(sql_name(&named.name, &name.name));

        let mut text = self.imports(named);
        text.extend(head.iter().map(|line| format!("    {line}\n")));
        text += &self.opening(named);
        for (column, rust_name) in columns.iter().zip(&named.columns) {
            let mut lines = self.column_attributes(column);
            let about = |columns: &[String]| columns == [column.name.clone()];
            lines.extend(
                single
                    .iter()
                    .filter(|unique| about(&unique.columns))
                    .map(|unique| unique_attribute(named, unique, false)),
            );
            let of_column =
                |index: &&&Index| matches!(&index.columns[0].target, IndexTarget::Column(name) if *name == column.name);
            lines.extend(alone.iter().filter(of_column).map(|index| index_attribute(named, index, false)));
            lines.extend(one.iter().filter(|key| about(&key.columns)).map(|key| self.references_attribute(named, key)));
            text.extend(lines.iter().map(|line| format!("        {line}\n")));
            text += &self.column_line(column, rust_name);
        }
        text + "    }\n"
    }

    /// A table with what Diesel's own macro can say.
    pub(super) fn plain_table(&self, named: &NamedTable<'_>) -> String {
        let mut text = "diesel::table! {\n".to_owned();
        let imports = self.imports(named);
        text += &imports
            .replace("use super::", "use super::sql_types::")
            .replace("use super::sql_types::sql_types::", "use super::sql_types::");
        text += if imports.is_empty() { "" } else { "\n" };
        text.extend(sql_name(&named.name, &named.table.name.name).map(|line| format!("    {line}\n")));
        text += &self.opening(named);
        for (column, rust_name) in named.table.columns.iter().zip(&named.columns) {
            let length = self.write_type(&column.column_type).size.length;
            text.extend(length.map(|length| format!("        #[max_length = {length}]\n")));
            text.extend(sql_name(rust_name, &column.name).map(|line| format!("        {line}\n")));
            text += &self.column_line(column, rust_name);
        }
        text + "    }\n}\n"
    }

    /// `joinable!` for each pair of tables with one foreign key between them, to the primary key.
    pub(super) fn joinables(&self, named: &NamedTable<'_>) -> Vec<String> {
        let between =
            |one: &Table, other: &Table| one.foreign_keys.iter().filter(|key| key.references == other.name).count();
        let mut joins = Vec::new();
        for key in &named.table.foreign_keys {
            let Some(parent) = self.find(&key.references) else { continue };
            let to_key = parent.table.primary_key.as_ref().is_some_and(|own| own.columns == key.referenced_columns);
            let once = between(named.table, parent.table) + between(parent.table, named.table) == 1;
            if key.columns.len() == 1 && to_key && once && self.has_same_types(named, parent, key) {
                let column = rust_column(named, &key.columns[0]);
                joins.push(format!("diesel::joinable!({} -> {} ({column}));\n", named.name, parent.name));
            }
        }
        joins
    }

    /// The `use` lines for types that are declared beside the tables.
    fn imports(&self, named: &NamedTable<'_>) -> String {
        let mut used: Vec<String> = Vec::new();
        for column in &named.table.columns {
            let mut written = &self.write_type(&column.column_type).diesel;
            while let Some(inner) = written.arguments.first() {
                written = inner;
            }
            let is_enum = self.enums.iter().any(|known| known.rust_name == written.name);
            let is_custom = self.customs.iter().any(|(_, name)| *name == written.name);
            let line = match (is_enum, is_custom) {
                (true, _) => format!("use super::{};", written.name),
                (_, true) => format!("use super::sql_types::{};", written.name),
                _ => continue,
            };
            if !used.contains(&line) {
                used.push(line);
            }
        }
        if used.is_empty() {
            return String::new();
        }
        used.insert(0, "use diesel::sql_types::*;".to_owned());
        used.iter().map(|line| format!("    {line}\n")).collect()
    }

    pub(super) fn opening(&self, named: &NamedTable<'_>) -> String {
        let schema = named.table.name.schema.as_ref().map(|schema| format!("{schema}.")).unwrap_or_default();
        let keys = named.table.primary_key.as_ref().map(|key| rust_columns(named, &key.columns)).unwrap_or_default();
        format!("    {schema}{} ({}) {{\n", named.name, keys.join(", "))
    }

    fn column_line(&self, column: &Column, rust_name: &str) -> String {
        let written = self.write_type(&column.column_type).diesel;
        let column_type = if column.nullable { format!("Nullable<{written}>") } else { written.to_string() };
        format!("        {rust_name} -> {column_type},\n")
    }

    fn column_attributes(&self, column: &Column) -> Vec<String> {
        let Column {
            name,
            column_type,
            nullable: _,
            default,
            identity,
            generated,
            collation,
            comment,
            primary_key: _,
            unique: _,
            foreign_key: _,
            check: _,
            index: _,
            names: _,
            not_null_on_conflict,
        } = column;
        let written = self.write_type(column_type);
        let mut lines = Vec::new();
        lines.extend(comment.as_ref().map(|comment| format!("#[comment = {comment:?}]")));
        lines.extend(written.size.length.map(|length| format!("#[max_length = {length}]")));
        lines.extend(written.size.precision.map(|precision| match written.size.scale {
            Some(scale) => format!("#[precision({precision}, {scale})]"),
            None => format!("#[precision({precision})]"),
        }));
        let is_enum = self.enums.iter().any(|known| known.rust_name == written.diesel.innermost().name);
        if !written.exact && !is_enum {
            lines.push(self.given_type(column_type));
        }
        lines.extend(collation.as_ref().map(|collation| format!("#[collate = {collation:?}]")));
        lines.extend(not_null_on_conflict.map(|action| format!("#[not_null(on_conflict = {action:?})]")));
        lines.extend(identity.as_ref().map(identity_attribute));
        let exact = written.exact || is_enum;
        lines.extend(default.as_ref().and_then(|default| self.default_attribute(column, default, exact)));
        lines.extend(generated.as_ref().map(|generated| {
            let kind = if generated.stored { "" } else { ", virtual" };
            format!("#[generated({:?}{kind})]", generated.expression)
        }));
        let rust_name = self.rust_name_of(column);
        lines.extend(rust_name.and_then(|rust_name| sql_name(rust_name, name)));
        lines
    }

    fn rust_name_of(&self, column: &Column) -> Option<&str> {
        let in_table =
            |named: &&super::NamedTable<'_>| named.table.columns.iter().any(|other| std::ptr::eq(other, column));
        let named = self.tables.iter().find(in_table)?;
        let place = named.table.columns.iter().position(|other| std::ptr::eq(other, column))?;
        named.columns.get(place).map(String::as_str)
    }

    /// The type in the words of the database, or else in those of a migration.
    fn given_type(&self, column_type: &ColumnType) -> String {
        match self.dialect.type_name(column_type) {
            Ok(spelt) if self.dialect.parse_type(&spelt) == *column_type => format!("#[sql_type = {spelt:?}]"),
            _ => format!("#[column_type = {}]", crate::emit::column_type(column_type)),
        }
    }

    fn default_attribute(&self, column: &Column, default: &DefaultValue, exact: bool) -> Option<String> {
        let written = self.write_type(&column.column_type);
        let as_sql = |text: &str| Some(format!("#[default = sql({text:?})]"));
        let value = match default {
            DefaultValue::Expression(text) => return as_sql(text),
            DefaultValue::Literal(Value::Null) => return None,
            DefaultValue::Literal(value) => value,
        };
        let length = written.size.length.map(|length| length as usize);
        if exact && !fits(&written.diesel, value, length) {
            return self.dialect.literal(value).ok().and_then(|text| as_sql(&text));
        }
        Some(match value {
            Value::Null => return None,
            Value::Bool(value) => format!("#[default = {value}]"),
            Value::Int(number) => format!("#[default = {number}]"),
            Value::Float(number) if number.is_finite() => format!("#[default = {number:?}]"),
            Value::Float(_) => return self.dialect.literal(value).ok().and_then(|text| as_sql(&text)),
            Value::Text(text) => format!("#[default = {text:?}]"),
            Value::Bytes(bytes) => format!("#[default = b\"{}\"]", bytes.escape_ascii()),
        })
    }

    fn references_attribute(&self, named: &NamedTable<'_>, key: &ForeignKey) -> String {
        let mut said = match self.parent(named, key) {
            Some((parent, columns)) => vec![format!("{parent}.{}", columns[0])],
            None => {
                let columns = key.referenced_columns.iter().map(|column| format!("{column:?}"));
                std::iter::once(format!("{:?}", key.references.to_string())).chain(columns).collect()
            }
        };
        said.extend(foreign_key_rest(named, key));
        attribute("references", &said)
    }

    fn foreign_key_attribute(&self, named: &NamedTable<'_>, key: &ForeignKey) -> String {
        let referred = match self.parent(named, key) {
            Some((parent, columns)) => format!("{parent}({})", columns.join(", ")),
            None if key.referenced_columns.is_empty() => format!("{:?}", key.references.to_string()),
            None => {
                let columns: Vec<String> = key.referenced_columns.iter().map(|column| format!("{column:?}")).collect();
                format!("{:?}({})", key.references.to_string(), columns.join(", "))
            }
        };
        let columns = rust_columns(named, &key.columns).join(", ");
        let mut said = vec![format!("on({columns})"), format!("references({referred})")];
        said.extend(foreign_key_rest(named, key));
        attribute("foreign_key", &said)
    }

    /// Whether the columns of a key are to Diesel what they refer to; databases are not so strict.
    fn has_same_types(&self, named: &NamedTable<'_>, parent: &NamedTable<'_>, key: &ForeignKey) -> bool {
        let diesel_type = |table: &Table, name: &str| {
            table.find_column(name).map(|column| self.write_type(&column.column_type).diesel.to_string())
        };
        key.columns.iter().zip(&key.referenced_columns).all(|(child, other)| {
            let (child, other) = (diesel_type(named.table, child), diesel_type(parent.table, other));
            child.is_some() && child.as_deref().map(family) == other.as_deref().map(family)
        })
    }

    /// The parent in Rust's names, where Rust can check the key: the table is there, the types are the same to Diesel, and
    /// a column that is set to `NULL` can be.
    fn parent(&self, named: &NamedTable<'_>, key: &ForeignKey) -> Option<(&str, Vec<String>)> {
        let parent = self.find(&key.references)?;
        let set = if key.on_delete_columns.is_empty() { &key.columns } else { &key.on_delete_columns };
        let fixed = |name: &String| named.table.find_column(name).is_some_and(|column| !column.nullable);
        let never_null = key.on_delete == Some(ForeignKeyAction::SetNull) && set.iter().any(fixed);
        let whole = key.columns.len() == key.referenced_columns.len();
        (whole && !never_null && self.has_same_types(named, parent, key))
            .then(|| (parent.name.as_str(), rust_columns(parent, &key.referenced_columns)))
    }
}

/// What several of Diesel's names stand for.
fn family(name: &str) -> &str {
    match name {
        "Varchar" | "Char" | "Tinytext" | "Mediumtext" | "Longtext" => "Text",
        "Varbinary" | "Tinyblob" | "Mediumblob" | "Longblob" | "Bit" => "Binary",
        other => other,
    }
}

fn rust_column(named: &NamedTable<'_>, column: &str) -> String {
    let place = named.table.columns.iter().position(|other| other.name == column);
    place.and_then(|place| named.columns.get(place)).cloned().unwrap_or_else(|| column.to_owned())
}

pub(super) fn rust_columns(named: &NamedTable<'_>, columns: &[String]) -> Vec<String> {
    columns.iter().map(|column| rust_column(named, column)).collect()
}

fn deferrable(deferrable: Option<Deferrable>) -> Option<String> {
    deferrable.map(|deferrable| match deferrable {
        Deferrable::InitiallyImmediate => "deferrable".to_owned(),
        Deferrable::InitiallyDeferred => "initially_deferred".to_owned(),
    })
}

fn include(named: &NamedTable<'_>, columns: &[String]) -> Option<String> {
    (!columns.is_empty()).then(|| format!("include({})", rust_columns(named, columns).join(", ")))
}

fn flag(set: bool, name: &str) -> Option<String> {
    set.then(|| name.to_owned())
}

fn key_attribute(named: &NamedTable<'_>, key: &PrimaryKey) -> Option<String> {
    let PrimaryKey { name, columns: _, deferrable: deferred, include: included, on_conflict } = key;
    let mut said: Vec<String> = name.iter().map(|name| text("name", name)).collect();
    said.extend(include(named, included));
    said.extend(deferrable(*deferred));
    said.extend(conflict(*on_conflict));
    (!said.is_empty()).then(|| attribute("primary_key", &said))
}

fn unique_attribute(named: &NamedTable<'_>, unique: &Unique, on_table: bool) -> String {
    let Unique { name, columns, deferrable: deferred, nulls_not_distinct, include: included, on_conflict } = unique;
    let mut said: Vec<String> = name.iter().map(|name| text("name", name)).collect();
    said.extend(on_table.then(|| format!("on({})", rust_columns(named, columns).join(", "))));
    said.extend(include(named, included));
    said.extend(flag(*nulls_not_distinct, "nulls_not_distinct"));
    said.extend(deferrable(*deferred));
    said.extend(conflict(*on_conflict));
    attribute("unique", &said)
}

fn check_attribute(check: &Check) -> String {
    let Check { name, expression, no_inherit, not_valid: _, is_short, column: _ } = check;
    let mut said: Vec<String> = name.iter().filter(|_| !is_short).map(|name| format!("{name:?}")).collect();
    said.push(format!("{expression:?}"));
    said.extend(name.iter().filter(|_| *is_short).map(|name| text("short", name)));
    said.extend(flag(*no_inherit, "no_inherit"));
    attribute("check", &said)
}

fn foreign_key_rest(named: &NamedTable<'_>, key: &ForeignKey) -> Vec<String> {
    let ForeignKey {
        name,
        columns: _,
        references: _,
        referenced_columns: _,
        on_delete,
        on_delete_columns,
        on_update,
        deferrable: deferred,
        match_full,
        not_valid: _,
    } = key;
    let mut said: Vec<String> = name.iter().map(|name| text("name", name)).collect();
    said.extend(on_delete.map(|action| format!("on_delete = {action:?}")));
    if !on_delete_columns.is_empty() {
        said.push(format!("on_delete_columns({})", rust_columns(named, on_delete_columns).join(", ")));
    }
    said.extend(on_update.map(|action| format!("on_update = {action:?}")));
    said.extend(deferrable(*deferred));
    said.extend(flag(*match_full, "match_full"));
    said
}

/// Whether the index is over one column, as an attribute of that column can say.
fn is_alone(index: &Index) -> bool {
    let [
        IndexColumn {
            target: IndexTarget::Column(_),
            order,
            nulls: None,
            collation: None,
            operator_class: None,
            length: _,
        },
    ] = index.columns.as_slice()
    else {
        return false;
    };
    *order != Some(Order::Asc)
}

fn index_attribute(named: &NamedTable<'_>, index: &Index, on_table: bool) -> String {
    let Index {
        name,
        table: _,
        columns,
        unique,
        predicate,
        method,
        include: included,
        nulls_not_distinct,
        storage: parameters,
        tablespace,
        parser,
        concurrently: _,
        if_not_exists: _,
        sql: _,
        unnamed,
    } = index;
    let mut said: Vec<String> = (!unnamed).then(|| text("name", name)).into_iter().collect();
    if on_table {
        let parts: Vec<String> = columns.iter().map(|column| index_part(named, column)).collect();
        said.push(format!("on({})", parts.join(", ")));
    } else if let Some(column) = columns.first() {
        said.extend(flag(column.order == Some(Order::Desc), "desc"));
        said.extend(column.length.map(|length| format!("length = {length}")));
    }
    said.extend(flag(*unique, "unique"));
    said.extend(method.as_ref().map(|method| text("using", method)));
    said.extend(predicate.as_ref().map(|predicate| text("where", predicate)));
    said.extend(include(named, included));
    said.extend(flag(*nulls_not_distinct, "nulls_not_distinct"));
    said.extend(storage(parameters));
    said.extend(tablespace.as_ref().map(|tablespace| text("tablespace", tablespace)));
    said.extend(parser.as_ref().map(|parser| text("parser", parser)));
    attribute("index", &said)
}

fn exclude_attribute(named: &NamedTable<'_>, exclude: &Exclude) -> String {
    let Exclude { name, method, elements, predicate, deferrable: deferred } = exclude;
    let mut said: Vec<String> = name.iter().map(|name| text("name", name)).collect();
    let on: Vec<String> = elements
        .iter()
        .map(|element| format!("{} = {:?}", index_part(named, &element.column), element.operator))
        .collect();
    said.push(format!("on({})", on.join(", ")));
    said.extend(method.as_ref().map(|method| text("using", method)));
    said.extend(predicate.as_ref().map(|predicate| text("where", predicate)));
    said.extend(deferrable(*deferred));
    attribute("exclude", &said)
}

fn conflict(action: Option<OnConflict>) -> Option<String> {
    action.map(|action| format!("on_conflict = {action:?}"))
}

fn index_part(named: &NamedTable<'_>, column: &IndexColumn) -> String {
    let IndexColumn { target, order, nulls, collation, operator_class, length } = column;
    let mut part = match target {
        IndexTarget::Column(name) => rust_column(named, name),
        IndexTarget::Expression(expression) => format!("sql({expression:?})"),
    };
    let mut method = |call: String| part += &call;
    length.iter().for_each(|length| method(format!(".length({length})")));
    collation.iter().for_each(|collation| method(format!(".collate({collation:?})")));
    operator_class.iter().for_each(|class| method(format!(".operator_class({class:?})")));
    match order {
        Some(Order::Asc) => method(".asc()".to_owned()),
        Some(Order::Desc) => method(".desc()".to_owned()),
        None => {}
    }
    match nulls {
        Some(Nulls::First) => method(".nulls_first()".to_owned()),
        Some(Nulls::Last) => method(".nulls_last()".to_owned()),
        None => {}
    }
    part
}

fn storage(parameters: &[(String, String)]) -> Option<String> {
    let said: Vec<String> = parameters.iter().map(|(name, value)| format!("{name} = {value:?}")).collect();
    (!said.is_empty()).then(|| format!("storage({})", said.join(", ")))
}

fn identity_attribute(identity: &Identity) -> String {
    let Identity { always, start, increment, min_value, max_value, cache, cycle } = identity;
    let mut said: Vec<String> = flag(*always, "always").into_iter().collect();
    let number = |key: &str, value: &Option<i64>| value.map(|value| format!("{key} = {value}"));
    said.extend(number("start", start));
    said.extend(number("increment", increment));
    said.extend(number("min_value", min_value));
    said.extend(number("max_value", max_value));
    said.extend(number("cache", cache));
    said.extend(flag(*cycle, "cycle"));
    attribute("identity", &said)
}

fn options_attribute(options: &TableOptions) -> Option<String> {
    let TableOptions {
        strict,
        without_rowid,
        engine,
        charset,
        collation,
        unlogged,
        partition_by,
        temporary: _,
        inherits,
        access_method,
        storage: parameters,
        on_commit: _,
        tablespace,
        row_format,
        auto_increment,
        partitions,
    } = options;
    let words = |key: &str, value: &Option<String>| value.as_ref().map(|value| text(key, value));
    let mut said: Vec<String> = Vec::new();
    said.extend(flag(*strict, "strict"));
    said.extend(flag(*without_rowid, "without_rowid"));
    said.extend(words("engine", engine));
    said.extend(words("charset", charset));
    said.extend(words("collate", collation));
    said.extend(words("row_format", row_format));
    said.extend(auto_increment.map(|number| format!("auto_increment = {number}")));
    said.extend(words("partitions", partitions));
    said.extend(flag(*unlogged, "unlogged"));
    said.extend(words("partition_by", partition_by));
    if !inherits.is_empty() {
        let parents: Vec<String> = inherits.iter().map(|parent| format!("{:?}", parent.to_string())).collect();
        said.push(format!("inherits({})", parents.join(", ")));
    }
    said.extend(words("access_method", access_method));
    said.extend(storage(parameters));
    said.extend(words("tablespace", tablespace));
    (!said.is_empty()).then(|| attribute("options", &said))
}
