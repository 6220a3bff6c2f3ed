//! Branches and merges as lines of text, the way `git log --graph` draws them. It knows places in a list, and neither
//! revisions nor terminals.
//!
//! Each column waits for one row. A merge opens columns to the right of its own (`\`), a column that waits for the same row
//! as another one joins it (`/`), and a row without parents ends its column.

/// A row of the list: the places of its parents in that list, all of them below it.
pub(crate) type Parents = Vec<usize>;

/// One character of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) character: char,
    /// The number of the line that it belongs to, for a colour.
    pub(crate) line: usize,
}

const SPACE: Cell = Cell { character: ' ', line: 0 };

/// The cells of one line of text.
pub(crate) type Cells = Vec<Cell>;

/// One row of the list, drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Row {
    /// Lines above the row that make room for it.
    pub(crate) before: Vec<Cells>,
    /// The line with the `*`.
    pub(crate) row: Cells,
    /// Lines below it, where columns part and join.
    pub(crate) after: Vec<Cells>,
    /// The line that may be repeated below those, for a text of several lines.
    pub(crate) rest: Cells,
}

/// Draws a list whose rows stand above their parents.
pub(crate) fn draw(rows: &[Parents]) -> Vec<Row> {
    let mut canvas = Canvas::default();
    rows.iter().enumerate().map(|(row, parents)| canvas.row(row, parents)).collect()
}

/// Whether the list is one line without forks, so that a drawing of it says nothing.
pub(crate) fn is_straight(rows: &[Parents]) -> bool {
    let last = rows.len().saturating_sub(1);
    rows.iter().enumerate().all(|(row, parents)| match parents[..] {
        [] => row == last,
        [parent] => parent == row + 1,
        _ => false,
    })
}

/// The columns between two rows.
#[derive(Debug, Default)]
struct Canvas {
    columns: Vec<Column>,
    /// How many lines have been begun.
    lines: usize,
    /// The column that the row above left empty, which must not look like its continuation.
    ended: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Column {
    /// The row that the column leads to.
    to: usize,
    line: usize,
}

impl Canvas {
    fn row(&mut self, row: usize, parents: &[usize]) -> Row {
        let mut drawn = Row::default();
        let own = match self.columns.iter().position(|column| column.to == row) {
            Some(own) => own,
            None => self.begin(row, &mut drawn),
        };
        self.ended = None;
        // The third parent and those after it leave the row sideways, and the columns to the right step aside before.
        for _ in 2..parents.len() {
            if own + 1 < self.columns.len() {
                drawn.before.push(self.step_aside(own, drawn.before.len()));
            }
        }
        drawn.row = self.star(own, parents.len());
        self.part(own, parents, &mut drawn);
        while let Some((to, from)) = self.doubled() {
            self.join(to, from, &mut drawn);
        }
        drawn.rest = self.straight();
        drawn
    }

    /// A row that nothing led to stands in a column of its own, with a gap where another line ended just above.
    fn begin(&mut self, row: usize, drawn: &mut Row) -> usize {
        let own = self.columns.len();
        if self.ended == Some(own) {
            drawn.before.push(self.straight());
        }
        let column = self.new_line(row);
        self.columns.push(column);
        own
    }

    fn new_line(&mut self, to: usize) -> Column {
        self.lines += 1;
        Column { to, line: self.lines - 1 }
    }

    /// `|  \ \`: the columns to the right of `own`, which stand `already` steps aside, go one step further.
    fn step_aside(&self, own: usize, already: usize) -> Cells {
        let mut cells = Cells::new();
        for (at, column) in self.columns.iter().enumerate() {
            match at <= own {
                true => put(&mut cells, 2 * at, '|', column.line),
                false => put(&mut cells, 2 * (at + already) + 1, '\\', column.line),
            }
        }
        cells
    }

    /// `| * |`, or `*-. |` where the row has more than two parents.
    fn star(&self, own: usize, parents: usize) -> Cells {
        let aside = parents.saturating_sub(2);
        let mut cells = Cells::new();
        for (at, column) in self.columns.iter().enumerate() {
            match at {
                at if at < own => put(&mut cells, 2 * at, '|', column.line),
                at if at == own => {
                    put(&mut cells, 2 * at, '*', column.line);
                    // The lines of the other parents get their numbers one after the other, just below.
                    for nth in 0..aside {
                        let end = if nth + 1 == aside { '.' } else { '-' };
                        put(&mut cells, 2 * (at + nth) + 1, '-', self.lines + nth);
                        put(&mut cells, 2 * (at + nth) + 2, end, self.lines + nth);
                    }
                }
                at => put(&mut cells, 2 * (at + aside), '|', column.line),
            }
        }
        cells
    }

