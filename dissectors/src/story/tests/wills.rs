//! Last wills that a broker publishes, tied to the connection that ended.

use super::play::{CLIENT, Line, Play, SERVER};
use super::story;
use crate::engine::tcp::flags::{ACK, FIN, RST, SYN};
use crate::ids::Direction::{self, Backward, Forward};
use crate::story::Level;

/// A CONNECT of version 3.1.1 with or without a last will, `off` about `t`.
fn connect(has_will: bool) -> Vec<u8> {
    let will: &[u8] = if has_will { b"\0\x01t\0\x03off" } else { b"" };
    let flags = if has_will { 0x06 } else { 0x02 };
    let head = [&b"\0\x04MQTT\x04"[..], &[flags, 0, 60], b"\0\x01s"].concat();
    let body = [&head, will].concat();
    [&[0x10, body.len() as u8][..], &body].concat()
}

fn open(play: &mut Play, connect: &[u8]) {
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play.tcp(Forward, ACK, connect).tcp(Backward, ACK, b"\x20\x02\0\0");
}

/// What is said of a message that a second client gets after the first one's connection went on
/// like this.
fn told(rest: &[(Direction, u16, &[u8])], message: &[u8]) -> String {
    let mut play = Play::against(1883);
    open(&mut play, &connect(true));
    let (hosts, ports, seq) = ([CLIENT, SERVER], [40_001, 1883], [70_000, 90_000]);
    let mut other = Line { hosts, ports, seq };
    play.at(10_000).swap(&mut other);
    open(&mut play, &connect(false));
    play.at(20_000).swap(&mut other);
    for (from, bits, bytes) in rest {
        play.tcp(*from, *bits, bytes);
    }
    play.at(30_000).swap(&mut other);
    play.tcp(Backward, ACK, message);
    let told = story(&play);
    let mut steps = told.level(Level::Flight).map(|(_, beat)| beat);
    let published = steps.find(|beat| beat.label.contains("PUBLISH"));
    published.map(|beat| beat.detail.clone()).unwrap_or_default()
}

#[test]
fn a_last_will_names_the_connection_that_ended_without_a_word() {
    let off = b"\x30\x06\0\x01toff";
    let check = |rest: &[(Direction, u16, &[u8])], message: &[u8], expected: &str| {
        assert_eq!(told(rest, message), format!("It carries 3 bytes.{expected}"));
    };
    let due = " It is the last will that was left in step 4, on connection A, which ended without a \
               word in step 11.";
    check(&[(Forward, FIN | ACK, b"")], off, due);
    check(&[(Forward, RST, b"")], off, due);
    // The broker has waited long enough.
    check(&[(Backward, FIN | ACK, b"")], off, due);
    // Who takes leave takes it back; and this is another one.
    check(&[(Forward, FIN | ACK, b"\xe0\0")], off, "");
    check(&[(Forward, FIN | ACK, b"")], b"\x30\x06\0\x01toof", "");
    check(&[], off, "");
}

#[test]
fn what_confirms_an_end_stands_where_its_packet_counts() {
    let mut play = Play::against(1883);
    open(&mut play, &connect(false));
    // Who takes leave names the chapter of its protocol.
    play.at(10_000).tcp(Forward, ACK, b"\xe0\0").tcp(Forward, FIN | ACK, b"");
    play.at(10_100).tcp(Backward, ACK, b"");
    play.at(15_000).tcp(Backward, FIN | ACK, b"");
    let told = story(&play);
    let chapters = told.level(Level::Chapter).map(|(_, beat)| (&*beat.label, beat.packets));
    let expected = [("TCP handshake", 3), ("MQTT", 4), ("Closing", 2)];
    let text = crate::story::text::to_text(&told);
    assert_eq!(chapters.collect::<Vec<_>>(), expected, "{text}");
}
