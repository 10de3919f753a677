//! The head of Modbus over TCP (MODBUS Messaging on TCP/IP Implementation Guide V1.0b, section
//! 3.1.3).

/// Number, protocol and length: what the length does not count.
pub(super) const MARK: usize = 6;
/// All that stands before the data: the unit and the function, too.
pub(super) const HEAD: usize = 8;
/// What the length may be: unit and function at least, and 253 bytes behind the unit at most
/// (MODBUS Application Protocol V1.1b3, section 4.1).
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=254;
/// The bit by which an answer says that it is none.
pub(super) const REFUSED: u8 = 0x80;

/// The head of a message, and its function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) number: u16,
    /// How many bytes follow the length.
    pub(super) len: usize,
    pub(super) unit: u8,
    pub(super) function: u8,
}

impl Head {
    /// The head that stands here; `None` if it is none.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let [n0, n1, 0, 0, l0, l1, unit, function] = *bytes.first_chunk::<HEAD>()? else {
            return None;
        };
        let len = usize::from(u16::from_be_bytes([l0, l1]));
        let is_one = LENGTHS.contains(&len) && function & !REFUSED != 0;
        let number = u16::from_be_bytes([n0, n1]);
        is_one.then_some(Self { number, len, unit, function })
    }

    /// Whether it says that something cannot be done.
    pub(super) const fn is_refusal(self) -> bool {
        self.function & REFUSED != 0
    }
}

/// Whether a message cannot be a question: it refuses, or it holds what was read.
pub(super) fn must_answer(bytes: &[u8]) -> bool {
    let Some(head) = Head::read(bytes) else { return false };
    let holds = bytes.get(HEAD).is_some_and(|count| usize::from(*count) + 3 == head.len);
    // Questions of these four functions hold two numbers of sixteen bits.
    head.is_refusal() || matches!(head.function, 1..=4) && holds && head.len != 6
}
