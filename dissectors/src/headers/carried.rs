//! What a frame carries in the end: the walk over its headers for who needs no fields, only the
//! innermost transport.
//!
//! It asks the same protocols that tell the headers, so that what is found and what is shown
//! cannot differ.

use super::{Ends, Found, Fragment, HeaderContext, Next, Part, Walk, outermost};
use crate::claim::Claim;
use crate::field::FieldId;
use crate::frames::{Frame, LinkType};
use crate::ids::{FrameId, Time};
use crate::protocol::Registry;
use crate::sink::Sink;

/// The IP protocol number of TCP.
pub(crate) const TCP: u8 = 6;

/// The IP protocol number of UDP.
pub(crate) const UDP: u8 = 17;

/// What lies innermost.
pub(crate) enum Carried<'a> {
    /// A segment of TCP or a datagram of UDP.
    Transport(Transport<'a>),
    /// A fragment of an IP datagram; what else is in that shows when it is whole.
    Fragment(Fragment, Part<'a>),
    /// Neither.
    Nothing,
}

/// The innermost transport of a frame.
pub(crate) struct Transport<'a> {
    /// Between whom.
    pub(crate) ends: Ends,
    /// [`TCP`] or [`UDP`].
    pub(crate) protocol: u8,
    /// Its header and all behind it.
    pub(crate) part: Part<'a>,
    /// The IP packet that it lies in.
    pub(crate) packet: Part<'a>,
    /// Whether headers told all of its payload: it carries others, and no transport in them.
    pub(crate) is_told: bool,
}

/// What a frame carries.
pub(crate) fn carried<'a>(frame: &Frame<'a>, id: FrameId, registry: &Registry) -> Carried<'a> {
    let whole = Part::frame(frame, id);
    let first = match frame.link {
        LinkType::MARK | LinkType::CUSTOM => return Carried::Nothing,
        link => outermost(link, whole),
    };
    innermost(first, whole, registry)
}

/// What a datagram that came in fragments carries, as far as its first bytes show.
pub(crate) fn carried_by<'a>(fragment: &Fragment, part: Part<'a>, reg: &Registry) -> Carried<'a> {
    let found = Found { claim: Claim::IpProtocol(fragment.protocol), ends: Some(fragment.ends) };
    innermost(Next::Claimed(found, part), part, reg)
}

fn innermost<'a>(first: Next<'a>, whole: Part<'a>, registry: &Registry) -> Carried<'a> {
    let mut deaf = Deaf;
    let mut walk = Walk::new(Time::UNKNOWN, &HeaderContext::default(), registry, &mut deaf);
    let mut transport: Option<Transport<'a>> = None;
    let (mut next, mut packet) = (first, whole);
    for _ in 0..crate::limits::MAX_HEADERS {
        let (found, part) = match next {
            Next::Claimed(found, part) => (found, part),
            Next::Typed(number, part) => (Found::typed(number), part),
            Next::Fragment(fragment, part) if part.is_cut() && fragment.offset == 0 => {
                (fragment.found(), part)
            }
            Next::Fragment(fragment, part) => return Carried::Fragment(fragment, part),
            Next::Nothing => break,
        };
        let Some(protocol) = registry.by_claim(found.claim) else { break };
        if let (Claim::IpProtocol(number @ (TCP | UDP)), Some(ends)) = (found.claim, found.ends) {
            transport = Some(Transport { ends, protocol: number, part, packet, is_told: false });
            if number == TCP {
                break;
            }
        }
        let Some(behind) = registry.get(protocol).header(part, found, &mut walk) else { break };
        if is_packet(found.claim, &behind) {
            packet = part;
        }
        if let (Claim::UdpPort(_), Some(transport)) = (found.claim, &mut transport) {
            transport.is_told = true;
        }
        next = behind;
    }
    transport.map_or(Carried::Nothing, Carried::Transport)
}

/// Whether what was found by this is an IP packet, and not a header behind that of one.
const fn is_packet(claim: Claim<'_>, behind: &Next<'_>) -> bool {
    let names_transport = match behind {
        Next::Claimed(found, _) => matches!(found.claim, Claim::IpProtocol(_)),
        Next::Fragment(..) => true,
        Next::Typed(..) | Next::Nothing => false,
    };
    let is_inside = matches!(claim, Claim::IpProtocol(number) if !matches!(number, 4 | 41));
    names_transport && !is_inside
}

/// Hears nothing.
struct Deaf;

impl Sink for Deaf {
    fn wants(&self, _field: FieldId) -> bool {
        false
    }
}
