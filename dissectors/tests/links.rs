//! The same packets behind every link and tag: what carries them changes where they begin, and
//! nothing else.

use etherparse::PacketBuilder;
use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::frames::{FrameList, Frames, LinkType};
use wirestage_dissectors::ids::{FrameId, Time};
use wirestage_dissectors::registry::standard;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::sinks::FieldTree;
use wirestage_dissectors::survey::{Survey, Transport, survey_chunk};

/// A link type, the header before the packet, and the protocols in that. The header is in
/// hexadecimal, with words for what depends on the packet: its EtherType, its number in PPP, its
/// family, and the number of bytes behind the word.
type Carrier = (u16, &'static str, &'static str);

const ETHERNET: &str = "0200000000010a0b0c0d0e0f";

const CARRIERS: &[Carrier] = &[
    (1, "ETHERNET TYPE", "eth:ethertype"),
    (1, "ETHERNET 8100 0064 TYPE", "eth:ethertype:vlan:ethertype"),
    (1, "ETHERNET 88a8 0005 8100 0064 TYPE", "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype"),
    (
        1,
        "ETHERNET 8100 0001 8100 0002 8100 0003 8100 0004 TYPE",
        "eth:ethertype:vlan:ethertype:vlan:ethertype:vlan:ethertype:vlan:ethertype",
    ),
    (1, "ETHERNET LENGTH aaaa03 000000 TYPE", "eth:llc"),
    (1, "ETHERNET 8100 0064 LENGTH aaaa03 000000 TYPE", "eth:ethertype:vlan:llc"),
    (1, "ETHERNET 8847 0001d0ff 0001d1ff", "eth:ethertype:mpls"),
    (1, "ETHERNET 8864 1100 0001 LENGTH PPP", "eth:ethertype:pppoes:ppp"),
    (1, "ETHERNET 893f 100000d80000 TYPE", "eth:ethertype:etag:ethertype"),
    (1, "ETHERNET 8926 00000033 TYPE", "eth:ethertype:vntag:ethertype"),
    (1, "ETHERNET 8909 000000000000 TYPE", "eth:ethertype:cmd:ethertype"),
    (1, "ETHERNET 88e7 0000000a ETHERNET TYPE", "eth:ethertype:ieee8021ah:ethertype"),
    (1, "ETHERNET 8903 0020 ETHERNET TYPE", "cfp:eth:ethertype"),
    (0, "FAMILY 000000", "null"),
    (0, "000000 FAMILY", "null"),
    (108, "000000 FAMILY", "null"),
    (9, "PPP", "ppp"),
    (9, "ff03 PPP", "ppp"),
    (50, "ff03 PPP", "ppp"),
    (50, "0f00 TYPE", "chdlc"),
    (51, "1100 0001 LENGTH PPP", "pppoes:ppp"),
    (204, "01 ff03 PPP", "ppp"),
    (9, "ff03 0281 0001d1ff", "ppp:mpls"),
    (101, "", "raw"),
    (104, "0f00 TYPE", "chdlc"),
    (104, "8f00 8847 0001d1ff", "chdlc:mpls"),
    (113, "0000 0304 0006 000000000000 0000 TYPE", "sll:ethertype"),
    (113, "0000 0304 0006 000000000000 0000 8100 0064 TYPE", "sll:ethertype:vlan:ethertype"),
    (105, "080100000200000000010a0b0c0d0e0f02000000000210a2 aaaa03 000000 TYPE", "wlan:llc"),
    (107, "48e1 TYPE", "fr"),
    (
        127,
        "0000080000000000 080200000200000000010a0b0c0d0e0f02000000000210a2 aaaa03 000000 TYPE",
        "radiotap:wlan:llc",
    ),
    (178, "4d474300 ETHERNET TYPE", "juniper:eth:ethertype"),
    (192, "0000080065000000", "ppi:raw"),
    (281, "ETHERNET 11223344 TYPE", "dsa:ethertype"),
    (276, "TYPE 0000 00000002 0001 04 06 0a0b0c0d0e0f 0000", "sll:ethertype"),
];

