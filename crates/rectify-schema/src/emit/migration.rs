//! A difference as the two functions of a migration.

use super::expression::Statement;
use super::{Layout, bare, fill};
use crate::dialect::Dialect;
use crate::diff::{Diff, Loss};
use crate::ops::{NotReversible, Operation};

/// The bodies of a migration's functions, without the indentation of their first lines.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Bodies {
    /// The body of `upgrade`.
    pub upgrade: String,
    /// The body of `downgrade`, which takes all of it back; missing where something has no way back.
    pub downgrade: Option<String>,
    /// What has no way back, and why. Each is a comment in `upgrade` too.
    pub irreversible: Vec<NotReversible>,
    /// The columns that a person has to fill before they can be `NOT NULL`, each as `table.column`, in the order of the text.
    pub to_fill: Vec<String>,
}

/// Writes what takes a database from one side of a difference to the other and back, for functions that are indented by
/// `indent` columns.
///
/// What loses data says so in a comment. A new column that is `NOT NULL` and has no default is added so that it may be
/// `NULL`, with a marked place to fill it, and becomes `NOT NULL` behind that. An old one that becomes `NOT NULL` has such a
/// place too.
///
/// # Examples
///
/// ```
/// use rectify_schema::{Schema, build::*, dialect::POSTGRES, diff::{DiffOptions, diff}, emit};
///
/// let users = || table("users").column(column("id", bigint()).primary_key());
/// let from = Schema { tables: vec![users()], ..Schema::default() };
/// let to = Schema { tables: vec![users().column(column("phone", varchar(20)))], ..Schema::default() };
/// let found = diff(&from, &to, POSTGRES, &DiffOptions::default());
/// let bodies = emit::bodies(&found, POSTGRES, 4, emit::Layout::default());
/// assert_eq!(bodies.upgrade, "op.add_column(\"users\", column(\"phone\", varchar(20)))?;\n    Ok(())");
/// assert_eq!(bodies.downgrade.unwrap(), "op.drop_column(\"users\", \"phone\")?;\n    Ok(())");
/// ```
pub fn bodies(diff: &Diff, dialect: &dyn Dialect, indent: usize, layout: Layout) -> Bodies {
    let mut to_fill = Vec::new();
    let mut write = |operations: &[Operation], comments: &dyn Fn(usize, Option<usize>) -> Vec<String>| {
        let mut statements = Vec::new();
        for (nth, operation) in operations.iter().enumerate() {
            let bare = bare::bare(operation, dialect);
            statements.extend(fill::statements(&bare, &|change| comments(nth, change), &mut to_fill));
        }
        statements.push(Statement::tail(if operations.is_empty() { "let _ = op;" } else { "Ok(())" }));
        if operations.is_empty() {
            statements.push(Statement::tail("Ok(())"));
        }
        layout.statements(&statements, indent)
    };
    let reverses: Vec<_> = diff.operations.iter().map(Operation::reverse).collect();
    let upgrade = write(&diff.operations, &|nth, change| {
        let mut comments = losses(&diff.losses, nth, change);
        if let (Err(error), None) = (&reverses[nth], change) {
            comments.push(format!("This has no way back: {}.", error.reason));
        }
        comments
    });
    let irreversible: Vec<_> = reverses.into_iter().filter_map(Result::err).collect();
    let downgrade = irreversible.is_empty().then(|| write(&diff.reverse(), &|_, _| Vec::new()));
    Bodies { upgrade, downgrade, irreversible, to_fill }
}

