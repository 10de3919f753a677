//! Tests of HTTP/2 frames over whole connections.

mod hpack;
mod sentences;
mod streams;

use super::frame::PREFACE_BYTES;
use crate::protocols::stage::{Played, Step, ask, crumble, cut, play, say};

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut out = (payload.len() as u32).to_be_bytes()[1..].to_vec();
    out.extend([kind, flags]);
    out.extend(stream.to_be_bytes());
    out.extend(payload);
    out
}

/// The client's first bytes: the preface and frames.
fn opening(frames: &[Vec<u8>]) -> Step {
    ask([PREFACE_BYTES, &frames.concat()].concat())
}

/// The bodies of streams, in the order in which they end: `stream: content`.
fn bodies(stage: &Played) -> Vec<String> {
    let all = stage.messages().iter().filter_map(|message| {
        let fields = stage.describe(message).fields;
        let of = |wanted: &str| fields.iter().find(|(name, _)| *name == wanted);
        Some(format!("{}: {}", of("http2.streamid")?.1, of("http2.content")?.1))
    });
    all.collect()
}

/// Plays one frame of the server and compares the fields below its header.
fn check(one: Vec<u8>, expected: &[(&str, &str)]) {
    let stage = play(&[opening(&[]), say(one)]);
    let fields = stage.describe(&stage.messages()[1]).fields;
    let below = fields.iter().skip_while(|(name, _)| *name != "http2.streamid").skip(1);
    let found: Vec<(&str, &str)> = below.map(|(name, text)| (*name, &**text)).collect();
    assert_eq!(found, expected);
}

fn mixed() -> Vec<Step> {
    let padded = |text: &[u8], pad: u8| {
        let mut out = vec![pad];
        out.extend(text);
        out.extend(vec![0; usize::from(pad)]);
        out
    };
    vec![
        opening(&[
            frame(4, 0, 0, &[0, 3, 0, 0, 0, 100]),
            frame(1, 5, 1, b"\x82\x84"),
            frame(1, 4, 3, b"\x83\x84"),
            frame(0, 1, 3, b"question"),
        ]),
        say(frame(0, 0, 1, b"one, ")),
        say([frame(0, 8, 3, &padded(b"three ", 7)), frame(0, 0, 1, b"one, ")].concat()),
        say([frame(0, 8, 1, &padded(b"", 3)), frame(0, 1, 3, b"three"), frame(0, 1, 1, b"one")]
            .concat()),
        say(frame(7, 0, 0, &[0, 0, 0, 3, 0, 0, 0, 0, b'x'])),
    ]
}

#[test]
fn every_stream_sees_its_own_bytes_in_order() {
    let steps = mixed();
    let expected = ["3: question", "3: three three", "1: one, one, one"];
    let whole = play(&steps);
    assert_eq!(bodies(&whole), expected);
    for at in 1..90 {
        let stage = play(&cut(&steps, at));
        assert_eq!(bodies(&stage), expected, "cut at {at}");
        assert_eq!(stage.values("http2.data.data"), whole.values("http2.data.data"));
        assert_eq!(stage.values("http2.streamid"), whole.values("http2.streamid"));
    }
    let crumbs = play(&crumble(&steps));
    assert_eq!(bodies(&crumbs), expected);
    assert_eq!(crumbs.values("http2.pad_length"), whole.values("http2.pad_length"));
}

#[test]
fn frames_are_rows_with_their_streams() {
    let stage = play(&mixed());
    let rows = stage.rows();
    let frames: Vec<&str> = rows.lines().filter(|row| row.starts_with("http2@1 ")).collect();
    assert_eq!(
        frames,
        [
            "http2@1 Magic",
            "http2@1 SETTINGS[0]",
            "http2@1 HEADERS[1]: GET /",
            "http2@1 HEADERS[3]: POST /",
            "http2@1 DATA[3]"
        ]
    );
}

