//! The nine bytes before every frame, and what its flags mean (RFC 9113, sections 4.1 and 6).

/// What a client sends before its first frame (RFC 9113, section 3.4).
pub(super) const PREFACE_BYTES: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

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
/// `CONTINUATION`.
pub(super) const CONTINUATION: u8 = 9;

/// Nothing more comes on this stream from this side; of `SETTINGS` and `PING`: an acknowledgement.
pub(super) const END_STREAM: u8 = 0x01;
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

    /// Whether this side says nothing more on the stream after this frame.
    pub(super) const fn ends_stream(&self) -> bool {
        matches!(self.kind, DATA | HEADERS) && self.has(END_STREAM)
    }

    /// The name of its type.
    pub(super) fn name(&self) -> &'static str {
        super::TYPE.def().name_of(u64::from(self.kind)).unwrap_or("UNKNOWN")
    }
}
