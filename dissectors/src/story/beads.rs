//! Beads: the messages of a flight as a reader sees them, with what says the same counted. What
//! only carries others is not shown beside them, and what only remarks on one is said with that.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Beat, BeatId, Level, Outcome, Story};
use crate::ids::FrameId;
use crate::message::Protection;
use crate::protocols::{quic, tcp};

/// A flight of more messages than this is summed up: what says the same is one bead, wherever in
/// the flight it stands. In a shorter one only neighbours are.
const MANY: usize = 24;

/// Messages that say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bead {
    /// The first of them.
    pub first: BeatId,
    /// How many there are.
    pub count: usize,
    /// The others of them.
    pub others: Vec<BeatId>,
    /// What is remarked on it: that its bytes were sent before, or held back.
    pub remark: Option<BeatId>,
}

impl Bead {
    /// One message.
    #[must_use]
    pub const fn of(first: BeatId) -> Self {
        Self { first, count: 1, others: Vec::new(), remark: None }
    }
}

/// What makes two messages say the same.
type Said<'a> = (&'a str, Protection, Outcome);

/// Leaves out what only carries messages that another protocol tells of in the same frames.
fn drop_carriers(messages: &mut Vec<(BeatId, &Beat)>) {
    let carrier = messages.iter().find(|(_, beat)| beat.carries);
    let Some(protocol) = carrier.map(|(_, beat)| beat.protocol) else { return };
    // The first frame of each that is told, with the last frame of all up to it.
    let mut told: Vec<(FrameId, FrameId)> = Vec::new();
    for (_, beat) in messages.iter().filter(|(_, beat)| beat.protocol != protocol) {
        let until = told.last().map_or(beat.ended.frame, |(_, last)| beat.ended.frame.max(*last));
        told.push((beat.sent.frame, until));
    }
    messages.retain(|(_, beat)| {
        let begun = told.partition_point(|(first, _)| *first <= beat.ended.frame);
        let last = begun.checked_sub(1).and_then(|at| told.get(at)).map(|(_, last)| *last);
        !beat.carries || last.is_none_or(|last| last < beat.sent.frame)
    });
}

/// Whether all that a message says is how another one in its packet came to be sent.
fn is_remark(beat: &Beat) -> bool {
    match beat.protocol {
        tcp::PROTOCOL_ID => {
            beat.label == tcp::HELD || beat.label == tcp::HALF_CLOSED || beat.label.ends_with(AGAIN)
        }
        quic::PROTOCOL_ID => beat.label == quic::KEY_UPDATE || beat.label.ends_with(AGAIN),
        _ => false,
    }
}

/// How what was sent before ends: "3 again", "sent again".
const AGAIN: &str = " again";

/// Takes out remarks on what lies in the same packet; gives each with the message that it is about.
fn take_remarks(messages: &mut Vec<(BeatId, &Beat)>) -> HashMap<BeatId, BeatId> {
    let mut remarks = HashMap::new();
    let about = |id: BeatId, remark: &Beat| {
        let others = messages.iter().filter(|(other, beat)| *other != id && !is_remark(beat));
        let mut beside = others.filter(|(_, beat)| beat.sent.frame == remark.sent.frame);
        beside.find(|(_, beat)| beat.protocol != tcp::PROTOCOL_ID).map(|(other, _)| *other)
    };
    let found: Vec<(BeatId, BeatId)> = messages
        .iter()
        .filter(|(_, beat)| is_remark(beat))
        .filter_map(|(id, beat)| Some((*id, about(*id, beat)?)))
        .collect();
    for (remark, message) in found {
        if let Entry::Vacant(place) = remarks.entry(message) {
            place.insert(remark);
            messages.retain(|(id, _)| *id != remark);
        }
    }
    remarks
}

/// What is said of a message behind its label: how it went, and what is remarked on it.
#[must_use]
pub fn suffix(outcome: Outcome, remark: Option<&Beat>) -> String {
    let remark = remark.map(|beat| beat.label.as_str());
    let how = match outcome {
        Outcome::Arrived | Outcome::Refused => None,
        Outcome::Lost => Some("lost"),
        Outcome::Repeated if remark.is_some_and(|remark| remark.ends_with(AGAIN)) => None,
        Outcome::Repeated => Some("again"),
    };
    let said: Vec<&str> = remark.into_iter().chain(how).collect();
    if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) }
}

