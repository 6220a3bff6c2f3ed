//! Operations that a user defines, carried out like built-in ones.

use rectify_schema::Operation;
use rectify_schema::ops::{CustomOperation, Sql};

use super::{Step, send};
use crate::database::Database;
use crate::error::{Error, Result};
use crate::offline;

pub(super) fn invoke(db: &mut dyn Database, step: &mut Step, operation: &dyn CustomOperation) -> Result<()> {
    let described = operation.describe();
    let statements = operation.render(step.dialect).map_err(|refusal| step.failure(&described, None, refusal))?;
    let texts: Vec<&str> = statements.iter().map(|statement| statement.sql.as_str()).collect();
    if step.keeps(|| texts.iter().map(|text| Operation::from(Sql::new(*text))).collect()) {
        return Ok(());
    }
    let identity = texts.join(";\n");
    if !step.enter(&described, &identity)? {
        return Ok(());
    }
    if let Some(script) = offline::script(db) {
        for text in texts {
            script.note(step.settings.revision, &Sql::new(text).into());
        }
    }
    // What its SQL does is not known here, so neither is whether it was done.
    send(db, step, &described, &statements, |_, _| Ok(None))?;
    step.leave(db, described, &identity)
}

pub(super) fn reverse(operation: &dyn CustomOperation) -> Result<Box<dyn CustomOperation>> {
    let reverse = operation.reverse();
    reverse.ok_or_else(|| Error::message(format!("cannot reverse `{}`: it has no reverse", operation.describe())))
}
