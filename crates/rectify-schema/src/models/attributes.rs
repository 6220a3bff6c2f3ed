//! The attributes of a table and of a column: what each says, as far as its own text shows it.

use proc_macro2::Span;
use rectify_chain::nearest::nearest;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    Attribute, Error, Expr, ExprField, Ident, Lit, LitStr, Member, Meta, Path, Result, Token, parenthesized, token,
};

use super::arguments::{Arguments, error, literal, number, sql, text};
use super::built;
use super::declaration::{
    CheckDeclaration, ColumnDeclaration, ExcludeDeclaration, ForeignKeyDeclaration, IndexDeclaration, IndexPart,
    Parent, Part, PrimaryKeyDeclaration, TableDeclaration, UniqueDeclaration, ViewDeclaration,
};
use super::model::{ByDialect, GivenType};
use crate::name::TableName;
use crate::schema::{
    Check, DefaultValue, Deferrable, Exclude, ForeignKey, ForeignKeyAction, Generated, Identity, IndexColumn,
    IndexTarget, OnConflict, Unique, index, index_column,
};

const OF_TABLE: [&str; 12] = [
    "exclude",
    "sql_name",
    "comment",
    "primary_key",
    "unique",
    "index",
    "foreign_key",
    "check",
    "options",
    "view",
    "materialized_view",
    "reads",
];

const OF_COLUMN: [&str; 17] = [
    "not_null",
    "sql_name",
    "max_length",
    "default",
    "identity",
    "autoincrement",
    "unique",
    "index",
    "references",
    "check",
    "comment",
    "precision",
    "collate",
    "generated",
    "sql_type",
    "column_type",
    "primary_key",
];

/// Attributes of the language and its tools, which go to Diesel's macro as they are.
const OF_RUST: [&str; 12] =
    ["doc", "cfg", "cfg_attr", "allow", "expect", "warn", "deny", "forbid", "deprecated", "must_use", "derive", "repr"];

const INDEX: [&str; 12] = [
    "name",
    "on",
    "unique",
    "where",
    "using",
    "include",
    "nulls_not_distinct",
    "storage",
    "tablespace",
    "parser",
    "desc",
    "length",
];
const FOREIGN_KEY: [&str; 10] = [
    "on_delete_columns",
    "name",
    "on",
    "references",
    "on_delete",
    "on_update",
    "deferrable",
    "initially_deferred",
    "match_full",
    "joinable",
];
const UNIQUE: [&str; 7] =
    ["name", "on", "deferrable", "initially_deferred", "nulls_not_distinct", "include", "on_conflict"];
const EXCLUDE: [&str; 6] = ["name", "on", "using", "where", "deferrable", "initially_deferred"];
const DIALECTS: [&str; 4] = ["postgres", "mysql", "mariadb", "sqlite"];

pub(super) fn of_table(table: &mut TableDeclaration, attribute: Attribute) -> Result<()> {
    let Some(name) = ours(&attribute, &OF_TABLE, &OF_COLUMN, "a table")? else {
        table.passed.push(attribute);
        return Ok(());
    };
    match name.as_str() {
        "sql_name" => only(&mut table.sql_name, value_text(&attribute)?)?,
        "comment" => only(&mut table.comment, value_text(&attribute)?)?,
        "primary_key" => primary_key(table, &attribute)?,
        "unique" => table.uniques.push(unique(&attribute, None)?),
        "index" => table.indexes.push(index_of(&attribute, None)?),
        "foreign_key" => table.foreign_keys.push(foreign_key(&attribute)?),
        "check" => table.checks.push(check(&attribute, None)?),
        "exclude" => table.excludes.push(exclude(&attribute)?),
        "options" => options(table, &attribute)?,
        "view" | "materialized_view" => view(table, &attribute, name == "materialized_view")?,
        _ => reads(table, &attribute)?,
    }
    Ok(())
}

