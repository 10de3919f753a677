//! The foot: what all connections came to, and what the marks mean.

use wirestage_dissectors::overview::{Bead, LANES};

use super::columns::{Columns, OUTER};
use super::row::{bar, bead, bead_width};
use super::strip::has_trouble;
use super::{Subject, line};
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::wrap;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::{Style, Type};

/// One entry of the legend.
enum Entry {
    Lane,
    Curves,
    Cross,
    Again,
    Bead(Bead),
}

/// Draws the foot from `top` down; returns where it ends.
pub(super) fn draw(
    sheet: &mut Sheet<'_>,
    subject: &Subject<'_>,
    columns: &Columns,
    top: f32,
) -> f32 {
    let (left, right) = (columns.left, columns.width - columns.left);
    let sums = &subject.report.sums;
    let room = (right - left).min(640.0);
    let headline = wrap(sheet.measure, &sums.headline(), Type::Chapter, room, 2);
    let counts = wrap(sheet.measure, &sums.counts.to_string(), Type::Detail, room, 4);
    let origin = at(left, top + 28.0);
    let mut y = sheet.lines(&headline, Type::Chapter, origin, Style::Ink, About::Nothing);
    bar(sheet, &sums.counts, (left, y - 4.0, room.min(440.0)), About::Nothing);
    y = sheet.lines(&counts, Type::Detail, at(left, y + 16.0), Style::Dim, About::Nothing);

    let mut x = left;
    y += 12.0;
    for entry in legend(subject) {
        let width = entry.width(sheet);
        if x + width > right && x > left {
            (x, y) = (left, y + 32.0);
        }
        entry.draw(sheet, (x, y));
        x += width + 24.0;
    }
    let bottom = y + 26.0;
    let rect = Rect { left: OUTER, top, right: columns.width - OUTER, bottom };
    sheet.plate(rect, 6.0, Style::Band, About::Nothing, Layer::Ground);
    bottom
}

/// What there is to explain.
fn legend(subject: &Subject<'_>) -> Vec<Entry> {
    let beads = || subject.report.rows.iter().flat_map(|row| &row.beads);
    let sample = |label: &str, is_sealed| {
        Entry::Bead(Bead { label: label.to_owned(), is_trouble: false, is_sealed })
    };
    let sizes = || subject.report.rows.iter().map(|row| row.service.places.len());
    let mut entries = Vec::new();
    if sizes().any(|size| size <= LANES) {
        entries.push(Entry::Lane);
    }
    if sizes().any(|size| size > LANES) {
        entries.push(Entry::Curves);
    }
    if has_trouble(subject) {
        entries.push(Entry::Cross);
    }
    if subject.report.rows.iter().any(|row| row.service.again > 0) {
        entries.push(Entry::Again);
    }
    if beads().any(|bead| bead.is_sealed) {
        entries.push(sample("sealed, no key here", true));
    }
    entries
}

impl Entry {
    fn words(&self) -> &'static str {
        match self {
            Self::Lane => "a connection, thick where bytes flow",
            Self::Curves => "how many are open, over the bytes that flow",
            Self::Cross => "to be looked at",
            Self::Again => "sent again",
            Self::Bead(_) => "",
        }
    }

    fn sample(&self) -> f32 {
        match self {
            Self::Lane | Self::Curves => 36.0,
            Self::Cross | Self::Again => 14.0,
            Self::Bead(_) => 0.0,
        }
    }

    fn width(&self, sheet: &Sheet<'_>) -> f32 {
        match self {
            Self::Bead(bead) => bead_width(sheet.measure, bead),
            _ => self.sample() + sheet.measure.width(self.words(), Type::Detail),
        }
    }

    fn draw(&self, sheet: &mut Sheet<'_>, (x, y): (f32, f32)) {
        let (nothing, lines) = (About::Nothing, Layer::Lines);
        match self {
            Self::Lane => {
                sheet.add(line((x, y), (x + 28.0, y), 1.0), Style::Faint, nothing, lines);
                sheet.add(line((x + 9.0, y), (x + 19.0, y), 4.0), Style::Flow, nothing, lines);
            }
            Self::Curves => {
                for (at_x, height) in [(4.0, 6.0), (10.0, 10.0), (16.0, 4.0)] {
                    let rect = Rect::sized(x + at_x, y + 6.0 - height, 5.0, height);
                    sheet.plate(rect, 0.0, Style::Faint, nothing, Layer::Bars);
                }
                for (from, to) in [((0.0, 2.0), (12.0, -6.0)), ((12.0, -6.0), (28.0, -2.0))] {
                    let piece = line((x + from.0, y + from.1), (x + to.0, y + to.1), 1.25);
                    sheet.add(piece, Style::Flow, nothing, lines);
                }
            }
            Self::Cross => {
                let cross = Shape::Cross { centre: at(x + 4.0, y), arm: 3.5 };
                sheet.add(cross, Style::Failure, nothing, Layer::Front);
            }
            Self::Again => {
                let points = [at(x + 4.0, y + 4.0), at(x, y - 3.0), at(x + 8.0, y - 3.0)];
                sheet.add(Shape::Head(points), Style::Failure, nothing, lines);
            }
            Self::Bead(one) => {
                bead(sheet, one, (x, y), nothing);
            }
        }
        let origin = at(x + self.sample(), y + Type::Detail.cap_height() / 2.0);
        sheet.text((self.words(), Type::Detail), origin, Align::Start, Style::Dim, nothing);
    }
}
