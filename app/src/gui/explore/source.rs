//! Where the recording comes from, and whether it is still being made.

use std::path::PathBuf;

use wirestage_captures::Recording;

use super::Explore;
use crate::document::{About, title};

/// The files of the open recording.
pub struct Source {
    /// Its files.
    pub paths: Vec<PathBuf>,
    /// Its name.
    pub name: String,
    /// The title of the scenario that it is a recording of, where it is one.
    pub scenario: Option<String>,
    /// Why it ended before its end was written, where it did.
    pub ended_early: Option<String>,
    /// Whether it is being made while one looks.
    pub grows: bool,
    /// Whether more came than was read on in.
    pub(super) is_behind: bool,
}

impl Source {
    /// Files that were opened; `ended_early` is what whoever made them says of their end.
    pub(super) fn new(
        paths: Vec<PathBuf>,
        ended_early: Option<String>,
        recording: &Recording,
    ) -> Self {
        let problem = || recording.problems().first().map(ToString::to_string);
        let unfinished = || {
            let is_unfinished = About::of(recording).ended_early();
            is_unfinished.then(|| "Whatever made this recording did not write its end.".to_owned())
        };
        Self {
            name: title(&paths),
            scenario: About::of(recording).title,
            ended_early: ended_early.or_else(problem).or_else(unfinished),
            paths,
            grows: false,
            is_behind: false,
        }
    }
}

impl Explore {
    /// It will not grow any more.
    pub fn grown(&mut self) {
        self.source.grows = false;
    }
}
