//! Runs: what one side sends before the other one does, put together and told as lines.

use std::fmt::Write as _;

use wirestage_dissectors::ids::{FrameId, Time};

use super::{Line, Only, heading, placed};
use crate::document::Piece;

/// How a run is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// As text.
    #[default]
    Text,
    /// Sixteen bytes a line, in hex and as text.
    Hex,
}

/// Bytes of one run that are kept before they are told: a larger one is told in parts.
const ENOUGH: usize = 1 << 20;

/// Takes pieces, and tells them as lines.
pub struct Runs {
    style: Style,
    only: Only,
    start: Time,
    /// Bytes that each side has sent before the run at hand.
    before: [u64; 2],
    run: Option<Run>,
}

struct Run {
    by_client: bool,
    stream: Option<u64>,
    frame: FrameId,
    time: Time,
    bytes: Vec<u8>,
    /// Which frame brought what, by the place of its first byte.
    brought: Vec<(usize, FrameId)>,
}

impl Run {
    /// The frame that brought the byte at a place.
    fn frame_of(&self, at: usize) -> FrameId {
        let after = self.brought.partition_point(|(begin, _)| *begin <= at);
        let last = after.checked_sub(1).and_then(|last| self.brought.get(last));
        last.map_or(self.frame, |(_, frame)| *frame)
    }
}

impl Runs {
    /// None yet, told in times since `start`.
    #[must_use]
    pub const fn new(style: Style, only: Only, start: Time) -> Self {
        Self { style, only, start, before: [0; 2], run: None }
    }

    /// Takes a piece, and tells the run that it ends.
    pub fn take(&mut self, piece: Piece<'_>, tell: &mut dyn FnMut(Line)) {
        if !self.only.is(piece.by_client, piece.stream) {
            return;
        }
        let goes_on = self.run.as_ref().is_some_and(|run| {
            (run.by_client, run.stream) == (piece.by_client, piece.stream)
                && run.bytes.len() < ENOUGH
        });
        if !goes_on {
            self.finish(tell);
        }
        let run = self.run.get_or_insert(Run {
            by_client: piece.by_client,
            stream: piece.stream,
            frame: piece.frame,
            time: piece.time,
            bytes: Vec::new(),
            brought: Vec::new(),
        });
        run.brought.push((run.bytes.len(), piece.frame));
        run.bytes.extend_from_slice(piece.bytes);
    }

    /// Tells the last run.
    pub fn finish(&mut self, tell: &mut dyn FnMut(Line)) {
        let Some(run) = self.run.take() else { return };
        let Run { by_client, stream, frame, time, .. } = run;
        let bytes = &run.bytes;
        let len = bytes.len();
        let mut words = match time.known() {
            Some(time) => format!("{:.6} s  ", time.since(self.start) as f64 / 1e9),
            None => String::new(),
        };
        // Writing to a string does not fail.
        let _ = write!(words, "{len} byte{}", if len == 1 { "" } else { "s" });
        if let Some(stream) = stream {
            let _ = write!(words, "  stream {stream}");
        }
        tell(heading(by_client, frame, &words));
        let line = |(at, text)| Line { by_client, heads: None, frame: run.frame_of(at), text };
        let before = self.before.get_mut(usize::from(!by_client));
        let at = before.map_or(0, |before| {
            let at = *before;
            *before += len as u64;
            at
        });
        match self.style {
            Style::Text => placed(bytes).for_each(|one| tell(line(one))),
            Style::Hex => {
                let places = (0..).step_by(WIDE);
                places.zip(hex(at, bytes)).for_each(|one| tell(line(one)));
            }
        }
    }
}

/// Bytes of a line in hex.
const WIDE: usize = 16;

/// So many bytes a line behind their offset.
fn hex(at: u64, bytes: &[u8]) -> impl Iterator<Item = String> {
    bytes.chunks(WIDE).zip(0u64..).map(move |(chunk, nth)| {
        let mut line = format!("{:08x} ", at + nth * WIDE as u64);
        for place in 0..WIDE {
            let gap = if place == WIDE / 2 { "  " } else { " " };
            line.push_str(gap);
            match chunk.get(place) {
                Some(byte) => {
                    let _ = write!(line, "{byte:02x}");
                }
                None => line.push_str("  "),
            }
        }
        line.push_str("  ");
        let shown = |byte: &u8| match byte {
            b' '..=b'~' => char::from(*byte),
            _ => '.',
        };
        line.extend(chunk.iter().map(shown));
        line
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::follow::Side;

    #[track_caller]
    fn check(style: Style, side: Option<Side>, expected: &[&str]) {
        let only = Only { side, stream: None };
        let mut runs = Runs::new(style, only, Time(1_000_000_000));
        let mut lines = Vec::new();
        let said: [(bool, &[u8]); 4] = [
            (true, b"GET /\r"),
            (true, b"\nHost: \x01\r\n\r\n"),
            (false, b"ok"),
            (true, b"\xc3\xa9"),
        ];
        for (nth, (by_client, bytes)) in said.into_iter().enumerate() {
            let time = Time(1_000_000_000 + nth as i64 * 1_000_000);
            let frame = FrameId(nth as u32);
            let piece = Piece { by_client, stream: None, frame, time, bytes };
            runs.take(piece, &mut |line| lines.push(line.text));
        }
        runs.finish(&mut |line| lines.push(line.text));
        assert_eq!(lines, expected);
    }

    #[test]
    fn what_a_side_says_before_the_other_one_does_stands_together() {
        check(
            Style::Text,
            None,
            &[
                "Client  frame 1  0.000000 s  18 bytes",
                "GET /",
                "Host: .",
                "",
                "Server  frame 3  0.002000 s  2 bytes",
                "ok",
                "Client  frame 4  0.003000 s  2 bytes",
                "é",
            ],
        );
    }

    #[test]
    fn offsets_in_hex_count_for_each_side() {
        check(
            Style::Hex,
            Some(Side::Client),
            &[
                "Client  frame 1  0.000000 s  20 bytes",
                "00000000  47 45 54 20 2f 0d 0a 48  6f 73 74 3a 20 01 0d 0a  GET /..Host: ...",
                "00000010  0d 0a c3 a9                                       ....",
            ],
        );
    }
}