    /// Turns the row's column into one for each of its parents.
    fn part(&mut self, own: usize, parents: &[usize], drawn: &mut Row) {
        let Some((first, others)) = parents.split_first() else { return self.end(own, drawn) };
        self.columns[own].to = *first;
        if others.is_empty() {
            return;
        }
        let new: Vec<Column> = others.iter().map(|parent| self.new_line(*parent)).collect();
        let mut cells = Cells::new();
        for (at, column) in self.columns.iter().enumerate() {
            match at <= own {
                true => put(&mut cells, 2 * at, '|', column.line),
                false => put(&mut cells, 2 * (at + others.len()) - 1, '\\', column.line),
            }
        }
        for (nth, column) in new.iter().enumerate() {
            put(&mut cells, 2 * (own + nth) + 1, '\\', column.line);
        }
        drawn.after.push(cells);
        self.columns.splice(own + 1..own + 1, new);
    }

    /// Removes the column of a row without parents; those to the right of it close the gap.
    fn end(&mut self, own: usize, drawn: &mut Row) {
        self.columns.remove(own);
        if own == self.columns.len() {
            self.ended = Some(own);
            return;
        }
        let mut cells = Cells::new();
        for (at, column) in self.columns.iter().enumerate() {
            match at < own {
                true => put(&mut cells, 2 * at, '|', column.line),
                false => put(&mut cells, 2 * at + 1, '/', column.line),
            }
        }
        drawn.after.push(cells);
    }

    /// Two columns that lead to the same row.
    fn doubled(&self) -> Option<(usize, usize)> {
        let to = |column: &Column| self.columns.iter().position(|other| other.to == column.to);
        self.columns.iter().enumerate().find_map(|(at, column)| to(column).filter(|to| *to < at).map(|to| (to, at)))
    }

    /// Leads the column `from` into `to`: `|/` side by side, and `| |_|/` over `|/| |` with others in between.
    fn join(&mut self, to: usize, from: usize, drawn: &mut Row) {
        let Column { line, .. } = self.columns[from];
        let mut cells = Cells::new();
        for (at, column) in self.columns.iter().enumerate() {
            match at < from {
                true => put(&mut cells, 2 * at, '|', column.line),
                false => put(&mut cells, 2 * at - 1, '/', column.line),
            }
        }
        for at in to + 2..from {
            put(&mut cells, 2 * at - 1, '_', line);
        }
        drawn.after.push(cells);
        self.columns.remove(from);
        if from > to + 1 {
            let mut cells = self.straight();
            put(&mut cells, 2 * to + 1, '/', line);
            drawn.after.push(cells);
        }
    }

