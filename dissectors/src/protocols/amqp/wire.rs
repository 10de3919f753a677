//! Frames of AMQP 0-9-1 (specification, section 4.2.3), as far as rows and sentences need them.

use super::methods::{self, Method};

/// Type, channel and size.
pub(super) const HEAD: usize = 7;
/// What a frame ends with.
pub(super) const END: u8 = 0xce;
/// What a client says first, with the version.
pub(super) const OPENING: &[u8; 4] = b"AMQP";
/// How long that is.
pub(super) const OPENING_LEN: usize = 8;

/// Brokers agree on 128 KiB a frame, and some on two gigabytes.
const MAX_FRAME: u32 = 1 << 30;

/// Types of frames.
pub(super) mod kind {
    pub(crate) const METHOD: u8 = 1;
    pub(crate) const HEADER: u8 = 2;
    pub(crate) const BODY: u8 = 3;
    pub(crate) const HEARTBEAT: u8 = 8;
}

/// A frame's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) kind: u8,
    pub(super) channel: u16,
    pub(super) size: u32,
}

impl Head {
    /// The head that stands here; `None` if it is none.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let [kind, c1, c0, s3, s2, s1, s0] = *bytes.first_chunk::<HEAD>()?;
        let size = u32::from_be_bytes([s3, s2, s1, s0]);
        let is_known = matches!(kind, 1..=3 | 8) && size <= MAX_FRAME;
        is_known.then_some(Self { kind, channel: u16::from_be_bytes([c1, c0]), size })
    }

    /// How long the frame is, with its end.
    pub(super) const fn len(self) -> u64 {
        HEAD as u64 + self.size as u64 + 1
    }
}

/// Class and method of a frame that holds one.
pub(super) fn method(bytes: &[u8]) -> Option<(u16, u16)> {
    Head::read(bytes).filter(|head| head.kind == kind::METHOD)?;
    let [c1, c0, m1, m0] = *bytes.get(HEAD..)?.first_chunk::<4>()?;
    Some((u16::from_be_bytes([c1, c0]), u16::from_be_bytes([m1, m0])))
}

/// The number of a Basic.Deliver, behind the consumer's name, and whether it was delivered before.
pub(super) fn delivery(bytes: &[u8]) -> Option<(u64, bool)> {
    let (len, rest) = bytes.get(HEAD + 4..)?.split_first()?;
    let (tag, rest) = rest.get(usize::from(*len)..)?.split_first_chunk()?;
    Some((u64::from_be_bytes(*tag), rest.first()? & 1 != 0))
}

/// How many messages a Basic.Qos allows before one is confirmed, behind how many bytes.
pub(super) fn prefetch(bytes: &[u8]) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(HEAD + 8..)?.first_chunk()?))
}

/// The method that a frame holds, where it is known.
pub(super) fn known(bytes: &[u8]) -> Option<&'static Method> {
    let (class, number) = method(bytes)?;
    methods::find(class, number)
}
