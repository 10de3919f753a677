//! What must hold for every picture, whatever story it tells.

mod bundled;
mod fates;
pub(super) mod fixture;
mod found;
mod hosts;
mod lossy;
mod proxied;
mod random;
mod repeated;
mod rules;
mod scales;
mod shared;
mod sheets;
mod streamed;
mod trips;
mod tunnelled;
mod widths;

use super::*;
use fixture::{Link, tls13, trouble};
use rules::hold;
use tunnelled::tunnelled;
use wirestage_dissectors::story::{ActorId, BeatId, Level, Story};

/// From a strip beside a text to two screens side by side.
const LEVELS: [Level; 5] =
    [Level::Chapter, Level::Exchange, Level::Flight, Level::Message, Level::Packet];
const WIDTHS: [u32; 8] = [420, 559, 560, 700, 900, 1100, 1640, 2600];

fn request(width: u32, level: Level, axis: Axis) -> Request {
    Request { width, level, axis, ..Request::default() }
}

/// Keeps a picture where the environment asks for it, to be looked at.
fn keep(name: &str, scene: &Scene) {
    if let Ok(folder) = std::env::var("WIRESTAGE_PICTURES") {
        for theme in [Theme::light(), Theme::dark()] {
            let path = std::path::Path::new(&folder).join(format!("{name}-{}", theme.name));
            std::fs::write(path.with_extension("png"), png(scene, &theme, 1.0).unwrap()).unwrap();
            let text = svg(scene, &theme, Fonts::Embedded);
            std::fs::write(path.with_extension("svg"), text).unwrap();
        }
    }
}

