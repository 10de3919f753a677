//! What shares a lifeline or a stretch of time with another connection: states and chapters say
//! whose they are.

use wirestage_dissectors::story::{Level, TrackId};

use super::proxied::proxied;
use super::rules::hold;
use super::{fixture, request};
use crate::diagram::scene::{About, Mark, Shape};
use crate::diagram::style::Style;
use crate::diagram::{Axis, FontMeasure, layout};

#[test]
fn states_name_their_connection_where_several_share_a_lifeline() {
    let measure = FontMeasure::default();
    let story = fixture::parallel(2);
    let scene = layout(&story, &request(1640, Level::Flight, Axis::Order), &measure);
    let says = |text: &str| {
        let is_it =
            |mark: &&Mark| matches!(&mark.shape, Shape::Text { text: own, .. } if own == text);
        scene.marks().iter().filter(is_it).map(|mark| mark.style).collect::<Vec<_>>()
    };
    assert_eq!(says("A · ESTABLISHED"), [Style::of_track(TrackId(0)); 2]);
    assert_eq!(says("B · TIME-WAIT"), [Style::of_track(TrackId(1)); 2]);
    assert!(says("ESTABLISHED").is_empty());
}

#[test]
fn scopes_have_their_titles_above_their_first_arrows() {
    let measure = FontMeasure::default();
    let story = proxied();
    for axis in [Axis::Order, Axis::Time] {
        let asked = request(540, Level::Flight, axis);
        let scene = layout(&story, &asked, &measure);
        hold(&format!("scopes {axis:?}"), &story, &asked, &scene, &measure);
        let chapters = story.level(Level::Chapter);
        let mut told = 0;
        for (id, chapter) in chapters {
            let words = |what: &str| {
                let is_it = |mark: &&Mark| {
                    let own = mark.about == About::Beat(id);
                    own && matches!(&mark.shape, Shape::Text { text, .. } if text.contains(what))
                };
                scene.marks().iter().find(is_it).map(|mark| mark.bounds)
            };
            let Some(title) = words(&chapter.label) else { continue };
            told += 1;
            let first = scene.beats().iter().find(|drawn| story.chapter_of(drawn.beat) == Some(id));
            let first = first.expect("an arrow").bounds;
            if axis == Axis::Order {
                assert!(title.bottom <= first.bottom, "{}: {title:?} {first:?}", chapter.label);
                assert!(first.top - title.bottom < 120.0, "{}: {title:?} {first:?}", chapter.label);
            }
            if chapter.packets > 0 {
                assert!(words("packet").is_some(), "{}", chapter.label);
            }
        }
        assert!(told >= 2, "{axis:?}");
    }
}
