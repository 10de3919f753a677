//! A story of requests through a proxy: one while another waits, tried twice, with connections that
//! were open before; and what has to hold of its pictures.

use wirestage_dissectors::ids::{ConnectionId, FrameId, ProtocolId};
use wirestage_dissectors::message::{Protection, Relation};
use wirestage_dissectors::story::passages::{Changes, HandedBack, Line};
use wirestage_dissectors::story::{
    ActorId, BeatId, Level, Link, Outcome, Passage, Proof, RoundTrip, State, Story, TrackId,
};

use super::fixture::{Author, track};
use super::rules::hold;
use super::{WIDTHS, keep, request};
use crate::diagram::geometry::Rect;
use crate::diagram::scene::{About, Layer, Mark, Scene, Shape};
use crate::diagram::style::{Style, Type};
use crate::diagram::{Axis, FontMeasure, Request, layout};

const CLIENT: ActorId = ActorId(0);
const PROXY: ActorId = ActorId(1);
const FIRST: ActorId = ActorId(2);
const SECOND: ActorId = ActorId(3);

/// The flights of the story, by their times, in microseconds.
struct Told {
    story: Story,
    flights: Vec<(i64, BeatId)>,
}

impl Told {
    fn flight(&self, time: i64) -> BeatId {
        self.flights.iter().find(|(at, _)| *at == time).expect("a time of a flight").1
    }

    /// The message of a flight that is there for HTTP.
    fn message(&self, time: i64) -> BeatId {
        let below = self.story.children(Some(self.flight(time)));
        let own = below.filter(|(_, beat)| beat.protocol == ProtocolId::of("http"));
        own.last().expect("a message of HTTP").0
    }

    fn actors(&self, time: i64) -> [ActorId; 2] {
        let beat = self.story.beat(self.flight(time)).expect("a beat");
        [beat.from, beat.to]
    }

    /// Both ends of a connection change their state with a flight.
    fn turns(&mut self, time: i64, connection: u32, name: &'static str, open: bool) {
        let flight = self.flight(time);
        for (on_send, actor) in [true, false].into_iter().zip(self.actors(time)) {
            let connection = ConnectionId(connection);
            self.story.states.push(State {
                actor,
                connection,
                flight,
                message: flight,
                on_send,
                name,
                open,
            });
        }
    }
}

/// A head of which each line meets another fate.
fn changed_head() -> Changes {
    let line = |name: &str, came: Option<&str>, went: Option<&str>| Line {
        name: name.to_owned(),
        came: came.map(str::to_owned),
        went: went.map(str::to_owned),
    };
    Changes {
        start: vec![line("version", Some("HTTP/2"), Some("HTTP/1.1"))],
        lines: vec![
            line("host", Some("shop.test"), Some(&"backend-1.".repeat(4))),
            line("accept", Some("*/*"), Some("*/*")),
            line("te", Some("trailers"), None),
            line("Via", None, Some("2 edge")),
        ],
    }
}

/// The second request is handed on over B, whose end has forgotten it, and again over D.
pub(crate) fn proxied() -> Story {
    told().story
}

/// What is followed in it: the second request.
fn followed(story: &Story) -> BeatId {
    story.passages[1].asked
}

