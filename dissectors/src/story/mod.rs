//! Stories: what happened, as a cast, beats and links, ready to be drawn or read aloud.
//!
//! ```text
//!   chapter    "TLS 1.3 handshake"                 a phase of one connection
//!     flight   client ──────────────────> server   one arrow: what a side sends before it waits
//!       message  ACK · ClientHello                 the beads on it
//!         packet                                   the frames that carried them
//! ```
//!
//! Chapters belong to a track, which is a connection: where several are told at once, their
//! chapters overlap in time, and [`Story::steps`] has the flights of all in the order of the wire.
//!
//! A story is plain data: it can be compared, printed, and drawn without the recording.

pub mod apart;
mod beads;
mod beat;
mod carriers;
mod cast;
mod errors;
mod idle;
pub mod lanes;
pub mod ledger;
mod marks;
mod numbered;
pub mod passages;
mod renumbered;
mod repeats;
pub mod sighting;
mod spills;
mod steps;
#[cfg(test)]
mod tests;
pub mod text;
mod times;
mod track;
mod transfer;
mod weave;
pub mod wording;

pub use crate::protocols::quic::KEY_UPDATE;
pub use crate::telling::{Chapter, Gained, Outcome, Piece, Side, Source, Telling};
pub use crate::verdict::Verdict;
pub use beads::{Bead, suffix};
pub use beat::Beat;
pub use idle::Idle;
pub use ledger::{Ledger, Replay, Spent};
pub use marks::{Doing, Mark};
pub use passages::{Leg, Passage, Proof, Trail};
pub use repeats::{Folded, Repeat};
pub use spills::Spill;
pub use steps::{Alike, Silence};
pub use times::Times;
pub use track::{Track, TrackId};
pub use transfer::{
    Acknowledgement, Again, Arrival, Cause, Counts, Numbers, Role, Run, RunKind, Segment, Transfer,
};
pub use weave::{weave, weave_until};

use std::net::IpAddr;

use crate::ids::{ConnectionId, FrameId, Time};
use crate::message::Protection;
use crate::wording::counted;

/// What a recording says beside its packets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// What was staged; empty where nobody said.
    pub title: String,
    /// Where and how it was recorded, in one line; empty where nobody said.
    pub subtitle: String,
    /// What the ends are called, by their addresses.
    pub names: Vec<(IpAddr, String)>,
}

/// What happened, from the first frame to the last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Story {
    /// What it is about: "TLS 1.3, full handshake".
    pub title: String,
    /// Where and how it was recorded, in one line.
    pub subtitle: String,
    /// The lifelines, from left to right.
    pub cast: Vec<Actor>,
    /// How frames came where tunnels carry them, each way once; nothing where none does.
    pub carriers: Vec<Carrier>,
    /// The connections, in the order in which they began; none for frames that belong to none.
    pub tracks: Vec<Track>,
    /// All beats of all levels: each followed by all that is below it, siblings in order of time.
    pub beats: Vec<Beat>,
    /// Relations between beats.
    pub links: Vec<Link>,
    /// Questions that were handed on from one connection to another, in the order of time.
    pub passages: Vec<Passage>,
    /// Exchanges that are told as more of the same as the one before them, in the order of beats.
    pub repeats: Vec<Repeat>,
    /// Chapters that end or begin within a flight of another one, in the order of chapters.
    pub spills: Vec<Spill>,
    /// Where an actor's state changed, in order of time.
    pub states: Vec<State>,
    /// Where an actor came to hold keys, in order of time.
    pub keys: Vec<KeyHeld>,
    /// What programs did, by flight and in order of time.
    pub marks: Vec<Mark>,
    /// Measured round trips, in order of time.
    pub trips: Vec<RoundTrip>,
    /// What shares connections, a lane each: streams of HTTP/2.
    pub lanes: Vec<lanes::Lane>,
    /// What packets hold that hold several messages each, in the order of beats.
    pub parcels: Vec<Parcel>,
    /// Why connections failed, as far as their bytes prove it, in the order of beats.
    pub verdicts: Vec<Judged>,
    /// What flow control lets each side send: on each connection, and on each lane where it held
    /// somebody up.
    pub windows: Vec<lanes::Window>,
    /// What each connection cost until its first question was answered, in the order in which they
    /// began; none where nobody asked, or not all of it was recorded.
    pub ledgers: Vec<Ledger>,
    /// What the ends of connections sent in segments, where both ends were recorded.
    pub transfers: Vec<Transfer>,
    /// The sum at the foot: "2 round trips until the request can be sent, …".
    pub sum: String,
    /// How many frames the story is made of.
    pub packets: u32,
    /// Their bytes on the wire.
    pub bytes: u64,
    /// Whether the two ends were recorded apart, so that arrows slant.
    pub both_ends: bool,
    /// Whether both ends are known to have told times by one clock.
    pub one_clock: bool,
    /// What a reader must know before trusting it, a sentence each: that the recording begins
    /// inside a connection, that not everything was told.
    pub notes: Vec<String>,
    /// Of beats whose text names steps: sentence and detail as they named frames, to start from
    /// when steps are renumbered.
    pub in_frames: Vec<(BeatId, [String; 2])>,
}

