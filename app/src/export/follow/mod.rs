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
    /// What it says.
    pub text: String,
}

/// The line that heads what one side sends.
fn heading(by_client: bool, frame: FrameId, words: &str) -> Line {
    let side = if by_client { "Client" } else { "Server" };
    let text = format!("{side}  frame {}  {words}", frame.number());
    Line { by_client, heads: Some(frame), text }
}

/// Bytes as lines of text: what is no text is shown as a dot.
fn text(bytes: &[u8]) -> impl Iterator<Item = String> + use<> {
    let whole = String::from_utf8_lossy(bytes);
    let lines: Vec<String> = whole
        .strip_suffix('\n')
        .unwrap_or(&whole)
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .map(|line| {
            let shown = |c: char| match c {
                '\t' => ' ',
                c if c.is_control() => '.',
                c => c,
            };
            line.chars().map(shown).collect()
        })
        .collect();
    lines.into_iter()
}
