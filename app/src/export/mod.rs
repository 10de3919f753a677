//! What a story can be written as: pictures, text, and the source of other programs' diagrams.
//!
//! The window and the command line ask here, so that both write the same bytes.

pub mod bodies;
mod curl;
pub mod follow;
pub mod har;
mod name;
pub mod qlog;
mod zone;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use wirestage_dissectors::story::text::{to_mermaid, to_plantuml, told};
use wirestage_dissectors::story::{BeatId, Level, Story, Times};

use crate::diagram::{
    self, Axis, FontMeasure, Fonts, PAPER_WIDTH, PdfError, PngError, Request, Scene, Theme,
};
use crate::document::Progress;
use crate::private;
use crate::trouble::Trouble;

pub use curl::curl;
pub use name::{dated, numbered, recording, story};
pub use zone::Clock;

/// What a story is written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// A picture of vectors, for browsers and documents.
    #[default]
    Svg,
    /// A picture of pixels, for slides and chats.
    Png,
    /// Sheets of vectors, for paper.
    Pdf,
    /// The source of a Mermaid diagram.
    Mermaid,
    /// The source of a PlantUML diagram.
    PlantUml,
    /// Text for reading.
    Text,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Svg, Self::Png, Self::Pdf, Self::Mermaid, Self::PlantUml, Self::Text];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Svg => "SVG",
            Self::Png => "PNG",
            Self::Pdf => "PDF",
            Self::Mermaid => "Mermaid",
            Self::PlantUml => "PlantUML",
            Self::Text => "Text",
        }
    }

    /// What it is good for.
    #[must_use]
    pub const fn help(self) -> &'static str {
        match self {
            Self::Svg => "A picture that stays sharp, for browsers and documents.",
            Self::Png => "A picture of pixels, for slides and chats.",
            Self::Pdf => "Sheets of A4 with text that can be searched, for paper.",
            Self::Mermaid => "The source of a diagram that Markdown pages draw themselves.",
            Self::PlantUml => "The source of a diagram for PlantUML.",
            Self::Text => "The story step by step, for reading.",
        }
    }

    /// How the names of its files end.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Pdf => "pdf",
            Self::Mermaid => "mmd",
            Self::PlantUml => "puml",
            Self::Text => "txt",
        }
    }

    /// The format that a file's name asks for.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|format| match format {
            Self::Mermaid => matches!(ending.as_str(), "mmd" | "mermaid"),
            Self::PlantUml => matches!(ending.as_str(), "puml" | "plantuml" | "pu"),
            other => other.ending() == ending,
        })
    }

    /// Whether it is a picture, with a theme and a level.
    #[must_use]
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Svg | Self::Png | Self::Pdf)
    }
}

/// How a story is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// What one arrow stands for, and one step of a text.
    pub level: Level,
    /// The colours of pictures.
    pub theme: Theme,
    /// Pixels to a point, for PNG.
    pub scale: f32,
    /// How times are written.
    pub times: Times,
    /// How wide a picture is laid out, in points; nothing for what suits the format.
    pub width: Option<u32>,
    /// What an SVG holds: text with its fonts, or outlines.
    pub fonts: Fonts,
    /// What the way down means in a picture.
    pub axis: Axis,
    /// What a picture follows through the connections: any beat of it.
    pub followed: Option<BeatId>,
}

impl Default for Wanted {
    fn default() -> Self {
        let (level, theme) = (Level::Flight, Theme::light());
        let (times, fonts) = (Times::Elapsed, Fonts::Embedded);
        let (width, axis, followed) = (None, Axis::Order, None);
        Self { level, theme, scale: 2.0, times, width, fonts, axis, followed }
    }
}

/// A story, written.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// What is to stand in the file; in several, where a picture is long.
    pub files: Vec<Vec<u8>>,
    /// How large it is, in words: "1640 x 1120 points", "3 sheets", "41 lines".
    pub size: String,
}

/// A picture longer than this goes on in another file. At two pixels to a point it is 16,000
/// pixels long, and most viewers show no more than 16,384.
const LONGEST: f32 = 8_000.0;
/// Nor may it be wider, for the same reason, and nothing would be gained by cutting lifelines in
/// two.
const WIDEST: f32 = 8_000.0;
/// Nobody leafs through more files than this; a part of the story or less of its detail is meant.
const MOST_FILES: usize = 100;

/// Writes a story. `progress` counts the sheets of a PDF; nothing comes out where it was
/// cancelled.
///
/// # Errors
/// Where the story holds nothing that could be drawn, or the picture would be too large.
pub fn write(
    story: &Story,
    format: Format,
    wanted: &Wanted,
    progress: &Progress,
) -> Result<Option<Written>, Trouble> {
    if story.beats.is_empty() {
        return Err(Trouble::new(
            "there is nothing that could be drawn",
            "a diagram needs frames that say who sends to whom",
        ));
    }
    let text = match format {
        Format::Mermaid => to_mermaid(story, wanted.times),
        Format::PlantUml => to_plantuml(story, wanted.times),
        Format::Text => told(story, wanted.times, wanted.level),
        Format::Pdf => {
            let (story, request) = asked(story, format, wanted);
            let scene = diagram::layout(&story, &request, &FontMeasure::default());
            return picture((&[scene], &story), format, wanted, progress);
        }
        Format::Svg | Format::Png => {
            let (story, request) = asked(story, format, wanted);
            let scenes = diagram::pages(&story, &request, LONGEST, &FontMeasure::default());
            return picture((&scenes, &story), format, wanted, progress);
        }
    };
    let size = format!("{} lines", text.lines().count());
    Ok(Some(Written { files: vec![text.into_bytes()], size }))
}

