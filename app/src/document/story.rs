//! The story of a document: its connections woven into one, with what the recording says of
//! itself.

use wirestage_dissectors::ids::{ConnectionId, FlowId};
use wirestage_dissectors::limits::MAX_STORY_CONNECTIONS;
use wirestage_dissectors::story::{Recorded, Story, weave};

use super::Document;

/// So many connections are told as one story; beyond it a diagram helps nobody.
pub const MAX_TOLD: usize = MAX_STORY_CONNECTIONS;

impl Document {
    /// Tells one connection, or the whole recording: all connections (the first [`MAX_TOLD`]),
    /// and what belongs to none.
    #[must_use]
    pub fn story(&self, connection: Option<ConnectionId>) -> Story {
        let about = self.about();
        let facts = Recorded {
            title: about.title.clone().unwrap_or_default(),
            subtitle: about.subtitle(),
            names: self.recording.names(),
        };
        let apart = self.apart();
        let tell = |ids: &[ConnectionId]| {
            let known = (&*self.survey, apart);
            weave(&mut self.conversations(), self.context(), known, ids, &facts)
        };
        match connection {
            Some(one) if apart.tells(FlowId(one.0)) => {
                apart.story(Some(FlowId(one.0)), (self.context(), &self.survey), &facts)
            }
            Some(one) => tell(&[one]),
            None if self.connections.is_empty() => {
                apart.story(None, (self.context(), &self.survey), &facts)
            }
            None => {
                let mut story = tell(&self.connections);
                story.notes.extend(apart.notes());
                story
            }
        }
    }
}
