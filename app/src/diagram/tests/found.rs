//! What a picture to scale still shows where nothing can be moved: every message by its name, bars
//! as far as their ends send, ways to where nobody recorded, and what each chapter cost.

use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::story::{Actor, BeatId, Outcome, RoundTrip, TrackId};

use super::fixture::{Author, track};
use super::*;
use crate::diagram::geometry::{Point, Rect};
use crate::diagram::scene::{About, Layer, Mark, Shape};
use crate::diagram::style::Style;

const SAID: (&str, &str) = ("Says what it has to say", "");

fn words(scene: &Scene) -> Vec<&str> {
    scene.marks().iter().filter_map(said).collect()
}

fn said(mark: &Mark) -> Option<&str> {
    match &mark.shape {
        Shape::Text { text, .. } => Some(text),
        _ => None,
    }
}

/// Lays a story out to scale, and holds the picture to the rules.
fn to_scale(which: &str, story: &Story, level: Level) -> Scene {
    let measure = FontMeasure::default();
    let request = request(1640, level, Axis::Time);
    let scene = layout(story, &request, &measure);
    hold(which, story, &request, &scene, &measure);
    keep(which, &scene);
    scene
}

/// The arrow of a flight: where its line begins, and where its head is.
fn arrow(scene: &Scene, flight: BeatId) -> (Point, Point) {
    let own = || scene.marks().iter().filter(|mark| mark.about == About::Beat(flight));
    let line = own().find_map(|mark| match mark.shape {
        Shape::Line { from, .. } if mark.layer == Layer::Lines => Some(from),
        _ => None,
    });
    let head = own().find_map(|mark| match mark.shape {
        Shape::Head([tip, ..]) => Some(tip),
        _ => None,
    });
    (line.unwrap(), head.unwrap())
}

/// A client and a server, both of them recorded, 40 ms apart there and back.
fn both_ends() -> (Author, ActorId, ActorId) {
    let mut author = Author::default();
    let client = author.actor("Client", "10.0.1.1 : 50000");
    let server = author.actor("Server", "10.0.2.1 : 443");
    author.story.both_ends = true;
    (author, client, server)
}

/// Flights of these messages, at these times in microseconds, from the server unless they ask.
#[track_caller]
fn check_named(which: &str, flights: &[(i64, bool, &[&str])]) {
    let tls = ProtocolId::of("tls");
    let (mut author, client, server) = both_ends();
    let chapter = author.chapter("Handshake", 1, 4, 2_000);
    for (sent, asks, labels) in flights {
        let ways = if *asks { (client, server) } else { (server, client) };
        let keys = |label: &str| {
            if label.contains("Hello") { Protection::Initial } else { Protection::Handshake }
        };
        let messages: Vec<_> = labels.iter().map(|label| (*label, tls, keys(label))).collect();
        author.flight(Some(chapter), ways, (*sent, Some(sent + 20_000)), SAID, &messages);
    }
    let scene = to_scale(which, &author.story, Level::Flight);
    let shown = words(&scene);
    for label in flights.iter().flat_map(|(.., labels)| *labels) {
        assert!(shown.contains(label), "{which}: {label} is not among {shown:?}");
    }
    assert!(!shown.iter().any(|text| text.contains("want of room")), "{which}: {shown:?}");
}

#[test]
fn a_flight_that_fits_into_no_row_becomes_a_stair() {
    check_named(
        "stair",
        &[
            (0, true, &["ClientHello"]),
            (
                21_000,
                false,
                &[
                    "ServerHello",
                    "EncryptedExtensions",
                    "Certificate",
                    "CertificateVerify",
                    "Finished",
                    "NEW_CONNECTION_ID",
                ],
            ),
            (22_000, false, &["HANDSHAKE_DONE"]),
        ],
    );
}

#[test]
fn messages_of_arrows_that_all_but_coincide_share_the_way() {
    check_named(
        "side-by-side",
        &[
            (0, true, &["ClientHello"]),
            (21_000, false, &["EncryptedExtensions"]),
            (42_000, true, &["NEW_CONNECTION_ID"]),
            (42_100, true, &["CONNECTION_CLOSE"]),
            (42_200, true, &["RETIRE_CONNECTION_ID"]),
        ],
    );
}

