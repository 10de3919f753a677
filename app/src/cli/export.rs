//! `wirestage export`: the diagram as a picture.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use wirestage_dissectors::story::Level;

use super::act::Act;
use super::input::{self, Files, KeyLogs};
use super::overview;
use super::stop::{Outcome, Stop};
use super::story::Connection;
use crate::diagram::overview::Subject;
use crate::diagram::{self, FontMeasure, Fonts, Request, Scene, Theme};
use crate::document::{Document, title};
use crate::trouble::Trouble;

/// Draws a recording as a sequence diagram and writes it as SVG or PNG
///
/// The ending of the output file decides: .svg or .png. A long picture goes on in further files,
/// name-1.svg, name-2.svg and so on.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    #[command(flatten)]
    files: Files,
    /// The picture to write; an existing file is replaced
    #[arg(short, long, value_name = "OUT.svg|OUT.png")]
    output: PathBuf,
    #[command(flatten)]
    keys: KeyLogs,
    #[command(flatten)]
    connection: Connection,
    /// For print, or for a screen
    #[arg(long, value_enum, default_value_t = Shade::Light)]
    theme: Shade,
    /// What one arrow stands for
    #[arg(long, value_enum, default_value_t = Depth::Flight)]
    level: Depth,
    /// How wide the picture is, in points
    #[arg(long, default_value_t = 1640, value_name = "POINTS", value_parser = width)]
    width: u32,
    /// Whether an SVG holds text or the outlines of its letters
    #[arg(long, value_enum, default_value_t = Text::Fonts)]
    text: Text,
    /// Pixels to a point, for PNG
    #[arg(long, default_value_t = 2.0, value_parser = scale)]
    scale: f32,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shade {
    Light,
    Dark,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Text {
    /// Text, with the fonts it takes: it can be searched and copied
    Fonts,
    /// Outlines: for slides and whatever else ignores fonts in a file
    Outlines,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Depth {
    /// Who spoke to whom, and how it went: all connections, in rows
    Overview,
    /// A question with its answer
    Exchange,
    /// What one side sends before it waits
    Flight,
    /// One message
    Message,
    /// One frame
    Packet,
}

/// What a picture is written as.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Svg,
    Png,
}

impl Kind {
    fn of(path: &Path) -> Outcome<Self> {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        match ending.to_ascii_lowercase().as_str() {
            "svg" => Ok(Self::Svg),
            "png" => Ok(Self::Png),
            _ => Err(Stop::wrong(
                format!("{} ends neither in .svg nor in .png", path.display()),
                "name the picture after its format, for example -o diagram.svg",
            )),
        }
    }

    fn paint(
        self,
        scene: &Scene,
        theme: &Theme,
        (fonts, scale): (Fonts, f32),
    ) -> Result<Vec<u8>, Trouble> {
        match self {
            Self::Svg => Ok(diagram::svg(scene, theme, fonts).into_bytes()),
            Self::Png => diagram::png(scene, theme, scale).map_err(|error| {
                Trouble::new(
                    error.to_string(),
                    "export as SVG, or one connection (--connection 1), or with --scale 1",
                )
            }),
        }
    }
}

impl Act for Export {
    const NAME: &'static str = "export";
    const EXAMPLES: &'static str = "  \
  wirestage export a.pcapng -o diagram.svg
  wirestage export a.pcap --level overview -o overview.svg
  wirestage export a.pcapng -o slide.png --theme dark --scale 3
  wirestage export a.pcap --keys keys.log -o first.svg --connection 1 --level message";

    fn run(self, out: &mut dyn Write) -> Outcome {
        let kind = Kind::of(&self.output)?;
        let document = input::open(&self.files.all, &self.keys.files)?;
        let connection = self.connection.of(&document)?;
        let theme = match self.theme {
            Shade::Light => Theme::light(),
            Shade::Dark => Theme::dark(),
        };
        let level = match self.level {
            Depth::Overview => {
                if connection.is_some() {
                    return Err(Stop::wrong(
                        "an overview is one of all connections",
                        "leave out --connection, or --level overview",
                    ));
                }
                let scene = self.overview(&document)?;
                return self.write(&[scene], (kind, &theme), out);
            }
            Depth::Exchange => Level::Exchange,
            Depth::Flight => Level::Flight,
            Depth::Message => Level::Message,
            Depth::Packet => Level::Packet,
        };
        if connection.is_none() {
            overview::hint(&document);
        }
        let story = self.connection.story(&document, connection);
        if story.beats.is_empty() {
            return Err(Stop::Work(Trouble::new(
                format!("{} holds nothing that could be drawn", title(&self.files.all)),
                "wirestage info says what it holds; a diagram needs frames that say who sends to whom",
            )));
        }
        let request = Request { level, width: self.width, ..Request::default() };
        let pages = diagram::pages(&story, &request, LONGEST_PAGE, &FontMeasure::default());
        bounded(&pages)?;
        self.write(&pages, (kind, &theme), out)
    }
}

impl Export {
    /// The overview of all connections.
    fn overview(&self, document: &Document) -> Outcome<Scene> {
        let overview = overview::whole(document);
        let report = overview.report();
        if report.rows.is_empty() {
            return Err(Stop::Work(Trouble::new(
                format!("{} holds no connection", title(&self.files.all)),
                "leave out --level overview to draw its frames one by one",
            )));
        }
        let (activity, known) = (overview.activity(&report, true), overview.known());
        let subject = Subject {
            report: &report,
            known: &known,
            activity: &activity,
            subtitle: &title(&self.files.all),
        };
        let width = self.width as f32;
        Ok(diagram::overview::overview(&subject, width, &FontMeasure::default()).scene)
    }

    /// A file for each page.
    fn write(&self, pages: &[Scene], (kind, theme): (Kind, &Theme), out: &mut dyn Write) -> Outcome {
        let fonts = match self.text {
            Text::Fonts => Fonts::Embedded,
            Text::Outlines => Fonts::Outlines,
        };
        for (number, scene) in pages.iter().enumerate() {
            let path = page(&self.output, number + 1, pages.len());
            let picture = kind.paint(scene, theme, (fonts, self.scale))?;
            std::fs::write(&path, picture).map_err(|error| {
                Trouble::new(
                    format!("{} cannot be written: {error}", path.display()),
                    "check that its folder exists, may be written to, and has room",
                )
            })?;
            let (width, height) = (scene.width.ceil(), scene.height.ceil());
            writeln!(out, "{}: {width} x {height} points", path.display())?;
        }
        Ok(())
    }
}

/// A picture longer than this goes on in another file. At two pixels to a point it is 16,000
/// pixels long, and most viewers show no more than 16,384.
const LONGEST_PAGE: f32 = 8_000.0;
/// Nor may it be wider, for the same reason, and nothing would be gained by cutting lifelines in
/// two.
const WIDEST_PAGE: f32 = 8_000.0;
/// Nobody leafs through more pages than this; a part of the story or less of its detail is meant.
const MOST_PAGES: usize = 100;

/// Refuses what nobody could look at, and says what to ask for instead.
fn bounded(pages: &[Scene]) -> Outcome {
    let widest = pages.iter().map(|scene| scene.width).fold(0.0, f32::max);
    if widest > WIDEST_PAGE {
        return Err(Stop::Work(Trouble::new(
            format!("the picture would be {widest:.0} points wide; {WIDEST_PAGE:.0} is the most"),
            "export one connection with --connection 1; wirestage info lists them",
        )));
    }
    if pages.len() > MOST_PAGES {
        return Err(Stop::Work(Trouble::new(
            format!("the picture would have {} pages; {MOST_PAGES} is the most", pages.len()),
            "export one connection with --connection 1, or less detail with --level exchange",
        )));
    }
    Ok(())
}

/// The file of a page: the one that was asked for, or `name-2.svg` where there are several.
fn page(output: &Path, number: usize, of: usize) -> PathBuf {
    if of == 1 {
        return output.to_path_buf();
    }
    let part =
        |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, ending) = (part(output.file_stem()), part(output.extension()));
    output.with_file_name(format!("{stem}-{number}.{ending}"))
}

fn width(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(width) if (300..=4000).contains(&width) => Ok(width),
        _ => Err("the width is a whole number from 300 to 4000".to_owned()),
    }
}

fn scale(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(scale) if (0.1..=10.0).contains(&scale) => Ok(scale),
        _ => Err("the scale is a number from 0.1 to 10".to_owned()),
    }
}
