//! Where a picture is cut for sheets of paper, whatever it shows: between steps, never through an
//! arrow, a sentence or a text.

use std::ops::Range;

use wirestage_dissectors::story::{Level, Story};

use crate::diagram::geometry::Rect;
use crate::diagram::scene::{About, Layer, Mark, Scene, Shape};

/// One page of a picture.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::diagram) struct Page {
    /// What of the picture stands on it, from the top down.
    pub(in crate::diagram) body: Range<f32>,
    /// The chapter that goes on there, where one does.
    pub(in crate::diagram) continued: Option<String>,
}

/// A page ends with a chapter where that leaves no more than this share of it empty.
const MAY_STAY_EMPTY: f32 = 0.35;

/// Cuts a picture into pages that hold `first` points of it, and `others` from the second on.
#[must_use]
pub(in crate::diagram) fn cut(scene: &Scene, story: &Story, first: f32, others: f32) -> Vec<Page> {
    let marks = || scene.marks().iter().filter(|mark| !may_be_cut(mark));
    let steps = scene.beats().iter().flat_map(|drawn| [Some(drawn.bounds), drawn.sentence]);
    let between_steps = gaps(marks().map(|mark| mark.bounds).chain(steps.flatten()));
    // An arrow that takes long may leave no room between steps; then its line is cut.
    let is_line = |mark: &&Mark| matches!(mark.shape, Shape::Line { .. });
    let between_words = gaps(marks().filter(|mark| !is_line(mark)).map(|mark| mark.bounds));
    let bands: Vec<f32> = bands(scene, story).map(|(band, _)| band.end).collect();
    let mut pages = Vec::new();
    let mut start = 0.0;
    while start < scene.height {
        let room = if pages.is_empty() { first } else { others }.max(1.0);
        let limit = start + room;
        let end = if limit >= scene.height {
            scene.height
        } else {
            let least = limit - room * MAY_STAY_EMPTY;
            let by_chapter = bands.iter().copied().filter(|end| (least..=limit).contains(end));
            let by_gap = |gaps: &[Range<f32>]| {
                let cuts = gaps.iter().map(|gap| gap.end.min(limit).max(gap.start));
                cuts.filter(|cut| *cut > start + 1.0 && *cut <= limit).fold(None, later)
            };
            let by_step = by_chapter.fold(None, later).or_else(|| by_gap(&between_steps));
            by_step.or_else(|| by_gap(&between_words)).unwrap_or(limit)
        };
        let goes_on = |band: &Range<f32>| band.start < start - 1.0 && band.end > start + 1.0;
        let continued = bands_at(scene, story, goes_on);
        pages.push(Page { body: start..end, continued });
        start = end;
    }
    pages
}

fn later(found: Option<f32>, other: f32) -> Option<f32> {
    Some(found.map_or(other, |found| found.max(other)))
}

fn bands_at(scene: &Scene, story: &Story, is: impl Fn(&Range<f32>) -> bool) -> Option<String> {
    bands(scene, story).find(|(band, _)| is(band)).map(|(_, title)| title.to_owned())
}

/// The bands of the chapters with their titles, from the top down.
pub(super) fn bands<'a>(
    scene: &'a Scene,
    story: &'a Story,
) -> impl Iterator<Item = (Range<f32>, &'a str)> {
    let plates = scene.marks().iter().filter(|mark| mark.layer == Layer::Ground);
    plates.filter_map(|mark| {
        let About::Beat(id) = mark.about else { return None };
        let beat = story.beat(id).filter(|beat| beat.level == Level::Chapter)?;
        Some((mark.bounds.top..mark.bounds.bottom, beat.label.as_str()))
    })
}

/// The stretches between these, from the top down.
fn gaps(solid: impl Iterator<Item = Rect>) -> Vec<Range<f32>> {
    let mut solid: Vec<Range<f32>> = solid.map(|rect| rect.top..rect.bottom).collect();
    solid.sort_by(|a, b| a.start.total_cmp(&b.start));
    let mut gaps = Vec::new();
    let mut end = 0.0_f32;
    for one in solid {
        if one.start > end {
            gaps.push(end..one.start);
        }
        end = end.max(one.end);
    }
    gaps
}

/// Bands, lifelines and brackets go on on the next page.
fn may_be_cut(mark: &Mark) -> bool {
    match (&mark.shape, mark.layer) {
        (_, Layer::Ground | Layer::Hem | Layer::Ribbon | Layer::Rails | Layer::Bars) => true,
        (Shape::Line { from, to, .. }, Layer::Lines) => from.x == to.x,
        _ => false,
    }
}
