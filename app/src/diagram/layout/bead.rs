//! One bead: a message in a frame, with a lock where it is sealed, its label in lines.

use wirestage_dissectors::story::BeatId;

use super::messages::Bead;
use super::segments::Tag;
use super::sketch::{self, Sketch};
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
/// From the side of a bead to the number of its step, and from that to what follows: that stands
/// nearer to the side than a label.
const STEP: f32 = 4.0;
const BEHIND_STEP: f32 = 1.0;
/// The generation of keys: its type, how near to the lock it stands, and what follows it.
const GENERATION: Type = Type::State;
const NEARER: f32 = 4.0;
const BEHIND_GENERATION: f32 = 1.0;
/// How many lines the label of one bead may take before it is cut: a path of 2,000 characters
/// would fill the picture.
const LABEL_LINES: usize = 12;
/// The least width of a bead's label, so that words stay words.
pub(super) const LEAST_LABEL: f32 = 40.0;

/// A bead with its label in lines, and its place in the line.
pub(super) struct Hung {
    beat: BeatId,
    label: Vec<String>,
    font: Type,
    style: Style,
    locked: bool,
    repeated: bool,
    /// The generation of the keys that seal it, where it is not the first.
    generation: Option<String>,
    pub(super) quiet: bool,
    pub(super) width: f32,
    /// The number of its step, where nothing else says whose it is.
    step: Option<String>,
}

/// The type of a label.
pub(super) fn font(quiet: bool) -> Type {
    if quiet { Type::State } else { Type::Bead }
}

impl Hung {
    /// A message, in the room that there is.
    pub(super) fn new(bead: &Bead, quiet: bool, room: f32, measure: &dyn MeasureText) -> Self {
        let quiet = quiet || bead.quiet;
        let generation = (bead.generation > 1).then(|| bead.generation.to_string());
        let around = around(bead, measure);
        let fits = |font: Type| measure.width(&bead.label, font) <= room - around;
        let words = || bead.label.split_whitespace();
        // One word is rather set smaller than broken.
        let font = match font(quiet) {
            Type::Bead if !fits(Type::Bead) && words().count() == 1 && fits(Type::State) => {
                Type::State
            }
            font => font,
        };
        let label = if fits(font) {
            vec![bead.label.clone()]
        } else {
            wrap(measure, &bead.label, font, (room - around).max(LEAST_LABEL), LABEL_LINES)
        };
        let widest = label.iter().map(|line| measure.width(line, font)).fold(0.0, f32::max);
        let Bead { beat, style, locked, repeated, .. } = *bead;
        let width = around + widest;
        Self { beat, label, font, style, locked, repeated, generation, quiet, width, step: None }
    }

    /// The same with the number of its step.
    pub(super) fn numbered(self, number: &str, measure: &dyn MeasureText) -> Self {
        let width = self.width + step_width(number, measure);
        Self { step: Some(number.to_owned()), width, ..self }
    }

    pub(super) fn height(&self) -> f32 {
        let further = self.label.len().saturating_sub(1) as f32 * LEADING;
        further + if self.quiet { QUIET } else { HEIGHT }
    }
}

/// What a bead is wider than its label: its sides, its lock, and the generation of its keys.
pub(super) fn around(bead: &Bead, measure: &dyn MeasureText) -> f32 {
    let generation = match bead.generation {
        0 | 1 => 0.0,
        later => measure.width(&later.to_string(), GENERATION) + BEHIND_GENERATION,
    };
    2.0 * PAD + if bead.locked { LOCK } else { 0.0 } + generation
}

/// Draws one bead: a frame, a lock where it is sealed, its label.
pub(super) fn draw(sketch: &mut Sketch<'_>, bead: &Hung, rect: Rect) {
    let about = About::Beat(bead.beat);
    let font = bead.font;
    let radius = if bead.locked { rect.height().min(HEIGHT) / 2.0 } else { 5.0 };
    let outline = if bead.quiet { 1.0 } else { 1.3 };
    let plate = Shape::Plate { rect, radius, outline, dashed: bead.repeated };
    sketch.add(plate, bead.style, about, Layer::Front);
    let middle = rect.centre().y;
    let mut x = rect.left + PAD;
    if let Some(step) = &bead.step {
        let width = sketch::number_width(step, true, sketch.measure);
        sketch.number(step, at(rect.left + STEP + width / 2.0, middle), true, about);
        x += width + BEHIND_STEP;
    }
    if bead.locked {
        let origin = at(x, middle - 6.0);
        sketch.add(Shape::Lock { origin, scale: 1.0 }, bead.style, about, Layer::Front);
        x += LOCK;
    }
    if let Some(generation) = &bead.generation {
        // Nearer to the lock than a label.
        let origin = at(x - NEARER, middle + GENERATION.cap_height() / 2.0);
        sketch.text(generation, origin, Align::Start, GENERATION, (bead.style, about));
        x += sketch.measure.width(generation, GENERATION) + BEHIND_GENERATION;
    }
    let first = bead.label.len().saturating_sub(1) as f32 * LEADING / 2.0;
    let mut baseline = middle + font.cap_height() / 2.0 - first;
    let ink = if bead.quiet && bead.style == Style::Clear { Style::Dim } else { Style::Ink };
    for line in &bead.label {
        sketch.text(line, at(x, baseline), Align::Start, font, (ink, about));
        baseline += LEADING;
    }
}