fn told() -> Told {
    use Protection::{Application, Clear};
    let (tcp, http) = (ProtocolId::of("tcp"), ProtocolId::of("http"));
    let mut author = Author::default();
    for (name, address) in [
        ("Client", "203.0.113.9 : 51834"),
        ("Proxy", "10.0.0.5"),
        ("Backend-1", "10.0.0.21 : 8080"),
        ("Backend-2", "10.0.0.22 : 8080"),
    ] {
        author.actor(name, address);
    }
    let mut flights = Vec::new();
    let mut chapter = |track: u16, title: &str, steps: &[(i64, ActorId, ActorId, &[&str])]| {
        let first = author.story.beats.len();
        let chapter = author.chapter(title, 1, steps.len() as u32, 90);
        for (time, from, to, labels) in steps {
            let protocol = |label: &str| {
                if ["SYN", "SYN, ACK", "ACK", "RST"].contains(&label) { tcp } else { http }
            };
            let sealed = if track == 0 { Application } else { Clear };
            let keys = |label: &str| if protocol(label) == tcp { Clear } else { sealed };
            let messages: Vec<_> =
                labels.iter().map(|label| (*label, protocol(label), keys(label))).collect();
            let said = ("Says what it has to say", "And what a teacher would add to that.");
            let flight = author.flight(Some(chapter), (*from, *to), (*time, None), said, &messages);
            flights.push((*time, flight));
        }
        let beats = author.story.beats.iter_mut().skip(first);
        beats.for_each(|beat| beat.track = Some(TrackId(track)));
    };
    let (orders, price) = ("GET /orders", "GET /price?id=7");
    chapter(
        0,
        "TCP handshake",
        &[(0, CLIENT, PROXY, &["SYN"]), (30, PROXY, CLIENT, &["SYN, ACK"])],
    );
    chapter(
        0,
        "HTTP request",
        &[
            (100, CLIENT, PROXY, &["ACK", orders]),
            (2_000, CLIENT, PROXY, &[price]),
            (6_400, PROXY, CLIENT, &["200 OK  312 B"]),
            (9_100, PROXY, CLIENT, &["200 OK  18400 B"]),
        ],
    );
    chapter(
        2,
        "HTTP request",
        &[(400, PROXY, SECOND, &[orders]), (8_800, SECOND, PROXY, &["200 OK  18400 B"])],
    );
    chapter(1, "HTTP request", &[(2_200, PROXY, FIRST, &[price])]);
    chapter(1, "Closing", &[(2_400, FIRST, PROXY, &["RST"])]);
    chapter(
        3,
        "TCP handshake",
        &[(2_500, PROXY, SECOND, &["SYN"]), (2_900, SECOND, PROXY, &["SYN, ACK"])],
    );
    chapter(
        3,
        "HTTP request",
        &[(3_000, PROXY, SECOND, &["ACK", price]), (6_200, SECOND, PROXY, &["200 OK  312 B"])],
    );
    let mut told = Told { story: author.story, flights };
    for beat in &mut told.story.beats {
        for moment in [&mut beat.sent, &mut beat.ended] {
            moment.frame = FrameId((moment.time.0 / 1_000) as u32 + 1);
        }
    }
    told.turns(0, 0, "SYN-SENT", true);
    told.turns(30, 0, "ESTABLISHED", true);
    told.turns(2_400, 1, "CLOSED", false);
    told.turns(2_500, 3, "SYN-SENT", true);
    told.turns(2_900, 3, "ESTABLISHED", true);
    for id in [told.flight(2_400), BeatId(told.flight(2_400).0 + 1)] {
        told.story.beats[id.0 as usize].outcome = Outcome::Refused;
    }
    let pairs = [(100, 9_100), (400, 8_800), (2_000, 6_400), (3_000, 6_200)];
    for (asked, answered) in pairs {
        let (from, to) = (told.message(answered), told.message(asked));
        told.story.links.push(Link { from, relation: Relation::Answers, to });
    }
    for (asked, answered) in [(0, 30), (2_500, 2_900)].into_iter().chain(pairs) {
        let (from, to) = (told.flight(asked), told.flight(answered));
        let sent = |id| told.story.beat(id).expect("a beat").sent;
        let (asked, answered) = (sent(from), sent(to));
        let nanos = answered.time.since(asked.time);
        told.story.trips.push(RoundTrip {
            from,
            to,
            asked,
            answered,
            nanos,
            first_try: None,
            pondered: None,
            counts: true,
        });
    }
    for (asked, handed_on, attempt) in [(100, 400, 1), (2_000, 2_200, 1), (2_000, 3_000, 2)] {
        let (asked, handed_on) = (told.message(asked), told.message(handed_on));
        let proof = Proof::HostAndName("Forwarded");
        told.story.passages.push(Passage {
            asked,
            handed_on,
            same: true,
            proof,
            attempt,
            question: Some(changed_head()),
            answer: None,
        });
    }
    let (came, went) = (told.message(6_200), told.message(6_400));
    let [_, _, tried] = &mut told.story.passages[..] else { panic!("three passages") };
    tried.answer = Some(HandedBack { came, went, changes: Changes::default() });
    let ends = [[CLIENT, PROXY], [PROXY, FIRST], [PROXY, SECOND], [PROXY, SECOND]];
    told.story.tracks = (0..).zip(ends).map(|(at, ends)| track(at, ends, None)).collect();
    for (at, whole, first) in [(0, true, 0), (1, false, 2_200), (2, false, 400), (3, true, 2_500)] {
        let first = told.story.beat(told.flight(first)).expect("a beat").sent;
        (told.story.tracks[at].is_whole, told.story.tracks[at].first) = (whole, first);
    }
    told.story.title = "One request, three connections".to_owned();
    told.story.sum = "A reset behind the proxy, and the client never saw it".to_owned();
    told
}

