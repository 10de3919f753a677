//! What the programs under observation tell while they talk: keys, names, marks, a transcript.

use std::net::IpAddr;
use std::sync::mpsc::{Receiver, Sender, channel};

use crate::write::Mark;

/// One thing told.
pub(super) enum Note {
    Secret(String),
    Name(IpAddr, String),
    Mark(Mark),
    Transcript(String),
}

/// The telling end: clone it for whoever generates traffic. Telling never waits, and is
/// forgotten once nobody records any more.
#[derive(Clone)]
pub struct Feed {
    sender: Sender<Note>,
}

/// The listening end, for [`record`](super::record()).
pub struct Notes {
    receiver: Receiver<Note>,
}

impl Feed {
    /// A feed and its listening end.
    #[must_use]
    pub fn new() -> (Self, Notes) {
        let (sender, receiver) = channel();
        (Self { sender }, Notes { receiver })
    }

    /// Tells a line of a TLS key log. Call this before the socket write that first uses the
    /// key; both sides may tell the same line, it is written once.
    pub fn secret(&self, line: impl Into<String>) {
        self.tell(Note::Secret(line.into()));
    }

    /// Tells what an address is called.
    pub fn name(&self, address: IpAddr, name: impl Into<String>) {
        self.tell(Note::Name(address, name.into()));
    }

    /// Tells what somebody just did.
    pub fn mark(&self, mark: Mark) {
        self.tell(Note::Mark(mark));
    }

    /// Tells the transcript, which ends the recording as a comment. A later one replaces it.
    pub fn transcript(&self, text: impl Into<String>) {
        self.tell(Note::Transcript(text.into()));
    }

    fn tell(&self, note: Note) {
        // The recording may have ended already: then nobody wants to know.
        let _ = self.sender.send(note);
    }
}

impl Notes {
    /// Everything that was told since.
    pub(super) fn drain(&self) -> impl Iterator<Item = Note> {
        self.receiver.try_iter()
    }
}
