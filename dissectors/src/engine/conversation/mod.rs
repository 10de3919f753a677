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
//!
//! A connection is read as far as somebody looks: whoever looks at its beginning does not wait for
//! its end, and whoever looks further goes on from there.

mod one;
mod uses;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::announce::Want;
use super::reader::Context;
use super::stretch::Stretch;
use crate::attribution::Attribution;
use crate::ids::{ConnectionId, FrameId};
use crate::limits::{ASKED_EACH, MAX_CONVERSATIONS};
use crate::secret::Label;
use crate::survey::Survey;

pub use one::{Conversation, Held};
use uses::Uses;

/// Bytes of stretches that are kept unless told otherwise.
pub const DEFAULT_BUDGET: usize = 64 << 20;

/// A budget is divided over at least this many stretches: if one stretch could fill it, nothing
/// could be evicted by itself.
const STRETCHES_PER_BUDGET: usize = 16;

/// Asked now and then whether reading shall stop; once it says so, it goes on saying so.
pub type Stop<'a> = &'a dyn Fn() -> bool;

/// Reads to the end, whatever happens.
pub const NEVER: Stop<'static> = &|| false;

/// Frames of a long walk, until it shall stop.
pub(crate) fn heeding(
    frames: impl Iterator<Item = FrameId>,
    stop: Stop<'_>,
) -> impl Iterator<Item = FrameId> {
    let mut frames = frames.enumerate();
    std::iter::from_fn(move || {
        let (at, frame) = frames.next()?;
        (!at.is_multiple_of(ASKED_EACH) || !stop()).then_some(frame)
    })
}

/// A stretch in memory.
struct Kept {
    stretch: Arc<Stretch>,
    /// What it took when it was last measured.
    cost: usize,
}

/// The conversations that are open: their stretches under one budget, and so many of them that what
/// each holds beside those (its reader, its checkpoints, the list of its frames) stays bounded,
/// too. Whatever was dropped is read again when somebody looks.
pub struct Conversations {
    attribution: Arc<Attribution>,
    open: HashMap<ConnectionId, Arc<Conversation>>,
    opened: Uses<ConnectionId>,
    kept: HashMap<(ConnectionId, usize), Kept>,
    looked_at: Uses<(ConnectionId, usize)>,
    /// The stretch that was looked at last: looking may have made derived bytes in it.
    latest: Option<(ConnectionId, usize)>,
    /// What all kept stretches take together.
    cost: usize,
    budget: usize,
    reads: u64,
}

impl Conversations {
    /// None open yet; stretches may take about `budget` bytes together.
    #[must_use]
    pub fn new(attribution: Arc<Attribution>, budget: usize) -> Self {
        Self {
            attribution,
            open: HashMap::new(),
            opened: Uses::default(),
            kept: HashMap::new(),
            looked_at: Uses::default(),
            latest: None,
            cost: 0,
            budget,
            reads: 0,
        }
    }

    /// How often a connection was read from its beginning.
    #[must_use]
    pub const fn reads(&self) -> u64 {
        self.reads
    }

    /// How many connections are open.
    #[must_use]
    pub fn opened(&self) -> usize {
        self.open.len()
    }

    /// How many stretches of them are kept.
    #[must_use]
    pub fn stretches_kept(&self) -> usize {
        self.kept.len()
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
        (self.opened, self.looked_at) = (Uses::default(), Uses::default());
        (self.latest, self.cost) = (None, 0);
    }

    /// The connection of a frame.
    #[must_use]
    pub fn of_frame(&self, frame: FrameId, survey: &Survey) -> Option<ConnectionId> {
        self.attribution.of(frame, survey).map(|owner| owner.connection)
    }

    /// Reads a connection to its end, unless that was done already.
    pub fn open(
        &mut self,
        id: ConnectionId,
        context: Context<'_>,
        survey: &Survey,
    ) -> Arc<Conversation> {
        self.read_on(id, |_| false, NEVER, (context, survey))
    }

    /// A connection as far as it was read, which may be not at all.
    pub fn begin(&mut self, id: ConnectionId, survey: &Survey) -> Arc<Conversation> {
        self.opened.touch(id);
        if let Some(open) = self.open.get(&id) {
            return Arc::clone(open);
        }
        if self.open.len() >= MAX_CONVERSATIONS
            && let Some(oldest) = self.opened.oldest()
        {
            self.forget(oldest);
        }
        let frames = Arc::new(self.attribution.frames(id, survey));
        let reader = self.attribution.reader(id, survey);
        let conversation = Arc::new(Conversation::new(frames, reader));
        self.open.insert(id, Arc::clone(&conversation));
        conversation
    }

