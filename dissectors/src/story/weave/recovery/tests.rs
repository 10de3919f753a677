//! A sender at work, event by event, and what is said of its second tries.
//!
//! Segments carry a hundred bytes. `>4` sends the fourth, which comes 50 ms later; `x4` sends it in
//! vain. `<3` hears an acknowledgement of the third, `<3+5-7` one that names the fifth to the
//! seventh as well; `!3` is one that never came.

use super::sender::Sender;
use super::{Packet, cut, growth, words};
use crate::engine::tcp::flags::ACK;
use crate::ids::{ConnectionId, Direction, FrameId, Time};
use crate::story::sighting::Sighting;
use crate::story::{Counts, Moment, Outcome, Role, Transfer};

/// Numbers go round in all of these.
const BASE: u32 = u32::MAX - 250;
const LEN: u32 = 100;

fn packet(frame: u32, millis: i64, event: &str) -> Packet {
    let (what, rest) = event.split_at(1);
    let moment = |millis: i64| Moment { frame: FrameId(frame), time: Time(millis * 1_000_000) };
    let is_own = matches!(what, ">" | "x");
    let (upto, sack) = rest.split_once('+').map_or((rest, None), |(upto, sack)| (upto, Some(sack)));
    let number = |text: &str| text.parse::<u32>().unwrap();
    let behind = |segment: u32| BASE.wrapping_add(segment * LEN);
    let block = |block: &str| {
        let (first, last) = block.split_once('-').unwrap_or((block, block));
        (behind(number(first) - 1), behind(number(last)))
    };
    let direction = if is_own { Direction::Backward } else { Direction::Forward };
    let (sent, received) = match what {
        ">" => (moment(millis), Some(moment(millis + 50))),
        "x" => (moment(millis), None),
        "<" => (moment(millis - 50), Some(moment(millis))),
        _ => (moment(millis - 50), None),
    };
    Packet {
        seen: Sighting { direction, sent, received },
        first: if is_own { behind(number(upto) - 1) } else { 1 },
        len: if is_own { LEN } else { 0 },
        flags: ACK,
        ack: if is_own { 1 } else { behind(number(upto)) },
        window: 500,
        sack: sack.map_or_else(Vec::new, |sack| sack.split(',').map(block).collect()),
    }
}

/// Plays events: times in milliseconds, each before what happens at it.
fn play(script: &str) -> Transfer {
    let mut sender = Sender::new(BASE, Vec::new());
    let mut now = 0;
    let mut missed = Vec::new();
    for (frame, event) in (0..).zip(script.split_whitespace()) {
        if let Some(time) = event.strip_prefix('@') {
            now = time.parse().unwrap();
            continue;
        }
        let packet = packet(frame, now, event);
        match event.as_bytes()[0] {
            b'>' | b'x' => sender.send(&packet),
            b'<' => assert!(sender.hear(&packet, packet.seen.received.unwrap())),
            _ => missed.push(packet),
        }
    }
    for packet in missed {
        sender.miss(&packet);
    }
    sender.finish(ConnectionId(0))
}

/// What is said of each second try.
#[track_caller]
fn check(script: &str, expected: &[&str]) -> Transfer {
    let transfer = play(script);
    let cuts = cut::cuts(&transfer);
    let tries = transfer.segments.iter().enumerate().filter(|(_, one)| one.again.is_some());
    let said: Vec<String> = tries
        .map(|(at, one)| {
            let cut = cuts.iter().find(|(of, _)| *of == at).map(|(_, cut)| *cut);
            let told = words::again(&transfer.segments, (at, at), cut).unwrap();
            let lost = one.received.is_none();
            assert_eq!(told.outcome, if lost { Outcome::Lost } else { Outcome::Repeated });
            format!(
                "{} | {} | {} | {}",
                told.label,
                told.headline,
                told.detail,
                told.source.unwrap()
            )
        })
        .collect();
    assert_eq!(said, expected, "{script}");
    transfer
}

