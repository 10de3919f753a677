//! Frames (RFC 9000, section 19; RFC 9221): what a packet is made of, once it is opened.
//!
//! ```text
//!   |type …|numbers, and what they bound|type …| …       no frame leaves its packet
//! ```

use super::header::MAX_ID;
use crate::bytes::{Reader, Short};
use crate::protocols::quic::limits::{MAX_ACK_RANGES, MAX_QUIC_FRAMES};
use crate::protocols::varint::varint;
use crate::span::Span;

/// Types of frames, by their numbers.
#[allow(missing_docs)] // The names are the frames' own.
pub(super) mod kind {
    pub(in crate::protocols::quic) const PADDING: u64 = 0x00;
    pub(in crate::protocols::quic) const PING: u64 = 0x01;
    pub(in crate::protocols::quic) const ACK: u64 = 0x02;
    pub(in crate::protocols::quic) const ACK_ECN: u64 = 0x03;
    pub(in crate::protocols::quic) const RESET_STREAM: u64 = 0x04;
    pub(in crate::protocols::quic) const STOP_SENDING: u64 = 0x05;
    pub(in crate::protocols::quic) const CRYPTO: u64 = 0x06;
    pub(in crate::protocols::quic) const NEW_TOKEN: u64 = 0x07;
    pub(in crate::protocols::quic) const STREAM: u64 = 0x08;
    pub(in crate::protocols::quic) const LAST_STREAM: u64 = 0x0f;
    pub(in crate::protocols::quic) const MAX_DATA: u64 = 0x10;
    pub(in crate::protocols::quic) const MAX_STREAM_DATA: u64 = 0x11;
    pub(in crate::protocols::quic) const MAX_STREAMS_BIDI: u64 = 0x12;
    pub(in crate::protocols::quic) const MAX_STREAMS_UNI: u64 = 0x13;
    pub(in crate::protocols::quic) const DATA_BLOCKED: u64 = 0x14;
    pub(in crate::protocols::quic) const STREAM_DATA_BLOCKED: u64 = 0x15;
    pub(in crate::protocols::quic) const STREAMS_BLOCKED_BIDI: u64 = 0x16;
    pub(in crate::protocols::quic) const STREAMS_BLOCKED_UNI: u64 = 0x17;
    pub(in crate::protocols::quic) const NEW_CONNECTION_ID: u64 = 0x18;
    pub(in crate::protocols::quic) const RETIRE_CONNECTION_ID: u64 = 0x19;
    pub(in crate::protocols::quic) const PATH_CHALLENGE: u64 = 0x1a;
    pub(in crate::protocols::quic) const PATH_RESPONSE: u64 = 0x1b;
    pub(in crate::protocols::quic) const CLOSE: u64 = 0x1c;
    pub(in crate::protocols::quic) const CLOSE_APP: u64 = 0x1d;
    pub(in crate::protocols::quic) const HANDSHAKE_DONE: u64 = 0x1e;
    pub(in crate::protocols::quic) const IMMEDIATE_ACK: u64 = 0x1f;
    pub(in crate::protocols::quic) const RESET_STREAM_AT: u64 = 0x24;
    pub(in crate::protocols::quic) const DATAGRAM: u64 = 0x30;
    pub(in crate::protocols::quic) const DATAGRAM_LEN: u64 = 0x31;
    pub(in crate::protocols::quic) const ACK_FREQUENCY: u64 = 0xaf;
}

/// The bits of a STREAM frame's type.
pub(super) const FIN: u64 = 1;
pub(super) const HAS_LENGTH: u64 = 2;
pub(super) const HAS_OFFSET: u64 = 4;

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Its type.
    pub(super) kind: u64,
    /// Where it lies; of padding, all of it in a row.
    pub(super) place: Span,
    /// What it says.
    pub(super) says: Says,
}