pub(super) fn of_column(
    table: &mut TableDeclaration,
    column: &mut ColumnDeclaration,
    attribute: Attribute,
) -> Result<()> {
    let Some(name) = ours(&attribute, &OF_COLUMN, &OF_TABLE, "a column")? else {
        column.passed.push(attribute);
        return Ok(());
    };
    let span = attribute.path().span();
    match name.as_str() {
        "sql_name" => only(&mut column.sql_name, value_text(&attribute)?)?,
        "comment" => only(&mut column.comment, value_text(&attribute)?)?,
        "collate" => only(&mut column.collation, value_text(&attribute)?)?,
        "max_length" => match literal_of(&attribute)? {
            Lit::Int(length) => column.max_length = Some(length),
            other => return Err(Error::new(other.span(), "expected a whole number")),
        },
        "default" => only(&mut column.default, (span, default(&attribute)?))?,
        "identity" | "autoincrement" => only(&mut column.identity, (span, identity(&attribute)?))?,
        "unique" => table.uniques.push(unique(&attribute, Some(&column.name))?),
        "index" => table.indexes.push(index_of(&attribute, Some(&column.name))?),
        "references" => table.foreign_keys.push(references(&attribute, &column.name)?),
        "check" => table.checks.push(check(&attribute, Some(&column.name))?),
        "not_null" => {
            let mut arguments = Arguments::of(&attribute, &["on_conflict"])?;
            let action = on_conflict(&mut arguments)?;
            let action = action.ok_or_else(|| wants(&attribute, "#[not_null(on_conflict = Replace)]"))?;
            arguments.end()?;
            only(&mut column.not_null, (span, action))?;
        }
        "precision" => only(&mut column.precision, precision(&attribute)?)?,
        "generated" => only(&mut column.generated, (span, generated(&attribute)?))?,
        "sql_type" | "column_type" if column.given_type.is_some() => {
            return Err(error(span, "the type is given twice", "keep one of the two"));
        }
        "sql_type" => column.given_type = Some(sql_type(&attribute)?),
        "column_type" => {
            let value = Arguments::of(&attribute, &[])?.plain();
            let value = value.ok_or_else(|| wants(&attribute, "#[column_type = varchar(20)]"))?;
            column.given_type = Some(GivenType::Built(built::column_type(&value)?));
        }
        _ => {
            let hint = format!("write the key behind the table's name: `{} ({})`", table.name, column.name);
            return Err(error(span, "`#[primary_key]` stands on a table", &hint));
        }
    }
    Ok(())
}

/// The attribute's name if it is one of `here`; refuses one that stands on the other kind of thing, or is near to one of
/// `here` and nobody else's.
fn ours(attribute: &Attribute, here: &[&str], there: &[&str], what: &str) -> Result<Option<String>> {
    let Some(name) = attribute.path().get_ident() else { return Ok(None) };
    let text = name.unraw().to_string();
    if here.contains(&text.as_str()) {
        return Ok(Some(text));
    }
    if OF_RUST.contains(&text.as_str()) {
        return Ok(None);
    }
    let of_column = here.contains(&"default");
    let near = match text.as_str() {
        "server_default" if of_column => Some("default"),
        "foreign_key" | "fk" if of_column => Some("references"),
        "references" if !of_column => Some("foreign_key"),
        "auto_increment" | "serial" if of_column => Some("identity"),
        "computed" if of_column => Some("generated"),
        "collation" if of_column => Some("collate"),
        "length" if of_column => Some("max_length"),
        "scale" if of_column => Some("precision"),
        "strict" | "without_rowid" | "engine" | "charset" | "unlogged" | "partition_by" | "tablespace"
            if !of_column =>
        {
            Some("options")
        }
        _ => nearest(&text, here.iter().copied()).first().copied(),
    };
    let message = format!("{what} has no attribute `{text}`");
    match near {
        Some(near) => Err(error(name.span(), &message, &format!("did you mean `{near}`?"))),
        None if there.contains(&text.as_str()) => {
            let other = if of_column { "on the table" } else { "on a column" };
            Err(error(name.span(), &message, &format!("it stands {other}")))
        }
        None => Ok(None),
    }
}

