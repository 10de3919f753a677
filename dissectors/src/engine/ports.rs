//! What is known of a connection before its first byte: ports, and who opened it.

use crate::claim::{Claim, Framing};
use crate::ids::{Direction, ProtocolId};
use crate::protocol::Registry;

/// What is known of a connection before its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// What bounds the bytes.
    pub framing: Framing,
    /// The initiator's and the responder's port.
    pub ports: [u16; 2],
    /// Who opened it, where that was captured.
    pub began: Option<Direction>,
}

impl Ports {
    /// Nothing is known.
    pub const NOTHING: Self = Self { framing: Framing::Datagram, ports: [0; 2], began: None };

    /// The protocols that the ports lay claim to: the responder's first.
    pub(crate) fn claimed<'r>(
        &self,
        registry: &'r Registry,
    ) -> impl Iterator<Item = ProtocolId> + use<'r> {
        let [initiator, responder] = self.ports;
        let claims = match self.framing {
            Framing::Stream => [Claim::TcpPort(responder), Claim::TcpPort(initiator)],
            Framing::Datagram => [Claim::UdpPort(responder), Claim::UdpPort(initiator)],
        };
        let is_read = move |claim: &Claim<'_>| !matches!(claim, Claim::UdpPort(port) if registry.is_carrier(*port));
        claims.into_iter().filter(is_read).filter_map(|claim| registry.by_claim(claim))
    }
}
