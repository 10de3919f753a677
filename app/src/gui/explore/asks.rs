//! What a person may ask of the parts of the screen, in words that know none of them.

use crate::diagram::Towards;
use crate::export::follow::Side;

/// What a person asks of the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seek {
    /// To show its line.
    Open,
    /// To go to the next place, or the one before.
    Go(Towards),
    /// To put it away.
    Close,
}

/// What a person asks of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To show the line that is typed into.
    Open,
    /// To go where it says.
    There,
    /// To put the line away.
    Close,
    /// To go where one was before.
    Back,
    /// To go on again after going back.
    Forward,
}

/// What is asked about marks and comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// To mark the selected packet, or no longer.
    Mark,
    /// To type a comment on it.
    Edit,
    /// To keep what is typed.
    Keep,
    /// To leave the comment as it was.
    Close,
    /// To go to the next packet that something is remarked on.
    Next,
}

/// What is asked about how a port or a connection is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decode {
    /// To show the line in which that is chosen.
    Open,
    /// To read everything by what is chosen.
    Apply,
    /// To read everything by what its bytes say.
    Forget,
    /// To put the line away.
    Close,
}

/// What times count from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Since {
    /// The first frame, or the one that was chosen for it.
    #[default]
    Start,
    /// The frame that is shown above.
    Shown,
    /// Midnight.
    Day,
}

impl Since {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Start, Self::Shown, Self::Day];

    /// What it is called where it is chosen.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Start => "Since the start",
            Self::Shown => "Since the packet above",
            Self::Day => "Time of day",
        }
    }
}

/// What is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// The selected row of the packet list.
    Row,
    /// The value of the selected field.
    Value,
    /// The selected line of the details.
    Field,
    /// It and what is below it.
    Branch,
    /// All details.
    Tree,
    /// The selected bytes in hex.
    Hex,
    /// As an array of C.
    Array,
    /// In Base64 (RFC 4648, section 4).
    Base64,
    /// What the chosen step does.
    Step,
    /// The request of the selected frame as a command line.
    Curl,
}

/// Which frames a place asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Narrow {
    /// Those whose selected field has this value.
    Is,
    /// All others.
    IsNot,
    /// Those that have the selected field.
    Has,
    /// Those of this connection.
    Connection,
    /// All others.
    NotConnection,
    /// Those between these two hosts.
    Hosts,
}

/// How a connection is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Telling {
    /// What was opened, as text.
    #[default]
    Text,
    /// The same in hex.
    Hex,
    /// Requests and answers, their contents decoded.
    Contents,
    /// What TCP or UDP carried, in hex.
    Carried,
}

impl Telling {
    pub(super) const ALL: [(Self, &'static str); 4] = [
        (Self::Text, "Text"),
        (Self::Hex, "Hex"),
        (Self::Contents, "Decoded bodies"),
        (Self::Carried, "As carried, hex"),
    ];
}

/// A way from one secret to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The next one.
    Next,
    /// The one before.
    Before,
    /// What it is made of.
    MadeOf,
    /// What is made of it first.
    Makes,
}

/// What is asked of the key schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// To be shown.
    Open,
    /// To show why something stays sealed: the first secret that is lacking.
    Lacking,
    /// To show another handshake of the connection, by its number from 0.
    Handshake(usize),
    /// To choose a secret, by its number from 0.
    Choose(usize),
    /// To go on to another one.
    Turn(Turn),
    /// To show values, or hide them again.
    Values,
    /// To put the value on the clipboard.
    CopyValue,
    /// To put it there as a line of a key log.
    CopyLine,
    /// To go to the records that it opens.
    Show,
}

/// What is asked of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// To be shown.
    Open,
    /// To tell it in another way.
    Telling(Telling),
    /// To tell one side, or both.
    Side(Option<Side>),
    /// To tell one stream, or all.
    Stream(Option<u64>),
    /// To put what is told on the clipboard.
    Copy,
    /// To write it to a file.
    Save,
}