fn only<T>(place: &mut Option<T>, value: T) -> Result<()>
where
    T: Place,
{
    if place.is_some() {
        return Err(error(value.place(), "this is given twice", "remove one of the two"));
    }
    *place = Some(value);
    Ok(())
}

/// Where something stands.
trait Place {
    fn place(&self) -> Span;
}

impl Place for LitStr {
    fn place(&self) -> Span {
        self.span()
    }
}

impl<T> Place for (Span, T) {
    fn place(&self) -> Span {
        self.0
    }
}

impl<T, U> Place for (Span, T, U) {
    fn place(&self) -> Span {
        self.0
    }
}

fn wants(attribute: &Attribute, form: &str) -> Error {
    let name = attribute.path().get_ident().map(ToString::to_string).unwrap_or_default();
    error(attribute.path().span(), &format!("`#[{name}]` needs more"), &format!("write `{form}`"))
}

fn literal_of(attribute: &Attribute) -> Result<Lit> {
    match &attribute.meta {
        Meta::NameValue(pair) => match &pair.value {
            Expr::Lit(value) => Ok(value.lit.clone()),
            other => Err(Error::new_spanned(other, "expected a literal")),
        },
        _ => {
            let name = attribute.path().get_ident().map(ToString::to_string).unwrap_or_default();
            Err(wants(attribute, &format!("#[{name} = …]")))
        }
    }
}

fn value_text(attribute: &Attribute) -> Result<LitStr> {
    match literal_of(attribute)? {
        Lit::Str(text) => Ok(text),
        other => Err(Error::new(other.span(), "expected a text: `\"…\"`")),
    }
}

fn default(attribute: &Attribute) -> Result<DefaultValue> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return Err(wants(attribute, "#[default = \"…\"]` or `#[default = sql(\"…\")]"));
    };
    match sql(&pair.value)? {
        Some(expression) => Ok(DefaultValue::Expression(expression.value())),
        None => Ok(DefaultValue::Literal(literal(&pair.value)?)),
    }
}

fn identity(attribute: &Attribute) -> Result<Identity> {
    let keys = ["always", "start", "increment", "min_value", "max_value", "cache", "cycle"];
    let mut arguments = Arguments::of(attribute, &keys)?;
    let identity = Identity {
        always: arguments.flag("always")?,
        start: arguments.number("start")?,
        increment: arguments.number("increment")?,
        min_value: arguments.number("min_value")?,
        max_value: arguments.number("max_value")?,
        cache: arguments.number("cache")?,
        cycle: arguments.flag("cycle")?,
    };
    arguments.end()?;
    Ok(identity)
}

fn generated(attribute: &Attribute) -> Result<Generated> {
    let mut arguments = Arguments::of(attribute, &["stored", "virtual"])?;
    let expression = arguments.plain_text()?.ok_or_else(|| wants(attribute, "#[generated(\"a + b\")]"))?.value();
    let (stored, virtual_) = (arguments.flag("stored")?, arguments.flag("virtual")?);
    if stored && virtual_ {
        return Err(error(attribute.path().span(), "a column is stored or virtual", "keep one of the two"));
    }
    arguments.end()?;
    Ok(Generated { expression, stored: !virtual_ })
}

fn precision(attribute: &Attribute) -> Result<(Span, u16, Option<u16>)> {
    let mut arguments = Arguments::of(attribute, &[])?;
    let mut digits = || match arguments.plain() {
        None => Ok(None),
        Some(value) => match u16::try_from(number(&value)?) {
            Ok(digits) => Ok(Some(digits)),
            Err(_) => Err(Error::new_spanned(&value, "expected a number of digits")),
        },
    };
    let precision = digits()?.ok_or_else(|| wants(attribute, "#[precision(12, 2)]"))?;
    let scale = digits()?;
    arguments.end()?;
    let span = attribute.path().span();
    if scale.is_some_and(|scale| scale > precision) {
        return Err(error(
            span,
            "more digits after the point than digits",
            "write `#[precision(digits, after the point)]`",
        ));
    }
    Ok((span, precision, scale))
}

