//! Streams: who answers whom, windows, bodies, and connections that were not recorded whole.

use std::io::Write;

use super::{bodies, frame, opening};
use crate::message::Relation;
use crate::protocols::stage::{Played, Step, ask, crumble, play, say, told};

/// A literal field that no table takes in.
fn field(name: &str, value: &str) -> Vec<u8> {
    let mut out = vec![0, name.len() as u8];
    out.extend(name.bytes());
    out.push(value.len() as u8);
    out.extend(value.bytes());
    out
}

/// The value of one field in each message that has it, with the frame that completes the message.
fn all(stage: &Played, name: &str) -> Vec<String> {
    let values = stage.messages().iter().filter_map(|message| {
        let fields = stage.describe(message).fields;
        let (_, value) = fields.into_iter().find(|(known, _)| *known == name)?;
        Some(format!("{}={value}", message.done.number()))
    });
    values.collect()
}

/// Requests on streams 1 and 3; the answer on 3 comes first.
fn crossed() -> Vec<Step> {
    vec![
        opening(&[frame(4, 0, 0, &[]), frame(1, 5, 1, b"\x82\x84\x86\x41\x01h")]),
        ask(frame(1, 5, 3, b"\x82\x85\x86\xbe")),
        say([frame(4, 0, 0, &[]), frame(1, 4, 3, b"\x88"), frame(0, 1, 3, b"three")].concat()),
        say([frame(1, 4, 1, &field(":status", "103")), frame(1, 5, 1, b"\x8d")].concat()),
    ]
}

#[test]
fn an_answer_belongs_to_the_request_of_its_stream() {
    for steps in [crossed(), crumble(&crossed())] {
        let stage = play(&steps);
        let rows = stage.rows();
        let row = |wanted: &str| {
            let at = rows.lines().position(|row| row.ends_with(wanted)).expect(wanted);
            stage.messages()[at].id
        };
        let asked = |answer: &str| {
            let answer = row(answer);
            let related = stage.stretch.related.iter();
            let own = related.filter(|one| one.from == answer);
            own.map(|one| (one.relation, one.to)).collect::<Vec<_>>()
        };
        let (one, three) = (row("HEADERS[1]: GET /"), row("HEADERS[3]: GET /index.html"));
        assert_eq!(asked("HEADERS[3]: 200 OK"), [(Relation::Answers, three)]);
        assert_eq!(asked("HEADERS[1]: 103 Early Hints"), [(Relation::Answers, one)]);
        assert_eq!(asked("HEADERS[1]: 404 Not Found"), [(Relation::Answers, one)]);
    }
    let stage = play(&crossed());
    assert_eq!(all(&stage, "http2.request_in"), ["3=2", "4=1", "4=1"]);
    assert_eq!(all(&stage, "http2.time"), ["3=1000000", "4=3000000", "4=3000000"]);
    let uris = all(&stage, "http2.request.full_uri");
    let (one, three) = ("http://h/", "http://h/index.html");
    let expected = [format!("1={one}"), format!("2={three}"), format!("3={three}")];
    assert_eq!(uris[..3], expected);
    assert_eq!(uris[4..], [format!("4={one}"), format!("4={one}")]);
}

#[test]
fn a_promised_stream_is_answered_as_if_it_had_been_asked() {
    let promise = [&[0, 0, 0, 2][..], b"\x82\x84\x86\x41\x01h"].concat();
    let stage = play(&[
        opening(&[frame(1, 5, 1, b"\x82\x84\x86\x41\x01h")]),
        say(frame(5, 4, 1, &promise)),
        say([frame(1, 4, 2, b"\x88"), frame(0, 1, 2, b"pushed")].concat()),
    ]);
    assert!(stage.rows().contains("PUSH_PROMISE[1]: GET /\n"));
    assert_eq!(all(&stage, "http2.request_in"), ["3=2"]);
    assert_eq!(bodies(&stage), ["2: pushed"]);
}

