//! How what failed looks: lost or refused, all of a flight or a part of it.

use super::*;
use fixture::Author;
use scene::{About, Layer, Mark, Shape};
use style::Style;
use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::story::Outcome;

/// A question, and an answer of two messages that fare in these ways.
fn answered(outcomes: [Outcome; 2]) -> (Story, BeatId) {
    let http2 = ProtocolId::of("http2");
    let mut author = Author::default();
    let (client, server) = (author.actor("Client", "a"), author.actor("Server", "b"));
    let chapter = author.chapter("HTTP/2", 1, 2, 200);
    let sealed = Protection::Application;
    let said = ("Says it", "In full.");
    let asks = [("GET /", http2, sealed)];
    author.flight(Some(chapter), (client, server), (0, None), said, &asks);
    let answers = [("first", http2, sealed), ("second", http2, sealed)];
    let flight = author.flight(Some(chapter), (server, client), (100, None), said, &answers);
    let worst = if outcomes.contains(&Outcome::Refused) { Outcome::Refused } else { outcomes[0] };
    author.story.beats[flight.0 as usize].outcome = worst;
    for (at, outcome) in (1..).zip(outcomes) {
        author.story.beats[flight.0 as usize + at].outcome = outcome;
    }
    (author.story, flight)
}

fn drawn(story: &Story, axis: Axis) -> Scene {
    layout(story, &request(1640, Level::Flight, axis), &FontMeasure::default())
}

/// The style of a message's bead.
fn bead(scene: &Scene, message: u32) -> Style {
    let is_bead = |mark: &&Mark| {
        mark.about == About::Beat(BeatId(message)) && matches!(mark.shape, Shape::Plate { .. })
    };
    scene.marks().iter().find(is_bead).expect("a bead").style
}

/// Whether an arrow is red, and how many crosses stand for it.
fn arrow(scene: &Scene, flight: BeatId) -> (bool, usize) {
    let own = || scene.marks().iter().filter(|mark| mark.about == About::Beat(flight));
    let is_line = |mark: &&Mark| mark.layer == Layer::Lines && mark.style == Style::Failure;
    let is_red = own().filter(|mark| matches!(mark.shape, Shape::Line { .. })).any(|m| is_line(&m));
    (is_red, own().filter(|mark| matches!(mark.shape, Shape::Cross { .. })).count())
}

#[test]
fn only_what_failed_is_red() {
    const NO: Outcome = Outcome::Refused;
    const YES: Outcome = Outcome::Arrived;
    for axis in [Axis::Order, Axis::Time] {
        for (outcomes, is_red) in [([NO, NO], true), ([NO, YES], false), ([YES, NO], false)] {
            let (story, flight) = answered(outcomes);
            let scene = drawn(&story, axis);
            let which = format!("{outcomes:?} {axis:?}");
            let (red, crosses) = arrow(&scene, flight);
            assert_eq!((red, crosses > 0), (is_red, is_red), "{which}");
            for (at, outcome) in (1..).zip(outcomes) {
                let style = if outcome == NO { Style::Failure } else { Style::Application };
                assert_eq!(bead(&scene, flight.0 + at), style, "{which}");
            }
        }
    }
}

#[test]
fn what_breaks_off_a_stream_leaves_the_connection_without_a_cross() {
    use wirestage_dissectors::story::Piece;
    use wirestage_dissectors::story::lanes::{Lane, LaneMark};
    let (mut story, flight) = answered([Outcome::Refused; 2]);
    let mark = |at: u32| {
        let beat = BeatId(flight.0 + at);
        let own = story.beat(beat).expect("it was told");
        let (from, sent) = (own.from, own.sent);
        let (piece, packed) = (Piece::Reset, None);
        LaneMark {
            beat,
            from,
            sent,
            ended: sent,
            came: None,
            piece,
            held: None,
            packed,
            ends: true,
        }
    };
    let marks = vec![mark(1), mark(2)];
    let (track, name) = (None, String::new());
    story.lanes = vec![Lane { track, number: 1, name, asker: None, bytes: 0, marks }];
    assert_eq!(arrow(&drawn(&story, Axis::Order), flight), (true, 0));
}

#[test]
fn what_is_lost_says_so_and_is_red_whatever_carried_it() {
    let (story, flight) = answered([Outcome::Lost; 2]);
    for axis in [Axis::Order, Axis::Time] {
        let scene = drawn(&story, axis);
        assert_eq!(bead(&scene, flight.0 + 1), Style::Failure, "{axis:?}");
        let says =
            |mark: &Mark| matches!(&mark.shape, Shape::Text { text, .. } if text == "first (lost)");
        assert!(scene.marks().iter().any(says), "{axis:?}");
    }
}
