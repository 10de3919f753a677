//! The overview in words: one place for the text, the picture and the window.

use std::collections::HashMap;
use std::net::IpAddr;

use super::fate::Counts;
use super::known::Known;
use super::names::NameSource;
use super::service::Service;
use super::tells::Tells;
use crate::ids::Time;
use crate::wording::{bytes, counted, duration, thousands};

/// The overview of a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// "9 hosts, 1248 connections, 60.0 s".
    pub title: String,
    /// The hosts, those who only ask first, those who only answer last.
    pub hosts: Vec<Host>,
    /// The rows, those to be looked at first before the others.
    pub rows: Vec<Row>,
    /// What all connections came to.
    pub sums: Sums,
}

/// One host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Its address.
    pub address: IpAddr,
    /// What it is called, and who says so.
    pub name: Option<(String, NameSource)>,
    /// How many connections it began, and how many it was asked for.
    pub asks: u32,
    /// See `asks`.
    pub answers: u32,
}

/// Which rows stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Band {
    /// Something failed, was refused, was reset or had no answer.
    LookHereFirst,
    /// Nothing of that in the one direction that was recorded, and nobody knows of the other.
    OneSided,
    /// Nothing of that.
    AsItShouldBe,
}

impl Band {
    /// Its title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::LookHereFirst => "Look here first",
            Self::OneSided => "Only one side was recorded",
            Self::AsItShouldBe => "As it should be",
        }
    }
}

/// What stands on the arrow of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bead {
    /// Its words.
    pub label: String,
    /// Whether it says that something failed.
    pub is_trouble: bool,
    /// Whether what it stands for is sealed, and no key is here.
    pub is_sealed: bool,
}

/// One row in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The connections.
    pub service: Service,
    /// Which rows it stands with.
    pub band: Band,
    /// "TLS, shop.test".
    pub title: String,
    /// "10.0.4.20:443 · 30 connections · 123 kB".
    pub sum: String,
    /// "39 closed in order, 3 reset".
    pub fates: String,
    /// What stands on its arrow.
    pub beads: Vec<Bead>,
    /// One sentence.
    pub headline: String,
    /// What explains it.
    pub detail: String,
}

/// What all connections came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sums {
    /// How they went.
    pub counts: Counts,
    /// The packets of the connections, as their stories count them.
    pub packets: u64,
    /// Their bytes on the wire.
    pub bytes: u64,
    /// From the first to the last frame of the recording, in nanoseconds.
    pub nanos: i64,
    /// All frames of the recording, marks of programs among them.
    pub frames: u64,
}

impl Sums {
    /// "213 of 1248 connections went well".
    #[must_use]
    pub fn headline(&self) -> String {
        let (all, troubled) = (self.counts.total(), self.counts.troubled());
        let unknown = self.counts.one_sided();
        if unknown > 0 {
            let whole = "went well as far as can be seen";
            let of = |count: u32| match count == all {
                true => "each".to_owned(),
                false => thousands(count.into()),
            };
            let good = all - troubled;
            let said = match all {
                1 => return "Only one side of the connection was recorded".into(),
                all if good == all => format!("{} {whole}", counted(all.into(), "connection")),
                all => {
                    let good = thousands(good.into());
                    format!("{good} of {} {whole}", counted(all.into(), "connection"))
                }
            };
            return format!("{said}; of {} only one side was recorded", of(unknown));
        }
        match (all, troubled) {
            (0, _) => "No connection was recorded".into(),
            (1, 0) => "The connection went well".into(),
            (1, _) => "The one connection needs a look".into(),
            (2, 0) => "Both connections went well".into(),
            (all, 0) => format!("All {} went well", counted(all.into(), "connection")),
            (all, bad) => {
                let well = thousands((all - bad).into());
                format!("{well} of {} went well", counted(all.into(), "connection"))
            }
        }
    }

    /// "36,956 packets · 19.0 MB · 60.0 s".
    #[must_use]
    pub fn totals(&self) -> String {
        if self.counts.total() == 0 {
            let frames = counted(self.frames, "frame");
            return format!("{frames}, none of a connection · {}", duration(self.nanos));
        }
        let packets = counted(self.packets, "packet");
        format!("{packets} · {} · {}", bytes(self.bytes), duration(self.nanos))
    }
}

impl Report {
    /// The overview of what is known so far.
    #[must_use]
    pub fn new(known: &Known<'_>, services: Vec<Service>) -> Self {
        let mut sums = Sums::default();
        let mut hosts: HashMap<IpAddr, (u32, u32)> = HashMap::new();
        for service in &services {
            sums.counts.join(&service.counts);
            sums.packets += service.packets;
            sums.bytes += service.bytes;
            let all = service.places.len() as u32;
            hosts.entry(service.server).or_default().1 += all;
            for client in &service.clients {
                hosts.entry(client.address).or_default().0 += client.connections;
            }
        }
        let times = known.survey.times();
        sums.frames = known.survey.frame_count().into();
        sums.nanos = times.map_or(0, |(first, last): (Time, Time)| last.since(first));
        let title = [
            counted(hosts.len() as u64, "host"),
            counted(known.lines.len() as u64, "connection"),
            duration(sums.nanos),
        ];
        let mut hosts: Vec<Host> = hosts
            .into_iter()
            .map(|(address, (asks, answers))| {
                let name = known.names.of(address).map(|(name, source)| (name.to_owned(), source));
                Host { address, name, asks, answers }
            })
            .collect();
        hosts.sort_by(|a, b| b.leans().total_cmp(&a.leans()).then(a.address.cmp(&b.address)));
        let rows = services.into_iter().map(|service| Row::new(known, service)).collect();
        Self { title: title.join(", "), hosts, rows, sums }
    }
}

impl Host {
    /// From 1, who only asks, to -1, who only answers.
    fn leans(&self) -> f64 {
        let (asks, answers) = (f64::from(self.asks), f64::from(self.answers));
        (asks - answers) / (asks + answers).max(1.0)
    }
}

impl Row {
    fn new(known: &Known<'_>, service: Service) -> Self {
        let tells = Tells { known, service: &service };
        let band = match (service.counts.troubled(), service.counts.one_sided()) {
            (0, 0) => Band::AsItShouldBe,
            (0, _) => Band::OneSided,
            _ => Band::LookHereFirst,
        };
        let (title, sum, fates) = (tells.title(), tells.sum(), tells.fates());
        let (beads, (headline, detail)) = (tells.beads(), tells.sentences());
        Self { band, title, sum, fates, beads, headline, detail, service }
    }
}
