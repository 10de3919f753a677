//! The head of an overview: title, the cards of the hosts, and the axis of time with its packets.

use wirestage_dissectors::overview::BINS;
use wirestage_dissectors::wording::{TimeUnit, duration, in_unit, thousands, unit_of};

use super::super::layout::{multiples, round_step};
use super::columns::Columns;
use super::{Subject, line};
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::wrap;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
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
        // Those of no connection are among them, which the title does not count.
        let label = format!(
            "frames recorded, at most {} in {}",
            thousands(most.into()),
            duration(i64::try_from(BINS).map_or(nanos, |bins| nanos / bins))
        );
        let about = (Style::Dim, About::Nothing);
        sheet.text_in((&label, Type::State), at(from, base - 32.0), Align::Start, about, front);
    }
    sheet.add(line((from, base), (to, base), 1.0), Style::Flow, About::Nothing, Layer::Lines);
    let clock = (Type::Clock, Style::Faint, About::Nothing);
    for (x, text, align) in ticks(sheet, subject.report.sums.nanos, (from, to)) {
        sheet.add(line((x, base), (x, base + 4.0), 1.0), Style::Flow, About::Nothing, Layer::Lines);
        sheet.text((&text, clock.0), at(x, base + 16.0), align, clock.1, clock.2);
    }
    base + 20.0
}

/// Round times, as many as stand beside each other, and the end of the recording.
fn ticks(sheet: &Sheet<'_>, nanos: i64, (from, to): (f32, f32)) -> Vec<(f32, String, Align)> {
    let unit = unit_of(nanos);
    let end = in_unit(nanos, unit);
    if nanos <= 0 {
        return vec![(from, "0".to_owned(), Align::Start)];
    }
    let scale = f64::from(to - from) / nanos as f64;
    let least = f64::from(APART) / scale;
    let step = step_in(least, unit);
    let last = to - sheet.measure.width(&end, Type::Clock) - BETWEEN;
    let mut ticks = Vec::new();
    for time in multiples(step, 0.0..=nanos as f64) {
        let x = from + (time * scale) as f32;
        let text = if time == 0.0 { "0".to_owned() } else { in_unit(time as i64, unit) };
        let half = sheet.measure.width(&text, Type::Clock) / 2.0;
        let (align, ends) =
            if time == 0.0 { (Align::Start, x + 2.0 * half) } else { (Align::Middle, x + half) };
        if ends <= last {
            ticks.push((x, text, align));
        }
    }
    ticks.push((to, end, Align::End));
    ticks
}

/// A step that is round in the unit of the axis; of what is longer than seconds a whole number.
fn step_in(least: f64, (size, _): TimeUnit) -> f64 {
    if size > 1e9 { (size * round_step(least / size)).max(size) } else { round_step(least) }
}

/// From one tick to the next at least, and between their words.
const APART: f32 = 72.0;
const BETWEEN: f32 = 12.0;

#[cfg(test)]
mod tests {
    use super::super::super::measure::FontMeasure;
    use super::*;

    #[track_caller]
    fn check(nanos: i64, width: f32, expected: &str) {
        let measure = FontMeasure::default();
        let sheet = Sheet::new(&measure);
        let ticks = ticks(&sheet, nanos, (0.0, width));
        assert!(ticks.iter().map(|(x, ..)| *x).is_sorted());
        let words: Vec<String> = ticks.into_iter().map(|(_, text, _)| text).collect();
        assert_eq!(words.join(" | "), expected);
    }

    #[test]
    fn the_axis_has_round_times_and_its_end() {
        check(0, 400.0, "0");
        check(60_000_000_000, 400.0, "0 | 20 s | 40 s | 60 s");
        check(5_990_000_000, 700.0, "0 | 1 s | 2 s | 3 s | 4 s | 5 s | 5.99 s");
        check(400_000_000_000, 400.0, "0 | 2 min | 4 min | 6.67 min");
        check(7_300_000_000_000, 400.0, "0 | 50 min | 122 min");
        check(1_122 * 86_400_000_000_000, 400.0, "0 | 500 days | 1122 days");
        check(1_200_000, 160.0, "0 | 1.2 ms");
    }
}
