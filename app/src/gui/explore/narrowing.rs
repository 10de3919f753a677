//! What a filter does to the rest of the screen: connections, overview and diagram show only what has
//! a frame that passes.
//!
//! What was known of all connections is put aside meanwhile, and goes on growing there.

use std::sync::Arc;

use wirestage_dissectors::ids::ConnectionId;

use super::connections::Lines;
use super::overview::Overview;
use super::watch::Watch;
use super::{Explore, View};

/// What is known of all connections.
pub(super) struct Whole {
    connections: Arc<[ConnectionId]>,
    overview: Overview,
    lines: Lines,
}

impl Whole {
    /// There are more of them now.
    pub(super) fn grow(&mut self, connections: Arc<[ConnectionId]>) {
        self.connections = connections;
    }

    /// Begins anew, with more keys.
    pub(super) fn watch_anew(&mut self, watch: Watch) {
        self.overview.watch_anew(watch);
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
            self.list.reveal(frame);
        }
    }

    /// How many connections the recording has, whatever is shown of them.
    pub(super) fn connection_count(&self) -> usize {
        self.whole.as_ref().map_or(self.connections.len(), |whole| whole.connections.len())
    }

    /// Shows these connections alone.
    pub(super) fn narrow(&mut self, connections: &[ConnectionId]) {
        let ground = self.ground.narrowed(connections);
        let watch = Watch::start(ground.clone(), Arc::clone(&self.wake));
        let overview = std::mem::replace(&mut self.overview, Overview::new(watch));
        let lines = std::mem::take(&mut self.lines);
        let before = std::mem::replace(&mut self.connections, connections.into());
        // A second filter puts nothing aside: what the first one left is not all.
        self.whole.get_or_insert(Whole { connections: before, overview, lines });
        if !connections.is_empty() {
            self.telling.renew(ground);
            self.tell_again();
        }
        self.sort_again();
    }

    /// Shows all connections again.
    fn widen(&mut self) {
        let Some(Whole { connections, overview, lines }) = self.whole.take() else { return };
        (self.connections, self.overview, self.lines) = (connections, overview, lines);
        self.telling.renew(self.ground.clone());
        self.tell_again();
    }

    /// Tells all connections again, where all are told.
    fn tell_again(&mut self) {
        if self.view == View::Story && self.told.is_none() {
            self.telling.begin(None);
        }
    }
}
