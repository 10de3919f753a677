//! Positions: where a value's bytes lie, and in which buffer.
//!
//! Every position names its buffer, because a capture has many: each frame is one, and each
//! reassembled, decrypted or decoded sequence of bytes is another.
//!
//! ```text
//!   frame 7   |eth|ip|tcp|17 03 03 00 45|…sealed…|        BufferId::frame(7)
//!                        └──── piece ────┬───────┘
//!                                        v  recipe: open with key 2, record number 0
//!   derived 3            |14 00 00 30 …plaintext…|         BufferId::derived(3)
//!                         └─ Span { buffer: derived 3, start: 0, len: 4 }
//! ```

use std::fmt;

use crate::frames::MAX_FRAMES;
use crate::ids::FrameId;

/// One buffer: a frame of the recording, or one derived from others within a connection.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BufferId(u32);

/// What a [`BufferId`] names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Buffer {
    /// The bytes of a frame.
    Frame(FrameId),
    /// Bytes derived by a recipe, numbered within their connection.
    Derived(u32),
    /// No bytes at all: the value was computed.
    None,
}

impl BufferId {
    /// Numbers from here on name derived buffers; those below are frames.
    const DERIVED: u32 = MAX_FRAMES;
    /// The buffer of computed values.
    pub const NONE: Self = Self(u32::MAX);

    /// A frame's bytes.
    #[must_use]
    pub const fn frame(frame: FrameId) -> Self {
        debug_assert!(frame.0 < MAX_FRAMES, "no recording has more frames");
        Self(frame.0 & !Self::DERIVED)
    }

    /// A derived buffer of the connection at hand.
    #[must_use]
    pub const fn derived(number: u32) -> Self {
        Self(number | Self::DERIVED)
    }

    /// What the id names.
    #[must_use]
    pub const fn kind(self) -> Buffer {
        if self.0 == u32::MAX {
            Buffer::None
        } else if self.0 & Self::DERIVED != 0 {
            Buffer::Derived(self.0 & !Self::DERIVED)
        } else {
            Buffer::Frame(FrameId(self.0))
        }
    }
}

impl fmt::Debug for BufferId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            Buffer::Frame(frame) => write!(f, "frame {}", frame.number()),
            Buffer::Derived(number) => write!(f, "derived {number}"),
            Buffer::None => f.write_str("computed"),
        }
    }
}

/// A run of bytes in one buffer. Lengths and starts are in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// Which buffer.
    pub buffer: BufferId,
    /// The first byte, counted from the buffer's start.
    pub start: u32,
    /// How many bytes.
    pub len: u32,
}

/// A run of bytes that takes part in a rope: the same thing as a span, named for its use.
pub type Piece = Span;

impl Span {
    /// The place of a computed value: nowhere.
    pub const NONE: Self = Self { buffer: BufferId::NONE, start: 0, len: 0 };

    /// A run of a frame's bytes.
    #[must_use]
    pub const fn frame(frame: FrameId, start: u32, len: u32) -> Self {
        Self { buffer: BufferId::frame(frame), start, len }
    }

    /// The byte after the last.
    #[must_use]
    pub const fn end(self) -> u32 {
        self.start.saturating_add(self.len)
    }

    /// The part that starts `skip` bytes in and is `len` long, clipped to this span.
    #[must_use]
    pub fn part(self, skip: usize, len: usize) -> Self {
        let skip = u32::try_from(skip).unwrap_or(u32::MAX).min(self.len);
        let len = u32::try_from(len).unwrap_or(u32::MAX).min(self.len - skip);
        Self { buffer: self.buffer, start: self.start + skip, len }
    }

    /// All from `skip` bytes in.
    #[must_use]
    pub fn from(self, skip: usize) -> Self {
        self.part(skip, usize::MAX)
    }

    /// Whether it points at bytes.
    #[must_use]
    pub fn is_some(self) -> bool {
        self.buffer != BufferId::NONE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_never_leave_their_span() {
        let span = Span::frame(FrameId(4), 10, 20);
        assert_eq!(span.part(5, 6), Span::frame(FrameId(4), 15, 6));
        assert_eq!(span.part(15, 60), Span::frame(FrameId(4), 25, 5));
        assert_eq!(span.part(50, 1), Span::frame(FrameId(4), 30, 0));
    }

    #[test]
    fn a_buffer_id_tells_frames_from_derived_buffers() {
        assert_eq!(BufferId::frame(FrameId(7)).kind(), Buffer::Frame(FrameId(7)));
        assert_eq!(BufferId::derived(7).kind(), Buffer::Derived(7));
        assert_eq!(BufferId::NONE.kind(), Buffer::None);
    }
}
