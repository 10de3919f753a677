//! The arrow of a row: a dot on each client's lifeline with its number of connections, one head
//! at the server, and what is spoken on the way.

use std::collections::BTreeMap;

use wirestage_dissectors::overview::{Bead, Row};
use wirestage_dissectors::wording::thousands;

use super::columns::Columns;
use super::line;
use super::row::{bead, bead_width, number};
use crate::diagram::geometry::{Align, at};
use crate::diagram::measure::{MeasureText, elide};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::{Style, Type};

/// How long and how high the head of an arrow is.
const HEAD: f32 = 9.0;
const HEAD_HALF: f32 = 4.5;
/// Between a dot or a head and the beads.
const BESIDE: f32 = 8.0;
/// How far what a host says to itself reaches from its lifeline, and how far it comes down.
const LOOP: f32 = 28.0;
const LOOP_DOWN: f32 = 10.0;
/// From one line of beads to the next, where they stand under the arrow.
const LINE: f32 = 28.0;

/// How much lower than one line of them the beads of a row reach.
pub(super) fn below(columns: &Columns, row: &Row, measure: &dyn MeasureText) -> f32 {
    let beads = Beads::of(columns, row, measure);
    let is_stacked = beads.on_arrow.is_none() && !beads.is_one_line;
    if is_stacked { LINE * beads.all.len().saturating_sub(1) as f32 } else { 0.0 }
}

/// Draws the arrow of a row at the height `y`.
pub(super) fn draw(sheet: &mut Sheet<'_>, columns: &Columns, (index, row): (usize, &Row), y: f32) {
    let about = About::Row(index as u32);
    let all = row.service.counts.total();
    let style = if row.service.counts.troubled() == all { Style::Failure } else { Style::Flow };
    let server = columns.server(row.service.server);
    let clients = clients(columns, row);
    let head = columns.x(server);
    let xs: Vec<f32> = clients.keys().map(|column| columns.x(*column)).collect();
    let leftmost = xs.iter().copied().fold(head, f32::min);
    let rightmost = xs.iter().copied().fold(head, f32::max);
    if leftmost < head {
        sheet.add(line((leftmost, y), (head - HEAD, y), 1.5), style, about, Layer::Lines);
        tip(sheet, (head, y), -1.0, style, about);
    }
    if rightmost > head {
        sheet.add(line((rightmost, y), (head + HEAD, y), 1.5), style, about, Layer::Lines);
        tip(sheet, (head, y), 1.0, style, about);
    }
    for (column, count) in &clients {
        let x = columns.x(*column);
        if *column == server {
            to_itself(sheet, (x, y), style, about);
        }
        let dot = Shape::Disc { centre: at(x, y), radius: 4.0, outline: 0.0, hollow: false };
        // The fill of a failure is pale: its dot is as dark as its line.
        let fill = if style == Style::Failure { Style::Failure } else { Style::Flow };
        sheet.add(dot, Style::Flow, about, Layer::Front);
        if fill == Style::Failure {
            let ring = Shape::Disc { centre: at(x, y), radius: 4.0, outline: 1.5, hollow: false };
            sheet.add(ring, Style::Failure, about, Layer::Front);
        }
        let text = thousands((*count).into());
        let origin = at(x + 6.0, y - 9.0);
        sheet.text((&text, Type::Clock), origin, Align::Start, Style::Dim, about);
    }
    number(sheet, index, at(leftmost - 20.0, y), about);
    Beads::of(columns, row, sheet.measure).draw(sheet, columns, (leftmost, rightmost), (about, y));
}

/// On which lifelines the clients of a row stand, with their connections.
fn clients(columns: &Columns, row: &Row) -> BTreeMap<usize, u32> {
    let mut clients: BTreeMap<usize, u32> = BTreeMap::new();
    for client in &row.service.clients {
        *clients.entry(columns.client(client.address)).or_default() += client.connections;
    }
    clients
}

/// The beads of a row: on the arrow where they fit between a dot and the head, else under it.
struct Beads {
    /// Each with its width.
    all: Vec<(Bead, f32)>,
    /// How wide they are beside each other.
    width: f32,
    /// Where on the arrow they have room.
    on_arrow: Option<(f32, f32)>,
    /// Whether they stand beside each other where they stand under it.
    is_one_line: bool,
}

impl Beads {
    fn of(columns: &Columns, row: &Row, measure: &dyn MeasureText) -> Self {
        let (from, to) = columns.span();
        // One bead is never wider than all lifelines together.
        let fit = |mut one: Bead| {
            let around = bead_width(measure, &one) - measure.width(&one.label, Type::Bead);
            let room = (to - from - around).max(24.0);
            one.label = elide(measure, &one.label, Type::Bead, room).into_owned();
            let width = bead_width(measure, &one);
            (one, width)
        };
        let all: Vec<(Bead, f32)> = row.beads.iter().cloned().map(fit).collect();
        let gaps = 6.0 * (all.len().saturating_sub(1)) as f32;
        let width = all.iter().map(|(_, width)| width).sum::<f32>() + gaps;
        let head = columns.x(columns.server(row.service.server));
        let clients = clients(columns, row).into_keys().map(|column| columns.x(column));
        let near = clients.filter(|x| (*x - head).abs() > 1.0);
        let near = near.min_by(|a, b| (a - head).abs().total_cmp(&(b - head).abs()));
        let free = near.map(|near| {
            if near < head {
                (near + 4.0 + BESIDE, head - HEAD - BESIDE)
            } else {
                (head + HEAD + BESIDE, near - 4.0 - BESIDE)
            }
        });
        let on_arrow = free.filter(|(low, high)| high - low >= width);
        Self { all, width, on_arrow, is_one_line: width <= to - from }
    }

    /// Draws them on the arrow between these two places, or under it.
    fn draw(
        &self,
        sheet: &mut Sheet<'_>,
        columns: &Columns,
        (leftmost, rightmost): (f32, f32),
        (about, y): (About, f32),
    ) {
        if let Some((low, high)) = self.on_arrow {
            let mut x = low.midpoint(high) - self.width / 2.0;
            for (one, _) in &self.all {
                x += bead(sheet, one, (x, y), about) + 6.0;
            }
            return;
        }
        // Under the arrow, in as many lines as they take.
        let (from, to) = columns.span();
        let middle = leftmost.midpoint(rightmost);
        let begin = |width: f32| (middle - width / 2.0).clamp(from, (to - width).max(from));
        let mut under = y + 34.0;
        let mut x = begin(self.width);
        for (one, width) in &self.all {
            if self.is_one_line {
                bead(sheet, one, (x, under), about);
                x += width + 6.0;
            } else {
                bead(sheet, one, (begin(*width), under), about);
                under += LINE;
            }
        }
    }
}

/// The tip of an arrow that comes from that side.
fn tip(sheet: &mut Sheet<'_>, (x, y): (f32, f32), side: f32, style: Style, about: About) {
    let back = x + side * HEAD;
    let head = Shape::Head([at(x, y), at(back, y - HEAD_HALF), at(back, y + HEAD_HALF)]);
    sheet.add(head, style, about, Layer::Lines);
}

/// What a host says to itself.
fn to_itself(sheet: &mut Sheet<'_>, (x, y): (f32, f32), style: Style, about: About) {
    let (out, down) = (x + LOOP, y + LOOP_DOWN);
    for (from, to) in [((x, y), (out, y)), ((out, y), (out, down)), ((out, down), (x + HEAD, down))]
    {
        sheet.add(line(from, to, 1.5), style, about, Layer::Lines);
    }
    tip(sheet, (x, down), 1.0, style, about);
}
