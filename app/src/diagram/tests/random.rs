//! Stories of any shape: what no recording looks like, and what a diagram must survive.

use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::story::{ActorId, Outcome, Story, TrackId};

use super::fixture::{Author, track};

/// A story that nobody would tell: any number of actors, arrows any way, labels of any length,
/// anything going wrong anywhere. Equal seeds give equal stories.
pub(crate) fn random(seed: u64) -> Story {
    // Knuth's MMIX generator: the low bits are poor, so the high ones are taken.
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut below = |bound: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let words =
        ["ack", "Certificate", "x", "a-name-that-goes-on", "GET /index.html", "·", "Привет"];
    let mut author = Author::default();
    let cast = 1 + below(8);
    for actor in 0..cast {
        let name = words[below(7) as usize].repeat(1 + below(3) as usize);
        author.actor(&name, &format!("10.0.0.{actor} : {}", below(65_536)));
    }
    let mut text = |most: u64| {
        let count = below(most);
        (0..count).map(|_| words[below(7) as usize]).collect::<Vec<_>>().join(" ")
    };
    let titles: Vec<String> = (0..7).map(|_| text(9)).collect();
    let texts: Vec<String> = (0..64).map(|_| text(24)).collect();
    let labels: Vec<String> = (0..64).map(|_| text(6)).collect();
    let protections = [
        Protection::Clear,
        Protection::Opaque,
        Protection::Initial,
        Protection::Early,
        Protection::Handshake,
        Protection::Application,
    ];
    let mut chapter = None;
    let mut time = 0;
    let mut flights = Vec::new();
    for _ in 0..below(24) {
        if below(5) == 0 {
            let (trips, packets) = (below(3) as u32, below(90) as u32);
            let title = &titles[below(4) as usize];
            chapter = Some(author.chapter(title, trips, packets, below(1 << 40)));
        }
        let ways = (ActorId(below(cast) as u16), ActorId(below(cast) as u16));
        time += [0, 3, 400, 90_000, 4_000_000][below(5) as usize];
        let takes = [1, 60, 3_000, 80_000][below(4) as usize];
        let received = (below(2) == 0).then_some(time + takes);
        let count = below(2) * below(12) + below(4);
        let messages: Vec<_> = (0..count)
            .map(|_| {
                let protocol = [ProtocolId::of("tcp"), ProtocolId::of("tls")][below(2) as usize];
                let protection = protections[below(6) as usize];
                (labels[below(64) as usize].as_str(), protocol, protection)
            })
            .collect();
        let (headline, detail) = (&texts[below(64) as usize], &texts[below(64) as usize]);
        let flight = author.flight(chapter, ways, (time, received), (headline, detail), &messages);
        let outcomes = [
            Outcome::Arrived,
            Outcome::Arrived,
            Outcome::Arrived,
            Outcome::Lost,
            Outcome::Repeated,
            Outcome::Refused,
        ];
        author.story.beats[flight.0 as usize].outcome = outcomes[below(6) as usize];
        for (actor, on_send) in [(ways.0, true), (ways.1, false)] {
            if below(3) == 0 {
                author.state(
                    actor,
                    flight,
                    on_send,
                    ["OPEN", "CLOSED", "A-LONG-STATE"][below(3) as usize],
                );
            }
            if below(4) == 0 {
                author.keys(actor, flight, on_send);
            }
            for _ in 0..below(2) * below(4) {
                let what = ["read", "accept", "a deed with a long name"][below(3) as usize];
                author.mark(actor, (flight, on_send), what, time + below(9_000) as i64);
            }
        }
        flights.push(flight);
        let earlier = flights[below(flights.len() as u64) as usize];
        if below(3) == 0 && earlier != flight {
            author.trip(earlier, flight);
        }
    }
    let mut story = author.story;
    story.title.clone_from(&titles[4]);
    (story.sum, story.subtitle) = (texts[0].clone(), texts[1].clone());
    story.both_ends = below(2) == 0;
    // Letters up to "AB" stand beside the numbers of every other one.
    if seed % 2 == 1 {
        story.tracks = (0..28).map(|at| track(at, [ActorId(0), ActorId(0)], None)).collect();
        story.beats.iter_mut().for_each(|beat| beat.track = Some(TrackId(below(28) as u16)));
    }
    story
}
