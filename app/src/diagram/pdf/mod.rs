//! Writes a scene as PDF: vectors, text that can be selected and searched, the fonts as far as
//! they are used.
//!
//! The sheets are A4 on its side: they print everywhere, and are as wide as a screen is. A picture
//! that fits on one sheet when it is made a little smaller is one sheet. A longer one is cut
//! between steps; each further sheet repeats the cast and the chapter that goes on. Chapters are
//! bookmarks.

pub(super) mod cut;
mod pen;

use std::ops::Range;

use krilla::Document;
use krilla::geom::{Point, Transform};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use wirestage_dissectors::story::Story;

use self::cut::{Page, bands, cut};
use self::pen::Pen;
use super::geometry::{Align, Rect, at};
use super::scene::{About, Layer, Mark, Scene, Shape};
use super::style::{Style, Type};
use super::theme::Theme;

/// How wide a picture is laid out for paper: on A4 its sentences are then 8 points high.
pub const PAPER_WIDTH: u32 = 1240;

/// A4 on its side (ISO 216: 297 by 210 mm), in points of 1/72 inch.
const SHEET: (f32, f32) = (841.89, 595.28);
/// What stays empty at each side.
const MARGIN: f32 = 28.0;
/// What the foot of a sheet takes.
const FOOT: f32 = 16.0;
/// A picture is made smaller by so much rather than cut.
const SHRINK: f32 = 0.8;
/// What the line that names the chapter takes, in points of the picture.
const CONTINUED: f32 = 30.0;
/// From the cast to what goes on below it, where no chapter is named.
const BELOW_CAST: f32 = 8.0;
/// Where chapters are named, in points of the picture.
const TITLES: f32 = 40.0;
/// The foot is written that much smaller than the picture's states.
const SMALL: f32 = 0.7;
/// More sheets than this help nobody, and take seconds to write.
const MOST_SHEETS: usize = 400;

/// Why no PDF was made.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// It would be a book.
    #[error("the picture would be {0} sheets long, and {MOST_SHEETS} is the most")]
    TooLong(usize),
    /// Whoever asked has lost interest.
    #[error("the PDF is no longer wanted")]
    Cancelled,
    /// The PDF could not be put together.
    #[error("the PDF could not be written: {0}")]
    Writing(String),
}

/// How a picture is put on sheets.
struct Sheets {
    /// Points of the sheet for one of the picture.
    scale: f32,
    pages: Vec<Page>,
}

impl Sheets {
    fn of(scene: &Scene, story: &Story) -> Self {
        let (width, height) = (SHEET.0 - 2.0 * MARGIN, SHEET.1 - 2.0 * MARGIN);
        let scale = (width / scene.width.max(1.0)).min(1.0);
        let fits = height / scene.height.max(1.0);
        if fits >= scale * SHRINK {
            let whole = Page { body: 0.0..scene.height, continued: None };
            return Self { scale: scale.min(fits), pages: vec![whole] };
        }
        let room = (height - FOOT) / scale;
        let head = scene.cast.end - scene.cast.start + CONTINUED;
        Self { scale, pages: cut(scene, story, room, room - head) }
    }
}

/// Writes a scene of a story in the colours of a theme. `sheet` hears of each sheet before it is
/// written, with its number and how many there are, and says whether to go on.
///
/// # Errors
/// Where there would be more than 400 sheets, or `sheet` said no.
pub fn pdf(
    (scene, story): (&Scene, &Story),
    theme: &Theme,
    sheet: &dyn Fn(usize, usize) -> bool,
) -> Result<Vec<u8>, PdfError> {
    let sheets = Sheets::of(scene, story);
    let count = sheets.pages.len();
    if count > MOST_SHEETS {
        return Err(PdfError::TooLong(count));
    }
    let failed = |what: &str| PdfError::Writing(what.to_owned());
    let mut pen = Pen::new(theme).ok_or_else(|| failed("a font cannot be read"))?;
    let mut document = Document::new();
    let title = if story.title.is_empty() { "Sequence diagram" } else { &story.title };
    document.set_metadata(
        Metadata::new()
            .title(title.to_owned())
            .creator("Wirestage".to_owned())
            .language("en".to_owned()),
    );
    let settings =
        PageSettings::from_wh(SHEET.0, SHEET.1).ok_or_else(|| failed("the sheet has no size"))?;
    for (index, page) in sheets.pages.iter().enumerate() {
        if !sheet(index + 1, count) {
            return Err(PdfError::Cancelled);
        }
        let mut on = document.start_page_with(settings.clone());
        let mut surface = on.surface();
        let whole = Rect::sized(0.0, 0.0, SHEET.0, SHEET.1);
        pen.fill(&mut surface, whole, Style::Paper);
        let left = (SHEET.0 - scene.width * sheets.scale) / 2.0;
        let place = Transform::from_row(sheets.scale, 0.0, 0.0, sheets.scale, left, MARGIN);
        surface.push_transform(&place);
        let top = if index == 0 { 0.0 } else { head(&mut pen, &mut surface, scene, page) };
        strip(&mut pen, &mut surface, scene, page.body.clone(), top, index > 0);
        surface.pop();
        if count > 1 {
            let words = format!("{title} · {} of {count}", index + 1);
            foot(&mut pen, &mut surface, words);
        }
        surface.finish();
        on.finish();
    }
    document.set_outline(outline(&sheets, scene, story));
    document.finish().map_err(|error| PdfError::Writing(format!("{error:?}")))
}

