//! `#[migration]` and `versions!`: the procedural macros of Rectify.
//!
//! Use them through the crate `rectify`, which their output names.

use proc_macro::TokenStream;

mod fault;
mod migration;
mod sql_enum;
mod table;
mod versions;

#[cfg(test)]
mod tests;

/// Makes a function the `upgrade` of a revision, and proves its place in the chain.
///
/// It stands on `pub fn upgrade(op: &mut Op) -> Result<()>` in a file of its own in the folder that `versions!` names. The
/// first line of the doc comment is the message of the revision, the rest its description. `downgrade`, with the same
/// signature, is found by name beside it.
///
/// ```text
/// use crate::prelude::*;
///
/// /// Add email verification to users.
/// #[migration(revision = "a1b2c3d4e5f6", down_revision = "9efcc1f82b81")]
/// pub fn upgrade(op: &mut Op) -> Result<()> {
///     op.add_column("users", column("email_verified", boolean()).not_null().server_default(false))
/// }
///
/// pub fn downgrade(op: &mut Op) -> Result<()> {
///     op.drop_column("users", "email_verified")
/// }
/// ```
///
/// | key | value | meaning |
/// | --- | --- | --- |
/// | `revision` | `"…"` | the id; required |
/// | `down_revision` | `"…"` or `["…", "…"]` | the parent, or the parents of a merge; absent for a base |
/// | `depends_on` | `"…"` or `["…"]` | what else must be applied before: ids or branch labels |
/// | `branch_labels` | `"…"` or `["…"]` | names for the branch that begins here |
/// | `transaction` | `false` | run outside of a transaction |
/// | `irreversible` | | there is no way back: no `downgrade` |
/// | `offline` | `"…"` or `skip` | what a script has in the place of `upgrade`: this SQL, or a comment |
/// | `offline_downgrade` | `"…"` or `skip` | the same for `downgrade` |
/// | `elidable` | `(users, app.documents)` | `upgrade` changes rows of these tables and nothing else: `up --fresh` passes over it where they are empty |
/// | `created` | `"…"` | when the file was made, for people |
///
/// A function may be run more than once before it is done: on SQLite again with foreign keys off where a table is built anew; on
/// MySQL and MariaDB, and with `transaction = false`, once without the database before, to refuse what it cannot do while nothing
/// stands. That run ends at the first answer that only the database has. What a function does elsewhere (a file, a request) is best
/// done behind such a question, or outside of migrations.
#[proc_macro_attribute]
pub fn migration(args: TokenStream, item: TokenStream) -> TokenStream {
    migration::expand(args.into(), item.into()).into()
}

/// Declares the chain of a crate: every migration file of a folder, or of several, verified.
///
/// It stands in the root module of a crate whose build script watches the folder:
///
/// ```text
/// rectify::versions!("versions");                                            // any database, by its URL
/// rectify::versions!("versions", connection = diesel::PgConnection);         // one database, with its whole query DSL
/// rectify::versions!("versions", recursive);                                 // folders below it too
/// rectify::versions!("versions", naming = app_models::NAMING);               // names for what is given none
/// rectify::versions!("versions", "../vendor/versions");                      // several folders
/// ```
///
/// ```text
/// // build.rs
/// fn main() {
///     println!("cargo:rerun-if-changed=versions");
/// }
/// ```
///
/// With several folders, `HEAD` stands in the first, the build script watches each, and the order of the folders is the
/// load order: it decides between revisions that do not depend on each other. Say the same in `versions` and `recursive` of
/// `rectify.toml`, for the commands that read the files.
///
/// `naming` is a constant `rectify::NamingConvention`, in which a mistake is an error of the compiler. It names the constraints and
/// indexes that a migration leaves unnamed, and finds the names of those that one drops by their columns. Without it, the
/// database names constraints, and indexes are `ix_{qualified_table}_{columns}`. Put it there before the first migration: what
/// it names is named anew by each run, also in migrations that other databases have run without it.
///
/// It declares `Chain`, `Connection`, a `prelude` for the migration files, and one module per file.
/// What is wrong with the chain is reported at the literal in the migration's own file.
#[proc_macro]
pub fn versions(input: TokenStream) -> TokenStream {
    versions::expand(input.into()).into()
}

// Documented where `rectify` re-exports it, so that the examples are compiled.
#[expect(missing_docs, reason = "see `rectify::table`")]
#[proc_macro]
pub fn table(input: TokenStream) -> TokenStream {
    table::expand_one(input.into()).into()
}

#[expect(missing_docs, reason = "see `rectify::tables`")]
#[proc_macro]
pub fn tables(input: TokenStream) -> TokenStream {
    table::expand_group(input.into()).into()
}

#[expect(missing_docs, reason = "see the trait `rectify::SqlEnum`")]
#[proc_macro_derive(SqlEnum, attributes(sql_enum, sql_name))]
pub fn sql_enum(item: TokenStream) -> TokenStream {
    sql_enum::expand(item.into()).into()
}

/// An error at the place of its first token. Part of the output of the other macros.
#[doc(hidden)]
#[proc_macro]
pub fn fault(input: TokenStream) -> TokenStream {
    fault::expand(input.into()).into()
}
