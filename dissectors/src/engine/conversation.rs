//! Conversations that are looked at: stretches between checkpoints, kept while memory allows.
//!
//! ```text
//!   checkpoint 0      checkpoint 1      checkpoint 2      tail
//!   │── stretch 0 ────│── stretch 1 ────│── stretch 2 ────│
//!       (kept)            (evicted)         (kept)
//! ```
//!
//! A checkpoint holds the reader as it was, so an evicted stretch can be read again on its own,
//! with equal ids. What comes out is a pure function of frames and secrets.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::reader::{Context, Reader};
use super::stretch::Stretch;
use super::sweep::{Surroundings, feed};
use super::view::View;
use crate::attribution::Attribution;
use crate::frames::Frames;
use crate::ids::{ConnectionId, FrameId};
use crate::limits::FAR_BEHIND;
use crate::message::Message;
use crate::survey::Survey;

/// Bytes of stretches that are kept unless told otherwise.
pub const DEFAULT_BUDGET: usize = 64 << 20;

/// A budget is spent on at least so many stretches: one could not be evicted singly.
const STRETCHES_PER_BUDGET: usize = 16;

/// The reader as it was before a stretch.
struct Checkpoint {
    reader: Reader,
    start: Stretch,
    first: usize,
}

/// One connection that was read.
pub struct Conversation {
    frames: Vec<FrameId>,
    checkpoints: Vec<Checkpoint>,
    /// The reader after the last stretch: it knows all layers and keys.
    tail: Reader,
}

/// A stretch of a conversation, held by whoever looks at it.
#[derive(Clone)]
pub struct Held {
    conversation: Arc<Conversation>,
    stretch: Arc<Stretch>,
}

/// A stretch in memory.
struct Kept {
    stretch: Arc<Stretch>,
    /// When it was last looked at.
    used: u64,
    /// What it took when it was last measured.
    cost: usize,
}

/// All conversations that are open, under one budget.
pub struct Conversations {
    attribution: Arc<Attribution>,
    open: HashMap<ConnectionId, Arc<Conversation>>,
    kept: HashMap<(ConnectionId, usize), Kept>,
    /// The stretch that was looked at last: looking may have made derived bytes in it.
    latest: Option<(ConnectionId, usize)>,
    /// What all kept stretches take together.
    cost: usize,
    budget: usize,
    clock: u64,
    reads: u64,
}

impl Conversations {
    /// None open yet; stretches may take about `budget` bytes together.
    #[must_use]
    pub fn new(attribution: Arc<Attribution>, budget: usize) -> Self {
        let (open, kept) = (HashMap::new(), HashMap::new());
        Self { attribution, open, kept, latest: None, cost: 0, budget, clock: 0, reads: 0 }
    }

    /// How often a connection was read from its beginning.
    #[must_use]
    pub const fn reads(&self) -> u64 {
        self.reads
    }

    /// Which frame belongs to which connection.
    #[must_use]
    pub fn attribution(&self) -> &Attribution {
        &self.attribution
    }

    /// Goes on under another attribution: every connection is read again.
    pub fn attribute(&mut self, attribution: Arc<Attribution>) {
        self.attribution = attribution;
        self.open.clear();
        self.kept.clear();
        (self.latest, self.cost) = (None, 0);
    }

    /// The connection of a frame.
    #[must_use]
    pub fn of_frame(&self, frame: FrameId, survey: &Survey) -> Option<ConnectionId> {
        self.attribution.of(frame, survey).map(|owner| owner.connection)
    }

    /// Reads a connection, unless it is open already.
    pub fn open(
        &mut self,
        id: ConnectionId,
        context: Context<'_>,
        survey: &Survey,
    ) -> Arc<Conversation> {
        if let Some(open) = self.open.get(&id) {
            return Arc::clone(open);
        }
        self.reads += 1;
        let attribution = Arc::clone(&self.attribution);
        let mut conversation = Conversation {
            frames: attribution.frames(id, survey),
            checkpoints: Vec::new(),
            tail: attribution.reader(id, survey),
        };
        // Of one that is too large to be kept, the beginning is: whoever opens it starts there.
        let mut stretches = Vec::new();
        let mut room = self.budget;
        let mut start = Stretch::default();
        let mut first = 0;
        loop {
            let reader = conversation.tail.fork();
            conversation.checkpoints.push(Checkpoint { reader, start: start.fork(), first });
            let limit = self.budget / STRETCHES_PER_BUDGET;
            let (stretch, end) = read(
                &mut conversation.tail,
                start,
                &conversation.frames,
                first..usize::MAX,
                limit,
                (context, survey, &*attribution),
            );
            start = conversation.tail.next_stretch(&stretch);
            room = room.saturating_sub(stretch.cost());
            if room > 0 || stretches.is_empty() {
                stretches.push(Arc::new(stretch));
            }
            if end >= conversation.frames.len() {
                break;
            }
            first = end;
        }
        let conversation = Arc::new(conversation);
        self.open.insert(id, Arc::clone(&conversation));
        for (index, stretch) in stretches.into_iter().enumerate() {
            self.keep(id, index, stretch);
        }
        conversation
    }

    /// One stretch of a connection: kept, or read again from its checkpoint.
    pub fn stretch(
        &mut self,
        id: ConnectionId,
        index: usize,
        context: Context<'_>,
        survey: &Survey,
    ) -> Option<Held> {
        let conversation = self.open(id, context, survey);
        self.clock += 1;
        self.look_at((id, index));
        if let Some(kept) = self.kept.get_mut(&(id, index)) {
            kept.used = self.clock;
            return Some(Held { stretch: Arc::clone(&kept.stretch), conversation });
        }
        let stretch = Arc::new(conversation.again(index, (context, survey, &*self.attribution))?);
        self.keep(id, index, Arc::clone(&stretch));
        Some(Held { conversation, stretch })
    }

