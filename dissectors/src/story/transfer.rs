//! What one end of a TCP connection sent, segment by segment, where both ends were recorded: what
//! came, what was lost, what was sent again and why, and how much was under way.
//!
//! ```text
//!   sender                    receiver
//!   1 2 3 4 5 6 7  ────────>  1 2 3   5 6 7        4 is lost
//!                  <────────  ACK 3 · SACK 5–7     the third duplicate: a hint
//!   4 again        ────────>  4
//!                  <────────  ACK 7                it fills the hole
//! ```

use std::fmt;

use super::steps::AT_ONCE;
use super::{ActorId, BeatId, Moment, Story, TrackId};
use crate::ids::{ConnectionId, Time};
use crate::wording::{counted, thousands};

/// What one end of a connection sent to the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// In which connection.
    pub connection: ConnectionId,
    /// The same, where the story follows it.
    pub track: Option<TrackId>,
    /// Who sent.
    pub from: ActorId,
    /// To whom.
    pub to: ActorId,
    /// Every segment that carried data, in the order of sending: new ones and second tries.
    pub segments: Vec<Segment>,
    /// Every segment of the other end that carried an acknowledgement and nothing else, in the
    /// order in which they came to the sender; then those that never came.
    pub acknowledgements: Vec<Acknowledgement>,
    /// How many bytes were under way from each time on: sent, and not acknowledged by number or
    /// by SACK, as the sender's end saw it.
    pub in_flight: Vec<(Time, u64)>,
}

/// Which of the segments that one end sent, counted from one; second tries bear the numbers of
/// the first ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Numbers {
    /// The first of them.
    pub first: u32,
    /// The last of them.
    pub last: u32,
}

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, last } = self;
        match last.saturating_sub(*first) {
            0 => write!(f, "{first}"),
            1 => write!(f, "{first}, {last}"),
            _ => write!(f, "{first}–{last}"),
        }
    }
}

impl Numbers {
    /// How many there are.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.last.saturating_sub(self.first).saturating_add(1)
    }

    /// The same with the word: "segment 4", "segments 4–7".
    #[must_use]
    pub fn named(self) -> String {
        if self.count() == 1 { format!("segment {self}") } else { format!("segments {self}") }
    }
}

/// A segment with data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its packet, and the flight that this is part of, where packets are told singly.
    pub beat: Option<BeatId>,
    /// See above.
    pub flight: Option<BeatId>,
    /// Which of all segments it is. One that is sent again may carry several.
    pub numbers: Numbers,
    /// How many bytes of data it carries.
    pub bytes: u32,
    /// When it left.
    pub sent: Moment,
    /// When it came; `None` if it was lost.
    pub received: Option<Moment>,
    /// What makes it a second try.
    pub again: Option<Again>,
}

/// A second try, or a third.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Again {
    /// The try before it, by position among the segments.
    pub before: usize,
    /// Why it was sent.
    pub cause: Cause,
    /// How long its sender had neither sent nor heard anything, in nanoseconds.
    pub silence: i64,
    /// Whether its bytes begin where those of the segment ended that left before it: what was cut
    /// anew has other borders than the first try.
    pub follows: bool,
}

/// Why a segment was sent again, as far as packets prove it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Three duplicate acknowledgements had come (RFC 5681, section 3.2), and whether they named
    /// what came behind the hole (SACK; RFC 6675, section 5).
    Duplicates {
        /// Whether they did.
        sack: bool,
    },
    /// Fewer had come, but one named what had left later (RFC 2018, section 5).
    Sack,
    /// What had left later was acknowledged by number (RFC 8985, section 6).
    Later,
    /// An error of ICMP had come that says that a packet is too large for the way (RFC 1191).
    TooLarge,
    /// Nothing came, and it is the last of several: a probe (RFC 8985, section 7).
    Probe,
    /// Nothing came, and it is the first of several, or the second try in a row: the timer for
    /// retransmissions ran out (RFC 6298, section 5).
    Timer,
    /// Nothing came, and it was the only one under way: either of the two.
    Silence,
    /// It had been acknowledged.
    Needless,
    /// The packets prove none.
    Unknown,
}

/// An acknowledgement without data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Its packet, where packets are told singly.
    pub beat: Option<BeatId>,
    /// When it left.
    pub sent: Moment,
    /// When it came; `None` if it was lost.
    pub received: Option<Moment>,
    /// The last of the segments that it acknowledges, together with all before; zero for none.
    pub upto: u32,
    /// Whether it acknowledges a part of the next one, which was cut anew when it was sent again.
    pub is_within: bool,
    /// What it names beyond a hole, in the order of numbers.
    pub sack: Vec<Numbers>,
    /// What it brought about.
    pub role: Role,
}

/// What an acknowledgement brought about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Nothing but room for more.
    Plain,
    /// A second try: it is the third duplicate, or the one that named what came behind a hole.
    Hint,
    /// It acknowledges, beside others, what had been lost and was sent again.
    Fills,
}

