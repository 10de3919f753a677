//! The rules of every picture: nothing overlaps, nothing is cut off, nothing is lost.

use wirestage_dissectors::story::{BeatId, Level, Story};

use crate::diagram::Request;
use crate::diagram::geometry::{Point, Rect};
use crate::diagram::measure::MeasureText;
use crate::diagram::scene::{About, Layer, Mark, Scene, Shape};
use crate::diagram::style::Style;

/// So many lifelines fit any picture from this width on.
const MOST: usize = 6;
const NARROWEST: u32 = 420;

/// Checks a scene against all rules.
pub(crate) fn hold(
    which: &str,
    story: &Story,
    request: &Request,
    scene: &Scene,
    measure: &dyn MeasureText,
) {
    let sheet = Rect::sized(0.0, 0.0, scene.width, scene.height);
    assert!(scene.width >= request.width as f32, "{which}: narrower than asked");
    if request.width >= NARROWEST && story.cast.len() <= MOST {
        let width = scene.width;
        assert!(width <= request.width as f32, "{which}: wider than asked: {width}");
    }
    for mark in scene.marks() {
        assert!(sheet.holds(mark.bounds), "{which}: off the sheet: {mark:?}");
    }
    texts_do_not_touch(which, scene);
    texts_keep_off_the_numbers(which, scene);
    if request.level == Level::Flight {
        numbers_have_sentences(which, story, scene);
    }
    texts_are_whole(which, story, scene);
    nothing_is_cut(which, scene);
    every_arrow_shows_its_way(which, story, scene);
    every_bead_hangs_on_an_arrow(which, scene);
    texts_keep_off_the_bars(which, scene);
    texts_stay_in_their_bands(which, scene);
    lines_run_through_no_text(which, scene);
    beads_stay_between_their_lifelines(which, scene);
    if request.level == Level::Flight {
        messages_read_in_order(which, story, scene);
    }
    widths_are_as_measured(which, scene, measure);
}

fn texts(scene: &Scene) -> impl Iterator<Item = (&Mark, &str)> {
    scene.marks().iter().filter_map(|mark| match &mark.shape {
        Shape::Text { text, .. } => Some((mark, text.as_str())),
        _ => None,
    })
}

fn texts_do_not_touch(which: &str, scene: &Scene) {
    let mut all: Vec<_> = texts(scene).collect();
    all.sort_by(|(a, _), (b, _)| a.bounds.top.total_cmp(&b.bounds.top));
    for (at, (a, a_text)) in all.iter().enumerate() {
        for (b, b_text) in all.iter().skip(at + 1) {
            if b.bounds.top >= a.bounds.bottom {
                break;
            }
            assert!(
                !a.bounds.overlaps(b.bounds),
                "{which}: \"{a_text}\" {:?} overlaps \"{b_text}\" {:?}",
                a.bounds,
                b.bounds
            );
        }
    }
}

/// What is said of a second try keeps its distance from the numbers of other steps.
fn texts_keep_off_the_numbers(which: &str, scene: &Scene) {
    const AWAY: f32 = 4.0;
    let discs = scene
        .marks()
        .iter()
        .filter(|mark| mark.style == Style::Step && matches!(mark.shape, Shape::Plate { .. }));
    for disc in discs {
        let around =
            Rect { left: disc.bounds.left - AWAY, right: disc.bounds.right + AWAY, ..disc.bounds };
        let tried = texts(scene).filter(|(text, _)| text.style == Style::Failure);
        for (text, words) in tried.filter(|(text, _)| text.about != disc.about) {
            assert!(!around.overlaps(text.bounds), "{which}: \"{words}\" is at {:?}", disc.about);
        }
    }
}

/// Each arrow of which the story says something has a sentence, where there are any; what finds no
/// room is counted.
fn numbers_have_sentences(which: &str, story: &Story, scene: &Scene) {
    let is_counted = texts(scene).any(|(_, text)| text.starts_with("Left out"));
    let has_any = scene.beats().iter().any(|drawn| drawn.sentence.is_some());
    if !has_any || is_counted {
        return;
    }
    for drawn in scene.beats().iter().filter(|drawn| drawn.sentence.is_none()) {
        let beat = story.beat(drawn.beat).expect("a beat of the story");
        let says = !beat.headline.trim().is_empty() || !beat.detail.trim().is_empty();
        let is_silent = beat.level != Level::Flight || !says;
        assert!(is_silent, "{which}: {} has no sentence", drawn.number);
    }
}

