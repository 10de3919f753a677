//! Frames of DNP3 (IEEE 1815): a head with a checksum, then blocks of sixteen bytes with one each.

use crate::bytes::little;

/// Start, length, control, destination, source and checksum.
pub(super) const HEAD: usize = 10;
const BLOCK: usize = 16;
const CHECKSUM: usize = 2;
/// What the length counts of the head.
const COUNTED: usize = 5;

/// A frame's head, and the first bytes of what it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) control: u8,
    pub(super) to: u16,
    pub(super) from: u16,
    /// How long the frame is, with all its checksums.
    pub(super) len: usize,
    /// How many bytes it carries.
    pub(super) carries: usize,
}

impl Head {
    /// The head that stands here; `None` if it is none.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let [0x05, 0x64, len, control, ..] = *bytes.first_chunk::<HEAD>()? else { return None };
        let carries = usize::from(len).checked_sub(COUNTED)?;
        let address = |at| little(bytes, at, 2).map(|address| address as u16);
        Some(Self {
            control,
            to: address(4)?,
            from: address(6)?,
            len: HEAD + carries + carries.div_ceil(BLOCK) * CHECKSUM,
            carries,
        })
    }

    /// Whether a master sends it.
    pub(super) const fn is_of_master(self) -> bool {
        self.control & 0x80 != 0
    }
}

/// The application's function code, of the first frame of a message.
pub(super) fn function(bytes: &[u8]) -> Option<u8> {
    let transport = *bytes.get(HEAD)?;
    (transport & 0x40 != 0).then(|| bytes.get(HEAD + 2).copied()).flatten()
}

/// The application's control: its last four bits number the message.
pub(super) fn sequence(bytes: &[u8]) -> Option<u8> {
    function(bytes)?;
    bytes.get(HEAD + 1).map(|control| control & 0x0f)
}
