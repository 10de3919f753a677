//! `wirestage export`: the story as a picture, as text, or as the source of another diagram; the
//! requests as an archive, and what they carried; connections of QUIC as logs.

mod graph;
mod log;
mod requests;
mod target;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use wirestage_dissectors::story::{BeatId, Level, Story};

use self::target::{Output, Target};
use super::act::Act;
use super::depth::Depth;
use super::input::{self, Beside, Files};
use super::meant;
use super::overview;
use super::stop::{Outcome, Stop};
use super::story::Connection;
use super::watched::watched;
use crate::diagram::graph::Kind;
use crate::diagram::overview::Subject;
use crate::diagram::{self, Axis, FontMeasure, Fonts, PAPER_WIDTH, Request, Scene, Theme};
use crate::document::{Counting, Document, Progress, title};
use crate::export::qlog::Version;
use crate::export::{self, Clock, Format, Wanted, Written};
use crate::trouble::Trouble;

/// Draws a recording as a sequence diagram, or tells it, and writes that to a file
///
/// The ending of the output file decides: .svg, .png, .pdf, .mmd (Mermaid), .puml (PlantUML) or
/// .txt. A long picture goes on in further files, name-1.svg, name-2.svg and so on. A .har holds
/// the requests for the developer tools of browsers, with their contents. A .sqlog is a log of a
/// connection of QUIC, as qvis reads it; of several, name-1.sqlog and so on.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    #[command(flatten)]
    files: Files,
    /// The file to write; an existing file is replaced
    #[arg(short, long, value_name = "OUT.svg|png|pdf|mmd|puml|txt|har|sqlog")]
    #[arg(required_unless_present = "bodies")]
    output: Option<PathBuf>,
    #[command(flatten)]
    beside: Beside,
    #[command(flatten)]
    connection: Connection,
    /// For print, or for a screen
    #[arg(long, value_enum, default_value_t = Shade::Light)]
    theme: Shade,
    /// What one arrow stands for
    #[arg(long, value_enum, default_value_t = Depth::Flight)]
    level: Depth,
    /// Which times stand beside the steps
    #[arg(long, value_enum, default_value_t = Clock::Elapsed)]
    time: Clock,
    /// What the way down means, in pictures; time where both ends were recorded, else order
    #[arg(long, value_enum)]
    axis: Option<Axis>,
    /// Draw one direction of a connection over time instead: of several the largest, unless
    /// --connection says which
    #[arg(long, value_enum, value_name = "KIND", conflicts_with_all = ["follow", "axis"])]
    graph: Option<Kind>,
    /// Whose sending a graph shows; whoever sent more where nothing is said
    #[arg(long, value_enum, requires = "graph")]
    from: Option<graph::Sender>,
    /// Follow the request of step N through all connections that it was handed on to
    #[arg(long, value_name = "N", value_parser = meant::connection)]
    follow: Option<u32>,
    /// How wide the picture is, in points; 1640 where nothing is said, and 1240 on paper
    #[arg(long, value_name = "POINTS", value_parser = width)]
    width: Option<u32>,
    /// Whether an SVG holds text or the outlines of its letters
    #[arg(long, value_enum, default_value_t = Text::Fonts)]
    text: Text,
    /// Take cookies, authorisation, tokens and the values of queries and forms out of a .har
    #[arg(long)]
    redact: bool,
    /// By which schema a .sqlog is written; current where nothing is said
    #[arg(long, value_enum)]
    qlog: Option<Version>,
    /// Save what requests and answers carried, decoded, as files in this folder
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    bodies: Option<PathBuf>,
    /// Save only the contents of request N, as show --format requests numbers them
    #[arg(long, value_name = "N", requires = "bodies", value_parser = number)]
    request: Option<usize>,
    /// Pixels to a point, for PNG
    #[arg(long, default_value_t = 2.0, value_parser = scale)]
    scale: f32,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Shade {
    Light,
    Dark,
}

