//! Values out of tables: bytes that were put there once and are named again and again, long after
//! the stretch in which they came was dropped (HPACK, QPACK).
//!
//! ```text
//!   frame 7   |…|0x40 "x-id" "a1"|        a session keeps the value: Value { bytes, places, origin }
//!   frame 900 |…|0xbe|                    and recalls it: a derived buffer that shares its bytes
//!                                         traced, it leads to frame 7
//! ```

use std::fmt;
use std::sync::Arc;

use crate::ids::FrameId;
use crate::limits::MAX_ORIGIN_PLACES;
use crate::span::{Piece, Span};

/// Where the bytes of a table's value were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The frame at which it was put there: it lies in the stretch that
    /// [`Conversations::at_frame`](super::conversation::Conversations::at_frame) gives for it.
    pub frame: FrameId,
    /// Where it lies in that stretch.
    pub span: Span,
}

/// A value of a table. Cloning it costs a pointer.
#[derive(Clone)]
pub struct Value(Arc<Kept>);

struct Kept {
    bytes: Box<[u8]>,
    places: Box<[Piece]>,
    origin: Origin,
}

impl Value {
    /// These bytes; `places` are the runs of frame bytes that they came from.
    pub(super) fn new(bytes: &[u8], mut places: Vec<Piece>, origin: Origin) -> Self {
        places.truncate(MAX_ORIGIN_PLACES);
        Self(Arc::new(Kept { bytes: bytes.into(), places: places.into(), origin }))
    }

    /// These bytes, from nowhere.
    #[cfg(test)]
    pub(crate) fn plain(bytes: &[u8]) -> Self {
        Self::new(bytes, Vec::new(), Origin { frame: FrameId::NONE, span: Span::NONE })
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0.bytes
    }

    /// The runs of frame bytes that they came from: frames outlive every stretch.
    #[must_use]
    pub fn places(&self) -> &[Piece] {
        &self.0.places
    }

    /// Where they were read.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.0.origin
    }

    /// Whether this is the other value itself, and no copy of it.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" of {:?}", self.bytes().escape_ascii(), self.origin())
    }
}
