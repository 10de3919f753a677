//! Capturing away from the window: a thread that takes in what comes, and hands it on in documents.
//!
//! ```text
//!   helper ── pcapng ──> thread ── counts, at once ──────────────────> window
//!   key log ── lines ──────┘    └─ a document, as often as that pays ──┘
//!                          └─ in the end, all of it with its keys ──> file
//! ```

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::record::{Recorder, private_folder};
use super::{Job, Post, Wake};
use crate::document::keys::read_key_log;
use crate::document::{Document, Growing};
use crate::export;
use crate::record::{self, Listen, State, save, save_with_keys};
use crate::trouble::Trouble;

/// How often is looked for more.
const LOOK: Duration = Duration::from_millis(40);
/// How long a document stands at least: more often nobody sees the difference.
const STANDS: Duration = Duration::from_millis(250);
/// Making documents takes one part of so many of the time.
const SHARE: u32 = 4;

/// Where packets come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An interface.
    Interface(Listen),
    /// Programs that are run in the lab.
    Programs {
        /// The server, as a command of the shell; nothing for none.
        server: Option<String>,
        /// The command, in the same words.
        command: String,
    },
}

/// A name for what is captured, without an ending: what it is, of what, and the date.
pub(crate) fn name(origin: &Origin) -> String {
    let (what, of) = match origin {
        Origin::Interface(listen) => ("capture", listen.interface.as_str()),
        Origin::Programs { command, .. } => {
            let program = command.split_whitespace().next().unwrap_or_default();
            ("run", program.rsplit('/').next().unwrap_or_default())
        }
    };
    export::dated(&format!("{what}-{of}"), super::record::now())
}

/// What is captured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveWanted {
    /// Where packets come from.
    pub origin: Origin,
    /// The key log that is read as it grows. Programs of the lab write one of their own.
    pub keys: Option<PathBuf>,
    /// Where it is kept when it is over.
    pub path: PathBuf,
}

impl LiveWanted {
    /// What it is called.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.origin {
            Origin::Interface(Listen { interface, filter: None }) => {
                format!("Capture of {interface}")
            }
            Origin::Interface(Listen { interface, filter: Some(filter) }) => {
                format!("Capture of {interface}, {filter}")
            }
            Origin::Programs { command, .. } => format!("Run of {command}"),
        }
    }
}

/// A capture that was begun: what comes, and where its keys come from.
pub struct Begun {
    /// The recording, as it is being made.
    pub take: record::Take,
    /// The key log.
    pub keys: Option<PathBuf>,
    /// What must stay until all is over: a temporary file, for one.
    pub kept: Option<tempfile::NamedTempFile>,
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Frames that came.
    pub frames: u32,
    /// Bytes of the recording.
    pub bytes: u64,
    /// Packets that were lost for want of room.
    pub lost: u64,
    /// Lines of the key log.
    pub keys: usize,
}

/// How a capture ended.
pub struct Over {
    /// Where it was kept; `None` if nothing came.
    pub path: Option<PathBuf>,
    /// Why before its time, where it was.
    pub early: Option<String>,
    /// The keys that were logged.
    keys: String,
}

/// What the thread brings.
enum News {
    Counts(Counts),
    Grown(Box<Document>),
}

/// What a person asks of the thread.
#[derive(Default)]
struct Asked {
    stop: AtomicBool,
    /// Further key logs.
    keys: Mutex<Vec<PathBuf>>,
}

/// A capture, seen from the window. Dropping it ends it.
pub struct Live {
    /// What is captured.
    pub wanted: LiveWanted,
    /// What was counted so far.
    pub counts: Counts,
    /// The keys that were logged, once it is over.
    pub keys: String,
    /// How long it took, once it is over.
    took: Option<Duration>,
    asked: Arc<Asked>,
    job: Job<Over, News>,
}

impl Live {
    /// Begins to capture.
    #[must_use]
    pub fn start(recorder: Arc<dyn Recorder>, wanted: LiveWanted, wake: Wake) -> Self {
        let asked = Arc::new(Asked::default());
        let (of_thread, by_window) = (wanted.clone(), Arc::clone(&asked));
        let job = Job::telling(wanted.title(), wake, move |_, post| {
            attend(&*recorder, &of_thread, &by_window, post)
        });
        let (counts, keys) = Default::default();
        Self { wanted, counts, keys, took: None, asked, job }
    }

    /// Asks it to end. What is under way still comes.
    pub fn stop(&self) {
        self.asked.stop.store(true, Ordering::Release);
    }

