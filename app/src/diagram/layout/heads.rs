//! What became of the heads of what is followed, on its way on and back: line beside line, as it
//! came and as it went. What went on as it came is named, and not shown again.
//!
//! ```text
//!   [A] GET /price  →  [B] GET /price         [B] 200 OK  →  [A] 200 OK
//!   version   HTTP/2        →  HTTP/1.1       Server   b/1   −
//!   Via                     +  2 edge         Date     …     =
//! ```

use wirestage_dissectors::story::passages::{Change, Changes, Line};
use wirestage_dissectors::story::{BeatId, Story, TrackId};

use super::badge;
use super::columns::Columns;
use super::plan::Plan;
use super::sketch::Sketch;
use super::wording::counted;
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::{elide, wrap};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// From one line to the next.
const ROW: f32 = 20.0;
/// The narrowest block, and what lies between two that stand side by side.
const LEAST_BLOCK: f32 = 380.0;
const BETWEEN: f32 = 40.0;
/// The room of a badge, of a sign, and between two columns.
const BADGE: f32 = 30.0;
const SIGN: f32 = 26.0;
const GAP: f32 = 16.0;
/// How much of a block names may take.
const NAMES: f32 = 0.3;
/// Nobody reads more lines of one head, or more heads.
const MOST_LINES: usize = 12;
const MOST_BLOCKS: usize = 8;
/// How many lines a value may take before it is cut: a cookie of 4,000 characters is not what one
/// looks for here.
const VALUE_LINES: usize = 5;
/// How many lines the names of what was kept may take.
const KEPT_LINES: usize = 3;