/// One lifeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// What it is called: "Client".
    pub name: String,
    /// Its address, with the port where it has one throughout: "127.0.0.2 : 443". Where the
    /// address is the name, the port alone: "port 443"; or nothing.
    pub address: String,
}

/// A way on which frames came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carrier {
    /// The tunnels from the outermost in: "VXLAN, VNI 42, between 192.0.2.1 and 192.0.2.2".
    /// Nothing where there is none.
    pub way: String,
    /// How many connections came that way, all of them or in part.
    pub connections: u32,
    /// How many of their frames.
    pub frames: u32,
}

/// Which actor, by position in the cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActorId(pub u16);

/// Which beat, by position in the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BeatId(pub u32);

/// How far one looks in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// A phase of the conversation: a band.
    Chapter,
    /// A question with its answer.
    Exchange,
    /// What one side sends before it waits: one arrow.
    Flight,
    /// One message: a bead.
    Message,
    /// One frame.
    Packet,
}

/// A frame, and when it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The frame.
    pub frame: FrameId,
    /// Its time.
    pub time: Time,
}

/// How one beat bears on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The later beat.
    pub from: BeatId,
    /// What it does.
    pub relation: crate::message::Relation,
    /// The earlier beat.
    pub to: BeatId,
}

/// An actor's state from here on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Whose.
    pub actor: ActorId,
    /// In which connection.
    pub connection: ConnectionId,
    /// The flight that brought it about: at its tail for the sender, its head for the receiver.
    pub flight: BeatId,
    /// The message of that flight which did.
    pub message: BeatId,
    /// Whether the actor sent that flight.
    pub on_send: bool,
    /// Its name: "ESTABLISHED".
    pub name: &'static str,
    /// Whether a connection exists in it: the bar ends where it does not.
    pub open: bool,
}

/// An actor holds keys from here on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHeld {
    /// Who.
    pub actor: ActorId,
    /// The flight whose arrival or sending made it possible.
    pub flight: BeatId,
    /// The message of that flight which did.
    pub message: BeatId,
    /// Whether the actor sent that flight.
    pub on_send: bool,
    /// Whether that flight holds messages under these keys already, so that its sender must have
    /// had them before it left.
    pub at_once: bool,
    /// Which keys.
    pub protection: Protection,
    /// What they are called: "handshake keys".
    pub name: &'static str,
    /// Whether they replace others of their kind, which were computed into them.
    pub renews: bool,
}

/// One of the messages that share a datagram: a packet of QUIC with its frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The packet that holds it.
    pub packet: BeatId,
    /// What it is: "Initial 0: ACK 0, CRYPTO".
    pub label: String,
    /// Under which keys it travelled.
    pub protection: Protection,
}

/// Why a connection failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The flight that ended it.
    pub flight: BeatId,
    /// The message of that flight which did.
    pub message: BeatId,
    /// Who would not go on.
    pub actor: ActorId,
    /// The reason, and what proves it.
    pub verdict: Verdict,
}

/// A round trip: from the last byte of a question to the first byte of its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundTrip {
    /// The flight that asked.
    pub from: BeatId,
    /// The flight that answered.
    pub to: BeatId,
    /// When the last byte of the question left, as far as it did before the answer.
    pub asked: Moment,
    /// When the first byte of the answer came.
    pub answered: Moment,
    /// The first try, where the question was sent again before the answer: how long it took is
    /// counted from the last one.
    pub first_try: Option<FirstTry>,
    /// How long it took, in nanoseconds, as recorded.
    pub nanos: i64,
    /// How long of that the question was not under way, where bytes prove it.
    pub pondered: Option<Pondered>,
    /// Whether it adds to the cost: none that counts was under way when it began.
    pub counts: bool,
}

/// The first try of a question that was sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstTry {
    /// When it left.
    pub moment: Moment,
    /// Why the answer is one to a later try; else it may be to either.
    pub passed_over: Option<PassedOver>,
}

/// Why a first try was not what an answer answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassedOver {
    /// It never came.
    Lost,
    /// The answer echoes the timestamp of a later one (RFC 7323, section 3.2).
    NotEchoed,
}