/// Each label of a bead is the label of its beat, or a line of it, or counts what is not shown.
fn texts_are_whole(which: &str, story: &Story, scene: &Scene) {
    for (mark, text) in texts(scene).filter(|(mark, _)| mark.style == Style::Ink) {
        let About::Beat(id) = mark.about else { continue };
        let beat = story.beat(id).expect("a beat of the story");
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let letter = story.badge(beat).map(|track| format!("{} · ", track.letter()));
        let titled = format!("{}{}", letter.unwrap_or_default(), beat.label);
        let said = [titled, words(&beat.headline)].into_iter().chain(tags(story, id));
        let more = story.repeat(id).map(|repeat| repeat.beat.headline.clone());
        let said: Vec<String> = said.chain(more).collect();
        let text = text.replace('\u{a0}', " ");
        let kept = text.trim_end_matches("(continued)").trim_end_matches("(lost)").trim_end();
        let counted = text.starts_with('+') || text.contains(" × ") || text.contains(" +");
        assert!(
            counted || said.iter().any(|said| said.contains(kept) || words(said).contains(kept)),
            "{which}: \"{text}\" is not what was asked: {said:?}"
        );
    }
}

/// What is said of a packet on its arrow, where segments are told one by one.
fn tags(story: &Story, packet: BeatId) -> Vec<String> {
    let mut said = Vec::new();
    for transfer in &story.transfers {
        for run in transfer.runs() {
            let own = &transfer.segments[run.first..=run.last];
            if own.iter().any(|one| one.beat == Some(packet)) {
                said.push(run.label());
            }
        }
        let answers = transfer.acknowledgements.iter().filter(|one| one.beat == Some(packet));
        said.extend(answers.map(|one| one.label()));
    }
    said
}

/// Whatever is said is said to its end, and nothing is smaller than one can read.
fn nothing_is_cut(which: &str, scene: &Scene) {
    for (mark, text) in texts(scene) {
        assert!(!text.ends_with('…'), "{which}: \"{text}\" is cut");
        let Shape::Text { font, .. } = &mark.shape else { continue };
        assert!(font.size() >= 11.0, "{which}: \"{text}\" is too small");
    }
}

/// The lines of arrows with the place where each ends, and the heads and crosses at their ends.
fn arrows(scene: &Scene) -> impl Iterator<Item = (&Mark, Point, Point)> {
    let of_arrows = |mark: &&Mark| {
        let flows = matches!(mark.style, Style::Flow | Style::Failure | Style::Faint | Style::Tcp);
        let lines = matches!(mark.layer, Layer::Lines | Layer::Raised);
        flows && lines && mark.about != About::Nothing
    };
    scene.marks().iter().filter(of_arrows).filter_map(|mark| match mark.shape {
        // Spines, ties and the sides of loops stand upright.
        Shape::Line { from, to, .. } if from.x != to.x => Some((mark, from, to)),
        _ => None,
    })
}

fn apart(a: Point, b: Point) -> f32 {
    (a.x - b.x).hypot(a.y - b.y)
}

