//! The parts of a picture, drawn from back to front on one sketch.

use wirestage_dissectors::story::{Repeat, Track};

use super::asides::Asides;
use super::columns::Columns;
use super::compose::{Down, Given};
use super::placed::Placed;
use super::plan::{Plan, Unit};
use super::rows::Rows;
use super::said::Said;
use super::sketch::Sketch;
use super::spoken::spoken;
use super::streams::{self, Lanes};
use super::trip_ends::Ends;
use super::{
    arrivals, arrows, bead, beads, cost, crowd, deeds, frame, heads, legend, lifelines, margin,
    packing, ribbon, scopes, silence, strands, ties, under_way,
};
use crate::diagram::geometry::Rect;
use crate::diagram::scene::BeatBox;

/// What is drawn, and where.
pub(super) struct Parts<'p> {
    pub(super) given: Given<'p>,
    pub(super) plan: &'p Plan<'p>,
    pub(super) down: Down,
    pub(super) asides: &'p Asides<'p>,
    pub(super) columns: &'p Columns,
    pub(super) said: &'p Said,
    pub(super) rows: &'p Rows,
    /// Where the cards of the cast end.
    pub(super) cards_end: f32,
}

impl Parts<'_> {
    /// Draws what lies behind arrows: bands, margins, lanes, lifelines, silences.
    pub(super) fn behind(&self, sketch: &mut Sketch<'_>) {
        let Self { plan, columns, rows, asides, said, cards_end, .. } = *self;
        let Down { axis, clock, scale } = self.down;
        let story = self.given.story;
        let ends = match columns.form.is_order() {
            true => Ends::of(&asides.brackets, plan, rows, clock),
            false => Ends::default(),
        };
        margin::bands(sketch, (story, &said.titles), plan, columns, rows);
        margin::scopes_above(sketch, &said.scopes, (plan, columns, rows));
        margin::times(sketch, plan, columns, (rows, &ends), (axis, clock, scale));
        under_way::draw(sketch, asides.curve, plan, columns, rows);
        margin::round_trips(sketch, (&asides.brackets, &ends), (columns, clock), rows);
        if let Some(streams) = &asides.streams {
            streams.draw(sketch, plan, (columns, rows), cards_end);
        }
        if let Some(windows) = &asides.windows {
            windows.draw(sketch, columns, rows, cards_end);
        }
        scopes::brackets(sketch, &asides.scopes, columns, rows);
        said.more.draw(sketch, rows);
        let followed = self.given.request.followed;
        ribbon::draw(sketch, (story, plan, &said.lines), columns, rows, followed);
        let below = if columns.form.still { 4.0 } else { 16.0 };
        lifelines::draw(sketch, plan, columns, rows, (cards_end, rows.end + below));
        let (repeats, tracks): (&[Repeat], &[Track]) =
            if self.down.is_to_scale() { (&story.repeats, &story.tracks) } else { (&[], &[]) };
        silence::draw(sketch, (repeats, tracks), columns, rows, clock);
    }

    /// Draws the arrows with all that hangs on them, and their sentences.
    pub(super) fn arrows(&self, sketch: &mut Sketch<'_>) {
        let all = self.plan.units.iter().zip(&self.rows.placed).zip(&self.said.lines);
        for (index, ((unit, placed), lines)) in all.enumerate() {
            let bounds = self.arrow(sketch, (index, unit), *placed, lines);
            let sentence = self.sentence(sketch, (index, unit), *placed);
            let spoken = spoken(self.given.story, unit);
            let (beat, number) = (unit.id, unit.number.clone());
            sketch.beats.push(BeatBox { beat, number, bounds, sentence, spoken });
        }
    }

    /// Draws an arrow with its frames, its beads and what is said of its segments. Gives what they
    /// cover.
    fn arrow(
        &self,
        sketch: &mut Sketch<'_>,
        (index, unit): (usize, &Unit<'_>),
        placed: Placed,
        lines: &beads::Lines,
    ) -> Rect {
        let Self { columns, rows, .. } = *self;
        let own = self.asides.strands.get(index).map_or(&[][..], Vec::as_slice);
        strands::draw(sketch, (unit, own), columns, rows);
        let mut bounds = if columns.form.hung_below {
            let ground = rows.ground(index, self.plan);
            crowd::draw(sketch, unit, placed, lines, (columns, ground))
        } else {
            let shown = own.iter().any(|strand| strand.leads);
            arrows::draw(sketch, unit, (placed, shown), lines, columns)
        };
        let places = rows.tags.get(index).map_or(&[][..], Vec::as_slice);
        for (tag, place) in unit.tags.iter().zip(places) {
            let Some((rect, numbered)) = *place else { continue };
            bead::tag(sketch, tag, numbered.then_some(unit.number.as_str()), rect);
            bounds = bounds.union(rect);
        }
        bounds
    }

    /// Draws the sentence of an arrow, where it has one that found room. Gives what that covers.
    fn sentence(
        &self,
        sketch: &mut Sketch<'_>,
        (index, unit): (usize, &Unit<'_>),
        placed: Placed,
    ) -> Option<Rect> {
        let sentence = self.said.sentences.get(index)?.as_ref()?;
        if placed.solved.is_some_and(|solved| solved.untold) {
            return None;
        }
        let ground = self.rows.ground(index, self.plan);
        Some(sentence.draw(sketch, unit, placed.sentence, (self.columns, ground)))
    }

    /// Draws what lies in front of arrows: what came in one go, what was sent again, what programs
    /// did.
    pub(super) fn in_front(&self, sketch: &mut Sketch<'_>) {
        let Self { plan, columns, rows, asides, .. } = *self;
        if self.down.is_to_scale() {
            arrivals::draw(sketch, &asides.arrivals, columns, rows);
            ties::draw(sketch, &asides.ties, columns, rows);
            deeds::draw(sketch, &plan.deeds, columns, rows);
        } else if !columns.form.hung_below {
            arrows::repetitions(sketch, self.given.story, plan, &rows.placed, columns);
        }
    }

    /// Draws what stands below it all, from `top` on: what is left out, lists, costs and the
    /// legend. Gives where the picture ends.
    pub(super) fn foot(&self, sketch: &mut Sketch<'_>, top: f32) -> f32 {
        let Self { plan, columns, rows, asides, .. } = *self;
        let (story, clock) = (self.given.story, self.down.clock);
        let (form, followed) = (columns.form, self.given.request.followed);
        let has_room = form.still || columns.streams.is_some();
        let missing = if has_room { 0 } else { streams::missing(story, plan) };
        let below = frame::left_out(sketch, columns, (rows, missing), top);
        let lists = asides.lanes(columns).map(Lanes::lists).unwrap_or_default();
        let below = packing::draw(sketch, &lists, columns, below);
        let below = cost::draw(sketch, (story, plan), (columns, clock), followed, below);
        let below = heads::draw(sketch, (story, plan), columns, followed, below);
        if form.still {
            return rows.end + form.outer.max(8.0);
        }
        let legend = self.legend(sketch);
        let top = (legend.as_slice(), below + 32.0);
        frame::foot(sketch, story, plan, (columns, clock), top) + form.outer
    }

    fn legend(&self, sketch: &Sketch<'_>) -> Vec<legend::Entry> {
        let Self { plan, columns, asides, rows, .. } = *self;
        let chapters = !asides.scopes.is_empty() && columns.scopes.is_some();
        let trips = margin::are_unnamed(&asides.brackets, columns.form);
        let mut legend = legend::Entry::all((plan, rows), sketch, chapters, trips);
        let signs = asides.lanes(columns).map(|lanes| lanes.signs(self.down.is_to_scale()));
        legend.extend(signs.unwrap_or_default().into_iter().map(legend::Entry::Stream));
        legend
    }
}
