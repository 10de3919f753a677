//! What header compression saves: a bar for the list of each question on a connection, as long as
//! the list is, filled as far as it was sent. The first is sent in full, and later ones name what
//! both sides remember (RFC 7541, section 2.3.2; RFC 9204, section 3.2).

use wirestage_dissectors::story::lanes::Lane;
use wirestage_dissectors::story::{BeatId, Piece};
use wirestage_dissectors::wording::thousands;

use super::columns::Columns;
use super::sketch::Sketch;
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// Fewer lists than this show no saving, and more are not looked at one by one.
const LEAST: usize = 3;
const MOST: usize = 6;
/// The longest bar, and how high all are.
const WIDEST: f32 = 240.0;
const HEIGHT: f32 = 8.0;
/// From one bar to the next, and around them. Lifelines run on below the last row, and end before
/// the words.
const ROW: f32 = 18.0;
const ABOVE: f32 = 36.0;
const BETWEEN: f32 = 12.0;
/// What stands above the bars.
const TITLE: &str = "Header fields of the questions: as they are (outline), and as sent (filled)";

/// The list of header fields of a question.
pub(super) struct List {
    beat: BeatId,
    /// Its stream.
    number: u64,
    bytes: u64,
    sent: u64,
}

/// Those of the questions on these lanes, in their order.
pub(super) fn lists<'a>(lanes: impl Iterator<Item = &'a Lane>) -> Vec<List> {
    let marks = lanes.flat_map(|lane| lane.marks.iter().map(move |mark| (lane, mark)));
    let asked = marks.filter(|(lane, mark)| lane.asker == Some(mark.from));
    let heads = asked.filter(|(_, mark)| mark.piece == Piece::Head);
    let list = |(lane, mark): (&Lane, &wirestage_dissectors::story::lanes::LaneMark)| {
        let (bytes, sent) = mark.packed?;
        Some(List { beat: mark.beat, number: lane.number, bytes, sent })
    };
    heads.filter_map(list).collect()
}

/// Draws the bars below `top`; returns where the next thing may begin.
pub(super) fn draw(sketch: &mut Sketch<'_>, lists: &[List], columns: &Columns, top: f32) -> f32 {
    if lists.len() < LEAST {
        return top;
    }
    let left = columns.title;
    let mut y = top + ABOVE;
    let about = (Style::Dim, About::Nothing);
    sketch.text(TITLE, at(left, y), Align::Start, Type::Detail, about);
    let shown = lists.get(..MOST).unwrap_or(lists);
    let longest = shown.iter().map(|list| list.bytes.max(list.sent)).max().unwrap_or(1).max(1);
    let number = |list: &List| format!("#{}", list.number);
    let names = shown.iter().map(|list| sketch.measure.width(&number(list), Type::Clock));
    let begin = left + names.fold(0.0, f32::max).ceil() + BETWEEN;
    for list in shown {
        y += ROW;
        let about = About::Beat(list.beat);
        let wide = |bytes: u64| (bytes as f64 / longest as f64) as f32 * WIDEST;
        let level = y - Type::Clock.cap_height() / 2.0;
        let text = (Style::Dim, about);
        sketch.text(&number(list), at(begin - BETWEEN, y), Align::End, Type::Clock, text);
        let outline = Rect::sized(begin, level - HEIGHT / 2.0, wide(list.bytes), HEIGHT);
        let plate = Shape::Plate { rect: outline, radius: 0.0, outline: 1.0, dashed: false };
        sketch.add(plate, Style::Clear, about, Layer::Lines);
        let sent = (at(begin, level), at(begin + wide(list.sent), level));
        let line = Shape::Line { from: sent.0, to: sent.1, width: HEIGHT, dashed: false };
        sketch.add(line, Style::Flow, about, Layer::Lines);
        let end = begin + wide(list.bytes.max(list.sent)) + BETWEEN;
        let words = format!("{} B, sent in {}", thousands(list.bytes), thousands(list.sent));
        sketch.text(&words, at(end, y), Align::Start, Type::Clock, text);
    }
    let more = lists.len() - shown.len();
    if more > 0 {
        y += ROW;
        let text = format!("and {more} more");
        sketch.text(&text, at(begin, y), Align::Start, Type::Detail, about);
    }
    y
}
