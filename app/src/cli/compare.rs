//! `wirestage compare`: recordings or scenarios side by side, and what each cost.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::act::Act;
use super::export::{Shade, scale, width};
use super::record::knob;
use super::stop::{Outcome, Stop};
use crate::compare::{self, Comparison, Listed, MOST, Origin, SETS, Set, Source, Witness};
use crate::diagram::compare::{By, compare, usual_width};
use crate::diagram::{FontMeasure, Fonts};
use crate::document::{Document, Progress};
use crate::export::{self, Format, Wanted};
use crate::record::{self, Setup};
use crate::trouble::Trouble;
use wirestage_dissectors::story::Story;

/// Puts recordings or scenarios side by side: who waits for whom, and what each costs
///
/// A set of the catalogue (https, https-defaults, hol-blocking), or two to six names of files and
/// scenarios. Scenarios are recorded over one link; behind a colon one has settings of its own, so
/// that the same can stand there twice: NAME:KNOB=VALUE,KNOB=VALUE. Of each recording one
/// connection is measured, from its first packet to the first byte of its answer: the first that
/// uses what an earlier visit left, else the first that was answered.
#[derive(Debug, clap::Args)]
pub(super) struct Compare {
    /// A set, or recordings and scenarios by name
    #[arg(value_name = "SET|FILE|NAME[:KNOB=VALUE,…]", required = true, num_args = 1..=MOST)]
    what: Vec<String>,
    /// The file to write; without it a table is printed
    #[arg(short, long, value_name = "OUT.svg|png|pdf|txt|json")]
    output: Option<PathBuf>,
    /// The link that scenarios are recorded over, as record takes it
    ///
    /// [default: rtt=100ms]
    #[arg(long, value_name = "SETTINGS")]
    link: Option<String>,
    /// Set a knob of every scenario that has it; may be given several times
    #[arg(long = "set", value_name = "KNOB=VALUE", value_parser = knob)]
    knobs: Vec<(String, String)>,
    /// Also keep the recordings that are made, in this folder
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// How the table is printed
    #[arg(long, value_enum, default_value_t = Table::Text)]
    format: Table,
    /// Also list what differs within each step, field by field
    ///
    /// Steps of the same meaning are held against each other. With --fields=all also those fields
    /// that would differ between any two recordings: random values, times, ports, checksums.
    #[arg(
        long,
        value_enum,
        value_name = "WHICH",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "telling"
    )]
    fields: Option<Listed>,
    /// What stands level in a picture
    #[arg(long, value_enum, default_value_t = By::Time)]
    align: By,
    /// For print, or for a screen
    #[arg(long, value_enum, default_value_t = Shade::Light)]
    theme: Shade,
    /// How wide a picture is, in points
    #[arg(long, value_name = "POINTS", value_parser = width)]
    width: Option<u32>,
    /// Pixels to a point, for PNG
    #[arg(long, default_value_t = 2.0, value_parser = scale)]
    scale: f32,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Table {
    /// For reading
    Text,
    /// For programs
    Json,
}

/// What a file's name asks for.
enum Kind {
    Picture(Format),
    Table(Table),
}

/// The link where nobody asks for another: long enough that nothing but waiting counts.
const LINK: &str = "rtt=100ms";

impl Act for Compare {
    const NAME: &'static str = "compare";
    const EXAMPLES: &'static str = "  \
  wirestage compare https                               one request, six ways, over 100 ms
  wirestage compare https -o https.svg                  the same as a picture
  wirestage compare https --link rtt=20ms -o https.png --theme dark
  wirestage compare tls12-full tls13-full               two scenarios, recorded now
  wirestage compare https-defaults                      what common defaults cost, beside the tuned
  wirestage compare tls13-full tls13-full:group=x25519mlkem768  one scenario, set in two ways
  wirestage compare https -o steps.svg --align meaning  equal steps level, gaps where one does without
  wirestage compare before.pcapng after.pcapng -o both.svg
  wirestage compare before.pcapng after.pcapng --fields  what differs, field by field
  wirestage compare https --format json | jq '.ways[].ledger.round_trips'";

    fn run(self, out: &mut dyn Write) -> Outcome {
        let kind = self.output.as_deref().map(kind).transpose()?;
        let (set, sources) = self.sources()?;
        let comparison = self.gather(set, &sources)?;
        let table = |comparison: &Comparison, table: Table| match table {
            Table::Text => {
                let fields = self.fields.map(|listed| compare::steps_to_text(comparison, listed));
                compare::to_text(comparison) + &fields.unwrap_or_default()
            }
            Table::Json => {
                let mut json = compare::to_json(comparison);
                if self.fields.is_some() {
                    json["steps"] = compare::steps_to_json(comparison);
                }
                format!("{json:#}\n")
            }
        };
        let (Some(output), Some(kind)) = (&self.output, kind) else {
            write!(out, "{}", table(&comparison, self.format))?;
            return Ok(());
        };
        let size = match kind {
            Kind::Table(kind) => {
                let text = table(&comparison, kind);
                let lines = text.lines().count();
                let written = export::Written {
                    files: vec![text.into_bytes()],
                    size: format!("{lines} lines"),
                };
                export::put(output, &written)?;
                written.size
            }
            Kind::Picture(format) => self.picture(&comparison, format, output)?,
        };
        writeln!(out, "{}: {size}", output.display())?;
        for note in &comparison.notes {
            eprintln!("note: {note}");
        }
        Ok(())
    }
}

