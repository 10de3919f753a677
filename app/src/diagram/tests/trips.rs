//! Brackets of round trips: whoever subtracts the times at their ends gets the length that they
//! tell.

use wirestage_dissectors::ids::{ProtocolId, Time};
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::story::{Moment, RoundTrip};

use super::fixture::Author;
use super::rules::hold;
use super::*;

/// A question that left at 1.618 ms, behind what its arrow began with, and was answered at 3.208
/// ms.
fn behind() -> Story {
    let http = ProtocolId::of("http");
    let mut author = Author::default();
    let (client, server) = (author.actor("Client", "a"), author.actor("Server", "b"));
    let chapter = author.chapter("HTTP request", 1, 2, 700);
    let beads = [("SETTINGS", http, Protection::Clear), ("GET /", http, Protection::Clear)];
    let said = ("Asks for a resource", "GET /.");
    author.flight(Some(chapter), (server, client), (0, None), said, &beads);
    let asks = author.flight(Some(chapter), (client, server), (1_335, None), said, &beads);
    let said = ("The request succeeded", "412 bytes.");
    let beads = [("200 OK", http, Protection::Clear)];
    let says = author.flight(Some(chapter), (server, client), (3_208, None), said, &beads);
    let answered = author.story.beat(says).unwrap().sent;
    let asked = Moment { time: Time(1_618_000), ..answered };
    let nanos = answered.time.since(asked.time);
    author.story.trips.push(RoundTrip {
        from: asks,
        to: says,
        asked,
        answered,
        first_try: None,
        nanos,
        pondered: None,
        counts: true,
    });
    author.story
}

#[test]
fn a_bracket_names_the_time_of_a_question_that_is_not_that_of_its_arrow() {
    let story = behind();
    let measure = FontMeasure::default();
    for width in WIDTHS {
        let request = request(width, Level::Flight, Axis::Order);
        let scene = layout(&story, &request, &measure);
        hold(&format!("trip {width}"), &story, &request, &scene, &measure);
        let words: Vec<&str> = scene
            .marks()
            .iter()
            .filter_map(|mark| match &mark.shape {
                scene::Shape::Text { text, .. } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        let says_length = words.iter().any(|text| text.starts_with("1.59 ms"));
        // Where no time is shown, none is taken for an end of it.
        let is_time = |text: &&str| text.contains('.') && text.parse::<f64>().is_ok();
        let is_told = !words.iter().any(is_time) || words.contains(&"1.618");
        assert!(!says_length || is_told, "{width}: {words:?}");
        if width == 1640 {
            keep("trip", &scene);
            assert!(says_length, "{words:?}");
        }
    }
}
