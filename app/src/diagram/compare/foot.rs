//! The foot: what the ways differ in, in a sentence, and what the frames of the beads mean.

use std::collections::BTreeSet;

use wirestage_dissectors::story::Replay;

use super::bead;
use super::columns::Columns;
use super::plan::{Bead, Ladder};
use crate::compare::{Comparison, Until, words};
use crate::diagram::geometry::{Rect, at};
use crate::diagram::measure::wrap;
use crate::diagram::scene::{About, Layer};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::{Style, Type};

/// From one entry of the legend to the next, and from one row of them.
const GAP: f32 = 10.0;
const ROW: f32 = 34.0;
/// How many lines the sentence may take.
const SUM_LINES: usize = 4;
/// Above and below what the foot holds.
const PAD: f32 = 16.0;

/// Draws the foot below `top`; returns where it ends.
pub(super) fn draw(
    sheet: &mut Sheet<'_>,
    comparison: &Comparison,
    ladders: &[Ladder],
    columns: &Columns,
    top: f32,
) -> f32 {
    let entries = legend(sheet, ladders);
    let sum = sum(comparison);
    let wide = |entries: &[(Bead, String, f32)]| {
        (entries.iter().map(|(.., width)| width + GAP).sum::<f32>() - GAP).max(0.0)
    };
    let all = wide(&entries);
    let room = columns.room();
    let said = sheet.measure.width(&sum, Type::Step);
    let is_one_line = said + 32.0 + all <= room;
    let lines = if is_one_line {
        vec![sum]
    } else {
        wrap(sheet.measure, &sum, Type::Step, room, SUM_LINES)
    };
    let mut rows: Vec<Vec<(Bead, String, f32)>> = Vec::new();
    for entry in entries {
        match rows.last_mut() {
            Some(row) if wide(row) + GAP + entry.2 <= room => row.push(entry),
            _ => rows.push(vec![entry]),
        }
    }
    let words = Type::Step.line_height() * lines.len() as f32;
    let beads = ROW * rows.len() as f32;
    let height =
        if is_one_line { words.max(beads) } else { words + beads + 8.0 } + 2.0 * PAD - 10.0;
    let rect = Rect::sized(columns.outer, top, columns.width - 2.0 * columns.outer, height);
    sheet.plate(rect, 8.0, Style::Band, About::Nothing, Layer::Ground);
    let first = if is_one_line { top + height / 2.0 + 4.5 } else { top + PAD + 10.0 };
    let y = sheet.lines(&lines, Type::Step, at(columns.left, first), Style::Ink, About::Nothing);
    let mut middle = if is_one_line { top + height / 2.0 } else { y + 10.0 };
    for row in &rows {
        let mut x =
            if is_one_line { columns.width - columns.left - wide(row) } else { columns.left };
        for (entry, words, width) in row {
            let rect = Rect::sized(x, middle - bead::HEIGHT / 2.0, *width, bead::HEIGHT);
            bead::draw(sheet, (entry, words), rect, About::Legend(entry.style));
            x += width + GAP;
        }
        middle += ROW;
    }
    notes(sheet, comparison, columns, top + height)
}

/// How many lines a note may take: names of two recordings stand in it several times.
const LINES: usize = 12;

/// What two differ in, in words, and what a reader must know before trusting it.
fn notes(sheet: &mut Sheet<'_>, comparison: &Comparison, columns: &Columns, end: f32) -> f32 {
    let mut y = end;
    // Of more than two the ledger says it: sentences for all would be a page.
    let words = words(comparison);
    let words = if let [words] = words.as_slice() { Some(words) } else { None };
    for note in words.into_iter().chain(&comparison.notes) {
        let lines = wrap(sheet.measure, note, Type::Detail, columns.room(), LINES);
        y = sheet.lines(
            &lines,
            Type::Detail,
            at(columns.left, y + 24.0),
            Style::Dim,
            About::Nothing,
        ) - 14.0;
    }
    y
}

/// The frames that occur, each with what it means.
fn legend(sheet: &Sheet<'_>, ladders: &[Ladder]) -> Vec<(Bead, String, f32)> {
    let all = ladders.iter().flat_map(Ladder::beads);
    let looks: BTreeSet<(Style, bool)> = all.map(|bead| (bead.style, bead.locked)).collect();
    let entries = looks.into_iter().filter_map(|(style, locked)| {
        let words = style.legend()?.to_owned();
        let bead = Bead { names: Vec::new(), style, locked, repeated: false, speaks: None };
        let width = bead::width(&bead, &words, sheet.measure);
        Some((bead, words, width))
    });
    entries.collect()
}

/// What the ways differ in.
fn sum(comparison: &Comparison) -> String {
    if comparison.until == Until::Whole {
        let told = comparison.ways.iter().map(|way| {
            let (held, all) = way.held_up();
            format!("{}: {held} of {all} answers wait for what was lost.", way.name)
        });
        return told.collect::<Vec<_>>().join(" ");
    }
    let ledgers = || comparison.ways.iter().filter_map(|way| way.ledger);
    let counts: Vec<u32> = ledgers().map(|ledger| ledger.until_answer.round_trips).collect();
    let (Some(&least), Some(&most)) = (counts.iter().min(), counts.iter().max()) else {
        return "Nobody was answered.".to_owned();
    };
    let trips = |count: u32| match count {
        1 => "1 round trip".to_owned(),
        count => format!("{count} round trips"),
    };
    let differ = if least == most {
        format!("{} until the first byte, every way.", trips(most))
    } else if counts.first() == Some(&least) && counts.last() == Some(&most) {
        format!("From {} to {} until the first byte. What is paid is waiting.", trips(least), most)
    } else {
        format!("From {} to {} until the first byte. What is saved is waiting.", trips(most), least)
    };
    let is_early = ledgers().any(|ledger| ledger.replay == Replay::Request);
    let price = if is_early { " What early data costs: the request can be replayed." } else { "" };
    differ + price
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Way;
    use wirestage_dissectors::ids::{FrameId, Time};
    use wirestage_dissectors::story::{BeatId, Ledger, Moment, Spent};

    #[track_caller]
    fn check(trips: &[u32], replay: Replay, expected: &str) {
        let moment = Moment { frame: FrameId(0), time: Time(0) };
        let way = |count: &u32| Way {
            ledger: Some(Ledger {
                track: None,
                request: BeatId(0),
                answer: BeatId(1),
                began: moment,
                asked: moment,
                answered: moment,
                until_request: Spent::default(),
                until_answer: Spent { round_trips: *count, ..Spent::default() },
                replay,
            }),
            ..Way::default()
        };
        let ways = trips.iter().map(way).collect();
        assert_eq!(sum(&Comparison { ways, ..Comparison::default() }), expected);
    }

    #[test]
    fn the_sum_says_what_is_saved_and_what_it_costs() {
        let saved = "From 4 round trips to 1 until the first byte. What is saved is waiting.";
        check(&[4, 1, 3], Replay::Impossible, saved);
        let price = "What early data costs: the request can be replayed.";
        check(&[4, 1], Replay::Request, &format!("{saved} {price}"));
        let paid = "From 3 round trips to 4 until the first byte. What is paid is waiting.";
        check(&[3, 4], Replay::Impossible, paid);
        let same = "2 round trips until the first byte, every way.";
        check(&[2, 2], Replay::Impossible, same);
        check(&[1, 1], Replay::Opening, "1 round trip until the first byte, every way.");
        check(&[], Replay::Impossible, "Nobody was answered.");
    }
}
