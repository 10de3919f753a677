//! The follow panel: what the two sides of the selected packet's connection said, in order.
//!
//! Read on a thread of its own whenever another connection, or another way to tell it, is asked
//! for.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::Arc;

use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{ConnectionId, FrameId};

use super::Explore;
use super::asks::{Follow, Telling};
use super::follow_place::Standing;
use crate::document::{Depth, Ground, Progress};
use crate::export::follow::{Line, Only, Runs, Style, contents};
use crate::gui::work::record::folder;
use crate::gui::work::{Job, Made};
use crate::trouble::Trouble;
use crate::unused::unused;

/// Lines that stand in the window, and bytes of their text: a file has the rest.
const MOST_LINES: usize = 200_000;
const MOST_BYTES: usize = 32 << 20;
/// Streams that one may choose from.
const MOST_STREAMS: usize = 200;

/// What is told: which connection, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Subject {
    connection: ConnectionId,
    telling: Telling,
    only: Only,
}

/// What came of it.
#[derive(Default)]
pub(super) struct Told {
    pub(super) lines: Vec<Line>,
    /// Whether there is more than stands here.
    pub(super) is_cut: bool,
    /// The streams there are.
    pub(super) streams: BTreeSet<u64>,
}

/// The panel.
#[derive(Default)]
pub(super) struct Following {
    pub(super) telling: Telling,
    pub(super) only: Only,
    told: Made<Subject, Told>,
    pub(super) standing: Standing,
    saving: Option<Job<PathBuf>>,
    /// Where it was saved last.
    pub(super) saved: Option<PathBuf>,
}

impl Following {
    /// What is told, once it is.
    pub(super) fn told(&self) -> Option<&Arc<Told>> {
        self.told.known()
    }

    /// What is told of this connection, and how often anything was told until then.
    pub(super) fn told_of(&self, connection: ConnectionId) -> Option<(Arc<Told>, usize)> {
        let is_of_it = self.told.basis().is_some_and(|basis| basis.connection == connection);
        self.told.known().filter(|_| is_of_it).map(|told| (Arc::clone(told), self.told.times()))
    }

    /// Why nothing is, where it was read in vain.
    pub(super) fn trouble(&self) -> Option<&Trouble> {
        self.told.trouble()
    }

    /// Whether something is being read.
    pub(super) fn is_busy(&self) -> bool {
        self.told.is_busy() || self.saving.is_some()
    }
}

impl Explore {
    /// Carries out what is asked of the panel.
    pub(super) fn follow(&mut self, follow: Follow) {
        match follow {
            Follow::Open => self.bring_forward(super::pane::Pane::Follow),
            Follow::Telling(telling) => self.following.telling = telling,
            Follow::Side(side) => self.following.only.side = side,
            Follow::Stream(stream) => self.following.only.stream = stream,
            Follow::Copy => {
                let told = self.following.told();
                let lines = told.map(|told| told.lines.iter().map(|line| line.text.as_str()));
                self.clip.copied = lines.map(|lines| lines.collect::<Vec<_>>().join("\n"));
            }
            Follow::Save => self.save_followed(),
        }
    }

    /// The connection that is followed: that of the selected packet, else the one that is told.
    pub(super) fn followed(&self) -> Option<ConnectionId> {
        let of_frame = || self.ground.attribution.of(self.selection.frame?, &self.ground.survey);
        of_frame().map(|owner| owner.connection).or(self.shown.told)
    }

    /// Begins to read what the panel is to show, unless that is there or under way.
    pub(super) fn read_followed(&mut self) {
        let Some(connection) = self.followed() else { return };
        let own = &mut self.following;
        let subject = Subject { connection, telling: own.telling, only: own.only };
        if !own.told.lacks(&subject) {
            return;
        }
        if own.told.basis().is_some_and(|known| known.connection != connection) {
            // Streams of another connection are others.
            (own.told, own.only.stream, own.saved) = (Made::default(), None, None);
            own.standing = Standing::default();
        }
        let ground = self.ground.clone();
        let title = "Following the connection".to_owned();
        let job = Job::start(title, Arc::clone(&self.wake), move |progress| {
            let mut told = Told::default();
            let mut bytes = 0;
            tell(&ground, subject, progress, &mut told.streams, &mut |line| {
                bytes += line.text.len();
                told.is_cut = told.lines.len() >= MOST_LINES || bytes > MOST_BYTES;
                if !told.is_cut {
                    told.lines.push(line);
                }
                !told.is_cut
            });
            Ok(Some(told))
        });
        self.following.told.begin(subject, job);
    }

    /// Takes what was read and written.
    pub(super) fn collect_followed(&mut self) {
        if let Some(trouble) = self.following.told.collect() {
            self.problem = Some(trouble);
        }
        if let Some(saved) = self.following.saving.as_ref().and_then(Job::poll) {
            self.following.saving = None;
            match saved {
                Ok(path) => self.following.saved = Some(path),
                Err(problem) => self.problem = Some(problem),
            }
        }
    }

    /// More keys: what was told may read differently now.
    pub(super) fn forget_followed(&mut self) {
        self.following.told = Made::default();
        self.following.standing = Standing::default();
    }

    /// Writes all of it to a file that only its owner can read.
    fn save_followed(&mut self) {
        let Some(subject) = self.following.told.basis().copied() else { return };
        let (ground, name) = (self.ground.clone(), self.story_name());
        let title = "Saving what was said".to_owned();
        self.following.saving = Some(Job::start(title, Arc::clone(&self.wake), move |progress| {
            let folder = folder();
            let path = unused(&folder, &format!("{name}-followed"), "txt");
            let failed = |error: std::io::Error| Trouble::unwritable(&path, &error);
            std::fs::create_dir_all(&folder).map_err(failed)?;
            let mut options = OpenOptions::new();
            let file = options.write(true).create_new(true).mode(0o600).open(&path);
            let mut out = BufWriter::new(file.map_err(failed)?);
            let mut wrote = Ok(());
            tell(&ground, subject, progress, &mut BTreeSet::new(), &mut |line| {
                wrote = writeln!(out, "{}", line.text);
                wrote.is_ok()
            });
            wrote.and_then(|()| out.flush()).map_err(failed)?;
            Ok(path)
        }));
    }
}

/// Tells a connection as lines, until `line` has enough.
fn tell(
    ground: &Ground,
    subject: Subject,
    progress: &Progress,
    streams: &mut BTreeSet<u64>,
    line: &mut dyn FnMut(Line) -> bool,
) {
    let Subject { connection, telling, only } = subject;
    let (depth, style) = match telling {
        Telling::Contents => {
            contents(ground, connection, only, progress, line);
            return;
        }
        Telling::Text => (Depth::Opened, Style::Text),
        Telling::Hex => (Depth::Opened, Style::Hex),
        Telling::Carried => (Depth::Carried, Style::Hex),
    };
    let mut runs = Runs::new(style, only, ground.recording.frame(FrameId(0)).time);
    let mut goes_on = true;
    ground.follow(connection, depth, progress, |piece| {
        if let Some(stream) = piece.stream
            && streams.len() < MOST_STREAMS
        {
            streams.insert(stream);
        }
        runs.take(piece, &mut |one| goes_on = goes_on && line(one));
        goes_on
    });
    if goes_on {
        runs.finish(&mut |one| {
            line(one);
        });
    }
}