#[test]
fn a_bar_reaches_as_far_as_its_end_sends() {
    let tcp = ProtocolId::of("tcp");
    let bead = |label| [(label, tcp, Protection::Clear)];
    let mut author = Author::default();
    let client = author.actor("Client", "127.0.0.1 : 50000");
    let server = author.actor("Server", "127.0.0.2 : 7");
    let (there, back) = ((client, server), (server, client));
    let chapter = author.chapter("Closing", 1, 3, 200);
    let fin = author.flight(Some(chapter), there, (0, None), SAID, &bead("FIN, ACK"));
    let other = author.flight(Some(chapter), back, (20, None), SAID, &bead("FIN, ACK"));
    let last = author.flight(Some(chapter), there, (40, None), SAID, &bead("ACK"));
    author.state(client, fin, true, "FIN-WAIT-1");
    author.state(server, fin, false, "CLOSE-WAIT");
    author.state(client, other, false, "TIME-WAIT");
    author.state(server, other, true, "LAST-ACK");
    author.state(server, last, false, "CLOSED");
    author.story.beats.iter_mut().for_each(|beat| beat.track = Some(TrackId(0)));
    author.story.tracks.push(track(0, [client, server], None));
    for axis in [Axis::Order, Axis::Time] {
        let scene =
            layout(&author.story, &request(1640, Level::Flight, axis), &FontMeasure::default());
        let (tail, head) = arrow(&scene, last);
        let bars = scene.marks().iter().filter(|mark| mark.layer == Layer::Bars);
        let bars: Vec<Rect> = bars
            .filter(|mark| !matches!(mark.about, About::Legend(_)))
            .map(|mark| mark.bounds)
            .collect();
        let lowest = |x: f32| {
            let own = bars.iter().filter(|bar| (bar.centre().x - x).abs() < 8.0);
            own.map(|bar| bar.bottom).fold(0.0, f32::max)
        };
        for (end, y) in [(tail.x, tail.y), (head.x, head.y)] {
            assert!((lowest(end) - y).abs() < 8.0, "{axis:?}: {} of {y}", lowest(end));
        }
    }
}

#[test]
fn a_router_answers_half_way_between_question_and_answer() {
    let udp = ProtocolId::of("udp");
    let (mut author, client, server) = both_ends();
    let router = author.actor("10.0.101.1", "");
    let chapter = author.chapter("Data", 1, 4, 200);
    let bead = |label| [(label, udp, Protection::Clear)];
    let asks = author.flight(Some(chapter), (client, router), (0, None), SAID, &bead("13 bytes"));
    let says =
        author.flight(Some(chapter), (router, client), (10_000, None), SAID, &bead("TTL exceeded"));
    let (there, back) = ((client, server), (server, client));
    author.flight(Some(chapter), there, (12_000, Some(32_000)), SAID, &bead("14 bytes"));
    author.flight(Some(chapter), back, (33_000, Some(53_000)), SAID, &bead("15 bytes"));
    let moment = |flight: BeatId| author.story.beat(flight).unwrap().sent;
    let (asked, answered) = (moment(asks), moment(says));
    let nanos = answered.time.since(asked.time);
    author.story.trips.push(RoundTrip {
        from: asks,
        to: says,
        asked,
        answered,
        nanos,
        first_try: None,
        pondered: None,
        counts: true,
    });
    let scene = to_scale("router", &author.story, Level::Flight);
    let ((left, arrived), (began, came)) = (arrow(&scene, asks), arrow(&scene, says));
    assert!(arrived.y - left.y > 10.0, "the way there slants: {left:?} {arrived:?}");
    assert!((arrived.y - began.y).abs() < 1.0, "{arrived:?} {began:?}");
    assert!((left.y.midpoint(came.y) - began.y).abs() < 1.0, "{left:?} {came:?} {began:?}");
    let said = "Nobody recorded at 10.0.101.1: ";
    assert!(words(&scene).iter().any(|text| text.starts_with(said)));
    // Where one place alone was recorded, nothing is known of any way.
    author.story.both_ends = false;
    let scene = to_scale("router-seen-once", &author.story, Level::Flight);
    let (left, arrived) = arrow(&scene, asks);
    assert!((left.y - arrived.y).abs() < 1.0);
    assert!(!words(&scene).iter().any(|text| text.starts_with(said)));
}

#[test]
fn who_says_and_hears_nothing_has_no_lifeline() {
    let mut story = tls13(Link::Loopback);
    let silent = Actor { name: "Nobody".to_owned(), address: "10.0.0.9".to_owned() };
    story.cast.push(silent);
    let scene = to_scale("silent", &story, Level::Flight);
    assert!(!words(&scene).contains(&"Nobody"));
    assert!(words(&scene).contains(&"Server"));
}

