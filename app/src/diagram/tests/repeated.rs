//! A story of questions that went like the first one and are told as one row; with keys that an
//! arrow uses already, and a connection that lay idle.

use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::story::{Level, Repeat, Story};

use super::fixture::{Author, track};

/// Eight questions on one connection, of which seven are folded, and one on another that lay idle.
pub(crate) fn repeated() -> Story {
    let http = ProtocolId::of("http");
    let mut author = Author::default();
    let client = author.actor("Client", "192.0.2.1");
    let server = author.actor("Server", "192.0.2.2 : 443");
    let chapter = author.chapter("HTTP request", 8, 16, 1_600);
    let mut exchanges = Vec::new();
    for number in 0..8 {
        let exchange = author.chapter("GET /item → 200 OK", 1, 2, 200);
        let beat = author.story.beats.get_mut(exchange.0 as usize).expect("it was just written");
        (beat.level, beat.parent) = (Level::Exchange, Some(chapter));
        let at = 1_000 + number * 500;
        let sealed = |label| [(label, http, Protection::Handshake)];
        let (there, back) = ((client, server), (server, client));
        let asks = author.flight(
            Some(exchange),
            there,
            (at, None),
            ("Asks", "For an item"),
            &sealed("GET /item"),
        );
        let answers = author.flight(
            Some(exchange),
            back,
            (at + 200, None),
            ("Answers", ""),
            &sealed("200 OK"),
        );
        author.trip(asks, answers);
        if number == 0 {
            author.keys(client, asks, true);
            author.state(client, asks, true, "ESTABLISHED");
        }
        exchanges.push(exchange);
    }
    let (like, first) = (exchanges[0], exchanges[1]);
    let last = wirestage_dissectors::story::BeatId(author.story.beats.len() as u32 - 1);
    let mut beat = author.story.beats[first.0 as usize].clone();
    (beat.headline, beat.detail) = ("7 more like this".to_owned(), String::new());
    beat.ended = author.story.beats[last.0 as usize].ended;
    author.story.repeats.push(Repeat {
        like,
        first,
        last,
        count: 7,
        label: "GET /item → 200 OK".to_owned(),
        nanos: Some((200_000, 900_000)),
        bytes: (200, 300),
        beat,
    });
    let other = author.chapter("HTTP request", 1, 2, 200);
    let exchange = author.chapter("GET /other → 200 OK", 1, 2, 200);
    let beat = author.story.beats.get_mut(exchange.0 as usize).expect("it was just written");
    (beat.level, beat.parent) = (Level::Exchange, Some(other));
    let messages = [("GET /other", http, Protection::Clear)];
    let asks =
        author.flight(Some(exchange), (client, server), (90_000, None), ("Asks", ""), &messages);
    let messages = [("200 OK", http, Protection::Clear)];
    let answers =
        author.flight(Some(exchange), (server, client), (91_000, None), ("Answers", ""), &messages);
    author.trip(asks, answers);
    let mut story = author.story;
    for (number, from) in [(0, 0), (1, other.0)] {
        let mut one = track(number, [client, server], None);
        one.is_whole = false;
        story.tracks.push(one);
        for beat in story.beats.iter_mut().skip(from as usize) {
            beat.track = Some(wirestage_dissectors::story::TrackId(number as u16));
        }
    }
    story.title = "HTTP".to_owned();
    story.sum = "2 connections".to_owned();
    story
}
