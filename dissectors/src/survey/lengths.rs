//! How long each frame was on the wire: two bytes a frame.

use crate::ids::FrameId;

/// The lengths of frames that follow each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Lengths {
    all: Vec<u16>,
    /// The longest of those that are known.
    longest: u16,
}

/// A frame of this length or a longer one: the recording itself says how long.
const LONG: u16 = u16::MAX;

impl Lengths {
    pub(super) fn reserve(&mut self, frames: usize) {
        self.all.reserve(frames);
    }

    /// Adds the next frame's.
    pub(super) fn push(&mut self, len: u32) {
        let len = u16::try_from(len).unwrap_or(LONG);
        if len < LONG {
            self.longest = self.longest.max(len);
        }
        self.all.push(len);
    }

    /// Adds those of the frames that follow.
    pub(super) fn append(&mut self, later: &Self) {
        self.all.extend_from_slice(&later.all);
        self.longest = self.longest.max(later.longest);
    }

    /// The length of a frame; `None` if it takes more than two bytes to say.
    pub(super) fn of(&self, frame: FrameId) -> Option<u16> {
        self.all.get(frame.index()).copied().filter(|len| *len != LONG)
    }

    /// The longest of those that [`Lengths::of`] knows.
    pub(super) const fn longest(&self) -> u16 {
        self.longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_for_two_bytes_is_not_known() {
        let mut lengths = Lengths::default();
        let mut later = Lengths::default();
        [60, 65_534].into_iter().for_each(|len| lengths.push(len));
        [65_535, 65_536, 1514].into_iter().for_each(|len| later.push(len));
        lengths.append(&later);
        let found: Vec<_> = (0..6).map(|frame| lengths.of(FrameId(frame))).collect();
        assert_eq!(found, [Some(60), Some(65_534), None, None, Some(1514), None]);
        assert_eq!(lengths.longest(), 65_534);
    }
}