    /// Reads another key log, too, as it grows.
    pub fn add_keys(&self, path: PathBuf) {
        // A panic between two of them leaves nothing half done.
        self.asked.keys.lock().unwrap_or_else(PoisonError::into_inner).push(path);
    }

    /// Whether it was asked to end, and has not yet.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.is_running() && self.asked.stop.load(Ordering::Acquire)
    }

    /// Whether it goes on.
    #[must_use]
    pub const fn is_running(&self) -> bool {
        self.took.is_none()
    }

    /// How long it goes, or went.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.took.unwrap_or_else(|| self.job.elapsed())
    }

    /// Takes what came: the latest document, and how it ended.
    pub fn collect(&mut self) -> (Option<Box<Document>>, Option<Result<Over, Trouble>>) {
        let mut latest = None;
        let mut over = self.job.collect(|news| match news {
            News::Counts(counts) => self.counts = counts,
            News::Grown(document) => latest = Some(document),
        });
        if let Some(how) = &mut over {
            if let Ok(over) = how {
                self.keys = std::mem::take(&mut over.keys);
            }
            self.took = Some(self.job.elapsed());
        }
        (latest, over)
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The thread: takes in what comes until it is over, and keeps it.
fn attend(
    recorder: &dyn Recorder,
    wanted: &LiveWanted,
    asked: &Asked,
    post: &Post<News>,
) -> Result<Over, Trouble> {
    let Begun { mut take, keys, kept: _kept } = recorder.listen(wanted)?;
    let mut growing = Growing::new(Arc::clone(take.recording()));
    let mut logs = Logs { paths: keys.into_iter().collect(), sizes: Vec::new() };
    let (mut told, mut shown, mut pause) = (Counts::default(), None, Duration::ZERO);
    let mut since = Instant::now();
    let state = loop {
        if asked.stop.load(Ordering::Acquire) {
            take.cancel();
        }
        // Asked first, so that nothing is missed which comes before the end.
        let state = take.state();
        let is_over = state != State::Running;
        let frames = match growing.refresh() {
            Ok(frames) => frames,
            // A child that failed at once may have written nothing that can be read.
            Err(_) if is_over => 0,
            Err(error) => return Err(error.into()),
        };
        logs.paths.append(&mut asked.keys.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(texts) = logs.read() {
            growing.set_keys(&texts);
        }
        let counts = counted(&growing, frames);
        if counts != told {
            told = counts;
            post.tell(News::Counts(counts));
        }
        let stands = Some((counts.frames, counts.keys));
        // Nothing is shown before it is sure that something can be captured.
        let is_there = growing.recording().format().is_some();
        let is_due = is_over || shown.is_none() || since.elapsed() >= pause;
        if shown != stands && is_there && is_due {
            let begun = Instant::now();
            post.tell(News::Grown(Box::new(growing.document())));
            (shown, since) = (stands, Instant::now());
            pause = (begun.elapsed() * (SHARE - 1)).max(STANDS);
        }
        if is_over {
            break state;
        }
        thread::sleep(LOOK);
    };
    let early = match state {
        State::Failed(trouble) => return Err(trouble),
        State::Early { why } => Some(why),
        State::Done | State::Cancelled | State::Running => None,
    };
    let path = (told.frames > 0).then(|| wanted.path.clone());
    if let Some(path) = &path {
        if let Some(folder) = path.parent() {
            private_folder(folder)?;
        }
        match growing.keys() {
            "" => save(growing.recording(), path)?,
            keys => save_with_keys(growing.recording(), keys, path)?,
        }
    }
    Ok(Over { path, early, keys: growing.keys().to_owned() })
}

/// Key logs that grow.
struct Logs {
    paths: Vec<PathBuf>,
    /// How long each was when it was read last.
    sizes: Vec<u64>,
}

impl Logs {
    /// Their texts, where any of them has grown. One that is not there yet says nothing.
    fn read(&mut self) -> Option<Vec<String>> {
        let size = |path: &PathBuf| path.metadata().map_or(0, |meta| meta.len());
        let sizes: Vec<u64> = self.paths.iter().map(size).collect();
        if sizes == self.sizes {
            return None;
        }
        self.sizes = sizes;
        Some(self.paths.iter().map(|path| read_key_log(path).unwrap_or_default()).collect())
    }
}

fn counted(growing: &Growing, frames: u32) -> Counts {
    let recording = growing.recording();
    let lost = recording.statistics().iter().filter_map(|one| one.dropped).sum();
    let is_key = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let keys = growing.keys().lines().filter(is_key).count();
    Counts { frames, bytes: recording.bytes(), lost, keys }
}
