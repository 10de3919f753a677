//! Packets in tunnels, in fragments, and behind options and extension headers.

use super::talk;
use crate::carry::{TUNNELS, behind, bytes};
use crate::input::{Carrier, Input, Turn};

const EXCHANGE: &[&str] = &[
    "C GET /one HTTP/1.1\r\nHost: a.test\r\n\r\n",
    "S HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nfirst answer",
];

const QUESTION: &[&str] = &[
    "Cx 0a34 0100 0001 0000 0000 0000 07 6578616d706c65 03 6e6574 00 0001 0001",
    "Sx 0a34 8180 0001 0001 0000 0000 07 6578616d706c65 03 6e6574 00 0001 0001 \
     c00c 0001 0001 0000003c 0004 c0000201",
];

/// What tunnels say of themselves: the number of the protocol, and the packet.
const OF_TUNNELS: &[(Carrier, &str)] = &[
    (Carrier::Udp(1701), "Cx c802 0014 0007 0000 0000 0000 8008 0000 0000 0001"),
    (Carrier::Udp(2123), "Cx 32 01 0004 00000000 0001 0000"),
    (Carrier::Udp(2152), "Cx 32 01 0004 00000000 0001 0000"),
    (Carrier::Udp(2152), "Cx 34 ff 000c 00000009 000000 c0 01 0102 85 01 100900 45000014"),
    (Carrier::Udp(2152), "Cx 32 fe 0008 00000009 0001 0000"),
    (
        Carrier::Udp(4789),
        "Cx 08000000 00002a00 ffffffffffff 020000000001 0806 0001 0800 06 04 0001",
    ),
    (Carrier::Udp(6081), "Cx 0040 6558 00002a00"),
    (Carrier::Udp(3544), "Cx 0001 00 00 0102030405060708 00 0000 ffff ffffffff 6000000000003b40"),
    (Carrier::Udp(51820), "Cx 01000000 00000001 0102030405060708090a0b0c0d0e0f10"),
    (
        Carrier::Udp(4500),
        "Cx 00000000 0102030405060708 0000000000000000 01 10 02 00 00000000 0000001c",
    ),
    (Carrier::Udp(4500), "Cx ff"),
    (Carrier::Ipv4(47), "Cx 3081 880b 0000 0009 00000005 00000004"),
    (Carrier::Ipv4(47), "Cx 0000 0000 0000 0000"),
    (Carrier::Ipv4(50), "Cx 00001000 00000003 cdcdcdcdcdcdcdcd"),
    (Carrier::Ipv4(51), "Cx 3b04 0000 00000100 00000009 abababababababababababab"),
    (Carrier::Ipv6(50), "Cx 00001000 00000003 cdcdcdcdcdcdcdcd"),
];

/// An exchange in each tunnel, and in that in another.
pub(super) fn tunnels() -> Vec<Input> {
    let mut found = Vec::new();
    for at in 0..TUNNELS.len() as u8 {
        found.push(Input { tunnels: vec![at], ..talk(Carrier::Tcp(80), EXCHANGE) });
        found.push(Input { tunnels: vec![at, (at + 5) % 20], ..talk(Carrier::Udp(53), QUESTION) });
    }
    found.extend(OF_TUNNELS.iter().map(|(carrier, said)| talk(*carrier, &[said])));
    found
}

/// Extension headers: the first one's number, and the bytes.
const EXTENSIONS: &[(u8, &str)] = &[
    (
        0,
        "2b 00 0104 0000 0000 3c 02 0000 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 3b 00 0100",
    ),
    (0, "11 00 0502 0000 0100 c350 0007 000d 0000 68656c6c6f"),
    (0, "11 00 c204 00010000 c350 0007 000d 0000 68656c6c6f"),
    (43, "11 02 04 01 0000 0000 20010db8 00000000 00000000 00000001 c350 0007 0009 0000 68"),
    (43, "11 02 02 01 0000 0000 20010db8 00000000 00000000 00000001 c350 0007 0009 0000 68"),
    (44, "11 00 0001 00000007 c350 0007 0018 0000"),
    (60, "3a 00 0104 00000000 80 00 0000 0001 0001"),
    (135, "3b 00 00 00 0000 0000"),
    (139, "11 01 0000 00000000 0000000000000000"),
    (140, "11 00 0000 00000000 c350 0007 0009 0000 68"),
    (
        51,
        "3c04 0000 00000100 00000009 abababababababababababab 11 00 0104 00000000 c350 0007 0008 0000",
    ),
    (59, "0102030405060708"),
    (6, "c350 0050 00000001 00000001 5010 0200 0000 0000"),
];

