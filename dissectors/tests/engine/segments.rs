//! How segments bear on each other: which of them says again what another said, and which it
//! acknowledges. Read in every way there is.

use wirestage_dissectors::attribution::Attribution;
use wirestage_dissectors::engine::anchors::Anchors;
use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::engine::reader::Context;
use wirestage_dissectors::engine::tcp::SegmentKind::{OutOfOrder, Plain, Retransmission};
use wirestage_dissectors::engine::tcp::flags::{ACK, FIN, RST, SYN};
use wirestage_dissectors::frames::FrameList;
use wirestage_dissectors::ids::{Direction, FrameId};
use wirestage_dissectors::message::{Anchor, Relation};
use wirestage_dissectors::secret::Secrets;
use wirestage_dissectors::typed::Code;

use crate::made::registry;
use crate::play::{CLIENT, Line, SERVER, Wire, read_all, survey_in};

/// A port that nothing is known of.
const LINE: Line = Line::to(9);

/// Who sends, the offset of its first byte, the offset that it acknowledges, flags, and length.
type Sent = (Direction, u32, u32, u16, usize);

fn wire(sent: &[Sent]) -> Wire {
    let mut wire = Wire::default();
    for (way, at, ack, bits, len) in sent {
        let bytes: Vec<u8> = (0..*len as u32).map(|one| (at + one) as u8).collect();
        wire.acknowledging(LINE, *way, *at, *ack, *bits, &bytes);
    }
    wire
}

/// Every relation between segments, by the numbers of their frames: `4 repeats 2`.
#[track_caller]
fn check_frames(frames: &FrameList, expected: &[&str]) {
    let told = read_all(frames);
    let frame = |id| told.iter().find(|one| one.id == id).map_or(0, |one| one.frame);
    let found: Vec<String> = told
        .iter()
        .flat_map(|one| one.related.iter().map(move |related| (one.frame, related)))
        .map(|(from, (relation, to))| match relation {
            Relation::Repeats => format!("{from} repeats {}", frame(*to)),
            Relation::Acknowledges => format!("{from} acknowledges {}", frame(*to)),
            Relation::Answers => format!("{from} answers {}", frame(*to)),
            Relation::Excuses => format!("{from} excuses {}", frame(*to)),
        })
        .collect();
    assert_eq!(found, expected);
}

#[track_caller]
fn check(sent: &[Sent], expected: &[&str]) {
    check_frames(&wire(sent).frames, expected);
}

/// Three segments of a handshake.
const HANDSHAKE: [Sent; 3] =
    [(CLIENT, 0, 0, SYN, 0), (SERVER, 0, 0, SYN | ACK, 0), (CLIENT, 0, 0, ACK, 0)];

fn connected(sent: &[Sent]) -> Vec<Sent> {
    [&HANDSHAKE[..], sent].concat()
}

#[test]
fn a_handshake_is_acknowledged_and_its_repetitions_are_repeats() {
    check(&HANDSHAKE, &["2 acknowledges 1", "3 acknowledges 2"]);
    let impatient = [
        (CLIENT, 0, 0, SYN, 0),
        (CLIENT, 0, 0, SYN, 0),
        (SERVER, 0, 0, SYN | ACK, 0),
        (SERVER, 0, 0, SYN | ACK, 0),
        (CLIENT, 0, 0, ACK, 0),
        (CLIENT, 0, 0, ACK, 0),
    ];
    let expected = ["2 repeats 1", "3 acknowledges 1", "4 repeats 3", "5 acknowledges 3"];
    check(&impatient, &expected);
    // Refused: the reset answers the number of the SYN.
    let refused = [(CLIENT, 0, 0, SYN, 0), (SERVER, 0, 0, RST | ACK, 0)];
    check(&refused, &["2 acknowledges 1"]);
}

