//! Several connections at once: a track each, chapters of their own, and one order for all steps.

use super::play::Play;
use super::{check_outline, story};
use crate::engine::tcp::flags::{ACK, FIN, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::story::{Level, TrackId};

/// Two connections whose packets take turns; the one that begins first asks last.
fn in_turns() -> Play {
    let mut play = Play::against(9_999);
    let mut turn = |port: u16, steps: &[(crate::ids::Direction, u16, &[u8])]| {
        play.another(port);
        for (from, bits, payload) in steps {
            play.tcp(*from, *bits, payload);
        }
    };
    turn(40_001, &[(Forward, SYN, b"")]);
    turn(40_002, &[(Forward, SYN, b""), (Backward, SYN | ACK, b""), (Forward, ACK, b"")]);
    play.another(40_001);
    play.tcp_at(90_000, Backward, SYN | ACK, b"");
    play.tcp_at(70_001, Forward, ACK, b"");
    play.another(40_002);
    play.tcp_at(70_001, Forward, ACK, b"GET /b HTTP/1.1\r\nHost: h\r\n\r\n");
    play.another(40_001);
    play.tcp_at(70_001, Forward, ACK, b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
    play
}

#[test]
fn each_connection_has_its_own_handshake_and_steps_keep_the_order_of_the_wire() {
    let play = in_turns();
    check_outline(
        &play,
        "Connections
         A   GET /a · 1 round trip, 4 packets, 244 B · 0.000 to 0.070 ms
         B   GET /b · 1 round trip, 4 packets, 244 B · 0.010 to 0.060 ms
         A · TCP handshake · 1 round trip · 3 packets · 162 B
         1  A       0.000  Client ──> Server  [SYN]
         B · TCP handshake · 1 round trip · 3 packets · 162 B
         2  B       0.010  Client ──> Server  [SYN]
         3  B       0.020  Server ──> Client  [SYN, ACK]
         4  A       0.040  Server ──> Client  [SYN, ACK]
         B · HTTP request · 1 packet · 82 B
         5  B       0.060  Client ──> Server  [ACK] · [GET /b]
         A · HTTP request · 1 packet · 82 B
         6  A       0.070  Client ──> Server  [ACK] · [GET /a]
         2 connections. The first: 1 round trip of TCP until the request can be sent, and no answer was recorded
         8 packets · 488 B · 0.070 ms",
    );
    let told = story(&play);
    let steps = told.steps();
    let frames: Vec<u32> =
        steps.iter().filter_map(|id| told.beat(*id)).map(|beat| beat.sent.frame.0).collect();
    assert!(frames.is_sorted(), "{frames:?}");
    for (id, beat) in told.level(Level::Flight) {
        let chapter = told.chapter_of(id).and_then(|id| told.beat(id)).unwrap();
        assert_eq!(chapter.track, beat.track);
    }
    // Beats stand in the order of their tree, whatever took turns on the wire.
    for (at, beat) in told.beats.iter().enumerate() {
        let parent = beat.parent.map(|id| id.0 as usize);
        assert!(parent.is_none_or(|parent| parent < at));
        let level = parent.map(|parent| told.beats[parent].level);
        let above = told.beats[..at].iter().rposition(|other| Some(other.level) == level);
        assert_eq!(above, parent);
    }
}

/// As many connections, each asking once; the odd ones are never answered.
fn alike(count: u16, answered: impl Fn(u16) -> bool) -> Play {
    let mut play = Play::against(9_999);
    for number in 0..count {
        play.another(41_000 + number);
        play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
        let request = format!("GET /{number} HTTP/1.1\r\nHost: h\r\n\r\n");
        play.tcp(Forward, ACK, request.as_bytes());
        if answered(number) {
            play.tcp(Backward, ACK, b"HTTP/1.1 204 No Content\r\n\r\n");
        }
        play.tcp(Forward, FIN | ACK, b"").tcp(Backward, FIN | ACK, b"").tcp(Forward, ACK, b"");
    }
    play
}

#[test]
fn what_went_the_same_way_is_told_once_and_counted() {
    let folded = |told: &crate::story::Story| -> Vec<Option<TrackId>> {
        told.tracks.iter().map(|track| track.like).collect()
    };
    assert_eq!(folded(&story(&alike(4, |_| true))), [None; 4]);
    let mut told = story(&alike(6, |_| true));
    let like_first = Some(TrackId(0));
    assert_eq!(folded(&told), [None, like_first, like_first, like_first, like_first, like_first]);
    assert_eq!(told.alike().first().map(|(id, one)| (*id, one.count)), Some((TrackId(0), 5)));
    let all = told.level(Level::Flight).count();
    assert_eq!(told.steps().len() * 6, all);
    assert_eq!(told.remarks(), ["5 connections went the same way as one that is told."]);
    told.unfold();
    assert_eq!(told.steps().len(), all);
    assert!(told.remarks().is_empty());
    // One that fared differently is told for itself.
    let told = story(&alike(6, |number| number != 3));
    assert_eq!(folded(&told)[3], None);
    assert_eq!(told.alike().first().map(|(id, one)| (*id, one.count)), Some((TrackId(0), 4)));
    assert_eq!(told.packets, 6 * 8 - 1);
    let sum: u32 = told.tracks.iter().map(|track| track.packets).sum();
    assert_eq!(sum, told.packets);
}

#[test]
fn lookups_need_no_connection_and_share_a_chapter() {
    let mut play = Play::against(7);
    play.udp(Forward, b"one");
    play.another(40_001);
    play.udp(Forward, b"two").udp(Backward, b"two");
    let told = story(&play);
    assert!(told.tracks.is_empty());
    assert_eq!(told.level(Level::Chapter).count(), 1);
}

#[test]
fn what_is_counted_with_another_breaks_a_silence() {
    let mut play = Play::against(9_999);
    let ask = |play: &mut Play| {
        play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
        play.tcp(Forward, ACK, b"GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        play.tcp(Backward, ACK, b"HTTP/1.1 204 No Content\r\n\r\n");
    };
    let close = |play: &mut Play| {
        play.tcp(Forward, FIN | ACK, b"").tcp(Backward, FIN | ACK, b"").tcp(Forward, ACK, b"");
    };
    play.another(41_000);
    ask(&mut play);
    let seq = [play.seq(Forward), play.seq(Backward)];
    for number in 1..6 {
        play.another(41_000 + number);
        play.at(i64::from(number) * 100_000);
        ask(&mut play);
        close(&mut play);
    }
    play.another(41_000);
    play.at(700_000);
    play.tcp_at(seq[0], Forward, FIN | ACK, b"").tcp_at(seq[1], Backward, FIN | ACK, b"");
    play.tcp_at(seq[0] + 1, Forward, ACK, b"");
    let told = story(&play);
    assert_eq!(told.alike().first().map(|(_, one)| one.count), Some(5));
    let silences: Vec<i64> = told.silences().iter().map(|one| one.nanos / 1_000_000).collect();
    assert_eq!(silences, [199], "the last of the others spoke 200 ms before");
}
