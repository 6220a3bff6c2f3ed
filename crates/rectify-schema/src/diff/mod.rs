//! Two schemas, and the operations that turn the one into the other, in an order that runs.
//!
//! It finds what differs and says it in operations; how a database spells them is the dialect's business. SQL texts
//! (defaults, checks, views) are compared as texts, with what never matters set aside: whoever can ask a server how it
//! prints a text should do so first.

mod backing;
mod batch;
mod casts;
mod columns;
mod constraints;
mod enum_columns;
mod enums;
mod expressions;
mod filter;
mod indexes;
mod invented;
mod knows;
mod losses;
mod numbering;
mod objects;
mod options;
mod order;
mod releases;
mod renames;
mod sequences;
mod surroundings;
mod tables;

use std::collections::HashMap;

pub use self::filter::Filter;
use self::knows::Knows;
pub use self::losses::{Loss, Lost};
pub use self::options::unchangeable;
pub use self::renames::{Rename, renamed};
use crate::dialect::Dialect;
use crate::name::TableName;
use crate::ops::{AlterEnum, Operation};
use crate::schema::{Schema, Table};

/// What to compare, and what is known beforehand. The default compares everything and accepts no renaming.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing to compare or not")]
pub struct DiffOptions {
    /// Compare the types of columns.
    pub types: bool,
    /// Compare defaults.
    pub defaults: bool,
    /// Compare what only one database knows of a table, such as its storage engine.
    pub table_options: bool,
    /// Compare comments, where the database has them.
    pub comments: bool,
    /// Compare what numbers rows.
    pub identities: bool,
    /// Compare indexes.
    pub indexes: bool,
    /// Compare unique constraints.
    pub uniques: bool,
    /// Compare checks, and exclusion constraints.
    pub checks: bool,
    /// Compare foreign keys.
    pub foreign_keys: bool,
    /// Compare views, functions, triggers and their like.
    pub objects: bool,
    /// Compare sequences that stand by themselves.
    pub sequences: bool,
    /// Compare extensions (PostgreSQL).
    pub extensions: bool,
    /// Renamings that somebody has confirmed; those that do not fit are passed over.
    pub renames: Vec<Rename>,
    /// Which tables and other objects to look at.
    pub filter: Filter,
}

impl Default for DiffOptions {
    fn default() -> Self {
        Self {
            types: true,
            defaults: true,
            table_options: true,
            comments: true,
            identities: true,
            indexes: true,
            uniques: true,
            checks: true,
            foreign_keys: true,
            objects: true,
            sequences: true,
            extensions: true,
            renames: Vec::new(),
            filter: Filter::default(),
        }
    }
}

/// What turns one schema into another.
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct Diff {
    /// The operations in the order that runs. Each has a reverse that restores what was.
    pub operations: Vec<Operation>,
    /// What is dropped and added but looks like a renaming. Written as one if [`DiffOptions::renames`] says so.
    pub likely_renames: Vec<Rename>,
    /// Which operations lose data.
    pub losses: Vec<Loss>,
}

impl Diff {
    /// Tells whether the schemas are the same.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// Gives the operations that take all of it back, in the order that runs.
    ///
    /// # Panics
    ///
    /// Never: each operation was made with all that its reverse needs, and the tests of this module hold it to that.
    #[must_use]
    pub fn reverse(&self) -> Vec<Operation> {
        let mut reversed: Vec<Operation> = Vec::new();
        for operation in self.operations.iter().rev() {
            let reverse = operation.reverse().expect("a difference carries what its reverse needs");
            match (reversed.last_mut(), reverse) {
                // Several values that were added go in one step.
                (Some(Operation::AlterEnum(last)), Operation::AlterEnum(next))
                    if last.enum_type.name == next.enum_type.name =>
                {
                    *last = AlterEnum { existing: last.existing.take(), ..next };
                }
                (_, reverse) => reversed.push(reverse),
            }
        }
        reversed
    }
}

/// Finds what turns `from` into `to` on this database.
///
/// # Examples
///
/// ```
/// use rectify_schema::{Schema, build::*, dialect::POSTGRES, diff::{DiffOptions, diff}};
///
/// let users = || table("users").column(column("id", bigint()).primary_key());
/// let from = Schema { tables: vec![users()], ..Schema::default() };
/// let to = Schema { tables: vec![users().column(column("email", text()))], ..Schema::default() };
/// let found = diff(&from, &to, POSTGRES, &DiffOptions::default());
/// let operations: Vec<_> = found.operations.iter().map(ToString::to_string).collect();
/// assert_eq!(operations, ["add column `users`.`email`"]);
/// ```
pub fn diff(from: &Schema, to: &Schema, dialect: &dyn Dialect, options: &DiffOptions) -> Diff {
    let sides = Sides { dialect, knows: Knows::of(dialect), options };
    let (renamed, mut from) = renames::accept(&sides, from, to);
    let likely_renames = renames::likely(&sides, &from, to);
    let mut changes = Vec::new();
    surroundings::before(&sides, &from, to, &mut changes);
    enums::before(&sides, &mut from, to, &mut changes);
    sequences::before(&sides, &from, to, &mut changes);
    tables::compare(&sides, &from, to, &mut changes);
    numbering::split(&sides, &from, &mut changes);
    releases::add(&sides, &from, &mut changes);
    sequences::after(&sides, &from, to, &mut changes);
    enums::after(&sides, &from, to, &mut changes);
    surroundings::after(&sides, &from, to, &mut changes);
    let (drops, creates) = objects::compare(&sides, &from, to, &changes);
    let mut operations: Vec<Operation> = drops.into_iter().chain(changes).chain(creates).collect();
    if sides.knows.alters_in_batches {
        operations = batch::group(operations, &sides);
    }
    // All else goes by the new names.
    let sorted = order::sort(operations, sides.knows);
    // What is renamed is kept.
    let kept = renamed.len();
    let operations: Vec<Operation> = renamed.into_iter().chain(sorted).collect();
    let mut losses = losses::find(&operations);
    losses.retain(|loss| loss.operation >= kept);
    Diff { operations, likely_renames, losses }
}

/// Tells whether two expressions are the same but for what never matters: white space, capitals, parentheses and casts that a
/// database puts in.
///
/// # Examples
///
/// ```
/// use rectify_schema::diff::same_expression;
///
/// assert!(same_expression("(price > 0)", "price>0"));
/// ```
#[must_use]
pub fn same_expression(a: &str, b: &str) -> bool {
    a == b || expressions::canonical(a) == expressions::canonical(b)
}

/// What all comparisons need to know.
struct Sides<'a> {
    dialect: &'a dyn Dialect,
    knows: Knows,
    options: &'a DiffOptions,
}

/// The tables by name.
type ByName<'a> = HashMap<&'a TableName, &'a Table>;

fn by_name(schema: &Schema) -> ByName<'_> {
    schema.tables.iter().map(|table| (&table.name, table)).collect()
}
