//! A recording that grows while one looks at it: rows come at once, and what takes reading follows
//! when what was begun before is done.

use std::sync::Arc;

use super::worker::Worker;
use super::{Explore, View, telling};
use crate::document::Document;

impl Explore {
    /// Goes on with what came since.
    pub fn grow(&mut self, document: Document) {
        self.ground = document.ground();
        let connections = Arc::clone(&self.ground.connections);
        self.all_connections().all = connections;
        self.reader = Worker::start(document, Arc::clone(&self.wake));
        self.reader.columns(self.packets.list.columns.fields.clone());
        self.packets.grow(self.ground.survey.frame_count(), &self.ground.recording);
        match self.selection.frame {
            Some(frame) => self.reader.frame(frame),
            None => self.select_first(),
        }
        self.source.is_behind = true;
        self.catch_up();
    }

    /// Reads on in what came, unless what was begun before is still under way: what is begun anew
    /// again and again would never be done.
    pub(super) fn catch_up(&mut self) {
        if !self.source.is_behind || self.doing().is_some() || self.filtering.share().is_some() {
            return;
        }
        self.source.is_behind = false;
        let ground = self.ground.clone();
        self.shown.telling.renew(ground.clone());
        self.requests.renew(ground.clone(), &self.wake);
        let wake = Arc::clone(&self.wake);
        self.all_connections().watch_anew(&ground, &wake);
        self.filtering.grow(&ground, &self.wake);
        self.forget_found();
        self.forget_followed();
        self.forget_course();
        self.tables.keys += 1;
        if self.packets.sorting.is_sorted() {
            self.sort_again();
        }
        let is_told_whole = self.shown.view == View::Story && self.shown.told.is_none();
        if is_told_whole && !telling::whole(&self.connections.all, &self.ground.survey) {
            // More than anybody reads as one story.
            self.shown.view = View::Overview;
        }
        self.shown.tell_again();
    }
}
