//! What was asked and not yet answered, in order: answers come in the order of the commands.

use crate::ids::MessageId;
use crate::protocols::waiting::Waiting;

/// Commands that may wait for their answer; past it the oldest is taken to have been lost.
const MAX_ASKED: usize = 1024;

/// Commands that wait, each with what its protocol has to remember of it.
#[derive(Clone)]
pub struct Asked<T>(Waiting<(MessageId, T), MAX_ASKED>);

impl<T> Default for Asked<T> {
    fn default() -> Self {
        Self(Waiting::new())
    }
}

impl<T: Copy + PartialEq> Asked<T> {
    /// A command waits from now on.
    pub fn push(&mut self, id: MessageId, what: T) {
        self.0.push((id, what));
    }

    /// The oldest one, which the next answer answers.
    #[must_use]
    pub fn oldest(&self) -> Option<(MessageId, T)> {
        self.0.oldest().copied()
    }

    /// The oldest one is answered.
    pub fn pop(&mut self) -> Option<(MessageId, T)> {
        self.0.pop()
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
