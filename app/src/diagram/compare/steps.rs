//! Alignment by meaning: which arrows of several ladders are the same step, and stand level.
//!
//! ```text
//!   SYN           SYN            row 0
//!   SYN, ACK      SYN, ACK       row 1
//!   ClientHello   ClientHello    row 2
//!   Finished      ┄┄┄┄┄┄┄┄┄┄┄    row 3: one of the two does without
//! ```
//!
//! Ladders join one after the other, each where it shares the most messages with the rows there
//! are.

use std::collections::BTreeSet;

use super::plan::{Arrow, Ladder, Speaks};
use crate::compare::pairs;

/// What weighs more than any number of messages: that both ask, or both answer.
const SAME_PURPOSE: u32 = 100;

/// One step, as far as it is known from the ladders that have it.
struct Row {
    forward: bool,
    names: BTreeSet<String>,
    speaks: BTreeSet<bool>,
    /// The arrow of each ladder, in their order.
    arrows: Vec<Option<usize>>,
}

/// The row of each arrow, ladder by ladder, and how many rows there are.
pub(super) fn align(ladders: &[Ladder]) -> (Vec<Vec<usize>>, usize) {
    let mut rows: Vec<Row> = Vec::new();
    for (number, ladder) in ladders.iter().enumerate() {
        let shares = |row: usize, at: usize| {
            let both = rows.get(row).zip(ladder.arrows.get(at));
            both.map_or(0, |(row, arrow)| row.shares(arrow))
        };
        let pairs = pairs(rows.len(), ladder.arrows.len(), shares);
        let mut joined: Vec<Row> = Vec::new();
        let mut old = rows.into_iter().enumerate();
        for (at, arrow) in ladder.arrows.iter().enumerate() {
            let own = pairs.iter().find(|(_, paired)| *paired == at).map(|(row, _)| *row);
            if let Some(own) = own {
                for (row, mut known) in old.by_ref() {
                    if row == own {
                        known.join(number, at, arrow);
                        joined.push(known);
                        break;
                    }
                    joined.push(known);
                }
            } else {
                // Behind what it shares nothing with, where nothing more is shared.
                if !pairs.iter().any(|(_, paired)| *paired > at) {
                    joined.extend(old.by_ref().map(|(_, known)| known));
                }
                joined.push(Row::new(number, at, arrow));
            }
        }
        joined.extend(old.map(|(_, known)| known));
        rows = joined;
    }
    let place = |number: usize, at: usize| {
        let is_own = |row: &Row| row.arrows.get(number).copied().flatten() == Some(at);
        rows.iter().position(is_own).unwrap_or_default()
    };
    let places = ladders
        .iter()
        .enumerate()
        .map(|(number, ladder)| (0..ladder.arrows.len()).map(|at| place(number, at)).collect());
    (places.collect(), rows.len())
}

impl Row {
    fn new(number: usize, at: usize, arrow: &Arrow) -> Self {
        let mut row = Self {
            forward: arrow.forward,
            names: BTreeSet::new(),
            speaks: BTreeSet::new(),
            arrows: Vec::new(),
        };
        row.join(number, at, arrow);
        row
    }

    fn join(&mut self, number: usize, at: usize, arrow: &Arrow) {
        self.arrows.resize(number, None);
        self.arrows.push(Some(at));
        self.names.extend(arrow.beads.iter().flat_map(|bead| bead.names.iter().cloned()));
        self.speaks.extend(purposes(arrow));
    }

    /// How much an arrow has in common with it.
    fn shares(&self, arrow: &Arrow) -> u32 {
        if self.forward != arrow.forward {
            return 0;
        }
        let names = arrow.beads.iter().flat_map(|bead| &bead.names);
        let shared = names.filter(|name| self.names.contains(*name)).count() as u32;
        let purposes = purposes(arrow).filter(|one| self.speaks.contains(one)).count() as u32;
        shared + SAME_PURPOSE * purposes
    }
}

/// Whether an arrow asks (no), and whether it answers (yes).
fn purposes(arrow: &Arrow) -> impl Iterator<Item = bool> {
    arrow.beads.iter().filter_map(|bead| bead.speaks).map(|speaks| speaks == Speaks::Answers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::compare::plan::Bead;
    use crate::diagram::style::Style;

    /// A ladder of steps: `>` from the client, `<` from the server, names with commas between.
    fn ladder(steps: &str) -> Ladder {
        let bead = |name: &str| Bead {
            names: vec![name.to_owned()],
            style: Style::Clear,
            locked: false,
            repeated: false,
            speaks: match name {
                "GET" => Some(Speaks::Asks),
                "200" => Some(Speaks::Answers),
                _ => None,
            },
        };
        let arrow = |step: &str| Arrow {
            forward: step.starts_with('>'),
            sent: 0,
            received: Some(0),
            beads: step[1..].split(',').map(bead).collect(),
        };
        Ladder { arrows: steps.split(' ').map(arrow).collect(), ..Ladder::default() }
    }

    #[track_caller]
    fn check(ladders: &[&str], expected: &[&[usize]], count: usize) {
        let ladders: Vec<Ladder> = ladders.iter().map(|steps| ladder(steps)).collect();
        let (rows, found) = align(&ladders);
        assert_eq!((rows, found), (expected.iter().map(|row| row.to_vec()).collect(), count));
    }

    #[test]
    fn equal_steps_stand_level_and_missing_ones_are_gaps() {
        let old = ">SYN <SYN,ACK >CH <SH,Done >CKE,Fin <Fin >GET <200";
        let new = ">SYN <SYN,ACK >CH <SH,EE,Fin >Fin,GET <200";
        check(&[old, old], &[&[0, 1, 2, 3, 4, 5, 6, 7], &[0, 1, 2, 3, 4, 5, 6, 7]], 8);
        check(&[old, new], &[&[0, 1, 2, 3, 4, 5, 6, 7], &[0, 1, 2, 3, 6, 7]], 8);
        check(&[new, old], &[&[0, 1, 2, 3, 6, 7], &[0, 1, 2, 3, 4, 5, 6, 7]], 8);
        check(&[">GET <200", ">SYN <RST"], &[&[0, 1], &[2, 3]], 4);
        check(&[">a", "<a"], &[&[0], &[1]], 2);
    }
}