#[test]
fn an_acknowledgement_names_the_last_segment_that_is_new_in_it() {
    let sent = connected(&[
        (CLIENT, 0, 0, ACK, 10),
        (CLIENT, 10, 0, ACK, 10),
        (CLIENT, 20, 0, ACK, 10),
        // Delayed, for two at once; then for half a segment, which is none; then with data.
        (SERVER, 0, 20, ACK, 0),
        (SERVER, 0, 25, ACK, 0),
        (SERVER, 0, 25, ACK, 0),
        (SERVER, 0, 30, ACK, 5),
        (CLIENT, 30, 5, ACK, 0),
    ]);
    let expected = [
        "2 acknowledges 1",
        "3 acknowledges 2",
        "7 acknowledges 5",
        "10 acknowledges 6",
        "11 acknowledges 10",
    ];
    check(&sent, &expected);
}

#[test]
fn what_is_said_again_repeats_who_said_it_first() {
    let sent = connected(&[
        (CLIENT, 0, 0, ACK, 10),
        (CLIENT, 10, 0, ACK, 10),
        // The second again, twice; then the first and the second in one.
        (CLIENT, 10, 0, ACK, 10),
        (CLIENT, 10, 0, ACK, 10),
        (CLIENT, 0, 0, ACK, 20),
        // The end of the second, and something new.
        (CLIENT, 15, 0, ACK, 15),
        (SERVER, 0, 30, ACK, 0),
    ]);
    let expected = [
        "2 acknowledges 1",
        "3 acknowledges 2",
        "6 repeats 5",
        "7 repeats 5",
        "8 repeats 4",
        "9 repeats 5",
        "10 acknowledges 9",
    ];
    check(&sent, &expected);
}

#[test]
fn what_only_asks_for_an_answer_repeats_nothing() {
    let sent = connected(&[
        (CLIENT, 0, 0, ACK, 10),
        (SERVER, 0, 10, ACK, 0),
        // A keep-alive with the last byte in it, and one without.
        (CLIENT, 9, 0, ACK, 1),
        (SERVER, 0, 10, ACK, 0),
        (CLIENT, 9, 0, ACK, 0),
        (SERVER, 0, 10, ACK, 0),
    ]);
    check(&sent, &["2 acknowledges 1", "3 acknowledges 2", "5 acknowledges 4"]);
}

#[test]
fn an_end_is_repeated_and_acknowledged_like_data() {
    let sent = connected(&[
        (CLIENT, 0, 0, ACK | FIN, 10),
        (CLIENT, 10, 0, ACK | FIN, 0),
        (SERVER, 0, 10, ACK, 0),
        (SERVER, 0, 11, ACK, 0),
        (SERVER, 0, 11, ACK | FIN, 0),
        (SERVER, 0, 11, ACK | FIN, 0),
        (CLIENT, 11, 1, ACK, 0),
    ]);
    let expected = [
        "2 acknowledges 1",
        "3 acknowledges 2",
        "5 repeats 4",
        // Only with its FIN the segment is acknowledged as a whole.
        "7 acknowledges 4",
        "9 repeats 8",
        "10 acknowledges 8",
    ];
    check(&sent, &expected);
}

#[test]
fn what_is_stored_late_is_no_repetition() {
    let sent = connected(&[
        (CLIENT, 10, 0, ACK, 10),
        (CLIENT, 0, 0, ACK, 10),
        (SERVER, 0, 30, ACK, 0),
        // Stored behind its own acknowledgement.
        (CLIENT, 20, 0, ACK, 10),
        (CLIENT, 30, 0, ACK, 5),
        (SERVER, 0, 35, ACK, 0),
        // And again.
        (CLIENT, 20, 0, ACK, 10),
    ]);
    let expected = [
        "2 acknowledges 1",
        "3 acknowledges 2",
        "6 acknowledges 4",
        "9 acknowledges 8",
        "10 repeats 7",
    ];
    check(&sent, &expected);
    // The SYN behind the data that it began.
    let late = [
        (SERVER, 0, 0, SYN | ACK, 0),
        (CLIENT, 0, 0, ACK, 5),
        (CLIENT, 0, 0, SYN, 0),
        (SERVER, 0, 5, ACK, 0),
    ];
    check(&late, &["2 acknowledges 1", "4 acknowledges 2"]);
}

