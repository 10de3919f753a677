//! From a story to a scene: what is drawn, where from left to right, where from top to bottom,
//! and then each part of the picture in a file of its own.
//!
//! ```text
//!   plan ──> asides ──> columns ──> what is said ──> rows ──> parts, from back to front ──> scene
//! ```
//!
//! `compose` takes these steps, one after the other.

mod arrivals;
mod arrows;
mod asides;
mod badge;
mod bead;
mod beads;
mod board;
mod bundles;
mod cards;
mod carried;
mod columns;
mod compose;
mod cost;
mod crowd;
mod deeds;
mod ends;
mod family;
mod fate;
mod fitting;
mod folds;
mod form;
mod frame;
mod heads;
mod held_up;
mod in_time;
mod labels;
mod later;
mod legend;
mod lifelines;
mod margin;
mod messages;
mod more;
mod nearest;
mod order;
mod packing;
mod parts;
mod placed;
mod plan;
mod prepared;
mod reckoned;
mod renewed;
mod request;
mod ribbon;
mod room;
mod rows;
mod said;
mod scale;
mod scopes;
mod segments;
mod side;
mod silence;
mod sketch;
mod spoken;
mod steps;
mod strands;
mod streams;
mod tags;
mod ties;
mod time;
mod trip_ends;
mod turns;
mod under_way;
mod unit;
mod windows;
mod wording;

use wirestage_dissectors::story::Story;

pub(super) use messages::style as style_of;
pub use prepared::Prepared;
pub use request::{Axis, Request};
#[cfg(feature = "gui")]
pub(super) use scopes::name as chapter_name;
pub(super) use wording::{multiples, round_step};

use self::compose::{Given, compose};
use self::plan::Plan;
use super::measure::MeasureText;
use super::scene::Scene;

/// Lays out a story. Equal stories and requests, measured by the same fonts, give equal scenes.
#[must_use]
pub fn layout(story: &Story, request: &Request, measure: &dyn MeasureText) -> Scene {
    layout_prepared((story, &Prepared::new(story)), request, measure)
}

/// The same for a story that was walked before.
#[must_use]
pub fn layout_prepared(
    (story, prepared): (&Story, &Prepared),
    request: &Request,
    measure: &dyn MeasureText,
) -> Scene {
    let plan = Plan::new(story, &prepared.family, request);
    compose(Given { story, prepared, request, measure }, &plan).0
}

/// Lays out a story as pages that are hardly longer than `longest` points: each with title, cast,
/// legend and the title of the chapter that goes on. A story that is short enough is one page.
#[must_use]
pub fn pages(
    story: &Story,
    request: &Request,
    longest: f32,
    measure: &dyn MeasureText,
) -> Vec<Scene> {
    let given = Given { story, prepared: &Prepared::new(story), request, measure };
    let plan = Plan::new(story, &given.prepared.family, request);
    let (whole, tails) = compose(given, &plan);
    let Some(first) = tails.first().filter(|_| whole.height > longest) else { return vec![whole] };
    // What stands around the arrows stands on each page.
    let last = tails.last().map_or(*first, |last| *last);
    let room = (longest - (whole.height - (last - first))).max(longest / 4.0);
    let cuts = cuts(&tails, room);
    let count = cuts.len() - 1;
    let spans = cuts.iter().zip(cuts.iter().skip(1)).enumerate();
    spans
        .map(|(number, (from, to))| {
            let part = plan.part(*from..*to, (number + 1, count));
            compose(given, &part).0
        })
        .collect()
}

/// Before which arrows a page begins, so that none is hardly longer than `room`; the last one is
/// behind all arrows. `tails` is where each of them leaves.
fn cuts(tails: &[f32], room: f32) -> Vec<usize> {
    let mut cuts = vec![0];
    let mut top = tails.first().copied().unwrap_or_default();
    for (at, y) in tails.iter().enumerate() {
        let next = tails.get(at + 1).copied().unwrap_or(*y);
        if next - top > room && at > cuts.last().copied().unwrap_or_default() {
            cuts.push(at);
            top = *y;
        }
    }
    cuts.push(tails.len());
    cuts
}

/// What the way down means: no time is to scale where some are not known, where a conversation is
/// folded, and in a still.
fn axis(request: &Request, plan: &Plan<'_>) -> Axis {
    if request.still || !plan.has_times() { Axis::Order } else { request.axis }
}
