//! A migration that cannot be rolled back is looked through before its first statement: what the database cannot do is refused
//! while nothing stands.

use rectify_schema::dialect::{Dialect, Unsupported};
use rectify_schema::{NamingError, Operation};

use super::batch::NoPlace;
use super::{Mode, OperationError, Step, StepSettings, is_completed, rendered};
use crate::error::{Error, Result};
use crate::offline::Script;

/// Runs the function of a migration, by `run`, without its database, until something is refused, or something is read, which
/// only the database can answer. Gives what was refused, and the step as it is then, which knows where.
pub(crate) fn rehearse(
    dialect: &'static dyn Dialect,
    settings: StepSettings,
    run: impl FnOnce(&mut Script, &mut Step) -> Result<()>,
) -> Option<(Error, Step)> {
    let (mut script, mut step) = (Script::new(dialect), Step::new(dialect, settings, None));
    step.mode = Mode::Rehearsed;
    let error = run(&mut script, &mut step).err()?;
    is_refusal(&error).then_some((error, step))
}

pub(super) fn look_at(step: &mut Step, mut operation: Operation) -> Result<()> {
    step.name(&mut operation)?;
    // What the catalog completes is not known yet.
    let is_whole = !matches!(&operation, Operation::AlterColumn(alter) if is_completed(step.dialect, alter));
    if is_whole {
        rendered(step, &operation)?;
    }
    step.keeps(Vec::new);
    Ok(())
}

/// Other errors may come of answers that the database would have given otherwise.
fn is_refusal(error: &Error) -> bool {
    let cause = error.get().downcast_ref::<OperationError>().and_then(std::error::Error::source);
    cause.is_some_and(|cause| cause.is::<Unsupported>() || cause.is::<NamingError>() || cause.is::<NoPlace>())
}