fn losses(losses: &[Loss], operation: usize, change: Option<usize>) -> Vec<String> {
    let of_this = losses.iter().filter(|loss| (loss.operation, loss.change) == (operation, change));
    of_this.map(|loss| format!("This loses {}.", loss.lost)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::*;
    use crate::dialect::{MYSQL, POSTGRES, SQLITE};
    use crate::diff::{DiffOptions, diff};
    use crate::schema::{Schema, Table};

    fn written(from: Table, to: Table, dialect: &dyn Dialect) -> Bodies {
        let schema = |table| Schema { tables: vec![table], ..Schema::default() };
        let found = diff(&schema(from), &schema(to), dialect, &DiffOptions::default());
        bodies(&found, dialect, 4, Layout::default())
    }

    fn users() -> Table {
        table("users").column(column("id", bigint()).primary_key()).column(column("email", varchar(255)))
    }

    #[track_caller]
    fn check(bodies: &Bodies, upgrade: &[&str], downgrade: &[&str]) {
        let lines = |lines: &[&str]| lines.join("\n    ");
        assert_eq!(bodies.upgrade, lines(upgrade));
        assert_eq!(bodies.downgrade.as_ref().unwrap(), &lines(downgrade));
    }

    #[test]
    fn what_is_lost_is_said() {
        let bodies = written(users(), table("users").column(column("id", bigint()).primary_key()), POSTGRES);
        let upgrade =
            ["// This loses the values of column `users`.`email`.", r#"op.drop_column("users", "email")?;"#, "Ok(())"];
        check(&bodies, &upgrade, &[r#"op.add_column("users", column("email", varchar(255)))?;"#, "Ok(())"]);
    }

    #[test]
    fn a_new_not_null_column_has_a_place_to_fill_it() {
        let bodies = written(users(), users().column(column("phone", varchar(20)).not_null()), POSTGRES);
        let upgrade = [
            r#"op.add_column("users", column("phone", varchar(20)))?;"#,
            "// TODO: give each row that is there already its `phone`, which may not be NULL from here on:",
            r#"// op.sql("UPDATE users SET phone = ...")?;"#,
            r#"op.alter_column("users", alter("phone").set_not_null())?;"#,
            "Ok(())",
        ];
        check(&bodies, &upgrade, &[r#"op.drop_column("users", "phone")?;"#, "Ok(())"]);
        assert_eq!(bodies.to_fill, ["users.phone"]);
    }

    #[test]
    fn an_old_column_that_becomes_not_null_has_a_place_to_fill_it() {
        let full = || {
            let email = column("email", varchar(255)).not_null().server_default("-");
            table("users").column(column("id", bigint()).primary_key()).column(email)
        };
        let bodies = written(users(), full(), POSTGRES);
        let upgrade = [
            "// TODO: give each row without one its `email`, which may not be NULL from here on:",
            r#"// op.sql("UPDATE users SET email = ... WHERE email IS NULL")?;"#,
            r#"op.alter_column("users", alter("email").set_not_null().set_default("-"))?;"#,
            "Ok(())",
        ];
        let back = [r#"op.alter_column("users", alter("email").drop_not_null().drop_default())?;"#, "Ok(())"];
        check(&bodies, &upgrade, &back);
        assert_eq!(bodies.to_fill, ["users.email"]);
        let bodies = written(users(), full(), SQLITE);
        let upgrade = [
            upgrade[0],
            upgrade[1],
            r#"op.batch_alter_table("users", |batch| {"#,
            r#"    batch.alter_column(alter("email").set_not_null().set_default("-"));"#,
            "})?;",
            "Ok(())",
        ];
        assert_eq!(bodies.upgrade, upgrade.join("\n    "));
    }

    #[test]
    fn a_column_that_fills_itself_needs_no_place() {
        let kinds = [
            column("a", bigint()).not_null().server_default(0),
            column("a", bigint()).identity(),
            column("a", bigint()).not_null().generated("id + 1"),
        ];
        for column in kinds {
            assert_eq!(written(users(), users().column(column), POSTGRES).to_fill, [""; 0]);
        }
    }

    #[test]
    fn sqlite_fills_before_it_copies_the_table() {
        let bodies = written(users(), users().column(column("phone", varchar(20)).not_null()), SQLITE);
        let upgrade = [
            r#"op.add_column("users", column("phone", varchar(20)))?;"#,
            "// TODO: give each row that is there already its `phone`, which may not be NULL from here on:",
            r#"// op.sql("UPDATE users SET phone = ...")?;"#,
            r#"op.batch_alter_table("users", |batch| {"#,
            r#"    batch.alter_column(alter("phone").set_not_null());"#,
            "})?;",
            "Ok(())",
        ];
        let downgrade =
            [r#"op.batch_alter_table("users", |batch| {"#, r#"    batch.drop_column("phone");"#, "})?;", "Ok(())"];
        check(&bodies, &upgrade, &downgrade);
    }

    #[test]
    fn only_what_the_database_needs_is_said() {
        let longer = table("users").column(column("id", bigint()).primary_key()).column(column("email", varchar(320)));
        for dialect in [POSTGRES, MYSQL] {
            let bodies = written(users(), longer.clone(), dialect);
            let upgrade = [r#"op.alter_column("users", alter("email").set_type(varchar(320)))?;"#, "Ok(())"];
            check(
                &bodies,
                &upgrade,
                &[r#"op.alter_column("users", alter("email").set_type(varchar(255)))?;"#, "Ok(())"],
            );
        }
    }

    #[test]
    fn what_has_no_way_back_is_said() {
        let operations = vec![crate::ops::AddEnumValue::new("mood", "calm").into()];
        let diff = Diff { operations, ..Diff::default() };
        let bodies = bodies(&diff, POSTGRES, 4, Layout::default());
        assert_eq!(bodies.downgrade, None);
        assert_eq!(bodies.irreversible.len(), 1);
        assert_eq!(
            bodies.upgrade.lines().next().unwrap(),
            "// This has no way back: PostgreSQL cannot remove a value from an enum."
        );
    }

    #[test]
    fn nothing_to_do_is_still_a_function() {
        let bodies = bodies(&Diff::default(), POSTGRES, 4, Layout::default());
        check(&bodies, &["let _ = op;", "Ok(())"], &["let _ = op;", "Ok(())"]);
    }
}