/// What a frame says, as far as anybody acts on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// Nothing that its type does not say.
    Nothing,
    /// Which packets have come: from, to, the latest first; and how long the latest was held back,
    /// in the unit of who says so.
    Acknowledged { ranges: Vec<(u64, u64)>, delay: u64 },
    /// Bytes of the handshake.
    Crypto { offset: u64, data: Span },
    /// Bytes of a stream.
    Stream { stream: u64, offset: u64, data: Span, is_last: bool },
    /// A stream is broken off, or is to be.
    Broken { stream: u64, code: u64 },
    /// Another id that its sender goes by, which one it is, and the token of its stateless reset.
    Id { sequence: u64, id: Span, token: Span },
    /// A number: a limit, a sequence number.
    Number(u64),
    /// A number of a stream.
    OfStream { stream: u64, number: u64 },
    /// The connection is over.
    Closed { code: u64, reason: Span },
    /// A datagram, a token, what a path is asked with.
    Bytes(Span),
}

/// A number, wherever it lies.
fn number(reader: &mut Reader<'_>, what: &'static str) -> Result<u64, Short> {
    varint(reader, what).map(|(number, _)| number)
}

/// As many bytes as a number before them says.
fn counted(reader: &mut Reader<'_>, what: &'static str) -> Result<Span, Short> {
    let len = number(reader, what)?;
    let (_, place) = reader.take(usize::try_from(len).unwrap_or(usize::MAX), what)?;
    Ok(place)
}

impl Frame {
    /// Reads the next frame.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Short> {
        let start = reader.span();
        let before = reader.len();
        let kind = number(reader, "the frame's type")?;
        let says = says(kind, reader)?;
        Ok(Self { kind, place: start.part(0, before - reader.len()), says })
    }

    /// Whether a packet with it has to be acknowledged (RFC 9002, section 2).
    pub(super) const fn elicits(&self) -> bool {
        !matches!(
            self.kind,
            kind::PADDING | kind::ACK | kind::ACK_ECN | kind::CLOSE | kind::CLOSE_APP
        )
    }

    /// Whether a packet with nothing else moves nobody to another path (RFC 9000, section 9.1).
    pub(super) const fn only_probes(&self) -> bool {
        matches!(
            self.kind,
            kind::PADDING | kind::PATH_CHALLENGE | kind::PATH_RESPONSE | kind::NEW_CONNECTION_ID
        )
    }

    /// The frames of a packet, as far as they can be read.
    pub(super) fn all(mut reader: Reader<'_>) -> Vec<Self> {
        let mut found = Vec::new();
        while !reader.is_empty() && found.len() < MAX_QUIC_FRAMES {
            match Self::read(&mut reader) {
                Ok(frame) => found.push(frame),
                Err(_) => break,
            }
        }
        found
    }
}

