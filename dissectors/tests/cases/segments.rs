//! Segments that are easily taken for something else: renewed, late, one-sided, cut, or with a
//! length that is not true.

use etherparse::{IpHeaders, IpNumber, Ipv4Extensions, Ipv4Header, PacketBuilder};
use wirestage_dissectors::frames::{FrameList, LinkType};
use wirestage_dissectors::ids::Time;

use crate::made::{Client, Made, Server};
use crate::reading::check;

/// Window scale 7 behind an option that few know (172, Accurate ECN: RFC 9768), padded.
const SCALE_BEHIND: &[u8] = &[172, 5, 0, 0, 1, 3, 3, 7];

/// Window scale 8, padded.
const SCALE: &[u8] = &[3, 3, 8, 0];

#[test]
fn data_stored_behind_its_acknowledgement_is_no_hole() {
    let mut made = Made::open(8082);
    made.say(Client, "GET /redir HTTP/1.1\r\nHost: a.test\r\n\r\n");
    let (found, none) = (
        "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
    );
    let late = made.skip(Server, found.len());
    made.ack(Client);
    made.say(Client, "GET /204 HTTP/1.1\r\nHost: a.test\r\n\r\n");
    made.say(Server, none).ack(Client);
    made.say_at(Server, late, found);
    made.say(Client, "GET /none HTTP/1.1\r\nHost: a.test\r\n\r\n");
    made.say(Server, "HTTP/1.1 404 Nope\r\nContent-Length: 0\r\n\r\n");
    check(
        made.frames,
        1,
        "4 HTTP GET /redir HTTP/1.1
         6 HTTP GET /204 HTTP/1.1
         9 HTTP HTTP/1.1 302 Found , HTTP/1.1 204 No Content answers 4, 6
         10 HTTP GET /none HTTP/1.1
         11 HTTP HTTP/1.1 404 Nope answers 10",
    );
}

#[test]
fn what_is_lost_before_the_first_segment_of_a_side_is_a_hole() {
    let get = |name| format!("GET /{name} HTTP/1.1\r\nHost: a.test\r\n\r\n");
    let answer = "HTTP/1.1 204 No Content\r\n\r\n";
    // The capture begins with a request; its answer is missing.
    let mut made = Made::to_port(80);
    made.say(Client, get("one"));
    made.skip(Server, answer.len());
    made.say(Client, get("two")).say(Server, answer);
    made.say(Client, get("three")).say(Server, answer);
    check(
        made.frames,
        1,
        "1 HTTP GET /one HTTP/1.1
         2 HTTP GET /two HTTP/1.1
         3 HTTP HTTP/1.1 204 No Content answers 2
         4 HTTP GET /three HTTP/1.1
         5 HTTP HTTP/1.1 204 No Content answers 4",
    );
    // Nothing is missing: the answer is only stored late.
    let mut made = Made::to_port(80);
    made.say(Client, get("one"));
    let late = made.skip(Server, answer.len());
    made.say(Client, get("two")).say(Server, answer).say_at(Server, late, answer);
    check(
        made.frames,
        1,
        "1 HTTP GET /one HTTP/1.1
         2 HTTP GET /two HTTP/1.1
         4 HTTP HTTP/1.1 204 No Content , HTTP/1.1 204 No Content answers 1, 2",
    );
}

