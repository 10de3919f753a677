//! What the way down means: order with silences marked, or time to scale.

use super::*;
use fixture::Author;
use geometry::Rect;
use lossy::Wire;
use scene::{Layer, Shape};
use style::Style;
use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::story::{Beat, BeatId, Outcome};

/// The gaps in the lifelines, and what they say, from the top down.
pub(super) fn gaps(scene: &Scene) -> Vec<(Rect, String)> {
    let plates = scene.marks().iter().filter(|mark| {
        let plate = matches!(mark.shape, Shape::Plate { .. });
        plate && mark.style == Style::Paper && mark.layer == Layer::Lines
    });
    let said = |rect: Rect| {
        let words = scene.marks().iter().filter_map(|mark| match &mark.shape {
            Shape::Text { text, .. } if rect.holds(mark.bounds) => Some(text.clone()),
            _ => None,
        });
        (rect, words.collect::<Vec<_>>().concat())
    };
    plates.map(|mark| said(mark.bounds)).collect()
}

#[test]
fn a_pause_leaves_a_gap_across_the_lifelines_between_its_arrows() {
    let measure = FontMeasure::default();
    let story = trouble();
    let silences = story.silences();
    assert_eq!(silences.len(), 1);
    for width in WIDTHS {
        for level in [Level::Chapter, Level::Flight, Level::Message] {
            let scene = layout(&story, &request(width, level, Axis::Order), &measure);
            let gaps = gaps(&scene);
            if level == Level::Chapter {
                assert!(gaps.is_empty(), "{width}: the pause lies within what is folded");
                continue;
            }
            let [(gap, said)] = gaps.as_slice() else { panic!("{width} {level:?}: {gaps:?}") };
            assert_eq!(said, "1997 ms pass", "{width} {level:?}");
            for mark in scene.marks().iter().filter(|mark| mark.layer == Layer::Rails) {
                let x = mark.bounds.centre().x;
                assert!(gap.left < x && x < gap.right, "{width}: a lifeline goes on");
            }
            let (before, after): (Vec<_>, Vec<_>) =
                scene.beats().iter().partition(|drawn| drawn.bounds.bottom <= gap.top);
            assert!(after.iter().all(|drawn| drawn.bounds.top >= gap.bottom), "{width} {level:?}");
            assert_eq!((before.len() > 5, after.len()), (true, 2), "{width} {level:?}");
        }
        let still = Request { still: true, ..request(width, Level::Flight, Axis::Order) };
        assert!(gaps(&layout(&story, &still, &measure)).is_empty());
    }
}

/// Ten segments at once over a link of 50 ms a way, the fourth lost and sent again; times in
/// microseconds.
fn loss() -> Story {
    let tcp = ProtocolId::of("tcp");
    let mut author = Author::default();
    let client = author.actor("Client", "10.0.1.1 : 40000");
    let server = author.actor("Server", "10.0.2.1 : 19");
    let chapter = author.chapter("TCP handshake", 1, 3, 172);
    let clear = Protection::Clear;
    for (ways, sent, label) in [
        ((client, server), 0, "SYN"),
        ((server, client), 50_100, "SYN, ACK"),
        ((client, server), 100_200, "ACK"),
    ] {
        let (said, times) = (("Opens", "One of three."), (sent, Some(sent + 50_000)));
        author.flight(Some(chapter), ways, times, said, &[(label, tcp, clear)]);
    }
    let chapter = author.chapter("Data", 0, 11, 15_000);
    let bytes = ProtocolId::of("data");
    let ways = (server, client);
    let times = (150_300, Some(200_300));
    let said = ("Sends segments 1–10, of which 4 never comes", "");
    let flight = author.flight(Some(chapter), ways, times, said, &[("13032 bytes", bytes, clear)]);
    let mut wire = Wire::new(author, ways, 50_000_000);
    let lost: Vec<bool> = (1..=10).map(|number| number == 4).collect();
    wire.burst(flight, (150_300_000, 20_000, 6_000_000), &lost);
    let times = (290_000, Some(340_000));
    let said = ("Sends segment 4 again", "An acknowledgement names what came behind it.");
    let flight = wire.author.flight(Some(chapter), ways, times, said, &[("4 again", tcp, clear)]);
    wire.author.story.beats[flight.0 as usize].outcome = Outcome::Repeated;
    wire.again(flight, 290_000_000, false);
    let chapter = wire.author.chapter("Closing", 0, 2, 132);
    for (ways, sent) in [((server, client), 900_000), ((client, server), 950_100)] {
        let (said, times) = (("Ends", "Nothing more to send."), (sent, Some(sent + 50_000)));
        wire.author.flight(Some(chapter), ways, times, said, &[("FIN, ACK", tcp, clear)]);
    }
    let mut story = wire.finish();
    story.title = "TCP: a segment gets lost".to_owned();
    story
}

