//! What two sides said to each other, as lines: as text, in hex, or message by message with the
//! codings of contents undone.
//!
//! ```text
//!   Client  frame 5  0.004360 s  89 bytes
//!   GET / HTTP/1.1
//!   Host: server.wirestage.test
//! ```

mod contents;
mod layout;
mod runs;

pub use contents::contents;
pub use runs::{Runs, Style};

use wirestage_dissectors::ids::FrameId;

/// Who is meant, where not both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Side {
    /// Who opened the connection
    Client,
    /// Who answered
    Server,
}

impl Side {
    /// Whether what the client sent, or else what the server sent, is meant.
    #[must_use]
    pub fn is(self, by_client: bool) -> bool {
        (self == Self::Client) == by_client
    }
}

/// Which part of a connection is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Only {
    /// One side, where not both.
    pub side: Option<Side>,
    /// One stream, where not all.
    pub stream: Option<u64>,
}

impl Only {
    /// Whether what a side sends on a stream is meant.
    #[must_use]
    pub fn is(self, by_client: bool, stream: Option<u64>) -> bool {
        self.side.is_none_or(|side| side.is(by_client))
            && self.stream.is_none_or(|only| stream == Some(only))
    }
}

/// A line of what is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whether the client sent it.
    pub by_client: bool,
    /// Where it was sent, of lines that say so: they head what follows.
    pub heads: Option<FrameId>,
    /// The frame that brought its first byte.
    pub frame: FrameId,
    /// What it says.
    pub text: String,
}

/// The line that heads what one side sends.
fn heading(by_client: bool, frame: FrameId, words: &str) -> Line {
    let side = if by_client { "Client" } else { "Server" };
    let text = format!("{side}  frame {}  {words}", frame.number());
    Line { by_client, heads: Some(frame), frame, text }
}

/// Bytes as lines of text: what is no text is shown as a dot.
fn text(bytes: &[u8]) -> impl Iterator<Item = String> + use<> {
    placed(bytes).map(|(_, line)| line).collect::<Vec<_>>().into_iter()
}

/// The same, each line with the place where it begins.
fn placed(bytes: &[u8]) -> impl Iterator<Item = (usize, String)> {
    let mut at = 0;
    bytes.strip_suffix(b"\n").unwrap_or(bytes).split(|byte| *byte == b'\n').map(move |line| {
        let begin = at;
        at += line.len() + 1;
        let line = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line));
        let shown = |c: char| match c {
            '\t' => ' ',
            c if c.is_control() => '.',
            c => c,
        };
        (begin, line.chars().map(shown).collect())
    })
}