#[test]
fn a_segment_that_begins_before_its_stream_fills_the_hole_at_its_beginning() {
    // Whatever the bytes before the first one are: the SYN has the number before that.
    let (answer, before) = ("HTTP/1.1 204 No Content\r\n\r\n", "none of it");
    let mut made = Made::open(80);
    made.say(Client, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    let first = made.skip(Server, answer.len());
    made.say_at(Server, first + 9, &answer[9..]).ack(Client);
    made.say_at(Server, first - before.len() as u32, format!("{before}{}", &answer[..9]));
    made.fin(Client).fin(Server);
    check(
        made.frames,
        1,
        "4 HTTP GET / HTTP/1.1
         7 HTTP HTTP/1.1 204 No Content answers 4",
    );
}

#[test]
fn the_rest_of_a_hole_is_filled_however_many_frames_lie_between() {
    // The first four bytes of the hole never come; the answer is cut there.
    for between in [3, 62, 63, 64, 65, 100] {
        let mut made = Made::open(80);
        made.say(Client, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
        made.say(Server, format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", between + 10));
        let hole = made.skip(Server, 10);
        (0..between).for_each(|_| _ = made.say(Server, "a"));
        made.say_at(Server, hole + 4, "behind");
        let last = between + 6;
        let behind = vec!["Continuation"; between + 1].join(", ");
        let expected = format!(
            "4 HTTP GET / HTTP/1.1
             5 HTTP HTTP/1.1 200 OK answers 4
             {last} HTTP {behind}"
        );
        check(made.frames, 1, &expected);
    }
}

#[test]
fn a_syn_ack_with_another_number_begins_another_connection() {
    let mut made = Made::to_port(80);
    made.syn(Client, &[]).syn(Server, &[]).reset_at(Client, 1001);
    made.next[1] = 900_000;
    made.syn(Server, &[]).ack(Client);
    made.say(Client, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    made.say(Server, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    check(
        made.frames,
        2,
        "2 TCP 80 → 50000 [SYN, ACK] Seq=0 Ack=1 Win=1000 Len=0
         4 TCP 80 → 50000 [SYN, ACK] Seq=0 Ack=1 Win=1000 Len=0
         5 TCP 50000 → 80 [ACK] Seq=1 Ack=1 Win=1000 Len=0
         6 HTTP GET / HTTP/1.1
         7 HTTP HTTP/1.1 200 OK answers 6",
    );
}

#[test]
fn of_one_side_alone_numbers_are_relative_and_windows_scaled() {
    let mut made = Made::to_port(80);
    made.syn(Client, SCALE);
    made.next[1] = 4_015_379_905;
    made.ack(Client);
    made.say(Client, "GET /one HTTP/1.1\r\nHost: a.test\r\n\r\n");
    made.next[1] += 100;
    made.say(Client, "GET /two HTTP/1.1\r\nHost: a.test\r\n\r\n");
    check(
        made.frames,
        1,
        "1 TCP 50000 → 80 [SYN] Seq=0 Win=1000 Len=0 WS=256
         2 TCP 50000 → 80 [ACK] Seq=1 Ack=1 Win=256000 Len=0
         3 HTTP GET /one HTTP/1.1
         4 HTTP GET /two HTTP/1.1",
    );
}

#[test]
fn a_window_scale_is_found_behind_an_unknown_option() {
    let mut made = Made::to_port(80);
    made.syn(Client, SCALE).syn(Server, SCALE_BEHIND).ack(Client).ack(Server);
    check(
        made.frames,
        1,
        "2 TCP 80 → 50000 [SYN, ACK] Seq=0 Ack=1 Win=1000 Len=0 WS=128
         3 TCP 50000 → 80 [ACK] Seq=1 Ack=1 Win=256000 Len=0
         4 TCP 80 → 50000 [ACK] Seq=1 Ack=1 Win=128000 Len=0",
    );
}

#[test]
fn what_ip_claims_beyond_its_frame_is_no_data() {
    let mut made = Made::to_port(80);
    made.syn(Client, &[]).syn(Server, &[]).lie(4_148).ack(Client);
    made.say(Client, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    made.say(Server, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    check(
        made.frames,
        1,
        "2 TCP 80 → 50000 [SYN, ACK] Seq=0 Ack=1 Win=1000 Len=0
         4 HTTP GET / HTTP/1.1
         5 HTTP HTTP/1.1 200 OK answers 4",
    );
}

#[test]
fn a_message_never_stands_on_a_frame_of_the_other_side() {
    let post = "POST /in HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\n\r\n";
    // The body was not captured, but acknowledged; or never sent at all.
    for missing in [10, 0] {
        let mut made = Made::open(80);
        made.say(Client, post);
        made.skip(Client, missing);
        made.ack(Server);
        check(made.frames, 1, "4 HTTP POST /in HTTP/1.1");
    }
    // A head that never ends, in its sender's last frame with data.
    let mut made = Made::open(80);
    made.say(Client, &post[..40]).ack(Server).ack(Client).reset_at(Server, 5001);
    check(made.frames, 1, "4 HTTP POST /in HTTP/1.1");
}

#[test]
fn what_is_behind_a_datagram_is_none_of_it() {
    let mut bytes = Vec::new();
    let builder = PacketBuilder::ethernet2([2; 6], [4; 6])
        .ipv4([192, 0, 2, 10], [198, 51, 100, 20], 64)
        .udp(50_000, 7_777);
    builder.write(&mut bytes, b"said, and more").unwrap();
    // The length that UDP gives.
    bytes[38..40].copy_from_slice(&12u16.to_be_bytes());
    let mut frames = FrameList::new();
    frames.push(Time(1), 0, LinkType::ETHERNET, bytes);
    check(frames, 1, "1 Data 4 bytes");
}

#[test]
fn an_answer_that_ends_with_its_connection_stands_on_its_last_bytes_also_where_they_come_again() {
    let mut made = Made::open(80);
    made.say(Client, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    made.say(Server, "HTTP/1.0 200 OK\r\n\r\nfirst, then ");
    let at = made.next[1];
    made.say(Server, "until the end").fin(Server).ack(Client);
    made.say_at(Server, at, "until the end");
    check(
        made.frames,
        1,
        "4 HTTP GET / HTTP/1.1
         6 HTTP HTTP/1.0 200 OK answers 4
         9 TCP [TCP Spurious Retransmission] 80 → 50000 [ACK] Seq=32 Ack=33 Win=1000 Len=13",
    );
}

#[test]
fn a_datagram_that_was_captured_twice_ends_nothing_before_itself() {
    let mut frames = FrameList::new();
    for (at, payload) in [&b"one"[..], b"two", b"two"].iter().enumerate() {
        let mut bytes = Vec::new();
        let builder = PacketBuilder::ethernet2([2; 6], [4; 6])
            .ip(IpHeaders::Ipv4(
                Ipv4Header {
                    identification: at.min(1) as u16 + 1,
                    time_to_live: 64,
                    protocol: IpNumber::UDP,
                    source: [192, 0, 2, 10],
                    destination: [198, 51, 100, 20],
                    ..Ipv4Header::default()
                },
                Ipv4Extensions::default(),
            ))
            .udp(50_000, 7_777);
        builder.write(&mut bytes, payload).unwrap();
        frames.push(Time(at as i64), 0, LinkType::ETHERNET, bytes);
    }
    check(frames, 1, "1 Data 3 bytes\n2 Data 3 bytes\n3 Data 3 bytes");
}