const CLIENT: [u8; 4] = [10, 0, 0, 1];
const SERVER: [u8; 4] = [10, 0, 0, 2];
const CLIENT_6: [u8; 16] = [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
const SERVER_6: [u8; 16] = [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
const PAYLOAD: &[u8] = b"over any link";

/// A segment of TCP over IPv4 and a datagram of UDP over IPv6.
fn packets() -> [Vec<u8>; 2] {
    let (mut tcp, mut udp) = (Vec::new(), Vec::new());
    let builder = PacketBuilder::ipv4(CLIENT, SERVER, 64).tcp(1000, 2000, 7, 512).ack(1);
    builder.write(&mut tcp, PAYLOAD).unwrap();
    let builder = PacketBuilder::ipv6(CLIENT_6, SERVER_6, 64).udp(1000, 2000);
    builder.write(&mut udp, PAYLOAD).unwrap();
    [tcp, udp]
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().collect();
    let digit = |byte: u8| char::from(byte).to_digit(16).expect("a digit") as u8;
    digits.chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

/// The packet behind a header.
fn carried(head: &str, packet: &[u8]) -> Vec<u8> {
    let is_6 = packet[0] >> 4 == 6;
    let mut frame = packet.to_vec();
    for word in head.split(' ').rev() {
        let before = match word {
            "ETHERNET" => bytes(ETHERNET),
            "TYPE" => bytes(if is_6 { "86dd" } else { "0800" }),
            "PPP" => bytes(if is_6 { "0057" } else { "0021" }),
            "FAMILY" => bytes(if is_6 { "1e" } else { "02" }),
            "LENGTH" => (frame.len() as u16).to_be_bytes().to_vec(),
            hex => bytes(hex),
        };
        frame.splice(0..0, before);
    }
    frame
}

/// What a survey and the headers make of one frame.
fn read(link: u16, frame: Vec<u8>) -> (Survey, String) {
    let mut frames = FrameList::new();
    frames.push(Time(1), 0, LinkType(link), frame);
    let mut survey = Survey::new();
    survey.absorb(survey_chunk(&frames, 0..frames.count(), standard()), standard());
    let secrets = Secrets::default();
    let context = Context { frames: &frames, secrets: &secrets, registry: standard() };
    let scene = Dissection::of_headers(context, &survey);
    let protocols = scene.protocols(FrameId(0));
    let mut tree = FieldTree::new();
    scene.describe(FrameId(0), &mut tree);
    (survey, protocols)
}

#[test]
fn a_packet_is_found_behind_whatever_carries_it() {
    for (link, head, protocols) in CARRIERS {
        for (packet, inner) in packets().iter().zip(["ip:tcp", "ipv6:udp"]) {
            let frame = carried(head, packet);
            let (survey, told) = read(*link, frame.clone());
            assert_eq!(told, format!("{protocols}:{inner}"), "link {link}, {head}");
            let row = survey.row(FrameId(0)).unwrap();
            let flow = survey.flow(row.flow).expect("a flow");
            let is_tcp = flow.key.transport == Transport::Tcp;
            assert_eq!((is_tcp, flow.key.ports), (inner == "ip:tcp", [1000, 2000]), "{head}");
            assert_eq!(frame.get(usize::from(row.payload_at)..), Some(PAYLOAD), "{head}");
            assert_eq!(row.payload_len as usize, PAYLOAD.len(), "{head}");
        }
    }
}

#[test]
fn link_types_of_one_version_hold_that() {
    for (link, packet) in [228, 229].into_iter().zip(packets()) {
        let (survey, told) = read(link, packet);
        assert!(told.starts_with("raw:ip"), "{told}");
        assert_eq!(survey.flows().len(), 1);
    }
}

#[test]
fn what_ethernet_adds_behind_a_packet_is_not_its_payload() {
    for (link, head, _) in CARRIERS.iter().filter(|(link, ..)| *link == 1) {
        let [packet, _] = packets();
        let mut frame = carried(head, &packet);
        frame.extend_from_slice(&[0; 7]);
        let (survey, _) = read(*link, frame);
        let row = survey.row(FrameId(0)).unwrap();
        assert_eq!(row.payload_len as usize, PAYLOAD.len(), "{head}");
    }
}

#[test]
fn nothing_panics_wherever_a_frame_ends_and_whatever_a_byte_is() {
    for (link, head, _) in CARRIERS {
        let [packet, _] = packets();
        let frame = carried(head, &packet);
        let headers = frame.len() - packet.len();
        for len in 0..frame.len() {
            read(*link, frame[..len].to_vec());
        }
        for at in 0..headers {
            for value in [0, 1, 0x7f, 0xff, frame[at] ^ 0x10] {
                let mut broken = frame.clone();
                broken[at] = value;
                read(*link, broken);
            }
        }
    }
}

#[test]
fn headers_that_never_end_are_given_up() {
    let tags = "8100 0001 ".repeat(400);
    let [packet, _] = packets();
    let (survey, _) = read(1, carried(&format!("ETHERNET {tags}TYPE"), &packet));
    assert!(survey.flows().is_empty());
    let labels = "0001d0ff ".repeat(400);
    let (survey, _) = read(1, carried(&format!("ETHERNET 8847 {labels}0001d1ff"), &packet));
    assert!(survey.flows().is_empty());
}
