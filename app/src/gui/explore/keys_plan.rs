//! Where the secrets of a key schedule stand: the way down is the order in which they come to be,
//! the way right goes from what stays inside to what seals.
//!
//! ```text
//!   from ServerHello on │ Handshake Secret ─┬─> server_handshake_traffic_secret   3 records
//!                       │        │          └─> client_handshake_traffic_secret   1 record
//!                       │   Main Secret ─── …
//! ```

use egui::{Pos2, Rect, pos2, vec2};
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::protocols::tls::schedule::Schedule;

/// How high a box is whose words stand beside each other, and what lies between two.
pub(super) const BOX: f32 = 42.0;
const GAP: f32 = 12.0;
/// What a band leaves free above and below its boxes.
const EDGE: f32 = 10.0;
/// How high the line is in which a band says since when, where it has no column for it.
const SAID: f32 = 18.0;
/// Below this width bands say since when above their boxes.
const WITH_SINCE: f32 = 760.0;
/// Below this one what is opened stands inside the boxes; it takes no less room than that.
const WITH_OPENED: f32 = 620.0;
const LEAST_OPENED: f32 = 110.0;
/// How wide the words are that say since when: none of them breaks.
const SINCE: std::ops::RangeInclusive<f32> = 150.0..=170.0;
/// Between what stays inside and what seals, where lines turn down.
const GUTTER: f32 = 44.0;
/// How far the lines of one secret are from those of another.
const APART: f32 = 8.0;

/// A box.
pub(super) struct Placed {
    /// Which secret.
    pub(super) stage: usize,
    pub(super) rect: Rect,
    /// Where is said what it opens; `None` if there is no room beside it.
    pub(super) opened: Option<Rect>,
}

/// The secrets that exist from one message on.
pub(super) struct Band {
    pub(super) since: (&'static str, Option<FrameId>),
    pub(super) rect: Rect,
    /// Where is said since when.
    pub(super) said: Rect,
}

/// A line from what a secret is made of.
pub(super) struct Link {
    /// The secret that is made.
    pub(super) to: usize,
    pub(super) points: Vec<Pos2>,
}

/// All of it, from a corner at zero.
pub(super) struct Plan {
    pub(super) bands: Vec<Band>,
    pub(super) boxes: Vec<Placed>,
    pub(super) links: Vec<Link>,
    pub(super) height: f32,
}

/// Where columns begin, and how wide they are.
struct Columns {
    since: f32,
    inside: (f32, f32),
    sealing: (f32, f32),
    opened: Option<(f32, f32)>,
}

impl Columns {
    /// Columns in so much width, for names that are so wide.
    fn of(width: f32, names: [f32; 2]) -> Self {
        let since = match width >= WITH_SINCE {
            true => (width * 0.15).clamp(*SINCE.start(), *SINCE.end()),
            false => EDGE,
        };
        let right = width - EDGE;
        let has_opened = width >= WITH_OPENED;
        let room = (right - since - GUTTER).max(0.0);
        let shares = if has_opened { (0.27, 0.40) } else { (0.42, 0.58) };
        // A name is never cut where there is room for it.
        let least = if has_opened { LEAST_OPENED + GAP } else { 0.0 };
        let wide = |share: f32, most: f32, name: f32, rest: f32| {
            (room * share).min(most).max(name.min(rest))
        };
        let inner = wide(shares.0, 240.0, names[0], room - room * shares.1 - least);
        let inside = (since, inner);
        let outer = wide(shares.1, 340.0, names[1], room - inner - least);
        let sealing = (since + inside.1 + GUTTER, outer.min(right - since - inner - GUTTER));
        let behind = sealing.0 + sealing.1 + GAP;
        let opened = has_opened.then_some((behind, (right - behind).max(0.0)));
        Self { since, inside, sealing, opened }
    }
}

impl Plan {
    /// Places the secrets of a handshake in so much width. `name` says how wide a secret's name is,
    /// `height` how high its box is in so much width.
    pub(super) fn new(
        schedule: &Schedule,
        width: f32,
        name: impl Fn(usize) -> f32,
        height: impl Fn(usize, f32) -> f32,
    ) -> Self {
        let widest = |is_inside: bool| {
            let all = schedule.stages.iter().enumerate();
            let own = all.filter(|(_, stage)| stage.is_inside() == is_inside);
            own.map(|(at, _)| name(at)).fold(0.0, f32::max)
        };
        let columns = Columns::of(width, [widest(true), widest(false)]);
        let is_beside = width >= WITH_SINCE;
        let (mut bands, mut boxes, mut top) = (Vec::new(), Vec::<Placed>::new(), 0.0);
        let stages = &schedule.stages;
        let mut at = 0;
        while let Some(first) = stages.get(at) {
            let here = stages.iter().skip(at).take_while(|stage| stage.since == first.since);
            let head = if is_beside { 0.0 } else { SAID };
            // Each column is filled from above.
            let (mut inside, mut sealing) = (top + EDGE + head, top + EDGE + head);
            let mut count = 0;
            for stage in here {
                let is_inside = stage.is_inside();
                let ((left, wide), next) = match is_inside {
                    true => (columns.inside, &mut inside),
                    false => (columns.sealing, &mut sealing),
                };
                // None stands above what it is made of.
                let parent = schedule.parent(at + count);
                let parent = boxes.iter().find(|other| Some(other.stage) == parent);
                let own = parent.map_or(*next, |parent| next.max(parent.rect.top()));
                let high = height(at + count, wide);
                let rect = Rect::from_min_size(pos2(left, own), vec2(wide, high));
                *next = own + high + GAP;
                let opened = columns.opened.filter(|_| !is_inside);
                let opened = opened.map(|(left, wide)| {
                    Rect::from_min_size(pos2(left, rect.top()), vec2(wide, high))
                });
                boxes.push(Placed { stage: at + count, rect, opened });
                count += 1;
            }
            let bottom = inside.max(sealing) - GAP + EDGE;
            let rect = Rect::from_min_max(pos2(0.0, top), pos2(width, bottom));
            let said = match is_beside {
                true => Rect::from_min_max(rect.min, pos2(columns.since, bottom)),
                // No line goes down there.
                false => {
                    let left = columns.sealing.0 - EDGE;
                    Rect::from_min_size(pos2(left, top), vec2(width - left, SAID + EDGE))
                }
            };
            bands.push(Band { since: first.since, rect, said });
            at += count;
            top = bottom + 4.0;
        }
        let links = links(schedule, &boxes);
        Self { bands, boxes, links, height: top }
    }
}

/// The lines between boxes: down from one that stays inside to the next, and right to what seals.
fn links(schedule: &Schedule, boxes: &[Placed]) -> Vec<Link> {
    let mut turned: Vec<usize> = Vec::new();
    let mut links = Vec::new();
    for one in boxes {
        let Some(parent) = schedule.parent(one.stage) else { continue };
        let Some(from) = boxes.iter().find(|other| other.stage == parent) else { continue };
        let (start, end) = (from.rect, one.rect);
        let points = if start.left() == end.left() && from.opened.is_none() {
            vec![start.center_bottom(), end.center_top()]
        } else {
            if !turned.contains(&parent) {
                turned.push(parent);
            }
            // Each has a line of its own, so that none could be taken for another.
            let nth = turned.iter().position(|one| *one == parent).unwrap_or(0);
            let across = end.left() - APART * (1.5 + (nth % 4) as f32);
            let is_right = start.right() < end.left();
            let begin = if is_right { start.right_center() } else { start.left_center() };
            vec![begin, pos2(across, begin.y), pos2(across, end.center().y), end.left_center()]
        };
        links.push(Link { to: one.stage, points });
    }
    links
}

#[cfg(test)]
mod tests {
    use wirestage_dissectors::protocols::tls::schedule::Schedule;

