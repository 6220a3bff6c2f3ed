//! What the suites of recorded cases share: where their files are, the rules of what deviates, the report.

pub(crate) mod folder;
pub(crate) mod report;
pub(crate) mod rules;
