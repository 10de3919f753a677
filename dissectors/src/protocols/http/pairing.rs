//! Which request a response answers (RFC 9112, section 9.3.2: responses come in the order of
//! their requests), also where some of either are not in the capture.
//!
//! ```text
//!   nothing is missing     the oldest request that waits
//!   responses are missing  the latest request, where the client sends one at a time;
//!                          nothing, where several wait and it does not
//!   both are missing       nothing: the request may be a missing one
//! ```
//!
//! A client that sends one request at a time sends the next one when it has its answer. So
//! whatever waits besides its latest request was answered in what is missing.

use std::collections::VecDeque;

use super::framing::Method;
use crate::ids::{Both, Direction, FrameId, MessageId};
use crate::span::Span;

/// Requests that may wait for their response; past it the oldest is taken to have been lost.
const MAX_PIPELINED: usize = 1024;

/// A request that was read and not yet answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub(super) id: MessageId,
    pub(super) from: Direction,
    /// The frame that completes it; while it is open, the one that completed its head.
    pub(super) frame: FrameId,
    pub(super) head: Span,
    pub(super) method: Method,
    /// The frame of the request before it.
    pub(super) previous: FrameId,
}

/// What is missing since the last message of a direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hole {
    /// Nothing.
    #[default]
    Nothing,
    /// The rest of that message, most likely.
    Inside,
    /// What lies between messages: whole ones.
    Between,
}

/// How far the order of requests and responses can be relied on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Order {
    /// All that was sent was read.
    #[default]
    Sure,
    /// Responses came that are not known to answer a request: theirs may be stored behind them.
    Stray,
    /// Responses are missing.
    Doubtful,
}

/// Requests that wait, and what is known of the habits of their client.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairing {
    waiting: VecDeque<Waiting>,
    /// Whether a hole lies between a waiting request and the one before it.
    behind_hole: VecDeque<bool>,
    holes: Both<Hole>,
    order: Order,
    /// Whether this client was seen to send a request before it had the answer to another.
    pipelines: bool,
    /// Whether it was seen to do so while answers were coming.
    overlaps: bool,
    /// Whether a response came since the last request.
    heard: bool,
}

impl Pairing {
    /// Bytes of that direction are missing, or could not be read.
    pub(super) fn lose(&mut self, direction: Direction, hole: Hole) {
        let place = self.holes.of_mut(direction);
        *place = hole.max(*place);
    }

    fn take_hole(&mut self, direction: Direction) -> Hole {
        std::mem::take(self.holes.of_mut(direction))
    }

    /// A request was read.
    pub(super) fn ask(&mut self, request: Waiting) {
        let behind_hole = self.take_hole(request.from) == Hole::Between;
        let others = *self.holes.of(request.from.reverse());
        if std::mem::take(&mut self.heard) {
            match self.order {
                // It goes on after its answers: those that still wait had theirs as well.
                Order::Doubtful if !self.overlaps => {
                    self.clear();
                    self.order = Order::Stray;
                }
                Order::Sure if !self.waiting.is_empty() && others == Hole::Nothing => {
                    self.overlaps = true;
                }
                _ => {}
            }
        }
        if self.waiting.len() >= MAX_PIPELINED {
            self.drop_oldest();
            self.order = Order::Doubtful;
        }
        self.waiting.push_back(request);
        self.behind_hole.push_back(behind_hole);
    }

    /// The request that a response in this direction answers, where that is certain. It goes on
    /// waiting where the response is an interim one.
    pub(super) fn answer(&mut self, direction: Direction, interim: bool) -> Option<Waiting> {
        let hole = self.take_hole(direction);
        if hole != Hole::Nothing {
            self.order = Order::Doubtful;
        }
        self.heard |= !interim;
        let Some(oldest) = self.waiting.front().copied().filter(|one| one.from != direction) else {
            if !interim && self.order == Order::Sure {
                self.order = Order::Stray;
            }
            return None;
        };
        let several = self.waiting.len() > 1;
        if several && self.order == Order::Sure {
            self.pipelines = true;
        }
        let asked = *self.holes.of(oldest.from);
        if hole != Hole::Nothing && asked == Hole::Between {
            self.clear();
            return None;
        }
        if self.pipelines && self.behind_hole.front() == Some(&true) {
            self.order = Order::Doubtful;
        } else if !several || (self.order != Order::Doubtful && self.is_pipelined()) {
            if !interim {
                self.drop_oldest();
            }
            self.order = Order::Sure;
            return Some(oldest);
        }
        if self.is_pipelined() {
            if !interim {
                // As many requests as are missing may still be answered before the next one.
                let behind_hole = self.behind_hole.front() == Some(&true);
                self.drop_oldest();
                if let Some(next) = self.behind_hole.front_mut() {
                    *next |= behind_hole;
                }
            }
            return None;
        }
        let latest = self.waiting.back().copied();
        self.clear();
        self.order = Order::Sure;
        if let (Some(latest), true) = (latest, interim) {
            self.waiting.push_back(latest);
            self.behind_hole.push_back(false);
        }
        latest
    }

    /// What the method of the request was that a response answers, where nobody knows which one
    /// that is: what all that wait have in common.
    pub(super) fn method(&self) -> Method {
        let mut methods = self.waiting.iter().map(|request| request.method);
        let first = methods.next().unwrap_or(Method::Other);
        if methods.all(|method| method == first) { first } else { Method::Other }
    }

    /// A request is complete with that frame. It may be gone: some servers answer before they
    /// have read the whole body.
    pub(super) fn completed(&mut self, id: MessageId, frame: FrameId) {
        if let Some(waiting) = self.waiting.iter_mut().rev().find(|waiting| waiting.id == id) {
            waiting.frame = frame;
        }
    }

    /// How many requests wait, where nothing is known to be missing.
    pub(super) fn waiting(&self) -> u32 {
        let is_sure = self.order == Order::Sure;
        if is_sure { u32::try_from(self.waiting.len()).unwrap_or(u32::MAX) } else { 0 }
    }

    /// The heads of the requests that wait.
    pub(super) fn heads(&self) -> impl Iterator<Item = Span> {
        self.waiting.iter().map(|waiting| waiting.head)
    }

    /// Whether what waits was sent without waiting for answers, as far as that can be known.
    fn is_pipelined(&self) -> bool {
        let mut latest = self.waiting.iter().rev().map(|request| request.frame);
        self.pipelines || latest.next() == latest.next()
    }

    fn drop_oldest(&mut self) {
        self.waiting.pop_front();
        self.behind_hole.pop_front();
    }

    fn clear(&mut self) {
        self.waiting.clear();
        self.behind_hole.clear();
    }
}
