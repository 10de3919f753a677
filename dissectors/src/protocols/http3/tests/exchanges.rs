//! Requests and responses: pairing, content, trailers, streams of one side.

use super::{By, Say, frame, headers, play, rows};
use crate::registry::standard;

const GET: &[(&str, &str)] =
    &[(":method", "GET"), (":scheme", "https"), (":authority", "h.example"), (":path", "/a")];

#[test]
fn answers_are_paired_with_questions_by_their_stream() {
    let ok = |content: &[u8]| {
        [headers(&[(":status", "200"), ("content-type", "text/plain")]), frame(0, content)].concat()
    };
    let stage = play(&[
        Say(By::Client, 2, &[&[0][..], &frame(4, &[])].concat(), false),
        Say(By::Client, 0, &headers(GET), true),
        Say(By::Client, 4, &headers(GET), true),
        Say(By::Server, 4, &ok(b"second"), true),
        Say(By::Server, 0, &ok(b"first"), false),
        Say(By::Server, 0, &frame(0, b", and more"), true),
    ]);
    let expected = [
        "http3@4 Control Stream",
        "http3@4 SETTINGS",
        "http3@5 HEADERS: GET /a",
        "http3@6 HEADERS: GET /a",
        "http3@7 HEADERS: 200 OK",
        "http3@7 DATA",
        "http3@7 ",
        "http3@8 HEADERS: 200 OK",
        "http3@8 DATA",
        "http3@9 DATA",
        "http3@9 ",
    ];
    assert_eq!(rows(&stage), expected);
    assert_eq!(stage.values("http3.request_in"), "6 5");
    assert_eq!(stage.values("http3.content"), "second first, and more");
    assert_eq!(stage.values("http3.frame_streamid"), "2 0 4 4 4 0 0 0");
}

#[test]
fn content_is_decoded_and_given_to_whom_it_belongs() {
    // A body that is packed with gzip, as one stored block.
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 0, 0xfd, 0xff, b'h', b'i'];
    packed.extend([0xac, 0x2a, 0x93, 0xd8, 2, 0, 0, 0]);
    let answer = headers(&[(":status", "200"), ("content-encoding", "gzip")]);
    let stage = play(&[
        Say(By::Client, 0, &headers(GET), true),
        Say(By::Server, 0, &[answer, frame(0, &packed)].concat(), true),
    ]);
    assert_eq!(stage.values("http3.content"), "hi");
    // A question of DNS over HTTPS (RFC 8484).
    let question = [&[0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, b'a'][..], &[0, 0, 1, 0, 1]].concat();
    let ask = headers(&[
        (":method", "POST"),
        (":path", "/q"),
        ("content-type", "application/dns-message"),
    ]);
    let stage = play(&[Say(By::Client, 0, &[ask, frame(0, &question)].concat(), true)]);
    assert!(rows(&stage).iter().any(|row| row.starts_with("dns@4")), "{:?}", rows(&stage));
}

#[test]
fn long_frames_and_types_that_mean_nothing_pass() {
    let grease = frame(0x21, b"whatever");
    let long = frame(0x40, &vec![7; 300_000]);
    let stage = play(&[
        Say(By::Client, 0, &[grease, headers(GET)].concat(), false),
        Say(By::Client, 6, &[0x21, 1, 2, 3], false),
    ]);
    let expected =
        ["http3@4 Reserved (GREASE)", "http3@4 HEADERS: GET /a", "http3@5 Unknown Stream"];
    assert_eq!(rows(&stage), expected);
    let mut said: Vec<Say<'_>> =
        long.chunks(1000).map(|part| Say(By::Client, 0, part, false)).collect();
    let get = headers(GET);
    said.push(Say(By::Client, 0, &get, true));
    let stage = play(&said);
    let rows = rows(&stage);
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows[0].ends_with("Reserved (GREASE)") && rows[1].ends_with("HEADERS: GET /a"));
}

#[test]
fn hostile_bytes_never_panic() {
    let sound = [&[0][..], &frame(4, &[1, 0x40, 220, 7, 16]), &frame(7, &[8])].concat();
    let request = [headers(GET), frame(0, b"body"), headers(&[("trailer-field", "x")])].concat();
    for at in 0..request.len() {
        for byte in [0, 0x3f, 0x7f, 0xff] {
            let mut broken = request.clone();
            broken[at] = byte;
            let mut control = sound.clone();
            let place = at % control.len();
            control[place] = byte;
            let stage = play(&[
                Say(By::Client, 2, &control, false),
                Say(By::Client, 0, &broken, true),
                Say(By::Client, 6, &[2, byte, at as u8, byte], false),
                Say(By::Client, 10, &[3, byte, at as u8, byte], false),
            ]);
            let messages = stage.messages().to_vec();
            messages.iter().for_each(|message| drop(stage.describe(message)));
        }
    }
}

