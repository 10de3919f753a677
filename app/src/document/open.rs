//! Opening a recording: indexing and surveying at the same time.
//!
//! ```text
//!   this thread   index ─ index ─ index ─ absorb ─ index ─ absorb ─ absorb
//!                    └──┐    └──┐
//!   workers          survey  survey …     each over one range of frames
//! ```
//!
//! Where the format allows to begin anywhere, workers index what they survey, and what this
//! thread does is to put it in order:
//!
//! ```text
//!   workers       index + survey   index + survey …     each over one run of the file
//!   this thread        take, absorb    take, absorb …
//! ```

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use wirestage_captures::limits::MAX_FILES;
use wirestage_captures::read::{Indexer, Run, Runs};
use wirestage_captures::{OpenError as NotOpened, Recording};
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::protocol::Registry;
use wirestage_dissectors::registry;
use wirestage_dissectors::survey::{Survey, SurveyChunk, Surveyor};

use super::workers::{cores, wait, work};
use super::{Document, Progress};

/// Frames that one worker surveys at a time: enough to be worth the trip, few enough that their
/// pages go back soon.
pub(super) const CHUNK: u32 = 1 << 15;

/// Chunks that may be found before they are surveyed, for each worker: finding is quicker, and
/// what waits takes memory.
const AHEAD: u32 = 4;

/// Runs that may be surveyed before they are taken in, for each worker: taking in is quicker than
/// surveying, and small frames make a run take several times the memory of its rows.
const RUNS_AHEAD: u32 = 4;

/// How long to wait for a worker before finding more frames all the same: in a pool of one thread
/// the worker waits for this one.
const PATIENCE: Duration = Duration::from_millis(20);

/// How to open a recording.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// Frames in one chunk of the survey.
    pub chunk: u32,
    /// Bytes that read conversations may take in memory.
    pub budget: usize,
}

impl Default for Opening {
    fn default() -> Self {
        Self { chunk: CHUNK, budget: super::CONVERSATION_BUDGET }
    }
}

/// What standard input is called where a file is asked for.
const STDIN: &str = "-";

/// What a file is called beside others.
fn name(path: &Path) -> String {
    match path.file_name() {
        _ if path == Path::new(STDIN) => "standard input".to_owned(),
        Some(name) => name.to_string_lossy().into(),
        None => path.display().to_string(),
    }
}

/// What files are called where they are read as one: without their folders, unless two would be
/// called the same.
fn names(paths: &[PathBuf]) -> Vec<String> {
    let short: Vec<String> = paths.iter().map(|path| name(path)).collect();
    let mut known = HashSet::new();
    if short.iter().all(|name| known.insert(name)) {
        return short;
    }
    paths.iter().map(|path| path.display().to_string()).collect()
}

/// What a recording is called that these files make: "a.pcapng and 2 more".
#[must_use]
pub fn title(paths: &[PathBuf]) -> String {
    match paths {
        [] => String::new(),
        [path] => name(path),
        [first, others @ ..] => format!("{} and {} more", name(first), others.len()),
    }
}

/// Why a recording could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be read, or is no capture.
    #[error("{}{source}", before(path.as_deref()))]
    Capture {
        /// The file; `None` where it is said of all of them.
        path: Option<PathBuf>,
        /// What is wrong with it.
        source: wirestage_captures::OpenError,
    },
    /// Somebody asked to stop.
    #[error("opening was cancelled")]
    Cancelled,
}

/// What stands before what is said of a file.
fn before(path: Option<&Path>) -> String {
    path.map(|path| format!("{}: ", path.display())).unwrap_or_default()
}

impl Document {
    /// Opens and surveys a file.
    ///
    /// # Errors
    /// Where the file cannot be read or is no capture; damage is not an error.
    pub fn open(path: impl AsRef<Path>, progress: &Progress) -> Result<Self, OpenError> {
        Self::open_with(path.as_ref(), progress, Opening::default())
    }

    /// Opens and surveys a file in a certain way.
    ///
    /// # Errors
    /// As [`Document::open`].
    pub fn open_with(path: &Path, progress: &Progress, how: Opening) -> Result<Self, OpenError> {
        let fail = |source| OpenError::Capture { path: Some(path.to_path_buf()), source };
        let recording = Recording::begin(path).map_err(fail)?;
        Self::survey(recording, progress, how).map_err(|error| match error {
            OpenError::Capture { source, .. } => fail(source),
            other => other,
        })
    }