#[test]
fn payloads_field_by_field() {
    check(
        frame(4, 0, 0, &[0, 4, 0, 1, 0, 0, 0, 99, 0, 0, 0, 7]),
        &[
            ("http2.settings", ""),
            ("http2.settings.id", "4"),
            ("http2.settings.initial_window_size", "65536"),
            ("http2.settings", ""),
            ("http2.settings.id", "99"),
            ("http2.settings.unknown", "7"),
        ],
    );
    check(
        frame(8, 0, 5, &[0x80, 0, 1, 0]),
        &[("http2.window_update.r", "1"), ("http2.window_update.window_size_increment", "256")],
    );
    check(frame(6, 1, 0, b"12345678"), &[("http2.pong", "3132333435363738")]);
    check(frame(3, 0, 5, &[0, 0, 0, 8]), &[("http2.rst_stream.error", "8")]);
    check(
        frame(7, 0, 0, &[0, 0, 0, 9, 0, 0, 0, 11, b'!']),
        &[
            ("http2.goaway.r", "0"),
            ("http2.goaway.last_stream_id", "9"),
            ("http2.goaway.error", "11"),
            ("http2.goaway.addata", "21"),
        ],
    );
    check(
        frame(1, 0x2c, 5, &[2, 0x80, 0, 0, 3, 15, 0x82, 0, 0]),
        &[
            ("http2.pad_length", "2"),
            ("http2.exclusive", "1"),
            ("http2.stream_dependency", "3"),
            ("http2.headers.weight", "15"),
            ("http2.headers.weight_real", "16"),
            ("http2.headers", "82"),
            ("http2.header.length", "18"),
            ("http2.header.count", "1"),
            ("http2.header", ":method: GET"),
            ("http2.header.name.length", "7"),
            ("http2.header.name", ":method"),
            ("http2.header.value.length", "3"),
            ("http2.header.value", "GET"),
            ("http2.headers.method", "GET"),
            ("http2.header.unescaped", "GET"),
            ("http2.header.repr", "Indexed Header Field"),
            ("http2.header.index", "2"),
            ("http2.headers.padding", "0000"),
        ],
    );
    check(
        frame(12, 0, 0, b"\x00\x05a://b\x00\x00"),
        &[
            ("http2.origin", ""),
            ("http2.origin.origin_len", "5"),
            ("http2.origin.origin", "a://b"),
            ("http2.origin", ""),
            ("http2.origin.origin_len", "0"),
            ("http2.origin.origin", ""),
        ],
    );
    check(
        frame(10, 0, 1, b"\x00\x01ah2=\":1\""),
        &[
            ("http2.altsvc.origin.len", "1"),
            ("http2.altsvc.origin", "a"),
            ("http2.altsvc.field_value", "h2=\":1\""),
        ],
    );
    check(
        frame(16, 0, 0, b"\x00\x00\x00\x05u=1"),
        &[("http2.priority_update_stream_id", "5"), ("http2.priority_update_field_value", "u=1")],
    );
    check(frame(0x50, 0, 0, b"\x01"), &[("http2.unknown", "01")]);
}

#[test]
fn lengths_that_lie_are_noted() {
    for (one, note) in [
        (frame(8, 0, 0, &[1, 2, 3]), "WINDOW_UPDATE has 3 bytes of payload, but its type takes 4"),
        (frame(4, 0, 0, &[0, 4, 0]), "a setting's value claims 4 bytes, but only 1 is there"),
        (frame(1, 8, 1, &[9, 1]), "the pad length claims 9 bytes, but only 1 is there"),
        (frame(0, 8, 1, &[9, 1]), "the pad length claims 9 bytes, but only 1 is there"),
        (frame(4, 1, 0, &[0; 6]), "SETTINGS has 6 bytes of payload, but its type takes 0"),
    ] {
        let stage = play(&[opening(&[]), say(one), say(frame(6, 0, 0, &[0; 8]))]);
        assert_eq!(stage.describe(&stage.messages()[1]).notes.first().map(|n| &**n), Some(note));
        assert_eq!(stage.values("http2.ping"), "0000000000000000");
        assert!(bodies(&stage).is_empty());
    }
}

#[test]
fn a_frame_too_long_to_wait_for_passes_by() {
    let long = frame(9, 4, 1, &vec![7; 300 << 10]);
    let steps = [opening(&[]), say(&long), say(frame(6, 0, 0, &[0; 8]))];
    for steps in [steps.to_vec(), cut(&steps, 5), cut(&steps, 1000)] {
        let stage = play(&steps);
        assert_eq!(stage.values("http2.continuation.header").len(), 2 * (300 << 10));
        assert_eq!(stage.values("http2.ping"), "0000000000000000");
    }
}

#[test]
fn damage_never_panics() {
    let mut seed = 7u64;
    for round in 0..3000u32 {
        let mut steps = mixed();
        for _ in 0..=round % 3 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let place = (seed >> 33) as usize % steps.len();
            if let Step::Ask(bytes) | Step::Say(bytes) = &mut steps[place] {
                let at = (seed >> 17) as usize % bytes.len();
                match seed >> 62 {
                    0 => bytes[at] = (seed >> 9) as u8,
                    1 => bytes.truncate(at + 1),
                    2 if bytes.len() > 1 => drop(bytes.remove(at)),
                    _ => bytes.insert(at, (seed >> 9) as u8),
                }
            }
        }
        let stage = play(&steps);
        stage.rows();
    }
}
