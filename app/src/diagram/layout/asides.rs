//! What stands beside the arrows, and how much room that leaves them.

use wirestage_dissectors::story::Transfer;

use super::arrivals;
use super::columns::{Beside, Columns};
use super::compose::{Down, Given};
use super::form::Form;
use super::margin;
use super::plan::Plan;
use super::scopes::{self, Scope};
use super::strands::{self, Strand};
use super::streams::Lanes;
use super::ties::{self, Tie};
use super::under_way;
use super::windows::Windows;

/// All that stands beside arrows.
pub(super) struct Asides<'s> {
    /// Round trips.
    pub(super) brackets: Vec<margin::Bracket>,
    /// Chapters that share a band.
    pub(super) scopes: Vec<Scope>,
    /// The frames of each arrow, where time is to scale.
    pub(super) strands: Vec<Vec<Strand>>,
    /// What was sent again, and what came in one go, there.
    pub(super) ties: Vec<Tie>,
    pub(super) arrivals: Vec<arrivals::Bracket>,
    /// The bytes that were under way, there.
    pub(super) curve: Option<&'s Transfer>,
    /// The streams of a connection.
    pub(super) streams: Option<Lanes<'s>>,
    /// The windows that a sender is held by, where time is to scale.
    pub(super) windows: Option<Windows<'s>>,
}

impl<'s> Asides<'s> {
    pub(super) fn of(given: Given<'s>, plan: &Plan<'_>, down: Down) -> Self {
        let Given { story, request, measure, .. } = given;
        let form = Form::new(request);
        let to_scale = down.is_to_scale();
        Self {
            brackets: margin::brackets(&story.trips, plan),
            scopes: scopes::of(story, plan),
            strands: if to_scale { strands::of(story, plan) } else { Vec::new() },
            ties: if to_scale { ties::of(story, plan, down.clock) } else { Vec::new() },
            arrivals: if to_scale { arrivals::of(story, plan) } else { Vec::new() },
            curve: under_way::of(story, plan).filter(|_| to_scale),
            streams: Lanes::of(story, plan, (form, request.width), measure),
            windows: Windows::of(story, plan, request.width).filter(|_| to_scale && form.margins),
        }
    }

    /// The columns of the widest form that fits: as asked for, then a strip, then crowded
    /// lifelines.
    pub(super) fn columns(&self, given: Given<'_>, plan: &Plan<'_>, down: Down) -> Columns {
        let Given { story, request, measure, .. } = given;
        let side = (margin::lanes(&self.brackets), scopes::lanes(&self.scopes));
        let give_out = |form: Form| {
            let asked = (form, request.width);
            let beside = (side.0, side.1, self.beside(form));
            Columns::new(story, plan, asked, beside, down.clock, measure)
        };
        let fits = |columns: &Columns| columns.width <= request.width as f32;
        let form = Form::new(request);
        let widest = give_out(form);
        if fits(&widest) {
            return widest;
        }
        let may_be_strip = !form.still && !form.titles_above;
        let strip = may_be_strip.then(|| give_out(Form::strip(request))).filter(fits);
        strip.unwrap_or_else(|| give_out(Form::crowded(request)))
    }

    fn beside(&self, form: Form) -> Beside<'_> {
        let streams = self.streams.as_ref().map_or(0.0, Lanes::width);
        let windows = self.windows.as_ref().map_or(0.0, Windows::width);
        Beside {
            ties: &self.ties,
            arrivals: &self.arrivals,
            curve: self.curve.is_some(),
            // Lanes stand in the widest form only.
            streams: if form.margins { streams + windows } else { 0.0 },
        }
    }

    /// The lanes of streams, where these columns have room for them.
    pub(super) fn lanes(&self, columns: &Columns) -> Option<&Lanes<'s>> {
        self.streams.as_ref().filter(|_| columns.streams.is_some())
    }
}
