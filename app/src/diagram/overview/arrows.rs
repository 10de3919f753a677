//! The arrow of a row: a dot on each client's lifeline with its number of connections, one head
//! at the server, and what is spoken on the way.

use std::collections::BTreeMap;

use wirestage_dissectors::overview::Row;
use wirestage_dissectors::overview::words::thousands;

use super::columns::Columns;
use super::line;
use super::row::{bead, bead_width, number};
use super::sheet::Sheet;
use crate::diagram::geometry::{Align, at};
use crate::diagram::measure::elide;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// How long and how high the head of an arrow is.
const HEAD: f32 = 9.0;
const HEAD_HALF: f32 = 4.5;
/// Between a dot or a head and the beads.
const BESIDE: f32 = 8.0;
/// How far what a host says to itself reaches from its lifeline, and how far it comes down.
const LOOP: f32 = 28.0;
const LOOP_DOWN: f32 = 10.0;

/// Draws the arrow of a row at the height `y`.
pub(super) fn draw(sheet: &mut Sheet<'_>, columns: &Columns, (index, row): (usize, &Row), y: f32) {
    let about = About::Row(index as u32);
    let all = row.service.counts.total();
    let style = if row.service.counts.troubled() == all { Style::Failure } else { Style::Flow };
    let server = columns.server(row.service.server);
    let mut clients: BTreeMap<usize, u32> = BTreeMap::new();
    for client in &row.service.clients {
        *clients.entry(columns.client(client.address)).or_default() += client.connections;
    }
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
    beads(sheet, columns, (row, about), (&xs, head, y));
}

/// The beads: on the arrow where they fit between a dot and the head, else under it.
fn beads(
    sheet: &mut Sheet<'_>,
    columns: &Columns,
    (row, about): (&Row, About),
    (clients, head, y): (&[f32], f32, f32),
) {
    let (from, to) = columns.span();
    let mut beads = row.beads.clone();
    // One bead is never wider than all lifelines together.
    for one in &mut beads {
        let around = bead_width(sheet.measure, one) - sheet.measure.width(&one.label, Type::Bead);
        let room = (to - from - around).max(24.0);
        one.label = elide(sheet.measure, &one.label, Type::Bead, room).into_owned();
    }
    let widths: Vec<f32> = beads.iter().map(|one| bead_width(sheet.measure, one)).collect();
    let gaps = 6.0 * (widths.len().saturating_sub(1)) as f32;
    let width = widths.iter().sum::<f32>() + gaps;
    let near = clients.iter().copied().filter(|x| (*x - head).abs() > 1.0);
    let near = near.min_by(|a, b| (a - head).abs().total_cmp(&(b - head).abs()));
    if let Some(near) = near {
        let (low, high) = if near < head {
            (near + 4.0 + BESIDE, head - HEAD - BESIDE)
        } else {
            (head + HEAD + BESIDE, near - 4.0 - BESIDE)
        };
        if high - low >= width {
            let mut x = (low + high - width) / 2.0;
            for one in &beads {
                x += bead(sheet, one, (x, y), about) + 6.0;
            }
            return;
        }
    }
    // Under the arrow, in as many lines as they take.
    let middle = clients
        .iter()
        .copied()
        .chain([head])
        .fold((f32::MAX, f32::MIN), |(low, high), x| (low.min(x), high.max(x)));
    let middle = middle.0.midpoint(middle.1);
    let is_one_line = width <= to - from;
    let mut under = y + 34.0;
    let mut x = (middle - width / 2.0).clamp(from, (to - width).max(from));
    for (one, width) in beads.iter().zip(&widths) {
        if !is_one_line {
            x = (middle - width / 2.0).clamp(from, (to - width).max(from));
        }
        bead(sheet, one, (x, under), about);
        if is_one_line {
            x += width + 6.0;
        } else {
            under += 28.0;
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