impl Shade {
    /// Its colours.
    pub(super) fn theme(self) -> Theme {
        match self {
            Self::Light => Theme::light(),
            Self::Dark => Theme::dark(),
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Text {
    /// Text, with the fonts it takes: it can be searched and copied
    Fonts,
    /// Outlines: for slides and whatever else ignores fonts in a file
    Outlines,
}

impl Text {
    /// What an SVG holds.
    const fn fonts(self) -> Fonts {
        match self {
            Self::Fonts => Fonts::Embedded,
            Self::Outlines => Fonts::Outlines,
        }
    }
}

impl Act for Export {
    const NAME: &'static str = "export";
    const EXAMPLES: &'static str = "  \
  wirestage export a.pcapng -o diagram.svg
  wirestage export a.pcap --level overview -o overview.svg
  wirestage export a.pcapng -o slide.png --theme dark --scale 3
  wirestage export a.pcapng -o handout.pdf --time local
  wirestage export a.pcapng -o loss.svg --axis time      to scale: how long, not only in which order
  wirestage export a.pcapng -o seq.svg --graph tcptrace  a connection over time, as a graph
  wirestage export a.pcapng -o one.svg --follow 3        one request through a proxy
  wirestage export a.pcapng -o failed.svg --filter 'http.response.code >= 500'
  wirestage export a.pcapng -o diagram.mmd               for Markdown; .puml for PlantUML
  wirestage export a.pcapng -o a.har --redact            for the developer tools of a browser
  wirestage export a.pcapng -o a.sqlog --qlog 0.3        for qvis
  wirestage export a.pcapng --bodies saved               what requests and answers carried
  wirestage export a.pcap --keys keys.log -o first.svg --connection 1 --level message";

    fn run(self, out: &mut dyn Write) -> Outcome {
        // A mistake in the filter or in what is asked for is told before a large file is read.
        self.connection.filter()?;
        let target = self.target()?;
        let mut document = input::open(&self.files.all, &self.beside)?;
        self.connection.call(&mut document);
        match target {
            Target::Bodies(folder) => self.contents(&document, folder, out),
            Target::Archive(path) => self.archive(&document, path, out),
            Target::Log(path) => self.log(&document, path, out),
            Target::Graph(kind, output) => self.graph(kind, &document, output, out),
            Target::Overview(output) => self.overview(&document, output, out),
            Target::Story(level, output) => self.story(level, &document, output, out),
        }
    }
}

impl Export {
    /// Draws or writes the story of what is chosen.
    fn story(
        &self,
        level: Level,
        document: &Document,
        output: Output<'_>,
        out: &mut dyn Write,
    ) -> Outcome {
        let chosen = self.connection.of(document)?;
        if chosen.is_all() {
            overview::hint(document);
        }
        let story = self.connection.story(document, &chosen);
        if story.beats.is_empty() {
            return Err(Stop::Work(Trouble::new(
                format!("{} holds nothing that could be drawn", title(&self.files.all)),
                "wirestage info says what it holds; a diagram needs frames that say who sends to \
                     whom",
            )));
        }
        let wanted = Wanted {
            level,
            times: self.time.times(&story),
            width: self.width,
            axis: self.axis.unwrap_or_else(|| Axis::fitting(&story)),
            followed: self.follow.map(|step| followed(&story, step)).transpose()?,
            ..self.wanted()
        };
        let write = |progress: &Progress| export::write(&story, output.format, &wanted, progress);
        put(output.path, watched(DRAWING, write)?, out)
    }

    /// Draws an overview of all connections.
    fn overview(&self, document: &Document, output: Output<'_>, out: &mut dyn Write) -> Outcome {
        if !self.connection.of(document)?.is_all() {
            return Err(Stop::wrong(
                "an overview is one of all connections",
                "leave out --connection and --filter, or --level overview",
            ));
        }
        let scene = self.overseen(document, output.format)?;
        let told = Story { title: title(&self.files.all), ..Story::default() };
        let wanted = self.wanted();
        let draw = |progress: &Progress| {
            export::picture((&[scene], &told), output.format, &wanted, progress)
        };
        put(output.path, watched(DRAWING, draw)?, out)
    }

    /// How whatever is drawn looks.
    fn wanted(&self) -> Wanted {
        Wanted {
            theme: self.theme.theme(),
            scale: self.scale,
            fonts: self.text.fonts(),
            ..Wanted::default()
        }
    }

    /// The picture of all connections.
    fn overseen(&self, document: &Document, format: Format) -> Outcome<Scene> {
        let overview = overview::whole(document);
        let report = overview.report();
        if report.rows.is_empty() {
            return Err(Stop::Work(Trouble::new(
                format!("{} holds no connection", title(&self.files.all)),
                "leave out --level overview to draw its frames one by one",
            )));
        }
        let (activity, known) = (overview.activity(&report, Counting::Bytes), overview.known());
        let subject = Subject {
            report: &report,
            known: &known,
            activity: &activity,
            subtitle: &title(&self.files.all),
        };
        let usual = if format == Format::Pdf { PAPER_WIDTH } else { Request::default().width };
        let width = self.width.unwrap_or(usual);
        Ok(diagram::overview::overview(&subject, width as f32, &FontMeasure::default()).scene)
    }
}

/// What is being done while a picture is made.
const DRAWING: &str = "drawing";

/// Writes the file, and says how large it is. Nobody cancels here, so there is something.
fn put(path: &Path, written: Option<Written>, out: &mut dyn Write) -> Outcome {
    if let Some(written) = written {
        let first = export::put(path, &written)?;
        writeln!(out, "{}: {}", first.display(), written.size)?;
    }
    Ok(())
}

/// What is followed from that step on.
fn followed(story: &Story, step: u32) -> Outcome<BeatId> {
    let steps = story.steps();
    let at = steps.get(step as usize - 1).copied();
    if let Some(at) = at.filter(|at| story.trail(*at).is_some()) {
        return Ok(at);
    }
    let asked =
        |id: &BeatId| story.passages.iter().any(|one| story.flight_of(one.asked) == Some(*id));
    let others = (1..).zip(&steps).filter(|(_, id)| asked(id));
    let others: Vec<String> =
        others.take(MOST_NAMED).map(|(number, _)| format!("{number}")).collect();
    let mend = match others.as_slice() {
        [] => "none of its requests was seen to be handed on to another connection".to_owned(),
        some => format!("requests were handed on at step {}", some.join(", ")),
    };
    Err(Stop::wrong(format!("step {step} is no part of a request that was handed on"), mend))
}

/// How many steps an error names that could be meant.
const MOST_NAMED: usize = 12;

fn number(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| "requests are numbered from 1".to_owned())
}

pub(super) fn width(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(width) if (300..=4000).contains(&width) => Ok(width),
        _ => Err("the width is a whole number from 300 to 4000".to_owned()),
    }
}

pub(super) fn scale(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(scale) if (0.1..=10.0).contains(&scale) => Ok(scale),
        _ => Err("the scale is a number from 0.1 to 10".to_owned()),
    }
}
