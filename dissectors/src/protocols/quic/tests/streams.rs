//! What streams carry, put in order and given to whom both sides agreed on.

use super::play::{By, connection, speaking};
use super::seal::stream;

#[test]
fn streams_come_together_however_their_frames_are_sent() {
    // A control stream of HTTP/3 with empty SETTINGS, in pieces that overlap, out of order and
    // again.
    let packets = [
        (By::Client, stream(2, 1, &[4], false)),
        (By::Client, [stream(2, 2, &[0], false), stream(2, 0, &[0, 4], false)].concat()),
        (By::Client, stream(2, 0, &[0, 4, 0], false)),
    ];
    let rows = connection(&packets).rows();
    let streams: Vec<&str> = rows.lines().filter(|row| row.starts_with("http3")).collect();
    assert_eq!(streams, ["http3@5 Control Stream", "http3@5 SETTINGS"], "{rows}");
}

#[test]
fn what_is_missing_of_a_stream_costs_what_it_is_part_of() {
    let packets = [
        (By::Client, stream(2, 0, &[0, 4, 0], false)),
        (By::Client, stream(2, 9, &[0x0d, 1, 1], false)),
        (By::Client, stream(0, 0, &[0, 2, 7], false)),
        (By::Client, stream(0, 5, &[9], true)),
    ];
    let stage = connection(&packets);
    let rows = stage.rows();
    let streams: Vec<&str> = rows.lines().filter(|row| row.starts_with("http3")).collect();
    let expected = ["http3@4 Control Stream", "http3@4 SETTINGS", "http3@6 DATA"];
    assert_eq!(streams, expected, "{rows}");
}

#[test]
fn a_stream_that_is_broken_off_ends() {
    let packets = [
        (By::Client, stream(2, 0, &[0, 4, 0], false)),
        (By::Client, stream(0, 0, &[0, 9, 7], false)),
        (By::Client, vec![4, 0, 5, 3]),
        (By::Client, stream(0, 3, &[7, 7], false)),
    ];
    let stage = connection(&packets);
    let rows = stage.rows();
    assert!(rows.contains("PKN: 2, RS, PADDING") || rows.contains("PKN: 2, RS"), "{rows}");
    let data = stage.messages().iter().filter(|one| stage.describe(one).summary == "DATA");
    let notes: Vec<_> = data.flat_map(|one| stage.describe(one).notes).collect();
    assert_eq!(notes, ["1 of 9 bytes are here"]);
}

#[test]
fn other_protocols_have_a_layer_for_each_stream() {
    // Questions of DNS over QUIC (RFC 9250), each on a stream of its own behind its length.
    let question = |name: u8| {
        let bytes = [&[0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, name][..], &[0, 0, 1, 0, 1]].concat();
        [vec![0, bytes.len() as u8], bytes].concat()
    };
    let packets = [
        (By::Client, stream(0, 0, &question(b'a'), true)),
        (By::Client, stream(4, 0, &question(b'b'), true)),
    ];
    let rows = speaking(b"doq", &packets).rows();
    let own: Vec<&str> = rows.lines().filter(|row| row.starts_with("dns")).collect();
    assert_eq!(own.len(), 2, "{rows}");
    assert!(own[0].starts_with("dns@4") && own[1].starts_with("dns@5"), "{rows}");
    // What nobody knows is shown as it is.
    let rows = speaking(b"other", &[(By::Client, stream(0, 0, b"whatever it is", true))]).rows();
    assert!(rows.contains("data@4"), "{rows}");
}
