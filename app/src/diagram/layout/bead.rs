//! One bead: a message in a frame, with a lock where it is sealed, its label in lines.

use wirestage_dissectors::story::BeatId;

use super::messages::Bead;
use super::segments::Tag;
use super::sketch::Sketch;
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::{MeasureText, wrap};
use crate::diagram::scene::{About, Layer, Shape};
use crate::diagram::style::{Style, Type};

/// The height of a bead, and of a quiet one.
pub(super) const HEIGHT: f32 = 24.0;
const QUIET: f32 = 20.0;
/// Inside a bead, left and right of its text, and from one line of its text to the next.
pub(super) const PAD: f32 = 8.0;
const LEADING: f32 = 15.0;
/// A lock with the room behind it.
pub(super) const LOCK: f32 = 16.0;
/// How many lines the label of one bead may take before it is cut: a path of 2,000 characters
/// would fill the picture.
const LABEL_LINES: usize = 12;
/// The least width of a bead's label, so that words stay words.
pub(super) const LEAST_LABEL: f32 = 40.0;

/// A bead with its label in lines, and its place in the line.
pub(super) struct Hung {
    beat: BeatId,
    label: Vec<String>,
    style: Style,
    locked: bool,
    repeated: bool,
    pub(super) quiet: bool,
    pub(super) width: f32,
}

/// The type of a label.
pub(super) fn font(quiet: bool) -> Type {
    if quiet { Type::State } else { Type::Bead }
}

impl Hung {
    /// A message, in the room that there is.
    pub(super) fn new(bead: &Bead, quiet: bool, room: f32, measure: &dyn MeasureText) -> Self {
        let quiet = quiet || bead.quiet;
        let font = font(quiet);
        let around = 2.0 * PAD + if bead.locked { LOCK } else { 0.0 };
        let label = if measure.width(&bead.label, font) <= room - around {
            vec![bead.label.clone()]
        } else {
            wrap(measure, &bead.label, font, (room - around).max(LEAST_LABEL), LABEL_LINES)
        };
        let widest = label.iter().map(|line| measure.width(line, font)).fold(0.0, f32::max);
        let Bead { beat, style, locked, repeated, .. } = *bead;
        Self { beat, label, style, locked, repeated, quiet, width: around + widest }
    }

    pub(super) fn height(&self) -> f32 {
        let further = self.label.len().saturating_sub(1) as f32 * LEADING;
        further + if self.quiet { QUIET } else { HEIGHT }
    }
}

/// Draws one bead: a frame, a lock where it is sealed, its label.
pub(super) fn draw(sketch: &mut Sketch<'_>, bead: &Hung, rect: Rect) {
    let about = About::Beat(bead.beat);
    let font = font(bead.quiet);
    let radius = if bead.locked { rect.height().min(HEIGHT) / 2.0 } else { 5.0 };
    let outline = if bead.quiet { 1.0 } else { 1.3 };
    let plate = Shape::Plate { rect, radius, outline, dashed: bead.repeated };
    sketch.add(plate, bead.style, about, Layer::Front);
    let mut x = rect.left + PAD;
    let middle = rect.centre().y;
    if bead.locked {
        let origin = at(x, middle - 6.0);
        sketch.add(Shape::Lock { origin, scale: 1.0 }, bead.style, about, Layer::Front);
        x += LOCK;
    }
    let first = bead.label.len().saturating_sub(1) as f32 * LEADING / 2.0;
    let mut baseline = middle + font.cap_height() / 2.0 - first;
    let ink = if bead.quiet && bead.style == Style::Clear { Style::Dim } else { Style::Ink };
    for line in &bead.label {
        sketch.text(line, at(x, baseline), Align::Start, font, (ink, about));
        baseline += LEADING;
    }
}

/// How wide a bead that tells of a packet is.
pub(super) fn tag_width(tag: &Tag, measure: &dyn MeasureText) -> f32 {
    let lock = if tag.is_locked() { LOCK } else { 0.0 };
    2.0 * PAD + lock + measure.width(&tag.label, font(false))
}

/// Draws a bead that tells of a packet.
pub(super) fn tag(sketch: &mut Sketch<'_>, tag: &Tag, rect: Rect) {
    let hung = Hung {
        beat: tag.packet,
        label: vec![tag.label.clone()],
        style: tag.style(),
        locked: tag.is_locked(),
        repeated: false,
        quiet: false,
        width: rect.width(),
    };
    draw(sketch, &hung, rect);
}

/// Draws one bead by itself, for the legend.
pub(super) fn sample(
    sketch: &mut Sketch<'_>,
    left: f32,
    middle: f32,
    (style, label): (Style, &str),
) {
    let width = sample_width(sketch, (style, label));
    let rect = Rect::sized(left, middle - HEIGHT / 2.0, width, HEIGHT);
    let first = sketch.marks.len();
    let sample = Hung {
        beat: BeatId(u32::MAX),
        label: vec![label.to_owned()],
        style,
        locked: sealed(style),
        repeated: false,
        quiet: false,
        width,
    };
    draw(sketch, &sample, rect);
    sketch.about(first, About::Legend(style));
}

/// How wide a bead of the legend is.
pub(super) fn sample_width(sketch: &Sketch<'_>, (style, label): (Style, &str)) -> f32 {
    let label = sketch.measure.width(label, Type::Bead);
    label + 2.0 * PAD + if sealed(style) { LOCK } else { 0.0 }
}

/// Whether a style means that a message travelled sealed.
fn sealed(style: Style) -> bool {
    !matches!(style, Style::Tcp | Style::Clear | Style::Initial | Style::Failure)
}
