//! What is kept with each message, packed into four bytes.
//!
//! ```text
//!   records   |buffer of the plaintext 27|1|agreed 1|version 3|
//!   the rest  |   as the handshake has it  0                  |
//! ```

use super::Kind;
use super::handshake::Extra;
use crate::message::Message;
use crate::span::{Buffer, BufferId};
use crate::typed;

/// The highest number of a plaintext buffer that fits; those beyond it are not looked up.
const MAX_BUFFER: u32 = (1 << 27) - 2;

/// Where a record was not opened.
const NO_BUFFER: u32 = (1 << 27) - 1;

/// What is kept with a message. The version is the one agreed on, or before that, the one that
/// its record names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// With a record: version and agreement only, and where its plaintext lies, once opened.
    Record(Extra, Option<BufferId>),
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
            Self::Record(_, plaintext) => plaintext,
            Self::Content(_) => None,
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
            Self::Record(extra, plaintext) => {
                let buffer = match plaintext.map(BufferId::kind) {
                    Some(Buffer::Derived(number)) if number <= MAX_BUFFER => number,
                    _ => NO_BUFFER,
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
        Self::Record(extra, (number != NO_BUFFER).then(|| BufferId::derived(number)))
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
        check(Note::Record(extra, None));
        check(Note::Record(extra, Some(BufferId::derived(0))));
        check(Note::Record(extra, Some(BufferId::derived(MAX_BUFFER))));
        let suite = Suite(0x1301);
        check(Note::Content(Extra { suite, resumed: true, retried: true, early: true, ..extra }));
        check(Note::Content(Extra { suite: Suite(u16::MAX), ..extra }));
        let beyond = Note::Record(extra, Some(BufferId::derived(MAX_BUFFER + 2)));
        assert_eq!(Note::unpack(beyond.pack()), Note::Record(extra, None));
    }
}
