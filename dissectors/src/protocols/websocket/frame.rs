//! The header of a frame (RFC 6455, section 5.2).

/// A frame that goes on with a message.
pub(super) const CONTINUATION: u8 = 0;
/// A message of text.
pub(super) const TEXT: u8 = 1;
/// A message of bytes.
pub(super) const BINARY: u8 = 2;
/// The end of the connection.
pub(super) const CLOSE: u8 = 8;
/// A question whether the other side is there.
pub(super) const PING: u8 = 9;
/// Its answer.
pub(super) const PONG: u8 = 10;

/// The longest header: two bytes, a length of eight, a key of four.
pub(super) const MAX_HEADER: usize = 14;

/// A frame's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FrameHeader {
    /// Whether the message ends with it.
    pub(super) fin: bool,
    /// The first reserved bit: the message is packed (RFC 7692, section 6).
    pub(super) packed: bool,
    pub(super) opcode: u8,
    pub(super) key: Option<[u8; 4]>,
    /// The length of the payload in bytes.
    pub(super) length: u64,
    /// The length of the header.
    pub(super) header: usize,
}

impl FrameHeader {
    /// Reads a header, where all of it is there; else how many bytes it takes.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, usize> {
        let [first, second] = *bytes.first_chunk().ok_or(2usize)?;
        let short = second & 0x7f;
        let (length, end) = match short {
            126 => (
                bytes
                    .get(2..)
                    .and_then(<[u8]>::first_chunk)
                    .map(|all| u64::from(u16::from_be_bytes(*all))),
                4,
            ),
            127 => (
                bytes.get(2..).and_then(<[u8]>::first_chunk).map(|all| u64::from_be_bytes(*all)),
                10,
            ),
            length => (Some(u64::from(length)), 2),
        };
        let is_masked = second & 0x80 != 0;
        let header = end + if is_masked { 4 } else { 0 };
        let length = length.filter(|_| bytes.len() >= header).ok_or(header)?;
        let key = bytes.get(end..).and_then(<[u8]>::first_chunk).copied();
        Ok(Self {
            fin: first & 0x80 != 0,
            packed: first & 0x40 != 0,
            opcode: first & 0x0f,
            key: key.filter(|_| is_masked),
            length,
            header,
        })
    }

    /// Whether it may stand between the frames of a message (section 5.5).
    pub(super) const fn is_control(&self) -> bool {
        self.opcode & 8 != 0
    }
}

/// Undoes the mask (section 5.3).
pub(super) fn unmask(key: [u8; 4], masked: &[u8], out: &mut Vec<u8>) {
    out.extend(masked.iter().zip(key.into_iter().cycle()).map(|(byte, key)| byte ^ key));
}
