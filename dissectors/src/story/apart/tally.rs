//! Frames that belong to no connection, counted by what they are.

use std::ops::Sub;

use crate::ids::FlowId;
use crate::wording::{counted, thousands};

/// Frames of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The protocol of the innermost header: `ICMPv6`; of frames that could not be read on, the
    /// number that nobody here knows: `EtherType 0x88f7`.
    pub name: String,
    /// Whether what they hold could be read.
    pub is_read: bool,
    /// How many.
    pub frames: u64,
    /// Their bytes on the wire.
    pub bytes: u64,
}

/// Frames that could not be read on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// How many.
    pub frames: u64,
    /// Their bytes on the wire.
    pub bytes: u64,
    /// Which, by number and name: "2 frames of Link type 8 (SLIP) (108 bytes)".
    pub what: String,
}

/// A number of frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub frames: u64,
    /// Their bytes on the wire.
    pub bytes: u64,
}

impl Count {
    /// Counts one more.
    pub(super) const fn add(&mut self, bytes: u64) {
        self.frames += 1;
        self.bytes += bytes;
    }
}

impl Sub for Count {
    type Output = Self;

    fn sub(self, part: Self) -> Self {
        Self {
            frames: self.frames.saturating_sub(part.frames),
            bytes: self.bytes.saturating_sub(part.bytes),
        }
    }
}

/// Frames of one kind while they are counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) name: String,
    pub(super) is_read: bool,
    pub(super) all: Count,
    /// Those of them that are told in the story of a connection.
    pub(super) tied: Count,
    /// Those of them that the survey counts in a flow.
    pub(super) in_flows: Count,
}

impl Tally {
    /// Counts a frame, which the survey counts in that flow or in none.
    pub(super) fn add(&mut self, bytes: u64, flow: FlowId) {
        self.all.add(bytes);
        if flow.some().is_some() {
            self.in_flows.add(bytes);
        }
    }
}

/// The kinds with their numbers, in one line; of very many only the first.
pub(super) fn list(kinds: &[Kind]) -> String {
    const MOST: usize = 12;
    let mut counted: Vec<String> = kinds.iter().take(MOST).map(Kind::counted).collect();
    let rest = kinds.get(MOST..).unwrap_or(&[]);
    if !rest.is_empty() {
        let frames: u64 = rest.iter().map(|kind| kind.frames).sum();
        counted.push(format!("{frames} more of {} other kinds", rest.len()));
    }
    counted.join(", ")
}

impl Kind {
    /// "3 ARP frames (126 bytes)", "1 frame of link type 127 (54 bytes)".
    fn counted(&self) -> String {
        let frames = if self.frames == 1 { "frame" } else { "frames" };
        let (count, name, bytes) =
            (thousands(self.frames), &self.name, counted(self.bytes, "byte"));
        if self.is_read {
            format!("{count} {name} {frames} ({bytes})")
        } else {
            format!("{count} {frames} of {name} ({bytes})")
        }
    }
}
