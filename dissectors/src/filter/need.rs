//! How far a frame has to be read before a field of it is known.

use crate::field::FieldId;
use crate::protocol::{Claim, Facts, Framing, Registry};
use crate::protocols::{frame, tcp};

/// How far a frame has to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Not at all.
    Nothing,
    /// Its own bytes, header by header.
    Headers,
    /// Its connection, up to it.
    Messages,
}

/// Fields of headers that only a connection knows.
const OF_CONNECTIONS: [FieldId; 4] =
    [frame::PROTOCOLS, tcp::RETRANSMISSION, tcp::OUT_OF_ORDER, tcp::KEEP_ALIVE];

impl Need {
    /// What it takes to know a field.
    #[must_use]
    pub fn of(field: FieldId, registry: &Registry) -> Self {
        let protocol = registry.get(field.protocol());
        // Who opens a session in any way of carrying bytes has messages. TCP has both: what its
        // segments say stands in headers.
        let framings = [Framing::Stream, Framing::Datagram];
        let is_read = framings.iter().any(|framing| protocol.open(&Facts::new(*framing)).is_some());
        let is_header = protocol.claims().iter().any(|claim| {
            matches!(claim, Claim::Link(_) | Claim::EtherType(_) | Claim::IpProtocol(_))
        });
        if OF_CONNECTIONS.contains(&field) || (is_read && !is_header) {
            Self::Messages
        } else {
            Self::Headers
        }
    }

    /// Whether a field may stand among the headers of a frame, also where it takes a connection to
    /// know it. What nobody is known to speak stands behind them.
    pub(super) fn is_in_headers(field: FieldId, registry: &Registry) -> bool {
        OF_CONNECTIONS.contains(&field)
            || field.protocol() == registry.fallback()
            || Self::of(field, registry) != Self::Messages
    }
}
