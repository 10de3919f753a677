//! What the diagram's panel shows: the overview, or a story, and how that is looked at.

use std::collections::HashMap;
use std::sync::Arc;

use wirestage_dissectors::ids::ConnectionId;
use wirestage_dissectors::message::Protection;
use wirestage_dissectors::story::{Folded, Level, Story, TrackId};

use super::Explore;
use super::links::{self, Links};
use super::pane::Pane;
use super::telling::{Telling, Told};
use crate::diagram::Axis;
use crate::diagram::Towards;
use crate::export::Clock;

/// What the diagram's panel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// All connections in rows.
    Overview,
    /// What is told, drawn.
    Story,
}

/// Sealed messages of a story.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sealed {
    /// How many there are.
    pub(super) all: u64,
    /// How many of them were opened.
    pub(super) opened: u64,
}

impl Sealed {
    fn of(story: &Story) -> Self {
        let messages = story.level(Level::Message).map(|(_, beat)| beat.protection);
        messages.filter(|one| one.is_sealed()).fold(Self::default(), |sum, protection| Self {
            all: sum.all + 1,
            opened: sum.opened + u64::from(protection != Protection::Opaque),
        })
    }
}

/// What is shown, and what is told for it.
pub struct Shown {
    /// Whether the overview is shown, or a story.
    pub view: View,
    /// What is told, once it is.
    pub story: Option<Arc<Story>>,
    /// Counted when it is taken: a large story is not walked for each frame of the window.
    sealed: Sealed,
    /// The same as it was before connections were unfolded, where they are.
    pub folded: Option<Arc<Story>>,
    /// Which connection is told; nothing for all.
    pub told: Option<ConnectionId>,
    /// How far the diagram looks in; `None` if the zoom decides.
    pub level: Option<Level>,
    /// Which times the diagram shows.
    pub clock: Clock,
    /// What its way down means, where somebody chose that.
    pub chosen_axis: Option<Axis>,
    /// The badges of connections, as the diagram gave them to all of them last.
    badges: HashMap<ConnectionId, TrackId>,
    /// What links the story with the packets.
    pub(super) links: Links,
    /// What tells the next one.
    pub(super) telling: Telling,
}

impl Shown {
    /// Shows the overview, or begins to tell.
    pub(super) fn new(view: View, told: Option<ConnectionId>, mut telling: Telling) -> Self {
        let told = told.filter(|_| view == View::Story);
        if view == View::Story {
            telling.begin(told);
        }
        Self {
            view,
            story: None,
            sealed: Sealed::default(),
            folded: None,
            told,
            level: None,
            clock: Clock::default(),
            chosen_axis: None,
            badges: HashMap::new(),
            links: Links::default(),
            telling,
        }
    }

    /// What the way down means in the picture: what was chosen, else what fits the recording.
    #[must_use]
    pub fn axis(&self) -> Axis {
        let fitting = || self.story.as_deref().map_or_else(Axis::default, Axis::fitting);
        self.chosen_axis.unwrap_or_else(fitting)
    }

    /// Tells the same again, where a story is shown.
    pub(super) fn tell_again(&mut self) {
        if self.view == View::Story {
            self.telling.begin(self.told);
        }
    }

    /// Unfolds what is told as more of the same.
    pub(super) fn unfold(&mut self, like: Folded) {
        if let Some(story) = &self.story {
            self.telling.unfold(self.told, Arc::clone(story), like);
        }
    }

    /// Folds it again.
    pub(super) fn fold_again(&mut self) {
        if let Some(folded) = self.folded.take() {
            self.show(folded);
        }
    }

    /// The badge of a connection, where the diagram gave it one.
    pub(super) fn badge(&self, connection: ConnectionId) -> Option<TrackId> {
        self.badges.get(&connection).copied()
    }

    /// How many messages of what is told are sealed.
    pub(super) fn sealed(&self) -> Sealed {
        if self.story.is_some() { self.sealed } else { Sealed::default() }
    }

    fn show(&mut self, story: Arc<Story>) {
        self.sealed = Sealed::of(&story);
        self.story = Some(story);
    }

    /// Takes a story, unless something else is asked for by now. Says whether that is another one
    /// than what it was unfolded from.
    fn take(&mut self, told: Told) -> bool {
        if told.connection != self.told {
            return false;
        }
        let before = self.story.take().filter(|_| told.is_unfolded);
        self.folded = if told.is_unfolded { self.folded.take().or(before) } else { None };
        if told.connection.is_none() && told.story.tracks.len() > 1 {
            let tracks = (0..).map(TrackId).zip(&told.story.tracks);
            self.badges = tracks.map(|(id, track)| (track.connection, id)).collect();
        }
        self.links = told.links;
        self.show(told.story);
        !told.is_unfolded
    }
}

impl Explore {
    /// Tells one connection, or all.
    pub(super) fn tell(&mut self, told: Option<ConnectionId>) {
        let shown = &mut self.shown;
        if shown.view == View::Overview && shown.told != told {
            // What was told before the overview is not what was asked for.
            shown.story = None;
        }
        (shown.view, shown.told) = (View::Story, told);
        shown.telling.begin(told);
        self.arranged.front = Pane::Diagram;
    }

    /// Shows the overview.
    pub(super) fn oversee(&mut self) {
        (self.shown.view, self.arranged.front) = (View::Overview, Pane::Diagram);
    }

    /// Chooses the step after the chosen one, or the one before it.
    pub(super) fn step(&mut self, towards: Towards) {
        let story = self.shown.story.as_ref();
        let next = story.and_then(|story| links::neighbour(story, self.selection.beat, towards));
        if let Some(beat) = next {
            self.select_beat(beat);
        }
    }

    fn story_came(&mut self, told: Told) {
        if self.shown.take(told) {
            self.find_beat();
        }
    }

    /// Takes the story that was told.
    pub(super) fn collect_story(&mut self) {
        match self.shown.telling.poll() {
            Some(Ok(told)) => self.story_came(told),
            Some(Err(problem)) => self.problem = Some(problem),
            None => {}
        }
    }
}
