//! What explaining a message takes and its bytes do not hold, packed into [`Message::extra`].
//!
//! ```text
//!   records   |buffer of the plaintext 27|1|agreed 1|version 3|
//!   the rest  |flags 8|suite 16|    3    |0|agreed 1|version 3|
//! ```

use super::Kind;
use super::record::Version;
use super::suite::Suite;
use crate::message::Message;
use crate::span::{Buffer, BufferId};
use crate::typed;

/// The highest number of a plaintext buffer that fits; those beyond it are not looked up.
const MAX_BUFFER: u32 = (1 << 27) - 2;

/// Where a record was not opened.
const NO_BUFFER: u32 = (1 << 27) - 1;

/// The state of the session when a message was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extra {
    /// The version agreed on, or before that, the one the record names.
    pub version: Version,
    /// Whether the two sides have agreed on it yet.
    pub agreed: bool,
    /// The suite agreed on.
    pub suite: Suite,
    /// Whether an earlier session goes on (its secret is used again).
    pub resumed: bool,
    /// Whether a HelloRetryRequest went before.
    pub retried: bool,
    /// Whether the client offered early data.
    pub early: bool,
}

impl Extra {
    const RESUMED: u32 = 1 << 24;
    const RETRIED: u32 = 1 << 25;
    const EARLY: u32 = 1 << 26;

    /// Version and agreement.
    fn version_bits(self) -> u32 {
        let code = match self.version {
            Version::SSL30 => 1,
            Version::TLS10 => 2,
            Version::TLS11 => 3,
            Version::TLS12 => 4,
            Version::TLS13 => 5,
            _ => 0,
        };
        code | u32::from(self.agreed) << 3
    }

    fn of_version_bits(packed: u32) -> Self {
        let version = match packed & 7 {
            1 => Version::SSL30,
            2 => Version::TLS10,
            3 => Version::TLS11,
            4 => Version::TLS12,
            5 => Version::TLS13,
            _ => Version::default(),
        };
        Self { version, agreed: packed & 8 != 0, ..Self::default() }
    }

    /// Out of a message, record or not (of a record: version and agreement only).
    #[must_use]
    pub fn of(message: &Message) -> Self {
        match message.extra::<Kind>().unwrap_or_default() {
            Note::Content(extra) | Note::Record(extra, _) => extra,
        }
    }

    /// Whether both sides have agreed on TLS 1.3.
    #[must_use]
    pub fn is_tls13(self) -> bool {
        self.agreed && self.version == Version::TLS13
    }
}

/// The buffer that holds a record's plaintext, where it was opened.
#[must_use]
pub fn plaintext_buffer(record: &Message) -> Option<BufferId> {
    match record.extra::<Kind>()? {
        Note::Record(_, plaintext) => plaintext,
        Note::Content(_) => None,
    }
}

/// What is kept with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// With a record: version and agreement only, and where its plaintext lies, once opened.
    Record(Extra, Option<BufferId>),
    /// With what a record holds.
    Content(Extra),
}

impl Note {
    const RECORD: u32 = 1 << 4;
}

impl Default for Note {
    fn default() -> Self {
        Self::Content(Extra::default())
    }
}

impl typed::Extra for Note {
    fn pack(self) -> u32 {
        let flag = |set: bool, bit: u32| if set { bit } else { 0 };
        match self {
            Self::Record(extra, plaintext) => {
                let buffer = match plaintext.map(BufferId::kind) {
                    Some(Buffer::Derived(number)) if number <= MAX_BUFFER => number,
                    _ => NO_BUFFER,
                };
                extra.version_bits() | Self::RECORD | buffer << 5
            }
            Self::Content(extra) => {
                extra.version_bits()
                    | u32::from(extra.suite.0) << 8
                    | flag(extra.resumed, Extra::RESUMED)
                    | flag(extra.retried, Extra::RETRIED)
                    | flag(extra.early, Extra::EARLY)
            }
        }
    }

    fn unpack(packed: u32) -> Self {
        let extra = Extra::of_version_bits(packed);
        if packed & Self::RECORD != 0 {
            let number = packed >> 5;
            return Self::Record(extra, (number != NO_BUFFER).then(|| BufferId::derived(number)));
        }
        Self::Content(Extra {
            suite: Suite((packed >> 8) as u16),
            resumed: packed & Extra::RESUMED != 0,
            retried: packed & Extra::RETRIED != 0,
            early: packed & Extra::EARLY != 0,
            ..extra
        })
    }
}

#[cfg(test)]
mod tests {
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