fn sql_type(attribute: &Attribute) -> Result<GivenType> {
    let texts = by_dialect(attribute)?;
    if texts.is_empty() {
        return Err(wants(attribute, "#[sql_type = \"…\"]"));
    }
    Ok(GivenType::Sql(texts))
}

/// `"for all", sqlite = "for one"`
fn by_dialect(attribute: &Attribute) -> Result<ByDialect> {
    let mut arguments = Arguments::of(attribute, &DIALECTS)?;
    let all = arguments.plain_text()?.map(|text| text.value());
    let mut each = Vec::new();
    for dialect in DIALECTS {
        if let Some(text) = arguments.text(dialect)? {
            each.push((dialect.to_owned(), text.value()));
        }
    }
    arguments.end()?;
    Ok(ByDialect { all, each })
}

fn on_conflict(arguments: &mut Arguments) -> Result<Option<OnConflict>> {
    let Some(word) = arguments.word("on_conflict")? else { return Ok(None) };
    let found = OnConflict::parse(&word.to_string());
    let message = || format!("there is no action `{word}`");
    found.map(Some).ok_or_else(|| error(word.span(), &message(), "there are `Rollback`, `Fail`, `Ignore`, `Replace`"))
}

fn check(attribute: &Attribute, column: Option<&Ident>) -> Result<CheckDeclaration> {
    let mut arguments = Arguments::of(attribute, &["name", "short", "no_inherit"])?;
    let first = arguments.plain_text()?.ok_or_else(|| wants(attribute, "#[check(\"name\", \"condition\")]"))?;
    let (name, expression) = match arguments.plain_text()? {
        Some(second) => (Some(first), second),
        None => (arguments.text("name")?, first),
    };
    let no_inherit = arguments.flag("no_inherit")?;
    let short = arguments.text("short")?;
    arguments.end()?;
    let (is_short, name) = (short.is_some() && name.is_none(), name.or(short));
    let column = column.filter(|_| is_short || name.is_none()).map(|column| column.unraw().to_string());
    let rest = Check { expression: expression.value(), no_inherit, is_short, column, ..Check::default() };
    Ok(CheckDeclaration { name, rest })
}

fn primary_key(table: &mut TableDeclaration, attribute: &Attribute) -> Result<()> {
    let keys = ["name", "include", "deferrable", "initially_deferred", "on_conflict"];
    let mut arguments = Arguments::of(attribute, &keys)?;
    let key = PrimaryKeyDeclaration {
        name: arguments.text("name")?,
        include: arguments.list::<Ident>("include")?.map(|(_, columns)| columns).unwrap_or_default(),
        deferrable: deferrable(&mut arguments)?,
        on_conflict: on_conflict(&mut arguments)?,
    };
    arguments.end()?;
    match table.key.replace(key) {
        Some(_) => Err(error(attribute.path().span(), "this is given twice", "remove one of the two")),
        None => Ok(()),
    }
}

/// The columns of a constraint: those of `on(…)`, or the column that it stands on.
fn columns_of(arguments: &mut Arguments, column: Option<&Ident>, span: Span) -> Result<Vec<Ident>> {
    match (arguments.list::<Ident>("on")?, column) {
        (None, Some(column)) => Ok(vec![column.clone()]),
        (None, None) => Err(error(span, "this needs columns", "name them: `on(…)`")),
        (Some((span, _)), Some(_)) => {
            Err(error(span, "this is on the column that it stands on", "put it on the table"))
        }
        (Some((span, columns)), None) if columns.is_empty() => {
            Err(error(span, "this needs columns", "name them: `on(…)`"))
        }
        (Some((_, columns)), None) => Ok(columns),
    }
}

