//! The table of figures, for a terminal and for `BENCHMARKS.md`.

/// One figure.
#[derive(Debug)]
pub(super) struct Row {
    figure: String,
    measured: String,
    target: Option<Target>,
}

#[derive(Debug)]
struct Target {
    shown: String,
    is_met: bool,
}

impl Row {
    /// A figure without a target.
    pub(super) fn shown(figure: impl Into<String>, measured: impl Into<String>) -> Row {
        Row { figure: figure.into(), measured: measured.into(), target: None }
    }

    /// A figure that must be at most `limit`; `unit` stands behind both.
    pub(super) fn at_most(figure: impl Into<String>, measured: f64, limit: f64, unit: &str) -> Row {
        let shown = |number: f64| format!("{number:.2} {unit}").trim_end().to_owned();
        let target = Target { shown: format!("at most {}", shown(limit)), is_met: measured <= limit };
        Row { target: Some(target), ..Row::shown(figure, shown(measured)) }
    }

    pub(super) fn is_missed(&self) -> bool {
        self.target.as_ref().is_some_and(|target| !target.is_met)
    }

    fn cells(&self) -> [&str; 4] {
        let (target, verdict) = match &self.target {
            None => ("", ""),
            Some(Target { shown, is_met: true }) => (shown.as_str(), "ok"),
            Some(Target { shown, is_met: false }) => (shown.as_str(), "MISSED"),
        };
        [&self.figure, &self.measured, target, verdict]
    }
}

const TITLES: [&str; 4] = ["figure", "measured", "target", ""];

/// The table in columns.
pub(super) fn plain(rows: &[Row]) -> String {
    let lines: Vec<[&str; 4]> = std::iter::once(TITLES).chain(rows.iter().map(Row::cells)).collect();
    let width = |column: usize| lines.iter().map(|cells| cells[column].chars().count()).max().unwrap_or_default();
    let [first, second, third, _] = [width(0), width(1), width(2), 0];
    let line = |[figure, measured, target, verdict]: &[&str; 4]| {
        format!("{figure:first$}  {measured:second$}  {target:third$}  {verdict}").trim_end().to_owned() + "\n"
    };
    lines.iter().map(line).collect()
}

/// The whole of `BENCHMARKS.md`.
pub(super) fn document(revisions: u32, machine: &[(&str, String)], rows: &[Row]) -> String {
    let facts: String = machine.iter().map(|(name, value)| format!("- {name}: {value}\n")).collect();
    let line = |cells: [&str; 4]| format!("| {} |\n", cells.join(" | "));
    let body: String = rows.iter().map(|row| line(row.cells())).collect();
    format!(
        "# Benchmarks\n\n\
         Written by `cargo xtask bench --write`, which measures a generated chain of {revisions} revisions; each creates a \
         table of three\ncolumns and a unique index. Release builds. Three numbers are minimum / median / maximum, and a \
         ratio is the median of\nthe ratios of runs that stand side by side: the two sides run in turn, so that a machine \
         that slows down slows both.\n\n\
         {facts}\n{}{}{body}",
        line(TITLES),
        line(["---"; 4]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        vec![Row::shown("time", "5 ms"), Row::at_most("ratio", 1.2, 1.3, ""), Row::at_most("memory", 26.0, 25.0, "MiB")]
    }

    #[test]
    fn columns_are_aligned() {
        let expected = "figure  measured   target\n\
                        time    5 ms\n\
                        ratio   1.20       at most 1.30       ok\n\
                        memory  26.00 MiB  at most 25.00 MiB  MISSED\n";
        assert_eq!(plain(&rows()), expected);
    }

    #[test]
    fn document_holds_machine_and_table() {
        let text = document(1_000, &[("cores", "2".to_owned())], &rows());
        let (head, table) = text.split_once("\n- cores: 2\n\n").unwrap();
        assert!(head.starts_with("# Benchmarks\n\n") && head.contains("1000 revisions"), "{head}");
        assert_eq!(table.lines().next().unwrap(), "| figure | measured | target |  |");
        assert_eq!(table.lines().last().unwrap(), "| memory | 26.00 MiB | at most 25.00 MiB | MISSED |");
    }
}
