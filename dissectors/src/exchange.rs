//! What a message is to an exchange: a question and its answers, whatever protocol carries them.
//!
//! ```text
//!   HTTP/1.1   one message    = head + content + trailers + end
//!   HTTP/2     one message    = a frame of a stream: a head, or a piece of content, or trailers
//! ```
//!
//! A protocol says it of one message at a time
//! ([`Protocol::exchange`](crate::protocol::Protocol::exchange)), in words that no protocol owns;
//! who gathers exchanges puts the shares together.

use crate::ids::MessageId;
use crate::span::Span;

/// A field of a head or of trailers: its name and its value, as they came.
pub type Field<'v> = (&'v [u8], &'v [u8]);

/// The share that one message has in an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share<'v> {
    /// Which exchange.
    pub of: Which,
    /// What it is there.
    pub part: Part,
    /// What is asked for: with a question, and with an answer whose protocol knows it there.
    pub asked: Option<Asked<'v>>,
    /// The status code of an answer.
    pub status: Option<u16>,
    /// What is said beside the code: "Not Found"; empty where nothing is.
    pub reason: &'v [u8],
    /// The version that is spoken: "HTTP/1.1"; empty where the message does not tell.
    pub version: &'v [u8],
    /// The fields of a head, in their order.
    pub fields: Vec<Field<'v>>,
    /// Bytes of the head as they were sent, packed or not.
    pub head_bytes: u64,
    /// What it brings of content.
    pub content: Content,
    /// The fields behind the content.
    pub trailers: Vec<Field<'v>>,
    /// Whether its sender says nothing more in this exchange.
    pub ends: bool,
    /// Why it is not whole, where it is not.
    pub short: Option<Short>,
}

/// How an exchange is known among those of its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Which {
    /// It has a lane of its layer to itself: a stream of HTTP/2.
    Lane(u64),
    /// It is the one which that message asks.
    Question(MessageId),
    /// Nobody knows whom this answers.
    Unknown,
}

/// What a message is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// It asks.
    Question,
    /// It is a question that its sender asks for the other side, whom it will answer: a promise.
    Promise,
    /// It answers for now, and another answer follows.
    Interim,
    /// It answers.
    Answer,
    /// It goes on with what its sender said before.
    More,
    /// Its sender breaks the exchange off.
    Reset,
}

/// What a question asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked<'v> {
    /// `GET`.
    pub method: &'v [u8],
    /// `https`.
    pub scheme: &'v [u8],
    /// The host and its port: `example.org:8080`.
    pub authority: &'v [u8],
    /// The path with its query: `/a?b=c`; empty where only a host is meant.
    pub path: &'v [u8],
}

/// What a message does for the way on which questions travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    /// It asks for the addresses of a name.
    Seeks(Box<str>),
    /// It answers that.
    Finds(Box<str>),
    /// It asks for a connection.
    Asks,
    /// It says that there is one.
    Accepts,
    /// It begins to agree on keys.
    Greets,
    /// It confirms them.
    Confirms,
}

/// What one message brings of content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Bytes as they travelled, without what frames them.
    pub came: u64,
    /// All of it as it travelled, with the message that ends it.
    pub sent: Option<Span>,
    /// The same with its codings undone; equal to `sent` where there are none.
    pub shown: Option<Span>,
}

/// Why something is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Short {
    /// Bytes of it are missing from the capture.
    Missing,
    /// The capture ends in it.
    Cut,
    /// Its sender ended the connection too early.
    Closed,
    /// The connection was reset.
    Reset,
    /// It goes on in a way that nobody can read.
    Broken,
}

impl<'v> Share<'v> {
    /// A message that is that part of an exchange, and nothing more.
    #[must_use]
    pub const fn new(of: Which, part: Part) -> Self {
        Self {
            of,
            part,
            asked: None,
            status: None,
            reason: b"",
            version: b"",
            fields: Vec::new(),
            head_bytes: 0,
            content: Content { came: 0, sent: None, shown: None },
            trailers: Vec::new(),
            ends: false,
            short: None,
        }
    }

    /// The value of the first field of that name, whatever its case.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'v [u8]> {
        let own = |(found, _): &&Field<'v>| found.eq_ignore_ascii_case(name.as_bytes());
        self.fields.iter().find(own).map(|(_, value)| *value)
    }
}