/// What became of one head.
struct Block<'a> {
    came: (Option<TrackId>, &'a str),
    went: (Option<TrackId>, &'a str),
    changes: &'a Changes,
}

/// Draws what became of the heads of what is followed below `top`; returns where the next thing may
/// begin.
pub(super) fn draw(
    sketch: &mut Sketch<'_>,
    (story, plan): (&Story, &Plan<'_>),
    columns: &Columns,
    followed: Option<BeatId>,
    top: f32,
) -> f32 {
    let is_last = plan.page.is_none_or(|(number, of)| number == of);
    let followed = followed.filter(|_| is_last && !columns.form.still);
    let blocks = followed.map(|id| blocks(story, id)).unwrap_or_default();
    if blocks.is_empty() {
        return top;
    }
    let form = columns.form;
    let (left, right) = (form.margin(), columns.width - form.margin());
    // Below what it cost, whose end leaves room for the foot.
    let top = top + 24.0;
    let title = top + 14.0 + Type::Chapter.line_height() - 5.0;
    let style = (Style::Ink, About::Nothing);
    sketch.text("What was changed on the way", at(left, title), Align::Start, Type::Chapter, style);
    let room = right - left;
    let abreast = (((room + BETWEEN) / (LEAST_BLOCK + BETWEEN)) as usize).clamp(1, 2);
    let width = (room - BETWEEN * (abreast - 1) as f32) / abreast as f32;
    let mut y = title + 12.0;
    for pair in blocks.chunks(abreast) {
        let ends = pair.iter().enumerate().map(|(at, block)| {
            block.draw(sketch, (left + at as f32 * (width + BETWEEN), y), width)
        });
        y = ends.fold(y, f32::max) + 10.0;
    }
    y += 4.0;
    let rect = Rect::sized(form.outer, top, columns.width - 2.0 * form.outer, y - top);
    let plate = Shape::Plate { rect, radius: 6.0, outline: 0.0, dashed: false };
    sketch.add(plate, Style::BandAlt, About::Nothing, Layer::Ground);
    y - 20.0
}

/// The heads of what is followed that are known on both sides: each on its way on, and then back.
/// Of several tries the first is shown, unless another went on with another head.
fn blocks(story: &Story, followed: BeatId) -> Vec<Block<'_>> {
    let Some(trail) = story.trail(followed) else { return Vec::new() };
    let passages: Vec<_> =
        trail.legs.iter().filter_map(|leg| story.came_by(leg.question)).collect();
    let side = |id: BeatId| story.beat(id).map(|beat| (beat.track, beat.label.as_str()));
    let block = |came, went, changes| Some(Block { came: side(came)?, went: side(went)?, changes });
    let on =
        passages.iter().filter_map(|one| block(one.asked, one.handed_on, one.question.as_ref()?));
    let back = passages.iter().rev().filter_map(|one| {
        let answer = one.answer.as_ref()?;
        block(answer.came, answer.went, &answer.changes)
    });
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for block in on.chain(back) {
        let is_shown =
            |shown: &Block<'_>| shown.changes == block.changes && shown.came.1 == block.came.1;
        if blocks.len() < MOST_BLOCKS && !blocks.iter().any(is_shown) {
            blocks.push(block);
        }
    }
    blocks
}

impl Block<'_> {
    /// Draws it; returns where it ends.
    fn draw(&self, sketch: &mut Sketch<'_>, (left, top): (f32, f32), width: f32) -> f32 {
        let all = || self.changes.start.iter().chain(&self.changes.lines);
        let changed: Vec<&Line> = all().filter(|line| line.change() != Change::Kept).collect();
        let font = Type::Detail;
        let names = changed.iter().map(|line| sketch.measure.width(&line.name, font));
        let names = names.fold(BADGE, f32::max).min(width * NAMES) + GAP;
        let half = (width - names - SIGN) / 2.0;
        let (came, sign) = (left + names, left + names + half + SIGN / 2.0);
        let went = left + names + half + SIGN;
        let mut y = top + ROW;
        self.head(sketch, (came, sign, went), (half - GAP, y));
        for line in changed.iter().take(MOST_LINES) {
            y += ROW;
            let mut write = |text: &str, x: f32, room: f32, (font, style): (Type, Style)| {
                let lines = wrap(sketch.measure, text, font, room, VALUE_LINES);
                let down = |at: usize| y + at as f32 * font.line_height();
                for (at_line, text) in lines.iter().enumerate() {
                    let origin = at(x, down(at_line));
                    sketch.text(text, origin, Align::Start, font, (style, About::Nothing));
                }
                down(lines.len().saturating_sub(1))
            };
            let (before, after) = (line.came.as_deref(), line.went.as_deref());
            let ends = [
                write(&line.name, left, names - GAP, (font, Style::Dim)),
                write(before.unwrap_or_default(), came, half - GAP, (Type::Clock, Style::Dim)),
                write(after.unwrap_or_default(), went, half - GAP, (Type::Clock, Style::Ink)),
            ];
            let mark = match line.change() {
                Change::Added => "+",
                Change::Removed => "−",
                Change::Changed | Change::Kept => "→",
            };
            let style = (Style::Ink, About::Nothing);
            sketch.text(mark, at(sign, y), Align::Middle, Type::Clock, style);
            y = ends.into_iter().fold(y, f32::max);
        }
        let more = changed.len().saturating_sub(MOST_LINES);
        let kept: Vec<&str> = self
            .changes
            .lines
            .iter()
            .filter(|line| line.change() == Change::Kept)
            .map(|line| line.name.as_str())
            .collect();
        let more = (more > 0).then(|| format!("and {} more.", counted(more as u64, "line")));
        let kept = match (kept.as_slice(), changed.is_empty()) {
            ([], true) => Some("Went on as it came.".to_owned()),
            ([], false) => None,
            (kept, _) => Some(format!("As it came: {}.", kept.join(", "))),
        };
        for text in more.into_iter().chain(kept) {
            y += 2.0;
            for line in wrap(sketch.measure, &text, font, width, KEPT_LINES) {
                y += font.line_height();
                let style = (Style::Dim, About::Nothing);
                sketch.text(&line, at(left, y), Align::Start, font, style);
            }
        }
        y + 8.0
    }

    /// What came, and what went on, each with its connection.
    fn head(
        &self,
        sketch: &mut Sketch<'_>,
        (came, sign, went): (f32, f32, f32),
        (room, y): (f32, f32),
    ) {
        let font = Type::Bead;
        for (x, (track, label)) in [(came, self.came), (went, self.went)] {
            let middle = y - font.cap_height() / 2.0;
            if let Some(track) = track {
                badge::draw(sketch, track, at(x + BADGE / 2.0 - 3.0, middle), About::Nothing);
            }
            let aside = if track.is_some() { BADGE } else { 0.0 };
            let text = elide(sketch.measure, label, font, room - aside).into_owned();
            let style = (Style::Ink, About::Nothing);
            sketch.text(&text, at(x + aside, y), Align::Start, font, style);
        }
        let style = (Style::Dim, About::Nothing);
        sketch.text("→", at(sign, y), Align::Middle, Type::Clock, style);
    }
}
