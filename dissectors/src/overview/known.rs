//! All that is known of the connections of a recording so far, and how a connection is told of in
//! a list: host, first request, protocol, outcome.

use std::fmt::Write as _;

use super::fate::{Condition, Fate};
use super::finding::{Finding, Findings};
use super::glance::Glance;
use super::line::Line;
use super::names::{NameSource, Names};
use super::quoted::Quoted;
use crate::ids::{Direction, ProtocolId};
use crate::protocol::Registry;
use crate::protocols::data;
use crate::survey::{Survey, Transport};
use crate::wording::{counted, thousands};

/// All that is known so far. Glances and findings may still be missing.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The connections, in the order of their first frames.
    pub lines: &'a [Line],
    /// Their columns.
    pub survey: &'a Survey,
    /// The protocols.
    pub registry: &'a Registry,
    /// What hosts are called.
    pub names: &'a Names,
    /// What the first bytes say, by the place of a line: of the first lines, where not of all.
    pub glances: &'a [Glance],
    /// What reading everything found.
    pub findings: &'a Findings,
    /// What ICMP errors say.
    pub quoted: &'a Quoted,
}

impl Known<'_> {
    /// What the first bytes of a connection say, where they were looked at.
    #[must_use]
    pub fn glance(&self, place: usize) -> Option<&Glance> {
        self.glances.get(place)
    }

    /// What the server of a connection is called, and who says so.
    #[must_use]
    pub fn host(&self, place: usize) -> Option<(&str, NameSource)> {
        let own = self.glance(place).and_then(|glance| glance.name.as_ref());
        if let Some((name, source)) = own {
            return Some((name, *source));
        }
        let [_, server] = self.lines.get(place)?.ends(self.survey)?;
        self.names.of(server.ip())
    }

    /// What is spoken: as its rows have it, or what the port may mean; "TCP" where nobody said
    /// anything that is known here.
    #[must_use]
    pub fn protocol(&self, place: usize) -> &'static str {
        let Some(line) = self.lines.get(place) else { return "" };
        let spoken = self.glance(place).and_then(|glance| glance.spoken);
        let is_known = self.spoken(line).is_some_and(|id| id != data::PROTOCOL_ID);
        if let Some(spoken) = spoken.filter(|_| is_known) {
            return spoken;
        }
        let guessed = line.protocol.map(|(id, _)| id).filter(|id| *id != data::PROTOCOL_ID);
        match (guessed, line.transport) {
            (Some(id), _) => self.registry.get(id).title(),
            (None, Transport::Tcp) => "TCP",
            (None, Transport::Udp) => "UDP",
        }
    }

    /// Which protocol the first bytes showed.
    #[must_use]
    pub fn spoken(&self, line: &Line) -> Option<ProtocolId> {
        if self.glances.is_empty() {
            return None;
        }
        // Lines stand in the order of their first frames, so that each is found again.
        let place = self.lines.binary_search_by_key(&line.first, |one| one.first).ok()?;
        self.glance(place)?.protocol
    }

    /// How a connection went.
    #[must_use]
    pub fn verdict(&self, line: &Line) -> Condition {
        self.findings.verdict(line)
    }

    /// How a connection went, in words: "reset by the server, 3 segments sent again".
    #[must_use]
    pub fn outcome(&self, place: usize) -> String {
        let Some(line) = self.lines.get(place) else { return String::new() };
        let finding = self.findings.of(line);
        let mut words = match (&finding, self.verdict(line)) {
            (Some(Finding { failed: Some((why, _)), .. }), Condition::Failed) => why.to_string(),
            (Some(Finding { error: Some((first, _)), errors, .. }), Condition::Errors) => {
                match errors {
                    0 | 1 => first.to_string(),
                    more => format!("{} errors, first {first}", thousands((*more).into())),
                }
            }
            _ => self.fate(line),
        };
        if line.began_before && line.fate != Fate::Through {
            words += ", began before the recording";
        }
        if line.again > 0 {
            let _ = write!(words, ", {} sent again", counted(line.again.into(), "segment"));
        }
        words
    }

    /// A fate in words, with whose doing it is.
    fn fate(&self, line: &Line) -> String {
        let side = match line.by {
            Some(Direction::Forward) => " by the client",
            Some(Direction::Backward) => " by the server",
            None => "",
        };
        match line.fate {
            Fate::Refused => "refused: RST answers the SYN".into(),
            Fate::Reset if line.by.is_none() => "reset on the way".into(),
            Fate::Reset => format!("reset{side}"),
            Fate::HalfClosed => match line.by {
                Some(Direction::Forward) => "closed by the client only".into(),
                _ => "closed by the server only".into(),
            },
            Fate::OneSided => match line.by {
                Some(Direction::Forward) => "only the client’s side recorded".into(),
                _ => "only the server’s side recorded".into(),
            },
            Fate::Unreachable | Fate::Expired => match self.quoted.words(line.path) {
                Some((what, _)) => format!("{}: {what}", line.fate.words()),
                None => line.fate.words().into(),
            },
            fate => fate.words().into(),
        }
    }
}
