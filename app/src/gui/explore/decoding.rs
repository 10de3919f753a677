//! Decode as: which protocol is said to speak on the port or the connection of the selected packet,
//! and the reading of everything anew by it.

use std::sync::Arc;

use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::protocol::{Framing, Protocol, Rule};
use wirestage_dissectors::registry;

use super::asks::Decode;
use super::{Explore, telling};
use crate::document::Document;
use crate::gui::work::Job;
use crate::trouble::Trouble;

/// What is chosen, while the line is shown; and what is being read.
#[derive(Default)]
pub(super) struct Decoding {
    pub(super) choice: Option<Choice>,
    reading: Option<Job<Document>>,
}

/// What is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) framing: Framing,
    /// The ports of the selected packet's connection: that of the responder first.
    pub(super) ports: [u16; 2],
    pub(super) place: Place,
    pub(super) protocol: ProtocolId,
}

/// What a rule is to speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// All connections with this port.
    Port(u16),
    /// The one between both ports.
    Connection,
}

impl Choice {
    /// TCP or UDP.
    pub(super) const fn transport(&self) -> &'static str {
        match self.framing {
            Framing::Stream => "TCP",
            Framing::Datagram => "UDP",
        }
    }

    /// What a rule may speak of here, in words.
    pub(super) fn places(&self) -> [(Place, String); 3] {
        let [responder, initiator] = self.ports;
        [
            (Place::Port(responder), format!("Port {responder} of {}", self.transport())),
            (Place::Port(initiator), format!("Port {initiator} of {}", self.transport())),
            (Place::Connection, format!("The connection {initiator} to {responder}")),
        ]
    }

    /// Who may speak there, by name.
    pub(super) fn protocols(&self) -> Vec<&'static dyn Protocol> {
        let mut all: Vec<_> = registry::standard().readable(self.framing).collect();
        all.sort_by_key(|one| one.name());
        all
    }

    fn rule(&self) -> Rule {
        let [responder, initiator] = self.ports;
        let (port, other) = match self.place {
            Place::Port(port) => (port, None),
            Place::Connection => (responder, Some(initiator)),
        };
        Rule { framing: self.framing, port, other, protocol: self.protocol }
    }
}

impl Explore {
    /// Carries out what is asked of the line.
    pub(super) fn decode(&mut self, ask: Decode) {
        match ask {
            Decode::Open => self.decoding.choice = self.choice(),
            Decode::Close => {
                self.decoding.choice = None;
                self.packets.list.focus();
            }
            Decode::Apply => {
                let Some(choice) = &self.decoding.choice else { return };
                let rule = choice.rule();
                let is_other = |known: &&Rule| {
                    let place = |one: &Rule| (one.framing, one.port, one.other);
                    place(known) != place(&rule)
                };
                // Those in force stand in the order in which they hold; the latest is given last.
                let known = self.ground.rules().iter().rev().filter(is_other).copied();
                self.read_by(known.chain([rule]).collect());
            }
            Decode::Forget => self.read_by(Vec::new()),
        }
    }

    /// What there is to choose for the selected packet; `None` if it belongs to no connection, or
    /// more of the recording is still to come.
    fn choice(&self) -> Option<Choice> {
        let row = self.ground.survey.row(self.selection.frame?)?;
        let flow = self.ground.survey.flow(row.flow).filter(|_| !self.source.grows)?;
        let ports = flow.ports();
        let [initiator, responder] = ports.ports;
        let protocol = flow.protocol().unwrap_or(registry::standard().fallback());
        Some(Choice {
            framing: ports.framing,
            ports: [responder, initiator],
            place: Place::Port(responder),
            protocol,
        })
    }

    /// Whether the selected packet's connection can be read as something else.
    pub(super) fn can_decode(&self) -> bool {
        self.choice().is_some()
    }

    /// How many rules are in force.
    pub(super) fn rule_count(&self) -> usize {
        self.ground.rules().len()
    }

    /// Reads everything anew by these rules, away from the window.
    fn read_by(&mut self, rules: Vec<Rule>) {
        let ground = self.ground.clone();
        let title = "Reading it anew".to_owned();
        self.decoding.reading = Some(Job::start(title, Arc::clone(&self.wake), move |progress| {
            ground.decoded_as(&rules, progress).map_err(Trouble::from)
        }));
    }

    /// Takes what was read anew: everything on screen is asked for again, and the selection stays.
    pub(super) fn collect_decoded(&mut self) {
        let Some(made) = self.decoding.reading.as_ref().and_then(Job::poll) else { return };
        self.decoding.reading = None;
        let document = match made {
            Ok(document) => document,
            Err(problem) => {
                self.problem = Some(problem);
                return;
            }
        };
        self.decoding.choice = None;
        self.packets.rows.forget();
        self.grow(document);
        if self.shown.told.is_some_and(|told| !self.connections.all.contains(&told)) {
            // What was a connection of its own is part of another one now.
            self.shown.told = telling::at_first(&self.connections.all, &self.ground.survey);
        }
        // What passed before need not pass any more.
        self.filtering.renew(&self.ground, &self.wake);
        self.packets.list.focus();
    }
}