    /// Opens and surveys one file, or several as one recording; `-` is standard input, which is
    /// taken to its end first. Files are told apart by their names without folders, or with them
    /// where two names are equal.
    ///
    /// # Errors
    /// As [`Document::open`], for the first file that cannot be opened.
    pub fn open_all(paths: &[PathBuf], progress: &Progress) -> Result<Self, OpenError> {
        if let [path] = paths
            && path != Path::new(STDIN)
        {
            return Self::open(path, progress);
        }
        let whole = |source| OpenError::Capture { path: None, source };
        if paths.len() > MAX_FILES {
            return Err(whole(NotOpened::TooManyFiles { count: paths.len() }));
        }
        let mut files = Vec::new();
        for (path, name) in paths.iter().zip(names(paths)) {
            let begun = if path == Path::new(STDIN) {
                Recording::spool(std::io::stdin()).map_err(|source| (PathBuf::from(&name), source))
            } else {
                Recording::begin(path).map_err(|source| (path.clone(), source))
            };
            let begun =
                begun.map_err(|(path, source)| OpenError::Capture { path: Some(path), source })?;
            files.push((name, begun));
            if progress.is_cancelled() {
                return Err(OpenError::Cancelled);
            }
        }
        let recording = Recording::together(files).map_err(whole)?;
        Self::survey(recording, progress, Opening::default())
    }

    /// Surveys a recording of which only the header was read.
    ///
    /// # Errors
    /// As [`Document::open`].
    pub fn survey(
        recording: impl Into<Arc<Recording>>,
        progress: &Progress,
        how: Opening,
    ) -> Result<Self, OpenError> {
        let recording = recording.into();
        let survey = survey(&recording, progress, how.chunk.max(1), registry::standard())?;
        Ok(Self::new(recording, survey, how.budget))
    }
}

/// Indexes and surveys a recording.
pub(super) fn survey(
    recording: &Recording,
    progress: &Progress,
    chunk: u32,
    registry: &Registry,
) -> Result<Survey, OpenError> {
    let mut survey = Survey::new();
    let mut indexer = recording.indexer();
    if let Some(runs) = indexer.runs() {
        survey_runs(&mut indexer, &runs, progress, (&mut survey, registry))?;
    }
    let mut first = survey.frame_count();
    // What was indexed before is surveyed in chunks, too.
    let known = recording.count();
    let mut waiting = Waiting::default();
    let (send, receive) = mpsc::channel();
    let ahead = AHEAD * cores();
    rayon::in_place_scope(|scope| {
        for number in 0.. {
            let step =
                indexer.step(chunk).map_err(|source| OpenError::Capture { path: None, source })?;
            progress.set(step.done, step.bytes);
            let send = send.clone();
            let end = step.frames.end;
            let frames =
                first..if first < known { end.min(first.saturating_add(chunk)) } else { end };
            let more = step.more || frames.end < end;
            first = frames.end;
            scope.spawn(move |_| {
                // A receiver that is gone has stopped listening for an error or a cancel.
                let _ = send.send((number, survey_range(recording, frames, registry)));
            });
            for (number, part) in receive.try_iter() {
                waiting.absorb(number, part, (&mut survey, registry));
            }
            while number.saturating_sub(waiting.next) >= ahead {
                let Ok((number, part)) = receive.recv_timeout(PATIENCE) else { break };
                waiting.absorb(number, part, (&mut survey, registry));
            }
            if progress.is_cancelled() {
                return Err(OpenError::Cancelled);
            }
            if !more {
                return Ok(());
            }
        }
        Ok(())
    })?;
    drop(send);
    for (number, part) in receive {
        waiting.absorb(number, part, (&mut survey, registry));
    }
    Ok(survey)
}

/// Indexes and surveys as much as can be begun anywhere. What is left starts where the index ends.
fn survey_runs(
    indexer: &mut Indexer<'_>,
    runs: &Runs<'_>,
    progress: &Progress,
    (survey, registry): (&mut Survey, &Registry),
) -> Result<(), OpenError> {
    let (send, receive) = mpsc::channel();
    let ahead = RUNS_AHEAD * cores();
    let is_over = AtomicBool::new(false);
    rayon::in_place_scope(|scope| {
        let (mut waiting, mut begun) = (BTreeMap::new(), 0);
        for next in 0..runs.count() {
            while begun < runs.count().min(next.saturating_add(ahead)) {
                let (number, send, is_over) = (begun, send.clone(), &is_over);
                scope.spawn(move |_| {
                    if !is_over.load(Ordering::Relaxed) {
                        work(number, &send, || survey_run(runs, number, registry));
                    }
                });
                begun += 1;
            }
            let found = loop {
                if let Some(found) = waiting.remove(&next) {
                    break found;
                }
                let Some((number, found)) = wait(&receive) else { break None };
                waiting.insert(number, found);
            };
            // What cannot be read, or was guessed wrong, whoever goes on from here will see.
            let frames = found.as_ref().and_then(|(run, _)| indexer.take(run));
            let (Some((_, part)), Some(frames)) = (found, frames) else { break };
            survey.absorb(part.starting_at(frames.start), registry);
            let (done, bytes) = runs.progress(next);
            progress.set(done, bytes);
            if progress.is_cancelled() {
                break;
            }
        }
        is_over.store(true, Ordering::Relaxed);
    });
    if progress.is_cancelled() { Err(OpenError::Cancelled) } else { Ok(()) }
}

/// Indexes and surveys one run, each part of it while it is near.
fn survey_run<'r>(runs: &Runs<'r>, number: u32, registry: &Registry) -> (Run<'r>, SurveyChunk) {
    let mut run = runs.open(number);
    let mut surveyor = Surveyor::new(0, registry);
    loop {
        let frames = run.step();
        if frames.is_empty() {
            return (run, surveyor.finish());
        }
        surveyor.add(&run, frames.clone());
        run.release(frames);
    }
}

