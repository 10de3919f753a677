//! Closing the window: what is captured just then is kept first.

use super::super::state::State;
use super::Step;

/// How far the window is from closing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Closing {
    /// Nobody asked for it.
    #[default]
    No,
    /// It closes as soon as what was captured is kept.
    WhenKept,
    /// It closes.
    Now,
}

impl State {
    /// Somebody closes the window. Who asks twice does not wait until a capture is kept.
    pub(in crate::gui) fn close(&mut self) {
        self.closing = match self.closing {
            Closing::No if self.captures() => {
                self.live(Step::Stop);
                Closing::WhenKept
            }
            Closing::No | Closing::WhenKept | Closing::Now => Closing::Now,
        };
    }

    /// Goes on with closing once a capture is over; what could not be kept is to be read first.
    pub(super) fn close_when_kept(&mut self) {
        if self.closing == Closing::WhenKept && !self.captures() {
            self.closing = if self.problem.is_none() { Closing::Now } else { Closing::No };
        }
    }
}
