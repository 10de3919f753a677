//! Links: packets behind each of them, and what travels on links alone.

use super::{alone, talk};
use crate::carry::LINKS;
use crate::input::{Carrier, Input};

/// What stays on its link: two addresses, then this.
const NEIGHBOURS: &[&str] = &[
    // ARP: a question, an answer, RARP.
    "0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002",
    "0806 0001 0800 06 04 0002 020000000002 0a000002 020000000001 0a000001",
    "8035 0001 0800 06 04 0003 020000000001 00000000 020000000001 00000000",
    // EAPOL: start, a key, EAP in it.
    "888e 01 01 0000",
    "888e 02 03 005f 02 008a 0010 0000000000000001 00 00 00 00 00 00 00 00 00 00",
    "888e 01 00 000a 01 01 000a 01 68656c6c6f",
    // LLDP, with an organisation's own.
    "88cc 0207 04 020000000002 0403 076531 0602 0078 0a05 73776974 fe06 0080c2 01 0001 0000",
    // PPPoE: discovery.
    "8863 11 09 0000 0010 0101 0000 0103 0008 0102030405060708",
    "8863 11 65 0007 0006 0102 0002 6163",
    // PPP in PPPoE: LCP, IPCP, PAP, CHAP.
    "8864 11 00 0007 0010 c021 01 01 000e 0104 05d4 0506 12345678",
    "8864 11 00 0007 000c 8021 01 01 000a 0306 00000000",
    "8864 11 00 0007 000e c023 01 01 000c 03 616263 03 646566",
    "8864 11 00 0007 000f c223 01 01 000d 04 01020304 68657265",
    // MACsec, slow protocols, flow control, a loop, AoE, PTP, TRILL, FCoE, CFM.
    "88e5 2c 00 00000001 020000000001 0001 0102030405060708090a0b0c0d0e0f10",
    "8809 01 01 01 14 0001 020000000001 0001 0001 0001 3d 000000",
    "8808 0001 00ff 0000",
    "9000 0000 0100 0000",
    "88f7 0002 002c 0000 0000 0000000000000000 00000000 020000fffe000001 0001 0001 00 00",
    "8902 00 01 04 46 00000001",
    // 802.3: STP, CDP, IS-IS, NetBIOS, IPX, SNAP of an unknown organisation.
    "0026 424203 0000 00 00 00 8000020000000001 00000000 8000020000000001 8001 0000 1400 0200 0f00",
    "0028 424203 0000 02 02 7c 8000020000000001 00000000 8000020000000001 8001 0000 1400 0200 0f00 00",
    "0020 aaaa03 00000c 2000 02 b4 0000 0001 0008 53776974 0002 0011 00000001 01 01 cc 0004 0a000002",
    "0020 fefe03 83 1b 01 00 0f 01 00 00 01 00000000000100 1e 00",
    "0010 f0f003 2c00 ffef 0800 00000000 0000",
    "0010 e0e003 ffff 0022 0011 00000000",
    "0010 aaaa03 00e02b 00bb 0100 0000 0001",
    // IP that says it is none.
    "0800 00",
    "86dd 4500",
    "0805 100100",
];

/// Frames of other links.
const OTHERS: &[(u16, &[&str])] = &[
    // 802.11: a beacon, an acknowledgement, data of several kinds, with QoS and in aggregates.
    (
        105,
        &[
            "80000000 ffffffffffff 020000000002 020000000002 1000 0000000000000000 6400 0104 \
             0004 68656c6c 0108 82848b96",
            "d4000000 020000000001",
            "b4000000 020000000001 020000000002",
            "88020000 020000000001 020000000002 020000000003 2000 8000 \
             020000000001 020000000002 000c aaaa03 000000 0800 45000014 00 00",
            "08430000 020000000001 020000000002 020000000003 2000 02000000000a 00000020 00000000",
            "48010000 020000000001 020000000002 020000000003 2000",
        ],
    ),
    (127, &["0000 1200 2e480000 00 02 6c09 a000 c4 01 00 00 d4000000 020000000001 00000000"]),
    // Cooked frames: netlink, loopback, a CAN bus.
    (
        113,
        &[
            "0004 0338 0000 0000000000000000 0000 100000001000050000000000 00000000",
            "0000 0001 0000 0000000000000000 0004 424203 0000 00",
            "0001 0118 0006 000000000000 0000 000c 00000123 08000000 0102030405060708",
        ],
    ),
    (276, &["0004 0000 00000003 0338 00 00 0000000000000000 10000000"]),
    // PPP, Cisco HDLC's keep-alive, Frame Relay's management, NFLOG, a mark.
    (9, &["ff03 c021 01 01 0004", "ff03 80fd 01 01 0004", "21 45000014"]),
    (104, &["8f00 8035 00000002 00000001 00000001 ffff 0000"]),
    (107, &["0001 03 08 00 75 01 01 01 03 02 01 01", "1841 03 cc 45000014"]),
    (239, &["0a 00 0001 0800 0300 0000 0800 0100 86dd 03 00 0600 0a00 7061"]),
    (0xfffe, &["4d4553534147453d68656c6c6f0a"]),
    (0xfffd, &["00007ed9 00000000"]),
    // Link types without a reader.
    (189, &["4000000000000000 53 03 80 01"]),
    (9_999, &["00"]),
];

/// Everything a link may carry.
pub(super) fn seeds() -> Vec<Input> {
    let mut found = Vec::new();
    for at in 0..LINKS.len() {
        let packet =
            talk(Carrier::Udp(53), &["Cx0a34 0100 0001 0000 0000 0000 01 61 00 0001 0001"]);
        found.push(Input { link: at as u8, ..packet });
        let said = &["C GET / HTTP/1.1\r\nHost: a\r\n\r\n", "S HTTP/1.1 204 No Content\r\n\r\n"];
        found.push(Input { link: at as u8, ..talk(Carrier::Tcp(80), said) });
        let six = talk(Carrier::Ipv6(17), &["Cx c350 0007 000d 0000 68656c6c6f"]);
        found.push(Input { link: at as u8, ..six });
    }
    let on_ethernet: Vec<String> =
        NEIGHBOURS.iter().map(|rest| format!("0200000000010a0b0c0d0e0f{rest}")).collect();
    found.extend(alone(1, &on_ethernet.iter().map(String::as_str).collect::<Vec<_>>()));
    found.extend(OTHERS.iter().flat_map(|(link, frames)| alone(*link, frames)));
    found
}
