//! Datagrams that were captured as one: each packet in them is found, where anything tells where it
//! ends.

use super::PORTS;
use super::packets::{CHOSEN, OF_CLIENT, OF_SERVER, answer, first, last};
use super::play::told;
use super::seal::{CLIENT, SERVER, key_log, short, stream};
use crate::message::Message;
use crate::protocols::stage::{Played, Step, ask, play_keyed, play_over, say};

/// An id that is long enough to be known wherever it stands.
const LONG: &[u8] = &[4, 8, 15, 16, 23, 42, 7, 1];

/// Packets of the client's to that id, or of the server's, with so many bytes of a stream each.
fn pieces(from_client: bool, to: &[u8], first: u16, lens: &[usize]) -> Vec<Vec<u8>> {
    let secret = if from_client { &CLIENT } else { &SERVER };
    let mut offset = 0;
    let mut all = Vec::new();
    for (number, len) in (first..).zip(lens) {
        let bytes = vec![b'x'; *len];
        let frames = stream(u64::from(!from_client) * 3, offset, &bytes, false);
        all.push(short(to, (secret, secret, false), number, &frames));
        offset += *len as u64;
    }
    all
}

/// A connection whose server goes by [`LONG`], too, and what follows in it.
fn connection(steps: &[Step]) -> Vec<Step> {
    let id = [&[0x18, 1, 0, 8][..], LONG, &[1; 16]].concat();
    let hands_out = short(OF_CLIENT, (&SERVER, &SERVER, false), 0, &id);
    let begun = [ask(first(CHOSEN, CHOSEN, &[], false)), say(answer(CHOSEN)), ask(last())];
    [&begun[..], &[say(hands_out)], steps].concat()
}

/// The lengths of packets behind the five of the connection's beginning, and of which the tree says
/// that they were captured with others.
fn packets(stage: &Played) -> Vec<(String, bool)> {
    let view = stage.view();
    let is_packet = |one: &&Message| {
        view.layer(one.layer).is_some_and(|layer| layer.protocol == super::super::PROTOCOL_ID)
    };
    let seen = stage.messages().iter().filter(is_packet).skip(5).map(|one| {
        let heard = stage.describe(one);
        let len = heard.fields.iter().find(|(name, _)| *name == "quic.packet_length");
        let is_glued = heard.notes.iter().any(|note| note.contains("captured as one with"));
        (len.expect("each has a length").1.clone(), is_glued)
    });
    seen.collect()
}

/// Sends datagrams of such packets each, glued together where they are several, and looks for each
/// packet.
#[track_caller]
fn check(from_client: bool, datagrams: &[Vec<Vec<u8>>]) {
    let step = |pieces: &Vec<Vec<u8>>| {
        let datagram = pieces.concat();
        if from_client { ask(datagram) } else { say(datagram) }
    };
    let steps: Vec<_> = datagrams.iter().map(step).collect();
    let stage = play_keyed(PORTS, &connection(&steps), &key_log());
    let expected = datagrams
        .iter()
        .flat_map(|pieces| pieces.iter().map(|piece| (piece.len().to_string(), pieces.len() > 1)));
    assert_eq!(packets(&stage), expected.collect::<Vec<_>>());
    assert!(told(&stage).iter().all(|line| !line.contains("Sealed")), "{:#?}", told(&stage));
}

#[test]
fn the_id_that_comes_again_tells_where_the_next_packet_begins() {
    let three = pieces(true, LONG, 0, &[1000, 1000, 200]);
    check(true, &[three]);
    let two = pieces(true, LONG, 3, &[1400, 10]);
    check(true, &[two, pieces(true, LONG, 5, &[10])]);
}

#[test]
fn a_key_tells_where_a_packet_ends() {
    // Ids of five bytes may come again by chance. The first has an offset that is one byte shorter.
    let three = pieces(false, OF_CLIENT, 1, &[1251, 1250, 200]);
    let more = pieces(false, OF_CLIENT, 4, &[1251, 1250, 1250]);
    check(false, &[three, more, pieces(false, OF_CLIENT, 7, &[1300])]);
}

#[test]
fn what_no_length_opens_is_explained() {
    let other = short(OF_SERVER, (&[9; 32], &[9; 32], false), 0, &vec![1; 3000]);
    let lines = told(&play_keyed(PORTS, &connection(&[ask(&other)]), &key_log()));
    let expected = "sealed 1-RTT | Sealed, and longer than most paths carry | The keys that are known do not open it. It may be several datagrams that the kernel was given at once: nothing in them says where one ends, and they are cut apart behind the place of this capture.";
    assert_eq!(lines.last().map(String::as_str), Some(expected));
    // What is tried is bounded, and one that opens as it is opens all the same.
    let many = vec![ask(&other); 20];
    let one = pieces(true, OF_SERVER, 1, &[10]).concat();
    let steps = [&many[..], &[ask(&one)]].concat();
    let stage = play_keyed(PORTS, &connection(&steps), &key_log());
    assert_eq!(packets(&stage).last(), Some(&(one.len().to_string(), false)));
    // Without any key nothing is tried.
    let stage = play_over(PORTS, &connection(&[ask(&other)]));
    assert!(told(&stage).last().is_some_and(|line| line.starts_with("sealed 1-RTT | ")));
}
