//! Connections that take more than one five-tuple: answers that come from elsewhere.

use std::net::Ipv4Addr;

use etherparse::PacketBuilder;
use wirestage_dissectors::frames::{FrameList, LinkType};
use wirestage_dissectors::ids::Time;
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::story::ActorId;

use crate::reading::{Reading, check};

/// Where a datagram comes from, or goes to.
type End = ([u8; 4], u16);

const NOBODY: [u8; 4] = [0; 4];
const EVERYBODY: [u8; 4] = [255; 4];
const SERVER: [u8; 4] = [192, 0, 2, 1];
const OTHER: [u8; 4] = [192, 0, 2, 2];
const CLIENT: [u8; 4] = [192, 0, 2, 7];

fn frames(sent: &[(End, End, Vec<u8>)]) -> FrameList {
    let mut frames = FrameList::new();
    for (number, (from, to, payload)) in (1..).zip(sent) {
        let mut bytes = Vec::new();
        PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2])
            .ipv4(from.0, to.0, 64)
            .udp(from.1, to.1)
            .write(&mut bytes, payload)
            .unwrap();
        frames.push(Time(number * 1_000_000), 0, LinkType::ETHERNET, bytes);
    }
    frames
}

/// A message of DHCP: who speaks, number, type.
fn dhcp(op: u8, id: u8, kind: u8) -> Vec<u8> {
    let mut bytes = vec![op, 1, 6, 0, 0, 0, 0, id];
    bytes.extend([0; 20]);
    bytes.extend([2, 0, 0, 0, 0, id]);
    bytes.extend([0; 10 + 192]);
    bytes.extend([0x63, 0x82, 0x53, 0x63, 53, 1, kind, 255]);
    bytes
}

/// Two hosts ask at once, from one address to another; two servers answer, by broadcast and not.
fn leases() -> FrameList {
    let (all, to_all, at_home) = ((NOBODY, 68), (EVERYBODY, 67), (EVERYBODY, 68));
    let (server, other, yours) = ((SERVER, 67), (OTHER, 67), (CLIENT, 68));
    frames(&[
        (all, to_all, dhcp(1, 7, 1)),
        (all, to_all, dhcp(1, 8, 1)),
        (server, yours, dhcp(2, 7, 2)),
        (other, at_home, dhcp(2, 8, 2)),
        (all, to_all, dhcp(1, 7, 3)),
        (server, yours, dhcp(2, 7, 5)),
        (all, to_all, dhcp(1, 8, 3)),
        (server, at_home, dhcp(2, 8, 6)),
    ])
}

#[test]
fn a_lease_goes_by_its_number_and_not_by_addresses() {
    check(
        leases(),
        4,
        "1 DHCP DHCP Discover - Transaction ID 0x7
         2 DHCP DHCP Discover - Transaction ID 0x8
         3 DHCP DHCP Offer    - Transaction ID 0x7 answers 1
         4 DHCP DHCP Offer    - Transaction ID 0x8 answers 2
         5 DHCP DHCP Request  - Transaction ID 0x7
         6 DHCP DHCP ACK      - Transaction ID 0x7 answers 5
         7 DHCP DHCP Request  - Transaction ID 0x8
         8 DHCP DHCP NAK      - Transaction ID 0x8 answers 7",
    );
}

#[test]
fn each_arrow_has_the_ends_of_its_own_packet() {
    let story = Reading::new(leases(), Secrets::default()).story();
    let name = |id: ActorId| story.cast[usize::from(id.0)].name.as_str();
    let arrows: Vec<String> = story
        .steps()
        .into_iter()
        .filter_map(|id| story.beat(id))
        .map(|beat| format!("{} > {}: {}", name(beat.from), name(beat.to), beat.label))
        .collect();
    let [server, other] = [SERVER, OTHER].map(|address| Ipv4Addr::from(address).to_string());
    let expected = [
        "0.0.0.0 > 255.255.255.255: Discover".to_owned(),
        "0.0.0.0 > 255.255.255.255: Discover".to_owned(),
        format!("{server} > 192.0.2.7: Offer"),
        format!("{other} > 255.255.255.255: Offer"),
        "0.0.0.0 > 255.255.255.255: Request".to_owned(),
        format!("{server} > 192.0.2.7: ACK"),
        "0.0.0.0 > 255.255.255.255: Request".to_owned(),
        format!("{server} > 255.255.255.255: NAK"),
    ];
    assert_eq!(arrows, expected);
}

#[test]
fn a_transfer_goes_on_where_its_server_answers() {
    let (client, port, server) = ((CLIENT, 2087), (SERVER, 69), (SERVER, 57_509));
    let second = (SERVER, 57_510);
    let data = |block: u8, len: usize| [&[0, 3, 0, block][..], &vec![7; len]].concat();
    let ack = |block: u8| vec![0, 4, 0, block];
    let sent = [
        // Nobody has asked for this yet.
        (server, client, data(9, 512)),
        (client, port, b"\0\x01boot.img\0octet\0".to_vec()),
        (second, client, data(1, 512)),
        (client, second, ack(1)),
        (second, client, data(2, 5)),
        (client, second, ack(2)),
        // Another host, and another port of the client's, were not asked.
        ((OTHER, 57_510), client, data(1, 512)),
        (second, (CLIENT, 2088), data(1, 512)),
    ];
    check(
        frames(&sent),
        5,
        "1 Data 516 bytes
         2 TFTP Read Request, File: boot.img, Transfer type: octet
         3 TFTP Data Packet, Block: 1
         4 TFTP Acknowledgement, Block: 1 answers 3
         5 TFTP Data Packet, Block: 2 (last)
         6 TFTP Acknowledgement, Block: 2 answers 5
         7 Data 516 bytes
         8 Data 516 bytes",
    );
}
