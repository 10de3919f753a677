//! `wirestage story`: what happened, told step by step.

use std::io::Write;
use std::path::PathBuf;

use serde_json::{Value, json};
use wirestage_dissectors::ids::ConnectionId;
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::story::lanes::{Lane, Window};
use wirestage_dissectors::story::passages::{Changes, Line};
use wirestage_dissectors::story::text::told;
use wirestage_dissectors::story::{
    Beat, Cause, Moment, Numbers, Piece, Pondered, Proof, Story, Transfer,
};

use super::act::Act;
use super::depth::Depth;
use super::endpoint;
use super::filters;
use super::input::{self, Beside, Files};
use super::overview;
use super::schedule;
use super::stop::{Outcome, Stop};
use crate::document::{Document, Progress};
use crate::export::Clock;
use crate::trouble::Trouble;

/// Tells what happened in a recording: who spoke, what each message means, what it cost
#[derive(Debug, clap::Args)]
pub(super) struct Tell {
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    beside: Beside,
    #[command(flatten)]
    connection: Connection,
    /// How far to look in
    #[arg(long, value_enum, default_value_t = Depth::Flight)]
    level: Depth,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Which times stand beside the steps of the text
    #[arg(long, value_enum, default_value_t = Clock::Elapsed)]
    time: Clock,
    /// Instead, the key schedule of each TLS handshake: which secret exists from which message on,
    /// what it is made of, which records it opens, and whether each Finished is right
    #[arg(long, conflicts_with_all = ["level", "format", "time"])]
    key_schedule: bool,
    /// Instead, what an endpoint of QUIC logged of the same connection (qlog), beside what the
    /// recording says: what both know, what only one does, differences, losses, round trips
    #[arg(long = "beside", value_name = "ENDPOINT.qlog")]
    #[arg(conflicts_with_all = ["level", "time", "key_schedule"])]
    endpoint: Option<PathBuf>,
    /// With the values of secrets and keys: whoever has them can read what was said
    #[arg(long, requires = "key_schedule")]
    secrets: bool,
}

/// Which connection of a recording, where not all.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Connection {
    /// Only the N-th connection, in the order of their first frames
    #[arg(long = "connection", value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    number: Option<u32>,
    /// Every connection and every exchange by itself, also those that went the same way as another
    #[arg(long, conflicts_with = "number")]
    all: bool,
    /// Only the connections that have a frame which passes this filter, in Wireshark's
    /// display-filter language
    #[arg(long, value_name = "EXPR", conflicts_with = "number", allow_hyphen_values = true)]
    filter: Option<String>,
}

/// What is told of a recording.
#[derive(Clone, Debug)]
pub(super) enum Chosen {
    All,
    One(ConnectionId),
    These(Vec<ConnectionId>),
}

impl Chosen {
    /// Whether a connection is among what was chosen.
    pub(super) fn holds(&self, id: ConnectionId) -> bool {
        match self {
            Self::All => true,
            Self::One(one) => *one == id,
            Self::These(these) => these.contains(&id),
        }
    }

    /// Whether it is the whole recording.
    pub(super) const fn is_all(&self) -> bool {
        matches!(self, Self::All)
    }