    /// `| | |`
    fn straight(&self) -> Cells {
        let mut cells = Cells::new();
        for (at, column) in self.columns.iter().enumerate() {
            put(&mut cells, 2 * at, '|', column.line);
        }
        cells
    }
}

fn put(cells: &mut Cells, at: usize, character: char, line: usize) {
    if cells.len() <= at {
        cells.resize(at + 1, SPACE);
    }
    cells[at] = Cell { character, line };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws rows written as `m: b c`, newest first, and compares with the lines of `wanted`.
    #[track_caller]
    fn check(rows: &[&str], wanted: &[&str]) {
        assert_eq!(lines(rows), wanted);
    }

    fn lines(rows: &[&str]) -> Vec<String> {
        let names: Vec<&str> = rows.iter().map(|row| row.split(':').next().unwrap()).collect();
        let mut lines = Vec::new();
        for (name, row) in names.iter().zip(draw(&parse(rows))) {
            lines.extend(row.before.iter().map(text));
            lines.push(format!("{} {name}", text(&row.row)));
            lines.extend(row.after.iter().map(text));
        }
        lines
    }

    fn parse(rows: &[&str]) -> Vec<Parents> {
        let split: Vec<(&str, &str)> = rows.iter().map(|row| row.split_once(':').unwrap()).collect();
        let place = |name: &str| split.iter().position(|(other, _)| *other == name).unwrap();
        split.iter().map(|(_, parents)| parents.split_whitespace().map(place).collect()).collect()
    }

    fn text(cells: &Cells) -> String {
        cells.iter().map(|cell| cell.character).collect()
    }

    #[test]
    fn a_straight_chain_is_a_list() {
        check(&[], &[]);
        check(&["a:"], &["* a"]);
        check(&["c: b", "b: a", "a:"], &["* c", "* b", "* a"]);
    }

    #[test]
    fn a_fork_joins_below_its_newest_rows() {
        check(&["c: a", "b: a", "a:"], &["* c", "| * b", "|/", "* a"]);
        check(&["d: b", "c: b", "b: a", "a:"], &["* d", "| * c", "|/", "* b", "* a"]);
    }

    #[test]
    fn a_diamond_opens_and_closes() {
        check(&["m: b c", "c: a", "b: a", "a:"], &["* m", "|\\", "| * c", "* | b", "|/", "* a"]);
        check(&["m: b c", "b: a", "c: a", "a:"], &["* m", "|\\", "* | b", "| * c", "|/", "* a"]);
    }

    #[test]
    fn three_branches_join_one_after_the_other() {
        check(&["d: a", "c: a", "b: a", "a:"], &["* d", "| * c", "|/", "| * b", "|/", "* a"]);
        check(
            &["d: x", "c: y", "b: a", "x: a", "y: a", "a:"],
            &["* d", "| * c", "| | * b", "* | | x", "| |/", "|/|", "| * y", "|/", "* a"],
        );
    }

    #[test]
    fn an_octopus_merge_has_arms() {
        check(
            &["m: b c d", "d: a", "c: a", "b: a", "a:"],
            &["*-. m", "|\\ \\", "| | * d", "| * | c", "| |/", "* | b", "|/", "* a"],
        );
        check(
            &["m: b c d e", "e: a", "d: a", "c: a", "b: a", "a:"],
            &["*---. m", "|\\ \\ \\", "| | | * e", "| | * | d", "| | |/", "| * | c", "| |/", "* | b", "|/", "* a"],
        );
    }

    #[test]
    fn columns_to_the_right_step_aside_for_a_merge() {
        check(
            &["x: m", "y: a", "m: b c", "c: a", "b: a", "a:"],
            &["* x", "| * y", "* | m", "|\\ \\", "| * | c", "| |/", "* | b", "|/", "* a"],
        );
        check(
            &["x: m", "y: a", "m: b c d", "d: a", "c: a", "b: a", "a:"],
            &[
                "* x",
                "| * y",
                "|  \\",
                "*-. | m",
                "|\\ \\ \\",
                "| | * | d",
                "| | |/",
                "| * | c",
                "| |/",
                "* | b",
                "|/",
                "* a",
            ],
        );
    }

    #[test]
    fn a_merge_may_lead_to_a_column_that_is_there() {
        check(
            &["x: b", "m: c b", "c: a", "b: a", "a:"],
            &["* x", "| * m", "| |\\", "| |/", "|/|", "| * c", "* | b", "|/", "* a"],
        );
    }

    #[test]
    fn a_column_crosses_others_on_its_way() {
        // `d` goes to `x`, under the columns of `b` and `c`.
        check(
            &["a: x", "b: y", "c: z", "d: x", "x:", "y:", "z:"],
            &["* a", "| * b", "| | * c", "| | | * d", "| |_|/", "|/| |", "* | | x", " / /", "* | y", " /", "* z"],
        );
        check(&["a: x", "b: y", "c: x", "x:", "y:"], &["* a", "| * b", "| | * c", "| |/", "|/|", "* | x", " /", "* y"]);
    }

    #[test]
    fn crossing_branches_keep_their_columns() {
        // Two merges of the same two lines, each way round.
        check(
            &["p: a b", "q: b a", "b: r", "a: r", "r:"],
            &["* p", "|\\", "| | * q", "| | |\\", "| |/ /", "| |/", "|/|", "| * b", "* | a", "|/", "* r"],
        );
    }

    #[test]
    fn trees_that_follow_each_other_are_kept_apart() {
        check(&["b2: b1", "b1:", "a2: a1", "a1:"], &["* b2", "* b1", "", "* a2", "* a1"]);
        check(&["b2: b1", "a2: a1", "b1:", "a1:"], &["* b2", "| * a2", "* | b1", " /", "* a1"]);
        check(&["x: y", "b:", "a:", "y:"], &["* x", "| * b", "|", "| * a", "* y"]);
    }

    #[test]
    fn straight_is_one_line_only() {
        let straight = |rows: &[&str]| is_straight(&parse(rows));
        assert!(straight(&[]) && straight(&["a:"]) && straight(&["c: b", "b: a", "a:"]));
        assert!(!straight(&["c: a", "b: a", "a:"]));
        assert!(!straight(&["m: b a", "b: a", "a:"]));
        assert!(!straight(&["b:", "a:"]));
    }

    #[test]
    fn a_line_keeps_its_number_from_end_to_end() {
        let rows = draw(&parse(&["m: b c", "c: a", "b: a", "a:"]));
        let numbers =
            |cells: &Cells| cells.iter().filter(|cell| **cell != SPACE).map(|cell| cell.line).collect::<Vec<_>>();
        assert_eq!(numbers(&rows[0].row), [0]);
        assert_eq!(rows[0].after.iter().map(numbers).collect::<Vec<_>>(), [[0, 1]]);
        assert_eq!(numbers(&rows[1].row), [0, 1]);
        assert_eq!(rows[2].after.iter().map(numbers).collect::<Vec<_>>(), [[0, 1]]);
        assert_eq!(numbers(&rows[3].row), [0]);
    }

    /// Whatever the list: each row has one `*`, in the column that led to it, and the last line is empty.
    #[test]
    fn any_list_is_drawn_with_a_star_for_each_row() {
        let mut seed = 1_u64;
        let mut random = move |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap() % below
        };
        for _ in 0..500 {
            let length = 1 + random(12);
            let rows: Vec<Parents> = (0..length)
                .map(|row| {
                    let mut parents: Parents = (row + 1..length).filter(|_| random(4) == 0).collect();
                    parents.truncate(3);
                    parents
                })
                .collect();
            let drawn = draw(&rows);
            for row in &drawn {
                assert_eq!(row.row.iter().filter(|cell| cell.character == '*').count(), 1, "{rows:?}");
            }
            assert!(drawn.last().unwrap().rest.is_empty(), "{rows:?}");
        }
    }
}