impl Acknowledgement {
    /// "ACK 3 · SACK 5–7", "ACK part of 4".
    #[must_use]
    pub fn label(&self) -> String {
        let blocks: Vec<String> = self.sack.iter().map(Numbers::to_string).collect();
        let sack = if blocks.is_empty() { "" } else { " · SACK " };
        let upto = match self.is_within {
            true => format!("part of {}", self.upto + 1),
            false => self.upto.to_string(),
        };
        format!("ACK {upto}{sack}{}", blocks.join(", "))
    }
}

impl Segment {
    /// Whether it never came.
    #[must_use]
    pub const fn is_lost(&self) -> bool {
        self.received.is_none()
    }
}

/// Segments of one flight that a reader sees as one: they follow each other, and fared alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The flight.
    pub flight: BeatId,
    /// What is said of them.
    pub kind: RunKind,
    /// Their numbers.
    pub numbers: Numbers,
    /// The first and the last of them, by position among the segments.
    pub first: usize,
    /// See above.
    pub last: usize,
}

/// What is said of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunKind {
    /// Sent for the first time; some may be lost.
    New,
    /// Sent for the first time, and lost.
    Lost,
    /// Sent again.
    Again,
    /// Sent again, and lost once more.
    AgainLost,
}

impl Run {
    /// "1–10", "4 lost", "4 again".
    #[must_use]
    pub fn label(&self) -> String {
        let numbers = self.numbers;
        match self.kind {
            RunKind::New => numbers.to_string(),
            RunKind::Lost => format!("{numbers} lost"),
            RunKind::Again => format!("{numbers} again"),
            RunKind::AgainLost => format!("{numbers} again, lost"),
        }
    }
}

/// What came to the receiver in one go, or is missing between two such.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Which.
    pub numbers: Numbers,
    /// Whether it is missing, and whether it was sent again.
    pub is_missing: bool,
    /// See above.
    pub is_again: bool,
    /// When the first and the last of them came; both the time of what shows it, where it is
    /// missing.
    pub first: Time,
    /// See above.
    pub last: Time,
}

impl Arrival {
    /// "1–3 arrive", "4 missing".
    #[must_use]
    pub fn label(&self) -> String {
        let numbers = self.numbers;
        match (self.is_missing, numbers.count()) {
            (true, _) => format!("{numbers} missing"),
            (false, 1) => format!("{numbers} arrives"),
            (false, _) => format!("{numbers} arrive"),
        }
    }
}

/// How many segments a transfer took. New ones and second tries are all that were sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All that were sent.
    pub sent: u32,
    /// Those that carried something new.
    pub new: u32,
    /// Second tries, and third ones.
    pub again: u32,
    /// Those that never came.
    pub lost: u32,
    /// Those of them of which something was never sent again.
    pub for_good: u32,
    /// Acknowledgements without data that the other end sent, and how many of them never came.
    pub acknowledgements: u32,
    /// See above.
    pub unheard: u32,
}

impl Counts {
    /// "25 segments sent · 22 ACKs · 3 lost, 3 sent again".
    #[must_use]
    pub fn words(&self) -> String {
        let counted = |count: u32, what: &str| counted(count.into(), what);
        let [lost, again, for_good] =
            [self.lost, self.again, self.for_good].map(|count| thousands(count.into()));
        let mut fate = vec![format!("{lost} lost"), format!("{again} sent again")];
        if self.for_good > 0 {
            fate.push(format!("{for_good} for good"));
        }
        let (sent, acks) = (counted(self.sent, "segment"), counted(self.acknowledgements, "ACK"));
        let unheard = match self.unheard {
            0 => String::new(),
            count => format!(" · {} lost", counted(count, "ACK")),
        };
        format!("{sent} sent · {acks} · {}{unheard}", fate.join(", "))
    }
}

impl Story {
    /// What the transfers took, a line for each of which something was lost or sent again; with
    /// who sent it where there are several such.
    #[must_use]
    pub fn segments(&self) -> Vec<String> {
        let troubled: Vec<&Transfer> =
            self.transfers.iter().filter(|one| one.has_trouble()).collect();
        let name = |transfer: &Transfer| {
            let actor = self.cast.get(usize::from(transfer.from.0));
            let letter = transfer.track.filter(|_| self.tracks.len() > 1).map(TrackId::letter);
            let name = actor.map_or("", |actor| actor.name.as_str());
            letter.map_or_else(|| name.to_owned(), |letter| format!("{letter}, {name}"))
        };
        let line = |one: &&Transfer| match troubled.len() {
            1 => one.counts().words(),
            _ => format!("{}: {}", name(one), one.counts().words()),
        };
        troubled.iter().map(line).collect()
    }
}

