//! A datagram that came in fragments: all of them are packets of its flight.

use etherparse::{IpFragOffset, IpNumber, Ipv4Header};

use super::play::{CLIENT, Play, SERVER};
use super::story;
use crate::ids::Direction::Forward;
use crate::story::Level;

/// The fragments of a datagram of UDP from the client, each with so many bytes of it.
fn fragments(play: &mut Play, payload: &[u8], each: usize) {
    let len = (8 + payload.len()) as u16;
    let (from, to) = (40_000_u16.to_be_bytes(), 5_555_u16.to_be_bytes());
    let whole = [&from[..], &to, &len.to_be_bytes(), &[0, 0], payload].concat();
    let count = whole.len().div_ceil(each);
    for (number, part) in whole.chunks(each).enumerate() {
        let mut header =
            Ipv4Header::new(part.len() as u16, 64, IpNumber::UDP, CLIENT, SERVER).unwrap();
        header.identification = 7;
        header.dont_fragment = false;
        header.more_fragments = number + 1 < count;
        header.fragment_offset = IpFragOffset::try_new((number * each / 8) as u16).unwrap();
        header.header_checksum = header.calc_header_checksum();
        let mut bytes = [&[2; 6][..], &[4; 6], &[8, 0]].concat();
        header.write(&mut bytes).unwrap();
        bytes.extend(part);
        play.push(bytes);
    }
}

#[test]
fn every_fragment_is_a_packet_of_the_flight() {
    let mut play = Play::against(5_555);
    play.at(100);
    fragments(&mut play, &[b'x'; 3_000], 1_480);
    play.at(900).udp(Forward, b"again");
    let told = story(&play);
    let (id, flight) = told.level(Level::Flight).next().unwrap();
    assert!(flight.label.starts_with("3000 bytes in 3 IP fragments"), "{}", flight.label);
    assert_eq!(flight.sent.time.0, 100_000, "it begins with the first of them");
    let packets = told.children(Some(id)).filter(|(_, beat)| beat.level == Level::Packet);
    let labels: Vec<&str> = packets.map(|(_, beat)| beat.label.as_str()).collect();
    assert_eq!(
        labels[..3],
        [
            "frame 1: IP fragment 1 of 3, with the ports",
            "frame 2: IP fragment 2 of 3",
            "frame 3: IP fragment 3 of 3"
        ]
    );
    // Three fragments of 34 bytes of headers and what they carry, and one plain datagram.
    assert_eq!((told.packets, told.bytes), (4, 3 * 34 + 3_008 + 42 + 5));
}