/// Four of seven are there before the third duplicate.
const BURST: &str = "@0 >1 >2 >3 x4 >5 >6 >7 @100 <1 <2 <3";

#[test]
fn a_hole_that_acknowledgements_tell_of_is_mended() {
    check(
        &format!("{BURST} @110 <3+5 <3+5-6 <3+5-7 @111 >4 @212 <7"),
        &["4 again | Sends segment 4 again: three duplicate acknowledgements tell of a hole | \
           111 ms after the first try, which never came. Each came because something arrived \
           behind the hole; the third counts as a loss. They name what came behind it (SACK). | \
           RFC 6675, section 5"],
    );
    check(
        &format!("{BURST} @110 <3 <3 <3 @111 >4 @212 <7"),
        &["4 again | Sends segment 4 again: three duplicate acknowledgements tell of a hole | \
           111 ms after the first try, which never came. Each came because something arrived \
           behind the hole; the third counts as a loss. | RFC 5681, section 3.2"],
    );
    check(
        &format!("{BURST} @110 <3+5 @135 x4 @240 >8 @345 <3+5-8 @346 >4"),
        &[
            "4 again | Sends segment 4 again: an acknowledgement names what came behind it (SACK) \
             | 135 ms after the first try, which never came; nor does this one. What left later \
             has come, and this has not. | RFC 2018, section 5",
            "4 again | Sends segment 4 again: an acknowledgement names what came behind it (SACK) \
             | 211 ms after the try before, which never came. What left later has come, and this \
             has not. | RFC 2018, section 5",
        ],
    );
    // Neither one nor two duplicates prove a cause.
    check(
        &format!("{BURST} @110 <3 <3 @400 >4"),
        &["4 again | Sends segment 4 again | 400 ms after the first try, which never came. | \
           RFC 9293, section 3.8.1"],
    );
}

#[test]
fn what_nothing_can_tell_of_waits_for_a_timer() {
    let quiet = "For 250 ms nothing came. No later segment was under way that could have shown \
                 the loss. It is the retransmission timer (RFC 6298, section 5) or that of a probe \
                 (RFC 8985, section 7): the packets do not tell. | RFC 9293, section 3.8.1";
    check(
        "@0 >1 x2 @100 <1 @350 x2 @600 >2 @700 <2",
        &[
            &format!(
                "2 again | Sends segment 2 again: a timer ran out | 350 ms after the first try, \
                 which never came; nor does this one. {quiet}"
            ),
            "2 again | Sends segment 2 again: its timer ran out | 250 ms after the try before, \
             which never came. For 250 ms nothing came. | RFC 6298, section 5",
        ],
    );
    // The last of two is a probe; its answer shows that the other is missing.
    check(
        "@0 >1 x2 x3 @100 <1 @300 >3 @400 <1+3 @401 >2 @501 <3",
        &[
            "3 again | Sends segment 3, the last, again: a probe | 300 ms after the first try, \
             which never came. For 200 ms nothing came. Nothing was sent behind it that could \
             have shown a loss; the answer to the probe will. | RFC 8985, section 7",
            "2 again | Sends segment 2 again: an acknowledgement names what came behind it (SACK) \
             | 401 ms after the first try, which never came. What left later has come, and this \
             has not. | RFC 2018, section 5",
        ],
    );
    // The first of two is the timer; the second follows when the first is acknowledged.
    check(
        "@0 x1 x2 @300 >1 @400 <1 >2 @500 <2",
        &[
            "1 again | Sends segment 1 again: its timer ran out | 300 ms after the first try, \
             which never came. For 300 ms nothing came. | RFC 6298, section 5",
            "2 again | Sends segment 2 again: what left later is acknowledged | 400 ms after the \
             first try, which never came. So it is overdue. | RFC 8985, \
             section 6",
        ],
    );
}