    /// The stretch in which a frame lies.
    pub fn at_frame(
        &mut self,
        frame: FrameId,
        context: Context<'_>,
        survey: &Survey,
    ) -> Option<Held> {
        let id = self.of_frame(frame, survey)?;
        let conversation = self.open(id, context, survey);
        let place = conversation.frames.binary_search(&frame).ok()?;
        let after = conversation.checkpoints.partition_point(|point| point.first <= place);
        self.stretch(id, after.checked_sub(1)?, context, survey)
    }

    /// Forgets the connections that miss one of these secrets, so that they are read again with
    /// them. Says which.
    pub fn secrets_arrived(&mut self, client_randoms: &[[u8; 32]]) -> Vec<ConnectionId> {
        let arrived: HashSet<&[u8; 32]> = client_randoms.iter().collect();
        let wanting: Vec<ConnectionId> = self
            .open
            .iter()
            .filter(|(_, open)| {
                open.tail.wants().iter().any(|want| arrived.contains(&want.client_random))
            })
            .map(|(id, _)| *id)
            .collect();
        for id in &wanting {
            self.open.remove(id);
            self.kept.retain(|(owner, _), _| owner != id);
        }
        self.cost = self.kept.values().map(|kept| kept.cost).sum();
        wanting
    }

    /// Measures again the stretch that was looked at until now, once the look moves on: only
    /// looking makes a stretch grow, and measuring all of them each time would cost more than
    /// reading one.
    fn look_at(&mut self, key: (ConnectionId, usize)) {
        if self.latest == Some(key) {
            return;
        }
        let before = self.latest.replace(key);
        if let Some(kept) = before.and_then(|before| self.kept.get_mut(&before)) {
            self.cost -= kept.cost;
            kept.cost = kept.stretch.cost();
            self.cost += kept.cost;
        }
    }

    fn keep(&mut self, id: ConnectionId, index: usize, stretch: Arc<Stretch>) {
        self.clock += 1;
        let (cost, used) = (stretch.cost(), self.clock);
        self.cost += cost;
        if let Some(old) = self.kept.insert((id, index), Kept { stretch, used, cost }) {
            self.cost -= old.cost;
        }
        while self.cost > self.budget && self.kept.len() > 1 {
            let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.used).map(|(key, _)| *key);
            let Some(gone) = oldest.and_then(|key| self.kept.remove(&key)) else { break };
            self.cost -= gone.cost;
        }
    }
}

impl Conversation {
    /// How many stretches it has.
    #[must_use]
    pub fn stretches(&self) -> usize {
        self.checkpoints.len()
    }

    /// Its frames, in order.
    #[must_use]
    pub fn frames(&self) -> &[FrameId] {
        &self.frames
    }

    /// The reader as it is at the end: it knows all layers, and what secrets were missing.
    #[must_use]
    pub const fn reader(&self) -> &Reader {
        &self.tail
    }

    fn again(&self, index: usize, surroundings: Surroundings<'_>) -> Option<Stretch> {
        let point = self.checkpoints.get(index)?;
        let end = self.checkpoints.get(index + 1).map_or(self.frames.len(), |next| next.first);
        let mut reader = point.reader.fork();
        let range = point.first..end;
        let start = point.start.fork();
        let again = read(&mut reader, start, &self.frames, range, usize::MAX, surroundings);
        Some(again.0)
    }
}

/// Reads frames into a stretch until it costs more than `limit` or the range ends; the reader is
/// finished where the frames end. Says where it stopped.
fn read(
    reader: &mut Reader,
    mut stretch: Stretch,
    frames: &[FrameId],
    range: std::ops::Range<usize>,
    limit: usize,
    surroundings: Surroundings<'_>,
) -> (Stretch, usize) {
    let mut at = range.start;
    let mut behind = frames.get(at).map_or(0, |id| id.0);
    for id in frames.get(range.start..range.end.min(frames.len())).unwrap_or(&[]) {
        if id.0.wrapping_sub(behind) >= FAR_BEHIND {
            surroundings.0.frames.release(behind..id.0);
            behind = id.0;
        }
        feed(reader, &mut stretch, *id, surroundings);
        at += 1;
        // What waits for a key is completed in the stretch in which it began to wait.
        if stretch.size() > limit && reader.parked_at().is_none() {
            break;
        }
    }
    if at >= frames.len() {
        reader.finish(surroundings.0, &mut stretch);
    }
    stretch.sort();
    (stretch, at)
}

impl Held {
    /// The stretch.
    #[must_use]
    pub fn stretch(&self) -> &Stretch {
        &self.stretch
    }

    /// The conversation.
    #[must_use]
    pub fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// What is needed to describe its messages.
    #[must_use]
    pub fn view<'a>(&'a self, frames: &'a dyn Frames) -> View<'a> {
        View::new(frames, &self.conversation.tail, &self.stretch)
    }

    /// The messages that a frame completed.
    pub fn completed_by(&self, frame: FrameId) -> impl Iterator<Item = &Message> {
        let messages = &self.stretch.messages;
        let start = messages.partition_point(|message| message.done < frame);
        let rest = messages.get(start..).unwrap_or(&[]);
        rest.iter().take_while(move |message| message.done == frame)
    }
}
