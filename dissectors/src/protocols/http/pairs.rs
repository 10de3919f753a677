//! Which request a response answers: by their order (RFC 9112, section 9.3.2), across whatever
//! the capture lost.
//!
//! ```text
//!   GET a ──> │  (hole)  │ <── GET b │ 200      a client that asks one thing at a time had its
//!                                               answer to a; this one is that to b
//! ```

use std::collections::VecDeque;

use super::framing::Method;
use crate::ids::{Direction, FrameId, MessageId};
use crate::message::Relation;
use crate::session::Out;
use crate::span::Span;

/// Requests that may wait for their response; past it the oldest is taken to have been lost.
const MAX_PIPELINED: usize = 1024;

/// A request that was read and not yet answered.
#[derive(Clone, Copy)]
pub(super) struct Waiting {
    pub(super) id: MessageId,
    pub(super) from: Direction,
    /// The frame that completes it; while it is open, the one that completed its head.
    pub(super) frame: FrameId,
    pub(super) head: Span,
    pub(super) method: Method,
    pub(super) previous: FrameId,
    /// Its response may lie in a hole of the capture.
    pub(super) doubtful: bool,
}

/// The requests of a connection and what is known of their answers.
#[derive(Clone, Default)]
pub(super) struct Pairs {
    waiting: VecDeque<Waiting>,
    /// Whether the client has sent a request before the one before was answered.
    pipelines: bool,
    /// Whether responses may be missing before the next one.
    hole: bool,
    /// Whether requests may be missing that were sent before the next response.
    lost: bool,
    /// Whether all requests were seen so far: the connection's beginning was captured, and
    /// nothing is missing since.
    complete: bool,
    /// A response that was stored before its request.
    early: Option<MessageId>,
}

impl Pairs {
    /// At the beginning of a connection; `complete` where that was captured.
    pub(super) fn new(complete: bool) -> Self {
        Self { complete, ..Self::default() }
    }

    /// Bytes of one direction are missing; `was_idle` where they begin between two messages.
    pub(super) fn gap(&mut self, direction: Direction, was_idle: bool) {
        self.complete = false;
        self.early = None;
        let client = self.waiting.front().map_or(Direction::Forward, |waiting| waiting.from);
        if direction != client {
            self.hole = true;
        } else if was_idle {
            self.lost = true;
        }
    }

    /// The heads of the requests that wait: their bytes are needed with the answers.
    pub(super) fn heads(&self) -> impl Iterator<Item = Span> {
        self.waiting.iter().map(|waiting| waiting.head)
    }

    /// A response came before any request.
    pub(super) fn came_first(&mut self, response: MessageId) {
        self.early = self.complete.then_some(response);
    }

    /// A request is complete in this frame.
    pub(super) fn completed(&mut self, id: MessageId, frame: FrameId) {
        if let Some(waiting) = self.waiting.iter_mut().rev().find(|waiting| waiting.id == id) {
            waiting.frame = frame;
        }
    }

    /// A request waits for its response.
    pub(super) fn wait(&mut self, mut waiting: Waiting, out: &mut Out<'_>) {
        if let Some(response) = self.early.take() {
            out.relate(response, Relation::Answers, waiting.id);
            return;
        }
        if !self.hole {
            self.lost = false;
        }
        if self.waiting.len() >= MAX_PIPELINED {
            self.waiting.pop_front();
        }
        waiting.doubtful = self.waiting.iter().any(|other| other.doubtful);
        self.waiting.push_back(waiting);
    }

    /// The request that a response in this direction answers, where that is certain. It goes on
    /// waiting where the response is an interim one.
    pub(super) fn answered(&mut self, direction: Direction, interim: bool) -> Option<Waiting> {
        if std::mem::take(&mut self.hole) {
            self.behind_a_hole();
        } else {
            self.pipelines |= self.waiting.len() > 1;
        }
        let oldest = self.waiting.front().copied().filter(|oldest| oldest.from != direction)?;
        if !interim {
            self.waiting.pop_front();
        }
        Some(oldest).filter(|oldest| !oldest.doubtful)
    }

    /// Responses are missing before the one at hand. A client that asks one thing at a time had
    /// the missing answers before it asked the last one; of any other nothing is certain until
    /// all that it asked was answered.
    fn behind_a_hole(&mut self) {
        if std::mem::take(&mut self.lost) && !self.pipelines {
            self.waiting.clear();
        } else if self.pipelines {
            self.waiting.iter_mut().for_each(|waiting| waiting.doubtful = true);
        } else if let Some(last) = self.waiting.pop_back() {
            self.waiting.clear();
            self.waiting.push_back(last);
        }
    }
}