/// The places of the sendings and arrivals that are drawn, by time.
fn places(story: &Story, scene: &Scene) -> Vec<(i64, f32)> {
    /// An arrow begins beside its lifeline; one of many that left at once may begin further on.
    const BESIDE: f32 = 8.0;
    let mut found = Vec::new();
    let rails = scene.marks().iter().filter(|mark| mark.layer == Layer::Rails);
    let rails: Vec<f32> = rails.map(|mark| mark.bounds.centre().x).collect();
    let begins = |x: f32| rails.iter().any(|rail| (rail - x).abs() < BESIDE);
    for mark in scene.marks() {
        let scene::About::Beat(id) = mark.about else { continue };
        let beat = story.beat(id).unwrap();
        let arrow = matches!(mark.style, Style::Flow | Style::Failure | Style::Faint | Style::Tcp)
            && matches!(mark.layer, Layer::Lines | Layer::Raised);
        match mark.shape {
            Shape::Line { from, to, .. } if arrow && from.x != to.x && begins(from.x) => {
                found.push((beat.sent.time.0, from.y));
            }
            Shape::Head([tip, ..]) => found.push((beat.received.unwrap().time.0, tip.y)),
            _ => {}
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    found
}

#[test]
fn to_scale_every_tail_and_every_head_stands_at_its_time() {
    let measure = FontMeasure::default();
    for (name, story, cuts) in [("loss", loss(), 1), ("slow", tls13(Link::Slow), 0)] {
        for width in [420, 700, 1100, 1640, 2600] {
            let request = request(width, Level::Flight, Axis::Time);
            let scene = layout(&story, &request, &measure);
            let which = format!("{name} {width}");
            hold(&which, &story, &request, &scene, &measure);
            keep(&format!("scale-{name}-{width}"), &scene);
            let places = places(&story, &scene);
            assert!(places.len() >= 12, "{which}");
            let steps: Vec<(f64, f64)> = places
                .windows(2)
                .map(|pair| ((pair[1].0 - pair[0].0) as f64, f64::from(pair[1].1 - pair[0].1)))
                .collect();
            // The longest span that is drawn to scale tells the scale best.
            let whole = steps.iter().filter(|(time, _)| *time < 2e8);
            let (time, far) = whole.fold((0.0, 0.0), |a, b| if b.0 > a.0 { *b } else { a });
            let bent: Vec<_> =
                steps.iter().filter(|step| (step.0 * far / time - step.1).abs() > 0.05).collect();
            assert_eq!(bent.len(), cuts, "{which}: {bent:?}");
            assert_eq!(gaps(&scene).len(), cuts, "{which}");
        }
    }
}

#[test]
fn a_loss_is_half_an_arrow_with_a_cross_tied_to_its_second_try() {
    let measure = FontMeasure::default();
    let story = loss();
    let scene = layout(&story, &request(1640, Level::Flight, Axis::Time), &measure);
    let own = |outcome: Outcome| {
        let is_it = |beat: &Beat| beat.level == Level::Packet && beat.outcome == outcome;
        let found = story.beats.iter().position(is_it).unwrap();
        let about = scene::About::Beat(BeatId(found as u32));
        scene.marks().iter().filter(move |mark| mark.about == about).collect::<Vec<_>>()
    };
    let lost = own(Outcome::Lost);
    assert!(lost.iter().any(|mark| matches!(mark.shape, Shape::Cross { .. })));
    assert!(!lost.iter().any(|mark| matches!(mark.shape, Shape::Head(_))));
    let again = own(Outcome::Repeated);
    let solid = |mark: &&&scene::Mark| {
        let width = match mark.shape {
            Shape::Line { width, dashed: false, .. } => width,
            _ => 0.0,
        };
        width > 2.0
    };
    assert_eq!(again.iter().filter(solid).count(), 1, "a second try weighs more than a first");
    let tied = |mark: &&scene::Mark| matches!(mark.shape, Shape::Line { from, to, dashed: true, .. } if from.x == to.x);
    assert!(again.iter().any(tied));
    let said = |wanted: &str| {
        let holds = |mark: &scene::Mark| matches!(&mark.shape, Shape::Text { text, .. } if text.contains(wanted));
        scene.marks().iter().any(holds)
    };
    assert!(said("4 again, after 140 ms") && said("one clock"));
}

#[test]
fn sentences_that_find_no_room_beside_a_scale_stand_in_a_list_below_it() {
    let measure = FontMeasure::default();
    for (name, story) in [("loss", loss()), ("slow", tls13(Link::Slow))] {
        for width in [420, 700, 1100] {
            let scene = layout(&story, &request(width, Level::Flight, Axis::Time), &measure);
            let arrows = scene.beats().iter().map(|drawn| drawn.bounds.bottom).fold(0.0, f32::max);
            let mut above: Option<Rect> = None;
            for drawn in scene.beats() {
                // What was said before is not said again.
                let Some(sentence) = drawn.sentence else { continue };
                // Behind the last of a column comes the first of the next.
                let follows = above.is_none_or(|above| {
                    sentence.top >= above.bottom || sentence.left >= above.right
                });
                assert!(sentence.top >= arrows && follows, "{name} {width}: {}", drawn.number);
                above = Some(sentence);
            }
        }
    }
}

#[test]
fn packets_stand_in_the_order_of_time() {
    let measure = FontMeasure::default();
    let story = loss();
    let scene = layout(&story, &request(1640, Level::Packet, Axis::Order), &measure);
    let sent = |id: BeatId| story.beat(id).unwrap().sent.time;
    let mut drawn: Vec<_> =
        scene.beats().iter().map(|drawn| (drawn.bounds.top, sent(drawn.beat))).collect();
    drawn.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!(drawn.len() > 20 && drawn.is_sorted_by_key(|(_, sent)| *sent), "{drawn:?}");
}

#[test]
fn what_is_sealed_in_another_way_is_never_hidden_behind_a_count() {
    let measure = FontMeasure::default();
    let (tls, http) = (ProtocolId::of("tls"), ProtocolId::of("http3"));
    let mut author = Author::default();
    let client = author.actor("Client", "10.0.1.1 : 40000");
    let server = author.actor("Server", "10.0.2.1 : 443");
    let chapter = author.chapter("TLS handshake", 1, 2, 2400);
    let early = |label| (label, http, Protection::Early);
    let messages = [
        ("ClientHello", tls, Protection::Initial),
        early("control stream"),
        early("SETTINGS"),
        early("decoder stream"),
        early("encoder stream"),
        early("GET /a/page/with/a/long/name.html #0"),
    ];
    let said = ("Offers early data", "It saves a round trip.");
    author.flight(Some(chapter), (client, server), (0, Some(20_000)), said, &messages);
    let said = ("Takes it", "It counts as sent.");
    let answer = [("ServerHello", tls, Protection::Initial)];
    author.flight(Some(chapter), (server, client), (20_100, Some(40_100)), said, &answer);
    let mut story = author.story;
    story.both_ends = true;
    for width in [1100, 1240, 1640] {
        let scene = layout(&story, &request(width, Level::Flight, Axis::Time), &measure);
        let is_early = |mark: &&scene::Mark| {
            mark.style == Style::Early && matches!(mark.shape, Shape::Plate { .. })
        };
        assert!(scene.marks().iter().any(|mark| is_early(&mark)), "{width}");
    }
}

#[test]
fn what_is_said_of_segments_that_leave_together_reads_in_the_order_of_sending() {
    let (tcp, bytes) = (ProtocolId::of("tcp"), ProtocolId::of("data"));
    let mut author = Author::default();
    let client = author.actor("Client", "10.0.1.1 : 40000");
    let server = author.actor("Server", "10.0.2.1 : 19");
    let chapter = author.chapter("Data", 0, 11, 15_000);
    let ways = (server, client);
    let clear = [("13032 bytes", bytes, Protection::Clear)];
    let said = ("Sends segments 1–10, of which three never come", "");
    let flight = author.flight(Some(chapter), ways, (0, Some(50_000)), said, &clear);
    let mut wire = Wire::new(author, ways, 50_000_000);
    let lost: Vec<bool> = (1..=10).map(|number| [2, 5, 8].contains(&number)).collect();
    wire.burst(flight, (0, 20_000, 0), &lost);
    let said = ("Sends three segments again", "");
    let again = [("2 again", tcp, Protection::Clear)];
    let times = (140_000, Some(190_000));
    let flight = wire.author.flight(Some(chapter), ways, times, said, &again);
    wire.author.story.beats[flight.0 as usize].outcome = Outcome::Repeated;
    for after in [0, 30_000, 60_000] {
        wire.again(flight, 140_000_000 + after, false);
    }
    let story = wire.finish();
    let measure = FontMeasure::default();
    for width in [700, 1100, 1640] {
        let scene = layout(&story, &request(width, Level::Flight, Axis::Time), &measure);
        let place = |wanted: &str| {
            let found = scene
                .marks()
                .iter()
                .find(|mark| matches!(&mark.shape, Shape::Text { text, .. } if text == wanted));
            found.map(|mark| mark.bounds.top).unwrap_or_else(|| panic!("{width}: no {wanted}"))
        };
        let places = ["2 again", "5 again", "8 again"].map(place);
        assert!(places.is_sorted_by(|a, b| a < b), "{width}: {places:?}");
    }
}

#[test]
fn a_band_ends_when_what_left_in_it_has_come() {
    let tls = ProtocolId::of("tls");
    let mut author = Author::default();
    let client = author.actor("Client", "10.0.1.1 : 40000");
    let server = author.actor("Server", "10.0.2.1 : 443");
    let (there, back) = ((client, server), (server, client));
    let flight = |author: &mut Author, chapter, ways, sent: i64, label: &'static str| {
        let messages = [(label, tls, Protection::Application)];
        let times = (sent, Some(sent + 50_000));
        author.flight(Some(chapter), ways, times, ("Says something", ""), &messages)
    };
    let chapter = author.chapter("TLS 1.3 handshake", 1, 2, 2_500);
    flight(&mut author, chapter, there, 0, "ClientHello");
    flight(&mut author, chapter, back, 50_100, "ServerHello");
    // The server goes on while its first flight is under way.
    let chapter = author.chapter("HTTP/3", 1, 2, 2_500);
    flight(&mut author, chapter, back, 64_000, "NEW_CONNECTION_ID");
    let chapter = author.chapter("Closing", 0, 1, 132);
    flight(&mut author, chapter, there, 400_000, "CONNECTION_CLOSE");
    let mut story = author.story;
    (story.both_ends, story.one_clock) = (true, true);
    let measure = FontMeasure::default();
    for width in [700, 1100, 1640, 2600] {
        let scene = layout(&story, &request(width, Level::Flight, Axis::Time), &measure);
        let bands: Vec<Rect> = scene
            .marks()
            .iter()
            .filter(|mark| mark.layer == Layer::Ground && mark.bounds.width() > 300.0)
            .map(|mark| mark.bounds)
            .collect();
        assert!(bands.len() >= 2, "{width}: {bands:?}");
        for mark in scene.marks().iter().filter(|mark| mark.style == Style::Flow) {
            let Shape::Line { from, to, .. } = mark.shape else { continue };
            let own = bands.iter().find(|band| band.top <= from.y && from.y <= band.bottom);
            let own = own.unwrap_or_else(|| panic!("{width}: an arrow in no band: {from:?}"));
            assert!(to.y <= own.bottom, "{width}: {from:?} to {to:?} leaves {own:?}");
        }
    }
}
