//! What workers bring, and what it changes: reports, stories, keys.

use std::sync::Arc;

use super::telling::Told;
use super::watch::{News, Watch};
use super::{Explore, KeysAdded, View};
use crate::document::Ground;

impl Explore {
    /// Takes what the watch brought, and what was sorted.
    pub(super) fn hear(&mut self) {
        let (news, died) = self.overview.collect();
        for news in news {
            match news {
                News::Known(shared, unread) => {
                    self.overview.shared = Some(shared);
                    self.unread = unread;
                }
                News::Report(stage, report, activity) => {
                    self.overview.take(stage, report, activity);
                    if let Some(shared) = &self.overview.shared {
                        self.lines.renew(shared, stage, &self.wake);
                    }
                }
            }
        }
        let unsorted = self.lines.collect();
        if let Some(trouble) = died.or(unsorted) {
            self.problem = Some(trouble);
        }
    }

    pub(super) fn story_came(&mut self, told: Told) {
        if told.connection != self.told {
            return;
        }
        let before = self.story.take().filter(|_| told.is_unfolded);
        self.folded = if told.is_unfolded { self.folded.take().or(before) } else { None };
        (self.links, self.story) = (told.links, Some(told.story));
        if !told.is_unfolded {
            self.find_beat();
        }
    }

    /// New keys: everything on screen is asked for again, and the selection stays.
    pub(super) fn keys_came(&mut self, added: KeysAdded, ground: Option<Ground>) {
        if let Some(ground) = ground {
            self.telling.renew(ground.clone());
            self.requests.renew(ground.clone(), &self.wake);
            let watch = Watch::start(ground.clone(), Arc::clone(&self.wake));
            match &mut self.whole {
                Some(whole) => whole.watch_anew(watch),
                None => self.overview.watch_anew(watch),
            }
            self.filtering.renew(&ground, &self.wake);
            self.ground = ground;
        }
        if added.new > 0 {
            self.rows.forget();
            self.forget_found();
            self.forget_followed();
            self.forget_course();
            self.tables.keys += 1;
            if self.sorting.by.rests_on_reading() {
                self.sort_again();
            }
            if self.view == View::Story {
                self.telling.begin(self.told);
            }
            if let Some(frame) = self.selection.frame {
                self.reader.frame(frame);
            }
        }
        self.keys = Some(added);
    }
}
