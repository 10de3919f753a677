//! A recording in parts: so many frames each, so much time, so many bytes, or one connection each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use wirestage_captures::write::extract;
use wirestage_dissectors::filter::RowSet;
use wirestage_dissectors::frames::Frames;
use wirestage_dissectors::ids::{FrameId, Time};

use super::output;
use super::stop::{Outcome, Stop};
use crate::document::Document;
use crate::export::numbered;
use crate::private;
use crate::trouble::Trouble;

/// Parts that a recording may be cut into: each is written in a walk over all of it, and nobody
/// opens more.
const MOST_PARTS: usize = 1_000;
/// What a packet's block takes in pcapng besides its bytes (draft-ietf-opsawg-pcapng, section 4.3).
const BLOCK: u64 = 32;

/// What makes a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// So many frames.
    Frames(u32),
    /// So many nanoseconds.
    Nanos(i64),
    /// Packets that take so many bytes in the file.
    Bytes(u64),
    /// One connection.
    Connections,
}

impl Split {
    /// Reads what was typed: "100k", "10s", "50MB", "connections".
    pub(super) fn read(text: &str) -> Result<Self, String> {
        if text == "connections" {
            return Ok(Self::Connections);
        }
        let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let wrong = || {
            "parts are frames (1000, 100k), times (500ms, 10s, 5min), sizes (50MB) or \
                        connections"
        };
        let number: f64 = number.parse().map_err(|_| wrong().to_owned())?;
        let times = |factor: f64| number * factor;
        let (made, is_any) = match unit {
            "" => (Self::Frames(times(1.0) as u32), times(1.0) >= 1.0),
            "k" => (Self::Frames(times(1e3) as u32), times(1e3) >= 1.0),
            "M" => (Self::Frames(times(1e6) as u32), times(1e6) >= 1.0),
            "ms" => (Self::Nanos(times(1e6) as i64), times(1e6) >= 1.0),
            "s" => (Self::Nanos(times(1e9) as i64), times(1e9) >= 1.0),
            "min" => (Self::Nanos(times(60e9) as i64), times(60e9) >= 1.0),
            "h" => (Self::Nanos(times(3600e9) as i64), times(3600e9) >= 1.0),
            "B" => (Self::Bytes(times(1.0) as u64), times(1.0) >= 1.0),
            "kB" => (Self::Bytes(times(1e3) as u64), times(1e3) >= 1.0),
            "MB" => (Self::Bytes(times(1e6) as u64), times(1e6) >= 1.0),
            "GB" => (Self::Bytes(times(1e9) as u64), times(1e9) >= 1.0),
            _ => return Err(wrong().to_owned()),
        };
        if is_any { Ok(made) } else { Err("a part holds something".to_owned()) }
    }

    /// The frames of each part, by its number; the number of what belongs to no connection is 0.
    fn parts(self, document: &Document, rows: &RowSet) -> BTreeMap<usize, RowSet> {
        let mut parts: BTreeMap<usize, RowSet> = BTreeMap::new();
        let ground = document.ground();
        let numbers = ground.numbers_of_both();
        let mut cut = Cut { by: self, number: 1, held: 0, end: None };
        for id in rows.iter() {
            let number = if self == Self::Connections {
                let owner = document.attribution.of(id, &document.survey);
                owner.and_then(|owner| numbers.get(&owner.connection).copied()).unwrap_or(0)
            } else {
                let frame = document.recording.frame(id);
                cut.part(frame.time, frame.bytes.len() as u64 + BLOCK)
            };
            parts.entry(number).or_default().insert(id);
        }
        parts
    }
}

/// Where the part at hand is cut.
struct Cut {
    by: Split,
    number: usize,
    /// What it holds: frames, or bytes.
    held: u64,
    /// When it ends.
    end: Option<Time>,
}

