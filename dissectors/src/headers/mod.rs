//! Headers: everything below the messages, told field by field from the bytes of one frame.
//!
//! ```text
//!   frame ─> eth ─> vlan ─> ip ────> tcp        each header says what lies behind it ([`Next`]),
//!                      └──> ipv6 ──> udp        and the walk goes there
//!                      └──> arp  └─> icmp ─> the packet it complains about, told inside
//! ```
//!
//! Where one header ends and the next begins is `etherparse`'s knowledge; each value is read from
//! its own span, so that what is told and what is marked cannot differ. Nothing is verified but
//! ICMP: a capture taken on the sending host holds checksums that the network card would have
//! finished.

mod carried;
#[cfg(test)]
mod carriers;
mod complaint;
pub(crate) mod names;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use crate::protocol::{
    Datagram, Ends, Found, Fragment, HeaderContext, Joined, Next, Part, Walk,
};
pub(crate) use crate::protocol::{FIRST_TYPE, Reassembly, network_len, pseudo_header_sum, slice};
pub(crate) use carried::{Carried, TCP, Transport, carried, carried_by};
pub use complaint::Complaint;

use crate::claim::Claim;
use crate::frames::{Frame, LinkType};
use crate::ids::FrameId;
use crate::sink::Severity;

/// Tells a frame's headers from the outermost in, each in a group of its own, and the summary of
/// the innermost.
///
/// A header that the snap length cut, or that breaks its own rules, is told as far as it goes,
/// with a note. Never fails.
///
/// What the recording itself says of a frame is told before this, by a protocol of its own.
pub fn describe(frame: &Frame<'_>, id: FrameId, walk: &mut Walk<'_>) {
    let whole = Part::frame(frame, id);
    let LinkType(number) = frame.link;
    match walk.registry.by_claim(Claim::Link(number)) {
        Some(_) => outermost(frame.link, whole).describe(walk),
        None if frame.link == LinkType::CUSTOM => {
            walk.unread(format_args!("Custom block"));
        }
        None => {
            let name = names::Called(names::LINK_TYPES, number.into());
            let text = format_args!("Link type {number}{name} is not known here");
            walk.note(Severity::Missing, whole.span, text);
            walk.unread(format_args!("Link type {number}{name}"));
        }
    }
    if whole.is_cut() {
        let (kept, wire) = (frame.bytes.len(), frame.wire_len);
        let text = format_args!("The capture kept {kept} of this frame's {wire} bytes");
        walk.note(Severity::Missing, whole.span, text);
    }
}

/// The header that a frame begins with.
const fn outermost(LinkType(number): LinkType, whole: Part<'_>) -> Next<'_> {
    Next::Claimed(Found { claim: Claim::Link(number), ends: None }, whole)
}
