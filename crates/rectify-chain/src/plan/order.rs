//! The order of steps, which is Alembic's.

use crate::graph::Graph;

impl Graph {
    /// The members of a set from the newest to the oldest, each after everything in the set that needs it.
    ///
    /// One line is followed as long as possible; a common ancestor waits for all lines above it; at a merge the parent
    /// declared first comes first; between independent lines the load order decides. The order is Alembic's, step by
    /// step, so that a database sees the same sequence whichever of the two runs it.
    pub(crate) fn descending(&self, set: &[bool], starts: &[usize]) -> Vec<usize> {
        let waiting_for = |index: usize| self.ups[index].iter().filter(|up| set[**up]).count();
        let mut waits: Vec<usize> =
            (0..set.len()).map(|index| if set[index] { waiting_for(index) } else { 0 }).collect();
        let mut cursors: Vec<usize> = starts.iter().copied().filter(|index| set[*index]).collect();
        cursors.sort_unstable();
        cursors.dedup();
        let mut is_cursor = self.flags(&cursors);
        let mut emitted = vec![false; set.len()];
        let mut seen = vec![0; set.len()];
        let (mut order, mut i, mut round) = (Vec::new(), 0, 0);
        while let Some(cursor) = cursors.get(i).copied() {
            if waits[cursor] > 0 {
                round += 1;
                let first = cursors.iter().copied().find(|other| *other != cursor);
                self.look_above(cursor, first, |up| set[up] && !emitted[up], &mut seen, round);
                if let Some(position) = cursors.iter().position(|other| seen[*other] == round) {
                    i = position;
                    continue;
                }
            }
            emitted[cursor] = true;
            is_cursor[cursor] = false;
            order.push(cursor);
            self.downs[cursor].iter().filter(|down| set[**down]).for_each(|down| waits[*down] -= 1);
            let free = |down: &&usize| set[**down] && !emitted[**down] && !is_cursor[**down];
            let next: Vec<usize> = self.downs[cursor].iter().filter(free).copied().collect();
            next.iter().for_each(|down| is_cursor[*down] = true);
            match next.split_first() {
                None => {
                    cursors.remove(i);
                    i = i.saturating_sub(1);
                }
                Some((first, others)) => {
                    cursors[i] = *first;
                    cursors.extend(others);
                }
            }
        }
        order
    }

    /// Marks with `round` what lies above a cursor that waits, until the first of the cursors is found.
    fn look_above(
        &self,
        cursor: usize,
        first: Option<usize>,
        open: impl Fn(usize) -> bool,
        seen: &mut [usize],
        round: usize,
    ) {
        let mut stack = vec![cursor];
        while let Some(index) = stack.pop() {
            if Some(index) == first {
                return;
            }
            // The earliest comes off the stack first: it is the likeliest to lead to the first cursor.
            for up in self.ups[index].iter().rev() {
                if open(*up) && std::mem::replace(&mut seen[*up], round) != round {
                    stack.push(*up);
                }
            }
        }
    }
}