    /// The connection, where it is one.
    pub(super) const fn one(&self) -> Option<ConnectionId> {
        match self {
            Self::One(id) => Some(*id),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// For reading
    Text,
    /// For programs: cast, beats, links, states
    Json,
}

impl Connection {
    /// Whether a filter chooses; one that is none is said before a large file is read.
    pub(super) fn filters(&self) -> Outcome<bool> {
        Ok(self.filter.as_deref().map(filters::read).transpose()?.is_some())
    }

    /// The connections that are meant.
    pub(super) fn of(&self, document: &Document) -> Outcome<Chosen> {
        if let Some(expression) = &self.filter {
            return filtered(expression, document).map(Chosen::These);
        }
        let Some(number) = self.number else { return Ok(Chosen::All) };
        let all = &document.connections;
        let found = all.get(number as usize - 1).copied();
        found.map(Chosen::One).ok_or_else(|| {
            let mend = match all.len() {
                0 => "without --connection, the whole recording is told".to_owned(),
                count => format!("give a number from 1 to {count}"),
            };
            let count = all.len();
            Stop::wrong(format!("there is no connection {number}: the recording has {count}"), mend)
        })
    }

    /// The story of what was chosen.
    pub(super) fn story(&self, document: &Document, chosen: &Chosen) -> Story {
        let mut story = match chosen {
            Chosen::All => document.story(None),
            Chosen::One(id) => document.story(Some(*id)),
            Chosen::These(ids) => document.story_of(ids),
        };
        if self.all {
            story.unfold();
        }
        story
    }
}

/// The connections that have a frame which passes.
fn filtered(expression: &str, document: &Document) -> Outcome<Vec<ConnectionId>> {
    let filter = filters::read(expression)?;
    let rows = document.rows(&filter, &Progress::new()).unwrap_or_default();
    let found = document.connections_of(&rows);
    if !found.is_empty() {
        return Ok(found);
    }
    let trouble = if rows.is_empty() {
        Trouble::new("no frame passes the filter", "`wirestage show --filter` tries one quickly")
    } else {
        Trouble::new(
            "the frames that pass belong to no connection",
            "`wirestage show --filter` lists them",
        )
    };
    Err(Stop::Work(trouble))
}

impl Act for Tell {
    const NAME: &'static str = "story";
    const EXAMPLES: &'static str = "  \
  wirestage story a.pcapng
  wirestage story a.pcap --keys keys.log --connection 2
  wirestage story client.pcap server.pcap             both ends of it
  wirestage story a.pcapng --level overview
  wirestage story a.pcapng --level exchange           questions with their answers
  wirestage story a.pcapng --filter 'http.response.code >= 500'
  wirestage story a.pcapng --time utc
  wirestage story a.pcapng --key-schedule             which key opens what
  wirestage story a.pcapng --beside endpoint.qlog     what a program of QUIC thought itself
  wirestage story a.pcapng --format json | jq -r .sum";

    fn run(self, out: &mut dyn Write) -> Outcome {
        self.connection.filters()?;
        let document = input::open(&self.files.all, &self.beside)?;
        let chosen = self.connection.of(&document)?;
        if let Some(log) = &self.endpoint {
            let as_json = matches!(self.format, Format::Json);
            return endpoint::write(&document, log, as_json, out);
        }
        if self.key_schedule {
            let all = document.connections.iter().copied();
            let shown: Vec<ConnectionId> = all.filter(|id| chosen.holds(*id)).collect();
            write!(out, "{}", schedule::text(&document, &shown, self.secrets))?;
            return Ok(());
        }
        let Some(level) = self.level.level() else {
            if !chosen.is_all() {
                return Err(Stop::wrong(
                    "an overview is one of all connections",
                    "leave out --connection and --filter, or --level overview",
                ));
            }
            match self.format {
                Format::Text => write!(out, "{}", overview::text(&document))?,
                Format::Json => writeln!(out, "{:#}", overview::json(&document))?,
            }
            return Ok(());
        };
        if chosen.is_all() {
            overview::hint(&document);
        }
        let story = self.connection.story(&document, &chosen);
        match self.format {
            Format::Text => write!(out, "{}", told(&story, self.time.times(&story), level))?,
            Format::Json => writeln!(out, "{:#}", to_json(&story))?,
        }
        Ok(())
    }
}

/// The story as JSON. Actors and beats are named by their position, frames by their number.
fn to_json(story: &Story) -> Value {
    let cast: Vec<_> = story
        .cast
        .iter()
        .map(|actor| json!({"name": actor.name, "address": actor.address}))
        .collect();
    let links: Vec<_> = story
        .links
        .iter()
        .map(|link| json!({"from": link.from.0, "relation": word(link.relation), "to": link.to.0}))
        .collect();
    let states: Vec<_> = story
        .states
        .iter()
        .map(|state| {
            json!({"actor": state.actor.0, "flight": state.flight.0,
                   "message": state.message.0, "on_send": state.on_send, "name": state.name, "open": state.open})
        })
        .collect();
    let keys: Vec<_> = story
        .keys
        .iter()
        .map(|key| {
            json!({"actor": key.actor.0, "flight": key.flight.0, "message": key.message.0,
                   "on_send": key.on_send, "at_once": key.at_once, "name": key.name})
        })
        .collect();
    let marks: Vec<_> = story
        .marks
        .iter()
        .map(|mark| {
            json!({"actor": mark.actor.0, "role": mark.role, "at": moment(mark.at),
                   "what": mark.what, "bytes": mark.bytes, "flight": mark.flight.0,
                   "on_send": mark.on_send, "earlier": mark.earlier, "after": mark.after})
        })
        .collect();
    let trips: Vec<_> = story
        .trips
        .iter()
        .map(|trip| {
            json!({"from": trip.from.0, "to": trip.to.0, "asked": moment(trip.asked),
                   "answered": moment(trip.answered), "nanos": trip.nanos,
                   "pondered_nanos": trip.pondered.map(Pondered::nanos),
                   "pondered_longer": matches!(trip.pondered, Some(Pondered::AtLeast(_)))})
        })
        .collect();
    let carriers: Vec<_> = story
        .carriers
        .iter()
        .map(|one| json!({"way": one.way, "connections": one.connections, "frames": one.frames}))
        .collect();
    let tracks: Vec<_> = story
        .tracks
        .iter()
        .map(|one| {
            json!({"connection": one.connection.0, "name": one.name,
                   "ends": one.ends.map(|end| end.0), "ports": one.ports,
                   "first": moment(one.first),
                   "last": moment(one.last), "packets": one.packets, "bytes": one.bytes,
                   "round_trips": one.round_trips, "like": one.like.map(|like| like.0)})
        })
        .collect();
    let lanes: Vec<_> = story.lanes.iter().map(lane).collect();
    let windows: Vec<_> = story.windows.iter().map(window).collect();
    let transfers: Vec<_> = story.transfers.iter().map(transfer).collect();
    let silences: Vec<_> = story
        .silences()
        .iter()
        .map(|one| json!({"before": one.before.0, "nanos": one.nanos}))
        .collect();
    let passages: Vec<_> = story
        .passages
        .iter()
        .map(|one| {
            let answer = one.answer.as_ref().map(|answer| {
                json!({"came": answer.came.0, "went": answer.went.0,
                       "changes": changes(&answer.changes)})
            });
            json!({"asked": one.asked.0, "handed_on": one.handed_on.0, "same": one.same,
                   "attempt": one.attempt, "proof": proof(one.proof), "field": one.proof.field(),
                   "question": one.question.as_ref().map(changes), "answer": answer})
        })
        .collect();
    let verdicts: Vec<_> = story
        .verdicts
        .iter()
        .map(|one| {
            json!({"flight": one.flight.0, "message": one.message.0, "actor": one.actor.0,
                   "cause": one.verdict.cause, "sentence": one.verdict.sentence,
                   "evidence": one.verdict.evidence})
        })
        .collect();
    let idles: Vec<_> = story
        .idles()
        .iter()
        .map(|one| json!({"before": one.before.0, "nanos": one.nanos, "at_least": one.at_least}))
        .collect();
    let repeats: Vec<_> = story
        .repeats
        .iter()
        .map(|one| {
            json!({"like": one.like.0, "first": one.first.0, "last": one.last.0,
                   "count": one.count, "label": one.label, "bytes": one.bytes,
                   "nanos": one.nanos})
        })
        .collect();
    json!({
        "title": story.title,
        "subtitle": story.subtitle,
        "sum": story.sum,
        "packets": story.packets,
        "bytes": story.bytes,
        "notes": story.remarks(),
        "carriers": carriers,
        "cast": cast,
        "tracks": tracks,
        "beats": story.beats.iter().map(beat).collect::<Vec<_>>(),
        "links": links,
        "states": states,
        "keys": keys,
        "marks": marks,
        "round_trips": trips,
        "verdicts": verdicts,
        "lanes": lanes,
        "windows": windows,
        "transfers": transfers,
        "passages": passages,
        "repeats": repeats,
        "silences": silences,
        "idles": idles,
    })
}

/// What flow control lets one side send.
fn window(window: &Window) -> Value {
    let points: Vec<_> = window.points.iter().map(|(time, bytes)| json!([time.0, bytes])).collect();
    json!({"track": window.track.map(|track| track.0), "lane": window.lane,
           "sender": window.sender.0, "initial": window.initial, "points": points})
}

/// A stream that shares its connection with others.
fn lane(lane: &Lane) -> Value {
    let marks: Vec<_> = lane
        .marks
        .iter()
        .map(|one| {
            let (piece, bytes, waited) = match one.piece {
                Piece::Head => ("head", None, None),
                Piece::Content(bytes) => ("content", Some(bytes), None),
                Piece::Reset => ("reset", None, None),
                Piece::Leave(waited) => ("leave", None, Some(waited)),
            };
            json!({"beat": one.beat.0, "piece": piece, "bytes": bytes, "waited": waited,
                   "ends": one.ends})
        })
        .collect();
    json!({"track": lane.track.map(|track| track.0), "number": lane.number, "name": lane.name,
           "asker": lane.asker.map(|actor| actor.0), "bytes": lane.bytes, "marks": marks})
}

/// What one end sent in segments. Numbers are pairs of the first and the last.
fn transfer(transfer: &Transfer) -> Value {
    let pair = |numbers: Numbers| [numbers.first, numbers.last];
    let segments: Vec<_> = transfer
        .segments
        .iter()
        .map(|one| {
            let again = one.again.map(|again| {
                json!({"before": again.before, "cause": cause(again.cause),
                       "silence": again.silence})
            });
            json!({"beat": one.beat.map(|id| id.0), "flight": one.flight.map(|id| id.0),
                   "numbers": pair(one.numbers), "bytes": one.bytes, "sent": moment(one.sent),
                   "received": one.received.map(moment), "again": again})
        })
        .collect();
    let acknowledgements: Vec<_> = transfer
        .acknowledgements
        .iter()
        .map(|one| {
            json!({"beat": one.beat.map(|id| id.0), "sent": moment(one.sent),
                   "received": one.received.map(moment), "upto": one.upto,
                   "sack": one.sack.iter().copied().map(pair).collect::<Vec<_>>(),
                   "role": word(one.role)})
        })
        .collect();
    let in_flight: Vec<_> =
        transfer.in_flight.iter().map(|(time, bytes)| json!([time.0, bytes])).collect();
    let counts = transfer.counts();
    json!({
        "connection": transfer.connection.0,
        "from": transfer.from.0,
        "to": transfer.to.0,
        "segments": segments,
        "acknowledgements": acknowledgements,
        "in_flight": in_flight,
        "counts": {"sent": counts.sent, "new": counts.new, "again": counts.again,
                   "lost": counts.lost, "for_good": counts.for_good,
                   "acknowledgements": counts.acknowledgements},
    })
}

/// Why something was sent again, in a word.
const fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Duplicates { .. } => "duplicates",
        Cause::Sack => "sack",
        Cause::Later => "later",
        Cause::Probe => "probe",
        Cause::TooLarge => "too-large",
        Cause::Timer => "timer",
        Cause::Silence => "silence",
        Cause::Needless => "needless",
        Cause::Unknown => "unknown",
    }
}