/// Each line of an arrow ends in one head, or in the cross of what is lost, with a free stretch
/// before it; no line has a head at its other end, and no head is without a line.
fn every_arrow_shows_its_way(which: &str, story: &Story, scene: &Scene) {
    let heads: Vec<(&Mark, Point)> = scene
        .marks()
        .iter()
        .filter_map(|mark| match mark.shape {
            Shape::Head([tip, ..]) => Some((mark, tip)),
            _ => None,
        })
        .collect();
    let crosses: Vec<(&Mark, Point)> = scene
        .marks()
        .iter()
        .filter_map(|mark| match mark.shape {
            Shape::Cross { centre, .. } if matches!(mark.layer, Layer::Lines | Layer::Raised) => {
                Some((mark, centre))
            }
            _ => None,
        })
        .collect();
    let plates: Vec<Rect> = scene
        .marks()
        .iter()
        .filter(|mark| mark.layer == Layer::Front && matches!(mark.shape, Shape::Plate { .. }))
        .map(|mark| mark.bounds)
        .collect();
    for (mark, tip) in &heads {
        let own = |(line, _, to): &(&Mark, Point, Point)| {
            line.about == mark.about && apart(*to, *tip) < 10.0
        };
        let Some((_, from, to)) = arrows(scene).find(own) else {
            panic!("{which}: a head without a line: {mark:?}");
        };
        let others = heads.iter().filter(|(_, other)| other != tip);
        let back =
            others.filter(|(other, place)| other.about == mark.about && apart(*place, from) < 10.0);
        assert_eq!(back.count(), 0, "{which}: two heads on one line: {mark:?}");
        let free = from.towards(to, 1.0 - 10.0 / apart(from, to).max(10.0));
        assert!(
            !plates.iter().any(|plate| plate.contains(free)),
            "{which}: no line can be seen before the head {mark:?}"
        );
    }
    for (mark, _, to) in arrows(scene) {
        let ended =
            heads.iter().filter(|(head, tip)| head.about == mark.about && apart(*tip, to) < 10.0);
        let cut = crosses
            .iter()
            .filter(|(cross, centre)| cross.about == mark.about && apart(*centre, to) < 1.0);
        // The ways to and from a loop, and to its beads, have their head elsewhere.
        let beat = if let About::Beat(id) = mark.about { story.beat(id) } else { None };
        let looped = beat.is_some_and(|beat| beat.from == beat.to);
        let ends = ended.count() + cut.count();
        assert!(ends == 1 || (looped && ends == 0), "{which}: {ends} heads at the end of {mark:?}");
    }
}

/// What is lower than this has no room for a letter, in points.
const CAP: f32 = 8.0;

/// Every message lies on a line of its own step.
fn every_bead_hangs_on_an_arrow(which: &str, scene: &Scene) {
    let blocks: Vec<Rect> = scene
        .marks()
        .iter()
        .filter(|mark| {
            mark.layer == Layer::Lines
                && matches!(mark.shape, Shape::Plate { outline, .. } if outline > 0.0)
        })
        .map(|mark| mark.bounds)
        .collect();
    // Where lifelines are crowded beads hang on a string below their arrow.
    let strings = scene.marks().iter().filter_map(|mark| match mark.shape {
        Shape::Line { from, to, .. } if mark.style == Style::Dim && from.y == to.y => {
            Some((from, to))
        }
        _ => None,
    });
    let lines: Vec<(Point, Point)> =
        arrows(scene).map(|(_, from, to)| (from, to)).chain(strings).collect();
    // What is lost may be named beside its cross.
    let beside_cross = |bead: &Mark| {
        let crosses = scene.marks().iter().filter(|mark| mark.about == bead.about);
        crosses.filter(|mark| matches!(mark.shape, Shape::Cross { .. })).any(|cross| {
            let (bead, cross) = (bead.bounds.grown(16.0), cross.bounds);
            bead.overlaps(cross)
        })
    };
    for mark in scene.marks() {
        let plate = mark.layer == Layer::Front && matches!(mark.shape, Shape::Plate { .. });
        // The caps on the lanes of streams are lower than any bead.
        let is_cap = mark.bounds.bottom - mark.bounds.top < CAP;
        if !plate
            || is_cap
            || mark.style == Style::Step
            || Style::TRACKS.contains(&mark.style)
            || matches!(mark.about, About::Legend(_))
        {
            continue;
        }
        let at = mark.bounds.centre();
        let near = |(from, to): &(Point, Point)| {
            let (low, high) = (from.x.min(to.x) - 1.0, from.x.max(to.x) + 1.0);
            let across = (mark.bounds.left.max(low), mark.bounds.right.min(high));
            let x = at.x.clamp(low, high);
            let y = from.towards(*to, (x - from.x) / (to.x - from.x)).y;
            across.0 <= across.1 && (y - at.y).abs() < 8.0
        };
        assert!(
            lines.iter().any(near)
                || beside_cross(mark)
                || blocks.iter().any(|block| block.holds(mark.bounds)),
            "{which}: a bead off its arrow: {mark:?}"
        );
    }
}