/// Packets of IPv4 with options.
const OPTIONS: &[&str] = &[
    "4700 0028 1234 0000 4011 0000 0a000001 0a000002 94040000 01010100 03e8 07d0 000c 0000 61626364",
    "4f00 003c 1234 0000 4011 0000 0a000001 0a000002 44 24 05 00 00000001 00000002 00000003 00000004 \
     00000005 00000006 00000007 00000008 00 00 00 00",
    "4600 0018 1234 0000 4011 0000 0a000001 0a000002 07 03 04 00",
    "4600 0018 1234 0000 4001 0000 0a000001 0a000002 83 07 04 0a",
    "4600 0018 1234 0000 4001 0000 0a000001 0a000002 82 0b 00 00",
    "4600 0018 1234 0000 4001 0000 0a000001 0a000002 86 02 01 00",
    "4600 0000 1234 4000 4006 0000 0a000001 0a000002 01 01 01 01 c350 0050 00000001 00000001 5010",
];

/// Exchanges in fragments of many sizes, behind tunnels and in them.
pub(super) fn fragments() -> Vec<Input> {
    let mut found = Vec::new();
    for size in [8, 16, 24, 64, 200] {
        for (carrier, said) in [(Carrier::Tcp(80), EXCHANGE), (Carrier::Udp(53), QUESTION)] {
            found.push(Input { fragments: Some((0, size)), ..talk(carrier, said) });
            for tunnel in [0, 1, 12] {
                for depth in [0, 1] {
                    let (tunnels, fragments) = (vec![tunnel], Some((depth, size)));
                    found.push(Input { tunnels, fragments, ..talk(carrier, said) });
                }
            }
        }
    }
    let ping = ["Cx 0800 f7ff 0001 0001 6162636465666768696a6b6c6d6e6f707172"];
    found.push(Input { fragments: Some((0, 8)), ..talk(Carrier::Ipv4(1), &ping) });
    let packet = |hex: &str| Turn { is_client: true, after: 1, link: 101, bytes: bytes(hex) };
    for (first, hex) in EXTENSIONS {
        let input = talk(Carrier::Ipv6(*first), &[&format!("Cx{hex}")]);
        found.push(Input { fragments: Some((0, 8)), ..input.clone() });
        found.push(input);
    }
    for hex in OPTIONS {
        let input = Input::new(Carrier::Packet, vec![packet(hex)]);
        found.push(Input { fragments: Some((0, 8)), ..input.clone() });
        found.push(input);
    }
    // Fragments that overlap, in both versions: the second says of some bytes that they are others.
    let four = |place: &str, more: &str| {
        packet(&format!(
            "4500 0024 0009 {place} 4011 0000 c0000201 c0000202 1388 0007 0018 0000 {more}"
        ))
    };
    let turns = vec![four("2000", "6561726c69657221"), four("0001", "4c41544552212121")];
    found.push(Input::new(Carrier::Packet, turns));
    let six = |place: &str| {
        let hex = format!("11 00 {place} 00000007 1388 0007 0018 0000 6561726c69657221");
        let bytes = behind("IP6:2c", &bytes(&hex));
        Turn { is_client: true, after: 1, link: 101, bytes }
    };
    found.push(Input::new(Carrier::Packet, vec![six("0001"), six("0009"), six("0010")]));
    found
}