impl Transfer {
    /// How many segments it took.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            acknowledgements: self.acknowledgements.len() as u32,
            unheard: self.acknowledgements.iter().filter(|one| one.received.is_none()).count()
                as u32,
            sent: self.segments.len() as u32,
            ..Counts::default()
        };
        // How often each number was sent so far; from the end, so that it is how often it will be.
        let most = self.segments.iter().map(|one| one.numbers.last).max().unwrap_or(0);
        let mut will_be = vec![false; most as usize + 1];
        for segment in self.segments.iter().rev() {
            counts.again += u32::from(segment.again.is_some());
            counts.new += u32::from(segment.again.is_none());
            counts.lost += u32::from(segment.is_lost());
            let own = segment.numbers.first as usize..=segment.numbers.last as usize;
            let own = will_be.get_mut(own).unwrap_or_default();
            counts.for_good += u32::from(segment.is_lost() && own.iter().any(|again| !*again));
            own.fill(true);
        }
        counts
    }

    /// Whether something of it was lost or sent again.
    #[must_use]
    pub fn has_trouble(&self) -> bool {
        self.segments.iter().any(|one| one.is_lost() || one.again.is_some())
    }

    /// Its segments as a reader sees them, by flight, in the order of sending.
    #[must_use]
    pub fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let kinds = |one: &Segment| match (one.again.is_some(), one.is_lost()) {
            (false, false) => [Some(RunKind::New), None],
            (false, true) => [Some(RunKind::New), Some(RunKind::Lost)],
            (true, false) => [Some(RunKind::Again), None],
            (true, true) => [Some(RunKind::AgainLost), None],
        };
        // The last run of each kind.
        let mut latest: [Option<usize>; 4] = [None; 4];
        for (at, segment) in self.segments.iter().enumerate() {
            let Some(flight) = segment.flight else { continue };
            for kind in kinds(segment).into_iter().flatten() {
                let Some(place) = latest.get_mut(kind as usize) else { continue };
                let goes_on = |run: &&mut Run| {
                    let last = self.segments.get(run.last).map_or(segment.sent, |last| last.sent);
                    let at_once = segment.sent.time.since(last.time) <= AT_ONCE;
                    let follows = segment.again.is_some_and(|again| again.follows);
                    let is_next = run.numbers.last + 1 == segment.numbers.first
                        || (follows && run.last + 1 == at);
                    at_once && is_next && run.flight == flight
                };
                match place.and_then(|place| runs.get_mut(place)).filter(goes_on) {
                    Some(run) => (run.numbers.last, run.last) = (segment.numbers.last, at),
                    None => {
                        *place = Some(runs.len());
                        let numbers = segment.numbers;
                        runs.push(Run { flight, kind, numbers, first: at, last: at });
                    }
                }
            }
        }
        // What is lost as a whole is told as lost.
        let came = |run: &Run| {
            let own = self.segments.get(run.first..=run.last).unwrap_or_default();
            own.iter().any(|one| one.again.is_none() && !one.is_lost())
        };
        runs.retain(|run| run.kind != RunKind::New || came(run));
        runs
    }

    /// What came to the receiver, in the order in which it came, and what was missing by then.
    #[must_use]
    pub fn arrivals(&self) -> Vec<Arrival> {
        let came = self.segments.iter().filter_map(|one| Some((one.received?, one)));
        let mut came: Vec<(Moment, &Segment)> = came.collect();
        came.sort_by_key(|(moment, _)| (moment.time, moment.frame));
        let mut found: Vec<Arrival> = Vec::new();
        let mut highest = 0;
        for (Moment { time, .. }, segment) in came {
            let (numbers, is_again) = (segment.numbers, segment.again.is_some());
            if numbers.first > highest + 1 {
                let numbers = Numbers { first: highest + 1, last: numbers.first - 1 };
                let (first, last) = (time, time);
                found.push(Arrival { numbers, is_missing: true, is_again: false, first, last });
            }
            highest = highest.max(numbers.last);
            let last = found.last_mut().filter(|last| {
                let is_next = last.numbers.last + 1 == numbers.first && !last.is_missing;
                is_next && last.is_again == is_again && time.since(last.last) <= AT_ONCE
            });
            match last {
                Some(last) => (last.numbers.last, last.last) = (numbers.last, time),
                None => {
                    let (is_missing, first, last) = (false, time, time);
                    found.push(Arrival { numbers, is_missing, is_again, first, last });
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{FrameId, Time};

    #[test]
    fn an_acknowledgement_says_which_segments_came() {
        let sent = Moment { frame: FrameId(0), time: Time(0) };
        let check = |upto, is_within, sack: &[(u32, u32)], expected: &str| {
            let sack = sack.iter().map(|(first, last)| Numbers { first: *first, last: *last });
            let (beat, received, sack) = (None, None, sack.collect());
            let role = Role::Plain;
            let one = Acknowledgement { beat, sent, received, upto, is_within, sack, role };
            assert_eq!(one.label(), expected);
        };
        check(3, false, &[], "ACK 3");
        check(3, false, &[(5, 7), (9, 9)], "ACK 3 · SACK 5–7, 9");
        check(0, true, &[], "ACK part of 1");
    }
}
