//! The words of our JSON: programs of others know them, so a name in our sources may change and
//! these may not.

use wirestage_dissectors::message::{Protection, Relation};
use wirestage_dissectors::overview::{Condition, Fate};
use wirestage_dissectors::story::passages::Change;
use wirestage_dissectors::story::{Cause, Level, Outcome, Piece, Proof, Role};
use wirestage_dissectors::survey::Transport;

/// What is one word in JSON.
pub(super) trait Word {
    /// The word.
    fn word(&self) -> &'static str;
}

/// Gives each variant its word.
macro_rules! words {
    ($($of:ty { $($variant:pat => $word:literal,)+ })+) => {$(
        impl Word for $of {
            fn word(&self) -> &'static str {
                match self { $($variant => $word,)+ }
            }
        }
    )+};
}

words! {
    Level {
        Self::Chapter => "chapter",
        Self::Exchange => "exchange",
        Self::Flight => "flight",
        Self::Message => "message",
        Self::Packet => "packet",
    }
    Relation {
        Self::Answers => "answers",
        Self::Acknowledges => "acknowledges",
        Self::Repeats => "repeats",
        Self::Excuses => "excuses",
    }
    Protection {
        Self::Clear => "clear",
        Self::Opaque => "opaque",
        Self::Initial => "initial",
        Self::Ech => "ech",
        Self::Early => "early",
        Self::Handshake => "handshake",
        Self::Application => "application",
    }
    Outcome {
        Self::Arrived => "arrived",
        Self::Lost => "lost",
        Self::Repeated => "repeated",
        Self::Refused => "refused",
    }
    Piece {
        Self::Head => "head",
        Self::Content(_) => "content",
        Self::Reset => "reset",
        Self::Leave(_) => "leave",
    }
    Role {
        Self::Plain => "plain",
        Self::Hint => "hint",
        Self::Fills => "fills",
    }
    Cause {
        Self::Duplicates { .. } => "duplicates",
        Self::Sack => "sack",
        Self::Later => "later",
        Self::Probe => "probe",
        Self::TooLarge => "too-large",
        Self::Timer => "timer",
        Self::Silence => "silence",
        Self::Needless => "needless",
        Self::Unknown => "unknown",
    }
    Change {
        Self::Kept => "kept",
        Self::Changed => "changed",
        Self::Added => "added",
        Self::Removed => "removed",
    }
    Proof {
        Self::Id(_) => "same id",
        Self::HostAndName(_) => "host and name",
        Self::Name(_) => "name",
        Self::Host => "host",
        Self::Passed(_) => "passed on",
    }
    Transport {
        Self::Tcp => "tcp",
        Self::Udp => "udp",
    }
    Fate {
        Self::Refused => "refused",
        Self::Unreachable => "unreachable",
        Self::Expired => "expired",
        Self::Unanswered => "unanswered",
        Self::Unfinished => "unfinished",
        Self::Reset => "reset",
        Self::Closed => "closed",
        Self::HalfClosed => "half_closed",
        Self::Open => "open",
        Self::Through => "through",
        Self::BothWays => "both_ways",
        Self::OneWay => "one_way",
        Self::OneSided => "one_sided",
    }
}

impl Word for Condition {
    fn word(&self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Errors => "errors",
            Self::Fate(fate) => fate.word(),
        }
    }
}
