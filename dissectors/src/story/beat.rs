//! Beats: what a story is told in, from chapters down to packets.

use super::{ActorId, BeatId, Level, Moment, TrackId};
use crate::ids::ProtocolId;
use crate::message::{Anchor, Protection};
use crate::telling::{Outcome, Source};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Beat {
    /// How far one has to look in to see it.
    pub level: Level,
    /// The beat it is part of.
    pub parent: Option<BeatId>,
    /// The connection it is about.
    pub track: Option<TrackId>,
    /// Who did it.
    pub from: ActorId,
    /// To whom.
    pub to: ActorId,
    /// When its first byte was sent. A flight counts from what it is there for: what rides along
    /// may have gone ahead.
    pub sent: Moment,
    /// When its last byte was seen, at the same vantage point.
    pub ended: Moment,
    /// When the other end saw it, where that end was recorded too.
    pub received: Option<Moment>,
    /// The protocol that speaks.
    pub protocol: ProtocolId,
    /// What stands on the bead, or the chapter's title.
    pub label: String,
    /// One sentence: what and why.
    pub headline: String,
    /// What a teacher would add.
    pub detail: String,
    /// Under which keys it travelled.
    pub protection: Protection,
    /// How it went.
    pub outcome: Outcome,
    /// The lesson behind it, by its name below `lessons`.
    pub lesson: Option<&'static str>,
    /// Where the standard says so.
    pub source: Option<Source>,
    /// Its bytes: on the wire for chapters, flights and packets, its own for messages.
    pub bytes: u64,
    /// How many frames it took.
    pub packets: u32,
    /// Chapters: how many round trips it cost; those that pass at the same time count once.
    pub round_trips: u32,
    /// Whether it only carries what other beats tell of.
    pub carries: bool,
    /// Where it is in the recording.
    pub anchor: Option<Anchor>,
}

impl Beat {
    /// A beat of which nothing is said yet: one that arrived in the moment in which it was sent,
    /// in no packet of its own.
    #[must_use]
    pub const fn blank(
        level: Level,
        [from, to]: [ActorId; 2],
        sent: Moment,
        protocol: ProtocolId,
    ) -> Self {
        Self {
            level,
            parent: None,
            track: None,
            from,
            to,
            sent,
            ended: sent,
            received: None,
            protocol,
            label: String::new(),
            headline: String::new(),
            detail: String::new(),
            protection: Protection::Clear,
            outcome: Outcome::Arrived,
            lesson: None,
            source: None,
            bytes: 0,
            packets: 0,
            round_trips: 0,
            carries: false,
            anchor: None,
        }
    }

    /// Whether it is a frame of TCP that carries nothing but an acknowledgement.
    #[must_use]
    pub fn is_bare_acknowledgement(&self) -> bool {
        self.level == Level::Packet && self.label.ends_with(": ACK")
    }

    /// Whether it came to an end and never left the other, where both were recorded: nobody saw how
    /// long it was under way.
    #[must_use]
    pub fn is_from_midway(&self) -> bool {
        self.received == Some(self.sent)
    }
}
