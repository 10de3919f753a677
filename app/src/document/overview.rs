//! The overview of a document, stage by stage: columns at once, then first bytes, then all of it.
//!
//! ```text
//!   lines ──> glances, a batch at a time ──> findings, window by window ──> activity
//! ```
//!
//! Every stage runs on all cores, says how far it is, and stops when asked. What is at hand may be
//! looked at between any two steps.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{ConnectionId, FlowId, FrameId};
use wirestage_dissectors::limits::{MAX_OVERVIEW_AGAIN, MAX_OVERVIEW_PAIRED, MAX_OVERVIEW_ROWS};
use wirestage_dissectors::overview::{
    Activity, Again, Event, Findings, Glance, Known, Line, Names, Places, Quoted, Report, Service,
    Times, glance, services,
};
use wirestage_dissectors::story::sighting::{Twins, never_came, sightings};

use super::{Called, Document, Ground, Progress};

/// Connections that are looked at between two looks at whether somebody wants it to stop.
const BATCH: usize = 4096;

/// Connections that one worker looks at in one go.
const SHARE: usize = 64;

/// Frames that one worker counts in one go.
const COUNTED: u32 = 1 << 15;

/// What activity is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// In connections, as columns know them.
    Connections,
    /// In bytes as well, which takes a walk over all frames.
    Bytes,
}

/// What is known of the connections of a document so far.
#[derive(Clone)]
pub struct Overview {
    ground: Ground,
    /// What columns know, one for each connection.
    pub lines: Arc<Vec<Line>>,
    /// Segments that were sent again, as far as they are known one by one.
    pub again: Arc<[Again]>,
    /// What ICMP errors say.
    pub quoted: Arc<Quoted>,
    /// What hosts are called.
    pub names: Names,
    /// What first bytes say: of the first connections, in the end of all.
    pub glances: Vec<Glance>,
    /// What reading everything found.
    pub findings: Findings,
    /// Whether everything was read.
    pub is_read: bool,
}

impl Document {
    /// The overview as far as columns know it.
    #[must_use]
    pub fn overview(&self) -> Overview {
        let ground = self.ground();
        let quoted = Arc::new(ground.quoted());
        Overview::new(ground, quoted, Times::All)
    }

    /// The same without times, but those that finding scans takes: frames are hardly touched.
    #[must_use]
    pub fn overview_of_headers(&self) -> Overview {
        let ground = self.ground();
        let quoted = Arc::new(ground.quoted());
        Overview::new(ground, quoted, Times::OfAttempts)
    }

    /// That of these connections alone.
    #[must_use]
    pub fn overview_of_some(&self, connections: &[ConnectionId]) -> Overview {
        let ground = self.ground().narrowed(connections);
        let quoted = Arc::new(ground.quoted());
        Overview::new(ground, quoted, Times::OfAttempts)
    }
}

impl Overview {
    /// What columns know of each connection.
    #[must_use]
    pub fn new(ground: Ground, quoted: Arc<Quoted>, times: Times) -> Self {
        let surroundings = (ground.context(), &*ground.survey, &*ground.attribution);
        let again = Mutex::new(Vec::new());
        let of = |(at, id): (usize, &ConnectionId)| {
            let mut repeats = Vec::new();
            let mut line = Line::of(*id, surroundings, &quoted, times, &mut repeats);
            if let Some(far) = ground.far.get(&FlowId(id.0)) {
                let there = ConnectionId(far.0);
                let seen = Line::of(there, surroundings, &quoted, times, &mut Vec::new());
                line.see(&seen);
                if line.packets <= MAX_OVERVIEW_PAIRED {
                    let (frames, survey) = (&*ground.recording, &*ground.survey);
                    let twins = Twins { near: FlowId(id.0), far: *far };
                    let lost = never_came(&sightings(twins, frames, survey));
                    line.miss(&lost, (ground.context(), survey));
                }
            }
            if !repeats.is_empty() {
                let mut again = again.lock().unwrap_or_else(PoisonError::into_inner);
                again.append(&mut repeats);
                if again.len() > 2 * MAX_OVERVIEW_AGAIN {
                    keep_first(&mut again);
                }
            }
            if at % BATCH == BATCH - 1 && times == Times::All {
                ground.release_before(at, line.first);
            }
            line
        };
        // Where pages are given back, those who look at a batch follow each other.
        let share = if times == Times::All { BATCH } else { SHARE };
        let ids = ground.connections.par_iter().enumerate().with_min_len(share);
        let lines: Vec<Line> = ids.map(of).collect();
        let mut again = again.into_inner().unwrap_or_else(PoisonError::into_inner);
        keep_first(&mut again);
        Self {
            names: match ground.called {
                Called::Names => Names::new(&ground.recording.names()),
                Called::Addresses => Names::default(),
            },
            lines: Arc::new(lines),
            again: again.into(),
            quoted,
            glances: Vec::new(),
            findings: Findings::default(),
            is_read: false,
            ground,
        }
    }

