//! A run as `tracing` shows it (feature `tracing`): a span for the run, one in it for each step, and events for what
//! goes wrong. Without the feature all of this is nothing.

use super::{RunError, StepInfo};

/// Does `action` in the span of a run: `rectify::run` with `direction` and `target`.
pub(super) fn run<T>(
    direction: &'static str,
    target: &str,
    action: impl FnOnce() -> Result<T, RunError>,
) -> Result<T, RunError> {
    on::run(direction, target, action)
}

/// Does `action` in the span of a step: `migration` with `revision`, `direction`, and at its end `duration_ms`.
pub(super) fn migration<T>(step: &StepInfo, action: impl FnOnce() -> Result<T, RunError>) -> Result<T, RunError> {
    on::migration(&step.revision, if step.up { "up" } else { "down" }, action)
}

/// Another run holds the lock.
pub(super) fn waiting(holder: &str) {
    on::waiting(holder);
}

/// Something is left out of the migrations, which the database cannot keep.
pub(super) fn left_out(what: &str) {
    on::left_out(what);
}

/// A migration runs that might have been passed over.
pub(super) fn not_elided(step: &StepInfo, reason: &str) {
    on::not_elided(&step.revision, reason);
}

/// `action` for another thread, in the span of this one.
#[cfg(feature = "tokio")]
pub(crate) fn in_this_span<T>(action: impl FnOnce() -> T) -> impl FnOnce() -> T {
    on::in_this_span(action)
}

#[cfg(feature = "tracing")]
mod on {
    use std::time::Instant;

    use tracing::field::Empty;
    use tracing::{error, info_span, warn};

    use crate::RunError;
    use crate::error::described;

    pub(super) fn run<T>(
        direction: &'static str,
        target: &str,
        action: impl FnOnce() -> Result<T, RunError>,
    ) -> Result<T, RunError> {
        let span = info_span!("rectify::run", direction, target);
        span.in_scope(|| action().inspect_err(|failed| error!(error = described(failed), "the run failed")))
    }

    pub(super) fn migration<T>(
        revision: &str,
        direction: &'static str,
        action: impl FnOnce() -> Result<T, RunError>,
    ) -> Result<T, RunError> {
        let span = info_span!("migration", revision, direction, duration_ms = Empty);
        let start = Instant::now();
        let outcome = span.in_scope(|| {
            action().inspect_err(|failed| error!(revision, error = described(failed), "the migration failed"))
        });
        span.record("duration_ms", u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX));
        outcome
    }

    pub(super) fn waiting(holder: &str) {
        warn!(holder, "waiting for another run");
    }

    pub(super) fn left_out(what: &str) {
        warn!("{what}");
    }

    pub(super) fn not_elided(revision: &str, reason: &str) {
        warn!(revision, reason, "the migration is not elided");
    }

    #[cfg(feature = "tokio")]
    pub(super) fn in_this_span<T>(action: impl FnOnce() -> T) -> impl FnOnce() -> T {
        let span = tracing::Span::current();
        move || span.in_scope(action)
    }
}

#[cfg(not(feature = "tracing"))]
mod on {
    use crate::RunError;

    pub(super) fn run<T>(
        _: &'static str,
        _: &str,
        action: impl FnOnce() -> Result<T, RunError>,
    ) -> Result<T, RunError> {
        action()
    }

    pub(super) fn migration<T>(
        _: &str,
        _: &'static str,
        action: impl FnOnce() -> Result<T, RunError>,
    ) -> Result<T, RunError> {
        action()
    }

    pub(super) fn waiting(_: &str) {}

    pub(super) fn left_out(_: &str) {}

    pub(super) fn not_elided(_: &str, _: &str) {}

    #[cfg(feature = "tokio")]
    pub(super) fn in_this_span<T>(action: impl FnOnce() -> T) -> impl FnOnce() -> T {
        action
    }
}
