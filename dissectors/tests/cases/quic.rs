//! Connections of QUIC, whose packets are told apart by keys, ids and streams.

use std::net::Ipv4Addr;

use etherparse::PacketBuilder;
use wirestage_dissectors::frames::{FrameList, LinkType};
use wirestage_dissectors::ids::Time;
use wirestage_dissectors::secret::{Label, Secret, Secrets};

use crate::reading::Reading;

#[allow(dead_code, reason = "shared with the tests beside the protocol, which need more of it")]
#[path = "../../src/protocols/quic/tests/packets.rs"]
mod packets;
#[allow(dead_code, reason = "shared with the tests beside the protocol, which need more of it")]
#[path = "../../src/protocols/quic/tests/seal.rs"]
mod seal;

use packets::{CHOSEN, OF_CLIENT, OF_SERVER, answer, first, last};
use seal::{CLIENT, SERVER, key_log, retry, short, stream};
use wirestage_dissectors::story::{Level, Story};

/// The ports of the client: the one that it begins on, and the one that it moves to.
const HOME: u16 = 50_001;
const AWAY: u16 = 50_002;

fn frames(sent: &[(u16, bool, Vec<u8>)]) -> FrameList {
    seen_at(1, sent)
}

/// The same as so many vantage points saw it, one shortly after the other.
fn seen_at(points: u16, sent: &[(u16, bool, Vec<u8>)]) -> FrameList {
    let mut frames = FrameList::new();
    for (number, (port, from_client, payload)) in (1..).zip(sent) {
        let client = (Ipv4Addr::new(192, 0, 2, 7).octets(), *port);
        let server = (Ipv4Addr::new(192, 0, 2, 1).octets(), 443);
        let (from, to) = if *from_client { (client, server) } else { (server, client) };
        let mut bytes = Vec::new();
        PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2])
            .ipv4(from.0, to.0, 64)
            .udp(from.1, to.1)
            .write(&mut bytes, payload)
            .unwrap();
        for point in 0..points {
            let time = Time(number * 1_000_000 + i64::from(point));
            frames.push(time, point, LinkType::ETHERNET, bytes.clone());
        }
    }
    frames
}

/// A packet after the handshake, from the client or the server.
fn packet(from_client: bool, number: u16, frames: &[Vec<u8>]) -> Vec<u8> {
    let (to, secret) = if from_client { (OF_SERVER, &CLIENT) } else { (OF_CLIENT, &SERVER) };
    short(to, (secret, secret, false), number, &frames.concat())
}

/// `GET /a` on a stream, its section naming the first two entries of the table (RFC 9204, appendix
/// B.2).
fn request() -> Vec<u8> {
    vec![1, 5, 3, 0x81, 0xd1, 0x10, 0x11]
}

/// `:authority` and `:path` for the table.
const INSERTS: [u8; 13] = [2, 0x3f, 0xbd, 1, 0xc0, 3, b'h', b'.', b'x', 0xc1, 2, b'/', b'a'];

/// `200`, and four bytes of content.
const RESPONSE: [u8; 11] = [1, 3, 0, 0, 0xd9, 0, 4, b's', b'o', b'm', b'e'];

#[test]
fn a_connection_reads_the_same_in_every_way() {
    let settings = [0, 4, 3, 1, 0x40, 220];
    let sent = [
        (HOME, true, first(CHOSEN, CHOSEN, &[], false)),
        // Stored before the packet that brings its keys.
        (HOME, true, packet(true, 0, &[stream(2, 0, &[0, 4, 0], false)])),
        (HOME, false, answer(CHOSEN)),
        (HOME, true, last()),
        (HOME, false, packet(false, 0, &[vec![0x1e], stream(3, 0, &settings, false)])),
        // Waits for the table, which comes along another path.
        (HOME, true, packet(true, 2, &[stream(0, 0, &request(), true)])),
        (AWAY, true, packet(true, 3, &[stream(6, 0, &INSERTS, false)])),
        // The answer comes in pieces, the last one first, and ends in a packet of its own.
        (AWAY, false, packet(false, 1, &[stream(0, 6, &RESPONSE[6..], false)])),
        (AWAY, false, packet(false, 2, &[stream(0, 0, &RESPONSE[..6], false)])),
        (AWAY, false, packet(false, 3, &[stream(0, 11, &[], true)])),
        (AWAY, true, packet(true, 4, &[vec![0x1d, 0x41, 0, 0]])),
    ];
    let reading = Reading::new(frames(&sent), key_log());
    reading.check(
        2,
        "1 TLS Client Hello
         2 HTTP3 Control Stream, SETTINGS
         3 TLSv1.3 Encrypted Extensions, Finished
         4 TLSv1.3 Finished
         5 HTTP3 Control Stream, SETTINGS
         6 HTTP3 HEADERS: GET /a
         7 HTTP3 QPACK Encoder Stream, QPACK ENC
         8 QUIC Protected Payload (KP0), DCID=0202020202, PKN: 1, STREAM(0)
         9 HTTP3 HEADERS: 200 OK, DATA answers 6
         10 QUIC Protected Payload (KP0), DCID=0202020202, PKN: 3, STREAM(0)
         11 QUIC Protected Payload (KP0), DCID=03030303030303, PKN: 4, CC",
    );
    assert!(reading.tree(10).contains("some"), "{}", reading.tree(10));
}

