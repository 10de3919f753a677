//! One request, as its row shows it.

use super::way::Before;
use crate::exchange::Short;
use crate::ids::{ConnectionId, Direction, FrameId, MessageId, ProtocolId, Time};
use crate::limits::{MAX_REQUEST_INTERIM, MAX_REQUEST_PLACES};
use crate::message::Anchor;
use crate::story::Moment;

/// A question and its answer. Texts are as they came, but for bytes that are no text, and cut where
/// they are longer than anyone reads in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The connection that carried it.
    pub connection: ConnectionId,
    /// The protocol that spoke.
    pub protocol: ProtocolId,
    /// Its version as the message says it: "HTTP/1.1".
    pub version: Box<str>,
    /// The stream of its connection, where there are several.
    pub lane: Option<u64>,
    /// Who asked: the direction of the question.
    pub asker: Direction,
    /// Whether nobody asked: the other side promised the answer.
    pub is_promised: bool,
    /// `GET`; empty where the question was not recorded.
    pub method: Box<str>,
    /// `https`; empty for a tunnel.
    pub scheme: Box<str>,
    /// The host, with its port where that is said.
    pub host: Box<str>,
    /// The path with its query.
    pub path: Box<str>,
    /// The status code of the answer.
    pub status: Option<u16>,
    /// The media type of the answer, without parameters, in lower case.
    pub kind: Box<str>,
    /// Status codes of answers for now, and when they came.
    pub interim: Vec<(u16, Moment)>,
    /// The question, where it was recorded.
    pub question: Option<Said>,
    /// The answer, as far as it was recorded.
    pub answer: Option<Said>,
    /// Who broke it off, and when.
    pub broken_off: Option<BrokenOff>,
    /// The messages that hold its heads, its contents and its trailers, in their order.
    pub places: Vec<Place>,
    /// What came before it, where it is the first of its connection.
    pub before: Option<Box<Before>>,
}

/// What one side said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// The message that begins it, and where that is, in terms that outlive a reading. Under a
    /// cipher that keeps no byte in its place several may begin at one: then the first of them is
    /// meant.
    pub begins: (Place, Anchor),
    /// The frame of its first byte.
    pub first: Moment,
    /// The frame that brought its last byte so far.
    pub last: Moment,
    /// Bytes of its head as they were sent.
    pub head: u64,
    /// Bytes of its content as they were sent.
    pub body: u64,
    /// Bytes of its content with its codings undone; `None` if these are not known.
    pub decoded: Option<u64>,
    /// Whether it came to its end.
    pub ended: bool,
    /// Why it is not whole, where it is not.
    pub short: Option<Short>,
}

/// A message, and the frame that completes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The message.
    pub message: MessageId,
    /// Its last frame.
    pub done: FrameId,
}

/// Somebody had enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenOff {
    /// Whether it was who had asked.
    pub by_asker: bool,
    /// When.
    pub at: Moment,
}

/// How a request went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered, and the answer is whole.
    Answered,
    /// No answer was recorded.
    Unanswered,
    /// It was broken off before its answer was whole.
    BrokenOff(BrokenOff),
    /// Its answer is not whole.
    Short(Short),
}

/// How long the parts of a request took, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// From the first byte of the question to its last.
    pub send: i64,
    /// From there to the first byte of the answer; 0 where that came before.
    pub wait: i64,
    /// From there to its last byte.
    pub receive: i64,
}

impl Said {
    /// One that begins here and has nothing yet.
    pub(super) const fn at(first: Moment, begins: (Place, Anchor)) -> Self {
        let (head, body, decoded) = (0, 0, None);
        Self { begins, first, last: first, head, body, decoded, ended: false, short: None }
    }

    /// Bytes of its content as whoever got it sees them.
    #[must_use]
    pub fn content(&self) -> u64 {
        self.decoded.unwrap_or(self.body)
    }
}

