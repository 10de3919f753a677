//! What the way down means: order with silences marked, or time to scale.

use super::*;
use geometry::Rect;
use scene::{Layer, Shape};
use style::Style;

/// The gaps in the lifelines, and what they say, from the top down.
fn gaps(scene: &Scene) -> Vec<(Rect, String)> {
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
