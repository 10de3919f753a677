//! Questions of several messages: what answers the last of them answers all, and nothing of it
//! waits for what comes later.

use super::play::Play;
use super::story;
use crate::engine::tcp::flags::{ACK, SYN};
use crate::ids::Direction::{Backward, Forward};

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &(body.len() as u32 + 4).to_be_bytes(), body].concat()
}

#[test]
fn a_series_of_postgresql_is_one_question() {
    let begin = b"\0\0\0\x12\0\x03\0\0user\0joe\0\0";
    let ready = message(b'Z', b"I");
    let let_in = [message(b'R', &[0; 4]), ready.clone()].concat();
    let series = [
        message(b'P', b"\0drop table a\0\0\0"),
        message(b'B', &[0; 8]),
        message(b'D', b"P\0"),
        message(b'E', &[0; 5]),
        message(b'S', b""),
    ]
    .concat();
    let refused = [
        message(b'1', b""),
        message(b'2', b""),
        message(b'n', b""),
        message(b'E', b"SERROR\0C42P01\0Mno such table\0\0"),
    ]
    .concat();
    let mut play = Play::against(5432);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play.at(1_000).tcp(Forward, ACK, begin).at(2_000).tcp(Backward, ACK, &let_in);
    for at in [10_000, 500_000] {
        // It says in a segment of its own that it is ready.
        play.at(at).tcp(Forward, ACK, &series).at(at + 1_000).tcp(Backward, ACK, &refused);
        play.at(at + 1_300).tcp(Backward, ACK, &ready);
    }
    let trips: Vec<i64> = story(&play).trips.iter().map(|trip| trip.nanos).collect();
    assert_eq!(trips[1..], [1_000_000; 3], "{trips:?}");
}