/// Draws what stands between two heights of the picture, its upper end at `top`.
fn strip(
    pen: &mut Pen<'_>,
    surface: &mut Surface<'_>,
    scene: &Scene,
    sight: Range<f32>,
    top: f32,
    without_cast: bool,
) {
    let height = sight.end - sight.start;
    let clip = Rect::sized(0.0, top, scene.width, height);
    if !pen.clip(surface, clip) {
        return;
    }
    surface.push_transform(&Transform::from_translate(0.0, top - sight.start));
    for mark in scene.in_sight(sight.clone()) {
        // What only touches the cut belongs to the other side.
        let inside = mark.bounds.bottom > sight.start && mark.bounds.top < sight.end;
        if inside && !(without_cast && mark.layer == Layer::Cast) {
            pen.mark(surface, mark);
        }
    }
    surface.pop();
    surface.pop();
}

/// Draws the cast again, and which chapter goes on; returns where the picture may go on.
fn head(pen: &mut Pen<'_>, surface: &mut Surface<'_>, scene: &Scene, page: &Page) -> f32 {
    let height = scene.cast.end - scene.cast.start;
    let place = Transform::from_translate(0.0, -scene.cast.start);
    surface.push_transform(&place);
    for mark in scene.in_sight(scene.cast.clone()).filter(|mark| mark.layer == Layer::Cast) {
        pen.mark(surface, mark);
    }
    surface.pop();
    if let Some(title) = &page.continued {
        let shape = Shape::Text {
            origin: at(TITLES, height + CONTINUED - 12.0),
            align: Align::Start,
            font: Type::Chapter,
            text: format!("{title}, continued"),
            upright: false,
        };
        pen.mark(surface, &Mark::new(shape, 0.0, Style::Ink, About::Nothing, Layer::Front));
    }
    head_height(scene, page)
}

/// What the repeated head of a page takes.
fn head_height(scene: &Scene, page: &Page) -> f32 {
    let below = if page.continued.is_some() { CONTINUED } else { BELOW_CAST };
    scene.cast.end - scene.cast.start + below
}

fn foot(pen: &mut Pen<'_>, surface: &mut Surface<'_>, text: String) {
    let shape = Shape::Text {
        origin: at(0.0, 0.0),
        align: Align::Start,
        font: Type::State,
        text,
        upright: false,
    };
    let (x, y) = (MARGIN, SHEET.1 - MARGIN + 4.0);
    surface.push_transform(&Transform::from_row(SMALL, 0.0, 0.0, SMALL, x, y));
    pen.mark(surface, &Mark::new(shape, 0.0, Style::Faint, About::Nothing, Layer::Front));
    surface.pop();
}

/// The chapters as bookmarks.
fn outline(sheets: &Sheets, scene: &Scene, story: &Story) -> Outline {
    let mut outline = Outline::new();
    for (band, title) in bands(scene, story) {
        let on = sheets.pages.iter().position(|page| page.body.contains(&band.start));
        let Some((index, page)) = on.and_then(|at| Some((at, sheets.pages.get(at)?))) else {
            continue;
        };
        let head = if index == 0 { 0.0 } else { head_height(scene, page) };
        let down = (head + band.start - page.body.start) * sheets.scale + MARGIN;
        let to = krilla::destination::XyzDestination::new(index, Point::from_xy(0.0, down));
        outline.push_child(OutlineNode::new(title.to_owned(), to));
    }
    outline
}
