//! The story of a document: its connections woven into one, with what the recording says of
//! itself.

use wirestage_dissectors::engine::conversation::Conversations;
use wirestage_dissectors::ids::{ConnectionId, FlowId};
use wirestage_dissectors::limits::{MAX_STORY_CONNECTIONS, TELLING_BUDGET};
use wirestage_dissectors::story::{Recorded, Story, weave_until};

use super::{About, Document, Ground, Progress};

/// So many connections are told as one story; beyond it a diagram helps nobody.
pub const MAX_TOLD: usize = MAX_STORY_CONNECTIONS;

/// What a story is told of.
#[derive(Clone, Copy)]
enum Told<'a> {
    All,
    One(ConnectionId),
    These(&'a [ConnectionId]),
}

impl Document {
    /// Tells one connection, or the whole recording: all connections (the first [`MAX_TOLD`]),
    /// and what belongs to none.
    #[must_use]
    pub fn story(&self, connection: Option<ConnectionId>) -> Story {
        self.ground().story(connection, &Progress::new()).unwrap_or_default()
    }

    /// Tells these connections as one story.
    #[must_use]
    pub fn story_of(&self, connections: &[ConnectionId]) -> Story {
        self.ground().story_of(Told::These(connections), &Progress::new()).unwrap_or_default()
    }
}

impl Ground {
    /// The same, on whatever thread, beside those who look at conversations: what is read for it is
    /// not kept. `None` if that was cancelled.
    #[must_use]
    pub fn story(&self, connection: Option<ConnectionId>, progress: &Progress) -> Option<Story> {
        self.story_of(connection.map_or(Told::All, Told::One), progress)
    }

    fn story_of(&self, what: Told<'_>, progress: &Progress) -> Option<Story> {
        let about = About::of(&self.recording);
        let facts = Recorded {
            title: about.title.clone().unwrap_or_default(),
            subtitle: about.subtitle(),
            names: self.names_in_order(),
        };
        let apart = self.apart();
        let surroundings = (self.context(), &*self.survey);
        let tell = |ids: &[ConnectionId]| {
            let budget = self.budget.min(TELLING_BUDGET);
            let mut read = Conversations::new(self.attribution.clone(), budget);
            let stop = || progress.is_cancelled();
            let known = (&*self.survey, apart);
            weave_until(&mut read, self.context(), known, ids, (&facts, &stop))
        };
        let mut story = match what {
            Told::These(ids) => tell(ids),
            Told::One(one) if apart.tells(FlowId(one.0)) => {
                Some(apart.story(Some(FlowId(one.0)), surroundings, &facts))
            }
            Told::One(one) => tell(&[one]),
            Told::All if self.connections.is_empty() => {
                Some(apart.story(None, surroundings, &facts))
            }
            Told::All => {
                let mut story = tell(&self.connections)?;
                if self.only.is_none() {
                    story.notes.extend(apart.notes());
                }
                Some(story)
            }
        };
        // A link is recorded at both its ends by one program.
        if let Some(story) = &mut story {
            story.one_clock = story.both_ends && about.link.is_some();
        }
        story
    }
}
