//! The requests panel: every request with its answer in a line, beside when it happened.
//!
//! All of the recording is read once, on a thread of its own, when the panel is first looked at;
//! sorting and narrowing happen there, too. The window holds the rows and paints those in sight.

use std::sync::Arc;

use wirestage_dissectors::ids::Time;
use wirestage_dissectors::requests::Request;
use wirestage_dissectors::wording::thousands;

use super::ordered::Ordered;
use super::request_order::{self as order, Wanted};
use super::{Explore, Input, View};
use crate::document::{Gathered, Ground, Numbers, Windows};
use crate::gui::work::{Job, Wake};
use crate::trouble::Trouble;

/// The requests of a recording, once they are gathered.
pub(super) struct Known {
    pub(super) all: Arc<Gathered>,
    numbers: Numbers,
    /// When the first of them began, and how long all take together, in nanoseconds.
    pub(super) from: Time,
    pub(super) nanos: i64,
}

/// Where the list stands, and what it shows.
pub(super) struct Requests {
    ground: Ground,
    gathering: Option<Job<Option<Known>>>,
    pub(super) known: Option<Arc<Known>>,
    /// The request that was chosen last.
    pub(super) chosen: Option<u32>,
    pub(super) wanted: Wanted,
    pub(super) list: Ordered,
}

impl Known {
    fn new(all: Gathered, ground: &Ground) -> Self {
        let times = all.rows.iter().flat_map(|row| [row.start().time, row.end().time]);
        let times = || times.clone().filter_map(Time::known);
        let from = times().min().unwrap_or_default();
        let nanos = times().max().map_or(0, |last| last.since(from)).max(1);
        Self { numbers: ground.numbers(), from, nanos, all: Arc::new(all) }
    }

    /// The number of a request's connection.
    pub(super) fn number(&self, row: &Request) -> usize {
        self.numbers.get(&row.connection).copied().unwrap_or_default()
    }
}

impl Requests {
    /// Nothing is gathered before somebody looks.
    pub(super) fn new(ground: Ground) -> Self {
        Self {
            ground,
            gathering: None,
            known: None,
            chosen: None,
            wanted: Wanted::default(),
            list: Ordered::default(),
        }
    }

    /// More keys: what was gathered may read differently now.
    pub(super) fn renew(&mut self, ground: Ground, wake: &Wake) {
        self.ground = ground;
        let was_wanted = self.known.is_some() || self.gathering.is_some();
        if was_wanted {
            self.gathering = None;
            self.gather(wake);
        }
    }

    /// Begins to gather, unless that was done.
    pub(super) fn gather(&mut self, wake: &Wake) {
        if self.gathering.is_some() {
            return;
        }
        let ground = self.ground.clone();
        let title = "Gathering the requests".to_owned();
        self.gathering = Some(Job::start(title, Arc::clone(wake), move |progress| {
            let all = ground.requests(Windows::default(), progress);
            Ok(all.map(|all| Known::new(all, &ground)))
        }));
    }

    /// Asks for another order; the old one stays until it is there.
    pub(super) fn ask(&mut self, wake: &Wake) {
        let Some(known) = self.known.clone() else { return };
        if self.wanted.is_plain() {
            self.list.forget();
            return;
        }
        let wanted = self.wanted.clone();
        let title = "Sorting the requests".to_owned();
        self.list.begin(Job::start(title, Arc::clone(wake), move |progress| {
            Ok(order::order(&known, &wanted, progress))
        }));
    }

    /// Takes what came; says what went wrong.
    pub(super) fn collect(&mut self, wake: &Wake) -> Option<Trouble> {
        if let Some(result) = self.gathering.as_ref().and_then(Job::poll) {
            self.gathering = None;
            match result {
                Ok(Some(known)) => {
                    // The numbers of rows may be others than before.
                    self.chosen = None;
                    self.list.forget();
                    self.known = Some(Arc::new(known));
                    self.ask(wake);
                }
                Ok(None) => {}
                Err(problem) => return Some(problem),
            }
        }
        self.list.collect()
    }

    /// What is being done, for the status line.
    pub(super) fn doing(&self) -> Option<String> {
        let (done, all) = self.gathering.as_ref()?.progress.get();
        let [done, all] = [done, all].map(thousands);
        Some(format!("gathering requests, {done} of {all} frames"))
    }

    pub(super) fn row(&self, at: u32) -> Option<&Request> {
        self.known.as_ref()?.all.rows.get(at as usize)
    }

    /// How many rows the list has.
    pub(super) fn count(&self) -> usize {
        self.list.count(self.known.as_ref().map_or(0, |known| known.all.rows.len()))
    }
}

impl Explore {
    /// Goes to a request: its connection is told, its question is chosen there and in the tree.
    pub(super) fn open_request(&mut self, at: u32) {
        let Some(row) = self.requests.row(at) else { return };
        let (connection, begins) = (row.connection, row.begins());
        self.requests.chosen = Some(at);
        let is_told = self.shown.told.is_none_or(|told| told == connection);
        if self.shown.view == View::Overview || !is_told {
            self.input(Input::Tell(Some(connection)));
        }
        if let Some((place, anchor)) = begins {
            self.select_message(place.done, anchor);
        }
    }

    /// The number of the request that was chosen last; the first is 1.
    #[must_use]
    pub fn request(&self) -> Option<usize> {
        self.requests.chosen.map(|at| at as usize + 1)
    }

    /// What the requests rest on, and the requests themselves where they are gathered.
    pub(in crate::gui) fn requests(&self) -> (Ground, Option<Arc<Gathered>>) {
        let all = self.requests.known.as_ref().map(|known| Arc::clone(&known.all));
        (self.requests.ground.clone(), all)
    }
}