fn deferrable(arguments: &mut Arguments) -> Result<Option<Deferrable>> {
    let (deferrable, deferred) = (arguments.flag("deferrable")?, arguments.flag("initially_deferred")?);
    Ok(if deferred {
        Some(Deferrable::InitiallyDeferred)
    } else {
        deferrable.then_some(Deferrable::InitiallyImmediate)
    })
}

fn unique(attribute: &Attribute, column: Option<&Ident>) -> Result<UniqueDeclaration> {
    let mut arguments = Arguments::of(attribute, &UNIQUE)?;
    let name = arguments.text("name")?;
    let columns = columns_of(&mut arguments, column, attribute.path().span())?;
    let rest = Unique {
        deferrable: deferrable(&mut arguments)?,
        nulls_not_distinct: arguments.flag("nulls_not_distinct")?,
        on_conflict: on_conflict(&mut arguments)?,
        ..Unique::default()
    };
    let include = arguments.list::<Ident>("include")?.map(|(_, columns)| columns).unwrap_or_default();
    arguments.end()?;
    Ok(UniqueDeclaration { name, columns, include, rest })
}

fn index_of(attribute: &Attribute, column: Option<&Ident>) -> Result<IndexDeclaration> {
    let span = attribute.path().span();
    let mut arguments = Arguments::of(attribute, &INDEX)?;
    let name = arguments.text("name")?;
    let desc = arguments.flag("desc")?;
    let length = arguments.number("length")?;
    let mut columns: Vec<(IndexPart, IndexColumn)> = match (arguments.list::<Part>("on")?, column) {
        (None, Some(column)) => vec![(IndexPart::Column(column.clone()), index_column(""))],
        (Some((_, parts)), None) if !parts.is_empty() => {
            parts.into_iter().map(|Part(part, column)| (part, column)).collect()
        }
        (Some((span, _)), Some(_)) => {
            return Err(error(span, "this is on the column that it stands on", "put it on the table"));
        }
        _ => return Err(error(span, "an index needs columns", "name them: `on(…)`")),
    };
    if desc || length.is_some() {
        if column.is_none() {
            return Err(error(span, "this is said of one column", "write `on(a.desc())`, `on(a.length(20))`"));
        }
        for (_, part) in &mut columns {
            *part = if desc { part.clone().desc() } else { part.clone() };
            part.length =
                length.map(u32::try_from).transpose().map_err(|_| Error::new(span, "a length is positive"))?;
        }
    }
    let mut rest = index(None);
    rest.unique = arguments.flag("unique")?;
    rest.predicate = arguments.text("where")?.map(|text| text.value());
    rest.method = arguments.text("using")?.map(|text| text.value());
    rest.nulls_not_distinct = arguments.flag("nulls_not_distinct")?;
    rest.tablespace = arguments.text("tablespace")?.map(|text| text.value());
    rest.parser = arguments.text("parser")?.map(|text| text.value());
    rest.storage = storage(&mut arguments)?;
    let include = arguments.list::<Ident>("include")?.map(|(_, columns)| columns).unwrap_or_default();
    arguments.end()?;
    Ok(IndexDeclaration { span, name, columns, include, rest })
}

/// `#[exclude(on(room = "=", during = "&&"), using = "gist")]`
fn exclude(attribute: &Attribute) -> Result<ExcludeDeclaration> {
    struct Element(IndexPart, IndexColumn, String);
    impl Parse for Element {
        fn parse(input: ParseStream<'_>) -> Result<Self> {
            match input.parse::<Expr>()? {
                Expr::Assign(pair) => {
                    let Part(part, column) = index_part(&pair.left)?;
                    Ok(Self(part, column, text(&pair.right)?.value()))
                }
                other => Err(error(other.span(), "expected a column and its operator", "write `on(room = \"=\")`")),
            }
        }
    }
    let span = attribute.path().span();
    let mut arguments = Arguments::of(attribute, &EXCLUDE)?;
    let elements = arguments.list::<Element>("on")?.map(|(_, elements)| elements).unwrap_or_default();
    if elements.is_empty() {
        return Err(error(span, "this needs columns and their operators", "name them: `on(room = \"=\")`"));
    }
    let declaration = ExcludeDeclaration {
        name: arguments.text("name")?,
        elements: elements.into_iter().map(|Element(part, column, operator)| (part, column, operator)).collect(),
        rest: Exclude {
            name: None,
            method: arguments.text("using")?.map(|text| text.value()),
            elements: Vec::new(),
            predicate: arguments.text("where")?.map(|text| text.value()),
            deferrable: deferrable(&mut arguments)?,
        },
    };
    arguments.end()?;
    Ok(declaration)
}

