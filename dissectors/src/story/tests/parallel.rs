//! Several connections at once: a track each, chapters of their own, and one order for all steps.

use super::play::{CLIENT, Line, Play, SERVER};
use super::{check_outline, story};
use crate::engine::tcp::flags::{ACK, FIN, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::story::text::to_text;
use crate::story::{Level, TrackId};

/// Two connections whose packets take turns; the one that begins first asks last.
fn in_turns() -> Play {
    let mut play = Play::against(9_999);
    let mut lines = [40_001, 40_002].map(|port| Line {
        hosts: [CLIENT, SERVER],
        ports: [port, 9_999],
        seq: [70_000, 90_000],
    });
    let mut turn = |at: usize, steps: &[(crate::ids::Direction, u16, &[u8])]| {
        play.swap(&mut lines[at]);
        for (from, bits, payload) in steps {
            play.tcp(*from, *bits, payload);
        }
        play.swap(&mut lines[at]);
    };
    let (ask, accept, confirm) =
        ((Forward, SYN, &b""[..]), (Backward, SYN | ACK, &b""[..]), (Forward, ACK, &b""[..]));
    turn(0, &[ask]);
    turn(1, &[ask, accept, confirm]);
    turn(0, &[accept, confirm]);
    turn(1, &[(Forward, ACK, b"GET /b HTTP/1.1\r\nHost: h\r\n\r\n")]);
    turn(0, &[(Forward, ACK, b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n")]);
    play
}

#[test]
fn each_connection_has_its_own_handshake_and_steps_keep_the_order_of_the_wire() {
    let play = in_turns();
    check_outline(
        &play,
        "Connections
         A   GET /a · from port 40001 · 1 round trip, 4 packets, 244 B · 0.000 to 0.070 ms
         B   GET /b · from port 40002 · 1 round trip, 4 packets, 244 B · 0.010 to 0.060 ms
         A · TCP handshake · 1 round trip · 3 packets · 162 B
         1  A       0.000  Client ──> Server  [SYN]
         B · TCP handshake · 1 round trip · 3 packets · 162 B
         2  B       0.010  Client ──> Server  [SYN]
         3  B       0.020  Server ──> Client  [SYN, ACK]
         4  B       0.030  Client ──> Server  [ACK]
         5  A       0.040  Server ──> Client  [SYN, ACK]
         6  A       0.050  Client ──> Server  [ACK]
         B · HTTP request · 1 packet · 82 B
         7  B       0.060  Client ──> Server  [GET /b]
         A · HTTP request · 1 packet · 82 B
         8  A       0.070  Client ──> Server  [GET /a]
         2 connections. Each: 1 round trip of TCP until the request can be sent, and no answer was recorded
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

#[test]
fn a_connection_that_lay_idle_while_another_spoke_says_for_how_long() {
    let mut play = Play::against(80);
    let (ask, answer) = (b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", b"HTTP/1.1 204 No Content\r\n\r\n");
    // The first one was open before.
    let mut other = Line { hosts: [CLIENT, SERVER], ports: [41_000, 80], seq: [7_000, 9_000] };
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play.tcp(Forward, ACK, ask).tcp(Backward, ACK, answer);
    for millis in [30, 60] {
        play.at(millis * 1_000).tcp(Forward, ACK, ask).tcp(Backward, ACK, answer);
    }
    play.swap(&mut other);
    play.at(95_000).tcp(Forward, ACK, ask).at(160_000).tcp(Backward, ACK, answer);
    play.swap(&mut other);
    play.at(161_000).tcp(Forward, ACK, ask).tcp(Backward, ACK, answer);
    let story = story(&play);
    let idles: Vec<(String, String)> =
        story.idles().iter().map(|idle| (idle.told(), idle.label())).collect();
    let expected = [
        ("B was open before the recording began, and idle for 95.000 ms of it", "idle ≥ 95 ms"),
        ("A had been idle for 100.990 ms", "idle 100 ms"),
    ];
    let expected = expected.map(|(told, label)| (told.to_owned(), label.to_owned()));
    assert_eq!(idles, expected, "who waits for an answer is not idle");
    let text = to_text(&story);
    assert!(text.contains("A had been idle for 100.990 ms."), "{text}");
}