impl Compare {
    /// What is compared, by the words on the command line.
    fn sources(&self) -> Outcome<(Option<&'static Set>, Vec<Source>)> {
        if let [one] = self.what.as_slice()
            && !Path::new(one).exists()
        {
            let Some(set) = Set::find(one) else {
                let names: Vec<&str> = SETS.iter().map(|set| set.name).collect();
                return Err(Stop::wrong(
                    format!("there is no set called {one:?}, and one alone is no comparison"),
                    format!("the sets are: {}; or name two files or scenarios", names.join(", ")),
                ));
            };
            let members = set.members.iter();
            let members = members.map(|one| {
                let setup = self.setup(one.scenario, one.settings(), set.link)?;
                Ok(Source::member(one, Origin::Scenario(Box::new(setup))))
            });
            return Ok((Some(set), members.collect::<Outcome<_>>()?));
        }
        if self.what.len() < 2 {
            return Err(Stop::wrong(
                "one alone is no comparison",
                "name two files or scenarios; wirestage list shows the scenarios",
            ));
        }
        let sources = self.what.iter().map(|word| {
            let path = PathBuf::from(word);
            if path.exists() {
                return Ok(Source { from: Origin::File(path), named: None });
            }
            let (name, knobs) = named(word)?;
            let from = Origin::Scenario(Box::new(self.setup(name, knobs, LINK)?));
            // Its title may say what these settings change.
            let own = word.split_once(':');
            let named = own.map(|(name, knobs)| (format!("{name}, {knobs}"), String::new()));
            Ok(Source { from, named })
        });
        Ok((None, sources.collect::<Outcome<_>>()?))
    }

    /// How a scenario is recorded: with the knobs that it has, of those for all, and with its own,
    /// which hold before them.
    fn setup(&self, name: &str, own: Vec<(String, String)>, link: &str) -> Outcome<Setup> {
        let scenario = record::find(name).map_err(Stop::Usage)?;
        let shared = self.knobs.iter().filter(|(knob, _)| scenario.knob(knob).is_some());
        let knobs = shared.cloned().chain(own).collect();
        let link = Some(self.link.clone().unwrap_or_else(|| link.to_owned()));
        let setup = Setup { knobs, link, ..Setup::of(scenario) };
        setup.check().map_err(Stop::Usage)?;
        Ok(setup)
    }

    fn gather(&self, set: Option<&Set>, sources: &[Source]) -> Outcome<Comparison> {
        if let Some(folder) = &self.keep {
            std::fs::create_dir_all(folder).map_err(|error| {
                Stop::wrong(
                    format!("{} cannot be made: {error}", folder.display()),
                    "name another folder for --keep",
                )
            })?;
        }
        let (keep, tells) = (self.keep.as_deref(), std::io::stderr().is_terminal());
        let mut follower = Follower { keep, tells, number: 0, all: sources.len() };
        Ok(compare::gather(sources, set, &mut follower)?)
    }

    /// Draws it; returns how large it is.
    fn picture(&self, comparison: &Comparison, format: Format, output: &Path) -> Outcome<String> {
        let width = self.width.unwrap_or_else(|| usual_width(comparison.ways.len()));
        let drawn = compare(comparison, (width as f32, self.align), &FontMeasure::default());
        let told = Story { title: comparison.title.clone(), ..Story::default() };
        let (theme, scale) = (self.theme.theme(), self.scale);
        let wanted = Wanted { theme, scale, fonts: Fonts::Embedded, ..Wanted::default() };
        let none = Progress::new();
        let Some(written) = export::picture((&[drawn.scene], &told), format, &wanted, &none)?
        else {
            return Ok(String::new());
        };
        export::put(output, &written)?;
        Ok(written.size)
    }
}

/// A scenario's name, and what is set for it alone: "tls13-full:suite=chacha20,page=4000".
fn named(word: &str) -> Outcome<(&str, Vec<(String, String)>)> {
    let Some((name, settings)) = word.split_once(':') else { return Ok((word, Vec::new())) };
    let settings = settings.split(',').map(|setting| {
        knob(setting).map_err(|why| {
            Stop::wrong(
                format!("{setting:?} behind {name} is no setting: {why}"),
                format!("for example {name}:KNOB=VALUE; wirestage list shows the knobs"),
            )
        })
    });
    Ok((name, settings.collect::<Outcome<_>>()?))
}

/// The name of the file that a recording is kept in: with what is set for it.
fn file_name(setup: &Setup) -> String {
    let settings = setup.knobs.iter().map(|(knob, value)| format!("-{knob}-{value}"));
    // A value may be the name of a file.
    let settings = settings.collect::<String>().replace(['/', '\\'], "-");
    format!("{}{settings}.pcapng", setup.scenario.name)
}

/// Says what is recorded, and keeps it.
struct Follower<'a> {
    keep: Option<&'a Path>,
    tells: bool,
    number: usize,
    all: usize,
}

impl Witness for Follower<'_> {
    fn recording(&mut self, setup: &Setup) {
        self.number += 1;
        if self.tells {
            let name = setup.scenario.name;
            eprintln!("recording {name} ({} of {})", self.number, self.all);
        }
    }

    fn recorded(&mut self, setup: &Setup, document: &Document) -> Result<(), Trouble> {
        let Some(folder) = self.keep else { return Ok(()) };
        record::save(&document.recording, &folder.join(file_name(setup)))
    }
}

/// What a file is to hold, by the ending of its name.
fn kind(path: &Path) -> Outcome<Kind> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    match (ending.to_ascii_lowercase().as_str(), Format::of(path)) {
        ("json", _) => Ok(Kind::Table(Table::Json)),
        ("txt", _) => Ok(Kind::Table(Table::Text)),
        (_, Some(format)) if format.is_picture() => Ok(Kind::Picture(format)),
        _ => Err(Stop::Usage(Trouble::new(
            format!("{} ends in none of .svg, .png, .pdf, .txt, .json", path.display()),
            "name the file after its format, for example -o https.svg",
        ))),
    }
}