#[test]
fn every_picture_keeps_the_rules() {
    let measure = FontMeasure::default();
    let stories = [
        ("loopback", tls13(Link::Loopback)),
        ("slow", tls13(Link::Slow)),
        ("trouble", trouble()),
        ("tunnelled", tunnelled()),
        ("parallel", fixture::parallel(9)),
        ("repeated", repeated::repeated()),
        ("streamed", streamed::streamed(3)),
        ("many streams", streamed::streamed(12)),
    ];
    for (name, story) in &stories {
        for width in WIDTHS {
            for level in LEVELS {
                for axis in [Axis::Order, Axis::Time] {
                    for steps in [true, false] {
                        let request = Request { steps, ..request(width, level, axis) };
                        let scene = layout(story, &request, &measure);
                        let which = format!("{name} {width} {level:?} {axis:?} {steps}");
                        hold(&which, story, &request, &scene, &measure);
                        if steps {
                            let kept = format!("{name}-{width}-{level:?}-{axis:?}");
                            keep(&kept.to_lowercase(), &scene);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn exchanges_that_are_told_as_one_are_a_row_that_opens() {
    let measure = FontMeasure::default();
    let mut story = repeated::repeated();
    let asked = request(1100, Level::Flight, Axis::Order);
    let rows = |story: &Story| -> Vec<String> {
        let scene = layout(story, &asked, &measure);
        scene.beats().iter().map(|drawn| drawn.spoken.clone()).collect()
    };
    let told = rows(&story);
    assert_eq!(told.len(), 2 + 1 + 2);
    let row = "Unfold: 7 more like this: GET /item → 200 OK, 0.200 to 0.900 ms each, \
               200 B to 300 B each";
    assert_eq!(told[2], row);
    assert!(told[3].starts_with("Step 3, Client to Server: GET /other."), "{}", told[3]);
    story.unfold();
    assert_eq!(rows(&story).len(), 16 + 2);
}

#[test]
fn what_holds_several_flights_is_no_arrow_of_one_side() {
    let measure = FontMeasure::default();
    let story = repeated::repeated();
    for level in [Level::Chapter, Level::Exchange] {
        let scene = layout(&story, &request(1100, level, Axis::Order), &measure);
        let spoken = scene.beats().iter().map(|drawn| drawn.spoken.as_str());
        let steps: Vec<&str> = spoken.filter(|spoken| spoken.starts_with("Step")).collect();
        assert!(steps.len() >= 2, "{steps:?}");
        assert!(steps.iter().all(|step| step.contains("Client and Server: ")), "{steps:?}");
    }
}

#[test]
fn stories_that_nobody_would_tell_keep_the_rules_too() {
    let measure = FontMeasure::default();
    for seed in 0..60 {
        let story = random::random(seed);
        for width in WIDTHS {
            for level in [Level::Chapter, Level::Flight, Level::Message] {
                for axis in [Axis::Order, Axis::Time] {
                    let request = request(width, level, axis);
                    let scene = layout(&story, &request, &measure);
                    if std::env::var("SEED").is_ok_and(|wanted| wanted == seed.to_string()) {
                        keep(&format!("random-{width}-{level:?}-{axis:?}"), &scene);
                    }
                    let which = format!("seed {seed} {width} {level:?} {axis:?}");
                    hold(&which, &story, &request, &scene, &measure);
                }
            }
        }
    }
}

#[test]
fn transfers_that_nobody_recorded_keep_the_rules_at_any_scale() {
    let measure = FontMeasure::default();
    for seed in 0..60 {
        let story = lossy::lossy(seed);
        for width in WIDTHS {
            for level in [Level::Flight, Level::Message, Level::Packet] {
                let request = request(width, level, Axis::Time);
                let scene = layout(&story, &request, &measure);
                if std::env::var("SEED").is_ok_and(|wanted| wanted == seed.to_string()) {
                    keep(&format!("lossy-{width}-{level:?}"), &scene);
                }
                let which = format!("lossy {seed} {width} {level:?}");
                hold(&which, &story, &request, &scene, &measure);
            }
        }
    }
}

#[test]
fn a_story_of_nothing_is_a_picture_too() {
    let measure = FontMeasure::default();
    let mut story = Story::default();
    let scene = layout(&story, &Request::default(), &measure);
    hold("empty", &story, &Request::default(), &scene, &measure);
    story.cast = tls13(Link::Loopback).cast;
    story.title = "Nobody spoke".to_owned();
    let scene = layout(&story, &Request::default(), &measure);
    hold("silent", &story, &Request::default(), &scene, &measure);
    keep("silent", &scene);
}

#[test]
fn equal_requests_give_equal_bytes() {
    let measure = FontMeasure::default();
    let story = tls13(Link::Loopback);
    let draw = |measure: &FontMeasure| {
        svg(&layout(&story, &Request::default(), measure), &Theme::light(), Fonts::Named)
    };
    let first = draw(&measure);
    assert_eq!(first, draw(&measure));
    assert_eq!(first, draw(&FontMeasure::default()));
    assert!(first.contains("EncryptedExtensions"));
    assert!(first.contains("Asks for a connection"));
}

#[test]
fn a_png_is_painted_or_refused() {
    let measure = FontMeasure::default();
    let scene = layout(&tls13(Link::Loopback), &Request::default(), &measure);
    let bytes = png(&scene, &Theme::dark(), 0.5).unwrap();
    assert_eq!(bytes.get(..8), Some(&b"\x89PNG\r\n\x1a\n"[..]));
    let error = png(&scene, &Theme::dark(), 40.0).unwrap_err().to_string();
    assert!(error.contains("65600 x"), "{error}");
}

#[test]
fn text_is_as_wide_as_it_was_measured() {
    use resvg::usvg;
    let measure = FontMeasure::default();
    let scene = layout(&tls13(Link::Loopback), &Request::default(), &measure);
    let mut options = usvg::Options::default();
    let known = std::sync::Arc::make_mut(&mut options.fontdb);
    for face in
        [style::Face::Regular, style::Face::Medium, style::Face::SemiBold, style::Face::Mono]
    {
        known.load_font_data(fonts::bytes(face).to_vec());
    }
    for mark in scene.marks() {
        let scene::Shape::Text { text, font, align, .. } = &mark.shape else { continue };
        // The ink of a text is narrower than its advance by the sides of its first and its last
        // letter; between two bars it is exact.
        let face = font.face();
        let (family, weight, size) = (face.family(), face.weight(), font.size());
        let width = |text: &str| {
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            let drawn = format!(
                "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9' xml:space='preserve'>\
                 <text font-family='{family}' font-weight='{weight}' font-size='{size}'>{text}\
                 </text></svg>"
            );
            usvg::Tree::from_str(&drawn, &options).unwrap().root().bounding_box().width()
        };
        let drawn = width(&format!("|{text}|")) - width("||");
        let framed = measure.width(&format!("|{text}|"), *font) - measure.width("||", *font);
        assert!((drawn - framed).abs() < 0.05, "{text} {align:?}: {drawn} drawn, {framed}");
    }
}

#[test]
fn what_is_hidden_or_opened_shows() {
    let measure = FontMeasure::default();
    let story = trouble();
    let hidden = Request { hidden: [ActorId(3)].into(), ..Request::default() };
    let scene = layout(&story, &hidden, &measure);
    hold("hidden", &story, &hidden, &scene, &measure);
    assert!(!svg(&scene, &Theme::light(), Fonts::Named).contains("Backend 2"));

    let story = tls13(Link::Loopback);
    let whole = layout(&story, &Request::default(), &measure);
    let fourth = whole.beats().iter().find(|drawn| drawn.number == "4").unwrap().beat;
    let opened = Request { opened: [fourth].into(), ..Request::default() };
    let scene = layout(&story, &opened, &measure);
    hold("opened", &story, &opened, &scene, &measure);
    let numbers: Vec<_> = scene.beats().iter().map(|drawn| drawn.number.as_str()).collect();
    assert_eq!(numbers, ["1", "2", "3", "4.1", "4.2", "4.3", "4.4", "4.5", "5", "6"]);
}

#[test]
fn tunnels_and_long_addresses_are_shown_whole_and_once() {
    let measure = FontMeasure::default();
    let story = tunnelled();
    for width in [560, 700, 1640] {
        let scene = layout(&story, &request(width, Level::Flight, Axis::Order), &measure);
        let texts: Vec<&str> = scene
            .marks()
            .iter()
            .filter_map(|mark| match &mark.shape {
                scene::Shape::Text { text, .. } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        let all = texts.join(" ");
        let card = |actor: u16| {
            let own = scene.marks().iter().filter(|mark| {
                let is_own = mark.about == scene::About::Actor(ActorId(actor));
                is_own && mark.layer == scene::Layer::Cast
            });
            let lines = own.filter_map(|mark| match &mark.shape {
                scene::Shape::Text { text, .. } => Some(text.replace(' ', "")),
                _ => None,
            });
            lines.collect::<String>()
        };
        let cards: Vec<String> = (0..story.cast.len() as u16).map(card).collect();
        let hosts = ["1234:5678", "1234:fffe", "1234:5679"];
        for whole in hosts.map(|end| format!("2001:db8:1234:5678:90ab:cdef:{end}")) {
            assert!(
                cards.iter().any(|card| card.contains(&whole)),
                "{width}: no {whole}: {cards:?}"
            );
        }
        assert_eq!(all.matches("VXLAN").count(), 1, "{width}");
        assert!(all.contains("1 frame through no tunnel"), "{width}: {all}");
        assert!(!all.contains('…'), "{width}: something is cut in {all}");
    }
}

#[test]
fn a_point_finds_what_is_there() {
    let measure = FontMeasure::default();
    let story = tls13(Link::Loopback);
    let scene = layout(&story, &Request::default(), &measure);
    let bead = scene.marks().iter().find(|mark| {
        matches!(&mark.shape, scene::Shape::Text { text, .. } if text == "CertificateVerify")
    });
    let bead = bead.unwrap();
    let scene::About::Beat(id) = bead.about else { panic!("a bead is about its message") };
    assert_eq!(story.beat(id).unwrap().label, "CertificateVerify");
    assert_eq!(scene.at(bead.bounds.centre()), Some(bead.about));
    let step = scene.beats().first().unwrap();
    let centre = step.sentence.unwrap().centre();
    assert_eq!(scene.at(centre), Some(scene::About::Beat(step.beat)));
    assert_eq!(scene.at(geometry::at(-50.0, -50.0)), None);
    assert!(step.spoken.starts_with("Step 1, Client to Server: SYN. Asks"), "{}", step.spoken);
}

#[test]
fn what_is_in_sight_is_all_that_is_there() {
    let measure = FontMeasure::default();
    let scene = layout(&trouble(), &Request::default(), &measure);
    for top in (0..scene.height as i32).step_by(37) {
        let sight = top as f32..top as f32 + 90.0;
        let shown: Vec<_> = scene.in_sight(sight.clone()).collect();
        let there: Vec<_> = scene
            .marks()
            .iter()
            .filter(|mark| mark.bounds.bottom >= sight.start && mark.bounds.top <= sight.end)
            .collect();
        assert_eq!(shown, there);
    }
}

#[test]
fn long_stories_take_linear_time() {
    let measure = FontMeasure::default();
    let time = |flights: usize| {
        let story = fixture::long(flights);
        let _warm = layout(&story, &Request::default(), &measure);
        let start = std::time::Instant::now();
        let scene = layout(&story, &Request::default(), &measure);
        assert_eq!(scene.beats().len(), flights);
        start.elapsed()
    };
    let (short, long) = (time(500), time(4000));
    assert!(long < short * 40, "500 flights: {short:?}, 4000: {long:?}");
}