    /// Reads on, stretch by stretch, until that is enough, the connection ends, or reading shall
    /// stop.
    fn read_on(
        &mut self,
        id: ConnectionId,
        enough: impl Fn(&Conversation) -> bool,
        stop: Stop<'_>,
        (context, survey): (Context<'_>, &Survey),
    ) -> Arc<Conversation> {
        let known = self.begin(id, survey);
        if known.is_whole() || enough(&known) {
            return known;
        }
        if known.checkpoints.is_empty() {
            self.reads += 1;
        }
        let attribution = Arc::clone(&self.attribution);
        // Others may hold what was read so far: this goes on beside it.
        let mut conversation = known.fork();
        let limit = self.budget / STRETCHES_PER_BUDGET;
        // If the connection is too large to keep, keep its beginning: a reader starts there.
        let mut room = self.budget;
        let mut fresh = Vec::new();
        while !conversation.is_whole() && !enough(&conversation) && !stop() {
            let index = conversation.checkpoints.len();
            let stretch = conversation.step(limit, (context, survey, &*attribution));
            room = room.saturating_sub(stretch.cost());
            if room > 0 || fresh.is_empty() {
                fresh.push((index, Arc::new(stretch)));
            }
        }
        let conversation = Arc::new(conversation);
        self.open.insert(id, Arc::clone(&conversation));
        for (index, stretch) in fresh {
            self.keep(id, index, stretch);
        }
        conversation
    }

    /// One stretch of a connection: kept, or read, or read again from its checkpoint; nothing past
    /// the last one.
    pub fn stretch(
        &mut self,
        id: ConnectionId,
        index: usize,
        context: Context<'_>,
        survey: &Survey,
    ) -> Option<Held> {
        self.stretch_until(id, index, NEVER, (context, survey))
    }

    /// The same; nothing also where reading shall stop before it is there.
    pub fn stretch_until(
        &mut self,
        id: ConnectionId,
        index: usize,
        stop: Stop<'_>,
        (context, survey): (Context<'_>, &Survey),
    ) -> Option<Held> {
        let enough = |read: &Conversation| read.checkpoints.len() > index;
        let conversation = self.read_on(id, enough, stop, (context, survey));
        self.look_at((id, index));
        if let Some(kept) = self.kept.get(&(id, index)) {
            self.looked_at.touch((id, index));
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
        self.at_frame_until(frame, NEVER, (context, survey))
    }

    /// The stretch in which a frame lies; nothing also where reading shall stop before it is
    /// there. What was read until then is kept.
    pub fn at_frame_until(
        &mut self,
        frame: FrameId,
        stop: Stop<'_>,
        (context, survey): (Context<'_>, &Survey),
    ) -> Option<Held> {
        let id = self.of_frame(frame, survey)?;
        let place = self.begin(id, survey).frames.binary_search(&frame).ok()?;
        let enough = |read: &Conversation| read.read > place;
        let conversation = self.read_on(id, enough, stop, (context, survey));
        if !enough(&conversation) {
            return None;
        }
        let after = conversation.checkpoints.partition_point(|point| point.first <= place);
        self.stretch(id, after.checked_sub(1)?, context, survey)
    }

    /// Forgets the connections that miss one of these secrets, so that they are read again with
    /// them.
    pub fn secrets_arrived(&mut self, client_randoms: &[[u8; 32]]) {
        let arrived: HashSet<&[u8; 32]> = client_randoms.iter().collect();
        self.forget_where(|want| arrived.contains(&want.client_random));
    }

    /// Forgets the connections that lack a secret. As long as there were no secrets at all, their
    /// messages say so as the reason; that is no longer true.
    pub fn first_secrets_arrived(&mut self) {
        self.forget_where(|_| true);
    }

    /// Forgets the connections that miss a master secret, for a private key may open it.
    pub fn private_key_arrived(&mut self) {
        self.forget_where(|want| want.label == Label::ClientRandom);
    }

    /// Forgets the connections that want such a secret.
    fn forget_where(&mut self, is_met: impl Fn(&Want) -> bool) {
        let wanting = self.open.iter().filter(|(_, open)| open.tail.wants().iter().any(&is_met));
        let wanting: Vec<ConnectionId> = wanting.map(|(id, _)| *id).collect();
        wanting.iter().for_each(|id| self.forget(*id));
    }

    /// Drops a connection and its stretches.
    fn forget(&mut self, id: ConnectionId) {
        self.opened.forget(id);
        let stretches = self.open.remove(&id).map_or(0, |open| open.checkpoints.len());
        (0..stretches).for_each(|index| self.drop_stretch((id, index)));
    }

    fn drop_stretch(&mut self, key: (ConnectionId, usize)) {
        self.looked_at.forget(key);
        if let Some(gone) = self.kept.remove(&key) {
            self.cost -= gone.cost;
        }
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
        let cost = stretch.cost();
        self.drop_stretch((id, index));
        self.cost += cost;
        self.kept.insert((id, index), Kept { stretch, cost });
        self.looked_at.touch((id, index));
        while self.cost > self.budget && self.kept.len() > 1 {
            let Some(oldest) = self.looked_at.oldest() else { break };
            self.drop_stretch(oldest);
        }
    }
}
