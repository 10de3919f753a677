//! What a recording says beside its frames: names, comments, secrets, counters, problems.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use super::problem::{Problem, ProblemKind};
use crate::limits::{MAX_NOTE_BYTES, MAX_NOTES, MAX_PROBLEMS, MAX_SECRET_BYTES};

/// A comment that somebody wrote into the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// What it is about.
    pub place: Place,
    /// The text.
    pub text: String,
}

/// What a comment is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A whole section, by its number in the file.
    Section(u32),
    /// An interface.
    Interface(u16),
    /// What was counted on an interface, written at the end of a recording.
    Statistics(u16),
}

/// What the capturing program counted on one interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// The interface.
    pub interface: u16,
    /// How many packets it saw, where that was written.
    pub received: Option<u64>,
    /// How many of them were lost for want of room, where that was written.
    pub dropped: Option<u64>,
}

/// Where key log text lies in the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SecretsAt {
    pub(crate) offset: u64,
    pub(crate) len: u64,
}

/// All of it; kept behind one lock, for it is read rarely.
#[derive(Default)]
pub(crate) struct Facts {
    pub(crate) names: Vec<(IpAddr, String)>,
    /// The same, to find repetitions: every section may bring the same names.
    known: HashSet<(IpAddr, String)>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) secrets: Vec<SecretsAt>,
    /// Comments on frames, in the order of the file, with the numbers of the frames from 0.
    pub(crate) on_frames: Vec<(u32, String)>,
    pub(crate) statistics: Vec<Statistics>,
    /// Where those of an interface stand.
    counted: HashMap<u16, usize>,
    pub(crate) problems: Vec<Problem>,
    /// What is wrong with the end of the file, as long as it is the end.
    pub(crate) tail: Option<Problem>,
    /// How many bytes of text names and comments hold.
    text: usize,
    /// How many bytes of key log text there are.
    secret_bytes: u64,
}

impl Facts {
    /// Notes a problem.
    pub(crate) fn problem(&mut self, offset: u64, kind: ProblemKind) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem { file: String::new(), offset, kind });
        }
    }

    /// Keeps a name.
    pub(crate) fn name(&mut self, offset: u64, address: IpAddr, name: String) {
        let entry = (address, name);
        if self.known.contains(&entry) {
            return;
        }
        if self.room(offset, self.names.len(), entry.1.len(), "names") {
            self.known.insert(entry.clone());
            self.names.push(entry);
        }
    }

    /// Keeps a comment.
    pub(crate) fn comment(&mut self, offset: u64, place: Place, text: String) {
        if self.room(offset, self.comments.len(), text.len(), "comments") {
            self.comments.push(Comment { place, text });
        }
    }

    /// Keeps a comment on a frame.
    pub(crate) fn comment_on(&mut self, offset: u64, frame: u32, text: String) {
        if self.room(offset, self.on_frames.len(), text.len(), "comments on frames") {
            self.on_frames.push((frame, text));
        }
    }

    /// The comments on a frame.
    pub(crate) fn on_frame(&self, frame: u32) -> Vec<String> {
        let from = self.on_frames.partition_point(|(known, _)| *known < frame);
        let behind = self.on_frames.iter().skip(from);
        behind.take_while(|(known, _)| *known == frame).map(|(_, text)| text.clone()).collect()
    }

    /// Keeps what was counted, instead of what was counted on the same interface before: counts go
    /// on from where capturing began.
    pub(crate) fn counted(&mut self, offset: u64, statistics: Statistics) {
        let known = self.counted.get(&statistics.interface);
        if let Some(before) = known.and_then(|at| self.statistics.get_mut(*at)) {
            *before = statistics;
        } else if self.room(offset, self.statistics.len(), 0, "interface statistics") {
            self.counted.insert(statistics.interface, self.statistics.len());
            self.statistics.push(statistics);
        }
    }

    /// Remembers where key log text lies.
    pub(crate) fn secrets(&mut self, at: SecretsAt) {
        let all = self.secret_bytes.saturating_add(at.len);
        if all > MAX_SECRET_BYTES {
            self.too_many(at.offset, "bytes of key log text", MAX_SECRET_BYTES);
        } else if self.room(at.offset, self.secrets.len(), 0, "blocks with secrets") {
            self.secret_bytes = all;
            self.secrets.push(at);
        }
    }

    /// Whether one more of something fits; says so once where it does not.
    fn room(&mut self, offset: u64, count: usize, text: usize, what: &'static str) -> bool {
        if count >= MAX_NOTES {
            self.too_many(offset, what, MAX_NOTES as u64);
            return false;
        }
        if self.text.saturating_add(text) > MAX_NOTE_BYTES {
            self.too_many(offset, "bytes of names and comments", MAX_NOTE_BYTES as u64);
            return false;
        }
        self.text += text;
        true
    }

    /// Notes once that something is left out.
    pub(crate) fn too_many(&mut self, offset: u64, what: &'static str, limit: u64) {
        let kind = ProblemKind::TooMany { what, limit };
        if !self.problems.iter().any(|known| known.kind == kind) {
            self.problem(offset, kind);
        }
    }
}
