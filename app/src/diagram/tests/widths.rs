//! What gives way as a picture gets narrower, what never does, and what a file of it holds.

use super::*;
use wirestage_dissectors::ids::ProtocolId;
use wirestage_dissectors::message::Protection;

/// The texts of a scene.
fn words(scene: &Scene) -> Vec<&str> {
    scene
        .marks()
        .iter()
        .filter_map(|mark| match &mark.shape {
            scene::Shape::Text { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_still_keeps_the_rules_and_says_no_more_than_it_must() {
    let measure = FontMeasure::default();
    let stories =
        [("loopback", tls13(Link::Loopback)), ("slow", tls13(Link::Slow)), ("trouble", trouble())];
    for (name, story) in &stories {
        for width in [340, 420, 560, 900] {
            let request = Request { still: true, ..request(width, Level::Flight, Axis::Order) };
            let scene = layout(story, &request, &measure);
            hold(&format!("still {name} {width}"), story, &request, &scene, &measure);
            keep(&format!("still-{name}-{width}"), &scene);
            let words = words(&scene);
            assert!(!words.iter().any(|text| text.contains("127.0.0") || text.contains("keys")));
        }
    }
    let (_, story) = &stories[0];
    let request = Request { still: true, ..request(560, Level::Flight, Axis::Order) };
    let scene = layout(story, &request, &measure);
    assert!(scene.height <= 400.0, "{}", scene.height);
    assert!(words(&scene).contains(&"3 round trips"));
}

#[test]
fn every_message_has_its_name_at_every_width() {
    let measure = FontMeasure::default();
    let story = tls13(Link::Loopback);
    for width in WIDTHS.into_iter().chain([340, 1920]) {
        for still in [true, false] {
            let request = Request { still, ..request(width, Level::Flight, Axis::Order) };
            let scene = layout(&story, &request, &measure);
            assert!(scene.width <= width as f32, "{width}: two lifelines take {}", scene.width);
            let words = words(&scene);
            let messages = story.beats.iter().filter(|beat| beat.level == Level::Message);
            for message in messages {
                assert!(words.contains(&message.label.as_str()), "{width}: no {}", message.label);
            }
        }
    }
}

#[test]
fn a_flight_that_does_not_fit_goes_on_over_more_lines_each_with_its_own_head() {
    let measure = FontMeasure::default();
    let story = tls13(Link::Loopback);
    for (width, lines) in [(420, 3), (1640, 1)] {
        let scene = layout(&story, &request(width, Level::Flight, Axis::Order), &measure);
        let flight = scene.beats().iter().find(|drawn| drawn.number == "4").unwrap().beat;
        let own = || scene.marks().iter().filter(|mark| mark.about == scene::About::Beat(flight));
        let heads = own().filter(|mark| matches!(mark.shape, scene::Shape::Head(_))).count();
        assert_eq!(heads, lines, "{width}");
        let spines = own().filter(|mark| {
            let lines = mark.layer == scene::Layer::Lines;
            matches!(mark.shape, scene::Shape::Line { from, to, .. } if lines && from.x == to.x)
        });
        assert_eq!(spines.count(), usize::from(lines > 1), "{width}");
    }
}

#[test]
fn what_is_refused_bears_a_cross_on_its_lifeline() {
    let measure = FontMeasure::default();
    let story = trouble();
    let scene = layout(&story, &request(1640, Level::Flight, Axis::Order), &measure);
    let refused = scene.beats().iter().find(|drawn| drawn.spoken.contains("Refused.")).unwrap();
    let crosses = scene.marks().iter().filter(|mark| {
        let cross = matches!(mark.shape, scene::Shape::Cross { .. });
        cross
            && mark.about == scene::About::Beat(refused.beat)
            && mark.style == style::Style::Failure
    });
    // One at each end: the sender's connection is closed by it.
    assert_eq!(crosses.count(), 2);
}

#[test]
fn the_message_that_says_nothing_weighs_less() {
    let measure = FontMeasure::default();
    let mut story = tls13(Link::Loopback);
    let hello = story.beats.iter().position(|beat| beat.label == "ServerHello").unwrap();
    story.beats[hello].label = "ChangeCipherSpec".to_owned();
    let scene = layout(&story, &Request::default(), &measure);
    let height =
        |label: &str| {
            let about = scene.marks().iter().find(
                |mark| matches!(&mark.shape, scene::Shape::Text { text, .. } if text == label),
            );
            let about = about.unwrap().about;
            let plate = scene.marks().iter().find(|mark| {
                mark.about == about && matches!(mark.shape, scene::Shape::Plate { .. })
            });
            plate.unwrap().bounds.height()
        };
    assert!(height("ChangeCipherSpec") < height("ClientHello"));
}

#[test]
fn labels_keep_off_the_bars_of_fifty_connections() {
    let measure = FontMeasure::default();
    let story = fixture::parallel(50);
    for width in WIDTHS {
        let request = request(width, Level::Flight, Axis::Order);
        let scene = layout(&story, &request, &measure);
        hold(&format!("fifty {width}"), &story, &request, &scene, &measure);
        keep(&format!("fifty-{width}"), &scene);
    }
}

#[test]
fn a_long_story_goes_on_over_pages() {
    let measure = FontMeasure::default();
    let story = fixture::long(500);
    for width in [420, 1640] {
        let request = request(width, Level::Flight, Axis::Order);
        let pages = pages(&story, &request, 8_000.0, &measure);
        assert!(pages.len() > 3, "{width}: {} pages", pages.len());
        let mut numbers = Vec::new();
        for (number, scene) in pages.iter().enumerate() {
            hold(&format!("page {number} of {width}"), &story, &request, scene, &measure);
            assert!(scene.height <= 8_200.0, "{width}: {}", scene.height);
            numbers.extend(scene.beats().iter().map(|drawn| drawn.number.clone()));
            let said = words(scene).join(" ").replace('\u{a0}', " ");
            assert!(said.contains(&format!("page {} of {}", number + 1, pages.len())), "{said}");
        }
        let expected: Vec<String> = (1..=500).map(|number| number.to_string()).collect();
        assert_eq!(numbers, expected);
        let continued = |scene: &Scene| words(scene).join(" ").contains("(continued)");
        assert!(pages.iter().any(continued));
    }
    let short = pages(&tls13(Link::Loopback), &Request::default(), 8_000.0, &measure);
    assert_eq!(short, [layout(&tls13(Link::Loopback), &Request::default(), &measure)]);
}

#[test]
fn an_svg_is_small_and_says_how_long_its_texts_are() {
    let measure = FontMeasure::default();
    let scene = layout(&tls13(Link::Loopback), &Request::default(), &measure);
    let text = svg(&scene, &Theme::light(), Fonts::Embedded);
    assert!(text.len() < 60_000, "{} bytes", text.len());
    assert_eq!(text.matches("<text").count(), text.matches("textLength=").count());
    let outlines = svg(&scene, &Theme::light(), Fonts::Outlines);
    assert!(!outlines.contains("<text") && !outlines.contains("@font-face"));
    assert!(outlines.contains("aria-label=\"EncryptedExtensions\""));
    assert!(outlines.len() < 400_000, "{} bytes", outlines.len());
}

#[test]
fn outlines_look_like_the_text() {
    use resvg::{tiny_skia, usvg};
    let measure = FontMeasure::default();
    let scene = layout(&tls13(Link::Loopback), &request(700, Level::Flight, Axis::Order), &measure);
    let mut options = usvg::Options::default();
    let known = std::sync::Arc::make_mut(&mut options.fontdb);
    for face in
        [style::Face::Regular, style::Face::Medium, style::Face::SemiBold, style::Face::Mono]
    {
        known.load_font_data(fonts::bytes(face).to_vec());
    }
    let painted = |fonts: Fonts| {
        let tree = usvg::Tree::from_str(&svg(&scene, &Theme::light(), fonts), &options).unwrap();
        let (width, height) = (scene.width as u32, scene.height as u32);
        let mut pixels = tiny_skia::Pixmap::new(width, height).unwrap();
        resvg::render(&tree, tiny_skia::Transform::default(), &mut pixels.as_mut());
        pixels
    };
    let (text, outlines) = (painted(Fonts::Named), painted(Fonts::Outlines));
    // Kerning stands elsewhere by parts of a point, so ink differs a little along its edges.
    let far =
        text.data().iter().zip(outlines.data()).filter(|(a, b)| a.abs_diff(**b) > 160).count();
    let share = far as f64 / text.data().len() as f64;
    assert!(share < 0.002, "{share} of the pixels differ");
}

/// A request that three hosts hand on, each with a state of its own.
fn handed_on() -> Story {
    let mut author = fixture::Author::default();
    let hosts =
        [("Client", "127.0.0.1"), ("Proxy", "127.0.0.5 : 8081"), ("Backend", "127.0.0.3 : 80")];
    let hosts = hosts.map(|(name, address)| author.actor(name, address));
    let tcp = ProtocolId::of("tcp");
    for (number, (from, to)) in [(0, 1), (1, 2), (2, 1), (1, 0)].into_iter().enumerate() {
        let ways = (hosts[from], hosts[to]);
        let messages = [("GET /price", tcp, Protection::Clear)];
        let sent = (number as i64 * 400, None);
        let said = ("Hands it on", "Every host on the way opens a connection of its own.");
        let flight = author.flight(None, ways, sent, said, &messages);
        author.state(hosts[from], flight, true, "SYN-RECEIVED");
        author.state(hosts[to], flight, false, "ESTABLISHED");
    }
    author.story
}

#[test]
fn lifelines_that_do_not_fit_stand_in_a_strip() {
    let measure = FontMeasure::default();
    let story = handed_on();
    for width in [700, 760, 820] {
        let request = request(width, Level::Flight, Axis::Order);
        let scene = layout(&story, &request, &measure);
        assert!(scene.width <= width as f32, "{width}: three lifelines take {}", scene.width);
        hold(&format!("handed on {width}"), &story, &request, &scene, &measure);
    }
}

#[test]
fn a_step_is_brought_into_sight_with_its_sentence_where_that_is_near() {
    let measure = FontMeasure::default();
    let story = tls13(Link::Slow);
    let scene = |width| layout(&story, &request(width, Level::Flight, Axis::Time), &measure);
    // Beside the arrow, and in a list far below it.
    for (width, with_sentence) in [(1640, true), (700, false)] {
        let scene = scene(width);
        let first = scene.beats().first().unwrap();
        let seen = first.to_be_seen(300.0);
        let sentence = first.sentence.unwrap();
        assert!(seen.holds(first.bounds), "{width}");
        assert_eq!(seen.holds(sentence), with_sentence, "{width}: {seen:?} {sentence:?}");
    }
}

#[test]
fn cards_stand_over_their_lifelines() {
    let measure = FontMeasure::default();
    for story in [handed_on(), tls13(Link::Slow), trouble(), fixture::parallel(3)] {
        for width in [560, 700, 900, 1100, 1640, 2600] {
            if story.cast.len() > 2 && width < 1640 {
                // There may be no room for that.
                continue;
            }
            for axis in [Axis::Order, Axis::Time] {
                let scene = layout(&story, &request(width, Level::Flight, axis), &measure);
                let of = |layer: scene::Layer| {
                    let own = scene.marks().iter().filter(move |mark| mark.layer == layer);
                    own.filter_map(move |mark| match (mark.about, &mark.shape) {
                        (scene::About::Actor(actor), scene::Shape::Plate { .. }) => {
                            Some((actor, mark.bounds))
                        }
                        (scene::About::Actor(actor), scene::Shape::Line { .. })
                            if layer == scene::Layer::Rails =>
                        {
                            Some((actor, mark.bounds))
                        }
                        _ => None,
                    })
                };
                let rails: Vec<_> = of(scene::Layer::Rails).collect();
                for (actor, card) in of(scene::Layer::Cast) {
                    let rail = rails.iter().find(|(other, _)| *other == actor).unwrap().1;
                    let off = (card.centre().x - rail.centre().x).abs();
                    assert!(off < 1.5, "{} {width} {axis:?} {actor:?}: {off}", story.title);
                }
            }
        }
    }
}
