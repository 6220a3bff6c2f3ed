//! What `cargo test` printed, added up over all test programs.

/// The sums of the lines `test result: …`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

/// Adds up a stream of output that arrives in pieces.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    pub(crate) totals: Totals,
    unfinished: Vec<u8>,
}

impl Counter {
    pub(crate) fn read(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.unfinished.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.count_line();
            }
        }
    }

    fn count_line(&mut self) {
        let line = String::from_utf8_lossy(&self.unfinished);
        if let Some(counts) = line.trim_end().strip_prefix("test result: ") {
            self.totals.passed += count(counts, " passed");
            self.totals.failed += count(counts, " failed");
            self.totals.ignored += count(counts, " ignored");
        }
        self.unfinished.clear();
    }
}

/// The number before `what` in `ok. 4 passed; 0 failed; 0 ignored; …`.
fn count(counts: &str, what: &str) -> u64 {
    let fields = counts.split([';', '.']);
    fields.filter_map(|field| field.trim().strip_suffix(what)?.parse::<u64>().ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pieces: &[&str], expected: (u64, u64, u64)) {
        let mut counter = Counter::default();
        for piece in pieces {
            counter.read(piece.as_bytes());
        }
        let (passed, failed, ignored) = expected;
        assert_eq!(counter.totals, Totals { passed, failed, ignored });
    }

    #[test]
    fn results_of_all_programs_are_added_up() {
        let ok = "test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        let bad = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 9 filtered out; finished in 1s\n";
        check(&["running 4 tests\n", ok, "\n", bad], (16, 3, 1));
    }

    #[test]
    fn a_line_may_arrive_in_pieces() {
        check(&["test res", "ult: ok. 4 pas", "sed; 2 failed; 0 ignored\ntest x ... ok\n"], (4, 2, 0));
    }

    #[test]
    fn other_lines_count_nothing() {
        check(&["test a ... ok\n", "a note: test result: ok. 5 passed; 0 failed\n", "5 passed\n"], (0, 0, 0));
    }
}
