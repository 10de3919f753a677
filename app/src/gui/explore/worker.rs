//! The reader: a thread that owns the open document and reads what somebody looks at.
//!
//! ```text
//!  window ── wishes (only the latest of each kind counts) ──> reader
//!     ^                                                          │ reads conversations
//!     └────────── answers by channel, and a wake-up ─────────────┘
//! ```
//!
//! One thread reads, so a document needs no lock that the window could wait for. What is wished
//! for anew goes first: reading that nobody waits for any more stops, and what it has read is kept.
//! Stories are told elsewhere (`telling`). Where the thread dies of what it read, the window says
//! so, and headers are all that it shows from then on.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use wirestage_dissectors::describe::Dissection;
use wirestage_dissectors::engine::conversation::Stop;
use wirestage_dissectors::ids::FrameId;
use wirestage_dissectors::sinks::fields::Columns;

use super::details::Details;
use super::rows::Row;
use crate::document::keys::read_key_log;
use crate::document::schema::{is_schema, read_schema};
use crate::document::{Document, Ground};
use crate::gui::work::{Job, Post, Wake};
use crate::trouble::Trouble;

/// What is wished for and not yet begun.
#[derive(Default)]
struct Wishes {
    keys: Vec<PathBuf>,
    frame: Option<FrameId>,
    rows: Option<Vec<FrameId>>,
    /// The fields that rows have beside the rest.
    columns: Option<Arc<Columns>>,
    quit: bool,
}

/// How many folders above a file of names are looked into for what it imports: `shop/v1/shop.proto`
/// is mostly imported from two above.
const IMPORT_ROOTS: usize = 4;

/// One piece of work.
enum Work {
    Keys(PathBuf),
    Frame(FrameId),
    Rows(Vec<FrameId>, Option<Arc<Columns>>),
}

/// What adding a key log gave, or a file of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeysAdded {
    /// The file.
    pub path: PathBuf,
    /// Whether it holds names of fields and no keys.
    pub names: bool,
    /// For how many connections it brought a new secret; of names, for how many types of messages.
    pub new: usize,
    /// Lines that could not be read: each with its number and why.
    pub broken: Vec<String>,
    /// That some secrets open nothing, in words.
    pub idle: Option<String>,
}

/// What the reader brings.
pub(super) enum Answer {
    /// Rows as their conversations tell them.
    /// With the fields that they were made for.
    Rows(Option<Arc<Columns>>, Vec<(FrameId, Row)>),
    /// The tree and the bytes of a frame.
    Details(Arc<Details>),
    /// A key log was added: what was read before may read differently now.
    /// It is read on from this ground, where anything is new.
    Keys(KeysAdded, Option<Ground>),
    /// Something failed.
    Problem(Trouble),
}

#[derive(Default)]
struct Shared {
    wishes: Mutex<Wishes>,
    changed: Condvar,
    /// What is being done, for the status line.
    doing: Mutex<Option<String>>,
}

