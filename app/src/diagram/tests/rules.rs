//! The rules of every picture: nothing overlaps, nothing is cut off, nothing is lost.

use wirestage_dissectors::story::Story;

use crate::diagram::Request;
use crate::diagram::geometry::Rect;
use crate::diagram::measure::MeasureText;
use crate::diagram::scene::{About, Layer, Mark, Scene, Shape};
use crate::diagram::style::Style;

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
    for mark in scene.marks() {
        assert!(sheet.holds(mark.bounds), "{which}: off the sheet: {mark:?}");
    }
    texts_do_not_touch(which, scene);
    texts_are_whole(which, story, scene);
    texts_stay_in_their_bands(which, scene);
    lines_run_through_no_text(which, scene);
    beads_stay_between_their_lifelines(which, scene);
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

/// Each label of a bead is the label of its beat, or elided, or counts what is not shown.
fn texts_are_whole(which: &str, story: &Story, scene: &Scene) {
    for (mark, text) in texts(scene).filter(|(mark, _)| mark.style == Style::Ink) {
        let About::Beat(id) = mark.about else { continue };
        let beat = story.beat(id).expect("a beat of the story");
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = [beat.label.clone(), words(&beat.headline)];
        let kept = text.trim_end_matches('…').trim_end();
        let counted = text.starts_with('+') || text.contains(" × ") || text.contains(" +");
        assert!(
            counted || said.iter().any(|said| said.contains(kept) || words(said).contains(kept)),
            "{which}: \"{text}\" is not what was asked: {said:?}"
        );
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
        .filter(|mark| mark.layer == Layer::Front && matches!(mark.shape, Shape::Plate { .. }))
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
                "{which}: a line runs through \"{text}\""
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
    let beads: Vec<&Mark> = scene
        .marks()
        .iter()
        .filter(|mark| {
            let plate = matches!(mark.shape, Shape::Plate { .. });
            plate && mark.layer == Layer::Front && mark.bounds.left < edge
        })
        .filter(|mark| !matches!(mark.about, About::Legend(_)))
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
            assert!(
                !bead.bounds.overlaps(other.bounds),
                "{which}: beads overlap: {bead:?} {other:?}"
            );
        }
        for head in &heads {
            assert!(!bead.bounds.overlaps(head.bounds), "{which}: {bead:?} hides a head");
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