impl Story {
    /// The messages of a flight, or of whatever else holds some, as beads.
    #[must_use]
    pub fn beads(&self, of: BeatId) -> Vec<Bead> {
        let below = self.children(Some(of)).filter(|(_, beat)| beat.level == Level::Message);
        let mut messages: Vec<(BeatId, &Beat)> = below.collect();
        drop_carriers(&mut messages);
        let remarks = take_remarks(&mut messages);
        let mut beads: Vec<Bead> = Vec::new();
        let mut places: HashMap<Said<'_>, usize> = HashMap::new();
        for (id, beat) in &messages {
            if let Some(remark) = remarks.get(id) {
                // What is remarked on one is not said of another.
                places.clear();
                beads.push(Bead { remark: Some(*remark), ..Bead::of(*id) });
                continue;
            }
            let said = (beat.label.as_str(), beat.protection, beat.outcome);
            if messages.len() <= MANY {
                let is_last = |place: &usize| place + 1 == beads.len();
                if !places.get(&said).is_some_and(is_last) {
                    places.remove(&said);
                }
            }
            match places.get(&said).and_then(|place| beads.get_mut(*place)) {
                Some(bead) => {
                    bead.count += 1;
                    bead.others.push(*id);
                }
                None => {
                    places.insert(said, beads.len());
                    beads.push(Bead::of(*id));
                }
            }
        }
        beads
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ProtocolId, Time};
    use crate::story::{ActorId, Moment};

    /// The beads of a flight with these messages, each in a frame, as they are told.
    #[track_caller]
    fn check(messages: &[(&str, ProtocolId, u32)], expected: &[&str]) {
        let moment = |frame| Moment { frame: FrameId(frame), time: Time(0) };
        let beat = |level, label: &str, protocol, frame| Beat {
            level,
            parent: (level == Level::Message).then_some(BeatId(0)),
            track: None,
            from: ActorId(0),
            to: ActorId(1),
            sent: moment(frame),
            ended: moment(frame),
            received: None,
            protocol,
            label: label.to_owned(),
            headline: String::new(),
            detail: String::new(),
            protection: Protection::Clear,
            outcome: Outcome::Arrived,
            lesson: None,
            source: None,
            bytes: 0,
            packets: 1,
            round_trips: 0,
            carries: false,
            anchor: None,
        };
        let mut story = Story::default();
        story.beats.push(beat(Level::Flight, "", tcp::PROTOCOL_ID, 0));
        let own = messages.iter();
        story.beats.extend(
            own.map(|(label, protocol, frame)| beat(Level::Message, label, *protocol, *frame)),
        );
        let told = story.beads(BeatId(0)).into_iter().map(|bead| {
            let first = story.beat(bead.first).expect("it was pushed");
            let remark = bead.remark.and_then(|remark| story.beat(remark));
            let counted = 1 + bead.others.len();
            assert_eq!(counted, bead.count);
            format!("{}{} x{counted}", first.label, suffix(first.outcome, remark))
        });
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_is_remarked_on_a_message_is_said_with_it() {
        const TCP: ProtocolId = tcp::PROTOCOL_ID;
        const QUIC: ProtocolId = quic::PROTOCOL_ID;
        let data = ProtocolId::of("data");
        check(
            &[("8 bytes", data, 1), ("half-closed", TCP, 2), ("8 bytes", data, 2)],
            &["8 bytes x1", "8 bytes (half-closed) x1"],
        );
        check(
            &[("3 again", TCP, 1), ("1448 bytes", data, 1), ("1448 bytes", data, 2)],
            &["1448 bytes (3 again) x1", "1448 bytes x1"],
        );
        check(&[("key update", QUIC, 1), ("9 bytes", data, 1)], &["9 bytes (key update) x1"]);
        // Where nothing else lies in its packet, it stands by itself.
        check(&[("3 again", TCP, 1), ("ACK", TCP, 1)], &["3 again x1", "ACK x1"]);
        check(&[("ACK", TCP, 1), ("ACK", TCP, 2)], &["ACK x2"]);
    }

    #[test]
    fn how_it_went_and_what_is_remarked_is_said_once() {
        let told = |outcome| suffix(outcome, None);
        assert_eq!(told(Outcome::Arrived), "");
        assert_eq!(told(Outcome::Lost), " (lost)");
        assert_eq!(told(Outcome::Repeated), " (again)");
    }
}
