//! The foot: what it came to, what the marks mean, and how the graph is read.

use wirestage_dissectors::course::{Carrier, Course, Heard, Says, What};
use wirestage_dissectors::wording::{bytes, counted, duration, thousands};

use super::frame::outer;
use super::lines::Stroke;
use super::marks::Mark;
use super::scale::Unit;
use super::{Kind, measures, sequence, throughput};
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::wrap;
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::sheet::Sheet;
use crate::diagram::style::{Style, Type};

/// Around what stands in the foot.
const PADDING: f32 = 14.0;
/// Below the foot.
const UNDER: f32 = 16.0;
/// From one row of the legend to the next, from one entry to the next, and the room of a sample.
const ROW: f32 = 22.0;
const BETWEEN: f32 = 22.0;
const SAMPLE: f32 = 22.0;

/// One entry of the legend.
#[derive(Clone, Copy, Debug)]
enum Entry {
    Mark(Mark),
    Bar(&'static str),
    Line(Stroke, &'static str),
    Dashed(Style, &'static str),
    Area(&'static str),
    Trip(&'static str),
    Sent(&'static str),
    Again(&'static str),
}

/// A foot that is laid out.
pub(super) struct Foot {
    sums: Vec<String>,
    legend: Vec<(Entry, f32, f32)>,
    reading: Vec<String>,
    outer: f32,
    width: f32,
    /// How high it is, with the margin below.
    pub(super) height: f32,
}

impl Foot {
    pub(super) fn new(
        sheet: &Sheet<'_>,
        course: &Course,
        (kind, highest, reads): (Kind, f64, bool),
        width: f32,
    ) -> Self {
        let outer = outer(width);
        let room = width - 2.0 * outer - 2.0 * PADDING;
        let shows_edge = shows_edge(course, highest);
        let mut words = sums(course, kind);
        if kind == Kind::Tcptrace
            && !shows_edge
            && let Some(window) = course.heard.iter().filter_map(|one| one.window).max()
        {
            words += &format!(" · the window of up to {} reaches higher", bytes(window));
        }
        let sums = wrap(sheet.measure, &words, Type::Chapter, room, 4);
        let mut y = PADDING + sums.len() as f32 * Type::Chapter.line_height();
        let (mut x, mut legend) = (0.0, Vec::new());
        for entry in entries(course, kind, shows_edge) {
            let own = SAMPLE + sheet.measure.width(entry.words(course.carrier), Type::Detail);
            if x > 0.0 && x + own > room {
                (x, y) = (0.0, y + ROW);
            }
            legend.push((entry, x, y + ROW / 2.0));
            x += own + BETWEEN;
        }
        y += if legend.is_empty() { 0.0 } else { ROW };
        let mut reading = String::new();
        if reads {
            reading += kind.reading(course.carrier, shows_edge);
            if kind == Kind::Flight && !measures::rounds(course).is_empty() {
                reading += " The congestion window was no smaller than the most in each round \
                            trip (inferred: it stands in no packet).";
            }
        }
        let reading = wrap(sheet.measure, &reading, Type::Detail, room, 8);
        y += 6.0 + reading.len() as f32 * Type::Detail.line_height() + PADDING - 4.0;
        Self { sums, legend, reading, outer, width, height: y + UNDER }
    }

    /// Draws it from `top` down.
    pub(super) fn draw(&self, sheet: &mut Sheet<'_>, course_carrier: Carrier, top: f32) {
        let bottom = top + self.height - UNDER;
        let rect = Rect { left: self.outer, top, right: self.width - self.outer, bottom };
        sheet.plate(rect, 6.0, Style::Band, About::Nothing, Layer::Ground);
        let left = self.outer + PADDING;
        let origin = at(left, top + PADDING + Type::Chapter.ascent());
        sheet.lines(&self.sums, Type::Chapter, origin, Style::Ink, About::Nothing);
        for (entry, x, y) in &self.legend {
            entry.draw(sheet, (left + x, top + y));
            let origin = at(left + x + SAMPLE, top + y + Type::Detail.cap_height() / 2.0);
            let words = (entry.words(course_carrier), Type::Detail);
            sheet.text(words, origin, Align::Start, Style::Dim, About::Nothing);
        }
        let count = self.reading.len() as f32;
        let first = bottom - PADDING + 4.0 - count * Type::Detail.line_height();
        let origin = at(left, first + Type::Detail.ascent());
        sheet.lines(&self.reading, Type::Detail, origin, Style::Dim, About::Nothing);
    }
}

impl Entry {
    const fn words(self, carrier: Carrier) -> &'static str {
        match (self, carrier) {
            (Self::Mark(Mark::Segment), Carrier::Quic) => "a packet",
            (Self::Mark(Mark::Again), Carrier::Quic) => "brings again what left before",
            (Self::Mark(Mark::Lost), Carrier::Quic) => "lost, or counts as lost",
            (Self::Mark(mark), _) => mark.words(),
            (
                Self::Bar(words)
                | Self::Line(_, words)
                | Self::Dashed(_, words)
                | Self::Area(words)
                | Self::Trip(words)
                | Self::Sent(words)
                | Self::Again(words),
                _,
            ) => words,
        }
    }

    fn draw(self, sheet: &mut Sheet<'_>, (x, y): (f32, f32)) {
        let centre = at(x + 7.0, y);
        let line = |from, to, width, dashed| Shape::Line { from, to, width, dashed };
        let sample = Rect::around(centre, 14.0, 10.0);
        match self {
            Self::Mark(mark) => mark.draw(sheet, centre, 10.0),
            Self::Bar(_) => {
                let stem = line(at(centre.x, y - 6.0), at(centre.x, y + 6.0), 2.0, false);
                sheet.add(stem, Style::Flow, About::Nothing, Layer::Bars);
            }
            Self::Line(stroke, _) => {
                let line = line(at(x, y), at(x + 14.0, y), stroke.width, false);
                sheet.add(line, stroke.style, About::Nothing, Layer::Lines);
            }
            Self::Dashed(style, _) => {
                let line = line(at(x, y), at(x + 14.0, y), 1.0, true);
                sheet.add(line, style, About::Nothing, Layer::Lines);
            }
            Self::Area(_) => {
                sheet.plate(sample, 0.0, Style::Rail, About::Nothing, Layer::Bars);
            }
            Self::Trip(_) => measures::dot(sheet, (centre.x, y)),
            Self::Sent(_) => {
                sheet.plate(sample, 0.0, Style::Flow, About::Nothing, Layer::Bars);
            }
            Self::Again(_) => throughput::again(sheet, sample),
        }
    }
}

/// Whether the window reaches into a picture whose highest amount that is.
fn shows_edge(course: &Course, highest: f64) -> bool {
    course.heard.iter().filter_map(Heard::edge).any(|edge| edge as f64 <= highest)
}

/// What there is to explain.
fn entries(course: &Course, kind: Kind, shows_edge: bool) -> Vec<Entry> {
    let sent = [
        (course.count(What::Again) > 0, Mark::Again),
        (course.lost() > 0, Mark::Lost),
        (course.count(What::Late) > 0, Mark::Late),
        (course.count(What::Probe) > 0, Mark::Probe),
    ];
    let sent = || sent.into_iter().filter(|(is_there, _)| *is_there);
    let sent = || sent().map(|(_, mark)| Entry::Mark(mark));
    let says = |says: Says| course.heard.iter().any(|one| one.says == says);
    let full = says(Says::Full).then_some(Entry::Mark(Mark::Full));
    let is_tcp = course.carrier == Carrier::Tcp;
    match kind {
        Kind::Sequence => [Entry::Mark(Mark::Segment)].into_iter().chain(sent()).collect(),
        Kind::Tcptrace => {
            let bar = if is_tcp { "a segment" } else { "a packet" };
            let mut all =
                vec![Entry::Bar(bar), Entry::Line(sequence::ACKNOWLEDGED, "acknowledged")];
            if shows_edge {
                all.push(Entry::Line(sequence::EDGE, "how far the window reaches"));
            }
            all.extend(sent());
            let blocks = !course.blocks.is_empty();
            all.extend(blocks.then_some(Entry::Mark(Mark::Block)));
            all.extend(says(Says::Duplicate).then_some(Entry::Mark(Mark::Duplicate)));
            all.extend(full);
            all
        }
        Kind::Flight => {
            let rounds = (!measures::rounds(course).is_empty())
                .then_some(Entry::Line(measures::ROUNDS, "the most in each round trip"));
            [Entry::Area("under way")].into_iter().chain(rounds).chain(sent()).collect()
        }
        Kind::Rtt => {
            vec![Entry::Trip("a round trip"), Entry::Dashed(Style::RoundTrip, "the shortest")]
        }
        Kind::Window => {
            let mut all = vec![
                Entry::Line(measures::WINDOW, "what the receiver can take"),
                Entry::Area("under way"),
            ];
            all.extend(full);
            let probes = course.count(What::Probe) > 0;
            all.extend(probes.then_some(Entry::Mark(Mark::Probe)));
            all
        }
        Kind::Throughput => {
            let mut all = vec![Entry::Sent("sent for the first time")];
            let is_again = course.count(What::Again) > 0;
            all.extend(is_again.then_some(Entry::Again("sent again")));
            all
        }
    }
}

/// What a course came to, in words.
pub(super) fn sums(course: &Course, kind: Kind) -> String {
    let all = duration(course.since_start(course.end));
    let cut = if course.is_cut { " · only the first packets" } else { "" };
    let words = match kind {
        Kind::Sequence | Kind::Tcptrace => sent(course),
        Kind::Flight => {
            let most = course.flight.iter().map(|one| one.value).max().unwrap_or(0);
            format!("At most {} in flight · {}", bytes(most), sent(course))
        }
        Kind::Rtt => trips(course),
        Kind::Window => {
            let windows = || course.heard.iter().filter_map(|one| one.window);
            let (least, most) = (windows().min().unwrap_or(0), windows().max().unwrap_or(0));
            let full = course.heard.iter().filter(|one| one.says == Says::Full).count();
            let full = match full {
                0 => String::new(),
                1 => " · zero once".to_owned(),
                count => format!(" · zero {} times", thousands(count as u64)),
            };
            format!("Window from {} to {}{full}", bytes(least), bytes(most))
        }
        Kind::Throughput => {
            let nanos = course.since_start(course.end).max(1) as f64;
            let mean = course.bytes() as f64 * 8.0 * 1e9 / nanos;
            let part = duration(throughput::part((0, nanos as i64)));
            format!(
                "{} in {all}: {} on average · a bar is {part}",
                bytes(course.bytes()),
                Unit::Rate.words(mean)
            )
        }
    };
    format!("{words}{cut}")
}

fn sent(course: &Course) -> String {
    // A story counts segments with data; SYN and FIN take a place and are none.
    let (what, sent, carry) = if course.carrier == Carrier::Tcp {
        let with_data = course.sent.iter().filter(|one| one.data > 0).count();
        ("segment", with_data, " with data")
    } else {
        ("packet", course.sent.len(), "")
    };
    let mut parts =
        vec![format!("{}{carry}, {}", counted(sent as u64, what), bytes(course.bytes()))];
    let (lost, again) = (course.lost(), course.count(What::Again));
    if lost > 0 {
        parts.push(format!("{} lost", thousands(lost as u64)));
    }
    if again > 0 {
        let words =
            if course.carrier == Carrier::Tcp { "sent again" } else { "with bytes sent again" };
        parts.push(format!("{} {words}", thousands(again as u64)));
    }
    if course.sealed > 0 {
        parts.push(format!("{} sealed, no key here", thousands(course.sealed as u64)));
    }
    parts.join(" · ")
}

fn trips(course: &Course) -> String {
    let mut all: Vec<u64> = course.trips.iter().map(|one| one.value).collect();
    all.sort_unstable();
    let words = |place: usize| {
        let nanos = all.get(place).copied().unwrap_or(0);
        duration(i64::try_from(nanos).unwrap_or(i64::MAX))
    };
    format!(
        "{}: {} at least, {} in the middle, {} at most",
        counted(all.len() as u64, "round trip"),
        words(0),
        words(all.len() / 2),
        words(all.len().saturating_sub(1))
    )
}
