//! Requests that go from host to host, and pictures of them at any width: however many there are,
//! they fit.

use wirestage_dissectors::ids::{ConnectionId, ProtocolId};
use wirestage_dissectors::message::{Protection, Relation};
use wirestage_dissectors::story::{ActorId, Link, Outcome, State, Story, TrackId};

use super::fixture::{Author, track};
use super::*;

/// So many hosts, each of which asks the next one: the first and the last have long names, one
/// message is sealed, one is lost and sent again, one is refused, one passes all hosts, and one
/// goes to its own sender.
fn chain(hosts: u16) -> Story {
    use Protection::{Application, Clear};
    let (tcp, tls, http) = (ProtocolId::of("tcp"), ProtocolId::of("tls"), ProtocolId::of("http"));
    let mut author = Author::default();
    for host in 0..hosts {
        let (name, address) = match host {
            0 => ("Client".to_owned(), "2001:db8:1234:5678:90ab:cdef:1234:5678".to_owned()),
            _ if host + 1 == hosts => {
                ("orders.backend.example.com".to_owned(), "10.0.0.9 : 8080".to_owned())
            }
            _ => (format!("10.0.0.{host}"), String::new()),
        };
        author.actor(&name, &address);
    }
    let said = ("Asks for a resource; nothing seals the request", "Handed on to the next host.");
    let mut number = 0;
    let mut next = || {
        number += 1;
        (number * 700, None)
    };
    for host in 0..hosts - 1 {
        let ways = (ActorId(host), ActorId(host + 1));
        let back = (ways.1, ways.0);
        let first = author.story.beats.len();
        let chapter = author.chapter("HTTP request through a proxy", 1, 6, 1_290);
        let syn = [("SYN", tcp, Clear)];
        let open = author.flight(Some(chapter), ways, next(), said, &syn);
        let lost = author.flight(Some(chapter), ways, next(), ("", ""), &[("GET /", http, Clear)]);
        let again = author.flight(Some(chapter), ways, next(), said, &[("GET /", http, Clear)]);
        let answer = [
            ("ServerHello", tls, Clear),
            ("EncryptedExtensions", tls, Application),
            ("Certificate", tls, Application),
            ("200 OK  18400 B", http, Application),
        ];
        author.flight(Some(chapter), back, next(), said, &answer);
        author.flight(Some(chapter), (ways.1, ways.1), next(), said, &[("lookup", http, Clear)]);
        let refused = author.flight(Some(chapter), back, next(), said, &[("RST", tcp, Clear)]);
        for (beat, outcome) in
            [(lost, Outcome::Lost), (again, Outcome::Repeated), (refused, Outcome::Refused)]
        {
            for at in [beat.0, beat.0 + 1] {
                author.story.beats[at as usize].outcome = outcome;
            }
        }
        let beats = author.story.beats.iter_mut().skip(first);
        beats.for_each(|beat| beat.track = Some(TrackId(host)));
        author.story.links.push(Link { from: again, relation: Relation::Repeats, to: lost });
        for (actor, flight, on_send, name, open) in [
            (ways.0, open, true, "SYN-SENT", true),
            (ways.1, open, false, "SYN-RECEIVED", true),
            (ways.1, refused, true, "CLOSED", false),
        ] {
            let connection = ConnectionId(u32::from(host));
            let message = flight;
            author.story.states.push(State {
                actor,
                connection,
                flight,
                message,
                on_send,
                name,
                open,
            });
        }
        author.keys(ways.1, again, false);
        author.trip(open, refused);
        author.story.tracks.push(track(u32::from(host), ways.into(), None));
    }
    let (first, last) = (ActorId(0), ActorId(hosts - 1));
    author.flight(None, (last, first), next(), said, &[("push", http, Clear)]);
    author.story.title = format!("{hosts} hosts in a row");
    author.story.sum = "One request, handed on and on".to_owned();
    author.story
}

#[test]
fn however_many_hosts_there_are_they_fit() {
    let measure = FontMeasure::default();
    for hosts in 2..=6 {
        let story = chain(hosts);
        for width in [420, 560, 700, 900, 1100, 1640, 2600] {
            for level in LEVELS {
                for axis in [Axis::Order, Axis::Time] {
                    for steps in [true, false] {
                        let request = Request { steps, ..request(width, level, axis) };
                        let scene = layout(&story, &request, &measure);
                        let which = format!("{hosts} hosts {width} {level:?} {axis:?} {steps}");
                        hold(&which, &story, &request, &scene, &measure);
                        if steps {
                            let kept = format!("hosts-{hosts}-{width}-{level:?}-{axis:?}");
                            keep(&kept.to_lowercase(), &scene);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn stills_of_many_hosts_fit_as_well() {
    let measure = FontMeasure::default();
    for hosts in 2..=6 {
        let story = chain(hosts);
        for width in [420, 560, 900] {
            let request = Request { still: true, ..request(width, Level::Flight, Axis::Order) };
            let scene = layout(&story, &request, &measure);
            hold(&format!("still {hosts} hosts {width}"), &story, &request, &scene, &measure);
            keep(&format!("still-hosts-{hosts}-{width}"), &scene);
        }
    }
}

#[test]
fn every_arrow_of_crowded_hosts_has_its_number_and_its_words() {
    let measure = FontMeasure::default();
    let story = chain(6);
    let scene = layout(&story, &request(420, Level::Flight, Axis::Order), &measure);
    let words: Vec<&str> = scene
        .marks()
        .iter()
        .filter_map(|mark| match &mark.shape {
            scene::Shape::Text { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let count = |wanted: &str| words.iter().filter(|text| **text == wanted).count();
    for drawn in scene.beats() {
        assert_eq!(count(&drawn.number), 1, "step {}", drawn.number);
    }
    assert_eq!(count("EncryptedExtensions"), 5);
    // What is said once in a chapter is not said again.
    assert_eq!(words.iter().filter(|text| text.starts_with("Asks for a resource")).count(), 6);
}