fn marks(scene: &Scene, layer: Layer) -> impl Iterator<Item = &Mark> {
    scene.marks().iter().filter(move |mark| mark.layer == layer)
}

#[test]
fn pictures_of_what_is_followed_keep_the_rules() {
    let measure = FontMeasure::default();
    let story = proxied();
    for width in WIDTHS {
        for level in [Level::Chapter, Level::Exchange, Level::Flight, Level::Message] {
            for axis in [Axis::Order, Axis::Time] {
                for still in [false, true] {
                    let followed = Some(followed(&story));
                    let request = Request { followed, still, ..request(width, level, axis) };
                    let scene = layout(&story, &request, &measure);
                    let which = format!("proxied-{width}-{level:?}-{axis:?}-{still}");
                    hold(&which, &story, &request, &scene, &measure);
                    keep(&which.to_lowercase(), &scene);
                }
            }
        }
    }
}

#[test]
fn the_ribbon_lies_under_the_arrows_of_what_is_followed_and_under_no_other() {
    let measure = FontMeasure::default();
    let told = told();
    let story = &told.story;
    let own = [2_000, 2_200, 2_400, 3_000, 6_200, 6_400].map(|time| told.flight(time));
    for width in WIDTHS {
        let quiet = layout(story, &request(width, Level::Flight, Axis::Order), &measure);
        assert_eq!(marks(&quiet, Layer::Ribbon).count(), 0);
        // Whichever of its steps one chooses, all of it is followed.
        for chosen in own {
            let followed = Some(chosen);
            let request = Request { followed, ..request(width, Level::Flight, Axis::Order) };
            let scene = layout(story, &request, &measure);
            let ribbon: Vec<Rect> = marks(&scene, Layer::Ribbon).map(|mark| mark.bounds).collect();
            for (time, flight) in &told.flights {
                // Beads lie on the arrow: these tell whether the ribbon is under it.
                let beads = marks(&scene, Layer::Front).filter(|mark| {
                    matches!(mark.shape, Shape::Plate { .. }) && mark.style != Style::Step && {
                        let of = |id| story.flight_of(id) == Some(*flight);
                        matches!(mark.about, About::Beat(id) if of(id))
                    }
                });
                for bead in beads.filter(|bead| !Style::TRACKS.contains(&bead.style)) {
                    let lies_on = ribbon.iter().any(|part| part.holds(bead.bounds));
                    assert_eq!(lies_on, own.contains(flight), "{width}: {time}: {bead:?}");
                }
            }
            // It is one piece: each part meets another.
            for (at, part) in ribbon.iter().enumerate() {
                let mut others = ribbon.iter().enumerate().filter(|(other, _)| *other != at);
                assert!(others.any(|(_, other)| other.overlaps(*part)), "{width}: {part:?}");
            }
            assert!(scene.height > quiet.height - 0.1);
        }
        let request = Request {
            followed: Some(told.flight(30)),
            ..request(width, Level::Flight, Axis::Order)
        };
        assert_eq!(layout(story, &request, &measure), quiet, "no step of anything followed");
    }
}

