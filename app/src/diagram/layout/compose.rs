//! The steps from a plan to a scene: each looks at what the ones before it found.

use wirestage_dissectors::story::Story;

use super::asides::Asides;
use super::columns::Columns;
use super::parts::Parts;
use super::plan::Plan;
use super::prepared::Prepared;
use super::rows::Rows;
use super::said::Said;
use super::scale::Scale;
use super::sketch::Sketch;
use super::wording::Clock;
use super::{Axis, Request, axis, frame, later};
use crate::diagram::measure::MeasureText;
use crate::diagram::scene::Scene;

/// What is laid out, and how that was asked for.
#[derive(Clone, Copy)]
pub(super) struct Given<'s> {
    pub(super) story: &'s Story,
    pub(super) prepared: &'s Prepared,
    pub(super) request: &'s Request,
    pub(super) measure: &'s dyn MeasureText,
}

/// What the way down means, and how its times are written.
#[derive(Clone, Copy)]
pub(super) struct Down {
    pub(super) axis: Axis,
    pub(super) scale: Scale,
    pub(super) clock: Clock,
}

impl Down {
    fn new(request: &Request, plan: &Plan<'_>) -> Self {
        let axis = request.axis;
        let clock = Clock::new(plan.end.since(plan.start));
        let clock = match axis {
            Axis::Order => {
                let sent = plan.units.iter().map(|unit| unit.beat.sent.time);
                clock.telling_apart(sent.map(|time| time.since(plan.start)))
            }
            Axis::Time => clock,
        };
        let clock = clock.written(request.times, plan.start);
        Self { axis, scale: Scale::new(plan), clock }
    }

    /// Whether time is to scale.
    pub(super) fn is_to_scale(self) -> bool {
        self.axis == Axis::Time
    }
}

/// Lays out what is planned; returns with the scene where each arrow leaves.
pub(super) fn compose(given: Given<'_>, plan: &Plan<'_>) -> (Scene, Vec<f32>) {
    // Where no arrow has a sentence, no margin is kept for them.
    let told = plan.units.iter().any(|unit| !unit.beat.headline.is_empty());
    let steps = given.request.steps && told;
    let asked = Request { axis: axis(given.request, plan), steps, ..given.request.clone() };
    let given = Given { request: &asked, ..given };
    let down = Down::new(&asked, plan);
    let apart = if down.is_to_scale() { later::apart(given.story, plan, down.scale) } else { None };
    let whole = apart.as_ref().unwrap_or(plan);
    let asides = Asides::of(given, whole, down);
    let columns = asides.columns(given, whole, down);
    let levelled = columns.form.hung_below.then(|| whole.levelled());
    let plan = levelled.as_ref().unwrap_or(whole);

    let mut sketch = Sketch::new(given.measure);
    let below_title =
        frame::title(&mut sketch, given.story, whole, &columns, (down.axis, down.clock));
    let cards_end = cast(&mut sketch, given.story, plan, &columns, (down, below_title));

    let mut said = Said::of(given, plan, down, &columns);
    let down = Down { scale: said.filled(plan, down, columns.form), ..down };
    let top = cards_end + if columns.form.still { 0.0 } else { 8.0 };
    let measures = said.measures(plan, down, (&asides, &columns), given.measure);
    let (mut rows, scale) = Rows::roomy(top, &measures);
    let down = Down { scale, ..down };
    said.settle(plan, &columns, &rows, given.measure);
    let list_end = said.list(&columns, &mut rows);

    let (asides, columns, said) = (&asides, &columns, &said);
    let parts = Parts { given, plan, down, asides, columns, said, rows: &rows, cards_end };
    parts.behind(&mut sketch);
    parts.arrows(&mut sketch);
    parts.in_front(&mut sketch);
    let end = parts.foot(&mut sketch, list_end);
    let tails = rows.placed.iter().map(|placed| placed.tail).collect();
    (sketch.finish(columns.width, end, below_title..cards_end), tails)
}

/// Draws the cards of the cast and, where there is any arrow, what its times count in. Gives where
/// the cards end.
fn cast(
    sketch: &mut Sketch<'_>,
    story: &Story,
    plan: &Plan<'_>,
    columns: &Columns,
    (down, top): (Down, f32),
) -> f32 {
    let end = frame::cast(sketch, story, plan, columns, top);
    if !plan.units.is_empty() {
        frame::unit(sketch, columns, &down.clock.head(), end);
    }
    end
}