fn says(kind: u64, reader: &mut Reader<'_>) -> Result<Says, Short> {
    Ok(match kind {
        kind::PADDING => {
            let rest = reader.rest();
            let len = rest.iter().position(|byte| *byte != 0).unwrap_or(rest.len());
            reader.take(len, "padding")?;
            Says::Nothing
        }
        kind::ACK | kind::ACK_ECN => acknowledged(kind, reader)?,
        kind::RESET_STREAM => {
            let stream = number(reader, "the stream")?;
            let code = number(reader, "the error code")?;
            number(reader, "the final size")?;
            Says::Broken { stream, code }
        }
        // As QUIC Stream Resets with Partial Delivery (draft-ietf-quic-reliable-stream-reset)
        // writes it.
        kind::RESET_STREAM_AT => {
            let stream = number(reader, "the stream")?;
            let code = number(reader, "the error code")?;
            number(reader, "the final size")?;
            number(reader, "the reliable size")?;
            Says::Broken { stream, code }
        }
        kind::STOP_SENDING => {
            let stream = number(reader, "the stream")?;
            Says::Broken { stream, code: number(reader, "the error code")? }
        }
        kind::CRYPTO => {
            let offset = number(reader, "the offset")?;
            Says::Crypto { offset, data: counted(reader, "the handshake's bytes")? }
        }
        kind::NEW_TOKEN => Says::Bytes(counted(reader, "the token")?),
        kind::STREAM..=kind::LAST_STREAM => {
            let stream = number(reader, "the stream")?;
            let has_offset = kind & HAS_OFFSET != 0;
            let offset = if has_offset { number(reader, "the offset")? } else { 0 };
            let data = if kind & HAS_LENGTH != 0 {
                counted(reader, "the stream's bytes")?
            } else {
                reader.take(reader.len(), "the stream's bytes")?.1
            };
            Says::Stream { stream, offset, data, is_last: kind & FIN != 0 }
        }
        kind::MAX_DATA
        | kind::MAX_STREAMS_BIDI
        | kind::MAX_STREAMS_UNI
        | kind::DATA_BLOCKED
        | kind::STREAMS_BLOCKED_BIDI
        | kind::STREAMS_BLOCKED_UNI
        | kind::RETIRE_CONNECTION_ID => Says::Number(number(reader, "a number")?),
        kind::MAX_STREAM_DATA | kind::STREAM_DATA_BLOCKED => {
            let stream = number(reader, "the stream")?;
            Says::OfStream { stream, number: number(reader, "the limit")? }
        }
        kind::NEW_CONNECTION_ID => {
            let sequence = number(reader, "the sequence number")?;
            number(reader, "what is to be retired")?;
            let (len, _) = reader.u8("the id's length")?;
            let (_, id) = reader.take(usize::from(len).min(MAX_ID), "the id")?;
            let (_, token) = reader.take(16, "the token")?;
            Says::Id { sequence, id, token }
        }
        kind::PATH_CHALLENGE | kind::PATH_RESPONSE => {
            Says::Bytes(reader.take(8, "what the path is asked with")?.1)
        }
        kind::CLOSE | kind::CLOSE_APP => {
            let code = number(reader, "the error code")?;
            if kind == kind::CLOSE {
                number(reader, "the frame's type")?;
            }
            Says::Closed { code, reason: counted(reader, "the reason")? }
        }
        kind::DATAGRAM => Says::Bytes(reader.take(reader.len(), "the datagram")?.1),
        kind::DATAGRAM_LEN => Says::Bytes(counted(reader, "the datagram")?),
        kind::ACK_FREQUENCY => {
            let sequence = number(reader, "the sequence number")?;
            for what in ["the threshold", "the delay", "the reordering threshold"] {
                number(reader, what)?;
            }
            Says::Number(sequence)
        }
        kind::PING | kind::HANDSHAKE_DONE | kind::IMMEDIATE_ACK => Says::Nothing,
        // How long a frame is that nobody knows, nobody knows.
        _ => {
            reader.take(reader.len(), "the rest")?;
            Says::Nothing
        }
    })
}

/// The ranges of an ACK frame (RFC 9000, section 19.3.1): each follows from the one before, and
/// none reaches below 0.
fn acknowledged(kind: u64, reader: &mut Reader<'_>) -> Result<Says, Short> {
    let largest = number(reader, "the largest number")?;
    let delay = number(reader, "the delay")?;
    let count = number(reader, "the number of ranges")?;
    let first = number(reader, "the first range")?;
    let mut smallest = largest.checked_sub(first);
    let mut found: Vec<(u64, u64)> = smallest.map(|from| (from, largest)).into_iter().collect();
    for _ in 0..count {
        let gap = number(reader, "a gap")?;
        let len = number(reader, "a range")?;
        let next = smallest.and_then(|from| from.checked_sub(gap)?.checked_sub(2));
        smallest = next.and_then(|to| to.checked_sub(len));
        if let (Some(from), Some(to), true) = (smallest, next, found.len() < MAX_ACK_RANGES) {
            found.push((from, to));
        }
    }
    if kind == kind::ACK_ECN {
        for _ in 0..3 {
            number(reader, "a count of marks")?;
        }
    }
    Ok(Says::Acknowledged { ranges: found, delay })
}

