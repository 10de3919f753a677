//! What the Compare screen shows: a set, what was gathered of it, and the picture of that.

use std::path::PathBuf;
use std::sync::Arc;

use super::picture::Drawn;
use crate::compare::Set;
use crate::gui::work::compare::{self, Gathered, Place};
use crate::gui::work::record::Recorder;
use crate::gui::work::{Job, Wake};
use crate::trouble::Trouble;

/// What this screen shows.
pub struct Compare {
    pub(super) set: &'static Set,
    /// The link as it is typed.
    pub(super) link: String,
    pub(super) gathered: Option<Arc<Gathered>>,
    /// What is being gathered.
    pub(super) job: Option<Job<Option<Gathered>>>,
    pub(super) drawn: Option<Drawn>,
    /// Whether steps are listed below the picture, and with which of their fields.
    pub(super) by_field: bool,
    pub(super) all_fields: bool,
}

/// What opening a way takes.
pub(in crate::gui) enum Opens {
    Sample(&'static str),
    File(PathBuf),
}

impl Compare {
    /// Begins with the samples of a set.
    pub(in crate::gui) fn new(set: &'static Set, wake: &Wake) -> Self {
        let job = Some(compare::samples(set, Arc::clone(wake)));
        let (by_field, all_fields) = (false, false);
        let link = set.link.to_owned();
        Self { set, link, gathered: None, job, drawn: None, by_field, all_fields }
    }

    /// The set that is shown.
    pub(in crate::gui) const fn set(&self) -> &'static Set {
        self.set
    }

    /// Whether recordings are being made.
    #[must_use]
    pub(in crate::gui) const fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    /// Stops what is being gathered; what is shown stays.
    pub(in crate::gui) fn cancel(&mut self) {
        if self.gathered.is_some() {
            self.job = None;
        }
    }

    /// Records all members over the link.
    pub(in crate::gui) fn record(&mut self, recorder: (Arc<dyn Recorder>, PathBuf), wake: &Wake) {
        let link = self.link.trim().to_owned();
        self.job = Some(compare::record(self.set, link, recorder, Arc::clone(wake)));
    }

    /// The recording of a way.
    pub(in crate::gui) fn place(&self, way: usize) -> Option<Opens> {
        let place = self.gathered.as_ref()?.places.get(way)?;
        Some(match place {
            Place::Sample(member) => Opens::Sample(member.scenario),
            Place::File(path) => Opens::File(path.clone()),
        })
    }

    /// Takes what was gathered.
    pub(in crate::gui) fn collect(&mut self) -> Option<Trouble> {
        let result = self.job.as_ref().and_then(Job::poll)?;
        self.job = None;
        match result {
            Ok(Some(gathered)) => {
                (self.gathered, self.drawn) = (Some(Arc::new(gathered)), None);
                None
            }
            Ok(None) => None,
            Err(trouble) => Some(trouble),
        }
    }
}