/// What is laid out for a picture of that format: the story with its times as asked for, and how.
fn asked<'a>(story: &'a Story, format: Format, wanted: &Wanted) -> (Cow<'a, Story>, Request) {
    let usual = if format == Format::Pdf { PAPER_WIDTH } else { Request::default().width };
    let width = wanted.width.unwrap_or(usual);
    let Wanted { level, times, axis, followed, .. } = *wanted;
    let request = Request { level, times, width, axis, followed, ..Request::default() };
    let mut story = Cow::Borrowed(story);
    if times != Times::Elapsed {
        story.to_mut().dated(times);
    }
    (story, request)
}

/// Writes scenes as a picture, each a file of its own; `story` is what they tell, for titles and
/// bookmarks. A PDF is cut into sheets here, and is made of one scene.
///
/// # Errors
/// Where it would be too large.
pub fn picture(
    (scenes, story): (&[Scene], &Story),
    format: Format,
    wanted: &Wanted,
    progress: &Progress,
) -> Result<Option<Written>, Trouble> {
    bounded(scenes)?;
    let mut files = Vec::new();
    let mut sizes = Vec::new();
    for (number, scene) in scenes.iter().enumerate() {
        if progress.is_cancelled() {
            return Ok(None);
        }
        progress.set(number as u64, scenes.len() as u64);
        sizes.push(format!("{} x {} points", scene.width.ceil(), scene.height.ceil()));
        files.push(match format {
            Format::Png => diagram::png(scene, &wanted.theme, wanted.scale)?,
            Format::Pdf => {
                let sheets = |number: usize, count: usize| {
                    progress.set(number as u64, count as u64);
                    !progress.is_cancelled()
                };
                match diagram::pdf((scene, story), &wanted.theme, &sheets) {
                    Err(PdfError::Cancelled) => return Ok(None),
                    made => {
                        let (_, count) = progress.get();
                        let sheets = if count == 1 { "sheet" } else { "sheets" };
                        sizes = vec![format!("{count} {sheets} of A4")];
                        made?
                    }
                }
            }
            _ => diagram::svg(scene, &wanted.theme, wanted.fonts).into_bytes(),
        });
    }
    let size = match sizes.as_slice() {
        [first, .., last] => format!("{} files, {first} the first, {last} the last", sizes.len()),
        few => few.concat(),
    };
    Ok(Some(Written { files, size }))
}

/// Refuses what nobody could look at, and says what to ask for instead.
fn bounded(scenes: &[Scene]) -> Result<(), Trouble> {
    let widest = scenes.iter().map(|scene| scene.width).fold(0.0, f32::max);
    if widest > WIDEST {
        return Err(Trouble::new(
            format!("the picture would be {widest:.0} points wide; {WIDEST:.0} is the most"),
            "export one connection with --connection 1; wirestage info lists them",
        ));
    }
    if scenes.len() > MOST_FILES {
        return Err(Trouble::new(
            format!("the picture would take {} files; {MOST_FILES} is the most", scenes.len()),
            "export one connection with --connection 1, or less detail with --level exchange",
        ));
    }
    Ok(())
}

/// A story painted for the clipboard: its size in pixels, and four bytes for each.
///
/// # Errors
/// Where it would be too large.
pub fn pixels(story: &Story, wanted: &Wanted) -> Result<([usize; 2], Vec<u8>), Trouble> {
    let (story, request) = asked(story, Format::Png, wanted);
    let scene = diagram::layout(&story, &request, &FontMeasure::default());
    let pixmap = diagram::pixels(&scene, &wanted.theme, wanted.scale)?;
    Ok(([pixmap.width() as usize, pixmap.height() as usize], pixmap.take_demultiplied()))
}

/// Puts what was written into a file, or into `name-1.svg`, `name-2.svg` and so on where it takes
/// several; what stood there is replaced. Returns the first of them.
///
/// # Errors
/// Where a file cannot be written.
pub fn put(path: &Path, written: &Written) -> Result<PathBuf, Trouble> {
    let names: Vec<PathBuf> = match written.files.as_slice() {
        [_] => vec![path.to_path_buf()],
        several => (1..=several.len()).map(|number| name::numbered(path, number)).collect(),
    };
    for (path, bytes) in names.iter().zip(&written.files) {
        private::put_for_all(path, bytes)?;
    }
    Ok(names.into_iter().next().unwrap_or_else(|| path.to_path_buf()))
}

impl From<PngError> for Trouble {
    fn from(error: PngError) -> Self {
        Self::new(
            error.to_string(),
            "export as SVG, or one connection (--connection 1), or with --scale 1",
        )
    }
}

impl From<PdfError> for Trouble {
    fn from(error: PdfError) -> Self {
        Self::new(error.to_string(), "export as SVG, or one connection alone")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: Option<Format>) {
        assert_eq!(Format::of(Path::new(name)), expected, "{name}");
    }

    #[test]
    fn a_name_tells_the_format() {
        for format in Format::ALL {
            check(&format!("a.{}", format.ending()), Some(format));
        }
        check("a.PDF", Some(Format::Pdf));
        check("a.b.mermaid", Some(Format::Mermaid));
        check("a.plantuml", Some(Format::PlantUml));
        check("svg", None);
        check("a.gif", None);
        check(".txt", None);
    }

    #[test]
    fn a_story_of_nothing_is_refused() {
        for format in Format::ALL {
            let made = write(&Story::default(), format, &Wanted::default(), &Progress::new());
            assert!(made.is_err(), "{format:?}");
        }
    }
}
