//! The head of a packet, and its times (RFC 5905, sections 6 and 7.3).

use crate::field::Names;

/// Bytes of a packet that tells the time.
pub(super) const HEAD: usize = 48;

/// Bytes of the head of a control message (RFC 9327, section 2), and of mode 7.
pub(super) const CONTROL_HEAD: usize = 12;
pub(super) const PRIVATE_HEAD: usize = 8;

/// Where the times stand.
pub(super) const ORIGIN: usize = 24;
pub(super) const RECEIVE: usize = 32;
pub(super) const TRANSMIT: usize = 40;

/// Modes, as Wireshark words them.
pub(super) const MODES: Names = &[
    (0, "reserved"),
    (1, "symmetric active"),
    (2, "symmetric passive"),
    (3, "client"),
    (4, "server"),
    (5, "broadcast"),
    (6, "reserved for NTP control message"),
    (7, "reserved for private use"),
];

/// What a row calls a mode.
pub(super) fn name(mode: u8) -> &'static str {
    match mode {
        6 => "control",
        7 => "private",
        mode => MODES.iter().find(|(known, _)| *known == mode.into()).map_or("", |(_, name)| name),
    }
}

/// What the first bytes of a packet settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) version: u8,
    pub(super) mode: u8,
}

impl Head {
    /// Reads a head; `None` if it cannot be one: versions go from 1 to 4, strata up to 16 (those
    /// beyond are reserved), and all that is added comes in words of four bytes.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        const MOST_STRATUM: u8 = 16;
        let [flags, second, ..] = bytes else { return None };
        let (version, mode) = (flags >> 3 & 7, flags & 7);
        let fits = (1..=4).contains(&version)
            && match mode {
                1..=5 => {
                    bytes.len() >= HEAD && bytes.len().is_multiple_of(4) && *second <= MOST_STRATUM
                }
                // Operations up to 31 are defined or reserved; the count has to be there.
                6 => bytes.len() >= CONTROL_HEAD && *second & 0x1f != 0,
                7 => bytes.len() >= PRIVATE_HEAD,
                _ => false,
            };
        fits.then_some(Self { version, mode })
    }

    /// Whether a message about a server is its answer.
    pub(super) fn is_response(self, bytes: &[u8]) -> bool {
        let place = usize::from(self.mode == 6);
        bytes.get(place).is_some_and(|flags| flags & 0x80 != 0)
    }

    /// What a message about a server is known by: its sequence; in mode 7 the implementation and
    /// what is asked of it.
    pub(super) fn number(self, bytes: &[u8]) -> u64 {
        let run = bytes.get(2..4).unwrap_or(&[]);
        run.iter().fold(u64::from(self.mode), |sum, byte| sum << 8 | u64::from(*byte))
    }
}

/// A time in the packet, in units of 2^-32 seconds; `None` if it is zero: unknown.
pub(super) fn stamp(bytes: &[u8], at: usize) -> Option<u64> {
    let stamp = bytes.get(at..)?.first_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes))?;
    (stamp != 0).then_some(stamp)
}

/// Nanoseconds since 1970. Seconds count from 1900, and from 2036 again where the upper bit is
/// clear (RFC 5905, section 6).
pub(super) fn nanos(stamp: u64) -> i64 {
    const FROM_1900_TO_1970: i64 = 2_208_988_800;
    const ERA: i64 = 1 << 32;
    let seconds = (stamp >> 32) as i64;
    let seconds = if seconds & 0x8000_0000 == 0 { seconds + ERA } else { seconds };
    let fraction = ((stamp & 0xffff_ffff) * 1_000_000_000) >> 32;
    (seconds - FROM_1900_TO_1970) * 1_000_000_000 + fraction as i64
}

/// Nanoseconds from one time to a later one, which may lie in the next era.
pub(super) fn between(from: u64, to: u64) -> i64 {
    let units = i128::from(to.wrapping_sub(from) as i64);
    ((units * 1_000_000_000) >> 32) as i64
}