#[test]
fn what_had_come_is_sent_again_in_vain() {
    check(
        "@0 >1 !1 @300 >1 @400 <1 @500 >1",
        &[
            "1 again | Sends segment 1 again: a timer ran out | 300 ms after the first try, which \
             had come: this one was unnecessary. For 300 ms nothing came. No later segment was under way that could have \
             shown the loss. It is the retransmission timer (RFC 6298, section 5) or that of a \
             probe (RFC 8985, section 7): the packets do not tell. | RFC 9293, section 3.8.1",
            "1 again | Sends segment 1 again, though it is acknowledged | 200 ms after the try \
             before, which had come: this one was unnecessary. | RFC 9293, section 3.8.1",
        ],
    );
    let transfer = play("@0 x1 @300 x1");
    assert_eq!(transfer.counts().for_good, 1);
    let fate = "300 ms after the first try, which never came; nor does this one.";
    assert!(words::again(&transfer.segments, (1, 1), None).unwrap().detail.starts_with(fate));
    for (script, fate) in [
        ("@0 >1 @50 x1", "50.0 ms after the first try, which had come; this one does not."),
        (
            "@0 >1 @30 x1",
            "30.0 ms after the first try, which was still on its way and came; this one does not.",
        ),
        (
            "@0 >1 @30 >1",
            "30.0 ms after the first try, which was still on its way and came: this one was \
             unnecessary.",
        ),
    ] {
        let transfer = play(script);
        let told = words::again(&transfer.segments, (1, 1), None).unwrap();
        assert!(told.detail.starts_with(fate), "{}", told.detail);
    }
}

#[test]
fn losses_are_named_in_the_flight_that_they_left_in() {
    let transfer = play("@0 >1 x2 >3 x4");
    let all: Vec<_> = transfer.segments.iter().collect();
    let said = |at: std::ops::Range<usize>| words::lost(&all[at]);
    assert_eq!(said(0..4).as_deref(), Some("Sends segments 1–4, of which 2, 4 never come"));
    assert_eq!(said(1..2).as_deref(), Some("Sends segment 2, which never comes"));
    assert_eq!(said(0..1), None);
    let transfer = play("@0 x1 x2");
    let all: Vec<_> = transfer.segments.iter().collect();
    assert_eq!(words::lost(&all).as_deref(), Some("Sends segments 1, 2, which never come"));
    let many = play("@0 x1 >2 x3 x4 x5 x6 x7 x8 x9 x10 x11");
    let all: Vec<_> = many.segments.iter().collect();
    let said = "Sends segments 1–11, of which 1, 3, 4, 5, 6, 7, 8, 9 and 2 more never come";
    assert_eq!(words::lost(&all).as_deref(), Some(said));
    let one = play("@0 >1 x2");
    let all: Vec<_> = one.segments.iter().collect();
    assert_eq!(words::lost(&all).as_deref(), Some("Sends segments 1, 2, of which 2 never comes"));
    let mut late = transfer.segments[0];
    late.received = Some(Moment { frame: FrameId(9), time: Time(61_000_000) });
    let told = words::overtaken(&late);
    assert_eq!(told.headline, "Others overtook segment 1 on the way");
    assert_eq!(told.detail, "It was sent once and came: nothing was lost. It took 61.0 ms.");
}

#[test]
fn all_that_is_sent_is_new_or_a_second_try() {
    let script =
        format!("{BURST} @110 <3+5 <3+5-6 <3+5-7 >8 x9 x10 @111 >4 @160 !3 @212 <8 @400 >10");
    let transfer = play(&script);
    let counts = transfer.counts();
    let expected = Counts {
        sent: 12,
        new: 10,
        again: 2,
        lost: 3,
        for_good: 1,
        acknowledgements: 8,
        unheard: 1,
    };
    assert_eq!(counts, expected);
    let words = "12 segments sent · 8 ACKs · 3 lost, 2 sent again, 1 for good · 1 ACK lost";
    assert_eq!(counts.words(), words);
    let roles: Vec<(String, Role)> =
        transfer.acknowledgements.iter().map(|one| (one.label(), one.role)).collect();
    let raised: Vec<_> = roles.iter().filter(|(_, role)| *role != Role::Plain).collect();
    let expected = [("ACK 3 · SACK 5–7".to_owned(), Role::Hint), ("ACK 8".to_owned(), Role::Fills)];
    assert_eq!(raised, [&expected[0], &expected[1]]);
    // Under way: what neither a number nor SACK has acknowledged.
    let millis = |(time, bytes): &(Time, u64)| (time.0 / 1_000_000, *bytes);
    let steps: Vec<_> = transfer.in_flight.iter().map(millis).collect();
    assert_eq!(steps, [(0, 700), (100, 400), (110, 400), (212, 200)]);
}

