//! What packets are called beside others in their datagram.

use super::PORTS;
use super::packets::{CHOSEN, OF_CLIENT, answer, first, last};
use super::play::{By, connection};
use super::seal::{key_log, retry, stream};
use crate::protocols::stage::{Played, ask, play_keyed, say};
use crate::registry::standard;

/// The parts of all datagrams, in the order in which they came.
fn parts(stage: &Played) -> Vec<String> {
    let view = stage.view();
    let all = stage.messages().iter().filter_map(|message| {
        standard().get(view.layer(message.layer)?.protocol).enclosed(message, &view)
    });
    all.map(|one| one.label).collect()
}

#[test]
fn packets_of_a_datagram_are_named_with_their_frames() {
    let token = retry((OF_CLIENT, &[9; 8]), b"come again", CHOSEN);
    let hello = first(CHOSEN, CHOSEN, &[], false);
    let stage = play_keyed(PORTS, &[ask(hello.clone()), say(token)], &key_log());
    assert_eq!(parts(&stage), ["Initial 0: CRYPTO, PADDING 900 B", "Retry"]);
    let steps = [ask(hello.clone()), say(answer(CHOSEN)), ask(last())];
    let expected = ["Initial 0: CRYPTO, PADDING 900 B", "Initial 0: CRYPTO", "Handshake 0: CRYPTO"];
    let stage = play_keyed(PORTS, &steps, &key_log());
    assert_eq!(parts(&stage), [&expected[..], &["Handshake 0: CRYPTO"]].concat());
    let stage = play_keyed(PORTS, &[ask(hello), say(answer(CHOSEN))], &Default::default());
    assert_eq!(parts(&stage).last().map(String::as_str), Some("Handshake, sealed"));
}

#[test]
fn frames_say_what_tells_them_apart() {
    #[track_caller]
    fn check(frames: &[&[u8]], expected: &str) {
        let stage = connection(&[(By::Client, frames.concat())]);
        let expected = format!("1-RTT 0: {expected}");
        assert_eq!(parts(&stage).last(), Some(&expected));
    }
    let ids = [&[0x18, 1, 0, 4, 9, 9, 9, 1][..], &[1; 16]].concat();
    check(&[&ids, &ids, &[1]], "NEW_CONNECTION_ID × 2, PING");
    check(&[&[2, 9, 0, 1, 0, 2, 3]], "ACK 2–5, 9");
    check(&[&[2, 20, 0, 3, 0, 0, 0, 0, 0, 0, 0]], "ACK …, 16, 18, 20");
    check(
        &[&stream(0, 0, b"ab", false), &stream(0, 2, b"cd", true)],
        "STREAM 0, STREAM 0 at 2 with FIN",
    );
    check(&[&[0x11, 4, 9, 0x10, 9, 4, 4, 1, 2]], "MAX_STREAM_DATA 4, MAX_DATA, RESET_STREAM 4");
    let many: Vec<Vec<u8>> = (0..9).map(|id| stream(4 * id, 0, b"x", false)).collect();
    let many: Vec<&[u8]> = many.iter().map(Vec::as_slice).collect();
    let six = "STREAM 0, STREAM 4, STREAM 8, STREAM 12, STREAM 16, STREAM 20, 3 more";
    check(&many, six);
}
