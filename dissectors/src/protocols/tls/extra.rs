//! What explaining a message takes and its bytes do not hold, packed into [`Message::extra`].
//!
//! ```text
//!   records   |buffer of the plaintext 28|agreed 1|version 3|
//!   the rest  |flags 8|suite 16|    4    |agreed 1|version 3|
//! ```

use super::record::Version;
use super::suite::Suite;
use crate::message::Message;
use crate::span::{Buffer, BufferId, Span};

/// The highest number of a plaintext buffer that fits; those beyond it are not looked up.
const MAX_BUFFER: u32 = (1 << 28) - 2;

/// Where a record was not opened.
const NO_BUFFER: u32 = (1 << 28) - 1;

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

    /// As a number to keep with a message that is no record.
    #[must_use]
    pub fn pack(self) -> u32 {
        let flag = |set: bool, bit: u32| if set { bit } else { 0 };
        self.version_bits()
            | u32::from(self.suite.0) << 8
            | flag(self.resumed, Self::RESUMED)
            | flag(self.retried, Self::RETRIED)
            | flag(self.early, Self::EARLY)
    }

    /// As a number to keep with a record, together with where its plaintext lies.
    #[must_use]
    pub fn pack_record(self, plaintext: Option<Span>) -> u32 {
        let buffer = match plaintext.map(|span| span.buffer.kind()) {
            Some(Buffer::Derived(number)) if number <= MAX_BUFFER => number,
            _ => NO_BUFFER,
        };
        self.version_bits() | buffer << 4
    }

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

    /// Out of a message, record or not (of a record: version and agreement only).
    #[must_use]
    pub fn of(message: &Message) -> Self {
        let extra = message.extra;
        let version = match extra & 7 {
            1 => Version::SSL30,
            2 => Version::TLS10,
            3 => Version::TLS11,
            4 => Version::TLS12,
            5 => Version::TLS13,
            _ => Version::default(),
        };
        Self {
            version,
            agreed: extra & 8 != 0,
            suite: Suite((extra >> 8) as u16),
            resumed: extra & Self::RESUMED != 0,
            retried: extra & Self::RETRIED != 0,
            early: extra & Self::EARLY != 0,
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
    let number = record.extra >> 4;
    (number != NO_BUFFER).then(|| BufferId::derived(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{Direction, FrameId, LayerId, MessageId};
    use crate::message::{MessageKind, Protection};

    fn message(extra: u32) -> Message {
        Message {
            id: MessageId(0),
            span: Span::NONE,
            done: FrameId(0),
            parent: MessageId::NONE,
            layer: LayerId(0),
            extra,
            kind: MessageKind(0),
            protection: Protection::Clear,
            direction: Direction::Forward,
        }
    }

    #[test]
    fn what_is_packed_comes_out_again() {
        let extra = Extra {
            version: Version::TLS12,
            agreed: true,
            suite: Suite(0xc02b),
            resumed: true,
            retried: false,
            early: true,
        };
        assert_eq!(Extra::of(&message(extra.pack())), extra);

        let span = Span { buffer: BufferId::derived(77), start: 0, len: 9 };
        let record = message(extra.pack_record(Some(span)));
        assert_eq!(plaintext_buffer(&record), Some(span.buffer));
        assert_eq!(Extra::of(&record).version, Version::TLS12);
        assert_eq!(plaintext_buffer(&message(extra.pack_record(None))), None);
    }
}
