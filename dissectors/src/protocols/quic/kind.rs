//! What a packet is, and what is kept with it.
//!
//! ```text
//!   |19|glued 1|another path 1|sent again 1|new keys 1|how it went 4|length of the destination's id 5|
//! ```

use crate::codes;
use crate::message::{Message, MessageKind};
use crate::protocols::tls::handshake::Epoch;
use crate::typed::{self, Code};

codes! {
    /// What a packet is.
    pub enum Kind {
        /// The first ones, under keys that anybody can make.
        Initial,
        /// Early data.
        ZeroRtt,
        /// The rest of the handshake.
        Handshake,
        /// The server asks to try again with a token.
        Retry,
        /// The server names the versions that it speaks.
        Negotiation,
        /// Everything after the handshake: a short header.
        OneRtt,
        /// One of a version that is not read.
        Unknown,
    }
}

impl Kind {
    /// The keys that seal it.
    #[must_use]
    pub const fn epoch(self) -> Option<Epoch> {
        match self {
            Self::Initial => Some(Epoch::Clear),
            Self::ZeroRtt => Some(Epoch::Early),
            Self::Handshake => Some(Epoch::Handshake),
            Self::OneRtt => Some(Epoch::Application),
            Self::Retry | Self::Negotiation | Self::Unknown => None,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Initial => "Initial",
            Self::ZeroRtt => "0-RTT",
            Self::Handshake => "Handshake",
            Self::Retry => "Retry",
            Self::Negotiation => "Version Negotiation",
            Self::OneRtt => "1-RTT",
            Self::Unknown => "Unknown version",
        }
    }
}

codes! {
    /// How reading a packet went.
    #[derive(Default)]
    pub enum How {
        /// It is read as far as it can be.
        #[default]
        Read,
        /// So it is, and it comes again because of a Retry.
        Again,
        /// No key is known.
        NoKey,
        /// A key is known, and does not open it.
        Failed,
        /// The capture does not hold all of it.
        Cut,
        /// A Retry whose tag is right.
        Genuine,
        /// A Retry whose tag is wrong.
        Forged,
        /// It ends in a token by which its sender says that it knows nothing of the connection.
        Reset,
        /// It may do so: it bears no id that anybody goes by, and no token is known.
        Suspected,
        /// A Retry after another one: a client takes one at most (RFC 9000, section 17.2.5.2).
        Spare,
        /// It is read as far as it can be, and its sender has begun anew because of a Version
        /// Negotiation.
        Anew,
    }
}

codes! {
    /// What lies elsewhere than a packet.
    pub enum Role {
        /// What was in it, once a key had come.
        Opened,
    }
}

/// What is kept with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// How long the destination's id is, which a short header does not say; `None` if nobody knows.
    pub id_len: Option<u8>,
    /// How reading it went.
    pub how: How,
    /// Whether it is the first one of its sender under another generation of keys.
    pub renews: bool,
    /// Whether all bytes of streams and of the handshake in it had come by before.
    pub repeats: bool,
    /// Whether its sender goes on along another path with it.
    pub moves: bool,
    /// Whether its datagram was captured with others, as one.
    pub is_glued: bool,
}

impl Note {
    const NO_LENGTH: u32 = 0x1f;
    const RENEWS: u32 = 1 << 9;
    const REPEATS: u32 = 1 << 10;
    const MOVES: u32 = 1 << 11;
    const GLUED: u32 = 1 << 12;

    /// What was kept with a packet.
    #[must_use]
    pub fn of(message: &Message) -> Self {
        message.extra::<Kind>().unwrap_or_default()
    }
}

impl Default for Note {
    fn default() -> Self {
        Self {
            id_len: None,
            how: How::Read,
            renews: false,
            repeats: false,
            moves: false,
            is_glued: false,
        }
    }
}

impl typed::Extra for Note {
    fn pack(self) -> u32 {
        self.id_len.map_or(Self::NO_LENGTH, u32::from) & Self::NO_LENGTH
            | u32::from(self.how.number()) << 5
            | if self.renews { Self::RENEWS } else { 0 }
            | if self.repeats { Self::REPEATS } else { 0 }
            | if self.moves { Self::MOVES } else { 0 }
            | if self.is_glued { Self::GLUED } else { 0 }
    }

    fn unpack(packed: u32) -> Self {
        let len = packed & Self::NO_LENGTH;
        let id_len = (len != Self::NO_LENGTH).then_some(len as u8);
        let how = How::of((packed >> 5 & 0xf) as u8).unwrap_or_default();
        let is_set = |bit: u32| packed & bit != 0;
        let (renews, repeats) = (is_set(Self::RENEWS), is_set(Self::REPEATS));
        let (moves, is_glued) = (is_set(Self::MOVES), is_set(Self::GLUED));
        Self { id_len, how, renews, repeats, moves, is_glued }
    }
}

impl MessageKind for Kind {
    type Extra = Note;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typed::Extra as _;

    #[test]
    fn what_is_kept_comes_back() {
        let check = |note: Note| assert_eq!(Note::unpack(note.pack()), note);
        check(Note::default());
        for id_len in [None, Some(0), Some(20)] {
            let note = Note { id_len, how: How::Failed, ..Note::default() };
            check(Note { repeats: true, is_glued: true, ..note });
            check(Note { renews: true, moves: true, how: How::Suspected, ..note });
        }
    }
}