/// How wide a bead that tells of a packet is, with or without the number of its step.
pub(super) fn tag_width(tag: &Tag, number: Option<&str>, measure: &dyn MeasureText) -> f32 {
    let lock = if tag.is_locked() { LOCK } else { 0.0 };
    let step = number.map_or(0.0, |number| step_width(number, measure));
    2.0 * PAD + lock + step + measure.width(&tag.label, font(false))
}

/// What the number of its step adds to a bead.
fn step_width(number: &str, measure: &dyn MeasureText) -> f32 {
    sketch::number_width(number, true, measure) + BEHIND_STEP
}

/// Draws a bead that tells of a packet.
pub(super) fn tag(sketch: &mut Sketch<'_>, tag: &Tag, number: Option<&str>, rect: Rect) {
    let hung = Hung {
        beat: tag.packet,
        label: vec![tag.label.clone()],
        font: font(false),
        style: tag.style(),
        locked: tag.is_locked(),
        repeated: false,
        generation: None,
        quiet: false,
        width: rect.width(),
        step: number.map(str::to_owned),
    };
    draw(sketch, &hung, rect);
}

/// Draws one bead by itself, for the legend.
pub(super) fn sample(
    sketch: &mut Sketch<'_>,
    left: f32,
    middle: f32,
    (style, label, generation): (Style, &str, Option<&str>),
) {
    let width = sample_width(sketch, (style, label, generation));
    let rect = Rect::sized(left, middle - HEIGHT / 2.0, width, HEIGHT);
    let first = sketch.marks.len();
    let sample = Hung {
        beat: BeatId(u32::MAX),
        label: vec![label.to_owned()],
        font: font(false),
        style,
        locked: sealed(style),
        repeated: false,
        generation: generation.map(str::to_owned),
        quiet: false,
        width,
        step: None,
    };
    draw(sketch, &sample, rect);
    sketch.about(first, About::Legend(style));
}

/// How wide a bead of the legend is.
pub(super) fn sample_width(
    sketch: &Sketch<'_>,
    (style, label, generation): (Style, &str, Option<&str>),
) -> f32 {
    let label = sketch.measure.width(label, Type::Bead);
    let width = |text: &str| sketch.measure.width(text, GENERATION) + BEHIND_GENERATION;
    label + generation.map_or(0.0, width) + 2.0 * PAD + if sealed(style) { LOCK } else { 0.0 }
}

/// Whether a style means that a message travelled sealed.
fn sealed(style: Style) -> bool {
    !matches!(style, Style::Tcp | Style::Clear | Style::Initial | Style::Failure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::measure::FontMeasure;
    use wirestage_dissectors::ids::Time;

    #[track_caller]
    fn check(label: &str, spare: f32, lines: &[&str], font: Type) {
        let measure = FontMeasure::default();
        let bead = Bead {
            beat: BeatId(0),
            sent: Time(0),
            label: label.to_owned(),
            style: Style::Handshake,
            locked: true,
            repeated: false,
            lost: false,
            generation: 1,
            keys: Style::Handshake,
            quiet: false,
            speaks: false,
            also: Vec::new(),
            remark: None,
        };
        let room = measure.width(label, Type::Bead) + 2.0 * PAD + LOCK + spare;
        let hung = Hung::new(&bead, false, room, &measure);
        let hung_lines: Vec<&str> = hung.label.iter().map(String::as_str).collect();
        assert_eq!((hung_lines.as_slice(), hung.font), (lines, font));
        assert!(hung.width <= room, "{label}: {} of {room}", hung.width);
    }

    #[test]
    fn a_word_is_set_smaller_before_it_is_broken_and_broken_between_its_parts() {
        let name = "EncryptedExtensions";
        check(name, 0.0, &[name], Type::Bead);
        check(name, -4.0, &[name], Type::State);
        check(name, -30.0, &["Encrypted", "Extensions"], Type::Bead);
        check("200 OK 412 B", -4.0, &["200 OK", "412 B"], Type::Bead);
    }
}