#[test]
fn what_comes_is_told_in_the_order_of_coming() {
    let transfer = play(&format!("{BURST} @110 <3+5 <3+5-6 <3+5-7 @111 >4 @212 <7"));
    let said: Vec<String> = transfer.arrivals().iter().map(|one| one.label()).collect();
    assert_eq!(said, ["1–3 arrive", "4 missing", "5–7 arrive", "4 arrives"]);
}

/// What is said of what left in each round trip.
#[track_caller]
fn check_rounds(script: &str, expected: &[&str]) {
    let rounds = growth::rounds(&play(script));
    let said: Vec<String> = (0..rounds.len())
        .map(|at| {
            crate::protocols::stage::line(&growth::told(&rounds, at, rounds[at].last).unwrap())
        })
        .collect();
    assert_eq!(said, expected, "{script}");
}

/// Events that send so many segments, from one number on.
fn burst(first: u32, count: u32) -> String {
    (first..first + count).map(|number| format!(">{number} ")).collect()
}

#[test]
fn what_leaves_in_a_round_trip_grows_while_everything_arrives() {
    let first = "segments 1–4 | Sends segments 1–4: as many as it begins with | No more leave \
                 before the first of them is confirmed: the initial window (inferred).";
    let second = "segments 5–12 | Sends segments 5–12: twice as many as a round trip before | \
                  Each segment that is confirmed lets one more be under way: slow start \
                  (inferred).";
    let (one, two) = (burst(1, 4), burst(5, 8));
    check_rounds(&format!("@0 {one} @100 <4 @101 {two}"), &[first, second]);
    // Acknowledged in two pieces, each of which lets some more leave.
    let (half, rest) = (burst(5, 4), burst(9, 4));
    check_rounds(&format!("@0 {one} @100 <2 @101 {half} @102 <4 @103 {rest}"), &[first, second]);
    let third = "segments 13–24 | Sends segments 13–24: 12, after 8 a round trip before | Each \
                 segment that is confirmed lets one more be under way: slow start (inferred).";
    let three = burst(13, 12);
    check_rounds(
        &format!("@0 {one} @100 <4 @101 {two} @200 <12 @201 {three}"),
        &[first, second, third],
    );
    // It ends where it no longer grows, and where something is lost.
    let same = burst(13, 8);
    check_rounds(&format!("@0 {one} @100 <4 @101 {two} @200 <12 @201 {same}"), &[first, second]);
    check_rounds(&format!("@0 {one} @100 <4 @101 {}", burst(5, 4)), &[]);
    check_rounds(&format!("@0 {one} @100 <4 @101 x5 {}", burst(6, 7)), &[]);
    check_rounds("@0 >1 @100 <1 @101 >2 >3", &[]);
}

#[test]
fn what_leaves_in_one_flight_is_told_by_its_first_round() {
    let [one, two] = [burst(1, 10), burst(11, 20)];
    let rounds = growth::rounds(&play(&format!("@0 {one} @100 <10 @101 {two}")));
    let told = growth::told(&rounds, 0, 46).unwrap();
    assert!(told.detail.ends_with("Segments 11–30, then 31–46 follow as acknowledgements come."));
    let source = told.source.unwrap();
    assert_eq!((source.standard, source.section), ("RFC 6928", "2"), "ten are more than four");
}