/// `a`, `a.desc().nulls_last()`, `sql("lower(a)").desc()`
pub(super) fn index_part(value: &Expr) -> Result<Part> {
    match value {
        Expr::Path(path) if path.path.get_ident().is_some() => {
            let column =
                path.path.get_ident().cloned().ok_or_else(|| Error::new_spanned(value, "expected a column"))?;
            Ok(Part(IndexPart::Column(column), index_column("")))
        }
        Expr::MethodCall(call) => {
            let Part(part, column) = index_part(&call.receiver)?;
            let mut arguments = call.args.iter();
            let mut argument =
                || arguments.next().ok_or_else(|| Error::new(call.method.span(), "this needs an argument"));
            let column = match call.method.to_string().as_str() {
                "asc" => column.asc(),
                "desc" => column.desc(),
                "nulls_first" => column.nulls_first(),
                "nulls_last" => column.nulls_last(),
                "collate" => column.collate(text(argument()?)?.value()),
                "operator_class" => column.operator_class(text(argument()?)?.value()),
                "length" => {
                    let value = argument()?;
                    column.length(
                        u32::try_from(number(value)?).map_err(|_| Error::new_spanned(value, "a length is positive"))?,
                    )
                }
                other => {
                    let known = ["asc", "desc", "nulls_first", "nulls_last", "collate", "operator_class", "length"];
                    let hint = match nearest(other, known).first() {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("there are `{}`", known.join("`, `")),
                    };
                    return Err(error(call.method.span(), &format!("an index column has no `{other}`"), &hint));
                }
            };
            match arguments.next() {
                Some(more) => Err(Error::new_spanned(more, "one argument too many")),
                None => Ok(Part(part, column)),
            }
        }
        other => match sql(other)? {
            Some(expression) => {
                let column = IndexColumn::new(IndexTarget::Expression(expression.value()));
                Ok(Part(IndexPart::Expression, column))
            }
            None => Err(error(other.span(), "expected a column", "write `a`, `a.desc()` or `sql(\"lower(a)\")`")),
        },
    }
}

/// `storage(fillfactor = 70)`
fn storage(arguments: &mut Arguments) -> Result<Vec<(String, String)>> {
    struct Parameter(String, String);
    impl Parse for Parameter {
        fn parse(input: ParseStream<'_>) -> Result<Self> {
            let name = input.call(Ident::parse_any)?;
            input.parse::<Token![=]>()?;
            let value = match input.parse::<Lit>()? {
                Lit::Str(text) => text.value(),
                Lit::Int(digits) => digits.base10_digits().to_owned(),
                Lit::Float(digits) => digits.base10_digits().to_owned(),
                Lit::Bool(value) => value.value.to_string(),
                other => return Err(Error::new(other.span(), "expected a text, a number, `true` or `false`")),
            };
            Ok(Self(name.to_string(), value))
        }
    }
    let list = arguments.list::<Parameter>("storage")?.map(|(_, list)| list).unwrap_or_default();
    Ok(list.into_iter().map(|Parameter(name, value)| (name, value)).collect())
}

/// `tenants(id, region)`, `"auth.users"("id")`: the table and the columns of a key of several columns.
struct Referred(Parent);

