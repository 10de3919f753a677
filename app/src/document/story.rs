//! The story of a document: its connections woven into one, with what the recording says of
//! itself.

use wirestage_dissectors::ids::ConnectionId;
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
        let tell = |ids: &[ConnectionId]| {
            weave(&mut self.conversations(), self.context(), &self.survey, ids, &facts)
        };
        match connection {
            Some(one) => tell(&[one]),
            None if self.connections.is_empty() => self.apart().story(self.context(), &facts),
            None => {
                let mut story = tell(&self.connections);
                story.notes.extend(self.apart().note());
                story
            }
        }
    }
}