#[test]
fn pieces_of_what_was_too_large_are_one_run() {
    let mut sender = Sender::new(BASE, vec![Time(20 * 1_000_000)]);
    for (frame, event) in [(0, "x1"), (1, "x2"), (2, "x3")] {
        sender.send(&packet(frame, 0, event));
    }
    // Three segments, of a hundred bytes each, go in four pieces.
    for (frame, (first, len)) in (3..).zip([(0, 80), (80, 80), (160, 80), (240, 60)]) {
        let piece = packet(frame, 21, ">1");
        sender.send(&Packet { first: piece.first.wrapping_add(first), len, ..piece });
    }
    let transfer = sender.finish(ConnectionId(0));
    let told = words::again(&transfer.segments, (3, 6), None).unwrap();
    assert!(told.detail.starts_with("21.0 ms after the first try"), "{}", told.detail);
    let befores: Vec<_> = transfer.segments.iter().filter_map(|one| one.again).collect();
    assert_eq!(befores.iter().map(|again| again.before).collect::<Vec<_>>(), [0, 1, 2, 2]);
    assert!(befores.iter().skip(1).all(|again| again.follows), "{befores:?}");
    let segments = transfer
        .segments
        .iter()
        .map(|one| crate::story::Segment { flight: Some(crate::story::BeatId(0)), ..*one });
    let transfer = Transfer { segments: segments.collect(), ..transfer.clone() };
    let runs: Vec<String> = transfer.runs().iter().map(|run| run.label()).collect();
    assert_eq!(runs, ["1–3 lost", "1–3 again"]);
}

#[test]
fn what_a_router_calls_too_large_is_cut_anew() {
    let said = Time(20 * 1_000_000);
    let mut sender = Sender::new(BASE, vec![said]);
    for (frame, millis, event) in [(0, 0, "x1"), (1, 0, "x2"), (2, 21, ">1"), (3, 22, ">2")] {
        sender.send(&packet(frame, millis, event));
    }
    let transfer = sender.finish(ConnectionId(0));
    let told = words::again(&transfer.segments, (2, 3), None).unwrap();
    assert_eq!(
        crate::protocols::stage::line(&told),
        "1, 2 again | Sends segments 1, 2 again: a router says that it is too large for the way | \
         21.0 ms after the first try, which never came. Its bytes leave in segments that fit."
    );
    let first: Vec<_> = transfer.segments.iter().take(2).collect();
    let told = words::vanished(&first).unwrap();
    assert_eq!(
        crate::protocols::stage::line(&told),
        "1, 2 | Sends segments 1, 2, which never come"
    );
    let came: Vec<_> = transfer.segments.iter().collect();
    assert!(words::vanished(&came).is_none());
}

#[test]
fn what_is_under_way_after_a_loss_is_held_against_what_was_before() {
    let cut = " Before, up to 700 B were under way; in the round trip after it, up to 300 B: the \
               sender has made its congestion window smaller (inferred).";
    let again = "4 again | Sends segment 4 again: three duplicate acknowledgements tell of a hole \
                 | 111 ms after the first try, which never came. Each came because something \
                 arrived behind the hole; the third counts as a loss.";
    let standard = "RFC 5681, section 3.2";
    let loss = format!("{BURST} @110 <3 <3 <3 @111 >4 @212 <7");
    // It goes on: three at a time.
    let held = format!("{again}{cut} | {standard}");
    let three = "@213 >8 >9 >10 @313 <8 <9 <10 @314 >11 >12 >13";
    check(&format!("{loss} {three}"), &[&held]);
    // Two round trips in one: the second is not counted with the first.
    check(&format!("{loss} {three} >14 >15 >16 >17 >18"), &[&held]);
    // It had no more to say, or sends as much as before.
    let silent = format!("{again} | {standard}");
    check(&format!("{loss} @213 >8 >9 >10 @313 <8 <9 <10"), &[&silent]);
    check(&format!("{loss} @213 >8 >9 >10 >11 >12 >13 >14 @313 <8 @314 >15"), &[&silent]);
}
