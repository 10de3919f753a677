//! How a connection ended, as headers tell it. Each connection has exactly one fate.

use std::fmt;

use crate::ids::Direction;
use crate::survey::Transport;

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Fate {
    /// A reset answers the SYN (RFC 9293, section 3.5.2).
    Refused,
    /// An ICMP error says that it cannot be delivered, and nothing else came back.
    Unreachable,
    /// Its hop limit ran out on the way, an ICMP error says, and nothing else came back.
    Expired,
    /// The recording holds no answer to its SYN.
    Unanswered,
    /// The SYN was answered, and nothing of who asked came after that.
    Unfinished,
    /// A reset ended it before both sides had said their FIN.
    Reset,
    /// Both sides said their FIN.
    Closed,
    /// One side said its FIN, and the recording ends.
    HalfClosed,
    /// It began in the recording and has no end in it.
    Open,
    /// Neither its beginning nor its end is in the recording.
    Through,
    /// UDP: datagrams went both ways.
    BothWays,
    /// UDP: datagrams went one way only.
    OneWay,
    /// TCP: one side acknowledges what no packet of the recording holds: only that side was
    /// recorded, and nothing can be said of what the other one did.
    OneSided,
}

/// What headers say of one connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Headers {
    /// Whether frames of each direction were seen.
    pub(super) heard: [bool; 2],
    /// Whether a SYN, and whether a SYN-ACK was seen.
    pub(super) syn: bool,
    pub(super) syn_ack: bool,
    /// Whether an acknowledgement without SYN was seen: a bare one, or one that carries data.
    pub(super) went_on: bool,
    /// The frames of the first FIN and of the first reset of each direction.
    pub(super) fin: [Option<u32>; 2],
    pub(super) reset: [Option<u32>; 2],
    /// Bytes of payload of each direction.
    pub(super) payload: [u64; 2],
    /// What an ICMP error says that quotes a packet of it.
    pub(super) quoted: Option<Fate>,
}

impl Headers {
    /// The fate, and whose doing it is, where it is the doing of one side.
    pub(super) fn fate(&self, transport: Transport) -> (Fate, Option<Direction>) {
        let [_, is_answered] = self.heard;
        if let Some(fate) = self.quoted.filter(|_| !is_answered) {
            return (fate, None);
        }
        match transport {
            Transport::Tcp => self.of_tcp(),
            Transport::Udp if self.heard == [true; 2] => (Fate::BothWays, None),
            Transport::Udp => (Fate::OneWay, None),
        }
    }

    fn of_tcp(&self) -> (Fate, Option<Direction>) {
        let ([_, is_answered], [_, from_server]) = (self.heard, self.payload);
        let [reset_forward, reset_backward] = self.reset;
        let is_new = self.syn && !self.syn_ack && !self.went_on;
        if is_new && reset_backward.is_some() && from_server == 0 {
            return (Fate::Refused, Some(Direction::Backward));
        }
        if is_new && !is_answered {
            return (Fate::Unanswered, None);
        }
        let [fin_forward, fin_backward] = self.fin;
        let both = fin_forward.zip(fin_backward).map(|(one, other)| one.max(other));
        let resets = Direction::BOTH.into_iter().zip([reset_forward, reset_backward]);
        let resets = resets.filter_map(|(way, frame)| Some((frame?, way)));
        let first = resets.min_by_key(|(frame, _)| *frame);
        match (first, both) {
            (Some((_, way)), None) => (Fate::Reset, Some(way)),
            (Some((reset, way)), Some(closed)) if reset < closed => (Fate::Reset, Some(way)),
            (_, Some(_)) => (Fate::Closed, None),
            (None, None) => self.without_end(),
        }
    }

    /// The side that was recorded, where the other one was not: who acknowledges was sent
    /// something.
    fn only(&self) -> Option<Direction> {
        let side = match self.heard {
            [true, false] => Direction::Forward,
            [false, true] => Direction::Backward,
            _ => return None,
        };
        (self.went_on || self.syn_ack).then_some(side)
    }

