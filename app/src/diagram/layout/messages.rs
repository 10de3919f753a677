//! Which messages hang on an arrow, and what each looks like.

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::protocols::tcp;
use wirestage_dissectors::story::{self, Beat, BeatId, Level, Outcome, Parcel, Repeat, Story};

use super::family::Family;
use crate::diagram::style::Style;

/// A message on an arrow.
#[derive(Clone, PartialEq)]
pub(super) struct Bead {
    /// What it shows, and when that was sent.
    pub(super) beat: BeatId,
    pub(super) sent: Time,
    pub(super) label: String,
    pub(super) style: Style,
    pub(super) locked: bool,
    pub(super) repeated: bool,
    /// Whether it never arrived.
    pub(super) lost: bool,
    /// Which generation of its keys seals it, counted from 1.
    pub(super) generation: usize,
    /// What it would look like had it not failed.
    pub(super) keys: Style,
    /// Whether it weighs less than its neighbours: it says nothing of its own.
    pub(super) quiet: bool,
    /// Whether it asks something that is answered, or answers.
    pub(super) speaks: bool,
    /// The messages that it counts, where these are several; and what is remarked on it.
    pub(super) also: Vec<BeatId>,
    pub(super) remark: Option<BeatId>,
}

/// Where messages are looked for.
pub(super) struct Messages<'a> {
    pub(super) story: &'a Story,
    pub(super) family: &'a Family,
}

impl Messages<'_> {
    /// The beads of an arrow: the messages below it, with what says the same counted. From afar,
    /// neighbours under the same protection are one.
    pub(super) fn beads(&self, id: BeatId, beat: &Beat) -> Vec<Bead> {
        let far = beat.level < Level::Flight;
        let parcels = self.story.parcels(id);
        if beat.level == Level::Packet && !parcels.is_empty() {
            return in_datagram(id, beat, parcels);
        }
        let found = match beat.level {
            Level::Chapter => self.runs(id),
            Level::Exchange => self.leads(id),
            _ => self.story.beads(id),
        };
        let itself = || vec![story::Bead::of(id)];
        let is_message = found.is_empty() || beat.level >= Level::Message;
        let found = if is_message { itself() } else { found };
        let name = |one: story::Bead| {
            let message = self.story.beat(one.first)?;
            let mut bead = Bead::of(one.first, message);
            let remark = one.remark.and_then(|remark| self.story.beat(remark));
            bead.label.push_str(&behind(message, remark));
            match one.count {
                1 => {}
                count if far => bead.label = format!("{}\u{a0}+{}", bead.label, count - 1),
                count => bead.label = times(&bead.label, count),
            }
            bead.remark = one.remark;
            if one.count > 1 && !far {
                bead.also = [one.first].into_iter().chain(one.others).collect();
            }
            Some(bead).filter(|bead| !bead.label.is_empty())
        };
        found.into_iter().filter_map(name).collect()
    }

    /// Of each flight in an exchange the message that it is there for, with a count of the others;
    /// segments of TCP count only where they are all there is.
    fn leads(&self, id: BeatId) -> Vec<story::Bead> {
        let lead = |flight: &BeatId| {
            let anchor = self.story.beat(*flight)?.anchor;
            let mut messages = Vec::new();
            self.messages(*flight, &mut messages);
            let beat = |id: &BeatId| self.story.beat(*id);
            let is_lead = |id: &&BeatId| beat(id).is_some_and(|one| one.anchor == anchor);
            let first = *messages.iter().find(is_lead).or(messages.first())?;
            let is_tcp = |id: &&BeatId| beat(id).is_some_and(|one| style(one) == Style::Tcp);
            let others = messages.iter().filter(|id| **id != first && !is_tcp(id)).count();
            Some(story::Bead { count: 1 + others, ..story::Bead::of(first) })
        };
        self.family.of(id).iter().filter_map(lead).collect()
    }

    /// The messages below a beat, neighbours of one look together.
    fn runs(&self, id: BeatId) -> Vec<story::Bead> {
        let mut messages = Vec::new();
        self.messages(id, &mut messages);
        let look = |id: BeatId| self.story.beat(id).map(|message| Bead::of(id, message).look());
        let mut runs: Vec<story::Bead> = Vec::new();
        for id in messages {
            match runs.last_mut().filter(|run| look(run.first) == look(id)) {
                Some(run) => run.count += 1,
                None => runs.push(story::Bead::of(id)),
            }
        }
        runs
    }

    fn messages(&self, id: BeatId, found: &mut Vec<BeatId>) {
        for child in self.family.of(id) {
            match self.story.beat(*child).map(|beat| beat.level) {
                Some(Level::Message) => found.push(*child),
                Some(Level::Packet) | None => {}
                Some(_) => self.messages(*child, found),
            }
        }
    }
}