#[test]
fn what_was_changed_on_the_way_stands_below_what_is_followed() {
    let measure = FontMeasure::default();
    let story = proxied();
    for width in WIDTHS {
        let texts = |followed: Option<BeatId>| -> Vec<String> {
            let request = Request { followed, ..request(width, Level::Flight, Axis::Order) };
            let scene = layout(&story, &request, &measure);
            let texts = scene.marks().iter().filter_map(|mark| match &mark.shape {
                Shape::Text { text, .. } => Some(text.clone()),
                _ => None,
            });
            texts.collect()
        };
        let shown = texts(Some(followed(&story)));
        let title = shown.iter().position(|text| text == "What was changed on the way");
        let shown = &shown[title.expect("the title")..];
        let has = |text: &str| shown.iter().filter(|shown| *shown == text).count();
        // Both tries went on alike, so the first of them is shown.
        for (text, times) in [
            ("HTTP/1.1", 1),
            ("te", 1),
            ("trailers", 1),
            ("−", 1),
            ("+", 1),
            ("2 edge", 1),
            ("As it came: accept.", 1),
            ("Went on as it came.", 1),
        ] {
            assert_eq!(has(text), times, "{width}: {text}: {shown:?}");
        }
        let without = texts(None);
        assert!(!without.iter().any(|text| text == "What was changed on the way"), "{width}");
    }
}

/// The bars of a connection, from left to right.
fn bars(scene: &Scene, track: u16) -> Vec<Rect> {
    let own =
        marks(scene, Layer::Bars).filter(|mark| mark.style == Style::of_track(TrackId(track)));
    let mut bars: Vec<Rect> = own.map(|mark| mark.bounds).collect();
    bars.sort_by(|a, b| a.left.total_cmp(&b.left).then(a.top.total_cmp(&b.top)));
    bars
}

#[test]
fn each_connection_has_bars_of_its_own_at_both_ends() {
    let measure = FontMeasure::default();
    let told = told();
    for width in WIDTHS {
        let request = request(width, Level::Flight, Axis::Order);
        let scene = layout(&told.story, &request, &measure);
        let tail = |time: i64| {
            let lines = marks(&scene, Layer::Lines).filter_map(|mark| match mark.shape {
                Shape::Line { from, to, .. } if from.x != to.x => {
                    (mark.about == About::Beat(told.flight(time))).then_some(from.y)
                }
                _ => None,
            });
            lines.reduce(f32::min).expect("an arrow has a line")
        };
        let near = |a: f32, b: f32| (a - b).abs() < 2.0;
        // B was open before, and ends at the reset, with a cross on each of its bars.
        let of_b = bars(&scene, 1);
        assert_eq!(of_b.len(), 2, "{width}");
        let crosses: Vec<Rect> = scene
            .marks()
            .iter()
            .filter(|mark| matches!(mark.shape, Shape::Cross { .. }))
            .map(|mark| mark.bounds)
            .collect();
        assert_eq!(crosses.len(), 2, "{width}");
        for bar in &of_b {
            assert!(near(bar.top, scene.cast.end), "{width}: {bar:?}");
            assert!(near(bar.bottom, tail(2_400)), "{width}: {bar:?}");
            let below = |cross: &&Rect| near(cross.centre().x, bar.centre().x);
            assert!(crosses.iter().any(|cross| below(&cross) && cross.top > bar.bottom - 2.0));
        }
        // C was open before, and goes on to the end.
        let of_c = bars(&scene, 2);
        assert_eq!(of_c.len(), 2, "{width}");
        let end = of_c[0].bottom;
        assert!(of_c.iter().all(|bar| near(bar.top, scene.cast.end) && near(bar.bottom, end)));
        // D begins with its SYN.
        let of_d = bars(&scene, 3);
        let first = of_d.iter().map(|bar| bar.top).fold(f32::INFINITY, f32::min);
        assert!(near(first, tail(2_500)), "{width}: {of_d:?}");
        assert!(of_d.iter().any(|bar| near(bar.bottom, end)), "{width}");
    }
}

