//! Headers around a packet: links, tunnels, tags and fragments, written as words.
//!
//! A head is written from the outside in: hexadecimal digits as they are, and words for what hangs
//! on the packet behind them.
//!
//! | word | what it writes |
//! |---|---|
//! | `ETHERNET` | two addresses |
//! | `TYPE`, `PPP`, `FAMILY` | the number of the packet's version of IP: EtherType, PPP's, BSD's |
//! | `LENGTH` | how many bytes are behind it |
//! | `IP4:11`, `IP6:11` | a header of IP that carries this protocol (hexadecimal) |
//! | `IP4:IP`, `IP6:IP` | one that carries the packet's version of IP |
//! | `UDP:12b5` | a header of UDP to this port |

/// Links: the number of each, and its head.
pub const LINKS: &[(u16, &str)] = &[
    (1, "ETHERNET TYPE"),
    (1, "ETHERNET 8100 0064 TYPE"),
    (1, "ETHERNET 88a8 0005 8100 0064 TYPE"),
    (1, "ETHERNET LENGTH aaaa03 000000 TYPE"),
    (1, "ETHERNET 8847 0001d0ff 0001d1ff"),
    (1, "ETHERNET 8847 0001d1ff 00000001 ETHERNET TYPE"),
    (1, "ETHERNET 8864 1100 0001 LENGTH PPP"),
    (1, "ETHERNET 893f 100000d80000 TYPE"),
    (1, "ETHERNET 8926 00000033 TYPE"),
    (1, "ETHERNET 8909 000000000000 TYPE"),
    (1, "ETHERNET 88e7 0000000a ETHERNET TYPE"),
    (1, "ETHERNET 8903 0020 ETHERNET TYPE"),
    (0, "FAMILY 000000"),
    (0, "000000 FAMILY"),
    (108, "000000 FAMILY"),
    (9, "ff03 PPP"),
    (50, "0f00 TYPE"),
    (51, "1100 0001 LENGTH PPP"),
    (204, "01 ff03 PPP"),
    (101, ""),
    (228, ""),
    (229, ""),
    (104, "8f00 8847 0001d1ff"),
    (105, "080100000200000000010a0b0c0d0e0f02000000000210a2 aaaa03 000000 TYPE"),
    (107, "48e1 TYPE"),
    (113, "0000 0304 0006 000000000000 0000 TYPE"),
    (113, "0004 0001 0006 020000000001 0000 8100 0064 TYPE"),
    (127, "0000080000000000 080200000200000000010a0b0c0d0e0f02000000000210a2 aaaa03 000000 TYPE"),
    (
        119,
        "00000044000000900000001800000000 \
         8801 0000 020000000001 0a0b0c0d0e0f 020000000002 10a2 0000 aaaa03 000000 TYPE",
    ),
    (129, "00020000 0304 0006 000000000000 TYPE"),
    (178, "4d474300 ETHERNET TYPE"),
    (192, "0000080065000000"),
    (192, "0000140069000000 0300080001000000 02000000 0801 0000 TYPE"),
    (226, "02010020 00000000 00000001 00000002 00000000 00000000"),
    (239, "02000000 0800010008000200 0500 0a0000000000"),
    (258, "1c000000 01000000 01000000 656e3000 00000000 00000000 00000000 ETHERNET TYPE"),
    (276, "TYPE 0000 00000002 0001 04 06 0a0b0c0d0e0f 0000"),
    (281, "ETHERNET 11223344 TYPE"),
    (253, "FAMILY 00 0000"),
    (7, "0102 d4"),
    (12, ""),
    (14, ""),
];

/// Tunnels: each stands between the link and the packet, and itself begins with a packet.
pub const TUNNELS: &[&str] = &[
    "IP4:IP",
    "IP6:IP",
    "IP4:2f 0000 TYPE",
    "IP4:2f b000 TYPE 000000000000002a00000001",
    "IP4:2f 2000 6558 00000007 ETHERNET TYPE",
    "IP6:2f 0000 TYPE",
    "IP4:2f 0000 8847 0001d1ff",
    "IP4:2f 3001 880b LENGTH 0009 00000001 ff03 PPP",
    "IP4:2f 0000 88be ETHERNET TYPE",
    "IP4:2f 1000 88be 00000001 1007000500000000 ETHERNET TYPE",
    "IP4:2f 1000 22eb 00000001 200700050000000100008000 ETHERNET TYPE",
    "IP4:2f 1000 22eb 00000001 200700050000000100008001 0400000000000000 ETHERNET TYPE",
    "IP4:11 UDP:12b5 0800000000002a00 ETHERNET TYPE",
    "IP4:11 UDP:12b6 0c00000100002a00",
    "IP6:11 UDP:12b5 0800000000002a00 ETHERNET 8100 0064 TYPE",
    "IP4:11 UDP:17c1 0200655800002a000102030109090909 ETHERNET TYPE",
    "IP4:11 UDP:17c1 0000 TYPE 00002a00",
    "IP4:11 UDP:0868 30ff000000000009",
    "IP4:11 UDP:0868 34ff000000000009000000850110 0900",
    "IP4:11 UDP:06a5 000200070008 ff03 PPP",
    "IP4:11 UDP:06a5 4a02 LENGTH 00070008 00000000 0002 0000 ff03 PPP",
    "IP4:11 UDP:0dd8",
    "IP4:11 UDP:0dd8 0000ffffffffffff",
    "IP4:11 UDP:12be ",
    "IP4:33 04040000 00000100 00000009 abababababababababababab",
    "IP6:33 29040000 00000100 00000009 abababababababababababab",
    "IP6:00 2b00010400000000 2c00 0000 0000 0000 3c00 0000 00000001 2900010400000000",
    "IP4:11 UDP:1194 0000000000100001 00000003",
    "IP4:32 00001000 00000003",
    "IP4:11 UDP:ca6c 04000000 07000000 0100000000000000",
    "IP4:73 00000001 0000",
    "IP4:84 0bb8 0bb8 00000001 00000000 0003 LENGTH 00000001 0001 0000 00000000",
    "IP4:89",
];

