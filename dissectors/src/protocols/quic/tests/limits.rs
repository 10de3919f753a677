//! What holds a side up: windows that are used up, and an address that is not proven.

use super::PORTS;
use super::packets::{CHOSEN, OF_CLIENT, OF_SERVER, TOKEN, first};
use super::play::{By, numbered, told};
use super::seal::{
    CLIENT_HANDSHAKE, SERVER_HANDSHAKE, crypto, encrypted_extensions, finished, initial, key_log,
    long, server_hello, stream,
};
use crate::protocols::stage::{ask, play_keyed, say};

#[test]
fn windows_that_are_used_up_hold_their_sender_up() {
    let server = |number, frames| (By::Server, number, frames);
    let client = |number, frames| (By::Client, number, frames);
    let packets = [
        // On a stream of the client's 20 bytes are allowed, in all 1000.
        server(0, stream(0, 0, &[7; 12], false)),
        server(1, stream(0, 12, &[7; 8], false)),
        server(2, vec![0x15, 0, 20]),
        client(0, vec![0x11, 0, 50]),
        server(3, stream(0, 20, &[7; 30], true)),
        server(4, stream(3, 0, &[7; 950], false)),
        client(1, vec![0x10, 0x43, 0xe8]),
        client(2, vec![0x10, 0x47, 0xd0]),
    ];
    let stage = numbered(b"other", &packets);
    let lines = told(&stage);
    let expected = [
        "window used up | Sends the last that the other side allows for now | The window of stream 0 is used up: nothing more may be sent on it until a MAX_STREAM_DATA comes.",
        "STREAM_DATA_BLOCKED | Would send more than the other side allows so far | Stream 0 has come to its limit of 20 bytes.",
        "MAX_STREAM_DATA | Lets the other side go on, which had to wait | 30 bytes may be sent. For 2.00 ms nothing could be: the window was used up.",
        "window used up | Sends the last that the other side allows for now | The window of the connection is used up: no stream may send until a MAX_DATA comes.",
        "MAX_DATA | Lets the other side send more",
        "MAX_DATA | Lets the other side go on, which had to wait | 1000 bytes may be sent. For 2.00 ms nothing could be: the window was used up.",
    ];
    assert_eq!(lines, expected, "{lines:#?}");
    assert_eq!(stage.values("quic.analysis.window.before"), "8 0 0 950 0");
    assert_eq!(stage.values("quic.analysis.window.after"), "0 0 30 0 1000");
    assert_eq!(stage.values("quic.analysis.window.waited"), "2000000 2000000");
}

#[test]
fn a_server_waits_where_an_address_is_not_proven() {
    let certificate = [&[11, 0, 0x0f, 0xa0][..], &[0; 4000]].concat();
    let rest = [encrypted_extensions(b"h3", TOKEN), certificate, finished()].concat();
    let ids = (OF_CLIENT, OF_SERVER);
    let piece = |number: u16| {
        let at = 1000 * usize::from(number);
        let end = rest.len().min(at + 1000);
        let frames = crypto(at as u64, &rest[at..end]);
        long(0xe0, ids, None, &SERVER_HANDSHAKE, number, &frames)
    };
    let secret = initial(CHOSEN, "server in");
    let hello = long(0xc0, ids, Some(&[]), &secret, 0, &crypto(0, &server_hello()));
    let asked = first(CHOSEN, CHOSEN, &[], false);
    let answered = [hello, piece(0)].concat();
    let heard = long(0xe0, (OF_SERVER, OF_CLIENT), None, &CLIENT_HANDSHAKE, 0, &[2, 0, 0, 0, 0]);
    let (came, sent) = (asked.len(), answered.len() + piece(1).len());
    let held = format!(
        "amplification limit | Goes on with its handshake, which an unproven address had held up | {sent} bytes had gone out for {came} that had come, and three times as many are allowed: more could flood somebody in whose name a stranger asks. It waited 2.00 ms for a packet of the client's."
    );
    let begun = [ask(&asked), say(&answered), say(piece(1))];
    let check = |steps: &[_], expected: &[&str]| {
        let lines = told(&play_keyed(PORTS, &[&begun[..], steps].concat(), &key_log()));
        assert_eq!(lines, expected, "{lines:#?}");
    };
    check(&[ask(&heard), say(piece(2)), say(piece(3))], &[&held]);
    // What would have fitted was not held up; nor was what goes on without a word of the client.
    check(&[say(piece(2))], &[]);
}
