//! The file of a data migration.

use rectify::schema::diff::{DiffOptions, diff};
use rectify::schema::emit::{self, Layout};
use rectify::schema::models::{self, FreezeError, Freezing, Frozen, Wide};
use rectify::schema::{Column, Schema, TableName};

use super::tables::{self, Tables};
use super::{DataArgs, added, crates};
use crate::autogenerate::{check_built, layout};
use crate::context::Context;
use crate::error::Error;
use crate::listing::Listing;
use crate::new_file::{Content, NewFile};

/// How far the functions of a migration are indented.
const INDENT: usize = 4;

/// Writes the migration `file` about tables as they are at its parents. `listing` is the chain in the source.
pub(crate) fn write(args: &DataArgs, file: NewFile, listing: &Listing, ctx: &Context<'_>) -> Result<(), Error> {
    check_built(listing, ctx)?;
    let tables = tables::read(args, &file.parents, ctx)?;
    let added = added::parse(&args.adding, &tables.schema, tables.dialect, &tables.at)?;
    let crates = crates::of(ctx.config.versions_folder())?;
    let layout = layout::of(ctx.config.versions_folder())?;
    let names: Vec<(TableName, String)> =
        added.iter().map(|(table, column)| (table.clone(), column.name.clone())).collect();
    let freezing = Freezing {
        at: &tables.at,
        added: &names,
        any_connection: ctx.chain()?.is_any_connection(),
        crates: &crates,
        layout,
    };
    let with = |column: &dyn Fn(&Column) -> Column| with_columns(&tables.schema, &added, column);
    let after = with(&Column::clone);
    let frozen = models::frozen(&after, tables.dialect, &freezing).map_err(|error| cannot_freeze(&error))?;
    let (upgrade, downgrade) = if added.is_empty() {
        bodies(&example(&frozen, 0))
    } else {
        let open = with(&|column| Column { nullable: true, ..column.clone() });
        let first = place(&after, &added[0].0);
        bodies_that_add(&tables, &[&open, &after], &example(&frozen, first), layout)
    };
    let content = Some(Content::Source { upgrade, downgrade: Some(downgrade) });
    NewFile { content, items: frozen.text.clone(), ..file }.write(ctx, listing)?;
    for left_out in &frozen.left_out {
        ctx.output.warning(format_args!("a comment in the file stands for {left_out}"));
    }
    if let Some(wide) = frozen.wide.filter(|wide| !crates::allows(&crates.diesel_features, wide.feature)) {
        let Wide { table, columns, feature } = wide;
        ctx.output.warning(format_args!(
            "table `{table}` has {columns} columns, and Diesel has 16 without a feature: give `diesel` the feature `{feature}` in the \
             `Cargo.toml` of the migrations"
        ));
    }
    Ok(())
}

fn with_columns(schema: &Schema, added: &[(TableName, Column)], change: &dyn Fn(&Column) -> Column) -> Schema {
    let mut schema = schema.clone();
    for table in &mut schema.tables {
        let of_table = added.iter().filter(|(name, _)| *name == table.name);
        table.columns.extend(of_table.map(|(_, column)| change(column)));
    }
    schema
}

fn cannot_freeze(error: &FreezeError) -> Error {
    let failed = Error::failed("cannot write the tables as Diesel's").because(error.to_string());
    match error {
        FreezeError::NoPrimaryKey(table) => failed.hint(format!(
            "give `{table}` a primary key in a migration before, or change its rows with `op.sql` and leave it out of `--data`"
        )),
        _ => failed.hint("leave the table out of `--data`, and change its rows with `op.sql`"),
    }
}

/// Where a table stands in the text, which is sorted by their names.
fn place(schema: &Schema, table: &TableName) -> usize {
    schema.tables.iter().filter(|other| other.name < *table).count()
}

/// What a person may write about one of the tables, and a line that uses it until then: nothing is imported in vain.
fn example(frozen: &Frozen, place: usize) -> Vec<String> {
    let table = &frozen.modules[place];
    let mut lines =
        vec![format!("// In one statement: op.execute(diesel::update({table}::table.filter(...)).set(...))?;")];
    if let Some(row) = &frozen.rows[place] {
        lines.push(format!(
            "// Row by row: op.rows({table}::table.select({row}::as_select())).chunks(1000).for_each(|op, rows| {{ ... }})?;"
        ));
    }
    lines.push(format!("let _ = {table}::table;"));
    lines
}

/// A line break in a function, and the indentation behind it.
const LINE_BREAK: &str = "\n    ";

fn bodies(example: &[String]) -> (String, String) {
    let upgrade = [example, &["let _ = op;".to_owned(), "Ok(())".to_owned()]].concat();
    let downgrade = ["// The way back, in the opposite order.", "let _ = op;", "Ok(())"];
    (upgrade.join(LINE_BREAK), downgrade.join(LINE_BREAK))
}

/// The columns are added so that they may be `NULL`, filled, and only then what they are to be.
fn bodies_that_add(tables: &Tables, steps: &[&Schema; 2], example: &[String], layout: Layout) -> (String, String) {
    let written = |from: &Schema, to: &Schema| {
        let found = diff(from, to, tables.dialect, &DiffOptions::default());
        (!found.operations.is_empty()).then(|| emit::bodies(&found, tables.dialect, INDENT, layout))
    };
    let [open, after] = *steps;
    let without_end = |body: String| body.strip_suffix("\n    Ok(())").map(str::to_owned).unwrap_or(body);
    let mut upgrade: Vec<String> =
        written(&tables.schema, open).map(|bodies| without_end(bodies.upgrade)).into_iter().collect();
    upgrade.extend_from_slice(example);
    upgrade.extend(written(open, after).map(|bodies| without_end(bodies.upgrade)));
    upgrade.push("Ok(())".to_owned());
    let downgrade = written(&tables.schema, after).and_then(|bodies| bodies.downgrade);
    (upgrade.join(LINE_BREAK), downgrade.unwrap_or_else(|| format!("let _ = op;{LINE_BREAK}Ok(())")))
}