#[test]
fn answers_that_are_stored_before_their_questions_belong_to_one_connection() {
    let ids = (OF_SERVER, OF_CLIENT);
    let acknowledged = [2, 0, 0, 0, 0];
    let initial = seal::initial(CHOSEN, "client in");
    let second = seal::long(0xc0, ids, Some(&[]), &initial, 1, &acknowledged);
    let settings = [0, 4, 3, 1, 0x40, 220];
    let sent = [
        (HOME, false, answer(CHOSEN)),
        // It goes to an id that the server's answer has made known to the client.
        (HOME, true, [second, last()].concat()),
        (HOME, true, packet(true, 0, &[stream(2, 0, &[0, 4, 0], false)])),
        (HOME, true, first(CHOSEN, CHOSEN, &[], false)),
        (HOME, false, packet(false, 0, &[stream(3, 0, &settings, false)])),
    ];
    let reading = Reading::new(frames(&sent), key_log());
    reading.check(
        1,
        "1 TLSv1.3 Server Hello, Encrypted Extensions, Finished
         2 TLSv1.3 Finished
         3 HTTP3 Control Stream, SETTINGS
         4 TLS Client Hello
         5 HTTP3 Control Stream, SETTINGS",
    );
}

#[test]
fn a_first_packet_to_an_id_that_nobody_could_read_belongs_to_who_has_its_keys() {
    let acknowledged = [2, 0, 0, 0, 0];
    // The server gave this id away under seal; the client has none of its own.
    let ids = (&[9, 9, 9, 9][..], &[][..]);
    let second = |key: &[u8]| {
        let initial = seal::initial(key, "client in");
        seal::long(0xc0, ids, Some(&[]), &initial, 1, &acknowledged)
    };
    let told = |second: Vec<u8>| {
        let sent = [
            (HOME, true, first(CHOSEN, CHOSEN, &[], false)),
            (HOME, false, answer(CHOSEN)),
            (HOME, true, second),
        ];
        Reading::new(frames(&sent), Secrets::default()).connections().len()
    };
    assert_eq!(told(second(CHOSEN)), 1, "sealed with the keys of the first one");
    assert_eq!(told(second(&[9, 9, 9, 9])), 2, "what begins another has other keys");
}

#[test]
fn a_request_that_is_stored_before_the_keys_has_its_answer() {
    // `GET /` by the fixed table (RFC 9204, appendix A), and `200`.
    let (asked, answered) = ([1, 4, 0, 0, 0xd1, 0xc1], [1, 3, 0, 0, 0xd9]);
    let sent = [
        (HOME, true, first(CHOSEN, CHOSEN, &[], false)),
        (HOME, true, packet(true, 0, &[stream(0, 0, &asked, true)])),
        (HOME, false, answer(CHOSEN)),
        (HOME, true, last()),
        (HOME, false, packet(false, 0, &[stream(0, 0, &answered, true)])),
    ];
    Reading::new(frames(&sent), key_log()).check(
        1,
        "1 TLS Client Hello
         2 HTTP3 HEADERS: GET /
         3 TLSv1.3 Encrypted Extensions, Finished
         4 TLSv1.3 Finished
         5 HTTP3 HEADERS: 200 OK answers 2",
    );
}

#[test]
fn keys_that_come_later_open_what_waited_for_them() {
    let sent = [
        (HOME, true, first(CHOSEN, CHOSEN, &[], false)),
        (HOME, false, answer(CHOSEN)),
        (HOME, true, last()),
        (HOME, true, packet(true, 0, &[stream(2, 0, &[0, 4, 0], false)])),
    ];
    let reading = Reading::new(frames(&sent), Secrets::default());
    let log = |label: Label, bytes: [u8; 32]| {
        Secret { label, client_random: [7; 32], bytes: bytes.to_vec() }.line()
    };
    let handshake = log(Label::ServerHandshakeTraffic, seal::SERVER_HANDSHAKE);
    let application = log(Label::ClientTraffic0, CLIENT);
    let said = reading.with_keys_in_turn(&[&handshake, &application]);
    assert!(said[1].contains("Encrypted Extensions"), "{}", said[1]);
    assert!(said[2].contains("no key opens this packet"), "{}", said[2]);
    assert!(said[3].contains("Control Stream"), "{}", said[3]);
}