#[test]
fn what_is_lost_is_named_before_its_cross() {
    let quic = ProtocolId::of("quic");
    let (mut author, client, server) = both_ends();
    let chapter = author.chapter("Data", 1, 2, 2_000);
    let beads = [("DATA 1000 B", quic, Protection::Clear)];
    author.flight(Some(chapter), (client, server), (0, Some(20_000)), SAID, &beads);
    let lost = author.flight(Some(chapter), (server, client), (30_000, None), SAID, &beads);
    let own = author.story.beats.iter_mut().skip(lost.0 as usize);
    own.for_each(|beat| beat.outcome = Outcome::Lost);
    let scene = to_scale("lost", &author.story, Level::Flight);
    let marks = || scene.marks().iter();
    let cross = marks().find_map(|mark| match mark.shape {
        Shape::Cross { centre, .. } if mark.about == About::Beat(lost) => Some(centre),
        _ => None,
    });
    let named = About::Beat(BeatId(lost.0 + 1));
    let bead = marks().find(|mark| mark.about == named && said(mark) == Some("DATA 1000 B (lost)"));
    let (cross, bead) = (cross.expect("a cross"), bead.expect("a bead").bounds);
    assert!(bead.left > cross.x, "{bead:?} lies beyond {cross:?}");
}

#[test]
fn chapters_that_share_a_band_all_say_what_they_cost() {
    let tcp = ProtocolId::of("tcp");
    let mut author = Author::default();
    let ends = (author.actor("Client", "a"), author.actor("Server", "b"));
    for (chapter, sent) in [("First", 0), ("Second", 900), ("Third", 40_000)] {
        let chapter = author.chapter(chapter, 1, 7, 7_000);
        let beads = [("data", tcp, Protection::Clear)];
        author.flight(Some(chapter), ends, (sent, None), SAID, &beads);
    }
    let scene = to_scale("costs", &author.story, Level::Flight);
    let costs = words(&scene).into_iter().filter(|text| text.starts_with("7 packets")).count();
    assert_eq!(costs, 3, "{:?}", words(&scene));
}

#[test]
fn where_no_arrow_has_a_sentence_no_margin_is_kept_for_one() {
    let story = tls13(Link::Loopback);
    let last_rail = |level: Level| {
        let scene = layout(&story, &request(1640, level, Axis::Order), &FontMeasure::default());
        let rails = scene.marks().iter().filter(|mark| mark.layer == Layer::Rails);
        rails.map(|mark| mark.bounds.right).fold(0.0, f32::max)
    };
    let mut bare = story.clone();
    bare.beats.iter_mut().for_each(|beat| beat.headline.clear());
    let scene = layout(&bare, &request(1640, Level::Flight, Axis::Order), &FontMeasure::default());
    let rails = scene.marks().iter().filter(|mark| mark.layer == Layer::Rails);
    let widest = rails.map(|mark| mark.bounds.right).fold(0.0, f32::max);
    assert!(widest > last_rail(Level::Flight) + 200.0, "{widest}");
}

#[test]
fn thin_arrows_are_explained() {
    let story = super::lossy::lossy(3);
    let scene = to_scale("thin", &story, Level::Flight);
    let thin = |mark: &Mark| {
        mark.style == Style::Faint
            && matches!(mark.shape, Shape::Head(_))
            && !matches!(mark.about, About::Legend(_))
    };
    assert!(scene.marks().iter().any(thin), "the story has some");
    assert!(words(&scene).contains(&"carries nothing new"));
    let loud = layout(
        &tls13(Link::Slow),
        &request(1640, Level::Flight, Axis::Time),
        &FontMeasure::default(),
    );
    assert!(!words(&loud).contains(&"carries nothing new"));
}

#[test]
fn arrows_to_scale_stand_further_apart_where_that_names_a_message() {
    let tls = ProtocolId::of("tls");
    let shown = |labels: &[&str], width: u32| {
        let (mut author, client, server) = both_ends();
        let chapter = author.chapter("Handshake", 1, 4, 2_000);
        let messages: Vec<_> =
            labels.iter().map(|label| (*label, tls, Protection::Handshake)).collect();
        let times = (0, Some(20_000));
        author.flight(Some(chapter), (server, client), times, SAID, &messages);
        let asked = request(width, Level::Flight, Axis::Time);
        let scene = layout(&author.story, &asked, &FontMeasure::default());
        let named = labels.iter().all(|label| words(&scene).contains(label));
        (scene.height, named)
    };
    let labels = ["EncryptedExtensions", "Certificate", "CertificateVerify", "Finished"];
    for (width, is_wider) in [(1240, true), (1640, false)] {
        let ((height, named), (least, _)) = (shown(&labels, width), shown(&labels[..1], width));
        assert!(named, "{width}: every message has its name");
        assert_eq!(height > least + 10.0, is_wider, "{width}: {height} of {least}");
    }
}
