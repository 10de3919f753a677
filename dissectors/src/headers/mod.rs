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

mod context;
mod next;
mod part;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
mod walk;

pub use context::{HeaderContext, WindowScale};
pub(crate) use next::{Ends, Next, network_len, pseudo_header_sum};
pub(crate) use part::Part;
pub(crate) use walk::Walk;

use crate::frames::{Frame, LinkType};
use crate::ids::FrameId;
use crate::protocols::{ethernet, frame as frame_protocol, mark};
use crate::sink::{Severity, Sink};

/// Tells a frame's headers from the outermost in, each in a group of its own, and the summary of
/// the innermost.
///
/// A header that the snap length cut, or that breaks its own rules, is told as far as it goes,
/// with a note. Never fails.
///
/// `protocols` is what the frame turned out to hold (`eth:ethertype:ip:tcp:tls`), where that is
/// known and asked for.
pub fn describe(
    frame: &Frame<'_>,
    id: FrameId,
    context: &HeaderContext,
    protocols: Option<&str>,
    sink: &mut dyn Sink,
) {
    let mut walk = Walk::new(frame.time, context, sink);
    let whole = Part::frame(frame, id);
    frame_protocol::describe(frame, id, protocols, &mut walk);
    match frame.link {
        LinkType::ETHERNET => {
            let next = ethernet::describe(whole, &mut walk);
            next.describe(&mut walk);
        }
        LinkType::RAW | LinkType::IPV4 | LinkType::IPV6 => {
            Next::packet(whole).describe(&mut walk);
        }
        LinkType::MARK => mark::describe(whole, &mut walk),
        LinkType::CUSTOM => {
            walk.summary(format_args!("Custom block, {} bytes", frame.bytes.len()));
        }
        LinkType(number) => {
            let text = format_args!("Link type {number} is not known here");
            walk.note(Severity::Missing, whole.span, text);
            walk.summary(format_args!("Link type {number}"));
        }
    }
    if whole.is_cut() {
        let (kept, wire) = (frame.bytes.len(), frame.wire_len);
        let text = format_args!("The capture kept {kept} of this frame's {wire} bytes");
        walk.note(Severity::Missing, whole.span, text);
    }
}
