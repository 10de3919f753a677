//! The requests of a document: all of it is read once, on all cores.

use std::collections::{HashMap, HashSet};

use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::ids::{ConnectionId, FlowId, FrameId};
use wirestage_dissectors::requests::{Detail, Note, Request, Requests, notes};

use super::sweep::{Depth, Swept, Windows, sweep_over};
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
        // What was recorded at both ends is gathered once, at the near one.
        let far: HashSet<FlowId> = self.far.values().copied().collect();
        let is_far = |frame: FrameId| {
            let row = self.survey.row(frame).filter(|_| !far.is_empty());
            row.is_some_and(|row| far.contains(&row.flow))
        };
        let swept = sweep_over(
            self,
            (self.only.as_deref(), Depth::Whole),
            windows,
            progress,
            |scene, share| {
                let mut found: Vec<Note> = Vec::new();
                for frame in share.map(FrameId).filter(|frame| !is_far(*frame)) {
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

    /// Reads what requests hold, when somebody asks.
    #[must_use]
    pub fn details(&self) -> Details<'_> {
        Details { ground: self, conversations: self.conversations() }
    }

    /// The connections, to be read apart from those that a window looks at.
    #[must_use]
    pub fn conversations(&self) -> Conversations {
        Conversations::new(self.attribution.clone(), self.budget)
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

/// How many requests are read at a time, and how many bytes of content they may have together:
/// those of one connection are read in a row, where many take turns.
const BATCH: usize = 1 << 12;
/// See [`BATCH`].
const BATCH_BYTES: u64 = 32 << 20;

impl Details<'_> {
    /// Calls for each of these requests in their order, with its place among them all and what it
    /// holds, until the call says that it has enough. Says whether it got to the end.
    ///
    /// # Errors
    /// As the call.
    pub fn each<'r, E>(
        &mut self,
        rows: impl IntoIterator<Item = (usize, &'r Request)>,
        mut call: impl FnMut(usize, &'r Request, &Detail) -> Result<bool, E>,
    ) -> Result<bool, E> {
        let mut rows = rows.into_iter();
        loop {
            let batch = batch(&mut rows);
            if batch.is_empty() {
                return Ok(true);
            }
            let mut order: Vec<usize> = (0..batch.len()).collect();
            order.sort_by_key(|at| batch[*at].1.connection);
            let mut details = vec![Detail::default(); batch.len()];
            for at in order {
                details[at] = self.of(batch[at].1);
            }
            for ((at, row), detail) in batch.into_iter().zip(details) {
                if !call(at, row, &detail)? {
                    return Ok(false);
                }
            }
        }
    }

    /// What one of them holds.
    fn of(&mut self, request: &Request) -> Detail {
        let surroundings = (self.ground.context(), &*self.ground.survey);
        Detail::of(request, &mut self.conversations, surroundings)
    }
}

/// The next requests that are read together: at least one, where there is one.
fn batch<'r>(rows: &mut impl Iterator<Item = (usize, &'r Request)>) -> Vec<(usize, &'r Request)> {
    let mut bytes = 0;
    let mut found = Vec::new();
    while found.len() < BATCH && bytes < BATCH_BYTES {
        let Some((at, row)) = rows.next() else { break };
        let sides = [row.question, row.answer].into_iter().flatten();
        bytes += sides.map(|said| said.content()).sum::<u64>();
        found.push((at, row));
    }
    found
}