#[test]
fn arrows_leave_from_beside_the_bars_of_their_ends() {
    let measure = FontMeasure::default();
    let story = proxied();
    for width in WIDTHS {
        let request = request(width, Level::Flight, Axis::Order);
        let scene = layout(&story, &request, &measure);
        let rails: Vec<f32> =
            marks(&scene, Layer::Rails).map(|mark| mark.bounds.centre().x).collect();
        let bars: Vec<Rect> = marks(&scene, Layer::Bars).map(|mark| mark.bounds).collect();
        let mut seen = 0;
        for mark in marks(&scene, Layer::Lines) {
            let (Shape::Line { from, to, .. }, About::Beat(id)) = (&mark.shape, mark.about) else {
                continue;
            };
            let Some(beat) = story.beat(id).filter(|_| from.x != to.x) else { continue };
            if mark.style == Style::Dim {
                // The string that beads hang on below a short arrow.
                continue;
            }
            let ends = [beat.from, beat.to].map(|actor| rails[usize::from(actor.0)]);
            let (low, high) = (from.x.min(to.x), from.x.max(to.x));
            let (left, right) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
            for bar in bars.iter().filter(|bar| bar.top < from.y && from.y < bar.bottom) {
                let own = [left, right].iter().any(|rail| (bar.centre().x - rail).abs() < 30.0);
                let crossed = low < bar.right && bar.left < high;
                assert!(!(own && crossed), "{width}: {mark:?} crosses {bar:?}");
            }
            seen += 1;
        }
        assert!(seen > 10, "{width}: {seen} lines");
    }
}

/// What stands in the cost of what is followed: labels and numbers from the top down, and the bars
/// from left to right in each row, as shares of the whole in hundredths.
#[test]
fn the_cost_of_what_is_followed_adds_up_as_it_is_written_and_as_it_is_drawn() {
    let measure = FontMeasure::default();
    let story = proxied();
    for width in WIDTHS {
        let quiet = request(width, Level::Flight, Axis::Order);
        let before = layout(&story, &quiet, &measure);
        let request = Request { followed: Some(followed(&story)), ..quiet };
        let scene = layout(&story, &request, &measure);
        assert!(scene.height > before.height, "{width}: the cost takes room");
        let texts = || {
            scene.marks().iter().filter_map(|mark| match &mark.shape {
                Shape::Text { text, font, .. } => Some((mark, text.as_str(), *font)),
                _ => None,
            })
        };
        let title = texts().find(|(_, text, _)| text.starts_with("Where the 4.400 ms of GET"));
        let (title, ..) = title.expect("the cost has a title");
        let below = |mark: &Mark| mark.bounds.top > title.bounds.bottom;
        let numbers = texts().filter(|(mark, _, font)| {
            *font == Type::Clock && mark.style == Style::Ink && below(mark)
        });
        // What follows is of the heads.
        let numbers = numbers.take_while(|(_, text, _)| text.parse::<f64>().is_ok());
        let written: Vec<&str> = numbers.map(|(_, text, _)| text).collect();
        assert_eq!(written, ["4.400", "0.200", "0.400", "3.200", "0.600"], "{width}");
        for label in ["all of it", "first try, broken off", "opens", "second try", "Proxy itself"] {
            assert!(
                texts().any(|(mark, text, _)| text == label && below(mark)),
                "{width}: {label}"
            );
        }
        let bars = marks(&scene, Layer::Lines).filter(|mark| {
            matches!(mark.shape, Shape::Plate { outline, .. } if outline > 0.0) && below(mark)
        });
        let bars: Vec<Rect> = bars.map(|mark| mark.bounds).collect();
        let whole = bars[0];
        // The legend shows what the bars of connections are.
        let bars = bars.iter().filter(|bar| bar.height() <= whole.height());
        let share = |x: f32| (100.0 * (x - whole.left) / whole.width()).round() as i32;
        let mut drawn: Vec<(i32, i32)> =
            bars.skip(1).map(|bar| (share(bar.left), share(bar.right))).collect();
        drawn.sort_unstable();
        let expected =
            [(0, 5), (5, 9), (9, 11), (11, 20), (20, 23), (23, 95), (95, 100)].into_iter();
        let near =
            |((a, b), (c, d)): (&(i32, i32), (i32, i32))| (a - c).abs() <= 1 && (b - d).abs() <= 1;
        assert!(drawn.iter().zip(expected).all(near) && drawn.len() == 7, "{width}: {drawn:?}");
    }
}
