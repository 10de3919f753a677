//! What a window of a sweep completed, by the frames it stands on.

use super::announce::Shared;
use super::reader::Context;
use super::stretch::{Note, Stretch};
use super::view::View;
use crate::ids::{ConnectionId, FrameId};
use crate::message::{Message, Related};

/// What a connection put out in a window, and what is needed to describe it.
pub struct Told {
    pub(super) connection: ConnectionId,
    pub(super) shared: Shared,
    pub(super) stretch: Stretch,
}

/// What a window of frames completed.
pub struct Window {
    told: Vec<Told>,
    /// The first frame that completed anything.
    first: FrameId,
    /// Where in `done` each frame from that one on begins.
    starts: Vec<u32>,
    /// Connection and message, in the order of frames.
    done: Vec<(u32, u32)>,
    /// Where sessions gave up, in the order of frames.
    notes: Vec<Note>,
}

impl Window {
    /// Puts together what connections put out, in the order of frames. Of one connection it stands
    /// in the order in which it was read.
    #[must_use]
    pub fn of(mut told: Vec<Told>) -> Self {
        told.sort_by_key(|told| told.connection);
        let (first, starts, done) = in_order(&told);
        let notes = told.iter().flat_map(|told| told.stretch.notes());
        let mut notes: Vec<Note> = notes.copied().collect();
        notes.sort_by_key(|note| note.frame);
        Self { told, first, starts, done, notes }
    }

    /// The messages that a frame completed, each with what is needed to describe it.
    pub fn messages<'w>(
        &'w self,
        frame: FrameId,
        context: Context<'w>,
    ) -> impl Iterator<Item = (&'w Message, View<'w>)> {
        let at = frame.0.checked_sub(self.first.0).map(|at| at as usize);
        let bound = |at: usize| self.starts.get(at).map(|start| *start as usize);
        let range = at.and_then(|at| Some(bound(at)?..bound(at + 1)?));
        let done = range.and_then(|range| self.done.get(range)).unwrap_or(&[]);
        done.iter().filter_map(move |(job, index)| {
            let Told { shared, stretch, .. } = self.told.get(*job as usize)?;
            let message = stretch.messages.get(*index as usize)?;
            Some((message, View::over(context.frames, shared, stretch)))
        })
    }

    /// Where a frame showed that nobody reads on.
    pub(crate) fn notes(&self, frame: FrameId) -> impl Iterator<Item = &Note> {
        let first = self.notes.partition_point(|note| note.frame < frame);
        let rest = self.notes.get(first..).unwrap_or(&[]);
        rest.iter().take_while(move |note| note.frame == frame)
    }

    /// How messages that the window completed bear on others, by connection.
    pub fn related(&self) -> impl Iterator<Item = (ConnectionId, Related)> {
        self.told
            .iter()
            .flat_map(|told| told.stretch.related.iter().map(|related| (told.connection, *related)))
    }

    /// All messages of the window, with the frames that completed them.
    pub fn done_frames(&self) -> impl Iterator<Item = (FrameId, &Message)> {
        self.done.iter().filter_map(|(job, index)| {
            let message = self.told.get(*job as usize)?.stretch.messages.get(*index as usize)?;
            Some((message.done, message))
        })
    }
}

/// All messages of a window by the frames they stand on: the first frame, where each frame from
/// that one on begins, and connection and message. Frames of a window lie close together, so that
/// they are counted and not sorted.
fn in_order(told: &[Told]) -> (FrameId, Vec<u32>, Vec<(u32, u32)>) {
    let all = || {
        (0u32..).zip(told).flat_map(|(place, told)| {
            let messages = (0u32..).zip(&told.stretch.messages);
            messages.map(move |(index, one)| (one.done, place, index))
        })
    };
    let bounds = all().map(|(frame, ..)| (frame, frame));
    let bounds = bounds.reduce(|(low, high), (frame, _)| (low.min(frame), high.max(frame)));
    let Some((first, last)) = bounds else { return (FrameId::NONE, Vec::new(), Vec::new()) };
    let at = |frame: FrameId| (frame.0 - first.0) as usize;
    // Counted two places on: once all are placed, each start has come to where it belongs.
    let mut starts = vec![0u32; at(last) + 3];
    for (frame, ..) in all() {
        if let Some(count) = starts.get_mut(at(frame) + 2) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut done = vec![(0, 0); sum as usize];
    for (frame, place, index) in all() {
        if let Some(next) = starts.get_mut(at(frame) + 1) {
            if let Some(slot) = done.get_mut(*next as usize) {
                *slot = (place, index);
            }
            *next += 1;
        }
    }
    (first, starts, done)
}