    fn without_end(&self) -> (Fate, Option<Direction>) {
        if let Some(side) = self.only() {
            return (Fate::OneSided, Some(side));
        }
        let fins = Direction::BOTH.into_iter().zip(self.fin);
        if let Some((way, _)) = fins.into_iter().find(|(_, fin)| fin.is_some()) {
            return (Fate::HalfClosed, Some(way));
        }
        match (self.syn || self.syn_ack, self.syn_ack && !self.went_on) {
            (_, true) => (Fate::Unfinished, None),
            (true, false) => (Fate::Open, None),
            (false, false) => (Fate::Through, None),
        }
    }
}

impl Fate {
    /// All of them, worst first.
    pub const ALL: [Self; 13] = [
        Self::Refused,
        Self::Unreachable,
        Self::Expired,
        Self::Unanswered,
        Self::Unfinished,
        Self::Reset,
        Self::Closed,
        Self::HalfClosed,
        Self::Open,
        Self::Through,
        Self::BothWays,
        Self::OneWay,
        Self::OneSided,
    ];

    /// Whether somebody should look.
    #[must_use]
    pub const fn is_trouble(self) -> bool {
        (self as u8) <= (Self::Reset as u8)
    }

    /// Whether there never was a connection.
    #[must_use]
    pub const fn is_attempt(self) -> bool {
        (self as u8) <= (Self::Unanswered as u8)
    }

    /// In a few words: "closed in order".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::Expired => "expired on the way",
            Self::Unanswered => "no answer recorded",
            Self::Unfinished => "handshake unfinished",
            Self::Reset => "reset",
            Self::Closed => "closed in order",
            Self::HalfClosed => "closed by one side",
            Self::Open => "open at the end",
            Self::Through => "open at both ends",
            Self::BothWays => "both ways",
            Self::OneWay => "one way only",
            Self::OneSided => "recorded from one side only",
        }
    }
}

/// A fate, or what reading found out beyond it. Each connection has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Condition {
    /// What its protocol needed to begin failed: an alert, a handshake with no end.
    Failed,
    /// Among its answers are errors.
    Errors,
    /// What headers tell.
    Fate(Fate),
}

impl Condition {
    /// All of them, worst first.
    pub fn all() -> impl Iterator<Item = Self> {
        [Self::Failed, Self::Errors].into_iter().chain(Fate::ALL.into_iter().map(Self::Fate))
    }

    /// Whether somebody should look.
    #[must_use]
    pub const fn is_trouble(self) -> bool {
        match self {
            Self::Failed | Self::Errors => true,
            Self::Fate(fate) => fate.is_trouble(),
        }
    }

    /// In a few words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Errors => "with errors",
            Self::Fate(fate) => fate.words(),
        }
    }

    const fn place(self) -> usize {
        match self {
            Self::Failed => 0,
            Self::Errors => 1,
            Self::Fate(fate) => 2 + fate as usize,
        }
    }
}

/// How many connections came to each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u32; Fate::ALL.len() + 2]);

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, verdict: Condition) {
        if let Some(count) = self.0.get_mut(verdict.place()) {
            *count += 1;
        }
    }

    /// Counts all of another.
    pub fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(own, more)| *own += more);
    }

    /// How many came to this one.
    #[must_use]
    pub fn of(&self, verdict: Condition) -> u32 {
        self.0.get(verdict.place()).copied().unwrap_or_default()
    }

    /// All that are not zero, worst first.
    pub fn each(&self) -> impl Iterator<Item = (Condition, u32)> + '_ {
        Condition::all().map(|one| (one, self.of(one))).filter(|(_, count)| *count > 0)
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.0.iter().sum()
    }

    /// Of how many only one side was recorded.
    #[must_use]
    pub fn one_sided(&self) -> u32 {
        self.of(Condition::Fate(Fate::OneSided))
    }

    /// How many somebody should look at.
    #[must_use]
    pub fn troubled(&self) -> u32 {
        self.each().filter(|(one, _)| one.is_trouble()).map(|(_, count)| count).sum()
    }
}

impl fmt::Display for Counts {
    /// "1000 refused, 2 reset".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (verdict, count)) in self.each().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{} {}", crate::wording::thousands(count.into()), verdict.words())?;
        }
        Ok(())
    }
}
