//! The strip of a row: when its connections were open, and when bytes flowed.

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::overview::{BINS, Busy, Condition, Fate, LANES, Lane, Line, Row};
use wirestage_dissectors::wording::{duration, thousands};

use super::columns::Columns;
use super::{Opens, Spot, Subject, line};
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::{Style, Type};

/// Marks of one kind stand at least so many stretches apart.
const APART: usize = 3;
/// How wide and high a mark is for whoever points at it.
const SPOT: f32 = 12.0;

/// A strip while it is drawn.
struct Strip<'a> {
    subject: &'a Subject<'a>,
    about: About,
    from: f32,
    to: f32,
    top: f32,
    bottom: f32,
    first: Time,
    nanos: f64,
}

/// Draws the strip of a row between two heights.
pub(super) fn draw(
    sheet: &mut Sheet<'_>,
    subject: &Subject<'_>,
    columns: &Columns,
    (index, row): (usize, &Row),
    (top, bottom): (f32, f32),
) -> Vec<Spot> {
    let Some((first, last)) = subject.known.survey.times() else { return Vec::new() };
    let (from, to) = columns.strip;
    let nanos = (last.since(first) as f64).max(1.0);
    // It keeps its colours also where its row is chosen.
    let about = About::Nothing;
    let strip = Strip { subject, about, from, to, top, bottom, first, nanos };
    let Some(busy) = subject.activity.rows.get(index) else { return Vec::new() };
    let mut spots = Vec::new();
    if row.service.places.len() <= LANES {
        let lines: Vec<(u32, &Line)> = strip.lines(row).collect();
        strip.lanes(sheet, &lines, &busy.lanes, &mut spots);
    } else {
        strip.curves(sheet, busy, &mut spots);
    }
    strip.again(sheet, busy, &mut spots);
    spots
}

impl<'a> Strip<'a> {
    fn lines(&self, row: &'a Row) -> impl Iterator<Item = (u32, &'a Line)> {
        let known = self.subject.known.lines;
        row.service.places.iter().filter_map(|place| Some((*place, known.get(*place as usize)?)))
    }

    /// A stretch that opens what happened in it, some bins wide.
    fn stretch(&self, (x, y): (f32, f32), bin: usize, what: &str) -> Spot {
        let width = self.nanos / BINS as f64;
        let from = (bin as f64 * width) as i64;
        // Marks that stand too close are one.
        let to = ((bin + APART) as f64 * width) as i64;
        let spoken = format!("{what} after {}", duration(from));
        let bounds = Rect::around(at(x, y), SPOT, SPOT);
        Spot { bounds, opens: Opens::Stretch(from, to), spoken }
    }

    /// Where a time stands.
    fn x(&self, time: Time) -> f32 {
        let share = (time.since(self.first) as f64 / self.nanos).clamp(0.0, 1.0) as f32;
        self.from + (self.to - self.from) * share
    }

    fn step(&self) -> f32 {
        (self.to - self.from) / BINS as f32
    }

    /// A lane for each connection: thin while it is open, thick where bytes flow.
    fn lanes(
        &self,
        sheet: &mut Sheet<'_>,
        lines: &[(u32, &Line)],
        activity: &[Lane],
        spots: &mut Vec<Spot>,
    ) {
        let mut ends = Vec::new();
        let pitch = ((self.bottom - self.top - 12.0) / lines.len().max(1) as f32).min(10.0);
        let mut y = (self.top + self.bottom) / 2.0 - pitch * (lines.len() as f32 - 1.0) / 2.0;
        for (number, (place, one)) in lines.iter().enumerate() {
            let (start, end) = (self.x(one.start), self.x(one.end).max(self.x(one.start) + 1.0));
            let is_open = matches!(one.fate, Fate::Open | Fate::Through | Fate::HalfClosed);
            let begins = if one.began_before { self.from } else { start };
            let ends_at = if is_open { self.to } else { end };
            sheet.add(line((begins, y), (ends_at, y), 1.0), Style::Faint, self.about, Layer::Lines);
            if let Some(lane) = activity.get(number).filter(|_| self.subject.activity.is_counted) {
                self.flow(sheet, lane, y, pitch);
            } else {
                sheet.add(line((start, y), (end, y), 2.0), Style::Flow, self.about, Layer::Lines);
            }
            if one.began_before {
                self.chevron(sheet, (self.from, y), -1.0);
            }
            if is_open {
                self.chevron(sheet, (self.to, y), 1.0);
            }
            let named = format!("connection {}", place + 1);
            let bounds = Rect {
                left: begins,
                top: y - pitch / 2.0,
                right: ends_at,
                bottom: y + pitch / 2.0,
            };
            let opens = Opens::Connection(*place);
            spots.push(Spot { bounds, opens, spoken: format!("Open {named}") });
            if self.subject.known.verdict(one).is_trouble() {
                self.cross(sheet, (end, y));
                let (bounds, opens) = (Rect::around(at(end, y), SPOT, SPOT), Opens::End(*place));
                ends.push(Spot { bounds, opens, spoken: format!("Open the end of {named}") });
            }
            y += pitch;
        }
        spots.append(&mut ends);
    }