/// The window's end. Dropping it ends the thread soon.
pub(super) struct Worker {
    shared: Arc<Shared>,
    reading: Job<(), Answer>,
    /// What the thread died of.
    died: Option<Trouble>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Wishes are single values: a panic between two of them leaves nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Worker {
    /// Starts the thread.
    #[must_use]
    pub(super) fn start(document: Document, wake: Wake) -> Self {
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        let title = "Reading the recording".to_owned();
        let reading = Job::telling(title, wake, move |_, post| {
            read(document, &of_thread, post);
            Ok(())
        });
        Self { shared, reading, died: None }
    }

    fn wish(&self, change: impl FnOnce(&mut Wishes)) {
        change(&mut lock(&self.shared.wishes));
        self.shared.changed.notify_one();
    }

    /// Wishes for rows as their conversations tell them.
    pub(super) fn rows(&self, rows: Vec<FrameId>) {
        self.wish(|wishes| wishes.rows = Some(rows));
    }

    /// Says which fields rows have beside the rest.
    pub(super) fn columns(&self, columns: Option<Arc<Columns>>) {
        self.wish(|wishes| wishes.columns = columns);
    }

    /// Wishes for a frame's tree and bytes.
    pub(super) fn frame(&self, frame: FrameId) {
        self.wish(|wishes| wishes.frame = Some(frame));
    }

    /// Wishes that a key log be added.
    pub(super) fn keys(&self, path: PathBuf) {
        self.wish(|wishes| wishes.keys.push(path));
    }

    /// What has come.
    pub(super) fn collect(&mut self) -> Vec<Answer> {
        let mut answers = Vec::new();
        if let Some(Err(trouble)) = self.reading.collect(|answer| answers.push(answer)) {
            let trouble = match lock(&self.shared.doing).take() {
                Some(doing) => trouble.of(&doing),
                None => trouble,
            };
            self.died = Some(trouble.clone());
            answers.push(Answer::Problem(trouble));
        }
        answers
    }

    /// What the thread died of, where it did: no wish is answered any more.
    pub(super) fn died(&self) -> Option<&Trouble> {
        self.died.as_ref()
    }

    /// What is being done right now.
    #[must_use]
    pub(super) fn doing(&self) -> Option<String> {
        lock(&self.shared.doing).clone()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.wish(|wishes| wishes.quit = true);
    }
}

impl Shared {
    /// Waits for the next piece of work; nothing once the window has let go.
    fn next(&self) -> Option<Work> {
        let mut wishes = lock(&self.wishes);
        loop {
            if wishes.quit {
                return None;
            }
            // Keys first, for they change everything else; then what is waited for most.
            if !wishes.keys.is_empty() {
                return Some(Work::Keys(wishes.keys.remove(0)));
            }
            if let Some(frame) = wishes.frame.take() {
                return Some(Work::Frame(frame));
            }
            if let Some(rows) = wishes.rows.take() {
                return Some(Work::Rows(rows, wishes.columns.clone()));
            }
            wishes = self.changed.wait(wishes).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Shared {
    /// Whether something is waited for more than what is being done.
    fn is_pressing(&self) -> bool {
        let wishes = lock(&self.wishes);
        wishes.quit || !wishes.keys.is_empty() || wishes.frame.is_some()
    }

    /// Puts back what was begun and not finished, unless another of its kind is wished for.
    fn put_back(&self, work: Work) {
        let mut wishes = lock(&self.wishes);
        match work {
            Work::Keys(path) => wishes.keys.insert(0, path),
            Work::Frame(frame) => {
                wishes.frame.get_or_insert(frame);
            }
            Work::Rows(rows, _) => {
                wishes.rows.get_or_insert(rows);
            }
        }
    }
}

/// The thread: does one piece of work after the other.
fn read(mut document: Document, shared: &Shared, post: &Post<Answer>) {
    while let Some(work) = shared.next() {
        *lock(&shared.doing) = Some(work.name());
        let answer = work.done(&mut document, &|| shared.is_pressing());
        *lock(&shared.doing) = None;
        let Some(answer) = answer else {
            shared.put_back(work);
            continue;
        };
        if !post.tell(answer) {
            return;
        }
    }
}

impl Work {
    fn name(&self) -> String {
        match self {
            Self::Keys(_) => "adding keys".into(),
            Self::Frame(frame) => format!("reading frame {}", frame.number()),
            Self::Rows(..) => "reading connections".into(),
        }
    }

    /// Does it; `None` if it shall stop before it is done.
    fn done(&self, document: &mut Document, stop: Stop<'_>) -> Option<Answer> {
        match self {
            Self::Keys(path) => Some(keys(document, path.clone())),
            Self::Frame(frame) => {
                Some(Answer::Details(Arc::new(Details::read(document, *frame, stop)?)))
            }
            Self::Rows(frames, columns) => {
                let rows = rows(document, frames, columns.as_deref(), stop)?;
                Some(Answer::Rows(columns.clone(), rows))
            }
        }
    }
}

fn keys(document: &mut Document, path: PathBuf) -> Answer {
    if is_schema(&path) {
        return names(document, path);
    }
    match read_key_log(&path) {
        Ok(text) => {
            let added = document.add_keys(&text);
            let broken = added.broken.iter().map(|(line, why)| format!("line {line}: {why}"));
            let (names, new) = (false, added.count());
            let (broken, idle) = (broken.collect(), document.idle_keys().said());
            let added = KeysAdded { path, names, new, broken, idle };
            let ground = (added.new > 0).then(|| document.ground());
            Answer::Keys(added, ground)
        }
        Err(error) => Answer::Problem(error.into()),
    }
}

/// Takes in what fields of Protocol Buffers are called, which is for every connection.
fn names(document: &mut Document, path: PathBuf) -> Answer {
    // What a file imports lies beside it, or below a folder that it is named from.
    let roots = path.ancestors().skip(1).take(IMPORT_ROOTS).filter(|root| root.is_dir());
    let paths: Vec<PathBuf> =
        [path.as_path()].into_iter().chain(roots).map(PathBuf::from).collect();
    match read_schema(&paths) {
        Ok(schema) => {
            let (new, broken) = (schema.messages.len(), Vec::new());
            let added = KeysAdded { path, names: true, new, broken, idle: None };
            document.set_schema(schema);
            Answer::Keys(added, Some(document.ground()))
        }
        Err(error) => Answer::Problem(error.into()),
    }
}

fn rows(
    document: &Document,
    frames: &[FrameId],
    columns: Option<&Columns>,
    stop: Stop<'_>,
) -> Option<Vec<(FrameId, Row)>> {
    let (context, survey) = (document.context(), &*document.survey);
    let read = |frame| {
        let held = document.conversations().at_frame_until(frame, stop, (context, survey));
        if stop() {
            return None;
        }
        let scene = match &held {
            Some(held) => Dissection::of_stretch(context, survey, held),
            None => Dissection::of_headers(context, survey),
        };
        Some((frame, Row::of(&scene, frame, columns, true)))
    };
    frames.iter().copied().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::work::job::tests::{dying, wait};

    #[test]
    fn a_reader_that_died_says_of_what_and_is_busy_no_more() {
        let shared = Arc::new(Shared::default());
        *lock(&shared.doing) = Some(Work::Frame(FrameId(6)).name());
        let mut worker = Worker { shared, reading: dying(Vec::new()), died: None };
        let answers = wait(|| Some(worker.collect()).filter(|answers| !answers.is_empty()));
        let [Answer::Problem(trouble)] = answers.as_slice() else { panic!("it says nothing") };
        assert_eq!(trouble.cause, "reading frame 7: Failing ended unexpectedly: on purpose");
        assert_eq!((worker.doing(), worker.died()), (None, Some(trouble)));
    }
}