impl Parse for Referred {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let content;
        if input.peek(LitStr) {
            let table = input.parse()?;
            if !input.peek(token::Paren) {
                return Ok(Self(Parent::Sql(table, Vec::new())));
            }
            parenthesized!(content in input);
            let columns = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
            return Ok(Self(Parent::Sql(table, columns.into_iter().collect())));
        }
        let table = input.call(Path::parse_mod_style)?;
        parenthesized!(content in input);
        let columns = Punctuated::<Ident, Token![,]>::parse_terminated(&content)?;
        Ok(Self(Parent::Table(table, columns.into_iter().collect())))
    }
}

fn foreign_key(attribute: &Attribute) -> Result<ForeignKeyDeclaration> {
    let span = attribute.path().span();
    let mut arguments = Arguments::of(attribute, &FOREIGN_KEY)?;
    let columns = columns_of(&mut arguments, None, span)?;
    let referred = arguments.list::<Referred>("references")?;
    let Some((at, mut referred)) = referred else {
        return Err(error(span, "a foreign key refers to a table", "name it: `references(tenants(id))`"));
    };
    let Some(Referred(parent)) = (referred.len() == 1).then(|| referred.remove(0)) else {
        return Err(error(at, "a foreign key refers to one table", "write `references(tenants(id))`"));
    };
    finish_foreign_key(arguments, span, columns, parent)
}

fn references(attribute: &Attribute, column: &Ident) -> Result<ForeignKeyDeclaration> {
    let span = attribute.path().span();
    let keys: Vec<&str> = FOREIGN_KEY.into_iter().filter(|key| !["on", "references"].contains(key)).collect();
    let mut arguments = Arguments::of(attribute, &keys)?;
    let parent = match arguments.plain() {
        Some(Expr::Field(ExprField { base, member: Member::Named(parent_column), .. })) => match *base {
            Expr::Path(table) => Parent::Table(table.path, vec![parent_column]),
            other => return Err(error(other.span(), "expected a table", "write `#[references(tenants.id)]`")),
        },
        Some(other) => {
            let table = text(&other).map_err(|_| {
                error(other.span(), "expected a table and its column", "write `#[references(tenants.id)]`")
            })?;
            // Without a column it is the primary key, whatever that is.
            Parent::Sql(table, arguments.plain_text()?.into_iter().collect())
        }
        None => return Err(wants(attribute, "#[references(tenants.id)]")),
    };
    finish_foreign_key(arguments, span, vec![column.clone()], parent)
}

fn finish_foreign_key(
    mut arguments: Arguments,
    span: Span,
    columns: Vec<Ident>,
    parent: Parent,
) -> Result<ForeignKeyDeclaration> {
    let on_delete = arguments.word("on_delete")?;
    let on_update = arguments.word("on_update")?;
    let declaration = ForeignKeyDeclaration {
        span,
        name: arguments.text("name")?,
        columns,
        parent,
        joinable: arguments.choice("joinable")?,
        on_delete_columns: arguments
            .list::<Ident>("on_delete_columns")?
            .map(|(_, columns)| columns)
            .unwrap_or_default(),
        rest: ForeignKey {
            name: None,
            on_delete: on_delete.as_ref().map(action).transpose()?,
            on_update: on_update.as_ref().map(action).transpose()?,
            deferrable: deferrable(&mut arguments)?,
            match_full: arguments.flag("match_full")?,
            ..crate::schema::foreign_key(None)
        },
        on_delete,
    };
    arguments.end()?;
    let referred = match &declaration.parent {
        Parent::Table(_, columns) => columns.len(),
        Parent::Sql(_, columns) => columns.len(),
    };
    let by_key = referred == 0 && matches!(declaration.parent, Parent::Sql(..));
    if referred != declaration.columns.len() && !by_key {
        let message = format!("{} columns that refer to {referred}", declaration.columns.len());
        return Err(error(span, &message, "name as many columns in `on(…)` as in `references(…)`"));
    }
    Ok(declaration)
}

