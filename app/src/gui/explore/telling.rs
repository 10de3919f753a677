//! Telling: which connections are told, of a recording that may have many, and the thread that
//! tells them, beside the reader, so that nobody who chooses a row waits for a story.
//!
//! Only the story that was asked for last is told. The one before it is cancelled, and nothing of
//! it is shown.

use std::sync::Arc;

use wirestage_dissectors::ids::ConnectionId;
use wirestage_dissectors::story::{Folded, Story};
use wirestage_dissectors::survey::Survey;

use super::links::Links;
pub(super) use crate::document::MAX_TOLD;
use crate::document::{Called, Ground, Progress};
use crate::gui::work::{Job, Wake};
use crate::trouble::Trouble;

/// A recording of at most so many frames is told as a whole at first: telling reads every
/// connection it tells.
const TOLD_FRAMES: u32 = 100_000;

/// Whether all connections can be told as one story.
pub(super) fn whole(connections: &[ConnectionId], survey: &Survey) -> bool {
    connections.len() <= MAX_TOLD && survey.frame_count() <= TOLD_FRAMES
}

/// What is told at first: everything, or the first connection of a large recording.
pub(super) fn at_first(connections: &[ConnectionId], survey: &Survey) -> Option<ConnectionId> {
    if whole(connections, survey) { None } else { connections.first().copied() }
}

/// Tells stories. The program's own reads the recording; a test's takes its time.
pub trait Teller: Send + Sync {
    /// Tells one connection, or the whole recording. Nothing comes out where it was cancelled.
    fn tell(
        &self,
        ground: &Ground,
        connection: Option<ConnectionId>,
        progress: &Progress,
    ) -> Option<Story>;
}

/// Tells what the recording holds.
#[derive(Debug, Default)]
pub struct Reads;

impl Teller for Reads {
    fn tell(
        &self,
        ground: &Ground,
        connection: Option<ConnectionId>,
        progress: &Progress,
    ) -> Option<Story> {
        ground.story(connection, progress)
    }
}

/// A story, and what links it with the packet list.
pub(super) struct Told {
    /// Which connection it tells; nothing for all.
    pub(super) connection: Option<ConnectionId>,
    pub(super) story: Arc<Story>,
    pub(super) links: Links,
    /// Whether it is the story at hand with connections unfolded.
    pub(super) is_unfolded: bool,
}

/// The window's end.
pub(super) struct Telling {
    teller: Arc<dyn Teller>,
    ground: Ground,
    called: Called,
    wake: Wake,
    under_way: Option<(Option<ConnectionId>, Job<Option<Told>>)>,
}

impl Telling {
    /// Tells nothing yet.
    pub(super) fn new(teller: Arc<dyn Teller>, ground: Ground, wake: Wake) -> Self {
        Self { teller, ground, called: Called::default(), wake, under_way: None }
    }

    /// Begins the story of one connection, or of all, instead of the one under way; that goes on
    /// where it is the same.
    pub(super) fn begin(&mut self, connection: Option<ConnectionId>) {
        if self.under_way.as_ref().is_some_and(|(known, _)| *known == connection) {
            return;
        }
        let (teller, ground) = (Arc::clone(&self.teller), self.ground.clone());
        let ground = ground.calling(self.called);
        let job = Job::start("Telling the story".into(), Arc::clone(&self.wake), move |progress| {
            let story = teller.tell(&ground, connection, progress);
            let told = |story| {
                let links = Links::new(&story);
                Told { connection, links, story: Arc::new(story), is_unfolded: false }
            };
            Ok(story.map(told))
        });
        // Whatever was under way is cancelled by being dropped.
        self.under_way = Some((connection, job));
    }

    /// Unfolds what is told as more of the same, in the story at hand.
    pub(super) fn unfold(
        &mut self,
        connection: Option<ConnectionId>,
        story: Arc<Story>,
        folded: Folded,
    ) {
        let job = Job::start("Unfolding".into(), Arc::clone(&self.wake), move |_| {
            let mut story = Story::clone(&story);
            story.unfold_like(folded);
            let links = Links::new(&story);
            Ok(Some(Told { connection, links, story: Arc::new(story), is_unfolded: true }))
        });
        self.under_way = Some((connection, job));
    }

    /// More keys: what is told from now on is told with them.
    pub(super) fn renew(&mut self, ground: Ground) {
        self.ground = ground;
        if let Some((connection, _)) = self.under_way.take() {
            self.begin(connection);
        }
    }

    /// Calls hosts so in what is told from now on; a story under way would call them otherwise.
    pub(super) fn call(&mut self, called: Called) {
        (self.called, self.under_way) = (called, None);
    }

    /// The story, once it is told.
    pub(super) fn poll(&mut self) -> Option<Result<Told, Trouble>> {
        let result = self.under_way.as_ref()?.1.poll()?;
        self.under_way = None;
        result.transpose()
    }

    /// What is being done right now.
    pub(super) fn doing(&self) -> Option<String> {
        self.under_way.as_ref().map(|_| "telling the story".into())
    }
}
