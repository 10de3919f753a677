//! The head of a message of BGP (RFC 4271, section 4.1), and the fixed part of an Open.

use super::TYPE;

/// The marker, the length and the kind.
pub(super) const HEAD: usize = 19;
pub(super) const MARKER: usize = 16;
/// The longest message; RFC 8654 lets all but Open and Keepalive be this long.
const LONGEST: usize = 65535;

/// Kinds of messages.
pub(super) mod kind {
    pub(in super::super) const OPEN: u8 = 1;
    pub(in super::super) const UPDATE: u8 = 2;
    pub(in super::super) const NOTIFICATION: u8 = 3;
    pub(in super::super) const KEEPALIVE: u8 = 4;
    pub(in super::super) const REFRESH: u8 = 5;
    /// Capabilities that change later: an expired draft, still heard of.
    pub(in super::super) const CAPABILITY: u8 = 6;
}

/// The head of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// How long the message is, with its head.
    pub(super) len: usize,
    pub(super) kind: u8,
}

impl Head {
    /// The head that stands here; `None` if it is none.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (marker, rest) = bytes.split_at_checked(MARKER)?;
        let [l0, l1, kind, ..] = *rest else { return None };
        let len = usize::from(u16::from_be_bytes([l0, l1]));
        let is_one = marker.iter().all(|byte| *byte == 0xff)
            && (HEAD..=LONGEST).contains(&len)
            && (kind::OPEN..=kind::CAPABILITY).contains(&kind);
        is_one.then_some(Self { len, kind })
    }

    /// What its kind is called.
    pub(super) fn name(self) -> &'static str {
        TYPE.def().name_of(self.kind.into()).unwrap_or("Message")
    }
}

/// The number, hold time and version that an Open gives (section 4.2).
pub(super) fn open(bytes: &[u8]) -> Option<(u16, u16, u8)> {
    Head::read(bytes).filter(|head| head.kind == kind::OPEN)?;
    let [version, a0, a1, h0, h1, ..] = *bytes.get(HEAD..)? else { return None };
    Some((u16::from_be_bytes([a0, a1]), u16::from_be_bytes([h0, h1]), version))
}

/// The code and subcode of a Notification (section 4.5).
pub(super) fn error(bytes: &[u8]) -> Option<(u8, u8)> {
    Head::read(bytes).filter(|head| head.kind == kind::NOTIFICATION)?;
    Some((*bytes.get(HEAD)?, *bytes.get(HEAD + 1)?))
}

/// How many bytes of an Update take routes back, describe routes, and name them (section 4.3).
pub(super) fn update(bytes: &[u8]) -> Option<[usize; 3]> {
    let head = Head::read(bytes).filter(|head| head.kind == kind::UPDATE)?;
    let number = |at: usize| {
        let bytes = bytes.get(at..at + 2)?.try_into().ok()?;
        Some(usize::from(u16::from_be_bytes(bytes)))
    };
    let withdrawn = number(HEAD)?;
    let attributes = number(HEAD + 2 + withdrawn)?;
    let named = head.len.checked_sub(HEAD + 4 + withdrawn + attributes)?;
    Some([withdrawn, attributes, named])
}
