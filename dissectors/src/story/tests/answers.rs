//! Answers are shown when they came: not with what left before them.

use super::play::Play;
use super::{check_outline, story};
use crate::engine::tcp::flags::{ACK, FIN, SYN};
use crate::ids::Direction::{Backward, Forward};
use crate::story::Story;

/// A frame of HTTP/2 on a stream: RFC 9113, section 4.1.
fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    [&[0, 0, payload.len() as u8, kind, flags, 0, 0, 0, stream], payload].concat()
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

fn settings() -> Vec<u8> {
    frame(4, 0, 0, &[])
}

fn get() -> Vec<u8> {
    frame(1, 5, 1, &[0x82, 0x86, 0x84])
}

fn ok() -> Vec<u8> {
    frame(1, 5, 1, &[0x88])
}

fn opened() -> Play {
    let mut play = Play::against(9_999);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play
}

/// What each flight after the opening holds, and when it left, in microseconds.
fn flights(told: &Story) -> Vec<String> {
    let steps = told.steps().into_iter().skip(3);
    let beats = steps.filter_map(|id| told.beat(id));
    beats.map(|beat| format!("{} {}", beat.sent.time.0 / 1_000, beat.label)).collect()
}

#[test]
fn an_answer_does_not_stand_where_its_sender_spoke_long_before() {
    // When the answer leaves, and where it is shown: what the server said for itself left at 1200.
    for (answer, shown) in [(1_500, 1_200), (2_100, 1_200), (2_400, 2_400), (4_000, 4_000)] {
        let mut play = opened();
        play.at(1_000).tcp(Forward, ACK, &[PREFACE, &settings(), &get()].concat());
        play.at(1_200).tcp(Backward, ACK, &settings());
        play.at(answer).tcp(Backward, ACK, &ok());
        let told = story(&play);
        let found = flights(&told);
        let expected = if shown == answer {
            vec!["1200 SETTINGS".to_owned(), format!("{answer} 200 OK #1")]
        } else {
            vec!["1200 SETTINGS · 200 OK #1".to_owned()]
        };
        assert_eq!(found[1..], expected, "{found:?}");
        let [.., trip] = &told.trips[..] else { panic!("the request was answered") };
        assert_eq!(trip.nanos, (answer - 1_000) * 1_000);
        let to = told.beat(trip.to).expect("a flight");
        assert_eq!(to.sent.time.0, shown * 1_000);
    }
}

#[test]
fn an_answer_does_not_stand_with_what_left_before_it_was_asked_for() {
    let mut play = opened();
    play.at(1_000).tcp(Forward, ACK, &[PREFACE, &settings()].concat());
    // Nobody waits for the acknowledgement, but the question left after it.
    play.at(1_100).tcp(Backward, ACK, &frame(4, 1, 0, &[]));
    play.at(1_200).tcp(Forward, ACK, &get());
    play.at(1_300).tcp(Backward, ACK, &ok());
    let found = flights(&story(&play));
    let apart = ["1000 Preface · SETTINGS", "1100 SETTINGS ACK", "1200 GET / #1", "1300 200 OK #1"];
    assert_eq!(found, apart);
}

#[test]
fn what_nobody_waits_for_ends_no_flight() {
    let mut play = opened();
    play.at(1_000).tcp(Forward, ACK, PREFACE);
    play.at(1_100).tcp(Backward, ACK, &frame(4, 1, 0, &[]));
    play.at(1_200).tcp(Forward, ACK, &settings());
    play.at(1_300).tcp(Forward, ACK, &get()).at(1_400).tcp(Backward, ACK, &ok());
    let found = flights(&story(&play));
    let expected =
        ["1000 Preface · SETTINGS", "1100 SETTINGS ACK", "1300 GET / #1", "1400 200 OK #1"];
    assert_eq!(found, expected);
}

#[test]
fn events_of_an_open_answer_are_steps_at_their_own_times() {
    let mut play = opened();
    play.at(1_000).tcp(Forward, ACK, b"GET /prices HTTP/1.1\r\nHost: h\r\n\r\n");
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    play.at(2_000).tcp(Backward, ACK, format!("{head}data: first\n\n").as_bytes());
    play.at(502_000).tcp(Backward, ACK, b"id: 2\nevent: price\ndata: second\n\n");
    play.at(902_000).tcp(Backward, ACK, b": still here\n\n");
    check_outline(
        &play,
        "TCP handshake · 1 round trip · 3 packets · 162 B
         1      0.000  Client ──> Server  [SYN]
         2      0.010  Server ──> Client  [SYN, ACK]
         3      0.020  Client ──> Server  [ACK]
         HTTP request · 1 round trip · 2 packets · 206 B
         4      1.000  Client ──> Server  [GET /prices]
         5      2.000  Server ──> Client  [200 OK] · [event]
         Server-sent events · 2 packets · 155 B · begins in step 5
         6    502.000  Server ──> Client  [event price]
         7    902.000  Server ──> Client  [comment]
         1 round trip of TCP until the request can be sent, 2 until the first byte of the answer
         7 packets · 523 B · 902.000 ms",
    );
}

