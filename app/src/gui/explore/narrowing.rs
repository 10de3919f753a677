//! What a filter does to the rest of the screen: connections, overview and diagram show only what
//! has a frame that passes.
//!
//! What was known of all connections is put aside meanwhile, and goes on growing there.

use std::sync::Arc;

use wirestage_dissectors::ids::{ConnectionId, FrameId};

use super::Explore;
use super::connections::Lines;
use super::overview::Overview;
use super::watch::Watch;
use crate::document::Ground;
use crate::gui::work::Wake;

/// Some connections, and what is known of them.
pub(super) struct Connections {
    /// All of them, in the order of their first frames.
    pub(super) all: Arc<[ConnectionId]>,
    pub(super) overview: Overview,
    pub(super) lines: Lines,
}

impl Connections {
    /// Those of this ground; what there is to know of them is looked for at once.
    pub(super) fn new(ground: &Ground, wake: &Wake) -> Self {
        let watch = Watch::start(ground.clone(), Arc::clone(wake));
        Self {
            all: Arc::clone(&ground.connections),
            overview: Overview::new(watch),
            lines: Lines::default(),
        }
    }

    /// Begins anew, with more keys or more packets; what is shown stays until better is known.
    pub(super) fn watch_anew(&mut self, ground: &Ground, wake: &Wake) {
        self.all = Arc::clone(&ground.connections);
        self.overview.watch_anew(Watch::start(ground.clone(), Arc::clone(wake)));
    }
}

impl Explore {
    /// Puts what is typed as a filter into force.
    pub(super) fn filter(&mut self) {
        if !self.filtering.apply(&self.ground, &self.wake) {
            return;
        }
        if self.filtering.passed.is_none() {
            self.widen();
        }
        self.sort_again();
        if let Some(frame) = self.selection.frame {
            self.packets.list.reveal(frame);
        }
    }

    /// How many connections the recording has, whatever is shown of them.
    pub(super) fn connection_count(&self) -> usize {
        self.whole.as_ref().unwrap_or(&self.connections).all.len()
    }

    /// All connections, whatever is shown of them.
    pub(super) fn all_connections(&mut self) -> &mut Connections {
        self.whole.as_mut().unwrap_or(&mut self.connections)
    }

    /// Shows these connections alone.
    pub(super) fn narrow(&mut self, connections: &[ConnectionId]) {
        let ground = self.ground.narrowed(connections);
        let some = Connections::new(&ground, &self.wake);
        let before = std::mem::replace(&mut self.connections, some);
        // A second filter puts nothing aside: what the first one left is not all.
        self.whole.get_or_insert(before);
        if !connections.is_empty() {
            self.shown.telling.renew(ground);
            self.tell_all_again();
        }
        self.sort_again();
        self.select_passing();
    }

    /// Moves the selection to the nearest packet that passes the filter, where the selected one
    /// does not: what is chosen is among what is shown.
    fn select_passing(&mut self) {
        let Some(passed) = &self.filtering.passed else { return };
        let Some(here) = self.selection.frame.filter(|frame| !passed.rows.contains(*frame)) else {
            return;
        };
        let row = passed.rows.before(here);
        let after = passed.rows.at(row);
        let before = row.checked_sub(1).and_then(|row| passed.rows.at(row));
        let far = |frame: &FrameId| frame.0.abs_diff(here.0);
        if let Some(nearest) = [after, before].into_iter().flatten().min_by_key(far) {
            self.select_frame(nearest);
        }
    }

    /// Shows all connections again.
    fn widen(&mut self) {
        let Some(whole) = self.whole.take() else { return };
        self.connections = whole;
        self.shown.telling.renew(self.ground.clone());
        self.tell_all_again();
    }

    /// Tells all connections again, where all are told.
    fn tell_all_again(&mut self) {
        if self.shown.told.is_none() {
            self.shown.tell_again();
        }
    }
}
