//! What several headers name alike: numbers that Ethernet and VLAN, IPv4 and IPv6, or all with a
//! checksum have in common, and link addresses as they are written.

use std::fmt;

use crate::field::{Names, Value};

/// The names of EtherTypes that are met.
pub(crate) const ETHER_TYPES: Names = &[
    (0x0800, "IPv4"),
    (0x0806, "ARP"),
    (0x8035, "Reverse Address Resolution Protocol"),
    (0x8100, "802.1Q Virtual LAN"),
    (0x8137, "IPX"),
    (0x86dd, "IPv6"),
    (0x8808, "MAC Control"),
    (0x8809, "Slow Protocols"),
    (0x880b, "PPP"),
    (0x8847, "MPLS label switched packet"),
    (0x8848, "MPLS multicast"),
    (0x8863, "PPPoE Discovery"),
    (0x8864, "PPPoE Session"),
    (0x888e, "802.1X Authentication"),
    (0x88a8, "802.1ad Provider Bridge (Q-in-Q)"),
    (0x88cc, "802.1 Link Layer Discovery Protocol (LLDP)"),
    (0x88e5, "802.1AE (MACsec)"),
];

/// What IP carries, by the numbers that are met.
pub(crate) const IP_NUMBERS: Names = &[
    (0, "IPv6 Hop-by-Hop Option"),
    (1, "ICMP"),
    (2, "IGMP"),
    (4, "IPIP"),
    (6, "TCP"),
    (17, "UDP"),
    (41, "IPv6"),
    (43, "Routing Header for IPv6"),
    (44, "Fragment Header for IPv6"),
    (47, "Generic Routing Encapsulation"),
    (50, "Encap Security Payload"),
    (51, "Authentication Header"),
    (58, "ICMPv6"),
    (59, "No Next Header for IPv6"),
    (60, "Destination Options for IPv6"),
    (89, "OSPF IGP"),
    (132, "SCTP"),
];

/// Differentiated services code points.
pub(crate) const CODE_POINTS: Names = &[
    (0, "Default"),
    (8, "Class Selector 1"),
    (10, "Assured Forwarding 11"),
    (16, "Class Selector 2"),
    (18, "Assured Forwarding 21"),
    (24, "Class Selector 3"),
    (26, "Assured Forwarding 31"),
    (32, "Class Selector 4"),
    (34, "Assured Forwarding 41"),
    (40, "Class Selector 5"),
    (46, "Expedited Forwarding"),
    (48, "Class Selector 6"),
    (56, "Class Selector 7"),
];

/// Explicit congestion notification (RFC 3168, section 5).
pub(crate) const ECN: Names = &[
    (0, "Not ECN-Capable Transport"),
    (1, "ECN-Capable Transport codepoint '01'"),
    (2, "ECN-Capable Transport codepoint '10'"),
    (3, "Congestion Experienced"),
];

/// What is known of a checksum.
pub(crate) const CHECKSUM_STATUS: Names =
    &[(0, "Bad"), (1, "Good"), (2, "Unverified"), (3, "Not present"), (4, "Illegal")];

/// Nobody verified the checksum: Wireshark's default, for frames taken before the card filled it.
pub(crate) const UNVERIFIED: Value<'static> = Value::Unsigned(2);

/// A link address as it is written.
pub(crate) struct Address(pub(crate) [u8; 6]);

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}