impl Request {
    /// How it went.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match (self.answer, self.broken_off) {
            (Some(Said { ended: true, short: None, .. }), _) => Outcome::Answered,
            (_, Some(broken_off)) => Outcome::BrokenOff(broken_off),
            (Some(Said { short: Some(short), .. }), None) => Outcome::Short(short),
            (Some(Said { .. }), None) => Outcome::Short(Short::Cut),
            (None, None) => Outcome::Unanswered,
        }
    }

    /// When its first byte was seen: that of the answer, where the question was not recorded.
    #[must_use]
    pub fn start(&self) -> Moment {
        let first = [self.question, self.answer].into_iter().flatten().map(|said| said.first);
        let interim = self.interim.first().map(|(_, at)| *at);
        let start = first.chain(interim).min_by_key(|at| at.frame);
        start.unwrap_or(Moment { frame: FrameId::NONE, time: Time::UNKNOWN })
    }

    /// When its last byte was seen, or it was broken off.
    #[must_use]
    pub fn end(&self) -> Moment {
        let last = [self.question, self.answer].into_iter().flatten().map(|said| said.last);
        let broken_off = self.broken_off.map(|broken_off| broken_off.at);
        last.chain(broken_off).max_by_key(|at| at.frame).unwrap_or_else(|| self.start())
    }

    /// The message that it begins with: that of the answer, where the question was not recorded.
    #[must_use]
    pub fn begins(&self) -> Option<(Place, Anchor)> {
        self.question.or(self.answer).map(|said| said.begins)
    }

    /// From the first byte of the question to the last of the answer, in nanoseconds; `None` if
    /// either is missing.
    #[must_use]
    pub fn took(&self) -> Option<i64> {
        let (question, answer) = (self.question?, self.answer?);
        let (first, last) = (question.first.time.known()?, answer.last.time.known()?);
        Some(last.since(first).max(0))
    }

    /// How long its parts took.
    #[must_use]
    pub fn timing(&self) -> Timing {
        let since = |later: Moment, earlier: Moment| later.time.since(earlier.time).max(0);
        let send = self.question.map_or(0, |said| since(said.last, said.first));
        let receive = self.answer.map_or(0, |said| since(said.last, said.first));
        let wait =
            self.question.zip(self.answer).map_or(0, |(asked, said)| since(said.first, asked.last));
        Timing { send, wait, receive }
    }

    /// What it asks for, as a URL: of a tunnel the host alone.
    #[must_use]
    pub fn url(&self) -> String {
        let Self { scheme, host, path, .. } = self;
        match (&**scheme, &**host) {
            ("", _) => format!("{host}{path}"),
            (scheme, "") => format!("{scheme}:{path}"),
            (scheme, host) => format!("{scheme}://{host}{path}"),
        }
    }

    /// How it went, in a few words; `None` if it was answered.
    #[must_use]
    pub fn trouble(&self) -> Option<&'static str> {
        Some(match self.outcome() {
            Outcome::Answered => return None,
            Outcome::Unanswered => "no answer recorded",
            Outcome::BrokenOff(BrokenOff { by_asker: true, .. }) => "broken off by who asked",
            Outcome::BrokenOff(_) => "broken off by who answers",
            Outcome::Short(Short::Missing) => "bytes of the answer were not captured",
            Outcome::Short(Short::Cut) => "the recording ends before the answer does",
            Outcome::Short(Short::Closed) => "the connection ended before the answer did",
            Outcome::Short(Short::Reset) => "the connection was reset before the answer ended",
            Outcome::Short(Short::Broken) => "the answer goes on in a way nobody can read",
        })
    }

    /// Remembers a message; of what only goes on no more than leaves room for the rest.
    pub(super) fn remember(&mut self, place: Place, is_needed: bool) {
        let most = if is_needed { 2 * MAX_REQUEST_PLACES } else { MAX_REQUEST_PLACES };
        if self.places.len() < most {
            self.places.push(place);
        }
    }

    /// An answer for now came.
    pub(super) fn hear(&mut self, status: u16, at: Moment) {
        if self.interim.len() < MAX_REQUEST_INTERIM {
            self.interim.push((status, at));
        }
    }
}
