//! What a protocol tells of one message: the raw material of a story.

mod build;
mod enclosed;
mod lanes;
mod stance;
mod trace;
mod turn;
mod words;

use std::fmt;

use crate::known::Head;
use crate::message::Protection;
use crate::verdict::Verdict;

pub use enclosed::Enclosed;
pub use lanes::{Allowed, OnLane, Piece, Route};
pub use stance::Stance;
pub use trace::Trace;
pub use turn::Turn;
pub use words::{quoted, sentence};

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Outcome {
    /// As meant.
    #[default]
    Arrived,
    /// It never got there: half an arrow and a cross.
    Lost,
    /// It was sent again.
    Repeated,
    /// It says no: a reset, an alert, an error.
    Refused,
}

/// The section of the standard that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// `RFC 9846`.
    pub standard: &'static str,
    /// `4.1.2`.
    pub section: &'static str,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.section {
            "" => f.write_str(self.standard),
            section => write!(f, "{}, section {section}", self.standard),
        }
    }
}

/// The phase of a conversation that a message belongs to. Phases of equal title that follow each
/// other are one chapter.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Chapter {
    /// Its title: "TLS 1.3 handshake".
    pub title: String,
    /// How much it insists: a flight that holds messages of several chapters goes to the one of
    /// the highest weight (0 for acknowledgements that ride along).
    pub weight: u8,
}

/// Which side of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who sent it.
    Sender,
    /// Who gets it.
    Receiver,
}

/// A side comes to hold keys or changes its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gained {
    /// Keys, and what they are called: "handshake keys".
    Keys(Protection, &'static str),
    /// The next generation of keys that are held already: "next application keys".
    Renewed(Protection, &'static str),
    /// A state: "ESTABLISHED", and whether a connection exists in it.
    State(&'static str, bool),
}

/// What one message means.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Telling {
    /// What stands on its bead: "ClientHello". Short.
    pub label: String,
    /// One sentence, bold in the diagram: what and why. Of the messages of one flight the
    /// sentence of the highest `weight` speaks for the flight.
    pub headline: String,
    /// What a teacher would add; facts out of the bytes, the section of the standard.
    pub detail: String,
    /// How much its sentence insists.
    pub weight: u8,
    /// The phase it belongs to.
    pub chapter: Chapter,
    /// How it went.
    pub outcome: Outcome,
    /// The lesson behind it: `tls/client-hello`.
    pub lesson: Option<&'static str>,
    /// The section of the standard.
    pub source: Option<Source>,
    /// What the two sides gain by it.
    pub gained: Vec<(Side, Gained)>,
    /// What it is between question and answer.
    pub turn: Turn,
    /// How it stands among what else its side says.
    pub stance: Stance,
    /// What it is known by elsewhere.
    pub trace: Trace,
    /// Bytes of it that came and were not kept, beyond the limit for what is collected.
    pub unkept: u64,
    /// What is told of the part that its sender held back until the other side had spoken.
    pub rest: Option<Box<Telling>>,
    /// Which of several lanes of its connection it belongs to (a stream of HTTP/2): its bead says
    /// so.
    pub lane: Option<u64>,
    /// What it is on that lane.
    pub on_lane: Option<OnLane>,
    /// Of a list of header fields: its bytes, and how many of them were sent.
    pub packed: Option<(u64, u64)>,
    /// What it has to do with the path that it takes, where its connection takes several: its bead
    /// says which.
    pub route: Option<Route>,
    /// What it does to what may be sent.
    pub allowed: Option<Allowed>,
    /// Its head, where it has one that may be changed by whoever hands it on.
    pub head: Option<Box<Head>>,
    /// Whether what the other side has sent before its keys were agreed on counts for nothing: it
    /// has to be sent again.
    pub voids_early: bool,
    /// What is said of it where it rides in a flight for which another message of its protocol
    /// speaks: that a stream was broken off is no less true behind the next request.
    pub noted: Option<String>,
    /// Since when silence ends the connection, where both sides have agreed on that by now.
    pub silent: Option<Box<Silent>>,
    /// Why the connection failed, where it did with this message.
    pub verdict: Option<Box<Verdict>>,
}

/// A silence that ends a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silent {
    /// After so many nanoseconds.
    pub after: i64,
    /// What is said of it where it came to that: a sentence.
    pub told: String,
}
