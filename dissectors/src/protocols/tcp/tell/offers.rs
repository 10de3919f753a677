//! What a SYN or its answer offers: options that hold for the whole connection, marks of congestion
//! in place of drops, and more paths than one.

use etherparse::TcpHeaderSlice;

use crate::engine::options;
use crate::engine::tcp::flags;
use crate::wording::counted;

/// Flags that offer or take up marks of congestion (RFC 3168, section 6.1.1; RFC 9768, section
/// 3.1.1).
const ECE: u16 = 0x040;
const CWR: u16 = 0x080;
const AE: u16 = 0x100;

/// The scale of the window (RFC 7323, section 2.2), leave to name what came beyond a hole (RFC
/// 2018, section 2), timestamps (RFC 7323, section 3.2), and more paths (RFC 8684, section 3).
const WINDOW_SCALE: u8 = 3;
const SACK_PERMITTED: u8 = 4;
const TIMESTAMPS: u8 = 8;
const MULTIPATH: u8 = 30;

/// No shift is larger (RFC 7323, section 2.3).
const MAX_SHIFT: u8 = 14;

/// The options of a segment that offer something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Offers {
    /// By how many bits its windows are to be shifted.
    pub(super) shift: Option<u8>,
    pub(super) sack: bool,
    pub(super) stamps: bool,
    /// Whether it speaks of more paths.
    pub(super) paths: bool,
}

impl Offers {
    /// Those of a segment.
    pub(super) fn of(segment: &[u8]) -> Self {
        let mut offers = Self::default();
        let Ok(header) = TcpHeaderSlice::from_slice(segment) else { return offers };
        for (kind, value) in options::of(header.options()) {
            match (kind, value) {
                (WINDOW_SCALE, [shift]) => offers.shift = Some((*shift).min(MAX_SHIFT)),
                (SACK_PERMITTED, _) => offers.sack = true,
                (TIMESTAMPS, _) => offers.stamps = true,
                (MULTIPATH, _) => offers.paths = true,
                _ => {}
            }
        }
        offers
    }

    /// What nearly every SYN offers, and its answer takes up.
    fn usual(self, is_answer: bool) -> String {
        let mut all = Vec::new();
        if let Some(shift) = self.shift {
            let unit = 1u32 << shift;
            let unit = if unit == 1 { "a byte".to_owned() } else { counted(unit.into(), "byte") };
            all.push(format!("later windows in units of {unit}"));
        }
        if self.sack {
            all.push("word of what came beyond a hole (SACK)".to_owned());
        }
        if self.stamps {
            all.push("timestamps".to_owned());
        }
        let Some(last) = all.pop() else { return String::new() };
        let all = if all.is_empty() { last } else { format!("{} and {last}", all.join(", ")) };
        if is_answer { format!(" It takes up: {all}.") } else { format!(" It offers {all}.") }
    }
}

/// It in words, as sentences that follow others; nothing where it offers nothing.
pub(super) fn told(all: u16, offers: Offers) -> String {
    let is_answer = all & flags::ACK != 0;
    let marks = match (is_answer, all & (AE | CWR | ECE)) {
        (false, both) if both == CWR | ECE => {
            " It offers that routers mark packets where they would drop them (ECN, RFC 3168)."
        }
        (false, all) if all == AE | CWR | ECE => {
            " It offers that every mark of a router is counted back to the sender (AccECN, RFC \
             9768), and not one a round trip, as in ECN before."
        }
        (true, ECE) => " It takes up the marks of routers in place of drops (ECN, RFC 3168).",
        // Which of them says how the SYN was marked when it came.
        (true, answer) if [CWR, AE, AE | CWR, CWR | ECE].contains(&answer) => {
            " It takes up that every mark of a router is counted back (AccECN, RFC 9768)."
        }
        _ => "",
    };
    let paths = match (offers.paths, is_answer) {
        (false, _) => "",
        (true, false) => {
            " It asks for several paths under one connection (Multipath TCP, RFC 8684)."
        }
        (true, true) => " It can have several paths, too (Multipath TCP, RFC 8684).",
    };
    format!("{}{marks}{paths}", offers.usual(is_answer))
}