/// How long whoever was asked had a question before the answer left, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pondered {
    /// Both were seen at that end.
    Seen(i64),
    /// At least so long: so long before the answer the question was acknowledged.
    AtLeast(i64),
}

impl Pondered {
    /// The time itself.
    #[must_use]
    pub const fn nanos(self) -> i64 {
        match self {
            Self::Seen(nanos) | Self::AtLeast(nanos) => nanos,
        }
    }
}

impl RoundTrip {
    /// What is said of its length where the question was sent again: "from the last try: 1.02 s
    /// from the first, and which of them is answered does not show".
    #[must_use]
    pub fn tried_in_words(&self) -> Option<String> {
        let first = self.first_try?;
        let since = crate::wording::span(self.answered.time.since(first.moment.time));
        Some(match first.passed_over {
            Some(PassedOver::Lost) => {
                format!("from the try that came: {since} from the first, which was lost")
            }
            Some(PassedOver::NotEchoed) => {
                format!("from the last try, whose timestamp is echoed: {since} from the first")
            }
            None => format!(
                "from the last try: {since} from the first, and which of them is answered does not \
                 show"
            ),
        })
    }

    /// What is worth saying of the time that was no way: a tenth of the whole at least.
    #[must_use]
    pub fn pondered(&self) -> Option<Pondered> {
        self.pondered.filter(|one| one.nanos() > 0 && one.nanos().saturating_mul(10) >= self.nanos)
    }

    /// The same in words, of whoever answered: "of which Server had the question for 12.000 ms".
    #[must_use]
    pub fn pondered_in_words(&self, who: &str) -> Option<String> {
        Some(match self.pondered()? {
            Pondered::Seen(nanos) => {
                format!("of which {who} had the question for {}", times::lasting(nanos))
            }
            Pondered::AtLeast(nanos) => format!(
                "of which {} passed after {who} had acknowledged the question",
                times::lasting(nanos)
            ),
        })
    }
}

impl Story {
    /// What carries the connections, a sentence for each way.
    #[must_use]
    pub fn carried(&self) -> Vec<String> {
        let counted = |count: u32, what| counted(count.into(), what);
        let several = self.carriers.iter().any(|one| one.connections > 1);
        let say = |one: &Carrier| {
            let way = if one.way.is_empty() { "no tunnel" } else { one.way.as_str() };
            let frames = counted(one.frames, "frame");
            match (self.carriers.len(), several) {
                (1, _) => format!("Through {way}"),
                (_, true) => {
                    format!("{frames} of {} through {way}", counted(one.connections, "connection"))
                }
                (_, false) => format!("{frames} through {way}"),
            }
        };
        self.carriers.iter().map(say).collect()
    }

    /// When the last of it was sent, or came where that was seen: how long it took is the same in
    /// text and in pictures.
    #[must_use]
    pub fn end(&self) -> Option<Time> {
        let came = |beat: &Beat| beat.received.map_or(beat.ended.time, |came| came.time);
        self.beats.iter().map(|beat| came(beat).max(beat.ended.time)).max()
    }

    /// What a packet holds, where that are several messages or could be.
    #[must_use]
    pub fn parcels(&self, packet: BeatId) -> &[Parcel] {
        let from = self.parcels.partition_point(|one| one.packet < packet);
        let to = self.parcels.partition_point(|one| one.packet <= packet);
        self.parcels.get(from..to).unwrap_or_default()
    }

    /// One beat.
    #[must_use]
    pub fn beat(&self, id: BeatId) -> Option<&Beat> {
        self.beats.get(id.0 as usize)
    }

    /// The beats directly below this one, or the topmost ones, in order.
    pub fn children(&self, parent: Option<BeatId>) -> impl Iterator<Item = (BeatId, &Beat)> {
        // Beats stand in the order of a walk through the tree, so what is below a beat follows
        // it at once, and ends where a level as high as its own begins again.
        let level = parent.and_then(|id| self.beat(id)).map(|beat| beat.level);
        let skip = parent.map_or(0, |id| id.0 as usize + 1);
        let below = self.beats.get(skip..).unwrap_or_default();
        (skip as u32..)
            .map(BeatId)
            .zip(below)
            .take_while(move |(_, beat)| level.is_none_or(|level| beat.level > level))
            .filter(move |(_, beat)| beat.parent == parent)
    }

    /// All beats of one level, in order.
    pub fn level(&self, level: Level) -> impl Iterator<Item = (BeatId, &Beat)> {
        (0..).map(BeatId).zip(&self.beats).filter(move |(_, beat)| beat.level == level)
    }
}
