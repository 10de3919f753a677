//! The head of an overview: title, the cards of the hosts, and the axis of time with its packets.

use wirestage_dissectors::overview::BINS;
use wirestage_dissectors::overview::words::{duration, thousands};

use super::columns::Columns;
use super::sheet::Sheet;
use super::{Subject, line};
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::wrap;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// Draws the title; returns where it ends.
pub(super) fn title(sheet: &mut Sheet<'_>, subject: &Subject<'_>, columns: &Columns) -> f32 {
    let room = columns.width - 2.0 * columns.left;
    let title = wrap(sheet.measure, &subject.report.title, Type::Title, room, 3);
    let mut y =
        sheet.lines(&title, Type::Title, at(columns.left, 42.0), Style::Ink, About::Nothing);
    let sealed = subject.report.rows.iter().flat_map(|row| &row.beads).any(|bead| bead.is_sealed);
    let parts = [
        (!subject.subtitle.is_empty()).then(|| subject.subtitle.to_owned()),
        Some(subject.report.sums.totals()),
        sealed.then(|| "some of it sealed, without keys here".to_owned()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let subtitle = wrap(sheet.measure, &parts.join(" · "), Type::Subtitle, room, 3);
    y = sheet.lines(
        &subtitle,
        Type::Subtitle,
        at(columns.left, y - 2.0),
        Style::Dim,
        About::Nothing,
    );
    y + 6.0
}

/// Draws the cards of the hosts; returns where they end.
pub(super) fn cards(sheet: &mut Sheet<'_>, columns: &Columns, top: f32) -> f32 {
    let lines = columns.hosts.iter().map(|host| host.name.len() + host.address.len()).max();
    let height = 18.0 + 14.0 * lines.unwrap_or(0) as f32;
    for host in &columns.hosts {
        let rect =
            Rect::sized(host.x - columns.pitch / 2.0 + 2.0, top, columns.pitch - 4.0, height);
        let plate = Shape::Plate { rect, radius: 8.0, outline: 1.0, dashed: false };
        sheet.add(plate, Style::Card, About::Nothing, Layer::Cast);
        let own = (host.name.len() + host.address.len()) as f32;
        let mut y = top + height / 2.0 - own * 7.0 + 10.5;
        let name = host.name.iter().map(|line| (line, Type::State, Style::Ink));
        let address = host.address.iter().map(|line| (line, Type::Address, Style::Dim));
        for (text, font, style) in name.chain(address) {
            let about = (style, About::Nothing);
            sheet.text_in((text, font), at(host.x, y), Align::Middle, about, Layer::Cast);
            y += 14.0;
        }
    }
    top + height
}

/// Draws the axis with the packets above it, level with the cards; returns where it ends.
pub(super) fn axis(
    sheet: &mut Sheet<'_>,
    subject: &Subject<'_>,
    columns: &Columns,
    (top, cards_end): (f32, f32),
) -> f32 {
    let (from, to) = columns.strip;
    let base =
        if columns.is_strip_below { cards_end + 44.0 } else { (cards_end - 18.0).max(top + 36.0) };
    let front = Layer::Front;
    let activity = subject.activity;
    if activity.is_counted {
        let most = activity.frames.iter().copied().max().unwrap_or(0).max(1);
        let step = (to - from) / BINS as f32;
        let mut at_x = from;
        for count in &activity.frames {
            if *count > 0 {
                let height = (*count as f32 / most as f32 * 28.0).max(1.0);
                let rect = Rect::sized(at_x, base - height, step, height);
                sheet.plate(rect, 0.0, Style::Faint, About::Nothing, Layer::Lines);
            }
            at_x += step;
        }
        let nanos = subject.report.sums.nanos;
        let label = format!(
            "packets, at most {} in {}",
            thousands(most.into()),
            duration(nanos / BINS as i64)
        );
        let about = (Style::Dim, About::Nothing);
        sheet.text_in((&label, Type::State), at(from, base - 32.0), Align::Start, about, front);
    }
    sheet.add(line((from, base), (to, base), 1.0), Style::Flow, About::Nothing, Layer::Lines);
    for (x, nanos, align) in ticks(subject.report.sums.nanos, (from, to)) {
        sheet.add(line((x, base), (x, base + 4.0), 1.0), Style::Flow, About::Nothing, Layer::Lines);
        let text = if nanos == 0 { "0".to_owned() } else { duration(nanos) };
        sheet.text((&text, Type::Clock), at(x, base + 16.0), align, Style::Faint, About::Nothing);
    }
    base + 20.0
}

/// Beginning, middle and end of the recording, where they stand.
fn ticks(nanos: i64, (from, to): (f32, f32)) -> Vec<(f32, i64, Align)> {
    let middle = (from.midpoint(to), nanos / 2, Align::Middle);
    let mut ticks = vec![(from, 0, Align::Start), (to, nanos, Align::End)];
    if to - from > 180.0 && nanos > 0 {
        ticks.insert(1, middle);
    }
    ticks
}
