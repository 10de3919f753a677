//! The nine bytes before every frame, and what its flags mean (RFC 9113, sections 4.1 and 6).

use std::ops::Range;

/// What a client sends before its first frame (RFC 9113, section 3.4).
pub(super) const PREFACE_BYTES: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The longest payload that a peer takes unless it says otherwise (RFC 9113, section 4.2).
const USUAL_FRAME: u32 = 1 << 14;

/// Connections are made anew long before they have had so many streams.
const LIKELY_STREAM: u32 = 1 << 20;

/// The length of a frame's header in bytes.
pub(super) const HEADER_LEN: usize = 9;

/// `DATA`.
pub(super) const DATA: u8 = 0;
/// `HEADERS`.
pub(super) const HEADERS: u8 = 1;
/// `PRIORITY`.
pub(super) const PRIORITY: u8 = 2;
/// `RST_STREAM`.
pub(super) const RST_STREAM: u8 = 3;
/// `SETTINGS`.
pub(super) const SETTINGS: u8 = 4;
/// `PUSH_PROMISE`.
pub(super) const PUSH_PROMISE: u8 = 5;
/// `PING`.
pub(super) const PING: u8 = 6;
/// `GOAWAY`.
pub(super) const GOAWAY: u8 = 7;
/// `WINDOW_UPDATE`.
pub(super) const WINDOW_UPDATE: u8 = 8;
/// The last stream in the `GOAWAY` of a server that will leave and takes up what is still on its
/// way (RFC 9113, section 6.8).
pub(super) const NO_LAST_STREAM: u32 = 0x7fff_ffff;

/// The last stream that a `GOAWAY` names.
pub(super) fn last_stream(payload: &[u8]) -> u32 {
    payload.first_chunk().map_or(0, |all| u32::from_be_bytes(*all)) & 0x7fff_ffff
}

/// `CONTINUATION`.
pub(super) const CONTINUATION: u8 = 9;

/// `ALTSVC` (RFC 7838, section 4).
pub(super) const ALTSVC: u8 = 10;
/// `ORIGIN` (RFC 8336, section 2).
pub(super) const ORIGIN: u8 = 12;
/// `PRIORITY_UPDATE` (RFC 9218, section 7.1).
pub(super) const PRIORITY_UPDATE: u8 = 16;

/// Nothing more comes on this stream from this side; of `SETTINGS` and `PING`: an acknowledgement.
pub(super) const END_STREAM: u8 = 0x01;
/// The header block ends with this frame.
pub(super) const END_HEADERS: u8 = 0x04;
/// The payload begins with a pad length and ends with as many bytes of padding.
pub(super) const PADDED: u8 = 0x08;
/// The header block is preceded by a priority.
pub(super) const HAS_PRIORITY: u8 = 0x20;

/// A frame's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FrameHeader {
    /// The length of the payload in bytes; 24 bits on the wire.
    pub(super) length: u32,
    /// What the frame is.
    pub(super) kind: u8,
    /// What its flags say depends on what it is.
    pub(super) flags: u8,
    /// The stream; 0 for the connection as a whole.
    pub(super) stream: u32,
}

impl FrameHeader {
    /// Reads a header, where all of it is there.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let [a, b, c, kind, flags, stream @ ..] = *bytes.first_chunk::<HEADER_LEN>()?;
        Some(Self {
            length: u32::from_be_bytes([0, a, b, c]),
            kind,
            flags,
            // The highest bit is reserved and to be ignored.
            stream: u32::from_be_bytes(stream) & 0x7fff_ffff,
        })
    }

    /// Whether a flag is set.
    pub(super) const fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Whether its payload may be padded, and is.
    pub(super) const fn is_padded(&self) -> bool {
        matches!(self.kind, DATA | HEADERS | PUSH_PROMISE) && self.has(PADDED)
    }

    /// Whether it carries a piece of a header block.
    pub(super) const fn carries_block(&self) -> bool {
        matches!(self.kind, HEADERS | PUSH_PROMISE | CONTINUATION)
    }

    /// Where the piece of a header block lies in a payload: without padding and what stands before
    /// it. `None` if these take more than there is.
    pub(super) fn fragment(&self, payload: &[u8]) -> Option<Range<usize>> {
        let mut start = usize::from(self.is_padded());
        let padding = if start > 0 { usize::from(*payload.first()?) } else { 0 };
        match self.kind {
            HEADERS if self.has(HAS_PRIORITY) => start += 5,
            PUSH_PROMISE => start += 4,
            _ => {}
        }
        let end = payload.len().checked_sub(padding)?;
        (start <= end).then_some(start..end)
    }

    /// Whether a frame may look like this: a known type, on a stream where it belongs, of a length
    /// that needs nobody's consent (section 4.2), with no flag that means nothing. It tells where
    /// frames go on behind a hole.
    pub(super) fn is_plausible(&self, first: &[u8]) -> bool {
        let (flags, on_stream) = match self.kind {
            DATA => (END_STREAM | PADDED, true),
            HEADERS => (END_STREAM | END_HEADERS | PADDED | HAS_PRIORITY, true),
            PRIORITY | RST_STREAM => (0, true),
            SETTINGS | PING => (END_STREAM, false),
            PUSH_PROMISE => (END_HEADERS | PADDED, true),
            GOAWAY => (0, false),
            WINDOW_UPDATE => (0, self.stream > 0),
            CONTINUATION => (END_HEADERS, true),
            _ => return false,
        };
        let length = match self.kind {
            PRIORITY => self.length == 5,
            RST_STREAM | WINDOW_UPDATE => self.length == 4,
            PING => self.length == 8,
            SETTINGS if self.has(END_STREAM) => self.length == 0,
            SETTINGS => self.length.is_multiple_of(6),
            GOAWAY => self.length >= 8,
            _ => self.length > 0 || self.has(END_STREAM),
        };
        let is_reserved = first.get(5).is_some_and(|byte| byte & 0x80 != 0);
        length
            && self.length <= USUAL_FRAME
            && self.flags & !flags == 0
            && (self.stream > 0) == on_stream
            && self.stream <= LIKELY_STREAM
            && !is_reserved
    }

    /// Whether this side says nothing more on the stream after this frame.
    pub(super) const fn ends_stream(&self) -> bool {
        matches!(self.kind, DATA | HEADERS) && self.has(END_STREAM)
    }

    /// The name of its type.
    pub(super) fn name(&self) -> &'static str {
        super::fields::TYPE.def().name_of(u64::from(self.kind)).unwrap_or("UNKNOWN")
    }
}

/// Whether bytes look like frames: the first one, and the one behind it where that is there.
pub(super) fn are_frames(bytes: &[u8]) -> bool {
    let Some(first) = FrameHeader::read(bytes).filter(|first| first.is_plausible(bytes)) else {
        return false;
    };
    let behind = bytes.get(HEADER_LEN + first.length as usize..).unwrap_or_default();
    FrameHeader::read(behind).is_none_or(|next| next.is_plausible(behind))
}

/// Whether bytes are frames and nothing else: two at least, or one that ends with them.
pub(super) fn are_only_frames(bytes: &[u8]) -> bool {
    let Some(first) = FrameHeader::read(bytes).filter(|first| first.is_plausible(bytes)) else {
        return false;
    };
    let behind = bytes.get(HEADER_LEN + first.length as usize..);
    behind.is_some_and(|behind| {
        let next = FrameHeader::read(behind).map(|next| next.is_plausible(behind));
        next.unwrap_or(behind.is_empty() && first.length > 0)
    })
}