#[test]
fn what_waits_behind_a_hole_and_comes_again_is_a_retransmission() {
    let sent = connected(&[
        (CLIENT, 0, 0, ACK, 10),
        (CLIENT, 20, 0, ACK, 10),
        (CLIENT, 20, 0, ACK, 10),
        (CLIENT, 10, 0, ACK, 10),
    ]);
    check(&sent, &["2 acknowledges 1", "3 acknowledges 2", "6 repeats 5"]);
    let told = read_all(&wire(&sent).frames);
    let kinds: Vec<u8> =
        told.iter().filter(|one| one.is_segment()).skip(3).map(|one| one.kind).collect();
    let expected = [Plain, Plain, Retransmission, OutOfOrder].map(Code::number);
    assert_eq!(kinds, expected);
}

#[test]
fn a_connection_may_begin_mid_way_and_be_heard_on_one_side_only() {
    let middle = [
        (SERVER, 500, 700, ACK, 0),
        (CLIENT, 700, 500, ACK, 20),
        (CLIENT, 700, 500, ACK, 20),
        (SERVER, 500, 720, ACK, 9),
        (CLIENT, 720, 509, ACK, 0),
    ];
    check(&middle, &["3 repeats 2", "4 acknowledges 2", "5 acknowledges 4"]);
    let alone = [
        (CLIENT, 0, 0, SYN, 0),
        (CLIENT, 0, 0, ACK, 5),
        (CLIENT, 5, 9, ACK, 5),
        (CLIENT, 5, 9, ACK, 5),
    ];
    check(&alone, &["4 repeats 3"]);
}

#[test]
fn what_the_capture_saw_twice_is_no_segment_of_its_own() {
    let once = wire(&connected(&[(CLIENT, 0, 0, ACK, 10), (SERVER, 0, 10, ACK, 0)]));
    let mut twice = Wire::default();
    for frame in 0..5 {
        twice.copy(&once, FrameId(frame), 0);
        twice.copy(&once, FrameId(frame), 9);
    }
    let expected = ["3 acknowledges 1", "5 acknowledges 3", "9 acknowledges 7"];
    check_frames(&twice.frames, &expected);
    let segments = read_all(&twice.frames).iter().filter(|one| one.is_segment()).count();
    assert_eq!(segments, 5);
}

/// The anchors of all messages of the first connection, in their order.
fn anchors(frames: &FrameList, budget: usize) -> Vec<Anchor> {
    let (secrets, survey) = (Secrets::default(), survey_in(frames, u32::MAX));
    let context = Context { frames, secrets: &secrets, registry: registry() };
    let attribution = Attribution::new(context, &survey);
    let id = attribution.connections(&survey)[0];
    let mut open = Conversations::new(attribution.into(), budget);
    let mut anchors = Anchors::new(id);
    let mut found = Vec::new();
    for index in 0..open.open(id, context, &survey).stretches() {
        let held = open.stretch(id, index, context, &survey).unwrap();
        let view = held.view(frames);
        let messages = held.stretch().messages.iter();
        found.extend(messages.map(|message| anchors.next(message, &view)));
    }
    found
}

#[test]
fn segments_are_found_again_by_their_anchors() {
    let sent = connected(&[
        (CLIENT, 0, 0, ACK, 10),
        (CLIENT, 0, 0, ACK, 10),
        (SERVER, 0, 10, ACK, 5),
        (CLIENT, 10, 5, ACK | FIN, 0),
    ]);
    let frames = wire(&sent).frames;
    let whole = anchors(&frames, usize::MAX);
    assert_eq!(anchors(&frames, 0), whole);
    let mut distinct = whole.clone();
    distinct.sort_by_key(|one| (one.frame, one.offset, one.ordinal));
    distinct.dedup();
    assert_eq!(distinct.len(), whole.len());
    // Behind the headers of Ethernet and IPv4.
    let segments: Vec<u32> =
        whole.iter().filter(|one| one.offset == 34).map(|one| one.frame.number()).collect();
    assert_eq!(segments, [1, 2, 3, 4, 5, 6, 7]);
}
