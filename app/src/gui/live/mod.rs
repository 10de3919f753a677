//! Capturing live: what is asked for, what comes while one looks, and how it ends.
//!
//! ```text
//!   Capture… ──> Asking (interface or command) ──> Live (a thread) ──> Explore, which grows
//!                                                    └── when it is over: a file among the recordings
//! ```
//!
//! The window holds no right to capture: a helper does it, or this program again
//! (`record::Listen`).

mod asking;
mod capturing;
mod closing;
mod panel;
mod step;
mod strip;

use std::sync::Arc;

pub use asking::{Asking, Source};
pub use capturing::Capturing;
pub use closing::Closing;
pub(super) use panel::show;
pub use step::Step;
pub(super) use strip::{HEIGHT, show as strip};

use self::capturing::Place;
use super::state::{Screen, State};
use super::work::live::{Live, LiveWanted};
use super::work::open::Opened;
use crate::document::{Document, title};
use crate::unused::unused;

impl State {
    /// Carries out what a person did about capturing.
    pub(super) fn live(&mut self, step: Step) {
        match step {
            Step::Ask => {
                self.listening = Some(self.listening.take().unwrap_or_else(Asking::at_first));
            }
            Step::Start => self.start_capture(),
            Step::Stop => {
                if let Some(one) = &self.capturing {
                    one.live.stop();
                }
            }
            Step::PutAway => {
                self.capturing.take_if(|one| !one.live.is_running());
            }
        }
    }

    /// Begins what was asked for; one capture at a time.
    fn start_capture(&mut self) {
        let wanted = self.listening.as_ref().and_then(Asking::wanted);
        let Some((origin, keys)) = wanted.filter(|_| !self.captures()) else { return };
        self.listening = None;
        self.problem = None;
        let name = super::work::live::name(&origin);
        let path = unused(&self.settings.recordings, &name, "pcapng");
        let wanted = LiveWanted { origin, keys, path };
        let live = Live::start(Arc::clone(&self.recorder), wanted, Arc::clone(&self.wake));
        self.capturing = Some(Capturing { live, place: Place::Coming });
    }

    /// Whether something is being captured.
    #[must_use]
    pub fn captures(&self) -> bool {
        self.capturing.as_ref().is_some_and(|one| one.live.is_running())
    }

    /// Begins again what was captured, where that is what one looks at.
    pub(super) fn capture_again(&mut self) -> bool {
        let Some(one) = self.capturing.as_ref().filter(|one| one.is_shown()) else { return false };
        if !one.live.is_running() {
            self.listening = Some(Asking::of(&one.live.wanted));
            self.start_capture();
        }
        true
    }

    /// Something else is looked at from now on: what is still captured ends, and is kept.
    pub(super) fn leave_capture(&mut self) {
        if let Some(one) = &mut self.capturing {
            one.live.stop();
            one.place = Place::Left;
        }
    }

    /// Somebody closes the window: what is captured ends, and is kept first.
    pub(super) fn close(&mut self) {
        self.closing = self.closing.asked(self.captures());
        self.live(Step::Stop);
    }

    /// Takes what came.
    pub(super) fn collect_capture(&mut self) {
        self.take_captured();
        if self.closing == Closing::WhenKept && !self.captures() {
            // What could not be kept is to be read first.
            self.closing = if self.problem.is_none() { Closing::Now } else { Closing::No };
        }
    }

    fn take_captured(&mut self) {
        let Some(one) = &mut self.capturing else { return };
        let (grown, over) = one.live.collect();
        let (place, wanted) = (one.place, one.live.wanted.title());
        match (grown, place) {
            (Some(document), Place::Coming) => self.show_capture(*document, wanted),
            (Some(document), Place::Shown) => {
                if let Some(explore) = &mut self.explore {
                    explore.grow(*document);
                }
            }
            (Some(_), Place::Left) | (None, _) => {}
        }
        let Some(over) = over else { return };
        let explore = self.explore.as_mut().filter(|explore| explore.source.grows);
        if let Some(explore) = explore {
            explore.grown();
        }
        match over {
            Ok(over) => {
                let Some(path) = over.path else { return };
                self.settings.remember(&path);
                let is_shown = self.capturing.as_ref().is_some_and(Capturing::is_shown);
                if let Some(explore) = self.explore.as_mut().filter(|_| is_shown) {
                    explore.source.paths = vec![path];
                    explore.source.name = title(&explore.source.paths);
                    explore.source.ended_early = over.early;
                }
            }
            Err(problem) => {
                let nothing = self.explore.as_ref().is_none_or(|open| open.frame_count() == 0);
                if self.capturing.take().is_some_and(|one| one.is_shown()) && nothing {
                    self.explore = None;
                    self.screen = Screen::Stage;
                }
                self.problem = Some(problem);
            }
        }
    }

    /// Goes to what is captured.
    fn show_capture(&mut self, document: Document, name: String) {
        // Said first: what is opened otherwise ends a capture.
        let opened = Opened { paths: Vec::new(), document, ended_early: None };
        let kept = self.capturing.take();
        self.opened(opened);
        self.capturing = kept.map(|one| Capturing { place: Place::Shown, ..one });
        if let Some(explore) = &mut self.explore {
            (explore.source.name, explore.source.grows) = (name, true);
            explore.source.ended_early = None;
        }
    }
}
