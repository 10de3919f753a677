//! The protocol in bytes: a head of 24 bytes, then extras, key and value.

/// How long a head is, in bytes.
pub(super) const HEAD: usize = 24;

/// The opcode whose answers are many: the last one has no key.
const STATISTICS: u8 = 0x10;

/// The head of a request or a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) is_request: bool,
    pub(super) opcode: u8,
    pub(super) key_len: u16,
    pub(super) extras_len: u8,
    /// Of a response, how it went.
    pub(super) status: u16,
    pub(super) opaque: u32,
    /// How long the message is, with its head.
    pub(super) len: u64,
}

impl Head {
    /// The head that stands here; `None` if it is none.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let head = bytes.first_chunk::<HEAD>()?;
        let [magic @ (0x80 | 0x81), opcode, k1, k0, extras_len, 0, s1, s0, rest @ ..] = head else {
            return None;
        };
        let [b3, b2, b1, b0, o3, o2, o1, o0, ..] = rest;
        let body = u32::from_be_bytes([*b3, *b2, *b1, *b0]);
        let key_len = u16::from_be_bytes([*k1, *k0]);
        let fits = u32::from(key_len) + u32::from(*extras_len) <= body;
        // Opcodes end below 0x80, and no value is longer than a gigabyte.
        (fits && *opcode < 0x80 && body <= 1 << 30).then_some(Self {
            is_request: *magic == 0x80,
            opcode: *opcode,
            key_len,
            extras_len: *extras_len,
            status: u16::from_be_bytes([*s1, *s0]),
            opaque: u32::from_be_bytes([*o3, *o2, *o1, *o0]),
            len: HEAD as u64 + u64::from(body),
        })
    }

    /// Whether its opcode has a name.
    pub(super) fn is_known(self) -> bool {
        super::OPCODE.def().name_of(self.opcode.into()).is_some()
    }

    /// What a request and its responses share.
    pub(super) fn key(self) -> u64 {
        u64::from(self.opaque) << 8 | u64::from(self.opcode)
    }

    /// Whether more responses to the same request follow.
    pub(super) const fn goes_on(self) -> bool {
        !self.is_request && self.opcode == STATISTICS && self.key_len > 0
    }
}