/// What each message says of its exchange: the stream, what it is there, the status, the fields of
/// a head, what came of content and what all of it is, and whether its sender has said all.
fn shares(steps: &[Say<'_>]) -> Vec<String> {
    let stage = play(steps);
    let view = stage.view();
    let share = |message: &crate::message::Message| {
        let layer = view.layer(message.layer)?;
        let share = standard().get(layer.protocol).exchange(message, &view)?;
        let content = share.content;
        let shown = content.shown.map(|span| view.bytes(span).escape_ascii().to_string());
        Some(format!(
            "{:?} {:?} {} {} fields, {} B {} {}",
            share.of,
            share.part,
            share.status.unwrap_or(0),
            share.fields.len() + share.trailers.len(),
            content.came,
            shown.unwrap_or_default(),
            if share.ends { "ends" } else { "" }
        ))
    };
    stage.messages().iter().filter_map(share).collect()
}

#[test]
fn each_message_says_what_it_is_in_its_exchange() {
    let answer = headers(&[(":status", "200")]);
    let steps = [
        Say(By::Client, 0, &headers(GET), true),
        Say(By::Server, 0, &headers(&[(":status", "103")]), false),
        Say(By::Server, 0, &[answer, frame(0, b"fir")].concat(), false),
        Say(By::Server, 0, &[frame(0, b"st"), headers(&[("x", "y")])].concat(), true),
        Say(By::Client, 4, &headers(GET), true),
        Say(By::Server, 4, &headers(&[(":status", "204")]), true),
    ];
    assert_eq!(
        shares(&steps),
        [
            "Lane(0) Question 0 4 fields, 0 B  ends",
            "Lane(0) Interim 103 1 fields, 0 B  ",
            "Lane(0) Answer 200 1 fields, 0 B  ",
            "Lane(0) More 0 0 fields, 3 B  ",
            "Lane(0) More 0 0 fields, 2 B  ",
            "Lane(0) More 0 1 fields, 0 B  ",
            "Lane(0) More 0 0 fields, 0 B first ends",
            "Lane(4) Question 0 4 fields, 0 B  ends",
            "Lane(4) Answer 204 1 fields, 0 B  ends",
        ]
    );
}

#[test]
fn an_empty_answer_ends_where_its_stream_does() {
    let head = |status: &str| headers(&[(":status", status), ("content-length", "0")]);
    let [ok, not_modified] = ["200", "304"].map(head);
    let mut steps = vec![
        Say(By::Client, 0, &[], false),
        Say(By::Server, 0, &ok, false),
        // The end comes alone, in a STREAM frame without bytes.
        Say(By::Server, 0, &[], true),
        Say(By::Server, 4, &not_modified, true),
    ];
    let get = headers(GET);
    steps[0] = Say(By::Client, 0, &get, false);
    assert_eq!(
        shares(&steps),
        [
            "Lane(0) Question 0 4 fields, 0 B  ",
            "Lane(0) Answer 200 2 fields, 0 B  ",
            "Lane(0) More 0 0 fields, 0 B  ends",
            "Lane(4) Answer 304 2 fields, 0 B  ends",
        ]
    );
    // What has not ended is not taken for ended, whatever its head announces.
    assert_eq!(shares(&steps[..2]).last().unwrap(), "Lane(0) Answer 200 2 fields, 0 B  ");
    assert_eq!(rows(&play(&steps))[2], "http3@6 ");
}

/// A request and the head of its answer.
fn asked(kind: &str) -> [Vec<u8>; 2] {
    let ask = [(":method", "POST"), (":scheme", "https"), (":path", "/s/one")];
    let ask = headers(&[&ask[..], &[("content-type", kind)]].concat());
    [ask, headers(&[(":status", "200"), ("content-type", kind)])]
}

#[test]
fn messages_of_a_call_are_read_as_they_come() {
    let [ask, answer] = asked("application/grpc+proto");
    let message = b"\0\0\0\0\x07\x0a\x03Ada\x10\x07";
    let status = headers(&[("grpc-status", "0")]);
    let stage = play(&[
        Say(By::Client, 0, &[ask, frame(0, message)].concat(), true),
        Say(By::Server, 0, &[answer, frame(0, &message[..4])].concat(), false),
        Say(By::Server, 0, &[frame(0, &message[4..]), status].concat(), true),
    ]);
    assert_eq!(stage.values("grpc.message_length"), "7 7");
    assert_eq!(stage.values("protobuf.field.value.string"), "Ada Ada");
    // It is not kept besides.
    assert_eq!(stage.values("http3.content"), "");
}

#[test]
fn events_of_a_stream_are_read_as_they_come() {
    let [ask, answer] = asked("text/event-stream");
    let stage = play(&[
        Say(By::Client, 0, &ask, true),
        Say(By::Server, 0, &[answer, frame(0, b"data: a\n")].concat(), false),
        Say(By::Server, 0, &frame(0, b"\ndata: b\n\n"), false),
    ]);
    assert_eq!(stage.values("sse.data"), "a b");
}

#[test]
fn content_is_told_by_its_type_where_its_stream_ends() {
    let [ask, answer] = asked("application/json");
    let stage = play(&[
        Say(By::Client, 0, &ask, true),
        Say(By::Server, 0, &[answer, frame(0, b"{\"a\":")].concat(), false),
        Say(By::Server, 0, &frame(0, b"7}"), true),
    ]);
    assert_eq!(stage.values("json.member_with_value"), "a:7");
}

#[test]
fn a_push_ends_on_the_side_that_sends_it() {
    let push = [&[1, 0][..], &headers(&[(":status", "200")]), &frame(0, b"hi")].concat();
    let stage = play(&[Say(By::Server, 3, &push, true)]);
    let told = ["Push Stream", "HEADERS: 200 OK", "DATA", ""].map(|row| format!("http3@4 {row}"));
    assert_eq!(rows(&stage), told);
}