    /// Thick pieces where bytes flow.
    fn flow(&self, sheet: &mut Sheet<'_>, lane: &Lane, y: f32, pitch: f32) {
        let width = (pitch * 0.6).clamp(2.0, 6.0);
        let mut at_bin = 0;
        while at_bin < lane.len() {
            let rest = lane.get(at_bin..).unwrap_or_default();
            let busy = rest.iter().take_while(|bytes| **bytes > 0).count();
            if busy > 0 {
                let from = self.from + self.step() * at_bin as f32;
                let to = from + (self.step() * busy as f32).max(1.5);
                sheet.add(line((from, y), (to, y), width), Style::Flow, self.about, Layer::Lines);
            }
            at_bin += busy.max(1);
        }
    }

    /// How many are open as a line, bytes filled below it.
    fn curves(&self, sheet: &mut Sheet<'_>, busy: &Busy, spots: &mut Vec<Spot>) {
        let (top, base) = (self.top + 14.0, self.bottom - 8.0);
        let bytes = busy.lanes.first().filter(|_| self.subject.activity.is_counted);
        if let Some(bytes) = bytes {
            let most = bytes.iter().copied().max().unwrap_or(0).max(1) as f32;
            for (bin, count) in bytes.iter().enumerate().filter(|(_, count)| **count > 0) {
                let height = (*count as f32 / most * (base - top)).max(1.0);
                let left = self.from + self.step() * bin as f32;
                let rect = Rect::sized(left, base - height, self.step(), height);
                sheet.plate(rect, 0.0, Style::Faint, self.about, Layer::Bars);
            }
            let text = ("bytes", Type::State);
            sheet.text(text, at(self.to, self.top + 4.0), Align::End, Style::Faint, self.about);
        }
        let most = busy.open.iter().copied().max().unwrap_or(0).max(1);
        let height = |count: u32| base - count as f32 / most as f32 * (base - top);
        for (bin, pair) in busy.open.windows(2).enumerate() {
            let [before, after] = pair else { continue };
            let x = self.from + self.step() * (bin as f32 + 0.5);
            let piece = line((x, height(*before)), (x + self.step(), height(*after)), 1.25);
            sheet.add(piece, Style::Flow, self.about, Layer::Lines);
        }
        let label = format!("at most {} open", thousands(most.into()));
        let text = (label.as_str(), Type::State);
        sheet.text(text, at(self.from, self.top + 4.0), Align::Start, Style::Dim, self.about);
        for (bin, x) in self.marks(&busy.is_troubled) {
            self.cross(sheet, (x, base + 4.0));
            spots.push(self.stretch((x, base + 4.0), bin, "Open what needs a look"));
        }
    }

    /// A triangle where a segment was sent again.
    fn again(&self, sheet: &mut Sheet<'_>, busy: &Busy, spots: &mut Vec<Spot>) {
        for (bin, x) in self.marks(&busy.is_again) {
            let y = self.bottom + 2.0;
            let points = [at(x, y + 6.0), at(x - 3.5, y), at(x + 3.5, y)];
            sheet.add(Shape::Head(points), Style::Failure, self.about, Layer::Lines);
            spots.push(self.stretch((x, y + 3.0), bin, "Open what was sent again"));
        }
    }

    /// Where marks stand, no two closer than [`APART`] stretches.
    fn marks(&self, is_marked: &[bool]) -> Vec<(usize, f32)> {
        let mut next = 0;
        let mut found = Vec::new();
        for (bin, is_marked) in is_marked.iter().enumerate() {
            if *is_marked && bin >= next {
                found.push((bin, self.from + self.step() * (bin as f32 + 0.5)));
                next = bin + APART;
            }
        }
        found
    }

    fn cross(&self, sheet: &mut Sheet<'_>, (x, y): (f32, f32)) {
        let cross = Shape::Cross { centre: at(x, y), arm: 3.0 };
        sheet.add(cross, Style::Failure, self.about, Layer::Front);
    }

    /// Where a connection goes on past an edge of the recording.
    fn chevron(&self, sheet: &mut Sheet<'_>, (x, y): (f32, f32), side: f32) {
        for up in [-3.5, 3.5] {
            let arm = line((x - side * 4.0, y + up), (x, y), 1.25);
            sheet.add(arm, Style::Flow, self.about, Layer::Lines);
        }
    }
}

/// Whether any row tells of something that a legend has to explain.
pub(super) fn has_trouble(subject: &Subject<'_>) -> bool {
    subject.report.sums.counts.each().any(|(one, _): (Condition, u32)| one.is_trouble())
}