fn beat(beat: &Beat) -> Value {
    let source = beat.source.map(|one| json!({"standard": one.standard, "section": one.section}));
    json!({
        "level": word(beat.level),
        "parent": beat.parent.map(|parent| parent.0),
        "track": beat.track.map(|track| track.0),
        "from": beat.from.0,
        "to": beat.to.0,
        "sent": moment(beat.sent),
        "ended": moment(beat.ended),
        "received": beat.received.map(moment),
        "protocol": standard().get(beat.protocol).name(),
        "label": beat.label,
        "headline": beat.headline,
        "detail": beat.detail,
        "protection": word(beat.protection),
        "outcome": word(beat.outcome),
        "lesson": beat.lesson,
        "source": source,
        "bytes": beat.bytes,
        "packets": beat.packets,
        "round_trips": beat.round_trips,
    })
}

/// Both heads of what was handed on, line beside line.
fn changes(changes: &Changes) -> Value {
    let line = |line: &Line| {
        json!({"name": line.name, "came": line.came, "went": line.went,
               "change": word(line.change())})
    };
    json!({"start": changes.start.iter().map(line).collect::<Vec<_>>(),
           "lines": changes.lines.iter().map(line).collect::<Vec<_>>()})
}

fn proof(proof: Proof) -> &'static str {
    match proof {
        Proof::Id(_) => "same id",
        Proof::HostAndName(_) => "host and name",
        Proof::Name(_) => "name",
        Proof::Host => "host",
        Proof::Passed(_) => "passed on",
    }
}

fn moment(moment: Moment) -> Value {
    json!({"frame": moment.frame.number(), "time_ns": moment.time.known().map(|time| time.0)})
}

/// The name of a variant, as JSON spells words.
fn word(variant: impl std::fmt::Debug) -> String {
    format!("{variant:?}").to_lowercase()
}