/// A datagram, then what it holds: each under keys of its own.
fn in_datagram(id: BeatId, beat: &Beat, parcels: &[Parcel]) -> Vec<Bead> {
    let datagram = Bead::of(id, &Beat { protection: Protection::Clear, ..beat.clone() });
    let parts = parcels.iter().map(|parcel| {
        let (label, protection) = (parcel.label.clone(), parcel.protection);
        Bead::of(id, &Beat { label, protection, ..beat.clone() })
    });
    [datagram].into_iter().chain(parts).collect()
}

impl Bead {
    /// A bead that stands for exchanges that are told as one.
    pub(super) fn of_many(repeat: &Repeat) -> Self {
        let label = times(&repeat.label, repeat.count as usize);
        Self { label, ..Self::of(repeat.first, &repeat.beat) }
    }

    fn of(beat: BeatId, message: &Beat) -> Self {
        Self {
            beat,
            sent: message.sent.time,
            label: message.label.clone(),
            style: style(message),
            locked: message.protection.is_secret(),
            repeated: message.outcome == Outcome::Repeated,
            lost: message.outcome == Outcome::Lost,
            keys: whole(message),
            generation: 1,
            quiet: message.label == CHANGE_CIPHER_SPEC && !message.protection.is_sealed(),
            speaks: false,
            also: Vec::new(),
            remark: None,
        }
    }

    /// Whether it says no.
    pub(super) fn refused(&self) -> bool {
        self.style == Style::Failure && !self.lost
    }

    /// What tells it from others at a distance.
    pub(super) fn look(&self) -> (Style, bool, bool, usize) {
        (self.style, self.locked, self.repeated, self.generation)
    }
}

/// What is said of a message behind its label: what is remarked on it, and that it was lost. That
/// it was sent before its outline says.
fn behind(message: &Beat, remark: Option<&Beat>) -> String {
    match message.outcome {
        // Where its label says so itself.
        Outcome::Lost if remark.is_none() && message.label.ends_with("lost") => String::new(),
        Outcome::Repeated => story::suffix(Outcome::Arrived, remark),
        outcome => story::suffix(outcome, remark),
    }
}

/// So many times the same.
pub(super) fn times(label: &str, count: usize) -> String {
    format!("{label}\u{a0}×\u{a0}{count}")
}

/// A message of one byte that is always the same. TLS 1.3 sends it for the sake of middleboxes
/// only (RFC 8446, D.4).
const CHANGE_CIPHER_SPEC: &str = "ChangeCipherSpec";

/// What a message looks like: its failure first, then its keys, then its protocol.
pub(in crate::diagram) fn style(beat: &Beat) -> Style {
    if matches!(beat.outcome, Outcome::Refused | Outcome::Lost) {
        return Style::Failure;
    }
    whole(beat)
}

/// What a message looks like that did not fail: its keys first, then its protocol.
fn whole(beat: &Beat) -> Style {
    match beat.protection {
        Protection::Clear if beat.protocol == tcp::PROTOCOL_ID => Style::Tcp,
        protection => of_keys(protection),
    }
}

/// What a protection looks like.
pub(super) fn of_keys(protection: Protection) -> Style {
    match protection {
        Protection::Clear => Style::Clear,
        Protection::Opaque => Style::Opaque,
        Protection::Initial => Style::Initial,
        Protection::Ech => Style::Ech,
        Protection::Early => Style::Early,
        Protection::Handshake => Style::Handshake,
        Protection::Application => Style::Application,
    }
}
