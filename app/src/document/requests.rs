//! The requests of a document: all of it is read once, on all cores.

use std::collections::HashMap;

use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::ids::{ConnectionId, FrameId};
use wirestage_dissectors::limits::TELLING_BUDGET;
use wirestage_dissectors::requests::{Detail, Note, Request, Requests, notes};

use super::sweep::{Swept, Windows, sweep_over};
use super::{Document, Ground, Progress};

/// The requests of a recording, in the order in which they began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gathered {
    /// A row each.
    pub rows: Vec<Request>,
    /// How many more there are than are kept.
    pub left_out: u64,
}

/// The number of each connection, as it is named wherever one is chosen; the first is 1.
pub type Numbers = HashMap<ConnectionId, usize>;

impl Document {
    /// Reads everything, and gathers the requests; nothing where that was cancelled.
    #[must_use]
    pub fn requests(&self, windows: Windows, progress: &Progress) -> Option<Gathered> {
        self.ground().requests(windows, progress)
    }
}

impl Ground {
    /// The same, on whatever thread.
    #[must_use]
    pub fn requests(&self, windows: Windows, progress: &Progress) -> Option<Gathered> {
        let mut gathered = Requests::default();
        let swept = sweep_over(
            self,
            windows,
            progress,
            |scene, share| {
                let mut found: Vec<Note> = Vec::new();
                for frame in share.map(FrameId) {
                    notes(frame, scene, &self.attribution, &mut found);
                }
                found
            },
            |found| {
                found.into_iter().for_each(|note| gathered.take(note));
                true
            },
        );
        let (rows, left_out) = gathered.finish();
        (swept == Swept::All).then_some(Gathered { rows, left_out })
    }

    /// Reads what requests hold, one after the other: whoever goes through them in their order
    /// reads each connection little more than once.
    #[must_use]
    pub fn details(&self) -> Details<'_> {
        let budget = self.budget.min(TELLING_BUDGET);
        let conversations = Conversations::new(self.attribution.clone(), budget);
        Details { ground: self, conversations }
    }

    /// The number of each connection, as it is named wherever one is chosen; the first is 1.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        self.connections.iter().copied().zip(1..).collect()
    }
}

/// What requests hold, read when somebody asks.
pub struct Details<'g> {
    ground: &'g Ground,
    conversations: Conversations,
}

impl Details<'_> {
    /// What one of them holds.
    #[must_use]
    pub fn of(&mut self, request: &Request) -> Detail {
        let surroundings = (self.ground.context(), &*self.ground.survey);
        Detail::of(request, &mut self.conversations, surroundings)
    }
}
