//! What several headers name alike: numbers that Ethernet and VLAN, IPv4 and IPv6, or all with a
//! checksum have in common, and link addresses as they are written.

use std::fmt;

use crate::field::{Names, Value};

/// The names of EtherTypes that are met.
pub(crate) const ETHER_TYPES: Names = &[
    (0x0800, "IPv4"),
    (0x0806, "ARP"),
    (0x6003, "DECnet Routing"),
    (0x8035, "Reverse Address Resolution Protocol"),
    (0x809b, "AppleTalk"),
    (0x80f3, "AppleTalk Address Resolution Protocol"),
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
    (0x88a2, "ATA over Ethernet"),
    (0x88a8, "802.1ad Provider Bridge (Q-in-Q)"),
    (0x88cc, "802.1 Link Layer Discovery Protocol (LLDP)"),
    (0x88e5, "802.1AE (MACsec)"),
    (0x88f7, "Precision Time Protocol"),
    (0x894f, "Network Service Header"),
    (0x9000, "Configuration Test (Loopback)"),
];

/// The names of link types that captures have and nobody here reads, as
/// <https://www.tcpdump.org/linktypes.html> has them.
pub(crate) const LINK_TYPES: Names = &[
    (3, "AX.25"),
    (6, "Token Ring"),
    (8, "SLIP"),
    (10, "FDDI"),
    (100, "RFC 1483 ATM"),
    (106, "Classical IP over ATM"),
    (114, "Apple LocalTalk"),
    (119, "IEEE 802.11 with a Prism header"),
    (122, "IP over Fibre Channel"),
    (123, "SunATM"),
    (138, "IP over IEEE 1394"),
    (139, "MTP2 with a pseudo-header"),
    (140, "MTP2"),
    (141, "MTP3"),
    (142, "SCCP"),
    (143, "DOCSIS"),
    (144, "IrDA"),
    (163, "IEEE 802.11 with an AVS header"),
    (165, "BACnet MS/TP"),
    (169, "GPRS LLC"),
    (177, "LAPD"),
    (187, "Bluetooth HCI"),
    (195, "IEEE 802.15.4"),
    (197, "Endace ERF"),
    (201, "Bluetooth HCI with direction"),
    (209, "IPMB"),
    (224, "Fibre Channel"),
    (227, "CAN"),
    (230, "IEEE 802.15.4 without FCS"),
    (231, "D-Bus"),
    (243, "MPEG-2 Transport Stream"),
    (247, "InfiniBand"),
    (248, "SCTP"),
    (251, "Bluetooth Low Energy"),
    (253, "Linux Netlink"),
    (254, "Bluetooth, by the Linux monitor"),
    (256, "Bluetooth Low Energy with a pseudo-header"),
    (266, "USB of macOS"),
    (271, "Linux vsock"),
    (272, "Bluetooth Low Energy, by a Nordic sniffer"),
    (283, "IEEE 802.15.4 with metadata"),
];

/// What IP carries, by the numbers that are met.
pub(crate) const IP_NUMBERS: Names = &[
    (0, "IPv6 Hop-by-Hop Option"),
    (1, "ICMP"),
    (2, "IGMP"),
    (4, "IPIP"),
    (6, "TCP"),
    (17, "UDP"),
    (33, "Datagram Congestion Control Protocol"),
    (41, "IPv6"),
    (43, "Routing Header for IPv6"),
    (44, "Fragment Header for IPv6"),
    (47, "Generic Routing Encapsulation"),
    (50, "Encap Security Payload"),
    (51, "Authentication Header"),
    (54, "NBMA ARP"),
    (58, "ICMPv6"),
    (59, "No Next Header for IPv6"),
    (60, "Destination Options for IPv6"),
    (88, "EIGRP"),
    (89, "OSPF IGP"),
    (115, "Layer 2 Tunneling"),
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

/// A number with its name behind it, where it has one: `EtherType 0x88f7 (Precision Time
/// Protocol)`.
pub(crate) struct Called(pub(crate) Names, pub(crate) u64);

impl fmt::Display for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(names, number) = *self;
        match names.iter().find(|(known, _)| *known == number) {
            Some((_, name)) => write!(f, " ({name})"),
            None => Ok(()),
        }
    }
}

/// A link address as it is written.
pub(crate) struct Address(pub(crate) [u8; 6]);

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}
