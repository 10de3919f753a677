//! The requests of a document: all of it is read once, on all cores.

use std::collections::{HashMap, HashSet};

use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::filter::{Filter, RowSet};
use wirestage_dissectors::ids::{ConnectionId, FlowId, FrameId};
use wirestage_dissectors::requests::{Detail, Note, Request, Requests, Said, notes};

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
    /// Reads everything, and gathers the requests; `None` if that was cancelled.
    #[must_use]
    pub fn requests(&self, windows: Windows, progress: &Progress) -> Option<Gathered> {
        self.ground().requests(windows, progress)
    }

    /// The requests that have any part in the frames that pass a filter; only their connections are
    /// read. `None` if that was cancelled.
    #[must_use]
    pub fn requests_of(&self, filter: &Filter, progress: &Progress) -> Option<Gathered> {
        let rows = self.rows(filter, progress)?;
        let ground = self.ground().narrowed(&self.connections_of(&rows));
        ground.requests_among(Some(&rows), Windows::default(), progress)
    }
}

impl Ground {
    /// The same, on whatever thread.
    #[must_use]
    pub fn requests(&self, windows: Windows, progress: &Progress) -> Option<Gathered> {
        self.requests_among(None, windows, progress)
    }

    /// The same of those alone that have a part in any of these frames.
    fn requests_among(
        &self,
        frames: Option<&RowSet>,
        windows: Windows,
        progress: &Progress,
    ) -> Option<Gathered> {
        let (mut gathered, mut touched) = (Requests::default(), HashSet::new());
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
                let (mut found, mut passing) = (Vec::<Note>::new(), Vec::new());
                for frame in share.map(FrameId).filter(|frame| !is_far(*frame)) {
                    notes(frame, scene, &self.attribution, &mut found);
                    passing.resize(found.len(), frames.is_some_and(|one| one.contains(frame)));
                }
                (found, passing)
            },
            |(found, passing)| {
                for (note, passes) in found.into_iter().zip(passing) {
                    touched.extend(gathered.take(note).filter(|_| passes));
                }
                true
            },
        );
        let (rows, left_out) = gathered.finish_of(|place, request| {
            frames.is_none_or(|frames| {
                touched.contains(&place) || self.passes_within(request, frames)
            })
        });
        (swept == Swept::All).then_some(Gathered { rows, left_out })
    }

    /// Whether a frame passes that a request was under way in, where nothing else was then.
    fn passes_within(&self, request: &Request, frames: &RowSet) -> bool {
        let own = |frame| {
            let owner = self.attribution.of(frame, &self.survey);
            owner.is_some_and(|owner| owner.connection == request.connection)
        };
        let mut sides = [request.question, request.answer].into_iter().flatten();
        let within = |said: Said| {
            let (first, last) = (said.first.frame, said.last.frame);
            let rows = frames.before(first)..frames.before(FrameId(last.0.saturating_add(1)));
            rows.filter_map(|row| frames.at(row)).any(own)
        };
        request.lane.is_none() && sides.any(within)
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

    /// The same, by what the far end of a connection is known as besides, where it was recorded at
    /// both.
    #[must_use]
    pub fn numbers_of_both(&self) -> Numbers {
        let mut numbers = self.numbers();
        for (near, far) in &*self.far {
            if let Some(number) = numbers.get(&ConnectionId(near.0)).copied() {
                numbers.insert(ConnectionId(far.0), number);
            }
        }
        numbers
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
