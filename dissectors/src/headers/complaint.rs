//! A complaint: what an error of ICMP or ICMPv6 says of the packet that it quotes.

use std::net::{IpAddr, SocketAddr};

/// An error, and between whom the packet went that it quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Its type.
    pub kind: u8,
    /// Its code.
    pub code: u8,
    /// What else it says in a number: how large a packet may be, or which byte is wrong. 0 where
    /// it says nothing.
    pub number: u32,
    /// A better first step on the way, where it names one.
    pub gateway: Option<IpAddr>,
    /// Who complains.
    pub from: IpAddr,
    /// Who sent the quoted packet, and to whom it was addressed.
    pub ends: [SocketAddr; 2],
    /// What the quoted packet carried: "TCP" or "UDP".
    pub transport: &'static str,
}

impl Complaint {
    /// Whether the very host complains that the packet was addressed to, and none on the way.
    #[must_use]
    pub fn is_of_target(&self) -> bool {
        let [_, target] = self.ends;
        self.from == target.ip()
    }

    /// The host that the packet was addressed to.
    #[must_use]
    pub fn target(&self) -> IpAddr {
        let [_, target] = self.ends;
        target.ip()
    }

    /// "UDP port 53 of 10.0.0.1".
    #[must_use]
    pub fn port(&self) -> String {
        let [_, target] = self.ends;
        format!("{} port {} of {}", self.transport, target.port(), target.ip())
    }
}