    use super::*;
    use crate::document::{Document, Opening, Progress};
    use crate::samples;

    fn schedule(name: &str) -> Schedule {
        let bytes = samples::of(name).unwrap();
        let recording = wirestage_captures::Recording::spool(bytes).unwrap();
        let document = Document::survey(recording, &Progress::new(), Opening::default()).unwrap();
        let id = document.connections[0];
        document.ground().schedules(id).remove(0)
    }

    #[test]
    fn no_box_covers_another_and_none_stands_above_what_it_is_made_of() {
        for name in ["tls13-full", "tls13-key-update", "tls12-full", "quic-1rtt", "tls13-0rtt"] {
            let schedule = schedule(name);
            for width in [300.0, 500.0, 700.0, 835.0, 1400.0] {
                let plan =
                    Plan::new(&schedule, width, |_| 200.0, |at, _| BOX + 8.0 * (at % 3) as f32);
                assert_eq!(plan.boxes.len(), schedule.stages.len());
                for (nth, one) in plan.boxes.iter().enumerate() {
                    let opened = one.opened.unwrap_or(one.rect);
                    assert!(opened.right() <= width && one.rect.bottom() <= plan.height);
                    for other in &plan.boxes[nth + 1..] {
                        assert!(!one.rect.intersects(other.rect), "{name} at {width}");
                    }
                }
                let top = |stage: usize| {
                    plan.boxes.iter().find(|one| one.stage == stage).unwrap().rect.top()
                };
                for stage in 0..schedule.stages.len() {
                    let parent = schedule.parent(stage);
                    assert!(parent.is_none_or(|parent| top(parent) <= top(stage)), "{name}");
                }
                assert_eq!(
                    plan.links.len(),
                    schedule.stages.len() - 1,
                    "one of them is made of none"
                );
            }
        }
    }
}