/// What a type is called, in the words of rows: `ACK`, `STREAM`.
pub(super) fn short(kind: u64) -> &'static str {
    match kind {
        kind::PADDING => "PADDING",
        kind::PING => "PING",
        kind::ACK | kind::ACK_ECN => "ACK",
        kind::RESET_STREAM | kind::RESET_STREAM_AT => "RS",
        kind::STOP_SENDING => "SS",
        kind::CRYPTO => "CRYPTO",
        kind::NEW_TOKEN => "NT",
        kind::STREAM..=kind::LAST_STREAM => "STREAM",
        kind::MAX_DATA => "MD",
        kind::MAX_STREAM_DATA => "MSD",
        kind::MAX_STREAMS_BIDI | kind::MAX_STREAMS_UNI => "MS",
        kind::DATA_BLOCKED => "DB",
        kind::STREAM_DATA_BLOCKED => "SDB",
        kind::STREAMS_BLOCKED_BIDI | kind::STREAMS_BLOCKED_UNI => "SB",
        kind::NEW_CONNECTION_ID => "NCI",
        kind::RETIRE_CONNECTION_ID => "RC",
        kind::PATH_CHALLENGE => "PC",
        kind::PATH_RESPONSE => "PR",
        kind::CLOSE | kind::CLOSE_APP => "CC",
        kind::HANDSHAKE_DONE => "DONE",
        kind::IMMEDIATE_ACK => "IA",
        kind::DATAGRAM | kind::DATAGRAM_LEN => "DG",
        kind::ACK_FREQUENCY => "AF",
        _ => "Unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANYWHERE: Span = Span { len: u32::MAX, ..Span::NONE };

    #[track_caller]
    fn read(bytes: &[u8]) -> Vec<(u64, Says)> {
        let frames = Frame::all(Reader::new(bytes, ANYWHERE));
        frames.into_iter().map(|frame| (frame.kind, frame.says)).collect()
    }

    #[test]
    fn frames_end_where_they_say() {
        let place = |start, len| Span { start, len, ..Span::NONE };
        let bytes = [
            &[0, 0, 0, 1][..],
            &[6, 0x40, 5, 2, 9, 9],
            &[0x0b, 4, 1, 7],
            &[0x24, 8, 1, 9, 3],
            &[0x04, 8, 1, 2],
            &[0x1c, 0x0a, 6, 1, b'x'],
            &[0x0c, 4, 1, 7, 7],
        ];
        let expected = [
            (0, Says::Nothing),
            (1, Says::Nothing),
            (6, Says::Crypto { offset: 5, data: place(8, 2) }),
            (0x0b, Says::Stream { stream: 4, offset: 0, data: place(13, 1), is_last: true }),
            (0x24, Says::Broken { stream: 8, code: 1 }),
            (0x04, Says::Broken { stream: 8, code: 1 }),
            (0x1c, Says::Closed { code: 10, reason: place(27, 1) }),
            (0x0c, Says::Stream { stream: 4, offset: 1, data: place(31, 2), is_last: false }),
        ];
        assert_eq!(read(&bytes.concat()), expected);
        assert_eq!(read(&[6, 0, 3, 1, 1]), [], "less than it says");
        assert_eq!(read(&[0x2f, 1]).len(), 1, "one that is not known takes all");
    }

    #[test]
    fn ranges_of_acknowledgements_do_not_wrap() {
        fn check(bytes: &[u8], expected: &[(u64, u64)]) {
            let says = Says::Acknowledged { ranges: expected.to_vec(), delay: 0 };
            assert_eq!(read(bytes), [(2, says)]);
        }
        check(&[2, 10, 0, 0, 3], &[(7, 10)]);
        check(&[2, 10, 0, 1, 1, 2, 3], &[(9, 10), (2, 5)]);
        check(&[2, 10, 0, 1, 1, 9, 0], &[(9, 10)]);
        check(&[2, 10, 0, 1, 1, 2, 6], &[(9, 10)]);
        check(&[2, 1, 0, 0, 5], &[]);
        let says = Says::Acknowledged { ranges: vec![(1, 1)], delay: 7 };
        assert_eq!(read(&[3, 1, 7, 0, 0, 1, 2, 3]), [(3, says)]);
        let many = [&[2, 0x80, 0, 0x40, 0, 0, 0x80, 0, 8, 0, 0][..], &[0; 4096]].concat();
        match read(&many).as_slice() {
            [(2, Says::Acknowledged { ranges, .. }), ..] => {
                assert_eq!(ranges.len(), MAX_ACK_RANGES)
            }
            other => panic!("{other:?}"),
        }
    }
}