/// Bytes of the file that are copied out and surveyed at a time: they stay in the processor's
/// cache, and no page of the file becomes resident.
const COPY: u64 = 1 << 20;

/// Frames longer than this on average are not worth copying for their headers: they are surveyed
/// where they lie, and their pages given back.
const LARGE: u64 = 16 << 10;

/// Bytes of large frames that are surveyed before their pages are given back.
const MAPPED: u64 = 16 << 20;

/// Surveys a range of frames, whichever way of reading suits their size.
pub(super) fn survey_range(
    recording: &Recording,
    frames: Range<u32>,
    registry: &Registry,
) -> SurveyChunk {
    let mut surveyor = Surveyor::new(frames.start, registry);
    let mut buffer = Vec::new();
    let mut at = frames.start;
    while at < frames.end {
        let within = |bytes| recording.frames_within(at, bytes).end.clamp(at + 1, frames.end);
        let few = within(COPY);
        if u64::from(few - at) * LARGE < COPY {
            let many = within(MAPPED);
            surveyor.add(recording, at..many);
            recording.release(at..many);
            at = many;
            continue;
        }
        match recording.stretch(at..few, std::mem::take(&mut buffer)) {
            Ok(stretch) => {
                surveyor.add(&stretch, at..few);
                buffer = stretch.into_buffer();
            }
            // What cannot be copied can still be there in the mapping.
            Err(_) => surveyor.add(recording, at..few),
        }
        at = few;
    }
    surveyor.finish()
}

/// Parts that came before their predecessors.
#[derive(Default)]
struct Waiting {
    parts: BTreeMap<u32, SurveyChunk>,
    next: u32,
}

impl Waiting {
    fn absorb(
        &mut self,
        number: u32,
        part: SurveyChunk,
        (survey, registry): (&mut Survey, &Registry),
    ) {
        self.parts.insert(number, part);
        while let Some(part) = self.parts.remove(&self.next) {
            survey.absorb(part, registry);
            self.next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use wirestage_dissectors::ids::FrameId;

    use super::*;

    /// A classic pcap file of so many datagrams between a few ports; every `nested`th holds what
    /// looks like records.
    fn large(packets: u32, nested: u32) -> tempfile::NamedTempFile {
        let record = |n: u32, body: &[u8]| {
            let len = (body.len() as u32).to_le_bytes();
            [&(1_700_000_000 + n / 50).to_le_bytes()[..], &n.to_le_bytes(), &len, &len, body]
                .concat()
        };
        let inner: Vec<u8> = (0..12).flat_map(|n| record(n, &[0xaa; 100])).collect();
        let plain = vec![0x55; inner.len()];
        let mut out =
            [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 262_144, 1].map(u32::to_le_bytes).concat();
        for n in 0..packets {
            let payload = if n % nested == 0 { &inner } else { &plain };
            let (udp, ip) = ((payload.len() + 8) as u16, (payload.len() + 28) as u16);
            let mut frame = vec![0; 12];
            frame.extend([8, 0, 0x45, 0]);
            frame.extend(ip.to_be_bytes());
            frame.extend([0, n as u8, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
            frame.extend((5000 + n as u16 % 7).to_be_bytes());
            frame.extend([19, 137]);
            frame.extend(udp.to_be_bytes());
            frame.extend([0, 0]);
            frame.extend(payload);
            out.extend(record(n, &frame));
        }
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&out).unwrap();
        file
    }

    #[test]
    fn runs_survey_what_one_walk_does_even_where_guesses_are_led_astray() {
        const PACKETS: u32 = 30_000;
        for nested in [1, 5, u32::MAX] {
            let file = large(PACKETS, nested);
            let document = Document::open(file.path(), &Progress::new()).unwrap();
            let recording = Recording::open(file.path()).unwrap();
            let survey = Survey::of(&recording, registry::standard());
            assert_eq!((survey.frame_count(), document.survey.frame_count()), (PACKETS, PACKETS));
            let same = |id| document.survey.row(FrameId(id)) == survey.row(FrameId(id));
            assert!((0..PACKETS).all(same));
            assert_eq!(document.survey.flows(), survey.flows());
            assert_eq!(document.survey.times(), survey.times());
        }
    }

    #[test]
    fn files_are_told_apart_by_as_little_as_it_takes() {
        let check = |paths: &[&str], called: &[&str], whole: &str| {
            let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
            assert_eq!(names(&paths), called);
            assert_eq!(title(&paths), whole);
        };
        check(&["x/a.pcap"], &["a.pcap"], "a.pcap");
        check(&["x/a.pcap", "y/b.pcap"], &["a.pcap", "b.pcap"], "a.pcap and 1 more");
        check(&["x/a", "y/a", "-"], &["x/a", "y/a", "-"], "a and 2 more");
        check(&["-", "y/a"], &["standard input", "a"], "standard input and 1 more");
        check(&[], &[], "");
    }
}
