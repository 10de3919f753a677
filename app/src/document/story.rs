//! The story of a document: its connections woven into one, with what the recording says of
//! itself.

use wirestage_dissectors::ids::ConnectionId;
use wirestage_dissectors::story::{Recorded, Story, weave};

use super::Document;

/// At most so many connections are told as one story; beyond it a diagram helps nobody.
pub const MAX_TOLD: usize = 64;

impl Document {
    /// Tells one connection, or all of them (the first [`MAX_TOLD`]).
    #[must_use]
    pub fn story(&self, connection: Option<ConnectionId>) -> Story {
        let ids = connection.map_or_else(
            || self.connections.iter().copied().take(MAX_TOLD).collect(),
            |one| vec![one],
        );
        let about = self.about();
        let facts = Recorded {
            title: about.title.clone().unwrap_or_default(),
            subtitle: about.subtitle(),
            names: self.recording.names(),
        };
        weave(&mut self.conversations(), self.context(), &self.survey, &ids, &facts)
    }
}
