//! Passages: a question on one connection that was handed on as a question on another.
//!
//! ```text
//!   A  client ── GET /p ──────> proxy                             the one that was asked
//!   B                           proxy ── GET /p ──────> backend   the one that it was handed on as
//! ```
//!
//! A passage is claimed where bytes prove it (see [`Proof`]) and nothing else fits: the later
//! question begins after the earlier one was received and is answered before it, and of all
//! questions that could be the earlier one a single one is left.

mod changes;
mod cost;
mod trail;
mod words;

pub use changes::{Change, Changes, HandedBack, Line, handed, handed_in_words};
pub use cost::{Cost, Share, Span, What};
pub use trail::{Leg, Trail};
pub use words::{Steps, said};

use super::{BeatId, Story};

/// A question that was handed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The message that asked.
    pub asked: BeatId,
    /// The message on another connection that it was handed on as.
    pub handed_on: BeatId,
    /// Whether both ask for the same; else they share an id, and the one led to the other.
    pub same: bool,
    /// What proves it.
    pub proof: Proof,
    /// Which try it was: 1, or more where earlier ones failed.
    pub attempt: u32,
    /// What became of the question's head; `None` if that is not known as a whole.
    pub question: Option<Changes>,
    /// The same of the answer, where it was handed back.
    pub answer: Option<HandedBack>,
}

/// What proves that a question was handed on, beside what it asks for and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Both bear the same id, in this field.
    Id(&'static str),
    /// Who asks is the host that was asked, and the field names the host that had asked that one.
    HostAndName(&'static str),
    /// The field names the host that asked first.
    Name(&'static str),
    /// Who asks is the host that was asked.
    Host,
    /// The field names one more who passed it on.
    Passed(&'static str),
}

impl Proof {
    /// The field that holds it; `None` if hosts alone tell.
    #[must_use]
    pub const fn field(self) -> Option<&'static str> {
        match self {
            Self::Id(field)
            | Self::HostAndName(field)
            | Self::Name(field)
            | Self::Passed(field) => Some(field),
            Self::Host => None,
        }
    }

    /// How much it weighs against others.
    pub(in crate::story) const fn rank(self) -> u8 {
        match self {
            Self::Id(_) => 4,
            Self::HostAndName(_) => 3,
            Self::Name(_) | Self::Host => 2,
            Self::Passed(_) => 1,
        }
    }
}

impl Story {
    /// The passages of a question to others, in the order of time.
    pub fn passed_on(&self, asked: BeatId) -> impl Iterator<Item = &Passage> {
        self.passages.iter().filter(move |one| one.asked == asked)
    }

    /// The passage that a question came by.
    #[must_use]
    pub fn came_by(&self, handed_on: BeatId) -> Option<&Passage> {
        self.passages.iter().find(|one| one.handed_on == handed_on)
    }
}
