//! Segments of TCP where time is to scale and both ends were recorded: what of a burst has a bead
//! of its own, for its arrows are many and their words few.

use std::collections::HashMap;

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::protocols::{data, tcp};
use wirestage_dissectors::story::{
    Acknowledgement, ActorId, Beat, BeatId, Role, RunKind, Segment, Story, Transfer,
};

use super::messages::Bead;
use super::{Axis, Request};
use crate::diagram::style::Style;

/// What is said of a packet, or of several that it stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tag {
    /// The packet on whose arrow it hangs, who sent that to whom, and when.
    pub(super) packet: BeatId,
    pub(super) ways: (ActorId, ActorId),
    pub(super) sent: Time,
    pub(super) received: Option<Time>,
    /// "1–10", "4 lost", "ACK 3 · SACK 5–7".
    pub(super) label: String,
    pub(super) kind: Kind,
}

/// What it speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A burst of new segments.
    Burst,
    /// What was lost, at its first or a later try.
    Lost,
    /// A second try.
    Again,
    /// An acknowledgement that brought something about.
    Answer,
    /// A message that left after its flight began.
    Message { style: Style, locked: bool },
}

impl Tag {
    /// Whether it tells of what never arrived.
    pub(super) fn is_lost(&self) -> bool {
        self.kind == Kind::Lost
    }

    /// Whether what it speaks of is sealed.
    pub(super) fn is_locked(&self) -> bool {
        matches!(self.kind, Kind::Message { locked: true, .. })
    }

    /// What its bead looks like.
    pub(super) fn style(&self) -> Style {
        match self.kind {
            Kind::Burst => Style::Clear,
            Kind::Lost => Style::Failure,
            Kind::Again | Kind::Answer => Style::Tcp,
            Kind::Message { style, .. } => style,
        }
    }
}

/// The tags of a story, by flight.
#[derive(Default)]
pub(super) struct Segments {
    tags: HashMap<BeatId, Vec<Tag>>,
}

impl Segments {
    pub(super) fn new(story: &Story, request: &Request) -> Self {
        let mut all = Self::default();
        if request.axis == Axis::Time && !request.still {
            for transfer in &story.transfers {
                all.runs(transfer);
                all.answers(story, transfer);
            }
        }
        all
    }

    fn runs(&mut self, transfer: &Transfer) {
        for run in transfer.runs() {
            let own = transfer.segments.get(run.first..=run.last).unwrap_or_default();
            let is_own = |one: &&Segment| match run.kind {
                RunKind::New => one.again.is_none() && !one.is_lost(),
                RunKind::Lost => one.again.is_none() && one.is_lost(),
                RunKind::Again | RunKind::AgainLost => one.again.is_some(),
            };
            let own: Vec<&Segment> = own.iter().filter(is_own).collect();
            // A burst is named in its middle, what is lost beside its last cross.
            let (kind, at) = match run.kind {
                RunKind::New if run.numbers.count() < 2 => continue,
                RunKind::New => (Kind::Burst, own.len() / 2),
                RunKind::Lost | RunKind::AgainLost => (Kind::Lost, own.len().saturating_sub(1)),
                RunKind::Again => (Kind::Again, 0),
            };
            let Some(one) = own.get(at) else { continue };
            let Some(packet) = one.beat else { continue };
            self.tags.entry(run.flight).or_default().push(Tag {
                packet,
                ways: (transfer.from, transfer.to),
                sent: one.sent.time,
                received: one.received.map(|came| came.time),
                label: run.label(),
                kind,
            });
        }
    }

    fn answers(&mut self, story: &Story, transfer: &Transfer) {
        let raised = transfer.acknowledgements.iter().filter(|one| one.role != Role::Plain);
        for one in raised {
            let flight = |packet: BeatId| story.beat(packet).and_then(|beat| beat.parent);
            let Some((packet, flight)) = one.beat.and_then(|id| Some((id, flight(id)?))) else {
                continue;
            };
            let Acknowledgement { sent, received, .. } = one;
            self.tags.entry(flight).or_default().push(Tag {
                packet,
                ways: (transfer.to, transfer.from),
                sent: sent.time,
                received: received.map(|came| came.time),
                label: one.label(),
                kind: Kind::Answer,
            });
        }
    }

    /// The tags of a flight that carries these messages. Where a message has a name, a burst needs
    /// none.
    pub(super) fn of<'a>(
        &self,
        flight: BeatId,
        mut messages: impl Iterator<Item = &'a Beat>,
    ) -> Vec<Tag> {
        let Some(tags) = self.tags.get(&flight) else { return Vec::new() };
        let is_named = |one: &Beat| ![tcp::PROTOCOL_ID, data::PROTOCOL_ID].contains(&one.protocol);
        let named = messages.any(is_named);
        tags.iter().filter(|tag| !named || tag.kind != Kind::Burst).cloned().collect()
    }
}

/// The tags, less those of losses that a message says of itself.
pub(super) fn less_what_beads_say(mut tags: Vec<Tag>, beads: &[Bead]) -> Vec<Tag> {
    let says = |bead: &Bead, tag: &Tag| {
        bead.sent == tag.sent || bead.label.replace("(lost)", "lost") == tag.label
    };
    let is_said = |tag: &Tag| beads.iter().any(|bead| bead.lost && says(bead, tag));
    tags.retain(|tag| !(tag.is_lost() && is_said(tag)));
    tags
}

/// Whether the tags of a flight say what this message of it would.
pub(super) fn speak_for(tags: &[Tag], message: &Beat) -> bool {
    let tells = |kind: Kind| tags.iter().any(|tag| tag.kind == kind);
    if message.protocol == data::PROTOCOL_ID {
        return tells(Kind::Burst) || tells(Kind::Again);
    }
    if message.protocol != tcp::PROTOCOL_ID {
        return false;
    }
    // An acknowledgement that is raised says more than that it is one, and a second try has its
    // tag.
    let answers = |tag: &Tag| tag.kind == Kind::Answer && tag.sent == message.sent.time;
    (message.label == "ACK" && tags.iter().any(answers))
        || (message.label.ends_with("again") && (tells(Kind::Again) || tells(Kind::Lost)))
}
