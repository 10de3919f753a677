//! Arrows that all but coincide: whose a bead is, and in which order one reads them.

use super::*;
use fixture::Author;
use geometry::Point;
use scene::{About, Layer, Shape};
use style::Style;
use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::message::Protection;

/// Three flights each way over a link of 50 ms, each leaving `apart` microseconds after the one
/// before it.
fn bundled(apart: i64) -> Story {
    let tls = ProtocolId::of("tls");
    let mut author = Author::default();
    let client = author.actor("Client", "10.0.1.1 : 40000");
    let server = author.actor("Server", "10.0.2.1 : 443");
    let chapter = author.chapter("HTTP/3", 1, 6, 2_000);
    let (there, back) = ((client, server), (server, client));
    for (ways, start) in [(there, 0), (back, 60_000), (there, 120_000)] {
        for at in 0..3 {
            let sent = start + at * apart;
            let names = [["Finished", "SETTINGS"], ["GET /a", "GET /b"], ["DATA", "MAX_DATA"]];
            let messages = names[at as usize].map(|name| (name, tls, Protection::Application));
            let said = ("Says something", "In two messages.");
            author.flight(Some(chapter), ways, (sent, Some(sent + 50_000)), said, &messages);
        }
    }
    let mut story = author.story;
    (story.both_ends, story.one_clock) = (true, true);
    story
}

/// The beads of a picture, in the order of the story: which step they are of, where they stand, and
/// which number they carry.
fn beads(story: &Story, scene: &Scene) -> Vec<(BeatId, Point, Option<String>)> {
    let fronts = || scene.marks().iter().filter(|mark| mark.layer == Layer::Front);
    let plates = fronts().filter(|mark| {
        matches!(mark.shape, Shape::Plate { .. }) && mark.style == Style::Application
    });
    let mut found: Vec<_> = plates
        .filter_map(|mark| {
            let About::Beat(id) = mark.about else { return None };
            let number = fronts().find_map(|inner| match &inner.shape {
                Shape::Text { text, .. }
                    if inner.style == Style::Step && mark.bounds.holds(inner.bounds) =>
                {
                    Some(text.clone())
                }
                _ => None,
            });
            Some((id, story.beat(id)?.parent?, mark.bounds.centre(), number))
        })
        .collect();
    found.sort_by_key(|(id, ..)| *id);
    found.into_iter().map(|(_, flight, at, number)| (flight, at, number)).collect()
}

#[test]
fn beads_of_arrows_that_all_but_coincide_carry_the_number_of_their_step() {
    let measure = FontMeasure::default();
    for (apart, is_close) in [(100, true), (2_000, true), (9_000, false)] {
        let story = bundled(apart);
        for width in [700, 1100, 1640, 2600] {
            let scene = layout(&story, &request(width, Level::Flight, Axis::Time), &measure);
            let which = format!("{apart} {width}");
            hold(&which, &story, &request(width, Level::Flight, Axis::Time), &scene, &measure);
            let steps: std::collections::HashMap<_, _> =
                scene.beats().iter().map(|drawn| (drawn.beat, drawn.number.clone())).collect();
            let beads = beads(&story, &scene);
            assert!(beads.len() >= 9, "{which}: {beads:?}");
            let mut seen = std::collections::HashSet::new();
            for (flight, _, number) in &beads {
                let first = seen.insert(*flight);
                match number {
                    Some(number) => assert_eq!(Some(number), steps.get(flight), "{which}"),
                    None => assert!(!(is_close && first), "{which}: whose is {flight:?}?"),
                }
                assert!(is_close || number.is_none(), "{which}: one sees whose it is");
            }
        }
    }
}

#[test]
fn where_one_place_was_recorded_question_and_answer_on_one_line_are_told_apart() {
    let tcp = ProtocolId::of("tcp");
    let mut author = Author::default();
    let client = author.actor("Client", "10.0.1.1 : 40000");
    let server = author.actor("Server", "10.0.2.1 : 443");
    let chapter = author.chapter("TCP handshake", 1, 3, 172);
    let (there, back) = ((client, server), (server, client));
    let opening = [(there, 0, "SYN"), (back, 20, "SYN, ACK"), (there, 40, "ACK")];
    // What comes later makes the scale.
    let data = (1..10).map(|at| (back, at * 10_000, "bytes"));
    for (ways, sent, label) in opening.into_iter().chain(data) {
        let messages = [(label, tcp, Protection::Application)];
        author.flight(Some(chapter), ways, (sent, None), ("Opens", ""), &messages);
    }
    let story = author.story;
    let measure = FontMeasure::default();
    for width in [1100, 1640] {
        let asked = request(width, Level::Flight, Axis::Time);
        let scene = layout(&story, &asked, &measure);
        hold(&format!("level {width}"), &story, &asked, &scene, &measure);
        let beads = beads(&story, &scene);
        let numbers: Vec<_> = beads.iter().map(|(.., number)| number.as_deref()).collect();
        assert_eq!(numbers[..4], [Some("1"), Some("2"), Some("3"), None], "{width}");
        let across: Vec<f32> = beads.iter().take(3).map(|(_, at, _)| at.x).collect();
        assert!(across.is_sorted(), "{width}: {across:?}");
    }
}

#[test]
fn beads_of_arrows_that_all_but_coincide_read_from_the_top_in_order() {
    let measure = FontMeasure::default();
    for apart in [100, 1_000, 3_000] {
        let story = bundled(apart);
        for width in [1100, 1640, 2600] {
            let scene = layout(&story, &request(width, Level::Flight, Axis::Time), &measure);
            let beads = beads(&story, &scene);
            for pair in beads.windows(2) {
                let [(_, first, _), (_, second, _)] = pair else { continue };
                assert!(first.y < second.y, "{apart} {width}: {beads:#?}");
            }
        }
    }
}