fn texts_keep_off_the_bars(which: &str, scene: &Scene) {
    let bars: Vec<Rect> = scene
        .marks()
        .iter()
        .filter(|mark| mark.layer == Layer::Bars)
        .map(|mark| mark.bounds)
        .collect();
    for (mark, text) in texts(scene).filter(|(mark, _)| mark.style == Style::Tcp) {
        let touched = bars.iter().find(|bar| bar.overlaps(mark.bounds));
        assert_eq!(touched, None, "{which}: a bar runs through \"{text}\"");
    }
}

fn texts_stay_in_their_bands(which: &str, scene: &Scene) {
    let bands: Vec<Rect> = scene
        .marks()
        .iter()
        .filter(|mark| mark.layer == Layer::Ground)
        .map(|mark| mark.bounds)
        .collect();
    for (mark, text) in texts(scene).filter(|(mark, _)| mark.layer != Layer::Cast) {
        let touched = bands.iter().filter(|band| band.overlaps(mark.bounds));
        for band in touched {
            assert!(band.holds(mark.bounds), "{which}: \"{text}\" leaves its band");
        }
    }
}

/// Lines run through no text, unless a bead or a disc lies between.
fn lines_run_through_no_text(which: &str, scene: &Scene) {
    let plates: Vec<Rect> = scene
        .marks()
        .iter()
        .filter(|mark| {
            mark.layer == Layer::Front
                && matches!(mark.shape, Shape::Plate { .. } | Shape::Regular { .. })
        })
        .map(|mark| mark.bounds)
        .collect();
    for mark in scene.marks() {
        let Shape::Line { from, to, .. } = mark.shape else { continue };
        let slanted = from.x != to.x && from.y != to.y;
        if mark.layer != Layer::Lines || slanted {
            continue;
        }
        for (label, text) in texts(scene) {
            let on_plate = plates.iter().any(|plate| plate.holds(label.bounds));
            assert!(
                on_plate || !mark.bounds.overlaps(label.bounds),
                "{which}: a line runs through \"{text}\" {:?}: {mark:?}",
                label.bounds
            );
        }
    }
}

/// Beads lie beside each other, off the numbers and the heads, between the outermost lifelines.
fn beads_stay_between_their_lifelines(which: &str, scene: &Scene) {
    let rails: Vec<f32> = scene
        .marks()
        .iter()
        .filter(|mark| mark.layer == Layer::Rails)
        .map(|mark| mark.bounds.centre().x)
        .collect();
    let edge = rails.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let lines = scene.marks().iter().filter(|mark| mark.layer == Layer::Rails);
    let lowest = lines.map(|mark| mark.bounds.bottom).fold(0.0, f32::max);
    let beads: Vec<&Mark> = scene
        .marks()
        .iter()
        .filter(|mark| {
            let plate = matches!(mark.shape, Shape::Plate { .. } | Shape::Regular { .. });
            plate && mark.layer == Layer::Front && mark.bounds.left < edge
        })
        .filter(|mark| !matches!(mark.about, About::Legend(_)))
        .filter(|mark| mark.bounds.bottom - mark.bounds.top >= CAP)
        // A list of sentences stands below the lifelines, with their numbers.
        .filter(|mark| mark.bounds.bottom < lowest)
        // What is told of a connection elsewhere than on its arrows hangs on none.
        .filter(|mark| mark.about != About::Nothing || !Style::TRACKS.contains(&mark.style))
        .collect();
    let heads: Vec<&Mark> =
        scene.marks().iter().filter(|mark| matches!(mark.shape, Shape::Head(_))).collect();
    for (at, bead) in beads.iter().enumerate() {
        if rails.len() > 1 {
            let left = rails.iter().copied().fold(f32::INFINITY, f32::min);
            assert!(
                bead.bounds.left > left && bead.bounds.right < edge,
                "{which}: outside the lifelines: {bead:?}"
            );
        }
        for other in beads.iter().skip(at + 1).take_while(|b| b.bounds.top < bead.bounds.bottom) {
            // A bead may carry the number of its step.
            let holds = |a: &Mark, b: &Mark| b.style == Style::Step && a.bounds.holds(b.bounds);
            if bead.about == other.about && (holds(bead, other) || holds(other, bead)) {
                continue;
            }
            assert!(
                !bead.bounds.overlaps(other.bounds),
                "{which}: beads overlap: {bead:?} {other:?}"
            );
        }
        for head in &heads {
            assert!(!bead.bounds.overlaps(head.bounds), "{which}: {bead:?} hides a head {head:?}");
        }
    }
}

