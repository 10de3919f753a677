//! One connection as far as it was read: checkpoints between its stretches, and the reader as it
//! is after the last of them.

use std::sync::Arc;

use crate::engine::reader::{ConnectionReader, Context};
use crate::engine::stretch::Stretch;
use crate::engine::sweep::{Surroundings, feed};
use crate::engine::view::View;
use crate::frames::{Frames, Passing};
use crate::ids::FrameId;
use crate::message::Message;

/// The reader as it was before a stretch.
pub(super) struct Checkpoint {
    reader: ConnectionReader,
    start: Stretch,
    pub(super) first: usize,
}

/// One connection, as far as it was read.
pub struct Conversation {
    pub(super) frames: Arc<Vec<FrameId>>,
    pub(super) checkpoints: Vec<Arc<Checkpoint>>,
    /// The reader after the last stretch: it knows all layers and keys until there.
    pub(super) tail: ConnectionReader,
    /// What the next stretch begins with.
    next: Stretch,
    /// How many of the frames were read.
    pub(super) read: usize,
}

/// A stretch of a conversation, held by whoever looks at it.
#[derive(Clone)]
pub struct Held {
    pub(super) conversation: Arc<Conversation>,
    pub(super) stretch: Arc<Stretch>,
}

impl Conversation {
    /// A connection of which nothing was read yet.
    pub(super) fn new(frames: Arc<Vec<FrameId>>, reader: ConnectionReader) -> Self {
        let next = Stretch::default();
        Self { frames, checkpoints: Vec::new(), tail: reader, next, read: 0 }
    }

    /// How many stretches were read.
    #[must_use]
    pub fn stretches(&self) -> usize {
        self.checkpoints.len()
    }

    /// Whether it was read to its end.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.read >= self.frames.len() && !self.checkpoints.is_empty()
    }

    /// Its frames, in order, read or not.
    #[must_use]
    pub fn frames(&self) -> &[FrameId] {
        &self.frames
    }

    /// The reader as it is after what was read: it knows all layers until there, and what secrets
    /// were missing.
    #[must_use]
    pub const fn reader(&self) -> &ConnectionReader {
        &self.tail
    }

    /// The same again, to be read on.
    pub(super) fn fork(&self) -> Self {
        Self {
            frames: Arc::clone(&self.frames),
            checkpoints: self.checkpoints.clone(),
            tail: self.tail.fork(),
            next: self.next.fork(),
            read: self.read,
        }
    }

    /// Reads the next stretch, up to about `limit` bytes.
    pub(super) fn step(&mut self, limit: usize, surroundings: Surroundings<'_>) -> Stretch {
        let (reader, first) = (self.tail.fork(), self.read);
        self.checkpoints.push(Arc::new(Checkpoint { reader, start: self.next.fork(), first }));
        let start = std::mem::take(&mut self.next);
        let range = first..usize::MAX;
        let (stretch, end) = read(&mut self.tail, start, &self.frames, range, limit, surroundings);
        self.next = self.tail.next_stretch(&stretch);
        self.read = end;
        stretch
    }

    /// Reads a stretch again; `None` if it was never read.
    pub(super) fn again(&self, index: usize, surroundings: Surroundings<'_>) -> Option<Stretch> {
        let point = self.checkpoints.get(index)?;
        let end = self.checkpoints.get(index + 1).map_or(self.read, |next| next.first);
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
    reader: &mut ConnectionReader,
    mut stretch: Stretch,
    frames: &[FrameId],
    range: std::ops::Range<usize>,
    limit: usize,
    surroundings: Surroundings<'_>,
) -> (Stretch, usize) {
    let (context, survey, attribution) = surroundings;
    let passing = Passing::new(context.frames);
    let surroundings = (Context { frames: &passing, ..context }, survey, attribution);
    let mut at = range.start;
    for id in frames.get(range.start..range.end.min(frames.len())).unwrap_or(&[]) {
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
        self.conversation.tail.view(frames, &self.stretch)
    }

    /// The messages that a frame completed.
    pub fn completed_by(&self, frame: FrameId) -> impl Iterator<Item = &Message> {
        let messages = &self.stretch.messages;
        let start = messages.partition_point(|message| message.done < frame);
        let rest = messages.get(start..).unwrap_or(&[]);
        rest.iter().take_while(move |message| message.done == frame)
    }
}