/// The packet of IP behind a head.
#[must_use]
pub fn behind(head: &str, packet: &[u8]) -> Vec<u8> {
    let mut frame = packet.to_vec();
    for word in head.split(' ').rev().filter(|word| !word.is_empty()) {
        let is_6 = version(&frame) == 6;
        let before = match word.split_once(':').unwrap_or((word, "")) {
            ("ETHERNET", _) => bytes("0200000000010a0b0c0d0e0f"),
            ("TYPE", _) => bytes(if is_6 { "86dd" } else { "0800" }),
            ("PPP", _) => bytes(if is_6 { "0057" } else { "0021" }),
            ("FAMILY", _) => bytes(if is_6 { "1e" } else { "02" }),
            ("LENGTH", _) => (frame.len() as u16).to_be_bytes().to_vec(),
            ("IP4", number) => ip4(protocol(number, is_6), &frame),
            ("IP6", number) => ip6(protocol(number, is_6), &frame),
            ("UDP", port) => {
                let port = u16::from_str_radix(port, 16).unwrap_or_default();
                udp([50_001, port], &frame)
            }
            _ => bytes(word),
        };
        frame.splice(0..0, before);
    }
    frame
}

/// The version that a packet of IP claims.
fn version(packet: &[u8]) -> u8 {
    packet.first().map_or(0, |first| first >> 4)
}

fn protocol(number: &str, is_6: bool) -> u8 {
    let of_ip = if is_6 { 41 } else { 4 };
    u8::from_str_radix(number, 16).unwrap_or(of_ip)
}

/// A header of IPv4 before this, between two outer hosts.
#[must_use]
pub fn ip4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let [a, b] = ((20 + payload.len()) as u16).to_be_bytes();
    vec![0x45, 0, a, b, 0, 7, 0, 0, 64, protocol, 0, 0, 203, 0, 113, 1, 203, 0, 113, 9]
}

/// A header of IPv6 before this, between two outer hosts.
#[must_use]
pub fn ip6(next: u8, payload: &[u8]) -> Vec<u8> {
    let [a, b] = (payload.len() as u16).to_be_bytes();
    let mut head = vec![0x60, 0, 0, 0, a, b, next, 64];
    for last in [1, 9] {
        head.extend([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);
    }
    head
}

/// A header of UDP before this.
#[must_use]
pub fn udp(ports: [u16; 2], payload: &[u8]) -> Vec<u8> {
    let numbers = [ports[0], ports[1], (8 + payload.len()) as u16, 0];
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// A packet of IP in fragments of about `size` bytes; as it is where it is no packet.
#[must_use]
pub fn fragments(packet: &[u8], size: usize) -> Vec<Vec<u8>> {
    let size = (size / 8).max(1) * 8;
    let ident = packet.iter().fold(7_u16, |sum, byte| sum.rotate_left(3) ^ u16::from(*byte));
    let ident = ident.to_be_bytes();
    let pieces = |from: usize| {
        let behind = packet.get(from..).unwrap_or_default();
        (0_usize..)
            .step_by(size)
            .zip(behind.chunks(size))
            .map(move |(at, piece)| (at as u16, u16::from(at + size < behind.len()), piece))
    };
    match (version(packet), packet.get(..20), packet.get(..40)) {
        (4, Some(head), _) => pieces(20)
            .map(|(at, more, piece)| {
                let mut head = head.to_vec();
                let numbers = [((20 + piece.len()) as u16).to_be_bytes(), ident];
                let place = ((at / 8) | (more << 13)).to_be_bytes();
                head.splice(2..8, [numbers[0], numbers[1], place].concat());
                [&head[..], piece].concat()
            })
            .collect(),
        (6, _, Some(head)) => pieces(40)
            .map(|(at, more, piece)| {
                let mut head = head.to_vec();
                let next = std::mem::replace(&mut head[6], 44);
                head.splice(4..6, ((8 + piece.len()) as u16).to_be_bytes());
                let [a, b] = (at | more).to_be_bytes();
                [&head[..], &[next, 0, a, b, 0, 0, ident[0], ident[1]], piece].concat()
            })
            .collect(),
        _ => vec![packet.to_vec()],
    }
}

/// Bytes written in hexadecimal; anything else is passed over.
#[must_use]
pub fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        hex.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