/// The messages of a flight are read in their order: from the top where their arrow comes down by
/// the height of a bead, else from left to right.
fn messages_read_in_order(which: &str, story: &Story, scene: &Scene) {
    const STAIR: std::ops::RangeInclusive<f32> = 22.0..=26.0;
    const ROW: f32 = 12.0;
    let lifelines = scene
        .marks()
        .iter()
        .filter(|mark| mark.layer == Layer::Rails && matches!(mark.about, About::Actor(_)));
    let edge = lifelines.clone().map(|mark| mark.bounds.left).fold(0.0, f32::max);
    let rail = |actor| {
        let own = lifelines.clone().find(|mark| mark.about == About::Actor(actor));
        own.map_or(0.0, |mark| mark.bounds.centre().x)
    };
    let beads: Vec<(BeatId, Point)> = scene
        .marks()
        .iter()
        .filter(|mark| mark.layer == Layer::Front && matches!(mark.shape, Shape::Plate { .. }))
        .filter(|mark| mark.style != Style::Step && !Style::TRACKS.contains(&mark.style))
        // Of what stands on the lanes of streams none is a bead.
        .filter(|mark| mark.bounds.height() >= CAP && mark.bounds.right < edge)
        .filter_map(|mark| match mark.about {
            About::Beat(id) => Some((id, mark.bounds.centre())),
            _ => None,
        })
        .collect();
    let slopes = |flight: BeatId| {
        let own = arrows(scene).filter(move |(mark, ..)| mark.about == About::Beat(flight));
        own.map(|(_, from, to)| (to.y - from.y) / (to.x - from.x))
    };
    let flight = |id: BeatId| {
        let beat = story.beat(id).filter(|beat| beat.level == Level::Message)?;
        Some((beat.parent?, beat.from))
    };
    let sent = |id: BeatId| story.beat(id).map(|beat| beat.sent.time);
    for (a, first) in &beads {
        let Some(own) = flight(*a) else { continue };
        let later = beads.iter().filter(|(b, _)| b > a && sent(*b) >= sent(*a));
        for (b, second) in later.filter(|(b, _)| flight(*b) == Some(own)) {
            let (dx, dy) = (second.x - first.x, second.y - first.y);
            // Of several lines of beads each is read by itself.
            let on_line = |slope: &f32| (dy - slope * dx).abs() < 3.0;
            let Some(slope) = slopes(own.0).find(on_line) else { continue };
            let span = story.beat(*a).map_or(0.0, |one| (rail(one.from) - rail(one.to)).abs());
            let drop = slope.abs() * span;
            let in_order = match () {
                () if drop > *STAIR.end() => dy > 0.0,
                () if drop < *STAIR.start() && dy.abs() < ROW => dx > 0.0,
                () => true,
            };
            assert!(in_order, "{which}: {b:?} {second:?} is read before {a:?} {first:?}");
        }
    }
}

fn widths_are_as_measured(which: &str, scene: &Scene, measure: &dyn MeasureText) {
    for mark in scene.marks() {
        if let Shape::Text { text, font, upright, .. } = &mark.shape {
            let extent = if *upright { mark.bounds.height() } else { mark.bounds.width() };
            let width = measure.width(text, *font);
            assert!((extent - width).abs() < 0.1, "{which}: \"{text}\" is {width}, not {extent}");
        }
    }
}
