//! `wirestage story`: what happened, told step by step.

mod json;

use std::io::Write;
use std::path::PathBuf;

use wirestage_dissectors::filter::Filter;
use wirestage_dissectors::ids::ConnectionId;
use wirestage_dissectors::story::Story;
use wirestage_dissectors::story::text::told;

use super::act::Act;
use super::depth::Depth;
use super::endpoint;
use super::filters;
use super::input::{self, Beside, Files};
use super::meant;
use super::overview;
use super::schedule;
use super::stop::{Outcome, Stop, one_of};
use super::terminal::{fitted, width};
use crate::document::{Called, Document, Progress};
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
    /// Instead, the keys of each TLS handshake (its key schedule): which secret exists from which
    /// message on, what it is made of, which records it opens, and whether each Finished is right
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
    #[arg(long = "connection", value_name = "N", value_parser = meant::connection)]
    number: Option<u32>,
    /// Every connection and every exchange by itself, also those that went the same way as another
    #[arg(long, conflicts_with = "number")]
    all: bool,
    /// Only the connections that have a frame which passes this filter, in Wireshark's
    /// display-filter language
    #[arg(long, value_name = "EXPR", conflicts_with = "number", allow_hyphen_values = true)]
    filter: Option<String>,
    /// What hosts are called
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = Called::Names)]
    hosts: Called,
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
    /// The filter that chooses, where one does; what is none is said before a large file is read.
    pub(super) fn filter(&self) -> Outcome<Option<Filter>> {
        Ok(self.filter.as_deref().map(filters::read).transpose()?)
    }

    /// Calls hosts as it was asked for.
    pub(super) fn call(&self, document: &mut Document) {
        document.call(self.hosts);
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
                count => one_of(count),
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
  wirestage story a.pcapng --hosts addresses          no names of hosts
  wirestage story a.pcapng --key-schedule             its keys: made of what, and what each opens
  wirestage story a.pcapng --beside endpoint.qlog     what a program of QUIC thought itself
  wirestage story a.pcapng --format json | jq -r .sum";

    fn run(self, out: &mut dyn Write) -> Outcome {
        self.connection.filter()?;
        let mut document = input::open(&self.files.all, &self.beside)?;
        self.connection.call(&mut document);
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
                Format::Text => {
                    out.write_all(fitted(&overview::text(&document), width()).as_bytes())?;
                }
                Format::Json => writeln!(out, "{:#}", overview::json(&document))?,
            }
            return Ok(());
        };
        if chosen.is_all() {
            overview::hint(&document);
        }
        let story = self.connection.story(&document, &chosen);
        match self.format {
            Format::Text => {
                let text = told(&story, self.time.times(&story), level);
                out.write_all(fitted(&text, width()).as_bytes())?;
            }
            Format::Json => writeln!(out, "{:#}", json::story(&story))?,
        }
        Ok(())
    }
}
