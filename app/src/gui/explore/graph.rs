//! The graph panel: the course of the selected packet's connection, read and drawn on threads of
//! their own.
//!
//! ```text
//!   connection, sender ── job ──> course ──┐
//!   kind, size, stretch ───────────────────┴── job ──> picture
//! ```

use std::sync::Arc;

use wirestage_dissectors::course::Course;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{ConnectionId, Direction, FrameId};

use super::Explore;
use crate::diagram::FontMeasure;
use crate::diagram::graph::{Kind, Names, Picture, Request, graph};
use crate::document::{About, Ground};
use crate::gui::work::{Job, Made};
use crate::trouble::Trouble;

/// Whose sending is shown, of which connection; of nobody's in particular that of who sent more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Subject {
    connection: ConnectionId,
    sender: Option<Direction>,
}

/// What was read.
pub(super) struct Read {
    /// `None` if the connection has no course.
    pub(super) course: Option<Course>,
    names: Names,
}

/// What is drawn: of what was read, in which way.
#[derive(Clone)]
struct Wanted {
    of: Arc<Read>,
    request: Request,
}

impl PartialEq for Wanted {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.of, &other.of) && self.request == other.request
    }
}

/// The panel.
#[derive(Default)]
pub(super) struct Graphing {
    pub(super) kind: Kind,
    pub(super) sender: Option<Direction>,
    /// The stretch of time that is shown; nothing for all of it.
    pub(super) stretch: Option<(i64, i64)>,
    /// Whether the lesson stands beside the graph.
    pub(super) teaches: bool,
    /// Where the keyboard is: a frame of the graph.
    pub(super) at: Option<FrameId>,
    /// The connection of the selected packet, and the same as its initiator's end saw it.
    asked: Option<(ConnectionId, ConnectionId)>,
    /// Where a drag began, in nanoseconds.
    pub(super) dragged: Option<i64>,
    read: Made<Subject, Read>,
    drawn: Made<Wanted, Picture>,
}

impl Graphing {
    /// What was read, once it is.
    pub(super) fn known(&self) -> Option<&Arc<Read>> {
        self.read.known()
    }

    /// Why nothing was read or drawn, where that was tried in vain.
    pub(super) fn trouble(&self) -> Option<&Trouble> {
        self.read.trouble().or(self.drawn.trouble())
    }

    /// The picture that was drawn last, of what was read last.
    pub(super) fn picture(&self) -> Option<Arc<Picture>> {
        let (wanted, picture) = (self.drawn.basis()?, self.drawn.known()?);
        let known = self.known()?;
        let is_own = Arc::ptr_eq(&wanted.of, known) && wanted.request.kind == self.kind;
        is_own.then(|| Arc::clone(picture))
    }
}

impl Explore {
    /// Begins to read the connection of the selected packet, unless it is read or being read.
    pub(super) fn read_course(&mut self) {
        let Some(asked) = self.followed() else { return };
        let known = self.graphing.asked.filter(|(known, _)| *known == asked);
        let (_, connection) = known.unwrap_or_else(|| (asked, self.ground.near(asked)));
        self.graphing.asked = Some((asked, connection));
        let subject = Subject { connection, sender: self.graphing.sender };
        let own = &mut self.graphing;
        if !own.read.lacks(&subject) {
            return;
        }
        (own.read, own.stretch, own.at, own.dragged) = (Made::default(), None, None, None);
        let ground = self.ground.clone();
        let about = About::of(&self.ground.recording);
        let recording = about.title.unwrap_or_else(|| self.source.name.clone());
        let title = "Reading the connection".to_owned();
        let job = Job::start(title, Arc::clone(&self.wake), move |progress| {
            let sender = subject.sender.unwrap_or_else(|| ground.busier(connection));
            let names = names(&ground, (connection, sender), recording);
            Ok(Some(Read { course: ground.course(connection, sender, progress), names }))
        });
        own.read.begin(subject, job);
    }

    /// Begins to draw what was read in that size, unless it is drawn or being drawn.
    pub(super) fn draw_course(&mut self, (width, height): (f32, f32)) {
        let own = &mut self.graphing;
        let Some(of) = own.known().map(Arc::clone).filter(|read| read.course.is_some()) else {
            return;
        };
        let (kind, stretch) = (own.kind, own.stretch);
        let request = Request { kind, width, height: Some(height), stretch };
        let wanted = Wanted { of, request };
        if !own.drawn.lacks(&wanted) {
            return;
        }
        let (of, title) = (Arc::clone(&wanted.of), "Drawing the graph".to_owned());
        let job = Job::start(title, Arc::clone(&self.wake), move |_| {
            let course = of.course.as_ref().map(|course| (course, &of.names));
            let picture = course.map(|it| graph(it, &request, &FontMeasure::default()));
            let nothing = || Trouble::new("there is nothing to draw", "choose another packet");
            picture.map(Some).ok_or_else(nothing)
        });
        own.drawn.begin(wanted, job);
    }

    /// Takes what was read and drawn.
    pub(super) fn collect_course(&mut self) {
        let read = self.graphing.read.collect();
        if let Some(trouble) = read.or(self.graphing.drawn.collect()) {
            self.problem = Some(trouble);
        }
    }

    /// More keys: packets may be open now that were not.
    pub(super) fn forget_course(&mut self) {
        self.graphing.read = Made::default();
    }

    /// When the selected frame was seen, as the graph counts, where it belongs to its connection.
    pub(super) fn selected_in(&self, course: &Course) -> Option<i64> {
        let frame = self.selection.frame?;
        let owner = self.ground.attribution.of(frame, &self.ground.survey)?;
        let time = self.ground.recording.frame(frame).time.known()?;
        let is_asked = self.graphing.asked.is_some_and(|(asked, _)| asked == owner.connection);
        is_asked.then(|| course.since_start(time))
    }
}

fn names(
    ground: &Ground,
    (connection, sender): (ConnectionId, Direction),
    recording: String,
) -> Names {
    Names {
        sender: ground.end(connection, sender),
        receiver: ground.end(connection, sender.reverse()),
        recording,
    }
}