    /// Looks at the first bytes of the next connections; nothing where all were looked at.
    #[must_use]
    pub fn next_glances(&self) -> Vec<Glance> {
        let lines = self.lines.get(self.glances.len()..).unwrap_or_default();
        let lines = lines.get(..BATCH).unwrap_or(lines);
        let ground = &self.ground;
        let surroundings = (ground.context(), &*ground.survey, &*ground.attribution);
        let look = |line: &Line| glance(line.id, line.server, surroundings);
        let found = lines.par_iter().with_min_len(SHARE).map(look).collect();
        ground.release(lines);
        found
    }

    /// Takes in what these gave.
    pub fn take_glances(&mut self, mut found: Vec<Glance>) {
        if self.ground.called == Called::Addresses {
            for glance in &mut found {
                (glance.name, glance.answers) = (None, Vec::new());
            }
        }
        for (name, address, frame) in found.iter().flat_map(|glance| &glance.answers) {
            self.names.learn(*address, name, *frame);
        }
        self.glances.extend(found);
    }

    /// Looks at the first bytes of all connections; says whether it got to the end.
    pub fn look_at_all(&mut self, progress: &Progress) -> bool {
        while self.glances.len() < self.lines.len() {
            let found = self.next_glances();
            self.take_glances(found);
            progress.set(self.glances.len() as u64, self.lines.len() as u64);
            if progress.is_cancelled() {
                return false;
            }
        }
        true
    }

    /// Reads everything. Says whether it got to the end.
    pub fn read(&mut self, progress: &Progress) -> bool {
        let ground = self.ground.clone();
        let is_whole = ground.read(progress, |found| self.take_events(found));
        self.is_read = is_whole;
        is_whole
    }

    /// Takes in what reading found.
    pub fn take_events(&mut self, found: Vec<Event>) {
        found.into_iter().for_each(|event| self.findings.take(event));
    }

    /// What reading the document rests on.
    #[must_use]
    pub const fn ground(&self) -> &Ground {
        &self.ground
    }

    /// What is known so far.
    #[must_use]
    pub fn known(&self) -> Known<'_> {
        Known {
            lines: &self.lines,
            survey: &self.ground.survey,
            registry: &self.ground.registry,
            names: &self.names,
            glances: &self.glances,
            findings: &self.findings,
            quoted: &self.quoted,
        }
    }

    /// The rows, by what is known so far.
    #[must_use]
    pub fn services(&self) -> Vec<Service> {
        let known = self.known();
        let verdict = |line: &Line| known.verdict(line);
        services(&self.lines, &self.ground.survey, verdict, |line| known.spoken(line))
    }

    /// The overview in words, by what is known so far.
    #[must_use]
    pub fn report(&self) -> Report {
        Report::new(&self.known(), self.services())
    }

    /// When the rows of a report were busy: those that are told one by one.
    #[must_use]
    pub fn activity(&self, report: &Report, counting: Counting) -> Activity {
        let ground = &self.ground;
        let shown = || report.rows.iter().take(MAX_OVERVIEW_ROWS).map(|row| &row.service);
        let places = Places::of(shown(), &self.lines);
        let span = ground.survey.times().unwrap_or_default();
        let count = ground.survey.frame_count();
        let empty = || Activity::new(span, &places);
        let (mut activity, known) = (empty(), self.known());
        activity.take_lines(shown(), &self.lines, |line| known.verdict(line));
        for again in &*self.again {
            let time = ground.recording.frame(again.frame).time;
            activity.take_again(again.connection, time, &places);
        }
        if counting == Counting::Connections {
            return activity;
        }
        let starts: Vec<u32> = (0..count).step_by(COUNTED as usize).collect();
        let parts = starts.into_par_iter().fold(empty, |mut activity, start| {
            let range = start..(start + COUNTED).min(count);
            let columns = (&*ground.survey, &*ground.attribution);
            let only = ground.only.as_deref();
            activity.count(range.clone(), &*ground.recording, columns, (&places, only));
            ground.recording.release(range);
            activity
        });
        let counted = parts.reduce(empty, |mut all, part| {
            all.join(&part);
            all
        });
        activity.join(&counted);
        activity
    }
}

/// Keeps the first of these, in the order of the file.
fn keep_first(again: &mut Vec<Again>) {
    again.sort_unstable_by_key(|again| again.frame);
    again.truncate(MAX_OVERVIEW_AGAIN);
}

impl Ground {
    /// Gives back the pages that looking at the batch of connections up to this one has touched.
    fn release_before(&self, at: usize, last: FrameId) {
        let first = self.connections.get(at.saturating_sub(BATCH));
        let path = first.map(|id| self.attribution.first_path(*id));
        if let Some(flow) = path.and_then(|path| self.survey.flow(path)) {
            self.recording.release(flow.first.0..last.0.saturating_add(1));
        }
    }

    /// Gives back the pages that looking at these lines has touched.
    fn release(&self, lines: &[Line]) {
        if let (Some(first), Some(last)) = (lines.first(), lines.last()) {
            let range: Range<u32> = first.first.0..last.first.0.saturating_add(1);
            self.recording.release(range);
        }
    }
}