/// What a story tells of round trips: which step asked, which answered, and how long it took.
fn trips(story: &Story) -> Vec<(String, String, i64)> {
    let label = |id| story.beat(id).unwrap().label.clone();
    story.trips.iter().map(|trip| (label(trip.from), label(trip.to), trip.nanos)).collect()
}

#[test]
fn a_retry_answers_the_first_hello_and_costs_a_round_trip() {
    let again: &[u8] = &[4; 8];
    let sent = [
        (HOME, true, first(CHOSEN, CHOSEN, &[], false)),
        (HOME, false, retry((OF_CLIENT, again), b"token", CHOSEN)),
        (HOME, true, first(again, again, b"token", false)),
        (HOME, false, answer(again)),
        (HOME, true, last()),
        (HOME, true, packet(true, 0, &[stream(2, 0, &[0, 4, 0], false)])),
    ];
    let story = Reading::new(frames(&sent), key_log()).story_called("");
    let found = trips(&story);
    let expected = [
        ("ClientHello", "Retry", 1_000_000),
        ("Initial with token · ClientHello", "ServerHello", 1_000_000),
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for ((asked, answered, nanos), (from, to, time)) in found.iter().zip(expected) {
        assert_eq!((asked.as_str(), *nanos), (from, time), "{found:#?}");
        assert!(answered.starts_with(to), "{found:#?}");
    }
    assert_eq!(story.title, "HTTP/3 over QUIC with 192.0.2.1");
    assert_eq!(story.level(Level::Chapter).map(|(_, beat)| beat.round_trips).sum::<u32>(), 2);
    assert_eq!(story.sum, "2 round trips of QUIC until the first byte of data can be sent");
}

#[test]
fn a_window_that_is_used_up_is_one_of_the_story() {
    let bytes = |offset, len| stream(0, offset, &vec![7; len], false);
    let sent = [
        (HOME, true, first(CHOSEN, CHOSEN, &[], false)),
        (HOME, false, answer(CHOSEN)),
        (HOME, true, last()),
        (HOME, true, packet(true, 0, &[stream(0, 0, &request(), true)])),
        (HOME, false, packet(false, 0, &[bytes(0, 20)])),
        (HOME, true, packet(true, 1, &[vec![0x11, 0, 50]])),
        (HOME, false, packet(false, 1, &[bytes(20, 1)])),
    ];
    let story = Reading::new(frames(&sent), key_log()).story();
    let [window] = story.windows.as_slice() else { panic!("{:#?}", story.windows) };
    assert_eq!((window.lane, window.initial, window.held_up), (Some(0), 20, true));
    let points = [(Time(5_000_000), 0), (Time(6_000_000), 30)];
    assert_eq!(window.points, points);
}

#[test]
fn two_vantage_points_see_a_connection_each() {
    let sent = [
        (HOME, true, first(CHOSEN, CHOSEN, &[], false)),
        (HOME, false, answer(CHOSEN)),
        (HOME, true, last()),
        (HOME, true, packet(true, 0, &[stream(2, 0, &[0, 4, 0], false)])),
        (AWAY, true, packet(true, 1, &[vec![1]])),
        (AWAY, false, packet(false, 0, &[vec![1]])),
    ];
    // Frames 9 to 12 come along another path, and stay with what their own point saw before.
    Reading::new(seen_at(2, &sent), key_log()).check(
        4,
        "1 TLS Client Hello
         2 TLS Client Hello
         3 TLSv1.3 Encrypted Extensions, Finished
         4 TLSv1.3 Encrypted Extensions, Finished
         5 TLSv1.3 Finished
         6 TLSv1.3 Finished
         7 HTTP3 Control Stream, SETTINGS
         8 HTTP3 Control Stream, SETTINGS
         9 QUIC Protected Payload (KP0), DCID=03030303030303, PKN: 1, PING, PADDING
         10 QUIC Protected Payload (KP0), DCID=03030303030303, PKN: 1, PING, PADDING
         11 QUIC Protected Payload (KP0), DCID=0202020202, PKN: 0, PING, PADDING
         12 QUIC Protected Payload (KP0), DCID=0202020202, PKN: 0, PING, PADDING",
    );
}

#[test]
fn a_server_that_names_its_versions_costs_a_round_trip() {
    let ids = [&[OF_CLIENT.len() as u8][..], OF_CLIENT, &[CHOSEN.len() as u8], CHOSEN].concat();
    let negotiation = [&[0x80, 0, 0, 0, 0][..], &ids, &[0, 0, 0, 1]].concat();
    let sent = [(HOME, true, first(CHOSEN, CHOSEN, &[], false)), (HOME, false, negotiation)];
    let story = Reading::new(frames(&sent), key_log()).story();
    assert_eq!(story.trips.len(), 1, "it answers the ClientHello, which TLS tells");
}
