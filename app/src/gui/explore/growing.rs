//! A recording that grows while one looks at it: rows come at once, and what takes reading follows when
//! what was begun before is done.

use std::sync::Arc;

use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::FrameId;

use super::watch::Watch;
use super::worker::Worker;
use super::{Explore, View, telling};
use crate::document::Document;

impl Explore {
    /// Goes on with what came since.
    pub fn grow(&mut self, document: Document) {
        (self.survey, self.attribution) =
            (Arc::clone(&document.survey), Arc::clone(&document.attribution));
        self.start = self.recording.frame(FrameId(0)).time;
        let connections = Arc::clone(&document.connections);
        match &mut self.whole {
            Some(whole) => whole.grow(connections),
            None => self.connections = connections,
        }
        self.ground = document.ground();
        self.reader = Worker::start(document, Arc::clone(&self.wake));
        self.reader.columns(self.list.columns.fields.clone());
        self.list.columns.fit(self.survey.frame_count());
        self.rows.age();
        match self.selection.frame {
            Some(frame) => self.reader.frame(frame),
            None => self.select_first(),
        }
        self.is_behind = true;
        self.catch_up();
    }

    /// It will not grow any more.
    pub fn grown(&mut self) {
        self.grows = false;
    }

    /// Reads on in what came, unless what was begun before is still under way: what is begun anew again
    /// and again would never be done.
    pub(super) fn catch_up(&mut self) {
        if !self.is_behind || self.doing().is_some() || self.filtering.share().is_some() {
            return;
        }
        self.is_behind = false;
        let ground = self.ground.clone();
        self.telling.renew(ground.clone());
        self.requests.renew(ground.clone(), &self.wake);
        let watch = Watch::start(ground.clone(), Arc::clone(&self.wake));
        match &mut self.whole {
            Some(whole) => whole.watch_anew(watch),
            None => self.overview.watch_anew(watch),
        }
        self.filtering.grow(&ground, &self.wake);
        self.forget_found();
        self.forget_followed();
        self.forget_course();
        self.tables.keys += 1;
        if self.sorting.is_sorted() {
            self.sort_again();
        }
        if self.view == View::Story {
            if self.told.is_none() && !telling::whole(&self.connections, &self.survey) {
                // More than anybody reads as one story.
                self.view = View::Overview;
            } else {
                self.telling.begin(self.told);
            }
        }
    }
}
