//! What is kept with each message, packed into four bytes.
//!
//! ```text
//!   records   |buffer of the plaintext 27|1|agreed 1|version 3|    or why there is none
//!   the rest  |   as the handshake has it  0                  |
//! ```

use super::Kind;
use super::handshake::Extra;
use super::reason::Reason;
use crate::message::Message;
use crate::span::{Buffer, BufferId};
use crate::typed::{self, Code};

/// The highest number of a plaintext buffer that fits; those beyond it are not looked up.
const MAX_BUFFER: u32 = (1 << 27) - 2 - 256;

/// Where a record was in the clear.
const NO_BUFFER: u32 = (1 << 27) - 1;

/// Where it stays sealed: the reason is added to it.
const SEALED: u32 = MAX_BUFFER + 1;

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inside {
    /// It was in the clear.
    Clear,
    /// It was opened, and this buffer holds its plaintext.
    Opened(BufferId),
    /// It stays sealed.
    Sealed(Reason),
}

/// What is kept with a message. The version is the one agreed on, or before that, the one that
/// its record names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// With a record: version and agreement only, and what became of it.
    Record(Extra, Inside),
    /// With what a record holds.
    Content(Extra),
}

impl Note {
    const RECORD: u32 = 1 << 4;

    /// What was kept with a message of TLS.
    #[must_use]
    pub fn of(message: &Message) -> Self {
        message.extra::<Kind>().unwrap_or_default()
    }

    /// What was settled when it was read.
    #[must_use]
    pub const fn extra(self) -> Extra {
        match self {
            Self::Record(extra, _) | Self::Content(extra) => extra,
        }
    }

    /// The buffer that holds a record's plaintext, where it was opened.
    #[must_use]
    pub const fn plaintext(self) -> Option<BufferId> {
        match self {
            Self::Record(_, Inside::Opened(buffer)) => Some(buffer),
            Self::Record(..) | Self::Content(_) => None,
        }
    }

    /// Why a record stays sealed.
    #[must_use]
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Record(_, Inside::Sealed(reason)) => Some(reason),
            Self::Record(..) | Self::Content(_) => None,
        }
    }
}

impl Default for Note {
    fn default() -> Self {
        Self::Content(Extra::default())
    }
}

impl typed::Extra for Note {
    fn pack(self) -> u32 {
        match self {
            Self::Record(extra, inside) => {
                let buffer = match inside {
                    Inside::Clear => NO_BUFFER,
                    Inside::Opened(buffer) => match buffer.kind() {
                        Buffer::Derived(number) if number <= MAX_BUFFER => number,
                        _ => NO_BUFFER,
                    },
                    Inside::Sealed(reason) => SEALED + u32::from(reason.number()),
                };
                extra.pack() & Extra::VERSION_BITS | Self::RECORD | buffer << 5
            }
            Self::Content(extra) => extra.pack(),
        }
    }

    fn unpack(packed: u32) -> Self {
        if packed & Self::RECORD == 0 {
            return Self::Content(Extra::unpack(packed));
        }
        let (extra, number) = (Extra::unpack(packed & Extra::VERSION_BITS), packed >> 5);
        let reason = || number.checked_sub(SEALED).and_then(|code| u8::try_from(code).ok());
        let inside = match number {
            ..=MAX_BUFFER => Inside::Opened(BufferId::derived(number)),
            NO_BUFFER => Inside::Clear,
            _ => reason().and_then(Reason::of).map_or(Inside::Clear, Inside::Sealed),
        };
        Self::Record(extra, inside)
    }
}

#[cfg(test)]
mod tests {
    use super::super::suite::Suite;
    use super::super::version::Version;
    use super::*;
    use crate::typed::Extra as _;

    #[test]
    fn what_is_kept_comes_back() {
        let check = |note: Note| assert_eq!(Note::unpack(note.pack()), note);
        let extra = Extra { version: Version::TLS12, agreed: true, ..Extra::default() };
        check(Note::Record(extra, Inside::Clear));
        for reason in (0..).map_while(Reason::of) {
            check(Note::Record(extra, Inside::Sealed(reason)));
        }
        let opened = |number| Note::Record(extra, Inside::Opened(BufferId::derived(number)));
        check(opened(0));
        check(opened(MAX_BUFFER));
        let suite = Suite(0x1301);
        check(Note::Content(Extra { suite, resumed: true, retried: true, early: true, ..extra }));
        check(Note::Content(Extra { suite: Suite(u16::MAX), ..extra }));
        let beyond = opened(MAX_BUFFER + 1);
        assert_eq!(Note::unpack(beyond.pack()), Note::Record(extra, Inside::Clear));
    }
}
