//! What a SYN or its answer offers beyond TCP as everybody speaks it: marks of congestion in place
//! of drops, and more paths than one.

use etherparse::TcpHeaderSlice;

use crate::engine::options;
use crate::engine::tcp::flags;

/// Flags that offer or take up marks of congestion (RFC 3168, section 6.1.1; RFC 9768, section
/// 3.1.1).
const ECE: u16 = 0x040;
const CWR: u16 = 0x080;
const AE: u16 = 0x100;

/// The option of Multipath TCP (RFC 8684, section 3).
const MULTIPATH: u8 = 30;

/// Whether a segment speaks of more paths.
pub(super) fn has_paths(segment: &[u8]) -> bool {
    let header = TcpHeaderSlice::from_slice(segment).ok();
    header.is_some_and(|header| options::of(header.options()).any(|(kind, _)| kind == MULTIPATH))
}

/// It in words, as sentences that follow others; nothing where it offers no more than all do.
pub(super) fn told(all: u16, has_paths: bool) -> String {
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
    let paths = match (has_paths, is_answer) {
        (false, _) => "",
        (true, false) => {
            " It asks for several paths under one connection (Multipath TCP, RFC 8684)."
        }
        (true, true) => " It can have several paths, too (Multipath TCP, RFC 8684).",
    };
    format!("{marks}{paths}")
}