#[test]
fn what_only_carries_messages_has_no_bead_beside_them() {
    let kind = b"\x00\x0ccontent-type\x10application/grpc";
    let asked = [&[0x83, 0x86, 0x04, 2, b'/', b'm'], &kind[..]].concat();
    let said = [&[0x88], &kind[..]].concat();
    let mut play = opened();
    let whole = frame(0, 1, 1, b"\0\0\0\0\x01a");
    play.at(1_000).tcp(Forward, ACK, &[PREFACE, &settings(), &frame(1, 4, 1, &asked)].concat());
    play.tcp(Forward, ACK, &whole);
    let half = frame(0, 0, 1, b"\0\0\0\0\x01b\0\0\0\0\x02c");
    play.at(2_000).tcp(Backward, ACK, &[settings(), frame(1, 4, 1, &said), half].concat());
    play.at(99_000).tcp(Backward, ACK, &frame(0, 0, 1, b"d"));
    check_outline(
        &play,
        "TCP handshake · 1 round trip · 3 packets · 162 B
         1      0.000  Client ──> Server  [SYN]
         2      0.010  Server ──> Client  [SYN, ACK]
         3      0.020  Client ──> Server  [ACK]
         HTTP/2 · 1 round trip · 4 packets · 391 B
         4      1.000  Client ──> Server  [Preface] · [SETTINGS] · [POST /m #1] · [DATA end #1] · [Message 1 B #1]
         5      2.000  Server ──> Client  [SETTINGS] · [200 OK #1] · [Message 1 B #1] · [Message 2 B #1]
         1 round trip of TCP until the request can be sent, 2 until the first byte of the answer
         7 packets · 553 B · 99.000 ms",
    );
}

#[test]
fn a_body_that_was_refused_before_it_was_sent_is_said_to_be_spared() {
    let mut play = opened();
    let head = b"PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 9000\r\n\r\n";
    play.at(1_000).tcp(Forward, ACK, head);
    play.at(2_000).tcp(Backward, ACK, b"HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n");
    play.at(3_000).tcp(Forward, FIN | ACK, b"").tcp(Backward, FIN | ACK, b"");
    let told = story(&play);
    let said = "None of the 9000 bytes that it announces was sent.";
    let steps = told.steps();
    let mut beats = steps.iter().filter_map(|id| told.beat(*id));
    assert!(beats.any(|beat| beat.detail.ends_with(said)), "{steps:?}");
}

#[test]
fn an_offer_of_the_old_dialect_is_answered_in_the_new_one() {
    let packet = |message: &[u8]| [&(message.len() as u32).to_be_bytes()[..], message].concat();
    // SMB1 lists dialects, and a server of SMB2 answers in that (MS-SMB2, section 3.3.5.3.1).
    let offer = [&b"\xffSMB\x72"[..], &[0; 27], &[0, 11, 0], b"\x02SMB 2.???\0"].concat();
    let mut answer = b"\xfeSMB\x40\0\0\0\0\0\0\0\0\0\x01\0\x01\0\0\0".to_vec();
    answer.resize(64, 0);
    answer.extend([65, 0, 1, 0, 0xff, 2]);
    answer.resize(128, 0);
    let mut play = Play::against(445);
    play.tcp(Forward, SYN, b"").tcp(Backward, SYN | ACK, b"").tcp(Forward, ACK, b"");
    play.tcp(Forward, ACK, &packet(&offer)).tcp(Backward, ACK, &packet(&answer));
    let told = story(&play);
    assert_eq!(told.trips.len(), 2, "{:#?}", told.trips);
    assert!(told.sum.ends_with("2 until the first byte of the answer"), "{}", told.sum);
}

#[test]
fn an_answer_that_time_ran_out_is_no_round_trip() {
    let message = |start: &str| {
        format!(
            "{start}\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@a>;tag=1\r\nTo: <sip:b@b>\r\n\
             Call-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n"
        )
    };
    let mut play = Play::against(5060);
    play.udp(Forward, message("INVITE sip:b@b SIP/2.0").as_bytes());
    play.at(36_000_000).udp(Backward, message("SIP/2.0 408 Request Timeout").as_bytes());
    let told = story(&play);
    assert!(told.trips.is_empty(), "{:#?}", told.trips);
    let said = "The request leaves with the first packet (UDP has no handshake), and nobody answered in time";
    assert_eq!(told.sum, said);
}

#[test]
fn a_round_trip_names_its_ends_where_its_steps_stand_at_other_times() {
    let mut play = opened();
    play.at(1_000).tcp(Forward, ACK, PREFACE);
    play.at(1_200).tcp(Forward, ACK, &[settings(), get()].concat());
    play.at(1_500).tcp(Backward, ACK, &ok());
    let text = crate::story::text::to_text(&story(&play));
    let expected = "1 round trip, 0.300 ms\n                from 1.200 to 1.500\n";
    assert!(text.contains(expected), "{text}");
    // The handshake begins and ends where its steps do.
    assert_eq!(text.matches("\n                from ").count(), 1, "{text}");
}
