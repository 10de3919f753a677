//! Values out of tables, strings in codes, and inflating with what came before: each byte leads to
//! where it came from, and is equal whatever was dropped.

use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::secret::Secrets;

use crate::made::dict::{self, LATE, dict};
use crate::made::press::{self, Presser};
use crate::made::{CUT, registry};
use crate::play::{CLIENT, Line, SERVER, Told, Wire, read, survey_in, watched};

const LINE: Line = Line::to(dict::PORT);

/// "custom-value" in the Huffman code (RFC 7541, appendix C.4.3).
const CODED: &[u8] = &[0x25, 0xa8, 0x49, 0xe9, 0x5b, 0xb8, 0xe8, 0xb4, 0xbf];

/// The table of one side is not that of the other; texts are put in, named, and dropped from it.
fn wire() -> Wire {
    let mut wire = Wire::default();
    wire.connect(LINE);
    wire.send(LINE, CLIENT, &dict(b'I', b"zero"));
    wire.send(LINE, CLIENT, &[dict(b'J', CODED), dict(b'L', b"passing")].concat());
    for _ in 0..200 {
        wire.send(LINE, CLIENT, b"R\x01");
    }
    wire.send(LINE, CLIENT, b"R\x00F\x01");
    wire.send(LINE, CLIENT, &[dict(b'I', b"two"), dict(b'I', b"three")].concat());
    wire.send(LINE, CLIENT, b"R\x00R\x01R\x03");
    wire.send(LINE, CLIENT, &dict(b'H', CODED));
    wire
}

#[test]
fn a_value_out_of_a_table_leads_to_where_it_was_put_there() {
    let wire = wire();
    let told = read(&wire.frames);
    let said = |one: &Told| {
        let frames: Vec<u32> = one.trace.iter().map(|place| frame_of(place.buffer)).collect();
        (one.frame - 3, one.kind, String::from_utf8_lossy(&one.bytes).into_owned(), frames)
    };
    let said: Vec<_> = told.iter().map(said).collect();
    let text = String::from;
    let (zero, custom) = (vec![1], vec![2]);
    assert_eq!(
        said[..3],
        [
            (1, 0, text("zero"), zero.clone()),
            (2, 0, text("custom-value"), custom.clone()),
            (2, 0, text("passing"), vec![2]),
        ]
    );
    let named = (3..203).map(|frame| (frame, 0, text("custom-value"), custom.clone()));
    assert_eq!(said[3..203], named.collect::<Vec<_>>());
    assert_eq!(
        said[203..],
        [
            (203, 0, text("zero"), zero),
            // What always stands in a table leads to where it is named.
            (203, 0, text("accept"), vec![203]),
            (204, 0, text("two"), vec![204]),
            (204, 0, text("three"), vec![204]),
            (205, CUT, text("R\0"), vec![205]),
            (205, 0, text("custom-value"), custom),
            (205, 0, text("three"), vec![204]),
            (206, 0, text("custom-value"), vec![206]),
        ]
    );
    // The bytes themselves: in the code, and not in it.
    let bytes = |one: &Told| -> Vec<u8> {
        let of = |place: &wirestage_dissectors::span::Span| {
            let frame = wire.frames.frame(FrameId(frame_of(place.buffer) + 2)).bytes;
            frame[place.start as usize..place.end() as usize].to_vec()
        };
        one.trace.iter().flat_map(of).collect()
    };
    assert_eq!(bytes(&told[150]), CODED);
    assert_eq!(bytes(&told[203]), b"zero");
}

/// The number of a frame, counted from the first that carries something.
fn frame_of(buffer: wirestage_dissectors::span::BufferId) -> u32 {
    match buffer.kind() {
        wirestage_dissectors::span::Buffer::Frame(frame) => frame.number() - 3,
        other => panic!("not of a frame: {other:?}"),
    }
}

#[test]
fn an_origin_outlives_the_stretch_in_which_it_was_read() {
    let (wire, secrets) = (wire(), Secrets::default());
    let survey = survey_in(&wire.frames, u32::MAX);
    let context = Context { frames: &wire.frames, secrets: &secrets, registry: registry() };
    // Every stretch is one frame, and only the latest is kept.
    let mut open = Conversations::new(Attribution::new(context, &survey).into(), 0);
    let mut checked = 0;
    for frame in (3..wire.frames.count()).map(FrameId) {
        let held = open.at_frame(frame, context, &survey).unwrap();
        for message in held.completed_by(frame) {
            let view = held.view(&wire.frames);
            let Some(origin) = view.origin(message.span) else { continue };
            assert!(origin.frame < frame);
            let then = open.at_frame(origin.frame, context, &survey).unwrap();
            assert!(then.stretch().messages.iter().any(|one| one.span == origin.span));
            let now = view.bytes(message.span);
            assert!(!now.is_empty());
            assert_eq!(then.view(&wire.frames).bytes(origin.span), now);
            checked += 1;
        }
    }
    assert_eq!(checked, 203);
}

#[test]
fn what_names_something_that_comes_later_is_completed_where_it_stands() {
    let mut wire = Wire::default();
    wire.connect(LINE);
    wire.send(LINE, CLIENT, b"R\x01R\x00");
    wire.send(LINE, CLIENT, &dict(b'L', b"between"));
    wire.send(LINE, SERVER, &dict(b'I', b"zero"));
    wire.send(LINE, SERVER, &dict(b'I', b"one"));
    let told = read(&wire.frames);
    let late: Vec<_> = told
        .iter()
        .filter(|one| one.kind == LATE)
        .map(|one| (one.frame - 3, one.way, one.id.0, String::from_utf8_lossy(&one.facts)))
        .collect();
    // In the order in which their texts came.
    let expected = [(1, CLIENT, 1, "zero".into()), (1, CLIENT, 0, "one".into())];
    assert_eq!(late, expected);
}

#[test]
fn a_table_costs_a_checkpoint_nothing_but_pointers() {
    let held = watched(&wire().frames, |_, stretch| (stretch.carried(), stretch.cost()));
    assert!(held.iter().all(|held| *held == ((0, 0), 0)), "{held:?}");
}

#[test]
fn what_was_deflated_is_inflated_with_all_that_came_before() {
    let line = Line::to(press::PORT);
    let mut wire = Wire::default();
    wire.connect(line);
    let mut pressers = [Presser::new(), Presser::new()];
    let mut expected = Vec::new();
    for round in 0..40u32 {
        let way = if round % 3 == 2 { SERVER } else { CLIENT };
        let text = format!("what was said in round {} is said again in {round}", round / 2);
        let record = pressers[way.index()].press(text.as_bytes());
        // Later ones say little that is new.
        assert!(round < 6 || record.len() < 30, "{round}: {} bytes", record.len());
        for piece in record.chunks(11) {
            wire.send(line, way, piece);
        }
        expected.push((way, text));
    }
    let told = read(&wire.frames);
    let found: Vec<_> = told
        .iter()
        .map(|one| (one.way, String::from_utf8_lossy(&one.bytes).into_owned()))
        .collect();
    assert_eq!(found, expected);
    // Each leads to its own record, however many segments that came in.
    assert!(told.iter().all(|one| {
        one.trace.last().is_some_and(|place| frame_of(place.buffer) + 3 == one.frame)
    }));
}