#[test]
fn windows_fall_with_content_and_rise_with_updates() {
    let stage = play(&[
        opening(&[frame(4, 0, 0, &[0, 4, 0, 0, 0, 10]), frame(1, 5, 1, b"\x82\x84\x86")]),
        say([frame(4, 0, 0, &[]), frame(1, 4, 1, b"\x88"), frame(0, 0, 1, b"0123456789")].concat()),
        ask(frame(8, 0, 0, &[0, 0, 0, 5])),
        ask(frame(8, 0, 1, &[0, 0, 0, 7])),
        say(frame(0, 8, 1, b"\x02end\x00\x00")),
        say(frame(0, 1, 1, b"")),
    ]);
    let of = |name: &str| all(&stage, &format!("http2.calculated.{name}"));
    assert_eq!(of("connection.window_size.before"), ["2=65535", "3=65525", "5=65530", "6=65524"]);
    assert_eq!(of("connection.window_size.after"), ["2=65525", "3=65530", "5=65524", "6=65524"]);
    assert_eq!(of("stream.window_size.before"), ["2=10", "4=0", "5=7", "6=1"]);
    assert_eq!(of("stream.window_size.after"), ["2=0", "4=7", "5=1", "6=1"]);
}

#[test]
fn bodies_are_decoded() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(b"packed, then cut").unwrap();
    let packed = gzip.finish().unwrap();
    let (one, two) = packed.split_at(9);
    let head = [&b"\x88"[..], &field("content-encoding", "gzip")].concat();
    let stage = play(&[
        opening(&[frame(1, 5, 1, b"\x82\x84\x86")]),
        say([frame(1, 4, 1, &head), frame(0, 0, 1, one)].concat()),
        say(frame(0, 0, 1, two)),
        say(frame(1, 5, 1, &field("checksum", "none"))),
    ]);
    assert_eq!(bodies(&stage), ["1: packed, then cut"]);
    assert_eq!(all(&stage, "http2.body.reassembled.length"), [format!("4={}", packed.len())]);
}

#[test]
fn content_of_a_known_type_goes_to_who_knows_it() {
    // A question of DNS for the root's name servers (RFC 8484).
    let dns = b"\x00\x00\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x01";
    let head = [&b"\x83\x84\x86"[..], &field("content-type", "application/dns-message")].concat();
    let steps = [
        opening(&[frame(1, 4, 1, &head), frame(0, 0, 1, &dns[..5])]),
        ask(frame(0, 1, 1, &dns[5..])),
    ];
    for steps in [steps.to_vec(), crumble(&steps)] {
        let stage = play(&steps);
        assert_eq!(stage.values("dns.qry.type"), "2");
        assert_eq!(stage.open_layers(), 1, "the layer of the stream has ended");
    }
}

#[test]
fn frames_go_on_behind_a_hole() {
    let stage = play(&[
        opening(&[frame(4, 0, 0, &[]), frame(1, 5, 1, b"\x82\x84\x86\x41\x01h")]),
        say([frame(4, 0, 0, &[]), frame(1, 4, 1, b"\x88\x44\x01a"), frame(0, 0, 1, b"begins")]
            .concat()),
        Step::Miss(40),
        // The rest of a frame; then whole ones.
        say(b"the rest of a frame"),
        say([frame(0, 1, 1, b"ends"), frame(1, 5, 3, b"\x88\xbe")].concat()),
        say(frame(6, 0, 0, &[7; 8])),
    ]);
    assert_eq!(all(&stage, "http2.ping"), ["6=0707070707070707"]);
    assert_eq!(all(&stage, "http2.headers.status"), ["2=200", "5=200"]);
    // What came is shown, and is not called whole.
    assert_eq!(bodies(&stage), ["1: beginsends"]);
    let ends = stage.messages().iter().find(|message| {
        stage.describe(message).fields.iter().any(|(name, _)| *name == "http2.content")
    });
    assert_eq!(
        stage.describe(ends.unwrap()).notes,
        ["Of the 10 bytes of the body 10 are shown, as they came"]
    );
}

