//! Tests of SCTP on datagrams; as a header it is tested among the headers.

use crate::engine::ports::Ports;
use crate::protocol::Framing;
use crate::protocols::stage::{Played, Step, ask, check_told, play_over, say};

fn over_udp(steps: &[Step]) -> Played {
    play_over(Ports { framing: Framing::Datagram, ports: [40000, 9899], began: None }, steps)
}

/// A packet with one chunk of that type; its checksum is made bit by bit, from the other end than
/// the program makes it.
fn packet(kind: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![19, 136, 19, 136, 0, 0, 0, 7, 0, 0, 0, 0, kind, 3];
    bytes.extend((content.len() as u16 + 4).to_be_bytes());
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    summed(bytes)
}

/// The same packet with its checksum.
fn summed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes[8..12].fill(0);
    let mut sum = u32::MAX;
    for byte in &bytes {
        sum ^= u32::from(byte.reverse_bits()) << 24;
        for _ in 0..8 {
            sum = if sum >> 31 == 1 { sum << 1 ^ 0x1edc_6f41 } else { sum << 1 };
        }
    }
    bytes[8..12].copy_from_slice(&(!sum.reverse_bits()).to_le_bytes());
    bytes
}

#[test]
fn a_packet_with_a_right_checksum_is_one() {
    let data = [0, 0, 0, 1, 0, 5, 0, 2, 0, 0, 0, 51, b'h', b'i'];
    let mut broken = packet(0, &data);
    broken[30] ^= 1;
    let stage = over_udp(&[ask(packet(0, &data)), ask(broken)]);
    let rows = stage.rows();
    assert!(rows.starts_with("sctp@1 DATA"), "{rows}");
    assert!(rows.contains("data@2 32 bytes"), "{rows}");
    for (name, expected) in [
        ("sctp.srcport", "5000"),
        ("sctp.verification_tag", "7"),
        ("sctp.chunk_type", "0"),
        ("sctp.data_sid", "5"),
        ("sctp.data_payload_proto_id", "51"),
    ] {
        assert_eq!(stage.values(name), expected, "{name}");
    }
}

#[test]
fn what_is_told() {
    let kinds = [1, 2, 10, 11, 0, 3, 4, 5, 9, 192, 130, 7, 8, 6];
    let step = |kind: u8| {
        let packet = packet(kind, &[0; 16]);
        if matches!(kind, 2 | 11 | 3 | 5 | 8) { say(packet) } else { ask(packet) }
    };
    check_told(
        &over_udp(&kinds.map(step)),
        &[
            "INIT | Wants an association: names its tag, and how many streams it has",
            "INIT_ACK | Agrees, and keeps nothing: what it would have to is in the cookie",
            "COOKIE_ECHO | Brings the cookie back: it was not asked for under a false address",
            "COOKIE_ACK | Has made the association out of the cookie",
            "DATA (TSN=0) | Sends a message, or a part of one, on one of its streams | On stream 0: 4 bytes, bytes.",
            "SACK (Ack=0, Arwnd=0) | Says how far it has received, and which parts behind holes",
            "HEARTBEAT | Tries whether the way to the other side still works",
            "HEARTBEAT_ACK | Gives the heartbeat back as it came",
            "ERROR | Reports a mistake, and goes on",
            "FORWARD_TSN | Gives up messages whose time is over: they are not waited for",
            "RE_CONFIG | Sends chunks that say something about the association",
            "SHUTDOWN | Has nothing more to send, and waits for the other side to end",
            "SHUTDOWN_ACK | Confirms that the association ends",
            "ABORT | Ends the association at once",
        ],
    );
}

#[test]
fn chunks_that_say_the_same_are_counted() {
    let mut bytes = packet(6, &[]);
    bytes.extend([6, 0, 0, 4, 6, 0, 0, 4, 11, 0, 0, 4]);
    check_told(
        &over_udp(&[ask(summed(bytes))]),
        &["ABORT × 3, COOKIE_ACK | Ends the association at once"],
    );
}

#[test]
fn data_channels_are_opened_and_carry_messages() {
    let data = |stream: u8, kind: u8, content: &[u8]| {
        packet(0, &[&[0, 0, 0, 1, 0, stream, 0, 0, 0, 0, 0, kind][..], content].concat())
    };
    let open = b"\x03\0\x01\0\0\0\0\0\0\x04\0\0chat";
    let part = |flags: u8, kind: u8| {
        let mut bytes = data(1, kind, b"abc");
        bytes[13] = flags;
        summed(bytes)
    };
    let said = "Sends a message, or a part of one, on one of its streams";
    let expected = [
        "DATA (TSN=1) | Opens a data channel on stream 1: chat".to_owned(),
        "DATA (TSN=1) | Takes the data channel on stream 1".to_owned(),
        format!("DATA (TSN=1) | {said} | On stream 1: 5 bytes, text of a data channel: “hello”."),
        format!("DATA (TSN=1) | {said} | On stream 1: 3 bytes, bytes of a data channel."),
        format!("DATA (TSN=1) | {said} | An empty message of a data channel, on stream 1."),
        format!(
            "DATA (TSN=1) (Message Fragment) | {said} | On stream 1: 3 bytes, text of a data channel, \
             the first part of a message: “abc”."
        ),
        format!(
            "DATA (TSN=1) (Message Fragment) | {said} | On stream 1: 3 bytes, bytes of a data channel, \
             the last part of a message."
        ),
        format!(
            "DATA (TSN=1) (Message Fragment) | {said} | On stream 1: 3 bytes, bytes of a data channel, \
             a part of a message."
        ),
    ];
    let steps = [
        ask(data(1, 50, open)),
        say(data(1, 50, &[2])),
        ask(data(1, 51, b"hello")),
        say(data(1, 53, b"abc")),
        ask(data(1, 56, &[0])),
        ask(part(2, 51)),
        ask(part(1, 53)),
        ask(part(0, 53)),
    ];
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check_told(&over_udp(&steps), &expected);
}
