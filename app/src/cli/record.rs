//! `wirestage record`: plays a scenario and keeps what was on the wire.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use wirestage_dissectors::wording::counted;

use super::act::Act;
use super::output;
use super::stop::{Outcome, Stop};
use crate::document::About;
use crate::record::{self, Setup, State, Take};
use crate::trouble::Trouble;
use crate::unused::unused;

/// Plays a scenario and records it, with the keys that decrypt it
///
/// A real client and a real server talk in a private network, and what they send is written as
/// pcapng: packets, TLS secrets, names of the addresses, and marks that say what a server did and
/// when. Wireshark opens and decrypts the file with no option set. Only you can read it.
#[derive(Debug, clap::Args)]
pub(super) struct Record {
    /// The scenario; `wirestage list` shows them
    #[arg(value_name = "NAME")]
    scenario: String,
    /// Where to write; - is standard output
    ///
    /// [default: NAME.pcapng, or NAME-2.pcapng and so on where that exists]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace a file that exists
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    settings: Settings,
    /// Also write the TLS secrets as a key log of their own
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// Also write what each side says it did, as JSON
    #[arg(long, value_name = "FILE")]
    transcript: Option<PathBuf>,
}

/// What can be set on any scenario.
#[derive(Debug, clap::Args)]
pub(super) struct Settings {
    /// Set a knob of the scenario; may be given several times
    #[arg(long = "set", value_name = "KNOB=VALUE", value_parser = knob)]
    pub(super) knobs: Vec<(String, String)>,
    /// Lay a link between client and servers, and record both its ends
    ///
    /// rtt=100ms, jitter=5ms, loss=2%, drop=server:3 (the third packet of the server; drop-data
    /// counts only those with data; what is sent again is one more packet),
    /// stall-data=server:1@300ms (which takes so much longer, and those behind it with it),
    /// reorder=5%, duplicate=1%, rate=10mbit, mtu=1500, hops=3 (routers on the way), path-mtu=1280
    /// (between them), icmp=none (they say nothing), seed=7; with commas between. The same seed
    /// meets the same packets of each direction.
    #[arg(long, value_name = "SETTINGS")]
    pub(super) link: Option<String>,
    /// Leave marks out, so that the file converts to classic pcap
    #[arg(long)]
    pub(super) no_marks: bool,
}

/// A knob with its value.
pub(super) fn knob(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((knob, value)) if !knob.is_empty() => Ok((knob.to_owned(), value.to_owned())),
        _ => Err("a setting has the form KNOB=VALUE".to_owned()),
    }
}

impl Settings {
    /// The setup for a scenario. What is wrong with it is wrong usage.
    pub(super) fn of(self, scenario: &str) -> Outcome<Setup> {
        let scenario = record::find(scenario).map_err(Stop::Usage)?;
        let Self { knobs, link, no_marks } = self;
        let setup = Setup { knobs, link, without_marks: no_marks, ..Setup::of(scenario) };
        setup.check().map_err(Stop::Usage)?;
        Ok(setup)
    }
}

impl Act for Record {
    const NAME: &'static str = "record";
    const EXAMPLES: &'static str = "  \
  wirestage record tls13-full                              writes tls13-full.pcapng
  wirestage record tls12-full -o a.pcapng --set suite=chacha20
  wirestage record http1-keepalive -o - | tshark -r - -Y http
  wirestage record tls13-full --link rtt=100ms,loss=2%,seed=7
  wirestage record tls13-full -o a.pcapng --keys keys.log  for tools that want a key log";

    fn run(self, out: &mut dyn Write) -> Outcome {
        let Self { scenario, output, force, settings, keys, transcript } = self;
        if let Some(path) = &output {
            output::for_programs(path)?;
            output::replaces(path, force)?;
        }
        let setup = settings.of(&scenario)?;
        let began = Instant::now();
        let mut take = record::start(&setup, || {})?;
        let state = take.wait()?;
        let took = began.elapsed();

        let recording = take.recording();
        if take.frames()? == 0 && state != State::Done {
            return ended(state, None);
        }
        let about = About::of(recording);
        let path = output.unwrap_or_else(|| unused(Path::new(""), setup.scenario.name, "pcapng"));
        if path == Path::new("-") {
            recording.copy_to(&mut &mut *out)?;
        } else {
            record::save(recording, &path)?;
        }
        if let Some(path) = &keys {
            record::save_text(&recording.secrets_text(), path)?;
        }
        if let (Some(path), Some(transcript)) = (&transcript, &about.transcript) {
            record::save_text(&pretty(transcript), path)?;
        }
        ended(state, Some((&path, &take)))?;
        if path != Path::new("-") {
            let path = path.display();
            let told = told(&take)?;
            writeln!(out, "{path}: {told}, in {:.2} s", took.as_secs_f64())?;
            writeln!(out, "To look at it: wirestage {path}, or wirestage show {path}")?;
        }
        Ok(())
    }
}

/// The error for an end that was not as meant; a note says what was kept all the same.
fn ended(state: State, kept: Option<(&Path, &Take)>) -> Outcome {
    let trouble = match state {
        State::Done => return Ok(()),
        State::Failed(trouble) => trouble,
        State::Early { why } => Trouble::new(
            why,
            "record again; if it ends early each time, wirestage doctor may say why",
        ),
        State::Running | State::Cancelled => {
            Trouble::new("the recording was stopped before its end", "record again")
        }
    };
    if let Some((path, take)) = kept {
        let told = told(take)?;
        eprintln!("note: what was recorded until then is kept: {}: {told}", path.display());
    }
    Err(trouble.into())
}

/// What was recorded, in half a line.
fn told(take: &Take) -> Result<String, Trouble> {
    let recording = take.recording();
    let frames = take.frames()?;
    let secrets = recording.secrets_text().lines().count() as u64;
    let mut told = format!(
        "{}, {}, {}",
        counted(frames.into(), "frame"),
        counted(secrets, "secret"),
        counted(recording.bytes(), "byte")
    );
    let dropped: u64 = recording.statistics().iter().filter_map(|one| one.dropped).sum();
    if dropped > 0 {
        told.push_str(&format!(", {} lost", counted(dropped, "packet")));
    }
    Ok(told)
}

/// JSON on several lines.
fn pretty(json: &str) -> String {
    let value: Result<serde_json::Value, _> = serde_json::from_str(json);
    value.map_or_else(|_| json.to_owned(), |value| format!("{value:#}\n"))
}