#[test]
fn a_frame_on_a_stream_that_has_ended_is_noted() {
    let stage = play(&[
        opening(&[frame(4, 0, 0, &[]), frame(1, 5, 1, b"\x82\x84\x86")]),
        say([frame(4, 0, 0, &[]), frame(1, 5, 1, b"\x88"), frame(0, 1, 1, b"late")].concat()),
    ]);
    let last = stage.messages().last().unwrap();
    assert_eq!(stage.describe(last).notes, ["Its stream had ended before (RFC 9113, section 5.1)"]);
}

#[test]
fn the_request_that_asked_for_http2_is_answered_on_the_first_stream() {
    let upgrade = "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
    let stage = play(&[
        ask(format!("GET /up HTTP/1.1\r\nHost: h\r\n{upgrade}")),
        say(format!("HTTP/1.1 101 Switching Protocols\r\n{upgrade}")),
        opening(&[frame(4, 0, 0, &[])]),
        say([frame(4, 0, 0, &[]), frame(1, 4, 1, b"\x88"), frame(0, 1, 1, b"both")].concat()),
    ]);
    assert_eq!(bodies(&stage), ["1: both"]);
    assert_eq!(all(&stage, "http2.request_in"), ["4=1"]);
    assert_eq!(all(&stage, "http2.request.full_uri"), ["4=http://h/up", "4=http://h/up"]);
}

#[test]
fn what_was_on_its_way_when_a_stream_was_broken_off_is_in_order() {
    let stage = play(&[
        opening(&[frame(4, 0, 0, &[]), frame(1, 5, 1, b"\x82\x84\x86")]),
        ask(frame(3, 0, 1, &[0, 0, 0, 8])),
        say([frame(4, 0, 0, &[]), frame(1, 4, 1, b"\x88"), frame(0, 1, 1, b"late")].concat()),
    ]);
    assert_eq!(bodies(&stage), ["1: late"]);
    let notes = stage.messages().iter().map(|one| stage.describe(one).notes.len());
    assert_eq!(notes.sum::<usize>(), 0);
}

#[test]
fn many_streams_broken_off_in_a_row_are_a_rapid_reset() {
    let pairs = (1u32..240).step_by(2).map(|stream| {
        [frame(1, 5, stream, b"\x82\x84\x86"), frame(3, 0, stream, &[0, 0, 0, 8])].concat()
    });
    let steps: Vec<Step> =
        [opening(&[frame(4, 0, 0, &[])])].into_iter().chain(pairs.map(ask)).collect();
    let stage = play(&steps);
    let noted = stage.messages().iter().filter(|one| !stage.describe(one).notes.is_empty());
    assert_eq!(noted.count(), 120 - 99);
    let last = stage.messages().last().unwrap();
    let attack = "One of many streams in a row that were broken off before an answer: a rapid reset \
                  (CVE-2023-44487)";
    assert_eq!(stage.describe(last).notes, [attack]);
}

#[test]
fn content_is_told_by_its_type_with_the_frame_that_ends_it() {
    let kind = [&b"\x88\x00\x0ccontent-type\x10"[..], b"application/json"].concat();
    let stage = play(&[
        opening(&[frame(4, 0, 0, &[]), frame(1, 5, 1, b"\x82\x84\x86")]),
        say([frame(4, 0, 0, &[]), frame(1, 4, 1, &kind), frame(0, 0, 1, b"{\"a\":")].concat()),
        say(frame(0, 1, 1, b"7}")),
    ]);
    let call = br#"{"query": "mutation Add { add }"}"#;
    let asks = [&b"\x83\x84\x86\x00\x0ccontent-type\x10"[..], b"application/json"].concat();
    let called = play(&[
        opening(&[frame(4, 0, 0, &[]), frame(1, 4, 1, &asks)]),
        ask([frame(0, 0, 1, &call[..9]), frame(0, 1, 1, &call[9..])].concat()),
    ]);
    let last = told(&called).pop().unwrap();
    assert!(last.ends_with(" It runs the mutation Add of GraphQL."), "{last}");
    assert_eq!(all(&stage, "json.key"), ["3=a"]);
    assert_eq!(all(&stage, "json.value.number"), ["3=7"]);
}
