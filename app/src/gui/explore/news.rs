//! What workers bring, and what it changes: reports, stories, keys.

use std::sync::Arc;

use super::watch::News;
use super::{Explore, KeysAdded};
use crate::document::Ground;

impl Explore {
    /// Takes what the watch brought, and what was sorted.
    pub(super) fn hear(&mut self) {
        let (news, died) = self.connections.overview.collect();
        for news in news {
            match news {
                News::Known(shared, unread) => {
                    self.connections.overview.shared = Some(shared);
                    self.status.unread = unread;
                }
                News::Report(stage, report, activity) => {
                    self.connections.overview.take(stage, report, activity);
                    if let Some(shared) = &self.connections.overview.shared {
                        self.connections.lines.renew(shared, stage, &self.wake);
                    }
                }
            }
        }
        let unsorted = self.connections.lines.list.collect();
        if let Some(trouble) = died.or(unsorted) {
            self.problem = Some(trouble);
        }
    }

    /// New keys: everything on screen is asked for again, and the selection stays.
    pub(super) fn keys_came(&mut self, added: KeysAdded, ground: Option<Ground>) {
        if let Some(ground) = ground {
            self.shown.telling.renew(ground.clone());
            self.requests.renew(ground.clone(), &self.wake);
            let wake = Arc::clone(&self.wake);
            self.all_connections().watch_anew(&ground, &wake);
            self.filtering.renew(&ground, &self.wake);
            self.ground = ground;
        }
        if added.new > 0 {
            self.packets.rows.forget();
            self.forget_found();
            self.forget_followed();
            self.forget_course();
            self.tables.keys += 1;
            if self.packets.sorting.by.rests_on_reading() {
                self.sort_again();
            }
            self.shown.tell_again();
            if let Some(frame) = self.selection.frame {
                self.reader.frame(frame);
            }
        }
        self.status.keys = Some(added);
    }
}
