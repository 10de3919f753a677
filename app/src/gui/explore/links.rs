//! From frames to beats and back: what links the packet list with the diagram.

use std::collections::{BTreeSet, HashMap};

use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::message::Anchor;
use wirestage_dissectors::story::{BeatId, Level, Story};

use crate::diagram::Towards;

/// The beats of a story, by what they are made of.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    by_frame: HashMap<FrameId, BeatId>,
    by_anchor: HashMap<Anchor, BeatId>,
}

impl Links {
    /// The links of a story.
    #[must_use]
    pub(super) fn new(story: &Story) -> Self {
        let mut links = Self::default();
        // A frame stands for the message that it completes, else for one that it begins, else
        // for the flight that it was sent in.
        for (id, beat) in story.level(Level::Message) {
            links.by_frame.entry(beat.ended.frame).or_insert(id);
            if let Some(anchor) = beat.anchor {
                links.by_anchor.entry(anchor).or_insert(id);
            }
        }
        for (id, beat) in story.level(Level::Message) {
            links.by_frame.entry(beat.sent.frame).or_insert(id);
        }
        for (id, beat) in story.level(Level::Packet) {
            links.by_frame.entry(beat.sent.frame).or_insert(beat.parent.unwrap_or(id));
        }
        links
    }

    /// The beat that a frame stands for.
    #[must_use]
    pub(super) fn of_frame(&self, frame: FrameId) -> Option<BeatId> {
        self.by_frame.get(&frame).copied()
    }

    /// The beat of a message.
    #[must_use]
    pub(super) fn of_anchor(&self, anchor: Anchor) -> Option<BeatId> {
        self.by_anchor.get(&anchor).copied()
    }
}

/// What choosing a beat selects: the frame that completes it, and the message in it.
#[must_use]
pub(super) fn target(story: &Story, id: BeatId) -> Option<(FrameId, Option<Anchor>)> {
    let beat = story.beat(id)?;
    if beat.level >= Level::Message {
        return Some((beat.ended.frame, beat.anchor));
    }
    // A flight stands for its first message, a chapter for its first flight.
    let inner = story.children(Some(id)).find(|(_, inner)| inner.level < Level::Packet);
    match inner {
        Some((inner, _)) => target(story, inner),
        None => Some((beat.sent.frame, beat.anchor)),
    }
}

/// All frames that a beat is made of.
#[must_use]
pub(super) fn frames(story: &Story, id: BeatId) -> BTreeSet<FrameId> {
    let mut found = BTreeSet::new();
    let Some(beat) = story.beat(id) else { return found };
    found.extend([beat.sent.frame, beat.ended.frame]);
    let flight = if beat.level == Level::Message { beat.parent } else { Some(id) };
    let between = beat.sent.frame..=beat.ended.frame;
    // What lies below a beat follows it directly, until another of its level or above.
    let Some(flight) = flight else { return found };
    let Some(top) = story.beat(flight).map(|beat| beat.level) else { return found };
    let below = story.beats.iter().skip(flight.0 as usize + 1);
    let packets = below.take_while(|beat| beat.level > top).filter(|b| b.level == Level::Packet);
    let whole = beat.level != Level::Message;
    found.extend(packets.map(|b| b.sent.frame).filter(|frame| whole || between.contains(frame)));
    found
}

/// The message or flight after or before a beat, in the order of the picture.
#[must_use]
pub(super) fn neighbour(story: &Story, from: Option<BeatId>, towards: Towards) -> Option<BeatId> {
    let level = from.and_then(|id| story.beat(id)).map_or(Level::Flight, |beat| beat.level);
    let mut beats = story.level(level).map(|(id, _)| id);
    match (from, towards) {
        (None, Towards::Next) => beats.next(),
        (None, Towards::Previous) => beats.last(),
        (Some(from), Towards::Next) => beats.find(|id| *id > from),
        (Some(from), Towards::Previous) => beats.take_while(|id| *id < from).last(),
    }
}
