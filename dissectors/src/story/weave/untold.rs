//! What a story leaves out, with its number: what it has no room for, and connections of which
//! there is nothing to tell.

use crate::limits::MAX_STORY_MESSAGES;
use crate::wording::{counted, thousands};

/// What a story has no room for.
#[derive(Default)]
pub(super) struct Untold {
    /// Whether something is left out.
    pub(super) is_begun: bool,
    /// The frames that are left out.
    pub(super) frames: usize,
}

impl Untold {
    pub(super) fn note(&self) -> Option<String> {
        let left = match self.frames {
            0 => String::new(),
            1 => ", and 1 more packet is left out".into(),
            frames => {
                format!(", and {} more packets are left out", thousands(frames as u64))
            }
        };
        let most = thousands(MAX_STORY_MESSAGES as u64);
        self.is_begun.then(|| format!("Only the first {most} messages are told{left}."))
    }
}

/// Connections that a story has nothing to tell of.
#[derive(Default)]
pub(super) struct Silent {
    connections: usize,
    frames: usize,
}

impl Silent {
    /// One more, of so many frames.
    pub(super) const fn add(&mut self, frames: usize) {
        self.connections += 1;
        self.frames += frames;
    }

    pub(super) fn said(&self) -> Option<String> {
        let packets = counted(self.frames as u64, "packet");
        match self.connections {
            0 => None,
            1 => Some(format!("Of one connection nothing is told: {packets} without data.")),
            count => {
                let count = thousands(count as u64);
                Some(format!("Of {count} connections nothing is told: {packets} without data."))
            }
        }
    }
}
