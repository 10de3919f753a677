//! Sentences: one per arrow, numbered in the right margin or under it, and below it what a teacher
//! would add.

use wirestage_dissectors::story::{Beat, Level};

use super::columns::{BESIDE, Columns, HANGING, WIDEST_TEXT};
use super::form::Sentences;
use super::plan::Unit;
use super::rows::SENTENCE_ABOVE;
use super::side::Side;
use super::sketch::{self, Sketch};
use crate::diagram::geometry::{Align, Rect, at};
use crate::diagram::measure::{MeasureText, wrap};
use crate::diagram::scene::About;
use crate::diagram::style::{Style, Type};

/// How many lines a sentence and its detail may take before they are cut. Far more than any takes;
/// it keeps a picture whole whatever a recording holds.
const HEADLINES: usize = 24;
const DETAILS: usize = 48;

/// A sentence, broken into lines.
pub(super) struct Sentence {
    headline: Vec<String>,
    detail: Vec<String>,
    /// Whether its number stands before it.
    numbered: bool,
    /// How far right of its place it stands, where a list has more than one column.
    shift: f32,
}

impl Sentence {
    /// The sentence of an arrow, where it has one and the picture tells it, or where it was said
    /// before: at which arrow; and where it was handed on, or came from. Directly under its arrow
    /// it needs no number.
    pub(super) fn of(
        (unit, said): (&Unit<'_>, Option<&str>),
        passed: &[String],
        columns: &Columns,
        measure: &dyn MeasureText,
    ) -> Option<Self> {
        let numbered = columns.form.sentences != Sentences::Under || unit.received.is_some();
        let (left, width) = place(unit, columns)?;
        let before = if numbered { hanging(unit, measure).1 } else { 0.0 };
        let width = width - before;
        let (headline, own) = match said {
            Some(first) if unit.beat.level == Level::Flight => {
                (String::new(), format!("As step {first}."))
            }
            // Of messages and packets so many are alike that this would be no help.
            Some(_) => (String::new(), String::new()),
            None => (unit.beat.headline.clone(), with_source(unit.beat)),
        };
        let width = clear_of_lifelines((&headline, &own), (left + before, width), columns, measure);
        let told = |text: &str, font, most| wrap(measure, text, font, width, most);
        let headline = told(&headline, Type::Step, HEADLINES);
        let mut detail: Vec<String> = passed
            .iter()
            .flat_map(|sentence| {
                wrap(measure, &format!("{sentence}."), Type::Detail, width, DETAILS)
            })
            .collect();
        detail.extend(told(&own, Type::Detail, DETAILS));
        let says = !headline.is_empty() || !detail.is_empty();
        says.then_some(Self { headline, detail, numbered, shift: 0.0 })
    }

    /// From its top to its end.
    pub(super) fn height(&self) -> f32 {
        let lines = |lines: &[String], font: Type| lines.len() as f32 * font.line_height();
        6.0 + lines(&self.headline, Type::Step) + lines(&self.detail, Type::Detail)
    }

    /// Draws it beside its number, its first line level with `y`; returns what it covers.
    pub(super) fn draw(
        &self,
        sketch: &mut Sketch<'_>,
        unit: &Unit<'_>,
        y: f32,
        (columns, ground): (&Columns, Style),
    ) -> Rect {
        let (left, width) = self.nearer(unit, columns, sketch.measure);
        let about = About::Beat(unit.id);
        let x = if self.numbered {
            let (middle, hanging) = hanging(unit, sketch.measure);
            sketch.number(&unit.number, at(left + middle, y), false, about);
            left + hanging
        } else {
            left
        };
        let first = if self.headline.is_empty() { Type::Detail } else { Type::Step };
        let mut baseline = (y + first.cap_height() / 2.0).round();
        for (lines, font, style) in
            [(&self.headline, Type::Step, Style::Ink), (&self.detail, Type::Detail, Style::Dim)]
        {
            for line in lines {
                let origin = at(x, baseline);
                if columns.form.sentences != Sentences::Listed {
                    columns.clear(sketch, (line, font), origin, (ground, about));
                }
                sketch.text(line, origin, Align::Start, font, (style, about));
                baseline += font.line_height();
            }
        }
        Rect::sized(left, y - SENTENCE_ABOVE, width, self.height())
    }
}

impl Sentence {
    /// Where it stands and how wide it is. Where lifelines are crowded, as near to its arrow as it
    /// can.
    fn nearer(&self, unit: &Unit<'_>, columns: &Columns, measure: &dyn MeasureText) -> (f32, f32) {
        let (left, width) = place(unit, columns).unwrap_or_default();
        if !columns.form.crowded || columns.form.sentences == Sentences::Listed {
            return (left + self.shift, width);
        }
        let widest = |lines: &[String], font: Type| {
            lines.iter().map(|line| measure.width(line, font)).fold(0.0, f32::max)
        };
        let used = widest(&self.headline, Type::Step).max(widest(&self.detail, Type::Detail));
        let wanted = columns.edge(unit.from.min(unit.to), Side::Right) + BESIDE;
        let x = wanted.min(left + width - used).max(left);
        (x, used)
    }
}

/// How wide a sentence is that begins there: up to the next lifeline where that takes one more line
/// at most, for what runs on over a lifeline hides it.
fn clear_of_lifelines(
    (headline, detail): (&str, &str),
    (left, width): (f32, f32),
    columns: &Columns,
    measure: &dyn MeasureText,
) -> f32 {
    if columns.form.sentences != Sentences::Under {
        return width;
    }
    let lines = |width: f32| {
        wrap(measure, headline, Type::Step, width, HEADLINES).len()
            + wrap(measure, detail, Type::Detail, width, DETAILS).len()
    };
    let edges =
        (0..columns.rails.len()).map(|column| columns.edge(column, Side::Left) - BESIDE - left);
    let mut narrower = edges.filter(|up_to| NARROWEST_UNDER <= *up_to && *up_to < width).peekable();
    if narrower.peek().is_none() {
        return width;
    }
    let most = lines(width) + 1;
    narrower.find(|up_to| lines(*up_to) <= most).unwrap_or(width)
}

/// The narrowest sentence that ends before a lifeline for its sake.
const NARROWEST_UNDER: f32 = 160.0;

/// Places the sentences of a list below `top`, one under the other in one or two columns of equal
/// height, and says where each first line stands; returns where the list ends.
pub(super) fn list(
    sentences: &mut [Option<Sentence>],
    (top, columns): (f32, &Columns),
    mut put: impl FnMut(usize, f32),
) -> f32 {
    let taken = |sentence: &Sentence| LISTED_GAP + sentence.height();
    let mut left: f32 = sentences.iter().flatten().map(taken).sum();
    let (width, is_split) = listed(columns);
    // The second column begins where it is no longer than what stands before it.
    let (mut y, mut end, mut is_second) = (top, top, !is_split);
    for (index, sentence) in sentences.iter_mut().enumerate() {
        let Some(sentence) = sentence else { continue };
        if !is_second && left <= y - top {
            (y, is_second) = (top, true);
        }
        if is_split && is_second {
            sentence.shift = width + BETWEEN_LISTED;
        }
        put(index, y + LISTED_GAP + SENTENCE_ABOVE);
        y += taken(sentence);
        left -= taken(sentence);
        end = end.max(y);
    }
    end
}

/// Between two sentences of a list, and between its columns.
const LISTED_GAP: f32 = 10.0;
const BETWEEN_LISTED: f32 = 40.0;

/// The narrowest column of a list that has two: narrower ones break sentences into too many lines.
const NARROWEST_LISTED: f32 = 340.0;

/// How wide a column of a list is, and whether there are two.
fn listed(columns: &Columns) -> (f32, bool) {
    let whole = columns.width - 2.0 * columns.form.margin();
    let half = (whole - BETWEEN_LISTED) / 2.0;
    if half < NARROWEST_LISTED {
        return (whole.min(WIDEST_TEXT), false);
    }
    (half.min(WIDEST_TEXT), true)
}

/// From the left of a sentence to the middle of its number, and to its words.
fn hanging(unit: &Unit<'_>, measure: &dyn MeasureText) -> (f32, f32) {
    let width = sketch::number_width(&unit.number, false, measure);
    ((width / 2.0).max(10.0), HANGING.max(width + 8.0))
}

/// Where the sentence of an arrow stands, and how wide it may be.
fn place(unit: &Unit<'_>, columns: &Columns) -> Option<(f32, f32)> {
    match columns.form.sentences {
        Sentences::Beside => columns.steps,
        Sentences::Under => Some(columns.under(unit)),
        Sentences::Listed => Some((columns.form.margin(), listed(columns).0)),
        Sentences::Nowhere => None,
    }
}

/// The detail, with the section of the standard behind it unless it names it itself. A section is
/// never broken from its standard.
fn with_source(beat: &Beat) -> String {
    let detail = beat.detail.trim();
    match beat.source {
        Some(source) if !detail.contains(source.section) || !detail.contains(source.standard) => {
            let stop =
                if detail.is_empty() || detail.ends_with(['.', '?', '!', ':']) { "" } else { "." };
            let section = if source.section.is_empty() { "" } else { ", " };
            let source = format!("{}{section}{}", source.standard, source.section);
            let source = source.replace(' ', "\u{a0}");
            format!("{detail}{stop} {source}").trim_start().to_owned()
        }
        _ => detail.to_owned(),
    }
}
