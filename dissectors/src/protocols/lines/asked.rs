//! What was asked and not yet answered, in order: answers come in the order of the commands.

use std::collections::VecDeque;

use crate::ids::MessageId;

/// Commands that may wait for their answer; past it the oldest is taken to have been lost.
const MAX_ASKED: usize = 1024;

/// Commands that wait, each with what its protocol has to remember of it.
#[derive(Clone)]
pub struct Asked<T>(VecDeque<(MessageId, T)>);

impl<T> Default for Asked<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<T: Copy + PartialEq> Asked<T> {
    /// A command waits from now on.
    pub fn push(&mut self, id: MessageId, what: T) {
        if self.0.len() >= MAX_ASKED {
            self.0.pop_front();
        }
        self.0.push_back((id, what));
    }

    /// The oldest one, which the next answer answers.
    #[must_use]
    pub fn oldest(&self) -> Option<(MessageId, T)> {
        self.0.front().copied()
    }

    /// The oldest one is answered.
    pub fn pop(&mut self) -> Option<(MessageId, T)> {
        self.0.pop_front()
    }

    /// Whether such a command waits.
    #[must_use]
    pub fn waits(&self, what: T) -> bool {
        self.0.iter().any(|(_, other)| *other == what)
    }

    /// Bytes are missing: nobody knows any more which answer is whose.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