impl Cut {
    /// The number of the part that a frame goes into. Frames come in the order of the file: one
    /// that is earlier than the one before stays with it, and time without frames makes no part.
    fn part(&mut self, time: Time, bytes: u64) -> usize {
        let is_over = match self.by {
            Split::Frames(most) => self.held >= u64::from(most),
            Split::Bytes(most) => self.held > 0 && self.held + bytes > most,
            Split::Nanos(long) => {
                let (known, end) = (time.known(), self.end);
                let is_over = known.zip(end).is_some_and(|(time, end)| time.since(end) >= 0);
                if let Some(time) = known.filter(|_| end.is_none() || is_over) {
                    // Parts end at multiples of their length, whatever came between.
                    let begin = end.map_or(time, |end| Time(end.0 + time.since(end) / long * long));
                    self.end = Some(Time(begin.0.saturating_add(long)));
                }
                is_over
            }
            Split::Connections => false,
        };
        if is_over {
            (self.number, self.held) = (self.number + 1, 0);
        }
        self.held += if matches!(self.by, Split::Bytes(_)) { bytes } else { 1 };
        self.number
    }
}

/// Writes the parts of these frames, each with all keys, names and comments. Says how they went.
pub(super) fn write(
    (document, keys): (&Document, &str),
    rows: &RowSet,
    split: Split,
    (output, force): (&Path, bool),
) -> Outcome<String> {
    if output == Path::new("-") {
        return Err(Stop::wrong("several files are no pipe", "name them: -o part.pcapng"));
    }
    let parts = split.parts(document, rows);
    if parts.len() > MOST_PARTS {
        return Err(Stop::wrong(
            format!("that would be {} files; {MOST_PARTS} is the most", parts.len()),
            "make the parts larger, or name a filter that fewer frames pass",
        ));
    }
    let name = |number: usize| numbered(output, number);
    for number in parts.keys() {
        output::replaces(&name(*number), force)?;
    }
    for (number, frames) in &parts {
        let path: PathBuf = name(*number);
        let keep = |id: FrameId| frames.contains(id);
        // The keys are in it.
        private::put(&path, |to| -> Result<_, Trouble> {
            let written = extract(&document.recording, &keep, keys, to);
            written.map(Some).map_err(|error| Trouble::unwritable(&path, &error))
        })?;
    }
    let (first, last) = (parts.keys().next(), parts.keys().next_back());
    let (Some(first), Some(last)) = (first, last) else {
        return Ok("no frame passes: nothing was written".to_owned());
    };
    let files = match parts.len() {
        1 => format!("{}", name(*first).display()),
        count => {
            format!("{} to {} ({count} files)", name(*first).display(), name(*last).display())
        }
    };
    let rest = match (split, parts.get(&0)) {
        (Split::Connections, Some(none)) => {
            format!("; {} holds {} of no connection", name(0).display(), none.len())
        }
        _ => String::new(),
    };
    let all = document.survey.frame_count();
    Ok(format!("{files}: {} of {all} frames{rest}", rows.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_a_part_is_read() {
        for (text, expected) in [
            ("1000", Split::Frames(1_000)),
            ("100k", Split::Frames(100_000)),
            ("500ms", Split::Nanos(500_000_000)),
            ("10s", Split::Nanos(10_000_000_000)),
            ("1.5min", Split::Nanos(90_000_000_000)),
            ("50MB", Split::Bytes(50_000_000)),
            ("connections", Split::Connections),
        ] {
            assert_eq!(Split::read(text), Ok(expected), "{text}");
        }
        for text in ["", "0", "s", "0s", "10 s", "10x", "-5", "0.1", "1.2.3", "by connection"] {
            assert!(Split::read(text).is_err(), "{text}");
        }
    }

    #[track_caller]
    fn check(by: Split, frames: &[(i64, u64)], expected: &[usize]) {
        let mut cut = Cut { by, number: 1, held: 0, end: None };
        let parts: Vec<usize> =
            frames.iter().map(|(time, bytes)| cut.part(Time(*time), *bytes)).collect();
        assert_eq!(parts, expected, "{by:?}");
    }

    #[test]
    fn parts_are_cut_by_what_was_asked_for() {
        let frames = [(100, 10), (105, 10), (112, 50), (111, 10), (151, 10), (159, 10), (160, 5)];
        check(Split::Frames(3), &frames, &[1, 1, 1, 2, 2, 2, 3]);
        // From 100, 110, 150 and 160 on: nothing passed in between.
        check(Split::Nanos(10), &frames, &[1, 1, 2, 2, 3, 3, 4]);
        // One that is larger than a part is one.
        check(Split::Bytes(25), &frames, &[1, 1, 2, 3, 3, 4, 4]);
    }
}