fn action(word: &Ident) -> Result<ForeignKeyAction> {
    let known = ["Cascade", "Restrict", "SetNull", "SetDefault", "NoAction"];
    match word.to_string().as_str() {
        "Cascade" => Ok(ForeignKeyAction::Cascade),
        "Restrict" => Ok(ForeignKeyAction::Restrict),
        "SetNull" => Ok(ForeignKeyAction::SetNull),
        "SetDefault" => Ok(ForeignKeyAction::SetDefault),
        "NoAction" => Ok(ForeignKeyAction::NoAction),
        other => {
            let bare: String = other.chars().filter(char::is_ascii_alphabetic).collect();
            let near = known.into_iter().find(|name| name.eq_ignore_ascii_case(&bare));
            let hint = match near.or_else(|| nearest(other, known).first().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are `{}`", known.join("`, `")),
            };
            Err(error(word.span(), &format!("there is no action `{other}`"), &hint))
        }
    }
}

fn options(table: &mut TableDeclaration, attribute: &Attribute) -> Result<()> {
    let keys = [
        "strict",
        "without_rowid",
        "engine",
        "charset",
        "collate",
        "unlogged",
        "partition_by",
        "partitions",
        "inherits",
        "access_method",
        "storage",
        "tablespace",
        "row_format",
        "auto_increment",
    ];
    let mut arguments = Arguments::of(attribute, &keys)?;
    let mut text = |key: &str| Ok::<_, Error>(arguments.text(key)?.map(|text| text.value()));
    let options = &mut table.options;
    options.engine = text("engine")?.or(options.engine.take());
    options.charset = text("charset")?.or(options.charset.take());
    options.collation = text("collate")?.or(options.collation.take());
    options.partition_by = text("partition_by")?.or(options.partition_by.take());
    options.partitions = text("partitions")?.or(options.partitions.take());
    options.access_method = text("access_method")?.or(options.access_method.take());
    options.tablespace = text("tablespace")?.or(options.tablespace.take());
    options.row_format = text("row_format")?.or(options.row_format.take());
    options.strict |= arguments.flag("strict")?;
    options.without_rowid |= arguments.flag("without_rowid")?;
    options.unlogged |= arguments.flag("unlogged")?;
    if let Some(number) = arguments.number("auto_increment")? {
        let positive =
            u64::try_from(number).map_err(|_| Error::new(attribute.path().span(), "numbers begin above zero"))?;
        options.auto_increment = Some(positive);
    }
    if let Some((_, parents)) = arguments.list::<LitStr>("inherits")? {
        options.inherits.extend(parents.iter().map(|name| split_name(&name.value())));
    }
    options.storage.extend(storage(&mut arguments)?);
    arguments.end()
}

fn view(table: &mut TableDeclaration, attribute: &Attribute, materialized: bool) -> Result<()> {
    let query = by_dialect(attribute)?;
    if query.is_empty() {
        return Err(wants(attribute, "#[view = \"SELECT …\"]"));
    }
    let reads = match table.view.take() {
        None => Vec::new(),
        Some(view) if view.query.is_empty() => view.reads,
        Some(_) => return Err(error(attribute.path().span(), "the view is given twice", "remove one of the two")),
    };
    table.view = Some(ViewDeclaration { materialized, query, reads });
    Ok(())
}

fn reads(table: &mut TableDeclaration, attribute: &Attribute) -> Result<()> {
    let Meta::List(list) = &attribute.meta else { return Err(wants(attribute, "#[reads(users, documents)]")) };
    let read = Punctuated::<Path, Token![,]>::parse_terminated.parse2(list.tokens.clone())?;
    let empty = ViewDeclaration { materialized: false, query: ByDialect::default(), reads: Vec::new() };
    table.view.get_or_insert(empty).reads.extend(read);
    Ok(())
}

/// `schema.table` or `table`.
pub(super) fn split_name(text: &str) -> TableName {
    match text.split_once('.') {
        Some(parts) => parts.into(),
        None => text.into(),
    }
}
