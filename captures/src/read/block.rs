//! The blocks of pcapng: their numbers, and how packets and marks lie in them.
//!
//! ```text
//!  | type 4 | total length 4 | body (a multiple of 4 bytes) | total length 4 |
//! ```
//!
//! After draft-ietf-opsawg-pcapng, section 4.

use wirestage_dissectors::ids::Time;

use crate::bytes::Order;

/// Section Header Block; the number reads the same in both byte orders.
pub(crate) const SECTION: u32 = 0x0a0d_0d0a;
/// Interface Description Block.
pub(crate) const INTERFACE: u32 = 1;
/// Packet Block: obsolete, but old files have it.
pub(crate) const PACKET: u32 = 2;
/// Simple Packet Block: neither a time nor an interface.
pub(crate) const SIMPLE: u32 = 3;
/// Name Resolution Block.
pub(crate) const NAMES: u32 = 4;
/// Interface Statistics Block.
pub(crate) const STATISTICS: u32 = 5;
/// Enhanced Packet Block.
pub(crate) const ENHANCED: u32 = 6;
/// systemd Journal Export Block.
pub(crate) const JOURNAL: u32 = 9;
/// Decryption Secrets Block.
pub(crate) const SECRETS: u32 = 10;
/// Custom Block that may be copied to another file.
pub(crate) const CUSTOM: u32 = 0x0bad;
/// Custom Block that may not.
pub(crate) const CUSTOM_NO_COPY: u32 = 0x4000_0bad;

/// The number in a section header that tells its byte order.
pub(crate) const BYTE_ORDER: u32 = 0x1a2b_3c4d;
/// Secrets of this type are a TLS key log.
pub(crate) const TLS_KEY_LOG: u32 = 0x544c_534b;

/// A packet as its block tells.
pub(crate) struct Packet<'a> {
    /// The interface's number within its section.
    pub(crate) interface: u32,
    /// When, in ticks of the interface's clock; nothing in a Simple Packet Block.
    pub(crate) ticks: Option<u64>,
    /// How many there were on the wire.
    pub(crate) wire_len: u32,
    /// The bytes, as many as are there.
    pub(crate) bytes: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Interface 4, time 8, captured length 4, original length 4, bytes, padding, options.
    pub(crate) fn enhanced(body: &'a [u8], order: Order) -> Option<Self> {
        let captured = order.u32(body, 12)?;
        Some(Self {
            interface: order.u32(body, 0)?,
            ticks: Some(order.halves(body, 4)?),
            wire_len: order.u32(body, 16)?,
            bytes: first(body.get(20..)?, captured),
        })
    }

    /// Interface 2, drops 2, time 8, captured length 4, original length 4, bytes.
    pub(crate) fn obsolete(body: &'a [u8], order: Order) -> Option<Self> {
        let captured = order.u32(body, 12)?;
        Some(Self {
            interface: u32::from(order.u16(body, 0)?),
            ticks: Some(order.halves(body, 4)?),
            wire_len: order.u32(body, 16)?,
            bytes: first(body.get(20..)?, captured),
        })
    }

    /// Original length 4, bytes: as many as the first interface's snap length allows.
    pub(crate) fn simple(body: &'a [u8], order: Order, snap_len: u32) -> Option<Self> {
        let wire_len = order.u32(body, 0)?;
        let captured = if snap_len == 0 { wire_len } else { wire_len.min(snap_len) };
        let bytes = first(body.get(4..)?, captured);
        Some(Self { interface: 0, ticks: None, wire_len, bytes })
    }
}

/// The first `len` bytes, or all where there are fewer.
fn first(bytes: &[u8], len: u32) -> &[u8] {
    bytes.get(..len as usize).unwrap_or(bytes)
}

/// The time of a journal entry: its `__REALTIME_TIMESTAMP` line, in microseconds; 0 without one.
pub(crate) fn journal_time(entry: &[u8]) -> Time {
    const FIELD: &[u8] = b"__REALTIME_TIMESTAMP=";
    entry
        .split(|&b| b == b'\n')
        .find_map(|line| line.strip_prefix(FIELD))
        .and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<i64>().ok())
        .map_or(Time(0), |micros| Time(micros.saturating_mul(1000)))
}
